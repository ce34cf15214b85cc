"""Due dates by cycle, with a day of grace."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import vocabularies
from generator.freshness import Due, due

DAY = datetime.timedelta(days=1)


def on(day: str) -> datetime.date:
    return datetime.date.fromisoformat(day)


@pytest.mark.parametrize(
    ("cycle", "updated", "promised"),
    [
        ("realtime", "2026-06-01", "2026-06-02"),
        ("daily", "2026-06-01T08:00:00+08:00", "2026-06-02"),
        ("weekly", "2026-06-01", "2026-06-08"),
        ("monthly", "2026-01-31", "2026-03-03"),
        ("quarterly", "2026-01-01", "2026-04-03"),
        ("half-yearly", "2026-01-01", "2026-07-04"),
        ("yearly", "2024-02-29", "2025-03-01"),
    ],
)
def test_overdue_from_the_second_day_after_the_promise(cycle: str, updated: str, promised: str) -> None:
    day = on(promised)
    assert due(cycle, updated, day) == Due("in-time", cycle, updated[:10], promised)
    assert due(cycle, updated, day + DAY).state == "in-time", "the day of grace"
    late = due(cycle, updated, day + 2 * DAY)
    assert (late.is_overdue, late.days_late) == (True, 2)


@pytest.mark.parametrize("cycle", ["irregular", "never", "", "每月", "hourly"])
def test_no_promise_is_never_overdue(cycle: str) -> None:
    assert due(cycle, "1990-01-01", on("2026-06-01")).state == "none"


@pytest.mark.parametrize("updated", ["", "soon", "2026-13-01", "2026年1月1日", "9999-12-31"])
def test_no_readable_date_is_unknown(updated: str) -> None:
    assert due("daily", updated, on("2026-06-01")) == Due("unknown", "daily")


@given(
    st.sampled_from(sorted(vocabularies.update_cycles())),
    st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1)),
    st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1)),
)
def test_what_is_overdue_stays_so_until_it_is_updated(cycle: str, updated: datetime.date, today: datetime.date) -> None:
    now, tomorrow = due(cycle, updated.isoformat(), today), due(cycle, updated.isoformat(), today + DAY)
    assert tomorrow.is_overdue or not now.is_overdue
    if now.is_overdue:
        assert tomorrow.days_late == now.days_late + 1
    assert not due(cycle, today.isoformat(), today).is_overdue
