"""Frictionless's own tests, once with its own validation and once with ours in its place.

    python -m bench.frictionless_suite [--source FOLDER] [--tests frictionless] [-k WORDS]

Gets the source distribution of the installed frictionless and the pytest plugins that its tests use, keeps them in
``.cache/``, runs all tests twice, and compares test by test. In the second run ``Resource.validate`` is
``generator.tables.validate`` wherever it is called with nothing but a resource and ``limit_errors``; packages call it
too. Small tables take the fast way as well. Prints each test whose outcome differs, how many pass in both, and which
way the tables went. Ends with 1 if a test passes with frictionless alone.

Tests that need the network, a database or a driver that is not installed fail in both runs, and do not count.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tarfile
import xml.etree.ElementTree as ET
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
CACHE = ROOT / ".cache" / "frictionless_suite"
PLUGINS = "pytest-mock requests-mock pytest-vcr vcrpy wrapt pytest-lazy-fixtures pytest-dotenv python-dotenv sqlalchemy greenlet".split()
"""What the tests import. Without their dependencies, so that nothing that is installed is shadowed."""


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--source", type=Path, help="an unpacked source distribution, in place of a downloaded one")
    parser.add_argument("--tests", default="frictionless", help="path in it")
    parser.add_argument("-k", dest="words", default="", help="as pytest's")
    arguments = parser.parse_args()
    source = arguments.source or _source()
    plugins = _plugins()
    theirs, _ = _run(source, plugins, arguments.tests, arguments.words, ours=False)
    ours, calls = _run(source, plugins, arguments.tests, arguments.words, ours=True)
    return _tell(theirs, ours, calls)


def _source() -> Path:
    name = f"frictionless-{version('frictionless')}"
    if not (CACHE / name).is_dir():
        CACHE.mkdir(parents=True, exist_ok=True)
        wanted = ["--no-binary", ":all:", "--no-deps", "--dest", str(CACHE), name.replace("-", "==")]
        subprocess.run([sys.executable, "-m", "pip", "download", "-q", *wanted], check=True)
        with tarfile.open(CACHE / f"{name}.tar.gz") as archive:
            archive.extractall(CACHE, filter="data")
    return CACHE / name


def _plugins() -> Path:
    folder = CACHE / "plugins"
    if not folder.is_dir():
        wanted = ["--no-deps", "--target", str(folder), *PLUGINS]
        subprocess.run([sys.executable, "-m", "pip", "install", "-q", *wanted], check=True)
    return folder


def _run(source: Path, plugins: Path, tests: str, words: str, *, ours: bool) -> tuple[dict[str, str], Counter[str]]:
    """Outcome by test, and how the calls of ``validate`` were answered."""
    CACHE.mkdir(parents=True, exist_ok=True)
    results, calls = CACHE / "results.xml", CACHE / "calls.jsonl"
    for file in (results, calls):
        file.unlink(missing_ok=True)
    options = ["-q", "-p", "no:cacheprovider", "--continue-on-collection-errors", f"--junit-xml={results}"]
    options += ["-p", "bench.frictionless_suite"] if ours else []
    options += ["-k", words] if words else []
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(plugins), str(ROOT)]),
        "SUITE_CALLS": str(calls),
        "TZ": "UTC",
    }
    command = [sys.executable, "-m", "pytest", tests, *options]
    print("with", "ours" if ours else "frictionless alone", "…", flush=True)
    done = subprocess.run(command, cwd=source, env=environment, capture_output=True, text=True, check=False)
    if not results.exists():
        sys.exit(done.stdout + done.stderr)
    lines = calls.read_text().splitlines() if calls.exists() else []
    return dict(_outcomes(ET.parse(results))), Counter(json.loads(line) for line in lines)


def _outcomes(results: Any) -> Any:
    for case in results.iter("testcase"):
        bad = next((child.tag for child in case if child.tag in ("failure", "error", "skipped")), "passed")
        yield f"{case.get('classname')}::{case.get('name')}", bad


def _tell(theirs: dict[str, str], ours: dict[str, str], calls: Counter[str]) -> int:
    passed = [test for test, outcome in theirs.items() if outcome == "passed"]
    lost = [test for test in passed if ours.get(test) != "passed"]
    won = [test for test, outcome in ours.items() if outcome == "passed" and theirs.get(test) != "passed"]
    for test in lost:
        print("differs:", test, ours.get(test, "not run"))
    for test in won:
        print("passes only with ours:", test)
    print(
        f"{len(theirs)} tests; {len(passed)} pass with frictionless alone, {len(passed) - len(lost)} of them with ours"
    )
    others = Counter(outcome for outcome in theirs.values() if outcome != "passed")
    print("do not count:", ", ".join(f"{count} {outcome}" for outcome, count in sorted(others.items())) or "none")
    print("calls of validate in the second run:")
    for way, count in calls.most_common():
        print(f"{count:7}  {way}")
    return bool(lost)


# --- the plugin of the second run


def pytest_configure(config: Any) -> None:
    """Put ours in the place of ``Resource.validate``."""
    import frictionless

    from generator.tables import ways

    door = sys.modules["generator.tables.validate"]
    door.SMALL = 0  # type: ignore[attr-defined]
    door.faults_raise = True  # type: ignore[attr-defined]
    original = frictionless.Resource.validate
    inside = False

    def validate(self: Any, checklist: Any = None, **options: Any) -> Any:
        nonlocal inside
        plain = _is_plain(checklist) and set(options) <= {"limit_errors", "limit_rows", "parallel", "on_row", "name"}
        asked = any(value not in (None, False) for key, value in options.items() if key != "limit_errors")
        if inside or not plain or asked:
            if not inside:
                _note("not ours: a checklist, on_row, limit_rows and the like")
            return original(self, checklist, **options)
        before = ways.copy()
        inside = True
        try:
            return door.validate(self, **{key: options[key] for key in ("limit_errors",) if key in options})
        finally:
            inside = False
            for way in ways - before:
                _note(way)

    frictionless.Resource.validate = validate  # type: ignore[method-assign]


def _is_plain(checklist: Any) -> bool:
    import frictionless

    return checklist is None or (
        type(checklist) is frictionless.Checklist
        and checklist.to_descriptor() == frictionless.Checklist().to_descriptor()
    )


def _note(way: str) -> None:
    with Path(os.environ["SUITE_CALLS"]).open("a") as file:
        file.write(json.dumps(way) + "\n")


if __name__ == "__main__":
    sys.exit(main())
