"""Annotations: what a forge shows beside the lines. They are commands in the log; no value may become one."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence

from generator.ci.markdown import shortened, visible
from generator.ci.record import Group
from generator.model import is_remote
from generator.problems import Problem, catalogue, words
from generator.report import cell_of

MOST = 10
"""Of one level in one step; GitHub drops the others in silence."""
_LEVELS = {"error": "error", "advice": "warning"}
_LONGEST = 1000

Line = Callable[[Problem], int | None]


def to_annotations(groups: Sequence[Group], prefix: str, line: Line) -> Iterator[str]:
    """One command for each problem, the first of each kind before the others; nine and a count where there are more
    than ten. ``prefix`` leads from the repository's root to the datasets folder."""
    for severity, level in _LEVELS.items():
        ordered = list(_each_kind_first([group for group in groups if group.severity == severity]))
        count = sum(group.count for group in groups if group.severity == severity)
        shown = ordered if count <= MOST else ordered[: MOST - 1]
        for problem in shown:
            yield _annotation(level, problem, prefix, line)
        if count > len(shown):
            left = count - len(shown)
            yield command(level, f"另有 {left} 处，见摘要。{left} more: see the summary.", title="kaishu")


def _each_kind_first(groups: Iterable[Group]) -> Iterator[Problem]:
    groups = list(groups)
    for group in groups:
        yield group.first
    for group in groups:
        yield from group.problems[1:]


def path_of(prefix: str, problem: Problem) -> str:
    """From the repository's root; what is on another host has its address already."""
    return f"{prefix}{problem.file}" if problem.file and not is_remote(problem.file) else problem.file


def _annotation(level: str, problem: Problem, prefix: str, line: Line) -> str:
    (title, message, fix), (_, message_en, fix_en) = words(problem, "zh"), words(problem, "en")
    where = f"{cell_of(problem)} " if cell_of(problem) else ""
    likely = f"现值 {problem.value or '（空）'} → 应为 {problem.likely}" if problem.likely else ""
    found = line(problem)
    lines = (f"{where}{likely or message}", f"怎么改：{fix}", f"EN: {message_en} {fix_en}")
    return command(
        level,
        "\n".join(shortened(visible(text), _LONGEST) for text in lines),
        file=visible(path_of(prefix, problem)) if not is_remote(problem.file) else "",
        line=str(found) if found else "",
        title=f"{catalogue()[problem.name].code} {title}",
    )


def command(name: str, message: str, **properties: str) -> str:
    """A command to GitHub's runner: ``::error file=…,line=…::message``."""
    stated = ",".join(f"{key}={_property(value)}" for key, value in properties.items() if value)
    return f"::{name}{' ' if stated else ''}{stated}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


class Silence:
    """While it lasts, the runner takes no line for a command. Nobody else knows the word that ends it."""

    def __init__(self) -> None:
        self._word = secrets.token_hex(16)

    @property
    def begin(self) -> str:
        return f"::stop-commands::{self._word}"

    @property
    def end(self) -> str:
        return f"::{self._word}::"
