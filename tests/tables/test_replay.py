"""Rows replayed without reading what is right have the errors of frictionless's own rows, and reports end where its do."""

from __future__ import annotations

import copy
import gzip
import pickle
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs
import frictionless
import pytest

from generator.tables.proof import NotProved, accept
from generator.tables.proof.replay import KeyNotes, Reader, Replay, RowErrors, collect, stats_after, with_keys
from tests.tables.random_tables import without_time
from tests.tables.table_packages import write

Row = Sequence[str]

FIELDS: list[dict[str, Any]] = [
    {"name": "a", "type": "integer", "constraints": {"required": True, "maximum": "9"}},
    {"name": "B", "type": "string", "constraints": {"unique": True, "maxLength": 2}},
    {"name": "c", "type": "date", "missingValues": ["-", "NA"]},
    {"name": "b", "type": "number", "constraints": {"unique": True, "minimum": "1", "enum": ["1", "2.0", "3"]}},
    {"name": "e", "type": "array", "arrayItem": {"type": "integer", "constraints": {"required": True}}},
    {"name": "C", "type": "integer", "constraints": {"required": True, "maximum": "5"}},
]
KEYS: Mapping[str, Any] = {
    "primaryKey": ["c", "a"],
    "foreignKeys": [
        {"fields": ["a", "c"], "reference": {"resource": "", "fields": ["b", "c"]}},
        {"fields": ["B"], "reference": {"resource": "other", "fields": ["x"]}},
    ],
}
_TEXTS = [
    ["1", "01", "10", "x", "", "２", "99"],
    ["p", "q", "", "pqr", "{cell}", "%s"],
    ["2020-01-01", "-", "NA", "", "2020-1-1", "01/02/2020"],
    ["1", "1.0", "0", "2", "y", "", "9"],
    ["[1]", "[]", "[null]", '["x", 1]', "{", ""],
    ["1", "6", "x", ""],
]


def _table(r: random.Random, folder: Path, *, keys: bool, header_case: bool) -> frictionless.Package:
    width = len(FIELDS)
    rows: list[list[str]] = []
    for _ in range(r.choice([1, 4, 12])):
        row = [r.choice(texts) for texts in _TEXTS]
        way = r.random()
        if way < 0.3:
            row = row[: r.randrange(width)]
        elif way < 0.4:
            row = [*row, "more", ""]
        elif way < 0.5:
            row = ["", "", r.choice(["", "-"]), "", "", ""]
        rows.append(row)
    labels = [field["name"] for field in FIELDS]
    write(folder, {"t.csv": "\n".join(_line(row) for row in [labels, *rows]), "o.csv": "x\np\nq\n"})
    schema = {"fields": FIELDS, **(KEYS if keys else {})}
    if keys and not header_case:
        schema["primaryKey"] = ["c"]  # and "C", then
    table = {"name": "t", "path": "t.csv", "schema": schema, "dialect": {"delimiter": ",", "headerCase": header_case}}
    other = {"name": "other", "path": "o.csv", "schema": {"fields": [{"name": "x", "type": "string"}]}}
    return frictionless.Package.from_descriptor({"resources": [table, other]}, basepath=str(folder))


def _opened(table: Any) -> Any:
    return table.open()


def _line(cells: Row) -> str:
    return ",".join('"' + cell.replace('"', '""') + '"' if '"' in cell or "," in cell else cell for cell in cells)


@pytest.mark.parametrize("keys", [False, True])
@pytest.mark.parametrize("header_case", [False, True])
def test_same_errors_as_a_row_of_frictionless(keys: bool, header_case: bool, tmp_path: Path) -> None:
    r, told = random.Random(f"{keys} {header_case}"), 0
    for number in range(20):
        table = _table(r, tmp_path / str(number), keys=keys, header_case=header_case).get_resource("t")
        with _opened(table) as opened:
            fields = opened.header.get_expected_fields()
            replay, guarded = Replay(opened, fields), Replay(opened, fields)
            rows = [(row.row_number, list(row.cells), row) for row in opened.row_stream]
        readers = [Reader.of(field) for field in fields]
        for row_number, cells, row in rows:
            notes = _key_notes(row.errors, [field.name for field in fields])
            wrong = [
                column for column, reader in enumerate(readers) if column < len(cells) and reader.notes(cells[column])
            ]
            assert _same(replay.errors(row_number, cells, None, notes), row.errors), cells
            some = wrong + [column for column in range(len(fields)) if column not in wrong and r.random() < 0.2]
            r.shuffle(some)
            assert _same(guarded.errors(row_number, cells, some, notes), row.errors), (cells, some)
            told += len(row.errors)
    assert told > 200


def _key_notes(errors: Sequence[Any], names: list[str]) -> KeyNotes:
    """What a key would know: read from the errors themselves, so that their order and the other errors are tested."""
    unique = {e.field_number - 1: int(e.note.rsplit(" ", 1)[1]) for e in errors if e.type == "unique-error"}
    primary = [e.note.rsplit(" ", 1)[1] for e in errors if e.type == "primary-key"]
    foreign = [0 if e.field_names == ["a", "c"] else 1 for e in errors if e.type == "foreign-key"]
    return KeyNotes(unique, (int(primary[0]) if primary[0].isdigit() else 0) if primary else None, foreign)


def _same(ours: Sequence[Any], theirs: Sequence[Any]) -> bool:
    return ours == theirs and [vars(e) for e in ours] == [vars(e) for e in theirs]


def test_an_error_behaves_as_one_that_frictionless_made(tmp_path: Path) -> None:
    table = _table(random.Random(0), tmp_path, keys=True, header_case=True).get_resource("t")
    with _opened(table) as opened:
        replay = Replay(opened, opened.header.get_expected_fields())
    cells = ["x", "p", "-", "1", "[1]", "1"]
    ours, other = replay.errors(3, cells, [0])[0], replay.errors(4, cells, [0])[0]
    values = {attribute.name: getattr(ours, attribute.name) for attribute in attrs.fields(type(ours))}
    theirs: Any = frictionless.errors.TypeError(**{name: value for name, value in values.items() if name != "message"})
    assert type(ours) is type(theirs)
    assert ours.to_descriptor() == theirs.to_descriptor()
    assert repr(ours) == repr(theirs)
    copies: list[Any] = [copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))]
    for copied in copies:
        assert copied(ours) == copied(theirs)
        assert vars(copied(ours)) == vars(copied(theirs))
    for error in (ours, theirs):  # what is done to one error is not done to another
        error.cells.append("more")
        error.note = None
    assert ours.to_descriptor() == theirs.to_descriptor()
    assert other.cells == cells
    assert other.to_descriptor()["note"]
    assert cells == ["x", "p", "-", "1", "[1]", "1"]


def test_proven_cells_are_not_read() -> None:
    schema = frictionless.Schema.from_descriptor({"fields": [{"name": "x", "type": "integer"}, {"name": "y"}]})

    def refuse(_: Any) -> tuple[Any, Any]:
        raise AssertionError

    readers = [Reader.of(schema.fields[0]), Reader(frozenset([""]), refuse)]
    replay = Replay(frictionless.Resource(path="t.csv", schema=schema), schema.fields, readers=readers)
    assert [error.type for error in replay.errors(2, ["a", "b"], [0])] == ["type-error"]
    with pytest.raises(NotProved, match="crashes"):
        replay.errors(2, ["a", "b"])


def _rows(*counts: int) -> Iterator[RowErrors]:
    for number, count in enumerate(counts, start=2):
        yield RowErrors(number, [frictionless.Error(note=f"{number}")] * count)
    raise AssertionError("asked for more rows than frictionless reads")


@pytest.mark.parametrize(("limit", "kept", "last"), [(1, 1, 2), (2, 2, 2), (3, 3, 3), (4, 4, 3)])
def test_the_limit_is_looked_at_after_each_row(limit: int, kept: int, last: int) -> None:
    told = collect([], _rows(2, 3), limit)
    assert (len(told.errors), told.last_row, told.warnings) == (kept, last, [f"reached error limit: {limit}"])


def test_errors_of_the_header_count() -> None:
    header = [frictionless.Error(note="header")] * 2
    assert collect(header, _rows(1), 3).last_row == 2
    with pytest.raises(NotProved):
        collect(header, _rows(), 2)


def test_rows_of_keys_are_merged_in_order(tmp_path: Path) -> None:
    table = _table(random.Random(0), tmp_path, keys=True, header_case=True).get_resource("t")
    with _opened(table) as opened:
        replay = Replay(opened, opened.header.get_expected_fields())
    cells = {number: ["1", "p", "-", "1", "[1]", "1"] for number in range(2, 7)} | {
        4: ["1", "pqr", "x", "1", "[1]", "1"]
    }
    rows = [RowErrors(number, replay.errors(number, cells[number])) for number in (2, 4, 6)]
    rows = [row for row in rows if row.errors] + [RowErrors(5, replay.errors(5, ["x"]))]
    notes = [(number, KeyNotes({3: 2})) for number in (3, 4, 6)]
    merged = list(with_keys(replay, rows, notes, cells.__getitem__))
    assert [row.row_number for row in merged] == [3, 4, 5, 6]
    assert merged[1].errors == replay.errors(4, cells[4], None, KeyNotes({3: 2}))
    assert [error.type for error in merged[1].errors] == ["constraint-error", "type-error", "unique-error"]


def _long(folder: Path, kind: str, wrong: int, rows: int = 3000) -> frictionless.Resource:
    text = "x,y\n" + "".join(f"{i},江门{'x' * (i % 50)}\n" for i in range(rows))
    data = text.replace(f"\n{wrong},", "\nwrong,").encode()
    files: dict[str, bytes] = {"t.csv": data}
    resource: dict[str, Any] = {"name": "t", "path": "t.csv", "encoding": "utf-8"}
    if kind == "gz":
        files, resource["path"] = {"t.csv.gz": gzip.compress(data, mtime=0)}, "t.csv.gz"
    elif kind == "parts":
        head, rest = data[: data.index(b"\n700,") + 1], data[data.index(b"\n700,") + 1 :]
        files, resource["extrapaths"] = {"t.csv": head, "u.csv": b"x,y\n" + rest}, ["u.csv"]
    elif kind == "utf-16":
        files, resource["encoding"] = {"t.csv": data.decode().encode("utf-16")}, "utf-16"
    write(folder, files)
    fields = [{"name": "x", "type": "integer"}, {"name": "y", "type": "string"}]
    return frictionless.Resource.from_descriptor(resource | {"schema": {"fields": fields}}, basepath=str(folder))


@pytest.mark.parametrize("kind", ["plain", "gz", "parts", "utf-16"])
@pytest.mark.parametrize("wrong", [0, 99, 101, 400, 1500, 2999])
def test_stats_are_those_of_the_moment_of_the_stop(kind: str, wrong: int, tmp_path: Path) -> None:
    report = _long(tmp_path, kind, wrong).validate(limit_errors=1)
    theirs, ours = report.tasks[0].stats, stats_after(_long(tmp_path, kind, wrong), wrong + 2)
    assert (ours.bytes, ours.md5, ours.sha256) == tuple(theirs.get(name) for name in ("bytes", "md5", "sha256"))
    assert theirs["rows"] == wrong + 1


@pytest.mark.parametrize("limit", [0, 1, 3, 1000])
def test_a_dirty_table_has_the_report_of_frictionless(limit: int, tmp_path: Path) -> None:
    text = 'x,y\n1,a\n\n2\nx,"b\n"\n3,c,d\n,\nx,y,z\n4,e\nyy,"f,f"\n' + "5,g\n" * 9 + "z,h\n"
    fields = [{"name": "x", "type": "integer", "constraints": {"required": True}}, {"name": "y", "type": "string"}]
    write(tmp_path, {"t.csv": text})
    descriptor = {"name": "t", "path": "t.csv", "schema": {"fields": fields}, "dialect": {"delimiter": ","}}

    def table() -> frictionless.Resource:
        return frictionless.Resource.from_descriptor(descriptor, basepath=str(tmp_path))

    theirs = without_time(table().validate(limit_errors=limit))
    for size in (20, 64, 1 << 20):
        report = accept(table(), threads=2, hashes=("md5", "sha256"), limit_errors=limit, size=size)
        assert without_time(report) == theirs
    assert not theirs["valid"]
