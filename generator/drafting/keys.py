"""Which columns tell one row from another, and which refer to another table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import combinations

from generator.drafting.columns import Column

_NEVER = re.compile(r"备注|说明|描述|简介|地址|电话|内容|网址|经度|纬度|^序号$")
_KEY_TYPES = frozenset(("string", "date", "datetime", "year", "yearmonth", "integer"))
_TRIED = 6
_MOST = 4


def primary_key(columns: Sequence[Column]) -> tuple[int, ...]:
    """Positions of as few columns as possible whose values are never all the same; empty where there are none."""
    if not columns or not columns[0].cells:
        return ()
    able = [i for i, column in enumerate(columns) if _is_able(column)]
    alone = [i for i in able if len(set(columns[i].cells)) == len(columns[i].cells)]
    if alone:
        return (min(alone, key=lambda i: (not columns[i].is_code, i)),)
    tried = able[:_TRIED]
    for size in range(2, _MOST + 1):
        for several in combinations(tried, size):
            rows = list(zip(*(columns[i].cells for i in several), strict=True))
            if len(set(rows)) == len(rows):
                return several
    running = [
        i for i, c in enumerate(columns) if c.title == "序号" and len(set(c.cells)) == len(c.cells) == len(c.present)
    ]
    return tuple(running[:1])


def _is_able(column: Column) -> bool:
    if column.type not in _KEY_TYPES or _NEVER.search(column.title) or len(column.present) < len(column.cells):
        return False
    if (
        column.is_damaged
        or (column.type == "integer" and not re.search(r"(年|年份|年度|月|月份|级|层|码|号|id)$", column.title))
        or column.unit
    ):
        return False
    return all(len(cell) <= 100 for cell in column.cells[:1000])


def references(
    columns: Sequence[Column], others: Mapping[str, tuple[Sequence[Column], tuple[int, ...]]]
) -> list[tuple[int, str, int]]:
    """Columns all of whose values stand in the key of another table that has the same title: column, table, column."""
    found = []
    for i, column in enumerate(columns):
        if column.type != "string":
            continue
        for name, (theirs, key) in others.items():
            if len(key) == 1 and theirs[key[0]].title == column.title and theirs[key[0]].type == "string":
                known = set(theirs[key[0]].cells)
                if len(known) > 1 and set(column.present) <= known and column.present:
                    found.append((i, name, key[0]))
                    break
    return found
