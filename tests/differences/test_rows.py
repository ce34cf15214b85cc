"""Rows of two tables, compared in parts and held against a comparison by dictionaries."""

from __future__ import annotations

import csv
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.tables import rows
from generator.tables.rows import RowsCompared, Table, compare_rows

Lines = Sequence[tuple[str, ...]]
CELLS = st.sampled_from(["", "a", "b", "江门", "1", "1.0", "x" * 400, "y\nz", '"', " "])
ROWS = st.lists(st.tuples(st.integers(0, 12).map(str), CELLS, CELLS), max_size=30)


def table(folder: Path, name: str, lines: Lines, types: tuple[str, ...] = ("string",) * 3) -> Table:
    path = folder / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([("key", "one", "two"), *lines])
    fields = [{"name": n, "type": t} for n, t in zip(("key", "one", "two"), types, strict=True)]
    resource = {"name": name, "type": "table", "path": path.name, "encoding": "utf-8", "schema": {"fields": fields}}
    return Table({"name": "x", "resources": [resource]}, name, folder)


def compared(
    before: Lines,
    after: Lines,
    key: tuple[str, ...],
    types: tuple[str, ...] = ("string",) * 3,
) -> RowsCompared:
    with tempfile.TemporaryDirectory() as folder:
        tables = [table(Path(folder), name, lines, types) for name, lines in (("old", before), ("new", after))]
        return compare_rows(*tables, renamed={}, key=key, samples=3)


@settings(max_examples=40, deadline=None)
@given(ROWS, ROWS, st.sampled_from([1, 1 << 20]))
def test_without_a_key_rows_are_a_multiset(
    before: list[tuple[str, ...]], after: list[tuple[str, ...]], kept: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "_KEPT", kept)
        found = compared(before, after, ())
    old, new = Counter(before), Counter(after)
    assert (found.removed, found.added, found.changed) == ((old - new).total(), (new - old).total(), 0)
    assert (found.before, found.after) == (len(before), len(after))


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(st.integers(0, 20).map(str), st.tuples(CELLS, CELLS)),
    st.dictionaries(st.integers(0, 20).map(str), st.tuples(CELLS, CELLS)),
    st.sampled_from([1, 1 << 20]),
)
def test_with_a_key_rows_are_a_dictionary(
    before: dict[str, tuple[str, str]], after: dict[str, tuple[str, str]], kept: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "_KEPT", kept)
        found = compared([(k, *v) for k, v in before.items()], [(k, *v) for k, v in after.items()], ("key",))
    both = before.keys() & after.keys()
    changed = [k for k in before if k in both and before[k] != after[k]]
    assert (found.removed, found.added) == (len(before.keys() - both), len(after.keys() - both))
    assert found.changed == len(changed)
    columns = (sum(before[k][n] != after[k][n] for k in changed) for n in (0, 1))
    assert found.changed_in == (0, *columns)
    shown = [pair for pair in found.samples if pair.before and pair.after]
    assert {pair.after[0] for pair in shown if pair.after} <= set(changed)
    assert len(shown) == min(3, len(changed))
    for pair in shown:
        assert pair.before
        assert pair.before[1:] == tuple(v or None for v in before[str(pair.before[0])])


def test_numbers_are_the_same_however_they_are_written() -> None:
    types = ("string", "number", "integer")
    found = compared([("a", "1.50", "7")], [("a", "+1.5", "+7")], ("key",), types)
    assert found.changed == 0
    assert compared([("a", "1.50", "7")], [("a", "1.05", "7")], ("key",), types).changed == 1


def test_a_code_that_loses_its_zeros_has_changed() -> None:
    assert compared([("a", "007.0", "")], [("a", "007", "")], ("key",)).changed == 1


def test_uneven_rows_are_compared_all_the_same() -> None:
    found = compared([("a", "1"), ("b", "2", "3", "4"), ()], [("a", "1", ""), ("b", "2", "x")], ("key",))
    assert (found.before, found.after, found.removed, found.changed) == (3, 2, 1, 1)


def test_ranges_and_missing_values() -> None:
    types = ("string", "number", "date")
    before = [("a", "3", "2024-01-05"), ("b", "-20.5", ""), ("c", "", "1999-12-31"), ("d", "约300", "2024/1/5")]
    found = compared(before, [("a", "30", "2024-01-05")], ("key",), types)
    old, new = found.ranges[1]
    assert (old.nulls, old.minimum, old.maximum) == (1, "-20.5", "3")
    assert (new.nulls, new.minimum, new.maximum) == (0, "30", "30")
    assert (found.ranges[2][0].minimum, found.ranges[2][0].maximum) == ("1999-12-31", "2024-01-05")
