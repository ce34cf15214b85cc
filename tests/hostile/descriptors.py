"""Descriptors with anything anywhere: a valid one, in which places are replaced, taken out, renamed or added to."""

from __future__ import annotations

import copy
import json
import math
from typing import Any

import yaml
from hypothesis import strategies as st

PACKAGE: dict[str, Any] = {
    "name": "parks",
    "title": "城市公园名录",
    "title_en": "City parks",
    "description": "各区公园的名称、面积和开放时间。",
    "description_en": "Names, areas and opening hours of the parks.",
    "keywords": ["公园", "绿地"],
    "keywords_en": ["parks", "green space"],
    "homepage": "https://parks.example.gov.cn/",
    "version": "1.2.0",
    "created": "2025-01-02T00:00:00Z",
    "modified": "2026-01-02",
    "language": "zh",
    "openness": "unconditional",
    "theme": "environment",
    "industry": "N",
    "update_cycle": "irregular",
    "source_department": "culture",
    "agency": "culture",
    "catalogue_code": "307440700/1",
    "crs": "EPSG:4490",
    "spatial": {"name": "江门市", "name_en": "Jiangmen", "code": "440700", "bbox": [112.0, 21.5, 113.2, 22.9]},
    "temporal": {"start": "2020-01-01", "end": "2025-12-31"},
    "contact": {"name": "张三", "email": "parks@example.gov.cn", "phone": "0750-1234567", "url": "https://a.example/"},
    "contributors": [{"title": "园林科", "roles": ["publisher"], "path": "https://b.example/"}],
    "sources": [{"title": "台账", "path": "https://c.example/"}],
    "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
    "collection": {"legal_basis": "某某条例", "system": "公园系统", "items": ["公园名称"]},
    "sharing": {"type": "conditional", "condition": "部门之间", "mode": "接口"},
    "access": {
        "reason": "含位置", "legal_basis": "条例第三条", "conditions": ["实名"], "purposes": ["研究"],
        "security": ["加密"], "materials": ["申请表"], "response_days": 15, "fee": "免费",
        "channel": {"email": "a@example.gov.cn", "url": "https://d.example/", "phone": "0750-7654321"},
        "agreement": {"title": "协议", "url": "https://e.example/", "text": "……"}, "review_by": "2030-01-01",
        "applicants": "企业", "reviewed": "2026-01-01",
    },
    "provincial_entry": "https://province.example/entry",
    "demonstration": "示例数据",
    "resources": [
        {
            "name": "parks", "title": "公园", "title_en": "Parks", "description": "名录", "path": "parks.csv",
            "encoding": "utf-8", "format": "csv", "mediatype": "text/csv",
            "dialect": {"delimiter": ",", "header": True},
            "schema": {
                "fields": [
                    {"name": "park", "title": "公园", "title_en": "Park", "type": "string", "description": "名称",
                     "constraints": {"required": True, "maxLength": 20, "pattern": "[^<]*"}},
                    {"name": "area", "title": "面积", "type": "number", "unit": "ha", "constraints": {"minimum": 0}},
                    {"name": "opened", "title": "建成", "type": "date", "format": "default"},
                ],
                "primaryKey": ["park"], "missingValues": ["", "-"],
                "foreignKeys": [{"fields": ["park"], "reference": {"resource": "", "fields": ["park"]}}],
            },
        },
        {"name": "staff", "title": "人员", "openness": "conditional", "path": "staff.csv",
         "schema": {"fields": [{"name": "person", "title": "姓名", "type": "string"}]}},
        {"name": "plan", "title": "规划", "openness": "closed", "access": {"reason": "未公布", "legal_basis": "条例"}},
        {"name": "inline", "title": "内嵌", "data": [{"a": 1, "b": "x"}], "schema": {"fields": [{"name": "a", "type": "integer"}, {"name": "b", "type": "string"}]}},
    ],
}  # fmt: skip
AGENCY: dict[str, Any] = {
    "id": "culture", "name": "文化局", "name_en": "Bureau of Culture", "short_name": "文化局", "code": "114407000070600005",
    "description": "主管文化", "homepage": "https://culture.example.gov.cn/",
    "contact": {"name": "办公室", "email": "culture@example.gov.cn", "phone": "0750-1234567", "url": "https://a.example/"},
}  # fmt: skip
CONFIG: dict[str, Any] = {
    "portal": {"title": "测试门户", "title_en": "Test", "url": "https://data.test.example/", "languages": ["zh", "en"],
               "email": "a@example.gov.cn", "notice": "测试", "filing": [{"text": "备案", "url": "https://beian.example/"}],
               "repository": "https://git.example/x", "place": "江门", "place_code": "440700"},
    "defaults": {"openness": "unconditional"}, "rules": {"keywords-missing": "off"}, "agencies": {"x": {"name": "某局"}},
    "remote": {"hosts": ["a.example"], "buckets": [{"name": "abc"}], "max_file_size": "1 MB", "max_seconds": 3},
    "limits": {"columns": 100, "unpacked": "1 GB"},
}  # fmt: skip
ROWS = "park,area,opened\n东湖公园,30.5,1958-10-01\n白水带公园,420,1985-05-01\n"

SCRIPT = "<script>alert(1)</script>"
MARKED = (
    SCRIPT, '"><img src=x onerror=alert(1)>', "' onmouseover='alert(1)", "</script><script>alert(1)</script>",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<script>alert(1)</script>", "<!--", "]]>", "-->",
    "{{ 7*7 }}{% raw %}", "{{ config }}", "${7*7}", "{title}", "%s%n", "[x](javascript:alert(1))", "![](http://evil.example/x.png)",
    "<svg/onload=alert(1)>", "<base href=//evil.example>", "<iframe src=http://evil.example>", "http://evil.example/\"onclick=alert(1)",
    "https://evil.example/<script>", "mailto:a@b?subject=<script>", "=cmd|'/C calc'!A0", "@SUM(1)", "::error::x", "::set-output name=a::b",
    "\x1b[31mred\x1b[0m", "a\nb\r\nc", "\x00", "\u202egnp.exe", "\u2028", "\ufeff", "\ud800", "\ufffe", "pаrks", "Ⅳ", "é", "é",
    "con", "aux.csv", "nul", "a.", " a ", "a:b", "../../etc/passwd", "/etc/passwd", "~", ".", "..", "", " ", "a" * 300, "长" * 5000, "a" * 20000,
    "2024-02-30", "9999-99-99", "0000-00-00", "2026-01-01T99:99:99Z", "1e999999999", "9" * 5000, "NaN", "P1Y", "EPSG:99999999999999999999",
    "https://[::1", "http://a:b@c/", "http://", "s3://x", "file:///etc/passwd", "(a|aa)+$", "[", "(?P<n>", "\\", "%",
    "conditional", "closed", "unconditional", "integer", "date", "any", "geojson", "list", "time", "parks", "staff", "xlsx", "gbk", "utf-16", "idna", "zip",
)  # fmt: skip

strings = st.one_of(st.sampled_from(MARKED), st.text(max_size=30), st.text(st.characters(codec=None), max_size=8))
numbers = st.one_of(
    st.integers(-3, 40), st.sampled_from([0, -1, 1, 2**31, 2**63, -(2**63) - 1, 10**25, 10**299]), st.floats(),
    st.sampled_from([math.nan, math.inf, -math.inf, 1e308, 5e-324]),
)  # fmt: skip
values = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, strings),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(strings, inner, max_size=4)),
    max_leaves=8,
)


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Of everything in it, the whole left out."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, item in items for place in ((*at, key), *places(item, (*at, key)))]


@st.composite
def mutated(draw: st.DrawFn, valid: dict[str, Any]) -> Any:
    """One to four places of the valid value are changed."""
    made = copy.deepcopy(valid)
    for _ in range(draw(st.integers(1, 4))):
        found = places(made)
        if not found:
            return made
        *way, last = draw(st.sampled_from(found))
        parent: Any = made
        for key in way:
            parent = parent[key]
        how = draw(
            st.sampled_from(
                ["replace", "replace", "replace", "text", "text", "remove", "wrap", "add", "rename", "repeat", "swap"]
            )
        )
        if how == "replace":
            parent[last] = draw(values)
        elif how == "text":
            parent[last] = draw(strings)
        elif how == "remove":
            del parent[last]
        elif how == "wrap":
            parent[last] = draw(
                st.sampled_from([[parent[last]], {"a": parent[last]}, [[parent[last]]], str(parent[last])])
            )
        elif how == "swap":
            *other, end = draw(st.sampled_from(found))
            source: Any = made
            for key in other:
                source = source[key]
            parent[last] = copy.deepcopy(source[end])
        elif isinstance(parent, dict):
            if how == "rename":
                parent[draw(strings)] = parent.pop(last)
            else:
                parent[draw(strings)] = draw(values)
        else:
            parent.append(copy.deepcopy(parent[last]) if how == "repeat" else draw(values))
    return made


def as_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=True).encode()


def as_yaml(value: Any) -> bytes:
    text: str = yaml.safe_dump(value, allow_unicode=True, sort_keys=False)
    return text.encode("utf-8", "surrogatepass")


def marked(mark: str) -> dict[str, Any]:
    """The valid descriptor with the mark in every text that a page shows."""
    made = copy.deepcopy(PACKAGE)
    texts = ("title", "title_en", "description", "description_en", "demonstration", "reason", "legal_basis", "condition",
             "mode", "system", "applicants", "fee", "text", "unit")  # fmt: skip
    for *way, last in places(made):
        parent: Any = made
        for key in way:
            parent = parent[key]
        if last in texts or (
            way and way[-1] in ("keywords", "keywords_en", "items", "conditions", "purposes", "materials")
        ):
            parent[last] = f"{mark} {parent[last]}"
    return made
