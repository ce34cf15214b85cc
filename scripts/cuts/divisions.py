"""The statistical divisions of China by level, with the column names that the catalogue uses."""

from __future__ import annotations

from pathlib import Path

from scripts.files import read_table, to_table

COLUMNS = {
    "provinces": {"code": "code", "name": "name"},
    "cities": {"code": "code", "name": "name", "province_code": "provinceCode"},
    "areas": {"code": "code", "name": "name", "city_code": "cityCode"},
    "streets": {"code": "code", "name": "name", "area_code": "areaCode"},
}
"""Our columns of each level and those of the source. Only the direct parent is kept: the others follow from it."""


def read_level(packages: Path, level: str, *, below: str = "") -> list[dict[str, str]]:
    """The divisions of one level whose code begins with ``below``."""
    rows = read_table(packages / "cn-divisions" / "data" / f"{level}.csv")
    cut = [{ours: row[theirs] for ours, theirs in COLUMNS[level].items()} for row in rows]
    return [row for row in cut if row["code"].startswith(below)]


def to_level(rows: list[dict[str, str]], level: str) -> bytes:
    return to_table(rows, list(COLUMNS[level]))
