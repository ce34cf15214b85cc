"""Other people's validators, from the kit beside the repository, find nothing wrong."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from generator import exports
from generator.sitefile import SiteFile
from tests.exports.catalogue import URL, write_catalogue

KIT = Path(__file__).parents[3] / "shared" / "kit" / "metadata"


def _runs() -> bool:
    if not KIT.is_file():
        return False
    interpreter = KIT.read_text("utf-8").splitlines()[0].removeprefix("#!")
    return Path(interpreter).is_file()


pytestmark = pytest.mark.skipif(not _runs(), reason="../shared/kit is not here or not set up (kit/setup)")


def write(site: Path, file: SiteFile) -> None:
    assert isinstance(file.content, bytes)
    target = site / file.path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(file.content)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    site = tmp_path_factory.mktemp("site")
    catalog = write_catalogue(site)
    for file in exports.export(catalog):
        write(site, file)
    pages = {}
    for lang, prefix in (("zh", ""), ("en", "en/")):
        pages[f"{prefix}index.html"] = exports.catalog_structured_data(catalog, lang)
        for dataset in catalog.datasets:
            pages[f"{prefix}dataset/{dataset.name}/index.html"] = exports.structured_data(dataset, catalog, lang)
    for path, data in pages.items():
        html = f'<!DOCTYPE html><title>x</title><script type="application/ld+json">{data}</script>'
        write(site, SiteFile(path, html.encode()))
    for file in exports.sitemap(pages, catalog):
        write(site, file)
    ran = subprocess.run([KIT, site, "--base-url", URL], capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


@pytest.mark.parametrize(
    "check",
    [
        "dcat",
        "dcat/shapes",
        "dcat/range",
        "dcat/mdr-vocabularies",
        "dcat/dcat-ap-SHACL",
        "datapackage",
        "schemaorg",
        "schemaorg/google-required",
        "schemaorg/science-on-schema.org",
        "feed",
        "sitemap",
    ],
)
def test_kit_finds_no_error(report: dict[str, Any], check: str) -> None:
    assert report[check]["files"] > 0
    assert report[check]["errors"] == 0, report[check]
    assert report[check].get("violations", 0) == 0, report[check]


def test_both_syntaxes_are_compared(report: dict[str, Any]) -> None:
    assert report["dcat"]["same_in_both_syntaxes"] * 2 == report["dcat"]["files"]


def test_complete_dataset_loses_points_of_the_mqa_for_parquet_alone(tmp_path: Path) -> None:
    catalog = write_catalogue(tmp_path)
    for file in exports.export(catalog):
        write(tmp_path, file)
    ran = subprocess.run(
        [
            KIT.with_name("mqa_score.py"),
            tmp_path / "data/hospital-beds/dcat.ttl",
            "--site",
            tmp_path,
            "--base-url",
            URL,
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    score = json.loads(ran.stdout)
    assert (score["mean"], score["best"]) == (389.0, 405)
    assert set(score["lost"]) == {"machine readable", "non-proprietary"}
