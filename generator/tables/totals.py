"""Exact totals of a large open table, from its Parquet file: what a reader's browser answers most questions with.

To count, sum or average a column of a million numbers by group, a browser has to be sent the column: two to three
megabytes, half a minute over a slow line. The totals by the columns that have few values, and by month, are some
kilobytes. The engine of the page (``scripts/browser/src/totals.js``) uses them where a query asks for nothing finer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.public import ColumnStatistics

if TYPE_CHECKING:
    import pyarrow as pa

LARGE = 50_000
"""Rows from which a table has totals: the columns of a smaller one are read as fast."""
_FEW = 100
"""Different values of a column by which there are totals."""
_TOGETHER = 400
"""Combinations of columns with few values that stand in one list."""
_MONTHS = 600
_CELLS = 6_000
"""Of all lists: groups times columns. More is no longer small."""
_ROWS = 200_000
_DIGITS = 28
"""Of a decimal whose sums Arrow holds."""


def totals_of(parquet: Path, statistics: Sequence[ColumnStatistics]) -> bytes:
    """JSON; empty where the table is small, or no column has few values. Values are texts as in the published CSV."""
    if not statistics or statistics[0].rows < LARGE:
        return b""
    import pyarrow.parquet as pq

    with pq.ParquetFile(parquet) as file:
        measures = list(_measures(file.schema_arrow, statistics))
        keys = _keys(file.schema_arrow, statistics, len(measures))
        return _written(file, keys, measures) if keys else b""


def _measures(schema: pa.Schema, statistics: Sequence[ColumnStatistics]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Columns, and what is told of each."""
    import pyarrow.types as kinds

    for column in statistics:
        kind = schema.field(column.name).type
        if kinds.is_integer(kind):
            most = max(abs(int(edge or 0)) for edge in (column.minimum, column.maximum))
            if most * column.rows < 2**63:
                yield column.name, ("count", "sum", "min", "max")
        elif kinds.is_decimal(kind):
            if kind.precision <= _DIGITS:
                yield column.name, ("count", "sum", "min", "max")
        elif kinds.is_date(kind) or kinds.is_timestamp(kind):
            yield column.name, ("count", "min", "max")
        else:
            yield column.name, ("count",)


Key = tuple[tuple[str, ...], bool]
"""Columns, and whether a list is by their months and not by their values."""


def _keys(schema: pa.Schema, statistics: Sequence[ColumnStatistics], measures: int) -> list[Key]:
    """Columns of few values together as far as that stays small, the others alone; then months, while there is room."""
    together, alone, size = _by_values([one for one in statistics if _has_few(one, schema)])
    found: list[Key] = []
    cells = 0
    for key, groups in [((tuple(together), False), size)] * bool(together) + alone + _by_month(schema, statistics):
        if cells + groups * measures <= _CELLS:
            cells += groups * measures
            found.append(key)
    return found


def _has_few(column: ColumnStatistics, schema: pa.Schema) -> bool:
    import pyarrow.types as kinds

    if not column.distinct or column.distinct_error or column.distinct_at_least:
        return False
    return column.distinct <= _FEW and not kinds.is_floating(schema.field(column.name).type)


def _by_values(few: Sequence[ColumnStatistics]) -> tuple[list[str], list[tuple[Key, int]], int]:
    """The columns of one list, those with a list of their own, and how many groups the one list has at most."""
    together: list[str] = []
    alone: list[tuple[Key, int]] = []
    size = 1
    for column in sorted(few, key=lambda one: one.distinct or 0):
        groups = (column.distinct or 0) + 1
        if size * groups <= _TOGETHER:
            size *= groups
            together.append(column.name)
        else:
            alone.append((((column.name,), False), groups))
    return together, alone, size


def _by_month(schema: pa.Schema, statistics: Sequence[ColumnStatistics]) -> list[tuple[Key, int]]:
    import pyarrow.types as kinds

    def is_day(kind: pa.DataType) -> bool:
        return kinds.is_date(kind) or (kinds.is_timestamp(kind) and kind.tz is None)

    days = [column for column in statistics if is_day(schema.field(column.name).type)]
    return [(((one.name,), True), months) for one in days if 0 < (months := _months(one)) <= _MONTHS]


def _months(column: ColumnStatistics) -> int:
    """From the first to the last; 0 where there is none."""
    if not column.minimum or not column.maximum:
        return 0
    first, last = (int(edge[:4]) * 12 + int(edge[5:7]) for edge in (column.minimum, column.maximum))
    return last - first + 1


def _written(file: Any, keys: Sequence[Key], measures: Sequence[tuple[str, tuple[str, ...]]]) -> bytes:
    import json

    columns = sorted({name for names, _ in keys for name in names} | {name for name, _ in measures})
    partial: list[list[pa.Table]] = [[] for _ in keys]
    for batch in file.iter_batches(batch_size=_ROWS, columns=columns):
        for found, key in zip(partial, keys, strict=True):
            found.append(_grouped(batch, key, measures))
    lists = [_list(key, _joined(found, measures), measures) for found, key in zip(partial, keys, strict=True)]
    return json.dumps(
        {"rows": file.metadata.num_rows, "totals": lists}, ensure_ascii=False, separators=(",", ":")
    ).encode()


def _grouped(batch: pa.RecordBatch, key: Key, measures: Sequence[tuple[str, tuple[str, ...]]]) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    names, monthly = key
    given = {f"k{n}": batch.column(name) for n, name in enumerate(names)}
    if monthly:
        given["k0"] = pc.floor_temporal(given["k0"], unit="month")
    given |= {f"m{n}": batch.column(name) for n, (name, _) in enumerate(measures)}
    asked = [(f"m{n}", how) for n, (_, told) in enumerate(measures) for how in told]
    by = [f"k{n}" for n in range(len(names))]
    return pa.table(given).group_by(by, use_threads=False).aggregate([([], "count_all"), *asked])


def _joined(parts: Sequence[pa.Table], measures: Sequence[tuple[str, tuple[str, ...]]]) -> pa.Table:
    import pyarrow as pa

    whole = pa.concat_tables(parts)
    by = [name for name in whole.column_names if name.startswith("k")]
    again = {"count": "sum", "sum": "sum", "min": "min", "max": "max"}
    asked = [(f"m{n}_{how}", again[how]) for n, (_, told) in enumerate(measures) for how in told]
    joined = whole.group_by(by, use_threads=False).aggregate([("count_all", "sum"), *asked])
    named = [_plain_name(name) for name in joined.column_names]
    return joined.rename_columns(named).sort_by([(name, "ascending") for name in by])


def _plain_name(name: str) -> str:
    """``m0_min_min`` is ``m0_min`` again."""
    return name if name.startswith("k") else name.rpartition("_")[0]


def _list(key: Key, table: pa.Table, measures: Sequence[tuple[str, tuple[str, ...]]]) -> dict[str, Any]:
    names, monthly = key
    return {
        "by": list(names),
        **({"unit": "month"} if monthly else {}),
        "keys": [_texts(table.column(f"k{n}")) for n in range(len(names))],
        "rows": table.column("count_all").to_pylist(),
        "columns": {
            name: {how: _told(table.column(f"m{n}_{how}"), how) for how in told}
            for n, (name, told) in enumerate(measures)
        },
    }


def _told(column: pa.ChunkedArray, how: str) -> list[Any]:
    return column.to_pylist() if how == "count" else _texts(column)


def _texts(column: pa.ChunkedArray) -> list[str | None]:
    return [None if value is None else _text(value) for value in column.to_pylist()]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return (
        value.isoformat() if hasattr(value, "isoformat") else f"{value:f}" if hasattr(value, "as_tuple") else str(value)
    )
