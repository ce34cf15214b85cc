"""Every folder of ``tests/cases`` is a story: a datasets folder and what the check says of it.

A case holds ``case.yaml`` and, in ``datasets/``, real files. ``case.yaml``:

    about: one sentence
    today: 2026-06-30                # default
    rules: {}, defaults: {}          # as in kaishu.yaml
    problems:                        # every problem, in order; parts that are left out are not compared
      - {name: license-missing, dataset: stats/population, field: licenses}
    published: [population]          # datasets that nothing blocks, by name of their folder

Adding a folder adds the test. Links and other files that git cannot hold are made by ``make: [[symlink, to, at]]``.
"""

from __future__ import annotations

import datetime
import os
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.build import Options, check
from generator.config import read_config
from generator.problems import catalogue, words

CASES = Path(__file__).parent / "cases"
PORTAL = {"title": "测试门户", "title_en": "Test portal", "url": "https://data.test.example/"}


def cases() -> list[Path]:
    return sorted(file.parent for file in CASES.glob("*/case.yaml"))


def set_up(case: Path, folder: Path) -> tuple[Path, dict[str, Any]]:
    """A copy of the case in ``folder``, and its configuration."""
    story: dict[str, Any] = yaml.safe_load((case / "case.yaml").read_text("utf-8"))
    shutil.copytree(case / "datasets", folder / "datasets")
    for kind, *arguments in story.get("make", ()):
        made = folder / "datasets" / arguments[-1]
        made.parent.mkdir(parents=True, exist_ok=True)
        if kind == "symlink":
            made.symlink_to(arguments[0])
        elif kind == "fifo":
            os.mkfifo(made)
        elif kind == "bytes":
            made.write_bytes(arguments[0].encode("latin-1"))
    config = {"portal": PORTAL, "rules": story.get("rules", {}), "defaults": story.get("defaults", {})}
    file = folder / "kaishu.yaml"
    file.write_text(yaml.safe_dump(config, allow_unicode=True), "utf-8")
    return file, story


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_case(case: Path, tmp_path: Path) -> None:
    file, story = set_up(case, tmp_path)
    config = read_config(file, site=tmp_path / "site")
    report = check(config, Options(today=story.get("today", datetime.date(2026, 6, 30)), jobs=1))
    expected = story["problems"]
    found = [{**asdict(problem), **dict(problem.more)} for problem in report.problems]
    told = "\n".join(str({k: v for k, v in f.items() if v not in ("", None, ())}) for f in found)
    assert [f["name"] for f in found] == [e["name"] for e in expected], told
    for one, wanted in zip(found, expected, strict=True):
        assert {key: one[key] for key in wanted} == wanted
    if "published" in story:
        blocked = set(report.left_out)
        folders = sorted(p.parent for p in (tmp_path / "datasets").rglob("datapackage.*") if not p.is_symlink())
        open_ones = [f.name for f in folders if f.relative_to(tmp_path / "datasets").as_posix() not in blocked]
        assert open_ones == sorted(story["published"])
    for problem in report.problems:
        for lang in ("zh", "en"):
            assert all("{" not in part or "}" not in part or "contact:" in part or "licenses:" in part for part in words(problem, lang))


def test_every_kind_of_problem_has_a_case() -> None:
    shown = {p["name"] for case in cases() for p in yaml.safe_load((case / "case.yaml").read_text("utf-8"))["problems"]}
    ours = {kind.name for kind in catalogue().values() if kind.code.startswith("K")}  # tested where they arise
    assert sorted(set(catalogue()) - shown - ours) == []
