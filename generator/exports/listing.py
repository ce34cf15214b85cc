"""``catalog.json``: the list of datasets for programs.

It is an object:

- ``title``, ``description``, ``url``, ``count``: of the catalogue; texts have twins as in descriptors (``title_en``);
- ``files``: addresses of the catalogue in other formats;
- ``datasets``: a list, sorted by ``name``. Each has ``name``, ``title``, ``openness`` (``mixed`` where resources
  differ), ``agency`` (``id``, ``name``), ``page`` and ``files`` always; and where known ``description``, ``keywords``,
  ``theme``, ``industry``, ``update_cycle`` (ids), ``created``, ``modified``, ``version``, ``licenses`` (names),
  ``temporal``, ``spatial``, and ``resources``: ``name``, ``title``, ``openness``, ``rows``, ``fields`` (names) and
  ``files`` (``url``, ``format``, ``media_type``, ``bytes``, ``sha256``; and ``use``, which is ``excel`` for a copy that
  is made for spreadsheets: of two files of CSV, programs take the other); of a conditional table ``synthetic_sample``,
  the address of invented rows that fit its schema.

- ``withdrawn``: datasets that are no more, sorted by ``name``: as in their ``tombstone.json``. ``status`` is
  ``withdrawn`` or ``renamed``, ``successor`` the name of what is there instead, ``sha256`` that of the last release.

All addresses are absolute. Properties may be added, never renamed or removed.
"""

from __future__ import annotations

from typing import Any

from generator.exports import json_text
from generator.exports.addresses import Addresses
from generator.exports.datapackage import texts_properties
from generator.exports.dcat import title
from generator.exports.json_text import without_empty
from generator.exports.published import fields_of, files_of, sample_of, statistics_of
from generator.exports.releases import tombstone
from generator.exports.statistics import FILE
from generator.public import Catalog, Dataset, Resource
from generator.text import LANGUAGES, text_properties


def catalog_json(catalog: Catalog) -> bytes:
    at = Addresses.of(catalog)
    portal = catalog.portal
    head = {
        **text_properties("title", portal.title),
        **text_properties("description", portal.description),
        "url": at.root,
        "count": len(catalog.datasets),
        "files": {
            name: at.at(name)
            for name in ("catalog.csv", "catalog.jsonld", "catalog.ttl", "feed.xml", "changes.xml", "releases.json")
        },
    }
    # One line a dataset: whoever compares two builds sees which datasets differ.
    lines = ",\n".join(json_text.dense(_entry(dataset, at)) for dataset in catalog.datasets)
    gone = ",\n".join(json_text.dense(tombstone(change, at)) for change in catalog.tombstones)
    return f'{json_text.dense(head)[:-1]}, "datasets": [\n{lines}\n], "withdrawn": [\n{gone}\n]}}\n'.encode()


def _entry(dataset: Dataset, at: Addresses) -> dict[str, Any]:
    return without_empty(
        {
            "name": dataset.name,
            **text_properties("title", title(dataset)),
            **text_properties("description", dataset.description),
            "openness": dataset.openness,
            "agency": {"id": dataset.agency.id, **text_properties("name", dataset.agency.name)},
            **texts_properties("keywords", dataset.keywords),
            "theme": dataset.theme.id if dataset.theme else "",
            "industry": dataset.industry.id if dataset.industry else "",
            "update_cycle": dataset.update_cycle.id if dataset.update_cycle else "",
            "created": dataset.created,
            "modified": dataset.modified,
            "version": dataset.version,
            "licenses": [license_.name or license_.url for license_ in dataset.licenses],
            "spatial": without_empty({**text_properties("name", dataset.spatial.name), "code": dataset.spatial.code}),
            "temporal": without_empty({"start": dataset.temporal.start, "end": dataset.temporal.end}),
            "page": {lang: at.page_in(dataset, lang) for lang in LANGUAGES},
            "files": {name: at.data(dataset, name) for name in _files(dataset)},
            "resources": [_resource(resource, at) for resource in dataset.resources],
        }
    )


def _files(dataset: Dataset) -> tuple[str, ...]:
    about = ("datapackage.json", "dcat.jsonld", "dcat.ttl")
    return (*about, FILE) if any(map(statistics_of, dataset.resources)) else about


def _resource(resource: Resource, at: Addresses) -> dict[str, Any]:
    return without_empty(
        {
            "name": resource.name,
            **text_properties("title", resource.title),
            "openness": resource.openness,
            "rows": resource.rows,
            "fields": [field.name for field in fields_of(resource)],
            "synthetic_sample": at.at(sample.path) if (sample := sample_of(resource)) else "",
            "files": [
                {
                    "url": at.file(file),
                    "format": file.format,
                    "media_type": file.media_type,
                    "bytes": file.bytes,
                    "sha256": file.sha256,
                    **({"use": "excel"} if file.for_excel else {}),
                }
                for file in files_of(resource)
            ],
        }
    )
