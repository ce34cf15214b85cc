"""What earlier runs found out: told again as it was, as long as nothing changed, and never trusted blindly."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator import state, verdicts
from generator.build import Options, Report, check
from generator.config import Config, read_config
from generator.publish import differences, read_manifest
from generator.state import Seen, State, Unknown, look
from tests.conftest import ROOT, Kaishu

OPTIONS = Options(today=datetime.date(2026, 6, 30), jobs=1)
HEAVY = (
    *("frictionless", "pyarrow", "numpy", "pandas", "jinja2", "mkdocs", "rich", "jsonschema", "stdnum", "openpyxl"),
    *("multiprocessing", "generator.tables", "generator.pages", "generator.exports", "generator.public"),
)

PACKAGE = """
name: parks
title: 城市公园名录
title_en: City parks
description: 各区公园的名称。
description_en: Names of the parks.
keywords: [公园]
openness: unconditional
theme: environment
update_cycle: yearly
modified: 2026-01-01
source_department: culture
licenses: [{name: CC-BY-4.0}]
resources:
  - name: parks
    path: [parks-1.csv, parks-2.csv]
    dialect: dialect.json
    schema: schema.json
  - name: districts
    path: districts.csv
    schema:
      primaryKey: code
      fields: [{name: code, title: 代码, type: string}]
"""
SCHEMA: dict[str, Any] = {
    "fields": [
        {"name": "park", "title": "公园", "type": "string"},
        {"name": "opened", "title": "建成日期", "type": "date"},
        {"name": "district", "title": "区", "type": "string"},
    ],
    "foreignKeys": [{"fields": ["district"], "reference": {"resource": "districts", "fields": ["code"]}}],
}
FILES = {
    "datapackage.yaml": PACKAGE,
    "parks-1.csv": "park;opened;district\n东湖;2001-05-01;a\n",
    "parks-2.csv": "park;opened;district\n白水带;1992-10-01;b\n",
    "districts.csv": "code\na\nb\n",
    "dialect.json": '{"csv": {"delimiter": ";"}}',
    "schema.json": json.dumps(SCHEMA),
}


@pytest.fixture
def config(portal: Path) -> Config:
    """A portal whose dataset has every kind of file that a verdict depends on."""
    folder = portal / "datasets/culture/parks"
    for name, text in FILES.items():
        (folder / name).write_text(text, "utf-8")
    (folder / "parks.csv").unlink()
    return read_config(portal / "kaishu.yaml")


@pytest.fixture
def folder(config: Config) -> Path:
    return config.datasets / "culture/parks"


def ways(report: Report) -> set[str]:
    return {table.way for table in report.tables}


def checked(config: Config) -> Report:
    """The report, which is that of a check without a state."""
    report = check(config, OPTIONS)
    assert report.problems == check(replace(config, state=None), OPTIONS).problems
    return report


def kept(config: Config) -> list[Path]:
    assert config.state is not None
    return sorted((config.state / "verdicts").glob("*.json"))


# Told again


def test_second_check_is_told_from_the_state(config: Config) -> None:
    first, second = checked(config), checked(config)
    assert first.problems == second.problems == ()
    assert "cached" not in ways(first)
    assert ways(second) == {"cached"}
    assert [table.resource for table in second.tables] == [table.resource for table in first.tables]


def test_problems_are_told_again_exactly(config: Config, folder: Path) -> None:
    (folder / "parks-2.csv").write_text('park;opened;district\n"白\n水带";1992年10月1日;c\n', "utf-8")
    first, second = check(config, OPTIONS), check(config, OPTIONS)
    assert {problem.error_type for problem in first.problems} >= {"type-error", "foreign-key"}
    assert ways(second) == {"cached"}
    assert second.problems == first.problems


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("parks-1.csv", "park;opened;district\n东湖;2001-05-32;a\n"),
        ("parks-2.csv", "park;opened;district\n白水带;1992-10-01;c\n"),
        ("districts.csv", "code\na\nc\n"),
        ("dialect.json", '{"csv": {"delimiter": ","}}'),
        ("schema.json", json.dumps(SCHEMA).replace("date", "integer")),
        ("datapackage.yaml", PACKAGE.replace("type: string", "type: integer")),
        ("districts.csv", None),
    ],
)
def test_whatever_a_verdict_depends_on_makes_a_new_one(
    config: Config, folder: Path, name: str, text: str | None
) -> None:
    assert checked(config).problems == ()
    if text is None:
        (folder / name).unlink()
    else:
        (folder / name).write_text(text, "utf-8")
    assert checked(config).problems != ()
    (folder / name).write_text(FILES[name], "utf-8")
    assert checked(config).problems == ()


def test_change_that_size_and_time_do_not_show(config: Config, folder: Path) -> None:
    """As by ``touch -r`` or ``rsync --times``."""
    file = folder / "parks-1.csv"
    before = file.stat()
    check(config, OPTIONS)
    file.write_text(FILES[file.name].replace("2001-05-01", "2001-05-32"), "utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file.stat().st_size == before.st_size
    assert [problem.row for problem in checked(config).problems] == [2]


def test_other_code_or_library_makes_a_new_verdict(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    check(config, OPTIONS)
    monkeypatch.setattr(verdicts, "program", lambda: "another")
    assert "cached" not in ways(check(config, OPTIONS))


def test_program_is_told_by_code_and_installed_libraries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    (tmp_path / "frictionless-5.21.0.dist-info").mkdir()
    before = state.program.__wrapped__()
    assert state.program.__wrapped__() == before
    (tmp_path / "frictionless-5.21.0.dist-info").rename(tmp_path / "frictionless-5.21.1.dist-info")
    assert state.program.__wrapped__() != before


def test_fresh_checkout_is_read_to_see_that_it_is_the_same_and_not_judged(config: Config, tmp_path: Path) -> None:
    check(config, OPTIONS)
    assert config.file is not None
    shutil.copytree(config.file.parent, tmp_path / "checkout", copy_function=shutil.copyfile)
    elsewhere = read_config(tmp_path / "checkout/kaishu.yaml")
    assert ways(check(elsewhere, OPTIONS)) == {"cached"}


# What is not kept


def test_dates_of_any_form_are_judged_each_time(config: Config, folder: Path) -> None:
    """What such a date leaves out is taken from today's."""
    schema = {
        **SCHEMA,
        "fields": [*SCHEMA["fields"][:1], {**SCHEMA["fields"][1], "format": "any"}, SCHEMA["fields"][2]],
    }
    (folder / "schema.json").write_text(json.dumps(schema), "utf-8")
    check(config, OPTIONS)
    assert "cached" not in ways(checked(config))
    descriptor = PACKAGE.replace("type: string", "type: date, format: any")
    (folder / "datapackage.yaml").write_text(descriptor, "utf-8")
    check(config, OPTIONS)
    assert "cached" not in ways(checked(config))


@pytest.mark.parametrize("case", ["check-crashed", "source-error", "remote-path"])
def test_what_says_nothing_for_certain_is_judged_each_time(case: str, tmp_path: Path, portal: Path) -> None:
    shutil.copytree(ROOT / "tests/cases" / case / "datasets", tmp_path / "datasets")
    config = read_config(portal / "kaishu.yaml", datasets=tmp_path / "datasets")
    config = replace(config, defaults={"openness": "unconditional"})
    first = check(config, OPTIONS)
    assert case in {problem.name for problem in first.problems}
    assert check(config, OPTIONS).problems == first.problems
    names = {problem.dataset for problem in first.problems if problem.name == case}
    assert not {table.dataset for table in check(config, OPTIONS).tables if table.way == "cached"} & names


def test_the_day_is_asked_for_each_time(config: Config) -> None:
    check(config, OPTIONS)
    later = check(config, replace(OPTIONS, today=datetime.date(2028, 1, 1)))
    assert [problem.name for problem in later.problems] == ["update-overdue"]
    assert ways(later) == {"cached"}
    assert checked(config).problems == ()


def test_day_on_which_an_embargo_ends_makes_a_new_verdict(config: Config, folder: Path) -> None:
    descriptor = PACKAGE + "    access: {embargo_until: 2026-07-01}\n"
    (folder / "datapackage.yaml").write_text(descriptor, "utf-8")
    (folder / "districts.csv").write_text("code\na\nb\nb\n", "utf-8")
    assert [problem.published for problem in checked(config).problems if problem.row] == [False]
    after = check(config, replace(OPTIONS, today=datetime.date(2026, 7, 2)))
    assert [problem.published for problem in after.problems if problem.row] == [True]


def test_state_says_nothing_out_of_withheld_data(config: Config, folder: Path) -> None:
    canary = "Xq7-canary"
    descriptor = PACKAGE.replace("path: districts.csv", "path: districts.csv\n    openness: closed")
    (folder / "datapackage.yaml").write_text(descriptor, "utf-8")
    (folder / "districts.csv").write_text(f"code\na\nb\n{canary}\n{canary}\n", "utf-8")
    assert {"primary-key"} <= {problem.error_type for problem in check(config, OPTIONS).problems}
    assert ways(check(config, OPTIONS)) == {"cached", "withheld"}
    assert not any(canary in file.read_text("utf-8") for file in kept(config))


# Never trusted blindly


def _seal(body: bytes, form: int = state.FORM) -> bytes:
    return f"kaishu-state {form} {hashlib.sha256(body).hexdigest()}\n".encode() + body


def _body(content: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(content.partition(b"\n")[2])
    return found


def _changed(content: bytes, **parts: Any) -> bytes:
    return _seal(json.dumps(_body(content) | parts).encode())


SPOILT: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "truncated": lambda content: content[:-10],
    "one byte changed": lambda content: content.replace(b"type-date", b"type-time"),
    "binary": lambda _: bytes(range(256)),
    "of another form": lambda content: _seal(content.partition(b"\n")[2], state.FORM + 1),
    "no object": lambda _: _seal(b"[]"),
    "deep": lambda _: _seal(b"[" * 100_000),
    "of another dataset": lambda content: _changed(content, name="culture/museums"),
    "without files": lambda content: _changed(content, files=None),
    "files that are none": lambda content: _changed(content, files={"parks-1.csv": ["x", ["a", "b", "c", "d"], {}]}),
    "unknown problem": lambda content: _changed(content, in_tables=[{"name": "nothing-of-the-kind"}]),
    "problem of a wrong form": lambda content: _changed(content, in_tables=[{"name": "type-date", "row": "2"}]),
    "no problems": lambda content: _changed(content, in_tables=None),
}


@pytest.mark.parametrize("how", SPOILT)
def test_spoilt_state_is_ignored_and_written_anew(config: Config, folder: Path, how: str) -> None:
    (folder / "parks-2.csv").write_text("park;opened;district\n白水带;1992年10月1日;b\n", "utf-8")
    found = check(config, OPTIONS).problems
    assert [problem.name for problem in found] == ["type-date"]
    whole = {file: file.read_bytes() for file in kept(config)}
    for file, content in whole.items():
        file.write_bytes(SPOILT[how](content))
    assert check(config, OPTIONS).problems == found
    assert check(config, OPTIONS).problems == found
    assert ways(check(config, OPTIONS)) == {"cached"}, "it is whole again"


def test_folder_that_cannot_be_written_keeps_nothing(config: Config, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine", "utf-8")
    blocked = replace(config, state=tmp_path / "taken")
    assert check(blocked, OPTIONS).problems == ()
    assert "cached" not in ways(check(blocked, OPTIONS))
    assert (tmp_path / "taken").read_text("utf-8") == "mine"


def test_change_right_after_another_is_read_again(tmp_path: Path) -> None:
    """Two changes within one tick of the clock leave the same marks."""
    second = 1_000_000_000
    marks = (10, 5 * second + 1, 5 * second + 1, 7)
    assert not Seen("…", marks, at=5 * second + 1000).holds(marks)
    assert Seen("…", marks, at=6 * second).holds(marks)
    coarse = (10, 5 * second, 5 * second, 7)
    assert not Seen("…", coarse, at=7 * second).holds(coarse), "a file system that counts in seconds"
    assert Seen("…", coarse, at=8 * second).holds(coarse)
    file = tmp_path / "a.csv"
    file.write_text("a\n", "utf-8")
    seen = look(tmp_path, ["a.csv"], {}, read=True)
    seen = {"a.csv": replace(seen["a.csv"], at=file.stat().st_mtime_ns)}
    with pytest.raises(Unknown):
        look(tmp_path, ["a.csv"], seen, read=False)
    file.write_text("b\n", "utf-8")
    assert look(tmp_path, ["a.csv"], seen, read=True)["a.csv"].content != seen["a.csv"].content


def test_file_that_changes_during_its_check_keeps_no_verdict(config: Config, folder: Path) -> None:
    asked = verdicts.Question(_package(config), "…", ("parks-1.csv",))
    assert config.state is not None
    there = State(config.state)

    def judge(change: bool) -> verdicts.Verdict:
        if change:
            (folder / "parks-1.csv").write_text("park\n", "utf-8")
        return verdicts.Verdict({}, (), (verdicts.Judged("culture/parks", "parks", "fast"),))

    verdicts.remembered(asked, there, lambda: judge(True))
    assert verdicts.recall(asked, there) is None
    assert verdicts.remembered(asked, there, lambda: judge(False)).tables[0].way == "fast"
    assert verdicts.remembered(asked, there, lambda: judge(False)).tables[0].way == "cached"


def _package(config: Config) -> Any:
    from generator.read import read_catalog

    return read_catalog(config, OPTIONS.today).packages[0]


# The folder


def test_what_belongs_to_no_dataset_is_forgotten_and_foreign_files_stay(config: Config, portal: Path) -> None:
    shutil.copytree(portal / "datasets/culture/parks", portal / "datasets/culture/museums")
    check(config, OPTIONS)
    both = kept(config)
    shutil.rmtree(portal / "datasets/culture/museums")
    (both[0].parent / "notes.txt").write_text("mine", "utf-8")
    (both[0].parent / f"{'0' * 40}.12-34.tmp").write_text("of a killed process", "utf-8")
    check(config, OPTIONS)
    assert len(kept(config)) == len(both) - 1
    assert sorted(file.suffix for file in both[0].parent.iterdir() if file.suffix != ".json") == [".txt"]


def test_check_of_one_dataset_forgets_no_other(config: Config, portal: Path) -> None:
    shutil.copytree(portal / "datasets/culture/parks", portal / "datasets/culture/museums")
    check(config, OPTIONS)
    before = kept(config)
    check(config, OPTIONS, [portal / "datasets/culture/parks"])
    assert kept(config) == before


def test_folder_is_not_for_the_repository(config: Config) -> None:
    check(config, OPTIONS)
    assert config.state is not None
    assert (config.state / ".gitignore").read_text("utf-8") == "*\n"


def test_many_writers_and_readers_of_one_name(tmp_path: Path) -> None:
    one = State(tmp_path / "state")

    def work(number: int) -> bool:
        one.write("parks", {"numbers": [number] * 2000})
        found = one.read("parks")
        return len(set(found["numbers"])) == 1 and len(found["numbers"]) == 2000

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(200)))
    assert [file.suffix for file in (tmp_path / "state/verdicts").iterdir()] == [".json"]


# The command


WATCHED = """
import json, os, sys
opened = set()
sys.addaudithook(lambda event, args: opened.add(str(args[0])) if event == "open" else None)
from generator import cli
try:
    cli.main(sys.argv[2:])
except SystemExit as end:
    loaded = [name for name in {heavy!r} if name in sys.modules]
    with open(sys.argv[1], "w") as file:
        json.dump([sorted(opened), loaded, end.code], file)
"""


def watched(tmp_path: Path, *arguments: str | Path, **variables: str) -> tuple[set[str], list[str], Any]:
    """Files that the command opened, heavy modules that it loaded, and its report."""
    result = tmp_path / "watched.json"
    command = [sys.executable, "-c", WATCHED.format(heavy=HEAVY), result, *arguments, "--format", "json"]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "CI": "true"} | variables,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    opened, loaded, code = json.loads(result.read_text("utf-8"))
    assert code in (0, 1), done.stderr
    report = json.loads(done.stdout)
    return set(opened), loaded, {key: value for key, value in report.items() if key != "summary"}


def data_files(folder: Path, opened: set[str]) -> set[str]:
    descriptors = (
        "datapackage.yaml",
        "datapackage.json",
        "agency.yaml",
        "changes.yaml",
        "terms.yaml",
        "demands.yaml",
        "reuses.yaml",
    )
    return {file for file in opened if Path(file).is_relative_to(folder) and Path(file).name not in descriptors}


def test_second_check_opens_no_data_file_and_loads_nothing_heavy(tmp_path: Path) -> None:
    """All datasets of this repository, and some with faults."""
    datasets = tmp_path / "datasets"
    shutil.copytree(ROOT / "datasets", datasets)
    for case in ("type-date", "foreign-key", "encoding-undeclared", "excel-workbook", "compressed-table"):
        shutil.copytree(ROOT / "tests/cases" / case / "datasets", datasets / "cases" / case)
    shutil.copy(ROOT / "kaishu.yaml", tmp_path)
    given = ("check", "--today", "2026-06-30", "--jobs", "1")
    opened, loaded, first = watched(tmp_path, *given)
    assert len(data_files(datasets, opened)) > 20, "the hook sees what is opened"
    assert {"frictionless", "pyarrow"} <= set(loaded)
    opened, loaded, second = watched(tmp_path, *given)
    assert data_files(datasets, opened) == set()
    assert loaded == []
    assert second == first
    assert len(first["problems"]) > 5
    opened, loaded, _ = watched(tmp_path, *given, "datasets/water")
    assert (data_files(datasets, opened), loaded) == (set(), [])
    opened, _, third = watched(tmp_path, *given, "--no-state")
    assert len(data_files(datasets, opened)) > 20
    assert third == first


def test_build_uses_the_state_and_makes_the_same_bytes(kaishu: Kaishu, portal: Path, broken_dates: Path) -> None:
    def built(site: str, *arguments: str) -> dict[str, Any]:
        given = ("--config", portal / "kaishu.yaml", "--site", portal / site, "--jobs", "1", "--today", "2026-06-30")
        done = kaishu("build", *given, "--format", "json", "--debug", *arguments)
        assert done.returncode == 1, done.stderr
        assert differences(portal / site) == []
        report: dict[str, Any] = json.loads(done.stdout)
        return report

    stateless = built("site-1", "--no-state")
    assert not (portal / ".kaishu").exists()
    first, second = built("site-2"), built("site-3")
    assert stateless["problems"] == first["problems"] == second["problems"] != []
    assert {table["way"] for table in stateless["tables"]} == {table["way"] for table in first["tables"]} == {"fast"}
    assert {table["way"] for table in second["tables"]} == {"cached"}
    sites = [read_manifest(portal / site) for site in ("site-1", "site-2", "site-3")]
    assert sites[0] == sites[1] == sites[2] != None  # noqa: E711
    assert ways(check(read_config(portal / "kaishu.yaml"), OPTIONS)) == {"cached"}, "a check uses it as well"


def test_debug_tells_how_tables_were_judged_also_by_other_processes(kaishu: Kaishu, portal: Path) -> None:
    for number in range(4):
        folder = portal / f"datasets/culture/parks-{number}"
        shutil.copytree(portal / "datasets/culture/parks", folder)
        descriptor = yaml.safe_load((folder / "datapackage.yaml").read_text("utf-8"))
        (folder / "datapackage.yaml").write_text(yaml.safe_dump(descriptor | {"name": folder.name}), "utf-8")
    given = ("check", "--config", portal / "kaishu.yaml", "--jobs", "2", "--debug")
    report = json.loads(kaishu(*given, "--format", "json").stdout)
    assert [table["dataset"] for table in report["tables"]] == [
        "culture/parks",
        *(f"culture/parks-{number}" for number in range(4)),
    ]
    documentation = (ROOT / "docs/command-line.md").read_text("utf-8")
    for table in report["tables"]:
        assert (table["resource"], table["way"]) == ("parks", "small")
        assert set(table["meaning"]) == {"zh", "en"}
        assert all(f"`{key}`" in documentation for key in table)
    zh, en = kaishu(*given).stdout, kaishu(*given, "--lang", "en").stdout
    assert "表是怎样判定的\n  5 · cached：没有改动" in zh
    assert "How the tables were judged\n  5 · cached: unchanged" in en
    assert "判定" not in kaishu(*given[:-1]).stdout
    assert "tables" not in json.loads(kaishu(*given[:-1], "--format", "json").stdout)
