"""What can be mended without loss, and what is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

WHOLE_FILE = ("encoding", "mark", "line-ends", "header", "trailing-rows", "trailing-columns")
IN_CELLS = ("width", "blanks", "date", "thousands", "point-zero")
IN_DESCRIPTOR = ("descriptor-encoding", "descriptor-tabs", "descriptor-colons", "descriptor-property")
BLOCKING = (
    *("other", "approximate", "percent", "range", "unit", "missing", "grouping", "boolean"),
    *("day-month", "short-year", "no-day", "serial", "encoding-unproved"),
)
"""Questions about what cannot be read as it is. The others may be answered with “so it is meant”."""


@dataclass(frozen=True, slots=True)
class Change:
    """One kind of change in a file, and how often it is made."""

    kind: str
    count: int = 1
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class RowChange:
    """A record before and after, for the diff; the texts are empty where they may not be shown."""

    row: int
    """Number of the record; of a descriptor, of the line."""
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Mended:
    """A file that is to be written anew."""

    file: str
    """Relative to the datasets folder."""
    dataset: str
    target: Path
    content: Path
    """A file of ours that holds the new bytes."""
    digest: str
    """sha256 of the old bytes: a file that changed meanwhile is not written over."""
    changes: tuple[Change, ...]
    rows: tuple[RowChange, ...] = ()
    """The first ones."""
    changed_rows: int = 0
    public: bool = True
    """False for data that are not open: the diff shows nothing of them."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A cell that a question is about."""

    row: int
    column: int
    value: str

    @property
    def address(self) -> str:
        """As spreadsheets name it."""
        letters, number = "", self.column
        while number > 0:
            number, letter = divmod(number - 1, 26)
            letters = chr(ord("A") + letter) + letters
        return f"{letters}{self.row}"


@dataclass(frozen=True, slots=True)
class Question:
    kind: str
    file: str
    dataset: str
    field: str = ""
    cells: tuple[Asked, ...] = ()
    """The first ones."""
    count: int = 0
    expected: str = ""
    public: bool = True

    @property
    def blocks(self) -> bool:
        return self.kind in BLOCKING


@dataclass(frozen=True, slots=True)
class Left:
    """A file that is not rewritten, and why: ``workbook``, ``packed``, ``remote``, ``unreadable``, ``shared``,
    ``worse``."""

    kind: str
    file: str
    dataset: str


@dataclass(frozen=True, slots=True)
class Mending:
    files: tuple[Mended, ...] = ()
    questions: tuple[Question, ...] = ()
    left: tuple[Left, ...] = ()
    datasets: int = 0
    written: bool = field(default=False, kw_only=True)
