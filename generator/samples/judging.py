"""What a sample asks of frictionless. ``generator.tables`` has the answer; ``build`` brings the two together.

Schemas go there in the standard's form (a descriptor), as everything that the tables room is given.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from typing import Any, Protocol

Reading = Callable[[str], tuple[bool, Hashable]]
"""A cell's text → whether it is valid, and what tells its value apart from others; None for a missing one."""


class Judge(Protocol):
    def readings(self, schema: Mapping[str, Any]) -> list[Reading] | None:
        """One for each column; None for a schema that frictionless does not take."""

    def bound(self, schema: Mapping[str, Any], field: str, name: str) -> Any:
        """The value of a field's constraint, read as its cells are; None where there is none."""

    def refused(self, tables: Mapping[str, tuple[Mapping[str, Any], bytes]]) -> Collection[str]:
        """Names of the tables (schema and CSV) that frictionless finds invalid, keys between them included."""
