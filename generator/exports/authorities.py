"""Entries of the EU's authority tables, IANA's and SPDX's, as nodes that say what they are.

A harvester that does not know the tables must still see that ``…/frequency/ANNUAL`` is a frequency: DCAT-AP's
range shapes ask for the class in the file itself.
"""

from __future__ import annotations

import re

from generator.exports.rdf import Node, literal, node, texts
from generator.public import Concept
from generator.text import bilingual

AUTHORITY = "http://publications.europa.eu/resource/authority/"
THEMES = f"{AUTHORITY}data-theme"
_FREQUENCY = f"{AUTHORITY}frequency/"
_IANA = "https://www.iana.org/assignments/media-types/"
SHA256 = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"

# The table's own labels: a domain of ours that maps to ECON is not what ECON is called.
_THEME_LABELS = {
    "AGRI": bilingual("农业、渔业、林业和食品", "Agriculture, fisheries, forestry and food"),
    "ECON": bilingual("经济和金融", "Economy and finance"),
    "EDUC": bilingual("教育、文化和体育", "Education, culture and sport"),
    "ENER": bilingual("能源", "Energy"),
    "ENVI": bilingual("环境", "Environment"),
    "GOVE": bilingual("政府和公共部门", "Government and public sector"),
    "HEAL": bilingual("卫生", "Health"),
    "INTR": bilingual("国际事务", "International issues"),
    "JUST": bilingual("司法、法律制度和公共安全", "Justice, legal system and public safety"),
    "OP_DATPRO": bilingual("临时数据", "Provisional data"),
    "REGI": bilingual("地区和城市", "Regions and cities"),
    "SOCI": bilingual("人口和社会", "Population and society"),
    "TECH": bilingual("科学和技术", "Science and technology"),
    "TRAN": bilingual("交通", "Transport"),
}

# ISO 639-1 → the table's code. A language that is missing here is left out of DCAT, not guessed.
_LANGUAGES = {
    "ar": "ARA", "bg": "BUL", "bn": "BEN", "bo": "BOD", "ca": "CAT", "cs": "CES", "cy": "CYM", "da": "DAN",
    "de": "DEU", "el": "ELL", "en": "ENG", "es": "SPA", "et": "EST", "eu": "EUS", "fa": "FAS", "fi": "FIN",
    "fr": "FRA", "ga": "GLE", "gl": "GLG", "he": "HEB", "hi": "HIN", "hr": "HRV", "hu": "HUN", "id": "IND",
    "is": "ISL", "it": "ITA", "ja": "JPN", "ka": "KAT", "kk": "KAZ", "km": "KHM", "ko": "KOR", "lo": "LAO",
    "lt": "LIT", "lv": "LAV", "mk": "MKD", "mn": "MON", "ms": "MSA", "mt": "MLT", "my": "MYA", "nb": "NOB",
    "ne": "NEP", "nl": "NLD", "nn": "NNO", "no": "NOR", "pl": "POL", "pt": "POR", "ro": "RON", "ru": "RUS",
    "sk": "SLK", "sl": "SLV", "sq": "SQI", "sr": "SRP", "sv": "SWE", "sw": "SWA", "ta": "TAM", "te": "TEL",
    "th": "THA", "tl": "TGL", "tr": "TUR", "ug": "UIG", "uk": "UKR", "ur": "URD", "uz": "UZB", "vi": "VIE",
    "za": "ZHA", "zh": "ZHO",
}  # fmt: skip


def language(tag: str) -> Node | None:
    code = _LANGUAGES.get(re.split("[-_]", tag, maxsplit=1)[0].lower())
    return node(f"{AUTHORITY}language/{code}", "dct:LinguisticSystem") if code else None


def access_right(code: str) -> Node:
    return node(f"{AUTHORITY}access-right/{code}", "dct:RightsStatement")


def frequency(cycle: Concept | None) -> Node | None:
    for uri in cycle.uris if cycle else ():
        if uri.startswith(_FREQUENCY):
            return node(uri, "dct:Frequency")
    return None


def theme(concept: Concept, uri: str) -> Node:
    label = _THEME_LABELS.get(uri.rsplit("/", 1)[-1], concept.label) if uri.startswith(f"{THEMES}/") else concept.label
    return node(uri, "skos:Concept", skos_prefLabel=texts(label))


def theme_table() -> Node:
    return node(THEMES, "skos:ConceptScheme", dct_title=texts(bilingual("欧盟数据主题", "EU data themes")))


def synthetic() -> Node:
    label = texts(bilingual("合成数据", "Synthetic data"))
    return node(f"{AUTHORITY}dataset-type/SYNTHETIC_DATA", "skos:Concept", skos_prefLabel=label)


def withdrawn() -> Node:
    label = texts(bilingual("已撤回", "Withdrawn"))
    return node(f"{AUTHORITY}dataset-status/WITHDRAWN", "skos:Concept", skos_prefLabel=label)


def file_type(code: str) -> Node | None:
    # The table's codes are capitals, digits and _; anything else would be no entry of it.
    known = re.fullmatch("[A-Z0-9_]+", code)
    return node(f"{AUTHORITY}file-type/{code}", "dct:MediaTypeOrExtent") if known else None


def media_type(name: str) -> Node | None:
    bare = name.split(";", 1)[0].strip().lower()
    known = re.fullmatch(r"[a-z]+/[a-z0-9][a-z0-9!#$&^_.+-]*", bare)
    return node(_IANA + bare.replace("^", "%5E"), "dct:MediaType") if known else None


def checksum_algorithm() -> Node:
    return node(SHA256, "spdx:ChecksumAlgorithm")


def reference_system(crs: str, else_iri: str) -> Node | None:
    """``EPSG:4490`` at OGC's register; one without an entry there (GCJ-02) under an address of ours."""
    if not crs:
        return None
    epsg = re.fullmatch(r"EPSG:(\d+)", crs)
    iri = f"http://www.opengis.net/def/crs/EPSG/0/{epsg[1]}" if epsg else else_iri
    return node(iri, "dct:Standard", dct_title=literal(crs))
