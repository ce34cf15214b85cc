"""What the pages say, read from their HTML."""

from __future__ import annotations

import hashlib
import os
import pickle
import re
from dataclasses import replace
from functools import partial
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml

from generator import pages, vocabularies
from generator.pages import assets, cards, recipes, show
from generator.pages import dataset as dataset_page
from generator.pages.templates import Templates
from generator.pages.words import words
from generator.public import Dataset, Distribution, Field, Resource, Schema
from generator.shell import Shell, slot
from generator.text import Text
from tests.pages.catalogue import PORTAL, PROJECT, STATISTICS, catalogue, many, structured, write

TEMPLATES = PROJECT / "site_src/templates"
SHELLS = {
    lang: Shell.from_html(lang, f"<title>{slot('title')}</title>{slot('head')}{slot('body')}") for lang in ("zh", "en")
}


def page(site: Path, path: str) -> str:
    return (site / path / "index.html").read_text("utf-8")


def test_conditional_dataset_has_no_download_link(pages_site: Path) -> None:
    html = page(pages_site, "dataset/clinic-visits")
    assert "如何申请" in html
    assert "15 个工作日" in html
    # Citations are all that there is to take.
    assert re.findall(r'href="([^"]*)" download>', html) == [
        f"clinic-visits.{end}" for end in ("bib", "ris", "csl.json")
    ]
    assert "data/clinic-visits/visits" not in html


def test_closed_dataset_gives_its_reason(pages_site: Path) -> None:
    html = page(pages_site, "dataset/infection-reports")
    assert "为什么不开放" in html
    assert "涉及个人隐私和公共卫生安全。" in html
    assert "如何读取" not in html


def test_mixed_dataset_says_what_is_open(pages_site: Path) -> None:
    html = page(pages_site, "en/dataset/bus-stops")
    listed = re.findall(r'<li><span class="badge (\w+)">[^<]*</span> (?:<a[^>]*>)?(?:<span[^>]*>)?([^<]+)', html)
    assert listed == [
        ("unconditional", "Stops"), ("unconditional", "线路"), ("conditional", "Card records"), ("closed", "车内监控"),
    ]  # fmt: skip


def test_text_in_another_language_is_marked_and_noted(pages_site: Path) -> None:
    html = page(pages_site, "en/dataset/infection-reports")
    assert '<span lang="zh-CN">传染病个案报告</span>' in html
    assert '<span class="fallback">Chinese only</span>' in html
    assert '<p lang="zh-CN">法定传染病个案报告卡。</p>' in html
    assert '<span lang="de">bare</span>' in page(pages_site, "dataset/bare")


def test_missing_cell_is_told_from_an_empty_one(pages_site: Path) -> None:
    html = page(pages_site, "dataset/jiangmen-divisions")
    assert '<td>堤东街道</td><td>街道</td><td class="n">2.14</td><td class="n"><i>null</i></td><td></td>' in html
    assert "null 表示缺失" in html


def test_demonstration_data_say_so(pages_site: Path) -> None:
    assert "no observations" in page(pages_site, "en/dataset/weather-hourly")
    assert "示例数据" in page(pages_site, "catalog")


def test_head_names_the_page_in_both_languages(pages_site: Path) -> None:
    html = page(pages_site, "en/dataset/bus-stops")
    root = "https://data.example.gov.cn/opendata/"
    assert f'<link rel="canonical" href="{root}en/dataset/bus-stops/">' in html
    assert f'<link rel="alternate" hreflang="zh" href="{root}dataset/bus-stops/">' in html
    assert f'<link rel="alternate" hreflang="x-default" href="{root}dataset/bus-stops/">' in html
    [description] = re.findall(r'<meta name="description" content="([^"]*)"', html)
    assert 50 < len(description) <= 160


def test_pages_hold_no_inline_script_or_style(pages_site: Path) -> None:
    found: list[tuple[str, str]] = []

    class Inline(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            names = dict(attrs)
            code = tag == "script" and "src" not in names and names.get("type") != "application/ld+json"
            if code or tag == "style" or any(name == "style" or name.startswith("on") for name in names):
                found.append((file.name, self.get_starttag_text() or ""))

    for file in pages_site.rglob("*.html"):
        Inline().feed(file.read_text("utf-8"))
    assert found == []


def test_styles_hold_no_address() -> None:
    import material

    found = {
        each.name: each for each in assets.assets(PROJECT / "site_src/assets", Path(material.__path__[0]) / "templates")
    }
    assert b"url(" not in found["kaishu.css"].content
    assert b".md-typeset .admonition" in found["kaishu.css"].content
    for each in found.values():
        assert hashlib.sha256(each.content).hexdigest()[:10] in each.path


def test_long_lists_are_paged(pages_site: Path, tmp_path: Path) -> None:
    from tests.pages.catalogue import catalogue

    site = replace(catalogue(tmp_path), datasets=many(120), agencies=(STATISTICS,))
    files = {
        file.path: file.content
        for file in pages.render_overviews(site, SHELLS, catalog_structured_data=lambda lang: "{}", templates=TEMPLATES)
    }
    assert {"catalog/index.html", "catalog/page/2/index.html", "catalog/page/3/index.html"} <= set(files)
    assert "catalog/page/4/index.html" not in files
    last = files["en/catalog/page/3/index.html"]
    assert isinstance(last, bytes)
    assert last.count(b'<li class="card">') == 20
    assert b'href="../../../../en/catalog/page/2/" rel="prev"' in last


def test_datasets_are_rendered_alike_in_another_process() -> None:
    job = partial(pages.render_datasets, portal=PORTAL, shells=SHELLS, structured_data=structured, templates=TEMPLATES)
    there = pickle.loads(pickle.dumps(job))
    datasets = many(3)
    assert list(there(pickle.loads(pickle.dumps(datasets)))) == list(job(datasets))


def test_shell_wants_every_slot() -> None:
    shell = SHELLS["zh"].partly({"title": "题"})
    assert shell.fill({"head": "", "body": "文"}) == "<title>题</title>文"
    with pytest.raises(KeyError):
        shell.fill({"body": "文"})
    with pytest.raises(ValueError, match="no slot"):
        slot("bdoy")


def test_misspelt_word_in_a_template_stops_the_build(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("{{ t.serach }}")
    (tmp_path / "b.html").write_text("{{ titel }}")
    templates = Templates.read(tmp_path, words("zh"))
    with pytest.raises(AttributeError):
        templates.html("a.html")
    with pytest.raises(Exception, match="titel"):
        templates.html("b.html", title="x")


def test_changed_template_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_text("{{ t.search }}")
    assert Templates.read(tmp_path, words("en")).html("a.html") == "Search"
    file.write_text("{{ t.search }}!")
    os.utime(file, (1, 1))
    assert Templates.read(tmp_path, words("en")).html("a.html") == "Search!"


def test_what_prose_links_is_there_also_in_a_catalogue_without_it(tmp_path: Path) -> None:
    made = catalogue(tmp_path)
    closed = tuple(each for each in made.datasets if each.openness == "closed")
    write(replace(made, datasets=closed, changes=(), missing=(), demands=(), reuses=()), tmp_path / "site")
    assert "catalog/openness/conditional/" in (tmp_path / "site/openness/index.html").read_text("utf-8")
    for prefix in ("", "en/"):
        assert (tmp_path / f"site/{prefix}catalog/openness/conditional/index.html").is_file()


def test_no_word_is_said_twice() -> None:
    """Of two words of one name YAML takes the later one, and a page says something else."""
    source = (PROJECT / "generator/pages/words.yaml").read_text("utf-8")
    keys = re.findall(r"^([^\s:#]+):", source, re.M)
    assert sorted(key for key in set(keys) if keys.count(key) > 1) == []


def test_every_word_is_used_and_in_both_languages() -> None:
    source = PROJECT / "generator/pages/words.yaml"
    entries = yaml.safe_load(source.read_text("utf-8"))
    files = [
        *(PROJECT / "generator").rglob("*.py"),
        *(PROJECT / "site_src").rglob("*.html"),
        *(PROJECT / "site_src").rglob("*.js"),
    ]
    code = "\n".join(file.read_text("utf-8") for file in files)
    made = (
        "openness_",
        "explained_",
        "type_",
        "constraint_",
        "language_",
        "role_",
        "sharing_",
        "nav_",
        "by_",
        "no_sample_",
        "load_",
        "demand_",
        "reuse_",
        "feedback_",
        "form_",
        "subject_",
        "help_",
        "chart_",
        "look_",
        "letter_",
        "score_",  # a test of its own
    )
    pages_of = ("theme_page", "agency_page", "openness_page", "cycle_page")
    unused = [
        key
        for key in entries
        if not re.search(rf"\b{key.removesuffix('_1')}\b", code) and not key.startswith(made) and key not in pages_of
    ]
    single = [key for key, value in entries.items() if set(value) != {"zh", "en"} and not key.endswith("_1")]
    assert unused == []
    assert single == ["only_chinese"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x.cn/a b", '<a href="https://x.cn/a%20b" rel="nofollow noopener">https://x.cn/a b</a>'),
        ("javascript:alert(1)", "javascript:alert(1)"),
        (" JavaScript:alert(1)", "JavaScript:alert(1)"),
        ('https://x"onclick=1', '<a href="https://x%22onclick=1" rel="nofollow noopener">https://x&#34;onclick=1</a>'),
        ("ftp://x", "ftp://x"),
    ],
)
def test_only_web_addresses_become_links(url: str, expected: str) -> None:
    assert show.link(url) == expected


def test_long_text_becomes_paragraphs_with_links() -> None:
    shown = show.paragraphs(Text("一。\n二 https://x.cn/a?b=1&c=2。\n\n<b>三</b>"), words("zh"))
    linked = '<a href="https://x.cn/a?b=1&amp;c=2" rel="nofollow noopener">https://x.cn/a?b=1&amp;c=2</a>'
    assert shown == f"<p>一。<br>二 {linked}。</p><p>&lt;b&gt;三&lt;/b&gt;</p>"


@pytest.mark.parametrize(
    ("text", "length", "shown"),
    [
        ("第一句话写在这里。\n第二句在另一行。", 90, "第一句话写在这里。第二句在另一行。"),
        ("十二个字的第一句话在这里。第二句说得比较长", 16, "十二个字的第一句话在这里。"),
        ("短。第二句说得比第一句话要长得多", 12, "短。第二句说得比第一句…"),
        ("One sentence of some words. Another one", 30, "One sentence of some words."),
        ("Version 1.25 of the list of things", 15, "Version 1.25…"),
        ("两\nwords", 9, "两 words"),
        ("张 三", 9, "张 三"),
    ],
)
def test_a_list_shows_whole_sentences_of_a_description(text: str, length: int, shown: str) -> None:
    assert show.opening(text, length) == shown


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (99_949, "99.9 kB"),
        (123_456, "123 kB"),
        (999_600, "1.0 MB"),
        (5_100_000_000, "5.1 GB"),
    ],
)
def test_sizes_are_short(count: int, text: str) -> None:
    assert show.size(count) == text


def _files(*names: str) -> tuple[Distribution, ...]:
    """As the conversion gives them for a table."""
    found = []
    for name in names:
        format_ = vocabularies.format_of(name)
        kind = {"t.csv": "csv", "t.parquet": "parquet", "t.xlsx": "excel", "t-excel.csv": "excel-csv"}[name]
        use = vocabularies.uses()[kind]
        found.append(
            Distribution(
                f"data/x/{name}", format_.label, format_.media_type, 1, "", Path(),
                use=use.use, note=use.note, for_excel=kind.startswith("excel"),
            )
        )  # fmt: skip
    return tuple(found)


@pytest.mark.parametrize("names", [("t.csv", "t.parquet", "t.xlsx"), ("t-excel.csv", "t.csv", "t.parquet")])
def test_code_reads_the_canonical_files_and_not_the_copy_for_excel(names: tuple[str, ...]) -> None:
    codes = _codes(_files(*names))
    base = "https://data.example.gov.cn/opendata/data/x/"
    assert f'Web.Contents("{base}t.csv")' in codes["excel"]
    assert codes["curl"].startswith(f'curl -fL --retry 3 -o t.csv "{base}t.csv"\n')
    assert f"'{base}t.parquet'" in codes["sql"]


def test_only_tables_have_code() -> None:
    assert _codes(_files("t.xlsx")) == {}


def _codes(files: tuple[Distribution, ...]) -> dict[str, str]:
    table = Resource("a", Text(), "unconditional", "table", schema=Schema((Field("a", "string"),)), distributions=files)
    return {each.id: each.code for each in recipes.recipes(table, "x", PORTAL)}


def test_formats_name_each_once_and_the_page_tells_the_files_apart() -> None:
    table = Resource("a", Text(), "unconditional", "table", distributions=_files("t.csv", "t.parquet", "t-excel.csv"))
    workbook = Resource("b", Text(), "unconditional", "table", distributions=_files("t.xlsx"))
    dataset = Dataset("x", Text("x"), Text(), "unconditional", STATISTICS, (table, workbook))
    assert list(cards.formats(dataset)) == ["CSV", "Parquet", "XLSX"]
    told = dataset_page.choices(dataset, words("en"))
    assert {label: use for label, (use, _) in told.items()} == {
        "CSV": "for programs", "Parquet": "for data analysis", "CSV (Excel)": "for Excel", "XLSX": "for Excel",
    }  # fmt: skip
    assert [dataset_page.file(each, "", words("zh")).label for each in table.distributions] == [
        "CSV",
        "Parquet",
        "CSV（Excel）",
    ]


def test_code_quotes_what_a_file_name_may_hold() -> None:
    made = (("data/x/a'b c.csv", "CSV"), ("data/x/a'b c.parquet", "Parquet"))
    codes = _codes(tuple(Distribution(path, format_, "", 1, "", Path()) for path, format_ in made))
    address = '"https://data.example.gov.cn/opendata/data/x/a%27b%20c.csv"'
    assert codes["curl"].startswith(f"curl -fL --retry 3 -o 'a'\\''b c.csv' {address}\n")
