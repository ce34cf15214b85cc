"""ASCII names for Chinese titles: the usual English word where there is one, else pinyin."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_WORDS = {
    "序号": "seq", "编号": "number", "代码": "code", "编码": "code", "名称": "name", "年份": "year", "年度": "year", "年": "year", "月份": "month",
    "月": "month", "日期": "date", "时间": "time", "季度": "quarter", "统计日期": "date", "更新日期": "updated", "更新时间": "updated", "地址": "address",
    "经度": "longitude", "纬度": "latitude", "邮编": "postcode", "邮政编码": "postcode", "电话": "phone", "联系电话": "phone", "传真": "fax",
    "网址": "url", "网站": "website", "类型": "type", "类别": "category", "分类": "category", "等级": "grade", "级别": "level", "状态": "status",
    "备注": "remark", "说明": "note", "区县": "district", "县区": "district", "县（市、区）": "district", "市": "city", "地区": "region", "单位": "unit",
    "部门": "department", "数量": "quantity", "金额": "amount", "面积": "area", "人口": "population", "合计": "total", "总计": "total", "小计": "subtotal",
    "单价": "price", "价格": "price", "比例": "ratio", "占比": "share", "指标": "indicator", "项目": "item", "分组": "group", "数据来源": "source",
    "行政区划代码": "division_code", "区划代码": "division_code", "统一社会信用代码": "credit_code", "信用代码": "credit_code", "性别": "sex", "年龄": "age",
    "姓名": "person_name", "单位名称": "organisation", "企业名称": "company", "机构名称": "organisation", "学校名称": "school", "工作表": "sheet",
}  # fmt: skip
_LONGEST = 40


def field_names(titles: Sequence[str], given: Sequence[str]) -> list[str]:
    """One for each column, no two the same; what the sheet itself gives comes first."""
    taken: set[str] = set()
    return [_free(code or field_name(title), taken, "_") for title, code in zip(titles, given, strict=True)]


def field_name(title: str) -> str:
    if title in _WORDS:
        return _WORDS[title]
    title = re.sub(r"[（(][^（()）]*[)）]", "", title) or title
    group, _, last = title.rpartition("-")
    named = _WORDS.get(last) or _romanised(last)
    return _cut(f"{_initials(group)}_{named}" if group else named, "_") or "column"


def _initials(text: str) -> str:
    """Of a group of columns: its syllables where they are two, else their first letters."""
    syllables = _romanised(text).split("_")
    return "_".join(syllables) if len(syllables) <= 2 else "".join(s[0] if s.isalpha() else s for s in syllables)


def slug_of(text: str) -> str:
    """For datasets, resources and agencies: ``hun-yin-deng-ji``."""
    return _cut(_romanised(text, "-"), "-")


def _romanised(text: str, joint: str = "_") -> str:
    """Pinyin syllable by syllable, in lower case; what is ASCII stays together."""
    from pypinyin import lazy_pinyin

    parts: list[str] = []
    for part in re.findall(r"[A-Za-z0-9]+(?:\.[0-9]+)?|[\u3400-\u9fff]+", text):
        if part.isascii():
            parts.append(part.lower().replace(".", ""))
        else:
            # A character that the library does not know comes back as it is.
            parts += [s.replace("ü", "v") for s in lazy_pinyin(part, v_to_u=False) if s.isascii()]
    made = joint.join(parts)
    return made if not made[:1].isdigit() or joint == "-" else f"n{joint}{made}"


def _cut(name: str, joint: str) -> str:
    """At a syllable's end; a name is to be typed by people."""
    if len(name) <= _LONGEST:
        return name
    return name[: _LONGEST + 1].rpartition(joint)[0].strip(joint) or name[:_LONGEST]


def _free(name: str, taken: set[str], joint: str) -> str:
    free, number = name, 2
    while free in taken:
        free, number = f"{name}{joint}{number}", number + 1
    taken.add(free)
    return free


def free_slug(text: str, taken: Iterable[str], otherwise: str) -> str:
    return _free(slug_of(text) or otherwise, set(taken), "-")
