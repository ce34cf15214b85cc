"""Names beside codes: where a foreign key leads to a table that names what the codes mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from generator.public import Schema, Series, View
from generator.text import Text

MOST_ROWS = 5_000
"""Of a table of names."""
_NAMES = ("name", "title", "label", "名称")

Tables = Mapping[str, tuple[Path, Schema]]
"""Parquet file and schema of the package's open tables, by the names of their resources."""


def with_names(views: Sequence[View], schema: Schema, tables: Tables) -> tuple[View, ...]:
    return tuple(_with_names(view, schema, tables) for view in views)


def _with_names(view: View, schema: Schema, tables: Tables) -> View:
    asked = view.asked
    if asked is None:
        return view
    if asked.x and view.x_type == "category" and (names := _names_of(asked.x, schema, tables)):
        view = replace(view, positions=tuple(_named(code, names) for code in view.positions))
    if asked.group and (names := _names_of(asked.group, schema, tables)):
        series = [replace(each, label=Text(_named(each.label.main, names), "und")) for each in view.series]
        view = replace(view, series=tuple[Series, ...](series))
    return view


def _named(code: str, names: Mapping[str, str]) -> str:
    return f"{code} {names[code]}" if names.get(code) else code


def _names_of(column: str, schema: Schema, tables: Tables) -> dict[str, str]:
    for key in schema.foreign_keys:
        if key.fields == (column,) and key.resource in tables:
            parquet, other = tables[key.resource]
            name = _column_of_names(other, key.reference_fields[0])
            return _read(parquet, key.reference_fields[0], name) if name else {}
    return {}


def _column_of_names(schema: Schema, code: str) -> str:
    texts = [field for field in schema.fields if field.type == "string" and field.name != code]
    named = [f.name for f in texts if f.name.lower() in _NAMES or f.title.main.endswith("名称")]
    return named[0] if named else ""


def _read(parquet: Path, code: str, name: str) -> dict[str, str]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetFile(parquet) as file:
        if file.metadata.num_rows > MOST_ROWS:
            return {}
        table = file.read(columns=[code, name])
    codes, names = (table[each].cast(pa.string()).to_pylist() for each in (code, name))
    return {one: other for one, other in zip(codes, names, strict=True) if one and other}
