"""The bytes of a delimited text as tables of strings, where every reader is bound to see the same cells.

Python's ``csv`` is what frictionless reads with. Within the grammar of RFC 4180 it and Arrow's reader agree; a text
outside of the grammar (a quote inside an unquoted cell, a lone carriage return, NUL) is refused.
"""

from __future__ import annotations

import csv
import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from generator.tables.proof.outcome import NotProved

CHUNK = 4 << 20
LONGEST_RECORD = 64 << 20

Read = Callable[[int], bytes]

_MARK = b"\xef\xbb\xbf"
_UTF_8 = ("utf-8", "utf-8-sig")
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
    def grammar(self) -> str:
        """Whole records. For RE2, over bytes."""
        d, q = f"\\x{ord(self.delimiter):02x}", f"\\x{ord(self.quote):02x}"
        plain = f"[^{q}{d}\\r\\n\\x00]*"
        if self.skips_spaces:
            plain = f"(?:[^{q}{d}\\r\\n\\x00 ]{plain})?"
        return f"^(?:(?:{plain}|{q}(?:[^{q}\\x00]|{q}{q})*{q})(?:{d}|\\r?\\n))*$"


def records(read: Read, encoding: str, dialect: Dialect, *, skip: int, size: int = CHUNK) -> Iterator[bytes]:
    """UTF-8 in pieces of whole records, each ended by a newline, without the first ``skip`` records."""
    quote = dialect.quote.encode()
    rest, first = b"", True
    for block in _utf_8(read, encoding, size):
        rest += block
        if first and len(rest) < len(_MARK):
            continue
        if first and encoding == "utf-8-sig":
            rest = rest.removeprefix(_MARK)
        first = False
        end = _end_of_records(rest, quote)
        if end:
            piece, rest = rest[:end], rest[end:]
            start, skip = _after_records(piece, skip, quote)
            yield from _checked(piece, start, dialect)
        elif len(rest) > LONGEST_RECORD:
            raise NotProved("long-record")
    if first and encoding == "utf-8-sig":
        rest = rest.removeprefix(_MARK)
    if rest:
        if not rest.endswith(b"\n"):  # shorter than a mark, it was not looked at before
            rest += b"\n"
        yield from _checked(rest, _after_records(rest, skip, quote)[0], dialect)


def _utf_8(read: Read, encoding: str, size: int) -> Iterator[bytes]:
    if encoding in _UTF_8:
        while block := read(size):
            yield block
        return
    if not _BY_LINES.fullmatch(encoding):
        raise NotProved("encoding")
    rest = b""
    try:
        while block := read(size):
            rest += block
            end = rest.rfind(b"\n") + 1
            yield rest[:end].decode(encoding).encode()
            rest = rest[end:]
            if len(rest) > LONGEST_RECORD:
                raise NotProved("long-record")
        yield rest.decode(encoding).encode()
    except UnicodeError as error:
        raise NotProved("encoding") from error


def _end_of_records(data: bytes, quote: bytes) -> int:
    """After the last newline that is outside of quotes. ``data`` begins with a record."""
    end = data.rfind(b"\n") + 1
    inside = data.count(quote, 0, end) % 2
    while end and inside:
        before = data.rfind(b"\n", 0, end - 1) + 1
        inside ^= data.count(quote, before, end) % 2
        end = before
    return end


def _after_records(data: bytes, count: int, quote: bytes) -> tuple[int, int]:
    """Where the record number ``count`` (from 0) begins, and how many of them are in later pieces."""
    position = end = 0
    while count:
        end = data.find(b"\n", end) + 1
        if not end:
            break
        if data.count(quote, position, end) % 2 == 0:
            position, count = end, count - 1
    return (position, 0) if not count else (len(data), count)


def _checked(piece: bytes, start: int, dialect: Dialect) -> Iterator[bytes]:
    if dialect.translates_newlines and b"\r" in piece:
        head = piece[:start].replace(b"\r\n", b"\n")
        piece = head + piece[start:].replace(b"\r\n", b"\n")
        start = len(head)
        if b"\r" in piece:
            raise NotProved("quotes")
    if dialect.escape and dialect.escape.encode() in piece:
        raise NotProved("escape")
    if piece.startswith(_MARK) or piece.startswith(_MARK, start):
        raise NotProved("mark")  # Arrow would leave it out
    if start:
        try:
            piece[:start].decode()
        except UnicodeDecodeError as error:
            raise NotProved("encoding") from error
    if not _in_grammar(piece, dialect):
        raise NotProved("quotes")
    if start < len(piece):
        yield piece[start:]


def _in_grammar(piece: bytes, dialect: Dialect) -> bool:
    suspicious = (dialect.quote.encode(), b"\r", b"\x00")
    if not dialect.skips_spaces and not any(mark in piece for mark in suspicious):
        return True  # nothing but cells, delimiters and newlines
    offsets = struct.pack("=qq", 0, len(piece))
    whole = pa.Array.from_buffers(pa.large_binary(), 1, [None, pa.py_buffer(offsets), pa.py_buffer(piece)])
    return bool(pc.match_substring_regex(whole, dialect.grammar)[0].as_py())


@dataclass(frozen=True, slots=True)
class Texts:
    columns: list[pa.StringArray]
    """Null where a row has no such cell."""
    odd: dict[int, list[str]]
    """By position: the cells of the rows that have too few or too many."""


def parse(piece: bytes, names: list[str], dialect: Dialect) -> Texts:
    """The columns of one piece as text."""
    odd: dict[int, list[str]] = {}

    def set_aside(row: Any) -> str:
        odd[row.number - 1] = _cells(row.text, dialect)
        return "skip"

    try:
        table = pa_csv.read_csv(
            pa.BufferReader(piece),
            # Without threads the invalid rows have numbers.
            pa_csv.ReadOptions(use_threads=False, column_names=names, block_size=len(piece) + 1),
            pa_csv.ParseOptions(
                delimiter=dialect.delimiter,
                quote_char=dialect.quote,
                double_quote=True,
                escape_char=False,
                newlines_in_values=dialect.quote.encode() in piece,
                ignore_empty_lines=False,
                invalid_row_handler=set_aside,
            ),
            pa_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=True
            ),
        )
    except pa.ArrowInvalid as error:
        raise NotProved("encoding") from error
    columns = [_one(column) for column in table.columns]
    if odd:
        columns = [_with_odd(column, number, odd) for number, column in enumerate(columns)]
    return _with_empty_lines(Texts(columns, odd), piece, dialect)


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


def _with_empty_lines(texts: Texts, piece: bytes, dialect: Dialect) -> Texts:
    """An empty line is a row of empty cells for Arrow; for frictionless it has no cells at all."""
    empty = None
    for column in texts.columns:
        without = pc.equal(pc.binary_length(column), 0)
        empty = without if empty is None else pc.and_(empty, without)
        if not pc.any(empty).as_py():
            return texts
    lines = records_of(piece, np.flatnonzero(pc.fill_null(empty, False)), dialect)
    odd: dict[int, list[str]] = {position: [] for position, line in lines.items() if line in (b"", b"\r")}
    if not odd:
        return texts
    kept = np.ones(len(texts.columns[0]), bool)
    kept[list(odd)] = False
    nothing = pa.scalar(None, pa.string())
    return Texts([pc.if_else(pa.array(kept), column, nothing) for column in texts.columns], texts.odd | odd)


def records_of(piece: bytes, positions: Any, dialect: Dialect) -> dict[int, bytes]:
    """The bytes of these records, without LF."""
    data = np.frombuffer(piece, np.uint8)
    ends = np.flatnonzero(data == ord("\n"))
    if dialect.quote.encode() in piece:
        quotes = np.flatnonzero(data == ord(dialect.quote))
        ends = ends[np.searchsorted(quotes, ends) % 2 == 0]  # the others are within cells
    starts = np.concatenate([[0], ends + 1])
    return {int(at): piece[starts[at] : ends[at]] for at in positions}


def _one(column: pa.ChunkedArray) -> pa.StringArray:
    array = column.combine_chunks()
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
