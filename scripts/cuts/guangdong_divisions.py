"""Cities and counties of Guangdong (codes that begin with 44), with the number of townships in each."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from scripts.cuts.divisions import read_level, to_level
from scripts.files import to_table

GUANGDONG = "44"


def files(packages: Path) -> dict[str, bytes]:
    streets = Counter(row["area_code"] for row in read_level(packages, "streets", below=GUANGDONG))
    areas = [{**row, "township_count": streets[row["code"]]} for row in read_level(packages, "areas", below=GUANGDONG)]
    return {
        "civil-affairs/guangdong-divisions/cities.csv": to_level(
            read_level(packages, "cities", below=GUANGDONG), "cities"
        ),
        "civil-affairs/guangdong-divisions/areas.csv": to_table(areas, ["code", "name", "city_code", "township_count"]),
    }
