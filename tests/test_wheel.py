"""Kaishu installed as a package, far from its repository, makes the same portal."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from generator.publish import read_manifest
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    return next(folder.glob("kaishu-*.whl"))


def test_wheel_holds_every_file_that_the_program_reads(wheel: Path) -> None:
    found = set(zipfile.ZipFile(wheel).namelist())
    tracked = subprocess.run(
        ["git", "ls-files", "generator", "site_src", "mkdocs.yml"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    if not tracked:
        pytest.skip("this is no git checkout")
    expected = {path if path.startswith("generator/") else f"generator/_portal/{path}" for path in tracked}
    assert sorted(expected - found) == []
    assert (
        "kaishu = generator.cli:main"
        in zipfile.ZipFile(wheel).read(next(name for name in found if name.endswith("entry_points.txt"))).decode()
    )


def test_installed_kaishu_makes_the_same_site(wheel: Path, portal: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "installed")
    sites = {}
    for name, program in (("repository", ROOT), ("wheel", tmp_path / "installed")):
        arguments = ["build", "--config", str(portal / "kaishu.yaml"), "--site", str(tmp_path / name), "--jobs", "1"]
        done = subprocess.run(
            [sys.executable, "-m", "generator", *arguments, "--today", "2026-06-30"],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(program)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        sites[name] = read_manifest(tmp_path / name)
    assert sites["wheel"] is not None
    assert sites["wheel"] == sites["repository"]
