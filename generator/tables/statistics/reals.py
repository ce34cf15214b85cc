"""Numbers with a fraction: doubles, and exact decimals.

Range and mean are exact. For everything else a decimal stands as the double next to it, which has all of its digits
where there are 15 at most; of longer ones those that share a double are taken for one.
"""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from generator.public import ColumnStatistics
from generator.tables.statistics import edges, gathered, hashes, sums, wording
from generator.tables.statistics.bounds import Bounds
from generator.tables.statistics.distinct import Number
from generator.tables.statistics.gathered import Edges, Gathered

Array = npt.NDArray[Any]

_EXACT_IN_A_DOUBLE = 2**53
_EXACT_POWER = 22
"""Up to here powers of ten are doubles: dividing by one rounds only once."""
_DIGITS = 15


class Doubles:
    def __init__(self, bounds: Bounds, *, unique: bool) -> None:
        self._rows = 0
        self._sum = 0
        self._least, self._greatest = math.inf, -math.inf
        self._others: set[str] = set()
        self._gathered = Gathered(pa.float64(), hashes.of_numbers, bounds, unique=unique)

    def add(self, values: pa.Array) -> None:
        numbers = values.to_numpy(zero_copy_only=True)
        least, greatest = float(numbers.min()), float(numbers.max())
        if not (math.isfinite(least) and math.isfinite(greatest)):
            finite = np.isfinite(numbers)
            self._others.update(map(str, np.unique(numbers[~finite]).tolist()))
            numbers = numbers[finite]
            if not len(numbers):
                return
            least, greatest = float(numbers.min()), float(numbers.max())
        if least <= 0 <= greatest:
            numbers = numbers + 0.0  # -0 is 0
        self._rows += len(numbers)
        self._least, self._greatest = min(self._least, least + 0.0), max(self._greatest, greatest + 0.0)
        self._sum += sums.of_doubles(numbers, max(abs(least), abs(greatest)))
        self._gathered.sample(numbers)
        self._gathered.count(pa.array(numbers))

    def describe(self, column: ColumnStatistics) -> ColumnStatistics:
        spread = self._gathered.spread()
        number = self._gathered.number(spread)
        column = replace(
            column,
            **gathered.distinct(replace(number, value=number.value + len(self._others))),
            not_finite=column.rows - column.nulls - self._rows,
        )
        if not self._rows:
            return column
        at = edges.of_numbers(Decimal(self._least), Decimal(self._greatest), finest=None)
        bins = Edges([float(edge) for edge in at], tuple(map(wording.edge, at)))
        if len(set(bins.keys)) < len(at):  # there are no doubles between
            bins = Edges([], ())
        return replace(
            column,
            minimum=wording.double(self._least),
            maximum=wording.double(self._greatest),
            mean=wording.double(float(Fraction(self._sum, self._rows << sums.ONE))),
            quantiles=gathered.quantiles(spread, wording.double),
            histogram=gathered.histogram(spread, self._rows, bins),
            frequent=self._gathered.frequent(spread, self._rows, wording.double),
            error=spread.error,
        )


class Decimals:
    """Pieces may differ in scale; the greatest is the column's."""

    def __init__(self, bounds: Bounds, *, unique: bool) -> None:
        self._unique = unique
        self._scale = 0
        self._sum = Fraction(0)
        self._least, self._greatest = Decimal("Infinity"), Decimal("-Infinity")
        self._gathered = Gathered(pa.float64(), hashes.of_numbers, bounds, unique=unique)

    def add(self, values: pa.Array) -> None:
        scale = values.type.scale
        self._scale = max(self._scale, scale)
        if pa.types.is_decimal64(values.type):
            units = np.frombuffer(values.buffers()[1], "<i8", len(values), values.offset * 8)
            is_narrow = True
        else:
            low, high = _halves(values)
            units = low.view(np.int64)
            is_narrow = bool((high == units >> 63).all())
        if is_narrow:
            least, greatest = int(units.min()), int(units.max())
            largest = max(abs(least), abs(greatest))
            total = sums.of_integers(units, largest)
            self._watch_range(_decimal(least, scale), _decimal(greatest, scale))
        else:
            bounds = pc.min_max(values).as_py()
            self._watch_range(bounds["min"], bounds["max"])
            total = (sums.of_integers(high, 2**63) << 64) + sums.of_integers(low, 2**64)
            largest = 2**63
        self._sum += Fraction(total, 10**scale)
        if largest < _EXACT_IN_A_DOUBLE and scale <= _EXACT_POWER:
            doubles = units / 10.0**scale
        else:  # Arrow's cast from decimals is not always to the next double
            doubles = values.cast(pa.string()).cast(pa.float64()).to_numpy()
        self._gathered.sample(doubles)
        self._gathered.count(pa.array(doubles))

    def describe(self, column: ColumnStatistics) -> ColumnStatistics:
        rows, scale = column.rows - column.nulls, self._scale
        spread = self._gathered.spread()
        number = self._gathered.number(spread)
        is_short = max(abs(self._least), abs(self._greatest)).scaleb(scale).adjusted() < _DIGITS
        if not is_short and not self._unique:
            number = Number(number.value, number.error, at_least=True)

        def words(key: float) -> str:
            return wording.decimal(Decimal(repr(key)), scale) if is_short else wording.double(key)

        at = edges.of_numbers(self._least, self._greatest, finest=Decimal((0, (1,), -scale)))
        bins = Edges([float(edge) for edge in at], tuple(wording.decimal(edge, scale) for edge in at))
        return replace(
            column,
            **gathered.distinct(number),
            minimum=wording.decimal(self._least, scale),
            maximum=wording.decimal(self._greatest, scale),
            mean=wording.mean(self._sum / rows, scale),
            quantiles=gathered.quantiles(spread, words),
            histogram=gathered.histogram(spread, rows, bins),
            frequent=self._gathered.frequent(spread, rows, words),
            error=spread.error,
        )

    def _watch_range(self, least: Decimal, greatest: Decimal) -> None:
        self._least, self._greatest = min(self._least, least), max(self._greatest, greatest)


def _halves(values: pa.Array) -> tuple[Array, Array]:
    """The lower 64 bits of each number and the upper, which have the sign."""
    words = np.frombuffer(values.buffers()[1], "<u8", 2 * len(values), values.offset * 16)
    return words[0::2], words[1::2].view("<i8")


def _decimal(units: int, scale: int) -> Decimal:
    return Decimal(f"{units}E-{scale}")
