"""Pictures of public values: well-formed, with their values and in words, in whatever the values are."""

from __future__ import annotations

import csv
import datetime
import gzip
import io
import json
import re
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import public
from generator.build import Options, build
from generator.config import read_config
from generator.exports.views import columns, content
from generator.pages.charts import bars, course, maps, pictures, scatter
from generator.pages.charts.glance import glance
from generator.pages.charts.scale import Scale, moment, number, tick, time_ticks
from generator.pages.charts.svg import cut
from generator.pages.words import words
from generator.public import Schema, Series, Shapes, View
from generator.text import Text, bilingual
from tests.conftest import ROOT
from tests.pages.tables_site import served

ZH, EN = words("zh"), words("en")
HOSTILE = '"><script>alert(1)</script>&\x00'
AGENCY = public.Agency("a", Text("甲局"))


def whole(svg: str) -> ET.Element:
    return ET.fromstring(f"<all>{svg}</all>")


def view(type_: str = "line", positions: tuple[str, ...] = ("2024-01", "2024-02", "2024-03"), **more: Any) -> View:
    series = more.pop("series", (Series(Text("PM2.5"), ("1", None, "3.5"), "µg"),))
    given = {"x": Text("月份"), "x_type": "time", "positions": positions, "series": series, **more}
    return View("v", given.pop("title", Text()), type_, **given)  # type: ignore[arg-type]


def dataset(*views: View, openness: str = "unconditional", **more: Any) -> public.Dataset:
    resource = public.Resource("r", Text("表"), openness, "table", views=views, **more)  # type: ignore[arg-type]
    return public.Dataset("d", Text("数据"), Text(), "unconditional", AGENCY, (resource,), crs="GCJ-02")


# --- axes


@given(st.lists(st.floats(-1e99, 1e99), min_size=1, max_size=5), st.booleans())
def test_an_axis_holds_its_values_and_has_few_round_ticks(values: list[float], from_zero: bool) -> None:
    scale = Scale.of(values, from_zero=from_zero)
    assert 2 <= len(scale.ticks) <= 8
    assert list(scale.ticks) == sorted(set(scale.ticks))
    for value in values:
        assert -0.01 <= scale.share(value) <= 1.01


def test_ticks_are_what_one_would_write() -> None:
    assert Scale.of([3, 97], from_zero=True).ticks == (0, 50, 100)
    assert Scale.of([0.11, 0.13], from_zero=False).ticks == (0.11, 0.115, 0.12, 0.125, 0.13)
    assert [tick(value, ZH) for value in (0, 1234, 45_000, 2e8, 0.25)] == ["0", "1,234", "4.5万", "2亿", "0.25"]
    assert [tick(value, EN) for value in (45_000, 2_500_000, 3e9)] == ["45,000", "2.5M", "3bn"]
    assert [number(text) for text in ("1234567.80", "-12345", "1e+99", "甲", "007")] == [
        "1,234,567.80", "−12,345", "1e+99", "甲", "007",
    ]  # fmt: skip


@given(st.integers(1, 3_652_059), st.integers(1, 3_000_000))
def test_time_has_at_most_a_handful_of_labels(first: int, days: int) -> None:
    last = min(first + days, 3_652_059)
    ticks = list(time_ticks(first, last))
    assert len(ticks) <= 7
    assert all(first <= day <= last for day, _ in ticks)
    assert all(moment(label) == day for day, label in ticks)


def test_labels_are_cut_by_their_width() -> None:
    assert cut("江门市蓬江区环市街道", 10) == "江门市蓬…"
    assert cut("short", 10) == "short"


# --- every kind of picture


TEXTS = st.floats(-1e99, 1e99).map(lambda value: f"{value:.12g}") | st.none()


@settings(deadline=None, max_examples=60)
@given(
    st.data(), st.sampled_from(["line", "area", "bar"]), st.sampled_from(["time", "number", "category"]), st.booleans()
)
def test_any_values_can_be_drawn_and_are_well_formed(data: Any, type_: str, x_type: str, grouped: bool) -> None:
    many = data.draw(st.integers(1, 6))
    positions = {
        "time": [str(year) for year in range(1990, 1990 + many)],
        "number": [f"{n}" for n in sorted(data.draw(st.sets(st.floats(-1e9, 1e9), min_size=many, max_size=many)))],
        "category": data.draw(st.lists(st.text(max_size=40), min_size=many, max_size=many)),
    }[x_type]
    rows = data.draw(st.lists(st.lists(TEXTS, min_size=many, max_size=many), min_size=1, max_size=3))
    if all(value is None for row in rows for value in row):
        return
    series = tuple(Series(Text(HOSTILE), tuple(row)) for row in rows)
    plain = view(type_, tuple(positions), series=series)
    drawn = replace(plain, x_type=x_type, group=Text("组") if grouped else Text())  # type: ignore[arg-type]
    for t in (ZH, EN):
        [picture] = pictures.pictures(dataset(drawn).resources[0], dataset(drawn), "../../", t)
        root = whole(picture.svg)
        assert root[0].get("role") == "img"
        assert root[0].get("aria-label")
        assert not [each for each in root.iter() if each.tag == "script"]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.floats(-1e8, 1e8), st.floats(-1e8, 1e8)), min_size=1, max_size=20),
    st.sampled_from(["points", "lines", "areas"]),
)
def test_any_places_can_be_drawn(places: list[tuple[float, float]], kind: str) -> None:
    path = tuple(places)
    shapes = {
        "points": Shapes(points=path, labels=tuple(HOSTILE for _ in path), total=len(path)),
        "lines": Shapes(lines=(path,), total=1),
        "areas": Shapes(areas=((path,),), total=1),
    }[kind]
    drawn = View("m", Text(), "map", shapes=shapes)
    [picture] = pictures.pictures(dataset(drawn).resources[0], dataset(drawn), "", EN)
    assert whole(picture.svg)[0].get("role") == "img"
    assert "GCJ-02" in picture.note


def test_a_line_has_no_bridge_over_what_is_missing() -> None:
    drawn = whole(course.draw(view(), ZH))
    [line] = [each for each in drawn.iter("path") if each.get("class") == "line s0"]
    assert (line.get("d") or "").count("M") == 2


def test_bars_are_as_long_as_their_values() -> None:
    series = (Series(Text("n"), ("10", "5", "0")),)
    drawn = whole(bars.draw(replace(view("bar", ("甲", "乙", "丙"), series=series), x_type="category")))
    widths = [float((each.get("width") or "").rstrip("%")) for each in drawn.iter("rect")]
    assert widths == [100.0, 50.0]
    assert [each.text for each in drawn.iter("text")] == ["甲", "10", "乙", "5", "丙", "0"]


def test_groups_that_may_be_added_up_are_stacked_and_others_are_not() -> None:
    series = (Series(Text("a"), ("10",)), Series(Text("b"), ("30",)))
    base = replace(view("bar", ("甲",), series=series, group=Text("组")), x_type="category")
    stacked, beside = (whole(bars.draw(replace(base, aggregate=how))) for how in ("sum", "mean"))
    assert [each.get("x") for each in stacked.iter("rect")] == ["0.00%", "25.00%"]
    assert [each.get("x") for each in beside.iter("rect")] == ["0.00%", "0.00%"]
    patterns = [each.get("fill") for each in stacked.iter("rect")]
    assert patterns == ["url(#pattern-0)", "url(#pattern-1)"], "told apart without colour"


def test_points_of_a_scatter_plot_have_forms() -> None:
    series = (Series(Text("a"), ("1", None)), Series(Text("b"), (None, "2")))
    drawn = whole(scatter.draw(replace(view("scatter", ("1", "2"), series=series), x_type="number"), ZH))
    assert [each.get("href") for each in drawn.iter("use")] == ["#mark-0", "#mark-1"]


def test_a_map_is_as_wide_as_it_is_high_on_the_ground() -> None:
    sheet = maps.sheet_of(Shapes(points=((112.0, 60.0), (113.0, 61.0))))
    assert sheet.x_scale / sheet.y_scale == pytest.approx(0.5, abs=0.02), "a degree is half as long at 60° north"
    (left, low), (right, high) = sheet.at((112, 60)), sheet.at((113, 61))
    assert 0 < left < right < 1000
    assert 0 < high < low < sheet.height


# --- words and values


def test_what_is_not_open_has_no_picture() -> None:
    closed = dataset(view(), openness="conditional")
    assert pictures.pictures(closed.resources[0], closed, "", ZH) == []
    assert pictures.looks(closed, "", ZH) == []


def test_the_alternative_tells_range_and_extremes_in_both_languages() -> None:
    said = replace(view(), title=bilingual("细颗粒物", "Fine particles"), aggregate="mean", step="month", rows=70)
    for t, wanted, note in (
        (ZH, "折线图：细颗粒物。PM2.5最低 1（2024-01），最高 3.5（2024-03）", "每月平均值，由 70 行算出。单位：µg。"),
        (EN, "Line chart: Fine particles. PM2.5 lowest 1 (2024-01), highest 3.5 (2024-03)", "Mean of each month, from 70 rows. Unit: µg."),
    ):  # fmt: skip
        [picture] = pictures.pictures(dataset(said).resources[0], dataset(said), "", t)
        assert whole(picture.svg)[0].get("aria-label") == wanted
        assert picture.note == note


def test_a_chart_without_a_title_says_what_it_shows() -> None:
    grouped = replace(view(), group=bilingual("站点", "Station"), y=bilingual("浓度", "Level"), x=Text("月份"))
    counted = replace(view("bar", ("甲",), series=(Series(Text(), ("3",)),), aggregate="count"), x_type="category")
    points = replace(
        view("scatter", ("1", "2", "3")), x=bilingual("风速", "Wind"), y=bilingual("浓度", "Level"), x_unit="m/s"
    )
    for each, wanted in (
        (grouped, ("浓度（按站点分）随时间的变化", "Level by Station over time")),
        (counted, ("行数，按月份", "Rows by 月份")),
        (points, ("风速与浓度", "Wind and Level")),
    ):
        found = [pictures.pictures(dataset(each).resources[0], dataset(each), "", t)[0].title for t in (ZH, EN)]
        assert found == list(wanted)
    [picture] = pictures.pictures(dataset(points).resources[0], dataset(points), "", ZH)
    assert "横轴 风速 (m/s)，纵轴 浓度。" in picture.note


def test_the_file_has_the_values_of_the_table_beside_the_picture() -> None:
    series = (Series(Text("a"), ("1", None), counts=(3, 0)), Series(Text('b,"c'), ("2.50", "4"), counts=(3, 0)))
    drawn = view(positions=("2024", "2025"), series=series)
    rows = list(csv.reader(io.StringIO(content(drawn).decode())))
    assert rows == [["月份", "a", 'b,"c', "值的个数"], ["2024", "1", "2.50", "3"], ["2025", "", "4", "0"]]
    [picture] = pictures.pictures(dataset(drawn).resources[0], dataset(drawn), "../", ZH)
    assert [list(map(str, row)) for row in picture.rows] == rows[1:]
    assert picture.csv == "../data/d/views/r.v.csv"


def test_a_column_at_a_glance() -> None:
    histogram = public.Histogram(("0.00", "10.00", "20.00"), (3, 1))
    statistics = (
        public.ColumnStatistics("n", 4, 0, histogram=histogram, minimum="0.50", maximum="19.00"),
        public.ColumnStatistics("s", 4, 2, frequent=(public.ValueCount(HOSTILE, 2),)),
        public.ColumnStatistics("all-different", 4, 0, frequent=(public.ValueCount("x", 1),)),
    )
    schema = Schema(tuple(public.Field(each.name, "string", Text("列")) for each in statistics))
    found = glance(dataset(statistics=statistics, schema=schema).resources[0], ZH)
    assert found
    assert len(found.cards) == 2
    label = whole(found.cards[0].picture)[0].get("aria-label")
    assert label == "列的分布：从 0.50 到 19.00，最多的一段是 0.00 至 10.00，占 75%。"
    assert found.cards[1].values[0][1] == "100%"
    assert columns(statistics[:1]).decode() == "column,from,below,value,count\nn,0.00,10.00,,3\nn,10.00,20.00,,1\n"


# --- in a browser


@pytest.fixture(scope="module")
def charts_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three of the demonstration's datasets, built as a portal builds them."""
    folder = tmp_path_factory.mktemp("charts")
    for name in ("ecology/air-quality-daily", "transport/bus-network", "finance/budget-expenditure"):
        shutil.copytree(ROOT / "datasets" / name, folder / "datasets" / name)
        body = Path(name).parent / "agency.yaml"
        shutil.copy(ROOT / "datasets" / body, folder / "datasets" / body)
    shutil.copy(ROOT / "datasets/terms.yaml", folder / "datasets/terms.yaml")
    shutil.copy(ROOT / "kaishu.yaml", folder / "kaishu.yaml")
    config = read_config(folder / "kaishu.yaml", site=folder / "site")
    report = build(config, Options(datetime.date(2026, 10, 1), jobs=1))
    assert report.left_out == ()
    return folder / "site"


PAGES = ("dataset/air-quality-daily/", "en/dataset/bus-network/", "dataset/budget-expenditure/")


@pytest.mark.parametrize("page", PAGES)
def test_a_dataset_page_stays_light(charts_site: Path, page: str) -> None:
    """With its style sheets and scripts, without what is asked for."""
    text = (charts_site / page / "index.html").read_text("utf-8")
    used = set(re.findall(r'(?:href|src)="[./]*(assets/[^"]+\.(?:css|js))"', text))
    sizes = [len(gzip.compress((charts_site / path).read_bytes())) for path in used]
    assert len(gzip.compress(text.encode())) + sum(sizes) < 100_000
    [script] = charts_site.glob("assets/charts.*.js")
    assert len(gzip.compress(script.read_bytes())) < 6_000


def test_every_picture_has_a_name_its_values_and_its_file(charts_site: Path) -> None:
    for page in PAGES:
        text = (charts_site / page / "index.html").read_text("utf-8")
        figures = re.findall(r'<figure class="chart".*?</figure>', text, re.DOTALL)
        assert len(figures) >= 2
        for figure in figures:
            assert ('role="img"' in figure) == ("chart-values" in figure)
            [path] = re.findall(r'href="[./]*(data/[^"]+\.csv)" download', figure)
            head = next(csv.reader((charts_site / path).read_text("utf-8").splitlines()))
            assert len(head) == figure.count('<th scope="col"')


def test_codes_stand_with_the_names_that_another_table_has(charts_site: Path) -> None:
    values = (charts_site / "data/budget-expenditure/views/expenditure.items.csv").read_text("utf-8")
    assert "\n20101 人大事务," in values
    head = (charts_site / "data/air-quality-daily/views/daily.pm25.csv").read_text("utf-8").splitlines()[0]
    assert head.startswith("日期,JM01 蓬江演示站,")


def test_declared_views_are_in_the_published_descriptor(charts_site: Path) -> None:
    published = json.loads((charts_site / "data/budget-expenditure/datapackage.json").read_text("utf-8"))
    assert [each["name"] for each in published["views"]] == ["totals", "items"]
    assert published["views"][1]["title_en"] == "Budget by item, all years"
    fields = published["resources"][1]["schema"]["fields"]
    assert [field.get("aggregation") for field in fields] == [None, None, "sum", "sum", "sum"]


Open = Callable[..., Any]


@pytest.fixture
def open_page(browser: Any, charts_site: Path) -> Iterator[Open]:
    troubles: list[str] = []
    contexts: list[Any] = []
    with served(charts_site) as server:
        address = f"http://127.0.0.1:{server.server_port}/"

        def open_(path: str, width: int = 1280, scheme: str = "light", **more: Any) -> Any:
            size = {"width": width, "height": 900}
            context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce", **more)
            contexts.append(context)
            page = context.new_page()
            page.set_default_timeout(8000)
            page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
            page.on("pageerror", lambda error: troubles.append(str(error)))
            page.on("request", lambda r: None if r.url.startswith(address) else troubles.append(r.url))
            page.goto(address + path)
            return page

        yield open_
        for context in contexts:
            context.close()
    assert troubles == []


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_charts_fit_and_columns_are_folded_on_phones(open_page: Open, width: int) -> None:
    for path in PAGES:
        page = open_page(path, width, "dark" if width == 390 else "light")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        opened = page.locator(".columns-fold[open]").count()
        assert opened == (1 if width > 704 else 0)
        boxes = [box.bounding_box() for box in page.locator("figure .plot").all()]
        assert all(box and box["width"] <= width and box["height"] > 40 for box in boxes)
        page.context.close()


def test_a_chart_is_enlarged_read_by_keys_and_its_series_are_hidden(open_page: Open) -> None:
    page = open_page(PAGES[0])
    page.locator("[id='daily.pm25'] .enlarge").click()
    reading = page.locator("#enlarged .reading")
    plot = page.locator("#enlarged .plot")
    page.locator("#enlarged .plot:focus").wait_for()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    assert reading.text_content().startswith("日期 2025-11 · JM01 蓬江演示站 ")
    page.locator("#enlarged .legend button").first.click()
    assert plot.locator("[data-s='0'].off").count() > 0
    assert "JM01" not in reading.text_content()
    box = plot.locator(".field").bounding_box()
    page.mouse.move(box["x"] + 2, box["y"] + 50)
    assert "2024-01" in reading.text_content()
    page.keyboard.press("Escape")
    assert not page.locator("#enlarged").is_visible()


def test_places_and_bars_are_read_too(open_page: Open) -> None:
    page = open_page(PAGES[1], 390)
    for figure, keys, wanted in (
        ("stops.stops", ["Home"], "Longitude (x) 113."),
        ("stops.opened", ["ArrowRight", "ArrowRight"], "Opened 1999 · "),
    ):
        page.locator(f"[id='{figure}'] .enlarge").click()
        page.locator("#enlarged .plot:focus").wait_for()
        for key in keys:
            page.keyboard.press(key)
        assert page.locator("#enlarged .reading").text_content().startswith(wanted)
        page.keyboard.press("Escape")


def test_without_a_script_the_values_are_there(open_page: Open) -> None:
    page = open_page(PAGES[0], java_script_enabled=False)
    assert not page.locator(".enlarge").first.is_visible()
    values = page.locator("[id='daily.pm25'] .chart-values")
    values.locator("summary").click()
    assert values.locator("tbody tr").count() == 24


AXE = Path("/tmp/kit-node/node_modules/axe-core/axe.min.js")


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core of the conformance kit is not installed")
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_page: Open, path: str, scheme: str) -> None:
    page = open_page(path, 390, scheme, bypass_csp=True)
    page.evaluate("for (const each of document.querySelectorAll('.look details')) each.open = true")
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("axe.run().then((r) => r.violations.map((each) => [each.id, each.nodes[0].html]))")
    assert found == []
