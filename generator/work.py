"""Work on independent packages, through the ``Executor`` interface."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from typing import Any

FEW = 3
"""Starting a worker costs about as much as checking this many small packages."""


@contextmanager
def workers(jobs: int | None, tasks: int) -> Iterator[Executor]:
    """``jobs`` processes (one a core when None), or this process itself when there is little to do."""
    count = min(jobs or os.cpu_count() or 1, tasks)
    if count <= 1 or tasks <= FEW:
        yield _Here()
        return
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    # Not fork: Arrow's threads do not survive it.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, mp_context=context, initializer=_live_with_parent) as pool:
        yield pool


def _live_with_parent() -> None:
    """Workers of a killed build would wait for work for ever. Ctrl-C is for the parent to answer."""
    import multiprocessing
    from multiprocessing.connection import wait

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None, "this runs in a worker"

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


class _Here(Executor):
    """Does the work at once, in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future

    def map(self, fn: Callable[..., Any], *iterables: Iterable[Any], **_: Any) -> Iterator[Any]:
        """One after the other, each when it is asked for."""
        return map(fn, *iterables)
