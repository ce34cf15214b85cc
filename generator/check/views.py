"""Whether what a descriptor wants to be drawn can be drawn: its resource, its columns and their types."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from generator import views
from generator.check.place import in_descriptor, is_withheld, named, shown
from generator.model import Catalog, Package, paths_of
from generator.problems import Problem
from generator.structure import Field, Schema
from generator.text import Text
from generator.views import NOT_AN_AXIS, NUMBERS, TIMES, Plan

WHY = {
    "withheld": ("这个资源不是无条件开放，不公开它的图", "the resource is not open, and no picture of it is published"),
    "no-table": ("这个资源没有 schema，也不是 GeoJSON，画不了", "the resource has no schema and is no GeoJSON"),
    "shapes": ("GeoJSON 只能画成点位图，type 写 map", "of GeoJSON there can only be a map: type: map"),
    "not-number": ("纵轴要数值字段（integer 或 number）", "the y axis wants numbers (integer or number)"),
    "not-in-order": (
        "折线、面积和散点图的横轴要日期、年份或数值；按类别比较用 type: bar",
        "lines, areas and scatter plots want a date, a year or a number on the x axis; for categories take type: bar",
    ),
    "not-an-axis": ("这种类型的字段不能作横轴或分组", "a field of this type can be neither axis nor group"),
    "one-measure": ("散点图的 y 只能写一个字段", "a scatter plot wants one field as y"),
    "group-and-several": ("有 group 时 y 只能写一个字段", "with a group there can be one field as y"),
    "not-a-place": (
        "点位图的 x、y 要写经度、纬度的数值字段，或只写一个 geopoint 字段",
        "a map wants numeric fields of longitude and latitude, or one field of type geopoint",
    ),
}


def check_views(package: Package, _: Catalog, __: datetime.date) -> Iterator[Problem]:
    listed = package.descriptor.get("views")
    entries = [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []
    for entry in entries:
        if views.is_foreign(entry):
            value = shown(entry.get("specType"))
            yield in_descriptor(package, "view-foreign", field=f"views.{_number(listed, entry)}.specType", value=value)
    ours = [entry for entry in entries if not views.is_foreign(entry)]
    for entry, plan in zip(ours, views.declared(package.descriptor), strict=True):
        yield from _View(package, plan, _number(listed, entry)).problems()


def _number(listed: Any, entry: Mapping[str, Any]) -> int:
    """As ``property-invalid`` counts."""
    return next(number for number, each in enumerate(listed) if each is entry)


class _View:
    def __init__(self, package: Package, plan: Plan, number: int) -> None:
        self._package, self._plan, self._number = package, plan, number
        self._resource: Mapping[str, Any] | None = None

    def problems(self) -> Iterator[Problem]:
        plan = self._plan
        if plan.type not in views.TYPES:
            if not plan.type:
                yield self._lacks(
                    "type", "bar、line、area、scatter、map、table", "bar, line, area, scatter, map or table"
                )
            return
        if not plan.resource:
            yield self._lacks("resource", "要画的资源的标识符", "the name of the resource that is drawn")
            return
        resources = {named(resource): resource for resource in self._package.resources if named(resource)}
        self._resource = resources.get(plan.resource)
        if self._resource is None:
            yield self._unknown("resource", plan.resource, list(resources))
        elif is_withheld(self._package, self._resource):
            yield self._unfit("resource", plan.resource, "withheld")
        else:
            yield from self._of_resource(self._resource)

    def _of_resource(self, resource: Mapping[str, Any]) -> Iterator[Problem]:
        plan, fields = self._plan, _fields(resource)
        if not fields:
            shapes = any(path.lower().endswith((".geojson", ".json")) for path in paths_of(resource))
            if not shapes:
                yield self._unfit("resource", plan.resource, "no-table")
            elif plan.type != "map":
                yield self._unfit("type", plan.type, "shapes")
            return
        unknown = [
            (key, name)
            for key, names in (("x", (plan.x,)), ("y", plan.y), ("group", (plan.group,)))
            for name in names
            if name and name not in fields
        ]
        yield from (self._unknown(key, name, list(fields)) for key, name in unknown)
        if not unknown:
            yield from self._map(fields) if plan.type == "map" else self._chart(fields)

    def _map(self, fields: Mapping[str, Field]) -> Iterator[Problem]:
        plan = self._plan
        if not plan.x and not plan.y:
            if not views.places(Schema(tuple(fields.values()))):
                yield self._lacks(
                    "x",
                    "经度字段（y 写纬度字段），或 geopoint 字段",
                    "the field of longitude (y: latitude), or a geopoint",
                )
            return
        types = [fields[name].type for name in (plan.x, *plan.y) if name]
        if types != ["geopoint"] and (len(types) != 2 or any(each not in NUMBERS for each in types)):
            yield self._unfit("x", plan.x, "not-a-place")

    def _chart(self, fields: Mapping[str, Field]) -> Iterator[Problem]:
        plan = self._plan
        if not plan.x:
            yield self._lacks("x", "横轴字段的 name", "the name of a field")
            return
        if plan.type == "scatter" and not plan.y:
            yield self._lacks("y", "纵轴字段的 name", "the name of a field")
        yield from self._axes(fields)
        if plan.type == "scatter" and len(plan.y) > 1:
            yield self._unfit("y", ", ".join(plan.y), "one-measure")
        elif plan.group and len(plan.y) > 1:
            yield self._unfit("y", ", ".join(plan.y), "group-and-several")

    def _axes(self, fields: Mapping[str, Field]) -> Iterator[Problem]:
        plan = self._plan
        ordered = {"line": (*TIMES, *NUMBERS), "area": (*TIMES, *NUMBERS), "scatter": NUMBERS}.get(plan.type)
        if ordered and fields[plan.x].type not in ordered:
            yield self._unfit("x", plan.x, "not-in-order", fields)
        for key, name in (("x", plan.x), ("group", plan.group)):
            if name and fields[name].type in (*NOT_AN_AXIS, "geopoint") and not (key == "x" and ordered):
                yield self._unfit(key, name, "not-an-axis", fields)
        for name in plan.y:
            if fields[name].type not in NUMBERS:
                yield self._unfit("y", name, "not-number", fields)

    def _problem(self, name: str, key: str, value: str, **parts: Any) -> Problem:
        more = (("view", self._plan.name), *parts.pop("more", ()))
        field = f"views.{self._number}.{key}"
        return in_descriptor(
            self._package, name, resource=self._resource, field=field, value=shown(value), more=more, **parts
        )

    def _lacks(self, key: str, zh: str, en: str) -> Problem:
        return self._problem("view-lacks", key, "", more=(("key", key), ("expected_zh", zh), ("expected_en", en)))

    def _unknown(self, key: str, value: str, known: Sequence[str]) -> Problem:
        near = get_close_matches(value, known, 1, 0.6)
        zh, en = (f"是不是「{near[0]}」？", f" Did you mean “{near[0]}”?") if near else ("", "")
        listed = shown(", ".join(known))
        return self._problem(
            "view-unknown", key, value, expected=listed, more=(("key", key), ("near_zh", zh), ("near_en", en))
        )

    def _unfit(self, key: str, value: str, why: str, fields: Mapping[str, Field] | None = None) -> Problem:
        zh, en = WHY[why]
        if fields:
            zh, en = f"类型是 {fields[value].type}，{zh}", f"it is of type {fields[value].type}, and {en}"
        more = (("key", key), ("why_zh", zh), ("why_en", en))
        return self._problem("view-unfit", key, value, more=more)


def _fields(resource: Mapping[str, Any]) -> dict[str, Field]:
    """As declared, as far as it matters here."""
    schema = resource.get("schema")
    listed = schema.get("fields") if isinstance(schema, Mapping) else None
    found = {}
    for entry in listed if isinstance(listed, list) else ():
        if isinstance(entry, Mapping) and isinstance(name := entry.get("name"), str):
            said = entry.get("rdfType")
            properties = {"rdfType": said} if isinstance(said, str) else {}
            title = entry.get("title")
            found[name] = Field(
                name,
                str(entry.get("type") or "string"),
                Text(title if isinstance(title, str) else ""),
                unit=str(entry.get("unit") or ""),
                properties=properties,
            )
    return found
