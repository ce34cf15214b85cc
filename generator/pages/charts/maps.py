"""Places on a plain sheet with a graticule and a scale: no base map, which would need an approval number (审图号)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from generator.pages.charts.scale import round_step
from generator.pages.charts.svg import Shape, short, text
from generator.pages.words import Words
from generator.public import Path2, Shapes, View
from generator.view_rows import in_order

_WIDE, _PAD = 1000, 40
_LEAST, _MOST = 360, 800
"""Of the height."""
_KM_A_DEGREE = 111.32


@dataclass(frozen=True, slots=True)
class Sheet:
    """From degrees, or the units of a plane, to the picture."""

    west: float
    north: float
    x_scale: float
    y_scale: float
    height: int
    round: bool
    """Whether these are degrees on the globe."""

    def at(self, point: tuple[float, float]) -> tuple[float, float]:
        return (point[0] - self.west) * self.x_scale, (self.north - point[1]) * self.y_scale

    @property
    def east(self) -> float:
        return self.west + _WIDE / self.x_scale

    @property
    def south(self) -> float:
        return self.north - self.height / self.y_scale


def draw(view: View, t: Words) -> str:
    shapes = view.shapes or Shapes()
    sheet = sheet_of(shapes)
    drawn = [
        *_graticule(sheet),
        *_areas(sheet, shapes),
        *_lines(sheet, shapes),
        *_points(sheet, shapes),
        *_scale(sheet, t),
    ]
    frame = f'<rect class="frame" width="{_WIDE}" height="{sheet.height}"/>'
    points = ' data-points=""' if shapes.points else ""
    return f'<svg class="field" viewBox="0 0 {_WIDE} {sheet.height}"{points}>{frame}{"".join(drawn)}</svg>'


def sheet_of(shapes: Shapes) -> Sheet:
    every = [
        *shapes.points,
        *(p for path in shapes.lines for p in path),
        *(p for a in shapes.areas for r in a for p in r),
    ]
    west, east = min(x for x, _ in every), max(x for x, _ in every)
    south, north = min(y for _, y in every), max(y for _, y in every)
    globe = west >= -180 and east <= 180 and south >= -90 and north <= 90
    narrow = max(math.cos(math.radians((south + north) / 2)), 0.05) if globe else 1.0
    wide, high = (east - west) * narrow, north - south
    least = max(wide, high, 1e-5 if globe else 1e-2)
    wide, high = max(wide, least * 0.05), max(high, least * 0.05)
    inner = _WIDE - 2 * _PAD
    height = min(_MOST, max(_LEAST, high / wide * inner + 2 * _PAD))
    scale = min(inner / wide, (height - 2 * _PAD) / high)
    middle = ((west + east) / 2, (south + north) / 2)
    return Sheet(
        west=middle[0] - _WIDE / 2 / (scale * narrow),
        north=middle[1] + height / 2 / scale,
        x_scale=scale * narrow,
        y_scale=scale,
        height=round(height),
        round=globe,
    )


def _graticule(sheet: Sheet) -> Iterator[Shape]:
    across = round_step(sheet.east - sheet.west, 4)
    for east in _marks(sheet.west, sheet.east, across):
        x = sheet.at((east, 0))[0]
        yield f'<path class="grid" d="M{short(x)} 0V{sheet.height}"/>'
        if 90 < x < _WIDE - 130:
            yield text(short(x + 6), 28, _degrees(east, across, "EW", sheet.round))
    up = round_step(sheet.north - sheet.south, 4)
    for north in _marks(sheet.south, sheet.north, up):
        y = sheet.at((0, north))[1]
        yield f'<path class="grid" d="M0 {short(y)}H{_WIDE}"/>'
        if 70 < y < sheet.height - 10:
            yield text("8", y - 6, _degrees(north, up, "NS", sheet.round))


def _marks(first: float, last: float, step: float) -> list[float]:
    return [number * step for number in range(math.ceil(first / step), math.floor(last / step) + 1)]


def _degrees(value: float, step: float, names: str, globe: bool) -> str:
    places = max(0, -math.floor(math.log10(step) + 1e-9))
    if not globe:
        return f"{value:,.{places}f}"
    return f"{abs(value):.{places}f}°{names[value < 0] if abs(value) > 1e-9 else ''}"


def _points(sheet: Sheet, shapes: Shapes) -> Iterator[Shape]:
    order = in_order(shapes)
    small = " many" if len(order) > 300 else ""
    if not shapes.groups:
        places = [sheet.at(shapes.points[number]) for number in order]
        if places:
            yield f'<path class="dots s0{small}" data-s="0" d="{"".join(f"M{x:.0f} {y:.0f}h0" for x, y in places)}"/>'
        return
    for number in order:
        group = shapes.groups[number]
        x, y = sheet.at(shapes.points[number])
        moved = f"translate({x:.0f} {y:.0f}) scale(2)"
        yield f'<use class="mark s{group}" data-s="{group}" href="#mark-{group}" transform="{moved}"/>'


def _lines(sheet: Sheet, shapes: Shapes) -> Iterator[Shape]:
    if shapes.lines:
        yield f'<path class="line s0" d="{"".join(_path(sheet, path) for path in shapes.lines)}"/>'


def _areas(sheet: Sheet, shapes: Shapes) -> Iterator[Shape]:
    if shapes.areas:
        rings = (_path(sheet, ring) + "z" for area in shapes.areas for ring in area)
        yield f'<path class="area s0" d="{"".join(rings)}"/>'


def _path(sheet: Sheet, path: Path2 | Sequence[tuple[float, float]]) -> str:
    """In whole units, each from the one before: a third of the bytes."""
    places = [tuple(map(round, sheet.at(point))) for point in path]
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(places)]
    return f"M{places[0][0]} {places[0][1]}l" + " ".join(f"{x} {y}" for x, y in steps if x or y or len(steps) == 1)


def _scale(sheet: Sheet, t: Words) -> Iterator[Shape]:
    """As long as it is in the middle of the sheet; none where it would be wrong at the edges."""
    if not sheet.round or sheet.north - sheet.south > 20:
        return
    unit = sheet.y_scale / _KM_A_DEGREE
    length = round_step(_WIDE / unit, 8)
    pixels = length * unit
    label = t["chart_km"].format(f"{length:g}") if length >= 1 else t["chart_m"].format(f"{length * 1000:g}")
    right, y = _WIDE - 24, sheet.height - 24
    yield f'<path class="scale" d="M{short(right - pixels)} {y - 10}v10H{right}v-10"/>'
    yield text(short(right), y - 20, label, "end")
