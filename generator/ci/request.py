"""The check of a pull request: what it touches, what is wrong with that, and what was wrong already.

Two states of the repository are compared: ``base``, which is read from git, and the working tree. A problem concerns
the request when it is in a dataset that it touches, or when it is new: what an untouched dataset had before is another
person's fault and never fails the request.
"""

from __future__ import annotations

import datetime
import tempfile
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from generator import build
from generator.check.versions import unversioned
from generator.ci.changes import to_changed
from generator.ci.event import Request, the_request
from generator.ci.record import Changed
from generator.ci.repository import Blob, blobs, changed_paths, checked_out, commit_of, root_of, write_blobs
from generator.ci.touched import Touched, touched
from generator.config import Config, read_config
from generator.errors import ConfigError
from generator.model import Catalog
from generator.names import own_name, resource_names
from generator.problems import Problem, Severities, in_order
from generator.read import read_catalog
from generator.releases import RANKS, WHATS, Change, Part, Previous, Record
from generator.statements import is_sound
from generator.text import Text, text_of

if TYPE_CHECKING:
    from generator.differences import Differences

MAX_DESCRIPTOR = 10_000_000
"""Bytes: what is larger, the reading of descriptors refuses as well."""
OTHERS = 100
"""How many untouched datasets are looked at for the note; where there are more, none is."""
OTHERS_BYTES = 100_000_000

BETWEEN_PACKAGES = frozenset(("name-taken", "catalogue-code-taken", "data-item-taken"))
"""Told of the package that comes later, with the folder of the other one as ``expected``."""


@dataclass(frozen=True, slots=True)
class Notes:
    """What is wrong in a dataset that the request does not concern."""

    dataset: str
    errors: int
    advice: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of the check of a request."""

    request: Request
    touched: Touched
    problems: tuple[Problem, ...]
    """Those that concern the request."""
    severities: Severities
    others: tuple[Notes, ...]
    """Of untouched datasets, for information."""
    unchecked: int
    """How many untouched datasets were not looked at."""
    seconds: float
    prefix: str
    """The datasets folder, relative to the repository's root, with a final slash; empty where it is the root."""
    differences: tuple[Changed, ...] = ()

    @property
    def errors(self) -> int:
        return sum(self.severities.of(problem) == "error" for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Trees:
    """The two states, each as a configuration of its own."""

    request: Request
    root: Path
    """Of the repository that git is asked about."""
    prefix: str
    """The datasets folder, relative to the root, with a final slash; empty where it is the root."""
    head: Config
    base: Config | None
    """None where the base had no configuration or no datasets: everything is new then."""
    target: Path
    """Where the base is written, as far as it is needed."""
    blobs: tuple[Blob, ...] = ()
    """Of the base, below the datasets folder."""
    files: frozenset[str] = frozenset()
    """Changed, relative to the root."""

    @property
    def below(self) -> frozenset[str]:
        """Changed files of the datasets folder, relative to it."""
        return frozenset(path.removeprefix(self.prefix) for path in self.files if path.startswith(self.prefix))

    @property
    def configuration(self) -> bool:
        """Whether the portal's own file is among the changed ones."""
        file = self.head.file
        return file is not None and any(file.as_posix().endswith(f"/{path}") for path in self.files)


def compared(given: Trees, about: Touched, today: datetime.date) -> Differences | None:
    """How the data of the touched datasets changed, by ``kaishu diff``; None where there was no portal before."""
    from generator.differences import diff

    if given.base is None:
        return None
    return diff(given.request.base, config=given.head, today=today, only=sorted(about.datasets | about.gone))


def _unversioned(found: Differences | None, head: Catalog) -> Iterator[Problem]:
    """Changes of schemas that break what reads the tables, without a new major version."""
    packages = {package.folder: package for package in head.packages}
    for dataset in found.datasets if found else ():
        package = packages.get(dataset.folder)
        for resource in dataset.resources if package and dataset.wants_version else ():
            changes = [change for change in resource.schema if change.breaking]
            if changes and package:
                listed = dict(zip(resource_names(package), package.resources, strict=True))
                yield unversioned(package, listed[resource.name], changes, dataset.wants_version)


@contextmanager
def trees(config: Config, *, base: str, head: str) -> Iterator[Trees]:
    """The base's descriptors, written to a temporary folder, and the working tree; that of ``head`` where it is given
    and not checked out."""
    root = root_of(config.datasets).resolve()
    request = the_request(root, base, head)
    with tempfile.TemporaryDirectory(prefix="kaishu-ci-") as name:
        folder = Path(name).resolve()
        here = replace(config, state=folder / "state")
        if head and request.head != commit_of(root, "HEAD"):
            with checked_out(root, request.head, folder / "head") as tree:
                yield _trees(here, _moved(here, root, tree) or here, root, tree, request)
        else:
            yield _trees(here, here, root, root, request)


def _trees(config: Config, head: Config, root: Path, tree: Path, request: Request) -> Trees:
    assert config.state
    place = config.datasets.relative_to(root).as_posix()
    target = config.state.with_name("base")
    found = tuple(blobs(root, request.base, "" if place == "." else place))
    write_blobs(root, [blob for blob in found if _is_descriptor(blob)], target)
    if config.file and config.file.is_relative_to(root):
        settings = config.file.relative_to(root).as_posix()
        write_blobs(root, [blob for blob in blobs(root, request.base, settings) if blob.path == settings], target)
    return Trees(
        request=request,
        root=root,
        prefix="" if place == "." else f"{place}/",
        head=head,
        base=_moved(replace(config, state=config.state.with_name("base-state")), root, target),
        target=target,
        blobs=found,
        files=changed_paths(tree, request.base),
    )


def _is_descriptor(blob: Blob) -> bool:
    return blob.size <= MAX_DESCRIPTOR and blob.path.endswith((".yaml", ".yml", ".json"))


def _moved(config: Config, root: Path, tree: Path) -> Config | None:
    """The same portal, as it is in another tree of the repository; None where it is not there."""
    datasets = tree / config.datasets.relative_to(root)
    if not datasets.is_dir():
        return None
    file = tree / config.file.relative_to(root) if config.file and config.file.is_relative_to(root) else None
    if file is None or not file.is_file():
        return replace(config, datasets=datasets.resolve())
    try:
        return replace(read_config(file, datasets=datasets, site=config.site), state=config.state)
    except ConfigError:  # what a request may be about to mend
        return replace(config, datasets=datasets.resolve())


def check_request(given: Trees, options: build.Options, *, others: int = OTHERS) -> Outcome:
    """Check what the request touches and what depends on it, and tell whose each problem is."""
    head = read_catalog(given.head, options.today)
    base = read_catalog(given.base, options.today) if given.base else Catalog(())
    about = touched(given.below, head, base, configuration=given.configuration)
    aside = _looked_at(head, about, others)
    previous = options.previous or as_release(base, options.today.isoformat())
    options = replace(options, previous=previous, only=about.chosen | aside)
    report = build.check(given.head, options)
    severities = report.severities
    mine = [problem for problem in report.problems if _is_mine(problem, about)]
    theirs = [problem for problem in report.problems if not _is_mine(problem, about)]
    new = _new(given, options, about, [p for p in theirs if severities.of(p) == "error"])
    found = compared(given, about, options.today)
    # Of the last release with its descriptors, the check has told it.
    told = options.previous is not None and options.previous.folder is not None
    more = () if told else [p for p in _unversioned(found, head) if severities.of(p) != "off"]
    return Outcome(
        request=given.request,
        touched=about,
        problems=in_order(_placed(problem, about, head) for problem in (*mine, *new, *more)),
        severities=severities,
        others=tuple(_notes([problem for problem in theirs if problem not in new], severities)),
        unchecked=sum(p.folder not in about.chosen | aside for p in head.packages),
        seconds=sum(report.seconds.values()),
        prefix=given.prefix,
        differences=to_changed(found) if found else (),
    )


def _looked_at(head: Catalog, about: Touched, limit: int) -> frozenset[str]:
    """Untouched datasets, where they are few and small enough to be told of as well."""
    rest = [package for package in head.packages if package.folder not in about.chosen]
    if not rest or len(rest) > limit:
        return frozenset()
    files = (file for package in rest for file in package.path.iterdir() if file.is_file() and not file.is_symlink())
    return frozenset(p.folder for p in rest) if sum(f.stat().st_size for f in files) <= OTHERS_BYTES else frozenset()


def _is_mine(problem: Problem, about: Touched) -> bool:
    """Whether it concerns the request for certain."""
    if problem.dataset in about.datasets or problem.file in about.files:
        return True
    if problem.dataset:
        return problem.name in BETWEEN_PACKAGES and problem.expected in about.datasets
    gone = problem.name == "withdrawn-unstated" and problem.value in about.names_gone
    return gone or problem.file.rpartition("/")[0] in about.gone | about.datasets


def _placed(problem: Problem, about: Touched, head: Catalog) -> Problem:
    """Where two datasets claim the same, it is told of the one that the request touches."""
    if problem.name not in BETWEEN_PACKAGES or problem.dataset in about.datasets:
        return problem
    other = next((package for package in head.packages if package.folder == problem.expected), None)
    if other is None or other.folder not in about.datasets:
        return problem
    return replace(problem, dataset=other.folder, file=other.file, expected=problem.dataset)


def _new(given: Trees, options: build.Options, about: Touched, errors: Collection[Problem]) -> list[Problem]:
    """Those of ``errors`` that the base had not: what the request does to datasets that it does not touch.

    Nothing that it changes has an influence on what is *in* a dataset that does not depend on it. What is found by
    reading all descriptors together may be due to it anywhere.
    """
    if given.base is None or not errors:
        return []
    needed = frozenset(problem.dataset for problem in errors if problem.dataset in about.dependent)
    folders = tuple(f"{given.prefix}{folder}/" for folder in needed)
    write_blobs(given.root, [blob for blob in given.blobs if folders and blob.path.startswith(folders)], given.target)
    before = set(map(_key, build.check(given.base, replace(options, only=needed)).problems))
    anywhere = set(map(_key, build.check(given.head, replace(options, only=frozenset())).problems))
    return [p for p in errors if _key(p) not in before and (p.dataset in about.dependent or _key(p) in anywhere)]


def _key(problem: Problem) -> tuple[str, ...]:
    """The same fault of the same thing, wherever the lines have moved to."""
    return problem.name, problem.dataset, problem.file, problem.resource, problem.field, problem.value


def _notes(problems: Iterable[Problem], severities: Severities) -> Iterator[Notes]:
    """Of what has an error; the advice of others is nobody's business here."""
    counts: dict[str, Counter[str]] = {}
    for problem in problems:
        counts.setdefault(problem.dataset or problem.file, Counter())[severities.of(problem)] += 1
    for name, count in sorted(counts.items()):
        if count["error"]:
            yield Notes(name, count["error"], count["advice"])


def as_release(base: Catalog, today: str) -> Previous:
    """The base as if it were the last release: what a request takes away, or makes less open, needs a statement.

    For where no release is at hand. What the base stated of changes counts as published.
    """
    records = tuple(_records(base))
    changes = tuple(
        Change(day=s.day, what=s.what, dataset=s.name, title=Text(), agency=s.agency, resource=s.resource)  # type: ignore[arg-type]  # sound: one of WHATS
        for s in base.statements
        if s.what in WHATS and is_sound(s, today)
    )
    return Previous(records, changes)


def _records(base: Catalog) -> Iterator[Record]:
    taken: set[str] = set()
    for package in base.packages:
        name = own_name(package)
        names: Mapping[str, str] = dict(
            zip(resource_names(package), map(package.openness, package.resources), strict=True)
        )
        openness = str(package.descriptor.get("openness") or next(iter(names.values()), ""))
        if name in taken or openness not in RANKS:
            continue
        taken.add(name)
        yield Record(
            name=name,
            title=text_of(package.descriptor, "title"),
            openness=openness,
            agency=package.agency,
            agency_name=Text(),
            parts=tuple(Part(each, Text(), now) for each, now in names.items() if now in RANKS),
            created=str(package.descriptor.get("created") or ""),
            modified=str(package.descriptor.get("modified") or ""),
        )
