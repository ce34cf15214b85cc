"""What the portal says of itself: the texts of ``kaishu.yaml`` and the pages of prose.

No dataset can be left out for them, and no text of a page can be hidden without making nonsense of it. So what is found
is told, and no site is made until it is gone. Reviews are not asked for: the operator writes these pages as they are to
be read.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

from generator.config import Portal
from generator.disclosure.files import search_text
from generator.disclosure.offices import phones_of
from generator.disclosure.secret_files import secret_in
from generator.disclosure.watch import Asked
from generator.identifiers import without_identifiers
from generator.problems import Problem
from generator.text import Text

BLOCKED = frozenset(("resident-id", "mobile-phone", "bank-card", "secret-key", "secret-password"))


CONFIG = "../kaishu.yaml"
"""As files are told: from the datasets folder."""


def search_prose(portal: Portal, pages: Path, datasets: Path, latest: datetime.date) -> Iterator[Problem]:
    """``pages``: the folder of Markdown; Kaishu's own is not searched. The portal's phone may stand everywhere."""
    asked = Asked(latest, phones_of([{"phone": portal.phone}]))
    for field, text in _texts(portal):
        yield from _search(text, CONFIG, f"portal.{field}", asked)
    if pages.parent.parent != datasets.parent:
        return
    for page in sorted(pages.rglob("*.md")):
        name = without_identifiers(f"../{page.relative_to(datasets.parent).as_posix()}")
        yield from _search(page.read_text("utf-8", "replace"), name, "", asked)


def _texts(portal: Portal) -> Iterator[tuple[str, str]]:
    for field in fields(portal):
        value = getattr(portal, field.name)
        several = (value.main, *(text for _, text in value.translations)) if isinstance(value, Text) else (value,)
        yield from ((field.name, text) for text in several if isinstance(text, str) and text)


def _search(text: str, file: str, field: str, asked: Asked) -> Iterator[Problem]:
    """Line by line, so that the line can be told."""
    told = file.removeprefix("../")
    for number, content in enumerate(text.splitlines(), 1):
        line = None if field else number
        place = (
            (f"{told} 的 {field}", f"In {told}, {field}") if field else (f"{told} 第 {line} 行", f"{told}, line {line}")
        )
        for found in search_text(content, asked, place, field):
            if found.name in BLOCKED:
                more = (("where_zh", place[0]), ("where_en", place[1]), ("count", f"{found.count:,}"))
                yield Problem(found.name, file=file, field=field, line=line, value=found.masked, more=more)
        for problem in secret_in(content, field.rpartition(".")[2], file, field, place):
            yield replace(problem, line=line)
