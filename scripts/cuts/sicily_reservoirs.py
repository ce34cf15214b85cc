"""Reservoirs of Sicily: the dams, the monthly volumes since 2007 and the daily levels since 2023."""

from __future__ import annotations

from pathlib import Path

from scripts.files import Row, read_table, to_table

FOLDER = "water/sicily-reservoirs"
DAM_COLUMNS = ["code", "name", "location", "river", "municipality", "province", "capacity", "use", "operator"]
DAY_COLUMNS = [
    "dam_code",
    "date",
    "reading",
    "authorised_level",
    "authorised_volume",
    "level",
    "volume",
    "usable_volume",
]


def files(packages: Path) -> dict[str, bytes]:
    source = packages / "sicilia-dams" / "risorse"
    dams = [to_dam(row) for row in read_table(source / "sicilia_dighe_anagrafica.csv")]
    months = [
        {"dam_code": row["cod"], "date": row["data"], "volume": row["volume"]}
        for row in read_table(source / "sicilia_dighe_volumi.csv")
    ]
    return {
        f"{FOLDER}/dams.csv": to_table(dams, DAM_COLUMNS),
        f"{FOLDER}/monthly.csv": to_table(sorted(months, key=by_dam_and_date), ["dam_code", "date", "volume"]),
        f"{FOLDER}/daily.csv": to_table(to_days(source / "sicilia_dighe_volumi_giornalieri.csv"), DAY_COLUMNS),
    }


def to_dam(row: dict[str, str]) -> dict[str, str]:
    return {
        "code": row["cod"],
        "name": row["diga"],
        "location": f"{row['long']}, {row['lat']}",  # the source's own column has the latitude first
        "river": row["fiume"],
        "municipality": row["comune"],
        "province": row["provincia"],
        "capacity": row["capacita"],
        "use": row["utilizzazione"],
        "operator": row["gestore"],
    }


def to_days(path: Path) -> list[dict[str, object]]:
    """The daily rows; where the source has two readings of a dam for one day, they are numbered in its order."""
    days: list[dict[str, object]] = []
    readings: dict[tuple[str, str], int] = {}
    for row in read_table(path):
        key = (row["cod"], row["data"])
        readings[key] = readings.get(key, 0) + 1
        days.append(
            {
                "dam_code": row["cod"],
                "date": row["data"],
                "reading": readings[key],
                "authorised_level": to_number(row["quota_autorizzata"]),
                "authorised_volume": to_number(row["volume_autorizzato"]),
                "level": to_number(row["quota"]),
                "volume": to_number(row["volume"]),
                "usable_volume": to_number(row["volume_utile"]),
            }
        )
    return sorted(days, key=by_dam_and_date)


def to_number(text: str) -> str | None:
    """``None`` for what the source writes as nan or NaN: there was no reading."""
    return None if text.lower() == "nan" else text


def by_dam_and_date(row: Row) -> tuple[str, str]:
    return str(row["dam_code"]), str(row["date"])
