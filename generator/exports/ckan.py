"""``/api/3/action/``: what harvesters ask of CKAN, as files.

A static host does not look at what stands behind the ``?``. So ``package_show?id=x`` cannot be answered, but
``package_show/x.json`` can; ``docs/decisions/0024-static-api.md`` has lines for nginx that lead from one to the other.
What takes no parameters is there under CKAN's own address, a name without suffix, and once more with ``.json``, for
hosts that tell the media type by the suffix.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from generator.endpoints import PER_PAGE
from generator.exports import json_text
from generator.exports.addresses import Addresses
from generator.exports.json_text import without_empty
from generator.exports.published import file_description, file_title, files, files_of
from generator.exports.wellformed import instant, web_uri
from generator.public import Agency, Catalog, Concept, Contact, Dataset, Distribution, License, Plain, Resource
from generator.sitefile import SiteFile
from generator.text import LANGUAGES
from generator.vocabularies import find_license

ROOT = "api/3/action/"
LANG = LANGUAGES[0]
"""CKAN has one language; the other goes into the extras."""

Json = dict[str, Plain]


def overview(catalog: Catalog) -> Iterator[SiteFile]:
    """All but ``package_show``."""
    at = Addresses.of(catalog)
    groups = [theme for theme in catalog.themes if any(d.theme and d.theme.id == theme.id for d in catalog.datasets)]
    yield from _named("package_list", [dataset.name for dataset in catalog.datasets], at)
    yield from _named("organization_list", [agency.id for agency in catalog.agencies], at)
    yield from _named("group_list", [theme.id for theme in groups], at)
    yield from _named("status_show", _status(catalog, at), at)
    counts: dict[str, int] = {}
    for dataset in catalog.datasets:
        counts[dataset.agency.id] = counts.get(dataset.agency.id, 0) + 1
    for agency in catalog.agencies:
        made = organization(agency, at) | {"package_count": counts.get(agency.id, 0)}
        yield _file(f"{ROOT}organization_show/{agency.id}.json", "organization_show", made, at)
    yield from _search(catalog.datasets, at)


def package_file(dataset: Dataset, at: Addresses) -> SiteFile:
    return _file(f"{ROOT}package_show/{dataset.name}.json", "package_show", package(dataset, at), at)


def _search(datasets: Sequence[Dataset], at: Addresses) -> Iterator[SiteFile]:
    """One file more than there is to tell: whoever asks on until nothing comes finds the end."""
    for start in range(0, len(datasets) + PER_PAGE, PER_PAGE):
        found = [package(dataset, at) for dataset in datasets[start : start + PER_PAGE]]
        result: Json = {"count": len(datasets), "sort": "name asc", "facets": {}, "search_facets": {}, "results": found}
        yield _file(f"{ROOT}package_search/{start}.json", "package_search", result, at)
        if not found:
            return


def _named(action: str, result: Plain, at: Addresses) -> Iterator[SiteFile]:
    yield _file(f"{ROOT}{action}", action, result, at)
    yield _file(f"{ROOT}{action}.json", action, result, at)


def _file(path: str, action: str, result: Plain, at: Addresses) -> SiteFile:
    answer = {"help": f"{at.at('api/')}#ckan", "success": True, "result": result}
    return SiteFile(path, (json_text.dense(answer) + "\n").encode())


def _status(catalog: Catalog, at: Addresses) -> Json:
    portal = catalog.portal
    return {
        "site_title": portal.title.to(LANG)[0],
        "site_description": portal.description.to(LANG)[0],
        "site_url": at.root,
        # Harvesters look here for what else they may ask; a version of CKAN would promise too much.
        "ckan_version": "",
        "extensions": [],
        "locale_default": "zh_Hans_CN",
        "error_emails_to": portal.email,
    }


def _id(address: str) -> str:
    """CKAN's identifiers are UUIDs; one that is made of the address stays the same."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, address))


def package(dataset: Dataset, at: Addresses) -> Json:
    page = at.page(dataset)
    contact = dataset.contact or dataset.agency.contact
    tags = list(dict.fromkeys(" ".join(keyword.to(LANG)[0].split()) for keyword in dataset.keywords if keyword))
    resources = [(resource, file) for resource in dataset.resources for file in files_of(resource)]
    return {
        "id": _id(page),
        "name": dataset.name,
        "title": dataset.title.to(LANG)[0] or dataset.name,
        "notes": dataset.description.to(LANG)[0],
        "type": "dataset",
        "state": "active",
        "private": False,
        "url": page,
        "version": dataset.version,
        "author": dataset.agency.name.to(LANG)[0],
        "author_email": dataset.agency.contact.email,
        "maintainer": _name(contact),
        "maintainer_email": contact.email,
        "metadata_created": _moment(dataset.created or dataset.modified),
        "metadata_modified": _moment(dataset.modified or dataset.created),
        **_license(dataset.licenses, bool(resources)),
        "owner_org": _id(at.agency(dataset.agency)),
        "organization": organization(dataset.agency, at),
        "groups": [_group(dataset.theme, at)] if dataset.theme else [],
        "tags": [{"name": tag, "display_name": tag, "state": "active", "vocabulary_id": None} for tag in tags if tag],
        "num_tags": len([tag for tag in tags if tag]),
        "resources": [_resource(resource, file, n, dataset, at) for n, (resource, file) in enumerate(resources)],
        "num_resources": len(resources),
        "extras": [{"key": key, "value": value} for key, value in _extras(dataset, at).items()],
    }


@lru_cache(4096)  # each comes with every dataset of it
def organization(agency: Agency, at: Addresses) -> Json:
    page = at.agency(agency)
    return {
        "id": _id(page),
        "name": agency.id,
        "title": agency.name.to(LANG)[0],
        "display_name": agency.name.to(LANG)[0],
        "description": agency.description.to(LANG)[0],
        "type": "organization",
        "is_organization": True,
        "state": "active",
        "approval_status": "approved",
        "image_url": "",
        "extras": [{"key": "url", "value": page}],
    }


def _group(theme: Concept, at: Addresses) -> Json:
    title = theme.label.to(LANG)[0]
    page = at.at(f"catalog/theme/{theme.id}/")
    return {"id": _id(page), "name": theme.id, "title": title, "display_name": title, "description": ""}


def _license(licenses: Sequence[License], there: bool) -> Json:
    """CKAN knows one licence; the first, which the others add to. Where nothing is open, none opens anything."""
    if not licenses:
        return {"license_id": "notspecified", "license_title": "", "license_url": "", "isopen": False}
    first = licenses[0]
    known = find_license(first.name, first.url)
    return {
        "license_id": first.name or "other",
        "license_title": first.title.to(LANG)[0] or first.name,
        "license_url": web_uri(first.url),
        "isopen": there and bool(known and known.open),
    }


def _name(contact: Contact) -> str:
    return contact.name.to(LANG)[0] if contact.name else ""


def _moment(day: str) -> str:
    """CKAN writes moments without a time zone and means UTC."""
    moment = instant(day)
    return moment.replace(tzinfo=None).isoformat(timespec="seconds") if moment else ""


def _resource(resource: Resource, file: Distribution, position: int, dataset: Dataset, at: Addresses) -> Json:
    url = at.file(file)
    return {
        "id": _id(url),
        "package_id": _id(at.page(dataset)),
        "position": position,
        "name": file_title(resource, file).to(LANG)[0],
        "description": file_description(resource, file).to(LANG)[0],
        "url": url,
        "url_type": None,
        "resource_type": "file",
        "format": file.format,
        "mimetype": file.media_type,
        "size": file.bytes,
        "hash": f"sha256:{file.sha256}",
        "created": _moment(dataset.created or dataset.modified),
        "last_modified": _moment(dataset.modified or dataset.created),
        "state": "active",
    }


def _extras(dataset: Dataset, at: Addresses) -> Mapping[str, str]:
    """Keys as in descriptors. Values are texts in CKAN."""
    title, lang = dataset.title.to("en")
    notes, notes_lang = dataset.description.to("en")
    known: Iterable[tuple[str, str]] = {
        "openness": dataset.openness,
        "title_en": title if lang == "en" else "",
        "description_en": notes if notes_lang == "en" else "",
        "update_cycle": dataset.update_cycle.id if dataset.update_cycle else "",
        "theme": dataset.theme.id if dataset.theme else "",
        "catalogue_code": dataset.catalogue_code,
        "spatial_name": dataset.spatial.name.to(LANG)[0],
        "spatial_code": dataset.spatial.code,
        "temporal_start": dataset.temporal.start,
        "temporal_end": dataset.temporal.end,
        "guid": at.page(dataset),
        "datapackage": at.data(dataset, "datapackage.json"),
        "dcat": at.data(dataset, "dcat.jsonld"),
        "access": at.access(dataset) if dataset.openness != "unconditional" else "",
        "license_names": ", ".join(each.name for each in dataset.licenses[1:] if each.name),
        "files": str(len(files(dataset))),
    }.items()
    return without_empty(dict(known))
