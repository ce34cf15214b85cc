"""The site of the touched datasets as a ZIP file that opens from disk: no server, no upload.

Pages link to folders, as is right on the web; from disk a browser would list those. So links get the name of the page.
A browser runs no module and fetches nothing from disk. Every page is whole without: those scripts are left out, and
the buttons that only they answer.
"""

from __future__ import annotations

import posixpath
import re
import tempfile
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote

from generator import build
from generator.ci.request import Outcome, Trees
from generator.config import Portal
from generator.text import bilingual

MAX_DATASETS = 60
MAX_FILE = 50_000_000
"""Bytes of a data file; a larger one is left out, and its link leads nowhere."""
MAX_ALL = 300_000_000
_FIXED = (1980, 1, 1, 0, 0, 0)
_LINK = re.compile(rb"""(<(?:a|link|area|form|meta)\b[^>]*?\b(?:href|action)=)(["'])([^"']*)\2""", re.IGNORECASE)


_MODULE = re.compile(rb"<script\b[^>]*\btype=[\"']module[\"'][^>]*>\s*</script>\n?", re.IGNORECASE)
_OPENS_PART = re.compile(rb"<button\b[^>]*\bclass=[\"']button open[\"'][^>]*>[^<]*</button>", re.IGNORECASE)
"""What brings a part of the page by a module: a button that would do nothing."""
_LEADS_ELSEWHERE = re.compile(rb"\Z|[#/]|[a-z][a-z0-9+.-]*:", re.IGNORECASE)
"""Within the page, to the root of a host, to another host, to a mailbox."""
_NOT_FOUND = "404.html"
"""Its links begin at the root of a host."""


@dataclass(frozen=True, slots=True)
class Preview:
    datasets: int
    bytes: int
    left_out: tuple[str, ...] = ()
    """Files that are too large for it."""


def write_preview(given: Trees, outcome: Outcome, options: build.Options, target: Path) -> Preview | None:
    """None where the request touches no dataset that could be shown."""
    about = outcome.touched
    chosen = [*sorted(about.datasets), *sorted(about.dependent), *sorted(about.gone)][:MAX_DATASETS]
    if not chosen:
        return None
    with tempfile.TemporaryDirectory(prefix="kaishu-preview-") as folder:
        config = replace(given.head, site=Path(folder).resolve() / "site", portal=_marked(given, outcome))
        report = build.build(config, replace(options, only=frozenset(chosen), previous=None))
        if not report.published and not about.gone:
            return None
        size, left_out = zip_for_disk(config.site, target)
    return Preview(len(report.published), size, left_out)


def _marked(given: Trees, outcome: Outcome) -> Portal:
    number = outcome.request.number
    what = f" #{number}" if number else ""
    commit = outcome.request.head[:12]
    notice = bilingual(
        f"这是合并请求{what}（{commit}）的预览，只有这次修改涉及的数据集，尚未发布；从文件夹打开时不能搜索。",
        f"A preview of the request{what} ({commit}), with the datasets that it touches only, not published. "
        "Opened from disk it has no search.",
    )
    return replace(given.head.portal, notice=notice)


def zip_for_disk(site: Path, target: Path) -> tuple[int, tuple[str, ...]]:
    """Size, and what is left out for its size. The same site gives the same bytes."""
    left_out: list[str] = []
    there = frozenset(_files(site))
    total = 0
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in sorted(there):
            file = site / path
            size = file.stat().st_size
            if size > MAX_FILE or total + size > MAX_ALL:
                left_out.append(path)
                continue
            total += size
            entry = zipfile.ZipInfo(path, _FIXED)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            content = file.read_bytes()
            archive.writestr(entry, for_disk(content, path, there) if path.endswith(".html") else content)
    return target.stat().st_size, tuple(left_out)


def _files(site: Path) -> Iterator[str]:
    found = (file.relative_to(site).as_posix() for file in site.rglob("*") if file.is_file())
    return (path for path in found if path != _NOT_FOUND)


def for_disk(page: bytes, path: str = "", there: Collection[str] | None = None) -> bytes:
    """The page without modules, and with links to pages instead of folders. Those to other hosts stay as they are.

    With ``there``, the files of the site: what leads to none of them, as to a list of a kind of data that the preview
    has none of, stays on the page.
    """

    def link(found: re.Match[bytes]) -> bytes:
        made = found[3]
        if not _LEADS_ELSEWHERE.match(made):
            made = _to_file(made)
            if there is not None and _target(path, made) not in there:
                made = b"#"
        return found[1] + found[2] + made + found[2]

    return _LINK.sub(link, _OPENS_PART.sub(b"", _MODULE.sub(b"", page)))


def _target(path: str, link: bytes) -> str:
    file = re.split(r"[?#]", link.decode("utf-8", "replace"), maxsplit=1)[0]
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(file)))


def _to_file(link: bytes) -> bytes:
    path, mark, rest = re.fullmatch(rb"([^?#]*)([?#]?)(.*)", link, re.DOTALL).groups()  # type: ignore[union-attr]  # matches anything
    if path.endswith(b"/") or path.rpartition(b"/")[2] in (b".", b".."):
        path = path.rstrip(b"/") + b"/index.html"
    return bytes(path + mark + rest)
