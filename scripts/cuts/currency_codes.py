"""Currencies (ISO 4217) with Chinese names, and which country or region uses which."""

from __future__ import annotations

from pathlib import Path

from scripts.cuts.country_region_codes import read_country_codes
from scripts.files import read_table, to_table

FOLDER = "commerce/currency-codes"
KINDS = {"is_complementary": "补充货币", "is_funds_code": "基金代码", "is_bond_market_unit": "债券市场单位"}


def files(packages: Path) -> dict[str, bytes]:
    source = read_table(packages / "cn-standard-codes" / "ISO-4217-CN.csv")
    currencies = [to_currency(row) for row in sorted(source, key=lambda row: row["code"])]
    known = {row["code"] for row in source}
    uses = [
        {"country_alpha_3": country["ISO3166-1-Alpha-3"], "currency_code": code}
        for country in sorted(read_country_codes(packages), key=lambda row: row["ISO3166-1-Alpha-3"])
        for code in country["ISO4217-currency_alphabetic_code"].split(",")
        if code in known  # country-codes is newer and has five currencies that the code table lacks
    ]
    return {
        f"{FOLDER}/currencies.csv": to_table(
            currencies, ["code", "numeric_code", "name_zh", "name_en", "minor_units", "kind"]
        ),
        f"{FOLDER}/uses.csv": to_table(uses, ["country_alpha_3", "currency_code"]),
    }


def to_currency(row: dict[str, str]) -> dict[str, str]:
    return {
        "code": row["code"],
        "numeric_code": row["num"],
        "name_zh": row["name_cn"].strip(),
        "name_en": row["name"].strip(),
        "minor_units": row["digits"],
        "kind": next((kind for column, kind in KINDS.items() if row[column] == "1"), "通用货币"),
    }
