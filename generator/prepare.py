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

from generator import vocabularies
from generator.judge import Judgement, check_failed, check_here
from generator.model import Catalog, Package, paths_of
from generator.problems import Problem, Severities
from generator.public import ColumnStatistics, Distribution, Preview, Schema
from generator.remote import NOTHING, Fetched, on_this_machine
from generator.state import State
from generator.tables import convert_table, is_table
from generator.text import Text, slug, stated_languages, text_of


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
        dataset=package.folder,
        descriptor_file=package.file,
        threads=1,
    )
    files = (_distribution(table.csv, table.rows), _distribution(table.parquet, table.rows))
    return Prepared(files, table.schema, table.preview, table.rows, table.statistics)


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
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}-{number}", number + 1
    taken.add(name)
    return name


def _distribution(file: Path, rows: int | None = None) -> Distribution:
    format_ = vocabularies.format_of(file.name)
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
    )
