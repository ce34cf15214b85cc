"""The bytes of a delimited text in pieces of whole records, in UTF-8."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from generator.tables.proof.dialect import Dialect
from generator.tables.proof.outcome import NotProved

CHUNK = 8 << 20
"""Large enough that what is done once for each piece does not count, small enough for the processor's cache."""
FIRST_CHUNK = 64 << 10
"""Pieces grow from here, so that a table whose first rows are wrong is soon done with."""
LONGEST_RECORD = 64 << 20

ReadInto = Callable[[memoryview], int]
"""Fills some or all of the room; 0 at the end."""
Positions = npt.NDArray[np.intp]

MARK = b"\xef\xbb\xbf"
_UTF_8 = ("utf-8", "utf-8-sig")
_LF = b"\n"[0]
NOWHERE: Positions = np.empty(0, np.intp)
# Stateless encodings in which a newline byte is never a part of another character: decoded a few lines at a time.
_BY_LINES = re.compile(r"ascii|iso8859-\d+|cp125\d|cp437|cp850|koi8-r|gbk|gb2312|gb18030|big5|cp950|cp936")


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole records in UTF-8, each ended by a newline, if the text is within the grammar."""

    block: bytearray
    """Begins with them; what follows after ``end`` is no concern of this piece."""
    start: int
    """Records before the content end here."""
    end: int
    quotes: Positions
    """Before ``end``."""
    complete: bool = True
    """Its last line ends by itself."""
    free: deque[bytearray] | None = None
    """Where the block goes when its text has been parsed, to be filled again: fresh memory takes longer to get."""

    @property
    def data(self) -> memoryview:
        return memoryview(self.block)[: self.end]

    def holds(self, mark: bytes) -> bool:
        return self.block.find(mark, 0, self.end) >= 0

    def release(self) -> None:
        if self.free is not None:
            self.free.append(self.block)


def records(read: ReadInto, encoding: str, dialect: Dialect, *, skip: int, size: int = CHUNK) -> Iterator[Piece]:
    """The text in pieces, of which the first ``skip`` records are no content."""
    read = _utf_8(read, encoding, size)
    free: deque[bytearray] = deque()
    block, filled, quotes = bytearray(), 0, NOWHERE
    marked = encoding == "utf-8-sig"
    now = min(size, FIRST_CHUNK)
    while True:
        rest = memoryview(block)[:filled]
        block = _block(free, filled + now + 1)
        block[:filled] = rest
        got = _fill(read, memoryview(block)[filled : filled + now])
        if not got:
            break
        quotes = np.concatenate(
            (quotes, positions(dialect.quote_byte, memoryview(block)[filled : filled + got]) + filled)
        )
        filled += got
        now = min(size, now * 4)
        if marked and filled >= len(MARK):
            marked = False
            if block.startswith(MARK):
                del block[: len(MARK)]
                filled, quotes = filled - len(MARK), quotes - len(MARK)
        if filled < len(MARK):
            continue
        end = _end_of_records(block, filled, quotes)
        if end:
            before = int(np.searchsorted(quotes, end))
            start, skip = _start(block, end, quotes[:before], skip)
            yield Piece(block, start, end, quotes[:before], free=free)
            block, filled, quotes = block[end:filled], filled - end, quotes[before:] - end
        elif filled > LONGEST_RECORD:
            raise NotProved("long-record")
    if filled:
        complete = block[filled - 1] == _LF
        block[filled] = _LF
        end = filled + (not complete)
        yield Piece(block, _start(block, end, quotes, skip)[0], end, quotes, complete)


def _block(free: deque[bytearray], size: int) -> bytearray:
    """One that has been used, if it is large enough."""
    try:
        block = free.popleft()
    except IndexError:
        return bytearray(size)
    return block if len(block) >= size else bytearray(size)


def _fill(read: ReadInto, room: memoryview) -> int:
    """As much as there is: only at the end of the text is some room left."""
    got = 0
    while got < len(room) and (more := read(room[got:])):
        got += more
    return got


def _utf_8(read: ReadInto, encoding: str, size: int) -> ReadInto:
    if encoding in _UTF_8:
        return read
    if not _BY_LINES.fullmatch(encoding):
        raise NotProved("encoding")
    return _Decoded(read, encoding, size).readinto


class _Decoded:
    """Text in another encoding as UTF-8."""

    def __init__(self, read: ReadInto, encoding: str, size: int) -> None:
        self._read, self._encoding = read, encoding
        self._room = bytearray(min(size, FIRST_CHUNK * 16))
        self._rest = b""
        self._ready = memoryview(b"")
        self._ended = False

    def readinto(self, room: memoryview) -> int:
        while not self._ready and not self._ended:
            self._ready = memoryview(self._decode())
        count = min(len(room), len(self._ready))
        room[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def _decode(self) -> bytes:
        """The next lines."""
        got = _fill(self._read, memoryview(self._room))
        self._ended = got < len(self._room)
        data = self._rest + self._room[:got]
        end = len(data) if self._ended else data.rfind(b"\n") + 1
        self._rest = data[end:]
        if len(self._rest) > LONGEST_RECORD:
            raise NotProved("long-record")
        try:
            return data[:end].decode(self._encoding).encode()
        except UnicodeError as error:
            raise NotProved("encoding") from error


def positions(byte: int, data: memoryview) -> Positions:
    found: Positions = np.flatnonzero(np.frombuffer(data, np.uint8) == byte)
    return found


def _end_of_records(data: bytearray, filled: int, quotes: Positions) -> int:
    """After the last newline that is outside of quotes. ``data`` begins with a record."""
    end = data.rfind(b"\n", 0, filled) + 1
    while end and np.searchsorted(quotes, end) % 2:
        end = data.rfind(b"\n", 0, end - 1) + 1
    return end


def _start(data: bytearray, stop: int, quotes: Positions, skip: int) -> tuple[int, int]:
    """Where the record number ``skip`` (from 0) begins, and how many of them are in later pieces."""
    position = end = 0
    while skip:
        end = data.find(b"\n", end, stop) + 1
        if not end:
            return stop, skip
        if np.searchsorted(quotes, end) % 2 == 0:
            position, skip = end, skip - 1
    return position, 0
