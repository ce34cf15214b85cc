"""Demonstration data: daily air quality of invented stations. The index is computed as HJ 633-2012 lays down."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from scripts.demonstration.chance import Chance
from scripts.demonstration.containers import to_pdf
from scripts.demonstration.places import DISTRICTS, near
from scripts.files import to_table

FOLDER = "ecology/air-quality-daily"
SEED = 20260316
START, END = date(2024, 1, 1), date(2025, 12, 31)

INDEX = (0, 50, 100, 150, 200, 300, 400, 500)
BREAKPOINTS: Mapping[str, tuple[float, ...]] = {
    "pm25": (0, 35, 75, 115, 150, 250, 350, 500),
    "pm10": (0, 50, 150, 250, 350, 420, 500, 600),
    "so2": (0, 50, 150, 475, 800, 1600, 2100, 2620),
    "no2": (0, 40, 80, 180, 280, 565, 750, 940),
    "co": (0, 2, 4, 14, 24, 36, 48, 60),
    "o3": (0, 100, 160, 215, 265, 800),
}
"""Concentrations (24 hours; ozone 8 hours) at which the partial index has the values of ``INDEX``."""
LEVELS = ((50, "优"), (100, "良"), (150, "轻度污染"), (200, "中度污染"), (300, "重度污染"), (500, "严重污染"))
NAMES = {"pm25": "PM2.5", "pm10": "PM10", "so2": "SO2", "no2": "NO2", "co": "CO", "o3": "O3"}

NOTE = (
    "一、本文件与本数据集均为演示数据，由固定种子的脚本生成，不反映真实空气质量。",
    "二、站点名称、位置为虚构；县级区划代码沿用 GB/T 2260。",
    "三、日均浓度单位：PM2.5、PM10、SO2、NO2、O3 为微克/立方米，CO 为毫克/立方米。",
    "四、空气质量指数按 HJ 633—2012 由各污染物浓度计算，取分指数最大值，小数进位。",
    "五、指数不大于 50 时不计首要污染物。",
    "六、仪器校准或停电当日无有效数据，各浓度和指数为空，不以零代替。",
)


def files() -> dict[str, bytes]:
    chance = Chance(SEED)
    stations = [
        {
            "station_id": f"JM{number:02d}",
            "name": f"{district.name[:2]}演示站",
            "district_code": district.code,
            "longitude": longitude,
            "latitude": latitude,
        }
        for number, district in enumerate(DISTRICTS, start=1)
        for longitude, latitude in [near(chance, district, 0.02)]
    ]
    days = [row for station in stations for row in invent_days(chance, str(station["station_id"]))]
    return {
        f"{FOLDER}/stations.csv": to_table(stations, list(stations[0])),
        f"{FOLDER}/daily.csv": to_table(days, list(days[0])),
        f"{FOLDER}/note.pdf": to_pdf("空气质量日报数据说明（演示）", NOTE),
    }


def invent_days(chance: Chance, station: str) -> Iterator[dict[str, object]]:
    weather = 0.0  # how stagnant the air is; changes slowly from day to day
    for offset in range((END - START).days + 1):
        day = START + timedelta(days=offset)
        weather = 0.7 * weather + 0.7 * chance.spread()
        yield {"station_id": station, "date": day.isoformat(), **invent_readings(chance, day, weather)}


def invent_readings(chance: Chance, day: date, weather: float) -> dict[str, object]:
    """Particles are high in the dry winter, ozone in autumn, as in the Pearl River Delta."""
    if chance.happens(0.01):  # calibration
        return {**dict.fromkeys(NAMES), "aqi": None, "level": None, "primary_pollutant": None}
    season = math.cos(2 * math.pi * (day.timetuple().tm_yday - 15) / 365)
    autumn = math.cos(2 * math.pi * (day.timetuple().tm_yday - 275) / 365)
    pm25 = max(4, round(24 + 11 * season + 6 * weather))
    readings: dict[str, float] = {
        "pm25": pm25,
        "pm10": round(pm25 * chance.between(1.5, 2.0)),
        "so2": chance.whole(4, 11),
        "no2": max(6, round(24 + 8 * season + 4 * weather)),
        "co": round(max(0.3, 0.7 + 0.15 * season + 0.05 * weather), 1),
        "o3": max(20, round(98 + 42 * autumn + 14 * weather)),
    }
    partial = {name: partial_index(name, value) for name, value in readings.items()}
    index = max(partial.values())
    main = [NAMES[name] for name, value in partial.items() if value == index and index > INDEX[1]]
    return {
        **readings,
        "aqi": index,
        "level": next(level for limit, level in LEVELS if index <= limit),
        "primary_pollutant": ",".join(main) or None,
    }


def partial_index(name: str, value: float) -> int:
    points = BREAKPOINTS[name]
    place = next(i for i in range(1, len(points)) if value <= points[i])
    low, high = points[place - 1], points[place]
    exact = INDEX[place - 1] + (INDEX[place] - INDEX[place - 1]) * (value - low) / (high - low)
    return math.ceil(round(exact, 6))
