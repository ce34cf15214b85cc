"""Generated tables for the benchmarks: the same bytes from the same number of rows.

Made column by column and joined by Arrow, a hundred thousand rows at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

BATCH = 100_000

Random = np.random.Generator
Columns = list[pa.Array]
"""Of texts as they stand in the file, quotes included."""

_DISTRICTS = ["蓬江", "江海", "新会", "台山", "开平", "鹤山", "恩平"]
_CHINESE = "江门市蓬海新会台山开平鹤恩公共数据资源目录交通教育卫生环境统计局站点路段名称编号地址"
_LATIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Shape:
    fields: list[dict[str, Any]]
    make: Callable[[Random, int, int], Columns]
    """Given the number of the first row and how many there are to be."""
    primary_key: str = ""

    @property
    def schema(self) -> dict[str, Any]:
        return {"fields": self.fields} | ({"primaryKey": [self.primary_key]} if self.primary_key else {})


def write_table(shape: Shape, path: Path, rows: int) -> None:
    random = np.random.default_rng(1)
    with path.open("wb") as file:
        file.write((",".join(field["name"] for field in shape.fields) + "\n").encode())
        for start in range(0, rows, BATCH):
            columns = shape.make(random, start, min(BATCH, rows - start))
            lines = pc.binary_join_element_wise(*columns, ",")
            ended = pc.binary_join_element_wise(lines, "", "\n")
            file.write(ended.buffers()[2])


def _text(values: Any) -> pa.Array:
    return pa.array(values).cast(pa.string())


def _fixed(values: Any, digits: int) -> pa.Array:
    """Decimals with so many digits after the point."""
    whole = np.round(np.asarray(values) * 10**digits).astype(np.int64)
    above, below = np.divmod(np.abs(whole), 10**digits)
    sign = pc.if_else(pa.array(whole < 0), "-", "")
    return pc.binary_join_element_wise(sign, pc.binary_join_element_wise(_text(above), _padded(below, digits), "."), "")


def _padded(values: Any, digits: int) -> pa.Array:
    return pc.utf8_lpad(_text(np.asarray(values)), width=digits, padding="0")


def _quoted(text: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise('"', text, '"', "")


def _chosen(random: Random, words: list[str], count: int) -> pa.Array:
    return pa.array(words).take(pa.array(random.integers(0, len(words), count)))


def _moments(random: Random, count: int) -> pa.Array:
    return pa.array(946_684_800 + random.integers(0, 800_000_000, count), pa.int64()).cast(pa.timestamp("s"))


def _mixed(random: Random, start: int, count: int) -> Columns:
    numbers = np.arange(start, start + count)
    moments = _moments(random, count)
    districts = _chosen(random, _DISTRICTS, count)
    letters = pa.array(list("ABCDEFGH")).take(pa.array(numbers % 8))
    visits = _text(random.integers(0, 5000, count))
    lots = _text(random.integers(0, 900, count))
    return [
        _text(numbers),
        pc.binary_join_element_wise(letters, "K-", _padded(numbers % 1_000_000, 6), ""),
        pc.binary_join_element_wise("Stop ", _text(numbers), ""),
        districts,
        _fixed(random.uniform(112, 113, count), 6),
        _fixed(random.uniform(22, 23, count), 6),
        _fixed(random.uniform(0, 9999, count), 2),
        moments.cast(pa.date32()).cast(pa.string()),
        pc.strftime(moments, "%Y-%m-%d %H:%M:%S"),
        _chosen(random, ["true", "false"], count),
        pc.if_else(pa.array(random.random(count) < 0.5), "", visits),
        pc.binary_join_element_wise('"', districts, "区, 建设路 ", lots, ' 号"', ""),
    ]


MIXED = Shape(
    [
        {"name": "id", "type": "integer", "constraints": {"required": True}},
        {"name": "code", "type": "string", "constraints": {"pattern": "[A-Z]{2}-[0-9]{6}"}},
        {"name": "name", "type": "string", "constraints": {"minLength": 1, "maxLength": 40}},
        {"name": "district", "type": "string", "constraints": {"enum": _DISTRICTS}},
        {"name": "lng", "type": "number", "constraints": {"minimum": -180, "maximum": 180}},
        {"name": "lat", "type": "number", "constraints": {"minimum": -90, "maximum": 90}},
        {"name": "amount", "type": "number"},
        {"name": "opened", "type": "date"},
        {"name": "checked_at", "type": "datetime"},
        {"name": "is_open", "type": "boolean"},
        {"name": "visits", "type": "integer", "constraints": {"minimum": 0}},
        {"name": "address", "type": "string"},
    ],
    _mixed,
    primary_key="id",
)


def _dirty(random: Random, start: int, count: int) -> Columns:
    """One cell in a hundred is wrong, in every column where a cell can be."""
    columns = _mixed(random, start, count)
    wrong = {0: "?", 1: "ak-1", 3: "珠海", 4: "n/a", 5: "1,5", 6: "12元", 7: "2024/1/5", 8: "昨天", 9: "是", 10: "-1"}
    for number, text in wrong.items():
        bad = pa.array(random.random(count) < 0.01 * len(columns) / len(wrong))
        columns[number] = pc.if_else(bad, f'"{text}"' if "," in text else text, columns[number])
    return columns


def _dates(random: Random, start: int, count: int) -> Columns:
    return [_moments(random, count).cast(pa.date32()).cast(pa.string()) for _ in range(8)]


def _floats(random: Random, start: int, count: int) -> Columns:
    return [_fixed(random.normal(0, 1000, count), 4) for _ in range(30)]


def _words(random: Random, letters: str, count: int) -> pa.Array:
    """Texts of 4 to 23 letters, all of which have the same number of bytes."""
    lengths = random.integers(4, 24, count)
    ends = np.concatenate(([0], np.cumsum(lengths)))
    table = np.array([list(letter.encode()) for letter in letters], np.uint8)
    data = table[random.integers(0, len(table), ends[-1])]
    offsets = (ends * table.shape[1]).astype(np.int32)
    return pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(data)))


def _latin_texts(random: Random, start: int, count: int) -> Columns:
    return [_words(random, _LATIN, count) for _ in range(10)]


def _chinese_texts(random: Random, start: int, count: int) -> Columns:
    return [_words(random, _CHINESE, count) for _ in range(10)]


def _same(kind: str, count: int) -> list[dict[str, Any]]:
    return [{"name": f"c{number}", "type": kind} for number in range(count)]


SHAPES: dict[str, Shape] = {
    "mixed": MIXED,
    "dirty": Shape(MIXED.fields, _dirty),
    "dates": Shape(_same("date", 8), _dates),
    "floats": Shape(_same("number", 30), _floats),
    "latin": Shape(_same("string", 10), _latin_texts),
    "chinese": Shape(_same("string", 10), _chinese_texts),
}


def batches(shape: Shape, rows: int) -> Iterator[Columns]:
    """The columns without a file."""
    random = np.random.default_rng(1)
    for start in range(0, rows, BATCH):
        yield shape.make(random, start, min(BATCH, rows - start))
