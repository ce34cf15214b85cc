"""Room for keys: memory up to a bound, then a temporary file that vanishes by itself."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Final

import numpy as np
import numpy.typing as npt

from generator.errors import SpaceError

MOST_KEPT: Final = 128 << 20
"""Bytes of memory for all keys of a table together, about."""

Numbers = npt.NDArray[np.uint64]
Mask = npt.NDArray[np.bool_]

_NARROW = (np.dtype(np.uint8), np.dtype(np.uint16), np.dtype(np.uint32))


class Space:
    """The memory and the file of all keys of one table. Use it in a ``with``: at its end the file is gone.

    It has no name, so that nothing is left of it even where the process is killed.
    """

    def __init__(self, most: int | None = None, folder: Path | None = None) -> None:
        self.most = MOST_KEPT if most is None else most
        self._folder = folder
        self._file: File | None = None
        self._held = 0
        self._stores: list[Store] = []

    def __enter__(self) -> Space:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stores.clear()
        if self._file:
            self._file.file.close()

    @property
    def run(self) -> int:
        """How many numbers are sorted at once."""
        return max(2, self.most >> 7)

    def store(self) -> Store:
        store = Store(self)
        self._stores.append(store)
        return store

    @property
    def file(self) -> File:
        """One for everything: what is in it stays to the end."""
        if self._file is None:
            try:
                self._file = File(tempfile.TemporaryFile(buffering=0, dir=self._folder))  # noqa: SIM115  closed by __exit__
            except OSError as error:
                raise _no_space(error, self._folder) from error
        return self._file

    def hold(self, size: int) -> None:
        """Count bytes; when there are too many, all of the stores write what they hold."""
        self._held += size
        if self._held > self.most // 2:
            self._held = 0
            for store in self._stores:
                store.spill()


@dataclass(slots=True)
class File:
    """Bytes are added at the end and read from anywhere."""

    file: IO[bytes]
    size: int = 0

    def add(self, data: memoryview) -> int:
        """Where the bytes begin."""
        at, left = self.size, data.cast("B")
        try:
            self.file.seek(at)
            while left:
                left = left[self.file.write(left) :]
        except OSError as error:
            raise _no_space(error, None) from error
        self.size = at + data.nbytes
        return at

    def read(self, at: int, count: int, kind: np.dtype[np.unsignedinteger]) -> npt.NDArray[np.unsignedinteger]:
        found = np.empty(count, kind)
        left = found.data.cast("B") if count else memoryview(b"")
        self.file.seek(at)
        while left:
            read = self.file.readinto(left)  # type: ignore[attr-defined]  # files without a buffer have it
            if not read:
                raise EOFError("a temporary file of keys has become shorter")
            left = left[read:]
        return found


def _no_space(error: OSError, folder: Path | None) -> SpaceError:
    place, why = folder or tempfile.gettempdir(), error.strerror or error
    return SpaceError(
        f"临时目录 {place} 无法写入键的中间数据（{why}）：请清理磁盘，或用环境变量 TMPDIR 指定空间更大的目录",
        f"keys cannot be written to the temporary folder {place} ({why}): make room, or name a larger folder in TMPDIR",
    )


@dataclass(slots=True)
class _Block:
    """Some numbers, one after the other: plain, or as the first and the steps from each to the next."""

    count: int
    first: int
    step: int | None
    """The same from each to the next: no more is kept."""
    kind: np.dtype[np.unsignedinteger]
    """Of what is kept: narrower than the numbers, where it is steps."""
    kept: npt.NDArray[np.unsignedinteger] | None
    at: int = 0
    """In the file, when it is kept there."""

    @classmethod
    def of(cls, numbers: Numbers, *, ascending: bool) -> _Block:
        count, first = len(numbers), int(numbers[0]) if len(numbers) else 0
        if ascending and count:
            steps = np.diff(numbers)
            least, most = (int(steps.min()), int(steps.max())) if count > 1 else (0, 0)
            if least == most:
                return cls(count, first, least, numbers.dtype, None)
            for kind in _NARROW:
                if most <= np.iinfo(kind).max:
                    return cls(count, first, None, kind, steps.astype(kind))
        return cls(count, first, None, numbers.dtype, numbers)

    @property
    def narrow(self) -> bool:
        return self.kind.itemsize < 8

    def numbers(self, kept: npt.NDArray[np.unsignedinteger]) -> Numbers:
        if not self.narrow:
            return kept.astype(np.uint64, copy=False)
        steps = np.empty(self.count, np.uint64)
        steps[0], steps[1:] = self.first, kept
        return np.cumsum(steps, dtype=np.uint64)


@dataclass(slots=True)
class Store:
    """Blocks of 64-bit numbers in the order in which they were added, in memory or in a file."""

    space: Space
    count: int = 0
    _blocks: list[_Block] = field(default_factory=list)
    _held: int = 0
    """How many blocks are in the file already, or have nothing to be put there."""

    def add(self, numbers: Numbers, *, ascending: bool = False) -> None:
        """``ascending``: small steps can be expected, and are kept in fewer bytes. It need not be true."""
        block = _Block.of(numbers, ascending=ascending)
        self._blocks.append(block)
        self.count += block.count
        if block.kept is not None:
            self.space.hold(block.kept.nbytes)

    def __len__(self) -> int:
        """Of blocks."""
        return len(self._blocks)

    def size(self, index: int) -> int:
        return self._blocks[index].count

    def block(self, index: int) -> Numbers:
        block = self._blocks[index]
        if block.step is not None:
            return np.uint64(block.first) + np.arange(block.count, dtype=np.uint64) * np.uint64(block.step)
        if block.kept is not None:
            return block.numbers(block.kept)
        return block.numbers(self.space.file.read(block.at, block.count - block.narrow, block.kind))

    def part(self, index: int, start: int, end: int) -> Numbers:
        """Some numbers of a block, without reading the others where that is possible."""
        block = self._blocks[index]
        if block.kept is not None or block.step is not None or block.narrow:
            return self.block(index)[start:end]
        return self.space.file.read(block.at + 8 * start, end - start, block.kind).astype(np.uint64, copy=False)

    def __iter__(self) -> Iterator[Numbers]:
        return map(self.block, range(len(self)))

    def spill(self) -> None:
        """Put what is in memory into the file."""
        for block in self._blocks[self._held :]:
            if block.kept is not None and len(block.kept):
                block.at = self.space.file.add(np.ascontiguousarray(block.kept).data)
                block.kept = None
        self._held = len(self._blocks)


def joined(blocks: Sequence[Numbers]) -> Numbers:
    return np.concatenate(blocks) if blocks else np.empty(0, np.uint64)
