"""What a picture of data consists of: values of ``public``. Nothing is drawn here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from generator.structure import Aggregate
from generator.text import Text

ViewType = Literal["bar", "line", "area", "scatter", "map", "table"]
Step = Literal["", "day", "month", "year", "century", "range"]
"""How moments, or numbers, are put together; "" where each stands for itself."""


@dataclass(frozen=True, slots=True)
class Series:
    """One line, one kind of bars or of points. Values are texts, as in ``ColumnStatistics``."""

    label: Text
    """The column's title, or the value of the column that the rows are grouped by."""
    values: tuple[str | None, ...] = ()
    """One for each position of the view; None where there is nothing."""
    unit: str = ""
    counts: tuple[int, ...] = ()
    """How many values each is made of, where they are put together."""


Path2 = tuple[tuple[float, float], ...]
"""East and north, in degrees or in the units of the reference system."""


@dataclass(frozen=True, slots=True)
class Shapes:
    """What a map draws: of the table's rows, or of the features of a GeoJSON file."""

    points: Path2 = ()
    labels: tuple[str, ...] = ()
    """Of the points, where some column names them."""
    groups: tuple[int, ...] = ()
    """To which series each point belongs; empty where there is one only."""
    lines: tuple[Path2, ...] = ()
    areas: tuple[tuple[Path2, ...], ...] = ()
    """Outer ring, then holes."""
    total: int = 0
    """Rows or features with a place."""
    simplified: bool = False
    """Lines and areas have fewer corners, or near points became one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a descriptor says of a view, by the names of columns."""

    x: str = ""
    y: tuple[str, ...] = ()
    group: str = ""
    aggregate: Aggregate = ""


@dataclass(frozen=True, slots=True)
class View:
    """A picture of a table's values, small enough to stand in a page."""

    name: str
    title: Text
    """Empty where the descriptor declares none: then the page says what is shown."""
    type: ViewType
    x: Text = field(default_factory=Text)
    x_type: Literal["time", "number", "category"] = "category"
    x_unit: str = ""
    y: Text = field(default_factory=Text)
    """Title of the measure, where there is one."""
    positions: tuple[str, ...] = ()
    series: tuple[Series, ...] = ()
    group: Text = field(default_factory=Text)
    """Title of the column that the rows are grouped by."""
    aggregate: Aggregate = ""
    step: Step = ""
    rows: int = 0
    """Rows that are in it."""
    left_out: int = 0
    """Rows that are not: beyond the largest categories or groups, or without a value on the x axis."""
    shapes: Shapes | None = None
    asked: Asked | None = None
    """None where no descriptor declares it."""
