"""Openness, and the terms that go with it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from generator.check.place import in_descriptor, shown
from generator.model import Catalog, Package
from generator.problems import Problem
from generator.terms import OPENNESS

CONDITIONAL_NEEDS = ("reason", "conditions", "channel")
CLOSED_NEEDS = ("reason", "legal_basis")


def check_openness(package: Package, _: Catalog, __: datetime.date) -> Iterator[Problem]:
    stated = package.descriptor.get("openness")
    if stated is None:
        # Resources may state it all by themselves; the page's badge is then made from theirs.
        if not package.resources or any(not r.get("openness") for r in package.resources):
            yield in_descriptor(package, "openness-missing", field="openness")
    elif stated not in OPENNESS:
        yield in_descriptor(package, "openness-invalid", field="openness", value=shown(stated))
    for resource in package.resources:
        own = resource.get("openness")
        if own is not None and own not in OPENNESS:
            yield in_descriptor(package, "openness-invalid", resource=resource, field="openness", value=shown(own))


def check_terms(package: Package, _: Catalog, __: datetime.date) -> Iterator[Problem]:
    """Conditional without terms tells nobody how to get the data; closed without a reason the regulation refuses."""
    needs = {"conditional": ("access-missing", CONDITIONAL_NEEDS), "closed": ("closed-reason-missing", CLOSED_NEEDS)}
    whole = str(package.descriptor.get("openness") or "")
    places: list[tuple[Mapping[str, Any] | None, str]] = [(None, whole)] if not package.resources else []
    places += [(resource, package.openness(resource)) for resource in package.resources]
    for resource, openness in places:
        if openness not in needs or (resource and package.embargo(resource)):
            continue
        name, keys = needs[openness]
        terms = (resource or {}).get("access") or package.descriptor.get("access")
        terms = terms if isinstance(terms, Mapping) else {}
        missing = [key for key in keys if not terms.get(key)]
        if missing:
            yield in_descriptor(package, name, resource=resource, field="access", expected=", ".join(missing))


def check_review(package: Package, _: Catalog, today: datetime.date) -> Iterator[Problem]:
    for terms in (package.descriptor.get("access"), *(r.get("access") for r in package.resources)):
        review = terms.get("review_by") if isinstance(terms, Mapping) else None
        if isinstance(review, str) and review < today.isoformat():
            yield in_descriptor(package, "review-overdue", field="access.review_by", value=review)
