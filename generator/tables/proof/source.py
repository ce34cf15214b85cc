"""The bytes of a resource, read once, and their count and checksums as frictionless gives them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from generator.tables.proof.cutting import ReadInto

_LINES = 8192


@contextmanager
def source(
    resource: Any, hashes: Collection[str], receive: Callable[[memoryview], None] | None = None
) -> Iterator[ReadInto]:
    """Reads the resource's (unpacked, joined) bytes. At the end ``resource.stats`` has bytes, md5 and sha256.

    ``receive`` is given the bytes of a source that is one plain file.
    """
    if resource.multipart or resource.compression:
        with _through_frictionless(resource) as read:
            yield read
        return
    digests = {name: hashlib.new(name) for name in hashes}
    stats = resource.stats
    stats.bytes, stats.md5, stats.sha256 = 0, None, None
    with Path(resource.normpath).open("rb", buffering=0) as file:

        def read(room: memoryview) -> int:
            got = file.readinto(room)
            for digest in digests.values():
                digest.update(room[:got])
            if receive:
                receive(room[:got])
            stats.bytes += got
            return got

        yield read
    for name, digest in digests.items():
        setattr(stats, name, digest.hexdigest())


@contextmanager
def _through_frictionless(resource: Any) -> Iterator[ReadInto]:
    """Its own loader joins parts and unpacks, and writes the stats. Of several parts it gives more than it is asked."""
    from frictionless import system

    with system.create_loader(resource) as loader:
        stream = loader.byte_stream
        left = memoryview(b"")

        def read(room: memoryview) -> int:
            nonlocal left
            left = left or memoryview(stream.read1(_LINES))
            got = min(len(left), len(room))
            room[:got] = left[:got]
            left = left[got:]
            return got

        yield read
