"""The Table Schema of a published table, by an allow-list, and what its Parquet file says of itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from generator import public
from generator.schema import allowed
from generator.text import Text, text_properties
from generator.views import aggregation_of


def public_schema(
    schema: Any,
    fields: Sequence[Any],
    foreign_keys: Sequence[Mapping[str, Any]],
    text: Callable[[Mapping[str, Any], str], Text],
) -> public.Schema:
    """``schema`` and ``fields`` are frictionless's; ``text(field, "title")`` gives a text in both languages."""
    return public.Schema(
        fields=tuple(_public_field(field.to_descriptor(), text) for field in fields),
        primary_key=tuple(schema.primary_key),
        unique_keys=tuple(
            tuple(name for name in key if isinstance(name, str))
            for key in schema.custom.get("uniqueKeys", ())
            if isinstance(key, list)
        ),
        foreign_keys=tuple(
            public.ForeignKey(tuple(key["fields"]), key["reference"]["resource"], tuple(key["reference"]["fields"]))
            for key in foreign_keys
        ),
        missing_values=tuple(schema.missing_values),
    )


def _public_field(descriptor: Mapping[str, Any], text: Callable[[Mapping[str, Any], str], Text]) -> public.Field:
    return public.Field(
        name=descriptor["name"],
        type=descriptor["type"],
        title=text(descriptor, "title"),
        description=text(descriptor, "description"),
        unit=str(descriptor.get("unit") or ""),
        format=str(descriptor.get("format") or ""),
        aggregation=aggregation_of(descriptor),
        constraints=allowed(descriptor.get("constraints"), public.CONSTRAINTS),
        properties=allowed(descriptor, public.FIELD_PROPERTIES),
    )


def _standard_schema(schema: public.Schema) -> dict[str, Any]:
    """The published Table Schema, to travel inside the Parquet file."""
    found: dict[str, Any] = {"fields": [_standard_field(field) for field in schema.fields]}
    found["missingValues"] = list(schema.missing_values)
    if schema.primary_key:
        found["primaryKey"] = list(schema.primary_key)
    if schema.unique_keys:
        found["uniqueKeys"] = [list(key) for key in schema.unique_keys]
    return found


def _standard_field(field: public.Field) -> dict[str, Any]:
    said = {
        "name": field.name,
        "type": field.type,
        **text_properties("title", field.title),
        **text_properties("description", field.description),
        "unit": field.unit,
        "format": "" if field.format == "default" else field.format,
        "constraints": dict(field.constraints),
        **field.properties,
    }
    return {key: value for key, value in said.items() if value not in ("", {})}


def file_metadata(schema: public.Schema, about: Mapping[str, Any]) -> dict[str, str]:
    """What the Parquet file says of itself: the published descriptor of its resource, and the hash of that text."""
    said = json.dumps({**about, "schema": _standard_schema(schema)}, ensure_ascii=False, sort_keys=True)
    return {"kaishu:resource": said, "kaishu:resource-sha256": hashlib.sha256(said.encode()).hexdigest()}
