"""Units of measurement and decimal prefixes, the factors written as powers of ten."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from scripts.files import read_table, to_table

FOLDER = "market-regulation/units-of-measurement"
SHIFTED = "cm^-1"
"""The source lacks the quantity of this unit, so that its dimension stands in the column of the quantity."""


def files(packages: Path) -> dict[str, bytes]:
    source = packages / "geo-examples" / "units-and-prefixes" / "data"
    units = [to_unit(row) for row in read_table(source / "units.csv")]
    prefixes = [to_prefix(row) for row in read_table(source / "unit-prefixes.csv")]
    return {
        f"{FOLDER}/units.csv": to_table(units, ["code", "name", "symbol", "quantity", "dimension"]),
        f"{FOLDER}/prefixes.csv": to_table(prefixes, ["code", "name", "symbol", "exponent"]),
    }


def to_unit(row: dict[str, str]) -> dict[str, str | None]:
    quantity, dimension = row["physical quantity"], row["dimensions"]
    if row["UID"] == SHIFTED:
        quantity, dimension = "", quantity
    return {
        "code": row["UID"],
        "name": row["name"],
        "symbol": row["symbol"],
        "quantity": quantity,
        "dimension": dimension,
    }


def to_prefix(row: dict[str, str]) -> dict[str, object]:
    exponent = Decimal(row["factor"]).adjusted()
    return {"code": row["UID"], "name": row["name"], "symbol": row["symbol"], "exponent": exponent}
