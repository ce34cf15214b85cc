"""Round numbers and dates on an axis."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.pages.words import Words

_MOMENT = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::\d\d)?)?)?)?")
FLAT = 1e-9
"""A span that is a smaller part of its values shows nothing but the limits of doubles."""
LEAST = 1e-290
"""A span below it cannot be divided into steps of doubles."""


def round_step(span: float, parts: int) -> float:
    """The least of 1, 2 and 5 times a power of ten of which there are no more than so many in the span."""
    least = span / parts
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= least * (1 - 1e-9))


@dataclass(frozen=True, slots=True)
class Scale:
    least: float
    greatest: float
    ticks: tuple[float, ...]

    @classmethod
    def of(cls, values: Sequence[float], *, from_zero: bool, parts: int = 4) -> Scale:
        """With ends on ticks. ``from_zero`` for bars and areas, whose length is what is seen."""
        least, greatest = min(values), max(values)
        if from_zero or 0 <= least < greatest * 0.5:
            least, greatest = min(least, 0.0), max(greatest, 0.0)
        if greatest - least <= max(FLAT * max(abs(least), abs(greatest)), LEAST):
            room = max(max(abs(least), abs(greatest)) / 2, LEAST) if max(abs(least), abs(greatest)) else 1.0
            least, greatest = least - room, greatest + room
        step = round_step(greatest - least, parts)
        places = 2 - math.floor(math.log10(step))
        first, last = math.floor(least / step + 1e-9), math.ceil(greatest / step - 1e-9)
        ticks = tuple(round(number * step, places) for number in range(first, last + 1))
        return cls(ticks[0], ticks[-1], ticks)

    def share(self, value: float) -> float:
        return (value - self.least) / (self.greatest - self.least)


def tick(value: float, t: Words) -> str:
    """Short: 4.5万, 2亿; 4.5M, 2bn."""
    units = ((1e8, "亿"), (1e4, "万")) if t.lang == "zh" else ((1e9, "bn"), (1e6, "M"))
    for size, unit in units:
        if abs(value) >= size:
            return f"{value / size:.6g}{unit}"
    return f"{value:,.6g}" if abs(value) >= 1e-4 or not value else f"{value:.3g}"


def number(text: str) -> str:
    """A number as the table has it, with its thousands apart."""
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, point, rest = digits.partition(".")
    if not whole.isdigit() or len(whole) < 5:
        return text.replace("-", "−") if sign else text
    return f"{'−' if sign else ''}{int(whole):,}{point}{rest}"


def moment(text: str) -> float | None:
    """Days from the beginning of the calendar; None for what is no moment of it."""
    found = _MOMENT.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute = (int(part or 0) for part in found.groups())
    try:
        whole = datetime.date(year, month or 1, day or 1).toordinal()
    except ValueError:
        return None
    return whole + hour / 24 + minute / 1440


def time_ticks(least: float, greatest: float) -> Iterator[tuple[float, str]]:
    """At most five beginnings of years, months or days."""
    span = greatest - least
    first = datetime.date.fromordinal(int(least))
    last = datetime.date.fromordinal(int(greatest))
    if span > 4 * 366:
        step = max(1, round(round_step(span / 365.25, 4)))
        for year in range(-(-first.year // step) * step, last.year + 1, step):
            yield from _within(datetime.date(max(year, 1), 1, 1), f"{max(year, 1):04}", least, greatest)
    elif span > 120:
        months = (last.year - first.year) * 12 + last.month - first.month
        step = next(each for each in (1, 2, 3, 6, 12) if months / each <= 4 or each == 12)
        for month in range(0, months + 1):
            number = first.year * 12 + first.month - 1 + month
            if number % step == 0:
                begin = datetime.date(number // 12, number % 12 + 1, 1)
                yield from _within(begin, f"{begin.year:04}-{begin.month:02}", least, greatest)
    else:
        step = max(1, math.ceil(span / 3))
        for day in range(int(least), int(greatest) + 1, step):
            yield from _within(datetime.date.fromordinal(day), str(datetime.date.fromordinal(day)), least, greatest)


def _within(day: datetime.date, label: str, least: float, greatest: float) -> Iterator[tuple[float, str]]:
    if least <= day.toordinal() <= greatest:
        yield float(day.toordinal()), label
