"""One package, on its own: everything wrong with it. Runs in worker processes, where it is not known already."""

from __future__ import annotations

import datetime
import traceback
from collections.abc import Callable, Collection, Mapping
from dataclasses import astuple, dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from generator.check import Found, by_rule, in_order_of_rules
from generator.check.files import check_paths, readable_paths
from generator.check.place import named
from generator.disclosure.offices import office_phones
from generator.disclosure.secret_files import secrets_of
from generator.disclosure.waivers import waive
from generator.errors import fault_without_words
from generator.identifiers import without_values
from generator.model import Catalog, Package
from generator.problems import Problem
from generator.state import State
from generator.verdicts import Judged, Question, Verdict, ask, recall, remembered

if TYPE_CHECKING:
    from generator.remote import Fetched, StandIn
    from generator.tables import Conversion

UNSAFE = frozenset(("path-outside", "path-symlink", "path-not-file")) | frozenset(
    ("archive-too-large", "archive-unsafe", "record-too-long", "json-too-deep", "too-many-columns", "dialect-unclear")
)
"""With one of these no reader is let near the resource's files."""
SAID_ALREADY = {
    "data-file-missing": ("source-error", "scheme-error"),
    "resource-without-data": ("path-and-data-missing",),
}
"""What frictionless says of a resource (by kind or error type) when a rule of ours has said it in better words."""

SAID_BETTER = {"name-pattern": "name-invalid", "path-unsafe": "data-file-missing"}
"""The other way round. The standard's demand on names is weaker than ours, but no configuration lowers it."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is wrong with one package, and how its tables were judged."""

    folder: str
    problems: tuple[Problem, ...]
    tables: tuple[Judged, ...] = field(default=(), kw_only=True)


def check_one(
    package: Package,
    catalog: Catalog,
    today: datetime.date,
    state: State | None = None,
    fetched: Mapping[str, Fetched] = MappingProxyType({}),
) -> Judgement:
    """Everything wrong with one package: its descriptor, its files, also the ``fetched`` ones, and its tables."""
    from generator.remote import NOTHING, on_this_machine  # here: what is known already has no use for it

    try:
        with on_this_machine(package, fetched.get(package.folder, NOTHING)) as here:
            return check_here(here, catalog, today, state)
    except Exception:  # our own fault in one package must not stop the others; it is told as ours
        return Judgement(package.folder, (check_failed(package),))


def check_here(
    here: StandIn,
    catalog: Catalog,
    today: datetime.date,
    state: State | None = None,
    conversions: Mapping[str, Conversion] | None = None,
) -> Judgement:
    """The same, where the package is with its fetched files. What fetching found is told beside any verdict.

    ``conversions``: see ``judge_tables``. They are not carried out where the verdict is known already.
    """
    judged = _check(here, catalog, today, state, conversions)
    return replace(judged, problems=here.told(judged.problems))


def check_failed(package: Package) -> Problem:
    """The fault of ours that is being handled."""
    return Problem("check-failed", dataset=package.folder, file=package.file, detail=told_fault(package))


def told_fault(package: Package) -> str:
    """The fault that is being handled, for the maintainers. Its words may quote data: not where some are withheld."""
    return fault_without_words() if package.withheld else traceback.format_exc()


def _check(
    here: StandIn,
    catalog: Catalog,
    today: datetime.date,
    state: State | None,
    conversions: Mapping[str, Conversion] | None,
) -> Judgement:
    package = here.package
    try:
        now = by_rule(package, catalog, today, lasting=False)
        # No verdict is kept on a stand-in: its folder is another one each time.
        question = None if here.addresses else _question(package, catalog, now)
        judge = partial(_judge, package, catalog, today, _unsafe(now), conversions)
        return _judgement(package, today, now, remembered(question, state, judge))
    except Exception:  # likewise; here, so that what fetching found is told beside it
        return Judgement(package.folder, (check_failed(package),))


def recall_one(package: Package, catalog: Catalog, today: datetime.date, state: State | None) -> Judgement | None:
    """The same, where it is known and no file of the package needs to be opened to be sure of that."""
    if state is None:
        return None
    try:
        now = by_rule(package, catalog, today, lasting=False)
        verdict = recall(_question(package, catalog, now), state)
    except Exception:  # ``check_one`` will meet it too, and tell it
        return None
    return _judgement(package, today, now, verdict) if verdict else None


def unsafe_resources(package: Package, catalog: Catalog, today: datetime.date) -> frozenset[str]:
    """Names of those whose files nobody may open: a pipe, for one, never ends."""
    return frozenset(problem.resource for problem in check_paths(package, catalog, today) if problem.name in UNSAFE)


def _question(package: Package, catalog: Catalog, now: Found) -> Question | None:
    also = [sorted(_phones(package, catalog)), astuple(catalog.limits)]
    return ask(package, _unsafe(now), readable_paths(package), also)


def _phones(package: Package, catalog: Catalog) -> frozenset[str]:
    """Of offices: they may stand in what is published."""
    ids = {package.agency, str(package.descriptor.get("source_department") or "")}
    bodies = [catalog.bodies[id_] for id_ in sorted(ids) if id_ in catalog.bodies]
    return office_phones(package, [body.descriptor.get("contact") for body in bodies])


def _unsafe(now: Found) -> tuple[Problem, ...]:
    return tuple(problem for found in now.values() for problem in found if problem.name in UNSAFE)


def _judge(
    package: Package,
    catalog: Catalog,
    today: datetime.date,
    unsafe: Collection[Problem],
    conversions: Mapping[str, Conversion] | None,
) -> Verdict:
    from generator.disclosure.gate import search, watches
    from generator.tables import judge_tables

    lasting = _unidentified(package, by_rule(package, catalog, today, lasting=True))
    found = [problem for problems in lasting.values() for problem in problems]
    names = {problem.resource for problem in (*unsafe, *found) if problem.name in UNSAFE}
    secrets = tuple(secrets_of(package, names, readable_paths(package)))
    phones = _phones(package, catalog)
    if not package.descriptor.get("resources") or any(problem.name == "too-many-resources" for problem in found):
        return Verdict(lasting, sensitive=(*search(package, {}, names, today, phones), *secrets))
    watched = watches(package, today, phones)
    problems, tables = judge_tables(
        _without_files(package.descriptor, names, of_withheld={p.resource for p in unsafe if not p.published}),
        package.path,
        dataset=package.folder,
        descriptor_file=package.file,
        withheld=(*package.withheld, *names),
        conversions=conversions,
        watches=watched,
    )
    # That a file cannot be searched goes without saying where it cannot be read.
    broken = {problem.resource for problem in problems if problem.error_type}
    sensitive = tuple(
        one
        for one in search(package, watched, names, today, phones)
        if one.name != "search-incomplete" or one.resource not in broken
    )
    return Verdict(lasting, without_values(problems, _holds_people(package)), tables, (*sensitive, *secrets))


def _unidentified(package: Package, found: Found) -> Found:
    if not any(found.values()):
        return found
    return {rule: without_values(problems, _holds_people(package)) for rule, problems in found.items()}


def _holds_people(package: Package) -> Callable[[Problem], bool]:
    """Whether a problem is about a column of people: not a part of its cells is to be seen in a message."""
    from generator.disclosure.claims import names_a_person

    titles = {
        (named(resource), str(field.get("name"))): str(field.get("title") or "")
        for resource in package.resources
        for field in _fields(resource)
    }

    def holds(problem: Problem) -> bool:
        return any(names_a_person(n, titles.get((problem.resource, n), "")) for n in problem.field.split(", ") if n)

    return holds


def _fields(resource: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    schema = resource.get("schema")
    listed = schema.get("fields") if isinstance(schema, Mapping) else None
    return [field for field in listed if isinstance(field, Mapping)] if isinstance(listed, list) else []


def _judgement(package: Package, today: datetime.date, now: Found, verdict: Verdict) -> Judgement:
    ours = tuple(in_order_of_rules({**_unidentified(package, now), **verdict.by_rule}))
    left = tuple(waive(package, verdict.sensitive, today))
    return Judgement(package.folder, (*_each_once(ours, verdict.in_tables), *left), tables=verdict.tables)


def _without_files(
    descriptor: Mapping[str, Any], names: Collection[str], of_withheld: Collection[str]
) -> Mapping[str, Any]:
    """The descriptor, whose resources of these names lead to no file. Of withheld ones the rest stays: the verdict on
    their descriptor is the same, whatever lies there."""
    if not names:
        return descriptor
    resources = [
        (_without_data(r) if named(r) in of_withheld else _without_file(r)) if named(r) in names else r
        for r in descriptor["resources"]
        if isinstance(r, Mapping)
    ]
    return {**descriptor, "resources": resources}


def _without_data(resource: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: value for key, value in resource.items() if key not in ("path", "url", "extrapaths")}


def _without_file(resource: Mapping[str, Any]) -> Mapping[str, Any]:
    kept = {key: value for key, value in _without_data(resource).items() if key != "dialect"}
    fields = resource["schema"].get("fields") if isinstance(resource.get("schema"), Mapping) else ()
    whole = isinstance(fields, list) and all(isinstance(field, Mapping) for field in fields)
    return kept if whole else {key: value for key, value in kept.items() if key != "schema"}


def _each_once(ours: tuple[Problem, ...], found: tuple[Problem, ...]) -> tuple[Problem, ...]:
    said = {(p.resource, kind) for p in ours for kind in SAID_ALREADY.get(p.name, ())}
    kept = [p for p in found if not {(p.resource, p.name), (p.resource, p.error_type)} & said]
    better = {(p.resource, SAID_BETTER[p.name]) for p in kept if p.name in SAID_BETTER}
    return *(p for p in ours if (p.resource, p.name) not in better), *kept
