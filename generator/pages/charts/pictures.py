"""A view as the page shows it: heading, picture, legend, what was done to the rows, and its values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from generator import public
from generator.pages import addresses, show
from generator.pages.charts import bars, course, glance, maps, scatter
from generator.pages.charts.scale import number
from generator.pages.charts.svg import picture
from generator.pages.html import NOTHING, Html, clean, html
from generator.pages.words import Words
from generator.text import Text
from generator.view_rows import ROWS, columns_path, label, path_of, rows_of

MOST_ROWS = 50
"""Of the values in the page; all are in the file beside it."""
_FAR_OFF = ("GCJ-02", "BD-09")


class Legend(NamedTuple):
    number: int
    label: Html
    kind: str
    """``line``, ``bar``, ``pattern`` or ``mark``."""


class Picture(NamedTuple):
    id: str
    title: Html
    svg: Html
    """Empty for a view that is a table."""
    legend: list[Legend]
    note: str
    head: list[Html]
    rows: list[list[Html]]
    numeric: list[bool]
    more: str
    """That there are more rows than the page shows."""
    csv: str


class Look(NamedTuple):
    """All pictures of one resource."""

    title: Html
    pictures: list[Picture]
    glance: glance.Glance | None
    csv: str
    """The values of the small pictures."""


def looks(dataset: public.Dataset, base: str, t: Words) -> list[Look]:
    found = [
        Look(
            show.plain(resource.title, t.lang) if resource.title else html(resource.name),
            pictures(resource, dataset, base, t),
            glance.glance(resource, t),
            base + addresses.encoded(columns_path(resource, dataset)),
        )
        for resource in dataset.resources
    ]
    return [each for each in found if each.pictures or each.glance]


def pictures(resource: public.Resource, dataset: public.Dataset, base: str, t: Words) -> list[Picture]:
    if resource.openness != "unconditional":
        return []
    return [_picture(view, resource, dataset, base, t) for view in resource.views]


def _picture(view: public.View, resource: public.Resource, dataset: public.Dataset, base: str, t: Words) -> Picture:
    head, rows = rows_of(view)
    shown = rows if view.type == "table" else rows[:MOST_ROWS]
    title = show.plain(view.title, t.lang) if view.title else html(_title(view, t))
    return Picture(
        id=addresses.encoded(f"{resource.name}.{view.name}"),
        title=title,
        svg=Html(picture(clean(_told(view, t)), _drawn(view, t), view.type)) if view.type != "table" else NOTHING,
        legend=_legend(view, t),
        note=clean(("" if t.lang == "zh" else " ").join(_notes(view, dataset, t))),
        head=[show.plain(each, t.lang) for each in head],
        rows=[[_cell(cell, t) for cell in row] for row in shown],
        numeric=_numeric(view, len(head)),
        more=t["chart_more"].format(shown=len(shown), n=f"{len(rows):,}") if len(rows) > len(shown) else "",
        csv=base + addresses.encoded(path_of(view, resource, dataset)),
    )


def _drawn(view: public.View, t: Words) -> str:
    if view.type == "map":
        return maps.draw(view, t)
    if view.type == "scatter":
        return scatter.draw(view, t)
    if view.type == "bar" and view.x_type == "category":
        return bars.draw(view)
    return course.draw(view, t)


def _cell(cell: str | Text, t: Words) -> Html:
    if isinstance(cell, Text):
        return show.plain(cell, t.lang)
    return html(number(show.shortened(cell, 60)))


def _numeric(view: public.View, columns: int) -> list[bool]:
    if view.shapes and view.shapes.points:
        return [place < 2 for place in range(columns)]
    return [place > 0 for place in range(columns)]


def _legend(view: public.View, t: Words) -> list[Legend]:
    """Where there is something to be told apart."""
    if len(view.series) < 2 or view.type == "table":
        return []
    lying = view.type == "bar" and view.x_type == "category"
    kind = {"line": "line", "scatter": "mark", "map": "mark"}.get(view.type, "bar")
    return [
        Legend(place, show.plain(label(series), t.lang), "pattern" if lying else kind)
        for place, series in enumerate(view.series)
    ]


# --- in words


def _names(texts: Sequence[Text], t: Words) -> str:
    return t["comma"].join(text.to(t.lang)[0] for text in texts)


def _measured(view: public.View, t: Words) -> str:
    """What the y axis says."""
    measure = view.y.to(t.lang)[0] if view.y else _names([label(series) for series in view.series], t)
    if not view.group:
        return measure
    group = view.group.to(t.lang)[0]
    return t["chart_by"].format(y=measure if view.y else ROWS.to(t.lang)[0], group=group)


def _title(view: public.View, t: Words) -> str:
    """Where the descriptor gives none."""
    if view.shapes:
        return t["chart_title_map"]
    if view.type == "scatter":
        return t["chart_title_scatter"].format(x=view.x.to(t.lang)[0], y=view.y.to(t.lang)[0])
    key = "chart_title_time" if view.x_type == "time" else "chart_title"
    return t[key].format(x=view.x.to(t.lang)[0], y=_measured(view, t))


def _notes(view: public.View, dataset: public.Dataset, t: Words) -> list[str]:
    """How the rows became this picture."""
    notes = [_of_shapes(view.shapes, t)] if view.shapes else [_put_together(view, t)]
    units = list(dict.fromkeys(series.unit for series in view.series if series.unit))
    if units:
        notes.append(t["chart_unit"].format(t["comma"].join(units)))
    if view.type == "scatter":
        x, y = view.x.to(t.lang)[0], view.y.to(t.lang)[0]
        notes.append(t["chart_axes"].format(x=f"{x} ({view.x_unit})" if view.x_unit else x, y=y))
    if view.left_out and view.type == "scatter":
        notes.append(t["chart_every"].format(n=f"{view.rows:,}", total=f"{view.rows + view.left_out:,}"))
    elif view.left_out:
        notes.append(t["chart_left_out"].format(f"{view.left_out:,}"))
    if view.shapes:
        far = dataset.crs.upper() in _FAR_OFF
        notes.append(
            t["chart_far_off"].format(dataset.crs) if far else t["chart_crs"].format(dataset.crs) if dataset.crs else ""
        )
    return [note for note in notes if note]


def _put_together(view: public.View, t: Words) -> str:
    rows = t.count("chart_rows", view.rows)
    if not view.aggregate:
        return t["chart_each_row"].format(rows=rows)
    how = t[f"chart_{view.aggregate}"]
    step = t.get(f"chart_step_{view.step}", "") or t["chart_each"].format(x=view.x.to(t.lang)[0])
    return t["chart_put_together"].format(step=step, how=how, rows=rows)


def _of_shapes(shapes: public.Shapes, t: Words) -> str:
    told = t.count("chart_places", shapes.total)
    return f"{told}{t['chart_simplified']}" if shapes.simplified else told


def _told(view: public.View, t: Words) -> str:
    """The picture for those who do not see it: what it is of, its range, its extremes."""
    kind = t[f"chart_kind_{view.type}"]
    if view.shapes:
        return t["chart_alt"].format(
            kind=kind, title=view.title.to(t.lang)[0] or _title(view, t), told=_extent(view.shapes, t)
        )
    told = t["sentence"].join(_range(series, view, t) for series in view.series)
    return t["chart_alt"].format(kind=kind, title=view.title.to(t.lang)[0] or _title(view, t), told=told)


def _range(series: public.Series, view: public.View, t: Words) -> str:
    found = [(float(v), v, x) for v, x in zip(series.values, view.positions, strict=True) if v is not None]
    name = label(series).to(t.lang)[0]
    if not found:
        return t["chart_nothing"].format(name=name)
    least, greatest = min(found), max(found)
    values = {"name": name, "least": number(least[1]), "greatest": number(greatest[1])}
    if view.type == "scatter":
        return t["chart_range"].format(**values)
    return t["chart_range_at"].format(**values, at_least=least[2], at_greatest=greatest[2])


def _extent(shapes: public.Shapes, t: Words) -> str:
    every = [
        *shapes.points,
        *(p for path in shapes.lines for p in path),
        *(p for a in shapes.areas for r in a for p in r),
    ]
    xs, ys = [x for x, _ in every], [y for _, y in every]
    return t["chart_extent"].format(
        places=t.count("chart_places", shapes.total),
        west=f"{min(xs):.6g}", east=f"{max(xs):.6g}", south=f"{min(ys):.6g}", north=f"{max(ys):.6g}",
    )  # fmt: skip
