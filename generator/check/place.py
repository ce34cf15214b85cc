"""Where a problem is: the parts that all problems of a package share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.model import Package
from generator.problems import Problem


def in_descriptor(package: Package, name: str, *, resource: Mapping[str, Any] | None = None, **parts: Any) -> Problem:
    """A problem to be mended in the package's descriptor."""
    return Problem(name, dataset=package.folder, file=package.file, resource=named(resource), **parts)


def named(resource: Mapping[str, Any] | None) -> str:
    return str(resource.get("name") or "") if resource else ""


def shown(value: Any) -> str:
    """A property's value as a message shows it."""
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 120 else text[:117] + "…"
