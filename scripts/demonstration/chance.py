"""Repeatable chance. Of `random.Random`, only `random()` is promised to give the same numbers in every Python."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")


class Chance:
    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def share(self) -> float:
        """A number in [0, 1)."""
        return self._random.random()

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.share()

    def whole(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both included."""
        return low + int(self.share() * (high - low + 1))

    def one_of(self, items: Sequence[Item]) -> Item:
        return items[int(self.share() * len(items))]

    def happens(self, probability: float) -> bool:
        return self.share() < probability

    def spread(self) -> float:
        """A number around 0 with a standard deviation of about 1."""
        return sum(self.share() for _ in range(12)) - 6
