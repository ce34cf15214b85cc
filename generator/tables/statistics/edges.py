"""Where the bins of a histogram begin and end: at numbers and days that a reader would choose."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_FLOOR, Context, Decimal, localcontext
from typing import Literal

import numpy as np

BINS = 20
"""At most."""
_EXACT = Context(prec=800, rounding=ROUND_FLOOR)  # doubles reach from 1e-324 to 1e308
_SECOND = 1_000_000
_DAY = 86_400 * _SECOND
_MONDAY = -3
"""A Monday, in days since 1970."""


def of_numbers(least: Decimal, greatest: Decimal, *, finest: Decimal | None) -> list[Decimal]:
    """Multiples of 1, 2 or 5 times a power of ten; ``finest``: the smallest step that makes sense."""
    if least == greatest:
        return []
    with localcontext(_EXACT):
        for step in _steps((greatest - least) / BINS):
            if finest is not None and step < finest:
                continue
            first = (least / step).to_integral_value()
            last = (greatest / step).to_integral_value() + 1
            if last - first <= BINS:
                return [(first + number) * step for number in range(int(last - first) + 1)]
    raise AssertionError  # steps grow without end


def _steps(smallest: Decimal) -> Iterator[Decimal]:
    exponent = smallest.adjusted()
    while True:
        for digit in (1, 2, 5):
            step = Decimal((0, (digit,), exponent))
            if step >= smallest:
                yield step
        exponent += 1


Unit = Literal["day", "microsecond"]

_CLOCK = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200)
"""Seconds."""
_MONTHS = (1, 2, 3, 6, *(12 * years * 10**power for power in range(6) for years in (1, 2, 5)))


def of_moments(least: int, greatest: int, *, unit: Unit) -> list[int]:
    """Seconds, hours, days, weeks from Monday, months, quarters, years …; in units since 1970."""
    if least == greatest:
        return []
    day = 1 if unit == "day" else _DAY
    even = [] if unit == "day" else [(seconds * _SECOND, 0) for seconds in _CLOCK]
    for step, start in (*even, (day, 0), (7 * day, _MONDAY * day)):
        first, last = (least - start) // step, (greatest - start) // step + 1
        if last - first <= BINS:
            return [start + number * step for number in range(first, last + 1)]
    first_month, last_month = (_month(moment // day) for moment in (least, greatest))
    for months in _MONTHS:
        first, last = first_month // months, last_month // months + 1
        if last - first <= BINS:
            return [_first_day(number * months) * day for number in range(first, last + 1)]
    raise AssertionError  # no calendar is so long


def _month(day: int) -> int:
    """Counted from the year 0, so that decades begin where they are said to."""
    return int(np.datetime64(day, "D").astype("datetime64[M]").astype(np.int64)) + 1970 * 12


def _first_day(month: int) -> int:
    return int(np.datetime64(month - 1970 * 12, "M").astype("datetime64[D]").astype(np.int64))
