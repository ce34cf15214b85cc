"""Data are received also where an event loop is running already: in a notebook, beside a browser's driver."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from generator.remote.receiving import _run


async def _seven() -> int:
    await asyncio.sleep(0)
    return 7


def test_within_a_running_loop() -> None:
    async def outer() -> int:
        return _run(_seven())

    with ThreadPoolExecutor(1) as pool:  # the tests' own thread may have a loop as well
        assert pool.submit(asyncio.run, outer()).result(timeout=30) == 7


def test_what_is_raised_comes_out() -> None:
    async def broken() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        _run(broken())


def test_an_interrupt_ends_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[str] = []

    async def long() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    def interrupted(self: object, timeout: float | None = None) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("concurrent.futures.Future.result", interrupted)
    with pytest.raises(KeyboardInterrupt):
        _run(long())
    assert ended == ["cancelled"]
