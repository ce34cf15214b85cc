"""The ZIP of a dataset."""

from __future__ import annotations

import hashlib
import io
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.exports import archive
from generator.packing import pack
from generator.sitefile import SiteFile
from tests.exports.catalogue import write_catalogue
from tests.take.conftest import Site


def opened(site: Site, name: str) -> zipfile.ZipFile:
    return zipfile.ZipFile(site.folder / f"download/{name}.zip")


def test_archive_is_a_data_package_with_licence_and_read_me(site: Site, tmp_path: Path) -> None:
    from frictionless import Package

    with opened(site, "parks") as packed:
        assert packed.testzip() is None
        names = packed.namelist()
        packed.extractall(tmp_path)
    assert names == [
        "README.md", "LICENSE.txt", "datapackage.json", "parks.csv", "parks.parquet", "parks.xlsx", "map.pdf",
        "views/parks.series-1.csv", "views/parks-columns.csv",
    ]  # fmt: skip
    report = Package(str(tmp_path / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "message"])
    for file in ("parks.csv", "parks.parquet", "map.pdf", "views/parks-columns.csv"):
        assert (tmp_path / file).read_bytes() == (site.folder / "data/parks" / file).read_bytes()
    assert "Attribution 4.0 International" in (tmp_path / "LICENSE.txt").read_text("utf-8")
    assert len((tmp_path / "LICENSE.txt").read_text("utf-8")) > 15_000
    chinese, english = (tmp_path / "README.md").read_text("utf-8").split("\n---\n")
    assert "# 公园" in chinese
    assert "`views/`：网页上各图的数值" in chinese
    assert "| 编号 |" in chinese
    assert "# Parks {of} Jiangmen & 100%" in english
    assert f"{site.url}en/dataset/parks/" in english


def test_only_datasets_with_open_files_have_one(site: Site) -> None:
    assert sorted(file.name for file in (site.folder / "download").glob("*.zip")) == [
        "fees.zip",
        "odd.zip",
        "parks.zip",
    ]
    page = (site.folder / "dataset/visits/index.html").read_text("utf-8")
    assert ".zip" not in page


@pytest.mark.parametrize("lang", ["", "en/"])
def test_page_tells_its_size_and_checksum(site: Site, lang: str) -> None:
    content = (site.folder / "download/parks.zip").read_bytes()
    page = (site.folder / lang / "dataset/parks/index.html").read_text("utf-8")
    assert hashlib.sha256(content).hexdigest() in page
    assert f"parks.zip</span> · {len(content) / 1000:.1f} kB" in page


def test_what_is_compressed_is_stored(site: Site) -> None:
    with opened(site, "parks") as packed:
        kinds = {info.filename: info.compress_type for info in packed.infolist()}
    assert kinds["parks.csv"] == kinds["README.md"] == zipfile.ZIP_DEFLATED
    assert kinds["parks.parquet"] == kinds["parks.xlsx"] == kinds["map.pdf"] == zipfile.ZIP_STORED


def test_bytes_depend_on_the_members_alone(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a" * 5000)
    digests = set()
    for number in range(2):
        (tmp_path / "a").touch()
        (tmp_path / "a").chmod(0o600 + number * 0o44)
        digests.add(pack([SiteFile("a.csv", tmp_path / "a")], tmp_path / f"{number}.zip", "2024-03-05"))
    assert len(digests) == 1
    with zipfile.ZipFile(tmp_path / "0.zip") as packed:
        (info,) = packed.infolist()
    assert (info.date_time, info.external_attr >> 16, info.create_system) == ((2024, 3, 5, 0, 0, 0), 0o100644, 3)


@given(st.text())
def test_any_day_gives_a_time_that_zip_can_hold(tmp_path_factory: pytest.TempPathFactory, day: str) -> None:
    target = tmp_path_factory.mktemp("zip") / "x.zip"
    pack([SiteFile("a.csv", b"a")], target, day)
    assert zipfile.ZipFile(target).read("a.csv") == b"a"


def test_a_large_file_is_never_in_memory(tmp_path: Path) -> None:
    with (tmp_path / "large.csv").open("wb") as file:
        for _ in range(48):
            file.write(bytes(range(256)) * 4096)
    tracemalloc.start()
    pack([SiteFile("large.csv", tmp_path / "large.csv")], tmp_path / "x.zip", "")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000


def test_of_a_mixed_dataset_only_what_is_open_is_in_it(tmp_path: Path) -> None:
    catalog = write_catalogue(tmp_path)
    by_name = {dataset.name: dataset for dataset in catalog.datasets}
    names = [member.path for member in archive.members(by_name["visits"], catalog)]
    assert names[3:] == ["visits.csv", "visits.parquet", "visits.xlsx"]
    read_me = archive.members(by_name["visits"], catalog)[0].content
    assert isinstance(read_me, bytes)
    assert "病人：有条件开放" in read_me.decode()
    assert archive.members(by_name["patients"], catalog) == archive.members(by_name["cases"], catalog) == []


def test_a_publishers_own_read_me_keeps_its_name(tmp_path: Path) -> None:
    catalog = write_catalogue(tmp_path)
    dataset = next(each for each in catalog.datasets if each.name == "bus-stops")
    target = tmp_path / "x.zip"
    assert archive._free("README.md", {"readme.md", "readme-2.md"}) == "README-3.md"
    pack(archive.members(dataset, catalog), target, "")
    with zipfile.ZipFile(io.BytesIO(target.read_bytes())) as packed:
        assert len(set(map(str.casefold, packed.namelist()))) == len(packed.namelist())


def test_hostile_texts_stay_in_their_place(tmp_path: Path) -> None:
    catalog = write_catalogue(tmp_path)
    hostile = next(each for each in catalog.datasets if each.name == "hostile")
    pack(archive.members(hostile, catalog), tmp_path / "x.zip", hostile.modified)
    with zipfile.ZipFile(tmp_path / "x.zip") as packed:
        assert packed.testzip() is None
        assert all(not name.startswith(("/", ".")) and ".." not in name for name in packed.namelist())
