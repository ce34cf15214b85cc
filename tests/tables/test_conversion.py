"""Files that are made in the pass that judges a table: the same as frictionless's cells would give, or none at all."""

from __future__ import annotations

import csv
import io
import random
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import frictionless
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from generator.tables import ConvertedTable, conversion_to, judge_tables, proof
from generator.tables.check import check_tables
from generator.tables.conversion import Conversion, Line
from generator.tables.csv_file import Copy, csv_bytes, has_canonical_header
from generator.tables.encodings import is_compressible
from generator.tables.proof import NotProved, accept, walk
from generator.tables.proof import table as one_pass
from generator.tables.proof.cutting import CHUNK
from generator.tables.proof.text import parse
from generator.text import Text
from tests.tables.random_tables import make, without_time
from tests.tables.table_packages import convert, table, write

CONVERT, DOOR = sys.modules["generator.tables.convert"], sys.modules["generator.tables.validate"]
ACCEPT_AND_MAKE, BY_FRICTIONLESS = DOOR.accept_and_make, CONVERT._make_by_frictionless
X, N = {"name": "x"}, {"name": "n", "type": "integer"}
ROWS = "".join(f"名{i % 7},{i}\n" for i in range(300))


def refuse(*_: object, **__: object) -> None:
    raise NotProved("format")


def forbid(*_: object, **__: object) -> None:
    raise AssertionError("the table was to be converted in Arrow")


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> Mapping[str, Callable[[], None]]:
    """How to have the next tables converted."""

    def in_arrow(size: int) -> None:
        monkeypatch.setattr(DOOR, "accept_and_make", ACCEPT_AND_MAKE)
        monkeypatch.setattr(proof, "accept", partial(accept, size=size))
        monkeypatch.setattr(CONVERT, "_make_by_frictionless", forbid)

    def by_frictionless() -> None:
        monkeypatch.setattr(DOOR, "accept_and_make", refuse)
        monkeypatch.setattr(CONVERT, "_make_by_frictionless", BY_FRICTIONLESS)

    return {
        "in Arrow": partial(in_arrow, CHUNK),
        "in pieces": partial(in_arrow, 37),
        "by frictionless": by_frictionless,
    }


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tables over which a pass was made, in order."""
    made: list[str] = []
    original = one_pass._report

    def report(resource: frictionless.Resource, *rest: Any) -> frictionless.Report:
        made.append(str(resource.name))
        return original(resource, *rest)

    monkeypatch.setattr(one_pass, "_report", report)
    return made


@pytest.fixture
def small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    """The types of columns are planned from the first 100 rows."""
    monkeypatch.setattr("generator.tables.parquet.ROW_GROUP", 100)


def content(converted: ConvertedTable) -> tuple[Any, ...]:
    assert sorted(path.name for path in converted.csv.parent.iterdir()) == ["table.csv", "table.parquet"]
    shown = (converted.schema, converted.preview, converted.statistics, converted.rows, converted.arrow_types)
    return converted.csv.read_bytes(), converted.parquet.read_bytes(), *shown


def same_on_all_ways(
    ways: Mapping[str, Callable[[], None]], descriptor: dict[str, Any], folder: Path, name: str = "table"
) -> ConvertedTable:
    made: list[ConvertedTable] = []
    for number, choose in enumerate(ways.values()):
        choose()
        made.append(convert(descriptor, folder, name, target=folder / f"out-{name}-{number}", threads=1 + number % 2))
        assert content(made[number]) == content(made[0]), list(ways)[number]
    return made[0]


@pytest.mark.parametrize("first", [0, 37, 128, 250])
def test_same_files_on_random_tables(first: int, tmp_path: Path, ways: Mapping[str, Callable[[], None]]) -> None:
    count = 0
    for seed in range(first, first + 15):
        made, folder = make(seed), tmp_path / str(seed)
        for name in valid_tables(made.descriptor, write(folder, made.files)):
            same_on_all_ways(ways, made.descriptor, folder, name)
            count += 1
    assert count >= 4


def valid_tables(descriptor: dict[str, Any], folder: Path) -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            resources = frictionless.Package.from_descriptor(descriptor, basepath=str(folder)).resources
        except frictionless.FrictionlessException:
            return
        for resource in resources:
            try:
                valid = resource.validate().valid
            except Exception:  # it does not survive every table
                continue
            if valid:
                yield str(resource.name)


COMMENT, OTHER_QUOTES = {"dialect": {"commentChar": "#"}}, {"dialect": {"quoteChar": "'"}}
TABLES: dict[str, tuple[bytes, dict[str, Any], bool]] = {
    "plain": (f"x,n\n{ROWS}".encode(), {}, True),
    "every cell in quotes": (('"x","n"\n' + '"a","1"\n' * 99).encode(), {}, True),
    "quotes in the last row": (f'x,n\n{ROWS}"a",1\n'.encode(), {}, True),
    "labels alone, in quotes": (b'"x","n"\n', {}, True),
    "comments that are not there": (b'x,"n"\n"a",1\n', COMMENT, True),
    "an encoding of which only ASCII is there": (b'x,"n"\n"a",1\n', {"encoding": "gbk"}, True),
    "a record over several lines": (b'x,n\n"a\n""b"" \r\n,",1\n', {}, True),
    "CRLF": (f"x,n\n{ROWS}".replace("\n", "\r\n").encode(), {}, False),
    "CRLF in the last row": (f"x,n\n{ROWS}a,1\r\n".encode(), {}, False),
    "CRLF after the labels": (f"x,n\r\n{ROWS}".encode(), {}, False),
    "no newline at the end": (f"x,n\n{ROWS}a,1".encode(), {}, False),
    "byte-order mark": (f"\ufeffx,n\n{ROWS}".encode(), {"encoding": "utf-8"}, False),
    "GBK": (f"x,n\n{ROWS}".encode("gbk"), {"encoding": "gbk"}, False),
    "GBK in the labels": ("名,n\na,1\n".encode("gbk"), {"encoding": "gbk", "schema": {"fields": [{"name": "名"}, N]}}, False),
    "semicolon": (f"x;n\n{ROWS.replace(',', ';')}".encode(), {}, False),
    "other quotes": (b"x,n\n'a',1\n", OTHER_QUOTES, False),
    "labels that break the grammar": (b'"x"y,n\na,1\n', {"schema": {"fields": [{"name": "xy"}, N]}}, False),
    "stray quotes late": (f'x,n\n{ROWS}5" pipe,1\n'.encode(), {}, False),
    "comments": (f"x,n\n{ROWS}#,\na,1\n".encode(), COMMENT, False),
    "blanks around the labels": (f" x ,n\n{ROWS}".encode(), {}, False),
}  # fmt: skip


@pytest.mark.parametrize("case", TABLES)
def test_csv_is_the_source_or_what_a_csv_writer_makes_of_its_cells(
    case: str, tmp_path: Path, ways: Mapping[str, Callable[[], None]]
) -> None:
    data, properties, canonical = TABLES[case]
    write(tmp_path, {"a.csv": data})
    descriptor = table("a.csv", X, N, **properties)
    found = same_on_all_ways(ways, descriptor, tmp_path).csv.read_bytes()
    assert found == (data if canonical else written(descriptor, tmp_path))


def written(descriptor: dict[str, Any], folder: Path) -> bytes:
    resource = frictionless.Package.from_descriptor(descriptor, basepath=str(folder)).get_table_resource("table")
    text = io.StringIO(newline="")
    with resource as opened:
        rows = [row.cells for row in opened.row_stream]
        csv.writer(text, lineterminator="\n").writerows([opened.schema.field_names, *rows])
    return text.getvalue().encode()


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_empty_cells_of_the_only_column_are_in_quotes(
    newline: str, tmp_path: Path, ways: Mapping[str, Callable[[], None]]
) -> None:
    write(tmp_path, {"a.csv": newline.join(["x", "a", '""', "b", ""])})
    found = same_on_all_ways(ways, table("a.csv", X, schema={"missingValues": ["-"]}), tmp_path)
    assert found.csv.read_bytes() == b'x\na\n""\nb\n'


def test_parts_that_are_larger_than_one_piece(tmp_path: Path, ways: Mapping[str, Callable[[], None]]) -> None:
    """Frictionless's reader of several parts gives more bytes than it is asked for."""
    part = "x,n\n" + "abcdefgh,1\n" * 7000
    write(tmp_path, {"a.csv": part, "b.csv": part})
    ways["in Arrow"]()
    assert convert(table("a.csv", X, N, extrapaths=["b.csv"]), tmp_path).rows == 14_000


# The plan of the columns, and whether the source is published as it is, may turn out wrong late.

LATE = {
    "leading zero": ("integer", "7", "007", "string"),
    "one more decimal": ("number", "0.5", "0.25", "decimal128(18, 2)"),
    "NaN": ("number", "0.5", "NaN", "double"),
    "a zone": ("datetime", "2024-01-06T08:30:00", "2024-01-06T08:30:00Z", "string"),
}


@pytest.mark.usefixtures("small_groups")
@pytest.mark.parametrize("case", LATE)
def test_a_plan_that_does_not_fit_costs_one_more_pass(
    case: str, tmp_path: Path, passes: list[str], ways: Mapping[str, Callable[[], None]]
) -> None:
    kind, usual, last, arrow_type = LATE[case]
    write(tmp_path, {"a.csv": "v,n\n" + f"{usual},1\n" * 250 + f"{last},1\n"})
    descriptor = table("a.csv", {"name": "v", "type": kind}, N)
    ways["in pieces"]()
    convert(descriptor, tmp_path, threads=2)
    assert passes == ["table"] * 2
    found = same_on_all_ways(ways, descriptor, tmp_path)
    assert found.arrow_types[0] == arrow_type
    column = pq.read_table(found.parquet).column("v").cast("string").to_pylist()
    assert column[:250] == ["0.50" if "decimal" in arrow_type else usual] * 250
    assert column[250:] == [last.lower() if arrow_type == "double" else last]


@pytest.mark.parametrize(
    ("text", "count"),
    [(f"x,n\n{ROWS}", 1), (f'"x",n\n{ROWS}', 1), (f"x;n\n{ROWS}".replace(",", ";"), 1), (f"x,n\n{ROWS}a,1\r\n", 2)],
    ids=["canonical", "canonical with quotes", "otherwise from the beginning", "otherwise in the last row"],
)
def test_the_source_is_read_again_only_for_a_late_surprise(
    text: str, count: int, tmp_path: Path, passes: list[str]
) -> None:
    write(tmp_path, {"a.csv": text})
    convert(table("a.csv", X, N), tmp_path)
    assert len(passes) == count


# What is not finished leaves nothing behind.


@pytest.fixture
def no_threads_left() -> Iterator[None]:
    before = threading.active_count()
    yield
    assert threading.active_count() == before


def judged(folder: Path, text: str) -> tuple[Any, Conversion, Callable[[], frictionless.Report]]:
    """A resource, what is to be made of it, and frictionless's own report."""
    write(folder, {"a.csv": text})
    descriptor = table("a.csv", X, N, schema={"primaryKey": "n"})

    def resource() -> Any:
        return frictionless.Package.from_descriptor(descriptor, basepath=str(folder)).get_table_resource("table")

    conversion = conversion_to(folder / "out", stem="table", text=lambda values, key: Text(""))
    return resource(), conversion, lambda: resource().validate()


def nothing_left(conversion: Conversion) -> bool:
    return conversion.made is None and not list(conversion.wanted.target.iterdir())


LINES = "".join(f"abcdefghijklmnopqrstuvwxyz,{i}\n" for i in range(6000))
INVALID = {"cell": "a,x\n", "extra cell": "a,9999,\n", "key": "a,17\n", "empty line": "\n"}


@pytest.mark.usefixtures("no_threads_left")
@pytest.mark.parametrize("case", INVALID)
@pytest.mark.parametrize("threads", [1, 3])
def test_nothing_is_left_of_an_invalid_table(case: str, threads: int, tmp_path: Path) -> None:
    resource, conversion, theirs = judged(tmp_path, f"x;n\n{LINES}{INVALID[case]}".replace(",", ";"))
    outcome = DOOR.judge_table(resource, conversion, threads=threads)
    assert outcome.way == "fast"
    assert not outcome.report.valid
    assert without_time(outcome.report) == without_time(theirs())
    assert nothing_left(conversion)


def broken(fails_at: int, error: Exception, original: Callable[..., Any]) -> Callable[..., Any]:
    calls = 0

    def work(*given: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == fails_at:
            raise error
        return original(*given)

    return work


FAULTS = {
    "examining": "generator.tables.parquet.ParquetFile.examine",
    "writing Parquet": "generator.tables.parquet.ParquetFile.add_piece",
    "ending Parquet": "generator.tables.parquet.ParquetFile.close",
    "writing CSV": "generator.tables.csv_file.CsvFile.add_bytes",
    "ending CSV": "generator.tables.csv_file.CsvFile.close",
    "counting": "generator.tables.statistics.TableStatistics.result",
}


@pytest.mark.usefixtures("no_threads_left")
@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_leaves_nothing_and_frictionless_judges(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resource, conversion, theirs = judged(tmp_path, f"x;n\n{LINES}".replace(",", ";"))
    module, name = FAULTS[case].rsplit(".", 2)[0], FAULTS[case].rsplit(".", 2)[1:]
    owner = getattr(sys.modules[module], name[0])
    at = 1 if case.startswith(("ending", "counting")) else 2
    monkeypatch.setattr(owner, name[1], broken(at, ZeroDivisionError(), getattr(owner, name[1])))
    monkeypatch.setattr(DOOR, "faults_raise", False)
    outcome = DOOR.judge_table(resource, conversion, threads=2)
    assert outcome.way == "fault"
    assert without_time(outcome.report) == without_time(theirs())
    assert nothing_left(conversion)


@pytest.mark.usefixtures("no_threads_left")
def test_not_proved_half_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    resource, conversion, theirs = judged(tmp_path, f"x;n\n{LINES}".replace(",", ";"))
    monkeypatch.setattr(walk, "parse", broken(2, NotProved("key-nan"), parse))
    outcome = DOOR.judge_table(resource, conversion, threads=2)
    assert outcome.way == "key-nan"
    assert without_time(outcome.report) == without_time(theirs())
    assert nothing_left(conversion)


def test_what_arrow_cannot_convert_is_converted_by_frictionless(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"a.csv": f"x;n\n{LINES}".replace(",", ";")})
    descriptor = table("a.csv", X, N)
    whole = content(convert(descriptor, tmp_path, target=tmp_path / "whole"))
    for error in (NotProved("key-nan"), ZeroDivisionError()):
        with monkeypatch.context() as patch:
            patch.setattr(DOOR, "faults_raise", False)
            patch.setattr(walk, "parse", broken(2, error, parse))
            assert content(convert(descriptor, tmp_path)) == whole
    with monkeypatch.context() as patch:
        patch.setattr(walk, "parse", broken(2, ZeroDivisionError(), parse))
        with pytest.raises(ZeroDivisionError):
            convert(descriptor, tmp_path)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.usefixtures("no_threads_left")
@pytest.mark.parametrize("name", ["table.csv", "table.parquet"])
@pytest.mark.parametrize("rows", [5, 20_000])
def test_a_full_disk_is_told_and_leaves_nothing(name: str, rows: int, tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": "x;n\n" + "abcdefgh;1\n" * rows})
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / f".{name}.part").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        convert(table("a.csv", X, N), tmp_path)
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.usefixtures("no_threads_left")
@pytest.mark.parametrize("rows", [5, 20_000])
def test_a_source_that_cannot_be_copied_leaves_nothing(rows: int, tmp_path: Path) -> None:
    resource, conversion, _ = judged(tmp_path, "x,n\n" + "".join(f"abcdefgh,{i}\n" for i in range(rows)))
    conversion.wanted.target.mkdir(exist_ok=True)
    (conversion.wanted.target / f".{conversion.wanted.csv.name}.part").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        DOOR.judge_table(resource, conversion)
    assert nothing_left(conversion)


def test_what_was_judged_is_published_whatever_happens_to_the_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"x,n\n{LINES}"
    resource, conversion, _ = judged(tmp_path, text)
    finish = conversion.finish

    def changed_meanwhile() -> bool:
        Path(resource.normpath).write_text("x,n\nnever judged,no number\n", "utf-8")
        return finish()

    monkeypatch.setattr(conversion, "finish", changed_meanwhile)
    assert DOOR.judge_table(resource, conversion).report.valid
    assert conversion.wanted.csv.read_text("utf-8") == text


def handed_on(folder: Path, text: str) -> tuple[Any, Conversion]:
    resource, _, _ = judged(folder, text)
    return resource, conversion_to(folder / "out", stem="table", text=lambda values, key: Text(""), hands_on=True)


def test_a_canonical_source_is_handed_on(tmp_path: Path) -> None:
    resource, conversion = handed_on(tmp_path, f"x,n\n{LINES}")
    assert DOOR.judge_table(resource, conversion).report.valid
    assert conversion.made
    assert conversion.made.csv == tmp_path / "a.csv"
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["table.parquet"]


def test_another_source_is_written_anew_though_it_might_be_handed_on(tmp_path: Path, passes: list[str]) -> None:
    text = f"x,n\n{LINES}z,-1\r\n"
    resource, conversion = handed_on(tmp_path, text)
    assert DOOR.judge_table(resource, conversion).report.valid
    assert conversion.made
    assert conversion.made.csv == tmp_path / "out/table.csv"
    assert conversion.made.csv.read_bytes().decode() == text.replace("\r", "")
    assert len(passes) == 2


@pytest.mark.parametrize(("line", "rows"), [("later,9999", 6001), ("later,no number", None)])
def test_a_source_that_changes_while_it_is_judged_is_judged_again(
    line: str, rows: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, passes: list[str]
) -> None:
    resource, conversion = handed_on(tmp_path, f"x,n\n{LINES}")
    finish = conversion.finish

    def changed_meanwhile() -> bool:
        if len(passes) == 1:
            (tmp_path / "a.csv").write_text(f"x,n\n{LINES}{line}\n", "utf-8")
        return finish()

    monkeypatch.setattr(conversion, "finish", changed_meanwhile)
    DOOR.judge_table(resource, conversion)
    assert len(passes) == 2
    assert (conversion.made and conversion.made.written.rows) == rows


def test_a_line_keeps_order_and_is_never_far_behind() -> None:
    line, done, slow = Line(), list[int](), threading.Event()

    def work(number: int) -> None:
        slow.wait(0.01)
        done.append(number)

    for number in range(20):
        line.put(work, number)
        assert number - len(done) <= 4
    line.end()
    assert done == list(range(20))


@pytest.mark.usefixtures("no_threads_left")
def test_a_line_raises_what_its_work_has_raised() -> None:
    line = Line()
    line.put(lambda: 1 / 0)  # type: ignore[arg-type]  # it gives nothing back
    with pytest.raises(ZeroDivisionError):
        line.end()


# In the pass that judges a package.

SECRET = "绝密金丝雀"


def test_tables_are_made_when_they_are_judged(tmp_path: Path, passes: list[str]) -> None:
    write(
        tmp_path,
        {"valid.csv": "x,n\na,1\n", "invalid.csv": "x,n\na,b\n", "secret.csv": f"x,n\n{SECRET},1\n", "bare.csv": "x\n007\n"}
        | {"large.csv": f"x,n\n{ROWS * 30}", "array.json": '[["x", "n"], ["a", 1]]'},
    )  # fmt: skip
    paths = {name: f"{name}.csv" for name in ("valid", "large", "invalid", "secret")} | {"array": "array.json"}
    resources: list[dict[str, Any]] = [
        {"name": name, "path": path, "type": "table", "schema": {"fields": [X.copy(), N.copy()]}}
        for name, path in paths.items()
    ]
    resources.append({"name": "bare", "path": "bare.csv"})
    conversions = {
        name: conversion_to(tmp_path / "out" / name, stem="table", text=lambda values, key: Text(""))
        for name in ("valid", "large", "invalid", "secret", "array", "bare")
    }
    problems, _ = judge_tables(
        {"resources": resources}, tmp_path, dataset="d", withheld=["secret"], conversions=conversions
    )
    assert [(p.resource, p.row) for p in problems] == [("invalid", 2)]
    assert {name for name, one in conversions.items() if one.made} == {"valid", "large"}
    assert passes == ["valid", "large", "invalid", "array"], "one pass each; of the last one none is made"
    files = {path.parent.name for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert files == {"valid", "large"}
    for name in ("valid", "large", "array"):
        by_itself = convert({"resources": resources}, tmp_path, name, target=tmp_path / f"again-{name}")
        if made := conversions[name].made:
            assert by_itself.csv.read_bytes() == conversions[name].wanted.csv.read_bytes()
            assert by_itself.parquet.read_bytes() == conversions[name].wanted.parquet.read_bytes()
            assert (by_itself.statistics, by_itself.schema) == (made.statistics, made.schema)


def test_published_keys_are_those_of_the_descriptor(tmp_path: Path) -> None:
    """Also those that are not judged because they lead to a withheld table."""
    write(tmp_path, {"a.csv": "x,n\na,1\n", "secret.csv": f"x\n{SECRET}\n"})
    key = {"fields": "x", "reference": {"resource": "secret", "fields": "x"}}
    descriptor = table("a.csv", X, N, schema={"foreignKeys": [key]})
    descriptor["resources"].append({"name": "secret", "path": "secret.csv", "schema": {"fields": [X.copy()]}})
    conversion = conversion_to(tmp_path / "out", stem="table", text=lambda values, key: Text(""))
    judge_tables(descriptor, tmp_path, dataset="d", withheld=["secret"], conversions={"table": conversion})
    assert conversion.made
    assert [key.resource for key in conversion.made.schema.foreign_keys] == ["secret"]
    assert conversion.made.schema == convert(descriptor, tmp_path, target=tmp_path / "again").schema


# Pieces of it.


def test_lines_are_those_of_pythons_csv() -> None:
    """Made by Arrow; a lone CR is quoted, as Python does from 3.13 on."""
    r = random.Random(1)
    cells = ["", "a", "江门", " ", '"', 'a"b', ",", "\n", "\r\n", "a,b", '""', "'", "\ufeff", "\\", ";"]
    for _ in range(300):
        width, count = r.randint(1, 3), r.randint(0, 5)
        columns = [r.choices(cells, k=count) for _ in range(width)]
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows(zip(*columns, strict=True))
        arrays = [pa.array(["x", *column, "y"], pa.string()).slice(1, count) for column in columns]
        lines = csv_bytes(arrays)
        assert (lines.to_pybytes() if lines is not None else b"") == text.getvalue().encode(), columns
    lone = csv_bytes([pa.array(["a\rb"])])
    assert lone is not None
    assert lone.to_pybytes() == b'"a\rb"\n'


@pytest.mark.parametrize(
    ("data", "canonical"),
    [
        (b"x,n\n", True),
        (b'"x","n"\n', True),
        (b"x,n", True),
        (b"\xef\xbb\xbfx,n\n", False),
        (b"x;n\n", False),
        (b"n,x\n", False),
        (b"x,n,\n", False),
        (b"", False),
        (b'"x"x,n\n', False),
        ("名".encode("gbk") + b",n\n", False),
        (b"x" * 200_000, False),
    ],
)
def test_labels_of_a_canonical_source(data: bytes, canonical: bool, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(data)
    assert has_canonical_header(tmp_path / "a.csv", ["x", "n"]) == canonical


def test_a_copy_that_is_not_closed_leaves_nothing(tmp_path: Path) -> None:
    with Copy(tmp_path / "b.csv") as copy:
        copy.add(memoryview(b"x\n"))
    assert list(tmp_path.iterdir()) == []


def test_packed_random_numbers_are_not_compressed_and_words_are() -> None:
    r = np.random.default_rng(1)
    packed = {"use_dictionary": False, "column_encoding": {"column": "DELTA_BINARY_PACKED"}}
    plain = {"use_dictionary": False, "column_encoding": {"column": "PLAIN"}}
    numbers = pa.array(r.integers(-(2**62), 2**62, 20_000))
    assert not is_compressible(numbers, packed)
    assert is_compressible(pa.array([f"江门市蓬江区第{i}号" for i in range(20_000)]), plain)


def test_a_long_table_has_columns_of_both_kinds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.tables.parquet.ROW_GROUP", 5000)
    r = random.Random(1)
    rows = "".join(f"江门市蓬江区第{i}号,{r.randint(-(2**62), 2**62)}\n" for i in range(6000))
    for count, kinds in ((6000, ["ZSTD", "UNCOMPRESSED"]), (100, ["ZSTD", "ZSTD"])):
        write(tmp_path, {"a.csv": "x,n\n" + "".join(rows.splitlines(keepends=True)[:count])})
        meta = pq.read_metadata(convert(table("a.csv", X, N), tmp_path).parquet)
        assert [meta.row_group(0).column(i).compression for i in range(2)] == kinds


@pytest.mark.parametrize("onerror", ["warn", "raise"])
def test_frictionless_s_own_ways_with_errors_stay_its_own(onerror: Any, tmp_path: Path) -> None:
    """It warns of the errors of rows, or raises the first, while it reads."""
    resource, _, theirs = judged(tmp_path, f"x,n\n{LINES}a,b\n")
    with frictionless.system.use_context(onerror=onerror), warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        with pytest.raises(NotProved) as told:
            accept(resource, threads=1, hashes=())
        assert told.value.reason == "onerror"
        outcomes = [_outcome(lambda: DOOR.validate(resource)), _outcome(theirs)]
        assert outcomes[0] == outcomes[1]
        assert len(warned) == (2 if onerror == "warn" else 0)


def _outcome(validate: Callable[[], frictionless.Report]) -> Any:
    try:
        return without_time(validate())
    except frictionless.FrictionlessException as error:
        return str(error)


def test_withheld_tables_are_never_made(tmp_path: Path) -> None:
    """Whatever the caller asks for."""
    write(tmp_path, {"a.csv": f"x,n\n{SECRET},1\n"})
    conversion = conversion_to(tmp_path / "out", stem="table", text=lambda values, key: Text(""))
    judge_tables(table("a.csv", X, N), tmp_path, dataset="d", withheld=["table"], conversions={"table": conversion})
    assert conversion.made is None
    assert check_tables(table("a.csv", X, N), tmp_path, dataset="d", withheld=["table"]) == ()
    assert not (tmp_path / "out").exists()
