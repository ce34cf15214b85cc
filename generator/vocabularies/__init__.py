"""Controlled vocabularies, kept as files beside this module."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from generator.concepts import Concept, License
from generator.plain_yaml import read_yaml
from generator.text import Text, bilingual

EU = "http://publications.europa.eu/resource/authority/"


def _entries(name: str) -> list[dict[str, Any]]:
    text = Path(__file__).with_name(f"{name}.yaml").read_text("utf-8")
    entries: list[dict[str, Any]] = read_yaml(text)
    return entries


def _concepts(name: str, eu_table: str = "") -> dict[str, Concept]:
    return {
        entry["id"]: Concept(
            id=entry["id"],
            label=bilingual(entry["zh"], entry["en"]),
            uris=(f"{EU}{eu_table}/{entry['eu']}",) if entry.get("eu") else (),
            days=entry.get("days"),
        )
        for entry in _entries(name)
    }


@cache
def themes() -> Mapping[str, Concept]:
    """The 22 subject domains (主题领域), in the order of the practice."""
    return _concepts("themes", "data-theme")


@cache
def industries() -> Mapping[str, Concept]:
    """Sections of GB/T 4754-2017."""
    return _concepts("industries")


@cache
def update_cycles() -> Mapping[str, Concept]:
    return _concepts("update-cycles", "frequency")


@cache
def licenses() -> Mapping[str, License]:
    """Known licences by name and by every alias, in lower case."""
    known: dict[str, License] = {}
    for entry in _entries("licenses"):
        license_ = License(
            name=entry["name"],
            title=bilingual(entry["zh"], entry["en"]),
            url=entry["url"],
            eu_uri=f"{EU}licence/{entry['eu']}" if entry.get("eu") else "",
            open=entry["open"],
        )
        for name in (entry["name"], *entry.get("aliases", ())):
            known[name.lower()] = license_
    return known


@cache
def licenses_by_url() -> Mapping[str, License]:
    return {_address(license_.url): license_ for license_ in licenses().values()}


def find_license(name: str, url: str) -> License | None:
    """The known licence of that name, else with that address."""
    return licenses().get(name.lower()) or licenses_by_url().get(_address(url))


@cache
def license_text(name: str) -> str:
    """The text of a known licence, in English as SPDX has it; empty where we have none."""
    file = Path(__file__).with_name("licences") / f"{name}.txt"
    known = name in {license_.name for license_ in licenses().values()}
    return file.read_text("utf-8") if known and file.is_file() else ""


def _address(url: str) -> str:
    """Two addresses of one licence differ in scheme, `www.`, `legalcode` and the final slash."""
    bare = url.lower().removeprefix("https://").removeprefix("http://").removeprefix("www.")
    return bare.removesuffix("legalcode").rstrip("/")


def label(concept: Concept | None) -> Text:
    return concept.label if concept else Text()


@dataclass(frozen=True, slots=True)
class Format:
    label: str
    media_type: str
    eu_file_type: str = ""


@cache
def formats() -> Mapping[str, Format]:
    """File formats by suffix, without the dot."""
    text = Path(__file__).with_name("formats.yaml").read_text("utf-8")
    return {suffix: Format(f["label"], f["media"], f.get("eu", "")) for suffix, f in read_yaml(text).items()}


@dataclass(frozen=True, slots=True)
class Use:
    """What a table's file is for."""

    use: Text
    note: Text


@cache
def uses() -> Mapping[str, Use]:
    """Of the canonical CSV, of Parquet, of the workbook (``excel``) and of the CSV for Excel (``excel-csv``)."""
    found = read_yaml(Path(__file__).with_name("uses.yaml").read_text("utf-8"))
    return {name: Use(bilingual(**u["use"]), bilingual(**u["note"])) for name, u in found.items()}


def format_of(name: str) -> Format:
    """The format of a file by its name; what is not known is bytes."""
    *_, before, suffix = ["", "", *name.lower().split(".")]
    return (
        formats().get(f"{before}.{suffix}")
        or formats().get(suffix)
        or Format(suffix.upper()[:12] if "." in name else "", "application/octet-stream")
    )
