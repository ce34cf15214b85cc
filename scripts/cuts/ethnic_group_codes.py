"""GB/T 3304-1991: the codes of the 56 ethnic groups."""

from __future__ import annotations

from pathlib import Path

from scripts.files import read_table, to_table

COLUMNS = {
    "number_code": "code_number",
    "letter_code": "code_letter",
    "name": "name",
    "romanised": "pinyin",
    "english": "pinyin_foreign",
}


def files(packages: Path) -> dict[str, bytes]:
    rows = read_table(packages / "cn-standard-codes" / "GB-3304-1991.csv")
    cut = [{ours: row[theirs] for ours, theirs in COLUMNS.items()} for row in rows]
    return {"statistics/ethnic-group-codes/ethnic-groups.csv": to_table(cut, list(COLUMNS))}
