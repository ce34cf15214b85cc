"""One text file → the same table, written as it should be. Read twice, record by record: memory does not grow."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from generator.mending.cells import KEEP, Answer, Wishes, about_row, is_blank, is_irregular, label_for, mender
from generator.mending.values import Asked, Change, RowChange

if TYPE_CHECKING:
    from generator.tables.text_table import TextTable

LONGEST_CELL = 16 << 20
ASKED_CELLS = 10
"""Of one question that are listed."""


@dataclass(frozen=True, slots=True)
class Record:
    number: int
    """As spreadsheets count: from 1."""
    raw: str
    """With its line end."""
    cells: list[str]


@dataclass(slots=True)
class Rewritten:
    """What was changed, and what is asked by (kind, column)."""

    counts: Counter[str] = field(default_factory=Counter)
    rows: list[RowChange] = field(default_factory=list)
    changed_rows: int = 0
    questions: dict[tuple[str, int], list[Asked]] = field(default_factory=dict)
    asked: Counter[tuple[str, int]] = field(default_factory=Counter)
    removed_rows: int = 0

    @property
    def changes(self) -> list[Change]:
        return [Change(kind, count) for kind, count in self.counts.items()]

    def ask(self, kind: str, row: int, column: int, value: str) -> None:
        self.asked[kind, column] += 1
        known = self.questions.setdefault((kind, column), [])
        if len(known) < ASKED_CELLS:
            known.append(Asked(row, column, value))

    def show(self, row: int, before: str, after: str, samples: int) -> None:
        self.changed_rows += 1
        if len(self.rows) < samples:
            self.rows.append(RowChange(row, before.rstrip("\r\n"), after.rstrip("\r\n")))


@dataclass(frozen=True, slots=True)
class _Survey:
    """What has to be known of the whole file before its first record is written."""

    last: int
    """Number of the last record that is not blank."""
    width: int
    """Columns that are not blank throughout."""
    irregular: frozenset[int]
    """Columns of numbers in which a comma does not part thousands."""


def rewrite(
    source: Path, target: Path, table: TextTable, *, has_header: bool, wishes: Wishes, cells: bool, samples: int
) -> Rewritten:
    """``source`` is UTF-8. ``cells``: whether anything but line ends may change. Raises ``csv.Error``."""
    before = csv.field_size_limit(LONGEST_CELL)
    try:
        with source.open(encoding="utf-8", newline="") as stream:
            survey = _survey(records(stream, table), table, has_header)
        with source.open(encoding="utf-8", newline="") as stream, target.open("w", encoding="utf-8", newline="") as out:
            work = _Rewriting(table, survey, has_header, wishes, cells, samples)
            for record in records(stream, table):
                out.write(work.record(record))
        return work.found
    finally:
        csv.field_size_limit(before)


def records(stream: TextIO, table: TextTable) -> Iterator[Record]:
    taken: list[str] = []

    def lines() -> Iterator[str]:
        for line in stream:
            taken.append(line)
            yield line

    for number, cells in enumerate(csv.reader(lines(), table.csv_dialect), start=1):
        yield Record(number, "".join(taken), cells)
        taken.clear()


def _survey(found: Iterator[Record], table: TextTable, has_header: bool) -> _Survey:
    last, width, irregular = 0, len(table.columns), set()
    numbers = {n for n, column in enumerate(table.columns) if column.type in ("number", "integer")}
    header = table.header_row if has_header else 0
    for record in found:
        filled = max((n for n, cell in enumerate(record.cells, start=1) if not is_blank(cell)), default=0)
        width = max(width, filled)
        last = record.number if filled else last
        if record.number > header:
            irregular |= {
                n
                for n in numbers
                if n < len(record.cells) and _has_comma(record.cells[n]) and is_irregular(record.cells[n])
            }
    return _Survey(last, width, frozenset(irregular))


def _has_comma(cell: str) -> bool:
    return "," in cell or "，" in cell


class _Rewriting:
    def __init__(
        self, table: TextTable, survey: _Survey, has_header: bool, wishes: Wishes, cells: bool, samples: int
    ) -> None:
        self.found = Rewritten()
        self._table, self._survey, self._cells, self._samples = table, survey, cells, samples
        self._header = table.header_row if has_header else 0
        self._comment_rows = table.comment_rows
        self._menders: list[Callable[[str], Answer]] = [
            mender(column, wishes, grouped=number not in survey.irregular)
            for number, column in enumerate(table.columns)
        ]

    def record(self, record: Record) -> str:
        """The text to write, with its line end."""
        content, end = _split(record.raw)
        if end not in ("", "\n") and not self._table.states_line_ends:
            self.found.counts["line-ends"] += 1
            end = "\n"
        if not self._cells or record.number < self._header or self._is_comment(record):
            return content + end
        if record.number > self._survey.last > 0:
            self.found.counts["trailing-rows"] += 1
            self.found.removed_rows += 1
            self.found.show(record.number, content, "", self._samples)
            return ""
        cells = self._labels(record) if record.number == self._header else self._row(record)
        if len(cells) > self._survey.width and len(record.cells) > self._survey.width:
            cells = cells[: self._survey.width]
            self.found.counts["trailing-columns"] = max(
                self.found.counts["trailing-columns"], len(record.cells) - self._survey.width
            )
        if cells == record.cells:
            return content + end
        written = self._written(cells)
        if written is None:
            return content + end
        self.found.show(record.number, content, written, self._samples)
        return written + end

    def _is_comment(self, record: Record) -> bool:
        char = self._table.comment_char
        starts = bool(char and record.cells and record.cells[0].startswith(char))
        return starts or record.number in self._comment_rows

    def _labels(self, record: Record) -> list[str]:
        names = [column.name for column in self._table.columns]
        if not names:
            return record.cells
        made = list(record.cells)
        for place, label in enumerate(record.cells):
            name = label_for(label, names, place, {*record.cells, *made})
            if name:
                made[place] = name
                self.found.counts["header"] += 1
        return made

    def _row(self, record: Record) -> list[str]:
        made = record.cells
        kind = about_row(record.cells)
        if kind:
            self.found.ask(kind, record.number, 1, next(cell for cell in record.cells if not is_blank(cell)))
        for place, (text, mend) in enumerate(zip(record.cells, self._menders, strict=False)):
            answer = mend(text)
            if answer is KEEP or answer == KEEP:
                continue
            new, what = answer
            if new or what == "blanks":
                made = list(made) if made is record.cells else made
                made[place] = new
                self.found.counts[what] += 1
            else:
                self.found.ask(what, record.number, place + 1, text)
        return made

    def _written(self, cells: list[str]) -> str | None:
        """The record as text; None where this dialect would read it as something else."""
        out = io.StringIO()
        try:
            csv.writer(out, self._table.csv_dialect, quoting=csv.QUOTE_MINIMAL, lineterminator="\n").writerow(cells)
            text = out.getvalue()
            read = next(csv.reader(io.StringIO(text, newline=""), self._table.csv_dialect), None)
        except csv.Error:
            return None
        return text.removesuffix("\n") if read == cells else None


def _split(raw: str) -> tuple[str, str]:
    content = raw.rstrip("\r\n")
    if raw.endswith("\r\n"):
        return raw[:-2], "\r\n"
    return (raw[:-1], raw[-1]) if raw != content else (raw, "")
