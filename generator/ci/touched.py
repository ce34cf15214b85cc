"""Which datasets a change touches, and which depend on what it touches."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from generator.model import Catalog
from generator.names import own_name
from generator.read import AGENCY_FILE


@dataclass(frozen=True, slots=True)
class Touched:
    """Folders of datasets, relative to the datasets folder."""

    datasets: frozenset[str]
    """Those with a changed file."""
    dependent: frozenset[str]
    """Others whose agency, shared terms or configuration changed."""
    gone: frozenset[str]
    """Those that have no descriptor any more."""
    names_gone: frozenset[str]
    """Names that no dataset has any more."""
    files: frozenset[str]
    """Every changed file below the datasets folder."""

    @property
    def chosen(self) -> frozenset[str]:
        return self.datasets | self.dependent


def touched(files: Collection[str], head: Catalog, base: Catalog, *, configuration: bool) -> Touched:
    """``files`` are the changed ones, relative to the datasets folder. ``configuration``: the portal's changed, too."""
    now, before = _folders(head), _folders(base)
    homes = {_home(file, now | before) for file in files}
    outside = [file for file in files if not _home(file, now | before)]
    dependent = now if configuration else frozenset(_dependent(outside, head))
    datasets = frozenset(homes & now)
    return Touched(
        datasets=datasets,
        dependent=frozenset(dependent) - datasets,
        gone=before - now,
        names_gone=_names(base) - _names(head),
        files=frozenset(files),
    )


def _dependent(files: Collection[str], head: Catalog) -> set[str]:
    """Datasets that a file of no dataset speaks of: an agency's of its own, any other of all beside and below it."""
    found: set[str] = set()
    for file in files:
        folder, _, name = file.rpartition("/")
        if name == AGENCY_FILE:
            agency = folder.rpartition("/")[2]
            found |= {p.folder for p in head.packages if agency in (p.agency, p.descriptor.get("source_department"))}
        elif name.endswith((".yaml", ".yml", ".json")):
            found |= {p.folder for p in head.packages if not folder or p.folder.startswith(f"{folder}/")}
    return found


def _folders(catalog: Catalog) -> frozenset[str]:
    return frozenset(package.folder for package in catalog.packages) | frozenset(catalog.unreadable)


def _names(catalog: Catalog) -> frozenset[str]:
    return frozenset(map(own_name, catalog.packages))


def _home(file: str, folders: Collection[str]) -> str:
    """The dataset that a file belongs to: the nearest folder above it that has a descriptor."""
    folder = file.rpartition("/")[0]
    while folder:
        if folder in folders:
            return folder
        folder = folder.rpartition("/")[0]
    return "." if "." in folders else ""
