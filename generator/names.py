"""What a package and its resources are called in the site: names made fit for addresses."""

from __future__ import annotations

from collections.abc import Iterable

from generator.model import Package
from generator.text import slug


def address(package: Package, taken: set[str]) -> str:
    """The name, made fit for an address; where the portal allows names twice, the folder tells them apart."""
    name = own_name(package)
    candidates = [name, slug(package.folder.replace("/", "-")) or name]
    free = next((c for c in candidates if c not in taken), "")
    number = 2
    while not free:
        free = f"{name}-{number}" if f"{name}-{number}" not in taken else ""
        number += 1
    taken.add(free)
    return free


def own_name(package: Package) -> str:
    """The address of a package whose name no other one has."""
    return slug(package.name) or name_of_folder(package.folder)


def name_of_folder(folder: str) -> str:
    return slug(folder.rpartition("/")[2]) or "dataset"


def resource_names(package: Package) -> tuple[str, ...]:
    """One for each of the package's resources, none twice."""
    stated = (str(resource.get("name") or "").strip() for resource in package.resources)
    return told_apart(slug(name) or f"resource-{number}" for number, name in enumerate(stated, 1))


def told_apart(names: Iterable[str]) -> tuple[str, ...]:
    """Slugs of different names may meet: number the later ones."""
    taken: dict[str, None] = {}
    for name in names:
        free, number = name, 2
        while free in taken:
            free, number = f"{free}-{number}", number + 1
        taken[free] = None
    return tuple(taken)
