"""One thing that was found, and where. Nothing of it is a value: it may be printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from generator.disclosure.sightings import Sighting

Where = tuple[str, str]
"""In Chinese and in English, as the beginning of a sentence."""


@dataclass(frozen=True, slots=True)
class Found:
    name: str
    """Of the kind of problem, which is the class of a waiver."""
    where: Where
    field: str = ""
    """The column; a property of the descriptor; within a file, what tells the place of a value. A waiver names it."""
    row: int | None = None
    line: int | None = None
    column: int | None = None
    masked: str = ""
    count: int = 1
    with_: tuple[str, ...] = ()
    path: str = ""
    """The file, as the descriptor names it, where that is another one than the first."""


def of_column(
    sighting: Sighting,
    names: Mapping[int, str],
    *,
    row: int | None = None,
    line: int | None = None,
    path: str = "",
    within: str = "",
) -> Found:
    """``within``: the part of a file that the columns are in, with a sign at its end."""
    name = f"{within}{names[sighting.column]}"
    where = (f"「{name}」列", f"The column “{name}”")
    if row is not None:
        where = (f"第 {row} 行「{name}」列", f"Row {row}, column “{name}”")
    return Found(
        sighting.name,
        where,
        name,
        row,
        line,
        sighting.column + 1,
        sighting.masked,
        sighting.count,
        sighting.with_,
        path,
    )
