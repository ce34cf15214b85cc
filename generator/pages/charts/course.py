"""Lines, areas and upright bars over time, or over a number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.pages.charts.scale import FLAT, Scale, moment, round_step, tick, time_ticks
from generator.pages.charts.svg import HIGH, WIDE, Shape, edge, short, stretched, text
from generator.pages.words import Words
from generator.public import View

TOP, PLOT, FOOT = 10, 190, 26
"""Pixels from top to bottom: the highest label, the plot, the labels below."""
HEIGHT = TOP + PLOT + FOOT
_LONE = 40
"""With so few points each is marked."""

Values = Sequence[float | None]


def draw(view: View, t: Words) -> str:
    values = [[None if value is None else float(value) for value in series.values] for series in view.series]
    bands = view.type == "bar"
    stacks = _stacked(values) if _stacks(view, values) else []
    every = [value for row in (stacks or values) for value in row if value is not None]
    scale = Scale.of(every, from_zero=view.type != "line")
    along = _bands(view) if bands else _along(view, t)
    shapes = list(_bars(values, stacks, scale) if bands else _lines(view, values, stacks, along, scale))
    xs = ",".join(short(share * WIDE) for share in along.shares)
    return (
        axis(scale, t) + f'<svg class="field" width="100%" height="{HEIGHT}" data-x="{xs}">'
        f"{grid(scale)}{stretched(shapes, y=TOP, height=PLOT)}{''.join(_below(along))}</svg>"
    )


def _stacks(view: View, values: Sequence[Values]) -> bool:
    """Only what may be added up, and only upwards."""
    added = view.aggregate in ("sum", "count", "")
    upward = all(value is None or value >= 0 for row in values for value in row)
    return view.type in ("area", "bar") and len(values) > 1 and added and upward and bool(view.group)


def _stacked(values: Sequence[Values]) -> list[list[float]]:
    """The upper edge of each."""
    edges: list[list[float]] = []
    for row in values:
        below = edges[-1] if edges else [0.0] * len(row)
        edges.append([a + (b or 0.0) for a, b in zip(below, row, strict=True)])
    return edges


# --- the x axis


@dataclass(frozen=True, slots=True)
class Along:
    shares: tuple[float, ...]
    """Where each position is, from 0 to 1."""
    ticks: tuple[tuple[float, str], ...]


def _along(view: View, t: Words) -> Along:
    if view.x_type == "time":
        days = [moment(position) for position in view.positions]
        known = [day for day in days if day is not None]
        if len(known) == len(days) and known[0] < known[-1]:
            least, span = known[0], known[-1] - known[0]
            ticks = [((day - least) / span, label) for day, label in time_ticks(least, known[-1])]
            return Along(tuple((day - least) / span for day in known), tuple(ticks) or _ends(view.positions))
    if view.x_type == "number" and len(view.positions) > 1:
        numbers = [float(position) for position in view.positions]
        least, span = numbers[0], numbers[-1] - numbers[0]
        if span <= FLAT * max(map(abs, numbers)):
            return _evenly(view.positions)
        step = round_step(span, 4)
        marks = [step * number for number in range(int(-(-least // step)), int(numbers[-1] // step) + 1)]
        return Along(tuple((n - least) / span for n in numbers), tuple(((m - least) / span, tick(m, t)) for m in marks))
    return _evenly(view.positions)


def _evenly(positions: Sequence[str]) -> Along:
    last = len(positions) - 1
    return Along(tuple(number / last if last else 0.5 for number in range(last + 1)), _ends(positions))


def _ends(positions: Sequence[str]) -> tuple[tuple[float, str], ...]:
    if len(positions) == 1:
        return ((0.5, positions[0]),)
    return ((0.0, positions[0]), (1.0, positions[-1]))


def _bands(view: View) -> Along:
    """Each in the middle of a band of its own; few enough are named."""
    many = len(view.positions)
    every = -(-many // (6 if max(map(len, view.positions)) < 5 else 4))
    shares = tuple((number + 0.5) / many for number in range(many))
    return Along(shares, tuple((shares[n], view.positions[n]) for n in range(0, many, every)))


def _below(along: Along) -> Iterator[Shape]:
    for share, label in along.ticks:
        yield text(f"{short(share * 100)}%", HEIGHT - 6, label, edge(share))


# --- the y axis


def axis(scale: Scale, t: Words) -> str:
    """The labels at the left, in a column as wide as they are."""
    labels = [tick(value, t) for value in scale.ticks]
    width = 10 + max(sum(12 if ord(c) > 0x2E7F else 7.5 for c in label) for label in labels)
    lines = [text(short(width - 6), _down(scale, v) + 4, s, "end") for v, s in zip(scale.ticks, labels, strict=True)]
    return f'<svg class="ticks" width="{short(width)}" height="{HEIGHT}">{"".join(lines)}</svg>'


def grid(scale: Scale) -> str:
    lines = []
    for value in scale.ticks:
        kind = "zero" if value == 0 else "grid"
        y = short(_down(scale, value))
        lines.append(f'<line class="{kind}" x1="0" x2="100%" y1="{y}" y2="{y}"/>')
    return "".join(lines)


def _down(scale: Scale, value: float) -> float:
    return round(TOP + (1 - scale.share(value)) * PLOT) + 0.5


def _y(scale: Scale, value: float) -> float:
    return (1 - scale.share(value)) * HIGH


# --- shapes


def _lines(
    view: View, values: Sequence[Values], stacks: Sequence[Sequence[float]], along: Along, scale: Scale
) -> Iterator[Shape]:
    xs = [share * WIDE for share in along.shares]
    floor = _y(scale, min(max(0.0, scale.least), scale.greatest))
    for number, row in enumerate(stacks or values):
        pieces = list(_pieces(xs, row, scale))
        line = "".join(_line(piece) for piece in pieces)
        if view.type == "area":
            under = [*zip(xs, (_y(scale, v) for v in stacks[number - 1]), strict=True)] if stacks and number else []
            filled = "".join(_filled(piece, under, floor) for piece in pieces)
            yield f'<path class="fill s{number}" data-s="{number}" d="{filled}"/>'
        yield f'<path class="line s{number}" data-s="{number}" d="{line}"/>'
        if len(xs) <= _LONE:
            points = "".join(f"M{short(x)} {short(y)}h0" for piece in pieces for x, y in piece)
            yield f'<path class="dots s{number}" data-s="{number}" d="{points}"/>'


def _pieces(xs: Sequence[float], row: Values, scale: Scale) -> Iterator[list[tuple[float, float]]]:
    """Without a bridge over what is missing."""
    piece: list[tuple[float, float]] = []
    for x, value in zip(xs, row, strict=True):
        if value is None:
            if piece:
                yield piece
            piece = []
        else:
            piece.append((x, _y(scale, value)))
    if piece:
        yield piece


def _line(piece: Sequence[tuple[float, float]]) -> str:
    path = " ".join(f"{short(x)} {short(y)}" for x, y in piece)
    return f"M{path}" if len(piece) > 1 else f"M{path}h0"


def _filled(piece: Sequence[tuple[float, float]], under: Sequence[tuple[float, float]], floor: float) -> str:
    back = list(reversed(under)) or [(piece[-1][0], floor), (piece[0][0], floor)]
    return "M" + " ".join(f"{short(x)} {short(y)}" for x, y in (*piece, *back)) + "z"


def _bars(values: Sequence[Values], stacks: Sequence[Sequence[float]], scale: Scale) -> Iterator[Shape]:
    many = len(values[0])
    band = WIDE / many
    width = band * (0.8 if many < 60 else 0.95) / (1 if stacks else len(values))
    zero = _y(scale, 0.0)
    for number, row in enumerate(values):
        path = []
        for place, value in enumerate(row):
            if value is None or value == 0:
                continue
            low = stacks[number][place] - value if stacks else 0.0
            top, bottom = _y(scale, low + value), _y(scale, low) if stacks else zero
            left = place * band + band / 2 + width * (-0.5 if stacks else number - len(values) / 2)
            path.append(f"M{short(left)} {short(bottom)}V{short(top)}h{short(width)}V{short(bottom)}z")
        yield f'<path class="bar s{number}" data-s="{number}" d="{"".join(path)}"/>'
