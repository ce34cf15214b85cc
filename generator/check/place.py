"""Where a problem is, and what all rules ask of a package."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from generator.model import Catalog, Package
from generator.problems import Problem


def in_descriptor(package: Package, name: str, *, resource: Mapping[str, Any] | None = None, **parts: Any) -> Problem:
    """A problem to be mended in the package's descriptor."""
    return Problem(name, dataset=package.folder, file=package.file, resource=named(resource), **parts)


def in_data(
    package: Package, name: str, path: str, *, resource: Mapping[str, Any] | None = None, **parts: Any
) -> Problem:
    """A problem to be looked for in a data file of the package."""
    file = path if package.folder == "." else f"{package.folder}/{path}"
    return Problem(name, dataset=package.folder, file=file, resource=named(resource), **parts)


def named(resource: Mapping[str, Any] | None) -> str:
    return str(resource.get("name") or "") if resource else ""


def is_withheld(package: Package, resource: Mapping[str, Any]) -> bool:
    """Stated not to be open. Where nothing is stated, the rules for open data are told as well: it may be meant so."""
    return package.openness(resource) in ("conditional", "closed")


def shown(value: Any) -> str:
    """A property's value as a message shows it."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else text[:117] + "…"


def in_repository(package: Package, catalog: Catalog, path: str) -> str:
    """A file of the package as the commands of git want it, from the portal's folder."""
    folder = "" if package.folder == "." else f"{package.folder}/"
    return f"{catalog.root.name or 'datasets'}/{folder}{PurePosixPath(path).as_posix()}"
