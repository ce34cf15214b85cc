"""The bytes of a resource, read once, and their count and checksums as frictionless gives them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from generator.tables.proof.text import Read

_LINES = 8192


@contextmanager
def source(resource: Any, hashes: Collection[str]) -> Iterator[Read]:
    """Reads the resource's (unpacked, joined) bytes. At the end ``resource.stats`` has bytes, md5 and sha256."""
    if resource.multipart or resource.compression:
        with _through_frictionless(resource) as read:
            yield read
        return
    digests = {name: hashlib.new(name) for name in hashes}
    stats = resource.stats
    stats.bytes, stats.md5, stats.sha256 = 0, None, None
    last = b""
    with Path(resource.normpath).open("rb", buffering=0) as file:

        def read(size: int) -> bytes:
            nonlocal last
            _update(digests, last)  # meanwhile other threads are at work on it
            last = file.read(size)
            stats.bytes += len(last)
            return last

        yield read
    _update(digests, last)
    for name, digest in digests.items():
        setattr(stats, name, digest.hexdigest())


def _update(digests: Mapping[str, Any], block: bytes) -> None:
    for digest in digests.values():
        digest.update(block)


@contextmanager
def _through_frictionless(resource: Any) -> Iterator[Read]:
    """Its own loader joins parts and unpacks, and writes the stats."""
    from frictionless import system

    with system.create_loader(resource) as loader:
        stream = loader.byte_stream

        def read(size: int) -> bytes:
            blocks: list[bytes] = []
            while size > 0 and (block := stream.read1(_LINES)):
                blocks.append(block)
                size -= len(block)
            return b"".join(blocks)

        yield read
