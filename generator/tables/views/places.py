"""The places of a table's rows: columns of east and north, or a geopoint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from generator.public import Field, Series, Shapes, View
from generator.tables.views.keys import NotDrawn
from generator.tables.views.points import MOST_GROUPS
from generator.text import Text
from generator.views import FARTHEST, Plan

MOST_POINTS = 2000
_FINEST = 400
"""Cells across and down, of which each keeps one of its points, where there are too many."""
_PAIR = r"^[\[ ]*(?P<x>-?[0-9]+(?:\.[0-9]+)?) *, *(?P<y>-?[0-9]+(?:\.[0-9]+)?)[ \]]*$"
_OBJECT = r'^ *\{ *"lon" *: *"?(?P<x>-?[0-9.]+)"? *, *"lat" *: *"?(?P<y>-?[0-9.]+)"? *\} *$'
_NAMES = ("name", "title", "label", "名称")

Floats = npt.NDArray[np.float64]


def draw(parquet: Path, fields: Mapping[str, Field], plan: Plan) -> View:
    columns = [plan.x, *plan.y]
    if any(name not in fields for name in columns) or (len(columns) == 1) != (fields[plan.x].type == "geopoint"):
        raise NotDrawn
    label = _label(fields, columns)
    table, total = _rows(parquet, plan, columns, label)
    groups = _groups(table) if plan.group else []
    if groups:
        table = table.filter(pc.is_in(table["g"], pa.array(groups, pa.string())))
    if not len(table):
        raise NotDrawn
    kept = _thinned(table["x"].to_numpy(), table["y"].to_numpy())
    drawn = table.take(pa.array(kept))
    return View(
        name=plan.name,
        title=plan.title,
        type="map",
        series=tuple(Series(Text(group, "und")) for group in groups),
        group=_title(fields[plan.group]) if groups else Text(),
        rows=len(table),
        left_out=total - len(table),
        shapes=Shapes(
            points=tuple(zip(drawn["x"].to_pylist(), drawn["y"].to_pylist(), strict=True)),
            labels=tuple(text or "" for text in drawn["label"].to_pylist()) if label else (),
            groups=tuple(groups.index(group) for group in drawn["g"].to_pylist()) if groups else (),
            total=len(table),
            simplified=len(kept) < len(table),
        ),
    )


def _title(field: Field) -> Text:
    return field.title or Text(field.name, "und")


def _label(fields: Mapping[str, Field], columns: list[str]) -> str:
    """The column that names the places."""
    texts = [field for field in fields.values() if field.type == "string" and field.name not in columns]
    named = [f.name for f in texts if f.name.lower() in _NAMES or f.title.main.endswith("名称")]
    return named[0] if named else ""


def _rows(parquet: Path, plan: Plan, columns: list[str], label: str) -> tuple[pa.Table, int]:
    """Those with a place."""
    names = list(dict.fromkeys(name for name in (*columns, plan.group, label) if name))
    parts = []
    with pq.ParquetFile(parquet) as file:
        for batch in file.iter_batches(200_000, columns=names):
            east, north = _axes(batch, columns)
            texts = {"g": plan.group, "label": label}
            part = pa.table(
                {"x": east, "y": north}
                | {
                    key: batch[name].cast(pa.string()) if name else pa.nulls(len(batch), pa.string())
                    for key, name in texts.items()
                }
            )
            near = [pc.less(pc.abs(part[axis]), FARTHEST) for axis in "xy"]
            parts.append(part.filter(pc.and_(*near)))
        total = file.metadata.num_rows
    if not parts:
        raise NotDrawn
    return pa.concat_tables(parts), total


def _axes(batch: pa.RecordBatch, columns: list[str]) -> Iterator[pa.Array]:
    """East and north as doubles: a picture needs no more."""
    if len(columns) == 2:
        for name in columns:
            kind = batch[name].type
            if not (pa.types.is_integer(kind) or pa.types.is_decimal(kind) or pa.types.is_floating(kind)):
                raise NotDrawn
            yield batch[name].cast(pa.float64())
        return
    pair, named = (pc.extract_regex(batch[columns[0]], pattern) for pattern in (_PAIR, _OBJECT))
    for axis in "xy":
        yield pc.coalesce(pc.struct_field(pair, axis), pc.struct_field(named, axis)).cast(pa.float64())


def _groups(table: pa.Table) -> list[str]:
    counted = [(each["values"], each["counts"]) for each in table["g"].drop_null().value_counts().to_pylist()]
    return sorted(value for value, _ in sorted(counted, key=lambda each: (-each[1], each[0]))[:MOST_GROUPS])


def _thinned(east: Floats, north: Floats) -> list[int]:
    """Rows of which each stands for those near it, in the order of the table; all where there are few."""
    if len(east) <= MOST_POINTS:
        return list(range(len(east)))
    cells, kept = _FINEST, np.arange(len(east))
    across, up = _shares(east), _shares(north)
    while len(kept) > MOST_POINTS:
        grid = np.floor(across[kept] * cells) * (cells + 1) + np.floor(up[kept] * cells)
        kept = kept[np.unique(grid, return_index=True)[1]]
        cells = cells * 3 // 4
    return [int(row) for row in np.sort(kept)]


def _shares(axis: Floats) -> Floats:
    least, greatest = float(axis.min()), float(axis.max())
    return (axis - least) / ((greatest - least) or 1.0)
