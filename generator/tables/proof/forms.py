"""The form of each declared type, with its constraints."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from generator.tables.proof.found import Form, Found
from generator.tables.proof.plain_values import PLAIN, SOME_DAY, YEARMONTH, Plain, datetime_form, doubtful
from generator.tables.proof.text_forms import matches, text_form

_BOUNDS = {
    "minimum": pc.greater_equal,
    "maximum": pc.less_equal,
    "exclusiveMinimum": pc.greater,
    "exclusiveMaximum": pc.less,
}
_STRICT_BOUNDS = {**_BOUNDS, "minimum": pc.greater, "maximum": pc.less}
_LOWER = ("minimum", "exclusiveMinimum")
_STRING_FORMATS = ("uri", "email", "uuid", "binary", "wkt")


def form_of(described: Any) -> tuple[Form, str]:
    """The form of a field's type with its constraints, and the kind of its values."""
    constraints = {
        name: value
        for name, value in described.constraints.items()
        if value is not None and name in described.supported_constraints and name != "required"
    }
    if described.type in ("string", "any"):
        free = described.type == "any" or described.format not in _STRING_FORMATS
        return text_form(constraints, free=free), "text"
    if described.type == "boolean" and not constraints:
        return boolean_form(described), "boolean"
    if described.type == "yearmonth" and not constraints:
        return yearmonths, "yearmonth"
    if described.type not in PLAIN or described.format != "default" or not _is_plain(described):
        return doubtful, ""
    plain = PLAIN[described.type]
    bounds = [(name, _comparable(described, value)) for name, value in constraints.items() if name in _BOUNDS]
    if any(bound is None for _, bound in bounds):
        return doubtful, plain.kind
    members = _members(described, constraints)
    if len(bounds) + (members is not None) < len(constraints):
        return doubtful, plain.kind
    if described.type == "datetime" and not constraints:
        return datetime_form, plain.kind
    return partial(_plain_form, plain, _Within(tuple(bounds), members, strict=described.type == "number")), plain.kind


def _plain_form(plain: Plain, within: _Within, text: pa.StringArray) -> Found:
    found = plain.find(text)
    if found.values is None:
        return found
    return Found(found.values, within.sure(found.values, found.sure), found.plain)


@dataclass(frozen=True, slots=True)
class _Within:
    """Bounds of values, and lists of them."""

    bounds: tuple[tuple[str, Any], ...]
    members: pa.Array | None
    strict: bool
    """Doubles stand for decimals: what equals a bound is not known to be within it."""

    def sure(self, values: pa.Array, sure: pa.BooleanArray | None) -> pa.BooleanArray | None:
        if self.bounds and not self._is_all_inside(values):
            for name, bound in self.bounds:
                inside = (_STRICT_BOUNDS if self.strict else _BOUNDS)[name](values, pa.scalar(bound, values.type))
                sure = inside if sure is None else pc.and_kleene(sure, inside)
        if self.members is not None:
            listed = pc.is_in(values, value_set=self.members.cast(values.type))
            sure = listed if sure is None else pc.and_kleene(sure, listed)
        return sure

    def _is_all_inside(self, values: pa.Array) -> bool:
        """By the least and the greatest alone."""
        compare = _STRICT_BOUNDS if self.strict else _BOUNDS
        ends = _ends_of_doubles(values) if pa.types.is_floating(values.type) else pc.min_max(values)
        return all(
            compare[name](ends["min" if name in _LOWER else "max"], pa.scalar(bound, values.type)).as_py() is not False
            for name, bound in self.bounds
        )


def _ends_of_doubles(values: pa.DoubleArray) -> Mapping[str, pa.Scalar]:
    """NaN, which is in no order, is both if there is one. (Numpy takes a tenth of the time of Arrow.)"""
    if values.null_count:
        values = values.drop_null()
    if not len(values):
        return {"min": pa.scalar(None, pa.float64()), "max": pa.scalar(None, pa.float64())}
    numbers = values.to_numpy()
    return {"min": pa.scalar(float(numbers.min())), "max": pa.scalar(float(numbers.max()))}


def _members(described: Any, constraints: dict[str, Any]) -> pa.Array | None:
    """The values of an ``enum`` of whole numbers."""
    listed = constraints.get("enum")
    if described.type not in ("integer", "year") or not isinstance(listed, list):
        return None
    read = described.create_value_reader()
    values = [read(value) for value in listed]
    if not all(type(value) is int and -(2**63) <= value < 2**63 for value in values):
        return None
    return pa.array(values, pa.int64())


def boolean_form(described: Any) -> Form:
    """A text that is listed on both sides is false for frictionless."""
    texts = dict.fromkeys(described.true_values, True) | dict.fromkeys(described.false_values, False)
    members = pa.array(list(texts), pa.string())
    meanings = pa.array(list(texts.values()), pa.bool_())

    def form(text: pa.StringArray) -> Found:
        places = pc.index_in(text, value_set=members)
        values = meanings.take(places)
        known = places.null_count == text.null_count
        return Found(values, None if known else pc.is_valid(places), plain=known)

    return form


def yearmonths(text: pa.StringArray) -> Found:
    sure = matches(YEARMONTH, text)
    return Found(text if pc.all(sure).as_py() is not False else None, sure)


def _is_plain(described: Any) -> bool:
    """Numbers without affixes, group characters or a decimal mark of their own."""
    if described.type == "integer":
        return bool(described.bare_number)
    if described.type == "number":
        return bool(described.bare_number and described.decimal_char == "." and not described.group_char)
    return True


def _comparable(described: Any, constraint: Any) -> Any:
    """A bound as a value of the column's Arrow type; None when it is not exactly one."""
    bound = described.create_value_reader()(constraint)
    if described.type in ("integer", "year") and type(bound) is int:
        return bound if -(2**63) <= bound < 2**63 else None
    if described.type == "number" and bound is not None:
        number = float(bound)
        return number if abs(number) < float("inf") else None
    if described.type == "date" and type(bound) is datetime.date:
        return bound
    if described.type == "datetime" and isinstance(bound, datetime.datetime) and bound.tzinfo is None:
        return bound
    if described.type == "time" and type(bound) is datetime.time and bound.tzinfo is None and not bound.microsecond:
        return datetime.datetime.combine(SOME_DAY, bound)
    return None
