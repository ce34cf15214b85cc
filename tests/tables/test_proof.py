"""What is accepted in Arrow is valid for frictionless, with the same report; the rest is frictionless's own."""

from __future__ import annotations

import csv
import io
import random
import re
import sys
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import frictionless
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from generator.tables import validate, ways
from generator.tables.proof import NotProved, accept, walk
from generator.tables.proof.cutting import records
from generator.tables.proof.dialect import Dialect
from generator.tables.proof.pattern import narrowed
from generator.tables.proof.text import parse
from tests.tables.random_tables import TRICKY, compare, make, without_time
from tests.tables.table_packages import SHARED, write

SEEDS = 300
DOOR = sys.modules["generator.tables.validate"]


@pytest.mark.parametrize("first", range(0, SEEDS, 50))
def test_same_report_on_random_tables(first: int, tmp_path: Path) -> None:
    ways: Counter[tuple[bool, str]] = Counter()
    for seed in range(first, first + 50):
        folder = tmp_path / str(seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for verdict in compare(make(seed), folder, threads=1 + seed % 2):
                assert verdict.ours == verdict.theirs, f"seed {seed}, {verdict.way}"
                ways[isinstance(verdict.theirs, dict) and verdict.theirs["valid"], verdict.way] += 1
    valid = sum(count for (is_valid, _), count in ways.items() if is_valid)
    assert ways[True, "fast"] > 0.5 * valid, "most valid tables are to be fast"


_SLOW = {
    ("camera-trap-v2", "media"): "format",
    ("frictionless-py-data/array-json", "sample"): "format",
    ("leiloes-xlsx", "leiloes-2019-2023-xlsx"): "format",
}
"""Each with its reason in docs/findings/tables.md."""


@pytest.mark.parametrize(
    "path", sorted(SHARED.rglob("datapackage.*")), ids=lambda p: p.parent.relative_to(SHARED).as_posix()
)
def test_same_report_on_public_packages(path: Path) -> None:
    name = path.parent.relative_to(SHARED).as_posix()
    for index, resource in enumerate(_resources(path)):
        if not resource.tabular or (name == "glenglat" and resource.name in ("measurement", "profile")):
            continue  # these two take frictionless half a minute; bench.tables --packages has them
        key = (name, str(resource.name))
        if key in _SLOW:
            with pytest.raises(NotProved) as told:
                accept(resource, threads=2, hashes=())
            assert told.value.reason == _SLOW[key]
        else:
            report = accept(resource, threads=2, hashes=("md5", "sha256"))
            assert without_time(report) == without_time(_resources(path)[index].validate())


def _resources(path: Path) -> list[frictionless.Resource]:
    try:
        return list(frictionless.Package(str(path)).resources)
    except frictionless.FrictionlessException:
        return []


@pytest.mark.parametrize("seed", range(8))
def test_same_cells_as_pythons_csv(seed: int) -> None:
    """Tables with, half the time, a mark in a place where it hurts; read in pieces from 1 byte up."""
    r = random.Random(seed)
    accepted = 0
    for _ in range(400):
        data, width = _delimited(r)
        skip, spaces = r.choice([0, 0, 1, 2]), r.random() < 0.3
        dialect = Dialect(",", '"', "", skips_spaces=spaces, translates_newlines=False)
        reader = csv.reader(io.TextIOWrapper(io.BytesIO(data), "utf-8", newline=""), skipinitialspace=spaces)
        try:
            ours = _rows(data, dialect, width, skip, size=r.choice([1, 2, 7, 37, 4096]))
        except NotProved:
            continue
        accepted += 1
        assert ours == list(reader)[skip:], data
    assert accepted > 100


def _delimited(r: random.Random) -> tuple[bytes, int]:
    width, newline = r.randint(1, 3), r.choice(["\n", "\n", "\r\n"])
    cells = [
        "",
        "a",
        "bc",
        "é",
        "江门",
        " a",
        "a ",
        '"a"',
        '"a,b"',
        '"a""b"',
        '""',
        '"a\nb"',
        '"\r\n"',
        '""""',
        '" "',
        "\u2028",
    ]
    lines = [",".join(r.choices(cells, k=width)) for _ in range(r.randint(0, 6))]
    text = newline.join(lines) + (newline if r.random() < 0.8 else "")
    for _ in range(r.choice([0, 0, 1, 2])):
        at = r.randint(0, len(text))
        text = text[:at] + r.choice(['"', '""', "\n", "\r", "\r\n", ",", " ", "\ufeff", "\0", "x"]) + text[at:]
    return text.encode(), width


def _rows(data: bytes, dialect: Dialect, width: int, skip: int, *, size: int) -> list[list[str]]:
    rows: list[list[str]] = []
    for piece in records(io.BytesIO(data).readinto, "utf-8", dialect, skip=skip, size=size):
        texts = parse(piece, width, dialect)
        cells = zip(*(column.to_pylist() for column in texts.columns), strict=True)
        rows += [texts.odd.get(position, list(row)) for position, row in enumerate(cells)]
    return rows


PATTERNS = [
    "[A-Z]{1,2}-\\d+", "a|b", "\\w*", ".*", "[^,]+", "\\S+ ?", "[0-9]{,3}", "{,n}", "[\u4e00-\u9fff]+", "\\D*", ".{1,3}", "x+?y",
    "[\\d\\s]+", "\\W|\\w+", "[^\\d]+", "[^\\s\\S]*x?", "(?:a|ab)(?:c|bcd)(d*)", "[\\]\\-^]+", "\\.\\$\\^", "x{2}", "a**"[:2], "$", "^^a", "a$|b",
]  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_translated_pattern_never_matches_more(pattern: str) -> None:
    translated = narrowed(f"^{pattern}$")
    assert translated is not None
    r = random.Random(pattern)
    texts = [text for kind in TRICKY.values() for text in kind]
    texts += ["".join(r.choices("abcdxyAZ09-_,{}n .$^]é江٣\n", k=r.randint(0, 6))) for _ in range(2000)]
    ours = pc.match_substring_regex(pa.array(texts), translated).to_pylist()
    compiled = re.compile(f"^{pattern}$")
    wrong = [text for text, matched in zip(texts, ours, strict=True) if matched and not compiled.match(text)]
    assert wrong == []
    plain = [text for text in texts if text.isascii() and text.isprintable()]
    missed = [t for t in plain if compiled.match(t) and t not in {x for x, m in zip(texts, ours, strict=True) if m}]
    assert missed == [], "on printable ASCII the two are the same"


@pytest.mark.parametrize(
    "pattern", ["(a)\\1", "(?i)a", "(?=a)a", "\\bx", "a++", "(?<!a)b", "x{2000}", "\\d+(?i:x)", "("]
)
def test_patterns_that_are_not_understood_stay_with_python(pattern: str) -> None:
    assert narrowed(f"^{pattern}$") is None


def resource(folder: Path, text: str | bytes, *fields: dict[str, Any], **more: Any) -> frictionless.Resource:
    write(folder, {"a.csv": text})
    descriptor = {
        "name": "a",
        "path": "a.csv",
        "schema": {"fields": list(fields)} | more.pop("schema", {}),
        "encoding": "utf-8",
    }
    dialect = {"delimiter": ",", "skipInitialSpace": False}
    return frictionless.Resource.from_descriptor(descriptor | {"dialect": dialect} | more, basepath=str(folder))


X, Y = {"name": "x"}, {"name": "y", "type": "integer"}
ODD: dict[str, tuple[str | bytes, dict[str, Any]]] = {
    "encoding": ("x,y\na,1\n".encode("utf-16"), {"encoding": "utf-16"}),
    "utf-7": (b"x,y\na,1\n", {"encoding": "utf-7"}),
    "quote in a cell": ('x,y\na"b,1\n', {}),
    "text after a quote": ('x,y\n"a"b,1\n', {}),
    "carriage return": ("x,y\na\rb,1\n", {}),
    "nul": ("x,y\na\0,1\n", {}),
    "open quote": ('x,y\n"a,1\n', {}),
    "mark": ("x,y\n\ufeffa,1\n", {}),
    "extra cell": ("x,y\na,1,\n", {}),
    "missing cell": ("x,y\na\nb,2\n", {}),
    "empty line": ("x,y\na,1\n\n", {}),
    "empty cells": ("x,y\na,1\n,\n", {}),
    "blank row": ("x,y\na,1\n-,\n", {"schema": {"missingValues": ["", "-"]}}),
    "empty line of one column": ("x\na\n\n", {"schema": {"fields": [{"name": "x"}], "missingValues": []}}),
    "cell": ("x,y\na,1.5\n", {}),
    "label": ("x,z\na,1\n", {}),
    "comment": ("x,y\n#a,1\nb,2\n", {"dialect": {"commentChar": "#"}}),
    "comment and error": ("x,y\n#a,1\nb,z\n", {"dialect": {"commentChar": "#"}}),
    "no comment": ("x,y\na,1\n", {"dialect": {"commentChar": "#"}}),
    "escape": ("x,y\na\\,1\n", {"dialect": {"escapeChar": "\\"}}),
    "key repeats": ("x,y\na,1\nb,01\n", {"schema": {"primaryKey": "y"}}),
    "key in another form": ("x,y\na,1\nb,1_0\n", {"schema": {"primaryKey": "y"}}),
    "key missing": ("x,y\na,1\nb,\n", {"schema": {"primaryKey": "y"}}),
    "key of numbers": ("x,y\na,1.0\nb,1\n", {"schema": {"fields": [X, {"name": "y", "type": "number"}], "primaryKey": "y"}}),
    "key of almost equal numbers": (
        "x,y\na,0.1\nb,0.1000000000000000055511151231257827\n",
        {"schema": {"fields": [X, {"name": "y", "type": "number"}], "primaryKey": "y"}},
    ),
    "key of texts": ("x,y\na,1\nb,2\na,3\na,4\n", {"schema": {"fields": [X | {"constraints": {"unique": True}}, Y]}}),
    "key of two": ("x,y\na,1\nb,1\na,1\n", {"schema": {"primaryKey": ["x", "y"]}}),
    "key of durations": ("x,y\nP1Y,1\nP12M,2\n", {"schema": {"fields": [{"name": "x", "type": "duration"}, Y], "primaryKey": "x"}}),
    "nothing": ("", {}),
    "labels alone": ("x,y\n", {}),
    "key of NaN": ("x,y\na,NaN\nb,nan\n", {"schema": {"fields": [X, {"name": "y", "type": "number"}], "primaryKey": "y"}}),
    "own key": ("x,y\na,1\nb,2\nc,3\n", {"schema": {"fields": [X, Y], "foreignKeys": [{"fields": "x", "reference": {"resource": "", "fields": "x"}}]}}),
}  # fmt: skip


@pytest.mark.parametrize("case", ODD)
@pytest.mark.parametrize("size", [37, 4 << 20])
def test_odd_tables_are_judged_as_frictionless_does(case: str, size: int, tmp_path: Path) -> None:
    text, more = ODD[case]
    ours = accept(resource(tmp_path, text, X, Y, **more), threads=1, hashes=("md5", "sha256"), size=size)
    assert without_time(ours) == without_time(resource(tmp_path, text, X, Y, **more).validate())


@pytest.mark.parametrize(
    ("reason", "text", "more"),
    [
        ("unreadable", b"x,y\n\xff,1\n", {}),
        ("reader-crashed", "x,y\na,1\n", {"schema": {"fields": [X, Y | {"constraints": {"minimum": "z"}}]}}),
    ],
)
def test_not_proved(reason: str, text: str | bytes, more: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(NotProved) as told:
        accept(resource(tmp_path, text, X, Y, **more), threads=1, hashes=())
    assert told.value.reason == reason


def test_keys_in_no_order_are_proved_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.tables.proof.keys.space.MOST_KEPT", 1000)
    rows = [f"a,{i * 7 % 1000}\n" for i in range(1000)]
    key = {"schema": {"primaryKey": "y"}}
    assert accept(resource(tmp_path, "x,y\n" + "".join(rows), X, Y, **key), threads=1, hashes=(), size=200).valid
    twice = "x,y\n" + "".join(rows) + "a,500\n"
    report = accept(resource(tmp_path, twice, X, Y, **key), threads=1, hashes=("md5", "sha256"), size=200)
    assert without_time(report) == without_time(resource(tmp_path, twice, X, Y, **key).validate())
    assert [error.row_number for error in report.task.errors] == [1002]


def test_one_odd_cell_does_not_make_a_column_slow(tmp_path: Path) -> None:
    text = "x,y\n" + "a,1\n" * 500 + "a,1_0\n" + "a,2\n" * 500
    assert accept(resource(tmp_path, text, X, Y), threads=1, hashes=()).valid


def test_a_missing_value_of_the_fields_own(tmp_path: Path) -> None:
    made = resource(tmp_path, "x,y\na,-\n", X, Y | {"missingValues": ["-"]})
    assert accept(made, threads=1, hashes=()).valid
    assert not accept(resource(tmp_path, "x,y\na,\n", X, Y | {"missingValues": ["-"]}), threads=1, hashes=()).valid


def test_small_tables_do_not_load_arrow(tmp_path: Path) -> None:
    before = ways["small"]
    assert validate(resource(tmp_path, "x,y\na,1\n", X, Y)).valid
    assert ways["small"] == before + 1


def large(folder: Path, last: str = "") -> frictionless.Resource:
    return resource(folder, "x,y\n" + "abcdefgh,1\n" * 10_000 + last, X, Y)


def test_large_tables_are_fast_and_hashes_are_those_asked_for(tmp_path: Path) -> None:
    before = ways["fast"]
    report = validate(large(tmp_path), hashes=("sha256",), threads=2)
    assert ways["fast"] == before + 1
    theirs = without_time(large(tmp_path).validate())
    assert theirs["tasks"][0]["stats"].pop("md5")
    assert without_time(report) == theirs


def test_an_invalid_table_is_told_by_frictionless(tmp_path: Path) -> None:
    report = validate(large(tmp_path, "a,b\n"), hashes=("sha256",))
    theirs = without_time(large(tmp_path, "a,b\n").validate())
    theirs["tasks"][0]["stats"].pop("md5")
    assert not report.valid
    assert without_time(report) == theirs


def test_our_own_fault_is_counted_and_frictionless_judges(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(walk, "parse", broken)
    with pytest.raises(ZeroDivisionError):
        validate(large(tmp_path))
    monkeypatch.setattr(DOOR, "faults_raise", False)
    before = ways["fault"]
    assert validate(large(tmp_path)).valid
    assert ways["fault"] == before + 1


def test_the_resource_is_left_as_frictionless_leaves_it(tmp_path: Path) -> None:
    ours, theirs = large(tmp_path, "a,b\n"), large(tmp_path, "a,b\n")
    assert not accept(ours, threads=1, hashes=("md5", "sha256")).valid
    assert not theirs.validate().valid
    assert ours.to_descriptor() == theirs.to_descriptor()
    tables: list[Any] = [ours, theirs]
    assert len({(str(one.labels), str(one.header), one.closed) for one in tables}) == 1
    assert (ours.stats.rows, ours.stats.sha256) == (theirs.stats.rows, theirs.stats.sha256)
