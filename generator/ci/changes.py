"""What ``kaishu diff`` finds, as far as a report has room for it. Values are of data that are open on both sides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from generator.ci.record import MAX_EXAMPLES, Became, Changed, Example


def to_changed(found: Any) -> tuple[Changed, ...]:
    """``found``: ``differences.Differences``. The order stays: the greatest loss first."""
    return tuple(changed for dataset in found.datasets for changed in _of_dataset(dataset))


def _of_dataset(dataset: Any) -> Iterator[Changed]:
    if dataset.state != "changed" or dataset.properties:
        yield Changed(dataset.folder, "", dataset.state, properties=_properties(dataset.properties))
    for resource in dataset.resources:
        rows = resource.rows
        counts = {key: getattr(rows, key) for key in ("before", "after", "added", "removed", "changed")} if rows else {}
        yield Changed(
            dataset.folder,
            resource.name,
            resource.state,
            **counts,
            breaking=tuple(change for change in resource.schema if change.breaking),
            properties=_properties(resource.properties),
            examples=tuple(_example(sample) for sample in _some_of_each(rows.samples)) if rows else (),
        )


def _properties(changes: Any) -> tuple[Became, ...]:
    """What is lost, then what breaks, then the others."""
    ordered = sorted(changes, key=lambda change: (not change.loss, not change.breaking))
    return tuple(Became(change.property, change.before, change.after) for change in ordered)


def _some_of_each(samples: Sequence[Any]) -> list[Any]:
    """As many as there is room for, of each kind as many; in the order that they have."""
    by_kind = {state: [sample for sample in samples if sample.state == state] for state in _KINDS}
    taken = [one for turn in zip_longest(*by_kind.values()) for one in turn if one is not None][:MAX_EXAMPLES]
    return [sample for sample in samples if sample in taken]


_KINDS = ("changed", "removed", "added")


def _example(sample: Any) -> Example:
    return Example(
        sample.state, sample.key, tuple(Became(c.field, c.before or "", c.after or "") for c in sample.cells)
    )
