"""What may have been meant by the wrong cells of one table. A few are compared, the rest would take too long."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from generator.tables.near import MOST, Clause, near_allowed, near_cell

if TYPE_CHECKING:
    import frictionless

COMPARED = 20
"""Cells of a table that are compared with a list: some ten milliseconds each."""
_NONE: Clause = ("", "")


class Nearby:
    """Of one ``frictionless.Resource``. The tables that its keys lead to are opened once."""

    def __init__(self, resource: frictionless.Resource) -> None:
        self._resource = resource
        self._left = COMPARED
        self._keys: dict[tuple[str, str], Sequence[str]] = {}

    def of(self, error: Any, field: Any) -> Clause:
        """``error`` is a ``frictionless.Error``, ``field`` the field that it is about."""
        if error.type == "type-error" and field is not None:
            return near_cell(str(error.cell), field)
        if error.type == "constraint-error" and field is not None and error.note.startswith('constraint "enum"'):
            return self._compared(str(error.cell), field.constraints["enum"])
        if error.type == "foreign-key" and len(error.field_cells) == 1 and self._left:
            name = (error.reference_name, error.reference_field_names[0])
            if name not in self._keys:
                self._keys[name] = self._first_keys(*name)
            return self._compared(str(error.field_cells[0]), self._keys[name])
        return _NONE

    def _compared(self, cell: str, allowed: Sequence[Any]) -> Clause:
        if not self._left:
            return _NONE
        self._left -= 1
        return near_allowed(cell, allowed)

    def _first_keys(self, table: str, field: str) -> Sequence[str]:
        """Of a table that is not open the rows have been set aside, and nothing is told."""
        import frictionless

        try:
            found = self._resource.package.get_resource(table) if table else self._resource  # type: ignore[union-attr]  # no package, no such key
            with found.to_copy() as copy:
                rows = itertools.islice(copy.row_stream, MOST)
                return list(dict.fromkeys(str(row[field]) for row in rows if row[field] is not None))
        except (frictionless.FrictionlessException, KeyError, AttributeError):
            return ()  # only a hint is lost
