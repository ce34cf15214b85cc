"""Views: the pictures that a descriptor declares, and those that a table's columns suggest. Nothing is drawn here.

``views`` of a descriptor is an idea of Frictionless that never got beyond a draft. Ours says the same in fewer words;
the draft's form (``specType: simple`` with ``spec.type``, ``spec.group``, ``spec.series``) is understood as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast, get_args

from generator.pictures import Asked, ViewType
from generator.structure import Aggregate, Field, Schema
from generator.text import Text, slug, stated_languages, text_of

TYPES: tuple[str, ...] = get_args(ViewType)
AGGREGATES = tuple(name for name in get_args(Aggregate) if name)
TIMES = ("date", "datetime", "year", "yearmonth")
NUMBERS = ("integer", "number")
NOT_AN_AXIS = ("object", "array", "geojson", "list")
EAST = ("longitude", "lng", "lon", "long", "经度")
NORTH = ("latitude", "lat", "纬度")
FARTHEST = 1e9
"""Coordinates beyond are none, whatever their unit."""
MOST_LINES = 5
"""In one picture that nobody asked for."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be drawn."""

    name: str
    type: str
    """One of ``TYPES``; what the descriptor says, if that is something else."""
    resource: str = ""
    title: Text = field(default_factory=Text)
    x: str = ""
    y: tuple[str, ...] = ()
    group: str = ""
    aggregate: str = ""

    @property
    def asked(self) -> Asked:
        return Asked(self.x, self.y, self.group, aggregation_of({"aggregation": self.aggregate}))


def aggregation_of(values: Mapping[str, Any]) -> Aggregate:
    """Of a field, as its descriptor declares it."""
    stated = values.get("aggregation")
    return cast(Aggregate, stated) if stated in AGGREGATES else ""


# --- declared


def declared(descriptor: Mapping[str, Any]) -> list[Plan]:
    """Those of a form that is understood, whether they can be drawn or not."""
    listed = descriptor.get("views")
    entries = [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []
    languages = stated_languages(descriptor)
    names: set[str] = set()
    plans = []
    for number, entry in enumerate(entries, 1):
        if not is_foreign(entry):
            plans.append(_plan(entry, _free(_name(entry, number), names), languages))
    return [_placed(plan, descriptor) for plan in plans]


def is_foreign(entry: Mapping[str, Any]) -> bool:
    """Made for another program: a Vega, Plotly or Observable picture, say."""
    return _text(entry.get("specType")) not in ("", "simple")


def _name(entry: Mapping[str, Any], number: int) -> str:
    """Without dots: the name of its file has one after the resource's name."""
    return slug(_text(entry.get("name"))).replace(".", "-") or f"view-{number}"


def _free(name: str, taken: set[str]) -> str:
    found, number = name, 2
    while found in taken:
        found, number = f"{name}-{number}", number + 1
    taken.add(found)
    return found


def _plan(entry: Mapping[str, Any], name: str, languages: Sequence[str]) -> Plan:
    spec = entry.get("spec")
    if isinstance(spec, Mapping):  # the draft's words
        listed = entry.get("resources")
        first = listed[0] if isinstance(listed, list) and listed else ""
        entry = {"resource": first, "type": spec.get("type"), "x": spec.get("group"), "y": spec.get("series"), **entry}
    return Plan(
        name,
        _text(entry.get("type")),
        _text(entry.get("resource")),
        text_of(entry, "title", languages),
        _text(entry.get("x")),
        _names(entry.get("y")),
        _text(entry.get("group")),
        _text(entry.get("aggregate")),
    )


def _placed(plan: Plan, descriptor: Mapping[str, Any]) -> Plan:
    """Where there is one resource, it need not be named."""
    resources = descriptor.get("resources")
    if plan.resource or not isinstance(resources, list) or len(resources) != 1 or not isinstance(resources[0], Mapping):
        return plan
    name = _text(resources[0].get("name"))
    return Plan(plan.name, plan.type, name, plan.title, plan.x, plan.y, plan.group, plan.aggregate)


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _names(value: Any) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(name for each in listed if (name := _text(each))))


# --- suggested by the schema


def suggested(schema: Schema, declared: Sequence[Plan]) -> Iterator[Plan]:
    """Of a table: its measures in the course of time, and its places. Not where its author has drawn the like."""
    kinds = {plan.type for plan in declared}
    if not kinds & {"line", "area"}:
        yield from _courses(schema)
    if "map" not in kinds and (place := places(schema)):
        yield Plan("map", "map", x=place[0], y=place[1:])


def _courses(schema: Schema) -> Iterator[Plan]:
    """One picture for each unit, at most two."""
    times = [f for f in schema.fields if f.type in TIMES]
    keyed = [f for f in times if f.name in schema.primary_key]
    if not times:
        return
    time = (keyed or times)[0]
    by_unit: dict[tuple[str, str], list[str]] = {}
    for measure in _measures(schema, time):
        by_unit.setdefault((measure.unit, measure.aggregation), []).append(measure.name)
    for number, names in enumerate(list(by_unit.values())[:2], 1):
        yield Plan(f"series-{number}", "line", x=time.name, y=tuple(names[:MOST_LINES]))


def _measures(schema: Schema, time: Field) -> list[Field]:
    """Numbers with a unit, or declared to be put together; else numbers of a table whose key is the time alone.

    Where the key tells things and not moments (service points with the day of their last update), a unit is no reason.
    """
    linked = {name for key in schema.foreign_keys for name in key.fields} | {*schema.primary_key, *places(schema)}
    numbers = [f for f in schema.fields if f.type in NUMBERS and f.name not in linked and not is_degree(f)]
    of_things = bool(schema.primary_key) and time.name not in schema.primary_key
    stated = [f for f in numbers if f.aggregation or (f.unit and not of_things)]
    alone = schema.primary_key in ((), (time.name,))
    return stated or ([f for f in numbers if f.type == "number" or schema.primary_key] if alone else [])


def is_degree(field: Field) -> bool:
    return field.unit in ("度", "°", "degree", "degrees", "deg") and _is_axis(field, (*EAST, *NORTH))


def places(schema: Schema) -> tuple[str, ...]:
    """The column of type geopoint, or those of east and north; empty where there are none, or where it is unclear."""
    points = [f.name for f in schema.fields if f.type == "geopoint"]
    if points:
        return (points[0],)
    east, north = (
        [f.name for f in schema.fields if f.type == "number" and _is_axis(f, names)] for names in (EAST, NORTH)
    )
    return (east[0], north[0]) if len(east) == len(north) == 1 else ()


def _is_axis(field: Field, names: Sequence[str]) -> bool:
    said = str(field.properties.get("rdfType") or "").lower()
    name = field.name.lower()
    return name in names or field.title.main in names or any(said.endswith(f"wgs84_pos#{each}") for each in names)
