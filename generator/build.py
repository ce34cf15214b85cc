"""The story: datasets in, site out. Bad datasets are reported and left out; the others are published."""

from __future__ import annotations

import datetime
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from generator import public
from generator.check import check_catalogue
from generator.config import Config
from generator.model import Catalog, Package, is_remote, paths_of
from generator.prepare import Checked, check_one, prepare
from generator.problems import Problem, Severities, in_order
from generator.publicise import publicise
from generator.publish import Manifest, add_to, publishing
from generator.read import read_catalog
from generator.remote import Fetched, fetch
from generator.rendering import write_pages
from generator.shell import Shell
from generator.sitefile import SiteFile
from generator.work import workers

T = TypeVar("T")
R = TypeVar("R")
Progress = Callable[[str, int, int], None]
"""Told the step, how much of it is done, and of how much (0: unknown)."""


@dataclass(frozen=True)
class Options:
    today: datetime.date
    """What dates in the future, overdue updates and embargoes are held against. Nothing else asks for the day."""
    jobs: int | None = None
    """Worker processes; None for one a core."""
    progress: Progress = lambda *_: None


@dataclass(frozen=True)
class Report:
    problems: tuple[Problem, ...]
    severities: Severities
    datasets: int
    """How many descriptors were found, readable or not."""
    published: tuple[str, ...] = ()
    """Names, as in the addresses. Empty after a mere check."""
    left_out: tuple[str, ...] = ()
    """Folders of the datasets that something blocks."""
    files: int = 0
    bytes: int = 0
    seconds: Mapping[str, float] = field(default_factory=dict)


def check(config: Config, options: Options, paths: Sequence[Path] = ()) -> Report:
    """Read everything, check the packages at or below ``paths`` (all when there are none), write nothing."""
    clock = Clock()
    catalog, found = _read(config, options, clock)
    chosen = [package for package in catalog.packages if _is_below(package, paths)]
    fetched = _fetch(config, options, chosen, clock)
    with clock("check"), workers(options.jobs, len(chosen)) as executor:
        job = partial(check_one, catalog=replace(catalog, packages=()), today=options.today, fetched=fetched)
        checked = _each(executor, job, chosen, options.progress, "check")
        found += [problem for problems in checked for problem in problems]
    if paths:
        folders = {package.folder for package in chosen}
        found = [problem for problem in found if problem.dataset in folders or _names_path(config, problem, paths)]
    return _report(config, catalog, found, clock, datasets=len(chosen) if paths else None)


def build(config: Config, options: Options) -> Report:
    """Check, convert, render and export everything, and put the new site in the place of the old one."""
    from generator.site_engine import build_prose

    clock = Clock()
    with publishing(config.site, inputs=inputs(config)) as publication:
        work = publication.scratch
        catalog, found = _read(config, options, clock)
        fetched = _fetch(config, options, catalog.packages, clock)
        with clock("convert"):
            checked, found = _prepare(config, options, catalog, found, work / "data", fetched)
        site = publicise(catalog, checked, config.portal)
        with clock("prose"):
            options.progress("prose", 0, 0)
            shells = build_prose(config, work / "pages")
        with clock("render"):
            write_pages(site, shells, config.site_src / "templates", work / "pages", options.jobs, options.progress)
        with clock("write"):
            files = _counted(other_files(site, _pages_in(work / "pages")), options.progress, "write")
            manifest = publication.write(files, base=work / "pages")
    return _report(config, catalog, found, clock, site=site, manifest=manifest)


def inputs(config: Config) -> list[Path]:
    """What a build reads, and so must not replace."""
    return [config.datasets, config.site_src, *([config.file] if config.file else [])]


def complete(config: Config, target: Path, shells: Mapping[str, Shell], today: datetime.date) -> Report:
    """Add everything but the prose to ``target``, which a site engine has just built: for ``mkdocs build``."""
    options, clock = Options(today), Clock()
    with tempfile.TemporaryDirectory(prefix="kaishu-") as work:
        catalog, found = _read(config, options, clock)
        fetched = _fetch(config, options, catalog.packages, clock)
        checked, found = _prepare(config, options, catalog, found, Path(work), fetched)
        site = publicise(catalog, checked, config.portal)
        write_pages(site, shells, config.site_src / "templates", target, options.jobs, options.progress)
        manifest = add_to(target, other_files(site, _pages_in(target)))
    return _report(config, catalog, found, clock, site=site, manifest=manifest)


def other_files(site: public.Catalog, pages: Sequence[str]) -> Iterator[SiteFile]:
    """Every file of the site that is no page; ``pages`` are the paths of those, for the sitemap."""
    from generator import exports  # heavy, and of no use to a mere check

    for dataset in site.datasets:
        for resource in dataset.resources:
            for distribution in resource.distributions:
                yield SiteFile(distribution.path, distribution.file)
    yield from exports.export(site)
    yield from exports.sitemap(pages, site)


def _pages_in(folder: Path) -> list[str]:
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*.html"))


def _read(config: Config, options: Options, clock: Clock) -> tuple[Catalog, list[Problem]]:
    with clock("read"):
        options.progress("read", 0, 0)
        catalog = read_catalog(config, options.today)
        return catalog, [*catalog.problems, *check_catalogue(catalog)]


def _fetch(config: Config, options: Options, packages: Sequence[Package], clock: Clock) -> Mapping[str, Fetched]:
    """The files that packages have on other hosts, as far as the configuration allows those."""
    if not any(is_remote(path) for package in packages for r in package.resources for path in paths_of(r)):
        return {}
    with clock("fetch"):
        return fetch(packages, config.remote, partial(options.progress, "fetch"))


def _prepare(
    config: Config,
    options: Options,
    catalog: Catalog,
    found: list[Problem],
    target: Path,
    fetched: Mapping[str, Fetched],
) -> tuple[dict[str, Checked], list[Problem]]:
    """Check and convert every package. Gives those that nothing blocks, by folder, and all problems."""
    severities = Severities(config.rules)
    by_folder: dict[str, list[Problem]] = {}
    for problem in found:
        by_folder.setdefault(problem.dataset, []).append(problem)
    jobs = [
        (package, target / f"{number}", tuple(by_folder.get(package.folder, ())))
        for number, package in enumerate(catalog.packages)
    ]
    job = partial(
        _prepare_one,
        catalog=replace(catalog, packages=()),
        today=options.today,
        severities=severities,
        fetched=fetched,
    )
    with workers(options.jobs, len(jobs)) as executor:
        checked = _each(executor, job, jobs, options.progress, "convert")
    problems = [*found, *(problem for one in checked for problem in one.problems)]
    blocked = {problem.dataset for problem in problems if severities.blocks(problem)}
    return {one.folder: one for one in checked if one.folder not in blocked}, problems


def _prepare_one(
    job: tuple[Package, Path, tuple[Problem, ...]],
    catalog: Catalog,
    today: datetime.date,
    severities: Severities,
    fetched: Mapping[str, Fetched],
) -> Checked:
    package, target, known = job
    return prepare(package, catalog, today, severities, target, known, fetched)


def _each(executor: Executor, job: Callable[[T], R], values: Sequence[T], progress: Progress, step: str) -> list[R]:
    """The results in the order of ``values``, whichever is ready first."""
    results = []
    chunk = max(1, min(32, len(values) // 64))
    progress(step, 0, len(values))
    for result in executor.map(job, values, chunksize=chunk):
        results.append(result)
        progress(step, len(results), len(values))
    return results


def _counted(files: Iterator[SiteFile], progress: Progress, step: str) -> Iterator[SiteFile]:
    for number, file in enumerate(files):
        if number % 50 == 0:
            progress(step, number, 0)
        yield file


def _report(
    config: Config,
    catalog: Catalog,
    problems: Sequence[Problem],
    clock: Clock,
    *,
    datasets: int | None = None,
    site: public.Catalog | None = None,
    manifest: Manifest | None = None,
) -> Report:
    severities = Severities(config.rules)
    kept = in_order(problem for problem in problems if severities.of(problem) != "off")
    blocked = {problem.dataset for problem in kept if severities.blocks(problem) and problem.dataset}
    return Report(
        problems=kept,
        severities=severities,
        datasets=len(catalog.packages) + len(catalog.unreadable) if datasets is None else datasets,
        published=tuple(dataset.name for dataset in site.datasets) if site else (),
        left_out=tuple(sorted(blocked | set(catalog.unreadable))),
        files=len(manifest.files) + 1 if manifest else 0,
        bytes=sum(entry.bytes for entry in manifest.files) if manifest else 0,
        seconds=clock.seconds,
    )


def _is_below(package: Package, paths: Sequence[Path]) -> bool:
    """True for a package at, below or described by one of the paths; a path may also be a data file of it."""
    folders = [path.resolve() for path in paths]
    return not folders or any(
        folder in (package.path, *package.path.parents) or (folder.is_file() and package.path in folder.parents)
        for folder in folders
    )


def _names_path(config: Config, problem: Problem, paths: Sequence[Path]) -> bool:
    file = (config.datasets / problem.file).resolve()
    return any(path.resolve() in (file, *file.parents) for path in paths)


class Clock:
    """Seconds of each step, in the order of the steps."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, step: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[step] = round(self.seconds.get(step, 0.0) + time.perf_counter() - start, 3)
