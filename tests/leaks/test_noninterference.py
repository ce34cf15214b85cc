"""Two builds that differ only in withheld data give the same site, byte by byte, and their reports tell nothing of them."""

from __future__ import annotations

import datetime
import logging
import re
import shutil
import subprocess
import tempfile
import warnings
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.read import DESCRIPTORS
from tests.conftest import ROOT
from tests.leaks import catalogues
from tests.leaks.catalogues import MARK, NUMBER, WAYS, Withheld
from tests.leaks.sites import Built, built, differing, write_portal

TELLING = re.compile(rf"{MARK}|{NUMBER}\d{{4}}", re.IGNORECASE)


def compared(seed: int, *, private: bool) -> tuple[Built, Built, list[str]]:
    """One generated catalogue with two states of its withheld data."""
    made = catalogues.catalogue(Random(seed))
    sites, ways = [], []
    for number in (1, 2):
        files, how = catalogues.with_data(made, Random(f"{seed}/{number}"))
        ways += how
        with tempfile.TemporaryDirectory() as folder:
            portal = write_portal(Path(folder) / "portal", files, private=private)
            sites.append(built(portal, state=seed % 2 == 0))
            kept = (portal / ".kaishu").rglob("*.json")
            assert not [file for file in kept if TELLING.search(file.read_text("utf-8"))], "the state"
    return sites[0], sites[1], ways


def hold(one: Built, other: Built) -> None:
    assert differing(one.files, other.files) == []
    assert one.report.published == other.report.published
    assert one.report.left_out == other.report.left_out
    assert [p for p in one.report.problems if p.published] == [p for p in other.report.problems if p.published]
    for each in (one, other):
        assert TELLING.findall(each.told) == []
        assert not any(TELLING.search(content.decode("latin-1")) for content in each.files.values())


@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**9), private=st.booleans())
def test_withheld_data_change_nothing_of_the_site(seed: int, private: bool) -> None:
    one, other, _ = compared(seed, private=private)
    hold(one, other)


@pytest.mark.parametrize("way", WAYS)
def test_each_way_of_withheld_data_beside_none(way: str, tmp_path: Path) -> None:
    """One mixed dataset with keys both ways, whose open table has a fault of its own, or none."""
    made = catalogues.catalogue(Random(4407), datasets=2)
    without = built(write_portal(tmp_path / "without", made.files, private=True))
    files = dict(made.files)
    for one in made.withheld:
        content = catalogues.data(one, way, Random(way))
        files |= {one.path: content} if content is not None else {}
    hold(without, built(write_portal(tmp_path / "with", files, private=True)))
    hold(without, built(write_portal(tmp_path / "public", files, private=False)))


def test_the_catalogues_are_worth_comparing() -> None:
    """Among them are open, mixed and shut datasets, published ones, and withheld data with and without faults."""
    published, codes = 0, set()
    for seed in range(4):
        one, other, _ = compared(seed, private=True)
        published += len(one.report.published)
        codes |= {p.name for p in (*one.report.problems, *other.report.problems) if not p.published}
    assert published > 3
    assert len(codes) > 5


def test_links_and_folders_in_the_place_of_withheld_data(tmp_path: Path) -> None:
    made = catalogues.catalogue(Random(7), datasets=2)
    without = built(write_portal(tmp_path / "without", made.files, private=True))
    portal = write_portal(tmp_path / "with", made.files, private=True)
    outside = tmp_path / "outside.csv"
    outside.write_text(f"{MARK}\n", "utf-8")
    for number, one in enumerate(made.withheld):
        place = portal / "datasets" / one.path
        if number % 2:
            place.mkdir()
        else:
            place.symlink_to(outside)
    hold(without, built(portal))


def test_a_fault_of_ours_on_withheld_data_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told as ours, without the words of the exception, and does not keep the site from being put up."""
    from generator.tables import check as room

    made = catalogues.catalogue(Random(4407), datasets=2)
    without = built(write_portal(tmp_path / "without", made.files, private=True))

    def broken(*_: object) -> object:
        raise KeyError(f"{MARK}value")

    files, _ = catalogues.with_data(made, Random(1))
    monkeypatch.setattr(room, "_withheld_tables", broken)
    with_fault = built(write_portal(tmp_path / "with", files, private=True))
    hold(without, with_fault)
    faults = [p for p in with_fault.report.problems if p.name == "check-failed"]
    assert faults
    assert all("KeyError" in p.detail for p in faults)
    assert with_fault.exit_code == 1


def test_warnings_and_logs_of_libraries_tell_no_value(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    recwarn: pytest.WarningsRecorder,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """As openpyxl, which warns of a date that Excel cannot have, with its number."""
    from generator.tables import check as room

    real = room._judge

    def talkative(resource: Any, *given: Any, **named: Any) -> Any:
        if resource.name == "secret":
            warnings.warn(f"{MARK}warning", stacklevel=1)
            logging.getLogger("library").error(f"{MARK}log")
        said.append(resource.name)
        return real(resource, *given, **named)

    said: list[str] = []
    monkeypatch.setattr(room, "_judge", talkative)
    made = catalogues.Catalogue()
    resource = {"name": "secret", "title": "x", "path": "secret.csv", "openness": "conditional"}
    made.files["stats/days/datapackage.yaml"] = yaml.safe_dump({"name": "days", "resources": [resource]}).encode()
    made.files["stats/days/secret.csv"] = b"a\n1\n"
    built(write_portal(tmp_path, made.files, private=True, rules={"all": "off"}))
    assert said == ["secret"]
    assert MARK not in "".join(str(w.message) for w in recwarn) + caplog.text


def test_a_commit_of_withheld_data_alone_changes_no_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = catalogues.catalogue(Random(3), datasets=2)
    portal = write_portal(tmp_path / "portal", made.files, private=True)

    def commit(day: str) -> None:
        when = {"GIT_AUTHOR_DATE": f"{day}T09:00:00+08:00", "GIT_COMMITTER_DATE": f"{day}T09:00:00+08:00"}
        who = ["-c", "user.name=x", "-c", "user.email=x@x.example"]
        for command in (["init", "--quiet"], ["add", "-A"], [*who, "commit", "--quiet", "-m", "x"]):
            subprocess.run(["git", "-C", str(portal), *command], check=True, env={"PATH": "/usr/bin:/bin", **when})

    commit("2026-01-05")
    before = built(portal)
    files, _ = catalogues.with_data(made, Random(1))
    write_portal(portal, files, private=True)
    for one in made.withheld:
        (portal / "datasets" / one.path).write_bytes(f"{MARK}\n".encode())
    commit("2026-06-05")
    hold(before, built(portal))


def test_rows_within_the_descriptor(tmp_path: Path) -> None:
    made = catalogues.catalogue(Random(11), datasets=2)
    inline = dict(made.files)
    for path in [path for path in inline if path.endswith("datapackage.yaml")]:
        descriptor = yaml.safe_load(inline[path])
        for resource in descriptor["resources"]:
            if "embargo_until" in str(resource) or resource["openness"] != "unconditional":
                del resource["path"]
                resource["data"] = [[f"{MARK}column"], [f"{MARK}cell"], [f"{MARK}cell", f"{MARK}extra"]]
        inline[path] = yaml.safe_dump(descriptor, allow_unicode=True).encode()
    without = built(write_portal(tmp_path / "without", made.files, private=False))
    for private in (True, False):
        hold(without, built(write_portal(tmp_path / f"{private}", inline, private=private)))


# This repository's own catalogue


def own_catalogue(folder: Path) -> tuple[Path, list[Withheld]]:
    """A copy, declared private, and the resources that are not open."""
    shutil.copytree(ROOT / "datasets", folder / "datasets", copy_function=shutil.copyfile)
    config = yaml.safe_load((ROOT / "kaishu.yaml").read_text("utf-8"))
    config["repository"] = {"visibility": "private"}
    (folder / "kaishu.yaml").write_text(yaml.safe_dump(config, allow_unicode=True), "utf-8")
    withheld = []
    for file in sorted(p for name in DESCRIPTORS for p in (folder / "datasets").rglob(name)):
        descriptor = yaml.safe_load(file.read_text("utf-8"))
        for resource in descriptor.get("resources", ()):
            if resource.get("openness", descriptor["openness"]) != "unconditional":
                resource.setdefault("path", f"{resource['name']}.csv")
                fields = (resource.get("schema") or {}).get("fields") or [{"name": "x", "type": "string"}]
                path = (file.parent / resource["path"]).relative_to(folder / "datasets").as_posix()
                withheld.append(Withheld(path, fields, "csv"))
        file.write_text(yaml.safe_dump(descriptor, allow_unicode=True, sort_keys=False), "utf-8")
    # What is neither small nor beside withheld data takes the time of a build and no part in this.
    open_only = {p.parent for p in (folder / "datasets").rglob("datapackage.yaml")}
    open_only -= {(folder / "datasets" / one.path).parent for one in withheld}
    for place in open_only:
        if sum(f.stat().st_size for f in place.iterdir() if f.is_file()) > 100_000:
            shutil.rmtree(place)
    return folder, withheld


def test_the_own_catalogue(tmp_path: Path) -> None:
    portal, withheld = own_catalogue(tmp_path / "portal")
    assert len(withheld) >= 4
    today = datetime.date(2026, 11, 20)
    without = built(portal, today=today)
    for seed, how in enumerate(("wrong", "columns")):
        for one in withheld:
            content = catalogues.data(one, how, Random(seed))
            assert content is not None
            (portal / "datasets" / one.path).write_bytes(content)
        hold(without, built(portal, today=today))
