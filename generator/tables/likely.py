"""What a wrong cell was probably meant to be, where it can mean one thing only.

A guess that could be another value is worse than none: ``03/04/2024`` stays without one, ``2024年3月4日`` does not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from typing import Any

from generator.tables.guard import guarded_reader

_LONGEST = 100
"""Characters of a cell: in a longer one there is more than a value, and expressions with blanks take their time."""
_DAY = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
_CLOCK = r"(\d{1,2})\s*[:时]\s*(\d{1,2})(?:\s*[:分]\s*(\d{1,2}))?\s*[分秒]?"
_GROUPED = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?")
_YES, _NO = frozenset(("是", "有", "y", "yes", "√")), frozenset(("否", "无", "n", "no", "×"))


def likely(cell: str, field: Any) -> str:
    """The cell as ``field`` (a frictionless field) wants it; empty when that is not certain."""
    if len(cell) > _LONGEST:
        return ""
    text = unicodedata.normalize("NFKC", cell).strip()
    for candidate in _candidates(text, field):
        if candidate != cell and _reads(candidate, field):
            return candidate
    return ""


def _reads(candidate: str, field: Any) -> bool:
    try:
        value, notes = guarded_reader(field, patience=0)(candidate)
    except Exception:  # the library crashes on some bounds, and some patterns would never end: no guess then
        return False
    return value is not None and not notes


def _candidates(text: str, field: Any) -> Iterator[str]:
    yield text  # blanks around it, or full-width characters, were all that was wrong
    made = _MAKERS.get(field.type)
    if made:
        yield from made(text, field)


def _dates(text: str, field: Any) -> Iterator[str]:
    found = re.fullmatch(rf"{_DAY}(?:\s+0?0:00(?::00)?)?", text) or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text)
    if found:
        yield from _written(lambda: date(*map(int, found.groups())), field)


def _datetimes(text: str, field: Any) -> Iterator[str]:
    found = re.fullmatch(rf"{_DAY}[\sT]*{_CLOCK}", text)
    if found:
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
        yield from _written(lambda: datetime(year, month, day, hour, minute, second), field)  # noqa: DTZ001 - cells have no zone


def _times(text: str, field: Any) -> Iterator[str]:
    found = re.fullmatch(_CLOCK, text)
    if found:
        hour, minute, second = (int(part or 0) for part in found.groups())
        yield from _written(lambda: time(hour, minute, second), field)


def _written(make: Callable[[], date | time], field: Any) -> Iterator[str]:
    try:
        value = make()
        yield value.isoformat() if field.format in ("default", "any") else value.strftime(field.format)
    except ValueError:
        return  # no such day or hour


def _years(text: str, _: Any) -> Iterator[str]:
    yield text.removesuffix("年").strip()


def _months(text: str, _: Any) -> Iterator[str]:
    found = re.fullmatch(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?", text) or re.fullmatch(r"(\d{4})(\d{2})", text)
    if found:
        yield f"{found[1]}-{int(found[2]):02}"


def _numbers(text: str, field: Any) -> Iterator[str]:
    if _GROUPED.fullmatch(text) and getattr(field, "decimal_char", ".") == ".":
        yield text.replace(",", "")


def _integers(text: str, field: Any) -> Iterator[str]:
    yield from _numbers(text, field)
    yield re.sub(r"\.0+\Z", "", text)  # at the end only: 1.05 is not 15


def _booleans(text: str, field: Any) -> Iterator[str]:
    if text.lower() in _YES:
        yield field.true_values[0]
    elif text.lower() in _NO:
        yield field.false_values[0]


_MAKERS: dict[str, Callable[[str, Any], Iterator[str]]] = {
    "date": _dates,
    "datetime": _datetimes,
    "time": _times,
    "year": _years,
    "yearmonth": _months,
    "number": _numbers,
    "integer": _integers,
    "boolean": _booleans,
}
