"""What a kind of problem means, why it matters, an example, and how to mend it: for ``kaishu explain`` and the site.

The words stand in the YAML files of ``explain/``, by the names of the catalogue; how something is mended in a web
editor and in Excel or WPS is the same for many kinds and stands once, in ``ways.yaml``. What the check says of an
example is in ``examples.json``, which ``python -m tests.examples`` makes of the folders in ``tests/cases``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from generator.plain_yaml import read_yaml
from generator.problems import Kind, Problem, catalogue
from generator.text import LANGUAGES, Text, bilingual

_HERE = Path(__file__).parent
PAGES = "help/"
"""Of the site's help pages, below a language's root."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a kind of thing is mended."""

    web: Text
    """In the editor of a forge's website."""
    excel: Text
    """In Excel or WPS; empty where a spreadsheet has no part in it."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What mends an example: a piece of a file, and what belongs there."""

    file: str
    """Relative to the datasets folder."""
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Example:
    problem: Problem
    """As the check finds it."""
    edits: tuple[Edit, ...]
    """Empty where files are to be moved or made anew."""
    context: str
    """The header line of a table, where the example is one of its rows."""


@dataclass(frozen=True, slots=True)
class Explanation:
    kind: Kind
    why: Text
    way: Way
    after: Text
    """What mends the example, in words, where it is no edit of a text."""
    example: Example | None


FAMILIES: tuple[tuple[str, Text], ...] = (
    ("M", bilingual("描述文件、部门和文件", "Descriptors, agencies and files")),
    ("T", bilingual("表格和数据文件", "Tables and data files")),
    ("S", bilingual("不应公开的内容", "What must not be public")),
    ("A", bilingual("建议", "Advice")),
    ("F", bilingual("需求和应用成果的清单", "Lists of demands and reuses")),
    ("C", bilingual("门户设置", "Settings of the portal")),
    ("K", bilingual("开数自身的问题", "Kaishu's own faults")),
)
"""The kinds of problems by the first letter of their codes."""


def address(url: str, lang: str) -> str:
    """Where the help pages of a portal are; empty where its own address is not known."""
    return f"{url}{'' if lang == LANGUAGES[0] else f'{lang}/'}{PAGES}" if url else ""


def find(word: str) -> Kind | None:
    """By code or name, in capitals or not."""
    asked = word.strip().lower()
    return next((kind for kind in catalogue().values() if asked in (kind.code.lower(), kind.name)), None)


@cache
def explanations() -> Mapping[str, Explanation]:
    """Of every kind, by its name, in the order of the codes."""
    written: dict[str, Any] = {}
    for file in sorted((_HERE / "explain").glob("*.yaml")):
        written |= read_yaml(file.read_text("utf-8"))
    ways = {name: _way(entry) for name, entry in read_yaml((_HERE / "ways.yaml").read_text("utf-8")).items()}
    examples = json.loads((_HERE / "examples.json").read_text("utf-8"))
    return {name: _explanation(kind, written[name], ways, examples.get(name)) for name, kind in catalogue().items()}


def _way(entry: Mapping[str, Any]) -> Way:
    excel = entry.get("excel")
    return Way(
        bilingual(entry["web"]["zh"], entry["web"]["en"]), bilingual(excel["zh"], excel["en"]) if excel else Text()
    )


def _explanation(kind: Kind, entry: Mapping[str, Any], ways: Mapping[str, Way], example: Any) -> Explanation:
    after = entry.get("after")
    return Explanation(
        kind=kind,
        why=bilingual(entry["zh"], entry["en"]),
        way=ways[entry["way"]],
        after=bilingual(after["zh"], after["en"]) if after else Text(),
        example=_example(example) if example else None,
    )


def _example(entry: Mapping[str, Any]) -> Example:
    problem = dict(entry["problem"])
    more = tuple((key, value) for key, value in problem.pop("more", {}).items())
    edits = tuple(Edit(*edit) for edit in entry["edits"])
    return Example(Problem(**problem, more=more), edits, entry.get("context", ""))
