"""The canonical CSV: UTF-8 without a byte-order mark, LF, commas, RFC 4180; the source's texts unchanged."""

from __future__ import annotations

import codecs
import csv
import io
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from filecmp import cmp
from itertools import zip_longest
from pathlib import Path
from types import TracebackType

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_CHUNK = 1 << 20
_NEEDS_QUOTES = re.compile(r'[",\r\n]')
_LONGEST_CELL = 2**31 - 1


class CsvFile:
    """Quotes only where they are needed, unless the ``source`` is canonical in its own way: then its bytes are kept.

    (An author may quote every text cell. That is RFC 4180 as well, and a file that equals its source to the byte is
    worth more than one habit of quoting.) Without ``close`` nothing is left.
    """

    def __init__(self, path: Path, names: Sequence[str], *, source: Path | None) -> None:
        self._path, self._source = path, source
        self._temporary = path.with_name(f".{path.name}.part")
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._temporary.open("w", encoding="utf-8", newline="")
        self.add([names])

    def __enter__(self) -> CsvFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._file.close()  # writes what is left, for which there may be no space
        finally:
            self._temporary.unlink(missing_ok=True)

    def add(self, rows: Iterable[Sequence[str]]) -> None:
        text = io.StringIO(newline="")
        rows = list(rows)
        csv.writer(text, lineterminator="\n").writerows(rows)
        written = text.getvalue()
        if "\r" in written:  # csv.writer of Python before 3.13 leaves a lone CR unquoted
            written = "".join(",".join(map(_quoted, row)) + "\n" for row in rows)
        self._file.write(written)

    def add_bytes(self, lines: pa.Buffer | None) -> None:
        """Whole lines, as ``csv_bytes`` makes them."""
        if lines is not None:
            self._file.flush()
            self._file.buffer.write(lines)

    def close(self) -> None:
        self._file.close()
        if self._source is not None and is_canonical(self._source, like=self._temporary):
            shutil.copyfile(self._source, self._temporary)
        self._temporary.replace(self._path)


class Copy:
    """The source to the byte, from what is read of it: so the published bytes are those that were judged, whatever
    happens to the source meanwhile. Without ``close`` nothing is left.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._temporary = path.with_name(f".{path.name}.part")
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._temporary.open("wb")

    def add(self, data: memoryview) -> None:
        self._file.write(data)

    def close(self) -> None:
        self._file.close()
        self._temporary.replace(self._path)

    def __enter__(self) -> Copy:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._file.close()  # as above
        finally:
            self._temporary.unlink(missing_ok=True)


def has_canonical_header(path: Path, names: Sequence[str]) -> bool:
    """Whether the text begins, without a mark, with one record of exactly these labels."""
    with path.open("rb") as file:
        if file.read(3) == codecs.BOM_UTF8:
            return False
    try:
        with path.open(encoding="utf-8", newline="") as text:
            return next(csv.reader(text, strict=True), None) == list(names)
    except (UnicodeDecodeError, csv.Error):
        return False


def csv_bytes(columns: Sequence[pa.StringArray]) -> pa.Buffer | None:
    """The rows as ``CsvFile.add`` would write them, made by Arrow. No text is null."""
    if not len(columns[0]):
        return None
    cells = [_with_quotes(column) for column in columns]
    if len(cells) == 1:  # an empty cell alone would be an empty line
        cells = [pc.if_else(pc.equal(pc.binary_length(cells[0]), 0), '""', cells[0])]
    *others, last = cells
    lines = pc.binary_join_element_wise(*others, pc.binary_join_element_wise(last, "\n", ""), ",")
    _, offsets, data = lines.buffers()
    ends = np.frombuffer(offsets, np.int32)
    return data.slice(int(ends[lines.offset]), int(ends[lines.offset + len(lines)] - ends[lines.offset]))


def _with_quotes(column: pa.StringArray) -> pa.StringArray:
    if not _holds(column, '",\r\n'):
        return column
    needs = pc.match_substring_regex(column, '[",\r\n]')
    doubled = pc.replace_substring(column, '"', '""') if _holds(column, '"') else column
    return pc.if_else(needs, pc.binary_join_element_wise('"', doubled, '"', ""), column)


def _holds(column: pa.StringArray, characters: str) -> bool:
    _, _, data = column.buffers()
    found = np.frombuffer(data, np.uint8) if data is not None else np.empty(0, np.uint8)
    return any((found == ord(character)).any() for character in characters)


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _NEEDS_QUOTES.search(cell) else cell


def is_canonical(source: Path, *, like: Path) -> bool:
    """Whether a standard reader sees in ``source`` exactly the header and cells of ``like``, and LF line ends."""
    if cmp(source, like, shallow=False):
        return True
    try:
        return follows_the_standard(source) and _has_cells_of(source, like)
    except (UnicodeDecodeError, csv.Error):
        return False


def follows_the_standard(path: Path) -> bool:
    """UTF-8 without a mark, ended by LF, and every byte in its place by the grammar of RFC 4180."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    state = "start"
    with path.open("rb") as file:
        if file.read(3) == codecs.BOM_UTF8:
            return False
        file.seek(0)
        while chunk := file.read(_CHUNK):
            decoder.decode(chunk)
            found = _after(state, chunk)
            if found is None:
                return False
            state = found
        decoder.decode(b"", final=True)
        if not file.tell():
            return False
        file.seek(-1, io.SEEK_END)
        return state == "start" and file.read(1) == b"\n"


# What may come next: at the start of a cell, in a plain cell, in a quoted one, after its second quote.
_TOKENS = {
    "start": re.compile(rb'(?:(?:[^",\r\n]+)?[,\n])*+'),
    "plain": re.compile(rb'[^",\r\n]*+'),
    "quoted": re.compile(rb'(?:[^"]++|"")*+'),
}


def _after(state: str, chunk: bytes) -> str | None:
    """The state after a chunk of any length; None when it breaks the grammar."""
    at = 0
    while at < len(chunk):
        if state == "closed":  # a quote in a quoted cell was the last byte so far: its end, or half of a pair
            byte = chunk[at : at + 1]
            state = {b'"': "quoted", b",": "start", b"\n": "start"}.get(byte, "")
            if not state:
                return None
            at += 1
            continue
        match = _TOKENS[state].match(chunk, at)
        assert match
        at = match.end()
        if at == len(chunk):
            break
        byte = chunk[at : at + 1]
        if state == "quoted":
            state = "closed"
            at += 1
        elif state == "start" and byte == b'"':
            state = "quoted"
            at += 1
        elif state == "start":
            state = "plain"
        elif byte in (b",", b"\n"):
            state = "start"
            at += 1
        else:
            return None
    return state


def _has_cells_of(source: Path, like: Path) -> bool:
    before = csv.field_size_limit(_LONGEST_CELL)
    try:
        return all(a == b for a, b in zip_longest(_records(source), _records(like)))
    finally:
        csv.field_size_limit(before)


def _records(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.reader(file, strict=True)
