"""The files of the search: one to begin with; for a large catalogue also shards, documents and orders."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generator.search.binary import packed
from generator.search.columns import facets, in_order, orders
from generator.search.document import Document, Value
from generator.search.index import ALL, END, LENGTH, index
from generator.search.pinyin import told

SMALL = 1000
"""Up to so many documents the first file holds everything, and the script looks into each."""
TOGETHER = 4
"""Documents in a file."""
READ_TOGETHER = 24
"""Readings in a file."""


@dataclass(frozen=True, slots=True)
class Files:
    start: str
    """Path of the first one."""
    contents: Mapping[str, bytes]
    """By path, below a folder whose name changes with any of them."""


def files(
    documents: Iterable[Document],
    values: Mapping[str, Sequence[Value]],
    synonyms: Sequence[Sequence[str]],
    *,
    small: int = SMALL,
    shard: int | None = None,
) -> Files:
    """``shard``: bytes of a shard before compression, if not what suits the number of documents."""
    ordered = in_order(list(documents))
    described, columns = facets(ordered, values)
    head: dict[str, Any] = {"count": len(ordered), "facets": described, "synonyms": [list(each) for each in synonyms]}
    made = {name: packed(content) for name, content in orders(ordered).items()}
    if len(ordered) <= small:
        head["documents"] = [_record(each) for each in ordered]
        head["readings"] = [_readings(each) for each in ordered]
    else:
        shards = index(ordered, shard or _shard_size(len(ordered)))
        head |= {
            "firsts": shards.firsts,
            "together": {"d": TOGETHER, "r": READ_TOGETHER},
            "length": LENGTH,
            "all": ALL,
            "end": END,
        }
        made |= {f"s{number}": content for number, content in enumerate(shards.shards)}
        for number, start in enumerate(range(0, len(ordered), TOGETHER)):
            some = ordered[start : start + TOGETHER]
            made[f"d{number}"] = packed(_json([_record(each) for each in some]))
        for number, start in enumerate(range(0, len(ordered), READ_TOGETHER)):
            some = ordered[start : start + READ_TOGETHER]
            made[f"r{number}"] = packed(_json([_readings(each) for each in some]))
    text = _json(head)
    made["start"] = packed(len(text).to_bytes(4, "little") + text + columns)
    digest = hashlib.sha256()
    for name, content in made.items():
        digest.update(b"%s %d\n%s" % (name.encode(), len(content), content))
    folder = digest.hexdigest()[:10]
    return Files(f"{folder}/start.bin", {f"{folder}/{name}.bin": content for name, content in made.items()})


def _shard_size(count: int) -> int:
    """Larger shards for more documents, lest the list of them grow too long: it is read at the start."""
    return 8_000 if count <= 20_000 else 32_000


def _record(each: Document) -> list[Any]:
    """As the script takes it apart."""
    return [
        each.name, dict(each.titles), dict(each.descriptions), each.keywords, each.fields,
        each.modified[:10], each.bytes, int(each.demonstration) + 2 * int(each.overdue),
    ]  # fmt: skip


def _readings(each: Document) -> list[str]:
    return [told(text) for text in (*each.titles.values(), *each.keywords)]


def _json(value: Any) -> bytes:
    # What UTF-8 cannot hold, half a pair of surrogates, becomes an escape of JSON.
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace")
