"""What must be unique among all packages. The one that comes later in the order of folders is told."""

from __future__ import annotations

from collections.abc import Iterator

from generator.check.place import in_descriptor
from generator.model import Catalog
from generator.problems import Problem


def check_names_unique(catalog: Catalog) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for package in catalog.packages:
        if package.name and package.name in first:
            yield in_descriptor(package, "name-taken", field="name", value=package.name, expected=first[package.name])
        first.setdefault(package.name, package.folder)


def check_codes_unique(catalog: Catalog) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for package in catalog.packages:
        code = package.descriptor.get("catalogue_code")
        if not isinstance(code, str) or not code:
            continue
        if code in first:
            yield in_descriptor(
                package, "catalogue-code-taken", field="catalogue_code", value=code, expected=first[code]
            )
        first.setdefault(code, package.folder)


def check_items_unique(catalog: Catalog) -> Iterator[Problem]:
    """一数一源: one data item has one legal source (Art. 8 of the regulation)."""
    first: dict[str, str] = {}
    for package in catalog.packages:
        collection = package.descriptor.get("collection")
        items = collection.get("items") if isinstance(collection, dict) else None
        for item in dict.fromkeys(i for i in (items if isinstance(items, list) else ()) if isinstance(i, str)):
            if item in first:
                yield in_descriptor(
                    package, "data-item-taken", field="collection.items", value=str(item), expected=first[item]
                )
            first.setdefault(item, package.folder)
