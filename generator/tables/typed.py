"""Arrow values of a column, read by frictionless's own field, unless the whole column is of the plainest form.

Each distinct text is read once. Where a value has no exact Arrow form, the column stays text: the source's words are
better than a silently changed value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from generator.tables.columns import Column, is_missing
from generator.tables.plain_forms import cast_plain

_INT64 = range(-(2**63), 2**63)
_MOST_DIGITS = 38
_FINER_THAN_MICROSECONDS = re.compile(r"[.,][0-9]{7}")

Values = Sequence[Any]
"""What frictionless read, None for missing; the texts they came from stand beside them."""


def typed_column(column: Column) -> pa.ChunkedArray:
    """The column in the type that holds every value of it unchanged."""
    convert = _CONVERTERS.get(column.field.type)
    if convert is None or not _is_determined(column.field):
        return _text(column)
    if column.cells is not None:
        values = _read(column, column.cells)
        array = convert(values, column.text.to_pylist())
        return _text(column) if array is None else pa.chunked_array([array])
    plain = cast_plain(column.field, _text(column))
    if plain is not None:
        return plain
    encoded = column.text.dictionary_encode().unify_dictionaries()
    texts = encoded.chunk(0).dictionary.to_pylist() if encoded.num_chunks else []
    array = convert(_read(column, texts), texts)
    if array is None:
        return _text(column)
    return pa.chunked_array([array.take(chunk.indices) for chunk in encoded.chunks], array.type)


def _text(column: Column) -> pa.ChunkedArray:
    if not column.missing:
        return column.text
    return pc.if_else(is_missing(column), pa.scalar(None, pa.string()), column.text)


def _read(column: Column, cells: Values) -> list[Any]:
    field = column.field.to_copy()
    field.schema = column.field.schema  # its missing values
    field.constraints = {}  # a valid table meets them
    read = field.create_cell_reader()
    return [read(cell)[0] for cell in cells]


def _is_determined(field: Any) -> bool:
    """Whether the field's format says all of the value and no more: a week is no date, nor is a date with a time."""
    if field.type not in ("date", "datetime", "time") or field.format == "default":
        return True
    if field.format == "any":
        return False  # dateutil completes what is missing from today's date
    said = set(re.findall(r"%(.)", field.format.replace("%%", "")))
    day = _says_day(said)
    clock = bool(said & {"X", "c"}) or (bool(said & {"H"} or said >= {"I", "p"}) and "M" in said)
    has_clock = bool(said & set("HIMSfpXcz"))
    if "Z" in said:
        return False  # strptime reads a zone's name and forgets it
    return {"date": day and not has_clock, "datetime": day and clock, "time": clock and not day}[field.type]


def _says_day(said: set[str]) -> bool:
    if said & {"x", "c"}:
        return True
    weekday = bool(said & set("aAwu"))
    if "G" in said:
        return "V" in said and weekday
    year = bool(said & {"Y", "y"})
    in_year = (bool(said & {"m", "b", "B"}) and "d" in said) or "j" in said or (bool(said & {"U", "W"}) and weekday)
    return year and in_year


def _integers(values: Values, _: Sequence[str]) -> pa.Array | None:
    present = [value for value in values if value is not None]
    if all(value in _INT64 for value in present):
        return pa.array(values, pa.int64())
    digits = max(len(str(abs(value))) for value in present)
    if digits > _MOST_DIGITS:
        return None
    return pa.array([None if v is None else Decimal(v) for v in values], pa.decimal128(digits, 0))


def _numbers(values: Values, texts: Sequence[str]) -> pa.Array | None:
    """Exact decimals; floating point for NaN, infinities and exponents, where it has exactly these values."""
    present = [(v, t) for v, t in zip(values, texts, strict=True) if v is not None]
    floats = any(isinstance(v, float) for v, _ in present)
    finite = all(not isinstance(v, Decimal) or v.is_finite() for v, _ in present)
    if not floats and finite and not any("e" in t or "E" in t for _, t in present):
        decimals = _decimals(values)
        if decimals is not None:
            return decimals
    return _floats(values)


def _decimals(values: Values) -> pa.Array | None:
    exact = [None if value is None else Decimal(value) for value in values]
    parts = [value.as_tuple() for value in exact if value is not None]
    scale = max((max(-int(p.exponent), 0) for p in parts), default=0)
    whole = max((max(len(p.digits) + int(p.exponent), 1) for p in parts), default=1)
    if whole + scale > _MOST_DIGITS:
        return None
    return pa.array(exact, pa.decimal128(whole + scale, scale))


def _floats(values: Values) -> pa.Array | None:
    found: list[float | None] = []
    for value in values:
        if isinstance(value, Decimal) and value.is_snan():
            return None
        number = None if value is None else float(value)
        if isinstance(value, int | Decimal) and number == number and Decimal(repr(number)) != value:  # noqa: PLR0124
            return None  # more digits than a double has
        found.append(number)
    return pa.array(found, pa.float64())


def _booleans(values: Values, _: Sequence[str]) -> pa.Array:
    return pa.array(values, pa.bool_())


def _dates(values: Values, _: Sequence[str]) -> pa.Array:
    return pa.array(values, pa.date32())


def _datetimes(values: Values, texts: Sequence[str]) -> pa.Array | None:
    present = [(v, t) for v, t in zip(values, texts, strict=True) if v is not None]
    zoned = {v.utcoffset() is not None for v, _ in present}
    if len(zoned) == 2 or any(_FINER_THAN_MICROSECONDS.search(t) for _, t in present):
        return None
    return pa.array(values, pa.timestamp("us", tz="UTC" if True in zoned else None))


def _years(values: Values, _: Sequence[str]) -> pa.Array:
    return pa.array(values, pa.int32())


# Every other type is text: yearmonth, duration, list, array, object, geopoint, geojson, any, string; and time, which
# hyparquet, the reader in browsers, would show as a bare number of microseconds: all readers are to see the same.
_CONVERTERS: dict[str, Callable[[Values, Sequence[str]], pa.Array | None]] = {
    "integer": _integers,
    "number": _numbers,
    "boolean": _booleans,
    "date": _dates,
    "datetime": _datetimes,
    "year": _years,
}
