"""What is learned of a column's texts, piece by piece, and what follows from it for the column in Parquet.

Facts only ever grow, and joining them gives the same whatever the order and however the rows were cut into pieces. So
the type of a column depends on its cells alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import reduce

import pyarrow as pa

ODD = (
    "leading-zero",  # 007
    "plus",  # +1
    "underscore",  # 1_000
    "digits",  # １２, ٣
    "space",  # a space that is none of ASCII's, or a line end
    "nan-payload",  # NaN123, -NaN, sNaN
    "form",  # a week date, an unusual separator: anything that is valid, and rare
    "midnight",  # 24:00:00, which is the next day
    "finer",  # than a microsecond
    "range",  # a moment that is in UTC before year 1 or after 9999
    "format",  # the declared format says less or more than the value
)
"""Why a cell has no value that says the same as its text."""
REASONS = (*ODD, "too-long", "inexact", "zones")
"""Why a column is kept as text. The last three are of several cells together."""


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    row: int
    """From 0, without the header."""
    text: str


@dataclass(frozen=True, slots=True)
class Most:
    """The largest number of digits, and the first cell that has them."""

    digits: int = 0
    cell: Cell | None = None

    def join(self, other: Most) -> Most:
        if self.digits == other.digits and self.cell and other.cell:
            return min(self, other, key=_place)
        return other if other.digits > self.digits or self.cell is None else self


def _place(most: Most) -> Cell:
    assert most.cell
    return most.cell


@dataclass(frozen=True, slots=True)
class Facts:
    marks: Mapping[str, Cell] = field(default_factory=dict)
    """The first cell with each mark: one of ``ODD``, or another name that the column's type knows."""
    whole: Most = Most()
    scale: Most = Most()
    """Digits before and after the decimal point."""
    nulls: bool = False

    def join(self, other: Facts) -> Facts:
        marks = dict(self.marks)
        for mark, cell in other.marks.items():
            marks[mark] = min(cell, marks.get(mark, cell))
        return Facts(marks, self.whole.join(other.whole), self.scale.join(other.scale), self.nulls or other.nulls)

    def after(self, rows: int) -> Facts:
        """The same, where so many rows go before."""
        if not rows:
            return self

        def moved(most: Most) -> Most:
            return replace(most, cell=most.cell and Cell(most.cell.row + rows, most.cell.text))

        marks = {mark: Cell(cell.row + rows, cell.text) for mark, cell in self.marks.items()}
        return replace(self, marks=marks, whole=moved(self.whole), scale=moved(self.scale))

    @property
    def odd(self) -> Kept | None:
        found = [(cell, mark) for mark, cell in self.marks.items() if mark in ODD]
        return Kept(min(found)[1], min(found)[0]) if found else None


def joined(*facts: Facts) -> Facts:
    return reduce(Facts.join, facts, Facts())


@dataclass(frozen=True, slots=True)
class Kept:
    """A column whose declared type is another stays text, because of this cell."""

    reason: str
    """One of ``REASONS``."""
    cell: Cell


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    type: pa.DataType
    kept: Kept | None = None
    nullable: bool = True


TEXT = pa.string()
