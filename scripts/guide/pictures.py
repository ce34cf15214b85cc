"""Makes the guide's pictures from real pages: ``python -m scripts.guide.pictures``. Needs playwright and chromium."""

from __future__ import annotations

import datetime
import shutil
import tempfile
from pathlib import Path
from typing import Any

from generator.build import Options, build
from generator.config import read_config
from scripts.guide import steps

DAY = datetime.date(2026, 11, 24)
PAGES = Path(__file__).parents[2] / "site_src/pages"
WIDTH, TALL = 1000, 760
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]


def main() -> None:
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as work, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        portal = steps.portal(Path(work) / "portal")
        config = read_config(portal / "kaishu.yaml", site=portal / "site")
        build(config, Options(DAY, jobs=1))
        descriptor = ""
        for lang, prefix in (("zh", ""), ("en", "en/")):
            with steps.served(config.site) as address:
                descriptor = _form(_page(browser, lang), address + prefix, PAGES / lang / "contribute")
        steps.write_dataset(portal, descriptor, steps.MENDED)
        build(config, Options(DAY, jobs=1))
        for lang, prefix in (("zh", ""), ("en", "en/")):
            with steps.served(config.site) as address:
                page = _page(browser, lang)
                page.goto(f"{address}{prefix}dataset/{steps.NAME}/")
                page.screenshot(
                    path=PAGES / lang / "contribute/guide-page.png",
                    clip={"x": 0, "y": 0, "width": WIDTH, "height": 640},
                )
        browser.close()


def _form(page: Any, address: str, target: Path) -> str:
    steps.open_form(page, address)
    steps.fill(page)
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    box = page.locator("#section-basics").bounding_box() | {"height": TALL}
    page.screenshot(path=target / "guide-fill.png", full_page=True, clip=box)
    steps.choose_file(page)
    page.locator("#section-resources .part").screenshot(path=target / "guide-columns.png")
    page.locator(".form-result").screenshot(path=target / "guide-result.png")
    written: str = page.text_content(".form-yaml")
    return written


def _page(browser: Any, lang: str) -> Any:
    locale = {"zh": "zh-CN", "en": "en-GB"}[lang]
    return browser.new_context(
        viewport={"width": WIDTH, "height": 1100}, color_scheme="light", locale=locale
    ).new_page()


if __name__ == "__main__":
    main()
