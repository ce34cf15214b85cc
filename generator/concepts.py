"""Entries of vocabularies: they are public, and all that a mere check needs of the public values."""

from __future__ import annotations

from dataclasses import dataclass, field

from generator.text import Text


@dataclass(frozen=True, slots=True)
class Concept:
    """One entry of a vocabulary (a theme, an industry, an update cycle)."""

    id: str
    label: Text
    uris: tuple[str, ...] = ()
    """What the entry is in other vocabularies, best match first (EU data theme, EU frequency)."""
    description: Text = field(default_factory=Text)
    days: int | None = None
    """For update cycles: the longest time between two updates."""


@dataclass(frozen=True, slots=True)
class License:
    name: str
    """SPDX identifier or the publisher's own name; may be empty when only a link was given."""
    title: Text
    url: str = ""
    eu_uri: str = ""
    """The licence in the EU's authority table, where it is there."""
    open: bool = True
