"""The values of pictures, from the Parquet file of a table that is open: read once more, by the columns they need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from generator.public import ColumnStatistics, Schema, View
from generator.text import Text
from generator.views import Plan, suggested
from generator.views import places as places_in


def views_of(
    parquet: Path, schema: Schema, plans: Sequence[Plan], statistics: Sequence[ColumnStatistics] = ()
) -> tuple[View, ...]:
    """Those that are declared, then what the schema suggests. What cannot be drawn is left out: a column of times that
    is kept as text, say."""
    names = {plan.name: plan.asked for plan in plans}
    drawn = _drawn(parquet, schema, [*plans, *_suggested(schema, plans)], statistics)
    return tuple(replace(view, asked=names.get(view.name)) for view in drawn)


def _drawn(
    parquet: Path, schema: Schema, plans: Sequence[Plan], statistics: Sequence[ColumnStatistics]
) -> Iterator[View]:
    if not plans:
        return
    from generator.tables.views.draw import NotDrawn, draw

    known = {column.name: column for column in statistics}
    for plan in plans:
        try:
            yield draw(parquet, schema, _placed(plan, schema), known)
        except NotDrawn:
            continue


def _placed(plan: Plan, schema: Schema) -> Plan:
    """A map that names no columns is of those that are known for places."""
    place = places_in(schema) if plan.type == "map" and not plan.x else ()
    return replace(plan, x=place[0], y=place[1:]) if place else plan


def _suggested(schema: Schema, plans: Sequence[Plan]) -> Iterator[Plan]:
    taken = {plan.name for plan in plans}
    for plan in suggested(schema, plans):
        name = plan.name
        while name in taken:
            name += "-auto"
        taken.add(name)
        yield replace(plan, name=name)


def map_of(file: Path, plan: Plan | None = None) -> tuple[View, ...]:
    """Of a GeoJSON file; nothing where it is too large to be read whole, or holds no places."""
    from generator.tables.views.geojson import read_shapes

    shapes = read_shapes(file)
    if shapes is None:
        return ()
    name, title = (plan.name, plan.title) if plan else ("map", Text())
    return (View(name, title, "map", rows=shapes.total, shapes=shapes, asked=plan.asked if plan else None),)
