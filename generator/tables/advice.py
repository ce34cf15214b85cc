"""What the author of a valid table is advised of: nothing of it is altered, and nothing kept from being published."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from generator.problems import Problem
from generator.tables.explain import LONGEST_VALUE, Place
from generator.tables.formulas import Formulas
from generator.tables.kept_words import kept_words
from generator.tables.lines import places_of_rows

if TYPE_CHECKING:
    from frictionless.resources import TableResource

    from generator.tables.facts import Kept


@dataclass(frozen=True, slots=True)
class _First:
    """What is to be said of a column, and its first cell that it is said of."""

    kind: str
    column: int
    index: int
    """How many rows of data come before it."""
    value: str
    more: tuple[tuple[str, str], ...]


def advice_on(
    fields: Sequence[Any],
    formulas: Sequence[Formulas | None],
    kept: Sequence[Kept | None],
    resource: TableResource,
    place: Place,
) -> Iterator[Problem]:
    """One problem for each column and kind. ``resource`` is read once more, as far as the first cells."""
    found = [*_formulas(formulas), *_kept(fields, kept)]
    if not found:
        return
    with closing(resource.open()):  # type: ignore[no-untyped-call]  # frictionless's own
        rows = _rows_at(resource, {first.index for first in found})
        places = places_of_rows(resource, set(rows.values()))
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


def _rows_at(resource: TableResource, indexes: Collection[int]) -> Mapping[int, int]:
    """Row numbers of these rows of the data: comments and preambles count as rows too."""
    content = resource.dialect.read_enumerated_content_stream(resource.cell_stream)
    rows = enumerate(row for row, _ in islice(content, max(indexes) + 1))
    return {index: row for index, row in rows if index in indexes}


def _shortened(value: str) -> str:
    return value if len(value) <= LONGEST_VALUE else value[:LONGEST_VALUE] + "…"
