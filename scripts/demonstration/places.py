"""Invented names and places within Jiangmen. The districts are real, everything in them is not."""

from __future__ import annotations

from dataclasses import dataclass

from scripts.demonstration.chance import Chance


@dataclass(frozen=True, slots=True)
class District:
    code: str
    name: str
    longitude: float
    latitude: float


DISTRICTS = (
    District("440703", "蓬江区", 113.08, 22.60),
    District("440704", "江海区", 113.11, 22.56),
    District("440705", "新会区", 113.03, 22.46),
    District("440781", "台山市", 112.79, 22.25),
    District("440783", "开平市", 112.70, 22.38),
    District("440784", "鹤山市", 112.96, 22.77),
    District("440785", "恩平市", 112.31, 22.18),
)
"""Codes and names as in GB/T 2260; the points are rough centres, to scatter invented places around."""

FIRST = ("云桥", "望江", "晴岚", "石榴", "竹溪", "南屏", "荷风", "青榕", "鹭洲", "晓港", "梅岭", "金穗", "松涛", "映月")
SECOND = ("路口", "公园", "市场", "广场", "花园", "小学", "新村", "工业园", "文化宫", "码头", "车站", "桥头")


def place_names(chance: Chance, count: int) -> list[str]:
    """Different names such as 荷风公园."""
    names: dict[str, None] = {}
    while len(names) < count:
        names[chance.one_of(FIRST) + chance.one_of(SECOND)] = None
    return list(names)


def near(chance: Chance, district: District, distance: float) -> tuple[float, float]:
    """Longitude and latitude of an invented point, in degrees with five decimals (about a metre)."""
    return (
        round(district.longitude + chance.between(-distance, distance), 5),
        round(district.latitude + chance.between(-distance, distance), 5),
    )
