"""Which rows of a table were added, removed or changed since another state of it.

Rows are compared by key, or as a whole where there is none; then as often as they occur. Of every cell a hash of 64
bits is kept, made by Python's own hash of texts: it is seeded anew in each run, so that nobody can prepare a change
that it does not see. Hashes lie in temporary files, parted by key, and one part after the other is compared: memory
does not grow with the rows. What is told depends on the rows alone, not on the hashes.
"""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from heapq import nsmallest
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from generator.errors import SpaceError
from generator.tables import opening
from generator.tables.columns import read_pieces
from generator.tables.guard import protect

Rows = npt.NDArray[np.uint64]
"""One line a row: hash of the key, number of the row, hashes of the cells."""

PARTS = 64
_SPREAD = np.uint64(58)
"""The upper six bits choose one of 64 parts."""
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_KEPT = 32 << 20
"""Bytes of rows that are held in memory before there are files."""
_NUMBERS = ("integer", "number", "year")
_MOMENTS = ("date", "datetime", "time", "yearmonth")
_NUMBER = r"^[-+]?[0-9]{1,300}(\.[0-9]+)?$"
_MOMENT = r"^[0-9][0-9T:.Z+-]*$"


@dataclass(frozen=True, slots=True)
class Table:
    """A table to be compared: a resource of a descriptor, whose files are in ``folder``."""

    descriptor: Mapping[str, Any]
    resource: str
    folder: Path


@dataclass(frozen=True, slots=True)
class Range:
    nulls: int = 0
    minimum: str = ""
    maximum: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A row before and after: cells by column, None for a missing value; ``None`` where there is no such row."""

    before: tuple[str | None, ...] | None
    after: tuple[str | None, ...] | None


@dataclass(frozen=True, slots=True)
class RowsCompared:
    key: tuple[str, ...]
    """Names after the change; empty where whole rows were compared."""
    columns: tuple[str, ...]
    """Those that both have, by their names after the change."""
    before: int
    after: int
    added: int
    removed: int
    changed: int
    changed_in: tuple[int, ...]
    """Rows that changed, by column."""
    ranges: tuple[tuple[Range, Range], ...]
    samples: tuple[Pair, ...]


def field_types(table: Table) -> dict[str, str]:
    """The fields by name, as frictionless reads them, with their types; text where nothing is stated."""
    with opening.offline(), _resource(table) as opened:
        return {field.name: field.type for field in opened.header.get_expected_fields()}


def count_rows(table: Table) -> int:
    with opening.offline(), _resource(table) as opened:
        return sum(map(len, read_pieces(opened, uneven=True)))


def compare_rows(
    before: Table, after: Table, *, renamed: Mapping[str, str], key: Sequence[str], samples: int
) -> RowsCompared:
    """``renamed``: former name → new one. ``key``: new names; it is not used unless both tables have all of it.

    Raises whatever the library raises for a table that cannot be read.
    """
    old, new = field_types(before), field_types(after)
    there = {renamed.get(name, name): name for name in old}
    columns = [name for name in new if name in there]
    key = [name for name in key if name in columns] if set(key) <= set(columns) else []
    kinds = [new[name] if new[name] == old[there[name]] else "" for name in columns]
    with ExitStack() as stack:
        first = stack.enter_context(_Side([there[name] for name in columns], [columns.index(k) for k in key], kinds))
        second = stack.enter_context(_Side(columns, [columns.index(k) for k in key], kinds))
        for side, table in ((first, before), (second, after)):
            side.read(table)
        found = _Found(len(columns), samples, keyed=bool(key))
        for number in range(PARTS):
            found.add(first.part(number), second.part(number))
        rows = [_rows_at(table, side, numbers) for table, side, numbers in (
            (before, first, {one for one, _ in found.pairs if one >= 0}),
            (after, second, {other for _, other in found.pairs if other >= 0}),
        )]  # fmt: skip
        return RowsCompared(
            key=tuple(key),
            columns=tuple(columns),
            before=first.count,
            after=second.count,
            added=found.added,
            removed=found.removed,
            changed=found.changed,
            changed_in=tuple(int(count) for count in found.changed_in),
            ranges=tuple(zip(first.ranges(), second.ranges(), strict=True)),
            samples=tuple(Pair(rows[0].get(one), rows[1].get(other)) for one, other in found.pairs),
        )


def _resource(table: Table) -> Any:
    """Opened alone, so that no other table is read, and without inferring types."""
    listed = [r for r in opening.resources(table.descriptor) if opening.resource_name(r) == table.resource]
    alone = {key: value for key, value in table.descriptor.items() if key not in ("resources", "profile")}
    resource = opening.open_package({**alone, "resources": listed}, table.folder).get_table_resource(table.resource)
    if not resource.schema:
        resource.detector.field_type = "string"
    elif resource.schema.foreign_keys:
        resource.schema.foreign_keys = []
    protect(resource)
    return resource


def _rows_at(table: Table, side: _Side, numbers: set[int]) -> dict[int, tuple[str | None, ...]]:
    """The cells of a few rows; the table is read again as far as the last of them."""
    found: dict[int, tuple[str | None, ...]] = {}
    if not numbers:
        return found
    with opening.offline(), _resource(table) as opened:
        places = side.places(opened)
        start = 0
        for piece in read_pieces(opened, uneven=True):
            for number in sorted(n for n in numbers if start <= n < start + len(piece)):
                found[number] = tuple(piece.present[place][number - start].as_py() for place in places)
            start += len(piece)
            if start > max(numbers):
                break
    return found


class _Side:
    """The rows of one of the two tables: hashes in parts, ranges of the columns."""

    def __init__(self, names: Sequence[str], key: Sequence[int], kinds: Sequence[str]) -> None:
        self._names, self._key, self._kinds = names, key, kinds
        self.count = 0
        self._held: list[Rows] = []
        self._size = 0
        self._files: list[IO[bytes]] = []
        self._spans = [_Span(kind) for kind in kinds]
        self._width = len(names) + 2

    def __enter__(self) -> _Side:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._files:
            file.close()

    def places(self, opened: Any) -> list[int]:
        header = [field.name for field in opened.header.get_expected_fields()]
        return [header.index(name) for name in self._names]

    def read(self, table: Table) -> None:
        with opening.offline(), _resource(table) as opened:
            places = self.places(opened)
            for piece in read_pieces(opened, uneven=True):
                self._add([piece.present[place] for place in places], len(piece))

    def _add(self, columns: Sequence[pa.StringArray], count: int) -> None:
        rows: Rows = np.empty((count, self._width), np.uint64)
        rows[:, 1] = np.arange(self.count, self.count + count, dtype=np.uint64)
        for number, (column, kind) in enumerate(zip(columns, self._kinds, strict=True)):
            self._spans[number].add(column)
            texts = _plain_numbers(column) if kind in _NUMBERS else column
            rows[:, number + 2] = np.fromiter(map(hash, texts.to_pylist()), np.int64, count).view(np.uint64)
        rows[:, 0] = _mixed(rows, [place + 2 for place in self._key] or range(2, self._width))
        self.count += count
        self._held.append(rows)
        self._size += rows.nbytes
        if self._size > _KEPT:
            self._spill()

    def _spill(self) -> None:
        try:
            if not self._files:
                self._files = [tempfile.TemporaryFile() for _ in range(PARTS)]  # noqa: SIM115  closed by __exit__
            for rows in self._held:
                order = np.argsort(rows[:, 0] >> _SPREAD, kind="stable")
                ends = np.searchsorted((rows[:, 0] >> _SPREAD)[order], np.arange(1, PARTS + 1, dtype=np.uint64))
                for file, part in zip(self._files, np.split(rows[order], ends[:-1]), strict=True):
                    file.write(part.tobytes())
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            raise SpaceError(
                "临时文件夹空间不足，无法比较大表。请用 TMPDIR 指定空间更大的文件夹。",
                "No room for temporary files to compare a large table. Name a roomier folder with TMPDIR.",
            ) from error
        self._held, self._size = [], 0

    def part(self, number: int) -> Rows:
        """In the order of the rows."""
        if not self._files:
            chosen = [rows[(rows[:, 0] >> _SPREAD) == np.uint64(number)] for rows in self._held]
            return np.concatenate(chosen) if chosen else np.empty((0, self._width), np.uint64)
        if self._held:
            self._spill()
        file = self._files[number]
        file.seek(0)
        return np.frombuffer(file.read(), np.uint64).reshape(-1, self._width)

    def ranges(self) -> list[Range]:
        return [span.range() for span in self._spans]


def _mixed(rows: Rows, columns: Sequence[int]) -> Rows:
    """One hash of several."""
    found = np.zeros(len(rows), np.uint64)
    for column in columns:
        found = (found ^ rows[:, column]) * _FACTOR
        found ^= found >> np.uint64(29)
    return found


def _plain_numbers(column: pa.StringArray) -> pa.StringArray:
    """``1.50`` is ``1.5``, ``2.0`` is ``2``, and ``+3`` is ``3``."""
    if not pc.any(pc.match_substring_regex(column, r"^\+|\.[0-9]*$")).as_py():
        return column
    whole = pc.replace_substring_regex(column, r"^\+?(-?[0-9]+)\.0*$", r"\1")
    short = pc.replace_substring_regex(whole, r"^\+?(-?[0-9]+\.[0-9]*[1-9])0*$", r"\1")
    return pc.replace_substring_regex(short, r"^\+([0-9]+)$", r"\1")


@dataclass(slots=True)
class _Span:
    """Missing values, and the least and the greatest value, of a column of numbers or of moments."""

    kind: str
    nulls: int = 0
    least: tuple[Any, str] | None = None
    greatest: tuple[Any, str] | None = None

    def add(self, column: pa.StringArray) -> None:
        self.nulls += column.null_count
        if self.kind in _NUMBERS:
            texts = column.filter(pc.match_substring_regex(column, _NUMBER).fill_null(False))
            values = pc.cast(texts, pa.float64())
        elif self.kind in _MOMENTS:
            texts = values = column.filter(pc.match_substring_regex(column, _MOMENT).fill_null(False))
        else:
            return
        if not len(values):
            return
        ends = pc.min_max(values)
        low, high = ends["min"], ends["max"]
        for value, is_low in ((low, True), (high, False)):
            known = self.least if is_low else self.greatest
            here = value.as_py()
            if known is None or (here < known[0] if is_low else here > known[0]):
                made = here, texts[pc.index(values, value).as_py()].as_py()
                if is_low:
                    self.least = made
                else:
                    self.greatest = made

    def range(self) -> Range:
        return Range(self.nulls, self.least[1] if self.least else "", self.greatest[1] if self.greatest else "")


@dataclass(slots=True)
class _Found:
    """What the parts compared so far have shown. A pair of rows has -1 for a row that is not there."""

    width: int
    samples: int
    keyed: bool
    added: int = 0
    removed: int = 0
    changed: int = 0
    changed_in: npt.NDArray[np.int64] = field(init=False)
    _gone: list[tuple[int, int]] = field(default_factory=list)
    _other: list[tuple[int, int]] = field(default_factory=list)
    _come: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.changed_in = np.zeros(self.width, np.int64)

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """The first few of each kind in the order of the rows: removed, changed, added."""
        return [*self._gone, *self._other, *self._come]

    def add(self, before: Rows, after: Rows) -> None:
        before, after = _sorted(before), _sorted(after)
        there = _match(before, after)
        gone = before[there < 0]
        come = after[_match(after, before) < 0]
        one, other = before[there >= 0], after[there[there >= 0]]
        unlike = one[:, 2:] != other[:, 2:]
        changed = unlike.any(axis=1)
        self.removed += len(gone)
        self.added += len(come)
        self.changed += int(changed.sum())
        self.changed_in += unlike.sum(axis=0)
        self._gone = self._first(self._gone, [(int(n), -1) for n in _least(gone[:, 1], self.samples)])
        self._come = self._first(self._come, [(-1, int(n)) for n in _least(come[:, 1], self.samples)])
        pairs = zip(other[changed][:, 1].tolist(), one[changed][:, 1].tolist(), strict=True)
        self._other = [(b, a) for a, b in nsmallest(self.samples, [*((a, b) for b, a in self._other), *pairs])]

    def _first(self, known: list[tuple[int, int]], more: list[tuple[int, int]]) -> list[tuple[int, int]]:
        return nsmallest(self.samples, [*known, *more])


def _least(numbers: Rows, count: int) -> Iterator[int]:
    yield from (
        np.sort(numbers)[:count].tolist() if len(numbers) <= count else np.partition(numbers, count)[:count].tolist()
    )


def _sorted(rows: Rows) -> Rows:
    """By key; rows of one key as they stood."""
    return rows[np.lexsort((rows[:, 1], rows[:, 0]))]


def _match(rows: Rows, others: Rows) -> npt.NDArray[np.int64]:
    """For each row the place of the other one of its key, -1 for none: the second of a key matches the second."""
    keys, theirs = rows[:, 0], others[:, 0]
    ordinal = np.arange(len(keys)) - np.searchsorted(keys, keys, "left")
    place = np.searchsorted(theirs, keys, "left") + ordinal
    found = place < np.searchsorted(theirs, keys, "right")
    return np.where(found, place, -1)
