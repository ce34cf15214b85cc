"""One pass over a table proves most cells right; the others are replayed as frictionless reads them.

Where that cannot be done it says why, and frictionless judges the table.
"""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from generator.tables.proof.cutting import CHUNK
from generator.tables.proof.key_rows import Keys
from generator.tables.proof.keys import Space
from generator.tables.proof.opened import Table, Way, checksum_of, open_table
from generator.tables.proof.outcome import NotProved
from generator.tables.proof.replay import Replay, RowErrors, Told, collect, many_errors, stats_after, with_keys
from generator.tables.proof.walk import Numbering, Sink, cells_at, walk

if TYPE_CHECKING:
    import frictionless

_CHUNK_MADE = 7 << 20
"""Bytes of a piece of which files are made, which takes memory as well."""
_LOOKS_AT_KEYS = (2_000, 20_000, 200_000)
"""Rows after which keys are asked: frictionless would have stopped at the limit long before the end."""


def accept(
    resource: frictionless.Resource,
    *,
    threads: int | None,
    hashes: Collection[str],
    limit_errors: int = 1000,
    size: int | None = None,
    sink: Sink | None = None,
) -> frictionless.Report:
    """Frictionless's report; raises ``NotProved`` where it may be another.

    What a ``sink`` has made is worth something only when the report is valid. ``size``: bytes of a piece.
    """
    size = size or (_CHUNK_MADE if sink else CHUNK)
    wanted = frozenset((*hashes, *checksum_of(resource))) & {"md5", "sha256"}
    way = Way(threads or os.cpu_count() or 1, size, wanted, limit_errors)
    while True:
        try:
            return _report(resource, way, hashes, sink)
        except NotProved as told:
            other = way.after(told)
            if other is None:
                raise
            way = other


def _report(
    resource: frictionless.Resource, way: Way, hashes: Collection[str], sink: Sink | None
) -> frictionless.Report:
    from frictionless import Checklist, Report

    start = time.perf_counter()
    table = open_table(resource, way)
    if sink:
        sink.begin(table)
    checks = Checklist().connect(table.resource)
    errors = [error for check in checks for error in check.validate_start()]
    if way.limit and len(errors) >= way.limit:
        raise NotProved("limit")
    with many_errors(), Space() as space:
        told = _told(table, way, errors, space, sink)
    errors, stats = told.errors, table.resource.stats
    if told.last_row is None:
        errors += [error for check in checks for error in check.validate_end()]
    else:
        read = stats_after(resource, told.last_row)
        stats.rows, stats.bytes, stats.md5, stats.sha256 = read.rows, read.bytes, read.md5, read.sha256
    for name in {"md5", "sha256"}.difference(hashes):
        setattr(stats, name, None)
    _leave_opened(table, resource)
    seconds = round(time.perf_counter() - start, 3)
    report: frictionless.Report = Report.from_validation_task(
        table.resource, time=seconds, labels=table.resource.labels, errors=errors, warnings=told.warnings
    )
    return report


def _leave_opened(table: Table, resource: Any) -> None:
    """As frictionless leaves a resource that it has read: schema, labels and what else it has found out are there."""
    copy = table.resource
    for name in ("buffer", "sample", "labels", "fragment", "header"):
        held = f"_TableResource__{name}"
        object.__setattr__(resource, held, getattr(copy, held))
    if not resource.schema or resource.detector.schema_patch:  # it was inferred, or made anew
        resource.schema = copy.schema
    resource.dialect, resource.encoding, resource.stats = copy.dialect, copy.encoding, copy.stats


def _told(table: Table, way: Way, before: Sequence[Any], space: Space, sink: Sink | None) -> Told:
    """What the report says of the rows."""
    keys = Keys.of(table, way, space)
    table = keys.table
    fields, readers = [column.field for column in table.columns], [column.reader for column in table.columns]
    replay = Replay(table.resource, fields, foreign_keys=table.foreign_keys, readers=readers)
    numbering = Numbering(table.skip)
    found = list(_wrong_rows(table, way, replay, keys, numbering, len(before), sink))
    table.resource.stats.rows = numbering.rows
    if keys.hold():
        return collect(before, found, way.limit)

    def cells(positions: Sequence[int]) -> Iterator[tuple[int, Sequence[str]]]:
        return cells_at(table, way, numbering, positions)

    notes = list(keys.notes(way.limit, cells, numbering.number))
    known = {row.row_number for row in found}
    asked = [position for position, _ in notes if numbering.number(position) not in known]
    texts = {numbering.number(position): row for position, row in cells(asked)}
    numbered = ((numbering.number(position), note) for position, note in notes)
    return collect(before, with_keys(replay, found, numbered, texts.__getitem__), way.limit)


def _wrong_rows(
    table: Table, way: Way, replay: Replay, keys: Keys, numbering: Numbering, count: int, sink: Sink | None
) -> Iterator[RowErrors]:
    """The rows with errors of their own cells, as many as a report can hold. ``count``: errors before them."""
    limit = 0 if keys.needs_all_rows else way.limit
    looks = list(_LOOKS_AT_KEYS)
    for rows in walk(table, keys.wanted, way, sink):
        numbering.add(rows)
        keys.add(rows)
        first = numbering.numbers[-1]
        for suspect in rows.suspects:
            number = first + suspect.position
            errors = replay.errors(number, suspect.cells, suspect.columns)
            if errors:
                yield RowErrors(number, errors)
                count += len(errors)
                if limit and count >= limit:
                    return
        if sink and not count:
            sink.add(rows.examined)
        if limit and looks and numbering.rows >= looks[0]:
            looks = [look for look in looks if look > numbering.rows]
            if count + keys.count(limit) >= limit:
                return
