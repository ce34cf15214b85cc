"""What the author of a valid table is advised of, and that small tidy tables are known for it without Arrow."""

from __future__ import annotations

import datetime
import json
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import frictionless
import openpyxl
import pytest
import yaml

from generator.build import Options, check
from generator.config import Config, read_config
from generator.prepare import prepare
from generator.problems import Problem, Severities
from generator.read import read_catalog
from generator.state import State
from generator.tables import judge_tables
from generator.tables.advice import _look
from generator.tables.looking import Looking
from generator.tables.proof import NotProved, accept, walk
from generator.tables.proof.text import parse
from generator.tables.unremarkable import is_unremarkable
from tests.conftest import ROOT
from tests.tables.random_tables import PLAIN, TRICKY
from tests.tables.table_packages import check_and_advise, read_descriptor, table, write

TODAY = datetime.date(2026, 6, 30)
CODE, NOTE = {"name": "code", "type": "integer"}, {"name": "note"}
DOOR = sys.modules["generator.tables.validate"]


def said(problems: tuple[Problem, ...]) -> list[tuple[Any, ...]]:
    return [(p.name, p.field, p.row, p.line, p.value) for p in problems]


def resource(folder: Path, descriptor: dict[str, Any]) -> Any:
    return frictionless.Package.from_descriptor(descriptor, basepath=str(folder)).get_table_resource("table")


# Without Arrow


def test_nothing_is_overlooked_in_small_tables(tmp_path: Path) -> None:
    r = random.Random(3)
    found: Counter[tuple[bool, bool]] = Counter()
    for number in range(400):
        folder = tmp_path / str(number)
        descriptor = random_table(r, folder)
        judged = resource(folder, descriptor)
        if not judged.validate().valid:
            continue
        seen = _look(resource(folder, descriptor))
        assert seen
        remarkable = any(seen.formulas) or any(seen.kept)
        unremarkable = is_unremarkable(judged)
        assert not (remarkable and unremarkable), (descriptor, (folder / "a.csv").read_bytes())
        found[remarkable, unremarkable] += 1
    assert found[True, False] > 20, "there is much to find"
    assert found[False, True] > 30, "and many tables are known for tidy"


MARKS: list[dict[str, Any]] = [
    {"decimalChar": ","},
    {"groupChar": ","},
    {"groupChar": ".", "decimalChar": ","},
    {"bareNumber": False},
    {"missingValues": ["-"]},
]
FORMULAS = ["=1+1", "-5", "+86-750-3127888", "＝A1", "\t=1+1", "@SUM(1)", "--", "\n=1"]


def random_table(r: random.Random, folder: Path) -> dict[str, Any]:
    """A table that is tidy but for one cell, or one property."""
    fields: list[dict[str, Any]] = [
        {"name": f"f{number}", "type": r.choice(list(PLAIN))} for number in range(r.randint(1, 3))
    ]
    for field in fields:
        if r.random() < 0.1:
            field.update(r.choice(MARKS if field["type"] == "number" else MARKS[-2:]))
        if field["type"] in ("date", "datetime") and r.random() < 0.1:
            field["format"] = "%Y"
    rows = [[PLAIN[field["type"]](r) for field in fields] for _ in range(3)]
    column = r.randrange(len(fields))
    kind = fields[column]["type"]
    if r.random() < 0.7:
        tricky = FORMULAS if kind in ("string", "any") and r.random() < 0.6 else TRICKY[kind]
        rows[r.randrange(3)][column] = r.choice(tricky)
    schema = {"missingValues": ["", *r.choices(["007", "=1+1", "NaN"], k=r.randint(0, 1))]}
    lines = [[field["name"] for field in fields], *rows]
    write(folder, {"a.csv": "".join(",".join(map(quoted, line)) + "\n" for line in lines)})
    return table("a.csv", *fields, schema=schema)


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if set(cell) & set('",\r\n') else cell


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        ({"name": "v", "type": "number", "groupChar": ".", "decimalChar": ","}, "0.500"),
        ({"name": "v", "missingValues": []}, "=1+1"),
    ],
    ids=["a point that is no decimal point", "a missing value of other fields"],
)
def test_properties_that_change_what_a_cell_says(field: dict[str, Any], cell: str, tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": f"v\n{cell}\n"})
    found = check_and_advise(table("a.csv", field, schema={"missingValues": ["", "=1+1"]}), tmp_path)
    assert [problem.value for problem in found] == [cell]


TOLD = {
    "string": ["=1+1", "-A1", "+86-750-3127888", "@SUM(1)", "\t=1+1", "\n=1+1", "＝A1", "－A1", "＋A1", "＠SUM(1)"],
    "any": ["=1+1"],
    "integer": ["007", "+1", "1_0", "１２", "9" * 39],
    "number": ["007.5", "+1.5", "1_0.5", "１.５"],
    "year": ["２０２０"],
    "datetime": ["2024-01-06T24:00:00", "2024-01-06T08:30:00.1234567"],
}


@pytest.mark.parametrize(("kind", "cell"), [(kind, cell) for kind, cells in TOLD.items() for cell in cells])
def test_each_is_told_in_a_small_table(kind: str, cell: str, tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": f"v\n{quoted(cell)}\n"})
    (told,) = check_and_advise(table("a.csv", {"name": "v", "type": kind}), tmp_path)
    assert (told.name, told.value) == ("formula-cells" if kind in ("string", "any") else "kept-as-text", cell)


TIDY = "编码,note,day,share\n" + "".join(f"{i},第{i}号,2024-01-06,{i}.25\n" for i in range(1, 50))
_CHECK = """
import json, sys
from pathlib import Path
from tests.tables.table_packages import check_and_advise
print(len(check_and_advise(json.loads(sys.argv[1]), Path(sys.argv[2]))), "pyarrow" in sys.modules)
"""


def test_arrow_is_not_imported_for_a_tidy_table(tmp_path: Path) -> None:
    fields = [{"name": "编码", "type": "integer"}, NOTE, {"name": "day", "type": "date"}]
    descriptor = table("a.csv", *fields, {"name": "share", "type": "number"})
    answers = []
    for text in (TIDY, TIDY + "50,=1+1,2024-01-06,0.5\n"):
        write(tmp_path, {"a.csv": text})
        arguments = [sys.executable, "-c", _CHECK, json.dumps(descriptor), str(tmp_path)]
        told = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=True)
        answers.append(told.stdout.split())
    assert answers == [["0", "False"], ["1", "True"]]


# In all kinds of tables

ROWS = [(5, "x"), ("007", "=1+1"), (6, "-"), ("08", "+1+2")]


def csv_text(rows: list[tuple[Any, ...]]) -> str:
    return "code,note\n" + "".join(f"{code},{note}\n" for code, note in rows)


def test_once_for_each_column_with_its_first_cell(tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": csv_text(ROWS)})
    told = check_and_advise(table("a.csv", CODE, NOTE), tmp_path)
    expected = [("formula-cells", "note", 3, 3, "=1+1"), ("kept-as-text", "code", 3, 3, "007")]
    assert said(told) == expected
    assert dict(told[0].more)["count"] == "2"


@pytest.mark.parametrize("size", [100, 64 << 10])
def test_in_large_tables_of_many_pieces(size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.tables.proof.cutting.FIRST_CHUNK", size)
    usual = [(number % 10, '"two\nlines"') for number in range(8000)]
    write(tmp_path, {"a.csv": csv_text([*usual, *ROWS])})
    told = check_and_advise(table("a.csv", CODE, NOTE), tmp_path)
    row, line = 8003, 16003
    assert said(told) == [("formula-cells", "note", row, line, "=1+1"), ("kept-as-text", "code", row, line, "007")]
    assert dict(told[0].more)["count"] == "2"


def test_in_workbooks_and_json(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in [("code", "note"), *ROWS]:
        book.worksheets[0].append([f" {cell}" if str(cell).startswith("=") else cell for cell in row])
    book.save(tmp_path / "a.xlsx")
    told = check_and_advise(table("a.xlsx", CODE, NOTE), tmp_path)
    assert said(told) == [("formula-cells", "note", 5, None, "+1+2"), ("kept-as-text", "code", 3, None, "007")]
    write(tmp_path, {"a.json": json.dumps([["code", "note"], *ROWS])})
    told = check_and_advise(table("a.json", CODE, NOTE, type="table"), tmp_path)
    assert said(told) == [("formula-cells", "note", 3, None, "=1+1"), ("kept-as-text", "code", 3, None, "007")]


def test_not_on_invalid_tables_or_those_without_a_schema(tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": csv_text([*ROWS, ("x", "")])})
    assert [problem.name for problem in check_and_advise(table("a.csv", CODE, NOTE), tmp_path)] == ["type-integer"]
    write(tmp_path, {"a.csv": csv_text(ROWS)})
    assert check_and_advise(table("a.csv"), tmp_path) == ()


@pytest.mark.parametrize("large", [False, True])
def test_never_on_withheld_tables(large: bool, tmp_path: Path) -> None:
    rows = csv_text(ROWS * (5000 if large else 1))
    write(tmp_path, {"a.csv": rows, "open.csv": csv_text(ROWS)})
    key = {"fields": "note", "reference": {"resource": "table", "fields": "note"}}
    descriptor = table("a.csv", CODE.copy(), NOTE.copy())
    descriptor["resources"].append(
        {"name": "open", "path": "open.csv", "schema": {"fields": [CODE.copy(), NOTE.copy()], "foreignKeys": [key]}}
    )
    told = check_and_advise(descriptor, tmp_path, withheld=["table"])
    assert [(p.resource, p.name) for p in told] == [("open", "formula-cells"), ("open", "kept-as-text")]


def test_a_look_that_was_broken_off_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else only what is in the first pieces would be told."""
    calls = 0

    def give_up(*given: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls > 1:
            raise NotProved("key-nan")
        return parse(*given)

    write(tmp_path, {"a.csv": csv_text([*([(1, "abcdefghijklmn")] * 8000), *ROWS])})
    monkeypatch.setattr(walk, "parse", give_up)
    told, judged = judge_tables(table("a.csv", CODE, NOTE), tmp_path, dataset="d")
    assert ([one.way for one in judged], calls > 1) == (["key-nan"], True)
    assert [(p.name, p.row) for p in told] == [("formula-cells", 8003), ("kept-as-text", 8003)]


def test_a_second_look_forgets_the_first(tmp_path: Path) -> None:
    looking = Looking()
    assert looking.seen() is None
    for rows, formulas in ((ROWS, 1), (ROWS[:1], 0)):
        write(tmp_path, {"a.csv": csv_text(rows)})
        assert accept(resource(tmp_path, table("a.csv", CODE, NOTE)), threads=2, hashes=(), size=10, sink=looking).valid
        assert looking.seen() is None, "the pass is not finished"
        looking.finish()
        seen = looking.seen()
        assert seen
        assert (sum(map(bool, seen.formulas)), sum(map(bool, seen.kept))) == (formulas, formulas)


# From the state, and in a build


@pytest.fixture
def config(portal: Path) -> Config:
    folder = portal / "datasets/culture/parks"
    descriptor = read_descriptor(folder / "datapackage.yaml")
    descriptor["resources"] = [
        {"name": name, "path": f"{name}.csv", "title": name, "schema": {"fields": [
            {"name": "code", "type": "integer", "title": "代码"}, {"name": "note", "type": "string", "title": "说明"}
        ]}} for name in ("small", "large")
    ]  # fmt: skip
    (folder / "datapackage.yaml").write_text(yaml.safe_dump(descriptor, allow_unicode=True), "utf-8")
    write(folder, {"small.csv": csv_text(ROWS), "large.csv": csv_text([*([(1, "abcdefghijkl")] * 6000), *ROWS])})
    (folder / "parks.csv").unlink()
    return read_config(portal / "kaishu.yaml")


def advice(problems: tuple[Problem, ...]) -> list[tuple[str, str, int | None]]:
    kinds = ("formula-cells", "kept-as-text")
    return [(p.resource, p.name, p.row) for p in problems if p.name in kinds]


ADVICE = [
    ("small", "formula-cells", 3),
    ("small", "kept-as-text", 3),
    ("large", "formula-cells", 6003),
    ("large", "kept-as-text", 6003),
]


def test_told_again_from_the_state(config: Config) -> None:
    first, second = (check(config, Options(TODAY, jobs=1)) for _ in range(2))
    assert {table.way for table in second.tables} == {"cached"}
    assert sorted(advice(first.problems)) == sorted(ADVICE)
    assert second.problems == first.problems


@pytest.mark.parametrize("known", [False, True])
def test_a_build_tells_it_once_whether_the_verdict_is_known_or_not(
    known: bool, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog = read_catalog(config, TODAY)
    state = State(tmp_path / "state") if known else None
    one_pass, passes = sys.modules["generator.tables.proof.table"], list[str]()
    original = one_pass._report

    def report(resource: Any, *rest: Any) -> Any:
        passes.append(resource.name)
        return original(resource, *rest)

    for number in range(2):
        monkeypatch.setattr(one_pass, "_report", report)
        passes.clear()
        made = prepare(
            catalog.packages[0], catalog, TODAY, Severities(config.rules), tmp_path / f"out-{number}", state=state
        )
        assert advice(made.problems) == ADVICE
        assert [(one.rows, len(one.distributions)) for one in made.resources.values()] == [(4, 3), (6004, 3)]
        assert passes == ["small", "large"], "checked and converted in one pass"
        assert {table.way for table in made.tables} == {"cached" if known and number else "fast"}
