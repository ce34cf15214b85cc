"""Sorted keys and how often each occurs: quantiles, histogram and frequent values come of these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from generator.tables.statistics.distinct import Counts, first_of_each

PERCENTS = (5, 25, 50, 75, 95)

Keys = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Spread:
    keys: Keys
    """In ascending order."""
    counts: Counts
    size: int
    """The sum of the counts, and of what was counted but has no key."""
    error: float = 0.0
    """By how much the share of values below any value can be wrong; 0 when all values are here."""

    @classmethod
    def of(cls, keys: Keys, counts: Counts | None = None, error: float = 0.0) -> Spread:
        if counts is None:
            keys = np.sort(keys)
            first = np.flatnonzero(first_of_each(keys))
            return cls(keys[first], np.diff(first, append=len(keys)), len(keys), error)
        order = np.argsort(keys, kind="stable")
        return cls(keys[order], counts[order], int(counts.sum()), error)

    def quantiles(self) -> list[Any]:
        """Nearest rank: the smallest value that so many percent of all values do not exceed."""
        below = np.cumsum(self.counts)
        ranks = [-(-percent * int(below[-1]) // 100) for percent in PERCENTS]
        found: list[Any] = self.keys[np.searchsorted(below, ranks)].tolist()
        return found

    def between(self, edges: Sequence[Any], rows: int) -> tuple[int, ...]:
        """How many of ``rows`` values are from each edge on and below the next."""
        below = np.concatenate([[0], np.cumsum(self.counts)])
        found = below[np.searchsorted(self.keys, np.array(edges, self.keys.dtype), "left")].tolist()
        # Of a sample: rounded so that the bins together hold all.
        scaled = [count * rows // int(below[-1]) for count in found]
        return tuple(stop - start for start, stop in zip(scaled, scaled[1:], strict=False))

    def frequent(self, most: int) -> list[tuple[Any, int]]:
        """The keys that occur most often, the smallest first where they are equal; none where no key occurs twice."""
        if not len(self.counts) or int(self.counts.max()) < 2:
            return []
        order = np.argsort(-self.counts, kind="stable")[:most]
        return list(zip(self.keys[order].tolist(), self.counts[order].tolist(), strict=True))
