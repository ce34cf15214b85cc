"""Watches the rows of one table that is to be published, in the pass that judges it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from generator.disclosure.groups import Groups, Small, combined
from generator.disclosure.looked import Column, Looked, look_at_cells
from generator.disclosure.sightings import Sighting, weigh

K = 5
"""Rows that must share each combination of quasi-identifiers, where the descriptor says no other number."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of a table before it is read."""

    latest: datetime.date
    allowed: frozenset[str] = frozenset()
    """Phones of offices."""
    columns: Mapping[str, Column] = field(default_factory=dict)
    """By name."""
    theme: str = ""
    quasi_identifiers: tuple[str, ...] = ()
    k: int = K


@dataclass(frozen=True, slots=True)
class _Examined:
    looked: list[Looked]
    groups: Any


class TableWatch:
    """``begin``; then ``examine`` each piece, in any thread, and ``add`` what came of it in the order of the rows."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.columns: list[Column] = []
        self.is_whole = False
        self.places: Mapping[int, tuple[int, str, int | None]] = {}
        """Of the rows that are told: number, file and line."""
        self.small = Small()
        self._looked: list[Looked] = []
        self._groups: Groups | None = None
        self._rows = 0
        self._quasi: list[int] = []

    def begin(self, fields: Sequence[Any]) -> None:
        """Anew: whatever came before is void. ``fields`` have ``name``, ``title`` and ``type``."""
        self.discard()
        known, names = self.asked.columns, [str(field.name) for field in fields]
        self.columns = [
            replace(known[name], type=str(field.type))
            if name in known
            else Column(name, str(field.title or ""), str(field.type))
            for name, field in zip(names, fields, strict=True)
        ]
        self._looked = [Looked() for _ in names]
        self._quasi = [names.index(name) for name in self.asked.quasi_identifiers if name in names]
        self._groups = Groups() if self._quasi else None
        self._rows, self.is_whole = 0, False

    def examine(self, columns: Sequence[Any]) -> _Examined:
        """``columns``: Arrow's arrays of texts, or lists of texts."""
        latest, allowed = self.asked.latest, self.asked.allowed
        looked = []
        for column, cells in zip(self.columns, columns, strict=True):
            if isinstance(cells, list):
                looked.append(look_at_cells(column, cells, latest, allowed))
            else:
                from generator.disclosure.arrow import look

                looked.append(look(column, cells, latest, allowed))
        return _Examined(looked, combined([columns[n] for n in self._quasi]) if self._quasi else None)

    def add(self, examined: _Examined, rows: int) -> None:
        for mine, theirs in zip(self._looked, examined.looked, strict=True):
            mine.join(theirs.after(self._rows))
        if self._groups is not None:
            self._groups.add(examined.groups)
        self._rows += rows

    def finish(self) -> None:
        self.is_whole = True
        if self._groups is not None:
            self.small = self._groups.below(self.asked.k)
            self._groups.close()

    def discard(self) -> None:
        if self._groups is not None:
            self._groups.close()

    def sightings(self) -> list[Sighting]:
        declared = bool(self.asked.quasi_identifiers)
        return weigh(self.columns, self._looked, theme=self.asked.theme, groups_declared=declared)

    def rows(self) -> frozenset[int]:
        """Those that will be told, by how many rows come before them."""
        first = {self.small.first} if self.small.groups else set()
        return frozenset(row for row in (*(s.row for s in self.sightings()), *first) if row >= 0)
