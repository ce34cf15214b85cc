"""Rows found again by their positions, and values that are numbered as Python compares them."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import frictionless
import pyarrow as pa
import pytest

from generator.tables.proof import NotProved
from generator.tables.proof.cells import Column, Interner
from generator.tables.proof.opened import Way, open_table
from generator.tables.proof.streamed import streamed
from generator.tables.proof.walk import Numbering, cells_at, walk
from tests.tables.random_tables import without_time
from tests.tables.table_packages import write

USUAL: dict[str, Any] = {"csv": {"delimiter": ",", "skipInitialSpace": False}}
DIALECTS: dict[str, tuple[dict[str, Any], bool]] = {
    "in Arrow": (USUAL, False),
    "labels in the third row": (USUAL | {"headerRows": [3]}, False),
    "streamed": (USUAL, True),
    "streamed, with comments": (USUAL | {"commentChar": "#"}, True),
    "streamed, without blank rows": (USUAL | {"skipBlankRows": True}, True),
    "streamed, after comments": (USUAL | {"commentRows": [1, 5], "headerRows": [2]}, True),
}


def resource(folder: Path, text: str, dialect: dict[str, Any]) -> Any:
    write(folder, {"a.csv": text})
    fields = [{"name": "x", "type": "string"}, {"name": "y", "type": "string"}]
    descriptor = {"name": "a", "path": "a.csv", "encoding": "utf-8", "schema": {"fields": fields}, "dialect": dialect}
    return frictionless.Resource.from_descriptor(descriptor, basepath=str(folder))


def some_lines(r: random.Random) -> str:
    lines = ["x,y", "x,y", "x,y"]
    kinds = ["a,{}", "a,{}", "a,{}", '"a\nb",{}', "#,{}", "", "a,{},c", "a{}"]
    lines += [r.choice(kinds).format(number) for number in range(r.choice([0, 3, 20, 80]))]
    return "\n".join(lines) + r.choice(["\n", ""])


@pytest.mark.parametrize("case", DIALECTS)
@pytest.mark.parametrize("size", [20, 600, 4 << 20])
def test_rows_have_frictionless_s_numbers_and_cells(case: str, size: int, tmp_path: Path) -> None:
    dialect, streams = DIALECTS[case]
    r = random.Random(f"{case} {size}")
    gaps = pieces = 0
    for _ in range(12):
        table_resource = resource(tmp_path, some_lines(r), dialect)
        way = Way(threads=2, size=size, hashes=frozenset(), limit=0, streams=streams)
        table = open_table(table_resource, way)
        numbering = Numbering(table.skip)
        for rows in walk(table, (), way):
            numbering.add(rows)
        with table_resource.to_copy() as opened:
            theirs = [(row.row_number, row.cells) for row in opened.row_stream]
        assert numbering.rows == len(theirs)
        assert [numbering.number(position) for position in range(numbering.rows)] == [number for number, _ in theirs]
        asked = sorted(r.sample(range(len(theirs)), r.randint(0, len(theirs))))
        found = [(position, list(cells)) for position, cells in cells_at(table, way, numbering, asked)]
        assert found == [(position, theirs[position][1]) for position in asked]
        pieces = max(pieces, len(numbering.starts))
        gaps += len(theirs) > 1 and theirs[-1][0] - theirs[0][0] >= len(theirs)
    assert pieces > (5 if size == 20 or case.endswith(("with comments", "blank rows")) else 0)
    assert (gaps > 0) == case.endswith(("comments", "blank rows"))


def test_streamed_pieces_grow_and_have_no_gap(tmp_path: Path) -> None:
    lines = ["x,y", *("a,1" for _ in range(3000)), "#", *("b,2" for _ in range(3000))]
    table = resource(tmp_path, "\n".join(lines), USUAL | {"commentChar": "#"})
    pieces = [(first, texts.count) for first, texts in streamed(table, 2)]
    assert pieces == [(2, 500), (502, 2000), (2502, 500), (3003, 3000)]
    with table.to_copy() as opened:
        assert [opened.stats.rows, len(list(opened.row_stream))] == [None, sum(count for _, count in pieces)]


def test_streamed_text_leaves_frictionless_s_stats(tmp_path: Path) -> None:
    ours, theirs = (resource(tmp_path, "x,y\na,1\n#\nb,2\n", USUAL | {"commentChar": "#"}) for _ in range(2))
    assert list(streamed(ours, 2))
    report = without_time(theirs.validate())
    stats = report["tasks"][0]["stats"]
    assert (ours.stats.bytes, ours.stats.md5, ours.stats.sha256) == (stats["bytes"], stats["md5"], stats["sha256"])


# Values of keys


def numbers(interner: Interner, kind: str, *texts: str | None, **properties: Any) -> list[int | None]:
    schema = {"fields": [{"name": "x", "type": kind, **properties}]}
    column = Column.of(frictionless.Schema.from_descriptor(schema).fields[0])
    found: list[int | None] = interner.numbers(pa.array(texts, pa.string()), column.reader).to_pylist()
    return found


def test_values_are_equal_as_they_are_for_python() -> None:
    """Across the columns and tables of one foreign key."""
    interner = Interner()
    integers = numbers(interner, "integer", "1", "0", "01", None, "1_0", "1")
    assert integers == [0, 1, 0, None, 2, 0]
    assert numbers(interner, "number", "1.0", "0.10", "0.1", "-0") == [0, 3, 3, 1]
    assert numbers(interner, "number", "1.0", "0.1", floatNumber=True) == [0, 4], "no decimal is this double"
    assert Decimal("0.1") != 0.1
    assert numbers(interner, "boolean", "true", "false") == [0, 1]
    assert numbers(interner, "string", "1", "x") == [5, 6]
    assert numbers(interner, "duration", "PT24H", "P1D", "P2D") == [7, 7, 8]


@pytest.mark.parametrize(
    ("kind", "text", "reason"),
    [("number", "NaN", "key-nan"), ("array", "[1]", "reader-crashed"), ("object", "{}", "reader-crashed")],
)
def test_values_that_are_no_keys(kind: str, text: str, reason: str) -> None:
    with pytest.raises(NotProved) as told:
        numbers(Interner(), kind, text)
    assert told.value.reason == reason


def test_what_cannot_be_read_has_no_number_and_room_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    interner = Interner()
    assert numbers(interner, "integer", "x", "1") == [None, 0]
    monkeypatch.setattr("generator.tables.proof.cells.MOST_INTERNED", 3)
    assert numbers(interner, "integer", "1", "2", "3") == [0, 1, 2]
    with pytest.raises(NotProved) as told:
        numbers(interner, "integer", "4")
    assert told.value.reason == "key-space"
