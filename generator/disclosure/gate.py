"""The gate: everything of one package that would be published, searched for what is nobody's business."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from generator.disclosure.files import (
    FILE_NAME,
    search_beside_table,
    search_file,
    search_name,
    search_text,
    search_tree,
)
from generator.disclosure.found import Found, of_column
from generator.disclosure.looked import Column, look_at_cells
from generator.disclosure.secret_files import secret_in
from generator.disclosure.sightings import weigh
from generator.disclosure.watch import Asked, K, TableWatch
from generator.identifiers import without_identifiers
from generator.model import Package, is_remote, paths_of
from generator.problems import Problem, catalogue

Values = Mapping[str, Any]

LEAST = len("粤J12345")
"""Characters of a text in which there may be anything."""
_NOT_TEXTS = frozenset(("waivers", "data", "hash", "hashes", "bytes", "schema", "path", "url", "extrapaths"))
"""Properties of package and resources that are looked at otherwise, or never published (waivers), or no words."""


def watches(package: Package, latest: datetime.date, phones: frozenset[str]) -> dict[str, TableWatch]:
    """One for each resource that is open, by its name. Those that are no tables are never begun."""
    theme = str(package.descriptor.get("theme") or "")
    return {
        str(resource.get("name") or ""): TableWatch(_asked(resource, latest, phones, theme))
        for resource in package.resources
        if package.is_open(resource)
    }


def _asked(resource: Values, latest: datetime.date, phones: frozenset[str], theme: str) -> Asked:
    schema = resource.get("schema")
    schema = schema if isinstance(schema, Mapping) else {}
    listed = schema.get("fields")
    fields = [f for f in listed if isinstance(f, Mapping)] if isinstance(listed, list) else []
    columns = {
        str(f.get("name")): Column(
            str(f.get("name")),
            " ".join(str(f[key]) for key in ("title", "title_en", "title_zh") if isinstance(f.get(key), str)),
            str(f.get("type") or "any"),
            f.get("office_contact") is True,
        )
        for f in fields
    }
    quasi = resource.get("quasi_identifiers") or schema.get("quasi_identifiers")
    names = tuple(str(name) for name in quasi) if isinstance(quasi, list) else ()
    k = resource.get("k") or schema.get("k") or K
    return Asked(latest, phones, columns, theme, names, k if isinstance(k, int) else K)


def search(
    package: Package,
    watched: Mapping[str, TableWatch],
    unsafe: Collection[str],
    latest: datetime.date,
    phones: frozenset[str],
) -> Iterator[Problem]:
    """After the tables were judged. ``unsafe``: names of resources whose files nobody may open."""
    asked = Asked(latest, phones)
    yield from _texts(package, asked)
    for resource in package.resources:
        name = str(resource.get("name") or "")
        for path in paths_of(resource):
            for found in search_name(PurePosixPath(path).name, asked):
                yield _problem(package, resource, found, in_descriptor=True)
        for found in _schema_file(package, resource, asked) if name not in unsafe else ():
            yield _problem(package, resource, found, in_descriptor=True)
        if package.is_open(resource) and name not in unsafe:
            theme = str(package.descriptor.get("theme") or "")
            for found in _content(package, resource, watched.get(name), _asked(resource, latest, phones, theme)):
                yield _problem(package, resource, found)


def _schema_file(package: Package, resource: Values, asked: Asked) -> Iterator[Found]:
    path = resource.get("schema")
    if isinstance(path, str) and not is_remote(path) and (package.path / path).is_file():
        yield from (replace(found, path=path) for found in search_file(package.path / path, asked))


def _content(package: Package, resource: Values, watch: TableWatch | None, asked: Asked) -> Iterator[Found]:
    if watch and watch.is_whole:
        yield from _of_table(watch)
        for path in paths_of(resource):
            if not is_remote(path) and (package.path / path).is_file():
                beside = search_beside_table(package.path / path, asked, _sheet_of(resource))
                yield from (replace(found, path=path) for found in beside)
        return
    if not paths_of(resource):
        yield from search_tree(resource.get("data"), asked)
    for path in paths_of(resource):
        file = package.path / path
        if not is_remote(path) and file.is_file():
            for found in search_file(file, asked):
                if found.where != FILE_NAME or found.field:  # its own name was looked at before
                    yield replace(found, path=path)


def _sheet_of(resource: Values) -> str | int:
    """Name or number of the sheet that is the table."""
    dialect = resource.get("dialect")
    excel = dialect.get("excel") if isinstance(dialect, Mapping) else None
    for part in (excel, dialect):
        sheet = part.get("sheet") if isinstance(part, Mapping) else None
        if isinstance(sheet, str | int) and sheet:
            return sheet
    return 1


def _of_table(watch: TableWatch) -> Iterator[Found]:
    names = {number: without_identifiers(column.name) for number, column in enumerate(watch.columns)}
    header = [look_at_cells(Column(""), [c.name], watch.asked.latest, watch.asked.allowed) for c in watch.columns]
    for sighting in weigh([Column("") for _ in header], header):
        if sighting.masked:
            yield of_column(sighting, names, row=1)
    for sighting in watch.sightings():
        row, path, line = watch.places.get(sighting.row, (None, "", None))
        found = of_column(sighting, names, row=row, line=line, path=path)
        if catalogue()[found.name].severity != "advice":
            yield found
    yield from _advice(watch, names)
    small = watch.small
    if small.groups:
        row, path, line = watch.places.get(small.first, (None, "", None))
        listed = ", ".join(watch.asked.quasi_identifiers)
        where = (f"按「{listed}」分组", f"Grouped by {listed}")
        yield Found(
            "k-anonymity", where, listed, row, line, None, str(watch.asked.k), small.groups, (str(small.rows),), path
        )


def _advice(watch: TableWatch, names: Mapping[int, str]) -> Iterator[Found]:
    """Once for a table, whichever columns it concerns."""
    by_name: dict[str, list[Any]] = {}
    for sighting in watch.sightings():
        if catalogue()[sighting.name].severity == "advice":
            by_name.setdefault(sighting.name, []).append(sighting)
    for name, several in by_name.items():
        columns = ", ".join(names[s.column] for s in several)
        row, path, line = watch.places.get(several[0].row, (None, "", None))
        where = (f"「{columns}」", f"“{columns}”")
        count = sum(s.count for s in several)
        yield Found(name, where, names[several[0].column], row, line, several[0].column + 1, "", count, (), path)


def _texts(package: Package, asked: Asked) -> Iterator[Problem]:
    """Titles, descriptions and whatever else the descriptor says, also of what is not open: its page is public."""
    for field, text in strings_of(package.descriptor, ""):
        yield from _text(package, None, None, field, text, asked)
    for index, resource in enumerate(package.resources):
        schema = resource.get("schema")
        parts = [*strings_of(resource, ""), *(strings_of(schema, "schema") if isinstance(schema, Mapping) else ())]
        for field, text in parts:
            yield from _text(package, index, resource, field, text, asked)


def _text(
    package: Package, index: int | None, resource: Values | None, field: str, text: str, asked: Asked
) -> Iterator[Problem]:
    """Where a text stands in a block of shared terms, that file is told; a waiver names the place in the descriptor."""
    within, _, key = field.partition(".")
    borrowed = package.borrows(index, key.partition(".")[0]) if within == "access" else None
    where = (f"描述文件的「{field}」", f"In the descriptor, {field}")
    if borrowed and borrowed.file:
        place = f"{borrowed.use}.{key}"
        where = (f"共用条款 {borrowed.file} 的「{place}」", f"In the shared terms of {borrowed.file}, {place}")
    for found in search_text(text, asked, where, field):
        problem = _problem(package, resource, found, in_descriptor=True)
        yield replace(problem, file=without_identifiers(borrowed.file)) if borrowed and borrowed.file else problem
    if borrowed and borrowed.file:  # what the descriptor itself states is searched by ``secrets_of``
        for problem in secret_in(text, key, without_identifiers(borrowed.file), place):
            name = str(resource.get("name") or "") if resource else ""
            yield replace(problem, dataset=package.folder, resource=name, field=field)


def strings_of(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Texts that are long enough to hold anything, with their places."""
    if isinstance(value, str):
        if len(value) >= LEAST:
            yield path, value
    elif isinstance(value, int) and not isinstance(value, bool):
        if value > 9_999_999_999:
            yield path, str(value)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if key not in _NOT_TEXTS and not (key == "resources" and not path):
                yield from strings_of(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from strings_of(inner, f"{path}.{number}")


def _problem(package: Package, resource: Values | None, found: Found, *, in_descriptor: bool = False) -> Problem:
    name = str(resource.get("name") or "") if resource else ""
    file = package.file
    if not in_descriptor and resource:
        path = found.path or next(iter(paths_of(resource)), "")
        if path and not is_remote(path):
            file = path if package.folder in ("", ".") else f"{package.folder}/{path}"
    zh, en = found.where
    return Problem(
        found.name,
        package.folder,
        without_identifiers(file),
        name,
        field=found.field,
        row=found.row,
        line=found.line,
        column=found.column,
        value=found.masked,
        more=(
            ("where_zh", zh), ("where_en", en), ("count", f"{found.count:,}"),
            *((("with", ", ".join(without_identifiers(w) for w in found.with_)),) if found.with_ else ()),
        ),
    )  # fmt: skip
