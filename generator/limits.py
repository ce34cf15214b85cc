"""How large things may be: what a package may cost before any reader is let near it (decision 0020)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Far above what true data come near, far below what stops a build. ``limits`` in ``kaishu.yaml`` moves them."""

    unpacked: int = 20_000_000_000
    """Bytes of a compressed table, unpacked."""
    workbook: int = 1_000_000_000
    """Bytes of a workbook (xlsx, ods), unpacked: its reader holds much of it in memory."""
    ratio: int = 200
    """Bytes that one packed byte may become, where that makes more than ``RATIO_MATTERS``. Tables reach 5 to 50."""
    record: int = 10_000_000
    """Bytes of one line, and of one cell."""
    depth: int = 100
    """Brackets within brackets of a JSON file. What reads it names each place by the whole way to it."""
    columns: int = 5_000
    resources: int = 1_000


RATIO_MATTERS = 100_000_000
"""Bytes that do no harm, however well they were packed."""
