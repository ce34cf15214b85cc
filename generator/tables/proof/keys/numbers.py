"""A key as a 64-bit number: the value itself where it has that size, else a hash of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from hashlib import blake2b
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from generator.tables.proof.keys.space import Mask, Numbers
from generator.tables.proof.outcome import NotProved

Values = Sequence[pa.Array]
"""Of the parts of a key, a piece of the table: null where a row has none."""

_Kind = TypeVar("_Kind", bound=np.generic)

_ODD: Final = np.uint64(0xFF51AFD7ED558CCD)
_ONE: Final = np.uint64(1)
_START: Final = np.uint64(0xC4CEB9FE1A85EC53)
_HALF: Final = np.uint64(32)
_NULL: Final = np.uint64(0x5851F42D4C957F2D)
_KEPT: Final = np.array([(1 << 8 * size) - 1 for size in range(9)], np.uint64)
"""The lower bytes of a word."""
_LONG: Final = 256
"""Bytes of a text after which numpy has no advantage."""
_ROWS: Final = 4096
"""Together: what is made on the way stays in the processor's cache, and in memory that need not be asked for anew."""


def is_exact(values: Values) -> bool:
    """Whether equal numbers are equal values."""
    return len(values) == 1 and not _is_text(values[0].type)


def numbers(values: Values) -> Numbers:
    """One for each row. What a row without a value gets is not defined where the key has one part."""
    found = [_of_part(part, null=len(values) > 1) for part in values]
    return found[0] if len(found) == 1 else reduce(_mixed, found, np.full(len(found[0]), _START))


def absent(values: Values) -> Mask | None:
    """Rows in which no part has a value; None: there are none."""
    if not all(part.null_count for part in values):
        return None
    none: Mask = np.logical_and.reduce([_nulls(part) for part in values])
    return none if none.any() else None


def never_equal(values: Values) -> Mask | None:
    """Rows with a NaN, which is equal to nothing for Python either; None: there are none."""
    found = [np.isnan(_plain(part, np.float64)) & ~_nulls(part) for part in values if pa.types.is_floating(part.type)]
    some: Mask | None = np.logical_or.reduce(found) if found else None
    return some if some is not None and some.any() else None


def either(some: Mask | None, others: Mask | None) -> Mask | None:
    if some is None or others is None:
        return others if some is None else some
    return some | others


def _nulls(part: pa.Array) -> Mask:
    return np.asarray(pc.is_null(part).to_numpy(zero_copy_only=False), bool)


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return _is_text(kind.value_type)
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _of_part(part: pa.Array, *, null: bool) -> Numbers:
    found = _of_present(part)
    if null and part.null_count:
        return np.where(_nulls(part), _NULL, found)
    return found


def _of_present(part: pa.Array) -> Numbers:
    kind = part.type
    if pa.types.is_dictionary(kind):
        if part.dictionary.null_count or not len(part.dictionary):
            return _of_present(part.cast(kind.value_type))
        places = part.indices.fill_null(0) if part.null_count else part.indices
        found: Numbers = _of_present(part.dictionary)[places.to_numpy()]
        return found
    if _is_text(kind):
        return _of_texts(part)
    if pa.types.is_null(kind):
        return np.zeros(len(part), np.uint64)
    if pa.types.is_floating(kind):
        return _bits(_plain(part.cast(pa.float64()), np.float64) + 0.0)  # -0.0 is 0.0
    if pa.types.is_boolean(kind):
        return _bits(_plain(part.cast(pa.int64()), np.int64))
    if pa.types.is_date32(kind):
        return _bits(_plain(part, np.int32).astype(np.int64))
    if pa.types.is_int64(kind) or pa.types.is_timestamp(kind):
        return _bits(_plain(part, np.int64))
    raise NotProved("key-form")


def _plain(part: pa.Array, kind: type[_Kind]) -> npt.NDArray[_Kind]:
    """The values without a copy; anything where there is none."""
    data = part.buffers()[1]
    if data is None:
        return np.zeros(len(part), kind)
    return np.frombuffer(data, kind, len(part), part.offset * np.dtype(kind).itemsize)


def _bits(values: npt.NDArray[Any]) -> Numbers:
    bits: Numbers = values.view(np.uint64)
    return bits


def _mixed(hashes: Numbers, numbers: Numbers) -> Numbers:
    mixed = hashes ^ numbers
    mixed *= _ODD
    mixed ^= mixed >> _HALF
    return mixed


def _of_texts(texts: pa.Array) -> Numbers:
    """Eight bytes of all texts at a time."""
    if not len(texts):
        return np.empty(0, np.uint64)
    wide = pa.types.is_large_string(texts.type)
    _, places, data = texts.buffers()
    size = 8 if wide else 4
    ends = np.frombuffer(places, np.int64 if wide else np.int32, len(texts) + 1, texts.offset * size)
    first, last = int(ends[0]), int(ends[-1])
    padded = np.zeros(last - first + 8, np.uint8)
    if data is not None:
        padded[:-8] = np.frombuffer(data, np.uint8, last - first, first)
    hashes = np.empty(len(texts), np.uint64)
    for row in range(0, len(texts), _ROWS):
        some = ends[row : row + _ROWS + 1] - first
        hashes[row : row + _ROWS] = _of_some(padded, some[:-1], np.diff(some))
    return hashes


def _of_some(padded: npt.NDArray[np.uint8], starts: npt.NDArray[Any], lengths: npt.NDArray[Any]) -> Numbers:
    words = np.ndarray((len(padded) - 7,), np.dtype("<u8"), padded, strides=(1,))  # one from each byte on
    shortest, longest = int(lengths.min()), int(lengths.max())
    hashes = _mixed((lengths.astype(np.uint64) + _ONE) * _NULL, _words(words, starts, lengths, shortest))
    for done in range(8, min(longest, _LONG), 8):
        if shortest > done:
            hashes = _mixed(hashes, _words(words, starts + done, lengths - done, shortest - done))
        else:
            rows = np.flatnonzero(lengths > done)
            left = lengths[rows] - done
            hashes[rows] = _mixed(hashes[rows], _words(words, starts[rows] + done, left, int(left.min())))
    for row in np.flatnonzero(lengths > _LONG) if longest > _LONG else ():
        rest = padded[int(starts[row]) + _LONG : int(starts[row]) + int(lengths[row])]
        hashes[row] ^= np.uint64(int.from_bytes(blake2b(rest.data, digest_size=8).digest(), "little"))
    return hashes


def _words(words: Numbers, starts: npt.NDArray[Any], left: npt.NDArray[Any], least: int) -> Numbers:
    found: Numbers = words[starts]
    if least >= 8:
        return found
    most = int(left.max())
    if most == least:
        found &= _KEPT[least]
    else:
        found &= _KEPT[left if most <= 8 else np.minimum(left, 8)]
    return found
