"""GB/T 6864-2003: academic degrees."""

from __future__ import annotations

from pathlib import Path

from scripts.cuts.codes import read_entries
from scripts.files import to_table

COLUMNS = ["code", "name", "parent_code", "professional"]


def files(packages: Path) -> dict[str, bytes]:
    rows = [
        {
            "code": entry.row["code"],
            "name": entry.row["name"],
            "parent_code": entry.parents[0]["code"] if entry.parents else None,
            "professional": entry.row["is_profession"] == "1",
        }
        for entry in read_entries(packages, "GB-6864-2003")
    ]
    return {"education/degree-codes/degrees.csv": to_table(rows, COLUMNS)}
