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
from generator.tables.proof import NotProved, accept, table
from generator.tables.proof.pattern import narrowed
from generator.tables.proof.text import Dialect, parse, records
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
    assert ways[False, "fast"] > 0.3 * (sum(ways.values()) - valid), "and many of the others"


_SLOW = {
    ("camera-trap-v2", "media"): "format",
    ("frictionless-py-data/array-json", "sample"): "format",
    ("frictionless-py-data/number", "number-test"): "key-form",
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
    for piece in records(io.BytesIO(data).read, "utf-8", dialect, skip=skip, size=size):
        texts = parse(piece, [str(i) for i in range(width)], dialect)
        cells = zip(*(column.to_pylist() for column in texts.columns), strict=True)
        for position, row in enumerate(cells):
            odd = texts.odd.get(position)
            if odd is not None:  # the columns have what there is of it
                assert row == tuple(odd[i] if i < len(odd) else None for i in range(width))
            rows.append(list(row) if odd is None else odd)
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
REFUSED: list[tuple[str, str | bytes, dict[str, Any]]] = [
    ("encoding", b"x,y\na,1\n", {"encoding": "utf-7"}),
    ("quotes", 'x,y\na"b,1\n', {}),
    ("quotes", 'x,y\n"a"b,1\n', {}),
    ("quotes", "x,y\na\rb,1\n", {}),
    ("quotes", "x,y\na\0,1\n", {}),
    ("quotes", 'x,y\n"a,1\n', {}),
    ("dialect", "x,y\na,1\n", {"dialect": {"commentChar": "#"}}),
    ("escape", "x,y\na\\,1\n", {"dialect": {"escapeChar": "\\"}}),
    ("key-form", "x,y\na,1\nb,1_0\n", {"schema": {"primaryKey": "y"}}),
    ("unreadable", b"x,y\n\xff,1\n", {}),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "text", "more"), REFUSED)
def test_not_proved(reason: str, text: str | bytes, more: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(NotProved) as told:
        accept(resource(tmp_path, text, X, Y, **more), threads=1, hashes=())
    assert told.value.reason == reason


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("x,y\na,1,\n", {}),
    ("x,y\na,1\n\n", {}),
    ("x,y\na,1\n,\n", {}),
    ("x,y\na,1\n-,\n", {"schema": {"missingValues": ["", "-"]}}),
    ("x\na\n\n", {"schema": {"fields": [{"name": "x"}], "missingValues": []}}),
    ("x,y\na,1.5\n", {}),
    ("x,z\na,1\n", {}),
    ("x,y\na,1\nb,01\n", {"schema": {"primaryKey": "y"}}),
    ("x,y\na,1\nb,\n", {"schema": {"primaryKey": "y"}}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "more"), WRONG)
def test_told_without_frictionless(text: str, more: dict[str, Any], tmp_path: Path) -> None:
    report = accept(resource(tmp_path, text, X, Y, **more), threads=1, hashes=("md5", "sha256"))
    assert not report.valid
    assert without_time(report) == without_time(resource(tmp_path, text, X, Y, **more).validate())


def test_keys_in_order_are_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.tables.proof.keys.MOST_KEPT", 100)
    ascending = "".join(f"a,{i}\n" for i in range(1000))
    key = {"schema": {"primaryKey": "y"}}
    assert accept(resource(tmp_path, "x,y\n" + ascending, X, Y, **key), threads=1, hashes=(), size=200).valid
    with pytest.raises(NotProved, match="more of them than are kept"):
        accept(resource(tmp_path, "x,y\n" + ascending + "a,-1\n", X, Y, **key), threads=1, hashes=(), size=200)


def test_one_odd_cell_does_not_make_a_column_slow(tmp_path: Path) -> None:
    text = "x,y\n" + "a,1\n" * 500 + "a,1_0\n" + "a,2\n" * 500
    assert accept(resource(tmp_path, text, X, Y), threads=1, hashes=()).valid


def test_a_missing_value_of_the_fields_own(tmp_path: Path) -> None:
    made = resource(tmp_path, "x,y\na,-\n", X, Y | {"missingValues": ["-"]})
    assert accept(made, threads=1, hashes=()).valid
    report = accept(resource(tmp_path, "x,y\na,\n", X, Y | {"missingValues": ["-"]}), threads=1, hashes=())
    assert [error.type for error in report.tasks[0].errors] == ["type-error"]


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


def test_an_invalid_table_is_told_as_by_frictionless(tmp_path: Path) -> None:
    report = validate(large(tmp_path, "a,b\n"), hashes=("sha256",))
    theirs = without_time(large(tmp_path, "a,b\n").validate())
    theirs["tasks"][0]["stats"].pop("md5")
    assert not report.valid
    assert without_time(report) == theirs


def test_our_own_fault_is_counted_and_frictionless_judges(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(table, "parse", broken)
    with pytest.raises(ZeroDivisionError):
        validate(large(tmp_path))
    monkeypatch.setattr(DOOR, "faults_raise", False)
    before = ways["fault"]
    assert validate(large(tmp_path)).valid
    assert ways["fault"] == before + 1


def test_the_resource_is_left_as_it_was(tmp_path: Path) -> None:
    made = large(tmp_path, "a,b\n")
    before = made.to_descriptor()
    assert not accept(made, threads=1, hashes=("md5",)).valid
    assert made.to_descriptor() == before
    assert made.stats.md5 is None
