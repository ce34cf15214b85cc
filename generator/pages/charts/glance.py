"""Each column at a glance: a small picture of how its values are spread, from the statistics that are published."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from generator import public
from generator.pages import show
from generator.pages.charts.scale import number
from generator.pages.charts.svg import cut, picture, short
from generator.pages.html import Html, clean, html
from generator.pages.words import Words

MOST_COLUMNS = 24
"""Of wider tables the rest is in ``stats.json``."""
MOST_VALUES = 5
_HIGH = 44


class Card(NamedTuple):
    name: str
    title: Html
    picture: Html
    least: str
    greatest: str
    values: list[tuple[str, str, Html]]
    """The most frequent: value, share, bar."""


class Line(NamedTuple):
    """A row of the table of these pictures' values."""

    column: Html
    start: str
    end: str
    number: str


class Glance(NamedTuple):
    cards: list[Card]
    lines: list[Line]
    more: str
    """That there are columns which are not shown."""
    exact: bool


def glance(resource: public.Resource, t: Words) -> Glance | None:
    """None where no column's values can be drawn."""
    if resource.openness != "unconditional" or not resource.schema:
        return None
    fields = {field.name: field for field in resource.schema.fields}
    drawn = [c for c in resource.statistics if c.name in fields and _is_drawn(c)]
    if not drawn:
        return None
    shown = drawn[:MOST_COLUMNS]
    lines = [line for column in shown for line in _lines(column, fields[column.name], t)]
    return Glance(
        [_card(column, fields[column.name], t) for column in shown],
        lines,
        t.count("look_more", len(drawn) - len(shown)) if len(drawn) > len(shown) else "",
        not any(column.error for column in shown),
    )


def _is_drawn(column: public.ColumnStatistics) -> bool:
    return bool(column.histogram and len(column.histogram.counts) > 1) or bool(_frequent(column))


def _frequent(column: public.ColumnStatistics) -> tuple[public.ValueCount, ...]:
    """Where values repeat: of names that are all different there is nothing to be seen."""
    found = tuple(each for each in column.frequent if each.value)[:MOST_VALUES]
    return found if found and found[0].count > 1 else ()


def _card(column: public.ColumnStatistics, field: public.Field, t: Words) -> Card:
    title = show.plain(field.title, t.lang) if field.title else html(field.name)
    if column.histogram and len(column.histogram.counts) > 1:
        edges = column.histogram.edges
        return Card(
            field.name, title, Html(_histogram(column, field, t)), clean(_end(edges[0])), clean(_end(edges[-1])), []
        )
    return Card(field.name, title, Html(""), "", "", [*_bars(column)])


def _histogram(column: public.ColumnStatistics, field: public.Field, t: Words) -> str:
    found = column.histogram
    assert found is not None
    most = max(found.counts) or 1
    width = 1000 / len(found.counts)
    bars = "".join(
        f"M{short(place * width)} 100V{short(min(98.0, 100 - count / most * 100))}h{short(width * 0.94)}V100z"
        for place, count in enumerate(found.counts)
        if count
    )
    svg = (
        f'<svg class="stretched" width="100%" height="{_HIGH}" viewBox="0 0 1000 100" preserveAspectRatio="none">'
        f'<path class="bar s0" d="{bars}"/></svg>'
    )
    return picture(clean(_told(column, field, found, t)), svg, "small")


def _end(edge: str) -> str:
    """Without the zeros of a column's last places, and without the midnight of a day."""
    if edge.endswith("T00:00:00"):
        return edge.removesuffix("T00:00:00")
    return number(edge.rstrip("0").rstrip(".") if "." in edge else edge)


def _told(column: public.ColumnStatistics, field: public.Field, found: public.Histogram, t: Words) -> str:
    """What one sees: the range, and where most values are."""
    place = found.counts.index(max(found.counts))
    share = round(100 * found.counts[place] / (sum(found.counts) or 1))
    return t["chart_histogram"].format(
        title=field.title.to(t.lang)[0] or field.name,
        least=number(column.minimum or found.edges[0]),
        greatest=number(column.maximum or found.edges[-1]),
        start=number(found.edges[place]),
        end=number(found.edges[place + 1]),
        share=share,
    )


def _bars(column: public.ColumnStatistics) -> Iterator[tuple[str, str, Html]]:
    present = column.rows - column.nulls or 1
    for each in _frequent(column):
        share = 100 * each.count / present
        rect = f'<rect class="bar s0" width="{share:.1f}%" height="6"/>'
        bar = f'<svg width="100%" height="6" aria-hidden="true">{rect}</svg>'
        yield clean(cut(" ".join(each.value.split()), 28)), f"{share:.0f}%" if share >= 1 else "<1%", Html(bar)


def _lines(column: public.ColumnStatistics, field: public.Field, t: Words) -> Iterator[Line]:
    title = show.plain(field.title, t.lang) if field.title else html(field.name)
    if column.histogram and len(column.histogram.counts) > 1:
        edges = column.histogram.edges
        for start, end, count in zip(edges, edges[1:], column.histogram.counts, strict=False):
            if count:
                yield Line(title, clean(number(start)), clean(number(end)), f"{count:,}")
    else:
        for each in _frequent(column):
            yield Line(title, clean(show.shortened(each.value, 60)), "", f"{each.count:,}")
