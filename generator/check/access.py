"""Openness, and the terms that go with it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from generator.check.place import in_descriptor, shown
from generator.model import Borrowed, Catalog, Package
from generator.problems import Problem
from generator.terms import ACCESS, DATE, OPENNESS
from generator.terms import labels as labels_of

NEEDS = {
    "conditional": ("access-missing", ("reason", "conditions", "channel")),
    "closed": ("closed-reason-missing", ("reason", "legal_basis")),
}
LACKS = {"access-missing": "terms-lack", "closed-reason-missing": "terms-lack-reason"}
"""The same where the terms are shared ones: they may be completed for all, or here for this dataset."""


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
    places: list[tuple[int | None, Mapping[str, Any], str]] = [
        (index, resource, package.openness(resource)) for index, resource in enumerate(package.resources)
    ]
    whole = str(package.descriptor.get("openness") or "")
    told_of_all = False
    for index, resource, openness in places or [(None, {}, whole)]:
        if openness not in NEEDS or (resource and package.embargo(resource)):
            continue
        own = resource.get("access")
        shared = _shared(package, index if own else None)
        if shared and not shared.file:
            continue  # told already: there is no such block
        terms = own or package.descriptor.get("access")
        terms = terms if isinstance(terms, Mapping) else {}
        name, keys = NEEDS[openness]
        missing = [key for key in keys if not terms.get(key)]
        # Terms of the package that lack something lack it for all its resources alike: told once.
        if missing and (own or not told_of_all):
            told_of_all = told_of_all or not own
            stated_here = own or resource.get("openness")
            if shared:
                name = LACKS[name]
            yield in_descriptor(
                package,
                name,
                resource=resource if stated_here else None,
                field="access",
                expected=", ".join(missing),
                value=shared.use if shared else "",
                more=(
                    *((f"expected_{lang}", _labelled(missing, lang)) for lang in ("zh", "en")),
                    *((("terms", shared.file),) if shared else ()),
                ),
            )


def _shared(package: Package, resource: int | None) -> Borrowed | None:
    return next((each for each in package.borrowed if each.resource == resource), None)


def _labelled(keys: list[str], lang: str) -> str:
    labels = labels_of(ACCESS)
    if lang == "zh":
        return "、".join(f"{key}（{labels[key]['zh']}）" for key in keys)
    return ", ".join(f"{key} ({labels[key]['en'].lower()})" for key in keys)


def check_review(package: Package, _: Catalog, today: datetime.date) -> Iterator[Problem]:
    stated = [
        (None, package.descriptor.get("access")),
        *((i, r.get("access")) for i, r in enumerate(package.resources)),
    ]
    for index, terms in stated:
        review = terms.get("review_by") if isinstance(terms, Mapping) else None
        if isinstance(review, str) and re.match(DATE["pattern"], review) and review < today.isoformat():
            shared = package.borrows(index, "review_by")
            problem = in_descriptor(package, "review-overdue", field="access.review_by", value=review)
            yield replace(problem, file=shared.file, field=f"{shared.use}.review_by") if shared else problem
