"""Texts that are published beside the datasets: those of agencies, the statements of changes, and what the public
asked for and made.

No waiver clears them: an office writes them itself, and can write them otherwise. What was found is told, and hidden
from what is published, since no dataset is there to be left out for it. (Shared terms are searched as part of the
datasets that refer to them.)
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from generator.disclosure.files import search_text
from generator.disclosure.gate import strings_of
from generator.disclosure.offices import phones_of
from generator.disclosure.secret_files import secret_in
from generator.disclosure.watch import Asked
from generator.identifiers import HIDDEN, without_identifiers
from generator.model import Body, Catalog, Statement, Submission
from generator.problems import Problem
from generator.submissions import personal


def search_bodies(catalog: Catalog, latest: datetime.date) -> Iterator[Problem]:
    """What is in the files of agencies. Their own phones may be there."""
    for body in catalog.bodies.values():
        file, field = _place_of(body)
        yield from _search(body.descriptor, file, field, Asked(latest, phones_of([body.descriptor.get("contact")])))


def search_statements(catalog: Catalog, latest: datetime.date) -> Iterator[Problem]:
    for statement in catalog.statements:
        body = catalog.bodies.get(statement.agency)
        phones = phones_of([body.descriptor.get("contact")] if body else [])
        yield from _search(statement.values, statement.file, _field_of(statement), Asked(latest, phones))


def search_submissions(catalog: Catalog, latest: datetime.date) -> Iterator[Problem]:
    """Beside what ``check_submissions`` calls personal: keys, plates, documents, sentences about somebody."""
    for each in catalog.submissions:
        told = set(personal(each, latest))
        rest = {key: value for key, value in each.values.items() if key not in told}
        yield from _search(rest, each.file, _field_of_submission(each), Asked(latest))


def without_found(catalog: Catalog, found: Iterable[Problem]) -> Catalog:
    """The catalogue with every text hidden in which something was found."""
    places = {(problem.file, problem.field) for problem in found}
    if not places:
        return catalog
    bodies = {
        id_: replace(body, descriptor=_hidden(body.descriptor, *_place_of(body), places))
        for id_, body in catalog.bodies.items()
    }
    statements = tuple(
        replace(one, values=_hidden(one.values, one.file, _field_of(one), places)) for one in catalog.statements
    )
    submissions = tuple(
        replace(one, values=_hidden(one.values, one.file, _field_of_submission(one), places))
        for one in catalog.submissions
    )
    return replace(catalog, bodies=bodies, statements=statements, submissions=submissions)


def _place_of(body: Body) -> tuple[str, str]:
    return (body.file, "") if body.file else ("kaishu.yaml", f"agencies.{body.id}")


def _field_of(statement: Statement) -> str:
    return f"changes.{statement.number - 1}"


def _field_of_submission(submission: Submission) -> str:
    return f"{submission.kind}s.{submission.number - 1}"


def _search(values: Mapping[str, Any], file: str, field: str, asked: Asked) -> Iterator[Problem]:
    for path, text in strings_of(values, field):
        told = without_identifiers(path)
        for found in search_text(text, asked, (f"{file} 的「{told}」", f"In {file}, {told}"), path):
            more = (("where_zh", found.where[0]), ("where_en", found.where[1]), ("count", f"{found.count:,}"))
            yield Problem(found.name, file=file, field=told, value=found.masked, more=more)
        yield from secret_in(text, path.rpartition(".")[2], file, told)


def _hidden(value: Any, file: str, path: str, places: Collection[tuple[str, str]]) -> Any:
    if isinstance(value, Mapping):
        return {key: _hidden(v, file, f"{path}.{key}" if path else str(key), places) for key, v in value.items()}
    if isinstance(value, list):
        return [_hidden(one, file, f"{path}.{number}", places) for number, one in enumerate(value)]
    return HIDDEN if (file, without_identifiers(path)) in places else value
