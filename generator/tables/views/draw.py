"""One plan and one Parquet file to the values of one picture."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, cast

from generator.public import Aggregate, ColumnStatistics, Field, Schema, Series, View, ViewType
from generator.tables.views import gather, places, points
from generator.tables.views.gather import Cell, Table
from generator.tables.views.keys import Key, Keys, NotDrawn, coarser, keys_of, words
from generator.text import Text
from generator.views import NUMBERS, TIMES, Plan

__all__ = ["NotDrawn", "draw"]

MOST_POSITIONS = 500
MOST_BARS = 20
MOST_ROWS = 100
"""Of a view that is a table."""
MOST_GROUPS = 8
"""As many as there are colours and patterns that can be told apart."""


def draw(parquet: Path, schema: Schema, plan: Plan, known: Mapping[str, ColumnStatistics]) -> View:
    fields = {field.name: field for field in schema.fields}
    if plan.type == "map":
        return places.draw(parquet, fields, plan)
    wanted = [name for name in (plan.x, *plan.y, plan.group) if name]
    if not plan.x or any(name not in fields for name in wanted):
        raise NotDrawn
    if plan.type == "scatter":
        return points.draw(parquet, fields, plan)
    keys = keys_of(fields[plan.x], known.get(plan.x), MOST_POSITIONS)
    table = gather.gather(parquet, plan, keys)
    if not table.cells:
        raise NotDrawn
    return _view(plan, fields, keys, table)


def _view(plan: Plan, fields: Mapping[str, Field], keys: Keys, table: Table) -> View:
    x = fields[plan.x]
    aggregate, step = _aggregate(plan, fields, table, keys), keys.step
    if keys.kind != "category":
        step, table = coarser(keys, table, MOST_POSITIONS)
        aggregate = aggregate or _aggregate(plan, fields, table, keys)
    groups = _groups(plan, fields, table)
    positions = _positions(plan, x, keys, table, groups, aggregate)
    shown, in_it = set(positions), set(groups)
    rows = sum(n for (key, group), n in table.rows.items() if key in shown and group in in_it)
    return View(
        name=plan.name,
        title=plan.title,
        type=cast(ViewType, plan.type),
        x=x.title or Text(x.name, "und"),
        x_type=_x_type(x),
        x_unit=x.unit,
        y=_title(fields[plan.y[0]]) if len(plan.y) == 1 else Text(),
        positions=_shorter([words(key) for key in positions]),
        series=tuple(_series(plan, fields, table, positions, groups, aggregate)),
        group=_title(fields[plan.group]) if plan.group else Text(),
        aggregate=aggregate,
        step=step,
        rows=rows,
        left_out=table.total - rows,
    )


def _shorter(positions: Sequence[str]) -> tuple[str, ...]:
    """Moments without the seconds, where none has any."""
    whole = all("T" in position and position.endswith(":00") for position in positions)
    return tuple(position.removesuffix(":00") for position in positions) if whole else tuple(positions)


def _x_type(x: Field) -> Literal["time", "number", "category"]:
    return "time" if x.type in TIMES else "number" if x.type in NUMBERS else "category"


def _title(field: Field) -> Text:
    return field.title or Text(field.name, "und")


def _aggregate(plan: Plan, fields: Mapping[str, Field], table: Table, keys: Keys) -> Aggregate:
    """As the view says, else the field; the mean where neither does, since not every number may be added up."""
    if not plan.y:
        return "count"
    if plan.aggregate:
        return cast(Aggregate, plan.aggregate)
    if not keys.step and all(n == 1 for n in table.rows.values()):
        return ""
    return fields[plan.y[0]].aggregation or "mean"


def _groups(plan: Plan, fields: Mapping[str, Field], table: Table) -> list[str | None]:
    """The largest, in the order of their names, or of the list that the field declares."""
    if not plan.group:
        return [None]
    sizes: dict[str, int] = {}
    for (_, group), rows in table.rows.items():
        if group is not None:
            sizes[group] = sizes.get(group, 0) + rows
    largest = sorted(sizes, key=lambda group: (-sizes[group], group))[:MOST_GROUPS]
    if not largest:
        raise NotDrawn
    return list[str | None](in_order(fields[plan.group], largest))


def in_order(field: Field, values: Sequence[str]) -> list[str]:
    listed = [str(value) for value in _listed(field)]
    places = {value: number for number, value in enumerate(listed)}
    return sorted(values, key=lambda value: (places.get(value, len(places)), value))


def _listed(field: Field) -> Sequence[object]:
    enum = field.constraints.get("enum")
    return enum if isinstance(enum, list | tuple) else field.listed("categories", ())


def _positions(
    plan: Plan,
    x: Field,
    keys: Keys,
    table: Table,
    groups: Sequence[str | None],
    aggregate: Aggregate,
) -> list[Key]:
    """In the order of time or number. Of categories the largest, in the order that the field declares, or falling."""
    found = list(dict.fromkeys(key for key, group in table.rows if key is not None and group in groups))
    most = MOST_ROWS if plan.type == "table" else MOST_BARS
    if keys.kind != "category":
        return filled(sorted(found)) if plan.type == "bar" and x.type in TIMES else sorted(found)
    size = {key: max(_number(table.cells.get((key, group)), aggregate) for group in groups) for key in found}
    falling = sorted(found, key=lambda key: (-size[key], str(key)))[:most]
    return list[Key](in_order(x, [str(key) for key in falling])) if _listed(x) else falling


def filled(keys: Sequence[Key]) -> list[Key]:
    """Years and months without gaps, since bars stand side by side; others as they are."""
    made: list[Key] = []
    if all(isinstance(key, int) for key in keys):
        first, last = int(str(keys[0])), int(str(keys[-1]))
        made = list(range(first, last + 1))
    elif all(isinstance(key, str) and _MONTH.fullmatch(key) for key in keys):
        first, last = (int(str(key)[:4]) * 12 + int(str(key)[5:]) - 1 for key in (keys[0], keys[-1]))
        made = [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(first, last + 1)]
    return made if len(keys) < len(made) <= MOST_POSITIONS else list(keys)


_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


def _number(cells: Sequence[Cell] | None, aggregate: Aggregate) -> float:
    value = cells[0].value(aggregate) if cells else None
    return float(value) if value is not None else float("-inf")


def _series(
    plan: Plan,
    fields: Mapping[str, Field],
    table: Table,
    positions: Sequence[Key],
    groups: Sequence[str | None],
    aggregate: Aggregate,
) -> list[Series]:
    made = []
    for group in groups:
        for number, name in enumerate(plan.y or ("",)):
            cells = [found[number] if (found := table.cells.get((key, group))) else None for key in positions]
            values = tuple(cell.text(aggregate) if cell else None for cell in cells)
            counts = tuple(cell.count if cell else 0 for cell in cells) if aggregate not in ("", "count") else ()
            label = Text(group, "und") if group is not None else _title(fields[name]) if name else Text()
            unit = fields[name].unit if name and aggregate != "count" else ""
            made.append(Series(label, values, unit, counts))
    if all(value is None for series in made for value in series.values):
        raise NotDrawn
    return made
