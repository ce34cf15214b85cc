"""Synthetic samples of tables that are not open: invented rows that fit the schema, so that code can be written early.

A step on the public side: public values in, public values out. What it is given holds nothing of any data file, so a
sample cannot tell anything of the data (decision 0016). Whether a row fits is decided by frictionless, which the caller
hands in: this room knows the schema, not the library.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from generator.public import Catalog, Dataset, Resource, Sample
from generator.samples.file import free_path, written
from generator.samples.judging import Judge
from generator.samples.rows import MARK, NoSample, Table, descriptor, fill, mark_column

__all__ = ["MARK", "Judge", "samples_of", "wants_samples", "with_samples"]


def wants_samples(dataset: Dataset) -> bool:
    """Whether it has conditional tables."""
    return any(map(_wants_one, dataset.resources))


def samples_of(dataset: Dataset, judge: Judge) -> Mapping[str, Sample]:
    """A sample for each conditional table, by name of the resource, or the reason why there is none."""
    wanted = [each for each in dataset.resources if _wants_one(each)]
    return _samples(dataset, wanted, judge) if wanted else {}


def with_samples(catalog: Catalog, samples: Mapping[str, Mapping[str, Sample]]) -> Catalog:
    """The catalogue with these samples, by name of the dataset."""

    def completed(dataset: Dataset) -> Dataset:
        made = samples.get(dataset.name, {})
        resources = tuple(replace(r, sample=made[r.name]) if r.name in made else r for r in dataset.resources)
        return replace(dataset, resources=resources) if made else dataset

    return replace(catalog, datasets=tuple(map(completed, catalog.datasets)))


def _wants_one(resource: Resource) -> bool:
    return resource.openness == "conditional" and resource.schema is not None and bool(resource.schema.fields)


def _samples(dataset: Dataset, resources: list[Resource], judge: Judge) -> Mapping[str, Sample]:
    """Tables that others refer to come first. What frictionless refuses after all is left out, and its keys with it."""
    failed: dict[str, Sample] = {}
    while True:
        tables: dict[str, Table] = {}
        for resource in _referred_first(resources):
            if resource.name in failed:
                continue
            try:
                tables[resource.name] = fill(dataset.name, resource, tables, judge)
            except NoSample as refused:
                failed[resource.name] = Sample(why_none=refused.why, field=refused.field)
        files = {name: _content(table) for name, table in tables.items()}
        refused_now = (
            judge.refused(
                {name: (descriptor(t.schema, t.foreign_keys, name), files[name]) for name, t in tables.items()}
            )
            if tables
            else ()
        )
        if not refused_now:
            break
        failed |= {name: Sample(why_none="schema") for name in refused_now}
    taken = {file.path.lower() for resource in dataset.resources for file in resource.distributions}
    made = dict(failed)
    for name, table in tables.items():
        path = free_path(dataset.name, name, taken)
        taken.add(path.lower())
        made[name] = Sample(path, _columns(table), _rows(table), files[name], table.foreign_keys)
    return made


def _columns(table: Table) -> tuple[str, ...]:
    return (mark_column(table.schema), *(field.name for field in table.schema.fields))


def _rows(table: Table) -> tuple[tuple[str, ...], ...]:
    return tuple((MARK, *row) for row in table.rows)


def _content(table: Table) -> bytes:
    return written(_columns(table), _rows(table))


def _referred_first(resources: list[Resource]) -> list[Resource]:
    """Each after the tables that its foreign keys lead to; of a circle, in the author's order."""
    ordered: list[Resource] = []
    waiting = list(resources)
    while waiting:
        names = {each.name for each in waiting}
        free = [each for each in waiting if not _targets(each) & names]
        ordered += free or waiting[:1]
        waiting = [each for each in waiting if each not in ordered]
    return ordered


def _targets(resource: Resource) -> set[str]:
    assert resource.schema is not None, "only tables with a schema get here"
    return {key.resource for key in resource.schema.foreign_keys} - {"", resource.name}
