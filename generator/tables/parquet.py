"""One Parquet file that pyarrow, DuckDB, polars, pandas and hyparquet read alike, and a browser reads in parts."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from generator import public

ROW_GROUP = 100_000
PAGE_ROWS = 2_000
_FEW = 0.1
"""A column whose share of distinct values is below this is stored as a dictionary."""


def write_parquet(
    columns: Sequence[pa.ChunkedArray], schema: public.Schema, path: Path, *, metadata: Mapping[str, str]
) -> None:
    """Fields that must have a value (required, or part of the primary key) are marked so, unless one is null.

    (A composite primary key may have nulls in some of its parts, as frictionless judges.)
    """
    fields = [_field(f, column, schema) for f, column in zip(schema.fields, columns, strict=True)]
    table = pa.Table.from_arrays(list(columns), schema=pa.schema(fields, metadata=dict(metadata)))
    dictionaries = [f.name for f, column in zip(fields, columns, strict=True) if _has_few_values(column)]
    encodings = {f.name: e for f in fields if f.name not in dictionaries and (e := _encoding(f.type))}
    pq.write_table(
        table,
        path,
        row_group_size=ROW_GROUP,
        compression="zstd",
        compression_level=3,
        use_dictionary=dictionaries,
        column_encoding=encodings or None,
        write_page_index=True,
        store_decimal_as_integer=True,
        **_small_pages(),
    )


def _field(field: public.Field, column: pa.ChunkedArray, schema: public.Schema) -> pa.Field:
    said = {
        "title": str(field.title),
        "description": str(field.description),
        "unit": field.unit,
        "type": field.type,
        "format": field.format,
    }
    must = bool(field.constraints.get("required")) or field.name in schema.primary_key
    return pa.field(
        field.name,
        column.type,
        nullable=not (must and column.null_count == 0),
        metadata={key: value for key, value in said.items() if value},
    )


def _has_few_values(column: pa.ChunkedArray) -> bool:
    if len(column) == 0 or pa.types.is_boolean(column.type) or pa.types.is_floating(column.type):
        return False
    distinct = pc.count_distinct(column).as_py()
    return bool(distinct <= max(len(column) * _FEW, 1))


def _encoding(kind: pa.DataType) -> str | None:
    """For columns of many values. None leaves Arrow's plain encoding."""
    if pa.types.is_integer(kind) or pa.types.is_temporal(kind):
        return "DELTA_BINARY_PACKED"
    if pa.types.is_floating(kind):
        return "BYTE_STREAM_SPLIT"
    return "DELTA_BYTE_ARRAY" if pa.types.is_string(kind) else None


@cache
def _small_pages() -> dict[str, Any]:
    """Small pages let a browser fetch few rows; only newer versions of Arrow can count them."""
    known = inspect.signature(pq.ParquetWriter.__init__).parameters
    return {"max_rows_per_page": PAGE_ROWS} if "max_rows_per_page" in known else {"data_page_size": 256 * 1024}
