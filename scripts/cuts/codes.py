"""Code tables whose rows point to a parent by an internal number, which means nothing outside the source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.files import read_table


@dataclass(frozen=True, slots=True)
class Entry:
    row: Mapping[str, str]
    parents: tuple[Mapping[str, str], ...]
    """From the direct parent up to the top."""

    @property
    def level(self) -> int:
        """1 at the top."""
        return len(self.parents) + 1


def read_entries(packages: Path, name: str) -> list[Entry]:
    rows = read_table(packages / "cn-standard-codes" / f"{name}.csv")
    by_id = {row["id"]: row for row in rows}
    return [Entry(row, tuple(parents_of(row, by_id))) for row in rows]


def parents_of(row: Mapping[str, str], by_id: Mapping[str, Mapping[str, str]]) -> Iterator[Mapping[str, str]]:
    while row["parent_id"]:
        row = by_id[row["parent_id"]]
        yield row


def padded(code: str, level: int, widths: Sequence[int]) -> str:
    """The code with the leading zeros that the source has lost."""
    return code.zfill(widths[level - 1])
