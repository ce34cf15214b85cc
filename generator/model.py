"""The raw side: descriptors as their authors wrote them. Nothing after ``publicise`` sees these values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.problems import Problem


@dataclass(frozen=True, slots=True)
class Package:
    folder: str
    """Of the descriptor, relative to the datasets folder, with ``/``; ``.`` for that folder itself."""
    path: Path
    """The same folder, absolute."""
    file: str
    """The descriptor, relative to the datasets folder."""
    descriptor: Mapping[str, Any]
    """As written, completed with the configuration's defaults."""
    stated: Mapping[str, Any]
    """As written."""
    agency: str
    """Id of the publishing body: stated, else the folder above the dataset's, else the default; may be empty."""
    committed: str = ""
    """ISO date of the last commit that touched the folder; empty when git does not know."""

    @property
    def name(self) -> str:
        name = self.descriptor.get("name")
        return name if isinstance(name, str) else ""

    @property
    def resources(self) -> tuple[Mapping[str, Any], ...]:
        """Those of the descriptor that are objects at all."""
        listed = self.descriptor.get("resources")
        return tuple(r for r in listed if isinstance(r, Mapping)) if isinstance(listed, list) else ()

    def openness(self, resource: Mapping[str, Any]) -> str:
        """A resource's own openness, else the package's; empty when neither is stated."""
        return str(resource.get("openness") or self.descriptor.get("openness") or "")

    def is_open(self, resource: Mapping[str, Any]) -> bool:
        """Only what says so is open: anything unstated or misspelt is not."""
        return self.openness(resource) == "unconditional"

    @property
    def withheld(self) -> tuple[str, ...]:
        """Names of the resources that are not open."""
        return tuple(str(r.get("name") or "") for r in self.resources if not self.is_open(r))


@dataclass(frozen=True, slots=True)
class Body:
    """An agency as its file, or the configuration, describes it."""

    id: str
    file: str
    """Empty when it stands in the configuration."""
    descriptor: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Catalog:
    packages: tuple[Package, ...]
    """Sorted by folder. A descriptor that could not be read is not here, but in ``problems`` and ``unreadable``."""
    bodies: Mapping[str, Body] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    """What was wrong with reading."""
    unreadable: tuple[str, ...] = ()
    """Folders whose descriptor could not be read."""
