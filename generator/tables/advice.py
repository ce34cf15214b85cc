"""What the author of a valid table is advised of: nothing of it is altered, and nothing kept from being published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from generator.problems import Problem
from generator.tables.explain import LONGEST_VALUE, Place
from generator.tables.kept_words import kept_words
from generator.tables.lines import places_of_rows
from generator.tables.unremarkable import is_unremarkable
from generator.tables.watching import rows_at

if TYPE_CHECKING:
    from generator.tables.conversion import Conversion
    from generator.tables.facts import Kept
    from generator.tables.formulas import Formulas
    from generator.tables.looking import Looking, Seen
    from generator.tables.watching import Watched


@dataclass(frozen=True, slots=True)
class _First:
    """What is to be said of a column, and its first cell that it is said of."""

    kind: str
    column: int
    index: int
    """How many rows of data come before it."""
    value: str
    more: tuple[tuple[str, str], ...]


def advice_of(resource: Any, sink: Conversion | Looking | Watched | None, place: Place) -> Iterator[Problem]:
    """On a valid table. ``sink`` has seen its rows, if it was judged in Arrow."""
    seen = sink.seen() if sink else None
    if seen is None and not is_unremarkable(resource):
        seen = _look(resource)
    if seen:
        yield from _advice_on(seen, resource, place)


def _look(resource: Any) -> Seen | None:
    from generator.tables.columns import read_pieces
    from generator.tables.looking import Looking

    looking = Looking()
    with resource.to_copy() as opened:
        looking.begin_with(opened.header.get_expected_fields())
        for piece in read_pieces(opened):
            looking.add(looking.look(piece.present, [None] * len(piece.present)))
    looking.finish()
    return looking.seen()


def _advice_on(seen: Seen, resource: Any, place: Place) -> Iterator[Problem]:
    """One problem for each column and kind. ``resource`` is read once more, as far as the first cells."""
    fields = seen.fields
    found = [*_formulas(seen.formulas), *_kept(fields, seen.kept)]
    if not found:
        return
    with resource.to_copy() as opened:
        rows = rows_at(opened, {first.index for first in found})
        places = places_of_rows(opened, set(rows.values()))
    for first in found:
        row = rows[first.index]
        path, line = places.get(row, ("", None))
        yield Problem(
            first.kind,
            place.dataset,
            place.file(path) if path else place.of(resource),
            resource.name or "",
            field=fields[first.column].name,
            row=row,
            line=line,
            column=first.column + 1,
            value=_shortened(first.value),
            more=first.more,
        )


def _formulas(found: Sequence[Formulas | None]) -> Iterator[_First]:
    for column, formulas in enumerate(found):
        if formulas:
            more = (("count", f"{formulas.count:,}"),)
            yield _First("formula-cells", column, formulas.index, formulas.value, more)


def _kept(fields: Sequence[Any], found: Sequence[Kept | None]) -> Iterator[_First]:
    for column, kept in enumerate(found):
        if kept:
            more = (*kept_words(kept.reason, kept.cell.text), ("type", fields[column].type))
            yield _First("kept-as-text", column, kept.cell.row, kept.cell.text, more)


def _shortened(value: str) -> str:
    return value if len(value) <= LONGEST_VALUE else value[:LONGEST_VALUE] + "…"
