"""What the public asked for and made: the third door to the public side, as narrow as the others.

An entry that is not sound does not come out, and of a sound one only what is named here.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace

from generator.model import Catalog, Submission
from generator.public import Agency, Demand, Reuse
from generator.public import Catalog as PublicCatalog
from generator.submissions import is_sound
from generator.text import Text, text_of


def with_community(site: PublicCatalog, catalog: Catalog, today: datetime.date) -> PublicCatalog:
    """``site`` with its lists of demands and reuses, the newest first, and each dataset with what concerns it."""
    if not catalog.submissions:
        return site
    living = {dataset.name for dataset in site.datasets}
    sound = list(_first_of_each([each for each in catalog.submissions if is_sound(each, today)]))
    agencies = {agency.id: agency for agency in site.agencies}
    demands = [_demand(each, living, agencies, catalog) for each in sound if each.kind == "demand"]
    reuses = [_reuse(each, living) for each in sound if each.kind == "reuse"]
    demands.sort(key=lambda each: each.asked, reverse=True)
    reuses.sort(key=lambda each: each.published, reverse=True)
    datasets = tuple(
        replace(
            dataset,
            demands=tuple(each for each in demands if dataset.name in each.datasets),
            reuses=tuple(each for each in reuses if dataset.name in each.datasets),
        )
        for dataset in site.datasets
    )
    return replace(site, datasets=datasets, demands=tuple(demands), reuses=tuple(reuses))


def _first_of_each(submissions: list[Submission]) -> Iterator[Submission]:
    seen: set[tuple[str, str]] = set()
    for each in submissions:
        if (key := (each.kind, each.text("id"))) not in seen:
            seen.add(key)
            yield each


def _demand(each: Submission, living: set[str], agencies: dict[str, Agency], catalog: Catalog) -> Demand:
    values, agency = each.values, each.text("agency")
    body = catalog.bodies.get(agency)
    return Demand(
        id=each.text("id"),
        title=text_of(values, "title"),
        wanted=text_of(values, "wanted"),
        purpose=text_of(values, "purpose"),
        organization=text_of(values, "organization"),
        asked=each.text("asked"),
        status=each.text("status"),
        reply=text_of(values, "reply"),
        replied=each.text("replied"),
        agency=agency if agency in agencies else "",
        # One that publishes nothing has no page, but may well have answered.
        agency_name=text_of(body.descriptor, "name") if body else Text(),
        datasets=_datasets(each, living),
        url=each.text("url"),
        demonstration=text_of(values, "demonstration"),
    )


def _reuse(each: Submission, living: set[str]) -> Reuse:
    values = each.values
    return Reuse(
        id=each.text("id"),
        title=text_of(values, "title"),
        description=text_of(values, "description"),
        type=each.text("type"),
        organization=text_of(values, "organization"),
        url=each.text("url"),
        published=each.text("published"),
        status=each.text("status") or "active",
        reply=text_of(values, "reply"),
        replied=each.text("replied"),
        datasets=_datasets(each, living),
        demonstration=text_of(values, "demonstration"),
    )


def _datasets(each: Submission, living: set[str]) -> tuple[str, ...]:
    listed = each.values.get("datasets")
    return tuple(name for name in listed if name in living) if isinstance(listed, list) else ()
