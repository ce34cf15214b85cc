"""Descriptors on disk → ``Catalog``. Reads no data file."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from generator.config import Config
from generator.model import Body, Catalog, Package, SharedTerms, Statement, parts_of, paths_of
from generator.problems import Problem
from generator.read.changes import CHANGES_FILE as CHANGES_FILE
from generator.read.changes import read_statements
from generator.read.descriptor import is_there, read_descriptor
from generator.read.history import commit_dates
from generator.read.shared_terms import check_references, read_shared_terms, resolved
from generator.read.submissions import read_submissions

DESCRIPTORS = ("datapackage.yaml", "datapackage.yml", "datapackage.json")
AGENCY_FILE = "agency.yaml"


def read_catalog(config: Config, today: datetime.date) -> Catalog:
    """Every package at any depth below the datasets folder, and the agencies. ``today`` decides about embargoes."""
    root = config.datasets
    problems: list[Problem] = []
    unreadable: list[str] = []
    packages: list[Package] = []
    with_changes = []
    folders = list(_folders(root))
    bodies = _configured_bodies(config) | _bodies_in_folders(root, folders, problems)
    homes = {folder.relative_to(root).as_posix() for folder in folders if is_there(folder / AGENCY_FILE)}
    shared = read_shared_terms(root, folders, problems)
    dates = commit_dates(root)
    for folder in folders:
        files = [name for name in DESCRIPTORS if is_there(folder / name)]
        if is_there(folder / CHANGES_FILE):
            with_changes.append(folder)
        if not files:
            continue
        relative = folder.relative_to(root).as_posix()
        if len(files) > 1:
            problems.append(
                Problem(
                    "two-descriptors",
                    dataset=relative,
                    file=_join(relative, files[1]),
                    value=files[1],
                    expected=files[0],
                )
            )
        stated, found = read_descriptor(folder / files[0], root)
        problems += [_in_dataset(problem, relative) for problem in found]
        if stated is None:
            unreadable.append(relative)
            continue
        package = _package(folder, relative, files[0], stated, homes, config.defaults, shared, dates, today)
        problems += check_references(package.borrowed, package.resources, relative, package.file, shared)
        packages.append(package)
    statements = _statements(root, with_changes, packages, homes, config.defaults, problems)
    submissions = read_submissions(root, problems)
    return Catalog(
        packages=tuple(packages),
        bodies=bodies,
        problems=tuple(problems),
        unreadable=tuple(unreadable),
        shared_terms=shared,
        statements=statements,
        submissions=submissions,
        limits=config.limits,
        root=root,
        private=config.private,
    )


def _statements(
    root: Path,
    folders: list[Path],
    packages: list[Package],
    homes: Collection[str],
    defaults: Mapping[str, Any],
    problems: list[Problem],
) -> tuple[Statement, ...]:
    """Of every ``changes.yaml``, unless a package has a data file of that name."""
    by_folder = {package.path: package for package in packages}
    made: list[Statement] = []
    for folder in folders:
        package = by_folder.get(folder)
        if package and any(CHANGES_FILE in paths_of(resource) for resource in package.resources):
            continue
        relative = folder.relative_to(root).as_posix()
        agency = package.agency if package else _agency_of_folder(relative, homes) or str(defaults.get("agency") or "")
        statements, found = read_statements(folder / CHANGES_FILE, root, relative, agency)
        made += statements
        problems += [_in_dataset(problem, relative) if package else problem for problem in found]
    return tuple(made)


def _package(
    folder: Path,
    relative: str,
    file: str,
    stated: Mapping[str, Any],
    homes: Collection[str],
    defaults: Mapping[str, Any],
    shared: tuple[SharedTerms, ...],
    dates: Mapping[str, str],
    today: datetime.date,
) -> Package:
    descriptor, borrowed = resolved({**defaults, **stated}, relative, shared)
    agency = stated.get("agency") or _agency_of_folder(relative, homes) or defaults.get("agency")
    package = Package(
        folder=relative,
        path=folder,
        file=_join(relative, file),
        descriptor=descriptor,
        stated=stated,
        agency=agency if isinstance(agency, str) else "",
        today=today.isoformat(),
        borrowed=borrowed,
    )
    return replace(package, committed=_committed(package, dates), withheld_commits=_withheld_commits(package, dates))


def _committed(package: Package, dates: Mapping[str, str]) -> str:
    """By the list of what is published: whatever else lies in the folder, as withheld data, changes no date."""
    files = [package.file]
    for resource in package.resources:
        if package.is_open(resource):
            files += [_join(package.folder, path) for path in (*paths_of(resource), *parts_of(resource))]
    return max((dates.get(_tidy(file), "") for file in files), default="")


def _withheld_commits(package: Package, dates: Mapping[str, str]) -> Mapping[str, str]:
    paths = [path for resource in package.resources if not package.is_open(resource) for path in paths_of(resource)]
    known = {path: dates.get(_tidy(_join(package.folder, path)), "") for path in paths}
    return {path: date for path, date in known.items() if date}


def _tidy(path: str) -> str:
    return PurePosixPath(path).as_posix()


def _agency_of_folder(relative: str, homes: Collection[str]) -> str:
    """The nearest folder above that holds an agency's file, readable or not."""
    parents = relative.split("/")[:-1]
    for depth in range(len(parents), 0, -1):
        if "/".join(parents[:depth]) in homes:
            return parents[depth - 1]
    return ""


def _configured_bodies(config: Config) -> dict[str, Body]:
    return {id_: Body(id_, "", {"id": id_, **descriptor}) for id_, descriptor in config.agencies.items()}


def _bodies_in_folders(root: Path, folders: list[Path], problems: list[Problem]) -> dict[str, Body]:
    bodies: dict[str, Body] = {}
    for folder in folders:
        file = folder / AGENCY_FILE
        if not is_there(file):
            continue
        descriptor, found = read_descriptor(file, root)
        relative = file.relative_to(root).as_posix()
        problems += found
        if descriptor is None:
            continue
        stated = descriptor.get("id")
        if isinstance(stated, str) and stated != folder.name:
            problems.append(Problem("agency-not-folder", file=relative, value=stated, expected=folder.name))
        bodies[folder.name] = Body(folder.name, relative, descriptor)
    return bodies


def _folders(root: Path) -> Iterator[Path]:
    """The folder and all below it in a fixed order. Links are not followed: they lead out, or round in circles."""
    yield root
    for entry in sorted(root.iterdir(), key=lambda e: e.name):
        if entry.is_dir() and not entry.is_symlink() and not entry.name.startswith("."):
            yield from _folders(entry)


def _in_dataset(problem: Problem, folder: str) -> Problem:
    return replace(problem, dataset=folder)


def _join(folder: str, name: str) -> str:
    return name if folder == "." else f"{folder}/{name}"
