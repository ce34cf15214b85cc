"""Whole builds and checks with data on other hosts."""

from __future__ import annotations

import datetime
import gzip
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.build import Options, Report, build, check
from generator.config import read_config
from generator.prepare import prepare
from generator.problems import Severities, catalogue, words
from generator.read import read_catalog
from generator.remote import fetch
from generator.report import View, to_text
from tests.conftest import ROOT, Kaishu
from tests.remote.servers import ANSWERS, TABLE, Handler, Server, serving, sha256

pytest.importorskip("fsspec", reason="needs kaishu[remote]")
pytest.importorskip("aiohttp", reason="needs kaishu[remote]")

CASE = ROOT / "tests/cases/perfect-dataset/datasets"
PARKS = (CASE / "culture/parks/parks.csv").read_bytes()
PORTAL = {"title": "测试门户", "title_en": "Test portal", "url": "https://data.test.example/"}
OPTIONS = Options(datetime.date(2026, 6, 30), jobs=1)
OURS = ("fetched-by-kaishu", "package-", ".kaishu")


def portal(folder: Path, changes: dict[str, Any], *servers: Server, keep_file: bool = False) -> Path:
    """A portal with the perfect dataset, whose resource has these properties. Gives its configuration."""
    shutil.copytree(CASE, folder / "datasets")
    file = folder / "datasets/culture/parks/datapackage.yaml"
    descriptor = yaml.safe_load(file.read_text("utf-8"))
    descriptor["resources"][0] |= changes
    file.write_text(yaml.safe_dump(descriptor, allow_unicode=True), "utf-8")
    if not keep_file:
        (file.parent / "parks.csv").unlink()
    config = {"portal": PORTAL, "remote": {"hosts": [server.host for server in servers], "max_seconds": 5}}
    (folder / "kaishu.yaml").write_text(yaml.safe_dump(config, allow_unicode=True), "utf-8")
    return folder / "kaishu.yaml"


def built(file: Path) -> Report:
    return build(read_config(file, site=file.parent / "site"), OPTIONS)


def checked(file: Path) -> Report:
    report = check(read_config(file, site=file.parent / "site"), OPTIONS)
    assert not any(name in repr(report.problems) for name in OURS)
    assert str(file.parent) not in repr([(p.file, p.value, p.expected, p.more) for p in report.problems])
    return report


def prepared(file: Path) -> dict[str, bytes]:
    """The data files that a build of the one dataset makes, without its pages."""
    config = read_config(file, site=file.parent / "site")
    catalog = read_catalog(config, OPTIONS.today)
    (package,) = catalog.packages
    fetched = fetch(catalog.packages, config.remote)
    target = file.parent / "data"
    prepared = prepare(package, catalog, OPTIONS.today, Severities({}), target, fetched=fetched)
    assert [p for p in prepared.problems if catalogue()[p.name].severity == "error"] == []
    return files_of(target)


def files_of(site: Path) -> dict[str, bytes]:
    return {file.relative_to(site).as_posix(): file.read_bytes() for file in sorted(site.rglob("*")) if file.is_file()}


@pytest.fixture
def parks() -> Any:
    """A server that has the perfect dataset's table, in several forms."""
    answers = {
        **ANSWERS,
        "/parks.csv": lambda h: h.give(PARKS),
        "/parks.csv.gz": lambda h: h.give(gzip.compress(PARKS, mtime=0)),
        "/download": lambda h: h.give(PARKS),
        "/gbk.csv": lambda h: h.give(PARKS.decode().encode("gb18030")),
        "/wrong.csv": lambda h: h.give(PARKS + "新公园,many,2024年1月6日\n".encode()),
        "/more.csv": lambda h: h.give(b"park,area,opened\n" + "新公园,1,2024-01-06\n".encode()),
    }
    with serving(answers) as running:
        yield running


def test_a_remote_table_is_published_as_a_local_one(parks: Server, tmp_path: Path) -> None:
    remote = portal(tmp_path / "remote", {"path": parks.url("/parks.csv"), "hash": sha256(PARKS)}, parks)
    report = built(remote)
    assert (report.problems, report.published) == ((), ("parks",))
    assert "fetch" in report.seconds
    assert built(portal(tmp_path / "local", {"hash": sha256(PARKS)}, keep_file=True)).problems == ()
    site = files_of(tmp_path / "remote/site")
    assert site == files_of(tmp_path / "local/site")
    assert site["data/parks/parks.csv"] == PARKS
    assert parks.paths == ["GET /parks.csv"]


def test_an_unchanged_tree_is_built_again_without_a_network(parks: Server, tmp_path: Path) -> None:
    file = portal(tmp_path, {"path": parks.url("/parks.csv"), "hash": sha256(PARKS)}, parks)
    built(file)
    before = files_of(tmp_path / "site")
    parks.redirects["/parks.csv"] = "/gone"
    assert checked(file).problems == ()
    assert built(file).problems == ()
    assert files_of(tmp_path / "site") == before
    assert parks.paths == ["GET /parks.csv"]
    assert [f.name for f in (tmp_path / ".kaishu/remote").iterdir()] == [sha256(PARKS).partition(":")[2]]


def test_no_verdict_is_kept_on_what_was_fetched(parks: Server, tmp_path: Path) -> None:
    wrong = PARKS + "新公园,many,2024年1月6日\n".encode()
    file = portal(tmp_path, {"path": parks.url("/wrong.csv"), "hash": sha256(wrong)}, parks)
    first, second = checked(file), checked(file)
    assert [p.name for p in first.problems] == ["type-number", "type-date"]
    assert second.problems == first.problems
    assert [table.way for table in second.tables] == ["small"]


@pytest.mark.parametrize(
    ("changes", "content"),
    [
        ({"path": "/parks.csv.gz"}, gzip.compress(PARKS, mtime=0)),
        ({"path": "/download?file=parks", "format": "csv"}, PARKS),
        ({"path": ["/parks.csv"]}, PARKS),
        ({"path": "/gbk.csv", "encoding": "gb18030"}, PARKS.decode().encode("gb18030")),
        ({"path": "/parks.csv", "scheme": "http"}, PARKS),
    ],
)
def test_forms_of_remote_tables(parks: Server, tmp_path: Path, changes: dict[str, Any], content: bytes) -> None:
    path = changes["path"]
    remote = [parks.url(each) for each in path] if isinstance(path, list) else parks.url(path)
    file = portal(tmp_path, changes | {"path": remote, "hash": sha256(content)}, parks)
    assert prepared(file)["parks.csv"] == PARKS


def test_local_and_remote_parts_make_one_table(parks: Server, tmp_path: Path) -> None:
    more = b"park,area,opened\n" + "新公园,1,2024-01-06\n".encode()
    changes = {"path": ["parks.csv", parks.url("/more.csv")], "hashes": [None, sha256(more)]}
    made = prepared(portal(tmp_path, changes, parks, keep_file=True))
    assert made["parks.csv"] == PARKS + more.split(b"\n", 1)[1]


def test_errors_in_a_remote_table_are_told_at_its_address(parks: Server, tmp_path: Path) -> None:
    wrong = PARKS + "新公园,many,2024年1月6日\n".encode()
    url = parks.url("/wrong.csv")
    report = checked(portal(tmp_path, {"path": url, "hash": sha256(wrong)}, parks))
    rows = PARKS.count(b"\n") + 1
    assert [(p.name, p.file, p.row, p.line, p.field) for p in report.problems] == [
        ("type-number", url, rows, rows, "area"),
        ("type-date", url, rows, rows, "opened"),
    ]
    assert report.problems[1].likely == "2024-01-06"
    assert f" · {url} " in to_text(report, View("en", tmp_path / "datasets"))


def test_the_encoding_of_a_remote_table_is_looked_at_too(parks: Server, tmp_path: Path) -> None:
    url = parks.url("/gbk.csv")
    report = checked(portal(tmp_path, {"path": url, "hash": sha256(PARKS.decode().encode("gb18030"))}, parks))
    (problem,) = [p for p in report.problems if p.name == "encoding-undeclared"]
    assert problem.expected == "gb18030"
    assert url in words(problem, "zh")[1]


def test_a_checksum_of_joined_parts_is_frictionless_s_matter(parks: Server, tmp_path: Path) -> None:
    changes = {"path": [parks.url("/parks.csv"), parks.url("/more.csv")], "hash": "sha256:" + "0" * 64}
    more = b"park,area,opened\n" + "新公园,1,2024-01-06\n".encode()
    file = portal(tmp_path, changes | {"hashes": [sha256(PARKS), sha256(more)]}, parks)
    assert [p.name for p in checked(file).problems] == ["hash-count"]


def test_by_default_a_remote_path_stays_an_error(parks: Server, tmp_path: Path) -> None:
    url = parks.url("/parks.csv")
    report = checked(portal(tmp_path, {"path": url, "hash": sha256(PARKS)}))
    assert [(p.name, p.value, p.resource) for p in report.problems] == [("remote-path", url, "parks")]
    assert report.left_out == ("culture/parks",)
    assert "remote.hosts" in words(report.problems[0], "zh")[2]
    assert not parks.asked
    assert not (tmp_path / ".kaishu/remote").exists()


def test_what_fetching_refuses_is_told_once_and_leaves_the_dataset_out(parks: Server, tmp_path: Path) -> None:
    report = checked(portal(tmp_path, {"path": parks.url("/missing.csv"), "hash": sha256(PARKS)}, parks))
    assert [p.name for p in report.problems] == ["remote-failed"]
    assert report.left_out == ("culture/parks",)


def test_a_remote_schema_stays_refused_beside_allowed_data(parks: Server, tmp_path: Path) -> None:
    schema = parks.url("/schema.json")
    report = checked(
        portal(tmp_path, {"path": parks.url("/parks.csv"), "hash": sha256(PARKS), "schema": schema}, parks)
    )
    assert ("remote-path", schema) in [(p.name, p.value) for p in report.problems]
    assert parks.url("/parks.csv") not in [p.value for p in report.problems]
    assert parks.paths == ["GET /parks.csv"]


@pytest.mark.parametrize("openness", ["conditional", "closed"])
def test_withheld_data_are_not_fetched(parks: Server, tmp_path: Path, openness: str) -> None:
    access = {
        "reason": "含敏感信息",
        "legal_basis": "《数据安全法》",
        "conditions": ["不得转让"],
        "channel": {"email": "a@b.example"},
    }
    changes = {"path": parks.url("/parks.csv"), "hash": sha256(PARKS), "openness": openness, "access": access}
    report = checked(portal(tmp_path, changes, parks))
    assert not any(p.name.startswith("remote") for p in report.problems)
    assert not parks.asked


def test_what_is_no_table_is_published_as_it_is(parks: Server, tmp_path: Path) -> None:
    document = b"%PDF-1.7 not much of one"

    def give(handler: Handler) -> None:
        handler.give(document)

    with serving({"/map.pdf": give, "/a.csv": lambda h: h.give(TABLE)}) as server:
        changes = {"name": "map", "path": server.url("/map.pdf"), "hash": sha256(document), "schema": None}
        file = portal(tmp_path, changes, server)
        descriptor = file.parent / "datasets/culture/parks/datapackage.yaml"
        stated = yaml.safe_load(descriptor.read_text("utf-8"))
        del stated["resources"][0]["schema"]
        descriptor.write_text(yaml.safe_dump(stated, allow_unicode=True), "utf-8")
        assert prepared(file) == {"map.pdf": document}


def test_keys_from_a_local_into_a_remote_table(parks: Server, tmp_path: Path) -> None:
    file = portal(tmp_path, {"path": parks.url("/parks.csv"), "hash": sha256(PARKS)}, parks)
    descriptor = file.parent / "datasets/culture/parks/datapackage.yaml"
    stated = yaml.safe_load(descriptor.read_text("utf-8"))
    key = {"fields": "park", "reference": {"resource": "parks", "fields": "park"}}
    field = {"name": "park", "title": "公园", "type": "string"}
    stated["resources"].append(
        {"name": "trees", "path": "trees.csv", "schema": {"fields": [field], "foreignKeys": [key]}}
    )
    descriptor.write_text(yaml.safe_dump(stated, allow_unicode=True), "utf-8")
    (descriptor.parent / "trees.csv").write_text("park\n东湖公园\n没有的公园\n", "utf-8")
    (problem,) = checked(file).problems
    assert (problem.name, problem.file, problem.row, problem.value) == (
        "foreign-key",
        "culture/parks/trees.csv",
        3,
        "没有的公园",
    )


def test_the_package_s_own_folder_is_left_as_it_was(parks: Server, tmp_path: Path) -> None:
    changes = {"path": ["parks.csv", parks.url("/parks.csv")], "hashes": [None, sha256(PARKS)]}
    file = portal(tmp_path, changes, parks, keep_file=True)
    (file.parent / "datasets/culture/parks/link").symlink_to("/etc/hostname")
    before = files_of(tmp_path / "datasets")
    names = [p.name for p in checked(file).problems]
    assert "file-not-listed" in names  # the rules see the link as a link, not as what it leads to
    assert files_of(tmp_path / "datasets") == before
    assert [f.name for f in (tmp_path / ".kaishu/remote").iterdir()] == [sha256(PARKS).partition(":")[2]]


def test_the_command_works_with_worker_processes_and_says_what_was_fetched(
    parks: Server, tmp_path: Path, kaishu: Kaishu
) -> None:
    file = portal(tmp_path / "city", {"path": parks.url("/parks.csv"), "hash": sha256(PARKS)}, parks)
    shutil.copytree(file.parent / "datasets/culture/parks", file.parent / "datasets/culture/gardens")
    again = file.parent / "datasets/culture/gardens/datapackage.yaml"
    stated = yaml.safe_load(again.read_text("utf-8")) | {"name": "gardens"}
    again.write_text(yaml.safe_dump(stated, allow_unicode=True), "utf-8")
    ran = kaishu("check", "--config", file, "--jobs", "2", "--format", "json", "--today", "2026-06-30")
    report = json.loads(ran.stdout)
    assert report["summary"]["datasets"] == 2
    assert not [p for p in report["problems"] if p["severity"] == "error"], ran.stdout
    assert report["summary"]["seconds"]["fetch"] > 0
    assert parks.paths == ["GET /parks.csv"]
