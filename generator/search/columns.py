"""What is known of every document at once: facets, and the orders that lists can have."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from generator.search.binary import Numbers
from generator.search.document import FACETS, Document, Value
from generator.search.pinyin import order_key, told


def in_order(documents: Sequence[Document]) -> list[Document]:
    """Newest year first, then those together that are alike: so facets take a third of the bytes, and what a word finds
    lies in few files."""
    alike = ("agency", "theme", "openness", "licence", "format", "cycle")
    ordered = sorted(
        documents, key=lambda each: (*(each.facets[facet] for facet in alike), each.title("zh"), each.name)
    )
    return sorted(ordered, key=lambda each: each.facets["year"], reverse=True)


def facets(
    documents: Sequence[Document], values: Mapping[str, Sequence[Value]]
) -> tuple[dict[str, dict[str, Any]], bytes]:
    """For each facet its values and the sets of them that documents have; then, as bytes, each document's set."""
    described, columns = {}, []
    for facet in FACETS:
        positions = {value.id: number for number, value in enumerate(values[facet])}
        sets: dict[tuple[int, ...], int] = {}
        column = []
        for document in documents:
            held = tuple(positions[id_] for id_ in document.facets[facet] if id_ in positions)
            column.append(sets.setdefault(held, len(sets)))
        described[facet] = {
            "values": [_value(value, facet) for value in values[facet]],
            "sets": [list(held) for held in sets],
            "bytes": 1 if len(sets) <= 256 else 2,
        }
        columns.append(planes(np.array(column, np.uint32), 1 if len(sets) <= 256 else 2))
    return described, b"".join(columns)


SEARCHED = ("theme", "agency")
"""Facets whose labels are searched too."""


def _value(value: Value, facet: str) -> dict[str, Any]:
    found: dict[str, Any] = {"id": value.id, "label": dict(value.labels)}
    if facet in SEARCHED:
        found["other"] = list(value.others)
        found["read"] = [told(each) for each in (*value.labels.values(), *value.others)]
    return found


def planes(numbers: Numbers, width: int) -> bytes:
    """The lowest byte of each number, then the next byte of each: alike bytes stand together."""
    return b"".join(
        (numbers >> np.uint32(8 * byte) & np.uint32(255)).astype(np.uint8).tobytes() for byte in range(width)
    )


def orders(documents: Sequence[Document]) -> dict[str, bytes]:
    """The place of each document, three bytes wide, when sorted by title in either language, by date or by size."""
    days = [_day(each.modified) for each in documents]
    return {
        "title-zh": _ranks([order_key(each.title("zh")) for each in documents]),
        "title-en": _ranks([each.title("en").casefold() for each in documents]),
        "modified": planes(np.array(days, np.uint32).max(initial=0) - np.array(days, np.uint32), 3),
        "size": _ranks([-each.bytes for each in documents]),
    }


def _day(modified: str) -> int:
    try:
        return datetime.date.fromisoformat(modified[:10]).toordinal()
    except ValueError:
        return 0


def _ranks(keys: list[Any]) -> bytes:
    """Equal keys have the same rank."""
    ranks = np.zeros(len(keys), np.uint32)
    rank, before = -1, None
    for number in sorted(range(len(keys)), key=keys.__getitem__):
        if keys[number] != before:
            rank, before = rank + 1, keys[number]
        ranks[number] = rank
    return planes(ranks, 3)
