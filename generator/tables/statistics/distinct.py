"""How many different values a column has, and how often each occurs while they are few.

Few values are counted one by one. Of many the smallest hashes are kept ("bottom-k"): a function of the set of values,
so that neither their order nor the pieces that they came in make a difference.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from generator.tables.statistics.bounds import Bounds
from generator.tables.statistics.hashes import Hashes

Counts = npt.NDArray[np.int64]
_PLACES = 2**15
_PLACE = np.uint64(_PLACES - 1)
_SURE = 3.29
"""Standard deviations that 999 of 1,000 estimates stay within."""


@dataclass(frozen=True, slots=True)
class Number:
    """How many different values there are."""

    value: int
    error: float = 0.0
    """The greatest relative error of 999 in 1,000 estimates; 0 when the value is exact, or a lower bound."""
    at_least: bool = False


class Distinct:
    """Values of one Arrow type without nulls."""

    def __init__(self, bounds: Bounds, hashed: Callable[[pa.Array], Hashes]) -> None:
        self._bounds = bounds
        self._hashed = hashed
        self._counted: list[tuple[pa.Array, Counts]] | None = []
        """None when they became too many."""
        self._size = 0
        self._bytes = 0
        self._smallest: list[Hashes] = []
        self._limit = np.uint64(2**64 - 1)
        self._met = np.arange(_PLACES, dtype=np.uint64) ^ np.uint64(1)
        """Some of the hashes that were met, each in the place of its lower bits: most of those that come again are
        found here. At first there stands what belongs in another place."""

    @property
    def is_few(self) -> bool:
        return self._counted is not None

    def add(self, values: pa.Array, counts: Counts | None = None) -> None:
        """``counts``: how often each of the values occurs."""
        if self._counted is None:
            self._keep(self._hashed(values))
            return
        found = counted(values) if counts is None else (values, counts)
        self._counted.append(found)
        self._size += len(found[0])
        self._bytes += _bytes_of(found[0])
        if self._size > 2 * self._bounds.distinct or self._bytes > 2 * self._bounds.distinct_bytes:
            self._merge()

    def counts(self) -> tuple[pa.Array, Counts] | None:
        """The values and how often each occurs, in no order; None when they are many."""
        self._merge()
        return self._counted[0] if self._counted else None

    def number(self) -> Number:
        self._merge()
        if self._counted is not None:
            return Number(len(self._counted[0][0]) if self._counted else 0)
        self._drop()
        smallest, most = self._smallest[0], self._bounds.distinct
        if len(smallest) < most:  # few texts, but too long to be kept: those of equal hash may differ
            return Number(len(smallest), at_least=True)
        return Number(((most - 1) << 64) // (int(smallest[-1]) + 1), round(_SURE / (most - 2) ** 0.5, 4))

    def _merge(self) -> None:
        if not self._counted:
            return
        if len(self._counted) > 1:
            values = pa.chunked_array([each for each, _ in self._counted])
            self._counted = [counted(values, np.concatenate([counts for _, counts in self._counted]))]
        values = self._counted[0][0]
        self._size, self._bytes = len(values), _bytes_of(values)
        if self._size > self._bounds.distinct or self._bytes > self._bounds.distinct_bytes:
            self._counted = None
            self._keep(self._hashed(values))

    def _keep(self, hashes: Hashes) -> None:
        near = hashes[hashes <= self._limit]
        places = near & _PLACE
        new = near[self._met[places] != near]
        self._met[places] = near
        self._smallest.append(new)
        if sum(map(len, self._smallest)) > 3 * self._bounds.distinct:
            self._drop()

    def _drop(self) -> None:
        found = np.sort(np.concatenate(self._smallest))
        self._smallest = [found[first_of_each(found)][: self._bounds.distinct]]
        if len(self._smallest[0]) == self._bounds.distinct:
            self._limit = self._smallest[0][-1]


def counted(values: pa.Array | pa.ChunkedArray, counts: Counts | None = None) -> tuple[pa.Array, Counts]:
    """Each value once, and how often it occurs (``counts``: at each of its places)."""
    encoded = values.dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        indices = np.concatenate([chunk.indices.to_numpy() for chunk in encoded.chunks])
        encoded = encoded.chunk(encoded.num_chunks - 1)  # they have one dictionary
    else:
        indices = encoded.indices.to_numpy()
    number = len(encoded.dictionary)
    found = np.bincount(indices, counts, number) if counts is not None else np.bincount(indices, minlength=number)
    return encoded.dictionary, found.astype(np.int64)


def first_of_each(keys: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Which of the sorted keys differ from the one before."""
    first = np.ones(len(keys), np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=first[1:])
    return first


def _bytes_of(values: pa.Array) -> int:
    """Of texts; numbers are short."""
    return pc.sum(pc.binary_length(values)).as_py() or 0 if pa.types.is_string(values.type) else 0
