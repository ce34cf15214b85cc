"""All four levels of the statistical divisions of China, as a lookup for forms and address fields."""

from __future__ import annotations

from pathlib import Path

from scripts.cuts.divisions import COLUMNS, read_level, to_level


def files(packages: Path) -> dict[str, bytes]:
    return {
        f"data-administration/china-divisions/{level}.csv": to_level(read_level(packages, level), level)
        for level in COLUMNS
    }
