"""``report.json``: what the check of a request found, for whoever tells of it.

It is written by a run of the request's own code and so is not trusted by the one that comments: it is validated against
``report.schema.json`` and capped, and holds no word of ours, only names of rules and values.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from generator import __version__
from generator.ci.markdown import shortened
from generator.compatibility import SchemaChange
from generator.errors import ConfigError
from generator.problems import Problem, catalogue
from generator.schema_words import SENTENCES

FORMAT = 2
MAX_BYTES = 1_000_000
MAX_PROBLEMS = 400
MAX_OF_A_KIND = 20
"""Of one kind in one resource; the rest is counted."""
MAX_NAMES = 50
MAX_TEXT, MAX_EXPECTED, MAX_MORE = 300, 2000, 20
MAX_DIFFERENCES, MAX_BREAKING = 10, 8
MAX_EXAMPLES, MAX_CELLS, MAX_CELL = 5, 6, 60
ROWS = ("before", "after", "added", "removed", "changed")

TEXTS = ("value", "expected", "likely", "dataset", "file", "resource", "field")
PLACES = ("row", "line", "column")


@dataclass(frozen=True, slots=True)
class Told:
    """One problem of a record."""

    problem: Problem
    severity: str


@dataclass(frozen=True, slots=True)
class Group:
    """Problems of one kind in one resource."""

    first: Problem
    severity: str
    problems: tuple[Problem, ...]
    count: int
    """Of all, also those that the record has no room for."""

    @property
    def blocks(self) -> bool:
        return self.severity == "error"


@dataclass(frozen=True, slots=True)
class Other:
    dataset: str
    errors: int


@dataclass(frozen=True, slots=True)
class Became:
    """A property, or a cell of an example: what it was and what it is."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Example:
    state: str
    """``added``, ``removed`` or ``changed``."""
    key: tuple[str, ...]
    cells: tuple[Became, ...] = ()


@dataclass(frozen=True, slots=True)
class Changed:
    """How one table, or one dataset where ``resource`` is empty, changed. Values are of open data alone."""

    dataset: str
    resource: str
    state: str = "changed"
    before: int = 0
    """Rows."""
    after: int = 0
    added: int = 0
    removed: int = 0
    changed: int = 0
    breaking: tuple[SchemaChange, ...] = ()
    """What makes a reader of the former data fail."""
    properties: tuple[Became, ...] = ()
    """Openness, licence and the like."""
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    result: str
    """``clean``, ``mend`` or ``fault``: ours, nothing was found out."""
    touched: tuple[str, ...] = ()
    dependent: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    counts: tuple[int, int, int] = (0, 0, 0)
    """Of these three; there may be more of them than names."""
    errors: int = 0
    advice: int = 0
    groups: tuple[Group, ...] = ()
    others: tuple[Other, ...] = ()
    unchecked: int = 0
    differences: tuple[Changed, ...] = ()
    preview: int | None = None
    """How many datasets the preview shows; None where there is none."""
    prefix: str = ""
    """The datasets folder in the repository, with a final slash."""
    base: str = ""
    head: str = ""


def grouped(told: Iterable[Told], counts: Mapping[tuple[str, str, str], int] | None = None) -> tuple[Group, ...]:
    """In the order in which each kind comes first; what blocks before what advises."""
    groups: dict[tuple[str, str, str], list[Told]] = {}
    for one in told:
        groups.setdefault(_kind_and_place(one.problem), []).append(one)
    made = [
        Group(
            ones[0].problem,
            ones[0].severity,
            tuple(one.problem for one in ones[:MAX_OF_A_KIND]),
            max(len(ones), (counts or {}).get(key, 0)),
        )
        for key, ones in groups.items()
    ]
    return tuple(sorted(made, key=lambda group: not group.blocks))


def _kind_and_place(problem: Problem) -> tuple[str, str, str]:
    return problem.name, problem.file or problem.dataset, problem.resource


def to_json(record: Record) -> str:
    """At most MAX_BYTES in UTF-8, whatever was found: the last groups are counted instead of told."""
    counts = (max(pair) for pair in zip(record.counts, map(len, _lists(record)), strict=True))
    content: dict[str, Any] = {
        "format": FORMAT,
        "kaishu": __version__,
        "base": record.base,
        "head": record.head,
        "prefix": _cut(record.prefix),
        "result": record.result,
        "errors": record.errors,
        "advice": record.advice,
        **{key: _names(names) for key, names in zip(LISTS, _lists(record), strict=True)},
        "counts": dict(zip(LISTS, counts, strict=True)),
        "others": [{"dataset": _cut(o.dataset), "errors": o.errors} for o in record.others[:MAX_NAMES]],
        "unchecked": record.unchecked,
        "differences": [_changed_to_json(each) for each in record.differences[:MAX_DIFFERENCES]],
        "preview": record.preview,
    }
    kept, left = _fitting(record.groups, MAX_BYTES - _size(content) - 1000)
    return _dumped({**content, "problems": kept, "left_off": sum(group.count for group in left)}) + "\n"


def _fitting(groups: Sequence[Group], room: int) -> tuple[list[dict[str, Any]], Sequence[Group]]:
    """As many as there is room for, and the others."""
    kept: list[dict[str, Any]] = []
    most = MAX_PROBLEMS
    for number, group in enumerate(groups):
        one = _group_to_json(group, min(most, MAX_OF_A_KIND))
        room -= _size(one) + 2
        most -= len(one["problems"])
        if room < 0 or most < 0 or not one["problems"]:
            return kept, groups[number:]
        kept.append(one)
    return kept, ()


LISTS = ("touched", "dependent", "gone")


def _lists(record: Record) -> tuple[tuple[str, ...], ...]:
    return record.touched, record.dependent, record.gone


def _dumped(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False).encode("utf-8", "replace").decode()


def _size(content: Mapping[str, Any]) -> int:
    return len(_dumped(content).encode())


def _names(names: Sequence[str]) -> list[str]:
    return [_cut(name) for name in names[:MAX_NAMES]]


def _cut(text: str, longest: int = MAX_TEXT) -> str:
    return shortened(text, longest - 1)


def _changed_to_json(each: Changed) -> dict[str, Any]:
    return {
        "dataset": _cut(each.dataset),
        "resource": _cut(each.resource),
        "state": each.state,
        **{key: getattr(each, key) for key in ROWS},
        "breaking": [_broken_to_json(one) for one in each.breaking[:MAX_BREAKING]],
        "properties": [_became_to_json(one) for one in each.properties[:MAX_BREAKING]],
        "examples": [
            {
                "state": one.state,
                "key": [_cut(text, MAX_CELL) for text in one.key[:MAX_CELLS]],
                "cells": [_became_to_json(cell) for cell in one.cells[:MAX_CELLS]],
            }
            for one in each.examples[:MAX_EXAMPLES]
        ],
    }


BROKEN = ("what", "field", "property", "before", "after")


def _broken_to_json(one: SchemaChange) -> dict[str, str]:
    return {key: _cut(getattr(one, key), MAX_CELL) for key in BROKEN}


def _became_to_json(one: Became) -> dict[str, str]:
    return {key: _cut(getattr(one, key), MAX_CELL) for key in ("name", "before", "after")}


def _group_to_json(group: Group, most: int) -> dict[str, Any]:
    return {
        "code": catalogue()[group.first.name].code,
        "severity": group.severity,
        "count": group.count,
        "problems": [_problem_to_json(problem) for problem in group.problems[:most]],
    }


def _problem_to_json(problem: Problem) -> dict[str, Any]:
    """Of data that are not open, no value: where it is and which rule it breaks are enough to find it."""
    texts = {key: str(getattr(problem, key)) for key in TEXTS}
    if not problem.published:
        texts |= {"value": "", "likely": ""}
    return {
        "name": problem.name,
        **{key: _cut(text, MAX_EXPECTED if key == "expected" else MAX_TEXT) for key, text in texts.items() if text},
        **{key: getattr(problem, key) for key in PLACES if getattr(problem, key) is not None},
        "more": {_cut(key, 60): _cut(text, MAX_EXPECTED) for key, text in problem.more[:MAX_MORE]},
        "public": problem.published,
    }


# --- from JSON


@cache
def schema() -> Mapping[str, Any]:
    content: Mapping[str, Any] = json.loads(Path(__file__).with_name("report.schema.json").read_text("utf-8"))
    return content


def read_record(file: Path) -> Record:
    """Raises a ConfigError for whatever is not of the form, size and sense of such a file."""
    import jsonschema

    try:
        text = file.read_bytes() if file.stat().st_size <= MAX_BYTES else b"more bytes than a report has"
        content = json.loads(text.decode("utf-8"), parse_constant=_refuse, parse_float=_refuse, parse_int=_whole)
        jsonschema.Draft202012Validator(schema()).validate(content)
        return _record(content)
    except (OSError, ValueError, RecursionError, jsonschema.ValidationError) as error:
        about = error.message if isinstance(error, jsonschema.ValidationError) else str(error)
        raise ConfigError(
            f"{file.name} 不是开数的检查报告，未采用：{shortened(about)}",
            f"{file.name} is no report of a check and was not used: {shortened(about)}",
        ) from error


def _refuse(constant: str) -> float:
    raise ValueError(constant)


def _whole(digits: str) -> int:
    if len(digits) > 15:
        raise ValueError("a number is too long")
    return int(digits)


def _record(content: Mapping[str, Any]) -> Record:
    return Record(
        result=content["result"],
        touched=tuple(content["touched"]),
        dependent=tuple(content["dependent"]),
        gone=tuple(content["gone"]),
        counts=(content["counts"]["touched"], content["counts"]["dependent"], content["counts"]["gone"]),
        errors=content["errors"],
        advice=content["advice"],
        groups=tuple(_groups(content["problems"])),
        others=tuple(Other(each["dataset"], each["errors"]) for each in content["others"]),
        unchecked=content["unchecked"],
        differences=tuple(_changed(each) for each in content["differences"]),
        preview=content["preview"],
        prefix=content["prefix"],
        base=content["base"],
        head=content["head"],
    )


def _changed(content: Mapping[str, Any]) -> Changed:
    made = {
        # As with rules: a kind of change that this version does not know has no words here.
        "breaking": tuple(
            SchemaChange(breaking=True, **one) for one in content["breaking"] if one["what"] in SENTENCES
        ),
        "properties": tuple(Became(**one) for one in content["properties"]),
        "examples": tuple(
            Example(one["state"], tuple(one["key"]), tuple(Became(**cell) for cell in one["cells"]))
            for one in content["examples"]
        ),
    }
    return Changed(**{**content, **made})


def _groups(content: Sequence[Mapping[str, Any]]) -> Iterator[Group]:
    """A rule that this version does not know has no words here: it is left out, and stays counted in ``errors``."""
    for each in content:
        problems = tuple(_problem(p) for p in each["problems"] if p["name"] in catalogue())
        if problems and len({problem.name for problem in problems}) == 1:
            yield Group(problems[0], each["severity"], problems, max(each["count"], len(problems)))


def _problem(content: Mapping[str, Any]) -> Problem:
    texts: dict[str, Any] = {key: content.get(key, "") for key in TEXTS}
    places: dict[str, Any] = {key: content.get(key) for key in PLACES}
    return Problem(
        name=content["name"],
        **texts,
        **places,
        more=tuple(content["more"].items()),
        published=content["public"],
    )
