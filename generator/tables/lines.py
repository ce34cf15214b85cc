"""Where in its text files a table's records are: a line is something else than a record when a cell holds a newline."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import frictionless


def places_of_rows(resource: frictionless.Resource, rows: Collection[int]) -> Mapping[int, tuple[str, int]]:
    """The file, as the descriptor names it, and in it the first line of each record.

    For uncompressed delimited text that was just read; empty for anything else. A table may be in several files.
    """
    plain = resource.format in ("csv", "tsv") and not resource.compression and not resource.memory
    if not rows or not plain or not all(Path(path).is_file() for path in resource.normpaths):
        return {}
    from frictionless.formats import CsvControl

    parts = _Parts(
        resource.paths,
        resource.normpaths,
        resource.encoding or "utf-8",
        repeats_header=resource.dialect.header is not False and resource.format == "csv",
    )
    found: dict[int, tuple[str, int]] = {}
    last, lines_before = max(rows), 0
    records = csv.reader(parts.lines(), dialect=CsvControl.from_dialect(resource.dialect).to_python())
    try:
        for row, _ in enumerate(records, start=1):
            if row in rows:
                found[row] = parts.place(lines_before)
            if row >= last:
                break
            lines_before = records.line_num
    except (csv.Error, UnicodeDecodeError):
        return found  # the text ends being readable here, which frictionless has told
    return found


@dataclass(slots=True)
class _Parts:
    """The files of a table one after the other, as frictionless joins them."""

    names: list[str]
    paths: list[str]
    encoding: str
    repeats_header: bool
    """The first line of every later file is a header and is left out."""
    starts: list[tuple[int, str, int]] = field(default_factory=list)
    """For each file: how many lines came before it, its name, how many lines of its own were left out."""

    def lines(self) -> Iterator[str]:
        count = 0
        for number, (name, path) in enumerate(zip(self.names, self.paths, strict=True)):
            skipped = 1 if number and self.repeats_header else 0
            self.starts.append((count, name, skipped))
            with Path(path).open(encoding=self.encoding, newline="") as file:
                for line_number, line in enumerate(file):
                    if line_number >= skipped:
                        count += 1
                        yield line

    def place(self, lines_before: int) -> tuple[str, int]:
        start, name, skipped = next(s for s in reversed(self.starts) if s[0] <= lines_before)
        return name, lines_before - start + skipped + 1
