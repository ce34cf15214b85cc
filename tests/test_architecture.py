"""Who may import whom: the program's rooms, held by a test."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "generator"

# What the bottom knows nothing of: every step of the flow.
STEPS = (
    *("read", "remote", "check", "tables", "publicise", "samples", "pages", "exports", "publish", "site_engine"),
    *("judge", "prepare", "history", "community", "disclosure", "mending", "differences", "drafting"),
)
BOTTOM = (
    *("text", "errors", "problems", "config", "hosts", "model", "public", "sitefile", "vocabularies", "terms"),
    *("plain_yaml", "concepts", "state", "verdicts", "names", "releases", "statements", "entries", "sayings"),
    *("structure", "pictures", "views", "view_rows"),
    *("compatibility", "schema", "schema_words"),
    *("identifiers", "citation", "endpoints", "freshness"),
    *("submissions", "headers", "catalogue_layout", "scorecard"),
)
# Steps that others of ours may use: one package is judged by checking it, and prepared by judging and converting it.
ALLOWED = {
    "judge": {"check", "tables", "remote", "disclosure"},
    "prepare": {"judge", "tables", "remote"},
    "publicise": {"prepare", "disclosure"},  # the one asks the other which waivers are whole
    "mending": {"read", "check", "judge", "tables", "disclosure"},
    "differences": {"read", "check", "judge", "tables", "disclosure"},
    "mkdocs_plugin": {"site_engine"},
    "drafting": {"disclosure"},
}
ROOMS = {
    "pyarrow": {"tables", "disclosure", "drafting"},
    "numpy": {"tables", "disclosure", "search"},
    "pypinyin": {"search", "drafting"},
    "xlsxwriter": {"tables", "exports"},
    "openpyxl": {"drafting"},
    "xlrd": {"drafting"},
    "ezodf": {"drafting"},
    "charset_normalizer": {"drafting"},
    "frictionless": {"tables"},
    "mkdocs": {"site_engine", "mkdocs_plugin", "serve"},
    "pyoxigraph": {"exports"},
    "rstr": {"samples"},
    "jinja2": {"pages", "site_engine", "mkdocs_plugin"},
    "click": {"cli"},
    "fsspec": {"remote"},
    "aiohttp": {"remote"},
    "s3fs": {"remote"},
    "requests": {"ci"},
    "urllib3": {"ci"},
}


def imports(file: Path) -> set[str]:
    """Dotted names of every module that the file imports, also inside functions."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{name.name}" for name in node.names}
    return found


def modules() -> list[tuple[str, Path]]:
    return [(file.relative_to(PACKAGE).parts[0].removesuffix(".py"), file) for file in sorted(PACKAGE.rglob("*.py"))]


def ours(file: Path) -> set[str]:
    return {name.split(".")[1] for name in imports(file) if name.startswith("generator.")}


@pytest.mark.parametrize(
    ("room", "file"), [m for m in modules() if m[0] in BOTTOM], ids=lambda v: str(v).rpartition("/")[2]
)
def test_the_bottom_imports_no_step(room: str, file: Path) -> None:
    assert not ours(file) & set(STEPS), f"{file.name} is at the bottom"


@pytest.mark.parametrize(
    ("room", "file"), [m for m in modules() if m[0] in STEPS], ids=lambda v: str(v).rpartition("/")[2]
)
def test_steps_do_not_know_each_other(room: str, file: Path) -> None:
    others = ours(file) & set(STEPS) - {room} - ALLOWED.get(room, set())
    assert not others, f"{file.name} of the step {room} imports {others}"


@pytest.mark.parametrize("room", ["samples", "pages", "exports"])
def test_what_publishes_cannot_reach_a_raw_package(room: str) -> None:
    for name, file in modules():
        if name == room:
            assert not ours(file) & {"model", "read", "check", "prepare", "publicise"}, file


@pytest.mark.parametrize("library", ROOMS)
def test_each_heavy_library_lives_in_its_rooms(library: str) -> None:
    found = {
        name for name, file in modules() if any(i == library or i.startswith(f"{library}.") for i in imports(file))
    }
    assert found <= ROOMS[library]
