"""What the check of one dataset found, and how it is found again as long as nothing changed that it depends on.

A verdict is kept with a digest of all that it depends on: the descriptor as it is resolved, the bytes of every file
that the descriptor names, what is withheld, our code and the installed libraries. Never kept is what depends on
anything else: see ``_lasts`` and ``ask``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, field, fields
from typing import Any

from generator.model import Body, Package, SharedTerms, is_remote, paths_of
from generator.problems import Problem, catalogue
from generator.state import Seen, State, Unknown, look, program, seen_from_json, seen_to_json

CACHED = "cached"
"""The way of a table whose verdict was known."""

WITHHELD = "withheld"
"""The way of a table that is not open, whatever it was: how a table is judged tells something of its content."""

FLEETING_KINDS = frozenset(("check-crashed", "descriptor-crashed", "check-failed", "conversion-failed"))
"""Problems that say nothing of the data for certain: the next run tries again."""
FLEETING_ERRORS = frozenset(("source-error", "scheme-error"))
"""What frictionless could not read may be readable the next time: too many open files, a disk that was away."""
FLEETING_WAYS = frozenset(("fault",))

_KNOWN_PROFILES = (
    "data-package", "tabular-data-package", "fiscal-data-package", "data-resource", "tabular-data-resource",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judged:
    """How one table was judged."""

    dataset: str
    resource: str
    way: str
    """``fast`` or ``small``, or why frictionless had to judge it whole (``proof.REASONS``)."""
    lasting: bool = True
    """False when the verdict depends on more than the bytes of the data."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found by reading the data, or at some expense: the part of a check that is worth keeping."""

    by_rule: Mapping[str, tuple[Problem, ...]]
    """Of ``check.LASTING``, by name of the rule."""
    in_tables: tuple[Problem, ...] = ()
    tables: tuple[Judged, ...] = ()
    sensitive: tuple[Problem, ...] = ()
    """What must not be public, whatever is waived. Like all that is kept, it holds no such value."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a verdict is asked about: everything that it depends on, but for the content of the files."""

    package: Package
    about: str
    paths: tuple[str, ...]
    """Files below the package's folder."""

    def digest(self, seen: Mapping[str, Seen]) -> str:
        contents = [(path, seen[path].content) for path in sorted(seen)]
        return _digest([program(), self.about, contents])


def ask(
    package: Package, unsafe: Sequence[Problem], paths: Collection[str], also: Sequence[Any] = ()
) -> Question | None:
    """``unsafe`` are the problems for which files of the package are not read, ``paths`` those that may be read;
    ``also``: what else the verdict depends on.

    None for what cannot be kept.
    """
    if holds_any(package.descriptor) or _leads_elsewhere(package):
        return None
    borrowed = [astuple(each) for each in package.borrowed]
    unread = [asdict(problem) for problem in unsafe]
    about = [package.folder, package.file, package.descriptor, borrowed, package.withheld, unread, *also]
    return Question(package, _digest(about), tuple(sorted(paths)))


def holds_any(descriptor: Any) -> bool:
    """Whether a field has the format ``any``: of dates and times, what is not written is taken from today's."""
    if isinstance(descriptor, Mapping):
        return descriptor.get("format") == "any" or any(map(holds_any, descriptor.values()))
    return isinstance(descriptor, list | tuple) and any(map(holds_any, descriptor))


def _leads_elsewhere(package: Package) -> bool:
    """To another host, whose files may change; or to a profile in a file, which may lead to further ones."""
    for part in (package.descriptor, *package.resources):
        named = [*paths_of(part), part.get("schema"), part.get("dialect")]
        several = part.get("profiles")
        profiles = [part.get("profile"), *(several if isinstance(several, list) else ())]
        if any(map(is_remote, named)) or any(profile and profile not in _KNOWN_PROFILES for profile in profiles):
            return True
    return False


def recall(question: Question | None, state: State | None) -> Verdict | None:
    """The verdict, if it is known and that can be told without opening any file of the package."""
    if question is None or state is None:
        return None
    kept = _read(question, state)
    try:
        return kept.answer(question, look(question.package.path, question.paths, kept.seen, read=False))
    except Unknown:
        return None


def remembered(question: Question | None, state: State | None, judge: Callable[[], Verdict]) -> Verdict:
    """The verdict that is known, else that of ``judge``, which is kept if it will hold the next time.

    Files that changed their marks, but maybe not their content (as in a fresh checkout), are read to see that.
    """
    if question is None or state is None:
        return judge()
    kept = _read(question, state)
    before = _look(question, kept.seen)
    verdict = kept.answer(question, before)
    if verdict:
        if before is not None and before != kept.seen:
            _write(question, state, verdict, before)  # the next time nothing has to be read
        return verdict
    verdict = judge()
    if before is not None and _lasts(verdict) and _survives(verdict):
        after = _look(question, before)
        if after is not None and question.digest(after) == question.digest(before):
            _write(question, state, verdict, after)
    return verdict


def remembered_bodies(
    bodies: Mapping[str, Body],
    shared_terms: Sequence[SharedTerms],
    state: State | None,
    check: Callable[[], tuple[Problem, ...]],
) -> tuple[Problem, ...]:
    """Likewise what is wrong with the agencies and the shared terms, whose check takes its time too. No file is needed
    to know it."""
    if state is None or not (bodies or shared_terms):
        return check()
    known = [[astuple(body) for body in bodies.values()], [astuple(block) for block in shared_terms]]
    digest = _digest([program(), known])
    kept = state.read("")
    try:
        if kept["digest"] == digest:
            return problems_from_json(kept["problems"])
    except (KeyError, TypeError, ValueError, AttributeError):
        pass  # nothing there, or not of this form
    problems = check()
    state.write("", {"digest": digest, "problems": problems_to_json(problems)})
    return problems


def _look(question: Question, known: Mapping[str, Seen]) -> Mapping[str, Seen] | None:
    try:
        return look(question.package.path, question.paths, known, read=True)
    except Unknown:
        return None


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the state holds of a dataset."""

    digest: str = ""
    seen: Mapping[str, Seen] = field(default_factory=dict)
    verdict: Verdict | None = None

    def answer(self, question: Question, seen: Mapping[str, Seen] | None) -> Verdict | None:
        return self.verdict if seen is not None and self.digest == question.digest(seen) else None


def _read(question: Question, state: State) -> _Kept:
    kept = state.read(question.package.folder)
    try:
        return _Kept(kept["digest"], seen_from_json(kept["files"]), _verdict_from_json(kept, question.package.folder))
    except (KeyError, TypeError, ValueError, AttributeError):
        return _Kept()


def _lasts(verdict: Verdict) -> bool:
    return all(table.lasting and table.way not in FLEETING_WAYS for table in verdict.tables) and not any(
        problem.name in FLEETING_KINDS or problem.error_type in FLEETING_ERRORS for problem in verdict.in_tables
    )


def _survives(verdict: Verdict) -> bool:
    """Whether it can be told again exactly as it was found."""
    try:
        again = _verdict_from_json(json.loads(json.dumps(_verdict_to_json(verdict))), "")
    except (TypeError, ValueError):
        return False
    kept = (dict(verdict.by_rule), verdict.in_tables, verdict.sensitive)
    return (again.by_rule, again.in_tables, again.sensitive) == kept


def _write(question: Question, state: State, verdict: Verdict, seen: Mapping[str, Seen]) -> None:
    content = {"digest": question.digest(seen), "files": seen_to_json(seen), **_verdict_to_json(verdict)}
    state.write(question.package.folder, content)


def _verdict_to_json(verdict: Verdict) -> dict[str, Any]:
    return {
        "by_rule": {rule: problems_to_json(problems) for rule, problems in verdict.by_rule.items()},
        "in_tables": problems_to_json(verdict.in_tables),
        "tables": [(table.resource, table.way == WITHHELD) for table in verdict.tables],
        "sensitive": problems_to_json(verdict.sensitive),
    }


def _verdict_from_json(kept: Mapping[str, Any], dataset: str) -> Verdict:
    return Verdict(
        {rule: problems_from_json(problems) for rule, problems in kept["by_rule"].items()},
        problems_from_json(kept["in_tables"]),
        tuple(Judged(dataset, name, WITHHELD if hidden else CACHED) for name, hidden in kept["tables"]),
        problems_from_json(kept["sensitive"]),
    )


_NOTHING = asdict(Problem(""))


def problems_to_json(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Exactly as they are, less what is empty."""
    return [{key: value for key, value in asdict(p).items() if value != _NOTHING[key]} for p in problems]


def problems_from_json(values: Any) -> tuple[Problem, ...]:
    return tuple(_problem(value) for value in values)


def _problem(value: Mapping[str, Any]) -> Problem:
    made = Problem(**{**value, "more": tuple((key, text) for key, text in value.get("more", ()))})
    for part in fields(Problem):
        if not isinstance(getattr(made, part.name), _TYPES.get(part.name, str)):
            raise TypeError(part.name)
    if made.name not in catalogue():
        raise ValueError(made.name)
    return made


_TYPES: Mapping[str, Any] = {
    "row": int | None,
    "line": int | None,
    "column": int | None,
    "more": tuple,
    "published": bool,
}


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, default=repr, separators=(",", ":")).encode()).hexdigest()
