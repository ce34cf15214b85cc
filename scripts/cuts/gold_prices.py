"""Gold prices: annual averages from 1833, and the months from 1960 on.

The source repeats the annual average for each month before 1960; such rows say nothing new and are left out.
"""

from __future__ import annotations

from pathlib import Path

from scripts.files import read_table, to_table

FIRST_REAL_MONTH = "1960-01"


def files(packages: Path) -> dict[str, bytes]:
    source = packages / "gold-prices" / "data"
    years = [{"year": row["Date"], "price": row["Price"]} for row in read_table(source / "annual.csv")]
    months = [{"month": row["Date"], "price": row["Price"]} for row in read_table(source / "monthly.csv")]
    real = [row for row in months if row["month"] >= FIRST_REAL_MONTH]
    return {
        "finance/gold-prices/annual.csv": to_table(years, ["year", "price"]),
        "finance/gold-prices/monthly.csv": to_table(real, ["month", "price"]),
    }
