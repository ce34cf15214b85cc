"""Descriptors, agency files and configurations with anything anywhere, checked and built; nothing may give way.

    python -m bench.fuzz_descriptors [N] [--seed 0]

Looked for are tracebacks and our own faults, writing outside of the site, and markup that a descriptor brings onto a
page. Prints what gave way with the example made small, and ends with 1.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.hostile import descriptors as d
from tests.hostile.fuzzing import Portal, config_faults


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("examples", type=int, nargs="?", default=1000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    start, wrong = time.perf_counter(), 0
    with tempfile.TemporaryDirectory() as folder:
        portal = Portal(Path(folder))

        def package(value: Any, suffix: str) -> list[str]:
            portal.descriptor(d.as_yaml(value) if suffix == "yaml" else d.as_json(value), suffix)
            return portal.faults()

        def agency(value: Any) -> list[str]:
            portal.descriptor(d.as_yaml(d.PACKAGE), "yaml")
            portal.agency(d.as_yaml(value))
            return portal.faults()

        runs = (
            ("JSON", d.mutated(d.PACKAGE), lambda value: package(value, "json"), arguments.examples * 2 // 5),
            ("YAML", d.mutated(d.PACKAGE), lambda value: package(value, "yaml"), arguments.examples * 2 // 5),
            ("agency.yaml", d.mutated(d.AGENCY), agency, arguments.examples // 10),
            (
                "kaishu.yaml",
                d.mutated(d.CONFIG),
                lambda value: config_faults(Path(folder), d.as_yaml(value)),
                arguments.examples // 10,
            ),
        )
        for name, strategy, faults, count in runs:
            portal.agency(d.as_yaml(d.AGENCY))
            wrong += _run(name, strategy, faults, count, arguments.seed)
    print(
        f"{arguments.examples} examples, {portal.published} published, {wrong} runs with faults, {time.perf_counter() - start:.0f} s"
    )
    return bool(wrong)


def _run(name: str, strategy: Any, faults: Any, count: int, number: int) -> bool:
    @seed(number)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    @given(strategy)
    def nothing_gives_way(value: Any) -> None:
        found = faults(value)
        assert not found, "\n".join(found)

    try:
        nothing_gives_way()
    except BaseException as error:  # also a group of several
        if isinstance(error, KeyboardInterrupt):
            raise
        import traceback

        print(f"== {name}\n{''.join(traceback.format_exception(error, limit=-6))[-6000:]}", flush=True)
        return True
    return False


if __name__ == "__main__":
    sys.exit(main())
