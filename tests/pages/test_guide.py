"""Every step of the guide is done as it says: what a page shows is what happens."""

from __future__ import annotations

import datetime
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.build import Options, build
from generator.config import Config, read_config
from scripts.guide import pictures, steps
from tests.conftest import ROOT

DAY = datetime.date(2026, 11, 24)
PAGES = ROOT / "site_src/pages"
GUIDES = {lang: (PAGES / lang / "contribute/guide.md").read_text("utf-8") for lang in ("zh", "en")}


def block(lang: str, kind: str) -> str:
    found = re.search(rf"```{kind}\n(.*?)```", GUIDES[lang], re.DOTALL)
    assert found, kind
    return found[1]


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    folder = steps.portal(tmp_path_factory.mktemp("guide") / "portal")
    found = read_config(folder / "kaishu.yaml", site=folder / "site")
    build(found, Options(DAY, jobs=1))
    return found


@pytest.fixture(scope="module")
def site(config: Config) -> Iterator[str]:
    with steps.served(config.site) as address:
        yield address


@pytest.fixture(scope="module")
def written(browser: Any, site: str) -> str:
    """Steps 2 to 4: the descriptor that the form makes."""
    page = browser.new_page()
    steps.open_form(page, site)
    steps.fill(page)
    steps.choose_file(page)
    assert page.inner_text(".form-state").startswith("填写齐全，格式正确")
    descriptor: str = page.text_content(".form-yaml")
    page.close()
    return descriptor


@pytest.mark.parametrize("lang", GUIDES)
def test_step_1_shows_the_table_that_is_handed_in(lang: str) -> None:
    assert block(lang, "csv") == steps.SHEET


@pytest.mark.parametrize(("lang", "path"), [("zh", ""), ("en", "en/")])
def test_steps_2_to_4_speak_of_what_the_form_says(browser: Any, site: str, lang: str, path: str) -> None:
    page = browser.new_page()
    steps.open_form(page, site + path)
    labels = {
        "zh": ("数据文件和字段", "开放属性", "到代码仓库新建这个文件", "无条件开放", "知识共享署名 4.0 国际", "必填", "复制"),
        "en": ("Data files and columns", "Openness", "Create this file in the repository", "Open", "Creative Commons Attribution 4.0", "required", "Copy"),
    }[lang]  # fmt: skip
    shown = page.text_content("kaishu-form")
    for label in labels:
        assert label in GUIDES[lang]
        assert label in shown
    steps.choose_file(page)
    proposed = [e.input_value() for e in page.query_selector_all(".columns-table [data-column=type]")]
    assert proposed == ["string", "string", "string", "integer", "date"]  # the last as the guide has it chosen
    page.close()


def test_step_3_proposes_text_for_dates_of_which_one_is_not_written_as_such(browser: Any, site: str) -> None:
    page = browser.new_page()
    steps.open_form(page, site)
    page.set_input_files("input[type=file]", files=[{"name": "x.csv", "mimeType": "", "buffer": steps.SHEET.encode()}])
    page.wait_for_selector(".read p")
    assert page.locator(".columns-table [data-column=type]").last.input_value() == "string"
    page.close()


def test_step_5_opens_the_repository_at_the_datasets_folder(browser: Any, site: str) -> None:
    page = browser.new_page()
    steps.open_form(page, site)
    steps.fill(page)
    link = page.get_attribute(".open-forge", "href")
    assert link.startswith(
        f"{steps.PORTAL['repository']}/new/main/datasets/culture/{steps.NAME}?filename=datapackage.yaml&value="
    )
    page.close()


@pytest.mark.parametrize("lang", GUIDES)
def test_step_6_shows_what_the_check_says_and_mending_it_clears_it(lang: str, written: str, tmp_path: Path) -> None:
    portal = steps.portal(tmp_path / "portal")

    def check(sheet: str) -> tuple[int, str]:
        steps.write_dataset(portal, written, sheet)
        done = subprocess.run(
            [sys.executable, "-m", "generator", "check", f"datasets/culture/{steps.NAME}", "--today", str(DAY), "--lang", lang, "--no-previous"],
            cwd=portal, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}, capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
        return done.returncode, done.stdout

    code, said = check(steps.SHEET)
    assert code == 1
    assert block(lang, "text") in said
    code, said = check(steps.MENDED)
    assert code == 0
    assert "✓" in said


def test_step_7_gives_the_dataset_its_page_and_files(written: str, tmp_path: Path) -> None:
    portal = steps.portal(tmp_path / "portal")
    steps.write_dataset(portal, written, steps.MENDED)
    config = read_config(portal / "kaishu.yaml", site=tmp_path / "site")
    report = build(config, Options(DAY, jobs=1))
    assert report.published == (steps.NAME,)
    for path in (f"dataset/{steps.NAME}/index.html", f"en/dataset/{steps.NAME}/index.html", f"data/{steps.NAME}/libraries.csv"):  # fmt: skip
        assert (config.site / path).is_file(), path


@pytest.mark.parametrize(("lang", "path"), [("zh", "contribute/guide"), ("en", "en/contribute/guide")])
def test_its_pictures_are_there_small_and_described(config: Config, lang: str, path: str) -> None:
    html = (config.site / path / "index.html").read_text("utf-8")
    found = re.findall(r'<img alt="([^"]+)" src="([^"]+)"', html)
    assert len(found) == 4
    for alt, source in found:
        picture = (config.site / path / source).resolve()
        assert len(alt) > 5
        assert picture.read_bytes()[:4] == b"\x89PNG"
        assert picture.stat().st_size < 160_000
    assert pictures.PAGES == PAGES
