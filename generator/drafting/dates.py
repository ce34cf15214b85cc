"""Dates as people write them. A column is dates only if all of it can be read in one way, and in one way alone."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Sequence

_DAY = re.compile(r"(\d{4})\s*(?:[-/.．]|年)\s*(\d{1,2})\s*(?:[-/.．]|月)\s*(\d{1,2})\s*日?")
_TIME = re.compile(
    r"(\d{4})\s*(?:[-/.]|年)\s*(\d{1,2})\s*(?:[-/.]|月)\s*(\d{1,2})\s*日?[\sT]*(\d{1,2})\s*[:时点]\s*(\d{1,2})(?:\s*[:分]\s*(\d{1,2})(?:\.0+)?)?\s*[分秒]?"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{4})\s*(?:[-/]|年)\s*(\d{1,2})\s*月?(?:份)?")
_DOTTED_MONTH = re.compile(r"(\d{4})\.(\d{2})")
_COMPACT_MONTH = re.compile(r"(\d{4})(\d{2})")
_YEAR = re.compile(r"((?:19|20)\d\d)\s*(?:年|年度)?")
_LOOSE_MONTH = re.compile(r"((?:19|20)\d\d)\.(\d{1,2})")
_OF_DAY = re.compile(r"([01]?\d|2[0-3])\s*:\s*([0-5]\d)(?:\s*:\s*([0-5]\d))?")
_LEAST_IN_ORDER = 3
_SHORT = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4})")
_EPOCH = datetime.date(1899, 12, 30)


def as_dates(texts: Sequence[str]) -> list[str] | None:
    return _all(texts, lambda text: _date(_DAY.fullmatch(text)))


def as_compact_dates(texts: Sequence[str]) -> list[str] | None:
    """``20240106``: dates only where the column's name says so."""
    return _all(texts, lambda text: _date(_COMPACT.fullmatch(text)))


def as_datetimes(texts: Sequence[str]) -> list[str] | None:
    return _all(texts, _moment)


def as_months(texts: Sequence[str]) -> list[str] | None:
    return _all(texts, lambda text: _month(_MONTH.fullmatch(text)))


def as_compact_months(texts: Sequence[str]) -> list[str] | None:
    """``202401`` and ``2024.01``: months only where the name says so. ``2024.1`` may be October, which a spreadsheet
    has robbed of its zero."""
    return _all(texts, lambda text: _month(_COMPACT_MONTH.fullmatch(text) or _DOTTED_MONTH.fullmatch(text)))


def as_loose_months(texts: Sequence[str]) -> list[str] | None:
    """``2024.1`` beside ``2024.10``, in texts: the zeros are still there. Else as ``as_months_in_order``."""
    read = _loose(texts)
    if read and any(month in ("10", "01") for _, month in read):
        return [f"{year}-{int(month):02}" for year, month in read]
    return as_months_in_order(texts)


def as_months_in_order(texts: Sequence[str]) -> list[str] | None:
    """``2024.1``, ``2024.2`` …: months only where no row could as well be October, since none ends in ``.1``, or since
    row after row is the next month."""
    read = _loose(texts)
    if read and not any(month == "1" for _, month in read):
        return [f"{year}-{int(month):02}" for year, month in read]
    return _in_order(read) if read else None


def _loose(texts: Sequence[str]) -> list[tuple[int, str]]:
    """Years, and months as written; nothing where one of the texts is none."""
    found = [_LOOSE_MONTH.fullmatch(plain(text).strip()) for text in texts]
    read = [(int(m[1]), m[2]) for m in found if m and 1 <= int(m[2]) <= 12]
    return read if len(read) == len(texts) else []


def _in_order(read: Sequence[tuple[int, str]]) -> list[str] | None:
    """The one way in which the months follow each other, up or down."""
    fitting = []
    first_year, first = read[0]
    for step in (1, -1):
        for start in {int(first), 10 if first == "1" else int(first)}:
            made = [first_year * 12 + start - 1 + step * i for i in range(len(read))]
            if all(
                count // 12 == year and (count % 12 + 1 == int(month) or (count % 12 == 9 and month == "1"))
                for count, (year, month) in zip(made, read, strict=True)
            ):
                fitting.append(made)
    if len(fitting) != 1 or len(read) < _LEAST_IN_ORDER:
        return None
    return [f"{count // 12}-{count % 12 + 1:02}" for count in fitting[0]]


def may_be_october(texts: Sequence[str]) -> bool:
    """Whether these are months of which some are January or October, and nobody can tell which."""
    return bool(texts) and all(
        (found := _LOOSE_MONTH.fullmatch(plain(text).strip())) and 1 <= int(found[2]) <= 12 for text in texts
    )


def as_times(texts: Sequence[str]) -> list[str] | None:
    """Times of day, ``6:30`` too. What has 24 hours or more is a duration."""

    def time(text: str) -> str:
        found = _OF_DAY.fullmatch(text)
        return f"{int(found[1]):02}:{found[2]}:{found[3] or '00'}" if found else ""

    return _all(texts, time)


def as_years(texts: Sequence[str]) -> list[str] | None:
    return _all(texts, lambda text: found[1] if (found := _YEAR.fullmatch(text)) else "")


def as_serials(texts: Sequence[str]) -> list[str] | None:
    """Numbers of days, as a spreadsheet counts them: from 1950 to 2099."""

    def date(text: str) -> str:
        if not re.fullmatch(r"[1-7]\d{4}", text) or not 18264 <= int(text) <= 73050:
            return ""
        return (_EPOCH + datetime.timedelta(days=int(text))).isoformat()

    return _all(texts, date)


def as_short_dates(texts: Sequence[str]) -> list[str] | None:
    """Day and month before the year: dates only if the column shows which of them comes first, by a number over 12."""
    found = [_SHORT.fullmatch(plain(text)) for text in texts]
    if not found or not all(found):
        return None
    pairs = [(int(m[1]), int(m[2]), int(m[3])) for m in found if m]
    day_first, month_first = any(a > 12 for a, _, _ in pairs), any(b > 12 for _, b, _ in pairs)
    if day_first == month_first:
        return None
    made = [_written(y, b, a) if day_first else _written(y, a, b) for a, b, y in pairs]
    return made if all(made) else None


def are_ambiguous(texts: Sequence[str]) -> bool:
    """Whether they look like dates whose day and month nobody can tell apart, or whose year is cut."""
    return bool(texts) and all(re.fullmatch(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}", plain(text)) for text in texts)


def plain(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def _all(texts: Sequence[str], read: Callable[[str], str]) -> list[str] | None:
    made = []
    for text in texts:
        value = read(plain(text).strip())
        if not value:
            return None
        made.append(value)
    return made or None


def _date(found: re.Match[str] | None) -> str:
    return _written(int(found[1]), int(found[2]), int(found[3])) if found else ""


def _written(year: int, month: int, day: int) -> str:
    try:
        return datetime.date(year, month, day).isoformat() if 1800 <= year <= 2200 else ""
    except ValueError:
        return ""


def _moment(text: str) -> str:
    found = _TIME.fullmatch(text)
    if not found:
        return f"{day}T00:00:00" if (day := _date(_DAY.fullmatch(text))) else ""
    try:
        parts = [int(part or 0) for part in found.groups()]
        return datetime.datetime(*parts).isoformat()  # type: ignore[arg-type]  # noqa: DTZ001  cells have no zone
    except ValueError:
        return ""


def _month(found: re.Match[str] | None) -> str:
    return (
        f"{found[1]}-{int(found[2]):02}" if found and 1 <= int(found[2]) <= 12 and 1900 <= int(found[1]) <= 2100 else ""
    )
