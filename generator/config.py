"""Configuration of a portal: one YAML file, ``kaishu.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.text import Text


@dataclass(frozen=True, slots=True)
class Portal:
    """What the site says of itself."""

    title: Text
    description: Text
    url: str
    """Where the site will be, with a final slash: ``https://data.example.gov.cn/opendata/``."""
    languages: tuple[str, ...] = ("zh", "en")
    publisher: Text = field(default_factory=Text)
    publisher_url: str = ""
    email: str = ""
    phone: str = ""
    repository: str = ""
    """Web address of the repository that pull requests go to; empty for none."""
    place: Text = field(default_factory=Text)
    place_code: str = ""
    license_url: str = ""
    """Licence of the catalogue's metadata."""
    notice: Text = field(default_factory=Text)
    """A banner on every page, e.g. that this is a demonstration."""
    filing: tuple[tuple[str, str], ...] = ()
    """(text, url) of the registrations a Chinese site shows in its footer (ICP备案 and the like)."""


@dataclass(frozen=True, slots=True)
class Config:
    """One publication: where things are, what is assumed, what is demanded."""

    portal: Portal
    file: Path | None
    datasets: Path
    site_src: Path
    site: Path
    mkdocs: Path
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """Descriptor properties that a package gets when it states none, e.g. ``openness``."""
    rules: Mapping[str, str] = field(default_factory=dict)
    """Problem name → ``error``, ``advice`` or ``off``. Only rules that go beyond the standard may be lowered."""
    agencies: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Agencies that have no folder of their own (as ``agency.yaml``, by id)."""
