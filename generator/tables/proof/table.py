"""One pass over the bytes of a table proves most cells right; the others are replayed as frictionless reads them.

Where that cannot be done it says why, and frictionless judges the table.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from generator.model import is_remote
from generator.tables.proof.cells import Column
from generator.tables.proof.keys import Tuples, Unique
from generator.tables.proof.outcome import NotProved
from generator.tables.proof.replay import (
    KeyNotes,
    Replay,
    RowErrors,
    Told,
    collect,
    many_errors,
    stats_after,
    table_keys,
    until,
    with_keys,
)
from generator.tables.proof.source import source
from generator.tables.proof.text import CHUNK, Dialect, Texts, parse, records

if TYPE_CHECKING:
    import frictionless


@dataclass(frozen=True, slots=True)
class _Way:
    """How much work may be spent, and in which pieces."""

    threads: int
    size: int
    hashes: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Table:
    resource: Any
    """A copy, which frictionless has opened once: it has decided encoding, dialect and fields. Without foreign keys."""
    foreign_keys: Sequence[Mapping[str, Any]]
    columns: tuple[Column, ...]
    dialect: Dialect
    skip: int
    """Records before the content."""

    def column(self, name: str) -> Column:
        found = next((column for column in self.columns if column.name == name), None)
        if found is None or not found.kind:
            raise NotProved("key-form")
        return found


def accept(
    resource: frictionless.Resource,
    *,
    threads: int | None,
    hashes: Collection[str],
    limit_errors: int = 1000,
    size: int = CHUNK,
) -> frictionless.Report:
    """Frictionless's report; raises ``NotProved`` where it may be another."""
    from frictionless import Checklist, Report

    start = time.perf_counter()
    checksum = _checksum(resource)
    way = _Way(threads or os.cpu_count() or 1, size, frozenset((*hashes, *checksum)) & {"md5", "sha256"})
    table = _open(resource)
    checks = Checklist().connect(table.resource)
    errors = [error for check in checks for error in check.validate_start()]
    if limit_errors and len(errors) >= limit_errors:
        raise NotProved("limit")
    with many_errors():
        told = _told(table, _keys(table), _references(table, way), way, errors, limit_errors)
    errors = told.errors
    if told.last_row is None:
        errors += [error for check in checks for error in check.validate_end()]
    else:
        stats, read = table.resource.stats, stats_after(resource, told.last_row)
        stats.rows, stats.bytes = told.last_row - table.skip, read.bytes
        stats.md5, stats.sha256 = read.md5, read.sha256
    for name in {"md5", "sha256"}.difference(hashes):
        setattr(table.resource.stats, name, None)
    seconds = round(time.perf_counter() - start, 3)
    report: frictionless.Report = Report.from_validation_task(
        table.resource, time=seconds, labels=table.resource.labels, errors=errors, warnings=told.warnings
    )
    return report


def _checksum(resource: Any) -> tuple[str, ...]:
    from frictionless import helpers

    if not resource.hash:
        return ()
    algorithm, _ = helpers.parse_resource_hash_v1(resource.hash)
    if algorithm not in ("md5", "sha256"):
        raise NotProved("metadata")  # frictionless warns
    return (algorithm,)


def _open(resource: Any) -> _Table:
    import frictionless
    from frictionless.resources import TableResource

    local = resource.path is not None and not any(map(is_remote, (resource.path, *resource.extrapaths)))
    if not isinstance(resource, TableResource) or resource.format not in ("csv", "tsv") or not local:
        raise NotProved("format")
    if resource.scheme not in ("file", "multipart") or not resource.closed or resource.compression not in _UNPACKED:
        raise NotProved("format")
    try:
        resource.to_descriptor(validate=True)
    except frictionless.FrictionlessException as error:
        raise NotProved("metadata") from error
    try:
        copy = resource.to_copy()
        foreign_keys = copy.schema.foreign_keys
        if foreign_keys:
            copy.schema.foreign_keys = []  # frictionless would read the other tables
        with closing(copy.open()):  # type: ignore[no-untyped-call]  # frictionless's own
            fields = copy.header.get_expected_fields()
    except Exception as error:  # of frictionless, on this table: its own run will show it
        raise NotProved("unreadable") from error
    if not fields or len({field.name for field in fields}) < len(fields):
        raise NotProved("header")
    columns = tuple(Column.of(field) for field in fields)
    first = copy.dialect.create_first_content_row()  # type: ignore[no-untyped-call]  # likewise
    return _Table(copy, foreign_keys, columns, Dialect.of(copy), first - 1)


_UNPACKED = (None, "", "gz", "zip")


def _keys(table: _Table) -> list[Unique]:
    """The keys that frictionless minds; all their fields have values that can be compared."""
    schema = table.resource.schema
    names = {column.name for column in table.columns}
    unique = [field.name for field in schema.fields if field.constraints.get("unique") and field.name in names]
    keys = [Unique((name,), primary=False) for name in unique]
    if schema.primary_key and names.issuperset(schema.primary_key):
        if not table.resource.dialect.header_case:
            raise NotProved("key-form")
        keys.append(Unique(tuple(dict.fromkeys(schema.primary_key)), primary=True))
    for key in keys:
        for name in key.fields:
            table.column(name)
    return keys


@dataclass(frozen=True, slots=True)
class _Reference:
    ours: Tuples
    theirs: Tuples
    within: bool
    """A key to the table itself: ``theirs`` are collected in the same pass."""


def _references(table: _Table, way: _Way) -> list[_Reference]:
    return [_reference(table, key, way) for key in table.foreign_keys]


def _reference(table: _Table, key: Mapping[str, Any], way: _Way) -> _Reference:
    ours, name = tuple(key["fields"]), key["reference"]["resource"]
    fields = tuple(key["reference"]["fields"])
    theirs = Tuples(fields)
    within = not name or name == table.resource.name
    package = table.resource.package
    if within:
        other = table
    elif package and package.has_resource(name):
        other = _open(package.get_resource(name))
    else:
        raise NotProved("reference")
    kinds = [(table.column(a).kind, other.column(b).kind) for a, b in zip(ours, fields, strict=True)]
    if any(a != b or a == "number" for a, b in kinds):  # equal doubles may be different decimals
        raise NotProved("reference")
    if not within:
        _keys(other)  # frictionless would crash on some
        try:
            rows = 0
            for proved in _proved(other, frozenset(fields), replace(way, hashes=frozenset())):
                rows += proved.count
                theirs.add([proved.values[name] for name in fields])
        except NotProved as error:
            raise NotProved("reference") from error
        if not rows:
            raise NotProved("reference")
    return _Reference(Tuples(ours), theirs, within)


def _told(
    table: _Table,
    keys: Sequence[Unique | Tuples],
    references: Sequence[_Reference],
    way: _Way,
    before: Sequence[Any],
    limit: int,
) -> Told:
    """What the report says of the rows."""
    fields, readers = [column.field for column in table.columns], [column.reader for column in table.columns]
    replay = Replay(table.resource, fields, foreign_keys=table.foreign_keys, readers=readers)
    refuted: list[Unique] = []
    collected = [*keys, *(r.ours for r in references), *(r.theirs for r in references if r.within)]
    # A key to the table itself may lead to any row of it: frictionless reads them all beforehand.
    most = None if any(reference.within for reference in references) else limit
    found = list(until(most, len(before), _wrong_rows(table, replay, collected, refuted, way)))
    if not refuted and _keys_hold(keys, references):
        return collect(before, found, limit)
    cells: dict[int, Sequence[str]] = {}
    notes = _key_notes(replace(table, resource=table.resource.to_copy()), references, way, cells)
    return collect(before, with_keys(replay, found, notes, lambda number: cells[number]), limit)


def _keys_hold(keys: Sequence[Unique | Tuples], references: Sequence[_Reference]) -> bool:
    try:
        for key in keys:
            if isinstance(key, Unique):
                key.prove()
    except NotProved as error:
        if error.reason == "key-space":
            raise
        return False
    return all(reference.ours.all_in(reference.theirs) for reference in references)


def _wrong_rows(
    table: _Table, replay: Replay, collected: Sequence[Unique | Tuples], refuted: list[Unique], way: _Way
) -> Iterator[RowErrors]:
    """The rows with errors of their own cells. At the end, ``resource.stats`` knows how many rows there are.

    The keys have what is to be compared of all rows up to there, and ``refuted`` those that are known not to hold.
    """
    rows = 0
    wanted = frozenset(name for key in collected for name in key.fields)
    for proved in _proved(table, wanted, way):
        for key in collected:
            try:
                key.add([proved.values[name] for name in key.fields])
            except NotProved as error:
                if error.reason != "key-null" or not isinstance(key, Unique):
                    raise
                refuted.append(key)
        for suspect in proved.suspects:
            number = table.skip + rows + suspect.position + 1
            errors = replay.errors(number, suspect.cells, suspect.columns)
            if errors:
                yield RowErrors(number, errors)
        rows += proved.count
    table.resource.stats.rows = rows


def _proved(table: _Table, wanted: Collection[str], way: _Way) -> Iterator[_Proved]:
    with source(table.resource, way.hashes) as read:
        pieces = records(read, table.resource.encoding, table.dialect, skip=table.skip, size=way.size)
        yield from _in_order(lambda piece: _prove(table, piece, wanted), pieces, way.threads)


class _Suspect(NamedTuple):
    """A row that may have errors."""

    position: int
    cells: Sequence[str]
    columns: Sequence[int] | None
    """Which of its cells may be wrong. None: any."""


@dataclass(frozen=True, slots=True)
class _Proved:
    """What is known of a piece."""

    count: int
    values: dict[str, pa.Array]
    """Of the columns in a key."""
    suspects: list[_Suspect]
    texts: Texts


def _prove(table: _Table, piece: bytes, wanted: Collection[str]) -> _Proved:
    texts = parse(piece, [str(number) for number in range(len(table.columns))], table.dialect)
    present = [column.present(text) for column, text in zip(table.columns, texts.columns, strict=True)]
    values: dict[str, pa.Array] = {}
    wrong: list[pa.BooleanArray | None] = []
    for column, text in zip(table.columns, present, strict=True):
        judged = column.judge(text, for_keys=column.name in wanted)
        wrong.append(judged.wrong)
        if column.name in wanted:
            if judged.values is None:
                raise NotProved("key-form")
            values[column.name] = judged.values
    return _Proved(len(present[0]), values, _suspects(texts, present, wrong), texts)


def _suspects(
    texts: Texts, present: Sequence[pa.StringArray], wrong: Sequence[pa.BooleanArray | None]
) -> list[_Suspect]:
    """In the order of the rows."""
    columns: dict[int, list[int] | None] = {}
    for position in _blank_rows(present):
        columns[position] = []
    for number, mask in enumerate(wrong):
        if mask is not None:
            for position in _where_true(mask):
                columns.setdefault(position, []).append(number)  # type: ignore[union-attr]  # None comes below
    columns |= dict.fromkeys(texts.odd)
    positions = sorted(columns)
    rows = _rows(texts, positions)
    return [_Suspect(position, rows[i], columns[position]) for i, position in enumerate(positions)]


def _rows(texts: Texts, positions: Sequence[int]) -> list[Sequence[str]]:
    """Their cells, as frictionless reads them."""
    if not positions:
        return []
    places = pa.array(positions, pa.int64())
    cells = [text.take(places).to_numpy(zero_copy_only=False).tolist() for text in texts.columns]  # fastest
    rows: list[Sequence[str]] = list(zip(*cells, strict=True))
    if texts.odd:
        rows = [texts.odd.get(position, row) for position, row in zip(positions, rows, strict=True)]
    return rows


def _blank_rows(columns: Sequence[pa.Array]) -> list[int]:
    if any(not column.null_count for column in columns):
        return []
    blank = pc.is_null(columns[0])
    for column in columns[1:]:
        blank = pc.and_(blank, pc.is_null(column))
    return _where_true(blank)


def _where_true(mask: pa.BooleanArray) -> list[int]:
    found: list[int] = np.flatnonzero(pc.fill_null(mask, False)).tolist()
    return found


def _key_notes(
    table: _Table, references: Sequence[_Reference], way: _Way, cells: dict[int, Sequence[str]]
) -> Iterator[tuple[int, KeyNotes]]:
    """What the keys say of rows, by a second pass that keeps all keys: as frictionless does it, value by value.

    ``cells`` gets the cells of each such row before its notes come out. Of the references, all rows must be known.
    """
    keys = table_keys(table.resource, [column.field for column in table.columns], table.foreign_keys)
    named = [column.name for column in table.columns]
    wanted = {named[column] for columns in keys.values() for column in columns}
    if any(table.column(name).kind == "number" for name in wanted):
        raise NotProved("key-repeats")  # different decimals may be the same double
    seen: dict[Any, dict[Any, int]] = {key: {} for key in keys}
    theirs = [_python_tuples(reference.theirs) for reference in references]
    number = table.skip
    for proved in _proved(table, wanted, replace(way, hashes=frozenset())):
        values = {key: zip(*(proved.values[named[c]].to_pylist() for c in keys[key]), strict=True) for key in keys}
        noted: dict[int, KeyNotes] = {}
        for position in range(proved.count):
            note = _note(number + position + 1, {key: next(tuples) for key, tuples in values.items()}, seen, theirs)
            if note:
                noted[position] = note
        for position, row in zip(noted, _rows(proved.texts, list(noted)), strict=True):
            cells[number + position + 1] = row
            yield number + position + 1, noted[position]
        number += proved.count


def _python_tuples(tuples: Tuples) -> set[tuple[Any, ...]]:
    return {key for piece in tuples.pieces for key in zip(*(part.to_pylist() for part in piece), strict=True)}


def _note(
    number: int, row: Mapping[Any, tuple[Any, ...]], seen: dict[Any, dict[Any, int]], theirs: Sequence[set[Any]]
) -> KeyNotes | None:
    unique: dict[int, int] = {}
    primary, foreign = None, []
    for (kind, which), values in row.items():
        absent = all(value is None for value in values)
        if kind == "foreign":
            if not absent and values not in theirs[which]:
                foreign.append(which)
        elif absent:
            primary = 0 if kind == "primary" else primary
        else:
            before = seen[kind, which].get(values)
            seen[kind, which][values] = number
            if before and kind == "unique":
                unique[which] = before
            elif before:
                primary = before
    return KeyNotes(unique, primary, foreign) if unique or primary is not None or foreign else None


def _in_order(make: Callable[[bytes], _Proved], pieces: Iterator[bytes], threads: int) -> Iterator[_Proved]:
    """Results in the order of the pieces. Few pieces are in memory at a time."""
    if threads == 1:
        yield from map(make, pieces)
        return
    waiting: deque[Future[_Proved]] = deque()
    pool = ThreadPoolExecutor(threads)
    try:
        for piece in pieces:
            waiting.append(pool.submit(make, piece))
            if len(waiting) > threads + 1:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
