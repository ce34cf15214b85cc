"""Write one valid table as canonical CSV and as Parquet."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator import public
from generator.tables import opening
from generator.text import Text

if TYPE_CHECKING:
    import frictionless.resources

    from generator.tables.csv_file import CsvFile
    from generator.tables.parquet import Plan, Written

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
    kept_as_text: tuple[KeptAsText, ...] = ()
    """Columns that are text in the Parquet file though they were declared as something else."""
    geoparquet: Path | None = None
    """The points as geometry, if that was asked for and there are any."""


@dataclass(frozen=True, slots=True)
class KeptAsText:
    field: int
    """Position in the schema, from 0."""
    reason: str
    """One of ``facts.REASONS``."""
    row: int
    """Of the first such cell, from 0, without the header."""
    value: str


def convert_table(
    descriptor: Mapping[str, Any],
    resource_name: str,
    folder: Path,
    target: Path,
    *,
    stem: str,
    text: Callable[[Mapping[str, Any], str], Text],
    preview_rows: int = 20,
    geoparquet: bool = False,
) -> ConvertedTable:
    """Write ``target/<stem>.csv`` and ``.parquet`` from a table that ``check_tables`` found valid.

    Only this resource is read, whatever its foreign keys. ``text(field, "title")`` makes a text in both languages out
    of a field's descriptor. Equal bytes in give equal bytes out. With ``geoparquet`` a table with a field of type
    geopoint also becomes ``<stem>.geo.parquet``.
    """
    from generator.tables.csv_file import CsvFile

    csv_path, parquet_path = target / f"{stem}.csv", target / f"{stem}.parquet"
    target.mkdir(parents=True, exist_ok=True)
    with opening.offline():
        resource = _open(descriptor, resource_name, folder)
        with resource:
            fields = resource.header.get_expected_fields()
            schema = _public_schema(resource, fields, text)
            names = [field.name for field in fields]
            with CsvFile(csv_path, names, source=_plain_source(resource)) as csv:
                written, head = _write(resource, fields, schema, parquet_path, csv, preview_rows, plan=None)
                csv.close()
        if not written.fits:
            resource = _open(descriptor, resource_name, folder)
            with resource:
                written, _ = _write(resource, fields, schema, parquet_path, None, 0, plan=written.plan)
            assert written.fits, "the table was changed while it was read"
    typed = zip(schema.fields, written.arrow_types, strict=True)
    schema = replace(schema, fields=tuple(replace(field, arrow_type=kind) for field, kind in typed))
    preview = public.Preview(tuple(head), written.rows)
    points = _points(descriptor, fields, parquet_path, target / f"{stem}.geo.parquet") if geoparquet else None
    return ConvertedTable(
        csv_path, parquet_path, written.rows, written.arrow_types, schema, preview, _kept(written), points
    )


def _write(
    resource: Any,
    fields: Sequence[Any],
    schema: public.Schema,
    path: Path,
    csv: CsvFile | None,
    preview_rows: int,
    *,
    plan: Plan | None,
) -> tuple[Written, list[tuple[str | None, ...]]]:
    """One pass over an open table: its Parquet file, unless the cells do not fit the plan, and its first rows."""
    from generator.tables.columns import read_pieces
    from generator.tables.parquet import ParquetFile

    head: list[tuple[str | None, ...]] = []
    with ParquetFile(path, fields, schema, metadata=file_metadata(schema), plan=plan) as parquet:
        for piece in read_pieces(resource):
            head += piece.head(preview_rows - len(head))
            if csv:
                csv.add(piece.rows())
            parquet.add(piece.present, [None] * len(fields))
        return parquet.close(), head


def _points(descriptor: Mapping[str, Any], fields: Sequence[Any], table: Path, path: Path) -> Path | None:
    from generator.tables.geoparquet import write_geoparquet

    return path if write_geoparquet(table, path, fields, crs=str(descriptor.get("crs") or "")) else None


def _kept(written: Written) -> tuple[KeptAsText, ...]:
    return tuple(
        KeptAsText(number, kept.reason, kept.cell.row, kept.cell.text)
        for number, kept in enumerate(written.kept)
        if kept
    )


def file_metadata(schema: public.Schema) -> dict[str, str]:
    """What the Parquet file says of itself: the published Table Schema, and its hash."""
    said = json.dumps(_standard_schema(schema), ensure_ascii=False, sort_keys=True)
    return {"kaishu:resource": said, "kaishu:resource-sha256": hashlib.sha256(said.encode()).hexdigest()}


def _open(descriptor: Mapping[str, Any], name: str, folder: Path) -> frictionless.resources.TableResource:
    """The resource, opened without its foreign keys: they would make frictionless read the other tables."""
    alone = {key: value for key, value in descriptor.items() if key not in ("resources", "profile")}
    alone["resources"] = [r for r in opening.resources(descriptor) if opening.resource_name(r) == name]
    resource = opening.open_package(alone, folder).get_table_resource(name)
    keys = resource.schema.foreign_keys
    if not resource.schema:
        resource.detector.field_type = "string"  # publishing never infers
    if keys:
        resource.schema.foreign_keys = []
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
    fields: Sequence[Any],
    text: Callable[[Mapping[str, Any], str], Text],
) -> public.Schema:
    schema = resource.schema
    return public.Schema(
        fields=tuple(_public_field(field.to_descriptor(), text) for field in fields),
        primary_key=tuple(schema.primary_key),
        unique_keys=tuple(tuple(key) for key in schema.custom.get("uniqueKeys", ()) if isinstance(key, list)),
        foreign_keys=tuple(
            public.ForeignKey(tuple(key["fields"]), key["reference"]["resource"], tuple(key["reference"]["fields"]))
            for key in schema.foreign_keys
        ),
        missing_values=tuple(schema.missing_values),
    )


def _public_field(descriptor: Mapping[str, Any], text: Callable[[Mapping[str, Any], str], Text]) -> public.Field:
    constraints = descriptor.get("constraints", {})
    return public.Field(
        name=descriptor["name"],
        type=descriptor["type"],
        title=text(descriptor, "title"),
        description=text(descriptor, "description"),
        unit=str(descriptor.get("unit") or ""),
        format=str(descriptor.get("format") or ""),
        constraints={key: constraints[key] for key in _CONSTRAINTS if key in constraints},
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
