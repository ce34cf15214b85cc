"""Tables of data and of columns. They are most of a page, so they are joined here and not in a template."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from generator import public
from generator.pages import show
from generator.pages.words import Words

ROWS = 20
ROWS_OF_MANY = 5
"""Rows of each table where a dataset has more than ``MANY`` of them."""
MANY = 4
CELL = 160
"""Characters of a cell that are shown."""
NARROW = 30
"""Characters that are never broken: a phone scrolls instead of stacking them."""
NUMERIC = frozenset({"integer", "number", "year"})

_NULL = "\x1e"
"""A mark that no value holds, because ``show.clean`` replaces it."""


@dataclass(frozen=True, slots=True)
class Rows:
    html: Markup
    count: int
    gaps: bool
    """Missing or empty cells want a word of explanation."""


def previews(dataset: public.Dataset) -> dict[str, Rows]:
    """First rows by resource. They hold no words, so that both languages share them."""
    shown = [
        (each.name, each.schema, each.preview.rows)
        for each in dataset.resources
        if each.openness == "unconditional" and each.schema and each.preview and each.preview.rows
    ]
    limit = ROWS if len(shown) <= MANY else ROWS_OF_MANY
    return {name: _rows(schema, rows[:limit]) for name, schema, rows in shown}


def _rows(schema: public.Schema, rows: tuple[tuple[str | None, ...], ...]) -> Rows:
    cells = [_NULL if cell is None else _short(cell) for row in rows for cell in row]
    width = len(schema.fields)
    columns = [_column(field, cells[index::width]) for index, field in enumerate(schema.fields)]
    values = show.escaped(cells)
    gaps = _NULL in values or "" in values
    if gaps:
        values = ["<i>null</i>" if cell == _NULL else cell for cell in values]
    row = f"<tr>{''.join(columns)}</tr>\n"
    return Rows(Markup((row * len(rows)) % tuple(values)), len(rows), gaps)


def _short(cell: str) -> str:
    return show.clean(cell if len(cell) <= CELL else cell[: CELL - 1] + "…")


def _column(field: public.Field, cells: list[str]) -> str:
    if max(map(len, cells), default=0) > NARROW:
        return '<td class="w">%s</td>'
    return '<td class="n">%s</td>' if field.type in NUMERIC else "<td>%s</td>"


def head(schema: public.Schema, lang: str) -> Markup:
    """Titles of the columns, with their names beneath."""
    out = []
    for field in schema.fields:
        name = show.html(field.name)
        shown = f"{show.plain(field.title, lang)}<code>{name}</code>" if field.title else name
        out.append(f'<th scope="col"{NUMERIC_CLASS if field.type in NUMERIC else ""}>{shown}</th>\n')
    return Markup("".join(out))


NUMERIC_CLASS = ' class="n"'
_FIELD = (
    '<tr><th scope="row"><code>%s</code></th><td>%s</td><td>%s</td><td>%s</td>'
    '<td class="lines">%s</td><td class="lines">%s</td></tr>\n'
)


def fields(schema: public.Schema, t: Words) -> Markup:
    """A row for each field: name, title, type, unit, constraints, description."""
    cells: list[str] = []
    foreign: dict[int, str] = {}
    for field in schema.fields:
        (title, title_lang), (text, text_lang) = field.title.to(t.lang), field.description.to(t.lang)
        if title_lang != t.lang and title:
            foreign[len(cells) + 1] = title_lang
        if text_lang != t.lang and text:
            foreign[len(cells) + 5] = text_lang
        type_ = t.get(f"type_{field.type}", field.type)
        cells += map(show.clean, (field.name, title, type_, field.unit, constraints(field, t), text))
    values = show.escaped(cells)
    for index, lang in foreign.items():
        values[index] = f'<span lang="{show.html_lang(lang)}">{values[index]}</span>'
    return Markup((_FIELD * len(schema.fields)) % tuple(values))


def constraints(field: public.Field, t: Words) -> str:
    """One on a line, in words."""
    shown = []
    if field.format not in ("", "default"):
        shown.append(t.constraint_format.format(show.shortened(field.format, 60)))
    for name, value in field.constraints.items():
        if value is True:
            shown.append(t.get(f"constraint_{name}", name))
        elif value is not False and value is not None:
            values = t.comma.join(map(str, value)) if isinstance(value, list | tuple) else str(value)
            shown.append(t.get(f"constraint_{name}", name + " {}").format(show.shortened(values, 200)))
    return "\n".join(shown)
