"""Packages that are made to harm: each is told as what it is, in bounded memory and time."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.hostile.corpus import ANY, Hostile, corpus, portal

if sys.platform != "linux":
    pytest.skip("limits of processes, pipes and sockets as on Linux", allow_module_level=True)

from tests.hostile.bounded import Outcome, check_each

CASES = list(corpus())
MOST_MEMORY = 500 << 20
"""Bytes above a process that did nothing. The pieces of a wide table, and Python's own objects for 10 MB of YAML."""
CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Outcome]:
    folder = tmp_path_factory.mktemp("hostile")
    portals = [portal(hostile, folder / str(number)) for number, hostile in enumerate(CASES)]
    return dict(zip((hostile.name for hostile in CASES), check_each(portals), strict=True))


@pytest.mark.parametrize("hostile", CASES, ids=lambda hostile: hostile.name)
def test_harm_is_told_and_not_done(hostile: Hostile, outcomes: Mapping[str, Outcome]) -> None:
    outcome = outcomes[hostile.name]
    assert not outcome.ended, f"{outcome.ended} after {outcome.seconds} s"
    assert not {"check-failed", "conversion-failed"} & set(outcome.names), outcome.texts[-3000:]
    assert outcome.peak < MOST_MEMORY, f"{outcome.peak >> 20} MB"
    assert not CONTROLS.search(outcome.texts)
    assert "root:x:0" not in outcome.texts, "what is outside is not shown"
    if hostile.told == ANY:
        assert outcome.names
    elif hostile.told:
        assert hostile.told & set(outcome.names), outcome.names


def test_names_are_apart() -> None:
    assert len({hostile.name for hostile in CASES}) == len(CASES)


def test_nothing_was_made_elsewhere(outcomes: Mapping[str, Outcome]) -> None:
    assert outcomes
    assert not [place for place in ("/tmp/kaishu-owned", "/tmp/slipped.csv") if Path(place).exists()]
