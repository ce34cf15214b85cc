"""A portal under git whose dataset has an open, a conditional and a closed resource."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.config import Config, read_config

DESCRIPTOR = """\
name: parks
title: 城市公园
title_en: City parks
description: 各区公园。
theme: environment
update_cycle: irregular
openness: unconditional
version: 1.0.0
licenses: [{name: CC-BY-4.0}]
resources:
  - name: parks
    title: 公园
    path: parks.csv
    schema:
      fields:
        - {name: code, title: 编码, type: string}
        - {name: park, title: 名称, type: string}
        - {name: area, title: 面积, type: number, unit: 公顷}
        - {name: opened, title: 建成日期, type: date}
      primaryKey: [code]
  - name: guards
    title: 值守
    path: guards.csv
    openness: conditional
    access: {reason: 含安防信息, conditions: [不得转让], channel: {email: a@b.example}}
    schema: {fields: [{name: code, type: string}, {name: guard, type: string}]}
"""
CONFIG = """\
portal: {title: 测试门户, url: https://data.test.example/}
repository: {visibility: private}
rules: {all: advice}
"""
ROWS = "code,park,area,opened\n01,东湖公园,30.5,1958-10-01\n02,白水带公园,420,1985-05-01\n03,釜山公园,12,\n"
GUARDS = "code,guard\n01,守卫甲乙丙\n"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "portal"
    package = folder / "datasets/culture/parks"
    package.mkdir(parents=True)
    (folder / "kaishu.yaml").write_text(CONFIG, "utf-8")
    (folder / "datasets/culture/agency.yaml").write_text("name: 文化局\n", "utf-8")
    (package / "datapackage.yaml").write_text(DESCRIPTOR, "utf-8")
    (package / "parks.csv").write_text(ROWS, "utf-8")
    (package / "guards.csv").write_text(GUARDS, "utf-8")
    git(folder, "init", "-q", "-b", "main")
    commit(folder, "first")
    return folder


@pytest.fixture
def config(repository: Path) -> Config:
    return read_config(repository / "kaishu.yaml", site=repository / "site")


@pytest.fixture
def edit(repository: Path) -> Callable[..., None]:
    """Replace texts in a file of the package."""

    def change(name: str, *pairs: tuple[str, str]) -> None:
        file = repository / "datasets/culture/parks" / name
        text = file.read_text("utf-8")
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        file.write_text(text, "utf-8")

    return change


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=t", "-c", "user.email=t@t.example", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True)


def commit(folder: Path, message: str) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", message)
