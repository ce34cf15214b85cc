"""A key that no two rows may share: which rows have the key of an earlier one."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from generator.tables.proof.keys.log import Log, Pair, Positions, in_row_order
from generator.tables.proof.keys.numbers import Values, absent, either, is_exact, never_equal, numbers
from generator.tables.proof.keys.runs import Runs, repeated
from generator.tables.proof.keys.space import Numbers, Space, Store

Fetch = Callable[[Sequence[int]], Sequence[tuple[Hashable, ...]]]
"""The keys of some rows (positions from 0, ascending) as frictionless reads them."""

_BATCH: Final = 10_000
"""Pairs that are settled together."""


@dataclass(slots=True)
class Unique:
    """Pieces of the table are added in order; questions can be asked after any of them."""

    fields: tuple[str, ...]
    primary: bool
    """At least one part must have a value. (Rows without a value of a merely unique field are no concern.)"""
    space: Space
    exact: bool = True
    """Whether a candidate is a repeat: keys of one part that are no text, with values that are equal for frictionless
    as well."""
    _log: Log = field(init=False)
    _runs: Runs = field(init=False)
    _nulls: Store = field(init=False)
    _order: _Order | None = None

    def __post_init__(self) -> None:
        self._log, self._runs, self._nulls = Log(self.space), Runs(self.space), self.space.store()
        self._order = _Order() if len(self.fields) == 1 else None

    def add(self, values: Values, *, exact: bool = True) -> None:
        """``exact``: equal values here are equal for frictionless. (Different decimals can be the same double.)"""
        none, odd = absent(values), never_equal(values)
        self.exact = self.exact and exact and is_exact(values)
        if none is not None and self.primary:
            self._nulls.add((np.flatnonzero(none) + self._log.rows).astype(np.uint64), ascending=True)
        skipped = either(none, odd)
        if self._order and not self._order.goes_on(values[0]):
            self._order = None
        self._log.add(numbers(values), skipped, ascending=self._order is not None and self.exact)

    @property
    def nulls(self) -> Iterator[int]:
        """Positions of the rows in which no part of a primary key has a value."""
        for block in self._nulls:
            yield from block.tolist()

    def candidates(self, limit: int | None = None) -> Iterator[Pair]:
        """Positions of a row and of the row before it that may have the same key, in row order.

        No other rows can. Where the key is ``exact``, these do; else: whoever goes through the rows of all pairs with
        frictionless's own rule (remember the last row of each key) finds what it would find in the whole table.
        """
        if self._order:
            return iter(())
        self._runs.add_new(self._log.numbers)
        return in_row_order(repeated(self._runs), self._pairs, self.space, limit)

    def repeats(self, limit: int | None = None, fetch: Fetch | None = None) -> Iterator[Pair]:
        """Positions of a row and of the last row before it with the same key, in row order.

        ``fetch`` is needed where the key is not ``exact``; it is asked for candidates only.
        """
        if self.exact:
            return self.candidates(limit)
        if fetch is None:
            raise ValueError("the key is not exact: its candidates have to be compared")
        return islice(self._settled(fetch, limit), limit)

    def _pairs(self, wanted: Numbers) -> Iterator[Pair]:
        last = np.full(len(wanted), -1)
        for rows, places in self._log.find(wanted):
            before = _before(rows, places, last)
            for place in np.flatnonzero(before >= 0):
                yield int(rows[place]), int(before[place])

    def _settled(self, fetch: Fetch, limit: int | None) -> Iterator[Pair]:
        pairs = self.candidates()
        while some := list(islice(pairs, min(limit or _BATCH, _BATCH))):
            rows = sorted({row for pair in some for row in pair})
            keys = dict(zip(rows, fetch(rows), strict=True))
            for row, before in some:
                if keys[row] != keys[before]:  # maybe there is another one further up
                    yield from self._told_apart(fetch, row)
                    return
                yield row, before

    def _told_apart(self, fetch: Fetch, first: int) -> Iterator[Pair]:
        """From a row on. Hashes were equal by ill chance or ill will: this takes as much memory as frictionless."""
        rows = sorted({row for pair in self.candidates() for row in pair})
        last: dict[tuple[Hashable, ...], int] = {}
        for start in range(0, len(rows), _BATCH):
            some = rows[start : start + _BATCH]
            for row, key in zip(some, fetch(some), strict=True):
                before = last.get(key)
                last[key] = row
                if before is not None and row >= first:
                    yield row, before


def _before(rows: Positions, places: Positions, last: Positions) -> Positions:
    """For each row the last one before it with the same number, or -1. ``last`` is what is known, and is renewed."""
    order = np.argsort(places, kind="stable")
    of, at = places[order], rows[order]
    same = of[1:] == of[:-1]
    before = last[of]
    before[1:][same] = at[:-1][same]
    ends = np.append(~same, [True])
    last[of[ends]] = at[ends]
    found = np.empty_like(before)
    found[order] = before
    return found


@dataclass(slots=True)
class _Order:
    """Whether the values go up all the way, or all the way down: then no two are equal."""

    last: pa.Scalar | None = None
    compare: Callable[..., Any] | None = None

    def goes_on(self, values: pa.Array) -> bool:
        if pa.types.is_dictionary(values.type) or pa.types.is_null(values.type):
            return False
        if values.null_count:
            values = values.drop_null()
        if not len(values):
            return True
        before, self.last = self.last, values[-1]
        if self.compare is None:
            two = (before, values[0]) if before is not None else tuple(values[:2])
            if len(two) < 2:
                return True
            self.compare = pc.less if pc.less(*two).as_py() else pc.greater
        if before is not None and not self.compare(before, values[0]).as_py():
            return False
        return pc.all(self.compare(values.slice(0, len(values) - 1), values.slice(1))).as_py() is not False
