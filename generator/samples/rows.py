"""Ten invented rows that fit a schema: valid cells, keys that differ, references that lead somewhere.

The same each time: chance is seeded with the names of dataset, resource and column alone.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from generator.public import Field, ForeignKey, Resource, Schema
from generator.samples import unreal
from generator.samples.judging import Judge, Reading
from generator.samples.values import Bound, candidates

ROWS = 10
MARK = "合成示例 synthetic"
"""Stands in every row, so that none is taken for data, however the file is cut."""
MARK_COLUMN = "_synthetic"
_TRIES_A_CELL = 300
_TRIES_A_ROW = 60
_ONE_MISSING_IN = 7


class NoSample(Exception):
    """No row can be made: of a column no value, of the keys no combination, or the schema itself is not taken."""

    def __init__(self, why: Literal["value", "keys", "schema"], field: str = "") -> None:
        super().__init__(why, field)
        self.why = why
        self.field = field


@dataclass(frozen=True, slots=True)
class Table:
    """A sample being made."""

    schema: Schema
    rows: tuple[tuple[str, ...], ...]
    foreign_keys: tuple[ForeignKey, ...]
    """Those that hold: they lead to a table that has a sample, or to the table itself."""


def mark_column(schema: Schema) -> str:
    names = {field.name for field in schema.fields}
    name, number = MARK_COLUMN, 2
    while name in names:
        name, number = f"{MARK_COLUMN}_{number}", number + 1
    return name


def descriptor(schema: Schema, foreign_keys: tuple[ForeignKey, ...] = (), resource: str = "") -> dict[str, Any]:
    """The schema of a sample's file in the standard's form: the mark's column, then the table's."""
    # An empty name: the table itself, as frictionless wants it.
    keys = [
        {
            "fields": list(key.fields),
            "reference": {
                "resource": "" if key.resource == resource else key.resource,
                "fields": list(key.reference_fields),
            },
        }
        for key in foreign_keys
    ]
    made: dict[str, Any] = {
        # The version that is published: bounds that exclude their value are new in it.
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": [mark_field(schema), *map(_field, schema.fields)],
        "missingValues": list(schema.missing_values),
        "primaryKey": list(schema.primary_key),
        "uniqueKeys": [list(key) for key in schema.unique_keys],
        "foreignKeys": keys,
    }
    return {key: value for key, value in made.items() if value or key == "missingValues"}


def mark_field(schema: Schema) -> dict[str, Any]:
    constraints = {"required": True, "enum": [MARK]}
    return {"name": mark_column(schema), "type": "string", "constraints": constraints, "missingValues": []}


def _field(field: Field) -> dict[str, Any]:
    more = {"format": field.format, "constraints": dict(field.constraints)}
    return {
        "name": field.name,
        "type": field.type,
        **{key: value for key, value in more.items() if value},
        **field.properties,
    }


def fill(dataset: str, resource: Resource, others: Mapping[str, Table], judge: Judge) -> Table:
    """The sample of a resource. ``others`` are those made before, which its foreign keys may lead to."""
    schema = resource.schema
    assert schema is not None, "only tables with a schema get here"
    stated = descriptor(schema)
    readings = judge.readings(stated)
    if readings is None or len(readings) != len(schema.fields) + 1:
        raise NoSample("schema")
    columns = [
        _Column(
            field, schema, reading, partial(judge.bound, stated, field.name), f"{dataset}/{resource.name}/{field.name}"
        )
        for field, reading in zip(schema.fields, readings[1:], strict=True)
    ]
    return _Maker(schema, resource.name, columns, others).table()


class _Column:
    def __init__(self, field: Field, schema: Schema, reading: Reading, bound: Bound, seed: str) -> None:
        self.field, self.reading = field, reading
        self.chance = random.Random(hashlib.sha256(seed.encode("utf-8", "surrogatepass")).digest())
        self._candidates = candidates(field, self.chance, bound)
        stated = field.properties.get("missingValues")
        markers = stated if isinstance(stated, list) else schema.missing_values
        texts = [m for m in markers if isinstance(m, str)]
        self.missing = next((text for text in texts if self._is_missing(text)), None)

    def _is_missing(self, text: str) -> bool:
        valid, key = self.reading(text)
        return valid and key is None

    def key(self, text: str) -> Hashable:
        return self.reading(text)[1]

    def takes(self, text: str) -> bool:
        valid, key = self.reading(text)
        return valid and key is not None

    def value(self) -> str:
        """The next text that the column takes, and that nobody could take for a real person's or firm's."""
        for _ in range(_TRIES_A_CELL):
            text = self._next()
            if text is None:
                break
            if self.takes(text) and unreal.is_unreal(text):
                return text
        if self.missing is not None:
            return self.missing
        raise NoSample("value", self.field.name)

    def _next(self) -> str | None:
        try:
            return next(self._candidates, None)
        except Exception:  # bounds at the end of time, or of two kinds: then there is no value, and a word about it
            return None

    def may_be_left_out(self) -> bool:
        return self.missing is not None and self.chance.randrange(_ONE_MISSING_IN) == 0


class _Maker:
    def __init__(self, schema: Schema, name: str, columns: list[_Column], others: Mapping[str, Table]) -> None:
        self._schema, self._name, self._columns, self._others = schema, name, columns, others
        self._position = {column.field.name: index for index, column in enumerate(columns)}
        keys = [schema.primary_key, *schema.unique_keys]
        keys += [(column.field.name,) for column in columns if column.field.constraints.get("unique") is True]
        self._keys = [tuple(self._position[name] for name in key) for key in keys if key and self._knows(key)]
        self._in_keys = {index for key in self._keys for index in key}
        self._seen: list[set[tuple[Hashable, ...]]] = [set() for _ in self._keys]
        self._references = [key for key in schema.foreign_keys if self._can_hold(key)]

    def _knows(self, names: tuple[str, ...]) -> bool:
        return all(name in self._position for name in names)

    def _is_own(self, key: ForeignKey) -> bool:
        return key.resource in ("", self._name)

    def _can_hold(self, key: ForeignKey) -> bool:
        if not key.fields or len(key.fields) != len(key.reference_fields) or not self._knows(key.fields):
            return False
        if self._is_own(key):
            return self._knows(key.reference_fields) and not set(key.fields) & set(key.reference_fields)
        return bool(self._targets(key))

    def _targets(self, key: ForeignKey) -> list[dict[int, str]]:
        """What the key's columns may hold together: values of the other sample that the columns here take too."""
        other = self._others.get(key.resource)
        names = [field.name for field in other.schema.fields] if other else []
        if other is None or not set(key.reference_fields) <= set(names):
            return []
        at = [names.index(name) for name in key.reference_fields]
        here = [self._position[name] for name in key.fields]
        found = [dict(zip(here, (row[index] for index in at), strict=True)) for row in other.rows]
        return [each for each in found if all(self._columns[index].takes(text) for index, text in each.items())]

    def table(self) -> Table:
        while True:
            try:
                rows = tuple(self._rows())
                return Table(self._schema, rows, tuple(self._references))
            except _DoesNotHold as broken:
                self._references = [key for key in self._references if key is not broken.key]
                self._seen = [set() for _ in self._keys]

    def _rows(self) -> Iterator[tuple[str, ...]]:
        rows: list[tuple[str, ...]] = []
        while len(rows) < ROWS and (row := self._new_row(rows)) is not None:
            rows.append(row)
        if not rows:
            raise NoSample("keys")
        yield from rows

    def _new_row(self, rows: list[tuple[str, ...]]) -> tuple[str, ...] | None:
        """One that repeats no key; None when there seem to be no more."""
        for _ in range(_TRIES_A_ROW):
            row = self._row(rows)
            keys = [tuple(self._columns[index].key(row[index]) for index in key) for key in self._keys]
            whole = all(None not in key for key in keys)
            if whole and not any(key in seen for key, seen in zip(keys, self._seen, strict=True)):
                for key, seen in zip(keys, self._seen, strict=True):
                    seen.add(key)
                return row
        return None

    def _row(self, rows: list[tuple[str, ...]]) -> tuple[str, ...]:
        cells: dict[int, str] = {}
        for key in self._references:
            if not self._is_own(key):
                cells |= self._referring(key, self._targets(key), cells)
        own = [key for key in self._references if self._is_own(key)]
        later = {self._position[name] for key in own for name in key.fields}
        for index, column in enumerate(self._columns):
            if index not in cells and index not in later:
                cells[index] = self._cell(index, column)
        for key in own:
            here = [self._position[name] for name in key.fields]
            there = [self._position[name] for name in key.reference_fields]
            before: list[Mapping[int, str]] = [dict(enumerate(row)) for row in rows]
            known = [
                dict(zip(here, (r[i] for i in there), strict=True)) for r in (*before, cells) if set(there) <= set(r)
            ]
            fitting = [each for each in known if all(self._columns[i].takes(text) for i, text in each.items())]
            cells |= self._referring(key, fitting, cells)
        return tuple(cells[index] for index in range(len(self._columns)))

    def _referring(self, key: ForeignKey, targets: list[dict[int, str]], cells: Mapping[int, str]) -> dict[int, str]:
        fitting = [t for t in targets if all(cells.get(index, text) == text for index, text in t.items())]
        if not fitting:
            raise _DoesNotHold(key)
        first = self._columns[self._position[key.fields[0]]]
        return first.chance.choice(fitting)

    def _cell(self, index: int, column: _Column) -> str:
        if index not in self._in_keys and column.may_be_left_out():
            assert column.missing is not None, "asked for just now"
            return column.missing
        return column.value()


class _DoesNotHold(Exception):
    """A foreign key that cannot hold beside the others: it is not stated of the sample."""

    def __init__(self, key: ForeignKey) -> None:
        super().__init__(key)
        self.key = key
