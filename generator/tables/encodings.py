"""How columns are stored: decided from their first row group, so that the same data give the same bytes.

Measured with 1 million rows of 12 columns (docs/tables.md): a browser is to see the first rows for little, and nobody
is to wait for the writer.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from functools import cache
from itertools import pairwise, takewhile
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

PAGE_ROWS = 5_000
"""Less makes the first rows cheaper to fetch, and the index of pages dearer, which is fetched as well."""
_FEW_TEXTS, _FEW_NUMBERS = 0.1, 0.01
"""A column whose share of distinct values is below this is stored as a dictionary."""
_LARGEST_DICTIONARY = 256 * 1024
"""In bytes: who reads one row must fetch all of it."""
_SAMPLE = 2_000
_TRIAL = 20_000
_WORTH_IT = 0.95


def has_few_values(column: pa.Array) -> bool:
    """Whether a dictionary makes the column smaller. Its beginning tells most of the columns that it would not."""
    kind = column.type
    if len(column) == 0 or pa.types.is_boolean(kind) or pa.types.is_floating(kind):
        return False
    if pa.types.is_decimal64(kind):  # Arrow does not count them
        column = column.view(pa.int64())
    few = max(len(column) * (_FEW_TEXTS if pa.types.is_string(kind) else _FEW_NUMBERS), 1)
    beginning = column.slice(0, _SAMPLE)
    if len(beginning) < len(column) and pc.count_distinct(beginning).as_py() > min(few, _SAMPLE * 0.95):
        return False
    values = pc.unique(column)
    return len(values) <= few and (not pa.types.is_string(kind) or _size(values) <= _LARGEST_DICTIONARY)


def _size(values: pa.StringArray) -> int:
    return pc.sum(pc.binary_length(values)).as_py() or 0


def encoding(column: pa.Array) -> str:
    """For columns of many values."""
    kind = column.type
    if pa.types.is_integer(kind) or pa.types.is_temporal(kind):
        return "DELTA_BINARY_PACKED"
    if pa.types.is_decimal(kind) and kind.precision <= 18:
        return "DELTA_BINARY_PACKED"
    if pa.types.is_floating(kind):
        return "BYTE_STREAM_SPLIT"
    return "DELTA_BYTE_ARRAY" if pa.types.is_string(kind) and _is_like_its_neighbours(column) else "PLAIN"


def _is_like_its_neighbours(column: pa.StringArray) -> bool:
    """Whether most of a text stands in the one before: sorted names, running numbers."""
    texts = [text or "" for text in column.slice(0, _SAMPLE).to_pylist()]
    shared = sum(_length_in_common(*pair) for pair in pairwise(texts))
    return shared > sum(map(len, texts)) / 2


def _length_in_common(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def needs_bounds(column: pa.Array) -> bool:
    """Whether the least and the greatest value of a page help to skip pages: for texts, only where they are in order.

    They cost a fifth of the time of writing texts.
    """
    if not pa.types.is_string(column.type):
        return True
    texts = column.drop_null()
    if len(texts) < 2:
        return True
    return pc.all(pc.less_equal(texts.slice(0, len(texts) - 1), texts.slice(1))).as_py() is not False


def is_compressible(column: pa.Array, options: Mapping[str, Any]) -> bool:
    """Whether zstd makes a column smaller that is stored in this way: packed numbers are as small as they get."""
    table = pa.table({"column": column.slice(0, _TRIAL)})
    packed, plain = (_stored(table, options, compression) for compression in ("zstd", "none"))
    return packed < plain * _WORTH_IT


def _stored(table: pa.Table, options: Mapping[str, Any], compression: str) -> int:
    target = pa.BufferOutputStream()
    pq.write_table(table, target, compression=compression, write_statistics=False, store_schema=False, **options)
    return int(target.getvalue().size)


@cache
def small_pages() -> dict[str, Any]:
    """Small pages let a browser fetch few rows; only newer versions of Arrow can count them."""
    known = inspect.signature(pq.ParquetWriter.__init__).parameters
    return {"max_rows_per_page": PAGE_ROWS} if "max_rows_per_page" in known else {"data_page_size": 256 * 1024}
