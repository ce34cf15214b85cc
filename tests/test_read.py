"""Descriptors on disk → catalogue: what stands in them, whose they are, when they changed, and what hostile ones do."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
from pathlib import Path

import pytest

from generator.config import Config, Portal
from generator.model import Catalog
from generator.read import read_catalog
from generator.read.descriptor import MAX_BYTES, read_descriptor
from generator.read.history import commit_dates
from generator.text import Text

TODAY = datetime.date(2026, 6, 30)


def read(datasets: Path, **settings: object) -> Catalog:
    portal = Portal(Text("门户"), Text(), "https://data.test.example/")
    values = {"file": None, "datasets": datasets, "site_src": datasets, "site": datasets, "mkdocs": datasets}
    return read_catalog(Config(portal, **values | settings), TODAY)  # type: ignore[arg-type]  # the tests' own choice


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return folder


class Repository:
    """A throw-away git repository that knows nothing of the tester's own git."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
        self._monkeypatch = monkeypatch
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str) -> None:
        author = ("-c", "user.name=clerk", "-c", "user.email=clerk@city.example")
        subprocess.run(["git", *author, *arguments], cwd=self.folder, check=True, capture_output=True)

    def commit(self, when: str, files: dict[str, str]) -> None:
        write(self.folder, files)
        self._monkeypatch.setenv("GIT_COMMITTER_DATE", when)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "数据", "--date", when)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    return Repository(tmp_path / "city", monkeypatch)


# --- dates from git


def test_each_file_has_the_date_of_its_own_last_commit(repository: Repository) -> None:
    repository.commit("2024-01-05T09:00:00+08:00", {"datasets/stats/population/a.csv": "1", "README.md": "x"})
    repository.commit("2024-02-06T09:00:00+08:00", {"datasets/stats/gdp/a.csv": "1"})
    repository.commit("2024-03-07T09:00:00+08:00", {"datasets/stats/population/a.csv": "2"})
    repository.commit("2024-04-08T09:00:00+08:00", {"README.md": "y"})
    assert commit_dates(repository.folder / "datasets") == {
        "stats/population/a.csv": "2024-03-07",
        "stats/gdp/a.csv": "2024-02-06",
    }


def test_the_day_is_the_committer_s_not_the_machine_s(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    repository.commit("2024-01-05T00:30:00+08:00", {"a/x.csv": "1"})
    assert commit_dates(repository.folder)["a/x.csv"] == "2024-01-05"


def test_odd_names_of_files_are_no_dates(repository: Repository) -> None:
    names = {"人口/数据 “终稿”.csv": "1", "a\nb/\n1999-01-01": "1", "commit 1999-01-01/2000-01-01": "1"}
    repository.commit("2024-01-05T09:00:00+08:00", names)
    assert commit_dates(repository.folder) == dict.fromkeys(names, "2024-01-05")


def test_a_removed_file_and_a_merge_count_as_changes(repository: Repository) -> None:
    repository.commit("2024-01-05T09:00:00+08:00", {"a/x.csv": "1", "a/y.csv": "1", "b/x.csv": "1"})
    repository.git("checkout", "--quiet", "-b", "branch")
    repository.commit("2024-02-05T09:00:00+08:00", {"b/x.csv": "2"})
    repository.git("checkout", "--quiet", "main")
    repository.git("rm", "--quiet", "a/y.csv")
    repository.commit("2024-03-05T09:00:00+08:00", {})
    repository.git("merge", "--quiet", "--no-edit", "branch")
    found = {"a/x.csv": "2024-01-05", "a/y.csv": "2024-03-05", "b/x.csv": "2024-02-05"}
    assert commit_dates(repository.folder) == found


def test_what_is_not_committed_has_no_date(repository: Repository) -> None:
    repository.commit("2024-01-05T09:00:00+08:00", {"a/x.csv": "1"})
    write(repository.folder, {"new/x.csv": "1"})
    assert "new/x.csv" not in commit_dates(repository.folder)


def test_the_user_s_git_configuration_changes_nothing(repository: Repository) -> None:
    repository.commit("2024-01-05T09:00:00+08:00", {"a/x.csv": "1"})
    repository.git("config", "log.showSignature", "true")
    repository.git("config", "log.showRoot", "false")
    repository.git("config", "log.date", "relative")
    assert commit_dates(repository.folder) == {"a/x.csv": "2024-01-05"}


def test_a_shallow_clone_knows_no_dates(repository: Repository, tmp_path: Path) -> None:
    repository.commit("2024-01-05T09:00:00+08:00", {"a/x.csv": "1"})
    repository.commit("2024-02-05T09:00:00+08:00", {"b/x.csv": "1"})
    repository.git("clone", "--quiet", "--depth=1", repository.folder.as_uri(), str(tmp_path / "shallow"))
    assert (tmp_path / "shallow/a/x.csv").is_file()
    assert commit_dates(tmp_path / "shallow") == {}


def test_no_repository_no_dates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert commit_dates(write(tmp_path, {"a/x.csv": "1"})) == {}


def test_no_commit_yet_no_dates(repository: Repository) -> None:
    assert commit_dates(write(repository.folder, {"a/x.csv": "1"})) == {}


def test_no_git_no_dates(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit("2024-01-05T09:00:00+08:00", {"a/x.csv": "1"})
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert commit_dates(repository.folder) == {}


def test_packages_carry_their_dates(repository: Repository) -> None:
    repository.commit("2024-01-05T09:00:00+08:00", {"datasets/stats/population/datapackage.yaml": "name: population\n"})
    repository.commit("2024-02-05T09:00:00+08:00", {"datasets/stats/gdp/datapackage.yaml": "name: gdp\n"})
    packages = read(repository.folder / "datasets").packages
    assert {p.folder: p.committed for p in packages} == {"stats/gdp": "2024-02-05", "stats/population": "2024-01-05"}


def test_only_the_descriptor_and_open_data_date_a_package(repository: Repository) -> None:
    """A commit that touches withheld data must not show on the site."""
    descriptor = """
        resources:
          - {name: open, path: ./open.csv, openness: unconditional, schema: schema.json}
          - {name: shut, path: shut.csv, openness: conditional}
          - {name: late, path: late.csv, openness: unconditional, access: {embargo_until: 9999-01-01}}
    """
    first = {"datapackage.yaml": descriptor, "open.csv": "1", "shut.csv": "1", "late.csv": "1", "x.csv": "1"}
    repository.commit("2024-01-05T09:00:00+08:00", {f"datasets/a/b/{name}": text for name, text in first.items()})
    for month, name in enumerate(("schema.json", "open.csv", "shut.csv", "late.csv", "x.csv"), 2):
        repository.commit(f"2024-0{month}-05T09:00:00+08:00", {f"datasets/a/b/{name}": f"{{}}{month}"})
    (package,) = read(repository.folder / "datasets").packages
    assert package.committed == "2024-03-05"
    assert package.withheld_commits == {"shut.csv": "2024-04-05", "late.csv": "2024-05-05"}


# --- whose a dataset is


def test_the_nearest_folder_above_with_an_agency_s_file_is_the_agency(tmp_path: Path) -> None:
    body = "name: 某局\n"
    datasets = write(
        tmp_path,
        {
            "health/agency.yaml": body,
            "health/clinics/datapackage.yaml": "name: clinics\n",
            "health/hospitals/agency.yaml": body,
            "health/hospitals/2023/beds/datapackage.yaml": "name: beds\n",
            "health/other/datapackage.yaml": "name: other\nagency: stats\n",
            "nobody/x/datapackage.yaml": "name: x\n",
        },
    )
    agencies = {package.name: package.agency for package in read(datasets).packages}
    assert agencies == {"clinics": "health", "beds": "hospitals", "other": "stats", "x": ""}


def test_a_default_agency_yields_to_the_folder_and_to_the_descriptor(tmp_path: Path) -> None:
    datasets = write(
        tmp_path,
        {
            "health/agency.yaml": "name: 某局\n",
            "health/a/datapackage.yaml": "name: a\n",
            "b/datapackage.yaml": "name: b\n",
            "c/datapackage.yaml": "name: c\nagency: stats\n",
        },
    )
    agencies = {p.name: p.agency for p in read(datasets, defaults={"agency": "city"}).packages}
    assert agencies == {"a": "health", "b": "city", "c": "stats"}


def test_an_agency_s_folder_replaces_the_one_of_the_configuration(tmp_path: Path) -> None:
    write(tmp_path, {"health/agency.yaml": "name: 文件夹里的\n"})
    bodies = read(tmp_path, agencies={"health": {"name": "配置里的"}, "stats": {"name": "统计局"}}).bodies
    assert {id_: body.descriptor["name"] for id_, body in bodies.items()} == {"health": "文件夹里的", "stats": "统计局"}
    assert (bodies["health"].file, bodies["stats"].file) == ("health/agency.yaml", "")


# --- which folders


def test_links_and_hidden_folders_are_not_entered(tmp_path: Path) -> None:
    datasets = write(tmp_path / "datasets", {"a/datapackage.yaml": "name: a\n", ".git/b/datapackage.yaml": "name: b\n"})
    write(tmp_path / "outside", {"c/datapackage.yaml": "name: c\n"})
    (datasets / "linked").symlink_to(tmp_path / "outside")
    (datasets / "a/round").symlink_to(datasets)
    assert [package.folder for package in read(datasets).packages] == ["a"]


def test_an_unreadable_descriptor_leaves_the_others(tmp_path: Path) -> None:
    write(tmp_path, {"a/datapackage.yaml": "name: a\n", "b/datapackage.yaml": "name: [\n", "c/datapackage.json": "{"})
    catalog = read(tmp_path)
    assert [package.folder for package in catalog.packages] == ["a"]
    assert catalog.unreadable == ("b", "c")
    assert [(p.name, p.dataset) for p in catalog.problems] == [("descriptor-syntax", "b"), ("descriptor-syntax", "c")]


# --- what a descriptor says


def value_of(text: str, folder: Path, name: str = "datapackage.yaml") -> object:
    stated, problems = read_descriptor(write(folder, {name: text}) / name, folder)
    assert [p.name for p in problems] == []
    return stated


def test_dates_stay_text(tmp_path: Path) -> None:
    text = "created: 2024-01-06\ntemporal: {start: 2024-01-06T08:30:00Z}\n"
    assert value_of(text, tmp_path) == {"created": "2024-01-06", "temporal": {"start": "2024-01-06T08:30:00Z"}}


def test_values_that_json_does_not_have_become_texts(tmp_path: Path) -> None:
    text = "7: one\ntrue: yes\nnull: x\n2024-01-06: day\nset: !!set {a}\nbig: .inf\nnot: .nan\n"
    assert value_of(text, tmp_path) == {
        "7": "one", "True": True, "None": "x", "2024-01-06": "day", "set": ["a"], "big": "inf", "not": "nan",
    }  # fmt: skip
    json.dumps(value_of(text, tmp_path), allow_nan=False)


def test_half_a_character_is_replaced(tmp_path: Path) -> None:
    assert value_of('{"title": "\\ud83d人口"}', tmp_path, "datapackage.json") == {"title": "\ufffd人口"}


def test_what_is_merged_in_stands_once(tmp_path: Path) -> None:
    text = "a: &a {x: 1, y: 1}\nb:\n  c: &c {<<: *a, x: 2}\nd: {<<: *c, z: 3}\n"
    read_value = value_of(text, tmp_path)
    assert read_value == {"a": {"x": 1, "y": 1}, "b": {"c": {"x": 2, "y": 1}}, "d": {"x": 2, "y": 1, "z": 3}}


# --- hostile descriptors: a problem, soon, and nothing else

HOSTILE = {
    "deep brackets": "a: " + "[" * 300_000,
    "deep dashes": "- " * 300_000,
    "deep indentation": "".join(" " * depth + "a:\n" for depth in range(2_000)),
    "deep braces within brackets": "[{a: " * 100_000,
    "many from few": "a0: &a0 [x, x, x, x, x, x, x, x]\n"
    + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 8)}]\n" for i in range(1, 20)),
    "merged many from few": "m0: &m0 {x: 1}\n"
    + "".join(f"m{i}: &m{i} {{<<: [{', '.join([f'*m{i - 1}'] * 8)}]}}\n" for i in range(1, 20)),
    "long texts many times": "a: &a " + "x" * 1_000_000 + "\nb: [" + ", ".join(["*a"] * 100_000) + "]\n",
    "itself": "a: &a [*a]\n",
    "a number in sixties": "a: 1" + ":1" * 500_000,
    "a number of many digits": "a: " + "9" * 5_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_what_is_too_large_is_refused(text: str, tmp_path: Path) -> None:
    file = write(tmp_path, {"datapackage.yaml": text}) / "datapackage.yaml"
    stated, problems = read_descriptor(file, tmp_path)
    assert stated is None
    assert [p.name for p in problems] == ["descriptor-too-large"]
    assert dict(problems[0].more)["limit_zh"]


@pytest.mark.parametrize("text", ['{"a": ' + "[" * 300_000, '{"a": ' + "9" * 5_000 + "}"], ids=["deep", "digits"])
def test_what_is_too_large_is_refused_in_json(text: str, tmp_path: Path) -> None:
    file = write(tmp_path, {"datapackage.json": text}) / "datapackage.json"
    stated, problems = read_descriptor(file, tmp_path)
    assert stated is None
    assert [p.name for p in problems] == ["descriptor-too-large"]


def test_a_file_beyond_the_limit_is_not_even_read(tmp_path: Path) -> None:
    file = tmp_path / "datapackage.yaml"
    with file.open("wb") as made:
        made.truncate(MAX_BYTES + 1)
    stated, problems = read_descriptor(file, tmp_path)
    assert (stated, [p.name for p in problems]) == (None, ["descriptor-too-large"])


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("name: x\ntitle: !!int 十\n", 2),
        ("name: x\ntitle: !!bool maybe\n", 2),
        ("name: x\ntitle: !!timestamp today\n", 2),
        ("name: x\ntitle: !!python/name:os.system\n", 2),
        ("name: x\n\ntitle: \x07\n", 3),
        ("name: x\n---\nname: y\n", 2),
        ("name: x\ntitle: *nothing\n", 2),
        ("? [a, b]\n: x\n", 1),
    ],
)
def test_what_is_no_yaml_of_ours_names_its_line(text: str, line: int, tmp_path: Path) -> None:
    file = write(tmp_path, {"datapackage.yaml": text}) / "datapackage.yaml"
    stated, problems = read_descriptor(file, tmp_path)
    assert (stated, [(p.name, p.line) for p in problems]) == (None, [("descriptor-syntax", line)])


def test_keys_that_stand_twice_are_found_at_any_depth(tmp_path: Path) -> None:
    text = "name: x\nresources:\n  - path: a.csv\n    title: 甲\n    path: b.csv\n"
    file = write(tmp_path, {"datapackage.yaml": text}) / "datapackage.yaml"
    _, problems = read_descriptor(file, tmp_path)
    assert [(p.name, p.value, p.line) for p in problems] == [("duplicate-key", "path", 3)]
