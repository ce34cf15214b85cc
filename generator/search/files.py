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
from generator.search.index import ALL, END, FIRST_PHRASE, LENGTH, PHRASE, index
from generator.search.pinyin import told

SMALL = 1000
"""Up to so many documents the first file holds everything, and the script looks into each."""
RECORDS = 1_800
"""Bytes of documents in a file, before compression: results lie here and there, so that small files are fewer bytes."""
READINGS = 3_000
"""The same for readings."""


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
    made = orders(ordered)
    if len(ordered) <= small:
        head["documents"] = [_record(each) for each in ordered]
        head["readings"] = [_readings(each) for each in ordered]
    else:
        phrases = list(dict.fromkeys(word for group in synonyms for word in group if " " in word))
        shards = index(ordered, shard or _shard_size(len(ordered)), phrases)
        records, readings = [_json(_record(each)) for each in ordered], [_json(_readings(each)) for each in ordered]
        head |= {
            "firsts": shards.firsts,
            "together": {"d": _together(records, RECORDS), "r": _together(readings, READINGS)},
            "length": LENGTH,
            "all": ALL,
            "end": END,
            "phrases": {phrase: PHRASE + chr(FIRST_PHRASE + number) for number, phrase in enumerate(phrases)},
        }
        made |= {f"s{number}": content for number, content in enumerate(shards.shards)}
        for kind, rows in (("d", records), ("r", readings)):
            made |= _chunks(kind, rows, head["together"][kind])
    text = _json(head)
    made["start"] = len(text).to_bytes(4, "little") + text + columns
    contents = packed(made)
    digest = hashlib.sha256()
    for name, content in contents.items():
        digest.update(b"%s %d\n%s" % (name.encode(), len(content), content))
    folder = digest.hexdigest()[:10]
    return Files(f"{folder}/start.bin", {f"{folder}/{name}.bin": content for name, content in contents.items()})


def _together(rows: Sequence[bytes], size: int) -> int:
    """How many go into a file of about this size; few enough where authors write much."""
    return max(1, round(size * len(rows) / sum(map(len, rows))))


def _chunks(kind: str, rows: Sequence[bytes], together: int) -> dict[str, bytes]:
    parts = (rows[start : start + together] for start in range(0, len(rows), together))
    return {f"{kind}{number}": b"[%s]" % b",".join(part) for number, part in enumerate(parts)}


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
    return _ENCODER.encode(value).encode("utf-8", "backslashreplace")


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
