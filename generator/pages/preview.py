"""The first rows of a table. By far the largest part of most pages, so it is joined here and not in a template."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup, escape

from generator import public
from generator.pages import show

ROWS = 20
ROWS_OF_MANY = 5
"""Rows of each table where a dataset has more than ``MANY`` of them."""
MANY = 4
CELL = 160
"""Characters of a cell that are shown."""
NARROW = 30
NUMERIC = frozenset({"integer", "number", "year"})

_SEPARATOR = "\x1f"
_NULL = "\x1e"
_NULL_SHOWN = "<i>null</i>"


@dataclass(frozen=True, slots=True)
class Table:
    """``body`` holds the rows; ``gaps`` says whether missing or empty cells want a word of explanation."""

    body: Markup
    rows: int
    gaps: bool


def table(resource: public.Resource, *, rows: int = ROWS) -> Table | None:
    preview, schema = resource.preview, resource.schema
    if preview is None or schema is None or not preview.rows:
        return None
    shown = preview.rows[:rows]
    cells = [_NULL if cell is None else _short(cell) for row in shown for cell in row]
    # Escaped in one pass. No cell holds one of the two marks: `clean` has replaced them.
    escaped = str(escape(_SEPARATOR.join(cells))).split(_SEPARATOR)
    gaps = _NULL in escaped or "" in escaped
    values = tuple(_NULL_SHOWN if cell == _NULL else cell for cell in escaped) if gaps else tuple(escaped)
    columns = [_column(field, cells[index :: len(schema.fields)]) for index, field in enumerate(schema.fields)]
    row = f"<tr>{''.join(columns)}</tr>\n"
    return Table(Markup((row * len(shown)) % values), len(shown), gaps)


def _column(field: public.Field, cells: list[str]) -> str:
    """A column's cell. Short texts do not break, so that a phone scrolls instead of stacking characters."""
    if max(map(len, cells)) > NARROW:
        return '<td class="w">%s</td>'
    return '<td class="n">%s</td>' if field.type in NUMERIC else "<td>%s</td>"


def _short(cell: str) -> str:
    text = cell if len(cell) <= CELL else cell[: CELL - 1] + "…"
    return text if text.isprintable() else show.clean(text)

