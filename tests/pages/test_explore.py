"""Whole tables in the page: what is shown, sorted, filtered and saved is what the file says, to the last digit."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.pages import tables_site
from tests.pages.tables_site import PAGE

ROWS = tables_site.ROWS
Open = Callable[..., Any]


def explore(page: Any, name: str = "records") -> Any:
    """The table's own part of the page, opened."""
    part = page.locator(f"kaishu-explore[data-name='{name}']")
    if page.locator("details.fold").count():
        part.evaluate("e => { e.closest('details').open = true }")
    part.locator(".open").click()
    part.locator(".x-row:not([hidden]) .x-cell:not(.wait)").first.wait_for()
    return part


def says(part: Any, text: str) -> None:
    part.locator(".x-status", has_text=re.compile(text)).wait_for()


def shown(part: Any) -> list[dict[str, str]]:
    """Rows in sight, without the last, which may be cut: texts by the number of the column."""
    part.locator(".x-row:not([hidden]) .x-cell.wait").first.wait_for(state="detached")
    return part.evaluate(  # type: ignore[no-any-return]
        """e => [...e.querySelectorAll('.x-row:not([hidden])')].map(row => Object.fromEntries(
            [...row.children].map(cell => [Number(cell.ariaColIndex ?? cell.getAttribute('aria-colindex')) - 1, cell.textContent])))"""
    )


def plain(text: str) -> Decimal:
    return Decimal(text.replace(",", "").replace("−", "-"))


def test_scrolls_to_the_end_of_three_hundred_thousand_rows(open_tables: Open, ranged: Any, truth: list[Any]) -> None:
    part = explore(open_tables(ranged))
    says(part, "共 300,000 行")
    for share, expected in ((0.5, None), (1.0, ROWS)):
        part.locator(".x-scroll").evaluate("(e, share) => { e.scrollTop = share * e.scrollHeight }", share)
        part.page.wait_for_timeout(300)
        rows = shown(part)
        numbers = [int(row["0"]) for row in rows]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        assert expected is None or numbers[-1] == expected
        for row in rows:
            want = truth[int(row["0"]) - 1]
            assert row["1"] == want[1]
            assert row["2"] == want[2]
            assert plain(row["3"]) == Decimal(want[3])


def test_head_of_the_page_is_read_with_few_bytes(open_tables: Open, ranged: Any, tables: Path) -> None:
    page = open_tables(ranged)
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(int(answer.headers["content-length"])) if answer.url.endswith(".parquet") else None)  # fmt: skip
    explore(page)
    assert 0 < sum(sizes) < 400_000 < (tables / "data/many-rows/records.parquet").stat().st_size


def test_sorts_all_rows_and_missing_ones_come_last(open_tables: Open, ranged: Any, truth: list[Any]) -> None:
    part = explore(open_tables(ranged, f"en/{PAGE}"))
    part.locator(".x-title", has_text="amount").click()
    says(part, "^300,000 rows")
    part.locator(".x-title", has_text="amount").click()
    part.locator("[aria-sort=descending]").wait_for()
    says(part, "^300,000 rows")
    largest = sorted(truth, key=lambda row: -Decimal(row[3]))[:10]
    assert [row["1"] for row in shown(part)[:10]] == [row[1] for row in largest]
    part.page.goto(part.page.url.split("#")[0] + "#explore=records&sort=count&sort=-id&show=id&show=count")
    part.page.reload()
    part.locator(".x-row:not([hidden]) .x-cell:not(.wait)").first.wait_for()
    says(part, "^300,000 rows")
    least = sorted((row for row in truth if row[8] != "NA"), key=lambda row: (int(row[8]), -int(row[0])))[:10]
    assert [(row["0"], row["1"]) for row in shown(part)[:10]] == [(row[0], row[8]) for row in least]
    part.locator(".x-scroll").evaluate("e => { e.scrollTop = e.scrollHeight }")
    part.locator(".x-row:not([hidden]) .x-none", has_text="missing").first.wait_for()
    assert shown(part)[-1]["1"] == "missing"


FILTERS: tuple[tuple[str, Callable[[tuple[str, ...]], bool]], ...] = (
    ("f.amount=from:100&f.amount=below:2000.005", lambda r: Decimal(100) <= Decimal(r[3]) <= Decimal(2000)),
    ("f.code=has:ak-0000", lambda r: "AK-0000" in r[1]),
    ("f.区县=is:台山市&f.区县=is:开平市&f.flag=is:true", lambda r: r[2] in ("台山市", "开平市") and r[6] == "true"),
    ("f.day=from:2020-02-28&f.day=to:2020-03-01", lambda r: "2020-02-28" <= r[4] <= "2020-03-01"),
    ("f.moment=from:2020-01-05&f.moment=to:2020-01-05", lambda r: r[5].startswith("2020-01-05")),
    ("f.note=null", lambda r: r[7] == "NA"),
    ("f.note=is:", lambda r: r[7] == ""),
    ("f.count=given&f.count=to:2", lambda r: r[8] != "NA" and int(r[8]) <= 2),
    ("f.flag=null&f.note=has:%E8%AF%B4", lambda r: r[6] == "NA" and "说" in r[7]),
    ("f.id=from:299990", lambda r: int(r[0]) >= 299990),
    ("f.amount=is:4139384.990", lambda r: Decimal(r[3]) == Decimal("4139384.99")),
)


def test_filters_find_what_the_rows_say(open_tables: Open, ranged: Any, truth: list[Any]) -> None:
    page = open_tables(ranged)
    part = explore(page)
    for address, test in FILTERS:
        expected = [row for row in truth if test(row)]
        page.evaluate("hash => { location.hash = hash }", f"explore=records&{address}")
        says(part, f"^{len(expected):,} 行符合，共 300,000 行$")
        assert [row["0"] for row in shown(part)[:8]] == [row[0] for row in expected[:8]], address


def test_groups_that_cannot_match_are_not_read(open_tables: Open, ranged: Any) -> None:
    page = open_tables(ranged)
    part = explore(page)
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(int(answer.headers["content-length"])) if answer.url.endswith(".parquet") else None)  # fmt: skip
    page.evaluate("location.hash = 'explore=records&show=id&f.id=from:299990'")
    says(part, "^11 行符合")
    assert sum(sizes) < 60_000


def test_histograms_and_frequent_values_filter(open_tables: Open, ranged: Any, truth: list[Any]) -> None:
    part = explore(open_tables(ranged))
    part.locator(".x-more").nth(2).click()
    part.locator(".x-bars button", has_text="新会区").click()
    part.locator(".x-bars button", has_text="鹤山市").click()
    part.page.keyboard.press("Escape")
    says(part, f"^{sum(row[2] in ('新会区', '鹤山市') for row in truth):,} 行符合")
    part.locator(".x-chips .x-button").click()
    says(part, "^共 300,000 行")
    part.locator(".x-more").nth(3).click()
    bar = part.locator(".x-bars button").nth(4)
    low, high = (plain(text) for text in bar.locator(".x-bar-label").inner_text().split(" 至 "))
    bar.click()
    part.page.keyboard.press("Escape")
    says(part, f"^{sum(low <= Decimal(row[3]) < high for row in truth):,} 行符合")


def test_form_of_a_column_filters_and_complains_of_what_is_no_bound(open_tables: Open, ranged: Any) -> None:
    part = explore(open_tables(ranged, f"en/{PAGE}"))
    part.locator(".x-more").nth(3).click()
    part.locator("input[name=from]").fill("many")
    part.locator("dialog button[type=submit]").click()
    says(part, "“many” is no bound")
    part.locator(".x-more").nth(3).click()
    part.locator("input[name=from]").fill("9999999")
    part.locator("dialog button[type=submit]").click()
    says(part, "^1 of 300,000 rows|^0 of 300,000 rows|^[0-9]+ of 300,000 rows")


def test_back_and_forward_and_a_shared_address(open_tables: Open, ranged: Any) -> None:
    page = open_tables(ranged)
    part = explore(page)
    part.locator(".x-more").nth(7).click()
    part.locator("select[name=gaps]").select_option("null")
    part.locator("dialog button[type=submit]").click()
    says(part, "行符合")
    found = part.locator(".x-status").inner_text()
    part.locator(".x-title", has_text="代码").click()
    part.locator("[aria-sort=ascending]").wait_for()
    address = page.evaluate("location.hash")
    assert address == "#explore=records&sort=code&f.note=null"
    page.go_back()
    part.locator("[aria-sort=ascending]").wait_for(state="detached")
    says(part, f"^{found}$")
    page.go_back()
    says(part, "^共 300,000 行")
    page.go_forward()
    says(part, "行符合")
    other = open_tables(ranged, PAGE + address)
    says(other.locator("kaishu-explore[data-name=records]"), re.escape(found))


def _save(part: Any, format: str, folder: Path) -> Path:
    part.locator(".x-tools > button").nth(2).click()
    with part.page.expect_download() as download:
        part.locator("dialog .x-tools button", has_text=format).click()
    target = folder / str(download.value.suggested_filename)
    download.value.save_as(target)
    part.page.keyboard.press("Escape")
    return target


def test_a_view_is_saved_with_exact_values(open_tables: Open, ranged: Any, tables: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    page = open_tables(ranged, f"{PAGE}#explore=records&sort=-amount&show=id&show=amount&show=moment&show=flag&show=note&f.amount=from:9990000")  # fmt: skip
    part = page.locator("kaishu-explore[data-name=records]")
    says(part, "行符合")
    part.locator(".x-row:not([hidden]) .x-cell:not(.wait)").first.wait_for()
    names = ["id", "amount", "moment", "flag", "note"]
    whole = parquet.read_table(tables / "data/many-rows/records.parquet").to_pylist()
    rows = [{name: row[name] for name in names} for row in whole if row["amount"] >= 9990000]
    expected = sorted(rows, key=lambda row: (-row["amount"], row["id"]))
    assert len(expected) > 100
    saved = parquet.read_table(_save(part, "Parquet", tmp_path))
    assert saved.to_pylist() == expected
    original = parquet.read_schema(tables / "data/many-rows/records.parquet")
    assert [field.type for field in saved.schema] == [original.field(name).type for name in names]
    with _save(part, "CSV", tmp_path).open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [(int(line["id"]), Decimal(line["amount"]), line["moment"]) for line in lines] == [(row["id"], row["amount"], _moment(row["moment"])) for row in expected]  # fmt: skip
    given = json.loads(_save(part, "JSON", tmp_path).read_text("utf-8"), parse_float=Decimal)
    assert given == [{**row, "moment": _moment(row["moment"])} for row in expected]


def _moment(moment: Any) -> str:
    text = str(moment.isoformat())
    return text.rstrip("0") if "." in text else text


def test_hard_values_survive_the_page_and_the_file(
    open_tables: Open, ranged: Any, tables: Path, tmp_path: Path
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    page = open_tables(ranged, f"en/{PAGE}")
    part = explore(page, "hard-ones")
    for number, row in enumerate(tables_site.HARD):
        cells = shown(part)[number]
        if number < 3:
            assert plain(cells["1"]) == int(row[1])
            assert plain(cells["2"]) == Decimal(row[2])
            assert cells["3"].endswith(row[3].partition("T")[2])
        else:
            assert {cells[n] for n in ("1", "2", "3", "4")} == {"missing"}
    part.locator(".x-scroll").evaluate("e => { e.scrollLeft = e.scrollWidth }")
    assert shown(part)[0]["5"] == "empty text"
    links = part.locator(".x-cell a")
    assert [links.nth(n).get_attribute("href") for n in range(links.count())] == [tables_site.HARD[0][4], f"mailto:{tables_site.HARD[1][4]}"]  # fmt: skip
    assert part.locator("img, [onerror]").count() == 0
    assert page.title() != "1"
    assert len(shown(part)[2]["5"]) < 300
    part.locator(".x-grid").focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    part.locator("dialog .x-record", has_text=tables_site.HARD[2][5]).wait_for()
    page.keyboard.press("Escape")
    saved = parquet.read_table(_save(part, "Parquet", tmp_path))
    original = parquet.read_table(tables / "data/many-rows/hard-ones.parquet")
    assert saved.to_pylist() == original.to_pylist()
    assert saved.schema.types == original.schema.types
    assert _save(part, "CSV", tmp_path).read_text("utf-8").splitlines()[1] == ",".join(tables_site.HARD[0][:5]) + ',""'


def test_first_rows_of_an_order_are_there_before_the_column(open_tables: Open, ranged: Any, truth: list[Any]) -> None:
    page = open_tables(ranged, f"en/{PAGE}")
    part = explore(page)
    page.evaluate("""() => { window.said = []; const e = document.querySelector("kaishu-explore[data-name='records'] .x-status")
        new MutationObserver(() => said.push(e.textContent)).observe(e, { childList: true, characterData: true, subtree: true }) }""")
    ranged.delay = 0.2
    try:
        page.evaluate("location.hash = 'explore=records&sort=-amount&show=amount&show=code'")
        says(part, "^The first 16 of 300,000 rows are in order")
        largest = sorted(truth, key=lambda row: (-Decimal(row[3]), int(row[0])))
        assert [row["1"] for row in shown(part)[:10]] == [row[1] for row in largest[:10]]
    finally:
        ranged.delay = 0.0
    says(part, "^300,000 rows")
    assert [row["1"] for row in shown(part)[:10]] == [row[1] for row in largest[:10]]
    assert part.locator("[role=grid]").get_attribute("aria-rowcount") == "300001"


def test_filters_that_change_quickly_end_with_the_last(open_tables: Open, ranged: Any, truth: list[Any]) -> None:
    page = open_tables(ranged)
    part = explore(page)
    ranged.delay = 0.05
    try:
        for n in range(12):
            sort = "&sort=-amount" if n % 3 == 0 else ""
            page.evaluate(f"location.hash = 'explore=records&f.code=has:{n % 7}&f.count=from:{n * 100}{sort}&show=code&show=count'")  # fmt: skip
            page.wait_for_timeout(40 * (n % 4))
    finally:
        ranged.delay = 0.0
    expected = [row for row in truth if "4" in row[1] and row[8] != "NA" and int(row[8]) >= 1100]
    says(part, f"^{len(expected):,} 行符合，共 300,000 行$")
    assert [row["0"] for row in shown(part)[:10]] == [row[1] for row in expected[:10]]
    page.wait_for_timeout(500)
    says(part, f"^{len(expected):,} 行符合，共 300,000 行$")


def test_reading_can_be_stopped(open_tables: Open, ranged: Any) -> None:
    page = open_tables(ranged)
    part = explore(page)
    ranged.delay = 1.5
    try:
        page.evaluate("location.hash = 'explore=records&f.code=has:7'")
        part.locator(".x-tools > button", has_text="停止").click()
        says(part, "^已停止。 共 300,000 行")
    finally:
        ranged.delay = 0.0
    assert "f.code" not in page.evaluate("location.hash")
    page.evaluate("location.hash = 'explore=records&f.id=is:5'")
    says(part, "^1 行符合")


def test_grid_is_walked_by_keyboard_and_tells_where_one_is(open_tables: Open, ranged: Any) -> None:
    page = open_tables(ranged)
    part = explore(page)
    grid = part.locator("[role=grid]")
    assert grid.get_attribute("aria-rowcount") == "300001"
    grid.focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    active = part.locator(f"[id='{grid.get_attribute('aria-activedescendant')}']")
    assert active.get_attribute("aria-colindex") == "3"
    assert active.locator("xpath=..").get_attribute("aria-rowindex") == "2"
    page.keyboard.press("Control+End")
    active = part.locator(f"[id='{grid.get_attribute('aria-activedescendant')}']")
    assert active.locator("xpath=..").get_attribute("aria-rowindex") == "300001"
    page.keyboard.press("Control+ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press(" ")
    part.locator("[aria-sort=ascending]").wait_for()


def test_a_server_without_ranges_is_told_and_still_works(open_tables: Open, rangeless: Any) -> None:
    page = open_tables(rangeless)
    part = explore(page)
    says(part, "共 300,000 行")
    assert "不支持分段读取" in part.inner_text()
    other = open_tables(rangeless)
    other.locator("kaishu-explore[data-name=records]").evaluate("e => { e.dataset.limit = '100000' }")
    other.locator("kaishu-explore[data-name=records] .open").click()
    says(other.locator("kaishu-explore[data-name=records]"), "超过了网页内读取的上限")
    assert other.locator("kaishu-explore a[href='#download']").count() == 1


def test_nothing_scrolls_sideways_and_nothing_is_there_without_scripts(open_tables: Open, ranged: Any) -> None:
    page = open_tables(ranged, f"en/{PAGE}", width=320)
    explore(page)
    page.locator("kaishu-ask .open").click()
    page.locator(".x-sql").wait_for()
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    still = open_tables(ranged, java_script_enabled=False)
    assert still.locator("table.data tbody tr").first.is_visible()
    assert not still.locator(".open").first.is_visible()
