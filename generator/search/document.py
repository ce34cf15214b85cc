"""What is known of a dataset in the search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SINGLE = ("year", "agency", "theme", "openness", "cycle")
"""Facets of which a dataset has one value at most."""
FACETS = ("theme", "agency", "openness", "format", "cycle", "year", "licence")


@dataclass(frozen=True, slots=True)
class Document:
    name: str
    titles: Mapping[str, str]
    """By language. The same for descriptions."""
    descriptions: Mapping[str, str]
    keywords: tuple[str, ...]
    """In every language, each once. The same for fields: names and titles."""
    fields: tuple[str, ...]
    facets: Mapping[str, tuple[str, ...]]
    """Ids of the values, for each of ``FACETS``."""
    modified: str = ""
    bytes: int = 0
    """Of all that can be downloaded."""
    demonstration: bool = False
    overdue: bool = False

    def title(self, lang: str) -> str:
        return self.titles.get(lang) or next(iter(self.titles.values()), "")


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a facet: its labels by language, and what else it is called (an agency's short name)."""

    id: str
    labels: Mapping[str, str]
    others: tuple[str, ...] = ()
