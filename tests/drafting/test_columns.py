"""Types by content and by name; what is changed on the way loses nothing."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.drafting.columns import Column, read_column
from generator.drafting.dates import as_dates, as_short_dates
from generator.drafting.grid import value_cell
from generator.drafting.patterns import pattern_of
from generator.drafting.raw import Raw
from generator.drafting.units import split_unit
from tests.drafting.conftest import New
from tests.drafting.sheets import xlsx


def column(title: str, values: list[Any], form: str = "") -> Column:
    return read_column(Raw(title, [value_cell(value, form) for value in values], "A"), range(1, len(values) + 1))


@pytest.mark.parametrize(
    ("title", "values", "type_", "cells"),
    [
        ("邮编", [529000, "529100", 529300], "string", ["529000", "529100", "529300"]),
        ("学校代码", ["0012", "0013"], "string", ["0012", "0013"]),
        ("办公电话", ["0750-3100001", "0750-3100002"], "string", ["0750-3100001", "0750-3100002"]),
        ("编号", ["００１", "００２"], "string", ["001", "002"]),
        ("数值", ["007", "012"], "string", ["007", "012"]),
        ("流水", ["12345678901234567", "12345678901234568"], "string", ["12345678901234567", "12345678901234568"]),
        ("人数", ["１，２３４", "56", 7], "integer", ["1234", "56", "7"]),
        ("金额", ["￥1,234.50", "￥8"], "number", ["1234.50", "8"]),
        ("人数", ["12人", "3人"], "integer", ["12", "3"]),
        ("占比", ["12.5%", "3%"], "number", ["12.5", "3"]),
        ("日期", ["2024/1/5", "2024/12/15"], "date", ["2024-01-05", "2024-12-15"]),
        ("日期", ["2024年1月5日", "2024.1.6"], "date", ["2024-01-05", "2024-01-06"]),
        ("统计月份", ["2024年1月", "2024年11月"], "yearmonth", ["2024-01", "2024-11"]),
        ("月份", ["202401", 202412], "yearmonth", ["2024-01", "2024-12"]),
        ("成立日期", [45292, 45293], "date", ["2024-01-01", "2024-01-02"]),
        ("开始日期", ["20240105", 20241231], "date", ["2024-01-05", "2024-12-31"]),
        ("数量", ["20240105", "20241231"], "integer", ["20240105", "20241231"]),
        ("年份", [2020, "2021年"], "year", ["2020", "2021"]),
        ("更新时间", ["2024-01-05 08:30", "2024/1/6 9:05:07"], "datetime", ["2024-01-05T08:30:00", "2024-01-06T09:05:07"]),
        ("是否公办", ["是", "否", "是"], "boolean", ["是", "否", "是"]),
        ("面积", [1.5, "-", 2], "number", ["1.5", "-", "2"]),
        ("价格", ["约300", "200", "100", "50", "40"], "string", ["约300", "200", "100", "50", "40"]),
        ("申请日期", ["01/02/2024", "03/04/2024"], "string", ["01/02/2024", "03/04/2024"]),
        ("申请日期", ["01/13/2024", "03/04/2024"], "date", ["2024-01-13", "2024-03-04"]),
        ("期间", ["2024.1", "2024.10"], "yearmonth", ["2024-01", "2024-10"]),
        ("期间", [2024.1, 2024.1, 2024.3], "string", ["2024.1", "2024.1", "2024.3"]),
        ("期间", [2024.1, "2024.10"], "string", ["2024.1", "2024.10"]),
        ("期间", [2024.3, 2024.4], "yearmonth", ["2024-03", "2024-04"]),
        ("年月", [2024.8, 2024.9, 2024.1, 2024.11], "yearmonth", ["2024-08", "2024-09", "2024-10", "2024-11"]),
        ("年月", [2024.2, 2024.1, 2023.12], "yearmonth", ["2024-02", "2024-01", "2023-12"]),
        ("得分", ["2024.1", "2024.10"], "number", ["2024.1", "2024.10"]),
        ("罚款金额", ["￥12,000.00", "50000元", 8000], "number", ["12000.00", "50000", "8000"]),
        ("罚款金额", ["3万元", "50000元", 8000], "string", ["3万元", "50000元", "8000"]),
        ("占比", ["12%", "0.3", "5%"], "string", ["12%", "0.3", "5%"]),
        ("首班车", [datetime.time(6), "6:30"], "time", ["06:00:00", "06:30:00"]),
        ("比分", ["3:20", "2:10"], "string", ["3:20", "2:10"]),
        ("累计时长", [datetime.timedelta(hours=25), datetime.timedelta(hours=3)], "string", ["25:00:00", "03:00:00"]),
        ("备注", ["无", "已核", "无"], "string", ["无", "已核", "无"]),
    ],
)  # fmt: skip
def test_types(title: str, values: list[Any], type_: str, cells: list[str]) -> None:
    found = column(title, values)
    assert (found.type, found.cells) == (type_, cells)


def test_number_formats_hold_what_is_shown() -> None:
    assert column("代码", [7, 12], "000000").cells == ["000007", "000012"]
    assert column("增长率", [0.125, 0.07], "0.0%").cells == ["12.5", "7"]
    assert column("增长率", [0.125, 0.07], "0.0%").unit == "%"
    assert (
        column(
            "统计期", [datetime.datetime.fromisoformat(day) for day in ("2024-01-01", "2024-02-01")], 'yyyy"年"m"月"'
        ).type
        == "yearmonth"
    )


def test_percents_beside_bare_numbers_are_not_guessed() -> None:
    assert column("占比", ["12%", "0.5", "30%"]).type == "string"


def test_ids_that_a_spreadsheet_has_cut_are_told_loudly() -> None:
    found = column("登记号", [914407001234567890.0, "9.14407E+17", 914407001234500000])
    assert found.is_damaged
    assert "第 2—4 行" in found.notes[0].text.to("zh")[0]
    assert not any(cell.isdigit() for cell in found.cells), "nobody takes them for the numbers"
    assert not column("登记号", ["914407001234567891"]).is_damaged


def test_a_lost_zero_is_told() -> None:
    notes = column("区号", ["0750", "0751", "0752", 753, "0754"]).notes
    assert "第 5 行只有 3 位" in notes[0].text.to("zh")[0]


def test_errors_of_formulas_are_no_values() -> None:
    found = column("单价", ["#DIV/0!", "12", "#REF!"])
    assert (found.type, found.cells) == ("integer", ["", "12", ""])


def test_few_values_are_an_enumeration_unless_they_are_people(tmp_path: Path, new: New) -> None:
    rows = [
        ["编号", "级别", "联系人"],
        *[[f"A{i:02}", "一级" if i % 2 else "二级", "王小明" if i % 2 else "李大海"] for i in range(8)],
    ]
    fields = new(xlsx(tmp_path / "a.xlsx", rows)).fields()
    assert fields["级别"]["constraints"]["enum"] == ["二级", "一级"]
    assert "enum" not in fields["联系人"]["constraints"]
    assert fields["编号"]["constraints"]["pattern"] == "A[0-9]{2}"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("金额（万元）", ("金额", "万元")), ("金额(元)", ("金额", "元")), ("人口/万人", ("人口", "万人")), ("PM2.5(μg/m³)", ("PM2.5", "μg/m³")), ("单价[元/吨]", ("单价", "元/吨")),
        ("人口（2020年）", ("人口（2020年）", "")), ("名称（全称）", ("名称（全称）", "")), ("和/或", ("和/或", "")), ("比重（%）", ("比重", "%")),
    ],
)  # fmt: skip
def test_units_in_headers(title: str, expected: tuple[str, str]) -> None:
    assert split_unit(title) == expected


@given(
    st.lists(st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1)), min_size=1),
    st.sampled_from(
        ["{0.year}/{0.month}/{0.day}", "{0.year}年{0.month}月{0.day}日", "{0.year}.{0.month:02}.{0.day:02}"]
    ),
)
def test_dates_are_read_as_they_were_written(days: list[datetime.date], form: str) -> None:
    assert as_dates([form.format(day) for day in days]) == [day.isoformat() for day in days]


@given(st.lists(st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1)), min_size=1))
def test_day_and_month_are_never_exchanged(days: list[datetime.date]) -> None:
    made = as_short_dates([f"{day.month}/{day.day}/{day.year}" for day in days])
    assert made in (None, [day.isoformat() for day in days]) or not any(day.day > 12 for day in days)
    if made and any(day.day > 12 for day in days):
        assert made == [day.isoformat() for day in days]


@given(st.lists(st.decimals(-(10**12), 10**12, places=4), min_size=1))
def test_numbers_keep_their_value(numbers: list[Decimal]) -> None:
    found = column("数量", [f"{number:,}" for number in numbers])
    assert [Decimal(cell) for cell in found.cells] == numbers


@given(st.lists(st.from_regex(r"[A-Z]{2}-[0-9]{3,6}|[0-9]{4}", fullmatch=True), min_size=1))
def test_every_value_fits_the_pattern_made_of_them(values: list[str]) -> None:
    import re

    pattern = pattern_of(values)
    assert not pattern or all(re.fullmatch(pattern, value) for value in values)


@pytest.mark.parametrize(
    ("title", "values", "told"),
    [
        ("年月", [2024.1, 2024.1, 2024.3], "分不清是 1 月还是 10 月"),
        ("罚款金额", ["3万元", "50000元", "70元"], "第 2 行不是（“3万元”）"),
        ("占比", ["12%", "0.3", "5%"], "第 3 行不是（“0.3”）"),
        ("罚款金额", ["50000元", 8000], "第 3 行没有写单位，和其他格一样按「元」处理"),
    ],
)
def test_what_keeps_a_column_from_its_type_is_told(title: str, values: list[Any], told: str) -> None:
    assert told in "".join(n.text.to("zh")[0] for n in column(title, values).notes)


def test_a_list_of_values_holds_no_dates_and_no_numbers() -> None:
    """The next row will have another one."""
    assert "enum" not in column("有效期至", ["长期", "2030-12-31"] * 4).constraints
    assert column("登记状态", ["存续", "注销"] * 4).constraints["enum"] == ["存续", "注销"]


@given(st.integers(1905, 2090), st.integers(1, 12), st.integers(3, 40), st.sampled_from([1, -1]))
def test_months_that_follow_each_other_are_read_whatever_a_spreadsheet_did_to_their_zeros(
    year: int, month: int, count: int, step: int
) -> None:
    months = [divmod(year * 12 + month - 1 + step * i, 12) for i in range(count)]
    found = column("年月", [float(f"{y}.{m + 1}") for y, m in months])
    assert found.cells == [f"{y}-{m + 1:02}" for y, m in months]
