"""The Parquet file depends on the table alone: not on the pieces it came in, nor on what was guessed first."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import frictionless
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import public
from generator.tables import judge_tables, parquet
from generator.tables.parquet import ParquetFile, Written
from tests.tables.table_packages import convert, table, write

Columns = Mapping[str, Sequence[str | None]]

GROUP = 40


@pytest.fixture(autouse=True)
def _small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "ROW_GROUP", GROUP)


FIELDS: dict[str, dict[str, Any]] = {
    "i": {"type": "integer"},
    "n": {"type": "number"},
    "d": {"type": "date"},
    "m": {"type": "datetime"},
    "b": {"type": "boolean"},
    "s": {"type": "string"},
}


def cells(rows: int) -> dict[str, list[str | None]]:
    return {
        "i": [str(i) for i in range(rows)],
        "n": [None if i % 7 == 0 else f"{i / 4:.2f}" for i in range(rows)],
        "d": [f"2024-{i % 12 + 1:02}-{i % 28 + 1:02}" for i in range(rows)],
        "m": [f"2024-01-06T{i % 24:02}:30:00" for i in range(rows)],
        "b": [("true", "false")[i % 2] for i in range(rows)],
        "s": [f"蓬江{i % 3}" for i in range(rows)],
    }


def schema_of(fields: Mapping[str, Mapping[str, Any]]) -> tuple[list[Any], public.Schema]:
    described = [{"name": name, **field} for name, field in fields.items()]
    schema = frictionless.Schema.from_descriptor({"fields": described})
    shown = tuple(public.Field(f["name"], f["type"], constraints=f.get("constraints", {})) for f in described)
    return schema.fields, public.Schema(shown, primary_key=("i", "s") if "s" in fields else ())


def pieces(columns: Columns, cut: Sequence[int]) -> Iterator[list[pa.Array]]:
    """In pieces of these sizes, again and again; every other one with its texts as dictionaries."""
    rows, start, turn = len(next(iter(columns.values()))), 0, 0
    while start < rows:
        end = min(start + cut[turn % len(cut)], rows)
        part = [pa.array(texts[start:end], pa.string()) for texts in columns.values()]
        yield [text.dictionary_encode() for text in part] if turn % 2 else part
        start, turn = end, turn + 1


def write_file(
    path: Path, columns: Columns, cut: Sequence[int], fields: Mapping[str, Mapping[str, Any]] = FIELDS
) -> tuple[Written, int]:
    """How it ended, and in how many passes."""
    described, schema = schema_of({name: fields[name] for name in columns})
    plan = None
    for passes in (1, 2):
        with ParquetFile(path, described, schema, metadata={"about": "a test"}, plan=plan) as file:
            for piece in pieces(columns, cut):
                file.add(piece, [None] * len(columns))
            written = file.close()
        if written.fits:
            return written, passes
        assert not list(path.parent.iterdir()), "nothing is left of a pass that did not fit"
        plan = written.plan
    raise AssertionError("the second pass did not fit either")


LATER: dict[str, tuple[str, str, str, str | None]] = {
    "more decimals": ("n", "0.125", "decimal128(18, 3)", None),
    "more than 64 bits of decimals": ("n", "12345678901234567890.5", "decimal128(38, 2)", None),
    "a number with an exponent": ("n", "1e3", "double", None),
    "an exponent that no double holds": ("n", "1e400", "string", "inexact"),
    "an integer with a leading zero": ("i", "007", "string", "leading-zero"),
    "an integer with an underscore": ("i", "1_000", "string", "underscore"),
    "an integer beyond 64 bits": ("i", str(2**64), "decimal128(38, 0)", None),
    "a week date": ("m", "2024-W01-6T08:30:00.0", "string", "form"),
    "a moment with a zone": ("m", "2024-01-06T08:30:00Z", "string", "zones"),
    "a date in other digits": ("d", "２０２４-01-06", "string", "digits"),
}


@pytest.mark.parametrize("case", LATER)
@pytest.mark.parametrize("row", [3, GROUP - 1, GROUP, 95])
def test_a_late_cell_gives_the_same_bytes_however_rows_come(case: str, row: int, tmp_path: Path) -> None:
    name, text, kind, reason = LATER[case]
    columns = cells(110)
    columns[name][row] = text
    contents = set()
    for number, cut in enumerate(([110], [7], [GROUP], [1, 30, 2])):
        path = tmp_path / str(number) / "table.parquet"
        path.parent.mkdir()
        written, passes = write_file(path, columns, cut)
        assert passes == (1 if row <= GROUP or cut == [110] else 2), (
            "the first row group is looked at before it is written"
        )
        assert written.arrow_types[list(columns).index(name)] == kind
        kept = written.kept[list(columns).index(name)]
        assert (kept and (kept.reason, kept.cell.row, kept.cell.text)) == (reason and (reason, row, text))
        contents.add(path.read_bytes())
    assert len(contents) == 1
    found = pq.read_table(tmp_path / "0" / "table.parquet")
    assert found["s"].to_pylist() == columns["s"]
    if kind == "string":
        assert found[name].to_pylist() == columns[name]
        assert found.schema.field(name).metadata[b"kaishu:kept-as-text"] == str(reason).encode()
        assert found.schema.field(name).metadata[b"kaishu:type"] == FIELDS[name]["type"].encode()
    else:
        assert b"kaishu:kept-as-text" not in found.schema.field(name).metadata
        assert [str(v) for v in found[name].to_pylist()].count("None") == columns[name].count(None)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    texts=st.lists(st.sampled_from(["1.5", "22", "-3.25", "0.125", "1e3", "NaN", "007", None]), max_size=3 * GROUP),
    cuts=st.lists(st.integers(1, 50), min_size=1, max_size=4),
)
def test_any_pieces_give_the_same_bytes(
    texts: list[str | None], cuts: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    written = []
    for cut in (cuts, [1000]):
        path = tmp_path_factory.mktemp("x") / "table.parquet"
        write_file(path, {"n": texts}, cut)
        written.append(path.read_bytes())
    assert written[0] == written[1]


def test_a_table_that_is_as_long_as_a_row_group_is_a_short_one(tmp_path: Path) -> None:
    """Short tables have just the digits that they need."""
    written, _ = write_file(tmp_path / "a.parquet", {"n": ["1.5"] * GROUP}, [7])
    assert written.arrow_types == ("decimal128(2, 1)",)
    written, _ = write_file(tmp_path / "b.parquet", {"n": ["1.5"] * (GROUP + 1)}, [7])
    assert written.arrow_types == ("decimal128(18, 1)",)
    meta = pq.read_metadata(tmp_path / "b.parquet")
    assert [meta.row_group(i).num_rows for i in range(meta.num_row_groups)] == [GROUP, 1]


def test_rows_with_much_text_make_smaller_row_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "_GROUP_BYTES", 100)
    texts = ["x" * 30] * 5 + ["y" * 500] + ["z"] * 50
    contents = set()
    for cut in ([1], [3], [100]):
        write_file(tmp_path / "a.parquet", {"s": texts}, cut)
        meta = pq.read_metadata(tmp_path / "a.parquet")
        assert [meta.row_group(i).num_rows for i in range(meta.num_row_groups)] == [3, 2, 1, 40, 10]
        contents.add((tmp_path / "a.parquet").read_bytes())
        (tmp_path / "a.parquet").unlink()
    assert len(contents) == 1


def test_pages_do_not_depend_on_the_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "ROW_GROUP", 12_000)
    columns = {"i": [str(i * 7919 % 4001) for i in range(13_000)], "s": [f"{i % 7}" for i in range(13_000)]}
    contents = set()
    for cut in ([3333], [13_000]):
        write_file(tmp_path / "a.parquet", columns, cut)
        contents.add((tmp_path / "a.parquet").read_bytes())
        (tmp_path / "a.parquet").unlink()
    assert len(contents) == 1


def test_part_of_a_key_that_is_null_late_makes_the_column_nullable(tmp_path: Path) -> None:
    columns = cells(90)
    columns["s"][85] = None
    written, passes = write_file(tmp_path / "table.parquet", columns, [10])
    assert (written.fits, passes) == (True, 2)
    schema = pq.read_schema(tmp_path / "table.parquet")
    assert (schema.field("i").nullable, schema.field("s").nullable) == (False, True)


def test_nothing_is_left_when_the_pass_breaks_off(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    path.write_bytes(b"an older one")
    described, schema = schema_of({"i": FIELDS["i"]})

    def break_off() -> None:
        with ParquetFile(path, described, schema, metadata={}) as file:
            file.add([pa.array(["1"] * 3 * GROUP)], [None])
            raise OSError("unplugged")

    with pytest.raises(OSError, match="unplugged"):
        break_off()
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("table.parquet", b"an older one")]


def test_what_a_check_has_read_gives_the_same_file(tmp_path: Path) -> None:
    columns = {name: texts for name, texts in cells(90).items() if name != "s"}
    kinds = [pa.int64(), pa.float64(), pa.date32(), pa.timestamp("us"), pa.bool_()]
    write_file(tmp_path / "a.parquet", columns, [30])
    described, schema = schema_of({name: FIELDS[name] for name in columns})
    with ParquetFile(tmp_path / "b.parquet", described, schema, metadata={"about": "a test"}) as file:
        for piece in pieces(columns, [11, 90]):
            texts = [encoded.cast(pa.string()) for encoded in piece]
            file.add(piece, [text.cast(kind) for text, kind in zip(texts, kinds, strict=True)])
        assert file.close().fits
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_the_form_of_storage_follows_the_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "ROW_GROUP", 100_000)
    rows = range(4000)
    columns: dict[str, list[str | None]] = {
        "few": [f"镇{i % 5}" for i in rows],
        "sorted": [f"KX-{i:06}" for i in rows],
        "scattered": [f"{i * 7919 % 4001:04}-{i}" for i in rows],
        "long": [f"{i % 20}" * 20_000 if i < 400 else "x" for i in rows],
    }
    write_file(tmp_path / "a.parquet", columns, [1500], {name: {"type": "string"} for name in columns})
    group = pq.read_metadata(tmp_path / "a.parquet").row_group(0)
    chunks = {group.column(i).path_in_schema: group.column(i) for i in range(group.num_columns)}
    assert {name: chunk.has_dictionary_page for name, chunk in chunks.items()} == {
        "few": True, "sorted": False, "scattered": False, "long": False,
    }  # fmt: skip
    assert ("DELTA_BYTE_ARRAY" in chunks["sorted"].encodings, "PLAIN" in chunks["scattered"].encodings) == (True, True)
    assert {name for name, chunk in chunks.items() if chunk.has_column_index} == {"sorted"}
    assert all(chunk.has_offset_index for chunk in chunks.values())


@pytest.mark.parametrize("library", ["duckdb", "polars"])
def test_other_readers_see_the_same_values(library: str, tmp_path: Path) -> None:
    reader = pytest.importorskip(library)
    columns = cells(110)
    write_file(tmp_path / "t.parquet", columns, [30])
    path = str(tmp_path / "t.parquet")
    theirs = (
        reader.sql(f"select * from '{path}'").fetchall() if library == "duckdb" else reader.read_parquet(path).rows()
    )
    ours = pq.read_table(path).to_pylist()
    assert [tuple(row.values()) for row in ours] == theirs


def test_a_wrong_guess_costs_a_second_pass_over_the_source(tmp_path: Path) -> None:
    texts = [f"{i}.5" for i in range(100)] + ["100.125"]
    write(tmp_path, {"a.csv": "n,s\n" + "".join(f"{text},x\n" for text in texts)})
    converted = convert(table("a.csv", {"name": "n", "type": "number"}, {"name": "s"}), tmp_path)
    assert (converted.arrow_types[0], converted.rows) == ("decimal128(18, 3)", 101)
    assert converted.csv.read_bytes() == (tmp_path / "a.csv").read_bytes()
    assert [str(v) for v in pq.read_table(converted.parquet)["n"].to_pylist()][-2:] == ["99.500", "100.125"]


def test_a_table_tells_what_was_kept_as_text(tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": "n,c\n1,5\n2,007\n3,008\n"})
    fields = [{"name": "n", "type": "integer"}, {"name": "c", "type": "integer"}]
    told, _ = judge_tables(table("a.csv", *fields), tmp_path, dataset="d")
    assert [(p.name, p.field, p.row, p.line, p.value) for p in told] == [("kept-as-text", "c", 3, 3, "007")]
    assert dict(told[0].more)["type"] == "integer"


POINTS: dict[str, list[tuple[str, list[float] | None]]] = {
    "default": [("113.08, 22.58", [113.08, 22.58]), ("", None), ("-1,2", [-1.0, 2.0]), ("1_0, 2.5", [10.0, 2.5])],
    "array": [("[113.08, 22.58]", [113.08, 22.58]), ("", None)],
    "object": [('{"lon": 113.08, "lat": 22.58}', [113.08, 22.58]), ("", None)],
}


@pytest.mark.parametrize("form", POINTS)
@pytest.mark.parametrize(
    ("crs", "said"), [("EPSG:4326", "left out"), ("EPSG:4490", "EPSG 4490"), ("GCJ-02", None), ("", None)]
)
def test_points_as_geoparquet(form: str, crs: str, said: str | None, tmp_path: Path) -> None:
    rows = "".join('{},"{}"\n'.format(i, text.replace('"', '""')) for i, (text, _) in enumerate(POINTS[form]))
    write(tmp_path, {"a.csv": "i,p\n" + rows})
    descriptor = table("a.csv", {"name": "i", "type": "integer"}, {"name": "p", "type": "geopoint", "format": form})
    converted = convert(descriptor | {"crs": crs}, tmp_path, geoparquet=True)
    assert converted.geoparquet is not None
    found = pq.read_table(converted.geoparquet)["p"].to_pylist()
    assert [point and [point["x"], point["y"]] for point in found] == [point for _, point in POINTS[form]]
    metadata = pq.read_metadata(converted.geoparquet).metadata
    geo = json.loads(metadata[b"geo"])
    column = geo["columns"][geo["primary_column"]]
    assert (geo["version"], geo["primary_column"], column["encoding"]) == ("1.1.0", "p", "point")
    known = column.get("crs", "left out")
    assert (f"{known['id']['authority']} {known['id']['code']}" if isinstance(known, dict) else known) == said
    assert column["bbox"][:2] == [
        min(x for _, point in POINTS[form] if point for x in point[i : i + 1]) for i in (0, 1)
    ]
    assert metadata[b"kaishu:crs"].decode() == crs
    assert pq.read_table(converted.parquet)["p"].to_pylist() == [text or None for text, _ in POINTS[form]]


def test_a_point_that_no_double_holds_makes_no_geoparquet(tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": 'i,p\n1,"113.0812345678901234567, 22.58"\n'})
    descriptor = table("a.csv", {"name": "i"}, {"name": "p", "type": "geopoint"})
    assert convert(descriptor, tmp_path, geoparquet=True).geoparquet is None
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["table.csv", "table.parquet"]


def test_moments_are_in_utc(tmp_path: Path) -> None:
    columns = {"m": ["2024-01-06T08:30:00+08:00", "2024-01-06T08:30:00,5Z"]}
    write_file(tmp_path / "a.parquet", columns, [1])
    found = pq.read_table(tmp_path / "a.parquet")["m"].to_pylist()
    assert found == [datetime(2024, 1, 6, 0, 30, tzinfo=UTC), datetime(2024, 1, 6, 8, 30, 0, 500_000, tzinfo=UTC)]
