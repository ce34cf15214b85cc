"""Demonstration data: public car parks, as the workbook that an agency would hand in."""

from __future__ import annotations

from scripts.demonstration.chance import Chance
from scripts.demonstration.containers import Cell, to_workbook
from scripts.demonstration.places import DISTRICTS, near, place_names

SEED = 20260330
LOTS = 90
COLUMNS = (
    "lot_id",
    "name",
    "district_code",
    "kind",
    "longitude",
    "latitude",
    "spaces",
    "charging_spaces",
    "opens",
    "closes",
    "free_minutes",
    "hourly_fee",
    "resident_discount",
    "remark",
)
REMARKS = (
    None,
    None,
    '入口限高 2.1 米；"绿牌"车首小时免费',
    "节假日、大型活动期间可能临时管制,以现场公告为准",
    "地下二层为充电区\n充电期间停车费减半",
)


def files() -> dict[str, bytes]:
    chance = Chance(SEED)
    lots = [invent_lot(chance, number, name) for number, name in enumerate(place_names(chance, LOTS), start=1)]
    return {"transport/parking-lots/parking-lots.xlsx": to_workbook("停车场", [list(COLUMNS), *lots])}


def invent_lot(chance: Chance, number: int, name: str) -> list[Cell]:
    district = chance.one_of(DISTRICTS)
    kind = chance.one_of(("路内泊位", "公共停车场", "公共停车场", "立体停车楼"))
    longitude, latitude = near(chance, district, 0.03)
    all_day = chance.happens(0.6)
    spaces = chance.whole(20, 60) if kind == "路内泊位" else chance.whole(60, 600)
    return [
        f"P{district.code}{number:03d}",
        f"{name}{kind}",
        district.code,
        kind,
        longitude,
        latitude,
        spaces,
        None if kind == "路内泊位" else chance.whole(0, spaces // 5),
        "00:00:00" if all_day else "07:00:00",
        "23:59:59" if all_day else "22:00:00",
        chance.one_of((0, 15, 30, 30, 60)),
        chance.one_of((1, 2, 2.5, 3, 4)),
        chance.happens(0.4),
        chance.one_of(REMARKS),
    ]
