"""The canonical CSV: UTF-8 without a byte-order mark, LF, commas, RFC 4180; the source's texts unchanged."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from pathlib import Path

from generator.tables.columns import Columns

_RFC_4180 = re.compile(rb'(?:(?:[^",\r\n]++|"(?:[^"]++|"")*+")?[,\n])*+')
_NEEDS_QUOTES = re.compile(r'[",\r\n]')


def write_csv(columns: Columns, path: Path, *, source: Path | None) -> None:
    """Quotes only where they are needed, unless the ``source`` is canonical in its own way: then its bytes are kept.

    (An author may quote every text cell. That is RFC 4180 as well, and a file that equals its source to the byte is
    worth more than one habit of quoting.)
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        _write_rows(file, [list(columns.names)])
        for batch in columns.batches():
            _write_rows(file, batch)
    if source is not None and _is_canonical(source, like=path):
        shutil.copyfile(source, path)


def _write_rows(file: io.TextIOBase, rows: Iterable[Sequence[str]]) -> None:
    text = io.StringIO(newline="")
    rows = list(rows)
    csv.writer(text, lineterminator="\n").writerows(rows)
    written = text.getvalue()
    if "\r" in written:  # csv.writer of Python before 3.13 leaves a lone CR unquoted
        written = "".join(",".join(map(_quoted, row)) + "\n" for row in rows)
    file.write(written)


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _NEEDS_QUOTES.search(cell) else cell


def _is_canonical(source: Path, *, like: Path) -> bool:
    """Whether a standard reader sees in ``source`` exactly the header and cells of ``like``, and LF line ends."""
    data = source.read_bytes()
    if data == like.read_bytes():
        return True
    if data[:3] == b"\xef\xbb\xbf" or not data.endswith(b"\n") or not _RFC_4180.fullmatch(data):
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    with source.open(encoding="utf-8", newline="") as ours, like.open(encoding="utf-8", newline="") as theirs:
        return all(a == b for a, b in zip_longest(csv.reader(ours, strict=True), csv.reader(theirs, strict=True)))
