"""What every test file shares."""

from __future__ import annotations

import os
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
