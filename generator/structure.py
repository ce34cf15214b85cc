"""The structure of a table as it may be published: values of ``public``, of which a check makes some as well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from generator.schema import CONSTRAINTS, FIELD_PROPERTIES
from generator.text import Text

Plain = str | int | float | bool | None | Sequence["Plain"] | Mapping[str, "Plain"]
"""What JSON has."""
Aggregate = Literal["", "sum", "mean", "min", "max", "count"]
"""How the values of several rows become one; "" where each is a row's own."""


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    type: str
    """Table Schema type of the published file's column."""
    title: Text = field(default_factory=Text)
    description: Text = field(default_factory=Text)
    unit: str = ""
    format: str = ""
    constraints: Mapping[str, Plain] = field(default_factory=dict)
    """Constraints of the Table Schema standard only, as declared."""
    aggregation: Aggregate = ""
    """How its values are put together, as declared: whether they may be added up."""
    arrow_type: str = ""
    """The column's type in the Parquet file, as Arrow prints it; empty where there is no file."""
    properties: Mapping[str, Plain] = field(default_factory=dict)
    """The standard's other allow-listed properties (trueValues, groupChar, missingValues, rdfType, …)."""

    def __post_init__(self) -> None:
        """The only mappings among public values hold nothing that is not on the list, whoever makes them."""
        for values, listed in ((self.constraints, CONSTRAINTS), (self.properties, FIELD_PROPERTIES)):
            if unlisted := values.keys() - set(listed):
                raise ValueError(f"not among what may be published of a field: {sorted(unlisted)}")

    def listed(self, name: str, usual: Sequence[Plain]) -> Sequence[Plain]:
        """A property that is a list; ``usual`` where the field states none."""
        value = self.properties.get(name, usual)
        return value if isinstance(value, Sequence) else usual


@dataclass(frozen=True, slots=True)
class ForeignKey:
    fields: tuple[str, ...]
    resource: str
    """Name of the referenced resource; empty for the table itself."""
    reference_fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Schema:
    fields: tuple[Field, ...] = ()
    primary_key: tuple[str, ...] = ()
    unique_keys: tuple[tuple[str, ...], ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    missing_values: tuple[str, ...] = ("",)
