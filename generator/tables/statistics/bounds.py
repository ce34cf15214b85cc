"""How much is kept of a column. With these, one column takes some megabytes at most, whatever the table's size."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    distinct: int = 10_000
    """Values that are counted one by one. A column with more of them gets an estimate of how many they are."""
    distinct_bytes: int = 16_000_000
    """Of their texts together."""
    window: int = 65_536
    """Whole numbers, dates and years of a narrower range than this are counted one by one, however many they are."""
    sample: int = 100_000
    """Values that quantiles and histograms are made of: all of them up to here, then a sample of half to all of it."""
    texts: int = 16_000
    """The same for texts, where there are more than ``sample``: they are only asked which are frequent."""
    seen: int = 100
    """How often a value must be in a sample, to be told as frequent."""
    shown: int = 10
    """The most frequent values that are told."""
    shown_bytes: int = 200
    """A longer text is not told as a frequent value: it would fill the page."""
