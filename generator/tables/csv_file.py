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
        self._file.close()
        self._temporary.unlink(missing_ok=True)

    def add(self, rows: Iterable[Sequence[str]]) -> None:
        text = io.StringIO(newline="")
        rows = list(rows)
        csv.writer(text, lineterminator="\n").writerows(rows)
        written = text.getvalue()
        if "\r" in written:  # csv.writer of Python before 3.13 leaves a lone CR unquoted
            written = "".join(",".join(map(_quoted, row)) + "\n" for row in rows)
        self._file.write(written)

    def close(self) -> None:
        self._file.close()
        if self._source is not None and is_canonical(self._source, like=self._temporary):
            shutil.copyfile(self._source, self._temporary)
        self._temporary.replace(self._path)


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
