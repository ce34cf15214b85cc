"""Columns of true and false."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from generator.public import ColumnStatistics, ValueCount


class Booleans:
    def __init__(self) -> None:
        self._true = 0

    def add(self, values: pa.BooleanArray) -> None:
        self._true += values.true_count

    def describe(self, column: ColumnStatistics) -> ColumnStatistics:
        counts = (("true", self._true), ("false", column.rows - column.nulls - self._true))
        found = tuple(ValueCount(value, count) for value, count in counts if count)
        return replace(column, distinct=len(found), frequent=tuple(sorted(found, key=lambda each: -each.count)))
