"""Checks in processes of their own, with bounded memory and time: what a hostile package may cost at most.

One process imports everything and forks for each portal, so that a hundred of them take no hundred starts.
"""

from __future__ import annotations

import datetime
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

MEMORY = 3 << 30
"""Bytes of address space; a process that has only imported everything has a third of it."""
SECONDS = 10
"""Of work. The slowest hostile package of the corpus takes a third."""


@dataclass(frozen=True, slots=True)
class Outcome:
    names: tuple[str, ...]
    """Of the problems, in their order."""
    texts: str
    """Everything that the report says, in both languages and as JSON."""
    ended: str
    """Empty when the check came to its end; else how it was stopped."""
    seconds: float
    """Of work."""
    peak: int
    """Bytes of memory at most, above those of a process that did nothing."""


def check_each(portals: Sequence[Path], *, build: bool = False) -> list[Outcome]:
    """Check (or build) the portals, folders with a ``kaishu.yaml``, one after the other."""
    given = json.dumps([[str(portal) for portal in portals], build])
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile.bounded"],
        input=given,
        capture_output=True,
        encoding="utf-8",
        errors="backslashreplace",
        cwd=ROOT,
        check=False,
        timeout=600,
    )
    lines = done.stdout.splitlines()
    assert len(lines) == len(portals), done.stderr[-3000:]
    return [_outcome(json.loads(line)) for line in lines]


def _outcome(said: Any) -> Outcome:
    return Outcome(**{**said, "names": tuple(said["names"])})


def _main() -> None:
    portals, build = json.load(sys.stdin)
    import frictionless.resources  # noqa: F401  so that no child has to
    import numpy  # noqa: F401
    import pyarrow.csv
    import pyarrow.parquet  # noqa: F401

    import generator.build
    import generator.tables.proof  # noqa: F401
    from generator.disclosure.secrets import masked

    with tempfile.TemporaryDirectory() as folder:  # what is made once is made here, before the forks
        from tests.hostile.corpus import Hostile, portal, with_resource

        _run(portal(Hostile("good", with_resource(), frozenset()), Path(folder)), build)
        masked("AKIA" + "0" * 16)
    for each in portals:
        print(json.dumps(_forked(Path(each), build)), flush=True)


def _forked(portal: Path, build: bool) -> dict[str, Any]:
    receive, send = os.pipe()
    child = os.fork()
    if not child:
        os.close(receive)
        _limit()
        code = 0
        try:
            with os.fdopen(send, "w") as out:
                json.dump(_run(portal, build), out)
        except BaseException as error:
            code = 1
            print(f"{portal.name}: {type(error).__name__}: {error}"[:2000], file=sys.stderr)
        os._exit(code)
    os.close(send)
    with os.fdopen(receive) as came:
        said = came.read()
    _, status, used = os.wait4(child, 0)
    ended = "" if not status else f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else "exit"
    found: dict[str, Any] = json.loads(said) if said and not ended else {"names": [], "texts": "", "before": 0}
    before = found.pop("before")
    return {
        **found,
        "ended": ended,
        "seconds": round(used.ru_utime + used.ru_stime, 2),
        "peak": used.ru_maxrss * 1024 - before,
    }


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(90)  # of waiting, on a busy machine: a pipe that nobody writes into


def _run(portal: Path, build: bool) -> dict[str, Any]:
    from generator.build import Options, check
    from generator.build import build as build_site
    from generator.config import read_config
    from generator.report import View, to_json, to_text

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    config = read_config(portal / "kaishu.yaml", state=portal / ".kaishu", site=portal / "site")
    options = Options(today=datetime.date(2026, 6, 30), jobs=1)
    report = build_site(config, options) if build else check(config, options)
    texts = [to_text(report, View(lang, config.datasets)) for lang in ("zh", "en")]
    return {
        "names": [problem.name for problem in report.problems],
        "texts": "\n".join([*texts, to_json(report, "check")]),
        "before": before,
    }


if __name__ == "__main__":
    _main()
