"""The preview: every page and file of it opens from disk."""

from __future__ import annotations

import re
import shutil
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.ci.preview import for_disk, zip_for_disk
from generator.publish import publish
from generator.sitefile import SiteFile
from tests.ci.conftest import Repository
from tests.ci.test_pull_request import STATED, checked


@pytest.mark.parametrize(
    ("link", "made"),
    [
        ("./", "./index.html"),
        ("../../", "../../index.html"),
        ("..", "../index.html"),
        (".", "./index.html"),
        ("a/b/", "a/b/index.html"),
        ("a/?q=x/", "a/index.html?q=x/"),
        ("a/#x/", "a/index.html#x/"),
        ("a/b.csv", "a/b.csv"),
        ("#top", "#top"),
        ("", ""),
        ("https://data.test.example/a/", "https://data.test.example/a/"),
        ("mailto:a@data.test.example", "mailto:a@data.test.example"),
        ("/", "/"),
    ],
)
def test_links_to_folders_become_links_to_pages(link: str, made: str) -> None:
    for page in ('<a class="x" href="{}">', "<form action='{}'>", '<link rel="next" href="{}">'):
        assert for_disk(page.format(link).encode()) == page.format(made).encode()
        there = {made.partition("?")[0].partition("#")[0].lstrip("./")}
        assert for_disk(page.format(link).encode(), "index.html", there) == page.format(_beyond(made)).encode()
    text = f'<p title="{link}">href="{link}"</p>'.encode()
    assert for_disk(text) == text


def _beyond(link: str) -> str:
    """From the topmost folder, ``..`` leads to no page of the preview."""
    return "#" if link.startswith("..") else link


def test_buttons_that_only_a_module_answers_are_left_out() -> None:
    page = b'<kaishu-ask><button type="button" class="button open" title="x">\xe5\x86\x99</button></kaishu-ask><button class="copy">c</button>'
    assert for_disk(page) == b'<kaishu-ask></kaishu-ask><button class="copy">c</button>'


def test_modules_are_left_out_and_other_scripts_stay() -> None:
    page = b'<script src="a.js"></script>\n<script type="module" src="b.js"></script>\n<script type="application/ld+json">{}</script>'
    assert for_disk(page) == page.replace(b'<script type="module" src="b.js"></script>\n', b"")


@given(st.binary())
def test_a_second_time_changes_nothing(page: bytes) -> None:
    assert for_disk(for_disk(page)) == for_disk(page)


def test_the_same_site_gives_the_same_bytes_and_large_files_stay_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [
        SiteFile("index.html", b"<a href='a/'>x</a><a href='./'>"),
        SiteFile("404.html", b"x"),
        SiteFile("a/big.csv", b"x" * 999),
    ]
    publish(files, tmp_path / "site")
    shutil.copytree(tmp_path / "site", tmp_path / "later")
    (tmp_path / "later/index.html").touch()
    for name in ("site", "later"):
        assert zip_for_disk(tmp_path / name, tmp_path / f"{name}.zip")[1] == ()
    assert (tmp_path / "site.zip").read_bytes() == (tmp_path / "later.zip").read_bytes()
    monkeypatch.setattr("generator.ci.preview.MAX_FILE", 500)
    assert zip_for_disk(tmp_path / "site", tmp_path / "site.zip")[1] == ("a/big.csv",)
    with zipfile.ZipFile(tmp_path / "site.zip") as archive:
        assert archive.namelist() == ["index.html", "manifest.json"]
        assert archive.read("index.html") == b"<a href='#'>x</a><a href='./index.html'>"


def test_the_preview_of_a_request_opens_from_disk(repository: Repository) -> None:
    """Only what is touched; every link leads to a file; and in a browser no script fails and nobody is asked."""
    repository.add("culture/museums")
    repository.add("culture/theatres", rows="甲,1.5,乱")
    (repository.datasets / "culture/bridges").mkdir()
    base = repository.commit()
    for name in ("museums", "theatres"):
        file = repository.datasets / f"culture/{name}/parks.csv"
        file.write_text(file.read_text("utf-8") + "乙,2,1999-01-01\n", "utf-8")
    repository.commit()
    ran = checked(repository, base=base, preview=True)
    assert ran.report["preview"] == 1
    assert "preview.zip" in (ran.output / "summary.md").read_text("utf-8")
    folder = repository.root.parent / "unpacked"
    with zipfile.ZipFile(ran.output / "preview.zip") as archive:
        archive.extractall(folder)
    assert sorted(p.name for p in (folder / "dataset").iterdir()) == ["museums"]
    assert (folder / "data/museums/museums.parquet").exists() or list((folder / "data/museums").glob("*.parquet"))
    assert leading_nowhere(folder) == []
    page = (folder / "dataset/museums/index.html").read_text("utf-8")
    assert "的预览" in page
    fragments = set(re.findall(r'href="#([^"]+)"', page))
    assert {"download", "preview", "fields"} <= fragments <= set(re.findall(r' id="([^"]+)"', page))
    assert "https://creativecommons.org/" in page
    assert 'class="button open"' not in page
    open_in_browser(folder)


def test_a_preview_shows_what_became_of_a_withdrawn_dataset(repository: Repository) -> None:
    repository.add("culture/museums")
    base = repository.commit()
    folder = repository.datasets / "culture/museums"
    shutil.rmtree(folder)
    folder.mkdir()
    (folder / "changes.yaml").write_text(STATED, "utf-8")
    repository.commit()
    ran = checked(repository, base=base, preview=True)
    with zipfile.ZipFile(ran.output / "preview.zip") as archive:
        assert "并入另一个数据集" in archive.read("dataset/museums/index.html").decode()


def leading_nowhere(folder: Path) -> list[str]:
    wrong = []
    for page in folder.rglob("*.html"):
        for link in re.findall(r"""(?:href|src|action)=["']([^"']+)["']""", page.read_text("utf-8")):
            parts = urlsplit(link)
            if not parts.scheme and parts.path and not (page.parent / unquote(parts.path)).is_file():
                wrong.append(f"{page.relative_to(folder)}: {link}")
    return wrong


def open_in_browser(folder: Path) -> None:
    """In a thread of its own: the page tests of this process may hold the loop of the main one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(_open_in_browser, folder).result()


def _open_in_browser(folder: Path) -> None:
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not chromium:
        pytest.skip("没有 Chromium · no Chromium")
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    said: list[str] = []
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        page = browser.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"file://{folder}/index.html")
        page.click("a[href$='catalog/index.html']")
        page.click("a[href$='dataset/museums/index.html'] >> nth=0")
        assert page.url.endswith("/dataset/museums/index.html")
        page.goto(f"file://{folder}/en/dataset/museums/index.html")
        assert page.locator("h1").inner_text() != ""
        browser.close()
    assert said == []
    assert not [url for url in asked if not url.startswith("file://")]
