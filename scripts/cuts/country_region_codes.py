"""Countries and regions (ISO 3166-1) with their place in the UN's M49 regions and their calling codes.

Names and the relation "part of" come from the Chinese code table, M49 and calling codes from country-codes.
"""

from __future__ import annotations

from pathlib import Path

from scripts.cuts.codes import Entry, read_entries
from scripts.files import read_table, to_table

FOLDER = "foreign-affairs/country-region-codes"
COUNTRY_COLUMNS = ["alpha_2", "alpha_3", "numeric_code", "name_zh", "name_en", "part_of", "region_code", "calling_code"]
REGION_NAMES = {
    "002": "非洲",
    "015": "北非",
    "202": "撒哈拉以南非洲",
    "019": "美洲",
    "021": "北美洲",
    "419": "拉丁美洲和加勒比",
    "142": "亚洲",
    "030": "东亚",
    "034": "南亚",
    "035": "东南亚",
    "143": "中亚",
    "145": "西亚",
    "150": "欧洲",
    "039": "南欧",
    "151": "东欧",
    "154": "北欧",
    "155": "西欧",
    "009": "大洋洲",
    "053": "澳大利亚和新西兰",
    "054": "美拉尼西亚",
    "057": "密克罗尼西亚",
    "061": "波利尼西亚",
}
"""Chinese names of the M49 regions, which country-codes lacks."""


def files(packages: Path) -> dict[str, bytes]:
    facts = {row["ISO3166-1-Alpha-2"]: row for row in read_country_codes(packages)}
    countries = [to_country(entry, facts[entry.row["code_2"]]) for entry in read_entries(packages, "ISO-3166-1-CN")]
    regions = {row["region_code"]: row for fact in facts.values() for row in to_regions(fact)}
    return {
        f"{FOLDER}/countries.csv": to_table(countries, COUNTRY_COLUMNS),
        f"{FOLDER}/regions.csv": to_table(
            sorted(regions.values(), key=lambda row: str(row["region_code"])),
            ["region_code", "name_zh", "name_en", "parent_code"],
        ),
    }


def read_country_codes(packages: Path) -> list[dict[str, str]]:
    return read_table(packages / "country-codes" / "data" / "country-codes.csv")


def to_country(entry: Entry, fact: dict[str, str]) -> dict[str, object]:
    return {
        "alpha_2": entry.row["code_2"],
        "alpha_3": entry.row["code_3"],
        "numeric_code": entry.row["code_number"],
        "name_zh": entry.row["name_cn"],
        "name_en": entry.row["name"],
        "part_of": entry.parents[0]["code_2"] if entry.parents else None,
        "region_code": m49(fact["Sub-region Code"]),
        "calling_code": fact["Dial"].strip(),  # the source has a no-break space where there is none
    }


def to_regions(fact: dict[str, str]) -> list[dict[str, object]]:
    region, sub_region = m49(fact["Region Code"]), m49(fact["Sub-region Code"])
    if region is None or sub_region is None:
        return []  # Antarctica lies in no region
    return [
        {
            "region_code": region,
            "name_zh": REGION_NAMES[region],
            "name_en": fact["Region Name"],
            "parent_code": None,
        },
        {
            "region_code": sub_region,
            "name_zh": REGION_NAMES[sub_region],
            "name_en": fact["Sub-region Name"],
            "parent_code": region,
        },
    ]


def m49(code: str) -> str | None:
    """The code with the leading zeros that the source has lost."""
    return code.zfill(3) if code else None
