"""What was seen in columns, weighed: which of it is to be told. What a sighting holds may be told to anybody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.disclosure import claims as said
from generator.disclosure.chance import Tally, is_meant
from generator.disclosure.looked import CREDIT, DAMAGED, MASKED, PASSPORT, PLATE, TOLD, Column, Looked
from generator.identifiers import CARD, MOBILE, RESIDENT, RESIDENT_OLD

LEAST_VAGUE = 3
"""Cells of a column whose name says nothing, before their values say that it is of people."""
LEAST_DAMAGED = 5
"""Long numbers that end in zeros, before it is no chance."""
_SENSITIVE_THEMES = frozenset(("health", "social-assistance", "social-relief", "social-aid"))


@dataclass(frozen=True, slots=True)
class Sighting:
    name: str
    """Of the kind of problem."""
    column: int
    """Position among the columns."""
    row: int = -1
    """How many rows come before it; -1 for the column as a whole."""
    masked: str = ""
    count: int = 0
    with_: tuple[str, ...] = ()
    """Names of further columns that matter."""


def weigh(
    columns: Sequence[Column], looked: Sequence[Looked], *, theme: str = "", groups_declared: bool = False
) -> list[Sighting]:
    found = [s for number, one in enumerate(looked) for s in _of_column(number, columns[number], one)]
    found += _of_people(columns, looked, theme, groups_declared=groups_declared)
    return found


def _of_column(number: int, column: Column, looked: Looked) -> Iterator[Sighting]:
    claims = column.claims
    numeric = column.type in ("integer", "number")
    for kind, name, claim in (
        (RESIDENT, "resident-id", said.ID),
        (RESIDENT_OLD, "resident-id", said.ID),
        (MOBILE, "mobile-phone", said.PHONE),
        (CARD, "bank-card", said.CARD),
    ):
        tally = looked.tallies.get(kind)
        if tally is None or (kind == MOBILE and (column.office or said.OFFICE in claims)):
            continue
        if kind == MOBILE and numeric and said.AMOUNT in claims:
            continue
        if is_meant(kind, tally, named=claim in claims, numeric=numeric, cells=looked.cells):
            yield Sighting(name, number, *_first(kind, tally, named=claim in claims), tally.cells)
    for kind, name in (
        (PASSPORT, "travel-document"),
        (PLATE, "number-plate"),
        (CREDIT, "sole-trader"),
        (TOLD, "person-told"),
    ):
        tally = looked.tallies.get(kind)
        if tally is not None and tally.hits:
            yield Sighting(name, number, tally.row, tally.masked, tally.cells)
    yield from _of_form(number, looked)


def _first(kind: str, tally: Tally, *, named: bool) -> tuple[int, str]:
    """The cell that is told: where only words before a number say what it is, the first that has such words."""
    if named or tally.said_row < 0 or is_meant(kind, _unsaid(tally), named=False):
        return tally.row, tally.masked
    return tally.said_row, tally.said_masked


def _unsaid(tally: Tally) -> Tally:
    return Tally(tally.seen, tally.shaped, tally.hits, 0, tally.early, tally.row, tally.masked)


def _of_form(number: int, looked: Looked) -> Iterator[Sighting]:
    masked, damaged = looked.tallies.get(MASKED), looked.tallies.get(DAMAGED)
    if masked:
        yield Sighting("masked-values", number, masked.row, "", masked.cells)
    if damaged:
        yield Sighting("long-numbers-damaged", number, damaged.row, "", damaged.cells)
    elif looked.zeros >= LEAST_DAMAGED and looked.zeros >= 0.9 * looked.long:
        yield Sighting("long-numbers-damaged", number, looked.zeros_row, "", looked.zeros)


def _of_people(
    columns: Sequence[Column], looked: Sequence[Looked], theme: str, *, groups_declared: bool
) -> Iterator[Sighting]:
    """What columns tell together. An aggregated table, which counts people, names none."""
    filled = [(n, c.claims) for n, (c, one) in enumerate(zip(columns, looked, strict=True)) if one.cells]
    full = {n for n, _ in filled if looked[n].sampled and looked[n].names >= 0.5 * looked[n].sampled}
    called = {n for n, claims in filled if said.NAME in claims and looked[n].names >= 0.8 * looked[n].sampled}

    def having(*wanted: str) -> list[int]:
        return [n for n, claims in filled if claims & set(wanted) and said.COUNT not in claims]

    def holding(count: str) -> list[int]:
        """Columns whose names say nothing, and whose values say it."""
        vague = [n for n, claims in filled if said.VAGUE in claims]
        return [n for n in vague if getattr(looked[n], count) >= 0.6 * max(looked[n].sampled, LEAST_VAGUE)]

    people = [n for n in having(said.PERSON) if n in full]
    vague = [n for n in holding("likely") if n not in people and looked[n].names >= 0.9 * looked[n].sampled]
    # «name» alone may be of anything: it is of people where nothing but people has what stands beside it.
    if not people and having(said.HOME, said.BIRTH):
        people = [n for n in having(said.NAME) if n in full & called]
    contacts = [n for n in having(said.CONTACT) if n in full and n not in people]
    private = [n for n in having(said.HOME, said.BIRTH, said.HEALTH) if n not in people]
    other = [n for n in having(said.ADDRESS, said.PHONE, said.BENEFIT) if n not in (*people, *private)]
    other = [n for n in other if said.OFFICE not in columns[n].claims and not columns[n].office]

    def told(name: str, number: int, others: Sequence[int]) -> Sighting:
        return Sighting(name, number, -1, "", looked[number].cells, tuple(columns[n].name for n in others))

    if people and private:
        yield told("person-described", people[0], private)
    elif people and other:
        yield told("person-named", people[0], other)
    elif contacts and private:
        yield told("person-named", contacts[0], private)
    elif vague and (beside := [n for n in (*private, *other, *holding("homes"), *holding("ills")) if n not in vague]):
        yield told("person-named", vague[0], beside)
    is_counted = any(said.COUNT in claims for _, claims in filled)
    vulnerable = having(said.HEALTH, said.BENEFIT, said.MINOR)
    numbered = having(said.SINGLE)
    single = people or numbered or (having(said.SEX) and having(said.AGE, said.BIRTH))
    if groups_declared or (is_counted and not numbered) or (people and (private or other)) or not single:
        return
    if vulnerable:
        yield told("vulnerable-people", vulnerable[0], ())
    elif people and theme in _SENSITIVE_THEMES:
        yield told("vulnerable-people", people[0], ())
