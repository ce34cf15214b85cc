"""The statistics of one column, and of a table's columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from generator import public
from generator.tables.statistics import sums, wholes
from generator.tables.statistics.booleans import Booleans
from generator.tables.statistics.bounds import Bounds
from generator.tables.statistics.reals import Decimals, Doubles
from generator.tables.statistics.texts import Texts
from generator.tables.statistics.wholes import Unit, Wholes

_AT_ONCE = min(32_768, sums.MOST)
"""Values: what the processor's nearer memory holds."""

_Kind = Wholes | Doubles | Decimals | Texts | Booleans


class ColumnStatistics:
    """What is told of a column, gathered piece by piece; the result does not depend on how it is cut into pieces.

    ``unique``: it is proved elsewhere that no two values are equal.
    """

    def __init__(self, name: str, *, unique: bool = False, bounds: Bounds | None = None) -> None:
        self._name = name
        self._unique = unique
        self._bounds = bounds or Bounds()
        self._rows = self._nulls = 0
        self._kind: tuple[str, _Kind] | None = None
        self._is_mixed = False

    def add(self, text: pa.Array, values: pa.Array | None) -> None:
        """One piece, in the order of the rows; of one thread at a time.

        ``text``: strings, or a dictionary of strings; null where the value is missing. ``values``: integers, doubles,
        decimals, dates, timestamps or booleans; None where the column has no form but its text. All pieces of a
        column have values of one kind (decimals in any scale); else nothing is told but rows and nulls.
        """
        self._rows += len(text)
        if values is None or _is_text(values.type):
            values = text
        present = _present(values)
        self._nulls += len(text) - len(present)
        if not len(present) or self._is_mixed:
            return
        kind = self._kind_of(present.type)
        if kind is None:
            self._is_mixed, self._kind = True, None
            return
        # Of a dictionary the texts that occur are counted together: the fewer parts the better.
        step = len(present) if pa.types.is_dictionary(present.type) else _AT_ONCE
        for start in range(0, len(present), step):
            kind.add(present.slice(start, step))

    def result(self) -> public.ColumnStatistics:
        column = public.ColumnStatistics(self._name, self._rows, self._nulls)
        return self._kind[1].describe(column) if self._kind else column

    def _kind_of(self, type_: pa.DataType) -> _Kind | None:
        if self._kind is None:
            self._kind = _said(type_), _kind(type_, self._bounds, unique=self._unique)
        return self._kind[1] if self._kind[0] == _said(type_) else None


class TableStatistics:
    """One for each column. Columns may be added to from different threads.

    ``fields``: ``frictionless.Field``s of a valid table, ``key`` its primary key: what they declare unique is.
    """

    def __init__(self, fields: Sequence[Any], *, key: Sequence[str] = (), bounds: Bounds | None = None) -> None:
        self.columns = tuple(
            ColumnStatistics(field.name, unique=_is_unique(field, key), bounds=bounds) for field in fields
        )

    def add(self, texts: Sequence[pa.Array], values: Sequence[pa.Array | None]) -> None:
        for column, text, value in zip(self.columns, texts, values, strict=True):
            column.add(text, value)

    def result(self) -> tuple[public.ColumnStatistics, ...]:
        return tuple(column.result() for column in self.columns)


def table_statistics(
    fields: Sequence[Any], columns: Sequence[pa.ChunkedArray], *, key: Sequence[str] = ()
) -> tuple[public.ColumnStatistics, ...]:
    """Of a table that is in memory; its columns in the types of ``ColumnStatistics.add``, or text."""
    table = TableStatistics(fields, key=key)
    for statistics, column in zip(table.columns, columns, strict=True):
        for chunk in column.chunks:
            statistics.add(chunk, chunk)
    return table.result()


def _is_unique(field: Any, key: Sequence[str]) -> bool:
    return field.constraints.get("unique") is True or list(key) == [field.name]


def _present(values: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(values.type) and values.dictionary.null_count:
        values = values.cast(values.type.value_type)
    return values.drop_null() if values.null_count else values


def _is_text(type_: pa.DataType) -> bool:
    return bool(pa.types.is_string(type_) or pa.types.is_null(type_) or pa.types.is_dictionary(type_))


def _said(type_: pa.DataType) -> str:
    """Types that are of one kind have one name."""
    if pa.types.is_integer(type_):
        return "integer"
    if pa.types.is_decimal(type_):
        return "decimal"
    return "text" if _is_text(type_) else str(type_)


def _kind(type_: pa.DataType, bounds: Bounds, *, unique: bool) -> _Kind:
    if unit := _unit(type_):
        return Wholes(unit, bounds, unique=unique)
    if pa.types.is_floating(type_):
        return Doubles(bounds, unique=unique)
    if pa.types.is_decimal(type_):
        return Decimals(bounds, unique=unique)
    return Booleans() if pa.types.is_boolean(type_) else Texts(bounds, unique=unique)


def _unit(type_: pa.DataType) -> Unit | None:
    if pa.types.is_integer(type_):
        return wholes.NUMBER
    if pa.types.is_date32(type_):
        return wholes.DAY
    if pa.types.is_timestamp(type_):
        return wholes.MOMENT_IN_UTC if type_.tz else wholes.MOMENT
    return None
