"""What the program imports, what it declares, what is said of it and what is pinned are one list."""

from __future__ import annotations

import ast
import re
import sys
import tomllib

import pytest
from packaging.requirements import Requirement

from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
# Where the name of the module is not that of the package.
MODULES = {
    "charset-normalizer": "charset_normalizer",
    "confusable-homoglyphs": "confusable_homoglyphs",
    "detect-secrets": "detect_secrets",
    "pyyaml": "yaml",
    "python-stdnum": "stdnum",
}
# Named in mkdocs.yml, and there imported by MkDocs.
NOT_IMPORTED = {"mkdocs-material", "pymdown-extensions"}


def names(requirements: list[str]) -> set[str]:
    found = {re.match(r"[\w.-]+", requirement) for requirement in requirements}
    return {name[0] for name in found if name}


def imported(folder: str) -> set[str]:
    found = set()
    for file in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found |= {name.name.partition(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    return found - sys.stdlib_module_names - {"generator"}


def test_every_import_is_declared_and_nothing_else() -> None:
    optional = PROJECT["optional-dependencies"]
    stated = [*PROJECT["dependencies"], *optional["remote"], *optional["s3"]]
    declared = {MODULES.get(name, name) for name in names(stated) - NOT_IMPORTED}
    assert imported("generator") == declared


def test_every_dependency_has_a_lower_bound() -> None:
    optional = [requirement for extra in PROJECT["optional-dependencies"].values() for requirement in extra]
    for requirement in [*PROJECT["dependencies"], *optional]:
        assert ">=" in requirement, requirement
    assert "mkdocs>=1.6,<2" in PROJECT["dependencies"]


SECTIONS = {
    "At run time": PROJECT["dependencies"],
    "For data on other hosts": PROJECT["optional-dependencies"]["remote"],
    "For object stores": [r for r in PROJECT["optional-dependencies"]["s3"] if r.startswith("s3fs")],
    "For development": PROJECT["optional-dependencies"]["dev"],
}


def test_object_stores_need_what_other_hosts_need_as_well() -> None:
    optional = PROJECT["optional-dependencies"]
    assert set(optional["remote"]) < set(optional["s3"])


@pytest.mark.parametrize("section", SECTIONS)
def test_every_dependency_has_its_reason(section: str) -> None:
    text = (ROOT / "docs/dependencies.md").read_text("utf-8")
    rows = re.findall(r"^\| ([\w-]+) \| (.*?) \|", text.split(f"## {section}")[1].split("\n## ")[0], re.M)
    told = {name for name, reason in rows if name != "Package" and reason.strip()} - {"---"}
    assert told == names(SECTIONS[section])


def test_the_lock_pins_whatever_is_stated_and_names_no_host() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert "://" not in lock
    pins = {
        re.sub(r"[-_.]+", "-", name).lower(): version
        for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", lock, re.M)
    }
    optional = PROJECT["optional-dependencies"]
    # s3 is not pinned: its client wants an older python-dateutil than everything else is locked with.
    for requirement in map(Requirement, [*PROJECT["dependencies"], *optional["remote"], *optional["dev"]]):
        name = re.sub(r"[-_.]+", "-", requirement.name).lower()
        assert name in pins, f"{name} is not pinned: make lock"
        assert requirement.specifier.contains(pins[name]), f"{name}: make lock"
