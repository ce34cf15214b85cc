"""A small portal with what makes reading hard, and the rows that every reader has to find in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

Rows = Sequence[Mapping[str, str | None]]

PARKS: Rows = [
    {"编号": "007", "公园名称": "东湖公园", "面积": "12.50", "建成日期": "1958-10-01", "座位": "1200", "开放": "true"},
    {
        "编号": "010",
        "公园名称": "白水带，北门",
        "面积": "0.10",
        "建成日期": "1984-01-31",
        "座位": None,
        "开放": "false",
    },
    {"编号": "000", "公园名称": '"小"公园', "面积": None, "建成日期": None, "座位": "-3", "开放": None},
]
"""Chinese names of columns, leading zeros, exact decimals, dates; the source is GBK."""

FEES: Rows = [
    {"code": "0750", "paid_on": "2024-02-29", "amount": "1234567.89", "note": "NA?"},
    {"code": None, "paid_on": "2024-12-31", "amount": "0.10", "note": "两\n行"},
]
"""Dates and numbers in a form of their own, missing values as NA, a line break in a text; cells separated by ;."""

ODD: Rows = [
    {'a"b': "001", "it's, #(lf)": "x;y", "back\\slash": "12345678901234567890", "__proto__": "440700199001010000"},
    {'a"b': "002", "it's, #(lf)": "{{7*7}} </script>", "back\\slash": "1", "__proto__": "440700199001010001"},
]
"""Names that mean something in a language; integers of more digits than a floating-point number or a cell of Excel has."""

TABLES = {"parks": PARKS, "fees": FEES, "odd": ODD}


def write(folder: Path, url: str) -> Path:
    """Returns the configuration file."""
    agency = folder / "datasets/culture"
    _yaml(
        agency / "agency.yaml",
        {"name": "文化广电旅游体育局", "name_en": "Bureau of Culture", "code": "11440700MB2C9254XB"},
    )
    _dataset(agency / "parks", _parks(), "公园", "Parks {of} Jiangmen & 100%", "CC-BY-4.0")
    parks = "编号,公园名称,面积,建成日期,座位,开放\n007,东湖公园,12.50,1958-10-01,1200,true\n"
    parks += '010,"白水带，北门",0.10,1984-01-31,,false\n000,"""小""公园",,,-3,\n'
    (agency / "parks/parks.csv").write_bytes(parks.encode("gbk"))
    (agency / "parks/map.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n" * 10)
    _dataset(agency / "fees", _fees(), "收费", "Fees", "ODbL-1.0")
    fees = 'code;paid_on;amount;note\n0750;2024/02/29;1,234,567.89;NA?\nNA;2024/12/31;0.10;"两\n行"\n'
    (agency / "fees/fees.csv").write_text(fees, "utf-8", newline="")
    _dataset(agency / "odd", _odd(), "怪列名", "Odd names", "CC0-1.0")
    odd = '"a""b","it\'s, #(lf)","back\\slash",__proto__\n001,x;y,12345678901234567890,440700199001010000\n'
    odd += "002,{{7*7}} </script>,1,440700199001010001\n"
    (agency / "odd/odd.csv").write_text(odd, "utf-8", newline="")
    _dataset(agency / "visits", _visits(), "到访", "Visits", "")
    _dataset(agency / "secrets", _closed(), "不公开", "Not open", "")
    config = {
        "portal": {"title": "测试门户", "title_en": "Test portal", "url": url, "place": "江门市", "place_en": "Jiangmen",
                   "license_url": "https://creativecommons.org/licenses/by/4.0/", "email": "data@office.example"},
        "rules": {"all": "advice"},
    }  # fmt: skip
    _yaml(folder / "kaishu.yaml", config)
    return folder / "kaishu.yaml"


def _yaml(file: Path, content: Mapping[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8")


def _dataset(folder: Path, own: Mapping[str, Any], title: str, english: str, licence: str) -> None:
    common = {
        "name": folder.name, "title": title, "title_en": english, "description": f"{title}的说明。",
        "description_en": f"About {english}.", "openness": "unconditional", "version": "1.0.0", "created": "2024-01-02T00:00:00Z",
        "modified": "2024-03-05", "theme": "education", "update_cycle": "yearly", "keywords": [title], "keywords_en": [english],
        "contact": {"email": "culture@office.example"},
    }  # fmt: skip
    licences = {"licenses": [{"name": licence}]} if licence else {}
    _yaml(folder / "datapackage.yaml", {**common, **licences, **own})


def _table(name: str, fields: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    schema = {"fields": fields, **more.pop("schema", {})}
    return {"name": name, "title": f"{name}表", "title_en": name, "path": f"{name}.csv", "schema": schema, **more}


def _parks() -> dict[str, Any]:
    fields = [
        {"name": "编号", "type": "string"}, {"name": "公园名称", "type": "string"}, {"name": "面积", "type": "number"},
        {"name": "建成日期", "type": "date"}, {"name": "座位", "type": "integer"}, {"name": "开放", "type": "boolean"},
    ]  # fmt: skip
    return {"resources": [_table("parks", fields, encoding="gbk"), {"name": "map", "title": "地图", "path": "map.pdf"}]}


def _fees() -> dict[str, Any]:
    fields = [
        {"name": "code", "type": "string"}, {"name": "paid_on", "type": "date", "format": "%Y/%m/%d"},
        {"name": "amount", "type": "number", "groupChar": ","}, {"name": "note", "type": "string"},
    ]  # fmt: skip
    more: dict[str, Any] = {"dialect": {"csv": {"delimiter": ";"}}, "schema": {"missingValues": ["", "NA"]}}
    return {"resources": [_table("fees", fields, encoding="utf-8", **more)]}


def _odd() -> dict[str, Any]:
    types = ("string", "string", "integer", "integer")
    fields = [{"name": name, "type": type_} for name, type_ in zip(ODD[0], types, strict=True)]
    return {"resources": [_table("odd", fields, encoding="utf-8")]}


def _visits() -> dict[str, Any]:
    table = _table("visits", [{"name": "CANARYcolumn", "type": "string"}])
    access = {
        "reason": "含个人信息",
        "legal_basis": "《办法》",
        "conditions": ["不得转让"],
        "channel": {"email": "a@b.example"},
    }
    return {"openness": "conditional", "access": access, "resources": [table]}


def _closed() -> dict[str, Any]:
    return {"openness": "closed", "access": {"reason": "涉密", "legal_basis": "《保密法》"}, "resources": []}
