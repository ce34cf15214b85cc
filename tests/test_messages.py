"""A message tells what stands there, what should, where that is and what is next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from generator.build import Report
from generator.problems import Problem, Severities, words
from generator.read.descriptor import read_descriptor
from generator.read.places import with_lines
from generator.report import BOTH, View, cell_of, to_text
from generator.tables.near import near_allowed, near_type
from tests.tables.table_packages import check, table, write

VIEW = View("zh", Path("datasets"))


def told(*problems: Problem, view: View = VIEW, rules: dict[str, str] | None = None) -> str:
    return to_text(Report(problems, Severities(rules or {}), 2, compared=0), view)


def message(folder: Path, csv: str, field: Mapping[str, object], lang: str = "zh") -> str:
    write(folder, {"a.csv": csv})
    (problem,) = check(table("a.csv", {"name": "id"}, dict(field)), folder)
    return words(problem, lang)[1]


@pytest.mark.parametrize(
    ("type_", "cell", "clause"),
    [
        ("integer", "28所", "去掉「所」，写成 28"),
        ("integer", "12.5", "type 改为 number"),
        ("number", "12.5%", "去掉 %，写成 12.5"),
        ("number", "暂无", "没有数就留空"),
        ("number", "约300", "「约」不是准确的数"),
        ("date", "2024年1月", "type 改为 yearmonth"),
        ("date", "2023-02-30", "日历上没有这一天"),
        ("date", "01/02/2024", "哪个是月、哪个是日看不出来"),
        ("date", "45297", "Excel 的日期序号"),
        ("duration", "30天", "写成 P30D"),
        ("geopoint", '"22.60, 113.15"', "经纬度像是写反了：113.15, 22.60"),
        ("object", "{'等级': 'A'}", '{"等级": "A"}'),
        ("array", "公园、绿道", '写成 ["公园", "绿道"]'),
    ],
)
def test_what_may_be_meant_is_told_literally(type_: str, cell: str, clause: str, tmp_path: Path) -> None:
    assert clause in message(tmp_path, f"id,a\n1,{cell}\n", {"name": "a", "type": type_})


def test_the_nearest_allowed_value_is_told(tmp_path: Path) -> None:
    field = {"name": "a", "type": "string", "constraints": {"enum": ["蓬江区", "江海区", "新会区"]}}
    assert "最接近的是「江海区」。" in message(tmp_path, "id,a\n1,江海\n", field)
    assert near_allowed("ＡＢ", ["ab", "cd"]) == ("最接近的是「ab」。", " The nearest: “ab”.")
    assert near_allowed("无关", ["ab", "cd"]) == ("", "")
    assert near_type("varchar")[0] == "应为 string。"


def test_the_nearest_key_is_told_of_an_open_table_only(tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": "code\n440703\n440704\n", "b.csv": "code\n440784\n"})
    tables = [table("a.csv", {"name": "code"})["resources"][0], table("b.csv", {"name": "code"})["resources"][0]]
    tables[0]["name"], tables[1]["name"] = "a", "b"
    tables[1]["schema"]["foreignKeys"] = [{"fields": "code", "reference": {"resource": "a", "fields": "code"}}]
    (problem,) = check({"name": "x", "resources": tables}, tmp_path)
    assert "最接近的是「440704」" in words(problem, "zh")[1]
    assert cell_of(problem) == "A2"
    hidden = check({"name": "x", "resources": tables}, tmp_path, withheld=["a"])
    assert "440704" not in repr(hidden) + "".join(words(p, "zh")[1] for p in hidden)


def test_the_cell_of_a_workbook_is_named_with_its_sheet() -> None:
    problem = Problem("type-date", row=3, column=28, more=(("sheet", "2023年"),))
    assert cell_of(problem) == "2023年!AB3"
    assert cell_of(replace(problem, more=(("sheet", "A's data"),))) == "'A''s data'!AB3"
    assert cell_of(Problem("blank-label", column=2, more=(("header_row", "1"),))) == "B1"


def test_the_sheet_is_found_in_the_file(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "说明"
    sheet = book.create_sheet("2023 年")
    for row in (["id", "n"], [1, "二"]):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    package = table("a.xlsx", {"name": "id", "type": "integer"}, {"name": "n", "type": "integer"})
    package["resources"][0]["dialect"] = {"excel": {"sheet": 2}}
    (problem,) = check(package, tmp_path)
    assert cell_of(problem) == "'2023 年'!B2"


# --- lines of descriptors

DESCRIPTOR = """\
name: parks
title: 公园
access:
  channel: {email: x}
resources:
  - name: one
    path: one.csv
  - name: two
    path: two.csv
    schema:
      fields:
        - {name: code, type: text}
"""


@pytest.mark.parametrize(
    ("resource", "field", "line"),
    [
        ("", "title", 2),
        ("", "access.channel.email", 4),
        ("", "access.channel.phone", 4),
        ("", "license", None),
        ("two", "path", 9),
        ("two", "code", 12),
        ("two", "title", 8),
        ("", "resources.1.path", 9),
        ("gone", "", None),
    ],
)
def test_a_problem_of_a_descriptor_gets_its_line(resource: str, field: str, line: int | None, tmp_path: Path) -> None:
    (tmp_path / "datapackage.yaml").write_text(DESCRIPTOR, "utf-8")
    problem = Problem("property-invalid", file="datapackage.yaml", resource=resource, field=field)
    assert with_lines([problem], tmp_path)[0].line == line


def test_no_file_stops_the_search_for_lines(tmp_path: Path) -> None:
    for name, content in {"deep": "[" * 50_000, "bomb": "a: &a [x]\nb: *a", "bad": "a: [", "none": ""}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "datapackage.yaml").write_text(content, "utf-8")
    (tmp_path / "link").mkdir()
    (tmp_path / "link/datapackage.yaml").symlink_to(tmp_path / "bomb/datapackage.yaml")
    names = ("deep", "bomb", "bad", "none", "link", "absent")
    found = with_lines([Problem("title-missing", file=f"{n}/datapackage.yaml", field="b") for n in names], tmp_path)
    assert [problem.line for problem in found] == [None, 2, None, None, None, None]


@pytest.mark.parametrize(
    ("name", "text", "cause"),
    [
        ("a.yaml", "title: 范围: 市区: 全部", "内容里有冒号"),
        ("a.yaml", "a:\n\tb: 1", "Tab"),
        ("a.yaml", "a: 1\ntitle：公园\nb: 2", "冒号是全角的"),
        ("a.yaml", "a: [1, 2", "没有成对"),
        ("a.yaml", 'a: "x\nb: 2', "引号没有成对"),
        ("a.json", '{"a": [1,],}', "多了逗号"),
        ("a.json", '{"a" 1}', "少了冒号"),
        ("a.json", '{"a": 1 "b": 2}', "少了逗号"),
    ],
)
def test_why_a_descriptor_cannot_be_read_is_said(name: str, text: str, cause: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    _, (problem,) = read_descriptor(tmp_path / name, tmp_path)
    assert cause in words(problem, "zh")[1]


# --- the report


def test_what_to_do_is_told_for_each_where_it_differs() -> None:
    ids = [Problem("name-invalid", file="a/datapackage.yaml", value=value, expected=value.lower()) for value in "AB"]
    shown = told(*ids)
    assert shown.count("怎么改：") == 2
    assert "改为 name: b。" in shown
    alike = [Problem("blank-row", file="a/a.csv", row=row) for row in range(3, 40)]
    shown = told(*alike)
    assert shown.count("怎么改：") == 1
    assert "同类 37 处" in shown
    assert "……另有 32 处" in shown


def test_a_code_is_explained_once_and_with_its_page() -> None:
    problems = [Problem("title-missing", dataset=name, file=f"{name}/datapackage.yaml") for name in "ab"]
    shown = told(*problems, view=replace(VIEW, help="https://data.example/help/"))
    assert shown.count("说明：kaishu explain M124 · https://data.example/help/m124/") == 1


def test_both_languages_stand_together() -> None:
    shown = told(Problem("title-missing", dataset="a", file="a/datapackage.yaml"), view=replace(VIEW, language=BOTH))
    assert "没有写 title（名称）。" in shown
    assert "EN: No title. There is no title. Add a line title: …" in shown


def test_the_last_lines_say_what_blocks_what_advises_and_what_is_next() -> None:
    blocking = Problem("title-missing", dataset="a", file="a/datapackage.yaml")
    advice = Problem("keywords-missing", dataset="b", file="b/datapackage.yaml")
    ours = Problem("check-failed", dataset="c", file="c/datapackage.yaml")
    shown = told(blocking, advice, ours)
    assert "必须修改 1 处，改好之前不发布：a" in shown
    assert "建议修改 1 处，不影响发布。" in shown
    assert "开数自身的问题 1 处，不是数据的问题，不用您改" in shown
    assert "kaishu explain M124" in shown
    assert "下一步：可以发布" in told(advice)
    assert "下一步" not in told(ours)
    assert "没有要改的。" in told()


def test_a_list_has_its_language_s_commas() -> None:
    problem = Problem("english-missing", expected="title_en, description_en")
    assert "title_en、description_en" in words(problem, "zh")[1]
    assert "title_en, description_en" in words(problem, "en")[1]


def test_what_kaishu_fix_mends_is_said_with_the_command() -> None:
    date = Problem("type-date", dataset="a", file="a/x.csv", row=2, column=1, field="日期", value="2024年1月6日")
    mended = replace(date, likely="2024-01-06")
    said = "其中 {} 处多半不用手改：运行 kaishu fix"
    assert f"{said.format(2)} " in told(mended, replace(mended, row=3))
    assert f"{said.format(2)}，先看" in told(mended, replace(mended, dataset="b", file="b/x.csv"))
    assert "kaishu fix" not in told(date), "nobody knows what it means"
    assert "kaishu fix" not in told(replace(mended, file="a/x.xlsx")), "workbooks are left alone"
