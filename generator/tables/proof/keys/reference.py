"""A foreign key: which rows have a tuple that the other table, or the table itself, has not."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from generator.tables.proof.keys.distinct import Distinct, is_among
from generator.tables.proof.keys.log import Log, Pair, in_row_order
from generator.tables.proof.keys.numbers import Values, absent, either, is_exact, never_equal, numbers
from generator.tables.proof.keys.runs import Runs, contains, only_in_first, parted, spread
from generator.tables.proof.keys.space import Mask, Numbers, Space, Store
from generator.tables.proof.outcome import NotProved

_NUMERIC = ("boolean", "integer", "number")


def comparable(ours: str, theirs: str) -> bool:
    """Whether values of two kinds are compared here. Others are never equal for Python (a date is no moment, a text no
    number), so that every row would be wrong: that may frictionless tell."""
    return bool(ours) and (ours == theirs or (ours in _NUMERIC and theirs in _NUMERIC))


@dataclass(slots=True)
class Tuples:
    """The referenced table's side. Rows without any value are left out; a part without one is a value like others."""

    fields: tuple[str, ...]
    space: Space
    as_numbers: tuple[bool, ...] = ()
    """Parts to be compared with another kind of number: for Python 1, 1.0 and true are equal."""
    exact: bool = True
    """Whether values that are equal here are equal for frictionless."""
    _numbers: Store = field(init=False)
    """Where they are the values."""
    _runs: Runs = field(init=False)
    values: Distinct = field(init=False)
    """Where numbers are only hashes."""

    def __post_init__(self) -> None:
        self._numbers, self._runs, self.values = self.space.store(), Runs(self.space), Distinct(self.space)

    def add(self, values: Values, *, exact: bool = True) -> None:
        """``exact``: see ``Unique.add``."""
        values, same = _of_one_kind(values, self.as_numbers)
        self.exact = self.exact and exact and same
        skipped = either(absent(values), never_equal(values))
        if skipped is not None:
            values = _filtered(values, ~skipped)
        if is_exact(values):
            self._numbers.add(numbers(values), ascending=True)
        else:
            self.values.add(values)

    def sorted(self) -> Runs:
        self._runs.add_new(self._numbers)
        return self._runs

    def index(self) -> _Index | None:
        """All of them, to look up; None where there are too many."""
        if not self.values.in_memory or self._numbers.count > self.space.run:
            return None
        values = self.values.all()
        if values is None:
            return _Index(np.unique(np.concatenate([*self._numbers, np.empty(0, np.uint64)])), None)
        found = numbers(values)
        order = np.argsort(found, kind="stable")
        found = found[order]
        if len(found) > self.space.run or (found[1:] == found[:-1]).any():
            return None
        return _Index(found, [part.take(pa.array(order)) for part in values])


@dataclass(frozen=True, slots=True)
class _Index:
    numbers: Numbers
    """Ascending, all different."""
    values: Values | None
    """Theirs, where numbers are only hashes."""

    def has(self, values: Values) -> Mask:
        ours = numbers(values)
        if not len(self.numbers):
            return np.zeros(len(ours), bool)
        places = np.minimum(np.searchsorted(self.numbers, ours), len(self.numbers) - 1)
        found: Mask = self.numbers[places] == ours
        for part, their in zip(values, self.values or (), strict=self.values is not None):
            found &= _equal(part, their.take(pa.array(places)))
        return found


@dataclass(slots=True)
class Reference:
    """The referring table's side."""

    fields: tuple[str, ...]
    theirs: Tuples
    within: bool
    """A key to the table itself: both sides are collected in the same pass. Else theirs are complete before this
    side's first piece comes."""
    _log: Log = field(init=False)
    _runs: Runs = field(init=False)
    _values: Distinct = field(init=False)
    _missing: Store = field(init=False)
    """Positions of rows that were found at once."""
    _rows: int = 0
    _own_exact: bool = True
    _index: _Index | None = None

    def __post_init__(self) -> None:
        space = self.theirs.space
        self._log, self._runs, self._values, self._missing = Log(space), Runs(space), Distinct(space), space.store()

    @property
    def exact(self) -> bool:
        """Whether the rows that are not missing are there: else they only may be. Missing rows always are missing."""
        return self._own_exact and self.theirs.exact

    def add(self, values: Values, *, exact: bool = True) -> None:
        """``exact``: see ``Unique.add``."""
        values, same = _of_one_kind(values, self.theirs.as_numbers)
        self._own_exact = self._own_exact and exact and same
        if not self._rows and not self.within:
            self._index = self.theirs.index()
        none = absent(values)
        if self._index:
            missing = ~self._index.has(values)
            self._add_missing(missing if none is None else missing & ~none)
        else:
            self._collect(values, none)
        self._rows += len(values[0])

    def _collect(self, values: Values, none: Mask | None) -> None:
        """To be looked up at the end."""
        odd = never_equal(values)
        skipped = either(none, odd)
        if odd is not None:
            self._add_missing(odd)
        self._log.add(numbers(values), skipped, ascending=is_exact(values))
        if not is_exact(values):
            self._values.add(values if skipped is None else _filtered(values, ~skipped))

    def _add_missing(self, rows: Mask) -> None:
        if rows.any():
            self._missing.add((np.flatnonzero(rows) + self._rows).astype(np.uint64), ascending=True)

    def missing(self, limit: int | None = None) -> Iterator[int]:
        """Positions of the rows whose tuple has a value and is not among theirs, in order."""
        known = (row for block in self._missing for row in block.tolist())
        found = in_row_order(self._missing_numbers(), self._find, self.theirs.space, limit)
        return islice(heapq.merge(known, (row for row, _ in found)), limit)

    def _find(self, wanted: Numbers) -> Iterator[Pair]:
        for rows, _ in self._log.find(wanted):
            yield from ((row, row) for row in rows.tolist())

    def _missing_numbers(self) -> Iterator[Numbers]:
        if self._log.numbers.count and self._values.empty:
            self._runs.add_new(self._log.numbers)
            return only_in_first(self._runs, self.theirs.sorted())
        return parted(self._missing_by_value(), self.theirs.space.run)

    def _missing_by_value(self) -> Iterator[Numbers]:
        for ours, theirs in Distinct.together(self._values, self.theirs.values):
            if ours is None:
                continue
            there = is_among(ours, theirs)
            found = spread(numbers(ours))
            missing = np.unique(found[~there])
            if contains(missing, found[there]).any():
                raise NotProved("key-collision")  # rows are known by their numbers alone
            yield missing


def _of_one_kind(values: Values, as_numbers: Sequence[bool]) -> tuple[Values, bool]:
    """And whether all numbers are the same as before."""
    if not any(as_numbers):
        return values, True
    found, same = [], True
    for part, changed in zip(values, as_numbers, strict=True):
        if changed and not pa.types.is_floating(part.type):
            whole = part.cast(pa.int64())
            bounds = pc.min_max(whole).as_py()
            same = same and (bounds["min"] is None or max(abs(bounds["min"]), abs(bounds["max"])) <= _EXACT)
            part = whole.cast(pa.float64(), safe=False)  # noqa: PLW2901
        found.append(part)
    return found, same


_EXACT: Final = 1 << 53
"""Up to here each integer is a double of its own."""


def _equal(ours: pa.Array, theirs: pa.Array) -> Mask:
    if pa.types.is_dictionary(ours.type):
        ours = ours.cast(ours.type.value_type)
    equal = pc.fill_null(pc.equal(ours, theirs.cast(ours.type)), False)
    if ours.null_count and theirs.null_count:
        equal = pc.or_(equal, pc.and_(pc.is_null(ours), pc.is_null(theirs)))
    return np.asarray(equal.to_numpy(zero_copy_only=False), bool)


def _filtered(values: Values, rows: Mask) -> Values:
    return [part.filter(pa.array(rows)) for part in values]
