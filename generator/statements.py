"""When what a ``changes.yaml`` says counts: it is complete, and its day has come."""

from __future__ import annotations

from collections.abc import Iterable

from generator.entries import BLANK
from generator.model import Statement, is_day
from generator.releases import STATED
from generator.terms import CHANGE, NAME, OPENNESS
from generator.text import slug

BEFORE = (*OPENNESS, "mixed")
TRANSLATED = tuple(term.name for term in CHANGE if term.translated)
KEYS = frozenset(
    name
    for term in CHANGE
    for name in (term.name, *((f"{term.name}_en", f"{term.name}_zh") if term.translated else ()))
)
DAYS = ("date", "reviewed", "restored")


def needed(statement: Statement) -> tuple[str, ...]:
    """The properties without which it says too little."""
    common = ("what", "date", "from", "reason", "reviewed")
    if statement.what == "less-open":
        return (*common, "to")
    more = () if statement.resource else ("title",)
    return (*common, *more, "successor") if statement.what == "renamed" else (*common, *more)


def lacking(statement: Statement) -> list[str]:
    unnamed = [] if statement.values.get("name") or _is_name(statement.name) else ["name"]
    return unnamed + [key for key in needed(statement) if statement.values.get(key) in (None, "", BLANK)]


def _is_name(text: str) -> bool:
    return bool(text) and slug(text) == text and len(text) <= NAME["maxLength"]


def is_sound(statement: Statement, today: str) -> bool:
    """Whether it is complete and each value of the right form. Quick; what is wrong otherwise, ``check`` explains."""
    values = statement.values
    names = (statement.name, statement.resource, statement.text("successor"))
    return (
        not lacking(statement)
        and statement.what in STATED
        and all(_is_name(name) for name in filter(None, names))
        and statement.text("from") in BEFORE
        and (not values.get("to") or statement.text("to") in OPENNESS)
        and all(is_day(values[key]) for key in DAYS if values.get(key) is not None)
        and statement.text("reviewed") <= today
        and values.keys() <= KEYS
        and all(isinstance(value, str) and value.strip() for value in values.values())
    )


def is_due(statement: Statement, today: str) -> bool:
    """Its day has come. One that was announced for later says nothing yet."""
    return is_day(statement.values.get("date")) and statement.day <= today


def in_force(statements: Iterable[Statement], today: str) -> list[Statement]:
    """Those that count, the oldest first."""
    found = [statement for statement in statements if is_due(statement, today) and is_sound(statement, today)]
    return sorted(found, key=lambda statement: (statement.day, statement.file, statement.number))


def is_restored(statement: Statement, today: str) -> bool:
    day = statement.values.get("restored")
    return is_day(day) and str(day) <= today
