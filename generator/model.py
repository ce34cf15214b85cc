"""The raw side: descriptors as their authors wrote them. Nothing after ``publicise`` sees these values."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from generator.limits import Limits
from generator.problems import Problem


@dataclass(frozen=True, slots=True)
class Borrowed:
    """That a package's ``access``, or a resource's, names a block of terms that several datasets share."""

    use: str
    """The block's id, as written."""
    resource: int | None = None
    """Position in ``Package.resources``; None for the package's own terms."""
    file: str = ""
    """Where the block stands, relative to the datasets folder; empty when there is no such block."""
    keys: tuple[str, ...] = ()
    """The properties that come from the block: those that the descriptor does not state itself."""


@dataclass(frozen=True, slots=True)
class SharedTerms:
    """A block of access terms that is written once and referred to: ``terms.yaml`` holds them by id."""

    id: str
    file: str
    """Relative to the datasets folder."""
    values: Mapping[str, Any]

    @property
    def folder(self) -> str:
        """Whose terms these are: the folder of an agency, or ``.`` for the whole portal."""
        return self.file.rpartition("/")[0] or "."


@dataclass(frozen=True, slots=True)
class Package:
    folder: str
    """Of the descriptor, relative to the datasets folder, with ``/``; ``.`` for that folder itself."""
    path: Path
    """The same folder, absolute."""
    file: str
    """The descriptor, relative to the datasets folder."""
    descriptor: Mapping[str, Any]
    """As written, completed with the configuration's defaults and with the terms that ``access`` refers to."""
    stated: Mapping[str, Any]
    """As written."""
    agency: str
    """Id of the publishing body: stated, else the folder above the dataset's, else the default; may be empty."""
    committed: str = ""
    """ISO date of the last commit that touched the descriptor or a file of an open resource; empty when git does not
    know. A commit that touches nothing but withheld data must not show on the site."""
    withheld_commits: Mapping[str, str] = field(default_factory=dict)
    """Files that withheld resources name → ISO date of the last commit that touched them, also where they are gone."""
    today: str = ""
    """ISO date of the build, which embargoes are held against."""
    borrowed: tuple[Borrowed, ...] = ()
    """The references to shared terms, resolved or not."""

    def borrows(self, resource: int | None, key: str) -> Borrowed | None:
        """Where a property of the terms comes from, if not from the descriptor itself."""
        found = (b for b in self.borrowed if b.resource == resource and key in b.keys)
        return next(found, None)

    @property
    def name(self) -> str:
        name = self.descriptor.get("name")
        return name if isinstance(name, str) else ""

    @property
    def resources(self) -> tuple[Mapping[str, Any], ...]:
        """Those of the descriptor that are objects at all."""
        listed = self.descriptor.get("resources")
        return tuple(r for r in listed if isinstance(r, Mapping)) if isinstance(listed, list) else ()

    def openness(self, resource: Mapping[str, Any]) -> str:
        """A resource's own openness, else the package's; empty when neither is stated; conditional under embargo."""
        stated = str(resource.get("openness") or self.descriptor.get("openness") or "")
        return "conditional" if stated == "unconditional" and self.embargo(resource) else stated

    def embargo(self, resource: Mapping[str, Any]) -> str:
        """The day from which the data may be open, while it has not come; an unreadable date never comes.

        The package's embargo holds for a resource with terms of its own too: the later day counts.
        """
        stated = (
            terms.get("embargo_until")
            for terms in (resource.get("access"), self.descriptor.get("access"))
            if isinstance(terms, Mapping)
        )
        days = [str(day) for day in stated if day and (not is_day(day) or str(day) > self.today)]
        return max(days, default="")

    def is_open(self, resource: Mapping[str, Any]) -> bool:
        """Only what says so is open: anything unstated or misspelt is not."""
        return self.openness(resource) == "unconditional"

    @property
    def withheld(self) -> tuple[str, ...]:
        """Names of the resources that are not open."""
        return tuple(str(r.get("name") or "") for r in self.resources if not self.is_open(r))


def is_day(value: object) -> bool:
    """Whether it is a day of the calendar, written as 2024-01-06."""
    try:
        return isinstance(value, str) and len(value) == 10 and bool(datetime.date.fromisoformat(value))
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Body:
    """An agency as its file, or the configuration, describes it."""

    id: str
    file: str
    """Empty when it stands in the configuration."""
    descriptor: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Statement:
    """What a ``changes.yaml`` says of one change: something became less open, was withdrawn or got another name."""

    folder: str
    """Where the file lies, as in ``Package``."""
    file: str
    number: int
    """Of the entry in its file, from 1."""
    values: Mapping[str, Any]
    """As written."""
    agency: str

    @property
    def what(self) -> str:
        return self.text("what")

    @property
    def name(self) -> str:
        """Of the dataset that changed; that of the folder where nothing else is stated."""
        return self.text("name") or self.folder.rpartition("/")[2]

    @property
    def resource(self) -> str:
        """Empty where the whole dataset changed."""
        return self.text("resource")

    @property
    def day(self) -> str:
        return self.text("date")

    @property
    def place(self) -> tuple[str, int]:
        return self.file, self.number

    @property
    def subject(self) -> tuple[str, str, str]:
        """As a published change has it."""
        return self.name, self.resource, self.what

    def text(self, key: str) -> str:
        value = self.values.get(key)
        return value.strip() if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class Submission:
    """What somebody from outside asked for or made, as ``demands.yaml`` or ``reuses.yaml`` tells it."""

    kind: Literal["demand", "reuse"]
    file: str
    number: int
    """Of the entry in its file, from 1."""
    values: Mapping[str, Any]
    """As written."""

    def text(self, key: str) -> str:
        value = self.values.get(key)
        return value.strip() if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class Catalog:
    packages: tuple[Package, ...]
    """Sorted by folder. A descriptor that could not be read is not here, but in ``problems`` and ``unreadable``."""
    bodies: Mapping[str, Body] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    """What was wrong with reading."""
    unreadable: tuple[str, ...] = ()
    """Folders whose descriptor could not be read."""
    shared_terms: tuple[SharedTerms, ...] = ()
    """The blocks of every ``terms.yaml``, by file and in the order of the file."""
    statements: tuple[Statement, ...] = ()
    """Of all ``changes.yaml``, in the order of folders."""
    submissions: tuple[Submission, ...] = ()
    """Demands, then reuses, in the order of their files."""
    limits: Limits = field(default_factory=Limits)
    root: Path = Path()
    """The datasets folder."""
    private: bool = False
    """Whether only the agencies see the repository."""


def listed_licenses(descriptor: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """``licenses``, or the ``license`` of descriptors older than v1 (a name or an object)."""
    listed = descriptor.get("licenses")
    if listed is None:
        listed = descriptor.get("license")
    if isinstance(listed, str):
        listed = {"name": listed}
    if isinstance(listed, Mapping):
        listed = [listed]
    return [entry for entry in listed if isinstance(entry, Mapping)] if isinstance(listed, list) else []


def paths_of(resource: Mapping[str, Any]) -> tuple[str, ...]:
    """The data files a resource names, in their order: none, one, or several parts."""
    path = resource.get("path") or resource.get("url")  # as descriptors older than v1 had it
    parts = [path] if isinstance(path, str) else path if isinstance(path, list) else []
    more = resource.get("extrapaths")
    return tuple(p for p in [*parts, *(more if isinstance(more, list) else ())] if isinstance(p, str) and p)


def parts_of(resource: Mapping[str, Any]) -> Mapping[str, str]:
    """Files that hold a part of the descriptor, with the property that names them."""
    schema = resource.get("schema")
    fields = schema.get("fields") if isinstance(schema, Mapping) else None
    parts = [("schema", schema), ("dialect", resource.get("dialect"))]
    parts += [("schema.fields", field) for field in (fields if isinstance(fields, list) else ())]
    return {file: name for name, file in parts if isinstance(file, str)}


def is_remote(path: object) -> bool:
    """Whether frictionless would ask another host (or a database) for it. A ``file:`` address is none: it is unsafe."""
    if not isinstance(path, str):
        return False
    try:
        scheme = urlsplit(path).scheme
    except ValueError:
        return "://" in path
    return len(scheme) > 1 and scheme != "file"
