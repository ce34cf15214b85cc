"""The machine-readable side of the site: descriptors, DCAT-AP, lists, feeds, what crawlers read.

Pure: public values in, files out. Nothing here comes from the clock or from outside.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.exports import (
    api,
    bulk,
    catalogue_sheet,
    changes,
    ckan,
    community,
    dcat,
    feeds,
    json_text,
    listing,
    rdf,
    releases,
    scorecard,
    sheet,
    statistics,
    views,
)
from generator.exports.addresses import Addresses
from generator.exports.crawling import robots, sitemap
from generator.exports.datapackage import datapackage
from generator.exports.openapi import openapi
from generator.exports.profile import profile
from generator.exports.published import sample_of
from generator.exports.schema_org import catalog_structured_data, structured_data
from generator.headers import headers_file
from generator.public import Catalog, Dataset
from generator.sitefile import SiteFile
from generator.text import LANGUAGES

__all__ = ["catalog_structured_data", "datapackage", "export", "export_dataset", "sitemap", "structured_data"]


def export(catalog: Catalog) -> Iterator[SiteFile]:
    """All files but those of ``export_dataset`` and the sitemap, which needs to know the pages. One dataset after the
    other, then the catalogue's."""
    at = Addresses.of(catalog)
    lines: dict[str, bytes] = {}
    blocks: dict[str, bytes] = {}
    digests: dict[str, str] = {}
    beside: dict[str, list[bulk.Listed]] = {}
    for each in dcat.catalog_nodes(catalog):
        lines[rdf.key(each)], blocks[rdf.key(each)] = rdf.jsonld_line(each), rdf.turtle_block(each)
    for dataset in catalog.datasets:
        folder = f"data/{dataset.name}"
        nodes = dcat.dataset_nodes(dataset, catalog)
        own_lines, own_blocks = [rdf.jsonld_line(each) for each in nodes], [rdf.turtle_block(each) for each in nodes]
        descriptor = json_text.readable(datapackage(dataset, catalog)).encode()
        digests[dataset.name] = releases.digest(dataset, descriptor)
        made = [SiteFile(f"{folder}/datapackage.json", descriptor), *views.values(dataset)]
        yield from made
        beside[dataset.name] = [bulk.listed(each) for each in made]
        yield SiteFile(f"{folder}/dcat.jsonld", rdf.jsonld(own_lines))
        yield SiteFile(f"{folder}/dcat.ttl", rdf.turtle(own_blocks))
        if told := statistics.statistics(dataset, at.at(statistics.SCHEMA)):
            yield SiteFile(f"{folder}/{statistics.FILE}", told)
        for resource in dataset.resources:
            if sample := sample_of(resource):
                yield SiteFile(sample.path, sample.content)
        for each, line, block in zip(nodes, own_lines, own_blocks, strict=True):
            lines.setdefault(rdf.key(each), line)
            blocks.setdefault(rdf.key(each), block)
    yield SiteFile("catalog.jsonld", rdf.jsonld(lines.values()))
    yield SiteFile("catalog.ttl", rdf.turtle(blocks.values()))
    yield SiteFile("catalog.json", listing.catalog_json(catalog))
    yield SiteFile("catalog.csv", sheet.catalog_csv(catalog))
    yield SiteFile("catalog.xlsx", catalogue_sheet.catalog_xlsx(catalog))
    yield from (SiteFile(feeds.path(lang), feeds.feed(catalog, lang)) for lang in LANGUAGES)
    yield from changes.feeds(catalog)
    yield from community.community(catalog)
    yield releases.release(catalog, digests)
    yield from releases.tombstones(catalog)
    yield from scorecard.files(catalog)
    yield from profile(catalog.portal)
    yield from bulk.lists(catalog, beside)
    yield from api.overview(catalog)
    yield from ckan.overview(catalog)
    yield openapi(catalog)
    yield robots(catalog)
    yield SiteFile("_headers", headers_file(wasm=catalog.portal.duckdb_wasm).encode())


def export_dataset(dataset: Dataset, catalog: Catalog) -> Iterator[SiteFile]:
    """What depends on one dataset alone. Its page is made at the same time, maybe in another process."""
    yield api.dataset_file(dataset, catalog)
    yield ckan.package_file(dataset, Addresses.of(catalog))
