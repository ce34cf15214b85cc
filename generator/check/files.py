"""Resources and the files that they name."""

from __future__ import annotations

import codecs
import datetime
import stat
from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import Any

from generator.check.place import in_data, in_descriptor, is_withheld, shown
from generator.model import Catalog, Package, is_remote, parts_of, paths_of
from generator.problems import Problem

COORDINATES = frozenset(("lng", "lon", "long", "longitude", "lat", "latitude", "经度", "纬度", "x坐标", "y坐标"))
TABLE_SUFFIXES = (".csv", ".tsv", ".xlsx", ".xls", ".ods", ".csv.gz", ".csv.zip", ".txt")
TEXT_SUFFIXES = (".csv", ".tsv", ".txt")
OF_FILES = frozenset(("path-symlink", "path-not-file"))
"""Problems of paths that depend on what lies there, and not on the descriptor alone."""
LONGEST_NAME = 255
"""Bytes; no file system in use takes more."""


def check_resources(package: Package, _: Catalog, __: datetime.date) -> Iterator[Problem]:
    # A closed entry needs none: it tells that the data exist, and why they stay closed.
    if not package.descriptor.get("resources") and package.descriptor.get("openness") != "closed":
        yield in_descriptor(package, "resources-missing", field="resources")
    for resource in package.resources:
        if not is_withheld(package, resource) and not paths_of(resource) and resource.get("data") is None:
            yield in_descriptor(package, "resource-without-data", resource=resource)


def check_paths(package: Package, _: Catalog, __: datetime.date) -> Iterator[Problem]:
    for resource in package.resources:
        data = paths_of(resource)
        withheld = is_withheld(package, resource)
        for path, field in {**dict.fromkeys(data, "path"), **parts_of(resource)}.items():
            problem = _unsafe(package, resource, path, field)
            # Data that are not open need not be here; of a part of the descriptor, the check of the tables says it.
            if not problem and path in data and not withheld:
                problem = _missing(package, resource, path)
            if problem and withheld and path in data and problem.name in OF_FILES:
                problem = replace(problem, published=False)  # what is published must not tell what lies there
            if problem:
                yield problem


def _unsafe(package: Package, resource: Mapping[str, Any], path: str, field: str) -> Problem | None:
    file, value = package.path / path, shown(path)
    if is_remote(path):
        return None  # said by the check of the tables, which would otherwise have to fetch it
    if not is_inside(path):
        return in_descriptor(package, "path-outside", resource=resource, field=field, value=value)
    if link := _link_on_the_way(package.path, path):
        return in_descriptor(package, "path-symlink", resource=resource, field=field, value=link)
    if file.exists() and not stat.S_ISREG(file.stat().st_mode):
        return in_descriptor(package, "path-not-file", resource=resource, field=field, value=value)
    return None


def _missing(package: Package, resource: Mapping[str, Any], path: str) -> Problem | None:
    if is_remote(path) or (package.path / path).exists():
        return None
    near = _near(package.path, path)
    more = (("near_zh", f"文件夹里有 {near}。"), ("near_en", f" There is {near}.")) if near else ()
    return in_descriptor(package, "data-file-missing", resource=resource, field="path", value=shown(path), more=more)


def check_encodings(package: Package, _: Catalog, __: datetime.date) -> Iterator[Problem]:
    """A table that is not UTF-8 says what it is. Guessing goes wrong in silence: a few Chinese characters in a long
    table of digits are taken for some other language's more often than not."""
    for resource in package.resources:
        if is_withheld(package, resource) or resource.get("encoding"):
            continue
        for path in paths_of(resource):
            file = package.path / path
            if (
                not path.lower().endswith(TEXT_SUFFIXES)
                or _unsafe(package, resource, path, "path")
                or not file.is_file()
            ):
                continue
            line = _first_line_that_is_not(file, "utf-8")
            if line:
                likely = "utf-8" if _first_line_that_is_not(file, "gb18030") else "gb18030"
                more = (("path", shown(path)),)
                at = in_data(package, "encoding-undeclared", path, resource=resource)
                yield replace(at, field="encoding", line=line, expected=likely, more=more)


def _first_line_that_is_not(file: Path, encoding: str) -> int:
    """Number of the first line that does not decode; 0 when all do."""
    decoder = codecs.getincrementaldecoder(encoding)()
    before = 0
    with file.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                return before + error.object[: error.start].count(b"\n") + 1
            before += chunk.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return before + 1
    return 0


def check_schemas(package: Package, _: Catalog, __: datetime.date) -> Iterator[Problem]:
    for resource in package.resources:
        schema = resource.get("schema")
        if (
            not is_withheld(package, resource)
            and not schema
            and any(p.lower().endswith(TABLE_SUFFIXES) for p in paths_of(resource))
        ):
            yield in_descriptor(package, "schema-missing", resource=resource, field="schema")
        fields = schema.get("fields") if isinstance(schema, Mapping) else None
        fields = [f for f in fields if isinstance(f, Mapping)] if isinstance(fields, list) else []
        untitled = [str(f.get("name")) for f in fields if not f.get("title")]
        if untitled:
            yield in_descriptor(
                package, "field-title-missing", resource=resource, field="title", value=shown(", ".join(untitled))
            )
        places = [
            str(f.get("name"))
            for f in fields
            if f.get("type") in ("geopoint", "geojson") or str(f.get("name")).lower() in COORDINATES
        ]
        if places and not package.descriptor.get("crs"):
            yield in_descriptor(package, "crs-missing", resource=resource, field="crs", value=", ".join(places))


def readable_paths(package: Package) -> frozenset[str]:
    """The files that the descriptor names and that may be read, be they there or not."""
    named = {path for r in package.resources for path in (*paths_of(r), *parts_of(r)) if not is_remote(path)}
    return frozenset(path for path in named if is_inside(path) and not _link_on_the_way(package.path, path))


def is_inside(path: str) -> bool:
    """True for a plain relative path that stays in its folder, on any system that may check it out."""
    if "\0" in path or "\\" in path or ":" in path.split("/", maxsplit=1)[0] or path.startswith(("/", "~")):
        return False
    parts = PurePosixPath(path).parts
    return ".." not in parts and all(len(part.encode()) <= LONGEST_NAME for part in parts)


def _near(folder: Path, path: str) -> str:
    """The file beside that was probably meant."""
    place = (folder / path).parent
    names = {entry.name.lower(): entry.name for entry in place.iterdir()} if place.is_dir() else {}
    meant = get_close_matches(PurePosixPath(path).name.lower(), names, n=1, cutoff=0.8)
    return PurePosixPath(path).with_name(names[meant[0]]).as_posix() if meant else ""


def _link_on_the_way(folder: Path, path: str) -> str:
    place = folder
    for part in PurePosixPath(path).parts:
        place = place / part
        if place.is_symlink():
            return place.relative_to(folder).as_posix()
    return ""
