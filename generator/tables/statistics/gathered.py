"""What is gathered of every column of numbers or texts: how many values differ, and a sample of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from generator.public import Histogram, ValueCount
from generator.tables.statistics.bounds import Bounds
from generator.tables.statistics.distinct import Counts, Distinct, Number, counted
from generator.tables.statistics.hashes import Hashes
from generator.tables.statistics.sample import Sample, Values
from generator.tables.statistics.spread import PERCENTS, Spread

Words = Callable[[Any], str]
"""A key as its text."""


class Gathered:
    """``unique``: somebody has proved that no two values are equal, so that they need no counting."""

    def __init__(
        self, kind: pa.DataType, hashed: Callable[[pa.Array], Hashes], bounds: Bounds, *, unique: bool
    ) -> None:
        self._bounds = bounds
        self._distinct = None if unique else Distinct(bounds, hashed)
        self._sample = Sample(bounds.sample, bounds.texts if pa.types.is_string(kind) else bounds.sample)
        self._rows = 0
        self._is_usable = True
        """Every value may be in the sample."""

    @property
    def is_counting(self) -> bool:
        """Whether the values are still so few that each is counted."""
        return self._distinct is not None and self._distinct.is_few

    def sample(self, values: Values, usable: npt.NDArray[np.bool_] | None = None) -> None:
        self._rows += len(values)
        self._is_usable = self._is_usable and usable is None
        self._sample.add(values, usable)

    def count(self, values: pa.Array, counts: Counts | None = None) -> None:
        if self._distinct is not None:
            self._distinct.add(values, counts)

    def number(self, values: Spread) -> Number:
        """How many values there are; ``values`` are those of ``spread()`` or ``texts()``."""
        if self._distinct is None:
            return Number(self._rows)
        if self._is_usable and not values.error:
            return Number(len(values.keys))
        return self._distinct.number()

    def spread(self) -> Spread:
        """Of numbers."""
        counts = self._distinct.counts() if self._distinct else None
        if counts:
            return Spread.of(counts[0].to_numpy(), counts[1])
        return Spread.of(self._sample.numbers(), error=self._sample.error())

    def texts(self) -> tuple[pa.StringArray, Spread]:
        """The texts, and their places in there for keys."""
        counts = self._distinct.counts() if self._distinct else None
        if counts:
            return counts[0], Spread(np.arange(len(counts[0])), counts[1], self._rows)
        sample = self._sample.texts()
        texts, found = counted(sample.drop_null())
        return texts, Spread(np.arange(len(texts)), found, len(sample), self._sample.error())

    def frequent(self, spread: Spread, rows: int, words: Words) -> tuple[ValueCount, ...]:
        """The most frequent values; of a sample those of which it holds enough."""
        least = self._bounds.seen if spread.error else 1
        return tuple(
            ValueCount(words(key), count * rows // spread.size)
            for key, count in spread.frequent(self._bounds.shown)
            if count >= least
        )


@dataclass(frozen=True, slots=True)
class Edges:
    """The edges of a histogram's bins."""

    keys: list[Any]
    texts: tuple[str, ...]


def quantiles(spread: Spread, words: Words) -> tuple[tuple[int, str], ...]:
    return tuple(zip(PERCENTS, map(words, spread.quantiles()), strict=True))


def histogram(spread: Spread, rows: int, edges: Edges) -> Histogram | None:
    return Histogram(edges.texts, spread.between(edges.keys, rows)) if edges.keys else None


def distinct(number: Number) -> dict[str, Any]:
    return {"distinct": number.value, "distinct_error": number.error, "distinct_at_least": number.at_least}
