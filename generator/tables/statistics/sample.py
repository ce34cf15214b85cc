"""A sample of a column by position: whether a value is in it depends on its number alone, not on the pieces."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from generator.tables.statistics.hashes import Hashes, mixed

_SURE = 0.999


class Sample:
    """All values up to ``capacity``, then the values of one in 2, 4, 8 … numbers, drawn by a hash of the number."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._kept: list[tuple[Hashes, pa.Array]] = []
        self._seen = 0
        self._level = 0

    @property
    def is_whole(self) -> bool:
        return self._level == 0

    def add(self, values: pa.Array, usable: npt.NDArray[np.bool_] | None = None) -> None:
        """Values without nulls; a dictionary will do. Null is kept for those that are not ``usable``."""
        start, self._seen = self._seen, self._seen + len(values)
        level = self._level
        while self._seen >> level > self._capacity:
            level += 1
        if level > self._level:
            self._level = level
            self._thin()
        chosen, drawn = _draw(start, len(values), level)
        if len(chosen) < len(values):
            values = values.take(pa.array(chosen))
        if pa.types.is_dictionary(values.type):
            values = values.cast(values.type.value_type)
        if usable is not None:
            values = pc.if_else(pa.array(usable[chosen]), values, pa.scalar(None, values.type))
        if len(values):
            self._kept.append((drawn, values))

    def values(self, kind: pa.DataType) -> pa.Array:
        """All that are kept, null among them."""
        return pa.concat_arrays([values for _, values in self._kept]) if self._kept else pa.array([], kind)

    def error(self) -> float:
        """By how much the share of values below any value can be wrong, in 999 of 1,000 samples: the bound of
        Dvoretzky, Kiefer, Wolfowitz and Massart."""
        if self.is_whole:
            return 0.0
        size = max(self._seen >> self._level, 1)
        return min(round(math.sqrt(math.log(2 / (1 - _SURE)) / (2 * size)), 4), 1.0)

    def _thin(self) -> None:
        if self._kept:
            drawn = np.concatenate([each for each, _ in self._kept])
            kept = np.flatnonzero(drawn < _limit(self._level))
            values = pa.concat_arrays([each for _, each in self._kept]).take(pa.array(kept))
            self._kept = [(drawn[kept], values)]


@lru_cache(32)  # columns without nulls ask for the same
def _draw(start: int, length: int, level: int) -> tuple[npt.NDArray[np.int64], Hashes]:
    """Which of the numbers from ``start`` on are drawn, counted from there, and their hashes."""
    hashes = mixed(np.arange(start, start + length, dtype=np.uint64))
    if level == 0:
        return np.arange(length), hashes
    chosen = np.flatnonzero(hashes < _limit(level))
    return chosen, hashes[chosen]


def _limit(level: int) -> np.uint64:
    return np.uint64(1 << (64 - level))
