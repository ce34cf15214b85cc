"""How columns are stored: decided from their first row group, so that the same data give the same bytes.

Measured with 1 million rows of 12 columns (docs/tables.md): a browser is to see the first rows for little, and nobody
is to wait for the writer.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from functools import cache
from itertools import pairwise, takewhile
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

PAGE_ROWS = 5_000
"""Less makes the first rows cheaper to fetch, and the index of pages dearer, which is fetched as well."""
_FEW_TEXTS, _FEW_NUMBERS = 0.1, 0.01
"""A column whose share of distinct values is below this is stored as a dictionary."""
_LARGEST_DICTIONARY = 256 * 1024
"""In bytes: who reads one row must fetch all of it."""
_SAMPLE = 1_000


def has_few_values(column: pa.Array) -> bool:
    if len(column) == 0 or pa.types.is_boolean(column.type) or pa.types.is_floating(column.type):
        return False
    if pa.types.is_dictionary(column.type):
        values = column.dictionary
        return len(values) <= max(len(column) * _FEW_TEXTS, 1) and _size(values) <= _LARGEST_DICTIONARY
    distinct = pc.count_distinct(column).as_py()
    return bool(distinct <= max(len(column) * _FEW_NUMBERS, 1))


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


def as_dictionary(parts: Sequence[pa.Array]) -> pa.DictionaryArray:
    """Of texts or dictionaries of texts; its values in the order in which they occur, however the parts came."""
    if not any(pa.types.is_dictionary(part.type) for part in parts):
        return pa.concat_arrays(parts).dictionary_encode()
    encoded = [part if pa.types.is_dictionary(part.type) else part.dictionary_encode() for part in parts]
    wide = [pa.DictionaryArray.from_arrays(part.indices.cast(pa.int32()), part.dictionary) for part in encoded]
    whole = pa.chunked_array(wide).unify_dictionaries().combine_chunks()
    whole = whole.combine_chunks() if isinstance(whole, pa.ChunkedArray) else whole
    order = pc.unique(whole.indices.drop_null())
    places = np.zeros(len(whole.dictionary), np.int32)
    places[order.to_numpy()] = np.arange(len(order), dtype=np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(places).take(whole.indices), whole.dictionary.take(order))


def as_text(part: pa.Array) -> pa.StringArray:
    return part.dictionary_decode() if pa.types.is_dictionary(part.type) else part


@cache
def small_pages() -> dict[str, Any]:
    """Small pages let a browser fetch few rows; only newer versions of Arrow can count them."""
    known = inspect.signature(pq.ParquetWriter.__init__).parameters
    return {"max_rows_per_page": PAGE_ROWS} if "max_rows_per_page" in known else {"data_page_size": 256 * 1024}
