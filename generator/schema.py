"""A Table Schema reduced to what the standard says of it, in one form, whether an author or Kaishu wrote it."""

from __future__ import annotations

from collections.abc import Mapping
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
    known = constraints if isinstance(constraints, Mapping) else {}
    return {
        "name": str(field.get("name") or ""),
        "type": str(field.get("type") or "any"),
        "format": str(field.get("format") or "default"),
        **{key: text for key in _TEXTS if (text := str(field.get(key) or "").strip())},
        "constraints": {key: known[key] for key in CONSTRAINTS if key in known},
        **{key: field[key] for key in FIELD_PROPERTIES if key in field},
    }


def _foreign_key(key: Mapping[str, Any], resource: str) -> dict[str, Any]:
    reference = key.get("reference")
    known = reference if isinstance(reference, Mapping) else {}
    target = known.get("resource")
    return {
        "fields": key.get("fields"),
        "reference": {"resource": "" if target == resource else target or "", "fields": known.get("fields")},
    }
