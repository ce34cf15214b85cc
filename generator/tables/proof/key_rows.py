"""The keys of one table: what they say of its rows."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby, islice
from typing import Any

from generator.tables.proof.cells import Interner
from generator.tables.proof.keys import Reference, Space, Tuples, Unique, comparable
from generator.tables.proof.opened import Table, Way, open_table
from generator.tables.proof.outcome import NotProved
from generator.tables.proof.replay import KeyNotes, table_keys
from generator.tables.proof.walk import Rows, walk

Cells = Callable[[Sequence[int]], Iterator[tuple[int, Sequence[str]]]]
"""The cells of the rows at some positions."""

_Event = tuple[int, str, int, int]
"""A row's position, the kind of the key, its column or number, and the position of the row before it, if any."""


@dataclass(slots=True)
class Keys:
    uniques: Sequence[tuple[int, Unique]]
    """With the column; -1 for the primary key, which comes last."""
    references: Sequence[tuple[int, Reference]]
    """With the number of the foreign key."""
    table: Table

    @classmethod
    def of(cls, table: Table, way: Way, space: Space) -> Keys:
        """The referenced tables are read here. All columns of a key get values that can be compared."""
        if way.interns:
            table = _interning(table, Interner(), table.foreign_keys)
        found = table_keys(table.resource, [column.field for column in table.columns], table.foreign_keys)
        uniques = [
            (which if kind == "unique" else -1, Unique(_names(table, columns), kind == "primary", space))
            for (kind, which), columns in found.items()
            if kind != "foreign"
        ]
        for _, key in uniques:
            _check_kinds(table, key.fields)
        references = [
            (which, _reference(table, table.foreign_keys[which], way, space))
            for kind, which in found
            if kind == "foreign"
        ]
        return cls(uniques, references, table)

    @property
    def wanted(self) -> frozenset[str]:
        return frozenset(name for key in self._collecting for name in key.fields)

    @property
    def _collecting(self) -> list[Unique | Reference | Tuples]:
        theirs = [reference.theirs for _, reference in self.references if reference.within]
        return [*(key for _, key in self.uniques), *(reference for _, reference in self.references), *theirs]

    @property
    def needs_all_rows(self) -> bool:
        """A key to the table itself may lead to any row of it: frictionless reads them all beforehand."""
        return any(reference.within for _, reference in self.references)

    def add(self, rows: Rows) -> None:
        for key in self._collecting:
            exact = all(self.table.column(name).kind != "number" for name in key.fields)
            key.add([rows.keyed[name] for name in key.fields], exact=exact)

    def count(self, limit: int) -> int:
        """How many errors there are by now: exactly up to the limit, and not fewer than it says."""
        found = sum(1 for _, key in self.uniques for _ in islice(key.nulls, limit))
        found += sum(1 for _, key in self.uniques if key.exact for _ in key.repeats(limit))
        return found

    def hold(self) -> bool:
        for _, key in self.uniques:
            if next(key.nulls, None) is not None or next(key.candidates(1), None):
                return False
        for _, reference in self.references:
            if not reference.exact:
                raise NotProved("key-candidates")
            if next(reference.missing(1), None) is not None:
                return False
        return True

    def notes(self, limit: int, cells: Cells, number: Callable[[int], int]) -> Iterator[tuple[int, KeyNotes]]:
        """For each row of which a key says something, its position and what that is; as many as a report can hold."""
        events = heapq.merge(*self._events(limit or None, cells))
        for position, some in groupby(events, lambda event: event[0]):
            unique: dict[int, int] = {}
            primary, foreign = None, []
            for _, kind, which, before in some:
                if kind == "unique":
                    unique[which] = number(before)
                elif kind == "primary":
                    primary = 0 if before < 0 else number(before)
                else:
                    foreign.append(which)
            yield position, KeyNotes(unique, primary, foreign)

    def _events(self, limit: int | None, cells: Cells) -> Iterator[Iterator[_Event]]:
        for column, key in self.uniques:
            kind = "primary" if key.primary else "unique"
            yield _repeats(kind, column, key.repeats(limit, self._fetching(key, cells)))
            yield _nulls(islice(key.nulls, limit))
        for number, reference in self.references:
            yield _missing(number, reference.missing(limit))

    def _fetching(self, key: Unique, cells: Cells) -> Callable[[Sequence[int]], list[tuple[Hashable, ...]]]:
        names = [column.name for column in self.table.columns]
        places = [(names.index(name), self.table.column(name).reader) for name in key.fields]

        def fetch(positions: Sequence[int]) -> list[tuple[Hashable, ...]]:
            return [
                tuple(reader.value(row[place]) if place < len(row) else None for place, reader in places)
                for _, row in cells(positions)
            ]

        return fetch


def _repeats(kind: str, column: int, pairs: Iterator[tuple[int, int]]) -> Iterator[_Event]:
    return ((row, kind, column, before) for row, before in pairs)


def _nulls(rows: Iterator[int]) -> Iterator[_Event]:
    return ((row, "primary", -1, -1) for row in rows)


def _missing(number: int, rows: Iterator[int]) -> Iterator[_Event]:
    return ((row, "foreign", number, -1) for row in rows)


def _names(table: Table, columns: Sequence[int]) -> tuple[str, ...]:
    return tuple(table.columns[column].name for column in dict.fromkeys(columns))


def _check_kinds(table: Table, names: Sequence[str]) -> None:
    if not all(table.column(name).kind for name in names):
        raise NotProved("key-form")


def _reference(table: Table, key: Mapping[str, Any], way: Way, space: Space) -> Reference:
    ours, name = tuple(key["fields"]), key["reference"]["resource"]
    fields = tuple(key["reference"]["fields"])
    within = not name or name == table.resource.name
    package = table.resource.package
    if within:
        other = table
    elif package and package.has_resource(name):
        other = open_table(package.get_resource(name), way)
        if way.interns:
            interner = next(column.interner for column in table.columns if column.interner)
            other = _interning(other, interner, [], fields)
    else:
        raise NotProved("reference")
    kinds = [(table.column(a).kind, other.column(b).kind) for a, b in zip(ours, fields, strict=True)]
    if not all(comparable(a, b) for a, b in kinds):
        raise NotProved("key-form")
    theirs = Tuples(fields, space, tuple(a != b for a, b in kinds))
    if not within:
        _collect(other, theirs, way)
    return Reference(ours, theirs, within)


def _collect(other: Table, theirs: Tuples, way: Way) -> None:
    """Whether the other table is valid is no concern here, but frictionless may crash on its keys."""
    found = table_keys(other.resource, [column.field for column in other.columns], [])
    read = [*map(other.column, theirs.fields), *(other.columns[c] for c in chain(*found.values()))]
    if any(column.field.type in ("array", "list", "object") for column in read):
        raise NotProved("reader-crashed")
    exact = all(other.column(name).kind != "number" for name in theirs.fields)
    for rows in walk(other, frozenset(theirs.fields), replace(way, hashes=frozenset())):
        theirs.add([rows.keyed[name] for name in theirs.fields], exact=exact)
    # A row with an error in its keys is read whole by frictionless: then a crash in any column counts.
    if any(column.reader.crashed for column in other.columns) or any(column.reader.crashes_as_key for column in read):
        raise NotProved("reader-crashed")


def _interning(
    table: Table, interner: Interner, foreign_keys: Sequence[Mapping[str, Any]], names: Sequence[str] = ()
) -> Table:
    found = table_keys(table.resource, [column.field for column in table.columns], foreign_keys)
    keyed = {table.columns[column].name for columns in found.values() for column in columns} | set(names)
    for key in foreign_keys:
        if not key["reference"]["resource"] or key["reference"]["resource"] == table.resource.name:
            keyed |= set(key["reference"]["fields"])
    columns = tuple(replace(c, interner=interner, kind="value") if c.name in keyed else c for c in table.columns)
    return replace(table, columns=columns)
