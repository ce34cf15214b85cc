"""What the gate for open data costs: a table judged with a watch and without, in turn.

    python -m bench.disclosure [--rows 1000000] [--rounds 3] [--threads 2] [--only NAME …]

Each run is a process of its own; seconds are of the pass alone. Prints Markdown: medians of wall and processor time,
and how much more of them the watch takes. ``made`` also makes Parquet, CSV and statistics, as a build does.
"""

from __future__ import annotations

import argparse
import datetime
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.table_shapes import SHAPES, Shape, write_table

WAYS = ("judged", "judged, watched", "made", "made, watched")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", nargs="*", default=["mixed", "floats", "latin", "chinese"], choices=SHAPES)
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        shape, path, way = options.one
        print(*_run(SHAPES[shape], Path(path), way, options.threads))
        return
    print("| table | way | wall s | cpu s | watched: wall | cpu |\n| --- | --- | --- | --- | --- | --- |")
    for name in options.only:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "table.csv"
            write_table(SHAPES[name], path, options.rows)
            _compare(name, path, options)


def _compare(name: str, path: Path, options: argparse.Namespace) -> None:
    spent: dict[str, list[tuple[float, float]]] = {way: [] for way in WAYS}
    for _ in range(options.rounds):
        for way in WAYS:
            command = [sys.executable, "-m", "bench.disclosure", "--threads", str(options.threads)]
            told = subprocess.run([*command, "--one", name, str(path), way], check=True, capture_output=True, text=True)
            wall, cpu = map(float, told.stdout.split())
            spent[way].append((wall, cpu))
    medians = {way: [statistics.median(part) for part in zip(*runs, strict=True)] for way, runs in spent.items()}
    for way in WAYS:
        wall, cpu = medians[way]
        more = ["", ""]
        if "watched" in way:
            before = medians[way.removesuffix(", watched")]
            more = [f"{now / old - 1:+.0%}" for now, old in zip((wall, cpu), before, strict=True)]
        print(f"| {name} | {way} | {wall:.2f} | {cpu:.2f} | {more[0]} | {more[1]} |", flush=True)


def _run(shape: Shape, path: Path, way: str, threads: int) -> tuple[float, float]:
    from bench.tables import _resource
    from generator.disclosure.watch import Asked, TableWatch
    from generator.tables import conversion_to
    from generator.tables.looking import Looking
    from generator.tables.validate import judge_table
    from generator.tables.watching import Watched
    from generator.text import Text

    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        sink: Any = Looking()
        if "made" in way:
            text = lambda values, key: Text(str(values.get(key, "")))  # noqa: E731  as short as it is
            sink = conversion_to(Path(folder), stem="table", text=text)
        watch = TableWatch(Asked(datetime.date(2026, 6, 30)))
        resource = _resource(shape, path)
        wall, cpu = time.perf_counter(), time.process_time()
        judge_table(resource, Watched(sink, watch) if "watched" in way else sink, threads=threads, hashes=())
        spent = time.perf_counter() - wall, time.process_time() - cpu
        assert watch.is_whole or "watched" not in way
        assert not watch.sightings(), "nothing is to be found"
        return spent


if __name__ == "__main__":
    main()
