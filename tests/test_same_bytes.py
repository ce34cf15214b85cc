"""Two builds of the same input give the same bytes, whatever else is different."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from generator.publish import Manifest, read_manifest
from tests.conftest import ROOT


def test_builds_differ_in_nothing(tmp_path: Path) -> None:
    one = built(tmp_path / "one", jobs="1", PYTHONHASHSEED="1", TZ="Asia/Shanghai", LANG="zh_CN.UTF-8", LC_ALL="")
    other = built(
        tmp_path / "another folder/名",
        jobs="2",
        PYTHONHASHSEED="4407",
        TZ="America/Los_Angeles",
        LANG="C",
        LC_ALL="C",
        HOME=str(tmp_path),
        SOURCE_DATE_EPOCH="1",
    )
    assert len(one.files) > 100
    assert one == other


def built(folder: Path, *, jobs: str, **variables: str) -> Manifest:
    """A build of this repository's own datasets from a copy in ``folder``, with other times of change."""
    shutil.copytree(ROOT / "datasets", folder / "datasets", copy_function=shutil.copyfile)
    shutil.copy(ROOT / "kaishu.yaml", folder)
    done = subprocess.run(
        [sys.executable, "-m", "generator", "build", "--today", "2026-11-01", "--jobs", jobs],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | variables,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    manifest = read_manifest(folder / "site")
    assert manifest is not None, done.stderr
    return manifest
