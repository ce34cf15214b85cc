"""The speed of the command line: help, a first check, and a check of what did not change since.

    python -m bench.command_line [--rounds 5] [--datasets 0] [--rows 20]

The commands run in turn, each as a process of its own; medians of the rounds are printed, in seconds of the wall clock
and of the processor (all processes together). ``--datasets`` makes a catalogue of that many packages; without it there
is the one package, and this repository's own datasets.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.table_shapes import MIXED, write_table

ROOT = Path(__file__).resolve().parent.parent
NAMES = "\n".join(
    f"        - {{name: {field['name']}, title: {field['name']}, type: {field['type']}}}" for field in MIXED.fields
)


@dataclass(frozen=True)
class Run:
    name: str
    arguments: tuple[str, ...]
    before: Callable[[], None]
    """Brings the state folder into the state that the run is about."""


def write_package(folder: Path, rows: int) -> None:
    folder.mkdir(parents=True)
    write_table(MIXED, folder / "stops.csv", rows)
    (folder / "datapackage.yaml").write_text(
        f"name: {folder.name}\ntitle: 站点\ntitle_en: Stops\nopenness: unconditional\ntheme: transport\n"
        f"update_cycle: irregular\nlicenses: [{{name: CC-BY-4.0}}]\nresources:\n  - name: stops\n    path: stops.csv\n"
        f"    schema:\n      fields:\n{NAMES}\n",
        "utf-8",
    )


def write_portal(folder: Path) -> Path:
    file = folder / "kaishu.yaml"
    file.write_text("portal: {title: 测试, title_en: Test, url: https://data.test.example/}\n", "utf-8")
    return file


def timed(arguments: tuple[str, ...], folder: Path) -> tuple[float, float]:
    """Seconds of the clock and of the processor."""
    began, before = time.perf_counter(), os.times()
    done = subprocess.run(
        [sys.executable, "-m", "generator", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "CI": "true"},
        capture_output=True,
        check=False,
    )
    after = os.times()
    assert done.returncode in (0, 1), done.stderr.decode()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - began, used


def runs(folder: Path, rows: int, datasets: int) -> list[Run]:
    """The commands, in a portal with one package, and in one with many."""
    one, many = folder / "one", folder / "many"
    write_package(one / "datasets/transport/stops", rows)
    for number in range(datasets):
        write_package(many / f"datasets/transport/stops-{number}", rows)
    if not datasets:
        shutil.copytree(ROOT / "datasets", many / "datasets")
    portals = {
        f"one package, {rows} rows": write_portal(one),
        f"{datasets} such packages" if datasets else "this repository's datasets": write_portal(many),
    }
    found = [Run("`kaishu --help`", ("--help",), lambda: None)]
    for name, file in portals.items():
        check = ("check", "--config", str(file))
        state = file.parent / ".kaishu"

        def forget(state: Path = state) -> None:
            shutil.rmtree(state, ignore_errors=True)

        found += [
            Run(f"first check: {name}", check, forget),
            Run(f"unchanged: {name}", check, lambda: None),  # follows the first check, which left its state
        ]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--datasets", type=int, default=0)
    parser.add_argument("--rows", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kaishu-bench-") as work:
        todo = runs(Path(work), given.rows, given.datasets)
        seconds: dict[str, list[tuple[float, float]]] = {run.name: [] for run in todo}
        for number in range(given.rounds + 1):
            for run in todo:
                run.before()
                took = timed(run.arguments, Path(work))
                if number:  # the first round fills the caches of the disk and of Python's compiler
                    seconds[run.name].append(took)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, medians of {given.rounds} runs in turn\n")
    print("| Command | s | s of processor |\n| --- | --- | --- |")
    for name, taken in seconds.items():
        wall, cpu = (statistics.median(column) for column in zip(*taken, strict=True))
        print(f"| {name} | {wall:.2f} | {cpu:.2f} |")


if __name__ == "__main__":
    main()
