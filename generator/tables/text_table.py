"""A table in delimited text as it is read: its fields and the way its records are cut. For who rewrites the text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.model import paths_of
from generator.tables import opening
from generator.tables.columns import missing_values

TEXT_FORMATS = ("csv", "tsv")


@dataclass(frozen=True, slots=True)
class Column:
    """One field of the schema, by its place in the table."""

    field: Any
    """A ``frictionless.Field``."""
    missing: frozenset[str]
    is_key: bool
    """Of the primary key, of a foreign one, or unique."""

    @property
    def name(self) -> str:
        return str(self.field.name)

    @property
    def type(self) -> str:
        return str(self.field.type)


@dataclass(frozen=True, slots=True)
class TextTable:
    columns: tuple[Column, ...]
    """Of the schema that the author wrote; empty without one."""
    csv_dialect: Any
    """For ``csv.reader``."""
    header_row: int
    """Number of the record that names the columns; 0 for none."""
    comment_char: str
    comment_rows: frozenset[int]
    repeats_header: bool
    """Each file of a table in parts begins with the header."""
    states_line_ends: bool


def open_text_table(resource: Mapping[str, Any], folder: Path) -> TextTable | None:
    """None for what is no such table, or has a header that is put together of several records.

    Raises whatever the library raises for a descriptor, or a text, that it cannot read.
    """
    from frictionless.formats import CsvControl

    alone = {key: value for key, value in resource.items() if key not in ("hash", "bytes", "rows")}
    if not paths_of(alone):
        return None
    with opening.offline():
        package = opening.open_package({"name": "mended", "resources": [alone]}, folder)
        table = package.get_table_resource(str(resource.get("name") or ""))
        stated = bool(table.schema)
        table.schema.foreign_keys, keys = [], list(table.schema.foreign_keys)
        with table as opened:
            if opened.format not in TEXT_FORMATS or opened.compression or opened.memory:
                return None
            dialect = opened.dialect
            rows = list(dialect.header_rows) if dialect.header is not False else []
            if len(rows) > 1:
                return None
            named = {*table.schema.primary_key, *(name for key in keys for name in key["fields"])}
            return TextTable(
                columns=tuple(_column(field, table.schema, named) for field in table.schema.fields) if stated else (),
                csv_dialect=CsvControl.from_dialect(dialect).to_python(),
                header_row=rows[0] if rows else 0,
                comment_char=str(dialect.comment_char or ""),
                comment_rows=frozenset(dialect.comment_rows or ()),
                repeats_header=bool(rows) and opened.format == "csv",
                states_line_ends="lineTerminator" in str(resource.get("dialect")),
            )


def _column(field: Any, schema: Any, named: set[str]) -> Column:
    is_key = field.name in named or bool(field.constraints.get("unique"))
    return Column(field, frozenset(missing_values(field, schema)), is_key)
