"""Whether so many numbers of one form can be there by chance: a column of codes is not one of people.

The arithmetic, with what it means for real columns, is in docs/disclosure.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from generator.identifiers import CARD, MOBILE, RESIDENT, RESIDENT_OLD

AMONG_NUMBERS = {RESIDENT: 2e-5, RESIDENT_OLD: 0.013, MOBILE: 0.08, CARD: 0.025}
"""How probable it is that a random number of the length has the form.

Resident IDs: 35 of 100 provinces, 127 of 10,000 years, 366 of 10,000 days and 1 of 11 check characters. Those of 15
digits: without years and check characters. Phones: 7 of 90, the first digit not being 0. Cards: of 16 digits, an
issuer's one in four, Luhn's one in ten; of more digits much less."""
AMONG_CODES = {RESIDENT: 1 / 11, RESIDENT_OLD: 366 / 10_000}
"""Of codes that are made like an ID. Of a division, a day and a number: the check character alone. Of 15 digits that
begin with a division, as the numbers of business licences do: that a day follows."""
ALPHA = 0.005
"""In a column. (Chernoff's bound, which is some times larger than the probability that it bounds.)"""
FEW = 3
"""Among so few numbers one is enough: the harm of a person's number weighs more than that of asking once too often."""


@dataclass(slots=True)
class Tally:
    """Numbers of one kind in one column."""

    seen: int = 0
    """Of the length."""
    shaped: int = 0
    """With a possible place and birth date; of 15 digits, with a possible place."""
    hits: int = 0
    said: int = 0
    """Hits before which a word says what they are."""
    early: int = 0
    """Hits of 15 digits that could be a code with a year of this century instead of a birth before 1927."""
    row: int = -1
    """Of the first hit: how many rows come before it."""
    masked: str = ""
    cells: int = 0
    """Cells with a hit."""
    said_row: int = -1
    said_masked: str = ""

    def join(self, other: Tally) -> None:
        """``other`` comes after this one."""
        if self.row < 0 <= other.row:
            self.row, self.masked = other.row, other.masked
        if self.said_row < 0 <= other.said_row:
            self.said_row, self.said_masked = other.said_row, other.said_masked
        for name in ("seen", "shaped", "hits", "said", "early", "cells"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


def is_meant(kind: str, tally: Tally, *, named: bool, numeric: bool = False, cells: int = 0) -> bool:
    """Whether the hits are people's numbers.

    ``named``: the column says so. ``numeric``: its type is a number; ``cells``: how many it has that are not empty.
    """
    if not tally.hits:
        return False
    if named or tally.said:
        return True
    if numeric and kind == MOBILE and tally.hits < 0.8 * cells:
        return False  # amounts, areas, populations: some have eleven digits
    if kind == RESIDENT_OLD and tally.hits >= 10 and tally.early == tally.hits:
        return False  # all are said to be a hundred years old: codes with a day of this century
    if kind in AMONG_CODES and not _is_more(tally.hits, tally.shaped, AMONG_CODES[kind]):
        return False
    return _is_more(tally.hits, tally.seen, AMONG_NUMBERS[kind])


def _is_more(hits: int, of: int, chance: float) -> bool:
    """Whether chance alone would hardly give as many."""
    return (of <= FEW and hits > 0) or bound(hits, of, chance) <= ALPHA


def bound(hits: int, of: int, chance: float) -> float:
    """An upper bound of the probability of that many, or more (Chernoff)."""
    share = hits / of
    if share <= chance:
        return 1.0
    exponent = share * math.log(share / chance)
    if share < 1:
        exponent += (1 - share) * math.log((1 - share) / (1 - chance))
    return math.exp(-of * exponent)
