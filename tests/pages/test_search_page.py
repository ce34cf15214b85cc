"""The search as a reader uses it, in a catalogue that is large enough for shards and for several pages of results."""

from __future__ import annotations

import functools
import http.server
import json
import threading
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from generator.pages import lists
from generator.public import Catalog, Dataset
from generator.search import files
from tests.pages.catalogue import catalogue, many, write
from tests.pages.conftest import _Strict
from tests.pages.test_pages_browser import open_page  # noqa: F401  the fixture

Open = Callable[..., Any]
AXE = Path("/tmp/kit-node/node_modules/axe-core/axe.min.js")
MANY = 90


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Catalog]:
    folder = tmp_path_factory.mktemp("search")
    (folder / "data").mkdir()
    made = catalogue(folder / "data")
    made = replace(made, datasets=tuple(sorted((*made.datasets, *many(MANY)), key=lambda each: each.name)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files.files, "__kwdefaults__", {"small": 10, "shard": 3000})
        write(made, folder / "site")
    return folder / "site", made


@pytest.fixture(scope="module")
def address(large: tuple[Path, Catalog]) -> Iterator[str]:
    handler = functools.partial(_Strict, directory=str(large[0]))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/opendata/"
        server.shutdown()


def status(page: Any, text: str) -> None:
    page.wait_for_selector(f"#results-count:has-text('{text}')", timeout=20_000)


def asked(page: Any) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


# ---- finding


def test_search_from_the_header_of_a_prose_page(open_page: Open) -> None:  # noqa: F811
    page = open_page("use/")
    page.fill("#q", "公交站")
    page.keyboard.press("Enter")
    status(page, "找到 1 个数据集")
    assert page.inner_text(".card h3") == "公交站点与刷卡记录"
    assert page.input_value("#finder-q") == "公交站"
    assert page.locator(".card h3 mark").inner_text() == "公交站"


def test_chinese_is_found_in_the_english_pages_and_mixed_with_english(open_page: Open) -> None:  # noqa: F811
    page = open_page("en/catalog/?q=站点+BUS")
    status(page, "1 dataset found")
    assert page.inner_text(".card h3") == "Bus stops and card records"
    assert "column 站点编号" in page.inner_text(".card .matched")


@pytest.mark.parametrize("query", ["gongjiao", "gj", "gongjiaozhand"])
def test_pinyin_helps_and_says_so(open_page: Open, query: str) -> None:  # noqa: F811
    page = open_page(f"catalog/?q={query}")
    status(page, "按同义词或拼音")
    card = page.locator(".card", has_text="公交站点与刷卡记录")
    assert card.locator("h3 mark").inner_text() in ("公交", "公交站点")
    assert f"拼音 {query}" in card.locator(".matched").inner_text()


def test_synonym_helps_and_says_so(open_page: Open) -> None:  # noqa: F811
    page = open_page("catalog/?q=巴士")
    status(page, "按同义词或拼音")
    assert "同义词 公交" in page.inner_text(".card .matched")


def test_every_result_says_why(open_page: Open) -> None:  # noqa: F811
    """公共交通 is *public transport*, which the words *public* and *transport* apart are not."""
    page = open_page("catalog/?q=公共交通")
    status(page, "找到 1 个数据集")
    assert "同义词" in page.inner_text(".card .matched")


@pytest.mark.parametrize("path", ["catalog/?q=jiaotongyunshu", "en/catalog/?q=jtys"])
def test_reading_of_a_theme_or_agency_is_told_too(open_page: Open, path: str) -> None:  # noqa: F811
    page = open_page(path)
    page.wait_for_selector(".card .matched")
    for card in page.locator(".cards > .card").all():
        assert card.locator("mark").count() > 0
        assert f"{path.partition('=')[2]}" in card.locator(".matched").inner_text()


def test_pages_of_the_site_are_found_too(open_page: Open) -> None:  # noqa: F811
    page = open_page("catalog/?q=Parquet")
    page.wait_for_selector("#prose:not([hidden]) a")
    assert page.locator("#prose mark").count() > 0
    page.click("#prose a")
    assert page.locator("article").count() == 1


def test_texts_of_prose_pages_are_read_at_the_end_of_the_results_only(open_page: Open) -> None:  # noqa: F811
    page = open_page("about/")
    asked_for: list[str] = []
    page.on("request", lambda request: asked_for.append(urlsplit(request.url).path.rpartition("/")[2]))
    page.fill("#q", "数据")
    page.keyboard.press("Enter")
    status(page, "找到")
    page.wait_for_selector(".cards > .card >> nth=19")
    page.wait_for_timeout(300)
    assert "start.bin" in asked_for
    assert "pages.json" not in asked_for
    page.locator(".pager").last.scroll_into_view_if_needed()
    page.wait_for_selector("#prose:not([hidden]) a")
    assert "pages.json" in asked_for


def test_nothing_found_offers_near_words_and_a_way_to_ask(open_page: Open) -> None:  # noqa: F811
    page = open_page("en/catalog/?q=temparature")
    status(page, "No dataset found")
    page.wait_for_selector("#near a")
    assert page.inner_text("#near") == "Did you mean: temperature"
    assert page.get_attribute("#nothing p:last-child a", "href").endswith("/en/demand/")
    page.click("#near a")
    status(page, "1 dataset found")
    assert asked(page) == {"q": ["temperature"]}
    page.fill("#finder-q", "公交站飞")
    page.wait_for_selector("#near a >> text=公交站")


def test_nothing_found_but_without_the_filters(open_page: Open) -> None:  # noqa: F811
    page = open_page("catalog/?q=公交站&theme=health")
    status(page, "没有找到")
    page.wait_for_selector("#near a")
    assert page.inner_text("#near") == "不限所选的条件，可以找到： 公交站"
    page.click("#near a")
    status(page, "找到 1 个数据集")
    assert asked(page) == {"q": ["公交站"]}
    assert not page.is_checked("input[name=theme][value=health]")


# ---- facets


def expected(made: Catalog, facet: str, keep: Callable[[Dataset], bool]) -> Counter[str]:
    return Counter(value for each in made.datasets if keep(each) for value in lists.values(facet, each))


def shown(page: Any, facet: str) -> Counter[str]:
    return Counter(
        dict(
            page.evaluate(
                "(facet) => [...document.querySelectorAll(`.facet input[name=${facet}]`)].map((box) => [box.value, Number(box.parentElement.querySelector('.count').textContent)])",
                facet,
            )
        )
    )


def test_counts_take_account_of_the_other_facets_and_of_the_words(open_page: Open, large: tuple[Path, Catalog]) -> None:  # noqa: F811
    made = large[1]
    page = open_page("catalog/?q=统计&theme=transport&theme=health&cycle=monthly")

    def has_words(each: Dataset) -> bool:
        return (
            "统计"
            in f"{each.title.main} {each.description.main} {each.agency.name.main} {[str(k) for k in each.keywords]}"
        )

    def fits(each: Dataset, *facets: str) -> bool:
        chosen = {"theme": {"transport", "health"}, "cycle": {"monthly"}}
        return has_words(each) and all(chosen[facet] & set(lists.values(facet, each)) for facet in facets)

    both = sum(fits(each, "theme", "cycle") for each in made.datasets)
    assert both > 1
    status(page, f"找到 {both} 个数据集")
    assert +shown(page, "theme") == expected(made, "theme", lambda each: fits(each, "cycle"))
    assert +shown(page, "cycle") == expected(made, "cycle", lambda each: fits(each, "theme"))
    for facet in ("agency", "openness", "format", "year", "licence"):
        assert +shown(page, facet) == expected(made, facet, lambda each: fits(each, "theme", "cycle")), facet


def test_every_facet_can_be_chosen_and_is_in_the_address(open_page: Open) -> None:  # noqa: F811
    page = open_page("catalog/")
    before = page.inner_text("#results-count")
    for selector in ("[name=format][value=CSV]", "[name=licence]", "[name=year][value='2024']"):
        page.check(f"input{selector} >> nth=0")
    status(page, "找到")
    assert asked(page) == {"format": ["CSV"], "licence": ["CC-BY-4.0"], "year": ["2024"]}
    count = page.inner_text("#results-count")
    page.reload()
    status(page, count)
    page.click("text=清除筛选")
    status(page, before)
    assert urlsplit(page.url).query == ""


# ---- addresses


def test_typing_is_one_step_back_and_each_choice_one(open_page: Open) -> None:  # noqa: F811
    page = open_page("catalog/")
    start = page.evaluate("history.length")
    page.click("#finder-q")
    for part in ("公", "公交", "公交站"):
        page.fill("#finder-q", part)
        page.wait_for_function("(q) => new URLSearchParams(location.search).get('q') === q", arg=part)
    status(page, "找到 1 个数据集")
    assert page.evaluate("history.length") == start + 1
    page.check("input[name=theme][value=health]")
    status(page, "没有找到")
    page.go_back()
    status(page, "找到 1 个数据集")
    assert not page.is_checked("input[name=theme][value=health]")
    page.go_back()
    page.wait_for_function("() => location.search === ''")
    assert page.input_value("#finder-q") == ""
    page.go_forward()
    status(page, "找到 1 个数据集")
    assert page.input_value("#finder-q") == "公交站"


def test_what_is_typed_before_the_script_is_there_is_searched(open_page: Open, address: str) -> None:  # noqa: F811
    page = open_page("about/")
    page.route("**/catalog.*.js", lambda route: (page.wait_for_timeout(600), route.continue_()))
    page.goto(address + "catalog/", wait_until="commit")
    page.wait_for_selector("#finder-q")
    page.fill("#finder-q", "公交站")
    status(page, "找到 1 个数据集")
    assert page.input_value("#finder-q") == "公交站"


def test_results_have_pages_with_addresses(open_page: Open) -> None:  # noqa: F811
    page = open_page("en/catalog/?q=topic")
    status(page, f"{MANY} datasets found")
    first = page.inner_text(".card h3 >> nth=0")
    assert page.locator(".cards > .card").count() == 20
    page.click(".pager >> text=Next")
    page.wait_for_function("() => new URLSearchParams(location.search).get('page') === '2'")
    page.wait_for_selector(".pager [aria-current]:text-is('2')")
    assert page.inner_text(".card h3 >> nth=0") != first
    assert page.evaluate("document.activeElement.id") == "results-count"
    page.go_back()
    page.wait_for_selector(".pager [aria-current]:text-is('1')")
    page.goto(page.url + "&page=5")
    page.wait_for_selector(".pager [aria-current]:text-is('5')")
    assert page.locator(".cards > .card").count() == MANY - 80


@pytest.mark.parametrize("sort", ["modified", "title", "size"])
def test_results_are_sorted(open_page: Open, large: tuple[Path, Catalog], sort: str) -> None:  # noqa: F811
    page = open_page(f"en/catalog/?q=statistics&sort={sort}")
    status(page, "datasets found")
    titles = page.locator(".card h3").all_inner_texts()
    by_title = {each.title.to("en")[0]: each for each in large[1].datasets}
    keys: dict[str, Callable[[Dataset], Any]] = {
        "modified": lambda each: -int(each.modified.replace("-", "")),
        "title": lambda each: each.title.to("en")[0].casefold(),
        "size": lambda each: -sum(max((d.bytes for d in r.distributions), default=0) for r in each.resources),
    }
    found = [keys[sort](by_title[title]) for title in titles]
    assert found == sorted(found)
    assert len(found) == 20
    if sort == "size":
        assert "kB" in page.inner_text(".card-facts >> nth=0")


def test_switch_of_language_keeps_what_was_asked(open_page: Open) -> None:  # noqa: F811
    page = open_page("catalog/?q=公交站&openness=mixed")
    status(page, "找到 1 个数据集")
    page.click(".language")
    status(page, "1 dataset found")
    assert asked(page) == {"q": ["公交站"], "openness": ["mixed"]}


def test_results_of_an_older_question_never_show(open_page: Open, address: str) -> None:  # noqa: F811
    page = open_page("catalog/?q=统计")
    status(page, "找到")
    page.evaluate(
        "for (const q of ['气温', '公交站', '区划代码']) { const i = document.querySelector('#finder-q'); i.value = q; i.form.requestSubmit() }"
    )
    page.wait_for_selector(".card h3 >> text=行政区划代码")
    page.wait_for_timeout(300)
    assert page.locator(".card h3").all_inner_texts() == ["江门市行政区划代码"]


# ---- keyboard, screen reader, no script


def test_slash_leads_to_the_search_and_can_be_turned_off(open_page: Open, address: str) -> None:  # noqa: F811
    for path, box in (("use/", "q"), ("", "hero-q"), ("catalog/", "finder-q")):
        page = open_page(path)
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.id") == box
    page.keyboard.type("a/b")
    assert page.input_value("#finder-q") == "a/b"
    page.keyboard.press("Escape")
    assert page.input_value("#finder-q") == ""
    page.click("#shortcut")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "shortcut"
    assert page.inner_text("#shortcut") == "快捷键 /：关"


def test_search_by_keyboard_alone(open_page: Open) -> None:  # noqa: F811
    page = open_page("catalog/")
    page.keyboard.press("/")
    page.keyboard.type("统计")
    status(page, "找到")
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.card h3') !== null"):
            break
    page.keyboard.press("Enter")
    page.wait_for_selector("#preview, .dataset")
    assert "/dataset/" in page.url


def test_screen_readers_are_told_the_number(open_page: Open) -> None:  # noqa: F811
    page = open_page("en/catalog/")
    page.evaluate(
        "new MutationObserver(() => { globalThis.told = (globalThis.told ?? []).concat(document.querySelector('[role=status]').textContent) }).observe(document.querySelector('[role=status]'), { childList: true, characterData: true, subtree: true })"
    )
    page.fill("#finder-q", "divisions")
    status(page, "found")
    assert page.evaluate("told.at(-1)").startswith("1 dataset found")


def test_without_javascript_the_search_says_what_to_do(open_page: Open) -> None:  # noqa: F811
    page = open_page("about/", java_script_enabled=False)
    page.fill("#q", "公交")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert urlsplit(page.url).path == "/opendata/catalog/"
    assert asked(page) == {"q": ["公交"]}
    assert "搜索和多项筛选需要 JavaScript" in page.inner_text(".results")
    assert page.locator(".cards > .card").count() == 50
    assert page.is_visible(".filters a >> text=交通运输")
    assert not page.is_visible("#nothing")
    assert not page.is_visible("#shortcut")


def test_index_that_is_gone_is_told_and_the_list_stays(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.route("**/start.bin", lambda route: route.abort())
    page.goto(address + "catalog/?q=x")
    status(page, "目录读取失败")
    assert page.is_visible(".cards > .card >> nth=0")
    page.close()


# ---- looks


@pytest.mark.parametrize(
    "path", ["catalog/?q=统计", "en/catalog/?q=gongjiao", "catalog/?q=没有这样的", "en/catalog/?sort=title&page=5"]
)
def test_results_never_scroll_sideways(open_page: Open, path: str) -> None:  # noqa: F811
    page = open_page(path, width=320)
    page.wait_for_function("() => !document.documentElement.classList.contains('searching')")
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core of the conformance kit is not installed")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["catalog/?q=公交站", "en/catalog/?q=temparature", "catalog/?q=统计&page=2", "use/"])
def test_axe_finds_nothing(browser: Any, address: str, path: str, scheme: str) -> None:
    for width in (390, 1280):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
        page = context.new_page()
        page.goto(address + path)
        page.wait_for_function("() => !document.documentElement.classList.contains('searching')")
        page.wait_for_timeout(200)
        page.add_script_tag(path=str(AXE))
        violations = page.evaluate(
            "axe.run().then((result) => result.violations.map((each) => [each.id, each.nodes[0].html]))"
        )
        context.close()
        assert violations == []


# ---- what is in the files


def test_search_files_hold_no_more_than_pages_show(pages_site: Path) -> None:
    [start] = (pages_site / "catalog/search").glob("*/start.bin")
    content = zlib.decompress(start.read_bytes())
    head = json.loads(content[4 : 4 + int.from_bytes(content[:4], "little")])
    by_name = {name: (fields, size) for name, _, _, _, fields, _, size, _ in head["documents"]}
    assert by_name["clinic-visits"] == (["clinic", "机构代码", "Clinic code", "visits", "门诊人次", "Visits"], 0)
    formats = head["facets"]["format"]
    assert [each["id"] for each in formats["values"]] == ["CSV", "Parquet"]
