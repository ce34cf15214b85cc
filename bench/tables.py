"""The validation of tables: the fast way against frictionless, in turn, on a generated table of 12 columns.

    python -m bench.tables [--rows 1000000] [--rounds 3] [--threads 1 2] [--packages FOLDER]

Each run is a process of its own; seconds are of the validation alone, without imports. Prints medians, peak memory and
the ratio. With ``--packages`` also says of every table below a folder which way it takes, and why.
"""

from __future__ import annotations

import argparse
import datetime
import importlib
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

FIELDS: list[dict[str, Any]] = [
    {"name": "id", "type": "integer", "constraints": {"required": True}},
    {"name": "code", "type": "string", "constraints": {"pattern": "[A-Z]{2}-[0-9]{6}"}},
    {"name": "name", "type": "string", "constraints": {"minLength": 1, "maxLength": 40}},
    {
        "name": "district",
        "type": "string",
        "constraints": {"enum": ["蓬江", "江海", "新会", "台山", "开平", "鹤山", "恩平"]},
    },
    {"name": "lng", "type": "number", "constraints": {"minimum": -180, "maximum": 180}},
    {"name": "lat", "type": "number", "constraints": {"minimum": -90, "maximum": 90}},
    {"name": "amount", "type": "number"},
    {"name": "opened", "type": "date"},
    {"name": "checked_at", "type": "datetime"},
    {"name": "is_open", "type": "boolean"},
    {"name": "visits", "type": "integer", "constraints": {"minimum": 0}},
    {"name": "address", "type": "string"},
]


def write_table(path: Path, rows: int) -> None:
    r = random.Random(1)
    districts = FIELDS[3]["constraints"]["enum"]
    first = datetime.datetime(2000, 1, 1)  # noqa: DTZ001  a clock without a zone
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(field["name"] for field in FIELDS) + "\n")
        for i in range(rows):
            moment = first + datetime.timedelta(seconds=r.randrange(800_000_000))
            district = r.choice(districts)
            file.write(
                f"{i},{'ABCDEFGH'[i % 8]}K-{i % 1_000_000:06},Stop {i},{district},{r.uniform(112, 113):.6f},{r.uniform(22, 23):.6f},"
                f"{r.uniform(0, 9999):.2f},{moment:%Y-%m-%d},{moment:%Y-%m-%d %H:%M:%S},{r.choice(('true', 'false'))},"
                f'{r.choice(("", r.randrange(5000)))},"{district}区, 建设路 {r.randrange(900)} 号"\n'
            )


def run(path: Path, way: str, threads: int, hashes: tuple[str, ...]) -> dict[str, Any]:
    """In this process. The time excludes imports, which a build pays once."""
    import frictionless
    import pyarrow as pa

    from generator.tables import validate

    importlib.import_module("generator.tables.proof")
    pa.scalar(1)  # Arrow imports pandas here, where that is installed; the program does not need it
    schema = {"fields": FIELDS, "primaryKey": ["id"]}
    descriptor = {"name": "table", "path": path.name, "schema": schema, "encoding": "utf-8"}
    table = frictionless.Resource.from_descriptor(descriptor, basepath=str(path.parent))
    start = time.perf_counter()
    report = table.validate() if way == "frictionless" else validate(table, threads=threads, hashes=hashes)
    seconds = time.perf_counter() - start
    assert report.valid
    return {"seconds": seconds, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def measure(path: Path, way: str, threads: int, hashes: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.tables", "--one", way, str(path), str(threads), hashes]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ)
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


def compare(rows: int, rounds: int, threads: list[int]) -> None:
    ways = [("frictionless", 1, ""), *(("fast", n, h) for n in threads for h in ("", "sha256", "md5,sha256"))]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        write_table(path, rows)
        print(f"{rows:,} rows x {len(FIELDS)} columns, {path.stat().st_size / 1e6:.0f} MB, median of {rounds} in turn")
        found = [[measure(path, *way) for way in ways] for _ in range(rounds)]
    seconds = [statistics.median(runs[i]["seconds"] for runs in found) for i in range(len(ways))]
    for i, (way, count, hashes) in enumerate(ways):
        peak = max(runs[i]["mb"] for runs in found)
        said = f"{way}, {count} threads, {hashes or 'no hashes'}" if way == "fast" else way
        print(f"{said:40} {seconds[i]:8.2f} s {peak:6.0f} MB {seconds[0] / seconds[i]:8.1f} x")


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
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--packages", type=Path)
    parser.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        way, path, threads, hashes = arguments.one
        print(json.dumps(run(Path(path), way, int(threads), tuple(filter(None, hashes.split(","))))))
    elif arguments.packages:
        tell_ways(arguments.packages)
    else:
        compare(arguments.rows, arguments.rounds, arguments.threads)


if __name__ == "__main__":
    main()
