"""64 bits for a value, the same in every run and on every machine, a few nanoseconds each.

Made for estimates, not against an adversary: who wants two texts of one hash can find them. What is called exact
elsewhere compares the values.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Hashes = npt.NDArray[np.uint64]

_FIRST = np.uint64(0x9E3779B97F4A7C15)
_SECOND = np.uint64(0xD6E8FEB86659FD93)
_HALF = np.uint64(32)
_WORD = 8
WHOLE = 256
"""Texts of at most so many bytes are looked at wholly, longer ones at ``_WORDS`` places."""
_WORDS = WHOLE // _WORD
_BESIDE = _WORDS // 2
"""Of a longer text so many words from the start; the others are spread over the rest."""


def mixed(keys: Hashes) -> Hashes:
    """Of 64-bit keys: different keys have different hashes. The upper bits are the better ones."""
    found = keys * _FIRST
    found ^= found >> _HALF
    found *= _SECOND
    return found


def of_numbers(values: pa.Array) -> Hashes:
    """Of 64-bit numbers without nulls."""
    return mixed(values.to_numpy(zero_copy_only=True).view(np.uint64))


def of_texts(text: pa.StringArray) -> Hashes:
    """Of texts without nulls: word after word, for all texts at once."""
    if not len(text):
        return np.empty(0, np.uint64)
    starts, lengths, words = _layout(text)
    shortest, longest = int(lengths.min()), int(lengths.max())
    stride = shortest if shortest == longest else 0
    found = _last_words(text, starts + lengths, lengths, words, stride=stride, shortest=shortest)
    found ^= lengths.astype(np.uint64) * _SECOND
    _absorb(found)
    for number in range(min((longest - 1) // _WORD, _WORDS - 1)):
        _add_word(found, number, starts, lengths, words, stride=stride, shortest=shortest)
    found *= _SECOND
    return found


def _last_words(
    text: pa.StringArray,
    ends: npt.NDArray[np.int64],
    lengths: npt.NDArray[np.int64],
    words: Hashes,
    *,
    stride: int,
    shortest: int,
) -> Hashes:
    """The word that ends with each text, less what stands before a shorter one."""
    early = int(np.searchsorted(ends, _WORD))  # no word ends with them
    found = np.empty(len(ends), np.uint64)
    found[:early] = [int.from_bytes(each.encode(), "little") for each in text[:early].to_pylist()]
    if early < len(ends):
        found[early:] = _at(words, ends[early:] - _WORD, stride)
        if shortest < _WORD:  # (a shift by 64 gives 0)
            found[early:] >>= ((_WORD - np.minimum(lengths[early:], _WORD)) * 8).astype(np.uint64)
    return found


def _add_word(
    found: Hashes,
    number: int,
    starts: npt.NDArray[np.int64],
    lengths: npt.NDArray[np.int64],
    words: Hashes,
    *,
    stride: int,
    shortest: int,
) -> None:
    end = (number + 1) * _WORD
    if shortest > end:  # all texts have it
        found ^= _at(words, starts + _place(number, lengths), stride)
        _absorb(found)
        return
    some = np.flatnonzero(lengths > end)
    part = found[some]
    part ^= words[starts[some] + _place(number, lengths[some])]
    _absorb(part)
    found[some] = part


def _place(number: int, lengths: npt.NDArray[np.int64]) -> npt.NDArray[np.int64] | int:
    if number < _BESIDE or int(lengths.max()) <= WHOLE:
        return number * _WORD
    near = _BESIDE * _WORD
    spread = near + (lengths - near - _WORD) * (number - _BESIDE) // (_WORDS - _BESIDE)
    return np.where(lengths > WHOLE, spread, number * _WORD)


def _absorb(found: Hashes) -> None:
    found *= _FIRST
    found ^= found >> _HALF


def _at(words: Hashes, places: npt.NDArray[np.int64], stride: int) -> Hashes:
    """The words at these places. Texts of one length stand in even steps, which are read three times as fast."""
    if not stride:
        return words[places]
    first = int(places[0])
    return words[first : first + (len(places) - 1) * stride + 1 : stride].astype(np.uint64)


def _layout(text: pa.StringArray) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Hashes]:
    """Where each text starts, how many bytes it has, and the word (8 bytes, little-endian) at every byte."""
    places = offsets(text)
    data = text.buffers()[2]
    size = int(places[-1])
    words = np.ndarray(size - _WORD + 1, "<u8", data, strides=(1,)) if size >= _WORD else np.empty(0, np.uint64)
    return places[:-1].astype(np.int64), np.diff(places).astype(np.int64), words


def offsets(text: pa.StringArray) -> npt.NDArray[np.int32]:
    """Where the texts start in their bytes, and where the last one ends."""
    places = text.buffers()[1]
    if places is None or not len(text):
        return np.zeros(1, np.int32)
    return np.frombuffer(places, np.int32, len(text) + 1, text.offset * 4)
