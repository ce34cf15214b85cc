"""The types in which columns are handed to Arrow's Parquet writer, and what the file says that they are.

Narrow decimals, and texts that are a dictionary already, are written in half the time of what they mean. The bytes of
the columns are the same. But Arrow's own note of the types, which its readers follow, must name what is meant: so it
is written here.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence

import pyarrow as pa

from generator.tables.facts import TEXT

_NARROW = 18
"""Digits that 64 bits hold."""
_DICTIONARY = pa.dictionary(pa.int32(), TEXT)


def narrow(kind: pa.DataType) -> pa.DataType:
    """The type in which values of a column are kept until they are written."""
    if pa.types.is_decimal128(kind) and kind.precision <= _NARROW:
        return pa.decimal64(kind.precision, kind.scale)
    return kind


def handed(kind: pa.DataType, *, is_few: bool) -> pa.DataType:
    """``is_few``: the column is stored as a dictionary."""
    return _DICTIONARY if is_few and kind == TEXT else narrow(kind)


def column(parts: Sequence[pa.Array], kind: pa.DataType) -> pa.ChunkedArray:
    """Of a row group, from parts in narrow types. A dictionary is one for all of them, in the order of the rows."""
    whole = pa.chunked_array([as_text(part) for part in parts])
    return whole.dictionary_encode() if pa.types.is_dictionary(kind) else whole


def as_text(part: pa.Array) -> pa.Array:
    return part.dictionary_decode() if pa.types.is_dictionary(part.type) else part


def arrow_schema(schema: pa.Schema) -> dict[str, str]:
    """The note that Arrow would make of this schema."""
    return {"ARROW:schema": base64.b64encode(schema.serialize().to_pybytes()).decode()}
