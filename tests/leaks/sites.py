"""Whole sites of small portals, built in this process. The prose, which no dataset changes, is made once."""

from __future__ import annotations

import datetime
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import yaml

from generator import site_engine
from generator.build import Options, Report, build
from generator.config import Config, read_config
from generator.report import View, exit_code, to_json, to_text
from generator.shell import Shell

PORTAL = {"title": "测试门户", "title_en": "Test portal", "url": "https://data.test.example/opendata/"}
TODAY = datetime.date(2026, 6, 30)
_MADE: dict[str, tuple[Path, Mapping[str, Shell]]] = {}
_REAL = site_engine.build_prose


def write_portal(folder: Path, files: Mapping[str, bytes | str], *, private: bool, **more: Any) -> Path:
    """The configuration, and ``files`` below the datasets folder."""
    folder.mkdir(parents=True, exist_ok=True)
    visibility = {"visibility": "private" if private else "public"}
    config = {"portal": PORTAL, "repository": visibility, **more}
    (folder / "kaishu.yaml").write_text(yaml.safe_dump(config, allow_unicode=True), "utf-8")
    (folder / "datasets").mkdir(exist_ok=True)
    for path, content in files.items():
        file = folder / "datasets" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


@dataclass(frozen=True)
class Built:
    files: Mapping[str, bytes]
    """Every file of the site, the manifest too."""
    report: Report
    told: str
    """All that is said of it: in both languages, for people and for programs, with ``--debug``."""
    exit_code: int


def built(portal: Path, *, today: datetime.date = TODAY, state: bool = False) -> Built:
    with tempfile.TemporaryDirectory(prefix="leaks-") as place, prose_made_once():
        site = Path(place) / "site"
        config = read_config(portal / "kaishu.yaml", site=site)
        report = build(_with_state(config, state), Options(today, jobs=1))
        files = {f.relative_to(site).as_posix(): f.read_bytes() for f in sorted(site.rglob("*")) if f.is_file()}
        return Built(files, report, told(report, config), exit_code(report))


def _with_state(config: Config, state: bool) -> Config:
    from dataclasses import replace

    return config if state else replace(config, state=None)


def told(report: Report, config: Config) -> str:
    views = [View(lang, config.datasets, site, debug=True) for lang in ("zh", "en") for site in (config.site, None)]
    return "\n".join([*(to_text(report, view) for view in views), to_json(report, "build", debug=True)])


@contextmanager
def prose_made_once() -> Iterator[None]:
    with mock.patch.object(site_engine, "build_prose", _prose):
        yield


def _prose(config: Config, target: Path) -> Mapping[str, Shell]:
    key = repr((config.portal, config.site_src, config.mkdocs))
    if key not in _MADE:
        place = Path(tempfile.mkdtemp(prefix="leaks-prose-")) / "pages"
        _MADE[key] = place, _REAL(config, place)
    place, shells = _MADE[key]
    shutil.copytree(place, target, copy_function=os.link, dirs_exist_ok=True)
    return shells


def differing(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> list[str]:
    """What ``diff -r`` would name."""
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))
