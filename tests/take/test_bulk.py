"""The lines that download everything, copied from the page and run."""

from __future__ import annotations

import html
import re
import shutil
from pathlib import Path

import pytest

from tests.take.conftest import Site
from tests.take.test_code import run


def lines(site: Site, lang: str = "") -> list[str]:
    page = (site.folder / lang / "api/index.html").read_text("utf-8")
    return [html.unescape(found) for found in re.findall(r'command"><pre[^>]*><code>(.*?)</code>', page)]


def open_files(site: Site) -> dict[str, bytes]:
    found = {}
    for line in (site.folder / "download/SHA256SUMS").read_text("utf-8").splitlines():
        path = line.split("  ", 1)[1]
        found[path] = (site.folder / path).read_bytes()
    return found


def below(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_lists_hold_all_open_data_and_nothing_else(site: Site) -> None:
    data = {f"data/{path}" for path in below(site.folder / "data")}
    made = {path for path in data if path.endswith(("dcat.jsonld", "dcat.ttl", "stats.json"))}
    shut = {path for path in data if path.startswith(("data/visits/", "data/secrets/"))}
    assert set(open_files(site)) == data - made - shut
    urls = (site.folder / "download/urls.txt").read_text("utf-8").split()
    assert urls == [site.url + path for path in open_files(site)]


@pytest.mark.parametrize(("number", "tool"), [*enumerate(["aria2c", "wget", "curl"])])
def test_one_line_downloads_everything_and_one_verifies_it(site: Site, tmp_path: Path, number: int, tool: str) -> None:
    if shutil.which(tool) is None or shutil.which("curl") is None:
        pytest.skip(f"{tool} is not installed")
    *commands, check = lines(site)
    for _ in range(2):  # again does no harm
        run("sh", "-e", cwd=tmp_path, text=commands[number])
        assert below(tmp_path) == open_files(site)
    if shutil.which("sha256sum"):
        assert run("sh", "-e", cwd=tmp_path, text=check) == ""


def test_verification_finds_a_changed_byte(site: Site, tmp_path: Path) -> None:
    if shutil.which("sha256sum") is None or shutil.which("curl") is None:
        pytest.skip("sha256sum or curl is not installed")
    shutil.copytree(site.folder / "data", tmp_path / "data")
    (tmp_path / "data/fees/fees.csv").write_bytes(b"x")
    with pytest.raises(AssertionError):
        run("sh", "-e", cwd=tmp_path, text=lines(site)[-1])


def test_both_languages_have_the_same_lines(site: Site) -> None:
    assert lines(site) == lines(site, "en")
