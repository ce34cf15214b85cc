"""Rows as points on two axes: all of them, or every n-th."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from generator.public import Field, Series, View
from generator.tables.views.gather import measure
from generator.tables.views.keys import NotDrawn
from generator.text import Text
from generator.views import Plan

MOST_POINTS = 500
MOST_GROUPS = 8


def draw(parquet: Path, fields: Mapping[str, Field], plan: Plan) -> View:
    if len(plan.y) != 1:
        raise NotDrawn
    x, y = fields[plan.x], fields[plan.y[0]]
    table, total = _rows(parquet, plan)
    groups = _largest(table["g"]) if plan.group else [None]
    taken = [table.filter(_is(table["g"], group)) for group in groups]
    positions: list[str] = []
    values: list[list[str | None]] = [[] for _ in taken]
    for number, part in enumerate(taken):
        for east, north in zip(part["x"].to_pylist(), part["y"].to_pylist(), strict=True):
            positions.append(text(east))
            for each, column in enumerate(values):
                column.append(text(north) if each == number else None)
    if not positions:
        raise NotDrawn
    labels = [Text(group, "und") if group is not None else _title(y) for group in groups]
    return View(
        name=plan.name,
        title=plan.title,
        type="scatter",
        x=_title(x),
        x_type="number",
        x_unit=x.unit,
        y=_title(y),
        positions=tuple(positions),
        series=tuple(Series(label, tuple(column), y.unit) for label, column in zip(labels, values, strict=True)),
        group=_title(fields[plan.group]) if plan.group else Text(),
        rows=len(positions),
        left_out=total - len(positions),
    )


def _title(field: Field) -> Text:
    return field.title or Text(field.name, "und")


def text(value: object) -> str:
    return f"{value:.12g}" if isinstance(value, float) else f"{value:f}" if hasattr(value, "quantize") else str(value)


def _rows(parquet: Path, plan: Plan) -> tuple[pa.Table, int]:
    """Those with both values, no more than can be drawn; and how many there are in all."""
    names = list(dict.fromkeys(name for name in (plan.x, *plan.y, plan.group) if name))
    with pq.ParquetFile(parquet) as file:
        total = file.metadata.num_rows
        every = -(-total // MOST_POINTS) or 1
        parts, seen = [], 0
        for batch in file.iter_batches(200_000, columns=names):
            first = -seen % every
            places = pa.array(range(first, len(batch), every), pa.int64())
            parts.append(_columns(batch, plan).take(places))
            seen += len(batch)
    if not parts:
        raise NotDrawn
    table = pa.concat_tables(parts)
    return table.filter(pc.and_(pc.is_valid(table["x"]), pc.is_valid(table["y"]))), total


def _columns(batch: pa.RecordBatch, plan: Plan) -> pa.Table:
    group = batch[plan.group].cast(pa.string()) if plan.group else pa.nulls(len(batch), pa.string())
    return pa.table({"x": measure(batch[plan.x]), "y": measure(batch[plan.y[0]]), "g": group})


def _largest(column: pa.ChunkedArray) -> list[str]:
    counted = [(each["values"], each["counts"]) for each in column.drop_null().value_counts().to_pylist()]
    return sorted(value for value, _ in sorted(counted, key=lambda each: (-each[1], each[0]))[:MOST_GROUPS])


def _is(column: pa.ChunkedArray, group: str | None) -> pa.ChunkedArray:
    return pc.is_null(column) if group is None else pc.equal(column, group)
