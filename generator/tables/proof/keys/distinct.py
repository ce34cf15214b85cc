"""The different tuples of a table, by their values: in memory up to a bound, then in parts in the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from generator.tables.proof.keys.numbers import Values, numbers
from generator.tables.proof.keys.runs import spread
from generator.tables.proof.keys.space import Space

_BITS: Final = 7
"""The upper bits of a tuple's number tell its part."""

Ids = npt.NDArray[np.int64]


def ids(columns: Values) -> Ids:
    """A number for each tuple, small, and equal where the tuples are equal. Null is a value."""
    found = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        encoded = column.dictionary_encode(null_encoding="encode")
        found = found * len(encoded.dictionary) + encoded.indices.to_numpy().astype(np.int64)
        found = pa.array(found).dictionary_encode().indices.to_numpy().astype(np.int64)
    return found


def distinct(columns: Values) -> Values:
    if len(columns) == 1:
        return [pc.unique(columns[0])]
    found = ids(columns)
    first = np.empty(int(found.max()) + 1 if len(found) else 0, np.int64)
    first[found[::-1]] = np.arange(len(found))[::-1]  # the last to be written stays
    return [column.take(pa.array(first)) for column in columns]


@dataclass(slots=True)
class Distinct:
    """Every tuple is there at least once, and not many more times."""

    space: Space
    _pieces: list[Values] = field(default_factory=list)
    _bytes: int = 0
    _spilled: list[list[tuple[int, int]]] = field(default_factory=list)
    """Each time, where the parts are: place and size."""

    def add(self, values: Values) -> None:
        self._hold(distinct([_plain(part) for part in values]))
        if self._bytes > self.space.most // 32:
            if self.in_memory:
                self._hold(distinct(self._taken()))
            if self._bytes > self.space.most // 64:
                self._spill()

    @property
    def in_memory(self) -> bool:
        return not self._spilled

    @property
    def empty(self) -> bool:
        return not self._pieces and not self._spilled

    def all(self) -> Values | None:
        """What is in memory; None: nothing."""
        if not self._pieces:
            return None
        self._hold(distinct(self._taken()))
        return self._pieces[0]

    def _hold(self, values: Values) -> None:
        if len(values[0]):
            self._pieces.append(values)
            self._bytes += sum(part.nbytes for part in values)

    def _taken(self) -> Values:
        taken = [pa.concat_arrays(parts) for parts in zip(*self._pieces, strict=True)]
        self._pieces, self._bytes = [], 0
        return taken

    def _spill(self) -> None:
        values = self._taken()
        parts = (spread(numbers(values)) >> np.uint64(64 - _BITS)).astype(np.uint8)
        order = np.argsort(parts, kind="stable")
        values = [part.take(pa.array(order)) for part in values]
        ends = np.searchsorted(parts[order], np.arange(1 << _BITS), side="right")
        self._spilled.append(
            [
                self._write([part[start:end] for part in values])
                for start, end in zip([0, *ends[:-1]], ends, strict=True)
            ]
        )

    def _write(self, values: Values) -> tuple[int, int]:
        if not len(values[0]):
            return 0, 0
        batch = pa.record_batch(list(values), [str(index) for index in range(len(values))])
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, batch.schema) as stream:
            stream.write_batch(batch)
        data = memoryview(sink.getvalue())
        return self.space.file.add(data), data.nbytes

    def _part(self, index: int) -> Values | None:
        tables = [
            pa.ipc.open_stream(pa.py_buffer(self.space.file.read(at, size, np.dtype(np.uint8)))).read_all()
            for at, size in (places[index] for places in self._spilled)
            if size
        ]
        if not tables:
            return None
        return distinct([_plain(column.combine_chunks()) for column in pa.concat_tables(tables).columns])

    @staticmethod
    def together(ours: Distinct, theirs: Distinct) -> Iterator[tuple[Values | None, Values | None]]:
        """Equal tuples are in the same pair; the pairs are of a size that memory holds."""
        if ours.in_memory and theirs.in_memory:
            yield ours.all(), theirs.all()
            return
        for side in (ours, theirs):
            if side._pieces:
                side._spill()
        for index in range(1 << _BITS):
            yield ours._part(index), theirs._part(index)


def _plain(part: Any) -> pa.Array:
    if isinstance(part, pa.ChunkedArray):
        part = pa.concat_arrays(part.chunks) if part.num_chunks else pa.array([], part.type)
    if pa.types.is_floating(part.type):
        return pc.add(part, 0.0)  # -0.0 is 0.0
    return part.cast(part.type.value_type) if pa.types.is_dictionary(part.type) else part


def is_among(ours: Values, theirs: Values | None) -> npt.NDArray[np.bool_]:
    """Which of our tuples are among theirs."""
    if theirs is None:
        return np.zeros(len(ours[0]), bool)
    both = ids([pa.concat_arrays([a, b.cast(a.type)]) for a, b in zip(ours, theirs, strict=True)])
    count = len(ours[0])
    return np.isin(both[:count], both[count:])
