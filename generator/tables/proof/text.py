"""Pieces of a delimited text as tables of strings, where every reader is bound to see the same cells.

Python's ``csv`` is what frictionless reads with. Within the grammar of RFC 4180 it and Arrow's reader agree; a text
outside of the grammar (a quote inside an unquoted cell, a lone carriage return, NUL) is refused.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from generator.tables.proof.cutting import MARK, NOWHERE, Piece, Positions, positions
from generator.tables.proof.dialect import Dialect
from generator.tables.proof.outcome import NotProved
from generator.tables.proof.text_bytes import lengths_of

_LF, _CR, _SPACE = b"\n\r "


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
    returns = piece.holds(b"\r")
    _check(piece, dialect, returns=returns)
    if piece.start == piece.end:
        return Texts(
            [pa.array([], pa.string()) for _ in range(width)], {}, _is_canonical(piece, dialect, returns=returns)
        )
    odd: dict[int, list[str]] = {}
    content = pa.py_buffer(piece.block).slice(piece.start, piece.end - piece.start)
    try:
        table = _read(content, width, dialect)
    except pa.ArrowInvalid as error:  # a row has too few or too many cells
        if not _is_utf_8(piece.data):
            raise NotProved("encoding") from error
        table = _read(content, width, dialect, odd)
    columns = [_one(column) for column in table.columns]
    for column in columns:
        _check_utf_8(column)
    if odd:
        columns = [_with_odd(column, number, odd) for number, column in enumerate(columns)]
    texts = _with_empty_lines(Texts(columns, odd, _is_canonical(piece, dialect, returns=returns)), piece)
    piece.release()
    return texts


def _read(content: pa.Buffer, width: int, dialect: Dialect, odd: dict[int, list[str]] | None = None) -> pa.Table:
    """``odd`` gets the rows of another width, which are left out; without it they are an error."""

    def set_aside(row: Any) -> str:
        assert odd is not None
        odd[row.number - 1] = _cells(row.text, dialect)
        return "skip"

    names = [str(number) for number in range(width)]
    return pa_csv.read_csv(
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
            invalid_row_handler=None if odd is None else set_aside,
        ),
        pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=False
        ),
    )


def _is_canonical(piece: Piece, dialect: Dialect, *, returns: bool) -> bool:
    """Of a piece that is within the grammar."""
    if (dialect.delimiter, dialect.quote, dialect.translates_newlines) != (",", '"', False) or not piece.complete:
        return False
    places = np.flatnonzero(np.frombuffer(piece.data, np.uint8) == _CR) if returns else NOWHERE
    return not len(_outside(places, piece.quotes))


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
    if texts.count and lengths_of(texts.columns[0]).min() > 0:
        return texts
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
    return Piece(bytearray(data), len(head), len(data), positions(dialect.quote_byte, memoryview(data)), piece.complete)


def _check(piece: Piece, dialect: Dialect, *, returns: bool) -> None:
    if piece.start and not _is_utf_8(piece.data[: piece.start]):
        raise NotProved("encoding")
    if dialect.escape and piece.holds(dialect.escape.encode()):
        raise NotProved("escape")
    if piece.block.startswith(MARK) or piece.block.startswith(MARK, piece.start):
        raise NotProved("mark")  # Arrow would leave it out
    if piece.holds(b"\x00") or not _is_quoted_well(piece, dialect, returns=returns):
        raise NotProved("quotes")


def _is_utf_8(data: memoryview) -> bool:
    """Arrow's test is five times as fast as decoding."""
    offsets = pa.py_buffer(np.array([0, len(data)], np.int64))
    whole = pa.Array.from_buffers(pa.large_binary(), 1, [None, offsets, pa.py_buffer(data)])
    try:
        whole.cast(pa.large_string())
    except pa.ArrowInvalid:
        return False
    return True


_ASCII = 0x80
_CONTINUES, _CONTINUED = 0x80, 0xC0


def _check_utf_8(column: pa.StringArray) -> None:
    """All bytes of a column together, and whether a cell begins within a character of the one before."""
    _, places, data = column.buffers()
    if data is None or not len(column):
        return
    offsets = np.frombuffer(places, np.int32)[column.offset : column.offset + len(column) + 1]
    bytes_ = np.frombuffer(data, np.uint8)[offsets[0] : offsets[-1]]
    if not len(bytes_) or bytes_.max() < _ASCII:
        return
    starts = offsets[:-1][offsets[:-1] < offsets[-1]]
    first = bytes_[starts - offsets[0]]
    if ((first >= _CONTINUES) & (first < _CONTINUED)).any() or not _is_utf_8(bytes_.data):
        raise NotProved("encoding")


def _is_quoted_well(piece: Piece, dialect: Dialect, *, returns: bool) -> bool:
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
    if returns:
        places = _outside(np.flatnonzero(data == _CR), quotes)
        if not (data[places + 1] == _LF).all():
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
