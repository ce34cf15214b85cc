"""Frictionless's own judgement of a table, whole: what it finds, also where it crashes or would not come to an end."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import FrameType
from typing import TYPE_CHECKING, Any

from generator.tables.guard import PatternTimeout, guarded

if TYPE_CHECKING:
    import frictionless

_LONGEST = 100
"""Characters of a cell or a pattern that a note shows."""


def judge(resource: frictionless.Resource, *, limit_errors: int) -> frictionless.Report:
    """The report of ``resource.validate()``.

    Where that would raise what is no ``FrictionlessException``, or never end because of a pattern, the report has what
    was found until then and an error of type ``check-crashed`` or ``pattern-timeout``.
    """
    import frictionless

    if resource.datatype != "table":
        return resource.validate(limit_errors=limit_errors)  # no cells are read
    start = time.perf_counter()
    found: list[Any] = []
    try:
        with guarded(resource):
            return resource.validate(limit_errors=limit_errors, on_row=lambda row: found.extend(row.errors))
    except frictionless.FrictionlessException:
        raise
    except Exception as exception:  # of the library, on data or on a schema
        return _stopped(resource, exception, found, time.perf_counter() - start)


def _stopped(resource: Any, exception: Exception, found: Sequence[Any], seconds: float) -> frictionless.Report:
    from frictionless import Report

    place = _Place.of(exception)
    labels, before = ([], []) if place.opening else (resource.labels, resource.header.errors)
    report: frictionless.Report = Report.from_validation_task(
        resource,
        time=round(seconds, 3),
        labels=labels,
        errors=[*before, *found, _error(exception, place)],
        warnings=["the rest of the table was not judged"],
    )
    return report


def _error(exception: Exception, place: _Place) -> Any:
    from generator.tables import own_errors

    if isinstance(exception, PatternTimeout):
        place = replace(place, property="pattern", value=exception.pattern.removeprefix("^").removesuffix("$"))
        note = f"whether the cell matches was not found out in time: {place}"
        return own_errors.PatternTimeoutError(note=note, **place.known())
    note = f"frictionless crashes here and gives no report: {place} ({type(exception).__name__}: {exception})"
    return own_errors.CheckCrashedError(note=note, **place.known())


@dataclass(frozen=True, slots=True)
class _Place:
    """What the library was doing when it was stopped, as far as its frames tell. Its exceptions do not say it."""

    opening: bool = False
    reference: str = ""
    """The table that was being read for a foreign key: then row and cell are its own."""
    row: Any = None
    field: str = ""
    number: int | None = None
    cell: str | None = None
    property: str = ""
    """Of the field or of the schema."""
    value: str = ""
    """Of the property."""

    @classmethod
    def of(cls, exception: Exception) -> _Place:
        place, trace = cls(), exception.__traceback__
        while trace is not None:
            place = replace(place, **dict(_seen(trace.tb_frame)))
            trace = trace.tb_next
        return place

    def known(self) -> dict[str, Any]:
        """For an error in the table itself."""
        found: dict[str, Any] = {"field_name": self.field, "reference": self.reference}
        found |= {"property": self.property, "value": self.value}
        if self.row is not None and not self.reference:
            cells = ["" if cell is None else str(cell) for cell in self.row.cells]
            found |= {"row_number": self.row.row_number, "cells": cells, "cell": self.cell}
            found |= {"field_number": self.number}
        return {name: value for name, value in found.items() if value not in ("", None)}

    def __str__(self) -> str:
        parts = {
            "in the referenced table": self.reference,
            "row": self.row and self.row.row_number,
            "field": self.field,
            "cell": self.cell,
            self.property: self.value or "-",
        }
        return ", ".join(f'{name} "{str(part)[:_LONGEST]}"' for name, part in parts.items() if name and part)


def _seen(frame: FrameType) -> Iterator[tuple[str, Any]]:
    """What one frame of the library adds."""
    from frictionless import Field, Schema
    from frictionless.resources import TableResource
    from frictionless.table.row import Row

    name, local = frame.f_code.co_name, frame.f_locals
    this = local.get("self")
    if isinstance(this, TableResource):
        if name == "open":
            yield "opening", True
        elif name.endswith("open_lookup"):
            yield from _of_lookup(local)
        elif name == "row_stream":
            yield from _of_keys(local)
    elif isinstance(this, Row) and "handler" in local:
        yield from {"row": this, "field": local["handler"].field.name, "number": local["handler"].field_number}.items()
        yield "cell", "" if local.get("source") is None else str(local["source"])
    elif isinstance(this, Field):
        yield "field", this.name
        if local.get("name") in this.supported_constraints:
            yield from {"property": local["name"], "value": str(this.constraints.get(local["name"]))}.items()
    elif isinstance(this, Schema):
        yield "property", "schema"


def _of_lookup(local: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "property", "foreignKeys"
    yield "value", ", ".join(local["fk"]["fields"])
    yield "field", ", ".join(local["fk"]["fields"])
    yield "reference", local.get("source_name") or local["self"].name
    yield "row", local.get("row")


def _of_keys(local: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The library compares the keys of a row one after the other: unique fields, the primary key, foreign keys."""
    yield "row", local.get("row")
    schema = local["self"].schema
    if not isinstance(local.get("cells"), tuple):
        if "field_name" in local:
            yield from {"field": local["field_name"], "property": "unique", "cell": _text(local.get("cell"))}.items()
    elif "group" in local:
        yield from {"field": ", ".join(local["group"]["targetKey"]), "property": "foreignKeys"}.items()
    else:
        yield from {"field": ", ".join(schema.primary_key), "property": "primaryKey"}.items()


def _text(value: Any) -> str:
    return "" if value is None else str(value)
