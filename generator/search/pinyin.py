"""Readings of Chinese texts, so that who types ``gongjiao`` or ``gj`` finds 公交. The browser needs no table."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import TypeAlias

from generator.search.folding import runs

_HAN = re.compile("[\u3400-\u9fff]+")
_READINGS = 3
"""Of one character that is read in several ways, outside of a word that pypinyin knows."""

Reading = tuple[tuple[str, ...], ...]
"""Of each character of a Chinese passage its readings, the most usual one first."""


def readings(runs_: Iterable[str]) -> list[Reading]:
    """One for each passage of Chinese characters in runs of a folded text."""
    return [_reading(passage) for run in runs_ if not run.isascii() for passage in _HAN.findall(run)]


@lru_cache(200_000)
def _reading(passage: str) -> Reading:
    from pypinyin.constants import PHRASES_DICT
    from pypinyin.seg.mmseg import seg

    found: list[tuple[str, ...]] = []
    for word in seg.cut(passage):
        found += _word(word)
        # 街|道行|道树 may be meant as 街道|行道树: what the last character is in a word that begins with it counts too.
        last = len(found) - 1
        for end in (last + 4, last + 3, last + 2) if len(word) > 1 else ():
            if (other := passage[last:end]) in PHRASES_DICT and len(other) > 1:
                found[last] = tuple(dict.fromkeys((*found[last], _word(other)[0][0])))
                break
    return tuple(found)


@lru_cache(200_000)
def _word(word: str) -> Reading:
    """pypinyin cuts a text into words too, but asks for each one anew."""
    from pypinyin import Style, pinyin

    found = pinyin([word], style=Style.NORMAL, heteronym=True)
    return tuple(tuple(dict.fromkeys(each.replace("ü", "v") for each in some[:_READINGS])) for some in found)


Typed: TypeAlias = tuple[str, Sequence[int]]
"""Letters, and where among them something begins that may be typed."""


def typed(reading: Reading, length: int) -> Iterator[Typed]:
    """What may be typed for the passage from any of its characters on: whole syllables, initials. Only the first
    ``length`` letters of it matter.

    One character at most has another reading than its most usual one: more of them at once are not worth their bytes.
    """
    usual = [each[0] for each in reading]
    begins = [0, *accumulate(map(len, usual))]
    whole, initials = "".join(usual), "".join([each[0] for each in usual])
    yield whole, begins[:-1]
    yield initials, range(len(initials))
    for at, others in enumerate(reading):
        here, after = begins[at], begins[at + 1]
        for other in others[1:]:
            # What is cut before it comes to this character is there already.
            start = bisect_right(begins, here - length, 0, at)
            first = begins[start]
            yield (
                whole[first:here] + (other + whole[after:])[:length],
                [each - first for each in begins[start : at + 1]],
            )
            if other[0] != usual[at][0]:
                start = max(0, at - length + 1)
                yield initials[start:at] + other[0] + initials[at + 1 : at + length], range(at + 1 - start)


def told(text: str) -> str:
    """The reading as the script gets it: syllables parted by spaces, other readings by strokes."""
    return "" if text.isascii() else _told(text)


@lru_cache(100_000)
def _told(text: str) -> str:
    return " ".join("/".join(each) for reading in readings(runs(text)) for each in reading)


def order_key(title: str) -> str:
    """Chinese titles stand in the order of their pinyin, after those that begin with other letters."""
    return _HAN.sub(_sorted_as, title.lower())


def _sorted_as(passage: re.Match[str]) -> str:
    return _spelled(passage.group())


@lru_cache(200_000)
def _spelled(passage: str) -> str:
    # What is spelt alike is told apart by its characters.
    usual = _reading(passage)
    return "".join(f"\uf8ff{each[0]} {char}" for each, char in zip(usual, passage, strict=False))
