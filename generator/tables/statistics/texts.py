"""Columns of text: how long the texts are, and which are frequent."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from generator.public import ColumnStatistics, Lengths, ValueCount
from generator.tables.statistics import gathered, hashes, wording
from generator.tables.statistics.bounds import Bounds
from generator.tables.statistics.distinct import Counts, counted
from generator.tables.statistics.gathered import Gathered
from generator.tables.statistics.spread import Spread

Integers = npt.NDArray[Any]


class Texts:
    def __init__(self, bounds: Bounds, *, unique: bool) -> None:
        self._bounds = bounds
        self._shortest, self._longest, self._characters = 2**63, 0, 0
        self._gathered = Gathered(pa.string(), hashes.of_texts, bounds, unique=unique)

    def add(self, text: pa.Array) -> None:
        """Texts, or a dictionary of them."""
        values, counts = text, None
        if pa.types.is_dictionary(text.type):
            values, counts = _used(text)
        elif self._gathered.is_counting:
            values, counts = counted(text)
        self._measure(values, counts)
        self._gathered.count(values, counts)
        self._gathered.sample(text, self._usable(text))

    def describe(self, column: ColumnStatistics) -> ColumnStatistics:
        rows = column.rows - column.nulls
        values, counts, error = self._gathered.values()
        return replace(
            column,
            **gathered.distinct(self._gathered.number()),
            lengths=Lengths(self._shortest, wording.mean(Fraction(self._characters, rows), 0), self._longest),
            frequent=self._frequent(values, counts, error, rows),
            error=error,
        )

    def _measure(self, values: pa.StringArray, counts: Counts | None) -> None:
        """In code points."""
        lengths = _lengths(values)
        self._shortest = min(self._shortest, int(lengths.min()))
        self._longest = max(self._longest, int(lengths.max()))
        self._characters += int(lengths.sum(dtype=np.int64) if counts is None else (lengths * counts).sum())

    def _usable(self, text: pa.Array) -> npt.NDArray[np.bool_] | None:
        """Which texts are short enough to be kept; None: all. (There are no more characters than bytes.)"""
        if pa.types.is_dictionary(text.type):
            usable = np.diff(hashes.offsets(text.dictionary)) <= self._bounds.shown_bytes
            return None if usable.all() else usable[text.indices.to_numpy()]
        usable = np.diff(hashes.offsets(text)) <= self._bounds.shown_bytes
        return None if usable.all() else usable

    def _frequent(self, values: pa.StringArray, counts: Counts, error: float, rows: int) -> tuple[ValueCount, ...]:
        """Numbers in the order of the texts stand for them, so that equally frequent ones come in that order."""
        short = np.flatnonzero(np.diff(hashes.offsets(values)) <= self._bounds.shown_bytes)
        values, counts = values.take(pa.array(short)), counts[short]
        order = pc.sort_indices(values).to_numpy()
        spread = Spread(np.arange(len(order)), counts[order], error)
        return self._gathered.frequent(spread, rows, lambda number: str(values[int(order[number])]))


def _used(text: pa.DictionaryArray) -> tuple[pa.StringArray, Counts]:
    """The texts of the dictionary that occur, and how often."""
    counts = np.bincount(text.indices.to_numpy(), minlength=len(text.dictionary)).astype(np.int64)
    some = np.flatnonzero(counts)
    return text.dictionary.take(pa.array(some)), counts[some]


def _lengths(text: pa.StringArray) -> Integers:
    places = hashes.offsets(text)
    first, last = int(places[0]), int(places[-1])
    if last == first or np.frombuffer(text.buffers()[2], np.int8, last - first, first).min() >= 0:
        return np.diff(places)  # ASCII
    lengths: Integers = pc.utf8_length(text).to_numpy()
    return lengths
