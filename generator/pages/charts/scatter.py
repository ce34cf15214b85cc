"""Rows as points on two axes."""

from __future__ import annotations

from generator.pages.charts.course import HEIGHT, PLOT, TOP, axis, grid
from generator.pages.charts.scale import Scale, tick
from generator.pages.charts.svg import edge, short, text
from generator.pages.words import Words
from generator.public import View


def draw(view: View, t: Words) -> str:
    east = [float(position) for position in view.positions]
    values = [[None if value is None else float(value) for value in series.values] for series in view.series]
    across = Scale.of(east, from_zero=False)
    up = Scale.of([value for row in values for value in row if value is not None], from_zero=False)
    marks = []
    for number, row in enumerate(values):
        for x, value in zip(east, row, strict=True):
            if value is not None:
                left, top = across.share(x) * 100, TOP + (1 - up.share(value)) * PLOT
                of = f'class="mark s{number}" data-s="{number}" href="#mark-{number}"'
                marks.append(f'<use {of} x="{left:.1f}%" y="{short(top)}"/>')
    below = [
        text(f"{short(across.share(each) * 100)}%", HEIGHT - 6, tick(each, t), edge(across.share(each)))
        for each in across.ticks
    ]
    return (
        axis(up, t) + f'<svg class="field" width="100%" height="{HEIGHT}" data-points="">'
        f"{grid(up)}{''.join(marks)}{''.join(below)}</svg>"
    )
