"""Sorting more numbers than memory holds: in sorted runs, and then range after range of all runs together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from generator.tables.proof.keys.space import Mask, Numbers, Space, Store, joined

_SAMPLES: Final = 256
"""Of a full run."""
_ODD: Final = np.uint64(0x9E3779B97F4A7C15)


def spread(numbers: Numbers) -> Numbers:
    """Other numbers, one to one, whose upper bits differ: values of a column are often small."""
    return numbers * _ODD


@dataclass(slots=True)
class Runs:
    """The numbers of a store, ``spread``, sorted in parts. What was added to the store later can be added here later.

    No number is in a run more than twice: more would tell nothing, and could be all that there are.
    """

    space: Space
    store: Store = field(init=False)
    samples: list[Numbers] = field(default_factory=list)
    """Of each run every so many numbers, to find places in it."""
    _seen: int = 0
    """Blocks of the original store."""

    def __post_init__(self) -> None:
        self.store = self.space.store()

    @property
    def step(self) -> int:
        return max(1, self.space.run // _SAMPLES)

    def add_new(self, numbers: Store) -> None:
        waiting: list[Numbers] = []
        count = 0
        for index in range(self._seen, len(numbers)):
            waiting.append(numbers.block(index))
            count += len(waiting[-1])
            if count >= self.space.run:
                self._add(waiting)
                count = 0
        self._add(waiting)
        self._seen = len(numbers)

    def _add(self, waiting: list[Numbers]) -> None:
        numbers = joined(waiting)
        waiting.clear()
        if len(numbers):
            run = _at_most_twice(_sorted(spread(numbers)))
            self.samples.append(run[:: self.step].copy())
            self.store.add(run)

    def cut(self, index: int, bound: np.uint64) -> int:
        """How many numbers of a run are smaller."""
        after = int(np.searchsorted(self.samples[index], bound))
        if after == 0:
            return 0
        start = (after - 1) * self.step
        end = min(start + self.step, self.store.size(index))
        return start + int(np.searchsorted(self.store.part(index, start, end), bound))


def ranges(*all_runs: Runs) -> Iterator[list[Numbers]]:
    """The numbers of each, sorted, a range of values after the other. Ranges follow the samples, so they are of a
    size that memory holds, however unevenly the numbers lie."""
    space = all_runs[0].space
    total = sum(runs.store.count for runs in all_runs)
    samples = np.sort(joined([sample for runs in all_runs for sample in runs.samples]))
    count = -(-total // (2 * space.run))
    bounds = np.unique(samples[[len(samples) * number // count for number in range(1, count)]])
    starts = [[0] * len(runs.store) for runs in all_runs]
    for bound in [*bounds, None]:
        found = []
        for runs, places in zip(all_runs, starts, strict=True):
            parts = []
            for index, start in enumerate(places):
                end = runs.store.size(index) if bound is None else runs.cut(index, bound)
                parts.append(runs.store.part(index, start, end))
                places[index] = end
            found.append(np.sort(joined(parts), kind="stable"))  # merges what is sorted already
        yield found


def repeated(runs: Runs) -> Iterator[Numbers]:
    """The numbers that occur more than once, sorted."""
    found = (numbers[1:][numbers[1:] == numbers[:-1]] for (numbers,) in ranges(runs))
    return parted(map(_distinct, found), runs.space.run)


def only_in_first(ours: Runs, theirs: Runs) -> Iterator[Numbers]:
    """Our numbers that are not among theirs, sorted."""
    both = ((_distinct(numbers), others) for numbers, others in ranges(ours, theirs))
    return parted((numbers[~contains(others, numbers)] for numbers, others in both), ours.space.run)


def parted(pieces: Iterable[Numbers], size: int) -> Iterator[Numbers]:
    """The same ascending numbers in parts that are neither very small nor very large; none of them empty."""
    waiting: list[Numbers] = []
    count = 0
    for piece in pieces:
        waiting.append(piece)
        count += len(piece)
        if count >= size:
            yield joined(waiting)
            waiting, count = [], 0
    if count:
        yield joined(waiting)


def contains(ascending: Numbers, numbers: Numbers) -> Mask:
    if not len(ascending):
        return np.zeros(len(numbers), bool)
    places = np.minimum(np.searchsorted(ascending, numbers), len(ascending) - 1)
    found: Mask = ascending[places] == numbers
    return found


def _sorted(numbers: Numbers) -> Numbers:
    """Faster than numpy's own on many processors: a radix sort of the upper bits leaves little to be done."""
    order = np.argsort((numbers >> np.uint64(48)).astype(np.uint16), kind="stable")
    return np.sort(numbers[order], kind="stable")


def _at_most_twice(ascending: Numbers) -> Numbers:
    thrice = ascending[2:] == ascending[:-2]
    if not thrice.any():
        return ascending
    return np.concatenate((ascending[:2], ascending[2:][~thrice]))


def _distinct(ascending: Numbers) -> Numbers:
    if len(ascending) < 2:
        return ascending
    return np.concatenate((ascending[:1], ascending[1:][ascending[1:] != ascending[:-1]]))
