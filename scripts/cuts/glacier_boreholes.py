"""Temperatures measured in boreholes of glaciers in China, from the global database glenglat.

Glaciers in China are those that the database names in Chinese. Names of persons (authors, curators, notes) are left
out; the publications keep their titles and addresses.
"""

from __future__ import annotations

import re
from pathlib import Path

from scripts.files import read_table, to_table

FOLDER = "meteorology/glacier-boreholes"
CHINESE_NAME = re.compile(r"(?P<zh>[^\[]*[\u4e00-\u9fff][^\[]*) \[(?P<en>.+)\]")
SOURCE_COLUMNS = ["source_id", "year", "type", "language", "title", "published_in", "url"]
BOREHOLE_COLUMNS = [
    "borehole_id",
    "source_id",
    "glacier_zh",
    "glacier_en",
    "glims_id",
    "latitude",
    "longitude",
    "elevation",
    "zone",
    "drill_method",
    "drilled_from",
    "drilled_to",
    "depth",
    "reached_bed",
]
PROFILE_COLUMNS = ["borehole_id", "profile_id", "origin", "measured_from", "measured_to", "equilibrium"]

Table = list[dict[str, str]]


def files(packages: Path) -> dict[str, bytes]:
    data = packages / "glenglat" / "data"
    boreholes = [row for row in read_table(data / "borehole.csv") if CHINESE_NAME.fullmatch(row["glacier_name"])]
    ids = {row["id"] for row in boreholes}
    cited = {row["source_id"] for row in boreholes}
    sources = [row for row in read_table(data / "source.csv") if row["id"] in cited]
    numbers = {row["id"]: number for number, row in enumerate(sources, start=1)}
    profiles = [row for row in read_table(data / "profile.csv") if row["borehole_id"] in ids]
    measurements = [row for row in read_table(data / "measurement.csv") if row["borehole_id"] in ids]
    return {
        f"{FOLDER}/sources.csv": to_table([to_source(row, numbers) for row in sources], SOURCE_COLUMNS),
        f"{FOLDER}/boreholes.csv": to_table([to_borehole(row, numbers) for row in boreholes], BOREHOLE_COLUMNS),
        f"{FOLDER}/profiles.csv": to_table([to_profile(row) for row in profiles], PROFILE_COLUMNS),
        f"{FOLDER}/measurements.csv": to_table(measurements, ["borehole_id", "profile_id", "depth", "temperature"]),
    }


def to_source(row: dict[str, str], numbers: dict[str, int]) -> dict[str, object]:
    kept = {column: row[column] for column in ("year", "type", "language", "title", "url")}
    return {**kept, "source_id": numbers[row["id"]], "published_in": row["container_title"]}


def to_borehole(row: dict[str, str], numbers: dict[str, int]) -> dict[str, object]:
    name = CHINESE_NAME.fullmatch(row["glacier_name"])
    assert name is not None  # selected by this pattern
    kept = {
        column: row[column] for column in ("glims_id", "latitude", "longitude", "elevation", "drill_method", "depth")
    }
    return {
        **kept,
        "borehole_id": row["id"],
        "source_id": numbers[row["source_id"]],
        "glacier_zh": name["zh"],
        "glacier_en": name["en"],
        "zone": row["mass_balance_area"],
        "drilled_from": row["date_min"],
        "drilled_to": row["date_max"],
        "reached_bed": row["to_bed"],
    }


def to_profile(row: dict[str, str]) -> dict[str, str]:
    return {
        "borehole_id": row["borehole_id"],
        "profile_id": row["id"],
        "origin": row["measurement_origin"],
        "measured_from": row["date_min"],
        "measured_to": row["date_max"],
        "equilibrium": row["equilibrium"],
    }
