"""Every folder of ``tests/cases`` is a story: a datasets folder and what the check says of it.

A case holds ``case.yaml`` and, in ``datasets/``, real files. ``case.yaml``:

    about: one sentence
    today: 2026-06-30                        # when left out
    rules: {}, defaults: {}, agencies: {}, remote: {}, limits: {}, repository: {}    # as in kaishu.yaml
    make: [[symlink, to, at], [fifo, at]]    # what not every checkout can hold
    build: true                              # what only converting finds
    previous: true                           # compared with previous.json, the last release, beside case.yaml
    problems:                                # every problem, in order; parts that are left out are not compared
      - {name: license-missing, file: stats/population/datapackage.yaml, field: licenses}
    published: [population]                  # datasets that nothing blocks, by name of their folder

Adding a folder adds the test.
"""

from __future__ import annotations

import datetime
import os
import shutil
from dataclasses import asdict
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
import yaml

from generator.build import Options, check
from generator.config import read_config
from generator.problems import OPTIONAL, Problem, catalogue
from generator.read import DESCRIPTORS
from generator.releases import read_previous

CASES = Path(__file__).parent / "cases"
PORTAL = {"title": "测试门户", "title_en": "Test portal", "url": "https://data.test.example/"}

NEVER_SHOWN = {
    # General types of frictionless, and of ours for its notes that nobody has seen: each error has a finer one.
    *("error", "metadata-error", "resource-error", "schema-error", "field-error", "dialect-error", "control-error"),
    *("data-error", "file-error", "table-error", "header-error", "label-error", "row-error", "cell-error"),
    *("type-error", "constraint-error", "scheme-error", "property-pattern", "package-error"),
    # Not drawn by anything that a case can hold: rules of ours say it first, or its parser is not among ours.
    *("path-and-data-missing", "data-file-unreadable", "blank-header", "type-string-wkt"),
    "dialect-unclear",  # takes seconds; tests/hostile has it
    "profile-timeout",  # a profile is sought from where the program was started
    # Descriptions of other things than packages, and checks that nobody asks for.
    *(kind.name for kind in catalogue().values() if "T270" <= kind.code <= "T299"),
    # What only a server can do; tests/remote has some.
    *("remote-redirect", "remote-slow", "remote-hash", "remote-size", "remote-budget"),
    "withheld-data-in-history",  # needs a history; tests/leaks has one
    # Of a portal's settings and its host, not of datasets: tests/ci has them.
    *(kind.name for kind in catalogue().values() if kind.code.startswith("C")),
    # Our own faults, tested where they arise.
    *(kind.name for kind in catalogue().values() if kind.code.startswith("K")),
}
MAY_BE_BLANK = {*OPTIONAL, "property"}
"""Parts of a message that stand there only sometimes."""


def cases() -> list[Path]:
    return sorted(file.parent for file in CASES.glob("*/case.yaml"))


def read_story(case: Path) -> dict[str, Any]:
    story: dict[str, Any] = yaml.safe_load((case / "case.yaml").read_text("utf-8"))
    return story


def set_up(case: Path, folder: Path) -> tuple[Path, dict[str, Any]]:
    """A copy of the case in ``folder``, and its configuration."""
    story = read_story(case)
    datasets = folder / "datasets"
    shutil.copytree(case / "datasets", datasets)
    for kind, *arguments in story.get("make", ()):
        made = datasets / arguments[-1]
        made.parent.mkdir(parents=True, exist_ok=True)
        if kind == "symlink":
            made.symlink_to(arguments[0])
        else:
            assert kind == "fifo"
            os.mkfifo(made)
    config = {
        "portal": PORTAL,
        **{key: story.get(key, {}) for key in ("rules", "defaults", "agencies", "remote", "limits", "repository")},
    }
    file = folder / "kaishu.yaml"
    file.write_text(yaml.safe_dump(config, allow_unicode=True), "utf-8")
    return file, story


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_case(case: Path, tmp_path: Path) -> None:
    file, story = set_up(case, tmp_path)
    config = read_config(file, site=tmp_path / "site")
    previous = read_previous(case / "previous.json") if story.get("previous") else None
    options = Options(today=story.get("today", datetime.date(2026, 6, 30)), jobs=1, previous=previous)
    report = check(config, options)
    assert check(config, options).problems == report.problems, "told again from the state"

    found = [{**asdict(problem), **dict(problem.more)} for problem in report.problems]
    told = "\n".join(str({k: v for k, v in f.items() if v not in ("", None, ())}) for f in found)
    assert [f["name"] for f in found] == [e["name"] for e in story["problems"]], told
    for one, wanted in zip(found, story["problems"], strict=True):
        assert {key: one[key] for key in wanted} == wanted

    descriptors = [p for name in DESCRIPTORS for p in config.datasets.rglob(name)]
    folders = {p.parent.relative_to(config.datasets).as_posix() for p in descriptors}
    names = {(config.datasets / folder).name for folder in folders - set(report.left_out)}
    assert sorted(names) == sorted(story["published"])
    for problem in report.problems:
        assert blanks(problem) == []


def blanks(problem: Problem) -> list[str]:
    """What a message of the problem speaks of, and does not say."""
    values = asdict(problem) | dict(problem.more)
    if not problem.published:
        values = dict.fromkeys(values, "…")
    kind = catalogue()[problem.name]
    texts = [text.to(lang)[0] for text in (kind.message, kind.fix) for lang in ("zh", "en")]
    spoken = {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}
    return sorted(name for name in spoken - MAY_BE_BLANK if values.get(name) in ("", None))


def test_every_kind_of_problem_has_a_case() -> None:
    shown = {problem["name"] for case in cases() for problem in read_story(case)["problems"]}
    assert sorted(set(catalogue()) - shown - NEVER_SHOWN) == []
    assert sorted(shown & NEVER_SHOWN) == [], "shown after all"
