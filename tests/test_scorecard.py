"""Due dates among the public values, and the scorecard, from small catalogues on disk to what the pages say."""

from __future__ import annotations

import datetime
import json
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from generator.build import Options, build
from generator.config import read_config
from generator.pages.scorecard import percent
from generator.problems import Problem
from generator.public import Agency, Catalog, Dataset, Field, Resource, Schema
from generator.scorecard import Card, permille, scorecards, usual_types
from generator.text import Text
from tests.conftest import ROOT

DAY = datetime.date(2026, 11, 24)
PORTAL = {"title": "门户", "title_en": "Portal", "url": "https://data.example.gov.cn/"}


def descriptor(name: str, **more: Any) -> dict[str, Any]:
    fields = [
        {"name": "code", "title": "代码", "type": "string", "constraints": {"required": True}},
        {"name": "note", "type": "string"},
    ]
    return {
        "name": name, "title": "一张表", "title_en": "A table", "description": "说明。", "description_en": "About.",
        "keywords": ["表"], "openness": "unconditional", "theme": "other", "update_cycle": "monthly",
        "created": "2026-01-05T09:00:00+08:00", "modified": "2026-10-20", "source_department": "culture",
        "licenses": [{"name": "CC-BY-4.0"}],
        "resources": [{"name": "rows", "path": "rows.csv", "schema": {"fields": fields, "primaryKey": ["code"]}}],
        **more,
    }  # fmt: skip


def portal(folder: Path, *descriptors: dict[str, Any], rows: str = "code,note\nA,x\nB,\n") -> Path:
    agency = folder / "datasets/culture"
    agency.mkdir(parents=True)
    body = {"id": "culture", "name": "文化局", "name_en": "Culture", "contact": {"email": "a@example.gov.cn"}}
    (agency / "agency.yaml").write_text(yaml.safe_dump(body, allow_unicode=True), "utf-8")
    for each in descriptors:
        (agency / each["name"]).mkdir()
        (agency / each["name"] / "datapackage.yaml").write_text(yaml.safe_dump(each, allow_unicode=True), "utf-8")
        if each["openness"] == "unconditional":
            (agency / each["name"] / "rows.csv").write_text(rows, "utf-8")
    (folder / "kaishu.yaml").write_text(yaml.safe_dump({"portal": PORTAL}, allow_unicode=True), "utf-8")
    return folder


def built(folder: Path, day: datetime.date = DAY) -> Path:
    config = read_config(folder / "kaishu.yaml", site=folder / f"site-{day}")
    report = build(config, Options(day, jobs=1))
    assert report.left_out == (), report.problems
    return config.site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One dataset that is late, one in time with formula-like texts, one that is closed and so promises nothing."""
    closed = {
        "name": "gamma", "title": "不公开的", "openness": "closed", "update_cycle": "daily", "modified": "2020-01-01",
        "theme": "other", "access": {"reason": "涉密", "legal_basis": "法"}, "source_department": "culture",
        "description": "说明。", "keywords": ["x"], "resources": [],
    }  # fmt: skip
    late = descriptor("alpha")
    marked = descriptor("beta", modified="2026-11-20")
    folder = portal(tmp_path_factory.mktemp("scores"), late, marked, closed, rows="code,note\nA,=1+1\nB,\n")
    return built(folder)


def text(site: Path, path: str) -> str:
    return (site / path / "index.html").read_text("utf-8")


def test_a_late_dataset_is_marked_on_its_page_in_lists_and_nowhere_else(site: Path) -> None:
    badge = re.compile(r'class="badge late"[^>]*>更新逾期<')
    assert badge.search(text(site, "dataset/alpha"))
    assert '<dt>应更新于</dt><dd><time datetime="2026-11-20">' in text(site, "dataset/alpha")
    assert not badge.search(text(site, "dataset/beta"))
    assert not badge.search(text(site, "dataset/gamma"))
    for path in ("catalog", "agency/culture"):
        assert len(badge.findall(text(site, path))) == 1, path
    assert 'class="badge late"' in text(site, "en/dataset/alpha")
    assert ">Overdue<" in text(site, "en/dataset/alpha")


def test_the_file_of_an_agency_says_what_was_counted(site: Path) -> None:
    told = json.loads((site / "agency/culture/scorecard.json").read_text("utf-8"))
    measures = {m["name"]: (m["met"], m["of"]) for d in told["dimensions"] for m in d["measures"]}
    assert measures == {
        "metadata": (11 + 11 + 8, 3 * 17),
        "required": (4, 4),
        "titled": (2, 4),
        "unremarked": (0, 2),
        "keyed": (2, 2),
        "referring": (0, 0),
        "codes": (4, 4),
        "in_time": (1, 2),
    }
    assert (told["datasets"], told["overdue"], told["waivers"], told["remarks"]) == (3, 1, 0, {"A101": 2})
    scores = {d["name"]: d["score"] for d in told["dimensions"]}
    assert scores == {"completeness": 0.696, "accuracy": 0.0, "consistency": 1.0, "timeliness": 0.5}
    assert told["score"] == 0.549
    late = [each for each in told["improvements"] if each["what"] == "overdue"]
    assert late == [{"what": "overdue", "dataset": "alpha", "expected": "2026-11-20"}]
    whole = json.loads((site / "scorecard.json").read_text("utf-8"))
    assert [each["agency"]["id"] for each in whole["agencies"]] == ["culture"]
    assert whole["agencies"][0]["score"] == told["score"]


def test_pages_show_the_numbers_and_how_to_improve(site: Path) -> None:
    page = text(site, "agency/culture")
    assert '<span class="count">54.9%</span>' in page
    assert "应于 2026-11-20 前更新" in page
    assert "A101 会被当作公式的文字（1 处）" in page
    assert "的列 <code>note</code> 没有中文名" in page
    english = text(site, "en/scorecard")
    assert "Completeness" in english
    assert "54.9%" in english
    assert 'href="../../en/agency/culture/#scorecard"' in english


def test_days_between_which_nothing_becomes_due_give_the_same_bytes(tmp_path: Path) -> None:
    folder = portal(tmp_path, descriptor("alpha"))
    manifests = [
        (built(folder, DAY.replace(day=day)) / "manifest.json").read_text("utf-8") for day in (1, 21, 22)
    ]  # due on the 20th, with a day of grace
    assert manifests[0] == manifests[1]
    assert manifests[1] != manifests[2]


# ---- single measures


def table(name: str, *fields: tuple[str, str], key: str = "", **more: Any) -> Resource:
    made = tuple(Field(field, type_, Text("名")) for field, type_ in fields)
    schema = Schema(made, (key,) if key else ())
    return Resource(name, Text(name), "unconditional", "table", schema=schema, **more)


def dataset(name: str, *tables: Resource, agency: str = "a") -> Dataset:
    return Dataset(name, Text(name), Text(), "unconditional", Agency(agency, Text(agency)), tables)


def cards(*datasets: Dataset) -> dict[str, Card]:
    config = read_config(ROOT / "kaishu.yaml")
    return {card.agency.id: card for card in scorecards(Catalog(config.portal, datasets, (), (), (), ()))}


def test_a_column_of_another_type_than_in_most_datasets_is_told_to_its_owner_alone() -> None:
    code = ("district_code", "string")
    found = cards(
        dataset("one", table("t", code)),
        dataset("two", table("t", code)),
        dataset("three", table("t", ("district_code", "integer")), agency="b"),
    )
    told = {id_: [each for each in card.improvements if each.what == "code"] for id_, card in found.items()}
    assert told["a"] == []
    assert [(each.dataset.name, each.names, each.expected) for each in told["b"]] == [
        ("three", ("district_code",), "string")
    ]


def test_types_that_tie_are_settled_by_nobody() -> None:
    one, other = dataset("one", table("t", ("x", "string"))), dataset("two", table("t", ("x", "year")))
    assert usual_types([one, other]) == {"x": "-"}
    assert usual_types([one]) == {}


def test_a_column_named_as_anothers_key_should_say_that_it_refers_to_it() -> None:
    stops = table("stops", ("stop_id", "string"), key="stop_id")
    times = table("times", ("time_id", "string"), ("stop_id", "string"), key="time_id")
    [card] = cards(dataset("bus", stops, times)).values()
    [each] = [each for each in card.improvements if each.what == "reference"]
    assert (each.resource, each.names, each.expected) == ("times", ("stop_id",), "stops")


def test_of_what_is_not_open_nothing_is_counted() -> None:
    shut = replace(table("t", ("x", "string")), openness="conditional")
    [card] = cards(dataset("one", shut)).values()
    counted = {m.name: m.of for d in card.dimensions for m in d.measures}
    assert {name for name, of in counted.items() if of} == {"metadata"}
    assert {each.what for each in card.improvements} == {"metadata"}


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_only_the_whole_is_shown_as_a_hundred_per_cent(met: int, more: int) -> None:
    share = Fraction(met, met + more)
    assert percent(share) != "100%"
    assert permille(share) < 1000
    assert float(percent(share)[:-1]) <= float(share) * 100 + 1e-9


def test_remarks_and_waivers_of_withheld_data_do_not_come_out(tmp_path: Path) -> None:
    """The raw judgement knows them; the public dataset has only what concerns open data."""
    from generator.prepare import Checked
    from generator.publicise import publicise
    from generator.read import read_catalog

    waiver = {"class": "mobile-phone", "reason": "办公电话", "approver": "某", "expires": "2027-01-01"}
    values = descriptor("alpha")
    values["resources"].append({"name": "secret", "openness": "conditional", "schema": {"fields": [{"name": "x"}]}})
    values["waivers"] = [waiver | {"resource": "rows"}, waiver | {"resource": "secret"}, waiver]
    folder = portal(tmp_path, values)
    config = read_config(folder / "kaishu.yaml")
    catalog = read_catalog(config, DAY)
    [package] = catalog.packages
    problems = (
        Problem("formula-cells", package.folder, resource="secret"),
        Problem("formula-cells", package.folder, resource="rows"),
        Problem("formula-cells", package.folder, resource="rows", published=False),
        Problem("english-missing", package.folder),
        Problem("waiver-unused", package.folder, field="waivers.2"),
    )
    checked = {package.folder: Checked(package.folder, problems)}
    [made] = publicise(catalog, checked, config.portal, DAY).datasets
    assert [(each.resource, each.kind, each.count) for each in made.remarks] == [("rows", "formula-cells", 1)]
    assert made.waivers == 1
