"""Keys: no two rows have the same one, or another table has them all.

Compared are values, as frictionless compares them, never texts. What is collected is bounded; keys in strictly
ascending order need not be kept at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from generator.tables.proof.outcome import NotProved

MOST_KEPT = 256 << 20
"""Bytes of one key's values."""

Values = Sequence[pa.Array]
"""Of the parts of a key, a piece of the table."""


@dataclass(slots=True)
class Unique:
    """A key that no two rows may share."""

    fields: tuple[str, ...]
    primary: bool
    """At least one part must have a value. (Rows without a value of a merely unique field are no concern.)"""
    pieces: list[Values] = field(default_factory=list)
    rows: int = 0
    bytes: int = 0
    last: pa.Scalar | None = None
    ascends: bool = True

    def add(self, values: Values) -> None:
        if self.primary:
            _check_some_value(values)
        else:
            values = [values[0].drop_null()]
        if not len(values[0]):
            return
        self.rows += len(values[0])
        self.ascends = self.ascends and len(values) == 1 and self._goes_on(values[0])
        self._keep(values)

    def _goes_on(self, values: pa.Array) -> bool:
        if values.null_count:
            return False
        last, self.last = self.last, values[-1]
        if last is not None and not pc.less(last, values[0]).as_py():
            return False
        return pc.all(pc.less(values.slice(0, len(values) - 1), values.slice(1))).as_py() is not False

    def _keep(self, values: Values) -> None:
        self.bytes += sum(part.nbytes for part in values)
        if self.bytes <= MOST_KEPT:
            self.pieces.append(values)
            return
        self.pieces.clear()
        if not self.ascends:
            raise NotProved("key-space")

    def prove(self) -> None:
        if self.ascends or not self.rows:
            return
        if _distinct(self.pieces).num_rows < self.rows:
            raise NotProved("key-repeats")


def _check_some_value(values: Values) -> None:
    absent = pc.is_null(values[0])
    for part in values[1:]:
        absent = pc.and_(absent, pc.is_null(part))
    if pc.any(absent).as_py():
        raise NotProved("key-null")


@dataclass(slots=True)
class Tuples:
    """The different values that the parts of a key have in a table; rows without any are left out."""

    fields: tuple[str, ...]
    pieces: list[Values] = field(default_factory=list)
    bytes: int = 0

    def add(self, values: Values) -> None:
        some = _distinct([values])
        columns = [column.combine_chunks() for column in some.columns]
        self.bytes += sum(part.nbytes for part in columns)
        if self.bytes > MOST_KEPT:
            raise NotProved("key-space")
        self.pieces.append(columns)

    def all_in(self, other: Tuples) -> bool:
        """Whether every tuple with a value is one of the other's. A tuple with some parts missing never is, here."""
        if not self.pieces:
            return True
        ours = _distinct(self.pieces)
        names = ours.column_names
        some = pc.is_valid(ours[names[0]])
        for name in names[1:]:
            some = pc.or_(some, pc.is_valid(ours[name]))
        ours = ours.filter(some)
        if not other.pieces:
            return bool(ours.num_rows == 0)
        theirs = _distinct(other.pieces)
        if len(names) == 1:
            return pc.all(pc.is_in(ours[names[0]], value_set=theirs[names[0]])).as_py() is not False
        return bool(ours.join(theirs, keys=names, join_type="left anti").num_rows == 0)


def _distinct(pieces: Sequence[Values]) -> pa.Table:
    """Null counts as a value."""
    names = [str(number) for number in range(len(pieces[0]))]
    table = pa.Table.from_arrays([pa.chunked_array(list(parts)) for parts in zip(*pieces, strict=True)], names=names)
    if len(names) == 1:
        return pa.table({names[0]: pc.unique(table[names[0]])})
    return table.group_by(names, use_threads=False).aggregate([])
