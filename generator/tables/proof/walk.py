"""One pass over a table: its rows in pieces, each judged by columns, in the order of the rows."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from generator.tables.proof.cells import Judged
from generator.tables.proof.cutting import records
from generator.tables.proof.opened import Table, Way
from generator.tables.proof.source import source
from generator.tables.proof.streamed import streamed
from generator.tables.proof.text import Texts, parse

P = TypeVar("P")
R = TypeVar("R")


class Sink(Protocol):
    """What is made of a table in the same pass."""

    def begin(self, table: Table) -> None:
        """A pass begins; whatever came before it is void."""

    def receive(self, data: memoryview) -> None:
        """The source's bytes as they are read, ahead of the pieces made of them. Not of sources that are unpacked,
        joined or streamed."""

    def examine(self, texts: Texts, judged: Sequence[Judged]) -> Any:
        """The work that needs no order: in several threads at once."""

    def add(self, examined: Any) -> None:
        """In the order of the rows."""


class Suspect(NamedTuple):
    """A row that may have errors."""

    position: int
    cells: Sequence[str]
    columns: Sequence[int] | None
    """Which of its cells may be wrong. None: any."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What is known of a piece."""

    count: int
    first: int | None
    """Number of its first row; None where numbers have no gap."""
    keyed: dict[str, pa.Array]
    """Values of the columns in a key."""
    suspects: list[Suspect]
    examined: Any


@dataclass(slots=True)
class Numbering:
    """From the positions of rows, which have no gap and begin with 0, to frictionless's numbers and the pieces."""

    skip: int
    starts: list[int] = field(default_factory=list)
    """The position of each piece's first row."""
    numbers: list[int] = field(default_factory=list)
    rows: int = 0

    def add(self, rows: Rows) -> None:
        self.starts.append(self.rows)
        self.numbers.append(self.skip + self.rows + 1 if rows.first is None else rows.first)
        self.rows += rows.count

    def number(self, position: int) -> int:
        piece = bisect_right(self.starts, position) - 1
        return self.numbers[piece] + position - self.starts[piece]


def walk(table: Table, wanted: Collection[str], way: Way, sink: Sink | None = None) -> Iterator[Rows]:
    """At the end the stats of ``table.resource`` are those of frictionless, but for the number of rows."""

    def judge(numbered: tuple[int | None, Texts]) -> Rows:
        return _judged(table, numbered, wanted, sink)

    ahead = 0 if sink else way.threads + 2  # what waits for a sink is no longer in the cache, and takes memory
    if table.dialect is None:
        pieces = streamed(table.resource, len(table.columns), rows=max(1, way.size >> 8))
        yield from _in_order(judge, pieces, way.threads, ahead)
        return
    dialect, width = table.dialect, len(table.columns)
    with source(table.resource, way.hashes, sink.receive if sink else None) as read:
        cut = records(read, table.resource.encoding, dialect, skip=table.skip, size=way.size)
        yield from _in_order(lambda piece: judge((None, parse(piece, width, dialect))), cut, way.threads, ahead)


def cells_at(
    table: Table, way: Way, numbering: Numbering, positions: Sequence[int]
) -> Iterator[tuple[int, Sequence[str]]]:
    """The cells of some rows (positions ascending), by another pass in which only their pieces are parsed."""
    table = table.again()
    for start, texts in zip(numbering.starts, _texts_with(table, way, numbering, positions), strict=False):
        if texts is not None:
            here = [p - start for p in positions[_first(positions, start) : _first(positions, start + texts.count)]]
            for position, row in zip(here, rows_of(texts, here), strict=True):
                yield start + position, row


def _first(positions: Sequence[int], at: int) -> int:
    return bisect_right(positions, at - 1)


def _texts_with(table: Table, way: Way, numbering: Numbering, positions: Sequence[int]) -> Iterator[Texts | None]:
    """Piece by piece; None for a piece without any of the rows."""
    width = len(table.columns)
    if table.dialect is None:
        for _, texts in streamed(table.resource, width, rows=max(1, way.size >> 8)):
            yield texts
        return
    ends = [*numbering.starts[1:], numbering.rows]
    with source(table.resource, ()) as read:
        cut = records(read, table.resource.encoding, table.dialect, skip=table.skip, size=way.size)
        for piece, start, end in zip(cut, numbering.starts, ends, strict=False):
            here = _first(positions, start) < _first(positions, end)
            yield parse(piece, width, table.dialect) if here else None


def _judged(table: Table, numbered: tuple[int | None, Texts], wanted: Collection[str], sink: Sink | None) -> Rows:
    first, texts = numbered
    judged = [
        column.judge(text, valued=sink is not None or column.name in wanted)
        for column, text in zip(table.columns, texts.columns, strict=True)
    ]
    keyed = {
        column.name: column.key_values(one)
        for column, one in zip(table.columns, judged, strict=True)
        if column.name in wanted
    }
    suspects = _suspects(texts, [one.present for one in judged], [one.wrong for one in judged])
    return Rows(texts.count, first, keyed, suspects, sink.examine(texts, judged) if sink else None)


def _suspects(
    texts: Texts, present: Sequence[pa.StringArray], wrong: Sequence[pa.BooleanArray | None]
) -> list[Suspect]:
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
    rows = rows_of(texts, positions)
    return [Suspect(position, rows[i], columns[position]) for i, position in enumerate(positions)]


def rows_of(texts: Texts, positions: Sequence[int]) -> list[Sequence[str]]:
    """Their cells, as frictionless reads them."""
    if not positions:
        return []
    places = pa.array(positions, pa.int64())
    rows: list[Sequence[str]] = list(zip(*(text.take(places).to_pylist() for text in texts.columns), strict=True))
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


def _in_order(make: Callable[[P], R], pieces: Iterator[P], threads: int, ahead: int) -> Iterator[R]:
    """Results in the order of the pieces. Few pieces are in memory at a time: ``ahead`` wait for a free thread."""
    if threads == 1:
        yield from map(make, pieces)
        return
    waiting: deque[Future[R]] = deque()
    pool = ThreadPoolExecutor(threads)
    try:
        for piece in pieces:
            waiting.append(pool.submit(make, piece))
            if len(waiting) > threads + ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
