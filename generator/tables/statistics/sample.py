"""A sample of a column by position: whether a value is in it depends on its number alone, not on the pieces."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from generator.tables.statistics.hashes import Hashes, mixed

_SURE = 0.999


Values = Any
"""An array of numbers (numpy's), or of texts or a dictionary of texts (Arrow's), without nulls."""


class Sample:
    """All values up to ``whole``, then those of one in 2, 4, 8 … numbers, drawn by a hash of the number: ``most``, or
    half of it at least."""

    def __init__(self, whole: int, most: int) -> None:
        self._whole = whole
        self._most = most
        self._kept: list[tuple[Hashes, Values]] = []
        self._seen = 0
        self._level = 0

    @property
    def is_whole(self) -> bool:
        return self._level == 0

    def add(self, values: Values, usable: npt.NDArray[np.bool_] | None = None) -> None:
        """Null is kept for texts that are not ``usable``."""
        start, self._seen = self._seen, self._seen + len(values)
        level = self._level
        while self._seen > self._whole and self._seen >> level > self._most:
            level += 1
        if level > self._level:
            self._level = level
            self._thin()
        chosen, drawn = _draw(start, len(values), level)
        if len(chosen) < len(values):
            values = _take(values, chosen)
        if not isinstance(values, np.ndarray) and pa.types.is_dictionary(values.type):
            values = values.cast(values.type.value_type)
        if usable is not None:
            values = pc.if_else(pa.array(usable[chosen]), values, pa.scalar(None, pa.string()))
        if len(values):
            self._kept.append((drawn, values))

    def numbers(self) -> npt.NDArray[Any]:
        found: npt.NDArray[Any] = _joined([values for _, values in self._kept]) if self._kept else np.empty(0)
        return found

    def texts(self) -> pa.StringArray:
        """Null among them."""
        return _joined([values for _, values in self._kept]) if self._kept else pa.array([], pa.string())

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
            self._kept = [(drawn[kept], _take(_joined([each for _, each in self._kept]), kept))]


def _take(values: Values, places: npt.NDArray[np.int64]) -> Values:
    return values[places] if isinstance(values, np.ndarray) else values.take(pa.array(places))


def _joined(pieces: list[Values]) -> Any:
    return np.concatenate(pieces) if isinstance(pieces[0], np.ndarray) else pa.concat_arrays(pieces)


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
