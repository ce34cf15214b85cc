"""Totals of a large table: what DuckDB finds in the Parquet file, or none at all."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from generator.public import ColumnStatistics
from generator.tables import totals_of
from generator.tables.totals import LARGE

ROWS = LARGE + 1_000


def _table(rows: int = ROWS) -> pa.Table:
    numbers = range(rows)
    return pa.table(
        {
            "id": pa.array(numbers, pa.int64()),
            "区县": pa.array([None if n % 11 == 0 else "甲乙丙"[n % 3] for n in numbers]),
            "flag": pa.array([None if n % 7 == 0 else n % 2 == 0 for n in numbers]),
            "amount": pa.array([None if n % 5 == 0 else Decimal(n * 7 - 9000) / 100 for n in numbers], pa.decimal128(18, 2)),
            "day": pa.array([None if n % 13 == 0 else datetime.date(2020, 1, 1) + datetime.timedelta(n % 900) for n in numbers]),
            "large": pa.array([2**62 - n for n in numbers], pa.int64()),
            "share": pa.array([n / 7 for n in numbers]),
        }
    )  # fmt: skip


def _statistics(table: pa.Table) -> list[ColumnStatistics]:
    found = []
    for name in table.column_names:
        values = table.column(name).drop_null().to_pylist()
        few = len(set(values))
        edges = (str(min(values)), str(max(values))) if name not in ("区县", "flag") else ("", "")
        found.append(ColumnStatistics(name, len(table), table.column(name).null_count, few, 0.0, False, *edges))
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    path = tmp_path_factory.mktemp("totals") / "t.parquet"
    table = _table()
    pq.write_table(table, path, row_group_size=20_000)
    return path, json.loads(totals_of(path, _statistics(table)))


def test_sums_and_bounds_are_those_of_duckdb(made: tuple[Path, dict[str, Any]]) -> None:
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed: nothing to compare with")
    path, given = made
    for one in given["totals"]:
        by = [f"date_trunc('month', \"{name}\")::date" if one.get("unit") else f'"{name}"' for name in one["by"]]
        asked = [(name, how) for name, told in one["columns"].items() for how in told]
        sums = [f'{how}("{name}")' for name, how in asked]
        answer = duckdb.sql(
            f"select {', '.join([*by, 'count(*)', *sums])} "
            f"from '{path}' group by {', '.join(str(n + 1) for n in range(len(by)))}"
        ).fetchall()
        expected = {tuple(map(_text, row[: len(by)])): tuple(map(_text, row[len(by) :])) for row in answer}
        columns = [one["rows"], *(one["columns"][name][how] for name, how in asked)]
        ours = {tuple(key): tuple(map(_text, cells)) for key, cells in zip(zip(*one["keys"], strict=True), zip(*columns, strict=True), strict=True)}  # fmt: skip
        assert ours == expected


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_there_are_totals_by_few_values_and_by_month(made: tuple[Path, dict[str, Any]]) -> None:
    lists = made[1]["totals"]
    assert [(one["by"], one.get("unit")) for one in lists] == [(["flag", "区县"], None), (["day"], "month")]
    told = lists[0]["columns"]
    assert list(told["amount"]) == ["count", "sum", "min", "max"]
    assert "large" not in told, "its sum is beyond 64 bits"
    assert list(told["share"]) == ["count"], "sums of doubles depend on their order"


def test_a_small_table_has_none(tmp_path: Path) -> None:
    table = _table(LARGE - 1)
    pq.write_table(table, tmp_path / "t.parquet")
    assert totals_of(tmp_path / "t.parquet", _statistics(table)) == b""
