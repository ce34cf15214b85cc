"""Columns written in the plainest form of their type: Arrow reads those alone, and a hundred times faster.

Each form is one that frictionless and Arrow read alike, so that a column is either wholly of that form and cast here,
or goes to frictionless's own reader. The table is known to be valid.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

_INTEGER = r"^-?[0-9]{1,18}$"
_DECIMAL = r"^-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?$"
_YEAR = r"^[0-9]{4}$"
_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_DATETIME = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?"
_ZONE = r"(Z|[+-][0-9]{2}:[0-9]{2})$"
_MOST_DIGITS = 38


def cast_plain(field: Any, text: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """The column as Arrow reads it, or None when that is not sure to be what ``field`` reads. Null stays null."""
    try:
        return _cast(field, text)
    except pa.ArrowInvalid:
        return None  # of the form, but not within Arrow's limits: 24:00:00, for example


def _cast(field: Any, text: pa.ChunkedArray) -> pa.ChunkedArray | None:
    if field.type == "integer" and _all(text, _INTEGER):
        return text.cast(pa.int64())
    if field.type == "year" and _all(text, _YEAR):
        return text.cast(pa.int32())
    if field.type == "number" and _is_plain_number(field) and _all(text, _DECIMAL):
        return _decimals(text)
    if field.format == "default" and field.type == "date" and _all(text, _DATE):
        return text.cast(pa.date32())
    if field.format == "default" and field.type == "datetime":
        if _all(text, _DATETIME + "$"):
            return text.cast(pa.timestamp("us"))
        if _all(text, _DATETIME + _ZONE):
            return text.cast(pa.timestamp("us", tz="UTC"))
    return None


def _all(text: pa.ChunkedArray, pattern: str) -> bool:
    return pc.all(pc.match_substring_regex(text, pattern)).as_py() is not False


def _is_plain_number(field: Any) -> bool:
    return bool(field.decimal_char == "." and not field.group_char and not field.float_number)


def _decimals(text: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """With as many decimal places as the column shows."""
    digits = pc.utf8_ltrim(text, characters="-")
    point = pc.find_substring(digits, ".")
    length = pc.utf8_length(digits)
    whole = pc.max(pc.if_else(pc.less(point, 0), length, point)).as_py() or 1
    scale = pc.max(pc.if_else(pc.less(point, 0), 0, pc.subtract(pc.subtract(length, point), 1))).as_py() or 0
    return text.cast(pa.decimal128(whole + scale, scale)) if whole + scale <= _MOST_DIGITS else None
