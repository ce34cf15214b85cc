"""The statistical divisions of Jiangmen (codes that begin with 4407): the city, its counties, its townships."""

from __future__ import annotations

from pathlib import Path

from scripts.cuts.divisions import read_level, to_level

JIANGMEN = "4407"
LEVELS = ("cities", "areas", "streets")


def files(packages: Path) -> dict[str, bytes]:
    return {
        f"statistics/jiangmen-divisions/{level}.csv": to_level(read_level(packages, level, below=JIANGMEN), level)
        for level in LEVELS
    }
