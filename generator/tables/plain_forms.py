"""Looks at the bytes of many texts at once.

The usual ways of writing a number are told from the unusual ones by a few passes over the buffers of an Arrow array,
at a nanosecond or two a cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from generator.tables.facts import Cell, Facts, Most

_ZERO, _MINUS, _POINT = b"0-."

_BLOCK = 4096
"""Numbers that are worked on at a time, so that they stay in the processor's cache."""

Ints = npt.NDArray[np.integer[Any]]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Cells:
    """The bytes of the texts that are not null, none of them empty."""

    text: pa.StringArray
    data: npt.NDArray[np.uint8]
    start: Ints
    end: Ints
    rows: Ints | None
    """Their places; None where no text is null."""

    @classmethod
    def of(cls, text: pa.StringArray) -> Cells:
        _, offsets, data = text.buffers()
        bounds = (
            np.frombuffer(offsets, np.int32, len(text) + 1, text.offset * 4) if len(text) else np.zeros(1, np.int32)
        )
        bytes_ = np.frombuffer(data if data is not None else b"", np.uint8)
        start, end = bounds[:-1], bounds[1:]
        if not text.null_count:
            return cls(text, bytes_, start, end, None)
        rows = np.flatnonzero(valid(text))
        return cls(text, bytes_, start[rows], end[rows], rows)

    def cell(self, index: int) -> Cell:
        row = int(index if self.rows is None else self.rows[index])
        return Cell(row, self.text[row].as_py())

    def __len__(self) -> int:
        return len(self.start)

    @cached_property
    def all(self) -> npt.NDArray[np.uint8]:
        """Every byte from the first cell to the last. Texts that are null may add some."""
        return self.data[self.start[0] : self.end[-1]] if len(self) else self.data[:0]

    @cached_property
    def _least(self) -> int:
        return int(self.all.min()) if len(self.all) else 0xFF

    @cached_property
    def _most(self) -> int:
        return int(self.all.max()) if len(self.all) else 0

    def only(self, first: str, last: str = "\xff") -> bool:
        """Whether all bytes are between these two."""
        return self._least >= ord(first) and (last == "\xff" or self._most <= ord(last))

    @cached_property
    def first(self) -> npt.NDArray[np.uint8]:
        return self._at(self.start)

    @cached_property
    def minus(self) -> Mask:
        return np.equal(self.first, _MINUS)

    def leading_zero(self) -> Cell | None:
        """The first number that begins with a 0 before another digit."""
        zero = self.first == _ZERO
        if self.minus.any():
            zero |= self.minus & (self._at(self.start + 1) == _ZERO)
        if not zero.any():
            return None
        found = np.flatnonzero(zero)
        after = self.start[found] + self.minus[found] + 1
        bad = found[(after < self.end[found]) & (self._at(after) != _POINT)]
        return self.cell(int(bad[0])) if len(bad) else None

    def digits(self) -> tuple[Most, Most]:
        """The most digits before and after the decimal point. Each text is a plain number."""
        if not len(self):
            return Most(), Most()
        whole = self.end - self.start - self.minus
        last = bytes(self.data[self.start[-1] : self.end[-1]])
        places = len(last) - last.find(b".") - 1
        if places < len(last) and (self._at(self.end - places - 1) == _POINT).all():  # as in most tables
            return self._longest(whole - places - 1), Most(places, self.cell(0))
        points = np.flatnonzero(self.all == _POINT) + self.start[0]
        if not len(points):
            return self._longest(whole), Most(0, self.cell(0))
        at = np.searchsorted(self.end, points, side="right")
        fraction = np.zeros(len(self), np.int64)
        fraction[at] = self.end[at] - points - 1
        whole = whole - fraction
        whole[at] -= 1
        return self._longest(whole), self._longest(fraction)

    def _longest(self, digits: Ints) -> Most:
        place = int(digits.argmax())
        return Most(int(digits[place]), self.cell(place))

    def _at(self, places: Ints) -> npt.NDArray[np.uint8]:
        """The bytes at these places; any byte for a place that there is not."""
        found = np.zeros(len(places), np.uint8)
        for start in range(0, len(places) if len(self.data) else 0, _BLOCK):
            stop = start + _BLOCK
            np.take(self.data, places[start:stop], mode="clip", out=found[start:stop])
        return found


def valid(array: pa.Array) -> Mask:
    return np.asarray(array.is_valid().to_numpy(zero_copy_only=False))


def first_cells(text: pa.StringArray, where: pa.BooleanArray, judge: Callable[[str], Iterable[str]]) -> Facts:
    """The first cell of each mark that ``judge`` gives to the texts where the mask is true. Each is judged once."""
    rows = np.flatnonzero(pc.fill_null(where, False).to_numpy(zero_copy_only=False))
    if not len(rows):
        return Facts()
    encoded = text.take(pa.array(rows)).dictionary_encode()
    firsts = np.unique(encoded.indices.to_numpy(), return_index=True)[1]
    marks: dict[str, Cell] = {}
    for one, first in zip(encoded.dictionary.to_pylist(), firsts, strict=True):
        for mark in judge(one):
            cell = Cell(int(rows[first]), one)
            marks[mark] = min(cell, marks.get(mark, cell))
    return Facts(marks)


def exact_decimals(values: pa.DoubleArray, scale: int) -> pa.Array | None:
    """The decimals of at most ``scale`` places that doubles were read from; None when that is not sure.

    Two decimals of 15 digits are never the same double. So if a decimal of 15 digits gives the double again, it is the
    one that stood there. (The proof needs no look at the text.)
    """
    if scale > 15:
        return None
    numbers = np.frombuffer(values.buffers()[1], np.float64, len(values), values.offset * 8)
    if values.null_count:
        numbers = np.where(valid(values), numbers, 0.0)
    power = 10.0**scale
    units = np.empty(len(numbers), np.int64)
    for start in range(0, len(numbers), _BLOCK):
        block = numbers[start : start + _BLOCK]
        shifted = block * power
        np.rint(shifted, out=shifted)
        if shifted.min() < -9e14 or shifted.max() > 9e14 or not np.array_equal(shifted / power, block):
            return None
        units[start : start + _BLOCK] = shifted
    present = pa.py_buffer(np.packbits(valid(values), bitorder="little")) if values.null_count else None
    return pa.Array.from_buffers(pa.decimal64(18, scale), len(values), [present, pa.py_buffer(units)])


def cast(text: pa.Array, kind: pa.DataType) -> pa.Array | None:
    try:
        return text.cast(kind)
    except pa.ArrowInvalid:
        return None


def where(mask: pa.BooleanArray, text: pa.StringArray) -> pa.StringArray:
    return pc.if_else(mask, text, pa.scalar(None, pa.string()))


def matches(text: pa.StringArray, pattern: str) -> pa.BooleanArray:
    return pc.match_substring_regex(text, pattern)


def read_once(text: pa.StringArray, read: Callable[[str], Any], kind: pa.DataType) -> pa.Array:
    """Each distinct text through a reader of Python."""
    encoded = text.dictionary_encode()
    return pa.array([read(one) for one in encoded.dictionary.to_pylist()], kind).take(encoded.indices)
