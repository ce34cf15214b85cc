"""One package, on its own: check all of it, and convert what is open. Runs in worker processes."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from generator import terms, vocabularies
from generator.judge import Judgement, check_failed, check_here, told_fault, unsafe_resources
from generator.model import Catalog, Package, listed_licenses, paths_of
from generator.problems import Problem, Severities
from generator.public import ColumnStatistics, Distribution, Preview, Schema, View
from generator.remote import NOTHING, Fetched, StandIn, on_this_machine
from generator.state import State
from generator.tables import (
    About,
    ConvertedTable,
    conversion_to,
    convert_table,
    converted,
    is_table,
    map_of,
    totals_of,
    views_of,
    with_names,
    write_for_excel,
)
from generator.text import LANGUAGES, Text, bilingual, slug, stated_languages, text_of
from generator.views import declared

if TYPE_CHECKING:
    from generator.tables import Conversion


Said = Callable[[Package], Sequence[Mapping[str, Any]]]
"""What is published of each resource of a package, in the standard's words."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What came of one resource that is open: its files, and of a table what the pages show."""

    distributions: tuple[Distribution, ...]
    schema: Schema | None = None
    preview: Preview | None = None
    rows: int | None = None
    statistics: tuple[ColumnStatistics, ...] = ()
    views: tuple[View, ...] = ()
    totals: bytes = b""


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
    said: Said = lambda _: (),
) -> Checked:
    """Check a package and, when nothing blocks it, write its open resources below ``target``.

    ``known`` are problems found elsewhere (by comparing packages) that may block this one; ``fetched`` are the files
    that packages have on other hosts, by their folders. ``said`` gives what is published of each resource, for its
    files to say it of themselves.
    """
    try:
        with on_this_machine(package, fetched.get(package.folder, NOTHING)) as here:
            return _prepare(here, catalog, today, severities, target, known, state, said)
    except Exception:  # our own fault in one package must not stop the others; it is told as ours
        return Checked(package.folder, (check_failed(package),))


def _prepare(
    here: StandIn,
    catalog: Catalog,
    today: datetime.date,
    severities: Severities,
    target: Path,
    known: tuple[Problem, ...],
    state: State | None,
    said: Said,
) -> Checked:
    package = here.package
    if any(severities.blocks(problem) for problem in known):
        judged = check_here(here, catalog, today, state)
        return Checked(judged.folder, judged.problems, tables=judged.tables)
    # A stand-in for a package with remote files goes before the site is written.
    stays = not here.fetched.files
    wanted = _wanted(
        package, target, unsafe_resources(package, catalog, today), _of_each(package, said), hands_on=stays
    )
    conversions = {one.name: one.conversion for one in wanted if one.conversion}
    judged = check_here(here, catalog, today, state, conversions)
    if any(severities.blocks(problem) for problem in judged.problems):
        return Checked(judged.folder, judged.problems, tables=judged.tables)
    resources: dict[int, Prepared] = {}
    for one in wanted:
        try:
            resources[one.index] = _convert(package, one, target)
        except Exception:  # likewise
            fault = Problem("conversion-failed", package.folder, package.file, one.name, detail=told_fault(package))
            return Checked(judged.folder, (*judged.problems, fault), tables=judged.tables)
    return Checked(judged.folder, judged.problems, _with_names(wanted, resources), tables=judged.tables)


def _with_names(wanted: Sequence[_Wanted], resources: Mapping[int, Prepared]) -> dict[int, Prepared]:
    """In pictures the names that other open tables of the package have for codes stand beside them."""
    tables = {
        one.name: (distribution.file, schema)
        for one in wanted
        if (schema := resources[one.index].schema)
        for distribution in resources[one.index].distributions
        if distribution.format == "Parquet"
    }
    return {
        index: replace(made, views=with_names(made.views, made.schema, tables)) if made.schema else made
        for index, made in resources.items()
    }


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An open resource, and how its files are to be called."""

    index: int
    resource: Mapping[str, Any]
    stem: str
    conversion: Conversion | None = None
    """Of a table. It is carried out when the table is judged, or afterwards."""

    @property
    def name(self) -> str:
        return str(self.resource.get("name") or "")


def _of_each(package: Package, said: Said) -> Sequence[Mapping[str, Any]]:
    """Nothing is known of the package yet. If it is broken, nothing will be made of it."""
    try:
        return said(package)
    except Exception:  # on a broken descriptor, likewise
        return ()


def _wanted(
    package: Package, target: Path, unsafe: Collection[str], said: Sequence[Mapping[str, Any]], *, hands_on: bool
) -> list[_Wanted]:
    languages, taken = stated_languages(package.descriptor), set(OURS)

    def text(values: Mapping[str, Any], key: str) -> Text:
        return text_of(values, key, languages)

    found = []
    for index, resource in enumerate(package.resources):
        if package.is_open(resource):
            stem = _free(_stem(resource), resource, taken)
            one = _Wanted(index, resource, stem)
            table = one.name not in unsafe and _is_table(resource, package.path)
            if table:
                told = said[index] if index < len(said) else {}
                one = replace(
                    one,
                    conversion=conversion_to(
                        target, stem=stem, text=text, geoparquet=True, about=told, hands_on=hands_on
                    ),
                )
            found.append(one)
    return found


def _is_table(resource: Mapping[str, Any], folder: Path) -> bool:
    """Nothing is known of the resource yet. If it is broken, nothing will be made of it."""
    try:
        return is_table(resource, folder)
    except Exception:  # of the library, on a broken descriptor: the check tells what is wrong with it
        return False


def _convert(package: Package, wanted: _Wanted, target: Path) -> Prepared:
    target.mkdir(parents=True, exist_ok=True)
    resource, stem, conversion = wanted.resource, wanted.stem, wanted.conversion
    plans = [plan for plan in declared(package.descriptor) if plan.resource == wanted.name]
    if conversion is None:
        assert not is_table(resource, package.path), "it was none before the check"  # or raises, which is told as ours
        files = tuple(_as_it_is(package, resource, target, stem))
        maps = next((map_of(file.file, next(iter(plans), None)) for file in files if file.format == "GeoJSON"), ())
        return Prepared(files, views=maps)
    table = converted(conversion, package.descriptor) or convert_table(
        package.descriptor,
        wanted.name,
        package.path,
        target,
        stem=stem,
        text=conversion.wanted.text,
        geoparquet=True,
        about=conversion.wanted.about,
    )
    excel = write_for_excel(table.csv, table.schema, table.rows, target, stem=stem, about=_about(package, resource))
    views = views_of(table.parquet, table.schema, plans, table.statistics)
    files = tuple(_files(table, excel, f"{stem}.csv"))
    totals = totals_of(table.parquet, table.statistics)
    return Prepared(files, table.schema, table.preview, table.rows, table.statistics, views, totals)


def _files(table: ConvertedTable, excel: Path | None, csv: str) -> Iterator[Distribution]:
    """``csv``: the name of the CSV, which may be the source itself, under another."""
    yield _distribution(table.csv, table.rows, use="csv", name=csv)
    yield _distribution(table.parquet, table.rows, use="parquet")
    if table.geoparquet:
        yield _distribution(table.geoparquet, table.rows, use="geoparquet")
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


OURS = frozenset({"datapackage.json", "dcat.jsonld", "dcat.ttl", "stats.json", "tombstone.json"})
"""What Kaishu writes beside the files of a dataset."""


def _free(stem: str, resource: Mapping[str, Any], taken: set[str]) -> str:
    """A name under which no file made of this resource is called as one of another, or as one of ours."""
    name, number = stem, 2
    while (claimed := _claimed(name, resource)) & taken:
        name, number = f"{stem}-{number}", number + 1
    taken |= claimed
    return name


def _claimed(stem: str, resource: Mapping[str, Any]) -> set[str]:
    """The file's name without suffix, that of its CSV for Excel and of its GeoParquet; the whole names of what is
    published as it is."""
    paths = paths_of(resource)
    numbered = {f"{stem}-{number}" for number in range(1, len(paths) + 1)} if len(paths) > 1 else set()
    whole = {stem + Path(path).suffix.lower() for path in paths} or {f"{stem}.json"}
    return {stem, f"{stem}-excel", f"{stem}.geo", *numbered, *whole}


def _distribution(file: Path, rows: int | None = None, *, use: str = "", name: str = "") -> Distribution:
    name = name or file.name
    format_ = vocabularies.format_of(name)
    meant = vocabularies.uses()[use] if use else None
    with file.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    return Distribution(
        path=name,
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
