"""Where a row stands on the x axis: moments, numbers or categories; many are put together."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

import pyarrow as pa
import pyarrow.compute as pc

from generator.public import ColumnStatistics, Field, Step
from generator.views import NUMBERS, TIMES

if TYPE_CHECKING:
    from generator.tables.views.gather import Table

Key = str | int | float | Decimal | datetime.date
_STEPS: tuple[Step, ...] = ("day", "month", "year", "century")


class NotDrawn(Exception):
    """There is no such picture of these values."""


@dataclass(frozen=True, slots=True)
class Keys:
    kind: Literal["moment", "day", "month", "year", "number", "category"]
    step: Step = ""
    """What they are put together by already when they are read."""

    def of(self, column: pa.Array) -> pa.Array:
        """The keys of a column as the Parquet file has it."""
        kind = column.type
        if self.kind == "category":
            return column.cast(pa.string()) if not pa.types.is_string(kind) else column
        if self.kind == "number" and (pa.types.is_integer(kind) or pa.types.is_decimal(kind)):
            return column
        if self.kind == "number" and pa.types.is_floating(kind):
            return pc.if_else(pc.is_finite(column), column, None)
        if self.kind == "month" and pa.types.is_string(kind):
            return column
        if self.kind == "year" and pa.types.is_integer(kind):
            return column
        if self.kind in ("day", "moment") and (pa.types.is_date(kind) or pa.types.is_timestamp(kind)):
            # Of what has a zone the moment in UTC.
            return column.cast(pa.date32() if self.kind == "day" else pa.timestamp("s"), safe=False)
        raise NotDrawn


def keys_of(field: Field, known: ColumnStatistics | None, most: int) -> Keys:
    """``most``: as many moments stand for themselves, of more only their days."""
    if field.type == "datetime":
        few = known is not None and known.distinct is not None and known.distinct <= most
        return Keys("moment") if few else Keys("day", "day")
    if field.type == "date":
        return Keys("day")
    if field.type in TIMES:
        return Keys("year" if field.type == "year" else "month")
    return Keys("number" if field.type in NUMBERS else "category")


def coarser(keys: Keys, table: Table, most: int) -> tuple[Step, Table]:
    """The finest step with no more than so many positions, and the values put together by it."""
    found = {key for key, _ in table.rows if key is not None}
    if len(found) <= most:
        return keys.step, table
    if keys.kind == "number":
        return "range", _ranges(table, found, most)
    start = {"moment": 0, "day": 1, "month": 2, "year": 3}[keys.kind]
    for step in _STEPS[start:]:
        made = {key: shortened(key, step) for key in found}
        if len(set(made.values())) <= most or step == _STEPS[-1]:
            return step, table.by(made)
    raise AssertionError("there is a last step")


def shortened(key: Key, step: Step) -> Key:
    """The day, month, … that a moment is in, as text."""
    text = f"{key:04d}" if isinstance(key, int) else str(key)
    if step == "century":
        return f"{text[:2]}00"
    return text[: {"day": 10, "month": 7, "year": 4}[step]]


def _ranges(table: Table, found: set[Key], most: int) -> Table:
    """Ranges of a round width, each named by where it starts."""
    numbers = [float(key) for key in found]  # type: ignore[arg-type]  # of this kind all are numbers
    width = (max(numbers) - min(numbers)) / (most / 5)
    power = 10.0 ** math.floor(math.log10(width))
    width = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= width)
    return table.by({key: _round(math.floor(float(key) / width) * width) for key in found})  # type: ignore[arg-type]


def _round(value: float) -> float:
    return float(f"{value:.12g}")


def words(key: Key) -> str:
    if isinstance(key, datetime.datetime):
        return key.isoformat(timespec="seconds")
    if isinstance(key, float):
        return f"{key:.12g}"
    if isinstance(key, Decimal):
        return f"{key:f}"
    return str(key)
