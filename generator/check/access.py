"""Openness, and the terms that go with it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping

from generator.check.place import in_descriptor, shown
from generator.model import Catalog, Package
from generator.problems import Problem
from generator.terms import ACCESS, DATE, OPENNESS
from generator.terms import labels as labels_of

NEEDS = {
    "conditional": ("access-missing", ("reason", "conditions", "channel")),
    "closed": ("closed-reason-missing", ("reason", "legal_basis")),
}


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
    places = [(resource, package.openness(resource)) for resource in package.resources]
    whole = str(package.descriptor.get("openness") or "")
    told_of_all = False
    for resource, openness in places or [({}, whole)]:
        if openness not in NEEDS or (resource and package.embargo(resource)):
            continue
        own = resource.get("access")
        terms = own or package.descriptor.get("access")
        terms = terms if isinstance(terms, Mapping) else {}
        name, keys = NEEDS[openness]
        missing = [key for key in keys if not terms.get(key)]
        # Terms of the package that lack something lack it for all its resources alike: told once.
        if missing and (own or not told_of_all):
            told_of_all = told_of_all or not own
            stated_here = own or resource.get("openness")
            yield in_descriptor(
                package,
                name,
                resource=resource if stated_here else None,
                field="access",
                expected=", ".join(missing),
                more=tuple((f"expected_{lang}", _labelled(missing, lang)) for lang in ("zh", "en")),
            )


def _labelled(keys: list[str], lang: str) -> str:
    labels = labels_of(ACCESS)
    if lang == "zh":
        return "、".join(f"{key}（{labels[key]['zh']}）" for key in keys)
    return ", ".join(f"{key} ({labels[key]['en'].lower()})" for key in keys)


def check_review(package: Package, _: Catalog, today: datetime.date) -> Iterator[Problem]:
    for terms in (package.descriptor.get("access"), *(r.get("access") for r in package.resources)):
        review = terms.get("review_by") if isinstance(terms, Mapping) else None
        if isinstance(review, str) and re.match(DATE["pattern"], review) and review < today.isoformat():
            yield in_descriptor(package, "review-overdue", field="access.review_by", value=review)
