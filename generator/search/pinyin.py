"""Readings of Chinese texts, so that who types ``gongjiao`` or ``gj`` finds 公交. The browser needs no table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate

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
    from pypinyin.seg.mmseg import seg

    return tuple(reading for word in seg.cut(passage) for reading in _word(word))


@lru_cache(200_000)
def _word(word: str) -> Reading:
    """pypinyin cuts a text into words too, but asks for each one anew."""
    from pypinyin import Style, pinyin

    found = pinyin([word], style=Style.NORMAL, heteronym=True)
    return tuple(tuple(dict.fromkeys(each.replace("ü", "v") for each in some[:_READINGS])) for some in found)


def keys(reading: Reading, length: int) -> list[str]:
    """What may be typed for the passage from any of its characters on, cut to ``length``: whole syllables, initials.

    One character at most has another reading than its most usual one: more of them at once are not worth their bytes.
    """
    found: dict[str, None] = {}
    usual = [each[0] for each in reading]
    _add(found, usual, range(len(usual)), length)
    for at, others in enumerate(reading):
        for other in others[1:]:
            varied = [*usual[:at], other, *usual[at + 1 :]]
            _add(found, varied, range(max(0, at - length + 1), at + 1), length)
    return list(found)


def _add(found: dict[str, None], syllables: list[str], starts: range, length: int) -> None:
    whole, initials = "".join(syllables), "".join([each[0] for each in syllables])
    begins = [0, *accumulate(map(len, syllables))]
    for start in starts:
        found[whole[begins[start] : begins[start] + length]] = None
        found[initials[start : start + length]] = None


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
