"""Write one valid table as canonical CSV and as Parquet."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator import public
from generator.tables import opening
from generator.tables.guard import protect
from generator.text import Text

if TYPE_CHECKING:
    import frictionless

_CONSTRAINTS = (
    "required", "unique", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    "jsonSchema", "pattern", "enum",
)  # fmt: skip
_PROPERTIES = (
    "trueValues", "falseValues", "decimalChar", "groupChar", "bareNumber", "missingValues", "rdfType", "example",
    "examples", "categories", "categoriesOrdered", "itemType", "delimiter",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ConvertedTable:
    csv: Path
    parquet: Path
    rows: int
    arrow_types: tuple[str, ...]
    """The Parquet columns' types as Arrow prints them, in the order of the schema's fields."""
    schema: public.Schema
    """Of the published files. A table without a schema has text columns only: publishing never infers."""
    preview: public.Preview


def convert_table(
    descriptor: Mapping[str, Any],
    resource_name: str,
    folder: Path,
    target: Path,
    *,
    stem: str,
    text: Callable[[Mapping[str, Any], str], Text],
    preview_rows: int = 20,
) -> ConvertedTable:
    """Write ``target/<stem>.csv`` and ``.parquet`` from a table that ``check_tables`` found valid.

    Only this resource is read, whatever its foreign keys. ``text(field, "title")`` makes a text in both languages out
    of a field's descriptor. Equal bytes in give equal bytes out.
    """
    from generator.tables.columns import read_columns
    from generator.tables.csv_file import write_csv
    from generator.tables.parquet import write_parquet
    from generator.tables.typed import typed_column

    with opening.offline():
        resource = _open(descriptor, resource_name, folder)
        with resource:
            columns = read_columns(resource)
    target.mkdir(parents=True, exist_ok=True)
    csv_path, parquet_path = target / f"{stem}.csv", target / f"{stem}.parquet"
    write_csv(columns, csv_path, source=_plain_source(resource))
    typed = [typed_column(column) for column in columns.columns]
    arrow_types = tuple(str(column.type) for column in typed)
    schema = _public_schema(resource, [c.field for c in columns.columns], arrow_types, text)
    metadata = {"kaishu:resource": json.dumps(_standard_schema(schema), ensure_ascii=False, sort_keys=True)}
    write_parquet(typed, schema, parquet_path, metadata=metadata)
    preview = public.Preview(columns.head(preview_rows), columns.rows)
    return ConvertedTable(csv_path, parquet_path, columns.rows, arrow_types, schema, preview)


def _open(descriptor: Mapping[str, Any], name: str, folder: Path) -> frictionless.Resource:
    """The resource, opened without its foreign keys: they would make frictionless read the other tables."""
    alone = {key: value for key, value in descriptor.items() if key not in ("resources", "profile")}
    alone["resources"] = [r for r in opening.resources(descriptor) if opening.resource_name(r) == name]
    resource = opening.open_package(alone, folder).get_table_resource(name)
    keys = resource.schema.foreign_keys
    if not resource.schema:
        resource.detector.field_type = "string"  # publishing never infers
    if keys:
        resource.schema.foreign_keys = []
    protect(resource)
    resource.open()  # type: ignore[no-untyped-call]  # frictionless's own
    if keys:
        resource.schema.foreign_keys = keys
    return resource


def _plain_source(resource: frictionless.Resource) -> Path | None:
    """The source, where it is one CSV file that could be published as it is."""
    if resource.format != "csv" or resource.multipart or resource.compression or not resource.normpath:
        return None
    return Path(resource.normpath)


def _public_schema(
    resource: frictionless.Resource,
    fields: list[Any],
    arrow_types: tuple[str, ...],
    text: Callable[[Mapping[str, Any], str], Text],
) -> public.Schema:
    schema = resource.schema
    return public.Schema(
        fields=tuple(
            _public_field(field.to_descriptor(), arrow, text) for field, arrow in zip(fields, arrow_types, strict=True)
        ),
        primary_key=tuple(schema.primary_key),
        unique_keys=tuple(tuple(key) for key in schema.custom.get("uniqueKeys", ()) if isinstance(key, list)),
        foreign_keys=tuple(
            public.ForeignKey(tuple(key["fields"]), key["reference"]["resource"], tuple(key["reference"]["fields"]))
            for key in schema.foreign_keys
        ),
        missing_values=tuple(schema.missing_values),
    )


def _public_field(
    descriptor: Mapping[str, Any], arrow_type: str, text: Callable[[Mapping[str, Any], str], Text]
) -> public.Field:
    constraints = descriptor.get("constraints", {})
    return public.Field(
        name=descriptor["name"],
        type=descriptor["type"],
        title=text(descriptor, "title"),
        description=text(descriptor, "description"),
        unit=str(descriptor.get("unit") or ""),
        format=str(descriptor.get("format") or ""),
        constraints={key: constraints[key] for key in _CONSTRAINTS if key in constraints},
        arrow_type=arrow_type,
        properties={key: descriptor[key] for key in _PROPERTIES if key in descriptor},
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
        "title": str(field.title),
        "description": str(field.description),
        "unit": field.unit,
        "format": field.format,
        "constraints": dict(field.constraints),
        **field.properties,
    }
    return {key: value for key, value in said.items() if value not in ("", {})}
