"""Citations, read by what reads them: a parser of BibTeX, one of RIS, the schema of CSL-JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import citation
from generator.config import Portal
from generator.public import Agency, Dataset
from generator.text import Text, bilingual
from tests.take.conftest import Site

PORTAL = Portal(
    bilingual("江门市公共数据开放目录", "Jiangmen Open Public Data"), Text(), "https://data.example.gov.cn/opendata/",
    place=bilingual("江门", "Jiangmen"),
)  # fmt: skip
AGENCY = Agency("statistics", bilingual("江门市统计局", "Jiangmen Bureau of Statistics"))
SCHEMA = json.loads((Path(__file__).parent / "schema/csl-data.json").read_text("utf-8"))
TEXTS = st.text(alphabet=st.characters(codec="utf-8") | st.sampled_from("{}\\%&#_$~^\"',\n"), min_size=1)


def dataset(**values: Any) -> Dataset:
    known: dict[str, Any] = {
        "name": "divisions", "title": bilingual("区划 50%", "Divisions & {codes}"), "description": Text(), "openness": "unconditional",
        "agency": AGENCY, "resources": (), "version": "2", "modified": "2026-01-05",
    }  # fmt: skip
    return Dataset(**(known | values))


def cited(lang: str, **values: Any) -> citation.Citation:
    return citation.citation(dataset(**values), PORTAL, lang)


def test_chinese_text_follows_gb_t_7714() -> None:
    assert citation.text(cited("zh"), "zh") == (
        "江门市统计局. 区划 50%[DS/OL]. 2 版. 江门: 江门市公共数据开放目录, 2026(2026-01-05)[引用日期]. "
        "https://data.example.gov.cn/opendata/dataset/divisions/."
    )
    bare = citation.text(cited("zh", version="", modified="", id="https://doi.org/10.5072/abc"), "zh")
    assert bare == (
        "江门市统计局. 区划 50%[DS/OL]. 江门: 江门市公共数据开放目录[引用日期]. "
        "https://data.example.gov.cn/opendata/dataset/divisions/. DOI: 10.5072/abc."
    )


def test_english_text_follows_apa() -> None:
    assert citation.text(cited("en"), "en") == (
        "Jiangmen Bureau of Statistics. (2026). Divisions & {codes} (Version 2) [Data set]. Jiangmen Open Public Data. "
        "https://data.example.gov.cn/opendata/en/dataset/divisions/"
    )
    bare = citation.text(cited("en", version="", modified="", id="doi:10.5072/abc"), "en")
    assert bare.endswith(
        "(n.d.). Divisions & {codes} [Data set]. Jiangmen Open Public Data. https://doi.org/10.5072/abc"
    )


def bibtex_of(text: str) -> tuple[str, dict[str, str]]:
    pybtex = pytest.importorskip("pybtex.database", reason="pybtex is not installed")
    parsed = pybtex.parse_string(text, "bibtex")
    ((key, entry),) = parsed.entries.items()
    people = [str(person) for person in entry.persons.get("author", ())]
    return key, {**dict(entry.fields), "author": "; ".join(people)}


_PLAIN = {
    "\\textbraceleft{}": "{", "\\textbraceright{}": "}", "\\textbackslash{}": "\\", "\\textasciitilde{}": "~",
    "\\textasciicircum{}": "^", **{f"\\{sign}": sign for sign in "&%$#_"},
}  # fmt: skip


def plain(tex: str) -> str:
    tex = tex.removeprefix("{").removesuffix("}") if tex.startswith("{") else tex
    return re.sub("|".join(map(re.escape, _PLAIN)), lambda found: _PLAIN[found[0]], tex)


@given(TEXTS, TEXTS)
def test_bibtex_parses_back_to_what_went_in(title: str, version: str) -> None:
    known = cited("en", title=Text(title, "en"), version=version)
    key, fields = bibtex_of(citation.bibtex(known))
    assert key == "divisions"
    assert plain(fields["title"]) == known.title
    assert plain(fields.get("version", "")) == known.version
    assert fields["author"] == "{Jiangmen Bureau of Statistics}"
    assert (fields["year"], fields["url"]) == ("2026", known.url)


@given(TEXTS)
def test_bibtex_keys_are_keys(name: str) -> None:
    key, _ = bibtex_of(citation.bibtex(cited("zh", name=name)))
    assert re.fullmatch(r"[A-Za-z0-9._:-]+", key)


@given(TEXTS, TEXTS)
def test_ris_parses_back_to_what_went_in(title: str, keyword: str) -> None:
    rispy = pytest.importorskip("rispy", reason="rispy is not installed")
    known = cited("zh", title=Text(title), keywords=(Text(keyword), Text("区划")), description=Text("甲\n\nER  - \n乙"))
    text = citation.ris(known)
    assert text.count("\r\n") == len(text.split("\n")) - 1
    (entry,) = rispy.loads(text)
    assert entry["type_of_reference"] == "DATA"
    assert entry["title"] == known.title
    assert entry["authors"] == ["江门市统计局,"]
    assert entry["keywords"] == [each for each in known.keywords if each]
    assert entry["abstract"] == "甲 ER - 乙"
    assert (entry["year"], entry["date"], entry["edition"]) == ("2026", "2026/01/05", "2")


@given(TEXTS, st.sampled_from(["", "2026", "2026-01", "2026-01-05", "2026-01-05T08:00:00Z", "soon"]))
def test_csl_json_obeys_its_schema(title: str, day: str) -> None:
    known = cited("zh", title=Text(title), modified=day, created="", keywords=(Text("甲"),), id="10.5072/x")
    found = json.loads(citation.csl_json(known))
    jsonschema.validate(found, SCHEMA)
    assert found[0]["title"] == known.title
    assert found[0]["DOI"] == "10.5072/x"
    assert ("issued" in found[0]) == bool(known.day)


@pytest.mark.parametrize(("suffix", "form"), citation.FORMATS.items())
@pytest.mark.parametrize("lang", ["", "en/"])
def test_page_links_the_files_and_shows_what_is_in_them(
    site: Site, lang: str, suffix: str, form: Callable[[citation.Citation], str]
) -> None:
    page = (site.folder / lang / "dataset/parks/index.html").read_text("utf-8")
    assert f'href="parks.{suffix}" download' in page
    file = (site.folder / lang / f"dataset/parks/parks.{suffix}").read_text("utf-8")
    assert ("公园" if not lang else "Parks") in file
    assert f"{site.url}{lang}dataset/parks/" in file


def test_day_of_reading_is_marked_for_the_script(site: Site) -> None:
    page = (site.folder / "dataset/parks/index.html").read_text("utf-8")
    assert '2024(2024-03-05)[<span class="today">引用日期</span>]. ' in page
    assert 'class="today"' not in (site.folder / "en/dataset/parks/index.html").read_text("utf-8")
