"""A column of a table as it stands in the sheet, before anybody knows what it holds."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from generator.drafting.grid import Cell


@dataclass(frozen=True, slots=True)
class Raw:
    """One column of a table as it stands in the sheet."""

    title: str
    cells: list[Cell]
    letters: str
    unit: str = ""
    code: str = ""
    """A name in ASCII that the sheet itself gives."""
    stated: str = ""
    """The type that the file itself gives."""


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def looks_like_number(text: str) -> bool:
    plain = unicodedata.normalize("NFKC", text).replace(",", "").rstrip("%")
    return bool(re.fullmatch(r"[-+]?\d+(\.\d+)?|\d{17}[Xx]|\d{4}[-/.年]\d{1,2}([-/.月]\d{1,2}日?)?.*", plain))


def is_running(column: Raw) -> bool:
    """Whether it numbers the rows."""
    return squeezed(column.title).lower() in ("序号", "编号", "no", "no.", "序")
