"""Styles, scripts and pictures of every page, under names that change with their content: no cache goes stale."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from generator.pages.words import script_words
from generator.text import LANGUAGES

# Components of Material's own pages, which ours have not: 130 kB of its 137 kB style sheet are parsed for nothing else.
_UNUSED = re.compile(
    r"\.md-(?!typeset|icon\b|grid\b)|\.focus-visible|\[dir=rtl\]|\.no-js|\.js |\.mermaid|\.twemoji|\.emojione|\.tx-"
    r"|\.tabbed-|\.task-list|\.keys |\.critic|\.gemoji|^html$|^\.(?:lg|xl|xxl|xxxl|middle)\b"
)
# Icons as data addresses, which a content security policy of `default-src 'self'` forbids.
_DATA_ADDRESS = re.compile(r"""--md-[\w-]+:url\((["'])data:.*?\1\);?""", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Asset:
    name: str
    path: str
    """Below the site's root."""
    content: bytes


def assets(folder: Path, material: Path) -> Iterator[Asset]:
    """The files of ``folder``, and ``kaishu.css``: Material's style sheet, from its folder of templates, and ours."""
    [style] = material.glob("assets/stylesheets/main.*.min.css")
    ours = [file.read_text(encoding="utf-8") for file in sorted((folder / "styles").glob("*.css"))]
    yield _asset("kaishu.css", "\n".join([sifted(style.read_text(encoding="utf-8")), *ours]).encode())
    bundled = _bundled(folder)
    for file in sorted(folder.iterdir()):
        if file.suffix in (".css", ".svg") or file.name in bundled:
            yield _asset(file.name, file.read_bytes())
        elif file.suffix == ".js":
            yield _asset(file.name, _bare(file.read_text(encoding="utf-8")).encode())
    for lang in LANGUAGES:
        yield _asset(f"words.{lang}.json", script_words(lang).encode())


def _bundled(folder: Path) -> frozenset[str]:
    """Scripts that ``make scripts`` makes: minified, and to be served to the byte."""
    file = folder / "scripts.json"
    return frozenset(json.loads(file.read_text(encoding="utf-8"))["files"]) if file.exists() else frozenset()


def _bare(script: str) -> str:
    """Without indentation and lines of comment, which nobody reads there. No text of ours goes over several lines."""
    lines = (line.strip() for line in script.splitlines())
    return "".join(f"{line}\n" for line in lines if line and not line.startswith("//"))


PACK = ("duckdb.js", "duckdb-worker.js", "duckdb-eh.wasm", "duckdb-licenses.txt")


def pack(folder: Path) -> Iterator[Asset]:
    """DuckDB-Wasm, where a portal wants it and ``make duckdb`` has brought it; else ``FileNotFoundError``."""
    for name in PACK:
        yield _asset(name, (folder / name).read_bytes())


def _asset(name: str, content: bytes) -> Asset:
    digest = hashlib.sha256(content).hexdigest()[:10]
    stem, _, suffix = name.rpartition(".")
    return Asset(name, f"assets/{stem}.{digest}.{suffix}", content)


def sifted(css: str) -> str:
    """A minified style sheet without the rules and the icons that no page of ours uses."""
    css = re.sub(r"/\*#.*?\*/", "", css, flags=re.DOTALL)
    return "".join(_sifted(_DATA_ADDRESS.sub("", css)))


def _sifted(css: str) -> Iterator[str]:
    for head, body in _rules(css):
        if head.startswith(("@media", "@supports")):
            if kept := "".join(_sifted(body)):
                yield f"{head}{{{kept}}}"
        elif not head.startswith("@") and (selectors := _used(head)) and body:
            yield f"{selectors}{{{body}}}"


def _used(selectors: str) -> str:
    return ",".join(selector for selector in selectors.split(",") if not _UNUSED.search(selector))


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """What stands before a pair of braces, and in it."""
    start = depth = 0
    head = ""
    for brace in re.finditer(r"[{}]", css):
        if brace.group() == "{":
            if depth == 0:
                head, start = css[start : brace.start()].rpartition(";")[2].strip(), brace.end()
            depth += 1
        else:
            depth -= 1
            if depth == 0:
                yield head, css[start : brace.start()]
                start = brace.end()
