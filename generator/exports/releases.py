"""``releases.json``: this release, for the build of the next one; and what a program is told of what is gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256

from generator.exports import json_text
from generator.exports.addresses import Addresses
from generator.exports.json_text import without_empty
from generator.exports.published import files
from generator.public import Catalog, Dataset
from generator.releases import FILE, Change, Part, Record, digest_of, to_json
from generator.sitefile import SiteFile
from generator.text import LANGUAGES, text_properties

TOMBSTONE = "tombstone.json"


def release(catalog: Catalog, digests: Mapping[str, str]) -> SiteFile:
    records = [_record(dataset, digests[dataset.name]) for dataset in catalog.datasets]
    return SiteFile(FILE, to_json(catalog.portal.url, records, list(catalog.missing), catalog.changes))


def digest(dataset: Dataset, descriptor: bytes) -> str:
    """Of the dataset's data files, and of the descriptor that is published with them."""
    folder = f"data/{dataset.name}/"
    found = {file.path.removeprefix(folder): file.sha256 for file in files(dataset)}
    return digest_of({**found, "datapackage.json": sha256(descriptor).hexdigest()})


def _record(dataset: Dataset, checksum: str) -> Record:
    return Record(
        name=dataset.name,
        title=dataset.title,
        openness=dataset.openness,
        agency=dataset.agency.id,
        agency_name=dataset.agency.name,
        parts=tuple(
            Part(each.name, each.title, each.openness, each.access.embargo_until if each.access else "")
            for each in dataset.resources
        ),
        created=dataset.created,
        modified=dataset.modified,
        digest=checksum,
    )


def tombstones(catalog: Catalog) -> Iterator[SiteFile]:
    """``data/<name>/tombstone.json``, where the data were. Their own addresses are gone: a program shall notice."""
    at = Addresses.of(catalog)
    for change in catalog.tombstones:
        path = f"data/{change.dataset}/{TOMBSTONE}"
        yield SiteFile(path, json_text.readable(tombstone(change, at)).encode())


def tombstone(change: Change, at: Addresses) -> dict[str, object]:
    return without_empty(
        {
            "name": change.dataset,
            "status": change.what,
            "date": change.day,
            **text_properties("title", change.title),
            "agency": without_empty({"id": change.agency, **text_properties("name", change.agency_name)}),
            "openness": change.before,
            **text_properties("reason", change.reason),
            **text_properties("legal_basis", change.legal_basis),
            "reviewed": change.reviewed,
            **text_properties("reviewed_by", change.reviewed_by),
            "successor": change.successor,
            "successor_page": at.dataset_page(change.successor, LANGUAGES[0]) if change.successor else "",
            "created": change.created,
            "modified": change.modified,
            "sha256": change.digest,
            **text_properties("demonstration", change.note),
            "page": {lang: at.dataset_page(change.dataset, lang) for lang in LANGUAGES},
        }
    )
