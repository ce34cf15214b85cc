"""Sorted keys and how often each occurs: quantiles, histogram and frequent values come of these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
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
        """How many of ``rows`` values are from each edge on and below the next. All values are within the edges."""
        below = np.concatenate([[0], np.cumsum(self.counts)])
        inner = np.array(edges[1:-1], self.keys.dtype)  # the outer ones may be no key: 2e308, 2**63
        found = [0, *below[np.searchsorted(self.keys, inner, "left")].tolist(), self.size]
        # Of a sample: rounded so that the bins together hold all.
        scaled = [count * rows // self.size for count in found]
        return tuple(stop - start for start, stop in pairwise(scaled))

    def frequent(self, most: int) -> list[tuple[Any, int]]:
        """The keys that occur most often, and twice at least; the smallest first where they are equal."""
        some = np.flatnonzero(self.counts > 1)
        some = some[np.argsort(-self.counts[some], kind="stable")[:most]]
        return list(zip(self.keys[some].tolist(), self.counts[some].tolist(), strict=True))
