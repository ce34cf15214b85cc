"""For any valid column: CSV has the source's texts, and Parquet what frictionless reads."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path
from typing import Any

import frictionless
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tables.table_packages import convert, same_value, table

_LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")

TEXTS: dict[str, tuple[dict[str, Any], st.SearchStrategy[str]]] = {
    "string": ({}, st.text(_LETTERS, max_size=12)),
    "integer": ({}, st.integers(-(10**39), 10**39).map(str) | st.sampled_from(["+1", "007", "1_000", " 5 ", "１２"])),
    "number": (
        {},
        st.decimals(allow_nan=False, allow_infinity=False, places=4).map(lambda d: f"{d:f}")
        | st.decimals().filter(lambda d: not d.is_snan()).map(str)
        | st.sampled_from(["1.", ".5", "1_0.5", "-0", "NaN", "INF", "3E+3", "1e-30"]),
    ),
    "number, grouped": (
        {"type": "number", "decimalChar": ",", "groupChar": "."},
        st.decimals(-(10**9), 10**9, places=2).map(lambda d: f"{d:,f}".translate({44: ".", 46: ","})),
    ),
    "boolean": ({}, st.sampled_from(["true", "True", "TRUE", "1", "false", "0"])),
    "date": ({}, st.dates().map(str) | st.just("2024-1-6")),
    "date, day first": ({"type": "date", "format": "%d/%m/%Y"}, st.dates().map(lambda d: f"{d:%d/%m}/{d.year:04}")),
    "datetime": ({}, st.datetimes().map(lambda d: d.isoformat())),
    "datetime, zoned": (
        {"type": "datetime"},
        st.datetimes().map(lambda d: d.isoformat() + "+08:00") | st.just("2024-01-06T24:00:00Z"),
    ),
    "time": ({}, st.times().map(lambda t: t.isoformat())),
    "year": ({}, st.integers(0, 9999).map(lambda y: f"{y:04}")),
    "yearmonth": ({}, st.dates().map(lambda d: f"{d.year:04}-{d.month:02}")),
    "list": ({}, st.lists(st.text(_LETTERS, max_size=3), min_size=1, max_size=3).map(",".join)),
    "array": ({}, st.sampled_from(["[1, 2]", "[]", '["a"]'])),
}


@pytest.mark.parametrize("case", TEXTS)
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_texts_and_values_survive(case: str, data: st.DataObject) -> None:
    properties, texts = TEXTS[case]
    cells = data.draw(st.lists(texts | st.just(""), min_size=1, max_size=8))
    field = {"name": "x", "type": case} | properties
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (folder / "a.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["x", "y"], *[[cell, "1"] for cell in cells]])
        dialect = {"delimiter": ",", "quoteChar": '"', "skipInitialSpace": False}
        descriptor = table("a.csv", field, {"name": "y"}, dialect=dialect, encoding="utf-8")
        package = frictionless.Package(descriptor, basepath=name)
        rows = package.get_table_resource("table").read_rows()
        if any(not row.valid for row in rows):
            return  # frictionless refuses the column, so it is never converted
        converted = convert(descriptor, folder)
        with converted.csv.open(encoding="utf-8", newline="") as file:
            written = [row[0] for row in csv.reader(file, strict=True)][1:]
        values = pq.read_table(converted.parquet).column("x").to_pylist()
    assert written == [row.cells[0] for row in rows]
    for value, row in zip(values, rows, strict=True):
        if converted.arrow_types[0] == "string":
            assert value == (None if row["x"] is None else row.cells[0])
        else:
            assert same_value(value, row["x"])
