"""What a change of a table's schema means to those who use it: compatible, or breaking.

Breaking is what makes a reader of the former table fail, or misread: a field is gone, has another name, type, format
or unit, its values are held to a narrower constraint, a key is another one. Told from two schemas alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

Descriptor = Mapping[str, Any]

WIDER: Mapping[str, tuple[str, ...]] = {"integer": ("number",), "year": ("integer", "number")}
"""Types whose values all are values of another one, written in the same way."""
_LOWER_BOUNDS = ("minimum", "exclusiveMinimum", "minLength")
_UPPER_BOUNDS = ("maximum", "exclusiveMaximum", "maxLength")
_HOW_VALUES_ARE_WRITTEN = (
    *("decimalChar", "groupChar", "bareNumber", "trueValues", "falseValues", "delimiter", "itemType"),
    "missingValues",
)
_MAIN = re.compile(r"\D*(\d+)")


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """One change of one field, or of the keys."""

    what: str
    """``field-removed``, ``field-added``, ``field-renamed``, ``type``, ``format``, ``unit``, ``constraint``,
    ``written`` (how values are written), ``order``, ``primary-key``, ``foreign-key``, ``missing-values``,
    ``schema-removed``, ``schema-added``, ``text`` (a title or description)."""
    breaking: bool
    field: str = ""
    property: str = ""
    """The constraint, or the property."""
    before: str = ""
    after: str = ""


def compare_schemas(before: Descriptor | None, after: Descriptor | None) -> tuple[SchemaChange, ...]:
    """The breaking ones first. ``None`` for a table whose schema nobody wrote."""
    if before is None or after is None:
        if before is after:
            return ()
        gone = after is None
        return (SchemaChange("schema-removed" if gone else "schema-added", gone),)
    found = [*_fields(before, after), *_keys(before, after)]
    return tuple(sorted(found, key=lambda change: not change.breaking))


def renamed_fields(before: Descriptor, after: Descriptor) -> dict[str, str]:
    """Former name → new one: a field that went, and one that came with the same title and type, or in its place."""
    old, new = _by_name(before), _by_name(after)
    gone = {name: number for number, name in enumerate(old) if name not in new}
    come = {name: number for number, name in enumerate(new) if name not in old}
    found: dict[str, str] = {}
    for same in (_same_title, _same_description):
        for name in gone:
            likely = [other for other in come if other not in found.values() and same(old[name], new[other])]
            if name not in found and len(likely) == 1:
                found[name] = likely[0]
    for name, number in gone.items():
        there = [other for other, place in come.items() if place == number and other not in found.values()]
        if name not in found and there and len(old) == len(new) and _may_be_one(old[name], new[there[0]]):
            found[name] = there[0]
    return found


def _may_be_one(one: Descriptor, other: Descriptor) -> bool:
    """In one place and of one type. Two titles that differ say that it is something else."""
    return _type(one) == _type(other) and not (one.get("title") and other.get("title"))


def asks_for_version(before: object, after: object) -> bool:
    """Whether a breaking change came without a new major version: its first number must rise. Of versions without
    any number, another one will do."""
    old, new = _main(before), _main(after)
    if old is None or new is None:
        return not after or (old is None and str(before or "") == str(after or "")) or (old is not None)
    return new <= old


def next_version(before: object) -> str:
    """An example of what to write."""
    number = _main(before)
    return f"{(1 if number is None else number) + 1}.0.0"


def _main(version: object) -> int | None:
    found = _MAIN.match(str(version)) if isinstance(version, str | int | float) else None
    return int(found[1]) if found and len(found[1]) < 20 else None


def _by_name(schema: Descriptor) -> dict[str, Descriptor]:
    listed = schema.get("fields")
    fields = [field for field in listed if isinstance(field, Mapping)] if isinstance(listed, list) else []
    return {str(field.get("name")): field for field in fields}


def _type(field: Descriptor) -> str:
    return str(field.get("type") or "any")


def _same_title(one: Descriptor, other: Descriptor) -> bool:
    return bool(one.get("title")) and one.get("title") == other.get("title") and _type(one) == _type(other)


def _same_description(one: Descriptor, other: Descriptor) -> bool:
    told = one.get("description")
    return bool(told) and told == other.get("description") and _type(one) == _type(other)


# --- fields


def _fields(before: Descriptor, after: Descriptor) -> Iterator[SchemaChange]:
    old, new = _by_name(before), _by_name(after)
    renamed = renamed_fields(before, after)
    for name, field in old.items():
        if name in renamed:
            yield SchemaChange("field-renamed", True, name, "name", name, renamed[name])
            yield from _field(renamed[name], field, new[renamed[name]])
        elif name not in new:
            yield SchemaChange("field-removed", True, name, before=_type(field))
        else:
            yield from _field(name, field, new[name])
    added = [name for name in new if name not in old and name not in renamed.values()]
    yield from (SchemaChange("field-added", False, name, after=_type(new[name])) for name in added)
    stayed = [renamed.get(name, name) for name in old if name in new or name in renamed]
    ordered = [name for name in new if name in stayed]
    if stayed != ordered:
        yield SchemaChange("order", False, before=", ".join(stayed), after=", ".join(ordered))


def _field(name: str, before: Descriptor, after: Descriptor) -> Iterator[SchemaChange]:
    types = _type(before), _type(after)
    if types[0] != types[1]:
        yield SchemaChange("type", types[1] not in WIDER.get(types[0], ()), name, "type", *types)
    formats = [str(field.get("format") or "default") for field in (before, after)]
    if formats[0] != formats[1]:
        yield SchemaChange("format", True, name, "format", *formats)
    if before.get("unit") != after.get("unit"):
        # Values that meant one thing mean another; a unit that is told for the first time changes none.
        yield SchemaChange("unit", bool(before.get("unit")), name, "unit", *_words(before, after, "unit"))
    for key in _HOW_VALUES_ARE_WRITTEN:
        if before.get(key) != after.get(key):
            yield SchemaChange("written", key != "missingValues", name, key, *_words(before, after, key))
    yield from _constraints(name, _mapping(before, "constraints"), _mapping(after, "constraints"))
    for key in ("title", "title_en", "description", "description_en"):
        if (before.get(key) or "") != (after.get(key) or ""):
            yield SchemaChange("text", False, name, key, *_words(before, after, key))


def _constraints(name: str, before: Descriptor, after: Descriptor) -> Iterator[SchemaChange]:
    for key in sorted({*before, *after}):
        # `required: false` says what saying nothing says.
        if (before.get(key) or None) == (after.get(key) or None) and _is_nothing(before.get(key)) == _is_nothing(
            after.get(key)
        ):
            continue
        yield SchemaChange(
            "constraint", _is_tighter(key, before.get(key), after.get(key)), name, key, *_words(before, after, key)
        )


def _is_nothing(value: object) -> bool:
    return value is None or value is False


def _is_tighter(key: str, before: Any, after: Any) -> bool:
    if _is_nothing(after):
        return False
    if _is_nothing(before):
        return True
    if key == "enum" and isinstance(before, list) and isinstance(after, list):
        return not {_json(value) for value in before} <= {_json(value) for value in after}
    if key in _LOWER_BOUNDS or key in _UPPER_BOUNDS:
        return _is_above(after, before) if key in _LOWER_BOUNDS else _is_above(before, after)
    return True


def _is_above(one: Any, other: Any) -> bool:
    """Of bounds that cannot be compared, it is taken to be so."""
    try:
        return float(one) > float(other)
    except (TypeError, ValueError):
        return str(one) > str(other)  # dates


# --- keys and what stands for nothing


def _keys(before: Descriptor, after: Descriptor) -> Iterator[SchemaChange]:
    keys = _names(before.get("primaryKey")), _names(after.get("primaryKey"))
    renamed = renamed_fields(before, after)
    former = [renamed.get(name, name) for name in keys[0]]
    if former != keys[1]:
        # The same fields in another order tell the same rows apart.
        breaking = sorted(former) != sorted(keys[1])
        yield SchemaChange(
            "primary-key", breaking, property="primaryKey", before=", ".join(keys[0]), after=", ".join(keys[1])
        )
    old, new = _foreign_keys(before), _foreign_keys(after)
    for key in [key for key in old if key not in new]:
        yield SchemaChange("foreign-key", False, property="foreignKeys", before=key)
    for key in [key for key in new if key not in old]:
        yield SchemaChange("foreign-key", True, property="foreignKeys", after=key)
    missing = [schema.get("missingValues", [""]) for schema in (before, after)]
    if missing[0] != missing[1]:
        yield SchemaChange("missing-values", False, "", "missingValues", *map(_json, missing))


def _names(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else [str(name) for name in value] if isinstance(value, list) else []


def _foreign_keys(schema: Descriptor) -> list[str]:
    listed = [
        key for part in ("foreignKeys", "references") if isinstance(found := schema.get(part), list) for key in found
    ]
    return sorted(_foreign_key(key) for key in listed if isinstance(key, Mapping))


def _foreign_key(key: Descriptor) -> str:
    reference = _mapping(key, "reference")
    fields, theirs = _names(key.get("fields")), _names(reference.get("fields"))
    return ", ".join(f"{one} → {reference.get('resource') or ''}.{other}" for one, other in zip_longest(fields, theirs))


def _mapping(value: Descriptor, key: str) -> Descriptor:
    found = value.get(key)
    return found if isinstance(found, Mapping) else {}


def _words(before: Descriptor, after: Descriptor, key: str) -> tuple[str, str]:
    return _word(before.get(key)), _word(after.get(key))


def _word(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
