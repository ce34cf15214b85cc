"""Rows of two open tables: what of the comparison is told, and how values are shown."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from generator.differences.values import Cell, ColumnShift, RowChanges, Sample, State
from generator.disclosure.examples import shown
from generator.errors import SpaceError
from generator.model import Package, is_remote, paths_of

if TYPE_CHECKING:
    from generator.tables.rows import Pair, RowsCompared

_CELLS = 6
"""Cells of a row that was added or removed."""


def compared_rows(
    before: tuple[Package, str],
    after: tuple[Package, str],
    schemas: Sequence[Mapping[str, Any] | None],
    renamed: Mapping[str, str],
    today: datetime.date,
    samples: int,
) -> tuple[RowChanges | None, str]:
    """The changes, or why the rows were not compared. The packages' files are there, and harmless."""
    from generator.tables import is_table
    from generator.tables.rows import Table, compare_rows

    if not all(is_table(_resource(*side), side[0].path) for side in (before, after)):
        return None, "no-table"
    tables = [Table(_alone(package, name), name, package.path) for package, name in (before, after)]
    try:
        found = compare_rows(*tables, renamed=renamed, key=_key(schemas, renamed), samples=samples)
    except SpaceError:
        raise
    except Exception:  # whatever the library says of a table that it cannot read: the check tells what is wrong
        return None, "unreadable"
    return _changes(found, today), ""


def counted_rows(package: Package, name: str, state: State) -> RowChanges | None:
    """Of a table that came or went as a whole."""
    from generator.tables import is_table
    from generator.tables.rows import Table, count_rows

    if not is_table(_resource(package, name), package.path):
        return None
    try:
        count = count_rows(Table(_alone(package, name), name, package.path))
    except Exception:  # as below
        return None
    came = state == "added"
    return RowChanges((), 0 if came else count, count if came else 0, count if came else 0, 0 if came else count, 0)


def _resource(package: Package, name: str) -> Mapping[str, Any]:
    return next(r for r in package.resources if str(r.get("name") or "") == name)


def _alone(package: Package, name: str) -> dict[str, Any]:
    """A descriptor of this resource alone: nothing else that the package has can be read, or be wrong."""
    resource = {key: value for key, value in _resource(package, name).items() if key not in ("hash", "bytes", "rows")}
    if any(is_remote(path) for path in paths_of(resource)):
        raise ValueError("remote")
    return {"name": "compared", "resources": [resource]}


def _key(schemas: Sequence[Mapping[str, Any] | None], renamed: Mapping[str, str]) -> list[str]:
    """The primary key of both; the new one where they differ; else a column that is required and unique."""
    if not (schemas[0] and schemas[1]):
        return []
    old, new = (list(schema["primaryKey"]) for schema in (schemas[0], schemas[1]) if schema)
    names = {renamed.get(field["name"], field["name"]) for field in schemas[0]["fields"]}
    for key in (new, [renamed.get(name, name) for name in old]):
        if key and set(key) <= names:
            return key
    for field in schemas[1]["fields"]:
        if field["constraints"].get("unique") and field["constraints"].get("required") and field["name"] in names:
            return [field["name"]]
    return []


def _changes(found: RowsCompared, today: datetime.date) -> RowChanges:
    return RowChanges(
        key=found.key,
        before=found.before,
        after=found.after,
        added=found.added,
        removed=found.removed,
        changed=found.changed,
        samples=tuple(_sample(pair, found, today) for pair in found.samples),
        columns=tuple(_shifts(found, today)),
    )


def _sample(pair: Pair, found: RowsCompared, today: datetime.date) -> Sample:
    row = pair.after or pair.before or ()
    state: State = "removed" if pair.after is None else "added" if pair.before is None else "changed"
    places = range(len(found.columns))
    if pair.before is not None and pair.after is not None:
        places_shown = [n for n in places if pair.before[n] != pair.after[n]][:_CELLS]
    else:
        # The key stands before them.
        others = [n for n in places if row[n] and found.columns[n] not in found.key]
        places_shown = others[:_CELLS]
    cells = tuple(
        Cell(
            found.columns[n],
            None if pair.before is None else shown(pair.before[n], today),
            None if pair.after is None else shown(pair.after[n], today),
        )
        for n in places_shown
    )
    key = tuple(shown(row[found.columns.index(name)], today) for name in found.key)
    return Sample(state, key, cells)


def _shifts(found: RowsCompared, today: datetime.date) -> Iterator[ColumnShift]:
    for name, changed, (old, new) in zip(found.columns, found.changed_in, found.ranges, strict=True):
        if changed or old != new:
            yield ColumnShift(
                name, changed if found.key else 0, old.nulls, new.nulls,
                *(shown(value, today) for value in (old.minimum, new.minimum, old.maximum, new.maximum)),
            )  # fmt: skip
