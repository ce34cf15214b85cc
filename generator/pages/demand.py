"""Where one asks for data that are not there."""

from __future__ import annotations

from generator.config import Portal
from generator.pages import addresses
from generator.pages.words import Words


def address(portal: Portal, t: Words) -> str:
    """A new issue in the portal's repository, else a letter; empty when there is neither."""
    subject = addresses.encoded(t.demand_subject)
    if portal.repository:
        return f"{portal.repository.rstrip('/')}/issues/new?title={subject}"
    return f"mailto:{portal.email}?subject={subject}" if portal.email else ""
