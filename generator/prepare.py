"""One package, on its own: check all of it, and convert what is open. Runs in worker processes."""

from __future__ import annotations

import datetime
import hashlib
import json
import traceback
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from generator import vocabularies
from generator.check import check_package
from generator.check.place import named
from generator.model import Catalog, Package, paths_of
from generator.problems import Problem, Severities
from generator.public import Distribution, Preview, Schema
from generator.remote import NOTHING, Fetched, on_this_machine
from generator.tables import check_tables, convert_table, is_table
from generator.text import Text, slug, stated_languages, text_of

UNSAFE = frozenset(("path-outside", "path-symlink", "path-not-file"))
"""With one of these no reader is let near the resource's files."""
SAID_ALREADY = {
    "data-file-missing": ("source-error", "scheme-error"),
    "resource-without-data": ("path-and-data-missing",),
}
"""What frictionless says of a resource (by kind or error type) when a rule of ours has said it in better words."""

SAID_BETTER = {"name-pattern": "name-invalid", "path-unsafe": "data-file-missing"}
"""The other way round. The standard's demand on names is weaker than ours, but no configuration lowers it."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What came of one resource that is open: its files, and of a table what the pages show."""

    distributions: tuple[Distribution, ...]
    schema: Schema | None = None
    preview: Preview | None = None
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """One package after its check."""

    folder: str
    problems: tuple[Problem, ...]
    resources: Mapping[int, Prepared] = field(default_factory=dict)
    """By position in the descriptor; only open resources, and none when something blocks the package."""


def check_one(
    package: Package, catalog: Catalog, today: datetime.date, fetched: Mapping[str, Fetched] = MappingProxyType({})
) -> tuple[Problem, ...]:
    """Everything wrong with one package: its descriptor, its files, also the ``fetched`` ones, and its tables."""
    try:
        with on_this_machine(package, fetched.get(package.folder, NOTHING)) as here:
            return here.told(_check(here.package, catalog, today))
    except Exception:  # our own fault in one package must not stop the others; it is told as ours
        return (_check_failed(package),)


def _check_failed(package: Package) -> Problem:
    return Problem("check-failed", dataset=package.folder, file=package.file, detail=traceback.format_exc())


def _check(package: Package, catalog: Catalog, today: datetime.date) -> tuple[Problem, ...]:
    try:
        problems = tuple(check_package(package, catalog, today))
        if not package.descriptor.get("resources"):
            return problems
        unsafe = {problem.resource for problem in problems if problem.name in UNSAFE}
        found = check_tables(
            _without_files(package.descriptor, unsafe),
            package.path,
            dataset=package.folder,
            descriptor_file=package.file,
            withheld=(*package.withheld, *unsafe),
        )
        return _each_once(problems, found)
    except Exception:  # likewise; here, so that what fetching found is told beside it
        return (_check_failed(package),)


def _without_files(descriptor: Mapping[str, Any], names: Collection[str]) -> Mapping[str, Any]:
    """The descriptor, whose resources of these names lead to no file."""
    if not names:
        return descriptor
    resources = [
        _without_file(r) if named(r) in names else r for r in descriptor["resources"] if isinstance(r, Mapping)
    ]
    return {**descriptor, "resources": resources}


def _without_file(resource: Mapping[str, Any]) -> Mapping[str, Any]:
    kept = {key: value for key, value in resource.items() if key not in ("path", "url", "extrapaths", "dialect")}
    fields = resource["schema"].get("fields") if isinstance(resource.get("schema"), Mapping) else ()
    whole = isinstance(fields, list) and all(isinstance(field, Mapping) for field in fields)
    return kept if whole else {key: value for key, value in kept.items() if key != "schema"}


def _each_once(ours: tuple[Problem, ...], found: tuple[Problem, ...]) -> tuple[Problem, ...]:
    said = {(p.resource, kind) for p in ours for kind in SAID_ALREADY.get(p.name, ())}
    kept = [p for p in found if not {(p.resource, p.name), (p.resource, p.error_type)} & said]
    better = {(p.resource, SAID_BETTER[p.name]) for p in kept if p.name in SAID_BETTER}
    return *(p for p in ours if (p.resource, p.name) not in better), *kept


def prepare(
    package: Package,
    catalog: Catalog,
    today: datetime.date,
    severities: Severities,
    target: Path,
    known: tuple[Problem, ...] = (),
    fetched: Mapping[str, Fetched] = MappingProxyType({}),
) -> Checked:
    """Check a package and, when nothing blocks it, write its open resources below ``target``.

    ``known`` are problems found elsewhere (by comparing packages) that may block this one; ``fetched`` are the files
    that packages have on other hosts, by their folders.
    """
    try:
        with on_this_machine(package, fetched.get(package.folder, NOTHING)) as here:
            problems = here.told(_check(here.package, catalog, today))
            return _prepare(here.package, problems, severities, target, known)
    except Exception:  # likewise
        return Checked(package.folder, (_check_failed(package),))


def _prepare(
    package: Package, problems: tuple[Problem, ...], severities: Severities, target: Path, known: tuple[Problem, ...]
) -> Checked:
    if any(severities.blocks(problem) for problem in (*known, *problems)):
        return Checked(package.folder, problems)
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
            return Checked(package.folder, (*problems, fault))
    return Checked(package.folder, problems, resources)


def _convert(package: Package, resource: Mapping[str, Any], target: Path, taken: set[str]) -> Prepared:
    target.mkdir(parents=True, exist_ok=True)
    stem = _free(_stem(resource), taken)
    if not is_table(resource, package.path):
        return Prepared(tuple(_as_it_is(package, resource, target, stem)))
    languages = stated_languages(package.descriptor)

    def text(values: Mapping[str, Any], key: str) -> Text:
        return text_of(values, key, languages)

    name = str(resource.get("name") or "")
    table = convert_table(package.descriptor, name, package.path, target, stem=stem, text=text)
    files = (_distribution(table.csv, table.rows), _distribution(table.parquet, table.rows))
    return Prepared(files, table.schema, table.preview, table.rows)


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
