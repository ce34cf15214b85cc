"""The bytes of a delimited text as tables of strings, where every reader is bound to see the same cells.

Python's ``csv`` is what frictionless reads with. Within the grammar of RFC 4180 it and Arrow's reader agree; a text
outside of the grammar (a quote inside an unquoted cell, a lone carriage return, NUL) is refused.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from generator.tables.proof.outcome import NotProved

CHUNK = 4 << 20
FIRST_CHUNK = 64 << 10
"""Pieces grow from here, so that a table whose first rows are wrong is soon done with."""
LONGEST_RECORD = 64 << 20

ReadInto = Callable[[memoryview], int]
"""Fills some or all of the room; 0 at the end."""
Positions = npt.NDArray[np.intp]

_MARK = b"\xef\xbb\xbf"
_UTF_8 = ("utf-8", "utf-8-sig")
_LF, _CR, _SPACE = b"\n\r "
_NOWHERE: Positions = np.empty(0, np.intp)
# Stateless encodings in which a newline byte is never a part of another character: decoded a few lines at a time.
_BY_LINES = re.compile(r"ascii|iso8859-\d+|cp125\d|cp437|cp850|koi8-r|gbk|gb2312|gb18030|big5|cp950|cp936")


@dataclass(frozen=True)
class Dialect:
    delimiter: str
    quote: str
    escape: str
    skips_spaces: bool
    """Spaces after a delimiter are no part of the cell."""
    translates_newlines: bool
    """The reader sees every line end as LF, also within cells."""

    @classmethod
    def of(cls, resource: Any) -> Dialect:
        """What frictionless gives to ``csv.reader`` for an opened resource."""
        from frictionless.formats import CsvControl

        dialect = resource.dialect
        python = CsvControl.from_dialect(dialect).to_python()
        marks = [python.delimiter, python.quotechar]
        plain = all(isinstance(m, str) and len(m) == 1 and ("!" <= m <= "~" or m in "\t ") for m in marks)
        filtered = dialect.comment_char or dialect.comment_rows or dialect.skip_blank_rows
        escape = python.escapechar or ""
        if filtered or not plain or len(set(marks)) < 2 or not python.doublequote or not escape.isascii():
            raise NotProved("dialect")
        if python.quotechar in " \t" or (python.skipinitialspace and python.delimiter == " "):
            raise NotProved("dialect")
        return cls(python.delimiter, python.quotechar, escape, bool(python.skipinitialspace), resource.format != "csv")

    @cached_property
    def quote_byte(self) -> int:
        return ord(self.quote)

    @cached_property
    def before_cells(self) -> npt.NDArray[np.bool_]:
        """By byte: what may stand before an opening quote. The quote itself: two of them are one within a cell."""
        return _among(self.delimiter, "\n", self.quote)

    @cached_property
    def after_cells(self) -> npt.NDArray[np.bool_]:
        """By byte: what may stand after a closing quote."""
        return _among(self.delimiter, "\n", "\r", self.quote)


def _among(*characters: str) -> npt.NDArray[np.bool_]:
    table = np.zeros(256, np.bool_)
    table[[ord(character) for character in characters]] = True
    return table


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
    block, filled, quotes = bytearray(), 0, _NOWHERE
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
            (quotes, _positions(dialect.quote_byte, memoryview(block)[filled : filled + got]) + filled)
        )
        filled += got
        now = min(size, now * 4)
        if marked and filled >= len(_MARK):
            marked = False
            if block.startswith(_MARK):
                del block[: len(_MARK)]
                filled, quotes = filled - len(_MARK), quotes - len(_MARK)
        if filled < len(_MARK):
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


def _positions(byte: int, data: memoryview) -> Positions:
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


@dataclass(frozen=True, slots=True)
class Texts:
    """Some rows of a table."""

    columns: list[pa.StringArray]
    """Null where a row has no such cell."""
    odd: dict[int, list[str]]
    """By position: the cells of the rows that have too few or too many."""
    canonical: bool = False
    """The text is one that is published as it is, as far as delimiters, quotes and line ends go."""

    @property
    def count(self) -> int:
        return len(self.columns[0])


def parse(piece: Piece, width: int, dialect: Dialect) -> Texts:
    """The piece's content, in so many columns."""
    if dialect.translates_newlines and piece.holds(b"\r"):
        piece = _with_plain_newlines(piece, dialect)
    _check(piece, dialect)
    if piece.start == piece.end:
        return Texts([pa.array([], pa.string()) for _ in range(width)], {}, _is_canonical(piece, dialect))
    odd: dict[int, list[str]] = {}

    def set_aside(row: Any) -> str:
        odd[row.number - 1] = _cells(row.text, dialect)
        return "skip"

    names = [str(number) for number in range(width)]
    content = pa.py_buffer(piece.block).slice(piece.start, piece.end - piece.start)
    table = pa_csv.read_csv(
        pa.BufferReader(content),
        # Without threads the invalid rows have numbers.
        pa_csv.ReadOptions(use_threads=False, column_names=names, block_size=content.size + 1),
        pa_csv.ParseOptions(
            delimiter=dialect.delimiter,
            quote_char=dialect.quote,
            double_quote=True,
            escape_char=False,
            newlines_in_values=False,  # how to cut: there is one block
            ignore_empty_lines=False,
            invalid_row_handler=set_aside,
        ),
        pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=False
        ),
    )
    columns = [_one(column) for column in table.columns]
    if odd:
        columns = [_with_odd(column, number, odd) for number, column in enumerate(columns)]
    texts = _with_empty_lines(Texts(columns, odd, _is_canonical(piece, dialect)), piece)
    piece.release()
    return texts


def _is_canonical(piece: Piece, dialect: Dialect) -> bool:
    """Of a piece that is within the grammar."""
    if (dialect.delimiter, dialect.quote, dialect.translates_newlines) != (",", '"', False) or not piece.complete:
        return False
    returns = np.flatnonzero(np.frombuffer(piece.data, np.uint8) == _CR) if piece.holds(b"\r") else _NOWHERE
    return not len(_outside(returns, piece.quotes))


def _cells(record: str, dialect: Dialect) -> list[str]:
    """As frictionless reads one record."""
    reader = csv.reader(
        [record], delimiter=dialect.delimiter, quotechar=dialect.quote, skipinitialspace=dialect.skips_spaces
    )
    return next(reader, [])


def _with_odd(column: pa.StringArray, number: int, odd: dict[int, list[str]]) -> pa.StringArray:
    """The rows that Arrow left out are put back in their places."""
    cells = [row[number] if number < len(row) else None for row in odd.values()]
    order = np.full(len(column) + len(cells), -1)
    order[list(odd)] = np.arange(len(column), len(order))
    order[order < 0] = np.arange(len(column))
    return pa.concat_arrays([column, pa.array(cells, pa.string())]).take(pa.array(order))


def _with_empty_lines(texts: Texts, piece: Piece) -> Texts:
    """An empty line is a row of empty cells for Arrow; for frictionless it has no cells at all."""
    empty = None
    for column in texts.columns:
        without = pc.equal(pc.binary_length(column), 0)
        empty = without if empty is None else pc.and_(empty, without)
        if not pc.any(empty).as_py():
            return texts
    lines = _records_at(np.flatnonzero(pc.fill_null(empty, False)), piece)
    odd: dict[int, list[str]] = {position: [] for position, line in lines.items() if line in (b"", b"\r")}
    if not odd:
        return texts
    kept = np.ones(texts.count, bool)
    kept[list(odd)] = False
    nothing = pa.scalar(None, pa.string())
    columns = [pc.if_else(pa.array(kept), column, nothing) for column in texts.columns]
    return Texts(columns, texts.odd | odd, texts.canonical)


def _records_at(positions: Positions, piece: Piece) -> dict[int, bytes]:
    """The bytes of these records of the content, without LF."""
    data = np.frombuffer(piece.data, np.uint8)
    ends = _outside(np.flatnonzero(data[piece.start :] == _LF) + piece.start, piece.quotes)
    starts = np.concatenate(([piece.start], ends + 1))
    return {int(at): bytes(piece.block[starts[at] : ends[at]]) for at in positions}


def _with_plain_newlines(piece: Piece, dialect: Dialect) -> Piece:
    data = bytes(piece.data)
    head, content = (part.replace(b"\r\n", b"\n") for part in (data[: piece.start], data[piece.start :]))
    data = head + content
    if b"\r" in data:
        raise NotProved("quotes")
    return Piece(
        bytearray(data), len(head), len(data), _positions(dialect.quote_byte, memoryview(data)), piece.complete
    )


def _check(piece: Piece, dialect: Dialect) -> None:
    if not piece.block.isascii() and not _is_utf_8(piece):
        raise NotProved("encoding")
    if dialect.escape and piece.holds(dialect.escape.encode()):
        raise NotProved("escape")
    if piece.block.startswith(_MARK) or piece.block.startswith(_MARK, piece.start):
        raise NotProved("mark")  # Arrow would leave it out
    if piece.holds(b"\x00") or not _is_quoted_well(piece, dialect):
        raise NotProved("quotes")


def _is_utf_8(piece: Piece) -> bool:
    """Arrow's test is five times as fast as decoding."""
    offsets = pa.py_buffer(np.array([0, piece.end], np.int64))
    whole = pa.Array.from_buffers(pa.large_binary(), 1, [None, offsets, pa.py_buffer(piece.block)])
    try:
        whole.cast(pa.large_string())
    except pa.ArrowInvalid:
        return False
    return True


def _is_quoted_well(piece: Piece, dialect: Dialect) -> bool:
    """Whether the text is in the grammar of RFC 4180, with LF or CRLF at the end of records.

    From its beginning every second quote opens a cell or goes on within one, the others close it.
    """
    quotes, data = piece.quotes, np.frombuffer(piece.data, np.uint8)
    if len(quotes) % 2:
        return False
    opening, closing = quotes[0::2], quotes[1::2]
    if len(opening) and opening[0] == 0:
        opening = opening[1:]
    if not dialect.before_cells[data[opening - 1]].all() or not dialect.after_cells[data[closing + 1]].all():
        return False
    if piece.holds(b"\r"):
        returns = _outside(np.flatnonzero(data == _CR), quotes)
        if not (data[returns + 1] == _LF).all():
            return False
    return not dialect.skips_spaces or not _begins_with_space(piece, data, dialect)


def _outside(positions: Positions, quotes: Positions) -> Positions:
    outside: Positions = positions[np.searchsorted(quotes, positions) % 2 == 0]
    return outside


def _begins_with_space(piece: Piece, data: npt.NDArray[np.uint8], dialect: Dialect) -> bool:
    """Whether one of the unquoted cells does: Arrow does not leave it out."""
    spaces = np.flatnonzero(data == _SPACE)
    before = data[spaces - 1]  # of the first byte it is the last one, a newline
    starts = spaces[(before == ord(dialect.delimiter)) | (before == _LF)]
    return bool(len(_outside(starts, piece.quotes)))


def _one(column: pa.ChunkedArray) -> pa.StringArray:
    """There is one block, and so one chunk."""
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
