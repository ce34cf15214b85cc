"""The rules for descriptors. What the tables hold is checked in ``generator.tables``."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping

from generator.check import (
    access,
    catalogue,
    copies,
    files,
    form,
    limits,
    metadata,
    names,
    spelling,
    unlisted,
    views,
    waivers,
    withheld,
)
from generator.check.releases import check_changes as check_changes
from generator.check.submissions import check_submissions as check_submissions
from generator.check.versions import check_versions as check_versions
from generator.model import Body, Catalog, Package, SharedTerms
from generator.problems import Problem

Rule = Callable[[Package, Catalog, datetime.date], Iterator[Problem]]

PACKAGE_RULES: tuple[Rule, ...] = (
    access.check_openness,
    access.check_terms,
    access.check_review,
    metadata.check_name,
    metadata.check_texts,
    metadata.check_licenses,
    metadata.check_contact,
    metadata.check_agencies,
    metadata.check_classification,
    metadata.check_dates,
    form.check_form,
    spelling.check_spelling,
    files.check_resources,
    files.check_paths,
    files.check_encodings,
    files.check_schemas,
    views.check_views,
    unlisted.check_unlisted,
    withheld.check_present,
    withheld.check_inline,
    withheld.check_shared,
    withheld.check_descriptor_as_data,
    withheld.check_history,
    withheld.check_kept_at,
    limits.check_limits,
    names.check_names,
    waivers.check_waivers,
    waivers.check_quasi_identifiers,
)
LASTING: tuple[Rule, ...] = (form.check_form, files.check_encodings, limits.check_limits)
"""Those that take their time or read data, and look at nothing but the descriptor and the files that it names. What
they find holds as long as those stay the same."""
CATALOGUE_RULES: tuple[Callable[[Catalog], Iterator[Problem]], ...] = (
    catalogue.check_names_unique,
    catalogue.check_codes_unique,
    catalogue.check_items_unique,
    names.check_look_alikes,
    unlisted.check_beside_packages,
    copies.check_copies,
)
BODY_RULES: tuple[Callable[[Body], Iterator[Problem]], ...] = (form.check_body,)
TERMS_RULES: tuple[Callable[[SharedTerms], Iterator[Problem]], ...] = (form.check_shared_terms,)


Found = Mapping[str, tuple[Problem, ...]]
"""What rules found, by their names."""


def check_package(package: Package, catalog: Catalog, today: datetime.date) -> Iterator[Problem]:
    """Everything wrong with one descriptor and the files that it names."""
    for rule in PACKAGE_RULES:
        yield from rule(package, catalog, today)


def by_rule(package: Package, catalog: Catalog, today: datetime.date, *, lasting: bool) -> Found:
    """The same in two parts: what the rules of ``LASTING`` find, and what the others do."""
    return {
        rule.__name__: tuple(rule(package, catalog, today)) for rule in PACKAGE_RULES if (rule in LASTING) == lasting
    }


def in_order_of_rules(found: Found) -> Iterator[Problem]:
    for rule in PACKAGE_RULES:
        yield from found.get(rule.__name__, ())


def check_catalogue(catalog: Catalog) -> Iterator[Problem]:
    """What is wrong between packages."""
    for rule in CATALOGUE_RULES:
        yield from rule(catalog)


def check_bodies(catalog: Catalog) -> Iterator[Problem]:
    """What is wrong with the agencies, and with the terms that datasets share."""
    for body in catalog.bodies.values():
        for body_rule in BODY_RULES:
            yield from body_rule(body)
    for block in catalog.shared_terms:
        for terms_rule in TERMS_RULES:
            yield from terms_rule(block)
