"""How a dataset is cited: as text, and in the formats of reference managers.

Chinese text follows GB/T 7714-2015 (a dataset online, [DS/OL]), English text APA's 7th edition. The day on which a
reader looked is not known here: GB/T wants it, so its place is marked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote

from generator import public
from generator.config import Portal
from generator.text import LANGUAGES, Text

CITED = {"zh": "引用日期", "en": ""}
"""What stands in the text where the day belongs on which the reader looked; empty where none is wanted."""

_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:)?(10\.\d{4,9}/[^\s{}%\\]+)", re.IGNORECASE)
_NOT_IN_KEY = re.compile(r"[^A-Za-z0-9._:-]+")


class Citation(NamedTuple):
    """What is known, each in the language of the reader as far as there is a translation; one line each."""

    key: str
    lang: str
    """Of the title."""
    author: str
    title: str
    version: str
    place: str
    publisher: str
    """The portal: it is where the data are found."""
    day: str
    """``2023``, ``2023-09`` or ``2023-09-11``; empty when nothing is known."""
    url: str
    doi: str
    abstract: str
    keywords: tuple[str, ...]

    @property
    def year(self) -> str:
        return self.day[:4]


def citation(dataset: public.Dataset, portal: Portal, lang: str) -> Citation:
    title, language = dataset.title.to(lang)
    day = _DAY.match(dataset.modified or dataset.created)
    doi = _DOI.fullmatch(dataset.id)
    return Citation(
        key=_NOT_IN_KEY.sub("-", dataset.name).strip("-") or "dataset",
        lang=language,
        author=_short(dataset.agency.name, lang),
        title=_one_line(title) or _one_line(dataset.name),
        version=_one_line(dataset.version),
        place=_short(portal.place, lang),
        publisher=_short(portal.title, lang),
        day=day[0] if day else "",
        url=page(dataset, portal, lang),
        doi=doi[1] if doi else "",
        abstract=_one_line(dataset.description.to(lang)[0]),
        keywords=tuple(_one_line(keyword.to(lang)[0]) for keyword in dataset.keywords),
    )


def page(dataset: public.Dataset, portal: Portal, lang: str) -> str:
    prefix = "" if lang == LANGUAGES[0] else f"{lang}/"
    return f"{portal.url}{prefix}dataset/{quote(dataset.name, safe='-._~')}/"


def text(known: Citation, lang: str) -> str:
    return _gb_t_7714(known) if lang == "zh" else _apa(known)


def _gb_t_7714(known: Citation) -> str:
    """主要责任者. 题名[DS/OL]. 版本. 出版地: 出版者, 年(更新日期)[引用日期]. 获取路径."""
    version = f" {known.version} 版." if known.version else ""
    publisher = f"{known.place}: {known.publisher}" if known.place else known.publisher
    dated = f", {known.year}({known.day})" if known.day else ""
    doi = f" DOI: {known.doi}." if known.doi else ""
    return f"{known.author}. {known.title}[DS/OL].{version} {publisher}{dated}[{CITED['zh']}]. {known.url}.{doi}"


def _apa(known: Citation) -> str:
    """Author. (Year). Title (Version x) [Data set]. Publisher. URL, which nothing follows."""
    author = known.author if known.author.endswith(".") else f"{known.author}."
    version = f" (Version {known.version})" if known.version else ""
    where = f"https://doi.org/{known.doi}" if known.doi else known.url
    return f"{author} ({known.year or 'n.d.'}). {known.title}{version} [Data set]. {known.publisher}. {where}"


def bibtex(known: Citation) -> str:
    """``@misc``, which BibTeX's old styles know as well as biblatex."""
    values = {
        "author": "{" + _tex(known.author) + "}",  # one name, not "first last"
        "title": "{" + _tex(known.title) + "}",  # its capitals stay
        "year": known.year,
        "date": known.day,
        "version": _tex(known.version),
        "howpublished": _tex(known.publisher),
        "publisher": _tex(known.publisher),
        "address": _tex(known.place),
        "doi": known.doi,
        "url": known.url,
        "langid": {"zh": "chinese", "en": "english"}.get(known.lang, ""),
        "note": "Data set",
    }
    lines = [f"  {name} = {{{value}}}" for name, value in values.items() if value]
    return f"@misc{{{known.key},\n" + ",\n".join(lines) + "\n}\n"


def ris(known: Citation) -> str:
    """Lines end as in DOS: the format's description and EndNote want it."""
    return "".join(f"{tag}  - {value}\r\n" for tag, value in _ris(known))


def _ris(known: Citation) -> Iterator[tuple[str, str]]:
    yield "TY", "DATA"
    values = {
        "ID": known.key,
        "AU": f"{known.author},",  # with the comma it is one name, whose last word is no surname
        "TI": known.title,
        "PY": known.year,
        "DA": known.day.replace("-", "/"),
        "ET": known.version,
        "CY": known.place,
        "PB": known.publisher,
        "DO": known.doi,
        "UR": known.url,
        "LA": known.lang,
        "AB": known.abstract,
    }
    yield from ((tag, value) for tag, value in values.items() if value)
    yield from (("KW", keyword) for keyword in known.keywords if keyword)
    yield "ER", ""


def csl_json(known: Citation) -> str:
    values: dict[str, Any] = {
        "id": known.key,
        "type": "dataset",
        "title": known.title,
        "author": [{"literal": known.author}],
        "issued": {"date-parts": [[int(part) for part in known.day.split("-")]]} if known.day else None,
        "version": known.version,
        "publisher": known.publisher,
        "publisher-place": known.place,
        "DOI": known.doi,
        "URL": known.url,
        "language": known.lang,
        "abstract": known.abstract,
        "keyword": ", ".join(filter(None, known.keywords)),
    }
    return json.dumps([{name: value for name, value in values.items() if value}], ensure_ascii=False, indent=1) + "\n"


FORMATS = {"bib": bibtex, "ris": ris, "csl.json": csl_json}
"""By the file name's end."""


@lru_cache(4096)  # agencies and the portal come with every dataset
def _short(words: Text, lang: str) -> str:
    return _one_line(words.to(lang)[0])


_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def _one_line(words: str) -> str:
    line = " ".join(words.split())
    return line if line.isprintable() else _FORBIDDEN.sub("\ufffd", line)


# Braces by name: BibTeX counts them, with a backslash before them or not.
_TEX = str.maketrans(
    {sign: f"\\{sign}" for sign in "&%$#_"}
    | {
        "{": "\\textbraceleft{}", "}": "\\textbraceright{}", "\\": "\\textbackslash{}",
        "~": "\\textasciitilde{}", "^": "\\textasciicircum{}",
    }
)  # fmt: skip


@lru_cache(4096)
def _tex(line: str) -> str:
    return line.translate(_TEX)
