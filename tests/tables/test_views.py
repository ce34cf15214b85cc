"""The values of pictures against pandas on the same CSV, and against what can be counted by hand."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import public
from generator.tables import convert_table, map_of, views_of
from generator.tables.views.geojson import MOST_CORNERS, simplified
from generator.text import text_of
from generator.views import Plan, declared
from tests.conftest import ROOT

AIR = ROOT / "datasets/ecology/air-quality-daily"
BUS = ROOT / "datasets/transport/bus-network"
BUDGET = ROOT / "datasets/finance/budget-expenditure"


def views(folder: Path, resource: str, target: Path, *plans: Plan) -> dict[str, public.View]:
    descriptor = yaml.safe_load((folder / "datapackage.yaml").read_text("utf-8"))
    table = convert_table(descriptor, resource, folder, target, stem=resource, text=text_of)
    return {view.name: view for view in views_of(table.parquet, table.schema, plans, table.statistics)}


def made(tmp_path: Path, text: str, fields: list[dict[str, Any]], *plans: Plan, **schema: Any) -> list[public.View]:
    """Of a table that is written here."""
    (tmp_path / "t.csv").write_text(text, "utf-8")
    resource = {"name": "t", "path": "t.csv", "schema": {"fields": fields, **schema}}
    table = convert_table({"resources": [resource]}, "t", tmp_path, tmp_path / "out", stem="t", text=text_of)
    return list(views_of(table.parquet, table.schema, plans, table.statistics))


@pytest.fixture(scope="module")
def pandas() -> Any:
    return pytest.importorskip("pandas", reason="the oracle is not installed")


def test_monthly_means_by_station_are_those_of_pandas(pandas: Any, tmp_path: Path) -> None:
    plan = Plan("pm25", "line", x="date", y=("pm25",), group="station_id", aggregate="mean")
    view = views(AIR, "daily", tmp_path, plan)["pm25"]
    frame = pandas.read_csv(AIR / "daily.csv")
    grouped = frame.groupby([frame["date"].str[:7], "station_id"])["pm25"]
    means, counts = grouped.mean(), grouped.count()
    assert (view.step, view.aggregate, view.rows, view.left_out) == ("month", "mean", len(frame), 0)
    assert [series.label.main for series in view.series] == sorted(frame["station_id"].unique())
    for series in view.series:
        for month, value, count in zip(view.positions, series.values, series.counts, strict=True):
            assert float(value or "nan") == pytest.approx(means[month, series.label.main], abs=0.005)
            assert count == counts[month, series.label.main]


def test_sums_are_exact_and_a_declared_aggregation_holds(pandas: Any, tmp_path: Path) -> None:
    view = views(BUDGET, "expenditure", tmp_path, Plan("all", "line", x="year", y=("budget", "final_account")))["all"]
    frame = pandas.read_csv(BUDGET / "expenditure.csv", sep=";", dtype=str)
    assert view.aggregate == "sum"
    for place, year in enumerate(view.positions):
        cents = sum(int(value.replace(".", "")) for value in frame[frame.year == year].budget)
        assert view.series[0].values[place] == f"{cents // 100}.{cents % 100:02}"
    assert view.series[1].values[-1] is None, "this year has no final account"


def test_the_largest_categories_are_counted_and_the_rest_is_told(pandas: Any, tmp_path: Path) -> None:
    view = views(BUDGET, "expenditure", tmp_path, Plan("n", "bar", x="item_code"))["n"]
    frame = pandas.read_csv(BUDGET / "expenditure.csv", sep=";", dtype=str)
    assert (view.aggregate, len(view.positions)) == ("count", 20)
    assert view.rows + view.left_out == len(frame)
    for code, value in zip(view.positions, view.series[0].values, strict=True):
        assert int(value or 0) == (frame.item_code == code).sum()


def test_categories_stand_in_the_order_that_the_field_declares(tmp_path: Path) -> None:
    view = views(AIR, "daily", tmp_path, Plan("levels", "bar", x="level"))["levels"]
    assert view.positions == ("优", "良", "轻度污染")
    assert view.left_out == 55, "days without a level"


def test_every_nth_row_is_a_point_of_the_table(pandas: Any, tmp_path: Path) -> None:
    view = views(AIR, "daily", tmp_path, Plan("p", "scatter", x="pm25", y=("aqi",)))["p"]
    frame = pandas.read_csv(AIR / "daily.csv").iloc[::11].dropna(subset=["pm25", "aqi"])
    points = list(zip(map(int, view.positions), map(int, filter(None, view.series[0].values)), strict=True))
    assert points == list(zip(frame.pm25.astype(int), frame.aqi.astype(int), strict=True))
    assert view.rows <= 500


def test_the_schema_suggests_a_course_for_each_unit_and_the_places(tmp_path: Path) -> None:
    found = views(AIR, "daily", tmp_path)
    assert {name: [s.label.main for s in view.series] for name, view in found.items()} == {
        "series-1": ["PM2.5", "PM10", "二氧化硫", "二氧化氮", "臭氧"],
        "series-2": ["一氧化碳"],
    }
    places = views(AIR, "stations", tmp_path)["map"]
    assert places.shapes
    assert places.shapes.labels[0] == "蓬江演示站"
    assert places.shapes.points[0] == pytest.approx((113.069, 22.59091))


def test_rows_that_are_things_have_no_course_unless_they_may_be_added_up(tmp_path: Path) -> None:
    fields: list[dict[str, Any]] = [
        {"name": "id", "type": "string"}, {"name": "updated", "type": "date"}, {"name": "desks", "type": "integer", "unit": "个"},
    ]  # fmt: skip
    rows = "id,updated,desks\na,2026-01-01,4\nb,2026-01-05,0\nc,2026-02-01,9\n"
    assert made(tmp_path, rows, fields, primaryKey=["id"]) == []
    assert [view.name for view in made(tmp_path, rows, fields)] == ["series-1"], "nothing is known of its rows"
    fields[2]["aggregation"] = "sum"
    assert [view.name for view in made(tmp_path, rows, fields, primaryKey=["id"])] == ["series-1"]


def test_a_declared_map_takes_the_place_of_the_suggested_one(tmp_path: Path) -> None:
    found = views(BUS, "stops", tmp_path, Plan("by-district", "map", group="district_code"))
    assert list(found) == ["by-district"]
    shapes = found["by-district"].shapes
    assert shapes
    assert len(shapes.points) == len(shapes.groups) == 120
    assert found["by-district"].asked == public.Asked(group="district_code")


def test_moments_stand_for_themselves_while_they_are_few(tmp_path: Path) -> None:
    fields = [{"name": "at", "type": "datetime"}, {"name": "level", "type": "number", "unit": "m"}]
    rows = "".join(f"2026-01-01T{hour:02}:30:00,{hour}.5\n" for hour in range(24))
    [view] = made(tmp_path, f"at,level\n{rows}", fields)
    assert (view.step, view.aggregate, view.positions[0]) == ("", "", "2026-01-01T00:30")
    assert view.series[0].values[:2] == ("0.5", "1.5")


def test_many_days_become_months_and_years(tmp_path: Path) -> None:
    fields = [{"name": "year", "type": "year"}, {"name": "n", "type": "integer", "aggregation": "sum"}]
    rows = "".join(f"{year},1\n" for year in range(1000, 2026))
    [view] = made(tmp_path, f"year,n\n{rows}", fields)
    assert (view.step, view.positions) == ("century", tuple(f"{c}00" for c in range(10, 21)))
    assert list(view.series[0].values) == ["100"] * 10 + ["26"]


def test_bars_of_years_and_months_leave_room_for_those_without_rows(tmp_path: Path) -> None:
    fields = [{"name": "when", "type": "year"}]
    [view] = made(tmp_path, "when\n2020\n2023\n2023\n", fields, Plan("b", "bar", x="when"))
    assert list(zip(view.positions, view.series[0].values, strict=True)) == [
        ("2020", "1"), ("2021", None), ("2022", None), ("2023", "2"),
    ]  # fmt: skip
    fields = [{"name": "when", "type": "yearmonth"}]
    [view] = made(tmp_path, "when\n2020-11\n2021-02\n", fields, Plan("b", "bar", x="when"))
    assert view.positions == ("2020-11", "2020-12", "2021-01", "2021-02")


def test_numbers_on_the_x_axis_are_put_into_round_ranges(tmp_path: Path) -> None:
    fields = [{"name": "depth", "type": "number"}, {"name": "t", "type": "number"}]
    rows = "".join(f"{depth}.5,{depth % 10}\n" for depth in range(2000))
    [view] = made(tmp_path, f"depth,t\n{rows}", fields, Plan("d", "line", x="depth", y=("t",)))
    assert view.step == "range"
    assert view.positions[:3] == ("0", "20", "40")
    assert view.series[0].values[:2] == ("4.50", "4.50")


@pytest.mark.parametrize(
    ("field", "cells"),
    [
        ({"name": "p", "type": "geopoint"}, ["113.1,22.5", "113.2, 22.6"]),
        ({"name": "p", "type": "geopoint", "format": "array"}, ['"[113.1, 22.5]"', '"[113.2,22.6]"']),
        ({"name": "p", "type": "geopoint", "format": "object"}, ['"{""lon"": 113.1, ""lat"": 22.5}"'] * 2),
    ],
)
def test_geopoints_of_every_form_are_drawn(tmp_path: Path, field: dict[str, Any], cells: list[str]) -> None:
    quoted = [cell if cell.startswith('"') else f'"{cell}"' for cell in cells]
    [view] = made(tmp_path, "p\n" + "\n".join(quoted) + "\n", [field])
    assert view.shapes
    assert view.shapes.points[0] == pytest.approx((113.1, 22.5))


def test_many_points_are_thinned_and_the_picture_says_so(tmp_path: Path) -> None:
    fields = [{"name": "lng", "type": "number"}, {"name": "lat", "type": "number"}]
    rows = "".join(f"{113 + (n % 173) / 1000},{22 + (n // 173) / 1000}\n" for n in range(9000))
    [view] = made(tmp_path, f"lng,lat\n{rows}", fields)
    assert view.shapes
    assert len(view.shapes.points) <= 2000
    assert view.shapes.simplified
    assert view.shapes.total == view.rows == 9000


def test_an_empty_table_and_times_that_are_text_have_no_picture(tmp_path: Path) -> None:
    fields = [{"name": "day", "type": "date"}, {"name": "n", "type": "number", "unit": "m"}]
    assert made(tmp_path, "day,n\n", fields) == []
    assert made(tmp_path, "day,n\n2024-01-01,\n", fields) == []
    other = [{"name": "day", "type": "date", "format": "any"}, fields[1]]
    assert made(tmp_path, "day,n\n2024-01-01,1\n", other) == []


def test_values_that_are_not_finite_are_left_out(tmp_path: Path) -> None:
    fields = [{"name": "year", "type": "year"}, {"name": "n", "type": "number", "unit": "m"}]
    [view] = made(tmp_path, "year,n\n2024,NaN\n2024,1e300\n2024,1.5\n2025,2\n", fields)
    assert view.series[0].values == ("1.5", "2")


def test_the_same_table_gives_the_same_values(tmp_path: Path) -> None:
    plan = Plan("x", "bar", x="station_id", y=("co",), group="level", aggregate="mean")
    assert views(AIR, "daily", tmp_path / "1", plan) == views(AIR, "daily", tmp_path / "2", plan)


# --- GeoJSON


def test_geojson_of_every_kind(tmp_path: Path) -> None:
    ring = [[0, 0], [4, 0], [4, 3], [0, 3], [0, 0]]
    geometries = [
        {"type": "Point", "coordinates": [1, 2, 30]},
        {"type": "LineString", "coordinates": [[0, 0], [1, 1]]},
        {"type": "GeometryCollection", "geometries": [{"type": "Polygon", "coordinates": [ring]}]},
        {"type": "MultiPoint", "coordinates": [[5, 5], ["x", 1], [True, 2]]},
        None,
    ]
    features = [{"type": "Feature", "properties": {"name": "甲"}, "geometry": each} for each in geometries]
    file = tmp_path / "a.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    [view] = map_of(file)
    shapes = view.shapes
    assert shapes
    assert shapes.points == ((1.0, 2.0), (5.0, 5.0))
    assert shapes.labels == ("甲", "甲")
    assert (len(shapes.lines), len(shapes.areas), shapes.total) == (1, 1, 4)


@pytest.mark.parametrize("content", ["", "[]", '{"type": "FeatureCollection"}', "[" * 100_000, '{"type": 1}'])
def test_what_is_no_geojson_has_no_picture(tmp_path: Path, content: str) -> None:
    file = tmp_path / "a.geojson"
    file.write_text(content, "utf-8")
    assert map_of(file) == ()


def test_a_large_coast_keeps_few_corners(tmp_path: Path) -> None:
    ring = [
        [math.cos(a / 20_000 * math.tau) * (1 + 0.01 * math.sin(a)), math.sin(a / 20_000 * math.tau)]
        for a in range(20_000)
    ]
    file = tmp_path / "a.geojson"
    file.write_text(json.dumps({"type": "Polygon", "coordinates": [[*ring, ring[0]]]}), "utf-8")
    [view] = map_of(file)
    assert view.shapes
    assert 20 < len(view.shapes.areas[0][0]) <= MOST_CORNERS
    assert view.shapes.simplified


POINTS = st.tuples(*(st.integers(-most * 100, most * 100).map(lambda n: n / 100) for most in (180, 90)))


@settings(deadline=None)
@given(st.lists(POINTS, min_size=2, max_size=60), st.floats(0.001, 50))
def test_no_corner_that_is_left_out_is_far_from_the_line(path: list[tuple[float, float]], tolerance: float) -> None:
    kept = simplified(path, tolerance)
    assert (kept[0], kept[-1]) == (path[0], path[-1])
    assert set(kept) <= set(path)
    for point in path:
        assert min(_away(point, a, b) for a, b in pairwise(kept)) <= tolerance * 1.75


def _away(p: tuple[float, float], a: tuple[float, float], b: tuple[float, float]) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    along = max(0.0, min(1.0, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / (dx * dx + dy * dy))) if dx or dy else 0.0
    return math.hypot(p[0] - a[0] - along * dx, p[1] - a[1] - along * dy)


# --- declared


def test_the_draft_of_frictionless_says_the_same() -> None:
    ours = {"name": "a", "resource": "t", "type": "line", "x": "day", "y": ["n"]}
    draft = {
        "name": "a", "resources": ["t"], "specType": "simple", "spec": {"type": "line", "group": "day", "series": ["n"]},
    }  # fmt: skip
    assert declared({"views": [ours]}) == declared({"views": [draft]}) == [Plan("a", "line", "t", x="day", y=("n",))]


def test_views_have_names_of_their_own_and_the_one_resource_is_meant() -> None:
    listed = [{"name": "A b", "type": "bar"}, {"name": "a-b", "type": "bar"}, {"type": "bar"}, "no view"]
    plans = declared({"views": listed, "resources": [{"name": "only"}]})
    assert [(plan.name, plan.resource) for plan in plans] == [("a-b", "only"), ("a-b-2", "only"), ("view-3", "only")]
