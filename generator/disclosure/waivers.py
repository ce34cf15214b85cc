"""Waivers: somebody has looked at what was found, and answers for it, until a day."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from generator.identifiers import without_identifiers
from generator.model import Package
from generator.problems import Problem
from generator.terms import WAIVED_CLASSES

REQUIRED = ("class", "reason", "approver", "expires")


def waivers_of(package: Package) -> Sequence[Mapping[str, Any]]:
    """Those that are whole. What is missing in others, a rule says (``check.waivers``); they waive nothing."""
    listed = package.descriptor.get("waivers")
    given = [w for w in listed if isinstance(w, Mapping)] if isinstance(listed, list) else []
    whole = [w for w in given if all(isinstance(w.get(key), str) and w[key].strip() for key in REQUIRED)]
    return [w for w in whole if _day(w["expires"])]


def waive(package: Package, found: Iterable[Problem], today: datetime.date) -> Iterator[Problem]:
    """What is left of what was found, and what is to be said of the waivers themselves."""
    waivers = waivers_of(package)
    used: set[int] = set()
    for problem in found:
        fitting = [n for n, waiver in enumerate(waivers) if _fits(waiver, problem)]
        used.update(fitting)
        if not any(_holds(waivers[n], today) for n in fitting):
            yield problem
    for number, waiver in enumerate(waivers):
        if number not in used:
            yield _said(package, waiver, "waiver-unused", number)
        elif not _holds(waiver, today):
            yield _said(package, waiver, "waiver-expired", number)


def _fits(waiver: Mapping[str, Any], problem: Problem) -> bool:
    """The very place: a waiver for one column says nothing of another."""
    if waiver["class"] != problem.name or problem.name not in WAIVED_CLASSES:
        return False
    place = tuple(without_identifiers(str(waiver.get(key) or "")) for key in ("resource", "field"))
    return place == (problem.resource, problem.field)


def _holds(waiver: Mapping[str, Any], today: datetime.date) -> bool:
    """To the end of its last day."""
    last = _day(waiver["expires"])
    return last is not None and today <= last


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _said(package: Package, waiver: Mapping[str, Any], name: str, number: int) -> Problem:
    place = " / ".join(str(waiver[key]) for key in ("resource", "field") if waiver.get(key))
    return Problem(
        name,
        package.folder,
        package.file,
        field=f"waivers.{number}",
        value=without_identifiers(str(waiver["class"])),
        expected=str(waiver["expires"]) if name == "waiver-expired" else "",
        more=(("place", without_identifiers(place) or "–"),),
    )
