"""GB/T 4754-2017 with the leading zeros of its codes, which the source has lost (1 for 01, 111 for 0111)."""

from __future__ import annotations

from pathlib import Path

from scripts.cuts.codes import Entry, padded, read_entries
from scripts.files import to_table

WIDTHS = (1, 2, 3, 4)
LEVELS = ("门类", "大类", "中类", "小类")
COLUMNS = ["code", "level", "name", "parent_code", "note"]


def files(packages: Path) -> dict[str, bytes]:
    rows = [to_row(entry) for entry in read_entries(packages, "GB-4754-2017")]
    return {"statistics/industry-classification/industries.csv": to_table(rows, COLUMNS)}


def to_row(entry: Entry) -> dict[str, object]:
    level = entry.level
    return {
        "code": padded(entry.row["code"], level, WIDTHS),
        "level": LEVELS[level - 1],
        "name": entry.row["name"],
        "parent_code": padded(entry.parents[0]["code"], level - 1, WIDTHS) if entry.parents else None,
        "note": entry.row["dest"],
    }
