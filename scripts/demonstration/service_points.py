"""Demonstration data: government service points, with long texts, quotes, commas and line breaks in the cells."""

from __future__ import annotations

from datetime import datetime, timedelta

from scripts.demonstration.chance import Chance
from scripts.demonstration.places import DISTRICTS, FIRST, District, near
from scripts.files import to_table

SEED = 20260406
POINTS = 60
UPDATED = datetime(2026, 10, 8, 9, 0)  # noqa: DTZ001 - local time, as the column's description says
KINDS = ("市级政务服务中心", "县级政务服务中心", "镇街便民服务中心", "自助服务点")
HOURS = {
    "市级政务服务中心": "周一至周五 09:00—12:00, 13:30—17:00\n周六 09:00—12:00（仅限预约）",
    "县级政务服务中心": "周一至周五 09:00—12:00, 13:30—17:00",
    "镇街便民服务中心": "周一至周五 08:30—12:00, 14:00—17:30",
    "自助服务点": "每日 00:00—24:00",
}
SERVICES = ("社会保障", "医疗保障", "不动产登记", "企业开办", "税务", "出入境", "公积金", "户政", "民政")
NOTES = (
    None,
    "高峰时段为周一上午，建议先在线预约；持预约码可直接到“综合窗口”取号。",
    (
        '设有"跨省通办"、"湾区通办"专窗, 可受理港澳居民和五邑侨胞常办事项。'
        "办理前请核对材料清单，材料不齐时工作人员会一次性告知。"
    ),
    "无障碍通道在大楼东侧。\n提供手语视频服务，需提前一个工作日预约。\n母婴室、老年人优先窗口设在一楼。",
)


def files() -> dict[str, bytes]:
    chance = Chance(SEED)
    rows = [invent_point(chance, number) for number in range(1, POINTS + 1)]
    return {"data-administration/service-points/service-points.csv": to_table(rows, list(rows[0]))}


def invent_point(chance: Chance, number: int) -> dict[str, object]:
    """The first point is the city's, the next seven are the districts', one each; no two names are the same."""
    place = FIRST[number % len(FIRST)]
    if number == 1:
        kind, district, name = KINDS[0], DISTRICTS[0], "江门市政务服务中心（演示）"
    elif number <= 1 + len(DISTRICTS):
        kind, district = KINDS[1], DISTRICTS[number - 2]
        name = f"{district.name}政务服务中心（演示）"
    else:
        kind, district = chance.one_of(KINDS[2:]), DISTRICTS[(number + number // len(FIRST)) % len(DISTRICTS)]
        name = f"{district.name}{place}{kind[-6:] if kind == KINDS[2] else kind}"
    longitude, latitude = near(chance, district, 0.04)
    self_service = kind == KINDS[3]
    return {
        "网点编号": f"ZW{number:03d}",
        "网点名称": name,
        "网点类型": kind,
        "区划代码": district.code,
        "地址": invent_address(chance, district, place),
        "经度": longitude,
        "纬度": latitude,
        "办公电话": None if self_service else f"0750-000{chance.whole(0, 9999):04d}",
        "办公时间": HOURS[kind],
        "窗口数": 0 if self_service else chance.whole(4, 60),
        "有无自助终端": self_service or chance.happens(0.5),
        "可办事项": "、".join(service for service in SERVICES if chance.happens(0.6)) or SERVICES[0],
        "备注": chance.one_of(NOTES),
        "更新时间": (UPDATED + timedelta(minutes=chance.whole(0, 20000))).isoformat(),
    }


def invent_address(chance: Chance, district: District, place: str) -> str:
    return f"江门市{district.name}{place}路 {chance.whole(1, 280)} 号, {chance.whole(1, 6)} 楼"
