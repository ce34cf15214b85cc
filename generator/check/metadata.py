"""What a public catalogue needs to know of a dataset, beyond the Data Package standard."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping

from generator import terms, vocabularies
from generator.check.place import in_descriptor, is_withheld, shown
from generator.freshness import due
from generator.model import Catalog, Package, listed_licenses
from generator.problems import Problem
from generator.text import slug, stated_languages, text_of

SLUG = re.compile(terms.SLUG["pattern"])


def check_name(package: Package, _: Catalog, __: datetime.date) -> Iterator[Problem]:
    folder = package.folder.rpartition("/")[2]
    if not package.name:
        yield in_descriptor(package, "name-missing", field="name", expected=slug(folder) or "…")
    elif not SLUG.match(package.name):
        yield in_descriptor(
            package,
            "name-invalid",
            field="name",
            value=shown(package.name),
            expected=slug(package.name) or slug(folder),
        )
    elif package.name != folder and package.folder != ".":
        yield in_descriptor(package, "name-not-folder", field="name", value=package.name, expected=folder)


def check_texts(package: Package, _: Catalog, __: datetime.date) -> Iterator[Problem]:
    languages = stated_languages(package.descriptor)
    no_english = []
    for key in ("title", "description"):
        text = text_of(package.descriptor, key, languages)
        if not text:
            yield in_descriptor(package, f"{key}-missing", field=key)
        elif not text.has("en"):
            no_english.append(f"{key}_en")
    if no_english:
        yield in_descriptor(package, "english-missing", field=no_english[0], expected=", ".join(no_english))
    if not package.descriptor.get("keywords"):
        yield in_descriptor(package, "keywords-missing", field="keywords")


def check_licenses(package: Package, _: Catalog, __: datetime.date) -> Iterator[Problem]:
    """A known and open licence for what is open to all. The rest is given under its own terms, or not at all."""
    if all(is_withheld(package, resource) for resource in package.resources):
        return
    listed = listed_licenses(package.descriptor)
    if not listed:
        yield in_descriptor(package, "license-missing", field="licenses")
    for entry in listed:
        name, url = str(entry.get("name") or entry.get("type") or ""), str(entry.get("path") or entry.get("url") or "")
        if not name and not url:
            continue  # the standard forbids it, and frictionless says so
        known = vocabularies.find_license(name, url)
        if known is None:
            yield in_descriptor(
                package, "license-unknown", field="licenses", value=shown(name or url), expected="CC-BY-4.0"
            )
        elif not known.open:
            yield in_descriptor(package, "license-not-open", field="licenses", value=known.name)


def check_contact(package: Package, catalog: Catalog, _: datetime.date) -> Iterator[Problem]:
    body = catalog.bodies.get(package.agency)
    if package.agency and not body:
        return  # its contact may be all right: that the agency is not known is told instead
    for contact in (package.descriptor.get("contact"), body.descriptor.get("contact") if body else None):
        if isinstance(contact, Mapping) and any(contact.get(key) for key in ("email", "phone", "url")):
            return
    yield in_descriptor(package, "contact-missing", field="contact")


def check_agencies(package: Package, catalog: Catalog, _: datetime.date) -> Iterator[Problem]:
    if not package.agency:
        yield in_descriptor(package, "agency-missing", field="agency")
    elif package.agency not in catalog.bodies:
        yield in_descriptor(package, "agency-unknown", field="agency", value=shown(package.agency))
    source = package.descriptor.get("source_department")
    if not source:
        yield in_descriptor(
            package, "source-department-missing", field="source_department", expected=package.agency or "…"
        )
    elif isinstance(source, str) and source not in (package.agency, *catalog.bodies):
        yield in_descriptor(package, "agency-unknown", field="source_department", value=shown(source))


def check_classification(package: Package, _: Catalog, __: datetime.date) -> Iterator[Problem]:
    """Only that they are there: whether they are in their vocabularies is a matter of form."""
    if not package.descriptor.get("theme"):
        yield in_descriptor(package, "theme-missing", field="theme")
    if not package.descriptor.get("update_cycle"):
        yield in_descriptor(package, "update-cycle-missing", field="update_cycle")


DATES = ("created", "modified")


def check_dates(package: Package, _: Catalog, today: datetime.date) -> Iterator[Problem]:
    days = {key: str(package.descriptor.get(key) or "")[:10] for key in DATES}
    for key, day in days.items():
        if day and re.match(terms.DATE["pattern"], day):
            try:
                if datetime.date.fromisoformat(day) > today:
                    yield in_descriptor(package, "date-in-future", field=key, value=day, expected=today.isoformat())
            except ValueError:
                if key == "modified" or not package.resources:  # of created, frictionless says it
                    yield in_descriptor(package, "date-invalid", field=key, value=day)
    last = days["modified"] or package.committed or days["created"]
    promise = due(str(package.descriptor.get("update_cycle") or ""), last, today)
    if promise.is_overdue:
        cycle = vocabularies.update_cycles()[promise.cycle]
        labels = (("cycle_zh", cycle.label.to("zh")[0]), ("cycle_en", cycle.label.to("en")[0]))
        yield in_descriptor(package, "update-overdue", field="modified", value=cycle.id, expected=last, more=labels)
