"""The rules for descriptors. What the tables hold is checked in ``generator.tables``."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator

from generator.check import access, catalogue, files, form, metadata
from generator.model import Body, Catalog, Package
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
    files.check_resources,
    files.check_paths,
    files.check_encodings,
    files.check_schemas,
    files.check_unlisted,
)
CATALOGUE_RULES: tuple[Callable[[Catalog], Iterator[Problem]], ...] = (
    catalogue.check_names_unique,
    catalogue.check_codes_unique,
    catalogue.check_items_unique,
)
BODY_RULES: tuple[Callable[[Body], Iterator[Problem]], ...] = (form.check_body,)


def check_package(package: Package, catalog: Catalog, today: datetime.date) -> Iterator[Problem]:
    """Everything wrong with one descriptor and the files that it names."""
    for rule in PACKAGE_RULES:
        yield from rule(package, catalog, today)


def check_catalogue(catalog: Catalog) -> Iterator[Problem]:
    """What is wrong between packages, and with the agencies."""
    for rule in CATALOGUE_RULES:
        yield from rule(catalog)
    for body in catalog.bodies.values():
        for body_rule in BODY_RULES:
            yield from body_rule(body)
