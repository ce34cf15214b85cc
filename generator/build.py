"""The story: datasets in, site out. Bad datasets are reported and left out; the others are published."""

from __future__ import annotations

import datetime
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from generator.check import check_bodies, check_catalogue, check_changes, check_submissions, check_versions
from generator.config import Config, Portal
from generator.disclosure.secret_files import without_secrets
from generator.errors import ConfigError
from generator.identifiers import without_values
from generator.judge import Judgement, check_one, recall_one
from generator.model import Catalog, Package, is_remote, paths_of
from generator.names import name_of_folder, own_name
from generator.problems import Problem, Severities, catalogue, in_order
from generator.read import read_catalog
from generator.read.places import with_lines
from generator.releases import Previous
from generator.state import State
from generator.verdicts import Judged, remembered_bodies

if TYPE_CHECKING:  # what a mere check has no use for is imported where a site is made
    from generator import public
    from generator.prepare import Checked
    from generator.publish import Manifest
    from generator.remote import Fetched
    from generator.shell import Shell
    from generator.sitefile import SiteFile

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
    previous: Previous | None = None
    """The last release, which this one is compared with; None where there is none, or it is not known."""
    only: frozenset[str] | None = None
    """Folders of the packages that are checked, or published; None for all. What is read is told of all."""


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
    tables: tuple[Judged, ...] = ()
    """How the tables were judged, in the order of the datasets."""
    files: int = 0
    bytes: int = 0
    seconds: Mapping[str, float] = field(default_factory=dict)
    compared: int | None = None
    """How many datasets of the last release were compared; None without a last release."""


def check(config: Config, options: Options, paths: Sequence[Path] = ()) -> Report:
    """Read everything, check the packages at or below ``paths`` (all when there are none), write no site."""
    clock = Clock()
    catalog, found = _read(config, options, clock)
    chosen = [package for package in _only(catalog, options).packages if _is_below(package, paths)]
    fetched = _fetch(config, options, chosen, clock)
    with clock("check"):
        checked = _check(config, options, catalog, chosen, fetched)
        found += [problem for one in checked for problem in one.problems]
    if paths:
        folders = {package.folder for package in chosen}
        found = [problem for problem in found if problem.dataset in folders or _names_path(config, problem, paths)]
    return _report(
        config,
        options,
        catalog,
        found,
        clock,
        checked,
        datasets=len(chosen) if paths or options.only is not None else None,
    )


def build(config: Config, options: Options) -> Report:
    """Check, convert, render and export everything, and put the new site in the place of the old one."""
    from generator.publicise import publicise
    from generator.publish import publishing
    from generator.rendering import write_pages
    from generator.site_engine import build_prose

    clock = Clock()
    with publishing(config.site, inputs=inputs(config)) as publication:
        work = publication.scratch
        catalog, found = _read(config, options, clock)
        _refuse_prose(found)
        catalog = _only(catalog, options)
        fetched = _fetch(config, options, catalog.packages, clock)
        with clock("convert"):
            checked = _prepare(config, options, catalog, found, work / "data", fetched)
            found += [problem for one in checked for problem in one.problems]
        site = publicise(
            catalog, _unblocked(config, checked, found), config.portal, options.today, Severities(config.rules)
        )
        site = _with_history(_with_samples(site, options), catalog, options, found)
        with clock("prose"):
            options.progress("prose", 0, 0)
            shells = build_prose(config, work / "pages")
        with clock("render"):
            write_pages(site, shells, config.site_src / "templates", work / "pages", options.jobs, options.progress)
        with clock("write"):
            files = _counted(other_files(site, _pages_in(work / "pages")), options.progress, "write")
            manifest = publication.write(files, base=work / "pages")
    return _report(config, options, catalog, found, clock, checked, site=site, manifest=manifest)


def published(config: Config, options: Options) -> tuple[public.Catalog, Report]:
    """The public catalogue as a build would publish it, without a site: for exports of the catalogue alone."""
    from generator.publicise import publicise

    clock = Clock()
    with tempfile.TemporaryDirectory(prefix="kaishu-") as work:
        catalog, found = _read(config, options, clock)
        fetched = _fetch(config, options, catalog.packages, clock)
        checked = _prepare(config, options, catalog, found, Path(work), fetched)
        found += [problem for one in checked for problem in one.problems]
        site = publicise(catalog, _unblocked(config, checked, found), config.portal)
    return site, _report(config, options, catalog, found, clock, checked, site=site)


def inputs(config: Config) -> list[Path]:
    """What a build reads, and so must not replace."""
    return [config.datasets, config.site_src, *([config.file] if config.file else [])]


def complete(config: Config, target: Path, shells: Mapping[str, Shell], today: datetime.date) -> Report:
    """Add everything but the prose to ``target``, which a site engine has just built: for ``mkdocs build``."""
    from generator.publicise import publicise
    from generator.publish import add_to
    from generator.rendering import write_pages

    options, clock = Options(today), Clock()
    with tempfile.TemporaryDirectory(prefix="kaishu-") as work:
        catalog, found = _read(config, options, clock)
        fetched = _fetch(config, options, catalog.packages, clock)
        checked = _prepare(config, options, catalog, found, Path(work), fetched)
        found += [problem for one in checked for problem in one.problems]
        site = publicise(
            catalog, _unblocked(config, checked, found), config.portal, options.today, Severities(config.rules)
        )
        site = _with_history(_with_samples(site, options), catalog, options, found)
        write_pages(site, shells, config.site_src / "templates", target, options.jobs, options.progress)
        manifest = add_to(target, other_files(site, _pages_in(target)))
    return _report(config, options, catalog, found, clock, checked, site=site, manifest=manifest)


def other_files(site: public.Catalog, pages: Sequence[str]) -> Iterator[SiteFile]:
    """Every file of the site that is no page; ``pages`` are the paths of those, for the sitemap."""
    from generator import exports
    from generator.sitefile import SiteFile

    for dataset in site.datasets:
        for resource in dataset.resources:
            for distribution in resource.distributions:
                yield SiteFile(distribution.path, distribution.file, distribution.sha256)
    yield from exports.export(site)
    yield from exports.sitemap(pages, site)


def _with_samples(site: public.Catalog, options: Options) -> public.Catalog:
    """Invented rows for what is given on application, after the allow-list: from the public schemas alone."""
    from generator.samples import samples_of, wants_samples, with_samples
    from generator.tables.samples import SampleJudge

    wanted = [dataset for dataset in site.datasets if wants_samples(dataset)]
    # A worker takes longer to start than ten samples to make.
    jobs = 1 if len(wanted) < 100 else options.jobs
    made = _work(partial(samples_of, judge=SampleJudge()), wanted, replace(options, jobs=jobs), "sample")
    return with_samples(site, {dataset.name: each for dataset, each in zip(wanted, made, strict=True)})


def _pages_in(folder: Path) -> list[str]:
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*.html"))


def _read(config: Config, options: Options, clock: Clock) -> tuple[Catalog, list[Problem]]:
    with clock("read"):
        options.progress("read", 0, 0)
        catalog = read_catalog(config, options.today)
        state = _state(config)
        if state:
            state.keep_only(["", *(package.folder for package in catalog.packages)])
        bodies = remembered_bodies(catalog.bodies, catalog.shared_terms, state, lambda: _check_bodies(catalog, options))
        changes = [*check_changes(catalog, options.previous, options.today)]
        if catalog.statements:
            from generator.disclosure.shared import search_statements

            changes += search_statements(catalog, options.today)
        submissions = [*check_submissions(catalog, options.today)]
        if catalog.submissions:
            from generator.disclosure.shared import search_submissions

            submissions += search_submissions(catalog, options.today)
        versions = check_versions(catalog, options.previous)
        prose = _search_prose(config, options)
        found = [*catalog.problems, *check_catalogue(catalog), *bodies, *changes, *versions, *submissions, *prose]
        found = [*without_values(found, lambda problem: False)]  # those of packages were masked where they were found
        return _without_sensitive(catalog, [*bodies, *changes, *submissions]), found


def _search_prose(config: Config, options: Options) -> list[Problem]:
    from generator.disclosure.prose import search_prose

    return list(search_prose(config.portal, config.site_src / "pages", config.datasets, options.today))


def _refuse_prose(found: Sequence[Problem]) -> None:
    """The portal's own words cannot be left out."""
    for problem in found:
        if problem.file.startswith("../") and catalogue()[problem.name].code.startswith(SENSITIVE):
            file, place = problem.file.removeprefix("../"), problem.field or f"{problem.line}"
            raise ConfigError(
                f"{file}（{place}）里有不能公开的内容（{problem.name}）：先删去，再生成站点；没有写出站点。",
                f"{file} ({place}) holds what must not be public ({problem.name}): take it out first. "
                "No site was written.",
            )


def _check_bodies(catalog: Catalog, options: Options) -> tuple[Problem, ...]:
    from generator.disclosure.shared import search_bodies

    return (*check_bodies(catalog), *search_bodies(catalog, options.today))


def _without_sensitive(catalog: Catalog, found: Sequence[Problem]) -> Catalog:
    """Without the texts that no dataset is left out for."""
    sensitive = [problem for problem in found if catalogue()[problem.name].code.startswith(SENSITIVE)]
    if not sensitive:
        return catalog
    from generator.disclosure.shared import without_found

    return without_found(catalog, sensitive)


def _only(catalog: Catalog, options: Options) -> Catalog:
    only = options.only
    if only is None:
        return catalog
    return replace(
        catalog,
        packages=tuple(package for package in catalog.packages if package.folder in only),
        statements=tuple(statement for statement in catalog.statements if statement.folder in only),
    )


def _state(config: Config) -> State | None:
    return State(config.state) if config.state else None


def _fetch(config: Config, options: Options, packages: Sequence[Package], clock: Clock) -> Mapping[str, Fetched]:
    """The files that packages have on other hosts, as far as the configuration allows those."""
    if not any(is_remote(path) for package in packages for r in package.resources for path in paths_of(r)):
        return {}
    from generator.remote import fetch

    with clock("fetch"):
        return fetch(packages, config.remote, partial(options.progress, "fetch"))


def _check(
    config: Config, options: Options, catalog: Catalog, chosen: Sequence[Package], fetched: Mapping[str, Fetched]
) -> list[Judgement]:
    """What is known is told at once; only the rest is work, maybe for other processes."""
    others, state = replace(catalog, packages=()), _state(config)
    known = [recall_one(package, others, options.today, state) for package in chosen]
    rest = [package for package, one in zip(chosen, known, strict=True) if one is None]
    job = partial(check_one, catalog=others, today=options.today, state=state, fetched=fetched)
    judged = iter(_work(job, rest, options, "check"))
    return [one or next(judged) for one in known]


def _prepare(
    config: Config,
    options: Options,
    catalog: Catalog,
    found: Sequence[Problem],
    target: Path,
    fetched: Mapping[str, Fetched],
) -> list[Checked]:
    """Check every package and convert those that nothing blocks, also of what was ``found`` before."""
    by_folder: dict[str, list[Problem]] = {}
    for problem in found:
        by_folder.setdefault(problem.dataset, []).append(problem)
    jobs = [
        (package, target / f"{number}", tuple(by_folder.get(package.folder, ())))
        for number, package in enumerate(catalog.packages)
    ]
    job = partial(
        _prepare_one,
        config.portal,
        catalog=replace(catalog, packages=()),
        today=options.today,
        severities=Severities(config.rules),
        state=_state(config),
        fetched=fetched,
    )
    return _work(job, jobs, options, "convert")


def _unblocked(config: Config, checked: Sequence[Checked], found: Sequence[Problem]) -> dict[str, Checked]:
    """By folder."""
    severities = Severities(config.rules)
    blocked = {problem.dataset for problem in found if severities.blocks(problem)}
    return {one.folder: one for one in checked if one.folder not in blocked}


def _with_history(site: public.Catalog, catalog: Catalog, options: Options, found: Sequence[Problem]) -> public.Catalog:
    from generator.community import with_community
    from generator.history import with_history

    # Where sensitive content was found, it may stand in the title that the last release had.
    folders = {problem.dataset for problem in found if catalogue()[problem.name].code.startswith(SENSITIVE)}
    unnamed = {name_of_folder(folder) for folder in folders}
    unnamed |= {own_name(package) for package in catalog.packages if package.folder in folders}
    site = with_history(site, catalog, options.previous, options.today.isoformat(), unnamed)
    return with_community(site, catalog, options.today)


SENSITIVE = "S"
"""First letter of the codes of what was found in content that is to be open."""


def _prepare_one(
    portal: Portal,
    job: tuple[Package, Path, tuple[Problem, ...]],
    catalog: Catalog,
    today: datetime.date,
    severities: Severities,
    state: State | None,
    fetched: Mapping[str, Fetched],
) -> Checked:
    from generator.exports.datapackage import for_files
    from generator.prepare import prepare
    from generator.publicise import announced

    def said(package: Package) -> Sequence[Mapping[str, Any]]:
        return for_files(announced(package, catalog.bodies, portal))

    package, target, known = job
    return prepare(package, catalog, today, severities, target, known, state, fetched, said)


def _work(job: Callable[[T], R], values: Sequence[T], options: Options, step: str) -> list[R]:
    """The results in the order of ``values``, whichever is ready first."""
    if not values:
        return []
    from generator.work import workers

    results = []
    chunk = max(1, min(32, len(values) // 64))
    options.progress(step, 0, len(values))
    with workers(options.jobs, len(values)) as executor:
        for result in executor.map(job, values, chunksize=chunk):
            results.append(result)
            options.progress(step, len(results), len(values))
    return results


def _counted(files: Iterator[SiteFile], progress: Progress, step: str) -> Iterator[SiteFile]:
    for number, file in enumerate(files):
        if number % 50 == 0:
            progress(step, number, 0)
        yield file


def _report(
    config: Config,
    options: Options,
    catalog: Catalog,
    problems: Sequence[Problem],
    clock: Clock,
    checked: Sequence[Judgement],
    *,
    datasets: int | None = None,
    site: public.Catalog | None = None,
    manifest: Manifest | None = None,
) -> Report:
    severities = Severities(config.rules)
    kept = in_order(without_secrets(problem) for problem in problems if severities.of(problem) != "off")
    blocked = {problem.dataset for problem in kept if severities.blocks(problem) and problem.dataset}
    return Report(
        problems=with_lines(kept, config.datasets),
        severities=severities,
        datasets=len(catalog.packages) + len(catalog.unreadable) if datasets is None else datasets,
        published=tuple(dataset.name for dataset in site.datasets) if site else (),
        left_out=tuple(sorted(blocked | set(catalog.unreadable))),
        tables=tuple(table for one in checked for table in one.tables),
        files=len(manifest.files) + 1 if manifest else 0,
        bytes=sum(entry.bytes for entry in manifest.files) if manifest else 0,
        seconds=clock.seconds,
        compared=len(options.previous.records) if options.previous else None,
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
