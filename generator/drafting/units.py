"""Units in headers: 「金额（万元）」, 「人口/万人」, 「单位：亿元」."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_PLAIN = (
    "元 角 分 千元 万元 百万元 千万元 亿元 万亿元 美元 万美元 亿美元 港元 欧元 元人民币 人民币元 "
    "对 名 批 笔 位 席 口 眼 盏 根 堆 类 种 部门 门 期 届 届次 餐 桌 对次 户次 人 千人 万人 亿人 人次 万人次 亿人次 户 万户 个 万个 件 万件 宗 起 例 次 万次 场 场次 项 家 所 座 处 栋 幢 套 间 张 床 册 万册 本 份 篇 条 部 台 万台 辆 万辆 艘 架 列 组 队 "
    "班 班次 头 万头 只 万只 株 万株 尾 羽 枚 粒 片 块 瓶 箱 袋 包 吨 万吨 亿吨 千克 公斤 斤 克 毫克 微克 "
    "米 厘米 毫米 微米 千米 公里 万公里 海里 平方米 万平方米 平方公里 平方千米 公顷 万公顷 亩 万亩 立方米 万立方米 亿立方米 升 毫升 万升 标准立方米 "
    "千瓦 万千瓦 兆瓦 千瓦时 万千瓦时 亿千瓦时 度 千伏 伏 安 瓦 焦 千焦 吨标准煤 万吨标准煤 "
    "年 个月 月 天 日 小时 时 分钟 秒 工作日 岁 周岁 摄氏度 百帕 帕 米/秒 分贝 百分点 个百分点 百分比 倍 平 票 分值 公里/小时 "
    "% ‰ ℃ °C ° ′ dB dB(A) hPa Pa kPa mm cm m km km² km2 m² m2 ㎡ m³ m3 kg g mg t kW kWh MW L mL ha h min s "
    "mm/h m/s km/h mg/L ug/m3 μg/m3 µg/m³ μg/m³ mg/m3 mg/m³ CFU/100mL NTU pH无量纲 无量纲 MPN/L 个/L μS/cm"
).split()
_FOLDED = {unicodedata.normalize("NFKC", unit).lower(): unit for unit in _PLAIN}
_BRACKETS = re.compile(
    r"^(?P<title>.*?)\s*[（(\[【〔](?P<unit>[^（()）\[\]【】]+(?:\([A-Z]\))?)[)）\]】〕]\s*$", re.DOTALL
)
_SLASH = re.compile(r"^(?P<title>.*[\u3400-\u9fff].*?)\s*[/,，、]\s*(?P<unit>[^/,，、]+(?:/[^/]+)?)$", re.DOTALL)
_LINE = re.compile(r"^[（(]?\s*(?:计量|货币|金额)?单位\s*[：:]\s*(?P<unit>.+?)\s*[)）]?$")


_MONEY = re.compile(r"元$|^元")
_BOOKED = re.compile(r"[预决概结核]算数$|执行数$|完成数$|发生数$|[年月期]数$|[初末]数$|累计数$|计划数$|调整数$|余额数$")
"""Columns of accounts: their 数 is a sum of money."""
_COUNTED = re.compile(r"[人户对件个次宗起家套辆只头]数|数量|数$|人口|面积|[产总存流]量$|次$|长度|里程|户$|人$")


def is_of_table(unit: str, title: str) -> bool:
    """Whether the unit above a table is that of this column: no share has it, and money is not what counts."""
    if re.search(r"率$|占比|比重|比例|增长|增速|同比|环比|指数|年份|[%％]", title):
        return False
    is_money = bool(_MONEY.search(unit)) and not re.search(r"[、，,；;]", unit)
    return not is_money or not _COUNTED.search(title) or bool(_BOOKED.search(title))


def unit_for(unit: str, title: str) -> str:
    """Of a unit over the whole table, what holds for this column. 「单位：亿元、%」 means money, and per cent where the
    columns are shares; of other units of several kinds nobody can tell, and they are kept as they stand."""
    if not is_of_table(unit, title):
        return ""
    kinds = [part for part in re.split(r"[、，,；;]", unit) if part not in ("%", "％")]
    return kinds[0] if len(kinds) == 1 and is_of_table(kinds[0], title) else unit if len(kinds) != 1 else ""


def as_unit(text: str) -> str:
    """The unit, in the writing that is usual; empty for what is none."""
    plain = re.sub(r"\s+", "", text)
    plain = re.sub(r"^(计量)?单位[：:]", "", plain)
    folded = unicodedata.normalize("NFKC", plain).lower()
    if folded in _FOLDED:
        return _FOLDED[folded] if plain.isascii() else plain
    parts = re.split(r"[/／每]", plain)
    known = [unicodedata.normalize("NFKC", part).lower() in _FOLDED for part in parts]
    likely = [k or re.fullmatch(r"\d*[万百千亿]?[^\d\s]{1,3}", part) for k, part in zip(known, parts, strict=True)]
    if 2 <= len(parts) <= 3 and any(known) and all(likely):
        return plain.replace("／", "/")
    return ""


def split_unit(title: str) -> tuple[str, str]:
    """Title and unit; the whole title where it names none."""
    for form in (_BRACKETS, _SLASH):
        found = form.match(title)
        if found and found["title"].strip() and (unit := as_unit(found["unit"])):
            return found["title"].strip(), unit
    if found := re.fullmatch(r"(.*[\u3400-\u9fff])\s*([%％‰])", title):
        return found[1].strip(), unicodedata.normalize("NFKC", found[2])
    group, joint, last = title.partition("-")
    if joint and (whole := split_unit(group))[1]:
        return f"{whole[0]}-{last}", whole[1]  # 人口（万人） over 男 and 女
    return title, ""


def unit_line(text: str) -> str:
    """Of a line over the table that says nothing else. More than one unit (元、人) is kept as it stands."""
    found = _LINE.match(text)
    if not found:
        return ""
    unit = found["unit"].strip()
    parts = re.split(r"[、，,；;]", unit)
    return unit if all(as_unit(part) for part in parts) else ""


def unit_in_row(cells: Sequence[tuple[int, str]]) -> dict[int, str] | None:
    """Units by column, where a row under the header holds nothing else (and a word for it in front)."""
    units: dict[int, str] = {}
    for column, text in cells:
        unit = as_unit(text.strip("（）()[]【】"))
        if unit:
            units[column] = unit
        elif re.sub(r"\s", "", text) not in ("单位", "计量单位", "-", "—", "/"):
            return None
    return units if len(units) >= max(1, len(cells) - 1) and len(cells) > 1 and units else None
