"""Headers, titles, notes and totals, as agencies lay out their sheets."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from generator.drafting.draft import Wishes
from generator.errors import ConfigError
from tests.drafting.conftest import New
from tests.drafting.sheets import gbk, ods, xls, xlsx

MARRIAGES: list[list[Any]] = [
    ["2024年江门市婚姻登记情况统计表"],
    ["填报单位：江门市民政局", None, None, None, None, "单位：万元"],
    ["区县代码", "区 县", "登记对数", None, "登记日期", "补助金额"],
    [None, None, "结婚（对）", "离婚(对)", None, None],
    [440703, "蓬江区", 1200, "300", datetime.date(2024, 1, 5), 12.5],
    [440704, "江海区", "1,100", 280, datetime.date(2024, 2, 5), "-"],
    [440705, "新会区", 900, 200, datetime.date(2024, 3, 5), 8],
    ["合 计", None, 3200, 780, None, 20.5],
    ["注：数据为快报数。"],
    ["数据来源：婚姻登记系统"],
    ["填表人：张三    联系电话：13800138000"],
]
MERGED = ("A1:F1", "A2:C2", "A3:A4", "B3:B4", "C3:D3", "E3:E4", "F3:F4")


def test_title_rows_merged_headers_notes_and_totals(tmp_path: Path, new: New) -> None:
    made = new(xlsx(tmp_path / "报表.xlsx", MARRIAGES, merged=MERGED), openness="unconditional")
    assert made.csv() == [
        "qu_xian_dai_ma,district,djds_jie_hun,djds_li_hun,deng_ji_ri_qi,bu_zhu_jin_e",
        "440703,蓬江区,1200,300,2024-01-05,12.5",
        "440704,江海区,1100,280,2024-02-05,-",
        "440705,新会区,900,200,2024-03-05,8",
    ]
    assert made.descriptor["title"] == "2024年江门市婚姻登记情况统计表"
    assert made.descriptor["sources"] == [{"title": "婚姻登记系统"}]
    assert "注：数据为快报数。" in made.descriptor["description"]
    assert "第 3—4 行" in made.told("changed")
    assert "合计、小计行没有收入：第 8 行" in made.told("changed")
    assert made.descriptor["resources"][0]["schema"]["missingValues"] == ["", "-"]


def test_who_filled_in_the_sheet_goes_nowhere(tmp_path: Path, new: New) -> None:
    made = new(xlsx(tmp_path / "报表.xlsx", MARRIAGES, merged=MERGED), openness="unconditional")
    assert not any(
        word in content for content in made.draft.files.values() for word in (b"13800138000", "张三".encode())
    )


def test_units_come_from_the_column_the_group_or_the_line_above(tmp_path: Path, new: New) -> None:
    units = {
        title: field.get("unit")
        for title, field in new(xlsx(tmp_path / "a.xlsx", MARRIAGES, merged=MERGED)).fields().items()
    }
    assert units == {
        "区县代码": None,
        "区县": None,
        "登记对数-结婚": "对",
        "登记对数-离婚": "对",
        "登记日期": None,
        "补助金额": "万元",
    }
    rows = [["地区", "人口（万人）", None], [None, "男", "女"], ["甲区", 1, 2], ["乙区", 3, 4]]
    assert {
        f["unit"]
        for t, f in new(xlsx(tmp_path / "b.xlsx", rows, merged=("A1:A2", "B1:C1"))).fields().items()
        if t != "地区"
    } == {"万人"}


def test_a_sum_that_is_none_is_told(tmp_path: Path, new: New) -> None:
    rows: list[list[Any]] = [["区县", "户数"], ["甲", 3], ["乙", 4], ["丙", 5], ["合计", 13]]
    assert "「户数」的合计与各行之和对不上" in new(xlsx(tmp_path / "a.xlsx", rows)).told("look")
    rows[-1][1] = 12
    assert "对不上" not in new(xlsx(tmp_path / "b.xlsx", rows)).told()


def test_totals_stay_where_somebody_wants_them(tmp_path: Path, new: New) -> None:
    rows = [["区县", "户数"], ["甲", 3], ["乙", 4], ["合计", 7]]
    assert new(xlsx(tmp_path / "a.xlsx", rows), totals="keep").csv()[-1] == "合计,7"


def test_export_of_merged_headers_leaves_blanks(tmp_path: Path, new: New) -> None:
    """A CSV knows of no merged cells."""
    rows = [
        ["年度报表", "", "", "", ""],
        ["地区", "户数", "", "人口", ""],
        ["", "城镇", "农村", "男", "女"],
        ["甲区", 1, 2, 3, 4],
        ["乙区", 5, 6, 7, 8],
    ]
    assert list(new(gbk(tmp_path / "a.csv", rows)).fields()) == ["地区", "户数-城镇", "户数-农村", "人口-男", "人口-女"]


def test_blanks_below_a_label_are_filled_where_cells_were_merged(tmp_path: Path, new: New) -> None:
    rows = [
        ["区县", "单位", "编制数"],
        ["蓬江区", "教育局", 12],
        [None, "民政局", 8],
        [None, "财政局", 9],
        ["江海区", "教育局", 11],
        [None, "民政局", 7],
    ]
    filled = ["蓬江区", "蓬江区", "蓬江区", "江海区", "江海区"]
    merged = new(xlsx(tmp_path / "a.xlsx", rows, merged=("A2:A4", "A5:A6")))
    exported = new(gbk(tmp_path / "b.csv", rows))
    for made in (merged, exported):
        assert [line.split(",")[0] for line in made.csv()[1:]] == filled
        assert made.descriptor["resources"][0]["schema"]["primaryKey"] == ["district", "unit"]
    assert new(gbk(tmp_path / "c.csv", rows), fill_down="no").csv()[2].startswith(",民政局")


def test_leading_blank_rows_and_columns_and_an_offset_header(tmp_path: Path, new: New) -> None:
    rows = [[None], [None, None, "名称", "数量"], [None, None, "甲", 1], [None], [None, None, "乙", 2]]
    made = new(xlsx(tmp_path / "a.xlsx", rows))
    assert made.csv()[1:] == ["甲,1", "乙,2"]
    assert "空行没有收入：第 4 行" in made.told()


def test_rows_of_units_numbers_and_names_below_the_header(tmp_path: Path, new: New) -> None:
    rows = [["地区", "产量", "面积"], ["DQ", "CL", "MJ"], ["单位", "吨", "公顷"], ["蓬江区", 3, 4]]
    made = new(xlsx(tmp_path / "a.xlsx", rows))
    assert made.csv() == ["dq,cl,mj", "蓬江区,3,4"]
    assert {t: f.get("unit") for t, f in made.fields().items()} == {"地区": None, "产量": "吨", "面积": "公顷"}
    rows = [["地区", "产量", "面积"], ["甲", 1, 2], ["蓬江区", 3, 4], ["江海区", 5, 6]]
    assert new(xlsx(tmp_path / "b.xlsx", rows)).csv()[1:] == ["蓬江区,3,4", "江海区,5,6"]


def test_sections_become_a_column(tmp_path: Path, new: New) -> None:
    rows = [
        ["指标", "计量单位", "数值"],
        ["一、农业"],
        ["粮食", "吨", 1],
        ["二、工业"],
        ["水泥", "吨", 2],
        ["备注：快报"],
    ]
    assert new(xlsx(tmp_path / "a.xlsx", rows)).csv() == [
        "group,indicator,ji_liang_dan_wei,shu_zhi",
        "一、农业,粮食,吨,1",
        "二、工业,水泥,吨,2",
    ]


def test_a_header_printed_on_each_page_is_taken_once(tmp_path: Path, new: New) -> None:
    rows = [["名称", "数量"], ["甲", 1], ["名称", "数量"], ["乙", 2]]
    assert new(xlsx(tmp_path / "a.xlsx", rows)).csv()[1:] == ["甲,1", "乙,2"]


def test_two_tables_on_one_sheet_are_two_resources(tmp_path: Path, new: New) -> None:
    rows = [
        ["表一 机构数"],
        ["区县", "机构数（个）"],
        ["蓬江区", 12],
        ["江海区", 9],
        [],
        ["表二 床位"],
        ["医院名称", "床位数（张）"],
        ["中心医院", 1200],
        ["人民医院", 900],
    ]
    made = new(xlsx(tmp_path / "a.xlsx", rows))
    assert [r["title"] for r in made.descriptor["resources"]] == ["表一 机构数", "表二 床位"]
    assert made.csv(1)[1:] == ["中心医院,1200", "人民医院,900"]


def test_sheets_with_one_header_become_one_table(tmp_path: Path, new: New) -> None:
    book = openpyxl.Workbook()
    for month in (1, 2, 3):
        page = book.create_sheet(f"{month}月")
        for row in (["线路编号", "人次"], ["001", month], ["002", month]):
            page.append(row)
    book.remove(book["Sheet"])
    book.save(tmp_path / "a.xlsx")
    made = new(tmp_path / "a.xlsx")
    assert made.csv()[:3] == ["month,xian_lu_bian_hao,ren_ci", "1月,001,1", "1月,002,1"]
    assert len(made.descriptor["resources"]) == 1
    assert len(new(tmp_path / "a.xlsx", join="no").descriptor["resources"]) == 3
    assert new(tmp_path / "a.xlsx", wishes=Wishes(sheets=("2月",))).csv()[1:] == ["001,2", "002,2"]


def test_what_is_hidden_is_left_out_and_told(tmp_path: Path, new: New) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in (["名称", "内部价", "数量"], ["甲", 5, 1], ["乙", 6, 2], ["丙", 7, 3]):
        page.append(row)
    page.row_dimensions[3].hidden = True
    page.column_dimensions["B"].hidden = True
    secret = book.create_sheet("草稿")
    secret.append(["a", "b"])
    secret.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    made = new(tmp_path / "a.xlsx")
    assert made.csv()[1:] == ["甲,1", "丙,3"]
    assert all(word in made.told("look") for word in ("第 3 行", "B 列", "「草稿」"))
    assert len(new(tmp_path / "a.xlsx", wishes=Wishes(hidden=True), join="no").csv(0)) == 4


def test_no_header_at_all_is_told(tmp_path: Path, new: New) -> None:
    made = new(xlsx(tmp_path / "a.xlsx", [["440703", "蓬江区", 12], ["440704", "江海区", 13]]))
    assert list(made.fields()) == ["第 1 列", "第 2 列", "第 3 列"]
    assert "没有找到表头" in made.told("look")


def test_an_id_in_the_first_row_is_no_header(tmp_path: Path, new: New) -> None:
    """Titles of columns are public also where the data are not."""
    rows = [["甲", "11010519491231002X"], ["乙", "440524188001010014"]]
    made = new(xlsx(tmp_path / "a.xlsx", rows), openness="closed")
    assert list(made.fields()) == ["第 1 列", "第 2 列"]


def test_years_are_headers_too(tmp_path: Path, new: New) -> None:
    rows = [["地区", 2021, 2022, "2023年"], ["甲区", 1, 2, 3], ["乙区", 4, 5, 6]]
    assert list(new(xlsx(tmp_path / "a.xlsx", rows)).fields()) == ["地区", "2021", "2022", "2023年"]


def test_formulas_without_results_are_told_loudly(tmp_path: Path, new: New) -> None:
    made = new(xlsx(tmp_path / "a.xlsx", [["名称", "数量"], ["甲", "=1+1"], ["乙", 2]]))
    assert "B2" in made.told("loud")
    assert made.draft.is_damaged


def test_old_excel_and_opendocument(tmp_path: Path, new: New) -> None:
    rows = [
        ["名单", None, None],
        ["编号", "名称", "成立日期"],
        ["001", "甲", datetime.date(2010, 5, 6)],
        ["002", "乙", datetime.date(2011, 5, 6)],
    ]
    for file in (xls(tmp_path / "a.xls", rows, [(0, 0, 0, 2)]), ods(tmp_path / "a.ods", rows, {(0, 0): (1, 3)})):
        made = new(file)
        assert made.csv() == ["number,name,cheng_li_ri_qi", "001,甲,2010-05-06", "002,乙,2011-05-06"], file
        assert made.types() == {"编号": "string", "名称": "string", "成立日期": "date"}


def test_a_web_page_that_calls_itself_xls(tmp_path: Path, new: New) -> None:
    page = "<html><table><tr><td colspan=2>名单</td></tr><tr><th>编号</th><th>数量</th></tr><tr><td>001</td><td>5</td></tr><tr><td>002</td><td>6</td></tr></table>"
    (tmp_path / "export.xls").write_bytes(page.encode("gbk"))
    assert new(tmp_path / "export.xls").csv() == ["number,quantity", "001,5", "002,6"]


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.parquet", "a.json"])
def test_what_cannot_be_read_is_said_in_chinese(tmp_path: Path, new: New, name: str) -> None:
    (tmp_path / name).write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(ConfigError) as refused:
        new(tmp_path / name)
    assert name in refused.value.zh


def test_json_and_parquet(tmp_path: Path, new: New) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    (tmp_path / "a.json").write_text(
        '{"code": 0, "data": [{"编号": "0012", "流量": 12.50, "号码": 123456789012345678}, {"编号": "0013", "流量": null, "号码": 5}]}',
        "utf-8",
    )
    made = new(tmp_path / "a.json")
    assert made.csv()[1:] == ["0012,12.5,123456789012345678", "0013,,5"]
    table = pa.table({"名称": ["甲", "乙"], "日期": pa.array([datetime.date(2024, 1, 5), None]), "数量": [1, 2]})
    pq.write_table(table, tmp_path / "b.parquet")
    assert new(tmp_path / "b.parquet").types() == {"名称": "string", "日期": "date", "数量": "integer"}


def test_several_files_are_one_dataset_with_references(tmp_path: Path, new: New) -> None:
    schools = xlsx(tmp_path / "学校.xlsx", [["学校代码", "校名"], ["001", "甲"], ["002", "乙"], ["003", "丙"]])
    classes = gbk(
        tmp_path / "班级.csv",
        [["学校代码", "班级", "人数"], ["001", "一班", 30], ["001", "二班", 31], ["003", "一班", 29]],
    )
    made = new([schools, classes])
    assert made.descriptor["resources"][1]["schema"]["foreignKeys"] == [
        {"fields": ["xue_xiao_dai_ma"], "reference": {"resource": "xue-xiao", "fields": ["xue_xiao_dai_ma"]}}
    ]


def test_tables_side_by_side_are_put_one_below_the_other(tmp_path: Path, new: New) -> None:
    rows = [["序号", "单位", "电话", None, "序号", "单位", "电话"], [1, "甲局", "3333333", None, 3, "丙局", "3333335"], [2, "乙局", "3333334"]]  # fmt: skip
    made = new(xlsx(tmp_path / "a.xlsx", rows), openness="unconditional")
    assert made.csv() == ["seq,unit,phone", "1,甲局,3333333", "2,乙局,3333334", "3,丙局,3333335"]
    assert "并排的 2 栏（从 A、E 列开始）" in made.told("changed")


PROJECTS: list[list[Any]] = [
    ["序号", "项目名称", "总投资（万元）"],
    ["一", "交通类", 1500],
    [1, "大道改造", 1000],
    [2, "滨江路", 500],
    ["二", "水利类", 800],
    [1, "堤围加固", 800],
    [None, "总计", 2300],
]


def test_rows_numbered_in_chinese_are_groups_and_their_sums(tmp_path: Path, new: New) -> None:
    made = new(xlsx(tmp_path / "a.xlsx", PROJECTS), openness="unconditional")
    assert [line.split(",", 1)[1] for line in made.csv()[1:]] == ["1,大道改造,1000", "2,滨江路,500", "1,堤围加固,800"]
    assert [line.split(",")[0] for line in made.csv()] == ["group", "交通类", "交通类", "水利类"]
    assert made.types()["序号"] == "integer"
    assert "合计、小计行没有收入：第 2、5、7 行" in made.told("changed")
    kept = new(xlsx(tmp_path / "a.xlsx", PROJECTS), openness="unconditional", totals="keep")
    assert len(kept.csv()) == len(PROJECTS)


def test_a_row_that_is_the_sum_of_the_others_is_a_total_without_its_name(tmp_path: Path, new: New) -> None:
    rows: list[list[Any]] = [
        ["地区", "人口", "户数", "城镇化率"],
        ["江门市", 60, 30, 71],
        ["甲", 10, 4, 70],
        ["乙", 20, 6, 60],
        ["丙", 30, 20, 80],
    ]
    made = new(xlsx(tmp_path / "a.xlsx", rows), openness="unconditional")
    assert "江门市" not in "".join(made.csv())
    rows[1][1] = 61
    assert "江门市" in "".join(new(xlsx(tmp_path / "b.xlsx", rows), openness="unconditional").csv())


def test_rows_that_sum_up_by_their_numbering_are_told(tmp_path: Path, new: New) -> None:
    rows = [["科目", "金额（元）"], ["一、税收收入", 30], ["增值税", 10], ["所得税", 20], ["二、非税收入", 5]]
    made = new(xlsx(tmp_path / "a.xlsx", rows), openness="unconditional")
    assert len(made.csv()) == len(rows)
    assert "第 2、5 行（一、二、…）像是其下各行的小计" in made.told("look")


def test_sheets_of_sentences_are_notes_and_sheets_of_years_make_a_column(tmp_path: Path, new: New) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for year in (2022, 2023):
        page = book.create_sheet(f"{year}年")
        for row in (["镇街", "户数"], ["荷塘镇", 1000 + year], ["棠下镇", 2000 + year]):
            page.append(row)
    book.create_sheet("说明").append(["户数截至当年 12 月 31 日。"])
    book.save(tmp_path / "分年户数.xlsx")
    made = new(tmp_path / "分年户数.xlsx", openness="unconditional")
    assert [table.name for table in made.draft.tables] == ["fen-nian-hu-shu"]
    assert made.csv()[:2] == ["year,zhen_jie,hu_shu", "2022,荷塘镇,3022"]
    assert "户数截至当年 12 月 31 日。" in made.descriptor["description"]


@pytest.mark.parametrize(
    ("line", "title", "unit"),
    [
        ("单位：亿元、%", "地区生产总值", "亿元"),
        ("单位：亿元、%", "同比增长", None),
        ("单位：万元", "执行数", "万元"),
        ("单位：万元", "学生人数", None),
        ("单位：户、人", "人口", "户、人"),
    ],
)
def test_the_unit_above_a_table_is_that_of_its_columns(
    line: str, title: str, unit: str | None, tmp_path: Path, new: New
) -> None:
    rows = [["情况统计表", None], [None, line], ["地区", title], ["甲", 1.5], ["乙", 2.5]]
    made = new(xlsx(tmp_path / "a.xlsx", rows), openness="unconditional")
    assert made.fields()[title].get("unit") == unit
