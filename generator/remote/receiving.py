"""Receive files within the operator's limits, and keep those that are what their authors say."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import zlib
from collections import defaultdict
from collections.abc import Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from generator.config import Remote
from generator.remote.fetching import Progress, Wanted
from generator.remote.refusal import Refused
from generator.remote.store import Store, digest
from generator.remote.transfer import receive

T = TypeVar("T")
_AT_ONCE = 4
_PIECE = 1 << 16
_GZIP = ("gzip", "x-gzip")


def receive_all(
    parts: Sequence[Wanted], store: Store, remote: Remote, progress: Progress
) -> Mapping[Wanted, Path | Refused]:
    return _run(_receive_all(parts, store, remote, progress))


def _run(work: Coroutine[Any, Any, T]) -> T:
    """In a thread of its own: where we are called, an event loop may be running already (a notebook, a web server)."""
    loop = asyncio.new_event_loop()
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(_run_in, loop, work)
        try:
            return done.result()
        finally:
            if not done.done():  # Ctrl-C, which this thread gets
                with suppress(RuntimeError):  # it has just ended
                    loop.call_soon_threadsafe(_cancel_all)


def _cancel_all() -> None:
    for task in asyncio.all_tasks():
        task.cancel()


def _run_in(loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, T]) -> T:
    """As ``asyncio.run``, which would also wait for lookups of names after nobody needs them any more."""
    try:
        return loop.run_until_complete(work)
    finally:
        if left := asyncio.all_tasks(loop):  # after Ctrl-C, or a fault of ours
            for task in left:
                task.cancel()
            loop.run_until_complete(asyncio.wait(left))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


async def _receive_all(
    parts: Sequence[Wanted], store: Store, remote: Remote, progress: Progress
) -> Mapping[Wanted, Path | Refused]:
    at_once = asyncio.Semaphore(_AT_ONCE)
    alone: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)  # by hash: nothing is received twice
    budget = _Budget(remote.max_build_size)
    came: dict[Wanted, Path | Refused] = {}

    async def one(part: Wanted) -> None:
        async with alone[part.sha256], at_once:
            try:
                came[part] = store.find(part.sha256) or await _receive(part, store, remote, budget)
            except Refused as refused:
                came[part] = refused
            progress(len(came), len(parts))

    progress(0, len(parts))
    await asyncio.gather(*map(one, parts))
    return came


async def _receive(part: Wanted, store: Store, remote: Remote, budget: _Budget) -> Path:
    with store.part() as path:
        with path.open("wb") as file:
            body = _Body(part, file, remote.max_file_size, budget)
            await _in_time(receive(part.address, remote, body), remote.max_seconds)
        if body.digest.hexdigest() == part.sha256:
            return store.keep(_of_size(part, path), part.sha256)
        if body.encoding not in _GZIP:
            _of_size(part, path)
            raise _differs(part, body.digest.hexdigest())
        return _keep_decoded(part, path, store, remote.max_file_size)


async def _in_time(work: Coroutine[Any, Any, None], seconds: float) -> None:
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            await work
    except TimeoutError as error:
        if not limit.expired():
            raise Refused("remote-failed", value="timeout") from error
        raise Refused("remote-slow", expected=f"{seconds:g}") from error


def _keep_decoded(part: Wanted, received: Path, store: Store, limit: int) -> Path:
    """What a server compressed although it was asked not to. The declared hash tells which of the two is meant."""
    with store.part() as path:
        _decode(received, path, part, limit)
        sha256 = digest(path)
        if sha256 != part.sha256:
            _of_size(part, path)
            raise _differs(part, sha256)
        return store.keep(_of_size(part, path), sha256)


def _decode(received: Path, path: Path, part: Wanted, limit: int) -> None:
    """Raises ``Refused`` when more comes out than may be."""
    size = 0
    try:
        with gzip.open(received) as source, path.open("wb") as target:
            while piece := source.read(_PIECE):
                size += len(piece)
                _check_size(size, part.bytes, limit)
                target.write(piece)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise Refused("remote-failed", value="Content-Encoding: gzip") from error


@dataclass(slots=True)
class _Body:
    """What was received of a file so far."""

    part: Wanted
    file: BinaryIO
    limit: int
    budget: _Budget
    size: int = 0
    encoding: str = ""
    digest: Any = field(default_factory=hashlib.sha256)

    def begin(self, length: int | None, encoding: str) -> None:
        self.encoding = "" if encoding == "identity" else encoding
        if length is not None:
            _check_size(length, self._declared(), self.limit)
            self.budget.check(length)

    def take(self, piece: bytes) -> None:
        self.size += len(piece)
        _check_size(self.size, self._declared(), self.limit)
        self.budget.take(len(piece))
        self.digest.update(piece)
        self.file.write(piece)

    def _declared(self) -> int | None:
        """The declared bytes may be those of the file before it was compressed on the way."""
        return None if self.encoding else self.part.bytes


@dataclass(slots=True)
class _Budget:
    """What a whole build may still receive."""

    limit: int
    used: int = 0

    def take(self, count: int) -> None:
        self.check(count)
        self.used += count

    def check(self, count: int) -> None:
        if self.used + count > self.limit:
            raise Refused("remote-budget", expected=str(self.limit))


def _check_size(size: int, declared: int | None, limit: int) -> None:
    """Stop at the first byte too many."""
    if declared is not None and size > declared:
        raise Refused("remote-size", value=f"> {declared}", expected=str(declared))
    if size > limit:
        raise Refused("remote-too-large", value=f"> {limit}", expected=str(limit))


def _of_size(part: Wanted, path: Path) -> Path:
    size = path.stat().st_size
    if part.bytes is not None and part.bytes != size:
        raise Refused("remote-size", value=str(size), expected=str(part.bytes))
    return path


def _differs(part: Wanted, sha256: str) -> Refused:
    return Refused("remote-hash", value=f"sha256:{sha256}", expected=f"sha256:{part.sha256}")
