"""Work on independent packages, through the ``Executor`` interface."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
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
    # Not fork: Arrow's threads do not survive it.
    with ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


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
