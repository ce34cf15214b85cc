"""The shapes of a GeoJSON file, with no more corners than a small picture shows."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.public import Shapes
from generator.views import FARTHEST

MOST_BYTES = 20_000_000
"""Of a file that is read: in memory it is ten times as large."""
MOST_POINTS = 2000
MOST_CORNERS = 3000
_ACROSS = 500
"""A corner counts where it is off by a part in so many of the picture's width."""
_LONG = 5000
"""Of more corners only the distance between them is looked at: the other way may take their square."""
_DEEPEST = 4
"""Collections in collections."""
_NAMES = ("name", "title", "label", "名称", "NAME", "Name")

Point = tuple[float, float]


@dataclass(slots=True)
class _Found:
    points: list[Point] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    lines: list[list[Point]] = field(default_factory=list)
    areas: list[list[list[Point]]] = field(default_factory=list)
    features: int = 0


def read_shapes(file: Path) -> Shapes | None:
    """None for what is too large, is no GeoJSON, or holds no places."""
    if file.stat().st_size > MOST_BYTES:
        return None
    try:
        content = json.loads(file.read_bytes())
    except (ValueError, RecursionError):  # the check tells of it, if anybody does
        return None
    found = _Found()
    for geometry, name in _features(content):
        before = len(found.points), len(found.lines), len(found.areas)
        for one in _flat(geometry, _DEEPEST):
            _add(found, one, name)
        found.features += before != (len(found.points), len(found.lines), len(found.areas))
    return _shapes(found) if found.features else None


def _features(content: Any) -> Iterator[tuple[Mapping[str, Any], str]]:
    if not isinstance(content, Mapping):
        return
    listed = content.get("features") if content.get("type") == "FeatureCollection" else [content]
    for feature in listed if isinstance(listed, list) else ():
        if isinstance(feature, Mapping):
            geometry = feature.get("geometry") if feature.get("type") == "Feature" else feature
            if isinstance(geometry, Mapping):
                yield geometry, _name(feature.get("properties"))


def _name(properties: Any) -> str:
    if not isinstance(properties, Mapping):
        return ""
    return next((str(properties[key]) for key in _NAMES if isinstance(properties.get(key), str | int)), "")


def _flat(geometry: Mapping[str, Any], deep: int) -> Iterator[Mapping[str, Any]]:
    if geometry.get("type") != "GeometryCollection":
        yield geometry
    elif deep and isinstance(geometry.get("geometries"), list):
        for each in geometry["geometries"]:
            if isinstance(each, Mapping):
                yield from _flat(each, deep - 1)


def _add(found: _Found, geometry: Mapping[str, Any], name: str) -> None:
    kind, value = geometry.get("type"), geometry.get("coordinates")
    several = value if isinstance(value, list) else []
    if kind in ("Point", "MultiPoint"):
        points = _path([value] if kind == "Point" else several)
        found.points += points
        found.labels += [name] * len(points)
    elif kind in ("LineString", "MultiLineString"):
        found.lines += [path for each in ([value] if kind == "LineString" else several) if len(path := _path(each)) > 1]
    elif kind in ("Polygon", "MultiPolygon"):
        for area in [value] if kind == "Polygon" else several:
            rings = [path for each in (area if isinstance(area, list) else ()) if len(path := _path(each)) > 3]
            if rings:
                found.areas.append(rings)


def _path(value: Any) -> list[Point]:
    points = value if isinstance(value, list) else ()
    return [point for each in points if (point := _point(each))]


def _point(value: Any) -> Point | None:
    if not isinstance(value, list) or len(value) < 2:
        return None
    if not all(isinstance(axis, int | float) and not isinstance(axis, bool) for axis in value[:2]):
        return None
    try:
        x, y = float(value[0]), float(value[1])
    except OverflowError:
        return None
    return (x, y) if abs(x) < FARTHEST and abs(y) < FARTHEST else None


def _shapes(found: _Found) -> Shapes:
    every = -(-len(found.points) // MOST_POINTS) or 1
    corners = sum(map(len, found.lines)) + sum(len(ring) for area in found.areas for ring in area)
    lines, areas, left = found.lines, found.areas, corners
    tolerance = _extent(found) / _ACROSS
    if corners > MOST_CORNERS // 10:
        while True:
            lines = [simplified(path, tolerance) for path in found.lines]
            areas = [kept for area in found.areas if (kept := _area(area, tolerance))]
            left = sum(map(len, lines)) + sum(len(ring) for area in areas for ring in area)
            if left <= MOST_CORNERS or tolerance > _extent(found):
                break
            tolerance *= 1.6
    return Shapes(
        points=tuple(found.points[::every]),
        labels=tuple(found.labels[::every]) if any(found.labels) else (),
        lines=tuple(map(tuple, lines)),
        areas=tuple(tuple(map(tuple, area)) for area in areas),
        total=found.features,
        simplified=every > 1 or left < corners,
    )


def _extent(found: _Found) -> float:
    every = [*found.points, *(p for path in found.lines for p in path), *(p for a in found.areas for r in a for p in r)]
    xs, ys = [x for x, _ in every], [y for _, y in every]
    return max(max(xs) - min(xs), max(ys) - min(ys)) or 1e-9


def _area(rings: Sequence[Sequence[Point]], tolerance: float) -> list[list[Point]]:
    """Without rings that are smaller than what can be seen."""
    made = [simplified(ring, tolerance) for ring in rings]
    return [ring for ring in made if len(ring) > 3]


def simplified(path: Sequence[Point], tolerance: float) -> list[Point]:
    """After Douglas and Peucker: no corner that is left out is farther than ``tolerance`` from what is drawn."""
    path = _spaced(path, tolerance / 2)
    if len(path) > _LONG:
        return list(path)
    keep = [False] * len(path)
    keep[0] = keep[-1] = True
    waiting = [(0, len(path) - 1)]
    while waiting:
        first, last = waiting.pop()
        farthest, distance = 0, tolerance
        for index in range(first + 1, last):
            away = _distance(path[index], path[first], path[last])
            if away > distance:
                farthest, distance = index, away
        if farthest:
            keep[farthest] = True
            waiting += [(first, farthest), (farthest, last)]
    return [point for point, kept in zip(path, keep, strict=True) if kept]


def _spaced(path: Sequence[Point], least: float) -> list[Point]:
    """Without corners that lie next to the one before."""
    made = [path[0]]
    for point in path[1:-1]:
        if abs(point[0] - made[-1][0]) > least or abs(point[1] - made[-1][1]) > least:
            made.append(point)
    return [*made, path[-1]]


def _distance(point: Point, start: Point, end: Point) -> float:
    """From a stretch, not from the whole line: a ring ends where it starts."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    along = ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / length if length else 0.0
    along = min(1.0, max(0.0, along))
    return math.hypot(point[0] - start[0] - along * dx, point[1] - start[1] - along * dy)
