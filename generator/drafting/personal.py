"""What the gate for open data sees in tables that are no dataset yet. No value of a person leaves this module."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass

from generator.disclosure.claims import CARD, CONTACT, COUNT, ID, OFFICE, PHONE, claims, names_a_person
from generator.disclosure.files import search_text
from generator.disclosure.looked import Column, look_at_cells
from generator.disclosure.sightings import weigh
from generator.disclosure.watch import Asked
from generator.identifiers import without_identifiers
from generator.problems import catalogue
from generator.text import Text

MASKED, DAMAGED = "masked-values", "long-numbers-damaged"


@dataclass(frozen=True, slots=True)
class Seen:
    table: int
    column: str
    """Its title in the sheet."""
    kind: Text
    """What it is, as the gate's problem is called."""
    code: str
    count: int
    masked: str
    others: tuple[str, ...] = ()
    """Columns that make it what it is."""


def search(tables: Sequence[Sequence[tuple[str, Sequence[str]]]], today: datetime.date) -> list[Seen]:
    """Each table as titles and cells. Only what stops a dataset from being open."""
    found = []
    for number, table in enumerate(tables):
        columns = [Column(title, title) for title, _ in table]
        looked = [
            look_at_cells(c, list(cells), today, frozenset()) for c, (_, cells) in zip(columns, table, strict=True)
        ]
        for sighting in weigh(columns, looked):
            kind = catalogue()[sighting.name]
            if kind.severity == "error":
                found.append(
                    Seen(number, columns[sighting.column].name, kind.title, kind.code, sighting.count, sighting.masked, sighting.with_)
                )  # fmt: skip
        told = {(each.column) for each in found if each.table == number}
        for column, one, (_, cells) in zip(columns, looked, table, strict=True):
            name = _by_name(column.name)
            if name and one.cells and column.name not in told and not all(_MASKED.search(c) for c in cells if c):
                found.append(Seen(number, column.name, catalogue()[name].title, catalogue()[name].code, one.cells, ""))
    return found


_MASKED = re.compile(r"[*＊×]{2}|^[-—/无]*$")
_MOBILE = re.compile(r"手机|移动电话|mobile|cell ?phone", re.IGNORECASE)


def _by_name(title: str) -> str:
    """What a column says it holds stops the draft also where its numbers are wrong, or damaged."""
    said = claims(title)
    if said & {COUNT, OFFICE}:
        return ""
    if ID in said:
        return "resident-id"
    return (
        "bank-card"
        if CARD in said and re.search(r"银行|储蓄", title)
        else "mobile-phone"
        if _MOBILE.search(title)
        else ""
    )


def is_clean(text: str, today: datetime.date) -> bool:
    """Whether a title or a remark may go into a descriptor, which is public."""
    return not any(search_text(text, Asked(today), ("", ""), ""))


def may_be_shown(title: str) -> bool:
    """Whether cells of this column may be quoted in messages and listed in a schema."""
    return not names_a_person(title) and not claims(title) & {CONTACT, PHONE}


def masked(text: str) -> str:
    return without_identifiers(text)
