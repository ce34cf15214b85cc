"""Every kind of page, in both languages, as it must be whatever is on it.

Without a request to another host, without a word on the console, within the policy, without moving while it loads,
without scrolling sideways at 320, 390 and 1280 pixels, light and dark, and without anything that axe finds.

With KAISHU_SCREENSHOTS=FOLDER, the pages are also photographed.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.pages.catalogue import PROJECT

KINDS = (
    "", "catalog/", "catalog/?q=%E5%85%AC%E4%BA%A4", "catalog/?q=nothing-has-this", "catalog/theme/transport/",
    "agency/", "agency/evil/", "agency/statistics/",
    "dataset/jiangmen-divisions/", "dataset/bus-stops/", "dataset/clinic-visits/", "dataset/clinic-visits/apply/",
    "dataset/infection-reports/", "dataset/bare/", "dataset/weather-hourly/", "dataset/hostile/",
    "demand/", "reuse/", "scorecard/", "help/", "help/c114/", "contribute/form/",
    "contribute/guide/", "api/", "use/", "terms/", "openness/", "contribute/", "about/", "changes/",
    "dataset/ferry-timetable/", "dataset/bus-halts/", "dataset/harbour-depths/", "none/at/all/",
)  # fmt: skip
EVERY_PAGE = tuple(prefix + page for prefix in ("", "en/") for page in KINDS if prefix + page != "en/none/at/all/")
WIDTHS = (320, 390, 1280)
SCHEMES = ("light", "dark")
A_PIXEL_OR_SO = 0.0005
"""Of layout shift: what rounds to 0.000. On a machine under load a word may arrive a frame after its line."""
LISTEN = """
    window.moved = []; window.refused = []
    new PerformanceObserver(list => { for (const entry of list.getEntries()) if (!entry.hadRecentInput)
            window.moved.push([entry.value, `moves by ${entry.value}: ` + entry.sources.map(({node, previousRect: a, currentRect: b}) =>
                `${node?.id || node?.className || node?.nodeName} ${a.x},${a.y},${a.width} to ${b.x},${b.y},${b.width}`)]) })
        .observe({type: 'layout-shift', buffered: true})
    document.addEventListener('securitypolicyviolation', event => window.refused.push(`${event.violatedDirective} ${event.blockedURI}`))
"""
ASKEW = """() => [...document.querySelectorAll('main table')].flatMap(table => {
    const [head, row] = [table.tHead?.rows[0], table.tBodies[0]?.rows[0]]
    if (!head || !row || !row.checkVisibility() || head.cells.length !== row.cells.length) return []
    const off = [...head.cells].findIndex((cell, place) =>
        Math.abs(cell.getBoundingClientRect().left - row.cells[place].getBoundingClientRect().left) > 1)
    return off < 0 ? [] : [`table ${table.className}: column ${off + 1} is not below its head`]
})"""
AXE = """async (rules) => {
    const found = await axe.run(document, rules)
    return found.violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.target} ${node.any.map(a => a.message).join('; ').slice(0, 120)}`))
}"""
WCAG = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
CONTRAST = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}


@pytest.fixture(scope="module")
def axe() -> str:
    found = importlib.util.find_spec("axe_playwright_python")
    if found is None or found.origin is None:
        pytest.skip("axe-playwright-python is not installed")
    return (Path(found.origin).parent / "axe.min.js").read_text("utf-8")


@pytest.fixture(scope="module")
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    context.add_init_script(LISTEN)
    made = context.new_page()
    made.set_default_timeout(10_000)
    yield made
    context.close()


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_page(path: str, page: Any, address: str, axe: str) -> None:
    troubles: list[str] = []
    missing = path.endswith("none/at/all/")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 390, "height": 800})
    listeners = {
        "console": lambda m: troubles.append(m.text) if m.type in ("error", "warning") and not missing else None,
        "pageerror": lambda error: troubles.append(str(error)),
        "request": lambda request: troubles.append(request.url) if not request.url.startswith(address) else None,
    }
    for name, listener in listeners.items():
        page.on(name, listener)
    try:
        _look(path, page, address, axe, troubles)
    finally:
        for name, listener in listeners.items():
            page.remove_listener(name, listener)
    assert troubles == []


def _look(path: str, page: Any, address: str, axe: str, troubles: list[str]) -> None:
    page.goto(address + path, wait_until="load")
    if "?q=" in path:
        page.wait_for_selector("html:not(.searching)")
    moved = page.evaluate("window.moved")
    if sum(value for value, _ in moved) >= A_PIXEL_OR_SO:
        troubles += [told for _, told in moved]
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
                troubles.append(f"is {wide} wide at {width}")
            troubles += [f"{told} at {width}" for told in page.evaluate(ASKEW)]
            _photograph(page, path, width, scheme)
        page.evaluate(axe)
        # Once all of it, on a phone and at a desk in turn; of the other scheme what colours decide.
        narrow = (scheme == "light") == path.startswith("en/")
        page.set_viewport_size({"width": 390 if narrow else 1280, "height": 800})
        found = page.evaluate(AXE, WCAG if scheme == "light" else CONTRAST)
        troubles += [f"{scheme}: {each}" for each in found]
    troubles += page.evaluate("window.refused")


def _photograph(page: Any, path: str, width: int, scheme: str) -> None:
    if folder := os.environ.get("KAISHU_SCREENSHOTS"):
        name = re.sub(r"[^a-z0-9]+", "-", path).strip("-") or "home"
        page.screenshot(path=str(Path(folder) / f"{name}-{width}-{scheme}.png"), full_page=True)


def test_the_language_switch_leads_to_the_same_page_and_back(pages_site: Path) -> None:
    """Of every page there is; the page for what is missing leads home."""
    astray = []
    for file in pages_site.rglob("*.html"):
        here = file.relative_to(pages_site).as_posix()
        [target] = re.findall(r'class="language" href="([^"]*)"', file.read_text("utf-8"))
        there = (
            (Path("/") / here).parent / target if not target.startswith("/") else Path(target.removeprefix("/opendata"))
        )
        wanted = here.removeprefix("en/") if here.startswith("en/") else f"en/{here}"
        wanted = "en/" if here == "404.html" else wanted.removesuffix("index.html")
        if Path(os.path.normpath(there)) != Path(os.path.normpath(f"/{wanted}")):
            astray.append((here, target))
    assert astray == []


PAGE_WEIGHT, SCRIPTS_WEIGHT = 100_000, 60_000


def _gz(content: bytes) -> int:
    return len(gzip.compress(content, 6, mtime=0))


def test_a_dataset_page_weighs_little(pages_site: Path) -> None:
    """What a browser loads before anybody explores: the page, its styles, the scripts that it names, and its icon."""
    heavy = {}
    for file in (*pages_site.glob("dataset/*/index.html"), *pages_site.glob("en/dataset/*/index.html")):
        html = file.read_text("utf-8")
        head = html.partition("</head>")[0]
        named = re.findall(r'<(?:script|link)[^>]*(?:src|href)="([^"]+assets/[^"]+)"', head)
        weight = _gz(html.encode()) + sum(_gz((file.parent / name).resolve().read_bytes()) for name in named)
        if weight > PAGE_WEIGHT:
            heavy[file.parent.name] = weight
    assert heavy == {}


def test_all_scripts_of_ours_weigh_little() -> None:
    """Of a bundle, the share that is not from libraries. DuckDB is a pack that a portal may add, and no script of ours."""
    folder = PROJECT / "site_src/assets"
    bundled = json.loads((folder / "scripts.json").read_text("utf-8"))["files"]
    weight = 0.0
    for file in sorted(folder.glob("*.js")):
        known = bundled.get(file.name, {"bytes": 1, "theirs": 0})
        weight += _gz(file.read_bytes()) * (1 - known["theirs"] / known["bytes"])
    assert 20_000 < weight <= SCRIPTS_WEIGHT


def test_every_page_states_the_policy_before_anything_is_loaded(pages_site: Path) -> None:
    for file in pages_site.rglob("*.html"):
        html = file.read_text("utf-8")
        head = html.partition("</head>")[0]
        assert head.count("Content-Security-Policy") == 1, file
        assert head.index("Content-Security-Policy") < head.index("<link"), file
        assert not re.search(r"<style|<[^>]* (?:style|on[a-z]+)=", re.sub(r'"[^"]*"', '""', html)), file
        hosts = re.findall(r'<(?:script|img|iframe|source|video|audio|object|embed)[^>]+(?:src|data)="([^"]+)"', html)
        assert not [each for each in hosts if urlsplit(each).netloc], file


def test_text_that_runs_from_right_to_left_begins_at_the_right_and_moves_nothing(page: Any, address: str) -> None:
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{address}dataset/hostile/")
    cell = """text => {
        const cell = [...document.querySelectorAll('.data td')].find(each => each.textContent === text)
        const range = document.createRange(); range.selectNodeContents(cell)
        const [inner, outer] = [range.getBoundingClientRect(), cell.getBoundingClientRect()]
        return [inner.left - outer.left, outer.right - inner.right]
    }"""
    left, right = page.evaluate(cell, "שלום עולם")
    assert right < left, "Hebrew begins at the right"
    left, right = page.evaluate(cell, "</td></table>")
    assert left < right, "and what stands below it at the left"
    page.goto(f"{address}demand/")
    line = page.locator("dd", has_text="مرحبا بالعالم")
    assert line.evaluate("e => getComputedStyle(e).unicodeBidi") == "plaintext"


def test_a_policy_that_is_broken_would_be_noticed(browser: Any, address: str) -> None:
    """The listener hears of an inline script and of a foreign picture."""
    context = browser.new_context()
    context.add_init_script(LISTEN)
    page = context.new_page()
    page.goto(address)
    page.evaluate(
        """() => {
            const script = document.createElement('script'); script.textContent = 'window.ran = true'; document.body.append(script)
            const picture = document.createElement('img'); picture.src = 'https://elsewhere.example/x.png'; document.body.append(picture)
        }"""
    )
    page.wait_for_function("window.refused.length >= 2")
    assert page.evaluate("window.ran") is None
    context.close()
