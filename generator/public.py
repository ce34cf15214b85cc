"""What may be published: the only values that pages and exports ever see.

They are made by ``publicise`` alone, from an allow-list; nothing here refers to a raw package. A property
that is not a field of these classes cannot come out.
"""

# ruff: noqa: PLC0414  what is imported as itself is a name of this module too

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from generator.concepts import Concept as Concept
from generator.concepts import License as License
from generator.config import Portal
from generator.freshness import Due
from generator.pictures import Asked as Asked
from generator.pictures import Path2 as Path2
from generator.pictures import Series as Series
from generator.pictures import Shapes as Shapes
from generator.pictures import Step as Step
from generator.pictures import View as View
from generator.pictures import ViewType as ViewType
from generator.releases import Change, Record
from generator.schema import CONSTRAINTS as CONSTRAINTS
from generator.schema import FIELD_PROPERTIES as FIELD_PROPERTIES
from generator.structure import Aggregate as Aggregate
from generator.structure import Field as Field
from generator.structure import ForeignKey as ForeignKey
from generator.structure import Plain as Plain
from generator.structure import Schema as Schema
from generator.text import Text

Openness = Literal["unconditional", "conditional", "closed"]
Badge = Literal["unconditional", "conditional", "closed", "mixed"]


@dataclass(frozen=True, slots=True)
class Contact:
    name: Text = field(default_factory=Text)
    email: str = ""
    phone: str = ""
    url: str = ""
    address: Text = field(default_factory=Text)
    hours: Text = field(default_factory=Text)
    """When the office is open."""

    def __bool__(self) -> bool:
        return bool(self.email or self.phone or self.url)


@dataclass(frozen=True, slots=True)
class Agency:
    """A publishing body."""

    id: str
    name: Text
    short_name: Text = field(default_factory=Text)
    description: Text = field(default_factory=Text)
    code: str = ""
    """Unified social credit code, 统一社会信用代码."""
    contact: Contact = field(default_factory=Contact)
    homepage: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    title: Text
    url: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Contributor:
    title: Text
    roles: tuple[str, ...] = ()
    url: str = ""
    organization: str = ""


@dataclass(frozen=True, slots=True)
class Spatial:
    name: Text = field(default_factory=Text)
    code: str = ""
    """Administrative division code (GB/T 2260), six or more digits."""
    bbox: tuple[float, float, float, float] | None = None
    """West, south, east, north, in degrees."""

    def __bool__(self) -> bool:
        return bool(self.name or self.code or self.bbox)


@dataclass(frozen=True, slots=True)
class Temporal:
    start: str = ""
    end: str = ""

    def __bool__(self) -> bool:
        return bool(self.start or self.end)


@dataclass(frozen=True, slots=True)
class Collection:
    """What 采集清单, the collection list, records of a dataset."""

    legal_basis: Text = field(default_factory=Text)
    system: Text = field(default_factory=Text)
    items: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.legal_basis or self.system or self.items)


@dataclass(frozen=True, slots=True)
class Sharing:
    """共享属性: how other bodies of government get the data."""

    type: str = ""
    condition: Text = field(default_factory=Text)
    mode: Text = field(default_factory=Text)

    def __bool__(self) -> bool:
        return bool(self.type)


@dataclass(frozen=True, slots=True)
class Agreement:
    title: Text = field(default_factory=Text)
    url: str = ""
    text: Text = field(default_factory=Text)

    def __bool__(self) -> bool:
        return bool(self.title or self.url or self.text)


@dataclass(frozen=True, slots=True)
class Access:
    """The terms of a conditional resource, or the reason of a closed one. Lists are in the author's order."""

    reason: Text = field(default_factory=Text)
    legal_basis: Text = field(default_factory=Text)
    legal_basis_urls: tuple[str, ...] = ()
    """Where the text of the law can be read."""
    applicants: Text = field(default_factory=Text)
    purposes: tuple[Text, ...] = ()
    conditions: tuple[Text, ...] = ()
    security: tuple[Text, ...] = ()
    materials: tuple[Text, ...] = ()
    channel: Contact = field(default_factory=Contact)
    response_days: int | None = None
    """Working days until the applicant has an answer."""
    fee: Text = field(default_factory=Text)
    agreement: Agreement = field(default_factory=Agreement)
    reviewed: str = ""
    review_by: str = ""
    embargo_until: str = ""
    """The day on which the data become open, while it has not come."""
    shared: str = ""
    """Address of the shared terms that these are, or follow: an entry of ``Catalog.shared_terms``."""
    is_shared: bool = False
    """True when the rules are the shared ones: only the reason, the legal basis and the reviews are its own."""

    @property
    def can_be_applied_for(self) -> bool:
        """Whether there is something to do for a reader; what waits for its day is not applied for."""
        return bool(self.channel or self.channel.address or self.conditions or self.materials)

    def __bool__(self) -> bool:
        return bool(self.reason or self.legal_basis or self.conditions or self.embargo_until)


@dataclass(frozen=True, slots=True)
class SharedTerms:
    """Terms that are written once and referred to by datasets."""

    address: str
    """The page is at ``access/<address>/``: the id, below the agency's where the terms are an agency's."""
    title: Text
    access: Access
    agency: Agency | None = None
    """Whose terms these are; None for those of the whole portal."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Invented rows that fit the schema of a conditional table; made of the schema alone."""

    path: str = ""
    """Address below the site's root."""
    columns: tuple[str, ...] = ()
    """The mark's column, then those of the schema."""
    rows: tuple[tuple[str, ...], ...] = ()
    """As the file has them. Empty when none could be made."""
    content: bytes = b""
    foreign_keys: tuple[ForeignKey, ...] = ()
    """Those that hold between the samples of the dataset."""
    why_none: Literal["", "value", "keys", "schema"] = ""
    field: str = ""
    """For ``value``: the column for which nothing could be made."""

    def __bool__(self) -> bool:
        return bool(self.rows)


@dataclass(frozen=True, slots=True)
class Distribution:
    """One downloadable file."""

    path: str
    """Address below the site's root, as it is in the file system (not percent-encoded)."""
    format: str
    """Short label: CSV, Parquet, GeoJSON, PDF, …"""
    media_type: str
    bytes: int
    sha256: str
    file: Path
    """Where the bytes are now. Not part of what is published."""
    rows: int | None = None
    eu_file_type: str = ""
    """The last part of the format's URI in the EU's file-type table, where it is there."""
    use: Text = field(default_factory=Text)
    """Of a table's file: for whom it is, in a few words. Empty for a file as its author gave it."""
    note: Text = field(default_factory=Text)
    """What else to know before choosing it."""
    for_excel: bool = False
    """A copy of the rows for spreadsheets: a workbook, or CSV with a byte-order mark. Programs read the others."""

    @property
    def is_copy(self) -> bool:
        """Whether it has the same rows in a form that the Table Schema does not describe."""
        return self.for_excel or self.format == "GeoParquet"


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows, as the canonical CSV has them; ``None`` for a missing value."""

    rows: tuple[tuple[str | None, ...], ...]
    total: int


@dataclass(frozen=True, slots=True)
class ValueCount:
    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many values are from each edge on and below the next. There is one edge more than there are counts."""

    edges: tuple[str, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Lengths:
    """Of texts, in code points."""

    shortest: int
    mean: str
    longest: int


@dataclass(frozen=True, slots=True)
class ColumnStatistics:
    """What can be said of a column's values. Values are texts: decimals with the column's places, dates in ISO 8601."""

    name: str
    rows: int
    nulls: int
    """Missing values."""
    distinct: int | None = None
    """How many different values there are; None when that is not known."""
    distinct_error: float = 0.0
    """0 when ``distinct`` is exact; else the relative error that it stays within, in 999 of 1,000 cases."""
    distinct_at_least: bool = False
    """There may be more than this, and than the error says: of values too long to be compared wholly some may have been
    taken for one."""
    minimum: str = ""
    maximum: str = ""
    mean: str = ""
    """Of numbers: exact, rounded to six places more than the column has."""
    quantiles: tuple[tuple[int, str], ...] = ()
    """Percents, and the smallest value that so many percent of the values do not exceed."""
    histogram: Histogram | None = None
    frequent: tuple[ValueCount, ...] = ()
    """The most frequent values, most frequent first; empty where no value stands out."""
    error: float = 0.0
    """0 when quantiles, histogram and frequent values are exact. Else they come from a sample: the share of values
    below a value is right within this error, in 999 of 1,000 cases; a difference of two shares within twice that."""
    lengths: Lengths | None = None
    not_finite: int = 0
    """Numbers that are NaN or infinite, which range, mean, quantiles and histogram leave out."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What the check found in an open table and did not keep from being published."""

    resource: str
    kind: str
    """Name of the kind of problem."""
    count: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """That data which are not open passed their check. Nothing is told of data that did not, or whose author has not
    asked for it."""

    day: str = ""
    """ISO date of the last commit that touched the data, else the one that the descriptor states; may be unknown."""


@dataclass(frozen=True, slots=True)
class Resource:
    name: str
    """As in the published descriptor: an ASCII slug, unique in its dataset."""
    title: Text
    openness: Openness
    kind: Literal["table", "file"]
    description: Text = field(default_factory=Text)
    schema: Schema | None = None
    distributions: tuple[Distribution, ...] = ()
    """For a table: canonical CSV, Parquet, then the copy for Excel, if any. Always empty unless ``openness``
    is unconditional."""
    preview: Preview | None = None
    access: Access | None = None
    """The terms that hold for this resource: its own, else the dataset's. None when unconditional."""
    rows: int | None = None
    statistics: tuple[ColumnStatistics, ...] = ()
    """Of a table's columns, in the order of the schema's fields. Always empty unless ``openness`` is unconditional."""
    views: tuple[View, ...] = ()
    """Pictures: those that the descriptor declares, then what its columns suggest. Always empty unless ``openness`` is
    unconditional."""
    totals: bytes = b""
    """Exact sums of a large table by its columns of few values, as JSON. Always empty unless ``openness`` is
    unconditional."""
    verdict: Verdict | None = None
    """None when unconditional."""
    sample: Sample | None = None
    """Of a conditional table with a schema; None for everything else."""


@dataclass(frozen=True, slots=True)
class Demand:
    """Data that somebody asked for, and what became of it. Of who asked nothing but a body's name is known."""

    id: str
    title: Text
    wanted: Text
    asked: str
    status: str
    """One of ``terms.DEMAND_STATUSES``."""
    purpose: Text = field(default_factory=Text)
    organization: Text = field(default_factory=Text)
    reply: Text = field(default_factory=Text)
    replied: str = ""
    agency: str = ""
    """Id of the agency that answers, if it has a page."""
    agency_name: Text = field(default_factory=Text)
    datasets: tuple[str, ...] = ()
    """Names of datasets of this catalogue."""
    url: str = ""
    demonstration: Text = field(default_factory=Text)


@dataclass(frozen=True, slots=True)
class Reuse:
    """What somebody made of the data."""

    id: str
    title: Text
    description: Text
    type: str
    """One of ``terms.REUSE_TYPES``."""
    url: str
    published: str
    datasets: tuple[str, ...]
    organization: Text = field(default_factory=Text)
    status: str = "active"
    reply: Text = field(default_factory=Text)
    replied: str = ""
    demonstration: Text = field(default_factory=Text)


@dataclass(frozen=True, slots=True)
class Dataset:
    name: str
    """Unique in the catalogue; the page is at ``dataset/<name>/``, the files under ``data/<name>/``."""
    title: Text
    description: Text
    openness: Badge
    """``mixed`` when the resources differ."""
    agency: Agency
    resources: tuple[Resource, ...]
    keywords: tuple[Text, ...] = ()
    theme: Concept | None = None
    industry: Concept | None = None
    update_cycle: Concept | None = None
    licenses: tuple[License, ...] = ()
    sources: tuple[Source, ...] = ()
    contributors: tuple[Contributor, ...] = ()
    contact: Contact = field(default_factory=Contact)
    homepage: str = ""
    version: str = ""
    created: str = ""
    """ISO 8601 date or date-time, as declared."""
    modified: str = ""
    """ISO 8601 date: declared, else of the last commit that touched the dataset, else empty."""
    languages: tuple[str, ...] = ()
    spatial: Spatial = field(default_factory=Spatial)
    temporal: Temporal = field(default_factory=Temporal)
    crs: str = ""
    catalogue_code: str = ""
    provincial_entry: str = ""
    source_department: Agency | None = None
    collection: Collection = field(default_factory=Collection)
    sharing: Sharing = field(default_factory=Sharing)
    access: Access | None = None
    """Terms of the dataset as a whole (conditional), or why it is closed. None when unconditional."""
    demonstration: Text = field(default_factory=Text)
    """For invented data: what was invented and by which script. Shown as a banner."""
    id: str = ""
    """A global identifier (DOI, …) that the descriptor states."""
    changes: tuple[Change, ...] = ()
    """Of this dataset's openness and of its resources, the newest first."""
    archive: Distribution | None = None
    """Its open files in one ZIP, with what it takes to understand them. None where nothing is open."""
    remarks: tuple[Remark, ...] = ()
    waivers: int = 0
    """How many places of sensitive content in what is open somebody has looked at and allows. Of what kind they are,
    where and by whom is not told."""
    due: Due = field(default_factory=lambda: Due("none"))
    """When the next update was promised, held against the day of the build."""
    demands: tuple[Demand, ...] = ()
    reuses: tuple[Reuse, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalog:
    portal: Portal
    datasets: tuple[Dataset, ...]
    """Sorted by ``name``."""
    agencies: tuple[Agency, ...]
    """Every agency that publishes or is a source department here, sorted by ``id``."""
    themes: tuple[Concept, ...]
    """The whole vocabulary, in its order."""
    industries: tuple[Concept, ...]
    update_cycles: tuple[Concept, ...]
    shared_terms: tuple[SharedTerms, ...] = ()
    """Those that some dataset here refers to, sorted by address."""
    changes: tuple[Change, ...] = ()
    """The catalogue's log, the newest first."""
    missing: tuple[Record, ...] = ()
    """What the last release had and this one has not, with nothing said of why: in error, or gone. Sorted by name."""
    demands: tuple[Demand, ...] = ()
    """The newest first."""
    reuses: tuple[Reuse, ...] = ()

    @property
    def tombstones(self) -> tuple[Change, ...]:
        """The last word on each name that is no dataset's any more, by name."""
        living = {dataset.name for dataset in self.datasets}
        last: dict[str, Change] = {}
        for change in self.changes:
            if not change.resource and change.what in ("withdrawn", "renamed", "restored"):
                last.setdefault(change.dataset, change)
        return tuple(last[name] for name in sorted(last) if name not in living and last[name].ends_dataset)

    @property
    def absent(self) -> frozenset[str]:
        """Names that were published, and whose pages tell why there are no data."""
        return frozenset((*(change.dataset for change in self.tombstones), *(record.name for record in self.missing)))
