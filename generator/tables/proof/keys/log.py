"""The numbers of a table's rows in order, to find the rows of some numbers again."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Final

import numpy as np
import numpy.typing as npt

from generator.tables.proof.keys.runs import spread
from generator.tables.proof.keys.space import Mask, Numbers, Space, Store

Positions = npt.NDArray[np.int64]
"""Of rows, the first is 0."""

_SIEVE: Final = 20
"""Bits of a number by which most are told not to be wanted."""

Pair = tuple[int, int]


@dataclass(slots=True)
class Log:
    """Some rows have no number: they are skipped."""

    space: Space
    rows: int = 0
    numbers: Store = field(init=False)
    _skipped: Store = field(init=False)
    _starts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.numbers, self._skipped = self.space.store(), self.space.store()

    def add(self, numbers: Numbers, skipped: Mask | None, *, ascending: bool) -> None:
        """Of the next rows. ``ascending``: see ``Store.add``."""
        self._starts.append(self.rows)
        self.rows += len(numbers)
        places = _EMPTY if skipped is None else np.flatnonzero(skipped)
        self._skipped.add(places.astype(np.uint64), ascending=True)
        self.numbers.add(numbers if skipped is None else numbers[~skipped], ascending=ascending)

    def _positions(self, index: int) -> Positions:
        start, skipped = self._starts[index], self._skipped.size(index)
        positions = np.arange(start, start + self.numbers.size(index) + skipped)
        return np.delete(positions, self._skipped.block(index).astype(np.int64)) if skipped else positions

    def find(self, wanted: Numbers) -> Iterator[tuple[Positions, Positions]]:
        """The rows that have one of these numbers (``spread``, sorted) in order; and which one, as a place in them."""
        sieve = np.zeros(1 << _SIEVE, bool)
        sieve[wanted >> np.uint64(64 - _SIEVE)] = True
        for index, block in enumerate(self.numbers):
            numbers = spread(block)
            maybe = np.flatnonzero(sieve[numbers >> np.uint64(64 - _SIEVE)])
            if not len(maybe):
                continue
            places = np.minimum(np.searchsorted(wanted, numbers[maybe]), len(wanted) - 1)
            right = wanted[places] == numbers[maybe]
            if right.any():
                yield self._positions(index)[maybe[right]], places[right]


def in_row_order(
    parts: Iterable[Numbers], find: Callable[[Numbers], Iterator[Pair]], space: Space, limit: int | None
) -> Iterator[Pair]:
    """What is found of each part of the numbers, by the row that comes first in a pair. There mostly is one part."""
    waiting = iter(parts)
    first, second = next(waiting, None), next(waiting, None)
    if first is None:
        return
    if second is None:
        yield from islice(find(first), limit)
        return
    kept = [_keep(islice(find(part), limit), space) for part in chain((first, second), waiting)]
    yield from islice(heapq.merge(*kept), limit)


def _keep(pairs: Iterator[Pair], space: Space) -> Iterator[Pair]:
    """The same pairs, all of them found at once."""
    store = space.store()
    while some := list(islice(pairs, _BATCH)):
        store.add(np.array(some, np.uint64).ravel())
    return ((row, other) for block in store for row, other in block.reshape(-1, 2).tolist())


_BATCH: Final = 1 << 14
_EMPTY: Final = np.empty(0, np.int64)
