"""How well each agency's data serve: 完整性, 准确性, 一致性, 时效性, the four of the regulation (Art. 14).

Everything is counted from public values, and what is told of data from open tables alone. Each measure is "so many of
so many"; a score is the mean of the measures that apply, and nothing where none does. No number depends on the day
but through what is overdue, so that a score changes when something has changed (0030).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from generator.public import Agency, Catalog, Dataset, Field, Resource

Name = Literal["completeness", "accuracy", "consistency", "timeliness"]


@dataclass(frozen=True, slots=True)
class Measure:
    name: str
    met: int
    of: int
    """0 where it does not apply."""

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.met, self.of) if self.of else None


@dataclass(frozen=True, slots=True)
class Dimension:
    name: Name
    measures: tuple[Measure, ...]

    @property
    def score(self) -> Fraction | None:
        return _mean(measure.share for measure in self.measures)


@dataclass(frozen=True, slots=True)
class Improvement:
    """One thing that would raise a score, where it is to be done."""

    what: Literal["overdue", "undated", "metadata", "required", "untitled", "remark", "key", "reference", "code"]
    dataset: Dataset
    resource: str = ""
    names: tuple[str, ...] = ()
    """Of terms, of fields, of the kind of problem."""
    count: int = 0
    """How many empty cells, or places of a remark."""
    expected: str = ""
    """The due date, the table that is referred to, or the type that others use."""


@dataclass(frozen=True, slots=True)
class Card:
    agency: Agency
    datasets: int
    dimensions: tuple[Dimension, ...]
    remarks: tuple[tuple[str, int], ...]
    """Names of kinds of problems, and how often they were met in open tables."""
    waivers: int
    """Places of sensitive content that somebody has looked at and allows. They lower no score."""
    overdue: int
    improvements: tuple[Improvement, ...]

    @property
    def score(self) -> Fraction | None:
        return _mean(dimension.score for dimension in self.dimensions)


def scorecards(catalog: Catalog) -> tuple[Card, ...]:
    """Of each agency that publishes, the highest score first; those of one score by id."""
    by_agency: dict[str, list[Dataset]] = defaultdict(list)
    for dataset in catalog.datasets:
        by_agency[dataset.agency.id].append(dataset)
    usual = usual_types(catalog.datasets)
    cards = [_card(datasets[0].agency, datasets, usual) for _, datasets in sorted(by_agency.items())]
    return tuple(sorted(cards, key=lambda card: -(card.score or Fraction(0))))


def permille(share: Fraction) -> int:
    """Rounded down: what is not whole is never shown as 100 %."""
    return share.numerator * 1000 // share.denominator


def _mean(shares: Iterable[Fraction | None]) -> Fraction | None:
    known = [share for share in shares if share is not None]
    return sum(known, Fraction(0)) / len(known) if known else None


def _card(agency: Agency, datasets: Sequence[Dataset], usual: Mapping[str, str]) -> Card:
    remarks: Counter[str] = Counter()
    for dataset in datasets:
        for remark in dataset.remarks:
            remarks[remark.kind] += remark.count
    return Card(
        agency=agency,
        datasets=len(datasets),
        dimensions=(
            Dimension("completeness", (_metadata(datasets), _required(datasets), _titled(datasets))),
            Dimension("accuracy", (_unremarked(datasets),)),
            Dimension("consistency", (_keyed(datasets), _referring(datasets), _as_usual(datasets, usual))),
            Dimension("timeliness", (_in_time(datasets),)),
        ),
        remarks=tuple(sorted(remarks.items())),
        waivers=sum(dataset.waivers for dataset in datasets),
        overdue=sum(dataset.due.is_overdue for dataset in datasets),
        improvements=tuple(each for dataset in datasets for each in _improvements(dataset, usual)),
    )


def _improvements(dataset: Dataset, usual: Mapping[str, str]) -> Iterator[Improvement]:
    """The promise first, then what concerns the whole dataset, then its tables."""
    if dataset.due.is_overdue:
        yield Improvement("overdue", dataset, expected=dataset.due.due)
    if dataset.due.state == "unknown":
        yield Improvement("undated", dataset)
    if missing := [name for name, is_stated in stated(dataset) if not is_stated]:
        yield Improvement("metadata", dataset, names=tuple(missing))
    for table in open_tables(dataset):
        yield from _of_table(dataset, table, usual)
    for remark in dataset.remarks:
        yield Improvement("remark", dataset, remark.resource, (remark.kind,), remark.count)


def _of_table(dataset: Dataset, table: Resource, usual: Mapping[str, str]) -> Iterator[Improvement]:
    nulls = {column.name: column.nulls for column in table.statistics}
    if lacking := [name for name in required(table) if nulls.get(name)]:
        yield Improvement("required", dataset, table.name, tuple(lacking), sum(nulls[name] for name in lacking))
    if untitled := [field.name for field in _fields(table) if not field.title]:
        yield Improvement("untitled", dataset, table.name, tuple(untitled))
    if not _has_key(table):
        yield Improvement("key", dataset, table.name)
    for name, target in undeclared(dataset, table):
        yield Improvement("reference", dataset, table.name, (name,), expected=target)
    for field in _fields(table):
        if usual.get(field.name, field.type) != field.type:
            yield Improvement("code", dataset, table.name, (field.name,), expected=usual[field.name])


# ---- completeness

Stated = Callable[[Dataset], bool]

METADATA: tuple[tuple[str, Stated], ...] = (
    ("title_en", lambda d: d.title.has("en")),
    ("description", lambda d: bool(d.description)),
    ("description_en", lambda d: d.description.has("en")),
    ("keywords", lambda d: bool(d.keywords)),
    ("theme", lambda d: d.theme is not None),
    ("update_cycle", lambda d: d.update_cycle is not None),
    ("licenses", lambda d: bool(d.licenses) or d.openness in ("conditional", "closed")),
    ("sources", lambda d: bool(d.sources)),
    ("source_department", lambda d: d.source_department is not None),
    ("collection", lambda d: bool(d.collection)),
    ("catalogue_code", lambda d: bool(d.catalogue_code)),
    ("spatial", lambda d: bool(d.spatial)),
    ("temporal", lambda d: bool(d.temporal)),
    ("language", lambda d: bool(d.languages)),
    ("contact", lambda d: bool(d.contact or d.agency.contact)),
    ("created", lambda d: bool(d.created)),
    ("modified", lambda d: bool(d.modified)),
)
"""What each dataset should state, by the name of its term. Data that are given on application need no licence."""


def stated(dataset: Dataset) -> list[tuple[str, bool]]:
    return [(name, is_stated(dataset)) for name, is_stated in METADATA]


def _metadata(datasets: Sequence[Dataset]) -> Measure:
    met = sum(is_stated for dataset in datasets for _, is_stated in stated(dataset))
    return Measure("metadata", met, len(datasets) * len(METADATA))


def _required(datasets: Sequence[Dataset]) -> Measure:
    met = of = 0
    for table in _tables(datasets):
        names = required(table)
        for column in table.statistics:
            if column.name in names:
                of += column.rows
                met += column.rows - column.nulls
    return Measure("required", met, of)


def required(table: Resource) -> tuple[str, ...]:
    """Columns that declare that they are never empty; those of a primary key are not either."""
    schema = table.schema
    key = schema.primary_key if schema else ()
    return tuple(f.name for f in _fields(table) if f.constraints.get("required") is True or f.name in key)


def _titled(datasets: Sequence[Dataset]) -> Measure:
    fields = [field for table in _tables(datasets) for field in _fields(table)]
    return Measure("titled", sum(bool(field.title) for field in fields), len(fields))


# ---- accuracy


def _unremarked(datasets: Sequence[Dataset]) -> Measure:
    met = of = 0
    for dataset in datasets:
        remarked = {remark.resource for remark in dataset.remarks}
        names = [table.name for table in open_tables(dataset)]
        of += len(names)
        met += sum(name not in remarked for name in names)
    return Measure("unremarked", met, of)


# ---- consistency


def _keyed(datasets: Sequence[Dataset]) -> Measure:
    tables = list(_tables(datasets))
    return Measure("keyed", sum(map(_has_key, tables)), len(tables))


def _has_key(table: Resource) -> bool:
    schema = table.schema
    if schema is None:
        return False
    return bool(schema.primary_key or schema.unique_keys) or any(f.constraints.get("unique") for f in schema.fields)


def _referring(datasets: Sequence[Dataset]) -> Measure:
    declared = sum(len(table.schema.foreign_keys) for table in _tables(datasets) if table.schema)
    missing = sum(len(undeclared(dataset, table)) for dataset in datasets for table in open_tables(dataset))
    return Measure("referring", declared, declared + missing)


def undeclared(dataset: Dataset, table: Resource) -> list[tuple[str, str]]:
    """Columns that are called as another table's key, and of its type, without saying that they refer to it: each with
    the name of that table."""
    schema = table.schema
    if schema is None:
        return []
    said = {name for key in schema.foreign_keys for name in key.fields}
    types = {field.name: field.type for field in schema.fields}
    found = {}
    for other in open_tables(dataset):
        key = other.schema.primary_key if other.schema and other is not table else ()
        if len(key) == 1 and key != schema.primary_key and key[0] not in said:
            theirs = next((field.type for field in _fields(other) if field.name == key[0]), "")
            if types.get(key[0]) == theirs:
                found[key[0]] = other.name
    return sorted(found.items())


def usual_types(datasets: Iterable[Dataset]) -> dict[str, str]:
    """The type that most datasets give a column of this name, for names that several have; ``-`` where as many have
    another."""
    types: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for dataset in datasets:
        for table in open_tables(dataset):
            for field in _fields(table):
                types[field.name][field.type].add(dataset.name)
    return {
        name: _usual({type_: len(of) for type_, of in by_type.items()})
        for name, by_type in types.items()
        if len(set().union(*by_type.values())) > 1
    }


def _usual(counts: Mapping[str, int]) -> str:
    most = max(counts.values())
    leading = [type_ for type_, count in counts.items() if count == most]
    return leading[0] if len(leading) == 1 else UNSETTLED


UNSETTLED = "-"


def _as_usual(datasets: Sequence[Dataset], usual: Mapping[str, str]) -> Measure:
    shared = [field for table in _tables(datasets) for field in _fields(table) if field.name in usual]
    return Measure("codes", sum(usual[field.name] == field.type for field in shared), len(shared))


# ---- timeliness


def _in_time(datasets: Sequence[Dataset]) -> Measure:
    """Without a readable date nobody can tell that a promise was kept."""
    promised = [dataset for dataset in datasets if dataset.due.state != "none"]
    return Measure("in_time", sum(dataset.due.state == "in-time" for dataset in promised), len(promised))


# ---- open tables


def open_tables(dataset: Dataset) -> list[Resource]:
    return [r for r in dataset.resources if r.openness == "unconditional" and r.kind == "table" and r.schema]


def _tables(datasets: Iterable[Dataset]) -> Iterator[Resource]:
    for dataset in datasets:
        yield from open_tables(dataset)


def _fields(table: Resource) -> tuple[Field, ...]:
    return table.schema.fields if table.schema else ()
