"""Cells as examples in reports."""

from __future__ import annotations

import datetime

from generator.disclosure.secrets import masked
from generator.identifiers import marks, normalised

_LONGEST = 60


def shown(value: str | None, today: datetime.date, *, longest: int = _LONGEST) -> str:
    """A cell in a report: short, and without the numbers of people and the keys of machines, which the gate keeps out
    of what is public and which a report must not carry further."""
    if not value:
        return ""
    text = value if len(value) <= 4 * longest else value[: 4 * longest]
    plain = normalised(text)
    found = [mark for mark in marks(plain, today) if mark.may_be]
    if found:
        for mark in reversed(found):
            plain = plain[: mark.start] + mark.masked + plain[mark.end :]
        text = plain
    text = masked(text)
    return text if len(text) <= longest and len(value) <= 4 * longest else text[: longest - 1] + "…"
