"""The memory of a process and all its children together, on Linux."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType

PAUSE = 0.2
_PROC = Path("/proc")


class Watch:
    """Samples the processes below ``pid`` until it ends; ``most`` is then the most that they had at once, in MB.

    PSS, so that memory which a forked process shares with its parent counts once. 0 where there is no ``/proc``.
    """

    def __init__(self, pid: int) -> None:
        self.most = 0.0
        self._pid = pid
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._done.wait(PAUSE):
            self.most = max(self.most, sum(map(_pss, _family(self._pid))) / 1000)


def _family(pid: int) -> Iterator[int]:
    yield pid
    with suppress(OSError):  # a process may end at any moment
        for task in (_PROC / str(pid) / "task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _family(int(child))


def _pss(pid: int) -> int:
    """In kB; 0 for a process that has just ended."""
    with suppress(OSError):
        for line in (_PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
