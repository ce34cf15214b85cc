"""Statistics of a table's columns, gathered in the pass that reads it.

Exact: rows, nulls, range, mean, text lengths. Exact up to bounds (``Bounds``), then estimated and marked so: how many
values differ, quantiles, histogram, frequent values. The result is a function of the column's values in their order,
not of pieces, threads or the machine.
"""

from generator.tables.statistics.bounds import Bounds
from generator.tables.statistics.column import ColumnStatistics, TableStatistics, table_statistics

__all__ = ["Bounds", "ColumnStatistics", "TableStatistics", "table_statistics"]
