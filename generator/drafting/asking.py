"""The questions of ``kaishu new``, each with its proposal."""

from __future__ import annotations

import re
from collections.abc import Sequence

from generator import terms, vocabularies
from generator.drafting.known import Known
from generator.drafting.personal import Seen
from generator.drafting.questions import NO, YES, YES_NO, Question
from generator.text import Text, bilingual


def title(proposal: str) -> Question:
    return Question("title", bilingual("数据集名称", "Title of the dataset (in Chinese)"), proposal, refuse=_not_empty)


def agency(known: Known, proposal: str) -> Question:
    choices = tuple((id_, bilingual(names[0] or id_, names[0] or id_)) for id_, names in known.agencies.items())
    return Question("agency", bilingual("哪个部门的数据", "Which agency's data"), proposal, choices, refuse=_not_empty)


def theme(proposal: str) -> Question:
    choices = tuple((id_, concept.label) for id_, concept in vocabularies.themes().items())
    return Question("theme", bilingual("主题", "Theme"), proposal, choices)


OPENNESS = (
    ("unconditional", bilingual("无条件开放", "open to all")),
    (
        "conditional",
        bilingual("有条件开放（不公布数据，只公布目录和申请条件）", "on conditions (no data are published)"),
    ),
    ("closed", bilingual("不予开放（只公布目录和理由）", "closed (entry and reason only)")),
)


def openness() -> Question:
    """Nobody's proposal is taken where nobody sees it: nothing becomes open by omission."""
    return Question("openness", bilingual("开放属性", "Openness"), "", OPENNESS)


def update_cycle(proposal: str) -> Question:
    choices = tuple((id_, concept.label) for id_, concept in vocabularies.update_cycles().items())
    return Question("update_cycle", bilingual("多久更新一次", "How often is it updated"), proposal, choices)


def name(proposal: str) -> Question:
    return Question(
        "name", bilingual("标识符（网址和文件夹名，发布后不再改）", "Identifier (address and folder; never changed once published)"),
        proposal, refuse=_not_slug,
    )  # fmt: skip


def license_(known: Known) -> Question:
    usual = known.licenses.most_common(1)
    proposal = usual[0][0] if usual else "CC-BY-4.0"
    listed = {
        each.name: each
        for each in vocabularies.licenses().values()
        if each.open and each.name not in ("MIT", "Apache-2.0", "WTFPL")
    }
    choices = tuple((id_, each.title) for id_, each in listed.items())
    return Question("license", bilingual("许可（别人可以怎样用）", "Licence"), proposal, choices)


def crs() -> Question:
    choices = (
        ("EPSG:4490", bilingual("CGCS2000，国家大地坐标系", "CGCS2000")),
        ("EPSG:4326", bilingual("WGS 84，卫星定位（GPS）", "WGS 84 (GPS)")),
        ("GCJ-02", bilingual("GCJ-02，高德、腾讯地图", "GCJ-02")),
        ("BD-09", bilingual("BD-09，百度地图", "BD-09")),
    )
    text = bilingual(
        "经纬度是哪个坐标系（不清楚就直接回车，以后再填）", "Reference system of the coordinates (Enter: not known yet)"
    )
    return Question("crs", text, "", choices)


def totals(rows: str, rows_en: str) -> Question:
    text = bilingual(f"第 {rows} 行是合计、小计，不是明细。去掉吗", f"Rows {rows_en} are totals. Leave them out")
    return Question("totals", text, "drop", (("drop", YES), ("keep", NO)))


def fill_down(titles: Sequence[str]) -> Question:
    named = "」「".join(titles)
    text = bilingual(
        f"「{named}」下面的空格像是合并单元格留下的，用上一行的值填上吗",
        f"Fill the blanks of {', '.join(titles)} from above, as merged cells leave them",
    )
    return Question("fill_down", text, "yes", YES_NO)


def join(count: int, column: str) -> Question:
    text = bilingual(
        f"有 {count} 张表的表头相同，合成一张，加一列「{column}」吗",
        f"{count} tables have the same header. Make one of them, with a column for the sheet ({column})",
    )
    return Question("join", text, "yes", YES_NO)


def missing(marks: Sequence[str], count: int) -> Question:
    named = "」「".join(marks)
    text = bilingual(f"「{named}」（{count} 格）是什么意思", f"What does {', '.join(marks)} mean ({count} cells)")
    choices = (
        ("missing", bilingual("没有数据", "no data")),
        ("zero", bilingual("数值 0", "the number 0")),
        ("text", bilingual("就是这个文字（整列改为文本）", "the text itself (the columns become text)")),
    )
    return Question("missing", text, "missing", choices)


def review(seen: Sequence[Seen], columns: Sequence[str]) -> Question:
    named = "」「".join(columns)
    kinds = "、".join(dict.fromkeys(each.kind.to("zh")[0] for each in seen))
    kinds_en = ", ".join(dict.fromkeys(each.kind.to("en")[0] for each in seen))
    choices = (
        ("drop", bilingual(f"去掉「{named}」", f"drop {', '.join(columns)}")),
        ("conditional", bilingual("改为有条件开放，不写出数据", "make it conditional; no data are written")),
        ("closed", bilingual("不予开放，不写出数据", "close it; no data are written")),
        ("stop", bilingual("先停下，什么都不写", "stop, write nothing")),
    )
    text = bilingual(
        f"「{named}」有不能公开的内容（{kinds}），怎么办",
        f"{', '.join(columns)}: not for the public ({kinds_en}). What to do",
    )
    return Question("review", text, "drop", choices)


def _not_empty(text: str) -> Text | None:
    return None if text.strip() else bilingual("这一项必须填。", "This cannot be left out.")


def _not_slug(text: str) -> Text | None:
    if re.match(terms.SLUG["pattern"], text):
        return None
    return bilingual(
        "标识符只能用小写字母、数字和连字符，如 marriage-2024。",
        "Lower-case letters, digits and hyphens only, as marriage-2024.",
    )
