"""Integers, years, dates and date-times: whole numbers of a unit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from generator.public import ColumnStatistics
from generator.tables.statistics import edges, gathered, hashes, sums, wording
from generator.tables.statistics.bounds import Bounds
from generator.tables.statistics.distinct import Counts, Number
from generator.tables.statistics.gathered import Edges, Gathered
from generator.tables.statistics.spread import Spread

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Unit:
    """What a whole number stands for."""

    words: Callable[[Any], str]
    edges: Callable[[int, int], Sequence[int]]
    has_mean: bool = False


def _number_edges(least: int, greatest: int) -> list[int]:
    return [int(edge) for edge in edges.of_numbers(Decimal(least), Decimal(greatest), finest=Decimal(1))]


NUMBER = Unit(wording.whole, _number_edges, has_mean=True)
DAY = Unit(wording.day, partial(edges.of_moments, unit="day"))
MOMENT = Unit(wording.moment, partial(edges.of_moments, unit="microsecond"))
MOMENT_IN_UTC = Unit(wording.moment_in_utc, MOMENT.edges)


class Wholes:
    def __init__(self, unit: Unit, bounds: Bounds, *, unique: bool) -> None:
        self._unit = unit
        self._sum = 0
        self._least, self._greatest = 2**63, -(2**63) - 1
        self._last: int | None = None
        self._rises = self._falls = True
        """Strictly, from each value to the next: then all are different."""
        self._window: _Window | None = _Window(bounds.window)
        """None when the range became too wide."""
        self._gathered = Gathered(pa.int64(), hashes.of_numbers, bounds, unique=unique)

    def add(self, values: pa.Array) -> None:
        numbers = _integers(values)
        least, greatest = int(numbers.min()), int(numbers.max())
        self._least, self._greatest = min(self._least, least), max(self._greatest, greatest)
        if self._unit.has_mean:
            self._sum += sums.of_integers(numbers, max(abs(least), abs(greatest)))
        if self._rises or self._falls:
            self._watch_order(numbers)
        self._gathered.sample(numbers)
        if self._window and not self._window.add(numbers, least, greatest):
            self._gathered.count(*self._window.counts())
            self._window = None
        if not self._window:
            self._gathered.count(pa.array(numbers))

    def describe(self, column: ColumnStatistics) -> ColumnStatistics:
        rows, words = column.rows - column.nulls, self._unit.words
        if self._window:
            keys, counts = self._window.counts()
            spread, number = Spread.of(keys.to_numpy(), counts), Number(len(keys))
        else:
            spread = self._gathered.spread()
            number = self._gathered.number(spread)
        if self._rises or self._falls:
            number = Number(rows)
        at = self._unit.edges(self._least, self._greatest)
        return replace(
            column,
            **gathered.distinct(number),
            minimum=words(self._least),
            maximum=words(self._greatest),
            mean=wording.mean(Fraction(self._sum, rows), 0) if self._unit.has_mean else "",
            quantiles=gathered.quantiles(spread, words),
            histogram=gathered.histogram(spread, rows, Edges(list(at), tuple(map(words, at)))),
            frequent=self._gathered.frequent(spread, rows, words),
            error=spread.error,
        )

    def _watch_order(self, numbers: Integers) -> None:
        first, last, before = int(numbers[0]), int(numbers[-1]), self._last
        self._last = last
        earlier, later = numbers[:-1], numbers[1:]
        self._rises = self._rises and (before is None or before < first) and bool((later > earlier).all())
        self._falls = self._falls and (before is None or before > first) and bool((later < earlier).all())


class _Window:
    """How often each whole number of a narrow range occurs."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._first = self._stop = 0
        self._counts: Counts = np.zeros(0, np.int64)

    def add(self, numbers: Integers, least: int, greatest: int) -> bool:
        """False, and nothing is added, when the range becomes too wide."""
        is_first = self._first == self._stop
        first = least if is_first else min(least, self._first)
        stop = greatest + 1 if is_first else max(greatest + 1, self._stop)
        if stop - first > self._width:
            return False
        if (first, stop) != (self._first, self._stop):
            counts = np.zeros(stop - first, np.int64)
            if not is_first:
                counts[self._first - first : self._stop - first] = self._counts
            self._first, self._stop, self._counts = first, stop, counts
        self._counts[least - first : greatest + 1 - first] += np.bincount(numbers - least)
        return True

    def counts(self) -> tuple[pa.Array, Counts]:
        some = np.flatnonzero(self._counts)
        return pa.array(some + self._first), self._counts[some]


def _integers(values: pa.Array) -> Integers:
    kind = values.type
    if pa.types.is_date32(kind):
        values = values.view(pa.int32())
    elif pa.types.is_timestamp(kind):
        values = values.cast(pa.timestamp("us", kind.tz)).view(pa.int64())
    found: Integers = values.cast(pa.int64()).to_numpy(zero_copy_only=True)
    return found
