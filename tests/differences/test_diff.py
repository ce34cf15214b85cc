"""``kaishu diff`` over a real history, over folders and over a site."""

from __future__ import annotations

import datetime
import json
import os
import re
import shutil
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from generator.build import Options, build
from generator.config import Config
from generator.differences import Differences, diff, exit_code, shown
from generator.differences.showing import code_span
from generator.differences.values import DatasetDifference, ResourceDifference, percent
from generator.errors import ConfigError
from tests.differences.conftest import ROWS, commit

Edit = Callable[..., None]
TODAY = datetime.date(2026, 6, 30)
FORMS = ("text", "markdown", "html", "json")


def compared(base: str | Path, head: str | Path | None, config: Config) -> Differences:
    return diff(base, head, config=config, today=TODAY)


def only(found: Differences) -> tuple[DatasetDifference, ResourceDifference]:
    (dataset,) = found.datasets
    (resource,) = dataset.resources
    return dataset, resource


def test_nothing_changed(config: Config) -> None:
    found = compared("HEAD", None, config)
    assert (found.datasets, found.compared, found.breaking) == ((), 1, False)
    assert shown(found, "text", "zh") == "没有变化（比较了 1 个数据集）。\n"


def test_rows_between_two_revisions_by_key(repository: Path, config: Config, edit: Edit) -> None:
    edit(
        "parks.csv",
        ("30.5", "33"),
        ("02,白水带公园,420,1985-05-01\n", ""),
        ("12,\n", "12,\n04,院士公园,8,2020-01-01\n"),
    )
    commit(repository, "second")
    _, resource = only(compared("HEAD~1", "HEAD", config))
    rows = resource.rows
    assert rows is not None
    assert (rows.key, rows.before, rows.after) == (("code",), 3, 3)
    assert (rows.added, rows.removed, rows.changed) == (1, 1, 1)
    assert [(s.state, s.key) for s in rows.samples] == [("removed", ("02",)), ("changed", ("01",)), ("added", ("04",))]
    changed = rows.samples[1].cells
    assert [(c.field, c.before, c.after) for c in changed] == [("area", "30.5", "33")]
    area = next(column for column in rows.columns if column.field == "area")
    assert (area.changed, area.maximum_before, area.maximum_after) == (1, "420", "33")
    text = shown(compared("HEAD~1", "HEAD", config), "text", "zh")
    assert "3 行 → 3 行，删除 1 行（33.3%），修改 1 行（33.3%），新增 1 行（33.3%）（按 code 比较）" in text


def test_rows_without_a_key_are_a_multiset(repository: Path, config: Config, edit: Edit) -> None:
    edit("datapackage.yaml", ("      primaryKey: [code]\n", ""))
    commit(repository, "no key")
    edit("parks.csv", ("03,釜山公园,12,\n", "03,釜山公园,12,\n03,釜山公园,12,\n"), ("420", "421"))
    _, resource = only(compared("HEAD", None, config))
    assert resource.rows is not None
    assert (resource.rows.key, resource.rows.added, resource.rows.removed, resource.rows.changed) == ((), 2, 1, 0)


@pytest.mark.parametrize(
    ("old", "new", "what", "breaking"),
    [
        ("        - {name: area, title: 面积, type: number, unit: 公顷}\n", "", "field-removed", True),
        ("name: area, title", "name: size, title", "field-renamed", True),
        ("type: number", "type: integer", "type", True),
        ("type: date", "type: string", "type", True),
        ("unit: 公顷", "unit: 亩", "unit", True),
        ("title: 名称, type: string", "title: 名称, type: string, constraints: {maxLength: 9}", "constraint", True),
        ("title: 名称, type: string", "title: 名称, type: string, constraints: {required: false}", "", False),
        ("type: date}", "type: date, format: '%Y/%m/%d'}", "format", True),
        ("primaryKey: [code]", "primaryKey: [park]", "primary-key", True),
        ("title: 名称", "title: 公园名", "text", False),
        ("      primaryKey", "        - {name: note, type: string}\n      primaryKey", "field-added", False),
    ],
)
def test_changes_of_a_schema(config: Config, edit: Edit, old: str, new: str, what: str, breaking: bool) -> None:
    edit("datapackage.yaml", (old, new))
    found = compared("HEAD", None, config)
    if not what:
        assert not found.datasets
        return
    dataset, resource = only(found)
    assert [change.what for change in resource.schema] == [what]
    assert (dataset.breaking, dataset.wants_version) == (breaking, "2.0.0" if breaking else "")


def test_a_new_major_version_answers_a_breaking_change(config: Config, edit: Edit) -> None:
    edit("datapackage.yaml", ("unit: 公顷", "unit: 亩"), ("version: 1.0.0", "version: 1.1.0"))
    found = compared("HEAD", None, config)
    assert exit_code(found, {"breaking-unversioned": "error"}) == 1
    assert exit_code(found, {}) == 0
    edit("datapackage.yaml", ("version: 1.1.0", "version: 2.0.0"))
    assert not compared("HEAD", None, config).wants_version


def test_a_renamed_field_is_one_change_and_not_one_in_every_row(config: Config, edit: Edit) -> None:
    edit("datapackage.yaml", ("name: area", "name: size"))
    edit("parks.csv", ("park,area,opened", "park,size,opened"))
    rows = only(compared("HEAD", None, config))[1].rows
    assert rows is not None
    assert rows.same


def test_less_open_and_another_licence_are_losses(config: Config, edit: Edit) -> None:
    edit("datapackage.yaml", ("    path: parks.csv", "    openness: closed\n    path: parks.csv"))
    edit("datapackage.yaml", ("CC-BY-4.0", "CC-BY-NC-4.0"))
    dataset, resource = only(compared("HEAD", None, config))
    assert [(p.property, p.before, p.after, p.loss) for p in resource.properties] == [
        ("openness", "unconditional", "closed", True)
    ]
    assert [(p.property, p.loss) for p in dataset.properties] == [("licenses", True)]
    assert resource.rows is None
    assert dataset.breaking


def test_what_is_lost_most_comes_first(repository: Path, config: Config) -> None:
    datasets = repository / "datasets/culture"
    for name in ("aaa", "zzz"):
        shutil.copytree(datasets / "parks", datasets / name)
        file = datasets / name / "datapackage.yaml"
        file.write_text(file.read_text("utf-8").replace("name: parks\ntitle", f"name: {name}\ntitle"), "utf-8")
    commit(repository, "three")
    (datasets / "aaa/parks.csv").write_text(ROWS + "09,新公园,1,\n", "utf-8")
    (datasets / "parks/parks.csv").write_text(ROWS.replace("03,釜山公园,12,\n", ""), "utf-8")
    shutil.rmtree(datasets / "zzz")
    found = compared("HEAD", None, config)
    assert [dataset.name for dataset in found.datasets] == ["zzz", "parks", "aaa"]
    gone = {resource.name: resource.rows for resource in found.datasets[0].resources}
    assert gone["parks"] is not None
    assert gone["parks"].removed == 3
    assert gone["guards"] is None


@pytest.mark.parametrize("form", FORMS)
def test_nothing_of_conditional_data_is_told(repository: Path, config: Config, edit: Edit, form: str) -> None:
    edit("guards.csv", ("守卫甲乙丙", "守卫丁戊己\n02,守卫庚辛壬"))
    assert not compared("HEAD", None, config).datasets, "that they changed at all is not told"
    edit("datapackage.yaml", ("name: guard, type: string", "name: guard, type: integer"))
    text = shown(compared("HEAD", None, config), form, "zh")
    assert "guard" in text
    assert not any(character in text for character in "甲乙丙丁戊己庚辛壬")
    # Open on one side only: neither its rows nor their number.
    edit("datapackage.yaml", ("    openness: conditional\n", ""))
    found = compared("HEAD", None, config)
    assert only(found)[1].rows is None
    assert not any(character in shown(found, form, "zh") for character in "甲乙丙丁戊己庚辛壬")


def test_a_site_and_the_folder_that_it_was_made_of_are_the_same(repository: Path, config: Config, edit: Edit) -> None:
    report = build(config, Options(today=TODAY, jobs=1))
    assert report.published == ("parks",), [p.name for p in report.problems]
    assert not compared(config.site, None, config).datasets
    edit("parks.csv", ("30.5", "33"))
    rows = only(compared(config.site, None, config))[1].rows
    assert rows is not None
    assert (rows.added, rows.removed, rows.changed) == (0, 0, 1)


def test_two_folders(repository: Path, config: Config, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(repository / "datasets", other)
    (other / "culture/parks/parks.csv").write_text(ROWS.replace("12,\n", "13,\n"), "utf-8")
    _, resource = only(compared(repository, other, config))
    assert resource.rows is not None
    assert resource.rows.changed == 1


def test_a_dataset_that_moved_or_has_a_new_name_is_no_loss_of_data(
    repository: Path, config: Config, edit: Edit
) -> None:
    edit("datapackage.yaml", ("name: parks\ntitle", "name: city-parks\ntitle"))
    (dataset,) = compared("HEAD", None, config).datasets
    assert dataset.state == "changed"
    assert [(p.property, p.before, p.after) for p in dataset.properties] == [("name", "parks", "city-parks")]


def test_the_working_tree_and_hooks_are_left_alone(repository: Path, config: Config, edit: Edit) -> None:
    trap = repository / ".git/hooks/post-checkout"
    trap.write_text("#!/bin/sh\ntouch hooked\n")
    trap.chmod(0o755)
    (repository / ".gitattributes").write_text("*.csv filter=evil\n")
    commit(repository, "attributes")
    with (repository / ".git/config").open("a") as file:
        file.write('[filter "evil"]\n smudge = touch smudged\n[core]\n fsmonitor = touch watched\n')
    edit("parks.csv", ("30.5", "33"))
    before = sorted(path.name for path in repository.rglob("*") if ".git" not in path.parts)
    assert compared("HEAD~1", "HEAD", config).datasets == ()
    assert len(compared("HEAD~1", None, config).datasets) == 1
    assert sorted(path.name for path in repository.rglob("*") if ".git" not in path.parts) == before


@pytest.mark.parametrize("name", ["nosuch", "--output=x", "HEAD^{tree}"])
def test_what_is_no_revision_is_told(config: Config, name: str) -> None:
    with pytest.raises(ConfigError, match="找不到"):
        compared(name, None, config)


def test_identifiers_of_people_are_masked_in_examples(config: Config, edit: Edit) -> None:
    edit("parks.csv", ("东湖公园", "联系人电话13812345678"))
    text = "".join(shown(compared("HEAD", None, config), form, "zh") for form in FORMS)
    assert "13812345678" not in text
    assert "138********" in text


HOSTILE = (
    "@octocat", "#1", "<script>alert(1)</script>", "[x](https://evil.example)", "![x](https://evil.example/x.png)",
    "`` ` ``", "::error::x", "\u202ereversed", "https://evil.example/", "```", "<!-- ",
)  # fmt: skip


def test_markdown_and_html_are_inert(repository: Path, config: Config) -> None:
    rows = ROWS + "".join(f'h{n},"{text}",1,\n' for n, text in enumerate(HOSTILE))
    (repository / "datasets/culture/parks/parks.csv").write_text(rows, "utf-8")
    found = diff("HEAD", None, config=config, today=TODAY, samples=50)
    markdown = shown(found, "markdown", "zh")
    outside = re.sub(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", "", markdown)
    for text in ("octocat", "evil", "script", "::error", "<!--"):
        assert text in markdown
        assert text not in outside
    assert "\u202e" not in markdown
    page = _Tags()
    page.feed(shown(found, "html", "zh"))
    assert page.tags <= {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "main",
        "h1",
        "h2",
        "h3",
        "p",
        "ul",
        "li",
        "bdi",
    }
    assert not page.addresses


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [key for key, _ in attrs if key in ("href", "src", "onerror", "onload")]


@pytest.mark.parametrize("text", ["a`b", "``", " x ", "", "a\nb", "`"])
def test_code_spans_read_back(text: str) -> None:
    markdown_it = pytest.importorskip("markdown_it", reason="a reader of CommonMark")
    (inline,) = [t for t in markdown_it.MarkdownIt().parse(f"x {code_span(text)} y") if t.type == "inline"]
    assert [t.type for t in inline.children] == ["text", "code_inline", "text"]
    assert inline.children[1].content.strip() == text.replace("\n", "\\u000a").strip()


def test_markdown_fits_into_a_comment(repository: Path, config: Config) -> None:
    datasets = repository / "datasets/culture"
    for number in range(30):
        shutil.copytree(datasets / "parks", datasets / f"p{number}")
        file = datasets / f"p{number}/datapackage.yaml"
        file.write_text(file.read_text("utf-8").replace("name: parks\ntitle", f"name: p{number}\ntitle"), "utf-8")
    found = compared("HEAD", None, config)
    text = shown(found, "markdown", "zh", limit=2000)
    assert len(text) <= 2000
    assert "……另有" in text


def test_the_command_line(repository: Path, edit: Edit, kaishu: Callable[..., object], tmp_path: Path) -> None:
    edit("parks.csv", ("30.5", "33"))
    arguments = ("diff", "HEAD", "--config", repository / "kaishu.yaml", "--today", "2026-06-30")
    made = [kaishu(*arguments, "--format", "json", PYTHONHASHSEED=seed) for seed in ("1", "2")]
    assert [done.returncode for done in made] == [0, 0], made  # type: ignore[attr-defined]
    assert made[0].stdout == made[1].stdout  # type: ignore[attr-defined]
    content = json.loads(made[0].stdout)  # type: ignore[attr-defined]
    rows = content["datasets"][0]["resources"][0]["rows"]
    assert (rows["changed"], rows["per_cent"]["changed"]) == (1, 33.3)
    page = tmp_path / "diff.html"
    assert kaishu(*arguments, "--format", "html", "--output", page).returncode == 0  # type: ignore[attr-defined]
    assert "30.5" in page.read_text("utf-8")
    assert os.fspath(tmp_path) not in made[0].stdout  # type: ignore[attr-defined]


def test_a_dataset_with_another_name_and_folder_is_one_change(repository: Path, config: Config) -> None:
    """No statement tells of it: the same open files do."""
    datasets = repository / "datasets/culture"
    shutil.copytree(datasets / "parks", datasets / "squares")
    file = datasets / "squares/datapackage.yaml"
    file.write_text(
        file.read_text("utf-8").replace("name: parks\ntitle: 城市公园", "name: squares\ntitle: 广场", 1), "utf-8"
    )
    shutil.rmtree(datasets / "parks")
    (dataset,) = compared("HEAD", None, config).datasets
    assert (dataset.name, dataset.state, dataset.breaking) == ("squares", "changed", True)
    told = {change.property: (change.before, change.after) for change in dataset.properties}
    assert told["name"] == ("parks", "squares")
    assert told["folder"] == ("culture/parks", "culture/squares")


def test_a_resource_with_another_name_is_one_change(config: Config, edit: Edit) -> None:
    edit("datapackage.yaml", ("- name: parks\n    title: 公园", "- name: all-parks\n    title: 公园名录"))
    edit("parks.csv", ("30.5", "33"))
    _, resource = only(compared("HEAD", None, config))
    assert {p.property: p.after for p in resource.properties}["name"] == "all-parks"
    assert resource.rows is not None
    assert (resource.rows.removed, resource.rows.changed) == (0, 1)
    assert resource.breaking


def test_a_key_whose_fields_stand_in_another_order_breaks_nothing(config: Config, edit: Edit, repository: Path) -> None:
    edit("datapackage.yaml", ("primaryKey: [code]", "primaryKey: [code, park]"))
    commit(repository, "two")
    edit("datapackage.yaml", ("primaryKey: [code, park]", "primaryKey: [park, code]"))
    dataset, resource = only(compared("HEAD", None, config))
    assert [(change.what, change.breaking) for change in resource.schema] == [("primary-key", False)]
    assert not dataset.wants_version


@pytest.mark.parametrize(
    ("count", "of", "told"),
    [
        (0, 5, "0"),
        (1, 3, "33.3"),
        (100, 5_000_000, "<0.1"),
        (4_999_999, 5_000_000, ">99.9"),
        (5, 5, "100"),
        (1, 0, "<0.1"),
    ],
)
def test_a_few_of_millions_are_more_than_none(count: int, of: int, told: str) -> None:
    assert percent(count, of) == told


def test_two_folders_need_no_portal(repository: Path, tmp_path: Path, kaishu: Callable[..., Any]) -> None:
    other = tmp_path / "other"
    shutil.copytree(repository / "datasets", other)
    (other / "culture/parks/parks.csv").write_text(ROWS.replace("12,\n", "13,\n"), "utf-8")
    done = kaishu("diff", repository / "datasets", other, "--format", "json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["datasets"][0]["resources"][0]["rows"]["changed"] == 1
