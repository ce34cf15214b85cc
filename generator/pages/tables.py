"""Tables of data and of columns. They are most of a page, so they are joined here and not in a template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from generator import public
from generator.pages import show
from generator.pages.html import NOTHING, Html, clean, each_clean, each_escaped
from generator.pages.words import Words
from generator.text import Text

ROWS = 20
CELL = 160
"""Characters of a cell that are shown."""
NARROW = 30
"""Characters that are never broken: a phone scrolls instead of stacking them."""
NUMERIC = frozenset({"integer", "number", "year"})


@dataclass(frozen=True, slots=True)
class Rows:
    html: Html
    count: int
    gaps: bool
    """Missing or empty cells want a word of explanation."""


def previews(dataset: public.Dataset) -> dict[str, Rows]:
    """First rows by resource. They hold no words, so that both languages share them."""
    return {
        each.name: _rows(each.schema, each.preview.rows[:ROWS])
        for each in dataset.resources
        if each.openness == "unconditional" and each.schema and each.preview and each.preview.rows
    }


def _rows(schema: public.Schema, rows: tuple[tuple[str | None, ...], ...]) -> Rows:
    given = [cell for row in rows for cell in row]
    cells = _short([cell or "" for cell in given])
    values = each_escaped(cells)
    gaps = "" in values
    if gaps:
        values = ["<i>null</i>" if cell is None else value for cell, value in zip(given, values, strict=True)]
    row = f"<tr>{''.join(_forms(schema, cells))}</tr>\n"
    return Rows(Html((row * len(rows)) % tuple(values)), len(rows), gaps)


def _short(cells: list[str]) -> list[str]:
    """No longer than ``CELL``, and clean. All are looked at together, as there is nearly never anything to do."""
    if max(map(len, cells), default=0) > CELL:
        cells = [cell if len(cell) <= CELL else cell[: CELL - 1] + "…" for cell in cells]
    return each_clean(cells)


def _forms(schema: public.Schema, cells: list[str]) -> list[str]:
    """What a cell of each column becomes."""
    forms = ['<td class="n">%s</td>' if field.type in NUMERIC else "<td>%s</td>" for field in schema.fields]
    if max(map(len, cells), default=0) > NARROW:
        width = len(forms)
        wide = [index for index in range(width) if max(map(len, cells[index::width])) > NARROW]
        for index in wide:
            forms[index] = '<td class="w">%s</td>'
    return forms


class SampleRows(NamedTuple):
    head: Html
    rows: Html


def sample(made: public.Sample, schema: public.Schema | None, t: Words) -> SampleRows:
    """Invented rows, the mark first."""
    assert schema is not None, "a sample is made from a schema"
    mark = public.Field(made.columns[0], "string", Text(t.sample_mark, t.lang))
    whole = public.Schema((mark, *schema.fields))
    rows: tuple[tuple[str | None, ...], ...] = made.rows
    return SampleRows(columns(whole, t).head, _rows(whole, rows).html)


class Columns(NamedTuple):
    """A table's columns, in one language."""

    head: Html
    """Titles, with the names beneath: the head of the preview."""
    rows: Html
    """A row for each: name, title, type, unit, constraints, description, what its values are like."""
    untranslated: bool
    """Some title is in another language."""
    described: bool
    """It is known what the values are like."""


_HEAD = '<th scope="col"%s>%s</th>\n'
_ROW = (
    '<tr><th scope="row"><code>%s</code></th><td>%s</td><td>%s</td><td>%s</td>'
    '<td class="lines">%s</td><td class="lines">%s</td></tr>\n'
)
_DESCRIBED_ROW = _ROW.replace("</tr>", '<td class="lines values">%s</td></tr>')
_NAME, _TITLE, _TYPE, _UNIT, _CONSTRAINTS, _TEXT, _VALUES, _CELLS = range(8)
"""Where the cells of a row stand, and how many they are."""


def columns(schema: public.Schema | None, t: Words, statistics: tuple[public.ColumnStatistics, ...] = ()) -> Columns:
    if schema is None or not schema.fields:
        return Columns(NOTHING, NOTHING, False, False)
    fields, lang = schema.fields, t.lang
    cells: list[str] = []
    foreign: dict[int, str] = {}
    for field in fields:
        (title, title_lang), (text, text_lang) = field.title.to(lang), field.description.to(lang)
        if title_lang != lang and title:
            foreign[len(cells) + _TITLE] = title_lang
        if text_lang != lang and text:
            foreign[len(cells) + _TEXT] = text_lang
        type_ = t.get(f"type_{field.type}", field.type)
        cells += (field.name, title, type_, field.unit, "", text, "")
    cells = each_clean(cells)
    cells[_CONSTRAINTS::_CELLS] = [constraints(field, t) for field in fields]
    if statistics:
        cells[_VALUES::_CELLS] = each_clean([in_short(column, t) for column in statistics])
    values = each_escaped(cells)
    for index, language in foreign.items():
        values[index] = f'<span lang="{show.html_lang(language)}">{values[index]}</span>'
    titles = [
        f"{title}<code>{name}</code>" if title else name
        for name, title in zip(values[_NAME::_CELLS], values[_TITLE::_CELLS], strict=True)
    ]
    head = [
        _HEAD % (' class="n"' if field.type in NUMERIC else "", title)
        for field, title in zip(fields, titles, strict=True)
    ]
    untranslated = any(index % _CELLS == _TITLE for index in foreign)
    if not statistics:
        del values[_VALUES::_CELLS]
    row = _DESCRIBED_ROW if statistics else _ROW
    return Columns(Html("".join(head)), Html((row * len(fields)) % tuple(values)), untranslated, bool(statistics))


_SHORT = 24
"""Characters of a value that are shown."""


def in_short(column: public.ColumnStatistics, t: Words) -> str:
    """What the values are like, a fact on a line."""
    shown = []
    if column.minimum:
        shown.append(t.values_range.format(*(show.shortened(v, _SHORT) for v in (column.minimum, column.maximum))))
    if column.lengths:
        least, most = column.lengths.shortest, column.lengths.longest
        each, between = t.count("values_length", most), t.values_lengths.format(f"{least:,}", f"{most:,}")
        shown.append(each if least == most else between)
    if column.distinct == column.rows - column.nulls > 1 and not column.distinct_error:
        shown.append(t.values_all_different)
    elif column.distinct:
        about = t.values_about if column.distinct_error else "{}"
        shown.append(about.format(t.count("values_distinct", column.distinct)))
    if column.nulls:
        shown.append(t.count("values_missing", column.nulls))
    return "\n".join(shown)


def constraints(field: public.Field, t: Words) -> str:
    """One on a line, in words; clean."""
    shown = []
    if field.format not in ("", "default"):
        shown.append(t.constraint_format.format(show.shortened(field.format, 60)))
    for name, value in field.constraints.items():
        if value is True:
            shown.append(t.get(f"constraint_{name}", clean(name)))
        elif value is not False and value is not None:
            values = t.comma.join(map(str, value)) if isinstance(value, list | tuple) else str(value)
            shown.append(t.get(f"constraint_{name}", clean(name) + " {}").format(show.shortened(values, 200)))
    return "\n".join(shown)
