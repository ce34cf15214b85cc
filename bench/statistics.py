"""What the statistics of a table cost: CPU time for pieces that are ready in memory.

    python -m bench.statistics [--rows 5000000] [--piece 30000] [--decimals]

Numbers come as doubles, or with ``--decimals`` as exact decimals. Some pieces are made at a time, so that memory stays
small whatever the number of rows.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from itertools import islice
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa

from generator.tables.statistics import TableStatistics

DISTRICTS = np.array(["蓬江", "江海", "新会", "台山", "开平", "鹤山", "恩平"])
NAMES = "id code name district lng lat amount opened checked_at is_open visits address".split()


def piece(start: int, rows: int, *, decimals: bool) -> list[tuple[pa.Array, pa.Array | None]]:
    """Texts and values of the columns."""
    r = np.random.default_rng(start)
    number = np.arange(start, start + rows)
    district = DISTRICTS[r.integers(0, 7, rows)]
    seconds = r.integers(0, 800_000_000, rows) + 946_684_800
    visits = pa.array(r.integers(0, 5000, rows), mask=r.integers(0, 2, rows) == 0)
    values: list[pa.Array | None] = [
        pa.array(number),
        None,
        None,
        None,
        pa.array(r.uniform(112, 113, rows).round(6)),
        pa.array(r.uniform(22, 23, rows).round(6)),
        pa.array(r.uniform(0, 9999, rows).round(2)),
        pa.array(seconds // 86400, pa.int32()).cast(pa.date32()),
        pa.array(seconds * 1_000_000).cast(pa.timestamp("us")),
        pa.array(r.integers(0, 2, rows) == 0),
        visits,
        None,
    ]
    if decimals:
        values[4:7] = [
            values[4].cast(pa.decimal128(9, 6)),
            values[5].cast(pa.decimal128(8, 6)),
            values[6].cast(pa.decimal128(6, 2)),
        ]  # type: ignore[union-attr]
    texts: list[Any] = [None] * 12
    texts[1] = pa.array([f"{'ABCDEFGH'[i % 8]}K-{i % 1_000_000:06}" for i in number.tolist()])
    texts[2] = pa.array([f"Stop {i}" for i in number.tolist()])
    texts[3] = pa.array(district.tolist())
    texts[11] = pa.array([f"{d}区, 建设路 {i} 号" for d, i in zip(district, r.integers(0, 900, rows), strict=True)])
    texts = [value.cast(pa.string()) if text is None else text for text, value in zip(texts, values, strict=True)]
    return list(zip(texts, values, strict=True))


def pieces(rows: int, size: int, *, decimals: bool) -> Iterator[list[tuple[pa.Array, pa.Array | None]]]:
    for start in range(0, rows, size):
        yield piece(start, min(size, rows - start), decimals=decimals)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--piece", type=int, default=30_000)
    parser.add_argument("--decimals", action="store_true")
    arguments = parser.parse_args()
    statistics = TableStatistics([SimpleNamespace(name=name, constraints={}) for name in NAMES])
    spent = [0.0] * len(NAMES)
    made = pieces(arguments.rows, arguments.piece, decimals=arguments.decimals)
    while ready := list(islice(made, 25)):
        for each in ready:
            for i, (text, values) in enumerate(each):
                start = time.process_time()
                statistics.columns[i].add(text, values)
                spent[i] += time.process_time() - start
    for i, column in enumerate(statistics.columns):
        start = time.process_time()
        found = column.result()
        end = time.process_time() - start
        said = f"{found.distinct:,}{'' if not found.distinct_error else ' ±'}"
        print(
            f"{found.name:12}{spent[i] / arguments.rows * 1e9:8.1f} ns a value, {end * 1000:6.1f} ms at the end, {said:>12} distinct"
        )
        spent[i] += end
    print(
        f"{arguments.rows:,} rows x {len(NAMES)} columns: {sum(spent):.2f} s, {sum(spent) / arguments.rows / len(NAMES) * 1e9:.1f} ns a value"
    )


if __name__ == "__main__":
    main()
