"""How texts and queries are made alike before they are compared. The browser's script does the same to queries."""

from __future__ import annotations

import re
import unicodedata

GAPS = re.compile("[\\s\x00-\x1f\x85\ufeff]+")
"""What Python and JavaScript take for a space, both together, so that both cut alike."""


def fold(text: str) -> str:
    """Full-width forms become plain ones, letters small ones."""
    return unicodedata.normalize("NFKC", text).lower()


def runs(text: str) -> list[str]:
    """The folded text, cut at spaces. A word of a query has no space in it, so each match lies within one run."""
    folded = fold(text)
    # What can be printed has no gaps but plain spaces.
    return folded.split() if folded.isprintable() else [run for run in GAPS.split(folded) if run]
