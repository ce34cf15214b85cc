from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest

from tests.remote.servers import Server, serving

LONGEST = 20


@pytest.fixture(autouse=True)
def bounded_in_time() -> Iterator[None]:
    """A test of limits that has none of its own would hang when they fail."""

    def stop(_: int, __: FrameType | None) -> None:
        raise TimeoutError(f"longer than {LONGEST} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(LONGEST)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def other_server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"
