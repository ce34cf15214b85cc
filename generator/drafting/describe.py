"""The descriptor of a draft: what is known, and comments in Chinese at each place that only a human can fill."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from generator import vocabularies
from generator.drafting import guesses
from generator.drafting.columns import Column
from generator.drafting.known import Known
from generator.drafting.questions import Answer
from generator.drafting.yaml_text import blank, entry, flowing

FILL, LOOK = "请填写", "请核对"
"""What marks a place that lacks something, and one that holds a proposal nobody has looked at."""


@dataclass(frozen=True, slots=True)
class Part:
    """One table of the dataset."""

    name: str
    title: str
    columns: tuple[Column, ...]
    names: tuple[str, ...]
    key: tuple[int, ...]
    references: tuple[tuple[int, str, int], ...]
    """Column, table that it refers to, column there."""
    rows: int
    names_of: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Names of the columns of every table."""


@dataclass(frozen=True, slots=True)
class Described:
    text: str
    to_fill: tuple[str, ...]
    """Properties that lack something without which the check does not pass."""
    to_look: tuple[str, ...]
    """Those that hold a proposal."""


@dataclass(slots=True)
class _Writer:
    parts: list[str] = field(default_factory=list)
    to_fill: list[str] = field(default_factory=list)
    to_look: list[str] = field(default_factory=list)

    def put(self, key: str, value: Any, why: str = "") -> None:
        """``why``: what is to be looked at."""
        if why:
            self.to_look.append(key)
        self.parts.append(entry(key, value, f"{LOOK}：{why}" if why else ""))

    def lack(self, key: str, example: str, what: str, *, needed: bool = True) -> None:
        if needed:
            self.to_fill.append(key)
        self.parts.append(blank(key, example, f"{FILL}：{what}" if needed else f"可以填写：{what}"))


def descriptor(
    parts: Sequence[Part],
    *,
    file: str,
    name: Answer,
    title: Answer,
    agency: str,
    theme: Answer,
    openness: Answer,
    cycle: Answer,
    license_: Answer,
    crs: Answer | None,
    about: Mapping[str, str],
    remarks: Sequence[str],
    known: Known,
    today: datetime.date,
) -> Described:
    w = _Writer()
    withheld = openness.value in ("conditional", "closed")
    w.parts.append(
        f"# 由 kaishu new 根据 {' '.join(file.split())} 生成。标有“{FILL}”的地方缺内容，标有“{LOOK}”的地方是推测。\n"
        "# 改好后运行 kaishu check，没有错误就可以提交。\n"
    )
    w.put("name", name.value, "" if name.by_human else "按名称的拼音取的，发布后不能再改；要改须连文件夹一起改")
    w.put("title", title.value, "" if title.by_human else "取自表格标题或文件名")
    w.lack("title_en", "…", "英文名称", needed=False)
    w.put(
        "description",
        _description(title.value, parts, remarks, withheld=withheld),
        "由程序拼成，请补上数据的范围、口径和用途",
    )
    w.lack("description_en", "…", "英文摘要", needed=False)
    w.put("keywords", _keywords(title.value, theme.value, known.place), "补上别人会用来查找的词")
    w.put("version", "1.0.0")
    w.put("created", f"{today.isoformat()}T00:00:00+08:00")
    w.put("modified", today.isoformat())
    _openness(w, openness)
    _chosen(w, "theme", theme, vocabularies.themes(), "主题，见 docs/descriptor.md 的主题表", "life")
    _chosen(
        w,
        "update_cycle",
        cycle,
        vocabularies.update_cycles(),
        "更新频率：realtime、daily、weekly、monthly、quarterly、half-yearly、yearly、irregular 或 never",
        "yearly",
    )
    w.put("language", ["zh"])
    _license(w, license_, withheld=withheld)
    if source := about.get("数据来源") or about.get("资料来源") or about.get("来源"):
        w.put("sources", [{"title": source.rstrip("。")}])
    w.put("source_department", agency)
    if not known.agencies.get(agency):
        w.lack("contact", "{name: 某某科, email: data@example.gov.cn, phone: 0750-1234567}", "联系科室、邮箱和电话")
    w.lack(
        "collection",
        "{legal_basis: 《……》第几条, system: 来源系统, items: [信息项]}",
        "采集依据、来源系统；信息项一数一源，别的数据集登记过的不能再登记",
        needed=False,
    )
    w.lack("catalogue_code", "…", "资源代码", needed=False)
    w.lack(
        "sharing", "{type: unconditional, mode: 共享方式}", "共享属性：unconditional、conditional 或 none", needed=False
    )
    columns = [column for part in parts for column in part.columns]
    if known.place and known.place_code:
        w.put("spatial", {"name": known.place, "code": known.place_code}, "空间范围")
    if not withheld and (period := guesses.period(columns)):
        w.put("temporal", {"start": period[0], "end": period[1]})
    if crs and crs.value:
        w.put("crs", crs.value)
    elif crs is not None:
        w.lack("crs", "EPSG:4490", "坐标系：EPSG:4490（CGCS2000）、EPSG:4326（WGS 84）、GCJ-02 或 BD-09", needed=False)
    w.parts.append("resources:\n")
    for part in parts:
        w.parts.append(_resource(part, w, withheld=withheld))
    return Described("".join(w.parts), tuple(dict.fromkeys(w.to_fill)), tuple(dict.fromkeys(w.to_look)))


def _description(title: str, parts: Sequence[Part], remarks: Sequence[str], *, withheld: bool) -> str:
    items = [column.title for part in parts for column in part.columns if column.title not in ("序号", "工作表")]
    listed = "、".join(dict.fromkeys(items[:12])) + ("等" if len(items) > 12 else "")
    size = "" if withheld else f"共 {sum(part.rows for part in parts):,} 行，"
    text = (
        f"{title}，{size}每行包括{listed}。" if len(parts) == 1 else f"{title}，{len(parts)} 张表，{size}包括{listed}。"
    )
    return "\n".join([text, *remarks])


def _keywords(title: str, theme: str, place: str) -> list[str]:
    concept = vocabularies.themes().get(theme)
    core = (
        re.sub(r"^(19|20)\d\d\s*年?(度)?|((统计|一览|明细|登记|汇总|情况|信息)?表|情况|数据|信息)+$", "", title)
        .strip()
        .removeprefix(place)
        or title
    )
    return list(dict.fromkeys(word for word in (core, concept.label.to("zh")[0] if concept else "") if word))


def _openness(w: _Writer, openness: Answer) -> None:
    if not openness:
        w.lack(
            "openness",
            "unconditional",
            "开放属性：unconditional 无条件开放、conditional 有条件开放、closed 不予开放。没有默认值",
        )
        return
    w.put("openness", openness.value)
    if openness.value == "conditional":
        w.lack(
            "access", "\n  reason: 为什么不能无条件开放\n  conditions: [使用条件]\n  channel: {name: 受理科室, email: data@example.gov.cn, phone: 0750-1234567}\n"
            "  # use: 共用条款的代号（有的话，上面几项可以省去）", "开放条件",
        )  # fmt: skip
    elif openness.value == "closed":
        w.lack("access", "\n  reason: 为什么不予开放\n  legal_basis: 《……》第几条", "不予开放的理由和依据")


def _chosen(w: _Writer, key: str, answer: Answer, concepts: Mapping[str, Any], what: str, example: str) -> None:
    if not answer:
        w.lack(key, example, what)
        return
    label = concepts[answer.value].label.to("zh")[0]
    w.put(key, answer.value, "" if answer.by_human else f"推测为{label}")


def _license(w: _Writer, answer: Answer, *, withheld: bool) -> None:
    known = vocabularies.find_license(answer.value, "")
    if known and not withheld:
        w.put(
            "licenses",
            [{"name": known.name, "title": known.title.to("zh")[0], "path": known.url}],
            "" if answer.by_human else "许可",
        )


def _resource(part: Part, w: _Writer, *, withheld: bool) -> str:
    lines = [f"  - name: {part.name}\n", entry("title", part.title, indent=4)]
    if not withheld:
        lines.append(entry("path", f"{part.name}.csv", indent=4))
    lines += (
        ["    format: csv\n", "    mediatype: text/csv\n", "    encoding: utf-8\n"]
        if not withheld
        else ["    format: csv\n"]
    )
    lines.append("    schema:\n      fields:\n")
    for column, name in zip(part.columns, part.names, strict=True):
        lines.append(_field(column, name, w))
    if part.key:
        names = [part.names[i] for i in part.key]
        w.to_look.append("primaryKey")
        lines.append(f"      primaryKey: {flowing(names)}  # {LOOK}：现有各行在这里没有重复\n")
    if part.references:
        w.to_look.append("foreignKeys")
        lines.append(f"      foreignKeys:  # {LOOK}：现有的值都能在那张表里找到\n")
        for mine, table, theirs in part.references:
            reference = {
                "fields": [part.names[mine]],
                "reference": {"resource": table, "fields": [part.names_of[table][theirs]]},
            }
            lines.append(f"        - {flowing(reference)}\n")
    marks = sorted({mark for column in part.columns for mark in column.missing})
    lines.append(f"      missingValues: {flowing(['', *marks])}\n")
    return "".join(lines)


def _field(column: Column, name: str, w: _Writer) -> str:
    made: dict[str, Any] = {"name": name, "title": column.title, "type": column.type}
    if column.unit:
        made["unit"] = column.unit
    made |= column.properties
    if column.constraints:
        made["constraints"] = dict(column.constraints)
    why = _why(column)
    if why:
        w.to_look.append(name)
    return f"        - {flowing(made)}{f'  # {why}' if why else ''}\n"


def _why(column: Column) -> str:
    if column.is_damaged:
        return f"{FILL}：长数字已损坏，请重新导出这一列"
    if re.fullmatch(r"第 \d+ 列", column.title):
        return f"{FILL}：列名"
    if column.unit and re.search(r"[、，,；;]", column.unit):
        return f"{LOOK}：表头上方写了几种单位，这一列是哪一种"
    if column.unit_of_table:
        return f"{LOOK}：单位取自表头上方"
    if "enum" in column.constraints:
        return f"{LOOK}：取值是否齐全；以后会有新值的，去掉 enum"
    if "pattern" in column.constraints:
        return f"{LOOK}：样式由现有的值得出"
    return ""
