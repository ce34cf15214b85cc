"""Bars of categories, lying: their names can be read on a phone, and stand in the order of the values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.pages.charts.scale import Scale, number
from generator.pages.charts.svg import Shape, cut, short, text
from generator.public import View

_NAME, _BAR, _THIN, _GAP = 18, 14, 7, 10
"""Pixels: of a name's line, of a bar, of one of several bars, below."""


def draw(view: View) -> str:
    values = [[float(value) if value is not None else 0.0 for value in series.values] for series in view.series]
    stacked = _stacks(view, values)
    ends = [sum(column) for column in zip(*values, strict=True)] if stacked else [v for row in values for v in row]
    scale = Scale.of(ends, from_zero=True)
    each = _NAME + (_BAR if stacked or len(values) == 1 else _THIN * len(values)) + _GAP
    shapes: list[Shape] = []
    for place, name in enumerate(view.positions):
        top = place * each
        shapes.append(text("0", top + 13, cut(name, 34), kind="name"))
        shapes.append(text("100%", top + 13, _told(view, place, [row[place] for row in values], stacked), "end"))
        shapes += _bars([row[place] for row in values], scale, top + _NAME, stacked=stacked)
    height = each * len(view.positions)
    middles = ",".join(short(place * each + each / 2) for place in range(len(view.positions)))
    zero = f"{short(scale.share(0) * 100)}%"
    line = f'<line class="zero" x1="{zero}" x2="{zero}" y1="0" y2="{height}"/>' if scale.least < 0 else ""
    return f'<svg class="field" width="100%" height="{height}" data-y="{middles}">{"".join(shapes)}{line}</svg>'


def _stacks(view: View, values: Sequence[Sequence[float]]) -> bool:
    added = view.aggregate in ("sum", "count", "") and bool(view.group)
    return len(values) > 1 and added and all(value >= 0 for row in values for value in row)


def _told(view: View, place: int, values: Sequence[float], stacked: bool) -> str:
    if len(values) == 1:
        return number(view.series[0].values[place] or "")
    return number(f"{sum(values):.12g}") if stacked else ""


def _bars(values: Sequence[float], scale: Scale, top: float, *, stacked: bool) -> Iterator[Shape]:
    zero, before = scale.share(0) * 100, 0.0
    high = _BAR if stacked or len(values) == 1 else _THIN - 1
    for place, value in enumerate(values):
        start, end = (
            (scale.share(before) * 100, scale.share(before + value) * 100)
            if stacked
            else (zero, scale.share(value) * 100)
        )
        y = top if stacked or len(values) == 1 else top + place * _THIN
        left, width = min(start, end), abs(end - start)
        if width:
            pattern = f' fill="url(#pattern-{place})"' if len(values) > 1 else ""
            yield (
                f'<rect class="bar s{place}" data-s="{place}" x="{left:.2f}%" y="{short(y)}" width="{width:.2f}%" '
                f'height="{high}"{pattern}/>'
            )
        before += value
