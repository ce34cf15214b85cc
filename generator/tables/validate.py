"""One door to the validation of a table: judged in Arrow, or by frictionless."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from generator.errors import SpaceError
from generator.tables.judge import judge

if TYPE_CHECKING:
    import frictionless

    from generator.tables.conversion import Conversion
    from generator.tables.looking import Looking
    from generator.tables.watching import Watched

LIMIT_ERRORS = 1000
"""Frictionless's own default: the reading of a table ends when this many errors were found."""

SMALL = 64 << 10
"""Bytes of a table that frictionless reads in the time that Arrow takes to be imported."""

FAST = "fast"

ways: Counter[str] = Counter()
"""How many tables of this process were judged in Arrow (``fast``), or why they were not (``proof.REASONS``)."""

faults_raise = False
"""In our tests a fault of the fast way is an error; in use frictionless judges the table and the fault is counted."""


@dataclass(frozen=True, slots=True)
class Outcome:
    report: frictionless.Report
    way: str
    """``fast``, ``small``, or why frictionless judged the table whole (``proof.REASONS``)."""


def validate(
    resource: frictionless.Resource,
    *,
    limit_errors: int = LIMIT_ERRORS,
    threads: int | None = None,
    hashes: Collection[str] = ("md5", "sha256"),
) -> frictionless.Report:
    """The report of ``resource.validate()``. What cannot be judged in Arrow is judged by frictionless itself.

    It differs where frictionless crashes, or never ends because of a pattern: then the report says so (``judge``).

    ``threads`` says how much work may be spent at once, ``hashes`` which checksums the report holds. Neither changes
    the verdict.
    """
    return judge_table(resource, limit_errors=limit_errors, threads=threads, hashes=hashes).report


def judge_table(
    resource: frictionless.Resource,
    sink: Conversion | Looking | Watched | None = None,
    *,
    limit_errors: int = LIMIT_ERRORS,
    threads: int | None = None,
    hashes: Collection[str] = ("md5", "sha256"),
) -> Outcome:
    """As ``validate``. ``sink`` is given the rows where they are judged in Arrow; its ``made`` is of valid tables."""
    outcome = _outcome(resource, sink, limit_errors, threads, hashes)
    ways[outcome.way] += 1
    for task in outcome.report.tasks:
        if "md5" not in hashes:
            task.stats.pop("md5", None)
        if "sha256" not in hashes:
            task.stats.pop("sha256", None)
    return outcome


def _outcome(
    resource: frictionless.Resource,
    sink: Conversion | Looking | Watched | None,
    limit_errors: int,
    threads: int | None,
    hashes: Collection[str],
) -> Outcome:
    if is_small(resource) and not sink:
        return Outcome(judge(resource, limit_errors=limit_errors), "small")
    from generator.tables.proof import NotProved

    try:
        report = accept_and_make(resource, sink, limit_errors=limit_errors, threads=threads, hashes=hashes)
    except NotProved as unproved:
        way = unproved.reason
    except SpaceError:
        raise
    except Exception:  # ours: the verdict is frictionless's all the same, and the fault is counted
        if faults_raise:
            raise
        way = "fault"
    else:
        return Outcome(report, FAST)
    return Outcome(judge(resource, limit_errors=limit_errors), way)


def accept_and_make(
    resource: frictionless.Resource,
    sink: Conversion | Looking | Watched | None,
    *,
    limit_errors: int = LIMIT_ERRORS,
    threads: int | None,
    hashes: Collection[str],
) -> frictionless.Report:
    """Without frictionless's own run: raises ``NotProved``.

    There is one more pass where a cell has shown that its column needs another type than the first rows had, or where
    the source is another by now.
    """
    from generator.tables.proof import accept

    try:
        report = accept(resource, threads=threads, hashes=hashes, limit_errors=limit_errors, sink=sink)
        if sink and report.valid and not sink.finish():
            stats = resource.stats
            again = accept(resource, threads=threads, hashes=(), sink=sink)
            resource.stats = stats
            if again.valid:  # as before, unless the source was changed
                sink.finish()
        return report
    finally:
        if sink:
            sink.discard()


def is_small(resource: Any) -> bool:
    """A table that refers to others makes frictionless read those as well."""
    if not resource.tabular or resource.path is None:
        return True  # not a file at all, or no table: never fast
    try:
        return sum(map(os.path.getsize, resource.normpaths)) < SMALL and not resource.schema.foreign_keys
    except Exception:  # no such file, no such schema: frictionless has words for it
        return True
