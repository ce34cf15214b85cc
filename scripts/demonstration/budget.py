"""Demonstration data: municipal expenditure by function. The items are those of the national classification."""

from __future__ import annotations

from decimal import Decimal

from scripts.demonstration.chance import Chance
from scripts.files import to_table

FOLDER = "finance/budget-expenditure"
SEED = 20260323
YEARS = range(2020, 2027)
CURRENT = 2026
"""The year without final accounts."""

ITEMS: dict[str, tuple[str, dict[str, str]]] = {
    "201": ("一般公共服务支出", {"20101": "人大事务", "20102": "政协事务", "20103": "政府办公厅（室）及相关机构事务"}),
    "204": ("公共安全支出", {"20402": "公安", "20406": "司法"}),
    "205": ("教育支出", {"20501": "教育管理事务", "20502": "普通教育", "20503": "职业教育"}),
    "206": ("科学技术支出", {"20601": "科学技术管理事务", "20604": "技术研究与开发"}),
    "207": ("文化旅游体育与传媒支出", {"20701": "文化和旅游", "20703": "体育"}),
    "208": (
        "社会保障和就业支出",
        {"20801": "人力资源和社会保障管理事务", "20802": "民政管理事务", "20810": "社会福利"},
    ),
    "210": ("卫生健康支出", {"21001": "卫生健康管理事务", "21002": "公立医院", "21004": "公共卫生"}),
    "211": ("节能环保支出", {"21101": "环境保护管理事务", "21103": "污染防治"}),
    "212": ("城乡社区支出", {"21201": "城乡社区管理事务", "21203": "城乡社区公共设施"}),
    "213": ("农林水支出", {"21301": "农业农村", "21302": "林业和草原", "21303": "水利"}),
    "214": ("交通运输支出", {"21401": "公路水路运输"}),
    "221": ("住房保障支出", {"22101": "保障性安居工程支出", "22102": "住房改革支出"}),
}


def files() -> dict[str, bytes]:
    rows = invent_expenditure(Chance(SEED))
    return {
        f"{FOLDER}/items.csv": to_table(to_items(), ["code", "name", "parent_code"], delimiter=";"),
        f"{FOLDER}/expenditure.csv": to_table(rows, list(rows[0]), delimiter=";"),
    }


def to_items() -> list[dict[str, object]]:
    items: list[dict[str, object]] = []
    for code, (name, parts) in ITEMS.items():
        items.append({"code": code, "name": name, "parent_code": None})
        items += [{"code": part, "name": title, "parent_code": code} for part, title in parts.items()]
    return items


def invent_expenditure(chance: Chance) -> list[dict[str, object]]:
    """Amounts of the lower items only: an upper item is the sum of its parts, and so stands in no row."""
    sizes = {code: chance.between(2000, 90000) for _, parts in ITEMS.values() for code in parts}
    rows: list[dict[str, object]] = []
    for year in YEARS:
        sizes = {code: size * chance.between(0.97, 1.08) for code, size in sizes.items()}
        for code, size in sizes.items():
            budget = Decimal(round(size)) + Decimal(chance.whole(0, 99)) / 100
            adjusted = (budget * Decimal(chance.whole(960, 1090)) / 1000).quantize(Decimal("0.01"))
            final = (adjusted * Decimal(chance.whole(900, 1000)) / 1000).quantize(Decimal("0.01"))
            rows.append(
                {
                    "year": year,
                    "item_code": code,
                    "budget": f"{budget:.2f}",
                    "adjusted_budget": None if year == CURRENT else adjusted,
                    "final_account": None if year == CURRENT else final,
                }
            )
    return rows
