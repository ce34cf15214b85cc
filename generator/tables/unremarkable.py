"""Small tables of which nothing needs to be said: told without Arrow, whose import takes longer than the rest.

It may doubt as often as it likes, and must never overlook what ``looking`` would find.
"""

from __future__ import annotations

import csv
import re
from typing import Any

# Cells that are stored as a value of the declared type and need no advice, whatever the others of their column are.
_PLAIN = {
    "integer": re.compile(r"-?(0|[1-9][0-9]{0,17})"),
    "number": re.compile(r"-?(0|[1-9][0-9]{0,8})(\.[0-9]{1,6})?"),
    "year": re.compile(r"[0-9]{4}"),
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "datetime": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}"),
    "string": re.compile(r"(?![-=+@\t\r\n\0－＝＋＠]).*", re.DOTALL),
}
_PLAIN["any"] = _PLAIN["string"]
_FREE = ("boolean", "time", "yearmonth", "duration", "list", "array", "object", "geopoint", "geojson")
_WITH_FORMATS = ("date", "datetime")


def is_unremarkable(resource: Any) -> bool:
    """Of a closed ``frictionless.Resource`` that is a valid table in UTF-8 of the usual dialect."""
    fields = resource.schema.fields
    if resource.format != "csv" or resource.multipart or resource.compression or resource.encoding != "utf-8":
        return False
    if resource.dialect.to_descriptor() or not all(map(_is_usual, fields)):
        return False
    patterns = [_PLAIN.get(field.type) for field in fields]
    missing = set(resource.schema.missing_values)
    try:
        with open(resource.normpath, encoding="utf-8", newline="") as file:  # noqa: PTH123  as frictionless names it
            rows = csv.reader(file)
            if next(rows, None) != [field.name for field in fields]:
                return False
            return all(
                pattern is None or cell in missing or pattern.fullmatch(cell)
                for row in rows
                for cell, pattern in zip(row, patterns, strict=True)
            )
    except (OSError, ValueError, csv.Error):
        return False


def _is_usual(field: Any) -> bool:
    if field.has_defined("missing_values") or getattr(field, "group_char", ""):
        return False
    if field.type in _WITH_FORMATS and field.format != "default":
        return False
    return field.type in _PLAIN or field.type in _FREE
