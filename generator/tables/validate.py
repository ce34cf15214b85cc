"""One door to the validation of a table: proved valid in Arrow, or judged by frictionless."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from generator.errors import SpaceError
from generator.tables.judge import judge

if TYPE_CHECKING:
    import frictionless

    from generator.tables.conversion import Conversion

LIMIT_ERRORS = 1000
"""Frictionless's own default: the reading of a table ends when this many errors were found."""

SMALL = 64 << 10
"""Bytes of a table that frictionless reads in the time that Arrow takes to be imported."""

FAST = "fast"

ways: Counter[str] = Counter()
"""How many tables of this process were proved valid (``fast``), or why they were not (``proof.REASONS``)."""

faults_raise = False
"""In our tests a fault of the fast way is an error; in use frictionless judges the table and the fault is counted."""


def validate(
    resource: frictionless.Resource,
    *,
    limit_errors: int = LIMIT_ERRORS,
    threads: int | None = None,
    hashes: Collection[str] = ("md5", "sha256"),
) -> frictionless.Report:
    """The report of ``resource.validate()``. What cannot be proved valid is judged by frictionless itself.

    It differs where frictionless crashes, or never ends because of a pattern: then the report says so (``judge``).

    ``threads`` says how much work may be spent at once, ``hashes`` which checksums the report holds. Neither changes
    the verdict.
    """
    return validate_and_make(resource, None, limit_errors=limit_errors, threads=threads, hashes=hashes)


def validate_and_make(
    resource: frictionless.Resource,
    conversion: Conversion | None,
    *,
    limit_errors: int = LIMIT_ERRORS,
    threads: int | None = None,
    hashes: Collection[str] = ("md5", "sha256"),
) -> frictionless.Report:
    """As ``validate``. Of a valid table that is judged in Arrow ``conversion.made`` tells what was made on the way."""
    report = _validate(resource, conversion, limit_errors, threads, hashes)
    return _asked_for(report, hashes)


def _validate(
    resource: frictionless.Resource,
    conversion: Conversion | None,
    limit_errors: int,
    threads: int | None,
    hashes: Collection[str],
) -> frictionless.Report:
    if _is_small(resource) and not conversion:
        ways["small"] += 1
        return judge(resource, limit_errors=limit_errors)
    from generator.tables.proof import NotProved

    try:
        report = accept_and_make(resource, conversion, limit_errors=limit_errors, threads=threads, hashes=hashes)
    except NotProved as unproved:
        ways[unproved.reason] += 1
    except SpaceError:
        raise
    except Exception:  # ours: the verdict is frictionless's all the same, and the fault is counted
        if faults_raise:
            raise
        ways["fault"] += 1
    else:
        ways[FAST] += 1
        return report
    return judge(resource, limit_errors=limit_errors)


def accept_and_make(
    resource: frictionless.Resource,
    conversion: Conversion | None,
    *,
    limit_errors: int = LIMIT_ERRORS,
    threads: int | None,
    hashes: Collection[str],
) -> frictionless.Report:
    """Without frictionless's own run: raises ``NotProved``.

    There is one more pass where a cell has shown that its column needs another type than the first rows had.
    """
    from generator.tables.proof import accept

    try:
        report = accept(resource, threads=threads, hashes=hashes, limit_errors=limit_errors, sink=conversion)
        if conversion and report.valid and not conversion.finish():
            accept(resource, threads=threads, hashes=(), sink=conversion)
            conversion.finish()
        return report
    finally:
        if conversion:
            conversion.discard()


def _is_small(resource: Any) -> bool:
    """A table that refers to others makes frictionless read those as well."""
    if not resource.tabular or resource.path is None:
        return True  # not a file at all, or no table: never fast
    try:
        return sum(map(os.path.getsize, resource.normpaths)) < SMALL and not resource.schema.foreign_keys
    except Exception:  # no such file, no such schema: frictionless has words for it
        return True


def _asked_for(report: frictionless.Report, hashes: Collection[str]) -> frictionless.Report:
    for task in report.tasks:
        if "md5" not in hashes:
            task.stats.pop("md5", None)
        if "sha256" not in hashes:
            task.stats.pop("sha256", None)
    return report
