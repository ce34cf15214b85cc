"""Prove a whole table valid in one pass over its bytes; or say why not, and frictionless judges it."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from generator.model import is_remote
from generator.tables.proof.cells import Column
from generator.tables.proof.keys import Tuples, Unique
from generator.tables.proof.outcome import NotProved
from generator.tables.proof.source import source
from generator.tables.proof.text import CHUNK, Dialect, parse, records

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
    resource: frictionless.Resource, *, threads: int | None, hashes: Collection[str], size: int = CHUNK
) -> frictionless.Report:
    """Frictionless's report on a table whose rows have no error; raises ``NotProved`` for any other."""
    from frictionless import Checklist, Report

    start = time.perf_counter()
    checksum = _checksum(resource)
    way = _Way(threads or os.cpu_count() or 1, size, frozenset((*hashes, *checksum)) & {"md5", "sha256"})
    table = _open(resource)
    checks = Checklist().connect(table.resource)
    if any(error for check in checks for error in check.validate_start()):
        raise NotProved("header")
    table.resource.stats.rows = _read(table, _keys(table), _references(table, way), way)
    errors = [error for check in checks for error in check.validate_end()]
    for name in {"md5", "sha256"}.difference(hashes):
        setattr(table.resource.stats, name, None)
    _leave_opened(table, resource)
    seconds = round(time.perf_counter() - start, 3)
    report: frictionless.Report = Report.from_validation_task(
        table.resource, time=seconds, labels=table.resource.labels, errors=errors
    )
    return report


def _leave_opened(table: _Table, resource: Any) -> None:
    """As frictionless leaves a resource that it has read: schema, labels and what else it has found out are there."""
    copy = table.resource
    for name in ("buffer", "sample", "labels", "fragment", "header"):
        held = f"_TableResource__{name}"
        object.__setattr__(resource, held, getattr(copy, held))
    if not resource.schema or resource.detector.schema_patch:  # it was inferred, or made anew
        resource.schema = copy.schema
    resource.dialect, resource.encoding, resource.stats = copy.dialect, copy.encoding, copy.stats


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
            fields = copy.header.get_expected_fields() if copy.header.valid else []
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
        quiet = _Way(way.threads, way.size, frozenset())
        try:
            rows = _read(other, [theirs], [], quiet)
        except NotProved as error:
            raise NotProved("reference") from error
        if not rows:
            raise NotProved("reference")
    return _Reference(Tuples(ours), theirs, within)


def _read(table: _Table, keys: Sequence[Unique | Tuples], references: Sequence[_Reference], way: _Way) -> int:
    """How many rows the table has, all of them proved valid."""
    collected = [*keys, *(r.ours for r in references), *(r.theirs for r in references if r.within)]
    wanted = frozenset(name for key in collected for name in key.fields)
    rows = 0
    with source(table.resource, way.hashes) as read:
        pieces = records(read, table.resource.encoding, table.dialect, skip=table.skip, size=way.size)
        for count, values in _in_order(lambda piece: _prove(table, piece, wanted), pieces, way.threads):
            rows += count
            for key in collected:
                key.add([values[name] for name in key.fields])
    for key in keys:
        if isinstance(key, Unique):
            key.prove()
    if not all(reference.ours.all_in(reference.theirs) for reference in references):
        raise NotProved("reference-missing")
    return rows


_Proved = tuple[int, dict[str, pa.Array]]
"""Number of rows, and the values of the columns in a key."""


def _prove(table: _Table, piece: bytes, wanted: Collection[str]) -> _Proved:
    texts = parse(piece, [str(number) for number in range(len(table.columns))], table.dialect)
    present = [column.present(text) for column, text in zip(table.columns, texts, strict=True)]
    _check_no_blank_row(present)
    values: dict[str, pa.Array] = {}
    for column, text in zip(table.columns, present, strict=True):
        found = column.prove(text)
        if column.name in wanted:
            if found is None:
                raise NotProved("key-form")
            values[column.name] = found
    return len(texts[0]), values


def _check_no_blank_row(columns: Sequence[pa.Array]) -> None:
    if any(not column.null_count for column in columns):
        return
    blank = pc.is_null(columns[0])
    for column in columns[1:]:
        blank = pc.and_(blank, pc.is_null(column))
    if pc.any(blank).as_py():
        raise NotProved("blank-row")


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
