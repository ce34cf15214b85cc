"""schema.org JSON-LD for pages: what search engines for datasets read."""

from __future__ import annotations

import hashlib
from typing import Any

from generator.config import Portal
from generator.exports import json_text, published
from generator.exports.addresses import Addresses
from generator.exports.datapackage import datapackage
from generator.exports.dcat import title
from generator.exports.json_text import array, known, string, strings, without_empty
from generator.exports.published import file_description, file_title, files_of
from generator.exports.terms_of_access import free_of_charge, terms_text
from generator.exports.wellformed import language_tag, web_uri, without_controls, xsd_date
from generator.once import once
from generator.public import Agency, Catalog, Dataset, Distribution, Field, License, Resource, Source, Spatial
from generator.text import LANGUAGES, Text

CONTEXT = "https://schema.org/"
# Google's limits for a description.
SHORTEST, LONGEST = 50, 5000
MOST_VARIABLES = 100


def structured_data(dataset: Dataset, catalog: Catalog, lang: str) -> str:
    """JSON-LD for the dataset's page, safe inside ``<script type="application/ld+json">``."""
    at = Addresses.of(catalog)
    page = at.page_in(dataset, lang)
    entry = {
        "@context": string(CONTEXT),
        "@type": '"Dataset"',
        # The same dataset in each language's page.
        "@id": string(at.part(dataset, "dataset")),
        "url": string(page),
        "name": string(_in(title(dataset), lang)),
        "alternateName": strings(_other_names(dataset, lang)),
        "description": string(_description(dataset, lang, page)),
        "identifier": strings(_identifiers(dataset)),
        "keywords": strings(_keywords(dataset, lang)),
        "version": string(_version(dataset, catalog)),
        "license": array(filter(None, [_license(each, lang) for each in dataset.licenses])),
        "isAccessibleForFree": {True: "true", False: "false", None: ""}[_free(dataset)],
        "conditionsOfAccess": string(_conditions(dataset, lang)),
        "usageInfo": string(_usage_info(dataset, at, lang)),
        "creator": _organization(dataset.source_department or dataset.agency, at, lang),
        "publisher": _organization(dataset.agency, at, lang),
        "includedInDataCatalog": _catalog_text(catalog.portal, at, lang),
        "datePublished": string(_date(dataset.created)),
        "dateModified": string(_date(dataset.modified)),
        "inLanguage": strings([tag for tag in map(language_tag, dataset.languages) if tag]),
        "spatialCoverage": _place(dataset.spatial, lang),
        "temporalCoverage": string(_period(dataset)),
        "variableMeasured": _variables(dataset, lang),
        "sameAs": strings([uri for uri in map(web_uri, (dataset.provincial_entry, dataset.homepage)) if uri]),
        "measurementTechnique": string(_in(dataset.collection.system, lang)),
        "isBasedOn": array([_source(each, lang) for each in dataset.sources if each.title or web_uri(each.url)]),
        "distribution": array(
            [_download(file, resource, at, lang) for resource in dataset.resources for file in files_of(resource)]
        ),
    }
    return json_text.for_script(known(entry))


def catalog_structured_data(catalog: Catalog, lang: str) -> str:
    """JSON-LD for the home page.

    There is no ``SearchAction``: Google has given up the search box that it was for, and its ``query-input`` is no
    term of schema.org.
    """
    at = Addresses.of(catalog)
    portal = catalog.portal
    publisher = {
        "@type": "Organization",
        "name": _in(portal.publisher or portal.title, lang),
        "url": web_uri(portal.publisher_url),
    }
    site = {
        "@type": "WebSite",
        "@id": f"{at.root}#website",
        "url": at.home(lang),
        "name": _in(portal.title, lang),
        "inLanguage": lang,
        "publisher": without_empty(publisher),
    }
    more = {
        "description": _in(portal.description, lang),
        "license": web_uri(portal.license_url),
        "publisher": without_empty(publisher),
        "inLanguage": list(portal.languages),
    }
    graph = [site, _catalog(portal, at, lang) | without_empty(more)]
    return json_text.for_script(json_text.dense({"@context": CONTEXT, "@graph": graph}))


def _in(text: Text, lang: str) -> str:
    return without_controls(text.to(lang)[0])


def _catalog(portal: Portal, at: Addresses, lang: str) -> dict[str, Any]:
    return {
        "@type": "DataCatalog",
        "@id": f"{at.root}#catalog",
        "name": _in(portal.title, lang),
        "url": at.home(lang),
    }


@once
def _catalog_text(portal: Portal, at: Addresses, lang: str) -> str:
    return json_text.dense(_catalog(portal, at, lang))


def _other_names(dataset: Dataset, lang: str) -> list[str]:
    name = title(dataset).to(lang)[0]
    return list(dict.fromkeys(_in(title(dataset), other) for other in LANGUAGES if title(dataset).to(other)[0] != name))


def _description(dataset: Dataset, lang: str, page: str) -> str:
    text = _in(dataset.description, lang).strip() or _in(title(dataset), lang)
    if len(text) < SHORTEST:
        text = _lengthened(text, dataset, lang, page)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _lengthened(text: str, dataset: Dataset, lang: str, page: str) -> str:
    """What is too short for a search engine, with what is known besides."""
    comma, colon, stop = ("、", "：", "。") if lang == "zh" else (", ", ": ", ". ")
    agency = _in(dataset.agency.name, lang)
    columns = comma.join(_in(field.title, lang) or field.name for field in _fields(dataset))
    formats = comma.join(dict.fromkeys(file.format for file in published.files(dataset)))
    words = ("数据提供方", "字段", "格式", "详情") if lang == "zh" else ("Published by", "Columns", "Formats", "See")
    for label, value in zip(words, (agency, columns, formats, page), strict=True):
        if len(text) < SHORTEST and value:
            text = f"{text.rstrip('。. ')}{stop}{label}{colon}{value}"
    return without_controls(text)


def _identifiers(dataset: Dataset) -> list[str]:
    return list(dict.fromkeys(each for each in (dataset.id, dataset.name, dataset.catalogue_code) if each))


def _keywords(dataset: Dataset, lang: str) -> list[str]:
    """Theme and agency where the author gave none: readers of datasets expect some."""
    own = [_in(word, lang) for word in dataset.keywords if word]
    return own or [
        _in(text, lang) for text in (dataset.theme.label if dataset.theme else Text(), dataset.agency.name) if text
    ]


def _version(dataset: Dataset, catalog: Catalog) -> str:
    """Declared, else the day of the last change, else a fingerprint of what is published."""
    return (
        dataset.version
        or dataset.modified
        or dataset.created
        or hashlib.sha256(json_text.dense(datapackage(dataset, catalog)).encode()).hexdigest()[:12]
    )


@once
def _license(license_: License, lang: str) -> str:
    """Its address, or what it is called; nothing where neither is known."""
    name = _in(license_.title, lang) or license_.name
    uri = web_uri(license_.url) or web_uri(license_.eu_uri)
    return string(uri) or (known({"@type": '"CreativeWork"', "name": string(name)}) if name else "")


def _free(dataset: Dataset) -> bool | None:
    """Free of charge, as far as that is known; what is not given out at all is not free."""
    if (
        any(resource.openness == "unconditional" for resource in dataset.resources)
        or dataset.openness == "unconditional"
    ):
        return True
    return False if dataset.openness == "closed" else free_of_charge(dataset.access)


def _conditions(dataset: Dataset, lang: str) -> str:
    if dataset.openness == "mixed":
        each = (
            f"{_in(resource.title, lang) or resource.name}: {terms_text(resource.openness, resource.access, lang)}"
            for resource in dataset.resources
        )
        return without_controls("\n".join(each))
    return without_controls(terms_text(dataset.openness, dataset.access, lang))


def _usage_info(dataset: Dataset, at: Addresses, lang: str) -> str:
    """Where a person reads how the data may be used, and how to apply: the shared terms, or this page's part of it."""
    if dataset.openness == "unconditional":
        return ""
    if dataset.access and dataset.access.is_shared:
        return at.home(lang) + at.shared_terms(dataset.access.shared).removeprefix(at.root)
    return f"{at.page_in(dataset, lang)}#access" if any(r.access for r in dataset.resources) or dataset.access else ""


@once
def _organization(agency: Agency, at: Addresses, lang: str) -> str:
    contact = agency.contact
    point = {
        "@type": '"ContactPoint"',
        "contactType": '"open data"',
        "name": string(_in(contact.name, lang)),
        "email": string(contact.email),
        "telephone": string(contact.phone),
        "url": string(web_uri(contact.url)),
    }
    return known(
        {
            "@type": '"Organization"',
            "@id": string(f"{at.agency(agency)}#agency"),
            "name": string(_in(agency.name, lang) or agency.id),
            "identifier": string(agency.code),
            "url": string(web_uri(agency.homepage) or at.home(lang) + at.agency(agency).removeprefix(at.root)),
            "contactPoint": known(point) if contact else "",
        }
    )


def _date(text: str) -> str:
    known = xsd_date(text)
    return known[0] if known else ""


def _place(spatial: Spatial, lang: str) -> str:
    if not spatial:
        return ""
    shape = ""
    if spatial.bbox:
        w, s, e, n = (format(value, ".10g") for value in spatial.bbox)
        shape = known({"@type": '"GeoShape"', "box": f'"{s} {w} {n} {e}"'})
    return known(
        {
            "@type": '"Place"',
            "name": string(_in(spatial.name, lang)),
            "identifier": string(spatial.code),
            "geo": shape,
        }
    )


def _period(dataset: Dataset) -> str:
    start, end = _date(dataset.temporal.start), _date(dataset.temporal.end)
    return start if start == end else f"{start or '..'}/{end or '..'}"


def _fields(dataset: Dataset) -> list[Field]:
    """One of each name, as many as a search engine is to read."""
    return list({field.name: field for field in published.fields(dataset)}.values())[:MOST_VARIABLES]


def _variables(dataset: Dataset, lang: str) -> str:
    # Most of the text, hence looked at and encoded in one pass.
    texts = [
        text
        for field in _fields(dataset)
        for text in (field.title.to(lang)[0], field.name, field.description.to(lang)[0], field.unit)
    ]
    each = iter(json_text.each_string(texts if "".join(texts).isprintable() else list(map(without_controls, texts))))
    return array(
        [
            f'{{"@type": "PropertyValue", "name": "{title or name}"'
            + (f', "alternateName": "{name}"' if title and name else "")
            + (f', "description": "{description}"' if description else "")
            + (f', "unitText": "{unit}"}}' if unit else "}")
            for title, name, description, unit in zip(each, each, each, each, strict=True)
        ]
    )


def _source(source: Source, lang: str) -> str:
    return known(
        {
            "@type": '"CreativeWork"',
            "name": string(_in(source.title, lang)),
            "url": string(web_uri(source.url)),
        }
    )


def _download(file: Distribution, resource: Resource, at: Addresses, lang: str) -> str:
    return known(
        {
            "@type": '"DataDownload"',
            "name": string(_in(file_title(resource, file), lang)),
            "description": string(_in(file_description(resource, file), lang)) if file.for_excel else "",
            "contentUrl": string(at.file(file)),
            "encodingFormat": string(file.media_type or file.format),
            "contentSize": f'"{file.bytes} B"',
            "sha256": string(file.sha256),
        }
    )
