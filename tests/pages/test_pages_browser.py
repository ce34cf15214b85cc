"""The pages in a browser, as a reader meets them, under a policy that forbids all that is inline or foreign."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

Open = Callable[..., Any]


@pytest.fixture
def open_page(browser: Any, address: str) -> Iterator[Open]:
    """Open a page and watch it: whatever it complains of, or asks another host for, fails the test."""
    contexts: list[Any] = []
    troubles: list[str] = []

    def note(trouble: str) -> None:
        if trouble:
            troubles.append(trouble)

    def open_(path: str, *, width: int = 1280, scheme: str = "light", **options: Any) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce", **options
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(5000)
        page.on("console", lambda message: note(message.text if message.type == "error" else ""))
        page.on("pageerror", lambda error: note(str(error)))
        page.on("dialog", lambda dialog: note(f"a dialog: {dialog.message}"))
        page.on("request", lambda request: note("" if request.url.startswith(address) else request.url))
        page.goto(address + path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert troubles == []


def test_hostile_values_are_shown_and_never_run(open_page: Open) -> None:
    for path in ("dataset/hostile/", "en/dataset/hostile/", "agency/evil/", "catalog/", "catalog/?q=script", ""):
        page = open_page(path)
        if "?" in path:
            page.wait_for_selector(".card mark")
        assert "<script>document.title=" in page.inner_text("main"), path
        assert page.title() != "ran"
        assert page.locator("img, main script, [onerror], [onmouseover]").count() == 0
        assert page.locator("a[href^='javascript:' i], a[href^='data:' i]").count() == 0


def test_slots_and_templates_in_data_stay_text(open_page: Open) -> None:
    page = open_page("dataset/hostile/")
    assert "⟦slot body⟧" in page.inner_text("#preview >> xpath=ancestor::section[1]")
    assert page.locator("#preview").count() == 1
    assert "{{ 7*7 }}" in page.inner_text("h1")


def test_language_switch_stays_on_the_page(open_page: Open) -> None:
    page = open_page("dataset/jiangmen-divisions/")
    page.click(".language")
    assert urlsplit(page.url).path == "/opendata/en/dataset/jiangmen-divisions/"
    assert page.inner_text("h1") == "Administrative division codes of Jiangmen"
    assert page.get_attribute("html", "lang") == "en"
    page.click(".language")
    assert page.inner_text("h1") == "江门市行政区划代码"


def test_download_gives_the_file_whose_checksum_the_page_states(open_page: Open, tmp_path: Path) -> None:
    page = open_page("dataset/jiangmen-divisions/")
    for name in ("CSV", "Parquet"):
        with page.expect_download() as download:
            page.get_by_role("link", name=f"下载 {name}").click()
        digest = hashlib.sha256(Path(download.value.path()).read_bytes()).hexdigest()
        row = page.locator(".files li", has_text=f"下载 {name}")
        row.locator("summary").click()
        assert row.locator(".copyable").inner_text() == digest


def test_conditional_dataset_shows_terms_and_nothing_to_download(open_page: Open) -> None:
    page = open_page("en/dataset/clinic-visits/")
    # How the dataset is cited may be saved; nothing of it.
    saved = [link.get_attribute("href") for link in page.locator("a[download]").all()]
    assert [href for href in saved if not (href or "").endswith((".bib", ".ris", ".csl.json"))] == []
    assert page.locator(".data, .tabs, a[href*='/data/'][href$='.csv'], a[href$='.parquet']").count() == 0
    assert "Do not try to identify anyone" in page.inner_text("main")
    assert page.locator("[lang='zh-CN']", has_text="仅限申请书写明的用途").count() == 1


def test_keyboard_reaches_skip_link_search_navigation_and_downloads(open_page: Open) -> None:
    page = open_page("dataset/jiangmen-divisions/")
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("(e => e.className + '|' + (e.id || e.textContent.trim()))(document.activeElement)")
        )
    assert reached[0].startswith("skip|")
    wanted = ("|q", "|数据目录", "|English", "|theme", "button|下载 CSV", "scroll|", "|tool-1-pandas")
    assert [each for each in wanted if not any(each in one for one in reached)] == []


def test_skip_link_leads_to_the_content(open_page: Open) -> None:
    page = open_page("")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_search_finds_part_of_a_chinese_word_and_says_why(open_page: Open) -> None:
    page = open_page("")
    page.fill("#hero-q", "站点编号")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=找到 1 个数据集")
    assert page.inner_text(".card h3") == "公交站点与刷卡记录"
    assert page.inner_text(".card .matched") == "匹配：字段 站点编号"
    assert page.inner_text(".card mark") == "站点编号"
    page.click(".card a")
    assert page.inner_text("h1") == "公交站点与刷卡记录"


def test_search_takes_every_word_and_no_case(open_page: Open) -> None:
    page = open_page("en/catalog/?q=BUS+statistics")
    page.wait_for_selector("text=No dataset found")
    page.fill("#finder-q", "DIVISION codes")
    page.wait_for_selector("text=1 dataset found")
    assert page.evaluate("location.search") == "?q=DIVISION+codes"


def test_filters_combine_count_and_come_back(open_page: Open) -> None:
    page = open_page("catalog/")
    all_of_them = page.inner_text("#results-count")
    page.check("input[name=openness][value=conditional]")
    page.check("input[name=openness][value=closed]")
    page.wait_for_selector("text=找到 2 个数据集")
    page.check("input[name=cycle][value=monthly]")
    page.wait_for_selector("text=找到 1 个数据集")
    assert page.inner_text("label:has([value=closed]) .count") == "0"
    assert page.evaluate("location.search") == "?openness=conditional&openness=closed&cycle=monthly"
    page.go_back()
    page.wait_for_selector("text=找到 2 个数据集")
    assert not page.is_checked("input[value=monthly]")
    page.reload()
    page.wait_for_selector("text=找到 2 个数据集")
    page.click("text=清除筛选")
    page.wait_for_selector(f"#results-count:has-text('{all_of_them}')")


def test_results_can_be_sorted_by_title(open_page: Open) -> None:
    page = open_page("en/catalog/?sort=title&theme=transport&theme=geospatial")
    page.wait_for_selector("text=2 datasets found")
    assert page.locator(".card h3").all_inner_texts() == [
        "Administrative division codes of Jiangmen",
        "Bus stops and card records",
    ]


def test_menu_and_filters_fold_out_on_a_phone(open_page: Open) -> None:
    page = open_page("catalog/", width=390)
    assert not page.is_visible("#menu a")
    page.click("#menu-button")
    assert page.is_visible("#menu a >> text=使用指南")
    assert page.get_attribute("#menu-button", "aria-expanded") == "true"
    page.keyboard.press("Escape")
    assert not page.is_visible("#menu a >> text=使用指南")
    page.click(".toggle")
    assert page.is_visible("input[value=conditional]")


def test_appearance_is_chosen_and_kept(open_page: Open) -> None:
    page = open_page("", scheme="light")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.click("#theme")
    assert page.evaluate(ground) == light
    page.click("#theme")
    dark = page.evaluate(ground)
    assert dark != light
    page.goto(page.url + "catalog/")
    assert page.evaluate(ground) == dark
    page.click("#theme")
    assert page.evaluate(ground) == light


def test_without_javascript_lists_lead_everywhere(open_page: Open) -> None:
    page = open_page("catalog/", java_script_enabled=False, width=390)
    assert page.is_visible("#menu a >> text=使用指南")
    page.click(".filters a >> text=交通运输")
    assert page.locator(".card h3").all_inner_texts() == ["公交站点与刷卡记录"]
    page.click(".card a")
    assert page.is_visible("text=下载 CSV >> nth=0")
    page.click("label[for=tool-1-r]")
    assert page.is_visible("text=library(readr)")


def test_code_is_copied(open_page: Open) -> None:
    page = open_page("en/dataset/jiangmen-divisions/", permissions=["clipboard-read", "clipboard-write"])
    page.click("label[for=tool-1-sql]")
    page.click(".panel:visible .copy")
    page.wait_for_selector(".panel:visible .copy >> text=Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(
        'CREATE OR REPLACE TABLE "divisions" AS\n'
        "SELECT * FROM read_parquet('https://data.example.gov.cn/opendata/data/jiangmen-divisions/divisions.parquet')"
    )


def test_missing_page_offers_both_languages_at_any_depth(browser: Any, address: str) -> None:
    page = browser.new_page()
    answer = page.goto(address + "dataset/none/at/all/")
    assert answer.status == 404
    assert page.is_visible("text=找不到这个页面")
    assert page.is_visible("text=Page not found")
    page.click("text=Data catalogue")
    assert urlsplit(page.url).path == "/opendata/en/catalog/"
    page.close()


def test_every_link_of_the_site_leads_somewhere(pages_site: Path) -> None:
    """Files and fragments, without a browser: all pages of the fixture, both languages."""
    anchors: dict[Path, set[str]] = {}
    broken = []
    for file in pages_site.rglob("*.html"):
        html = file.read_text("utf-8")
        for href in re.findall(r'(?:href|src|action)="([^"]*)"', html):
            target = urlsplit(href.replace("&amp;", "&"))
            if target.scheme or href.startswith("mailto:"):
                continue
            path = unquote(target.path)
            if re.search(
                r"(^|/)(api/.+|download/\w.+|catalog\.xlsx|scorecard\.json|demands\.json|reuses\.json)$", path
            ):
                continue  # of the exports, which are not made here; tests/take holds their addresses
            place = pages_site / path.removeprefix("/opendata/") if path.startswith("/") else file.parent / path
            place = place / "index.html" if not path or place.is_dir() else place
            place = file if not path else place
            if not place.exists():
                broken.append((file.relative_to(pages_site), href))
            elif target.fragment:
                if place not in anchors:
                    anchors[place] = set(re.findall(r' id="([^"]*)"', place.read_text("utf-8")))
                if unquote(target.fragment) not in anchors[place]:
                    broken.append((file.relative_to(pages_site), href))
    assert broken == []
