"""``/api/v1/``: the catalogue as small JSON files with links between them.

Lists are paged, so that no file grows with the catalogue. Texts are as in descriptors (``title``, ``title_en``).
Properties may be added, never renamed or removed: that would be ``v2``. ``openapi.json`` says all of it in detail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from generator.endpoints import FACETS, OPENAPI, PER_PAGE
from generator.exports import archive, json_text
from generator.exports.addresses import Addresses
from generator.exports.datapackage import datapackage
from generator.exports.json_text import without_empty
from generator.exports.published import files, files_of, sample_of
from generator.exports.wellformed import web_uri
from generator.public import Agency, Catalog, Concept, Contact, Dataset, Distribution, Plain, Resource
from generator.sitefile import SiteFile
from generator.text import LANGUAGES, Text, text_properties

ROOT = "api/v1/"
SHORT = 300
"""Characters of a description in a list. The dataset's own file has all of it."""

_OPENNESS = ("unconditional", "mixed", "conditional", "closed")
# What the site has at other addresses, or what only stands in for what is not there.
_NOT_OF_RESOURCE = frozenset({"path", "data", "alternatives", "format", "mediatype", "bytes", "hash", "encoding"})

Json = Mapping[str, Plain]


def overview(catalog: Catalog) -> Iterator[SiteFile]:
    """Everything that is about many datasets."""
    at = Addresses.of(catalog)
    by_agency = _grouped(catalog.datasets, lambda each: (each.agency.id,))
    by_theme = _grouped(catalog.datasets, lambda each: (each.theme.id,) if each.theme else ())
    summaries = {dataset.name: summary(dataset, at) for dataset in catalog.datasets}

    def lists(folder: str, datasets: Iterable[Dataset], html: str) -> Iterator[SiteFile]:
        return _pages(f"{folder}datasets/page", "datasets", [summaries[d.name] for d in datasets], html, at)

    yield _index(catalog, at)
    yield from lists(ROOT, catalog.datasets, "catalog/")
    agencies = [_agency(each, len(by_agency.get(each.id, ())), at) for each in catalog.agencies]
    yield from _pages(f"{ROOT}agencies/page", "agencies", agencies, "agency/", at)
    for agency, made in zip(catalog.agencies, agencies, strict=True):
        yield _file(f"{ROOT}agencies/{agency.id}.json", made)
        yield from lists(f"{ROOT}agencies/{agency.id}/", by_agency.get(agency.id, ()), f"agency/{agency.id}/")
    themes = [_theme(each, len(by_theme.get(each.id, ())), at) for each in catalog.themes]
    yield from _pages(f"{ROOT}themes/page", "themes", themes, "catalog/", at)
    for theme, made in zip(catalog.themes, themes, strict=True):
        yield _file(f"{ROOT}themes/{theme.id}.json", made)
        found = by_theme.get(theme.id, ())
        yield from lists(f"{ROOT}themes/{theme.id}/", found, _list_page("theme", theme.id, bool(found)))
    yield from _facets(catalog, at)


def _file(path: str, content: Json) -> SiteFile:
    return SiteFile(path, json_text.readable(content).encode())


def _index(catalog: Catalog, at: Addresses) -> SiteFile:
    portal = catalog.portal
    lists = ("datasets", "agencies", "themes")
    return _file(
        f"{ROOT}index.json",
        {
            **text_properties("title", portal.title),
            **text_properties("description", portal.description),
            "counts": {
                "datasets": len(catalog.datasets),
                "agencies": len(catalog.agencies),
                "themes": len(catalog.themes),
                "files": sum(len(files(dataset)) for dataset in catalog.datasets),
            },
            "links": {
                "self": at.at(f"{ROOT}index.json"),
                **{name: at.at(f"{ROOT}{name}/page/1.json") for name in lists},
                "facets": at.at(f"{ROOT}facets.json"),
                "openapi": at.at(OPENAPI),
                **_readers("api/", at),
            },
        },
    )


def _readers(page: str, at: Addresses) -> Json:
    """The page for people, in both languages."""
    return {"html": at.home(LANGUAGES[0]) + page, "en": at.home("en") + page}


def _pages(folder: str, name: str, entries: Sequence[Json], html: str, at: Addresses) -> Iterator[SiteFile]:
    """``<folder>/1.json`` and so on; one page also where there is nothing."""
    last = max(1, -(-len(entries) // PER_PAGE))

    def address(number: int) -> str:
        return at.at(f"{folder}/{number}.json") if 1 <= number <= last else ""

    for number in range(1, last + 1):
        links = {
            "self": address(number), "first": address(1), "prev": address(number - 1), "next": address(number + 1),
            "last": address(last), **_readers(html, at),
        }  # fmt: skip
        yield _file(
            f"{folder}/{number}.json",
            {
                "count": len(entries),
                "page": number,
                "pages": last,
                "per_page": PER_PAGE,
                "links": without_empty(links),
                name: list(entries[(number - 1) * PER_PAGE : number * PER_PAGE]),
            },
        )


def _grouped(datasets: Iterable[Dataset], values: Callable[[Dataset], Iterable[str]]) -> dict[str, list[Dataset]]:
    found: dict[str, list[Dataset]] = {}
    for dataset in datasets:
        for value in dict.fromkeys(values(dataset)):
            found.setdefault(value, []).append(dataset)
    return found


# ---- datasets


def summary(dataset: Dataset, at: Addresses) -> Json:
    """A dataset in a list."""
    return without_empty(
        {
            "name": dataset.name,
            **text_properties("title", dataset.title),
            **text_properties("description", _shortened(dataset.description)),
            "openness": dataset.openness,
            "agency": {"id": dataset.agency.id, **text_properties("name", dataset.agency.name)},
            "theme": dataset.theme.id if dataset.theme else "",
            "update_cycle": dataset.update_cycle.id if dataset.update_cycle else "",
            "created": dataset.created,
            "modified": dataset.modified,
            "licenses": _licenses(dataset),
            "formats": _formats(dataset),
            "links": _links(dataset, at),
        }
    )


def _shortened(text: Text) -> Text:
    def short(words: str) -> str:
        return words if len(words) <= SHORT else words[: SHORT - 1].rstrip() + "…"

    return Text(short(text.main), text.lang, tuple((lang, short(words)) for lang, words in text.translations))


def _licenses(dataset: Dataset) -> list[str]:
    named = (each.name or each.url or each.title.main for each in dataset.licenses)
    return list(dict.fromkeys(filter(None, named)))


def _formats(dataset: Dataset) -> list[str]:
    return list(dict.fromkeys(file.format for file in files(dataset) if file.format))


def _links(dataset: Dataset, at: Addresses) -> Json:
    return {
        "self": at.at(f"{ROOT}datasets/{dataset.name}.json"),
        "html": at.page(dataset),
        "en": at.page_in(dataset, "en"),
        "agency": at.at(f"{ROOT}agencies/{dataset.agency.id}.json"),
        **({"theme": at.at(f"{ROOT}themes/{dataset.theme.id}.json")} if dataset.theme else {}),
        "datapackage": at.data(dataset, "datapackage.json"),
        "dcat": at.data(dataset, "dcat.jsonld"),
        **({"archive": at.at(archive.path(dataset))} if files(dataset) else {}),
    }


def dataset_file(dataset: Dataset, catalog: Catalog) -> SiteFile:
    """The words of the published descriptor, without what it takes to be a Data Package."""
    at, descriptor = Addresses.of(catalog), datapackage(dataset, catalog)
    about = {name: value for name, value in descriptor.items() if name not in ("$schema", "resources", "agency")}
    described = {each["name"]: each for each in descriptor["resources"]}
    content = {
        **about,
        "openness": dataset.openness,
        "agency": {"id": dataset.agency.id, **text_properties("name", dataset.agency.name)},
        "resources": [_resource(each, described[each.name], at) for each in dataset.resources],
        **({"archive": _of_file(dataset.archive, at)} if dataset.archive else {}),
        "links": _links(dataset, at),
    }
    return _file(f"{ROOT}datasets/{dataset.name}.json", content)


def _resource(resource: Resource, described: Json, at: Addresses) -> Json:
    about = {name: value for name, value in described.items() if name not in _NOT_OF_RESOURCE}
    return {
        **about,
        **({"synthetic_sample": at.at(sample.path)} if (sample := sample_of(resource)) else {}),
        **({"rows": resource.rows} if resource.openness == "unconditional" and resource.rows is not None else {}),
        "files": [_of_file(file, at) for file in files_of(resource)],
    }


def _of_file(file: Distribution, at: Addresses) -> Json:
    return {
        "url": at.file(file),
        "format": file.format,
        "media_type": file.media_type,
        "bytes": file.bytes,
        "sha256": file.sha256,
        **({"use": "excel"} if file.for_excel else {}),
    }


# ---- agencies and themes


def _agency(agency: Agency, count: int, at: Addresses) -> Json:
    return without_empty(
        {
            "id": agency.id,
            **text_properties("name", agency.name),
            **text_properties("short_name", agency.short_name),
            **text_properties("description", _shortened(agency.description)),
            "code": agency.code,
            "homepage": web_uri(agency.homepage),
            "contact": _contact(agency.contact),
            "count": count,
            "links": {
                "self": at.at(f"{ROOT}agencies/{agency.id}.json"),
                "datasets": at.at(f"{ROOT}agencies/{agency.id}/datasets/page/1.json"),
                **_readers(f"agency/{_encoded(agency.id, at)}/", at),
            },
        }
    )


def _encoded(identifier: str, at: Addresses) -> str:
    return at.at(identifier).removeprefix(at.root)


def _contact(contact: Contact) -> Json:
    return without_empty({"email": contact.email, "phone": contact.phone, "url": web_uri(contact.url)})


def _theme(theme: Concept, count: int, at: Addresses) -> Json:
    return without_empty(
        {
            "id": theme.id,
            **text_properties("title", theme.label),
            "same_as": list(theme.uris),
            "count": count,
            "links": {
                "self": at.at(f"{ROOT}themes/{theme.id}.json"),
                "datasets": at.at(f"{ROOT}themes/{theme.id}/datasets/page/1.json"),
                **_readers(_list_page("theme", theme.id, bool(count)), at),
            },
        }
    )


def _list_page(facet: str, value: str, there: bool) -> str:
    """The site has a list for each value that a dataset has."""
    return f"catalog/{facet}/{value}/" if there else "catalog/"


# ---- facets


def _facets(catalog: Catalog, at: Addresses) -> Iterator[SiteFile]:
    labels = _labels(catalog)
    listed: list[Json] = []
    for facet in FACETS:
        found = _grouped(catalog.datasets, partial(_values, facet))
        known = [value for value in labels[facet] if value in found]
        known += sorted(found.keys() - set(known))
        entries = [_value(facet, value, labels[facet].get(value), len(found[value]), at) for value in known]
        first = f"{ROOT}facets/{facet}/page/1.json"
        listed.append({"id": facet, "values": len(entries), "links": {"values": at.at(first)}})
        yield from _pages(f"{ROOT}facets/{facet}/page", "values", entries, "catalog/", at)
    links = {"self": at.at(f"{ROOT}facets.json"), **_readers("catalog/", at)}
    yield _file(f"{ROOT}facets.json", {"links": links, "facets": listed})


def _values(facet: str, dataset: Dataset) -> Iterable[str]:
    if facet in ("format", "license"):
        return _formats(dataset) if facet == "format" else _licenses(dataset)
    year = (dataset.modified or dataset.created)[:4]
    one = {
        "theme": dataset.theme.id if dataset.theme else "",
        "agency": dataset.agency.id,
        "openness": dataset.openness,
        "update_cycle": dataset.update_cycle.id if dataset.update_cycle else "",
        "year": year if year.isdecimal() and year.isascii() else "",
    }
    return [one[facet]] if one[facet] else []


def _labels(catalog: Catalog) -> Mapping[str, Mapping[str, Text]]:
    """In the order in which readers want them."""
    titles = {each.name or each.url or each.title.main: each.title for d in catalog.datasets for each in d.licenses}
    years = sorted({year for d in catalog.datasets for year in _values("year", d)}, reverse=True)
    return {
        "theme": {each.id: each.label for each in catalog.themes},
        "agency": {each.id: each.name for each in catalog.agencies},
        "openness": dict.fromkeys(_OPENNESS, Text()),
        "format": {},
        "update_cycle": {each.id: each.label for each in catalog.update_cycles},
        "year": dict.fromkeys(years, Text()),
        "license": {name: titles[name] for name in sorted(titles)},
    }


def _value(facet: str, value: str, label: Text | None, count: int, at: Addresses) -> Json:
    lists = {"theme": "themes", "agency": "agencies"}
    pages = {"theme": "theme", "agency": "agency", "openness": "openness", "update_cycle": "cycle"}
    page = f"catalog/{pages[facet]}/{_encoded(value, at)}/" if facet in pages else ""
    links = {
        "datasets": at.at(f"{ROOT}{lists[facet]}/{value}/datasets/page/1.json") if facet in lists else "",
        **(_readers(page, at) if page else {}),
    }
    return without_empty(
        {"id": value, **text_properties("title", label or Text()), "count": count, "links": without_empty(links)}
    )
