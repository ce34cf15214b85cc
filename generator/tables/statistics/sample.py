"""A sample of a column by position: whether a value is in it depends on its number alone, not on the pieces."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from generator.tables.statistics.hashes import mixed

_Numbers = npt.NDArray[np.int64]
_SURE = 0.999


class Sample:
    """All values up to ``capacity``, then the values of one in 2, 4, 8 … numbers, drawn by a hash of the number."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._kept: list[tuple[_Numbers, pa.Array]] = []
        self._seen = 0
        self._level = 0

    @property
    def is_whole(self) -> bool:
        return self._level == 0

    def add(self, values: pa.Array, usable: npt.NDArray[np.bool_] | None = None) -> None:
        """Values without nulls; a dictionary will do. Of those that are not ``usable`` nothing is kept."""
        start, self._seen = self._seen, self._seen + len(values)
        level = self._level
        while self._seen >> level > self._capacity:
            level += 1
        if level > self._level:
            self._level = level
            self._thin()
        chosen = _chosen(start, len(values), level)
        if usable is not None:
            chosen = chosen[usable[chosen]]
        if len(chosen):
            self._kept.append((chosen + start, _plain(values.take(pa.array(chosen)))))

    def values(self, kind: pa.DataType) -> pa.Array:
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
            numbers = np.concatenate([each for each, _ in self._kept])
            kept = np.flatnonzero(_is_chosen(numbers, self._level))
            values = pa.concat_arrays([each for _, each in self._kept]).take(pa.array(kept))
            self._kept = [(numbers[kept], values)]


@lru_cache(32)  # columns without nulls ask for the same
def _chosen(start: int, length: int, level: int) -> _Numbers:
    """Which of the numbers from ``start`` on, counted from there."""
    return np.flatnonzero(_is_chosen(np.arange(start, start + length), level))


def _is_chosen(numbers: _Numbers, level: int) -> npt.NDArray[np.bool_]:
    if level == 0:
        return np.ones(len(numbers), np.bool_)
    return mixed(numbers.astype(np.uint64)) < np.uint64(1 << (64 - level))


def _plain(values: pa.Array) -> pa.Array:
    return values.cast(values.type.value_type) if pa.types.is_dictionary(values.type) else values
