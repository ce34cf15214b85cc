"""JSON and Parquet → a sheet whose first row is the header."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generator.drafting.grid import BOOLEAN, EMPTY, Cell, Sheet, even, text_cell, value_cell
from generator.drafting.texts import decoded
from generator.drafting.workbooks import LARGEST, TOO_LARGE, Unreadable


def read_json(path: Path) -> list[Sheet]:
    if path.stat().st_size > LARGEST:
        raise TOO_LARGE
    text, note = decoded(path.read_bytes())
    try:
        # Digits stay as they are written: a long number is not rounded.
        value = _load(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable("文件不是合格的 JSON，读不出来。", "The file is no valid JSON.") from error
    records = _records(value)
    if not records:
        raise Unreadable(
            "JSON 里没有找到记录：应是对象的列表，或其中有一个这样的列表（如 data）。",
            "No records in the JSON: expected a list of objects, or an object that has one (as «data»).",
        )
    if all(isinstance(record, list) for record in records):
        return [Sheet(path.stem, even([[_cell(v) for v in record] for record in records]), is_text=True, note=note)]
    columns = list(dict.fromkeys(key for record in records if isinstance(record, Mapping) for key in record))
    rows = [[text_cell(str(column)) for column in columns]]
    rows += [[_cell(record.get(c)) for c in columns] for record in records if isinstance(record, Mapping)]
    return [Sheet(path.stem, even(rows), is_text=True, note=note)]


def _load(text: str) -> Any:
    if text.lstrip()[:1] in ("[", "{"):
        try:
            return json.loads(text, parse_int=_Digits, parse_float=_Digits)
        except json.JSONDecodeError:
            pass
    return [json.loads(line, parse_int=_Digits, parse_float=_Digits) for line in text.splitlines() if line.strip()]


class _Digits(str):
    """A number as it is written."""


def _records(value: Any) -> list[Any]:
    if isinstance(value, list) and value and all(isinstance(item, Mapping | list) for item in value):
        return value
    if isinstance(value, Mapping):
        if value.get("type") == "FeatureCollection":
            return [{**(f.get("properties") or {}), **_point(f)} for f in value.get("features", [])]
        found = [_records(item) for item in value.values()]
        return max(found, key=len, default=[])
    return []


def _point(feature: Mapping[str, Any]) -> dict[str, Any]:
    geometry = feature.get("geometry") or {}
    if geometry.get("type") == "Point" and len(geometry.get("coordinates", ())) >= 2:
        return {"经度": geometry["coordinates"][0], "纬度": geometry["coordinates"][1]}
    return {"geometry": json.dumps(geometry, ensure_ascii=False)} if geometry else {}


def _cell(value: Any) -> Cell:
    if value is None:
        return EMPTY
    if isinstance(value, bool):
        return Cell("true" if value else "false", BOOLEAN)
    if isinstance(value, _Digits):
        return _of_digits(str(value))
    return text_cell(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _of_digits(digits: str) -> Cell:
    from decimal import Decimal

    if len(digits.lstrip("-")) > 15 and digits.lstrip("-").isdigit():
        return Cell(digits)
    return value_cell(Decimal(digits)) if abs(Decimal(digits)) < 10**15 else Cell(digits)


_TYPES = {"bool": "boolean", "date32[day]": "date"}


def read_parquet(path: Path) -> list[Sheet]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise Unreadable("文件不是合格的 Parquet，读不出来。", "The file is no valid Parquet.") from error
    if table.nbytes > LARGEST:
        raise TOO_LARGE
    names = [str(name) for name in table.column_names]
    columns = [[_of_arrow(value) for value in column.to_pylist()] for column in table.columns]
    types = {name: kind for name, field in zip(names, table.schema, strict=True) if (kind := _type(field.type))}
    rows = [[text_cell(name) for name in names], *map(list, zip(*columns, strict=True))]
    return [Sheet(path.stem, even(rows), types=types, is_text=True)]


def _type(kind: Any) -> str:
    import pyarrow as pa

    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind):
        return ""  # texts may be anything
    if pa.types.is_integer(kind):
        return "integer"
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return "number"
    return "datetime" if pa.types.is_timestamp(kind) else _TYPES.get(str(kind), "")


def _of_arrow(value: Any) -> Cell:
    import datetime
    import math

    if isinstance(value, int) and not isinstance(value, bool):
        return Cell(str(value), "number")
    if isinstance(value, float):
        return (
            Cell(repr(value) if "e" in repr(value) else value_cell(value).text, "number")
            if math.isfinite(value)
            else EMPTY
        )
    if isinstance(value, datetime.datetime):
        return Cell(value.replace(microsecond=0).isoformat(), "datetime")
    if isinstance(value, list | dict):
        return text_cell(json.dumps(value, ensure_ascii=False, default=str))
    return value_cell(value)
