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
        self._has_long = False
        """There are texts that a hash does not look at wholly."""
        self._gathered = Gathered(pa.string(), hashes.of_texts, bounds, unique=unique)

    def add(self, text: pa.Array) -> None:
        """Texts, or a dictionary of them."""
        values, counts = text, None
        if pa.types.is_dictionary(text.type):
            values, counts = _used(text)
        elif self._gathered.is_counting:
            values, counts = counted(text)
        sizes = np.diff(hashes.offsets(values))
        longest = int(sizes.max())
        self._has_long = self._has_long or longest > hashes.WHOLE
        self._measure(_lengths(values, sizes), counts)
        self._gathered.count(values, counts)
        self._gathered.sample(text, None if longest <= self._bounds.shown_bytes else self._usable(text))

    def describe(self, column: ColumnStatistics) -> ColumnStatistics:
        rows = column.rows - column.nulls
        texts, spread = self._gathered.texts()
        number = self._gathered.number(spread)
        if number.error and self._has_long:
            number = replace(number, at_least=True)
        return replace(
            column,
            **gathered.distinct(number),
            lengths=Lengths(self._shortest, wording.mean(Fraction(self._characters, rows), 0), self._longest),
            frequent=self._frequent(texts, spread, rows),
            error=spread.error,
        )

    def _measure(self, lengths: Integers, counts: Counts | None) -> None:
        self._shortest = min(self._shortest, int(lengths.min()))
        self._longest = max(self._longest, int(lengths.max()))
        self._characters += int(lengths.sum(dtype=np.int64) if counts is None else (lengths * counts).sum())

    def _usable(self, text: pa.Array) -> npt.NDArray[np.bool_]:
        """Which texts are short enough to be kept."""
        if pa.types.is_dictionary(text.type):
            short = np.diff(hashes.offsets(text.dictionary)) <= self._bounds.shown_bytes
            of_dictionary: npt.NDArray[np.bool_] = short[text.indices.to_numpy()]
            return of_dictionary
        usable: npt.NDArray[np.bool_] = np.diff(hashes.offsets(text)) <= self._bounds.shown_bytes
        return usable

    def _frequent(self, texts: pa.StringArray, spread: Spread, rows: int) -> tuple[ValueCount, ...]:
        """Those equally frequent come in the order of their UTF-8."""
        some = np.flatnonzero(np.diff(hashes.offsets(texts)) <= self._bounds.shown_bytes)
        most = np.sort(spread.counts[some])[-self._bounds.shown :]
        some = some[spread.counts[some] >= max(most[:1].sum(), 2)]  # the others need no order
        some = some[pc.sort_indices(texts.take(pa.array(some))).to_numpy()]
        kept = Spread(some, spread.counts[some], spread.size, spread.error)
        return self._gathered.frequent(kept, rows, lambda place: str(texts[place]))


def _used(text: pa.DictionaryArray) -> tuple[pa.StringArray, Counts]:
    """The texts of the dictionary that occur, and how often."""
    counts = np.bincount(text.indices.to_numpy(), minlength=len(text.dictionary)).astype(np.int64)
    some = np.flatnonzero(counts)
    return text.dictionary.take(pa.array(some)), counts[some]


def _lengths(text: pa.StringArray, sizes: Integers) -> Integers:
    """In code points; ``sizes`` are in bytes."""
    places = hashes.offsets(text)
    first, last = int(places[0]), int(places[-1])
    if last == first or np.frombuffer(text.buffers()[2], np.int8, last - first, first).min() >= 0:
        return sizes  # ASCII
    lengths: Integers = pc.utf8_length(text).to_numpy()
    return lengths
