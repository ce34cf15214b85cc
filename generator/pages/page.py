"""From the parts of a page to its file: the head's links, and the shell filled."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from generator.config import Portal
from generator.pages import addresses, show
from generator.pages.html import escaped, html
from generator.pages.templates import Templates
from generator.pages.words import Words
from generator.shell import Shell
from generator.sitefile import SiteFile
from generator.text import LANGUAGES

SECTIONS = ("home", "catalog", "agency", "feedback")


class Page(NamedTuple):
    path: str
    """Below the language's root, percent-encoded, as in links: ``dataset/x/``."""
    title: str
    """Plain text; the portal's title is added."""
    description: str
    body: str
    section: str = ""
    head: str = ""
    """More elements for ``<head>``."""
    indexed: bool = True
    kind: str = "kind-plain"
    """``kind-finder`` has a search of its own."""


def links(portal: Portal, lang: str, path: str) -> str:
    """Where the page is, and the same page in the other languages."""
    return _links(portal.url, lang).replace(_PATH, path)


_PATH = "\x02"


@lru_cache
def _links(url: str, lang: str) -> str:
    root = escaped(url)
    here = f"{root}{addresses.prefix(lang)}{_PATH}"
    alternates = [(language, f"{root}{addresses.prefix(language)}{_PATH}") for language in LANGUAGES]
    alternates.append(("x-default", alternates[0][1]))
    return "\n".join(
        [f'<link rel="canonical" href="{here}">', f'<meta property="og:url" content="{here}">']
        + [f'<link rel="alternate" hreflang="{language}" href="{url}">' for language, url in alternates]
    )


def title(portal: Portal, lang: str, heading: str) -> str:
    """The document's title. The portal's name goes last, so that tabs can be told apart."""
    name = portal.title.to(lang)[0]
    return f"{show.shortened(heading, 60)} – {name}" if heading else name


@dataclass(slots=True)
class Frames:
    """The shells of one language. The parts that pages of the same depth and section share are filled once."""

    portal: Portal
    shell: Shell
    templates: Templates
    _ready: dict[tuple[str, str], Shell] = field(default_factory=dict)

    @property
    def lang(self) -> str:
        return self.shell.lang

    @property
    def words(self) -> Words:
        return self.templates.t

    def base(self, path: str) -> str:
        return addresses.base(addresses.prefix(self.lang) + path)

    def file(self, page: Page, *, base: str = "", switch_to: str | None = None) -> SiteFile:
        """``base`` is given for a page that is served at any depth; ``switch_to`` when it exists in one language."""
        values = {
            "path": page.path if switch_to is None else switch_to,
            "kind": page.kind,
            "title": escaped(title(self.portal, self.lang, page.title)),
            "heading": html(page.title or self.portal.title.to(self.lang)[0]),
            "description": escaped(show.opening(page.description, 160)),
            "head": page.head + (links(self.portal, self.lang, page.path) if page.indexed else NOT_INDEXED),
            "body": page.body,
        }
        content = self._shell(base or self.base(page.path), page.section).fill(values)
        return SiteFile(self.file_path(page.path), content.encode())

    def file_path(self, path: str) -> str:
        folder = not path or path.endswith("/")
        return f"{addresses.prefix(self.lang)}{addresses.decoded(path)}{'index.html' if folder else ''}"

    def _shell(self, base: str, section: str) -> Shell:
        shell = self._ready.get((base, section))
        if shell is None:
            marks = {f"section:{name}": ' aria-current="true"' if name == section else "" for name in SECTIONS}
            shell = self._ready[base, section] = self.shell.partly({"base": base, **marks})
        return shell


NOT_INDEXED = '<meta name="robots" content="noindex">'
