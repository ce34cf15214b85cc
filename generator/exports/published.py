"""What of a resource may be told: of a conditional one its columns, of a closed one that it exists.

``publicise`` has seen to it already. It is asked once more here, since these files are what machines copy.
"""

from __future__ import annotations

from generator.public import ColumnStatistics, Dataset, Distribution, Field, Resource


def files_of(resource: Resource) -> tuple[Distribution, ...]:
    return resource.distributions if resource.openness == "unconditional" else ()


def fields_of(resource: Resource) -> tuple[Field, ...]:
    return resource.schema.fields if resource.schema and resource.openness != "closed" else ()


def statistics_of(resource: Resource) -> tuple[ColumnStatistics, ...]:
    return resource.statistics if resource.openness == "unconditional" else ()


def files(dataset: Dataset) -> list[Distribution]:
    return [file for resource in dataset.resources for file in files_of(resource)]


def fields(dataset: Dataset) -> list[Field]:
    return [field for resource in dataset.resources for field in fields_of(resource)]
