"""The main job, whole: datasets in, site out."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pyarrow.parquet
import pytest
import yaml

from generator.build import Options, Report, build
from generator.config import read_config
from generator.prepare import OURS
from generator.publish import read_manifest
from tests.conftest import ROOT, Kaishu

TODAY = datetime.date(2026, 11, 23)
SHARED = ROOT.parent / "shared" / "packages"


def build_portal(
    folder: Path, *, rules: dict[str, str] | None = None, defaults: dict[str, str] | None = None
) -> Report:
    """Build ``folder/datasets`` into ``folder/site``."""
    portal = {"title": "测试门户", "title_en": "Test portal", "url": "https://data.test.example/opendata/"}
    (folder / "kaishu.yaml").write_text(
        yaml.safe_dump({"portal": portal, "rules": rules or {}, "defaults": defaults or {}}, allow_unicode=True),
        "utf-8",
    )
    return build(read_config(folder / "kaishu.yaml", site=folder / "site"), Options(TODAY, jobs=1))


def files_of(site: Path) -> dict[str, bytes]:
    return {file.relative_to(site).as_posix(): file.read_bytes() for file in sorted(site.rglob("*")) if file.is_file()}


# ---- this repository's own datasets


def test_our_own_portal_is_what_the_readme_promises(tmp_path: Path) -> None:
    report = build(read_config(ROOT / "kaishu.yaml", site=tmp_path / "site"), Options(TODAY))
    assert report.left_out == ()
    assert [p for p in report.problems if report.severities.of(p) == "error"] == []
    listed = json.loads((tmp_path / "site/catalog.json").read_text("utf-8"))["datasets"]
    openness = Counter(entry["openness"] for entry in listed)
    assert len(listed) >= 16
    assert openness["unconditional"] >= 10
    assert openness["conditional"] >= 3
    assert openness["mixed"] >= 1
    assert openness["closed"] >= 1
    assert len({entry["agency"]["id"] for entry in listed}) >= 6
    invented = {
        file.parent.name
        for file in (ROOT / "datasets").glob("*/*/datapackage.yaml")
        if "demonstration" in yaml.safe_load(file.read_text("utf-8"))
    }
    assert len(invented) >= 10
    for entry in listed:
        for lang, label in (("", "示例数据"), ("en", "Demonstration data")):
            page = (tmp_path / "site" / lang / "dataset" / entry["name"] / "index.html").read_text("utf-8")
            assert (f"<strong>{label}</strong>" in page) == (entry["name"] in invented), entry["name"]
    size = sum(f.stat().st_size for f in (ROOT / "datasets").rglob("*") if f.is_file())
    assert size < 15_000_000


# ---- packages of others


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/packages is not here")
def test_plain_packages_are_published_when_frictionless_finds_them_valid(tmp_path: Path) -> None:
    from frictionless import FrictionlessException, Package

    # glenglat takes half a minute; its verdict is compared in tests/tables.
    shutil.copytree(SHARED, tmp_path / "datasets", ignore=shutil.ignore_patterns("glenglat"))
    report = build_portal(tmp_path, rules={"all": "advice"}, defaults={"openness": "unconditional"})
    folders = sorted({file.parent for file in (tmp_path / "datasets").rglob("datapackage.*")})
    assert report.datasets == len(folders) == 26
    for folder in folders:
        file = next(folder.glob("datapackage.*"))
        # frictionless takes a `.yml` for a plain file, so it is given what stands in it.
        source = yaml.safe_load(file.read_text("utf-8-sig"))
        try:
            verdict = Package.from_descriptor(source, basepath=str(folder)).validate()
            expected = Counter((t.name, e.type) for t in verdict.tasks for e in t.errors)
        except FrictionlessException as exception:
            expected = Counter(("", error.type) for error in exception.reasons or [exception.error])
        name = folder.relative_to(tmp_path / "datasets").as_posix()
        found = Counter(
            (problem.resource if any(expected) and next(iter(expected))[0] else "", problem.error_type)
            for problem in report.problems
            if problem.dataset == name and report.severities.blocks(problem)
        )
        assert found == expected, name
        assert (name in report.left_out) == bool(expected), name
    assert len(report.published) == 17


# ---- data that are not open

CANARY = "CANARY7Q"


def restricted_portal(folder: Path, *, variant: int) -> None:
    """A conditional, a mixed and a closed dataset with their data files beside them; ``variant`` changes these only."""
    case = ROOT / "tests/cases/perfect-dataset/datasets"
    shutil.copytree(case, folder / "datasets")
    parks = folder / "datasets/culture/parks"
    words = yaml.safe_load((parks / "datapackage.yaml").read_text("utf-8"))
    for key in ("catalogue_code", "collection"):
        words.pop(key, None)
    access = {
        "reason": "含敏感信息",
        "legal_basis": "《数据安全法》",
        "conditions": ["不得转让"],
        "channel": {"email": "a@b.example"},
    }
    rows = [f"{CANARY}{variant}-{n},{n * 7919 + variant}" for n in range(3 + variant * 5)]
    table = "\n".join([f"name,{CANARY}column" if variant == 2 else "name,amount", *rows, ""])
    resource = {
        "name": "visits",
        "title": "到访",
        "path": f"{CANARY}-visits.csv",
        "format": "csv",
        "encoding": "utf-8",
        "schema": {"fields": [{"name": "name", "title": "姓名", "type": "string"}, {"name": "amount", "title": "次数", "type": "integer"}]},
    }  # fmt: skip
    kinds = {
        "conditional-visits": {"openness": "conditional", "access": access, "resources": [resource]},
        "closed-visits": {"openness": "closed", "access": access, "resources": [resource]},
        "mixed-visits": {
            "access": access,
            "resources": [words["resources"][0], resource | {"openness": "conditional"}],
        },
    }
    for name, parts in kinds.items():
        target = folder / "datasets/culture" / name
        target.mkdir()
        descriptor = words | parts | {"name": name, "x-internal": CANARY, "custodian": {"note": CANARY}}
        (target / "datapackage.yaml").write_text(
            yaml.safe_dump(descriptor, allow_unicode=True, sort_keys=False), "utf-8"
        )
        if name == "mixed-visits":
            shutil.copy(parks / "parks.csv", target)
        file = target / f"{CANARY}-visits.csv"
        if variant == 3:
            file.write_bytes(b"\xff\xfe\x00broken")
        elif variant != 4:
            file.write_text(table, "utf-8")


def test_not_a_byte_of_restricted_data_is_published(tmp_path: Path) -> None:
    restricted_portal(tmp_path, variant=1)
    report = build_portal(tmp_path)
    assert report.published == ("closed-visits", "conditional-visits", "mixed-visits", "parks")
    site = files_of(tmp_path / "site")
    assert [path for path, content in site.items() if CANARY.encode() in content or CANARY in path] == []
    for path in site:
        if path.endswith(".parquet"):
            table = pyarrow.parquet.read_table(tmp_path / "site" / path)
            assert CANARY not in str(table.to_pydict()) + str(table.schema)
    assert not [
        path
        for path in site
        if path.startswith(("data/closed-visits/", "data/conditional-visits/"))
        and path.endswith((".csv", ".parquet"))
        and not path.endswith("-synthetic-sample.csv")
    ]
    assert "data/mixed-visits/parks.csv" in site
    assert not {"data/closed-visits/stats.json", "data/conditional-visits/stats.json"} & site.keys()
    told_of = {path: json.loads(site[path])["tables"] for path in site if path.endswith("/stats.json")}
    assert [table["name"] for table in told_of["data/mixed-visits/stats.json"]] == ["parks"]
    entries = {entry["name"]: entry["files"] for entry in json.loads(site["catalog.json"])["datasets"]}
    assert {name for name, files in entries.items() if "stats.json" in files} == {"mixed-visits", "parks"}
    closed = site["dataset/closed-visits/index.html"].decode() + site["data/closed-visits/datapackage.json"].decode()
    assert "姓名" not in closed
    assert "含敏感信息" in closed
    conditional = site["dataset/conditional-visits/index.html"].decode()
    assert "姓名" in conditional
    assert "不得转让" in conditional
    told = "\n".join(map(str, report.problems))
    assert f"{CANARY}1" not in told


def test_a_parquet_file_says_what_the_published_descriptor_says_and_no_more(tmp_path: Path) -> None:
    restricted_portal(tmp_path, variant=1)
    build_portal(tmp_path)
    seen = []
    for path in sorted((tmp_path / "site/data").glob("*/datapackage.json")):
        package = json.loads(path.read_text("utf-8"))
        resources = {resource["name"]: resource for resource in package["resources"]}
        for file in path.parent.glob("*.parquet"):
            metadata = pyarrow.parquet.read_schema(file).metadata
            text = metadata[b"kaishu:resource"]
            assert hashlib.sha256(text).hexdigest().encode() == metadata[b"kaishu:resource-sha256"]
            said = json.loads(text)
            resource, about = resources[said["name"]], said.pop("package")
            publisher = about.pop("publisher")["title"]
            assert publisher in [each["title"] for each in package["contributors"]]
            assert about.items() <= package.items()
            assert about.keys() >= {"name", "title", "title_en", "licenses"}
            assert said.pop("schema")["fields"] == resource["schema"]["fields"]
            assert said.items() <= resource.items()
            assert said.keys() >= {"name", "title", "openness"}
            seen.append(path.parent.name)
    assert seen == ["mixed-visits", "parks"]


@pytest.mark.parametrize("variant", [0, 2, 3, 4], ids=["more rows", "other column", "broken file", "no file"])
def test_what_is_published_does_not_depend_on_restricted_data(tmp_path: Path, variant: int) -> None:
    sites = []
    for number in (1, variant):
        (tmp_path / str(number)).mkdir()
        restricted_portal(tmp_path / str(number), variant=number)
        report = build_portal(tmp_path / str(number))
        assert len(report.published) == 4
        sites.append(files_of(tmp_path / str(number) / "site"))
    assert len(sites[0]) > 50
    assert sites[0] == sites[1]


# ---- one fault, and the others


def test_a_broken_dataset_never_stops_the_others(portal: Path, broken_dates: Path, kaishu: Kaishu) -> None:
    (portal / "datasets/culture/libraries").mkdir()
    (portal / "datasets/culture/libraries/datapackage.yaml").write_text("name: [", "utf-8")
    done = kaishu("build", "--config", portal / "kaishu.yaml", "--site", portal / "site", "--format", "json")
    assert done.returncode == 1, done.stderr
    said = json.loads(done.stdout)
    assert (portal / "site/dataset/parks/index.html").is_file()
    assert not (portal / "site/dataset/museums").exists()
    assert {Path(p["dataset"]).name for p in said["problems"] if p["severity"] == "error"} == {"museums", "libraries"}


def test_a_pipe_in_place_of_a_file_is_left_alone(portal: Path, kaishu: Kaishu) -> None:
    """Of JSON, whether it is a table is told by its content: whoever looks waits for ever."""
    folder = portal / "datasets/culture/parks"
    os.mkfifo(folder / "parks.json")
    descriptor = folder / "datapackage.yaml"
    descriptor.write_text(descriptor.read_text("utf-8").replace("parks.csv", "parks.json"), "utf-8")
    done = kaishu("build", "--config", portal / "kaishu.yaml", "--site", portal / "site", "--format", "json")
    assert "path-not-file" in {problem["name"] for problem in json.loads(done.stdout)["problems"]}


def test_no_file_of_a_dataset_is_called_as_another_or_as_ours(portal: Path, kaishu: Kaishu) -> None:
    """Each of these stopped the whole build: the site would have had two files for one path."""
    folder = portal / "datasets/culture/parks"
    for name in ("x.json", "x.ttl", "one.png", "two.png"):
        (folder / name).write_text("{}", "utf-8")
    taken = [Path(ours) for ours in sorted(OURS) if not ours.startswith("tombstone") and not ours.endswith("jsonld")]
    resources: list[Mapping[str, object]] = [
        *({"name": ours.stem, "title": "占名", "path": f"x{ours.suffix}"} for ours in taken),
        {"name": "map", "title": "图", "path": ["one.png", "two.png"]},
        {"name": "map-1", "title": "又一张图", "path": "one.png"},
        {"name": "views", "title": "看法", "path": "x.json"},
    ]
    descriptor = yaml.safe_load((folder / "datapackage.yaml").read_text("utf-8"))
    descriptor["resources"] += resources
    (folder / "datapackage.yaml").write_text(yaml.safe_dump(descriptor, allow_unicode=True), "utf-8")
    done = kaishu("build", "--config", portal / "kaishu.yaml", "--site", portal / "site", "--format", "json")
    assert done.returncode == 0, done.stdout + done.stderr
    data = portal / "site/data/parks"
    published = json.loads((data / "datapackage.json").read_text("utf-8"))
    files = [file for each in published["resources"] for file in (each, *each.get("alternatives", []))]
    paths = [file["path"] for file in files]
    assert {"datapackage-2.json", "stats-2.json", "dcat-2.ttl", "map-1.png", "map-2.png", "map-1-2.png"} <= set(paths)
    assert len(set(paths)) == len(paths)
    beside = {file.name for file in data.iterdir() if file.is_file()} - set(paths)
    assert beside <= OURS


# ---- the other way in


def test_mkdocs_build_gives_the_same_site(portal: Path, kaishu: Kaishu) -> None:
    shutil.copytree(ROOT / "site_src", portal / "site_src")
    shutil.copy(ROOT / "mkdocs.yml", portal)
    assert kaishu("build", "--config", portal / "kaishu.yaml", "--site", portal / "ours").returncode == 0
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(portal / "theirs")],
        cwd=portal,
        env=os.environ | {"PYTHONPATH": str(ROOT), "NO_MKDOCS_2_WARNING": "1"},
        check=True,
    )
    ours, theirs = read_manifest(portal / "ours"), read_manifest(portal / "theirs")
    assert ours is not None
    assert ours == theirs
    assert files_of(portal / "ours") == files_of(portal / "theirs")
