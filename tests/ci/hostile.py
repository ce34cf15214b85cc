"""Texts that try to be more than text, and a reader that tells what came of them."""

from __future__ import annotations

import re
from html.parser import HTMLParser

TEXTS = (
    "@everyone",
    "@kaishu-portal/admins",
    "a@kaishu",
    "#1",
    "kaishu-portal/jiangmen#1",
    "GH-1",
    "4f410aa0112584f410aa0112584f410aa0112581",
    "https://evil.test/x",
    "www.evil.test",
    "mail@evil.test",
    "[x](https://evil.test)",
    "![x](https://evil.test/x.png)",
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "<!-- kaishu:check -->",
    "</details><h1>x</h1>",
    "`@everyone`",
    "``` @everyone ```",
    "````\n@everyone\n````",
    "`",
    "\\`@everyone",
    "\n\n# @everyone\n\n",
    "\r\n::error::x",
    "::set-output name=x::y",
    "##[error]x",
    "| a | b |",
    "~~~\n@everyone",
    "@\u200beveryone \u202edetrever\u202c \u2066x",
    "&#64;everyone &lt;b&gt;",
    "$`x`$",
    "*x* _x_ ~~x~~ **x**",
    "[ref]: https://evil.test",
    "[^1]",
    ":tada:",
    "{value} {0} {more[x]}",
    "\ue0000\ue001 \ue00099\ue001",
    "   ",
    "- [ ] x",
    "x" * 5000,
    "\x00\x07\x1b[31m",
)


class Rendered(HTMLParser):
    """Of GFM's HTML: what a forge would look through for mentions and references, and every element and link."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.code: list[str] = []
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.comments: list[str] = []
        self._in_code = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        self._in_code += tag == "code"
        if tag == "code":
            self.code.append("")

    def handle_endtag(self, tag: str) -> None:
        self._in_code -= tag == "code"

    def handle_data(self, data: str) -> None:
        if self._in_code:
            self.code[-1] += data
        else:
            self.text += data

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


PLAIN = {"p", "h3", "h4", "ul", "li", "strong", "code", "details", "summary", "br", "a", "em"} - {"em"}
_MENTION = re.compile(r"(?<!\w)@[A-Za-z0-9]")
_REFERENCE = re.compile(r"#\d|(?i:gh-\d)|\b(?=[0-9]*[a-f])[0-9a-f]{7,40}\b|://|www\.|evil|:[a-z]+:|\[ \]")
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ue000-\uf8ff]")


def does_nothing(markdown: str, *, link: str = "") -> Rendered:
    """Render it as GFM and look for anything that would be more than text."""
    from marko.ext.gfm import gfm

    found = Rendered(gfm(markdown))
    assert found.tags <= PLAIN, found.tags - PLAIN
    assert set(found.links) <= {link} - {""}, found.links
    assert found.comments in ([], [" kaishu:check "]), found.comments
    assert not _MENTION.search(found.text), _MENTION.findall(found.text)
    assert not _REFERENCE.search(found.text), _REFERENCE.findall(found.text)
    assert not _UNSEEN.search(markdown), _UNSEEN.findall(markdown)
    assert not any(line.lstrip().startswith(("::", "##[")) for line in markdown.splitlines())
    return found
