"""One door to the validation of a table, so that it can be made fast in one place."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import frictionless

LIMIT_ERRORS = 1000
"""Frictionless's own default: the reading of a table ends when this many errors were found."""


def validate(
    resource: frictionless.Resource,
    *,
    limit_errors: int = LIMIT_ERRORS,
    threads: int | None = None,
    hashes: Collection[str] = ("md5", "sha256"),
) -> frictionless.Report:
    """Frictionless's report on one resource.

    ``threads`` and ``hashes`` say how much work may be spent and which checksums are wanted; they never change the
    verdict, and frictionless itself needs neither.
    """
    return resource.validate(limit_errors=limit_errors)
