"""Rows put together by their place on the x axis and their group: exact sums, in the order of the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from generator.public import Aggregate
from generator.tables.views.keys import Key, Keys, NotDrawn
from generator.views import Plan

_ROWS = 200_000
"""That are read at a time."""
_MOST_KEYS = 100_000
"""No picture comes of more."""

_LARGEST = 1e100
"""Larger numbers, and those that are none, are left out: no axis goes there."""

Value = int | float | Decimal


@dataclass(frozen=True, slots=True)
class Cell:
    """What is known of the values of one column at one place."""

    count: int
    sum: Value = 0
    least: Value | None = None
    greatest: Value | None = None
    places: int = 0
    """Digits after the decimal point that the column has."""

    def join(self, other: Cell) -> Cell:
        if not self.count or not other.count:
            return self if self.count else other
        return Cell(
            self.count + other.count,
            self.sum + other.sum,  # type: ignore[operator]  # both are of one column
            min(self.least, other.least),  # type: ignore[type-var]
            max(self.greatest, other.greatest),  # type: ignore[type-var]
            self.places,
        )

    def value(self, aggregate: Aggregate) -> Value | None:
        if aggregate == "count":
            return self.count
        if not self.count:
            return None
        if aggregate == "mean":
            return self._mean()
        return {"min": self.least, "max": self.greatest}.get(aggregate, self.sum)

    def _mean(self) -> Value:
        """Rounded to two places more than the column has."""
        if isinstance(self.sum, float):
            return self.sum / self.count
        with localcontext(prec=100):
            return (Decimal(self.sum) / self.count).quantize(Decimal(1).scaleb(-self.places - 2))

    def text(self, aggregate: Aggregate) -> str | None:
        value = self.value(aggregate)
        if value is None:
            return None
        return (
            f"{value:.12g}" if isinstance(value, float) else f"{value:f}" if isinstance(value, Decimal) else str(value)
        )


Place = tuple[Key | None, str | None]


@dataclass(frozen=True, slots=True)
class Table:
    cells: Mapping[Place, Sequence[Cell]]
    """For each measure, by place on the x axis and group; the number of rows where there is no measure."""
    rows: Mapping[Place, int]
    total: int
    """Rows of the table."""

    def by(self, made: Mapping[Key, Key]) -> Table:
        """Put together by other keys."""
        cells: dict[Place, Sequence[Cell]] = {}
        rows: dict[Place, int] = {}
        for (key, group), found in self.cells.items():
            place = (None if key is None else made[key], group)
            before = cells.get(place)
            cells[place] = [a.join(b) for a, b in zip(before, found, strict=True)] if before else found
            rows[place] = rows.get(place, 0) + self.rows[key, group]
        return Table(cells, rows, self.total)


def gather(parquet: Path, plan: Plan, keys: Keys) -> Table:
    names = list(dict.fromkeys(name for name in (plan.x, *plan.y, plan.group) if name))
    gathered: pa.Table | None = None
    total = 0
    with pq.ParquetFile(parquet) as file:
        for batch in file.iter_batches(_ROWS, columns=names):
            total += len(batch)
            part = _first(_columns(batch, plan, keys), len(plan.y))
            gathered = part if gathered is None else _more(pa.concat_tables([gathered, part]), len(plan.y))
            if len(gathered) > _MOST_KEYS:
                raise NotDrawn
    return _table(gathered, len(plan.y), total)


def _columns(batch: pa.RecordBatch, plan: Plan, keys: Keys) -> pa.Table:
    columns = {"x": keys.of(batch[plan.x])}
    columns["g"] = batch[plan.group].cast(pa.string()) if plan.group else pa.nulls(len(batch), pa.string())
    for number, name in enumerate(plan.y):
        columns[f"y{number}"] = measure(batch[name])
    return pa.table(columns)


def measure(column: pa.Array) -> pa.Array:
    """Numbers that can be added up: decimals without loss, doubles without what is not finite."""
    kind = column.type
    if pa.types.is_integer(kind):
        return column.cast(pa.decimal128(38, 0))
    if pa.types.is_decimal(kind):
        return column.cast(pa.decimal128(38, kind.scale)) if kind.bit_width <= 128 else column
    if pa.types.is_floating(kind):
        doubles = column.cast(pa.float64())
        return pc.if_else(pc.less(pc.abs(doubles), _LARGEST), doubles, None)
    raise NotDrawn


_EACH = ("sum", "count", "min", "max")


def _first(table: pa.Table, measures: int) -> pa.Table:
    wanted: list[tuple[str | list[str], str]] = [([], "count_all")]
    wanted += [(f"y{number}", how) for number in range(measures) for how in _EACH]
    made = table.group_by(["x", "g"], use_threads=False).aggregate(wanted)
    return made.rename_columns(["x", "g", *_names(measures)])


def _more(table: pa.Table, measures: int) -> pa.Table:
    names = _names(measures)
    how = ["sum", *(("sum", "sum", "min", "max") * measures)]
    made = table.group_by(["x", "g"], use_threads=False).aggregate(list(zip(names, how, strict=True)))
    return made.rename_columns(["x", "g", *names]).cast(table.schema)


def _names(measures: int) -> list[str]:
    return ["rows", *(f"y{number}_{how}" for number in range(measures) for how in _EACH)]


def _table(gathered: pa.Table | None, measures: int, total: int) -> Table:
    cells: dict[Place, Sequence[Cell]] = {}
    rows: dict[Place, int] = {}
    if gathered is None:
        return Table(cells, rows, total)
    scales = [getattr(gathered.schema.field(f"y{number}_sum").type, "scale", 0) for number in range(measures)]
    for row in gathered.to_pylist():
        place = (row["x"], row["g"])
        rows[place] = row["rows"]
        cells[place] = [_cell(row, f"y{number}", scale) for number, scale in enumerate(scales)] or [Cell(row["rows"])]
    return Table(cells, rows, total)


def _cell(row: Mapping[str, Any], name: str, places: int) -> Cell:
    least, greatest = row[f"{name}_min"], row[f"{name}_max"]
    return Cell(row[f"{name}_count"], row[f"{name}_sum"] or 0, least, greatest, places)
