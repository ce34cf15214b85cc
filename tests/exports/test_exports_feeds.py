"""Feeds, the sitemap, and the values that all formats are careful with."""

from __future__ import annotations

import dataclasses
from xml.etree import ElementTree

import pytest

from generator import exports
from generator.exports import feeds
from generator.exports.wellformed import instant, tel, web_uri, without_controls, xsd_date
from generator.public import Catalog, Dataset
from generator.sitefile import SiteFile
from tests.exports.catalogue import HOSTILE, URL, write_catalogue

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return write_catalogue(tmp_path_factory.mktemp("site"))


def content(file: SiteFile) -> bytes:
    assert isinstance(file.content, bytes)
    return file.content


def one(catalog: Catalog, name: str) -> Dataset:
    return next(dataset for dataset in catalog.datasets if dataset.name == name)


def test_feed_has_the_newest_with_dates_from_the_data(catalog: Catalog) -> None:
    beds = one(catalog, "hospital-beds")
    many = tuple(
        dataclasses.replace(beds, name=f"d{i:03}", modified=f"2024-{i % 12 + 1:02}-{i // 12 + 1:02}")
        for i in range(120)
    )
    root = ElementTree.fromstring(feeds.feed(dataclasses.replace(catalog, datasets=many), "en"))
    dates = [entry.findtext(f"{ATOM}updated") for entry in root.iter(f"{ATOM}entry")]
    assert len(dates) == 50
    assert dates == sorted(dates, reverse=True, key=str)
    assert dates[0] == root.findtext(f"{ATOM}updated") == "2024-12-10T00:00:00Z"
    assert len({entry.findtext(f"{ATOM}id") for entry in root.iter(f"{ATOM}entry")}) == 50


def test_feed_without_any_date_is_still_a_feed(catalog: Catalog) -> None:
    root = ElementTree.fromstring(feeds.feed(dataclasses.replace(catalog, datasets=()), "zh"))
    assert root.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00Z"


def test_hostile_text_is_text_in_a_feed(catalog: Catalog) -> None:
    hostile = dataclasses.replace(one(catalog, "hostile"), modified="2024-01-01")
    root = ElementTree.fromstring(feeds.feed(dataclasses.replace(catalog, datasets=(hostile,)), "zh"))
    entry = next(root.iter(f"{ATOM}entry"))
    assert entry.findtext(f"{ATOM}summary") == without_controls(HOSTILE)
    assert "\u202eevil\u202c" in without_controls(HOSTILE)


def test_sitemap_lists_pages_only(catalog: Catalog) -> None:
    paths = [
        "index.html",
        "en/index.html",
        "404.html",
        "en/404.html",
        "dataset/bus-stops/index.html",
        "data/x.csv",
        "catalog/a b/",
    ]
    (file,) = exports.sitemap(paths, catalog)
    urls = ElementTree.fromstring(content(file))
    assert [url.findtext(f"{SITEMAP}loc") for url in urls] == [
        URL,
        f"{URL}catalog/a%20b/",
        f"{URL}dataset/bus-stops/",
        f"{URL}en/",
    ]
    assert [url.findtext(f"{SITEMAP}lastmod") for url in urls] == [None, None, "2025-01-01", None]


def test_large_sitemap_is_split(catalog: Catalog) -> None:
    index, *parts = exports.sitemap([f"dataset/{i}/" for i in range(5)], catalog, most_urls=2)
    assert index.path == "sitemap.xml"
    assert [loc.text for loc in ElementTree.fromstring(content(index)).iter(f"{SITEMAP}loc")] == [
        URL + part.path for part in parts
    ]
    assert [len(ElementTree.fromstring(content(part))) for part in parts] == [2, 2, 1]


@pytest.mark.parametrize(
    ("text", "uri"),
    [
        (
            "https://例子.测试/年鉴?a=1&b=<2>#é",
            "https://xn--fsqu00a.xn--0zwm56d/%E5%B9%B4%E9%89%B4?a=1&b=%3C2%3E#%C3%A9",
        ),
        ("HTTP://EXAMPLE.org:8080/100%", "http://example.org:8080/100%25"),
        ("https://a.example/%E5%B9%B4", "https://a.example/%E5%B9%B4"),
        ("javascript:alert(1)", ""),
        ("//a.example/", ""),
        ("http://[broken", ""),
        ("http://a.example:x/", ""),
        ("example.org", ""),
    ],
)
def test_web_addresses(text: str, uri: str) -> None:
    assert web_uri(text) == uri


def test_dates() -> None:
    assert xsd_date("2024-03") == ("2024-03", "gYearMonth")
    assert xsd_date("2024-02-30") is None
    assert xsd_date("2024-01-01T08:00:00+08:00") == ("2024-01-01T08:00:00+08:00", "dateTime")
    assert str(instant("2024-01-01T08:00:00+08:00")) == "2024-01-01 00:00:00+00:00"
    assert instant("0001-01-01T00:00:00+08:00") is None
    assert (tel("+86 750-1234567"), tel("1234转5")) == ("tel:+867501234567", "")
