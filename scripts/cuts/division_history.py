"""GB/T 2260 as of 2019 with the codes that were revoked before.

The source's coordinates are left out: it does not say in which reference system they are.
"""

from __future__ import annotations

from pathlib import Path

from scripts.cuts.codes import Entry, read_entries
from scripts.files import to_table

COLUMNS = ["code", "name", "level", "parent_code", "parent_name", "directly_administered", "revoked"]


def files(packages: Path) -> dict[str, bytes]:
    entries = sorted(read_entries(packages, "GB-2260"), key=lambda entry: (entry.row["code"], entry.row["name"]))
    rows = [to_row(entry) for entry in entries]
    return {"civil-affairs/division-history/divisions.csv": to_table(rows, COLUMNS)}


def to_row(entry: Entry) -> dict[str, object]:
    parent = entry.parents[0] if entry.parents else None
    return {
        "code": entry.row["code"],
        "name": entry.row["name"],
        "level": entry.row["level_name"],
        "parent_code": parent["code"] if parent else None,
        "parent_name": parent["name"] if parent else None,
        "directly_administered": entry.row["is_direct_county"] == "1",
        "revoked": entry.row["revoked"] == "1",
    }
