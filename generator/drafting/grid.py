"""What a spreadsheet shows, without a spreadsheet: cells as texts that know what they were."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

TEXT, NUMBER, PERCENT, DATE, DATETIME, TIME, MONTH, BOOLEAN, DAMAGED, ERROR = (
    "text", "number", "percent", "date", "datetime", "time", "month", "boolean", "damaged", "error",
)  # fmt: skip


class Cell(NamedTuple):
    text: str = ""
    """As canonical CSV would have it: plain digits, ISO dates; percents without their sign."""
    kind: str = TEXT


EMPTY = Cell()


@dataclass(frozen=True, slots=True)
class Area:
    """Merged cells, both ends included, from 0."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    rows: list[list[Cell]]
    """All of one length, from the sheet's first row and column on."""
    merged: tuple[Area, ...] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    uncounted: tuple[str, ...] = ()
    """Cells with a formula whose result the file does not hold."""
    types: Mapping[str, str] = field(default_factory=dict)
    """Table Schema types that the file itself states, by column name (Parquet)."""
    is_text: bool = False
    """From a text file: rows are its records, and no program has worked on the values."""
    note: tuple[str, str] = ("", "")
    """What is to be told of reading it, in Chinese and English."""

    @property
    def width(self) -> int:
        return len(self.rows[0]) if self.rows else 0


def address(row: int, column: int) -> str:
    """``B3`` of (2, 1)."""
    return f"{letters(column)}{row + 1}"


def letters(column: int) -> str:
    text = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        text = chr(65 + digit) + text
    return text


def even(rows: list[list[Cell]]) -> list[list[Cell]]:
    """All rows as long as the longest; empty ones at the end are gone."""
    while rows and not any(cell.text for cell in rows[-1]):
        rows.pop()
    width = max((len(row) for row in rows), default=0)
    for row in rows:
        row.extend([EMPTY] * (width - len(row)))
    return rows


_BREAKS = re.compile(r"_x000D_\n?|\r\n?")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\u200b]")
_MOST = 10**15
"""Spreadsheets keep fifteen digits; what is longer has lost the rest."""


def text_cell(text: str) -> Cell:
    if not text.isprintable():
        text = _CONTROLS.sub("", _BREAKS.sub("\n", text))
    text = text.strip()
    return Cell(text) if text else EMPTY


def value_cell(value: Any, form: str = "") -> Cell:
    """Of a value as the libraries for spreadsheets give it, and its number format."""
    if value is None or value == "":
        return EMPTY
    if isinstance(value, str):
        return text_cell(value)
    if isinstance(value, bool):
        return Cell("true" if value else "false", BOOLEAN)
    if isinstance(value, datetime.datetime):
        return _moment(value, form)
    if isinstance(value, datetime.date):
        return Cell(value.isoformat(), DATE)
    if isinstance(value, datetime.time):
        return Cell(value.isoformat(timespec="seconds"), TIME)
    if isinstance(value, datetime.timedelta):
        seconds = round(value.total_seconds())
        return Cell(f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}", TIME)
    if isinstance(value, int | float | Decimal):
        return _number(value, form)
    return text_cell(str(value))


def _moment(value: datetime.datetime, form: str) -> Cell:
    value = (value + datetime.timedelta(microseconds=500_000)).replace(microsecond=0)  # fractions of a day are inexact
    if value.time() != datetime.time() or "h" in form.lower():
        return Cell(value.isoformat(), DATETIME)
    plain = re.sub(r"\[[^\]]*\]|\"[^\"]*\"|\\.", "", form.lower())
    if value.day == 1 and "y" in plain and "m" in plain and "d" not in plain:
        return Cell(f"{value:%Y-%m}", MONTH)
    return Cell(value.date().isoformat(), DATE)


def _number(value: float | Decimal, form: str) -> Cell:
    if isinstance(value, float) and not math.isfinite(value):
        return Cell(str(value), ERROR)
    plain = re.sub(r"\[[^\]]*\]|\"[^\"]*\"|\\.|_.", "", form)
    if "%" in plain:
        return Cell(plain_number(exact(value) * 100), PERCENT)
    if re.fullmatch(r"0{2,}", plain) and value == int(value) and int(value) >= 0:
        return Cell(f"{int(value):0{len(plain)}d}")  # a code, whose zeros only the format holds
    if abs(exact(value)) >= _MOST and value == int(value):
        digits = str(int(value))
        if isinstance(value, int) and digits[15:].strip("0"):
            return Cell(digits)  # written by a program that counts further than spreadsheets do
        return Cell(_scientific(digits), DAMAGED)
    return Cell(plain_number(exact(value)), NUMBER)


def _scientific(digits: str) -> str:
    """As a spreadsheet shows it, with all the digits that it has: nobody takes this for the number itself."""
    sign, digits = ("-", digits[1:]) if digits.startswith("-") else ("", digits)
    fraction = digits[1:15].rstrip("0")
    return f"{sign}{digits[0]}.{fraction or '0'}E+{len(digits) - 1}"


def exact(value: float | Decimal) -> Decimal:
    """The decimal that was typed: fifteen digits are what a spreadsheet keeps and shows."""
    return Decimal(format(value, ".15g")) if isinstance(value, float) else Decimal(value)


def plain_number(value: Decimal) -> str:
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text
