"""A Table Schema reduced to what the standard says of it, in one form, whether an author or Kaishu wrote it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

CONSTRAINTS = (
    "required", "unique", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    "jsonSchema", "pattern", "enum",
)  # fmt: skip
FIELD_PROPERTIES = (
    "trueValues", "falseValues", "decimalChar", "groupChar", "bareNumber", "missingValues", "rdfType", "example",
    "examples", "categories", "categoriesOrdered", "itemType", "delimiter",
)  # fmt: skip
"""What may be published of a field, besides its name, type, format and texts."""

_OF_A_VALUE = ("value", "label")
_TEXTS = ("title", "title_en", "description", "description_en", "unit")


def plain_schema(schema: Any, resource: str) -> dict[str, Any] | None:
    """``resource``: its name, which keys into the table itself may give or leave out. None for no schema."""
    listed = schema.get("fields") if isinstance(schema, Mapping) else None
    if not isinstance(listed, list) or not isinstance(schema, Mapping):
        return None
    key = schema.get("primaryKey")
    keys = [
        one for part in ("foreignKeys", "references") if isinstance(found := schema.get(part), list) for one in found
    ]
    missing = schema.get("missingValues")
    return {
        "fields": [_field(field) for field in listed if isinstance(field, Mapping)],
        "primaryKey": [key] if isinstance(key, str) else key if isinstance(key, list) else [],
        "foreignKeys": [_foreign_key(one, resource) for one in keys if isinstance(one, Mapping)],
        "missingValues": missing if isinstance(missing, list) else [""],
    }


def _field(field: Mapping[str, Any]) -> dict[str, Any]:
    constraints = field.get("constraints")
    return {
        "name": str(field.get("name") or ""),
        "type": str(field.get("type") or "any"),
        "format": str(field.get("format") or "default"),
        **{key: text for key in _TEXTS if (text := str(field.get(key) or "").strip())},
        "constraints": allowed(constraints, CONSTRAINTS),
        **allowed(field, FIELD_PROPERTIES),
    }


def allowed(values: Any, names: Sequence[str]) -> dict[str, Any]:
    """The properties of these names, as far as their values are plain: within an object could stand anything."""
    if not isinstance(values, Mapping):
        return {}
    found = {name: _plain(values[name]) for name in names if name in values}
    return {name: value for name, value in found.items() if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        kept = [item for item in map(_plain, value) if item is not None]
        return kept if kept or not value else None
    if isinstance(value, Mapping):  # a category or a missing value with its label
        kept_of_it = {key: value[key] for key in _OF_A_VALUE if isinstance(value.get(key), str | int | float)}
        return kept_of_it if "value" in kept_of_it else None
    return value if isinstance(value, str | int | float) else None


def _foreign_key(key: Mapping[str, Any], resource: str) -> dict[str, Any]:
    reference = key.get("reference")
    known = reference if isinstance(reference, Mapping) else {}
    target = known.get("resource")
    return {
        "fields": key.get("fields"),
        "reference": {"resource": "" if target == resource else target or "", "fields": known.get("fields")},
    }
