"""What the author of a valid table is advised of: nothing of it is altered, and nothing kept from being published."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from generator.problems import Problem
from generator.tables.columns import Columns
from generator.tables.explain import LONGEST_VALUE, Place
from generator.tables.formulas import TEXT_TYPES, Formulas, and_more
from generator.tables.lines import places_of_rows

if TYPE_CHECKING:
    from frictionless.resources import TableResource


def find_formulas(columns: Columns) -> tuple[Formulas | None, ...]:
    """For each column, its cells that a spreadsheet would run."""
    return tuple(
        _in_column(column.text.chunks) if column.field.type in TEXT_TYPES else None for column in columns.columns
    )


def _in_column(parts: Sequence[object]) -> Formulas | None:
    found, index = None, 0
    for part in parts:
        found, index = and_more(found, part, index), index + len(part)  # type: ignore[arg-type]  # pyarrow has no types
    return found


def formula_advice(
    names: Sequence[str], found: Sequence[Formulas | None], resource: TableResource, place: Place
) -> Iterator[Problem]:
    """One problem for each column. ``resource`` was just opened: it is read once more, as far as the first cells."""
    present = [(column, formulas) for column, formulas in enumerate(found) if formulas]
    rows = _rows_at(resource, {formulas.index for _, formulas in present}) if present else {}
    places = places_of_rows(resource, set(rows.values()))
    for column, formulas in present:
        row = rows[formulas.index]
        path, line = places.get(row, ("", None))
        yield Problem(
            "formula-cells",
            place.dataset,
            place.file(path) if path else place.of(resource),
            resource.name or "",
            field=names[column],
            row=row,
            line=line,
            column=column + 1,
            value=_shortened(formulas.value),
            more=(("count", f"{formulas.count:,}"),),
        )


def _rows_at(resource: TableResource, indexes: Collection[int]) -> Mapping[int, int]:
    """Row numbers of these rows of the data: comments and preambles count as rows too."""
    content = resource.dialect.read_enumerated_content_stream(resource.cell_stream)
    rows = enumerate(row for row, _ in islice(content, max(indexes) + 1))
    return {index: row for index, row in rows if index in indexes}


def _shortened(value: str) -> str:
    return value if len(value) <= LONGEST_VALUE else value[:LONGEST_VALUE] + "…"
