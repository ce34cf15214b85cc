"""The catalogue sheet: read as agencies fill it in, and written so that it reads back without loss."""

from __future__ import annotations

import datetime
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator import vocabularies
from generator.catalogue_layout import COLUMNS, SHARING_TYPES, TYPES, Entry, Item, SheetTable
from generator.config import Portal
from generator.drafting.catalogue import Read, read_catalogue
from generator.drafting.known import Known
from generator.drafting.stubs import stubs
from generator.errors import ConfigError
from generator.exports.catalogue_sheet import catalog_xlsx, entries, workbook
from generator.public import Access, Agency, Catalog, Dataset, Field, Openness, Resource, Schema, Sharing
from generator.text import Text
from tests.conftest import Kaishu

TODAY = datetime.date(2026, 3, 1)


def filled_in(file: Path) -> Path:
    """Two rows of headers in groups, merged resources, and what goes wrong in such sheets."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["江门市政务信息资源目录"])
    page.append(
        [
            "序号",
            "信息资源分类",
            "信息资源名称*",
            "信息资源代码",
            "提供单位",
            "信息资源摘要",
            "信息项信息",
            None,
            "共享属性",
            None,
            "开放属性",
            None,
            "更新频率",
            "发布时间",
            "备用",
            "数据量（条）",
        ]
    )
    page.append([None] * 6 + ["信息项名称", "数据类型", "类型", "条件", "是否向社会开放", "开放条件"])
    for area in ("A1:P1", "G2:H2", "I2:J2", "K2:L2", *(f"{c}2:{c}3" for c in "ABCDEFMNOP")):
        page.merge_cells(area)
    page.append(
        [
            1,
            "生活服务",
            "婚姻登记统计",
            "3440700-MZJ/000010",
            "江门市民政局",
            "各区县登记对数",
            "区县",
            "C(20)",
            "无条件共享",
            "-",
            "是",
            "无",
            "按年",
            datetime.date(2024, 3, 1),
            "甲",
            "约1.2万条",
        ]
    )
    page.append([None] * 6 + ["登记对数", "N(10)"])
    page.append([None] * 6 + ["统计日期", "日期型"])
    page.append(
        [
            2,
            "社保就业类",
            "低保名单",
            "3440700MZJ11",
            "市民政局",
            "低保发放",
            "姓名",
            "字符型",
            "有条件共享",
            "须授权",
            "否",
            "涉及个人隐私",
            "每月更新",
            "2024/5/6",
        ]
    )
    page.append(
        [
            3,
            "交通运输",
            "停车场",
            "3440700-CGJ/000003",
            "江门市城市管理局",
            "停车场",
            "名称",
            "魔法型",
            None,
            None,
            "有条件开放",
            "签订协议",
            "不知道",
            "去年",
        ]
    )
    for number, item in enumerate(("名称", "代码", "地址"), 1):
        page.append(
            [
                3 + number,
                None,
                f"企业信息{number}",
                "3440700-GSJ/000004",
                "江门市民政局",
                "企业",
                item,
                "字符型",
                None,
                None,
                "是",
                None,
                "每日",
            ]
        )
    for column in "ABCDEFIJKLMNOP":
        page.merge_cells(f"{column}4:{column}6")
    page.append(["注：请认真填写"])
    book.save(file)
    return file


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Read:
    return read_catalogue(filled_in(tmp_path_factory.mktemp("sheet") / "目录.xlsx"))


def test_rows_become_resources(read: Read) -> None:
    assert [(e.title, len(e.tables[0].items)) for e in read.entries] == [
        ("婚姻登记统计", 3),
        ("低保名单", 1),
        ("停车场", 1),
        ("企业信息1", 3),
    ]
    first = read.entries[0]
    assert (first.theme, first.update_cycle, first.created, first.sharing_type) == (
        "life",
        "yearly",
        "2024-03-01",
        "unconditional",
    )
    assert [i.type for i in first.tables[0].items] == ["string", "number", "date"]
    assert [e.tables[0].openness for e in read.entries] == ["unconditional", "closed", "conditional", "unconditional"]
    assert first.unmapped == (("备用", "甲"), ("数据量（条）", "约1.2万条"))


@pytest.mark.parametrize(
    "said",
    [
        "M8：不认识“不知道”", "B7：“社保就业类”不在表里，取最接近的“社保就业”", "M7：“每月更新”不在表里，取最接近的“每月”", "H8：不认识“魔法型”",
        "N8：不认识“去年”", "C9—C11 的名称一行比一行大 1", "D7 的代码与其余的写法不同", "里的数带着单位或“约”（P4）",
    ],
)  # fmt: skip
def test_what_did_not_fit_is_told_with_its_cell(read: Read, said: str) -> None:
    told = "\n".join(n.text.to("zh")[0] for n in read.notes)
    assert said in told


def test_columns_that_are_not_known_are_told(read: Read) -> None:
    assert [letters for letters, _ in read.unmapped] == ["O", "P"]
    assert {column.key for _, _, column in read.mapped} >= {
        "title",
        "theme",
        "item",
        "item_type",
        "sharing_type",
        "sharing_condition",
        "openness",
        "conditions",
    }


@pytest.mark.parametrize(
    ("written", "type_"),
    [
        ("字符型C", "string"), ("C 字符型", "string"), ("备注型M", "string"), ("数值型N", "number"), ("货币型Y", "number"),
        ("双精度型B", "number"), ("整型I", "integer"), ("日期型D", "date"), ("日期时间型T", "datetime"), ("逻辑型L", "boolean"),
        ("字符型C(50)", "string"), ("varchar2(100)", "string"), ("N(10,2)", "number"),
    ],
)  # fmt: skip
def test_types_as_the_national_guide_lists_them(written: str, type_: str, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in (["信息资源名称", "信息资源提供方", "信息项名称", "数据类型"], ["名录", "民政局", "项", written]):
        page.append(row)
    book.save(tmp_path / "目录.xlsx")
    made = read_catalogue(tmp_path / "目录.xlsx")
    assert made.entries[0].tables[0].items[0].type == type_
    assert "不认识" not in "".join(n.text.to("zh")[0] for n in made.notes)


def test_one_code_for_two_resources_and_several_in_one(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in (
        ["资源名称", "资源代码", "数据项名称", "更新周期"],
        ["甲", "A/1", "x", "每年"],
        ["甲", "", "y", "每月"],
        ["乙", "A/1", "x", "每年"],
    ):
        page.append(row)
    book.save(tmp_path / "a.xlsx")
    told = "\n".join(n.text.to("zh")[0] for n in read_catalogue(tmp_path / "a.xlsx").notes)
    assert "B4 的代码与 B2「甲」相同" in told
    assert "同一条资源的「更新周期」有 2 种写法" in told


def test_a_table_of_data_is_no_catalogue(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["区县", "人数"])
    page.append(["甲", 1])
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(ConfigError, match="kaishu new"):
        read_catalogue(tmp_path / "a.xlsx")


# ---- there and back


WORDS = (
    st.text(st.sampled_from("数据集名称甲乙丙ABc12（）-—：，%=+@'\" "), min_size=1, max_size=12)
    .map(lambda t: t.strip(" '"))
    .filter(lambda t: bool(t) and t not in ("-", "—", "/", "\\"))
)
SLUGS = st.from_regex(r"[a-z][a-z0-9]{1,6}(-[a-z0-9]{1,5})?", fullmatch=True)
MAYBE = st.one_of(st.just(""), WORDS)
KEYWORDS = st.lists(WORDS.filter(lambda t: not set(t) & set("、,，;；")), unique=True, max_size=3)
DAYS = st.one_of(st.just(""), st.dates(datetime.date(2000, 1, 1), datetime.date(2026, 1, 1)).map(str))


@st.composite
def resources(draw: st.DrawFn, name: str) -> Resource:
    openness: Openness = draw(st.sampled_from(["unconditional", "conditional", "closed"]))
    names = draw(st.lists(SLUGS, unique=True, min_size=1, max_size=4))
    fields = tuple(
        Field(
            n,
            draw(st.sampled_from(sorted(TYPES))),
            Text(draw(WORDS), "zh"),
            Text(draw(MAYBE), "zh"),
            draw(st.sampled_from(["", "元", "万人"])),
        )
        for n in names
    )
    conditions = tuple(Text(t, "zh") for t in draw(st.lists(WORDS, min_size=1, max_size=2)))
    access = (
        None
        if openness == "unconditional"
        else Access(conditions=conditions)
        if openness == "conditional"
        else Access(reason=conditions[0])
    )
    return Resource(
        name,
        Text(draw(WORDS), "zh"),
        openness,
        "table",
        schema=Schema(fields) if openness != "closed" else None,
        access=access,
    )


@st.composite
def datasets(draw: st.DrawFn, name: str, agency: Agency) -> Dataset:
    made = tuple(draw(resources(f"table-{number}")) for number in range(draw(st.integers(1, 3))))
    kinds = {r.openness for r in made}
    return Dataset(
        name, Text(draw(WORDS), "zh"), Text(draw(WORDS), "zh"), kinds.pop() if len(kinds) == 1 else "mixed", agency, made,
        keywords=tuple(Text(word, "zh") for word in draw(KEYWORDS)),
        theme=draw(st.sampled_from([None, *vocabularies.themes().values()])),
        industry=draw(st.sampled_from([None, *vocabularies.industries().values()])),
        update_cycle=draw(st.sampled_from([None, *vocabularies.update_cycles().values()])),
        created=draw(DAYS), modified=draw(DAYS), catalogue_code=f"3440700-{name}",
        sharing=Sharing(draw(st.sampled_from(["", *SHARING_TYPES])), Text(draw(MAYBE), "zh"), Text(draw(MAYBE), "zh")),
        source_department=agency,
    )  # fmt: skip


@st.composite
def catalogs(draw: st.DrawFn) -> Catalog:
    bodies = [
        Agency("mzj", Text("江门市民政局", "zh"), code="11440700000006066F"),
        Agency("jyj", Text("江门市教育局", "zh")),
    ]
    names = draw(st.lists(SLUGS, unique=True, min_size=1, max_size=4))
    made = tuple(draw(datasets(name, draw(st.sampled_from(bodies)))) for name in names)
    return Catalog(Portal(Text("x", "zh"), Text("x", "zh"), "https://x.example/"), made, tuple(bodies), (), (), ())


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(catalogs())
def test_what_is_exported_reads_back_the_same(tmp_path: Path, catalog: Catalog) -> None:
    file = tmp_path / "catalog.xlsx"
    file.write_bytes(catalog_xlsx(catalog))
    read = read_catalogue(file)
    assert list(read.entries) == entries(catalog)
    assert read.unmapped == ()
    known = Known(
        tmp_path / "datasets", {"mzj": ("江门市民政局", "", "11440700000006066F"), "jyj": ("江门市教育局", "", "")}
    )
    made = stubs(read.entries, known, TODAY, titles={}, codes={})
    for stub, dataset in zip(made.stubs, catalog.datasets, strict=True):
        assert stub.agency == dataset.agency.id
        assert_same(yaml.safe_load(stub.text), dataset)


def assert_same(descriptor: dict[str, Any], dataset: Dataset) -> None:
    """On all that the sheet has."""

    def zh(text: Text) -> str:
        return text.to("zh")[0]

    assert descriptor["name"] == dataset.name
    assert descriptor["title"] == zh(dataset.title)
    assert descriptor["description"] == zh(dataset.description)
    assert descriptor["catalogue_code"] == dataset.catalogue_code
    assert descriptor.get("keywords", []) == [zh(word) for word in dataset.keywords]
    for key, concept in (
        ("theme", dataset.theme),
        ("industry", dataset.industry),
        ("update_cycle", dataset.update_cycle),
    ):
        assert descriptor.get(key) == (concept.id if concept else None)
    assert descriptor.get("created", "")[:10] == dataset.created
    assert descriptor.get("modified", "") == dataset.modified
    sharing = descriptor.get("sharing", {})
    if dataset.sharing.type:
        assert (sharing["type"], sharing.get("condition", ""), sharing.get("mode", "")) == (
            dataset.sharing.type,
            zh(dataset.sharing.condition),
            zh(dataset.sharing.mode),
        )
    for made, resource in zip(descriptor["resources"], dataset.resources, strict=True):
        assert (made["name"], made["title"]) == (resource.name, zh(resource.title))
        assert made.get("openness", descriptor.get("openness")) == resource.openness
        access = made.get("access", descriptor.get("access") if "openness" in descriptor else {})
        if resource.access and resource.openness == "conditional":
            assert access["conditions"] == [zh(text) for text in resource.access.conditions]
        elif resource.access:
            assert access["reason"] == zh(resource.access.reason)
        fields = resource.schema.fields if resource.schema else ()
        stated = made.get("schema", {}).get("fields", [])
        assert [(f["name"], f["title"], f["type"], f.get("unit", ""), f.get("description", "")) for f in stated] == [
            (f.name, zh(f.title), f.type, f.unit, zh(f.description)) for f in fields
        ]


def test_every_text_of_the_layout_is_its_own() -> None:
    """A label under its group means one column, or reading back would mix them up."""
    labels = Counter((column.group, column.label) for column in COLUMNS)
    assert max(labels.values()) == 1
    assert len(set(TYPES.values())) == len(TYPES)


def test_a_large_catalogue_has_blanks_instead_of_merged_cells(tmp_path: Path) -> None:
    items = (Item("列", "c", "string"), Item("列二", "d", "date"))
    many = [
        Entry("名称", f"a-{n}", catalogue_code=f"{n}", tables=(SheetTable("表", "t", items, "closed"),))
        for n in range(301)
    ]
    (tmp_path / "a.xlsx").write_bytes(workbook(many))
    assert list(read_catalogue(tmp_path / "a.xlsx").entries) == many


def test_equal_catalogues_give_equal_bytes() -> None:
    entry = Entry("名称", "a", tables=(SheetTable("表", "t", (Item("列", "c", "string"),), "unconditional"),))
    assert workbook([entry]) == workbook([entry])


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(
        workbook([Entry('=HYPERLINK("x")', "a", tables=(SheetTable("+1", "t", (Item("=1+1", "c"),), "closed"),))])
    )
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert all(cell.data_type in ("s", "n") for row in book.active.iter_rows() for cell in row)
    assert read_catalogue(tmp_path / "a.xlsx").entries[0].title == '=HYPERLINK("x")'


# ---- the commands


def test_export_and_import_of_a_portal(portal: Path, kaishu: Kaishu, tmp_path: Path) -> None:
    config = portal / "kaishu.yaml"
    done = kaishu("export", tmp_path / "目录.xlsx", "--config", config)
    assert done.returncode == 0, done.stdout + done.stderr
    assert kaishu("export", tmp_path / "目录.xlsx", "--config", config).returncode == 2, "it is there already"
    before = yaml.safe_load((portal / "datasets/culture/parks/datapackage.yaml").read_text("utf-8"))
    there = kaishu("import", tmp_path / "目录.xlsx", "--config", config)
    assert "已经有了（culture/parks），没有改动" in there.stdout
    (portal / "datasets/culture/parks/datapackage.yaml").unlink()
    (portal / "datasets/culture/parks/parks.csv").rename(portal / "parks.csv")
    (portal / "datasets/culture/parks").rmdir()
    dry = kaishu("import", tmp_path / "目录.xlsx", "--config", config, "--dry-run")
    assert "将写入（还没有写）" in dry.stdout
    assert not (portal / "datasets/culture/parks").exists()
    assert kaishu("import", tmp_path / "目录.xlsx", "--config", config).returncode == 0
    after = yaml.safe_load((portal / "datasets/culture/parks/datapackage.yaml").read_text("utf-8"))
    for key in (
        "name",
        "title",
        "description",
        "theme",
        "update_cycle",
        "openness",
        "keywords",
        "source_department",
        "modified",
    ):
        assert after.get(key) == before.get(key), key


def test_an_agency_that_is_not_there_is_made_whole(portal: Path, kaishu: Kaishu, tmp_path: Path) -> None:
    done = kaishu("import", filled_in(tmp_path / "目录.xlsx"), "--config", portal / "kaishu.yaml")
    assert done.returncode == 0, done.stdout + done.stderr
    agency = portal / "datasets/cheng-shi-guan-li-ju"
    assert yaml.safe_load((agency / "agency.yaml").read_text("utf-8"))["name"] == "江门市城市管理局"
    assert (agency / "ting-che-chang/datapackage.yaml").is_file()
    checked = kaishu("check", portal / "datasets", "--config", portal / "kaishu.yaml", "--format", "json")
    assert '"internal"' not in checked.stdout
    codes = {line.split('"')[3] for line in checked.stdout.splitlines() if '"code":' in line}
    assert codes <= {"M112", "M113", "M126", "M130", "M136", "M137", "M139", "M145", "M155"}, (
        "only what a human has to say"
    )
