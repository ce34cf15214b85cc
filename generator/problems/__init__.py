"""Problems: what is wrong with a dataset, said so that its author can mend it.

A problem is a value, never an exception. Its words stand once, in Chinese and in English, in the YAML files
of ``catalogue/`` beside this module; the command line, reports and help pages are made from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from generator.plain_yaml import read_yaml
from generator.problems import values
from generator.text import Text, bilingual

Severity = Literal["error", "advice"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem, from the catalogue."""

    name: str
    """Slug used in code and in the configuration's ``rules``."""
    code: str
    """Stable code that messages show: a letter and three digits."""
    severity: Severity
    standard: bool
    """True when the standard (Data Package, frictionless) or safety demands it: a configuration cannot lower it."""
    title: Text
    message: Text
    """What is wrong. ``{value}``, ``{expected}``, ``{field}``, ``{row}``, ``{resource}``, ``{file}`` and the
    problem's ``more`` entries are filled in."""
    fix: Text
    """What to do next."""
    mends: bool = False
    """Whether ``kaishu fix`` mends some of these, being sure of what they mean."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong at one place. Empty strings and None mean that the part does not apply."""

    name: str
    """Name of its kind in the catalogue."""
    dataset: str = ""
    """The dataset's folder, relative to the datasets folder, with ``/``."""
    file: str = ""
    """The file to edit, relative to the datasets folder, with ``/``."""
    resource: str = ""
    field: str = ""
    row: int | None = None
    """Record number as frictionless counts: the header is 1, so the first record of data is usually 2."""
    line: int | None = None
    """Line of the text file, where known; differs from the row when a cell holds a newline."""
    column: int | None = None
    """Number of the field, from 1."""
    value: str = ""
    expected: str = ""
    """What is wanted: a list, a limit, or an example of the right form."""
    likely: str = ""
    """The value in the right form, where it can mean one thing only: what to put in its place."""
    error_type: str = ""
    """frictionless's error type, for what its validation found."""
    detail: str = ""
    """The library's own words; for ``--format json`` only."""
    more: tuple[tuple[str, str], ...] = ()
    """Further values for the message's words."""
    published: bool = True
    """False for a problem of data that are not open: told, but the dataset's page is published all the same."""


@cache
def catalogue() -> Mapping[str, Kind]:
    """Every kind of problem by name, in the order of the codes."""
    kinds: list[Kind] = []
    for file in sorted((Path(__file__).parent / "catalogue").glob("*.yaml")):
        entries: dict[str, dict[str, Any]] = read_yaml(file.read_text("utf-8"))
        kinds += [_kind(name, entry) for name, entry in entries.items()]
    return {kind.name: kind for kind in sorted(kinds, key=lambda k: k.code)}


def _kind(name: str, entry: Mapping[str, Any]) -> Kind:
    return Kind(
        name=name,
        code=entry["code"],
        severity=entry.get("severity", "error"),
        standard=entry.get("standard", False),
        title=bilingual(entry["zh"]["title"], entry["en"]["title"]),
        message=bilingual(entry["zh"]["message"], entry["en"]["message"]),
        fix=bilingual(entry["zh"]["fix"], entry["en"]["fix"]),
        mends=entry.get("mends", False),
    )


class Severities:
    """How severe each kind is in one portal: the catalogue's word, unless the configuration lowers it."""

    def __init__(self, rules: Mapping[str, str]) -> None:
        self._rules = rules

    def of(self, problem: Problem) -> Severity | Literal["off"]:
        kind = catalogue()[problem.name]
        if kind.standard:
            return kind.severity
        lowered = self._rules.get("all", kind.severity)
        if lowered == "error":  # lowers nothing, and does not make an advice stricter
            lowered = kind.severity
        chosen = self._rules.get(kind.name, self._rules.get(kind.code, lowered))
        return chosen if chosen in ("error", "advice", "off") else kind.severity  # type: ignore[return-value]  # read_config refuses other words

    def blocks(self, problem: Problem) -> bool:
        """True when the dataset cannot be published. What is wrong with data that are not open never decides that."""
        return problem.published and self.of(problem) == "error"


def words(problem: Problem, lang: str) -> tuple[str, str, str]:
    """Title, message and next action for a reader of ``lang``."""
    kind = catalogue()[problem.name]
    said = {k: "" if v is None else v for k, v in asdict(problem).items()} | dict(problem.more)
    said |= {key: values.shown(said[key]) for key in ("value", "likely")}
    # What a message would show out of data that are not open has been left out of the problem.
    nothing = "" if problem.published else "…"
    blank = _Blank(
        {key: _Said(value, lang) for key, value in said.items() if problem.published or value}, _Said(nothing, lang)
    )
    return (
        kind.title.to(lang)[0],
        kind.message.to(lang)[0].format_map(blank).strip(),
        kind.fix.to(lang)[0].format_map(blank).strip(),
    )


def remark(problem: Problem, lang: str) -> str:
    """What in the value the eye misses: blanks at its ends, full-width characters, letters of another script."""
    kind = catalogue()[problem.name]
    if not problem.published or kind.code.startswith(_MASKED):
        return ""
    told = values.remarks(problem.value, lang, of_digits=problem.name in _OF_DIGITS)
    return ("；" if lang == "zh" else "; ").join(told)


_MASKED = "S"
"""First letter of the codes whose values are masked."""
_OF_DIGITS = ("type-integer", "type-number", "type-date", "type-datetime", "type-time", "type-year", "type-yearmonth")


class _Said(str):
    """A value in a message; ``{value:list}`` is a list that is separated by ``, `` in English; what is
    ``spaced`` stands after a Chinese character."""

    __slots__ = ("lang",)
    lang: str

    def __new__(cls, value: object, lang: str) -> _Said:
        made = super().__new__(cls, value)
        made.lang = lang
        return made

    def __format__(self, form: str) -> str:
        if self.lang != "zh":
            return str(self)
        if form == "list":
            return self.replace(", ", "、")
        return f" {self}" if form == "spaced" and self[:1].isascii() else str(self)


OPTIONAL = ("near_zh", "near_en", "of_zh", "of_en", "maybe_zh", "maybe_en", "at_zh", "at_en")
"""Clauses that stand in a message only sometimes, with their punctuation."""


class _Blank(dict[str, _Said]):
    def __init__(self, said: Mapping[str, _Said], nothing: _Said) -> None:
        super().__init__(said)
        self._nothing = nothing

    def __missing__(self, key: str) -> _Said:
        return _Said("", self._nothing.lang) if key in OPTIONAL else self._nothing


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """By dataset, file and place; those of one place as they were found."""
    return tuple(sorted(problems, key=lambda p: (p.dataset, p.file, p.resource, p.row or 0, p.column or 0)))
