"""One example of the fuzz: a portal with a strange descriptor is checked and built, and nothing gives way."""

from __future__ import annotations

import datetime
import hashlib
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from generator.build import Options, check, complete
from generator.config import Config, read_config
from generator.errors import ConfigError
from generator.problems import Problem, words
from generator.report import View, to_json, to_text
from generator.shell import Shell
from generator.site_engine import build_prose
from tests.hostile.descriptors import AGENCY, PACKAGE, ROWS, as_yaml

TODAY = datetime.date(2026, 6, 30)
PORTAL = "portal: {title: 测试门户, title_en: Test portal, url: https://data.test.example/}\n"
OURS = ("check-failed", "conversion-failed")
"""Our own faults: they may not be drawn by anything that an author writes."""
EXPECTED_CRASHES = ("descriptor-crashed", "check-crashed")
"""The library's, which are told as such."""


def _without_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_keys(each) for key, each in value.items() if key not in ("primaryKey", "foreignKeys")}
    return [_without_keys(each) for each in value] if isinstance(value, list) else value


class Portal:
    """A folder that is used again and again: a site's prose is made once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.published = 0
        self.dataset = folder / "datasets/culture/parks"
        self.dataset.mkdir(parents=True)
        (folder / "kaishu.yaml").write_text(PORTAL, "utf-8")
        (self.dataset / "parks.csv").write_text(ROWS, "utf-8")
        self.agency(as_yaml(AGENCY))
        self.config: Config = read_config(folder / "kaishu.yaml", state=folder / "state", site=folder / "site")
        self.shells: dict[str, Shell] = dict(build_prose(self.config, folder / "prose"))
        # Without keys rows may be moments, and more charts are drawn.
        self.own = self._markup(_without_keys(PACKAGE)) | self._markup(PACKAGE)

    def _markup(self, package: Any) -> set[tuple[str, str, str]]:
        """Of the pages of a package that is in order."""
        self.descriptor(as_yaml(package), "yaml")
        site = self.folder / "site"
        shutil.rmtree(site, ignore_errors=True)
        site.mkdir()
        report = complete(self.config, site, self.shells, TODAY)
        assert report.published == ("parks",), [problem.name for problem in report.problems]
        return markup_of(site.rglob("*.html"))

    def agency(self, content: bytes) -> None:
        (self.dataset.parent / "agency.yaml").write_bytes(content)

    def descriptor(self, content: bytes, suffix: str) -> None:
        for other in ("yaml", "json"):
            (self.dataset / f"datapackage.{other}").unlink(missing_ok=True)
        (self.dataset / f"datapackage.{suffix}").write_bytes(content)

    def faults(self) -> list[str]:
        """What gave way, for what is on disk now; empty when nothing did."""
        before = snapshot(self.folder, "site", "state")
        site = self.folder / "site"
        shutil.rmtree(site, ignore_errors=True)
        site.mkdir()
        found: list[str] = []
        checked = check(self.config, Options(TODAY, jobs=1))
        built = complete(self.config, site, self.shells, TODAY)
        for report in (checked, built):
            found += [f"{p.name}: {p.detail[-1500:]}" for p in report.problems if p.name in OURS]
            for lang in ("zh", "en"):
                text = to_text(report, View(lang, self.config.datasets))
                found += [f"a control in the report: {text!r:.500}" for _ in _CONTROLS.findall(text)[:1]]
                found += [f"nothing is said: {p.name}" for p in report.problems if not all(words(p, lang))]
            to_json(report, "check", debug=True).encode("utf-8")
        if by_kind(checked.problems) != by_kind(built.problems):
            found.append(f"check and build differ: {by_kind(checked.problems)} {by_kind(built.problems)}")
        found += list(markup_faults(site.rglob("*.html"), self.own))
        after = snapshot(self.folder, "site", "state")
        if before != after:
            found.append(f"written outside of the site: {sorted(set(before.items()) ^ set(after.items()))[:5]}")
        self.published += len(built.published)
        return found


def by_kind(problems: tuple[Problem, ...]) -> list[str]:
    return sorted(problem.name for problem in problems)


def config_faults(folder: Path, content: bytes) -> list[str]:
    """``kaishu.yaml`` may hold anything: it is understood, or a ``ConfigError`` says what is wrong."""
    file = folder / "strange.yaml"
    file.write_bytes(content)
    try:
        read_config(file, datasets=folder / "datasets")
    except ConfigError as error:
        return [] if error.zh and error.en else ["nothing is said"]
    except Exception as error:  # what is looked for
        return [f"{type(error).__name__}: {error}"]
    return []


def snapshot(folder: Path, *but: str) -> dict[str, str]:
    found = {}
    for file in sorted(folder.rglob("*")):
        relative = file.relative_to(folder)
        if relative.parts[0] not in but:
            found[str(relative)] = hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else "folder"
    return found


_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_ADDRESSES = ("href", "src", "action", "formaction", "srcset", "poster", "data", "xlink:href")
_NEVER = (
    "script",
    "iframe",
    "object",
    "embed",
    "base",
    "style",
    "svg",
    "img",
    "form",
    "link",
    "meta",
    "frame",
    "applet",
)


class _Markup(HTMLParser):
    """Elements and attributes that do something."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.found.append((tag, name, value or ""))
            if name in _ADDRESSES and not _harmless(tag, value or ""):
                self.found.append((tag, name, (value or "").strip()))
        if tag in _NEVER:
            self.found.append((tag, "", ",".join(sorted(name for name, _ in attrs))))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)


def _harmless(tag: str, address: str) -> bool:
    scheme = re.match(r"[\s\x00-\x20]*([a-z][a-z0-9+.-]*):", address, re.IGNORECASE)
    if scheme is None:
        return re.match(r"[\s\x00-\x20]*[/\\]{2}", address) is None
    return tag == "a" and scheme[1].lower() in ("http", "https", "mailto", "tel")


def markup_of(files: Iterator[Path]) -> set[tuple[str, str, str]]:
    return {found for file in files for found in _parsed(file)}


def _parsed(file: Path) -> list[tuple[str, str, str]]:
    parser = _Markup()
    parser.feed(file.read_text("utf-8"))
    parser.close()
    return parser.found


def markup_faults(files: Iterator[Path], own: set[tuple[str, str, str]]) -> Iterator[str]:
    """What does something on a page, and is not ours."""
    for file in files:
        for tag, name, value in _parsed(file):
            ours = (tag, name, value) in own
            if not ours and not (name and value.startswith("https://data.test.example/")):
                yield f"{file.name}: <{tag} {name}={value!r:.100}>"
