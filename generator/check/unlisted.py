"""Files that no descriptor names: of no use where all is open, and suspect beside data that are not."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from generator.check.place import in_descriptor, in_repository, is_withheld, shown
from generator.model import Catalog, Package, parts_of, paths_of
from generator.problems import Problem

COMPANIONS = (
    "datapackage.json", "datapackage.yaml", "datapackage.yml", "agency.yaml", "terms.yaml", "changes.yaml",
    "demands.yaml", "reuses.yaml",
)  # fmt: skip
_TEXTS = ("readme", "license", "licence", "notice", "changelog", "makefile")
_DATA = frozenset(
    (
        *("csv", "tsv", "tab", "psv", "dat", "xls", "xlsx", "xlsm", "xlsb", "ods", "et", "numbers", "json", "jsonl"),
        *("ndjson", "geojson", "topojson", "xml", "parquet", "arrow", "feather", "avro", "orc", "db", "sqlite"),
        *("sqlite3", "duckdb", "mdb", "accdb", "dbf", "sql", "dump", "sav", "dta", "sas7bdat", "rds", "rdata", "pkl"),
        *("pickle", "npy", "npz", "h5", "hdf5", "nc", "shp", "shx", "gpkg", "gdb", "kml", "kmz", "gpx", "tif", "tiff"),
        *("zip", "gz", "tgz", "bz2", "xz", "zst", "7z", "rar", "tar", "lz4", "bak", "old", "orig", "tmp", "txt"),
    )
)
"""Endings of files that hold data, or could."""


def check_unlisted(package: Package, catalog: Catalog, _: datetime.date) -> Iterator[Problem]:
    """An export, a copy, an older state: beside data that are not open each could be these, under another name.

    That one is an error of the repository and not of what is published, which stays the same.
    """
    suspicious = not catalog.private and _has_withheld(package)
    for path in unlisted_files(package):
        if suspicious and is_data(path):
            more = (("path", in_repository(package, catalog, path)),)
            yield in_descriptor(package, "withheld-data-beside", value=shown(path), more=more, published=False)
        elif not PurePosixPath(path).name.lower().startswith(("readme", "license", "changelog")) and not _hidden(path):
            yield in_descriptor(package, "file-not-listed", value=shown(path))


def check_beside_packages(catalog: Catalog) -> Iterator[Problem]:
    """The same in the folders above a dataset that has data which are not open: in the agency's folder, for one."""
    packages = {package.path for package in catalog.packages}
    above = {
        folder
        for package in catalog.packages
        if not catalog.private and _has_withheld(package)
        for folder in package.path.parents
        if folder not in packages and (folder == catalog.root or catalog.root in folder.parents)
    }
    for folder in sorted(above):
        for file in _files(folder, Path()):
            if is_data(file.as_posix()):
                at = (folder / file).relative_to(catalog.root).as_posix()
                more = (("path", f"{catalog.root.name}/{at}"),)
                yield Problem("withheld-data-beside", file=at, value=shown(at), more=more, published=False)


def unlisted_files(package: Package) -> Iterator[str]:
    listed = {PurePosixPath(p) for r in package.resources for p in (*paths_of(r), *parts_of(r))}
    listed |= {folder for path in listed for folder in path.parents}  # a link among these is told by its path
    for file in _files(package.path, Path()):
        if PurePosixPath(file.as_posix()) not in listed:
            yield file.as_posix()


def is_data(path: str) -> bool:
    """Also ``x.csv.bak``, ``.x.csv.swp`` and ``x.csv~``, and a name without any ending, as exports often have."""
    name = PurePosixPath(path).name.rstrip("~").lower()
    endings = {ending.removeprefix(".") for ending in PurePosixPath(f"x{name}").suffixes}
    return bool(endings & _DATA) or ("." not in name and not name.startswith(_TEXTS))


def _has_withheld(package: Package) -> bool:
    return any(is_withheld(package, resource) for resource in package.resources)


def _hidden(path: str) -> bool:
    return any(part.startswith(".") for part in PurePosixPath(path).parts)


def _files(folder: Path, below: Path) -> Iterator[Path]:
    """Files of the package, less those of packages in folders of their own."""
    for entry in sorted(os.scandir(folder / below), key=lambda e: e.name):
        if entry.is_dir(follow_symlinks=False):
            if entry.name != ".git" and not _holds_packages(folder / below / entry.name):
                yield from _files(folder, below / entry.name)
        elif entry.name not in COMPANIONS:
            yield below / entry.name


def _holds_packages(folder: Path) -> bool:
    return any(name in COMPANIONS for _, __, names in os.walk(folder) for name in names)
