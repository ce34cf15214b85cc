"""What a comparison finds, as values. Nothing in them comes out of data that are not open on both sides."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from generator.compatibility import SchemaChange

FORMAT = 1
"""Of the JSON. It grows when a reader of the old form could not read the new one."""

State = Literal["added", "removed", "changed", "same"]


@dataclass(frozen=True, slots=True)
class PropertyChange:
    """A property of a dataset or resource: openness, licence, version, file, title …"""

    property: str
    before: str
    after: str
    loss: bool = False
    """Less is open than before, or under stricter terms."""
    breaking: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a sample. ``before`` or ``after`` is None where the row was not there; both are shortened, and
    masked where they look like the number of a person."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Sample:
    """One row that was added, removed or changed."""

    state: State
    key: tuple[str, ...]
    """Its values of the key; empty without one."""
    cells: tuple[Cell, ...]
    """Of a changed row, the changed ones."""


@dataclass(frozen=True, slots=True)
class ColumnShift:
    """What a column holds now and held before, where that is not the same."""

    field: str
    changed: int
    """Rows in which it changed; 0 where rows have no key."""
    nulls_before: int
    nulls_after: int
    minimum_before: str = ""
    minimum_after: str = ""
    maximum_before: str = ""
    maximum_after: str = ""


def percent(count: int, of: int) -> str:
    """In words. A few of millions are more than none, and all but a few less than all."""
    share = round(100 * count / of, 1) if of else 0.0
    if count and share < 0.1:
        return "<0.1"
    return ">99.9" if share >= 100 and count < of else f"{share:g}"


@dataclass(frozen=True, slots=True)
class RowChanges:
    key: tuple[str, ...]
    """The fields by which rows were compared; empty where they were compared as a whole."""
    before: int
    after: int
    added: int
    removed: int
    changed: int
    samples: tuple[Sample, ...] = ()
    """A few of each kind: removed, changed, added."""
    columns: tuple[ColumnShift, ...] = ()

    @property
    def same(self) -> bool:
        return not (self.added or self.removed or self.changed)

    def share(self, count: int) -> float:
        """Per cent of the rows that there were."""
        return round(100 * count / self.before, 1) if self.before else 0.0


@dataclass(frozen=True, slots=True)
class ResourceDifference:
    name: str
    title: str
    state: State
    properties: tuple[PropertyChange, ...] = ()
    schema: tuple[SchemaChange, ...] = ()
    rows: RowChanges | None = None
    """None where the data are the same, not open, or no table."""
    unread: str = ""
    """Why rows were not compared, by name: ``not-open``, ``no-table``, ``unreadable``, ``not-here``; else empty."""

    @property
    def breaking(self) -> bool:
        changed = any(change.breaking for change in self.properties) or any(change.breaking for change in self.schema)
        return self.state == "removed" or changed

    @property
    def loss(self) -> int:
        """How much is lost, to put the worst first."""
        rows = self.rows.removed if self.rows else 0
        return (self.state == "removed") * 4 + any(p.loss for p in self.properties) * 2 + bool(rows)


@dataclass(frozen=True, slots=True)
class DatasetDifference:
    name: str
    title: str
    folder: str
    """Relative to the datasets folder; the former one of a dataset that is gone."""
    state: State
    properties: tuple[PropertyChange, ...] = ()
    resources: tuple[ResourceDifference, ...] = ()
    """Those that differ, the greatest loss first."""
    version_before: str = ""
    version_after: str = ""
    wants_version: str = ""
    """An example of the version that a breaking change asks for; empty where there is none to ask for."""

    @property
    def breaking(self) -> bool:
        own = any(change.breaking for change in self.properties)
        return self.state == "removed" or own or any(resource.breaking for resource in self.resources)

    @property
    def loss(self) -> int:
        lost = max((resource.loss for resource in self.resources), default=0)
        return (self.state == "removed") * 8 + max(lost, any(p.loss for p in self.properties) * 3)


@dataclass(frozen=True, slots=True)
class Differences:
    base: str
    """As it was asked for."""
    head: str
    datasets: tuple[DatasetDifference, ...]
    """Those that differ, the greatest loss first."""
    compared: int = 0
    """How many datasets were looked at."""
    unreadable: tuple[str, ...] = ()
    """Folders whose descriptor could not be read on one of the sides."""

    @property
    def breaking(self) -> bool:
        return any(dataset.breaking for dataset in self.datasets)

    @property
    def wants_version(self) -> bool:
        return any(dataset.wants_version for dataset in self.datasets)

    def to_json(self) -> dict[str, Any]:
        """One object, described in docs/command-line.md."""
        made = asdict(self)
        made["datasets"] = [_dataset(value, own) for value, own in zip(made["datasets"], self.datasets, strict=True)]
        return {"format": FORMAT, **made, "breaking": self.breaking}


def _dataset(value: dict[str, Any], dataset: DatasetDifference) -> dict[str, Any]:
    resources = [
        {**one, "breaking": resource.breaking, "rows": _rows(one["rows"], resource.rows)}
        for one, resource in zip(value["resources"], dataset.resources, strict=True)
    ]
    return {**value, "breaking": dataset.breaking, "resources": resources}


def _rows(value: dict[str, Any] | None, rows: RowChanges | None) -> dict[str, Any] | None:
    if value is None or rows is None:
        return None
    shares = {name: rows.share(getattr(rows, name)) for name in ("added", "removed", "changed")}
    return {**value, "per_cent": shares}
