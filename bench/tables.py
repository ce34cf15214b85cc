"""Tables: judged as frictionless does, converted while DuckDB only converts; on generated tables, in turn.

    python -m bench.tables [--rows 5000000] [--rounds 3] [--threads 2] [--only NAME …]
    python -m bench.tables --packages FOLDER

Each run is a process of its own; seconds are of the work alone, without imports and without the making of the table.
Frictionless is given a part of the large tables (``--part``) and its seconds are multiplied: it takes the same time
for each row. Prints Markdown: medians, peak memory and ratios. DuckDB is compared with where it is installed
(``pip install duckdb``). With ``--packages`` says of every table below a folder which way it takes, and why.
"""

from __future__ import annotations

import argparse
import datetime
import importlib
import importlib.util
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.table_shapes import SHAPES, Shape, write_table

Done = tuple[float, float]
"""Seconds, and MB at most."""


# ---- what is measured, each in a process of its own


def frictionless(shape: Shape, path: Path, options: dict[str, Any]) -> None:
    _resource(shape, path).validate(limit_errors=options["limit"])


def ours(shape: Shape, path: Path, options: dict[str, Any]) -> None:
    from generator.tables import validate

    hashes = tuple(options["hashes"])
    validate(_resource(shape, path), limit_errors=options["limit"], threads=options["threads"], hashes=hashes)


def everything(shape: Shape, path: Path, options: dict[str, Any]) -> None:
    """Judge, and make Parquet, CSV and statistics. As in a build, a canonical source is the CSV itself."""
    from generator.tables import conversion_to
    from generator.tables.validate import judge_table
    from generator.text import Text

    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        conversion = conversion_to(
            Path(folder),
            stem="table",
            text=lambda values, key: Text(str(values.get(key, ""))),
            hands_on=not options["copied"],
        )
        judge_table(_resource(shape, path), conversion, threads=options["threads"], hashes=tuple(options["hashes"]))
        assert conversion.made, "the table was to be valid, and to be judged in Arrow"


def duckdb(shape: Shape, path: Path, options: dict[str, Any]) -> None:
    """Nothing but the conversion: ``COPY … TO parquet``."""
    module: Any = importlib.import_module("duckdb")
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        connection = module.connect()
        connection.execute(f"SET threads = {options['threads']}")
        target = Path(folder) / "table.parquet"
        connection.execute(f"COPY (SELECT * FROM read_csv('{path}')) TO '{target}' (FORMAT parquet)")


def parsing(shape: Shape, path: Path, options: dict[str, Any]) -> None:
    """The floor: Arrow reads the table as texts and forgets them."""
    import pyarrow as pa
    from pyarrow import csv

    pa.set_cpu_count(options["threads"])
    names = [field["name"] for field in shape.fields]
    with csv.open_csv(
        path,
        csv.ReadOptions(block_size=4 << 20),
        csv.ParseOptions(newlines_in_values=True),
        csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
    ) as reader:
        for _ in reader:
            pass


JOBS: dict[str, Callable[[Shape, Path, dict[str, Any]], None]] = {
    job.__name__: job for job in (frictionless, ours, everything, duckdb, parsing)
}


def _resource(shape: Shape, path: Path) -> Any:
    from frictionless import Resource

    descriptor = {"name": "table", "path": path.name, "schema": shape.schema, "encoding": "utf-8"}
    return Resource.from_descriptor(descriptor, basepath=str(path.parent))


def run_one(job: str, shape: str, path: str, options: dict[str, Any]) -> None:
    """In this process. Imports, which a build pays once, come before."""
    for module in ("generator.tables", "frictionless", "generator.tables.proof", "generator.tables.conversion"):
        importlib.import_module(module)
    import pyarrow as pa

    pa.scalar(1)  # Arrow imports pandas here, where that is installed; the program does not need it
    start = time.perf_counter()
    JOBS[job](SHAPES[shape], Path(path), options)
    seconds = time.perf_counter() - start
    print(json.dumps([seconds, _most_memory()]))


def _most_memory() -> float:
    """Of this process, in MB. (``ru_maxrss`` begins with what the parent had.)"""
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM:")).split()[1]) / 1024


# ---- in turn


@dataclass(frozen=True, slots=True)
class Run:
    label: str
    job: str
    path: Path
    shape: str
    threads: int
    hashes: Sequence[str] = ()
    limit: int = 1000
    copied: bool = False
    """The CSV is a file of its own also where it has the bytes of the source."""
    times: float = 1
    """The table of this run has so many times fewer rows."""

    def once(self) -> Done:
        options = json.dumps(
            {"threads": self.threads, "hashes": self.hashes, "limit": self.limit, "copied": self.copied}
        )
        command = [sys.executable, "-m", "bench.tables", "--one", self.job, self.shape, str(self.path), options]
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ)
        seconds, mb = json.loads(done.stdout)
        return seconds * self.times, mb


def in_turn(runs: Sequence[Run], rounds: int) -> list[Done]:
    """Medians of seconds, and the most memory. Who goes first changes."""
    found: list[list[Done]] = [[] for _ in runs]
    for number in range(rounds):
        for place in range(len(runs)):
            at = (place + number) % len(runs)
            found[at].append(runs[at].once())
    return [(statistics.median(s for s, _ in done), max(mb for _, mb in done)) for done in found]


def tell(title: str, runs: Sequence[Run], rounds: int, *, against: int = 0, faster: bool = True) -> None:
    """``faster``: how many times as fast as the run ``against`` which the others are held; else the ratio of seconds."""
    done = in_turn(runs, rounds)
    print(
        f"\n{title}\n\n| | seconds | MB | {'times as fast' if faster else 'ratio of seconds'} |\n| --- | ---: | ---: | ---: |"
    )
    for run, (seconds, mb) in zip(runs, done, strict=True):
        ratio = done[against][0] / seconds if faster else seconds / done[against][0]
        print(f"| {run.label} | {seconds:.2f} | {mb:.0f} | {ratio:.2f} |", flush=True)


class Bench:
    def __init__(self, folder: Path, rows: int, rounds: int, threads: int, part: int) -> None:
        self.folder, self.rows, self.rounds, self.threads, self.part = folder, rows, rounds, threads, part

    def table(self, shape: str, rows: int) -> Path:
        path = self.folder / f"{shape}-{rows}.csv"
        if not path.exists():
            write_table(SHAPES[shape], path, rows)
        return path

    def _ours(self, label: str, shape: str, rows: int, **more: Any) -> Run:
        return Run(label, "ours", self.table(shape, rows), shape, self.threads, **more)

    def _theirs(self, shape: str, rows: int, *, part: int = 1, limit: int = 1000) -> Run:
        path = self.table(shape, rows // part)
        return Run("frictionless", "frictionless", path, shape, 1, limit=limit, times=part)

    def valid(self, shape: str) -> None:
        runs = [
            self._theirs(shape, self.rows, part=self.part),
            self._ours("ours, no hashes", shape, self.rows),
            self._ours("ours, sha256", shape, self.rows, hashes=["sha256"]),
        ]
        size = runs[1].path.stat().st_size / 1e6
        width = len(SHAPES[shape].fields)
        title = f"**{shape}**: {self.rows:,} rows x {width} columns, {size:.0f} MB, {self.threads} threads"
        tell(title, runs, self.rounds)

    def dirty(self) -> None:
        rows = self.rows // 5
        runs = [self._theirs("dirty", rows, limit=0), self._ours("ours", "dirty", rows, limit=0)]
        tell(f"**1 % of the cells wrong**, no limit of errors: {rows:,} rows", runs, self.rounds)
        runs = [self._theirs("dirty", rows), self._ours("ours", "dirty", rows)]
        tell(f"**1 % of the cells wrong**, 1,000 errors at most: {rows:,} rows", runs, self.rounds)

    def converted(self) -> None:
        path = self.table("mixed", self.rows)
        runs = [
            Run("DuckDB, COPY to Parquet", "duckdb", path, "mixed", self.threads),
            Run("ours: judged, Parquet, CSV, statistics", "everything", path, "mixed", self.threads),
            Run("the same, CSV copied", "everything", path, "mixed", self.threads, copied=True),
            Run("the same, sha256", "everything", path, "mixed", self.threads, ["sha256"]),
            Run("Arrow, parsing alone", "parsing", path, "mixed", self.threads),
        ]
        if not importlib.util.find_spec("duckdb"):
            print("\nDuckDB is not installed: left out.")
            runs = runs[1:]
        tell(f"**everything**: {self.rows:,} rows x 12 columns", runs, self.rounds, faster=False)

    def memory(self) -> None:
        runs = []
        for rows in (self.rows, self.rows * 10):
            path = self.table("mixed", rows)
            runs += [
                Run(f"{rows:,} rows: judged", "ours", path, "mixed", self.threads),
                Run(f"{rows:,} rows: everything", "everything", path, "mixed", self.threads),
            ]
        tell("**memory**", runs, 1, faster=False)
        self.table("mixed", self.rows * 10).unlink()


def tell_ways(folder: Path) -> None:
    """How each table is judged, whatever its size."""
    import frictionless

    from generator.tables.proof import REASONS, NotProved, accept

    warnings.simplefilter("ignore")
    for path in sorted(folder.rglob("datapackage.*")):
        try:
            package = frictionless.Package(str(path))
        except frictionless.FrictionlessException:
            continue
        for table in package.resources:
            if not table.tabular:
                continue
            try:
                accept(table, threads=None, hashes=())
                reason = "fast"
            except NotProved as unproved:
                reason = f"{unproved.reason}: {REASONS[unproved.reason]}"
            print(f"{path.parent.relative_to(folder)}\t{table.name}\t{reason}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--part", type=int, default=10, help="frictionless gets a table of so many times fewer rows")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--folder", type=Path, help="where the tables are made, and kept")
    parser.add_argument("--packages", type=Path)
    parser.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        job, shape, path, options = given.one
        run_one(job, shape, path, json.loads(options))
    elif given.packages:
        tell_ways(given.packages)
    else:
        with tempfile.TemporaryDirectory() as folder:
            measure(
                Bench(given.folder or Path(folder), given.rows, given.rounds, given.threads, given.part), given.only
            )


def measure(bench: Bench, only: Sequence[str]) -> None:
    libraries = ["frictionless", "pyarrow", "numpy", *(["duckdb"] if importlib.util.find_spec("duckdb") else [])]
    said = ", ".join(f"{name} {version(name)}" for name in libraries)
    print(f"{datetime.date.today()}; Python {platform.python_version()}, {said}; medians of {bench.rounds}")
    bench.folder.mkdir(parents=True, exist_ok=True)
    for shape in ("mixed", "dates", "floats", "latin", "chinese"):
        if not only or shape in only:
            bench.valid(shape)
    for name in ("dirty", "converted", "memory"):
        if not only or name in only:
            getattr(bench, name)()


if __name__ == "__main__":
    main()
