"""What every test file shares."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

Kaishu = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def root() -> Path:
    return ROOT


@pytest.fixture
def portal(tmp_path: Path) -> Path:
    """A portal with one dataset that has no fault, at an address with a path."""
    folder = tmp_path / "portal"
    shutil.copytree(ROOT / "tests/cases/perfect-dataset/datasets", folder / "datasets")
    (folder / "kaishu.yaml").write_text(
        "portal: {title: 测试门户, title_en: Test portal, url: https://data.test.example/opendata/}\n", "utf-8"
    )
    return folder


@pytest.fixture
def broken_dates(portal: Path) -> Path:
    """A second dataset in the portal, with seven dates that are none and a licence that nobody knows."""
    folder = portal / "datasets/culture/museums"
    shutil.copytree(portal / "datasets/culture/parks", folder)
    descriptor = folder / "datapackage.yaml"
    words = descriptor.read_text("utf-8").replace("parks", "museums").replace("CC-BY-4.0", "my-licence")
    descriptor.write_text(words, "utf-8")
    (folder / "parks.csv").unlink()
    rows = [f"馆{number},{number},2024年1月{number}日" for number in range(1, 8)]
    (folder / "museums.csv").write_text("\n".join(["park,area,opened", *rows, ""]), "utf-8")
    return folder


@pytest.fixture
def kaishu(tmp_path: Path) -> Kaishu:
    """Run the command in a process of its own, in an empty folder, with nothing of the tester's environment that
    would change what it says."""

    def run(*arguments: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {k: v for k, v in os.environ.items() if k not in _LOUD} | {"LANG": "zh_CN.UTF-8"} | variables
        return subprocess.run(
            [sys.executable, "-m", "generator", *map(str, arguments)],
            cwd=tmp_path,
            env=environment | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )

    return run


_LOUD = {"LANG", "LC_ALL", "LC_MESSAGES", "LANGUAGE", "CI", "NO_COLOR", "FORCE_COLOR", "SOURCE_DATE_EPOCH", "COLUMNS"}
