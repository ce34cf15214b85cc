"""Makes ``generator/problems/examples.json`` of the cases: what the check says of an example, and what mends it.

``python -m tests.examples`` writes it. ``test_explanations`` compares, and carries out the edits: an example that its
edits do not mend is none.
"""

from __future__ import annotations

import datetime
import json
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from generator.build import Options, check
from generator.config import read_config
from generator.problems import Problem, catalogue
from generator.releases import read_previous
from tests.test_cases import CASES, cases, read_story, set_up

PROBLEMS = Path(__file__).parents[1] / "generator/problems"
FILE = PROBLEMS / "examples.json"
_NOT_SHOWN = ("detail", "error_type")
_TABLES = (".csv", ".tsv")


def checked(case: Path, folder: Path, edits: list[tuple[str, str, str]] | None = None) -> tuple[Problem, ...]:
    """What the check of a case finds, after some edits."""
    file, story = set_up(case, folder)
    for name, before, after in edits or []:
        edited = folder / "datasets" / name
        text = edited.read_bytes().decode()
        assert before in text, f"{case.name}: {name} does not hold {before!r}"
        edited.write_bytes(text.replace(before, after).encode())
    config = replace(read_config(file, site=folder / "site"), state=None)
    previous = read_previous(case / "previous.json") if story.get("previous") else None
    today = story.get("today", datetime.date(2026, 6, 30))
    return check(config, Options(today=today, jobs=1, previous=previous)).problems


@cache
def found() -> dict[str, tuple[Problem, ...]]:
    """By name of the case."""
    told = {}
    for case in cases():
        with tempfile.TemporaryDirectory() as folder:
            told[case.name] = checked(case, Path(folder))
    return told


@cache
def explained() -> dict[str, dict[str, Any]]:
    """The entries of ``explain/`` as they are written."""
    entries: dict[str, dict[str, Any]] = {}
    for file in sorted((PROBLEMS / "explain").glob("*.yaml")):
        entries |= yaml.safe_load(file.read_text("utf-8"))
    return entries


@cache
def case_of() -> dict[str, str]:
    """Kind of problem → the case that shows it: that of its name, else the one with the fewest problems."""
    shown: dict[str, str] = {}
    for case in sorted(cases(), key=lambda case: (len(read_story(case)["problems"]), case.name)):
        for problem in read_story(case)["problems"]:
            shown.setdefault(problem["name"], case.name)
    return shown | {name: name for name in shown if (CASES / name / "case.yaml").is_file()}


def edits_of(name: str, problem: Problem) -> list[tuple[str, str, str]]:
    """File, before, after."""
    written = explained()[name].get("edits", [])
    return [(problem.file, *edit) if len(edit) == 2 else tuple(edit) for edit in written]


def examples() -> dict[str, Any]:
    made = {}
    for name in catalogue():
        case = case_of().get(name)
        problem = next((p for p in found()[case] if p.name == name), None) if case else None
        if case and problem:
            made[name] = {
                "problem": _parts(problem),
                "edits": [list(_whole_lines(case, *edit)) for edit in edits_of(name, problem)],
                "context": _header(case, problem),
            }
    return made


def _whole_lines(case: str, name: str, before: str, after: str) -> tuple[str, str, str]:
    """The edit as a reader can find it."""
    text = (CASES / case / "datasets" / name).read_bytes().decode()
    start, end = text.index(before), text.index(before) + len(before)
    begin = text.rfind("\n", 0, start) + 1
    # Of whole lines, the one below shows where they are.
    stop = end - 1 if text[end - 1] == "\n" else text.find("\n", end)
    stop = len(text) if stop < 0 else stop
    lines = text[begin:start] + before + text[end : max(stop, end)]
    return name, lines.rstrip("\n"), (text[begin:start] + after + text[end : max(stop, end)]).rstrip("\n")


def _parts(problem: Problem) -> dict[str, Any]:
    blank = asdict(Problem(""))
    stated = {k: v for k, v in asdict(problem).items() if k not in (*_NOT_SHOWN, "more") and v != blank[k]}
    return {**stated, "more": dict(problem.more)}


def _header(case: str, problem: Problem) -> str:
    file = CASES / case / "datasets" / problem.file
    if file.suffix not in _TABLES or not problem.row or catalogue()[problem.name].code.startswith("S"):
        return ""
    return file.read_bytes().decode("utf-8", "replace").splitlines()[0]


def text() -> str:
    return json.dumps(examples(), ensure_ascii=False, indent=1) + "\n"


def mended() -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """Case and edits of each kind that has some."""
    for name, case in case_of().items():
        problem = next(p for p in found()[case] if p.name == name)
        if edits := edits_of(name, problem):
            yield name, edits


if __name__ == "__main__":
    FILE.write_text(text(), "utf-8")
