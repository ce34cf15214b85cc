"""One package, on its own: check all of it, and convert what is open. Runs in worker processes."""

from __future__ import annotations

import datetime
import hashlib
import json
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from generator import terms, vocabularies
from generator.judge import Judgement, check_failed, check_here
from generator.model import Catalog, Package, listed_licenses, paths_of
from generator.problems import Problem, Severities
from generator.public import ColumnStatistics, Distribution, Preview, Schema
from generator.remote import NOTHING, Fetched, on_this_machine
from generator.state import State
from generator.tables import About, ConvertedTable, convert_table, is_table, write_for_excel
from generator.text import LANGUAGES, Text, bilingual, slug, stated_languages, text_of


@dataclass(frozen=True, slots=True)
class Prepared:
    """What came of one resource that is open: its files, and of a table what the pages show."""

    distributions: tuple[Distribution, ...]
    schema: Schema | None = None
    preview: Preview | None = None
    rows: int | None = None
    statistics: tuple[ColumnStatistics, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked(Judgement):
    """One package after its check, and what was made of it."""

    resources: Mapping[int, Prepared] = field(default_factory=dict)
    """By position in the descriptor; only open resources, and none when something blocks the package."""


def prepare(
    package: Package,
    catalog: Catalog,
    today: datetime.date,
    severities: Severities,
    target: Path,
    known: tuple[Problem, ...] = (),
    state: State | None = None,
    fetched: Mapping[str, Fetched] = MappingProxyType({}),
) -> Checked:
    """Check a package and, when nothing blocks it, write its open resources below ``target``.

    ``known`` are problems found elsewhere (by comparing packages) that may block this one; ``fetched`` are the files
    that packages have on other hosts, by their folders.
    """
    try:
        with on_this_machine(package, fetched.get(package.folder, NOTHING)) as here:
            judged = check_here(here, catalog, today, state)
            return _prepare(here.package, judged, severities, target, known)
    except Exception:  # as in ``check_one``
        return Checked(package.folder, (check_failed(package),))


def _prepare(
    package: Package, judged: Judgement, severities: Severities, target: Path, known: tuple[Problem, ...]
) -> Checked:
    if any(severities.blocks(problem) for problem in (*known, *judged.problems)):
        return Checked(judged.folder, judged.problems, tables=judged.tables)
    resources: dict[int, Prepared] = {}
    taken: set[str] = set()
    for index, resource in enumerate(package.resources):
        if not package.is_open(resource):
            continue
        try:
            resources[index] = _convert(package, resource, target, taken)
        except Exception:  # likewise
            name = str(resource.get("name") or "")
            fault = Problem("conversion-failed", package.folder, package.file, name, detail=traceback.format_exc())
            return Checked(judged.folder, (*judged.problems, fault), tables=judged.tables)
    return Checked(judged.folder, judged.problems, resources, tables=judged.tables)


def _convert(package: Package, resource: Mapping[str, Any], target: Path, taken: set[str]) -> Prepared:
    target.mkdir(parents=True, exist_ok=True)
    stem = _free(_stem(resource), taken)
    if not is_table(resource, package.path):
        return Prepared(tuple(_as_it_is(package, resource, target, stem)))
    languages = stated_languages(package.descriptor)

    def text(values: Mapping[str, Any], key: str) -> Text:
        return text_of(values, key, languages)

    name = str(resource.get("name") or "")
    table = convert_table(
        package.descriptor,
        name,
        package.path,
        target,
        stem=stem,
        text=text,
        threads=1,
    )
    excel = write_for_excel(table.csv, table.schema, table.rows, target, stem=stem, about=_about(package, resource))
    return Prepared(tuple(_files(table, excel)), table.schema, table.preview, table.rows, table.statistics)


def _files(table: ConvertedTable, excel: Path | None) -> Iterator[Distribution]:
    yield _distribution(table.csv, table.rows, use="csv")
    yield _distribution(table.parquet, table.rows, use="parquet")
    if excel:
        yield _distribution(excel, table.rows, use="excel-csv" if excel.suffix == ".csv" else "excel")


def _about(package: Package, resource: Mapping[str, Any]) -> About:
    """What a workbook tells of itself: it travels on without the page that it was downloaded from."""
    languages = stated_languages(package.descriptor)
    labels = terms.labels()
    values = {
        "title": [text_of(package.descriptor, "title", languages), text_of(resource, "title", languages)],
        "description": [text_of(resource, "description", languages)],
        "licenses": [_license(entry) for entry in listed_licenses(package.descriptor)],
        "sources": [
            _with_link(text_of(source, "title", languages), source.get("path"))
            for source in _objects(package.descriptor.get("sources"))
        ],
    }
    return [
        (bilingual(**labels[name]), stated) for name, texts in values.items() if (stated := [t for t in texts if t])
    ]


def _objects(values: Any) -> list[Mapping[str, Any]]:
    return [each for each in values if isinstance(each, Mapping)] if isinstance(values, list) else []


def _license(entry: Mapping[str, Any]) -> Text:
    name, url = str(entry.get("name") or ""), str(entry.get("path") or "")
    known = vocabularies.find_license(name, url)
    return _with_link(known.title, url or known.url) if known else _with_link(Text(name, "und"), url)


def _with_link(text: Text, link: Any) -> Text:
    """The text with the address after it, if that is one of the web."""
    if not isinstance(link, str) or not link.startswith(("https://", "http://")):
        return text
    zh, en = (" ".join(filter(None, (text.to(lang)[0], link))) for lang in LANGUAGES)
    return bilingual(zh, en)


def _as_it_is(package: Package, resource: Mapping[str, Any], target: Path, stem: str) -> Iterator[Distribution]:
    """The resource's files under a name made of its own, or its inline data as JSON."""
    paths = paths_of(resource)
    if not paths:
        file = target / f"{stem}.json"
        file.write_text(json.dumps(resource["data"], ensure_ascii=False, indent=1) + "\n", "utf-8")
        yield _distribution(file)
    for number, path in enumerate(paths):
        suffix = "".join(Path(path).suffixes[-1:]).lower()
        file = target / f"{stem}{'' if len(paths) == 1 else f'-{number + 1}'}{suffix}"
        file.write_bytes((package.path / path).read_bytes())
        yield _distribution(file)


def _stem(resource: Mapping[str, Any]) -> str:
    """File name without suffix: the resource's name, less a suffix that would stand twice."""
    name = slug(str(resource.get("name") or "")) or "data"
    for suffix in (".csv", ".tsv", ".json", ".geojson", ".xlsx", ".zip", ".pdf", ".parquet"):
        name = name.removesuffix(suffix)
    return name or "data"


def _free(stem: str, taken: set[str]) -> str:
    """A name that no file of the package has, nor the CSV for Excel beside it."""
    name, number = stem, 2
    while {name, f"{name}-excel"} & taken:
        name, number = f"{stem}-{number}", number + 1
    taken |= {name, f"{name}-excel"}
    return name


def _distribution(file: Path, rows: int | None = None, *, use: str = "") -> Distribution:
    format_ = vocabularies.format_of(file.name)
    meant = vocabularies.uses()[use] if use else None
    with file.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    return Distribution(
        path=file.name,
        format=format_.label,
        media_type=format_.media_type,
        bytes=file.stat().st_size,
        sha256=sha256,
        file=file,
        rows=rows,
        eu_file_type=format_.eu_file_type,
        use=meant.use if meant else Text(),
        note=meant.note if meant else Text(),
        for_excel=use in ("excel", "excel-csv"),
    )
