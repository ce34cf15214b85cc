"""How a cell that is no text in its source (a spreadsheet, JSON, inline data) is written as text.

Integers without a decimal point, ISO dates and times, ``true`` and ``false``, JSON for lists and objects, nothing for
null. Where the field states another way of writing (a date format, true values, a decimal mark), that one is used, so
that the published schema still reads the published text.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

_WRITTEN_BY_FIELD = ("list", "geopoint", "yearmonth", "duration")
"""Types whose text is not the JSON of their cells: frictionless's own writer knows it."""


def plain_text(cell: Any, field: Any, missing: Sequence[str]) -> str:
    """``field`` is the cell's ``frictionless.Field``, ``missing`` the texts that stand for a missing value there."""
    if cell is None:
        return "" if "" in missing or not missing else missing[0]
    if isinstance(cell, str):
        return cell.encode("utf-8", "backslashreplace").decode("utf-8")  # JSON can hold halves of surrogate pairs
    if isinstance(cell, bool):
        return _boolean(cell, field)
    if isinstance(cell, int | float | Decimal):
        return _number(cell, field)
    if isinstance(cell, datetime | date | time):
        return _moment(cell, field)
    if field.type in _WRITTEN_BY_FIELD:
        return str(field.write_cell(field.read_cell(cell)[0])[0])
    return _json(cell) if isinstance(cell, list | tuple | dict) else str(cell)


def _boolean(cell: bool, field: Any) -> str:
    words = (field.true_values if cell else field.false_values) if field.type == "boolean" else ()
    usual = "true" if cell else "false"
    return words[0] if words and usual not in words else usual


def _number(cell: int | float | Decimal, field: Any) -> str:
    if field.type in ("year", "integer"):
        return f"{int(cell):04}" if field.type == "year" else str(int(cell))
    mark = field.decimal_char if field.type == "number" else "."
    return _digits(cell).replace(".", mark)


def _digits(cell: int | float | Decimal) -> str:
    """A spreadsheet stores every number as a float: 2024.0 is the integer 2024 there."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell) if not isinstance(cell, float) else repr(cell)


def _moment(cell: date | time, field: Any) -> str:
    if field.type in ("date", "datetime", "time") and field.format not in ("default", "any"):
        return cell.strftime(field.format)
    if field.type == "date" and isinstance(cell, datetime):
        cell = cell.date()
    return cell.isoformat()


def _json(cell: Any) -> str:
    if isinstance(cell, dict):
        return "{" + ", ".join(f"{json.dumps(str(k), ensure_ascii=False)}: {_json(v)}" for k, v in cell.items()) + "}"
    if isinstance(cell, list | tuple):
        return "[" + ", ".join(map(_json, cell)) + "]"
    if isinstance(cell, Decimal):  # JSON files are read with exact decimals, which json.dumps does not know
        return str(cell)
    return json.dumps(cell, ensure_ascii=False, default=str)
