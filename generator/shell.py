"""A page frame with slots: rendered once by the site engine, filled for every generated page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

SLOTS = (
    "base", "path", "kind", "title", "heading", "description", "head", "body",
    "section:home", "section:catalog", "section:agency", "section:feedback",
)  # fmt: skip
"""``base``: relative way to the site's root (``../../``). ``path``: the page's address in its language
(``dataset/x/``), percent-encoded. ``kind``: a class for the body. ``title``: the document's title. ``heading``: the
title alone, for previews in other sites. ``section:…``: marks the current entry of the main navigation. All of them
are HTML, escaped."""

_SLOT = re.compile(r"⟦slot ([a-z:]+)⟧")


def slot(name: str) -> str:
    """What a theme template writes where a slot shall be."""
    if name not in SLOTS:
        raise ValueError(f"no slot is called {name}")
    return f"⟦slot {name}⟧"


@dataclass(frozen=True, slots=True)
class Shell:
    lang: str
    parts: tuple[str, ...]
    """HTML and names of slots in turn: the odd ones are names."""

    @classmethod
    def from_html(cls, lang: str, html: str) -> Shell:
        return cls(lang, tuple(_SLOT.split(html)))

    def partly(self, values: Mapping[str, str]) -> Shell:
        """The shell with some slots filled for good, so that the pages that share them cost less."""
        done = [self.parts[0]]
        for name, html in zip(self.parts[1::2], self.parts[2::2], strict=True):
            if name in values:
                # Not `+`: with Markup on its left it would escape the shell.
                done[-1] = f"{done[-1]}{values[name]}{html}"
            else:
                done += (name, html)
        return Shell(self.lang, tuple(done))

    def fill(self, values: Mapping[str, str]) -> str:
        """The page. A slot without a value is a ``KeyError``: no half-filled page leaves."""
        out = list(self.parts)
        out[1::2] = [values[name] for name in self.parts[1::2]]
        return "".join(out)
