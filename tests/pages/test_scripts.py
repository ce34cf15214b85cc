"""The bundled scripts: what the repository holds is what the command makes, no larger than promised, and complete."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from generator.config import read_config
from generator.errors import EngineError
from generator.pages.assets import PACK, assets, pack
from generator.pages.words import script_words
from generator.site_engine import build_prose
from generator.text import LANGUAGES

PROJECT = Path(__file__).parents[2]
SOURCES = PROJECT / "scripts/browser"
ASSETS = PROJECT / "site_src/assets"
LIST = json.loads((ASSETS / "scripts.json").read_text("utf-8"))


def _hash(name: str) -> str:
    return hashlib.sha256((ASSETS / name).read_bytes()).hexdigest()


def test_hashes_and_sizes_are_those_of_the_list() -> None:
    for name, about in LIST["files"].items():
        assert (_hash(name), (ASSETS / name).stat().st_size) == (about["sha256"], about["bytes"]), name
    assert _hash(LIST["licenses"]["file"]) == LIST["licenses"]["sha256"]


def test_licences_of_what_is_bundled_are_free_and_go_along() -> None:
    texts = (ASSETS / LIST["licenses"]["file"]).read_text("utf-8")
    lock = json.loads((SOURCES / "package-lock.json").read_text("utf-8"))["packages"]
    for each in LIST["packages"]:
        assert each["license"] == "MIT"
        assert f"{each['name']} {each['version']}" in texts
        assert lock[f"node_modules/{each['name']}"]["version"] == each["version"]
    for name, about in LIST["files"].items():
        head = (ASSETS / name).read_text("utf-8")[:5000]
        assert all(f"{package} " in head for package in about["packages"]), name


def test_lock_names_versions_and_hashes_and_no_host() -> None:
    text = (SOURCES / "package-lock.json").read_text("utf-8")
    lock = json.loads(text)["packages"]
    assert "resolved" not in text
    assert [name for name, each in lock.items() if name and not each.get("integrity", "").startswith("sha512-")] == []


def test_scripts_are_as_small_as_promised() -> None:
    """Ours with the search: 60 kB compressed. What others wrote: 50 kB, not counting what is loaded with it."""
    ours = {file.name for file in ASSETS.glob("*.js")} - {name for name, about in LIST["files"].items() if about["packages"]}  # fmt: skip
    size = sum(len(gzip.compress((ASSETS / name).read_bytes(), 9, mtime=0)) for name in ours)
    bundled = sum(about["gzip"] for about in LIST["files"].values() if about["packages"])
    assert size < 60_000
    assert bundled < 50_000


def test_nothing_in_them_needs_more_than_a_strict_policy() -> None:
    for file in ASSETS.glob("*.js"):
        code = file.read_text("utf-8")
        assert not re.search(r"\beval\(|new Function\(|innerHTML|insertAdjacentHTML|document\.write", code), file.name


def test_every_word_of_the_scripts_is_there_and_used() -> None:
    used: set[str] = set()
    for file in (*(SOURCES / "src").glob("*.js"), SOURCES / "duckdb/duckdb.js"):
        code = file.read_text("utf-8")
        used |= set(re.findall(r"'((?:x|ask|sql)_[a-z_]+)'", code))
        used |= {f"sql_what_{word}" for word in re.findall(r"expected\('([a-z]+)'\)", code)}
    for lang in LANGUAGES:
        words = json.loads(script_words(lang))
        assert used - set(words) == set()
        unused = {key for key in set(words) - used if not key.endswith("_1") and not key.startswith("x_kind_")}
        assert unused == set()


def test_words_are_assets_of_their_own() -> None:
    names = {each.name for each in assets(ASSETS, _material())}
    assert {f"words.{lang}.json" for lang in LANGUAGES} <= names
    assert {"explore.js", "ask.js", "engine.js", "sql.js", "writer.js"} <= names


def _material() -> Path:
    import material

    return Path(material.__file__).parent / "templates"


def test_pack_of_duckdb_is_wanted_by_the_configuration(tmp_path: Path) -> None:
    text = (PROJECT / "kaishu.yaml").read_text("utf-8")
    (tmp_path / "kaishu.yaml").write_text(text.replace("portal:", "portal:\n  duckdb_wasm: true", 1), "utf-8")
    assert read_config(tmp_path / "kaishu.yaml").portal.duckdb_wasm
    config = read_config(PROJECT / "kaishu.yaml")
    assert not config.portal.duckdb_wasm
    for name in PACK:
        (tmp_path / name).write_bytes(name.encode())
    assert [each.name for each in pack(tmp_path)] == list(PACK)
    (tmp_path / PACK[0]).unlink()
    with pytest.raises(FileNotFoundError):
        list(pack(tmp_path))


def test_pack_that_is_not_there_is_told_with_the_command_that_brings_it(tmp_path: Path) -> None:
    config = read_config(PROJECT / "kaishu.yaml")
    shutil.copytree(config.site_src, tmp_path / "site_src", ignore=shutil.ignore_patterns("duckdb"))
    wanted = replace(config, site_src=tmp_path / "site_src", portal=replace(config.portal, duckdb_wasm=True))
    with pytest.raises(EngineError, match="make duckdb"):
        build_prose(wanted, tmp_path / "site")


@pytest.fixture(scope="module")
def packages() -> None:
    if shutil.which("node") is None:
        pytest.skip("node is not installed: the bundle cannot be made again")
    if not (SOURCES / "node_modules").is_dir():
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip("npm is not installed: the bundle cannot be made again")
        done = subprocess.run([npm, "ci"], cwd=SOURCES, capture_output=True, text=True, check=False, timeout=300)
        if done.returncode:
            pytest.skip("npm cannot fetch the packages here: the bundle cannot be made again")


@pytest.mark.usefixtures("packages")
def test_bundle_is_what_the_command_makes(tmp_path: Path) -> None:
    subprocess.run(["node", "build.js", str(tmp_path)], cwd=SOURCES, check=True, capture_output=True, timeout=120)
    made = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert set(made) == {*LIST["files"], LIST["licenses"]["file"], "scripts.json"}
    differing = [name for name, content in made.items() if content != (ASSETS / name).read_bytes()]
    assert differing == [], "run `make scripts` and commit what it makes"
