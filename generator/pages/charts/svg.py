"""Pieces of SVG as text. Whatever comes from data is escaped here."""

from __future__ import annotations

from collections.abc import Iterable

from generator.pages.html import escaped, html

Shape = str
WIDE, HIGH = 1000, 200
"""Of the coordinates of what is stretched to the width that there is."""


def short(value: float) -> str:
    """A coordinate: tenths are finer than a screen's dots."""
    return f"{value:.1f}".rstrip("0").rstrip(".") if value else "0"


def text(x: str, y: float, value: str, anchor: str = "", kind: str = "") -> Shape:
    """``x`` may be a percentage."""
    at = f' text-anchor="{anchor}"' if anchor else ""
    named = f' class="{kind}"' if kind else ""
    return f'<text x="{x}" y="{short(y)}"{at}{named}>{html(value)}</text>'


def edge(share: float) -> str:
    """How a label stands at its place, so that it does not hang over the edge."""
    return "" if share < 0.04 else "end" if share > 0.96 else "middle"


def stretched(shapes: Iterable[Shape], *, y: float = 0, height: float = HIGH) -> Shape:
    return (
        f'<svg class="stretched" y="{short(y)}" width="100%" height="{short(height)}" viewBox="0 0 {WIDE} {HIGH}" '
        f'preserveAspectRatio="none">{"".join(shapes)}</svg>'
    )


def picture(label: str, shapes: str, kind: str) -> str:
    """What is seen as one picture, with its text alternative."""
    return f'<div class="plot {kind}" role="img" aria-label="{escaped(label)}">{shapes}</div>'


def cut(label: str, width: int) -> str:
    """No wider than so many Latin letters; a Chinese character is as wide as two."""
    taken = 0
    for place, character in enumerate(label):
        taken += 2 if ord(character) > 0x2E7F else 1
        if taken > width:
            return label[: max(place - 1, 1)].rstrip() + "…"
    return label


def dotted(points: Iterable[tuple[float, float]]) -> str:
    """A path of points: with round ends, strokes of no length are discs."""
    return "".join(f"M{short(x)} {short(y)}h0" for x, y in points)
