"""Demands and reuses: complete, of the right form, about datasets that are there, and about no person."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator
from difflib import get_close_matches
from typing import Any

from generator.check.place import shown
from generator.model import Catalog, Submission, is_day
from generator.names import name_of_folder, own_name
from generator.problems import Problem
from generator.submissions import days_in_order, is_sound, kind_of, lacking, personal
from generator.text import LANGUAGES


def check_submissions(catalog: Catalog, today: datetime.date) -> Iterator[Problem]:
    if not catalog.submissions:
        return
    datasets = {own_name(package) for package in catalog.packages} | set(map(name_of_folder, catalog.unreadable))
    known = datasets | {statement.name for statement in catalog.statements}
    first: dict[tuple[str, str], int] = {}
    for each in catalog.submissions:
        if not is_sound(each, today):
            yield from _check_entry(each, today)
        if (id_ := each.text("id")) in {i for kind, i in first if kind == each.kind}:
            yield _about(each, "submission-twice", value=id_, more=(("first", str(first[each.kind, id_])),))
        elif id_:
            first[each.kind, id_] = each.number
        yield from _check_names(each, known, catalog.bodies)


def _check_entry(each: Submission, today: datetime.date) -> Iterator[Problem]:
    from generator.check.form import check_submission

    kind = kind_of(each)
    about_person = list(personal(each, today))
    # The value is not shown: it is what must not be seen.
    for key in about_person:
        yield _about(each, "submission-personal", field=key)
    if missing := lacking(each):
        more = tuple((f"expected_{lang}", _labelled(each, missing, lang)) for lang in LANGUAGES)
        yield _about(each, "submission-incomplete", expected=", ".join(missing), more=more)
    for key in sorted(each.values.keys() - kind.keys - set(about_person)):
        near = get_close_matches(key, kind.keys, n=1)
        listed = ", ".join(term.name for term in kind.listed)
        yield _about(
            each, "submission-unknown-property", field=key, value=shown(key), expected=near[0] if near else listed
        )
    wrong = list(check_submission(each, set(about_person) | set(missing)))
    yield from wrong
    days = {key: str(each.values[key]) for key in kind.days if each.values.get(key)}
    ill_formed = {problem.field for problem in wrong}
    for key, day in days.items():
        if key not in ill_formed and not is_day(day):
            yield _about(each, "date-invalid", field=key, value=day)
    if all(map(is_day, days.values())) and not days_in_order(each, today):
        words = "、".join(f"{key} {day}" for key, day in days.items())
        yield _about(each, "submission-days", value=words, more=(("today", today.isoformat()),))


def _check_names(each: Submission, known: Collection[str], agencies: Collection[str]) -> Iterator[Problem]:
    listed = each.values.get("datasets")
    for name in listed if isinstance(listed, list) else ():
        if isinstance(name, str) and name not in known:
            yield _unknown(each, "datasets", name, known)
    agency = each.text("agency")
    if agency and agency not in agencies:
        yield _unknown(each, "agency", agency, agencies)


def _unknown(each: Submission, field: str, name: str, known: Collection[str]) -> Problem:
    near = next(iter(get_close_matches(name, sorted(known), n=1)), "")
    more = (
        ("what_zh", "数据集" if field == "datasets" else "部门"),
        ("what_en", "dataset" if field == "datasets" else "agency"),
        ("near_zh", f"是不是「{near}」？" if near else ""),
        ("near_en", f" Did you mean “{near}”?" if near else ""),
    )
    return _about(each, "submission-names-unknown", field=field, value=shown(name), more=more)


def _labelled(each: Submission, keys: list[str], lang: str) -> str:
    labels = {term.name: term.zh if lang == "zh" else term.en for term in kind_of(each).listed}
    separator = "、" if lang == "zh" else ", "
    return separator.join(f"{labels[key]} {key}" if lang == "zh" else f"{key} ({labels[key].lower()})" for key in keys)


def _about(each: Submission, name: str, *, more: tuple[tuple[str, str], ...] = (), **parts: Any) -> Problem:
    return Problem(name, file=each.file, more=(("number", str(each.number)), *more), **parts)
