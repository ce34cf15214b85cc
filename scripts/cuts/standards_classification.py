"""The Chinese (CCS) and the international (ICS) classification of standards."""

from __future__ import annotations

from pathlib import Path

from scripts.cuts.codes import Entry, read_entries
from scripts.files import Row, to_table

FOLDER = "market-regulation/standards-classification"
CCS_COLUMNS = ["code", "level", "name", "parent_code", "note"]
ICS_COLUMNS = ["code", "level", "name_zh", "name_en", "parent_code", "note_en"]
MISPLACED = "75"
"""The source has CCS A65 twice: under the wrong group without a note, and under the right one with it."""


def files(packages: Path) -> dict[str, bytes]:
    ccs = [to_ccs(entry) for entry in read_entries(packages, "CCS") if entry.row["id"] != MISPLACED]
    ics = [to_ics(entry) for entry in read_entries(packages, "ICS-CN")]
    return {
        f"{FOLDER}/ccs.csv": to_table(ccs, CCS_COLUMNS),
        f"{FOLDER}/ics.csv": to_table(ics, ICS_COLUMNS),
    }


def to_ccs(entry: Entry) -> Row:
    return {
        "code": entry.row["code"],
        "level": entry.level,
        "name": entry.row["name"].strip(),
        "parent_code": parent_code(entry),
        "note": entry.row["dest"].strip(),
    }


def to_ics(entry: Entry) -> Row:
    return {
        "code": entry.row["code"],
        "level": entry.level,
        "name_zh": entry.row["name_cn"].strip(),
        "name_en": entry.row["name"].strip(),
        "parent_code": parent_code(entry),
        "note_en": "\n".join(line.strip() for line in entry.row["dest"].splitlines()),
    }


def parent_code(entry: Entry) -> str | None:
    return entry.parents[0]["code"] if entry.parents else None
