"""When a dataset has to be updated next, after the cycle that its publisher promised.

The one place that reckons it: checks, badges, scorecards and reminders say the same of the same day.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

from generator import vocabularies

GRACE = datetime.timedelta(days=1)
"""What is late by this much is not called late: the data of a day are often there on the next."""


@dataclass(frozen=True, slots=True)
class Due:
    """The promise of one dataset, held against a day."""

    state: Literal["none", "unknown", "in-time", "overdue"]
    """``none``: nothing was promised (irregular, never, no cycle). ``unknown``: no readable date of an update."""
    cycle: str = ""
    """Id in the vocabulary of update cycles."""
    updated: str = ""
    """ISO date of the last update."""
    due: str = ""
    """ISO date by which the next one was promised."""
    days_late: int = 0
    """Counted from ``due``. 0 unless it is overdue."""

    @property
    def is_overdue(self) -> bool:
        return self.state == "overdue"


def due(cycle: str, updated: str, today: datetime.date) -> Due:
    """``cycle`` is an id of the vocabulary, ``updated`` the date (or date and time) of the last update."""
    concept = vocabularies.update_cycles().get(cycle)
    if concept is None or not concept.days:
        return Due("none", concept.id if concept else "", updated[:10])
    try:
        last = datetime.date.fromisoformat(updated[:10])
        promised = last + datetime.timedelta(days=concept.days)
        late = today > promised + GRACE
    except (ValueError, OverflowError):
        return Due("unknown", cycle)
    days = (today - promised).days if late else 0
    return Due("overdue" if late else "in-time", cycle, last.isoformat(), promised.isoformat(), days)
