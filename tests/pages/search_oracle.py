"""Plain substring truth, and texts to try it on: what the search finds must be this, and no more."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from generator.search.document import FACETS, Document, Value
from generator.search.folding import fold

HAN = "公交站点线路水库医保保险学校气象数据统计名称江门市局的一二三"
LATIN = ("bus", "Business", "stop", "stops", "GDP", "PM2.5", "air-quality", "Ａｉｒ", "gongjiao", "gj", "robust", "us")
ODD = ("𠮷野家", "𬇕", "ﬁre", "ｶﾞ", "é", "İ", "\u3000", "（2024年）", "a\u00a0b", "㎡")
"""Beyond the first plane, and what folding lengthens, joins or makes a space."""


def documents(count: int, seed: int) -> list[Document]:
    chance = random.Random(seed)
    return [_document(number, chance) for number in range(count)]


def _document(number: int, chance: random.Random) -> Document:
    def chinese(longest: int) -> str:
        return "".join(chance.choice(HAN) for _ in range(chance.randrange(1, longest)))

    def text(parts: int) -> str:
        made = ""
        for _ in range(chance.randrange(1, parts)):
            made += chance.choice(
                (chinese(9), chinese(9), f" {chance.choice(LATIN)} ", chance.choice(LATIN), chance.choice(ODD), "，")
            )
        return made.strip() or "空"

    frequent = "本数据集由业务系统每月导出后核对" if chance.random() < 0.5 else ""
    return Document(
        name=f"d{number}",
        titles={"zh": text(5), "en": text(4)} if number % 3 else {"zh": text(5)},
        descriptions={"zh": frequent + text(12), "en": text(9)} if number % 5 else {},
        keywords=tuple(text(3) for _ in range(chance.randrange(3))),
        fields=tuple(chance.choice(("name", "名称", "站点名称", "stop_id", "水位")) for _ in range(3)),
        facets={
            "theme": (chance.choice("abc"),), "agency": (chance.choice("xy"),), "openness": ("unconditional",), "cycle": (),
            "format": tuple(each for each in ("CSV", "PDF") if chance.random() < 0.5), "year": (chance.choice(("2024", "2025")),), "licence": ("cc",),
        },
        modified=f"2025-{chance.randrange(1, 13):02}-01",
        bytes=chance.randrange(10**6),
    )  # fmt: skip


VALUES: Mapping[str, Sequence[Value]] = {
    **{facet: [] for facet in FACETS},
    "theme": [Value(each, {"zh": f"主题{each}", "en": f"Theme {each}"}) for each in "abc"],
    "agency": [Value("x", {"zh": "交通运输局", "en": "Transport"}, ("市交通局",)), Value("y", {"zh": "水利局"})],
    "openness": [Value("unconditional", {"zh": "无条件开放", "en": "Open"})],
    "format": [Value("CSV", {"zh": "CSV", "en": "CSV"}), Value("PDF", {"zh": "PDF", "en": "PDF"})],
    "year": [Value(each, {"zh": each, "en": each}) for each in ("2025", "2024")],
    "licence": [Value("cc", {"zh": "CC", "en": "CC"})],
}


def texts(document: Document, *, labels: bool = True) -> list[str]:
    """All that is searched of it, folded."""
    found = [*document.titles.values(), *document.descriptions.values(), *document.keywords, *document.fields]
    for facet in ("theme", "agency") if labels else ():
        for value in VALUES[facet]:
            if value.id in document.facets[facet]:
                found += [*value.labels.values(), *value.others]
    return [fold(text) for text in found]


def truth(documents: Sequence[Document], query: str, *, labels: bool = True) -> set[str]:
    """Names of those that have every word of the query."""
    words = fold(query).split()
    return {
        each.name
        for each in documents
        if all(any(word in text for text in texts(each, labels=labels)) for word in words)
    }


def queries(documents: Sequence[Document], count: int, seed: int) -> list[str]:
    """Parts of texts of one to fifteen characters, some with a character that makes them rare, and two at a time."""
    chance = random.Random(seed)
    found: list[str] = []
    while len(found) < count:
        text = chance.choice(texts(chance.choice(documents)))
        if not text:
            continue
        start = chance.randrange(len(text))
        part = " ".join(text[start : start + chance.choice((1, 2, 2, 3, 3, 4, 5, 8, 12, 13, 15))].split())
        if chance.random() < 0.1:
            part += chance.choice(HAN)
        if chance.random() < 0.2 and found:
            part = f"{part} {found[-1]}"
        if part:
            found.append(part)
    return found
