"""Every code has a page in both languages, which the list leads to."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from generator.problems import catalogue
from generator.problems.explanations import explanations


@pytest.mark.parametrize(("root", "lang"), [("", "zh"), ("en/", "en")])
def test_every_code_has_a_page_that_the_list_leads_to(pages_site: Path, root: str, lang: str) -> None:
    index = (pages_site / root / "help/index.html").read_text("utf-8")
    assert [href.rstrip("/").upper() for href in re.findall(r'<li><a href="(\w\d{3}/)">', index)] == [
        kind.code for letter in "MTSAFCK" for kind in catalogue().values() if kind.code.startswith(letter)
    ]
    for name, kind in catalogue().items():
        page = html.unescape((pages_site / root / f"help/{kind.code.lower()}/index.html").read_text("utf-8"))
        explained = explanations()[name]
        for text in (kind.title, explained.why, explained.way.web, explained.way.excel):
            assert text.to(lang)[0] in page, name
        for edit in explained.example.edits if explained.example else ():
            assert edit.before.rstrip() in page, name
