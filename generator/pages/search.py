"""From public values to what the catalogue's search reads, and the files of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from generator import public
from generator.pages import lists, show
from generator.pages.html import clean, each_clean
from generator.search.document import FACETS, Document, Value
from generator.search.files import Files, files
from generator.search.synonyms import read_synonyms
from generator.text import LANGUAGES, Text

FOLDER = "catalog/search/"
DESCRIPTION = 20_000
"""Characters of a description that are searched: all that anybody writes."""


def build(catalog: public.Catalog, found: lists.Groups, synonyms: Path) -> Files:
    shown = {each.id: each for each in catalog.agencies}
    values = {facet: [_value(group, shown) for group in found[facet]] for facet in FACETS}
    return files([_document(each) for each in catalog.datasets], values, read_synonyms(synonyms))


def _value(group: lists.Group, agencies: Mapping[str, public.Agency]) -> Value:
    others: list[str] = []
    if group.facet == "agency" and group.id in agencies:
        others = _texts(agencies[group.id].short_name)
    return Value(group.id, _by_language(group.label), tuple(others))


def _document(dataset: public.Dataset) -> Document:
    keywords = [text for keyword in dataset.keywords for text in _texts(keyword)]
    fields: list[str] = []
    for resource in dataset.resources:
        for field in resource.schema.fields if resource.schema else ():
            fields.append(field.name)
            if field.title:
                fields.append(field.title.main)
                fields.extend(each for _, each in field.title.translations if each)
    return Document(
        name=dataset.name,
        titles=_by_language(dataset.title),
        descriptions=_by_language(dataset.description, DESCRIPTION),
        keywords=tuple(dict.fromkeys(each_clean(keywords))),
        fields=tuple(dict.fromkeys(each_clean(fields))),
        facets={facet: lists.values(facet, dataset) for facet in FACETS},
        modified=dataset.modified[:10],
        bytes=sum(max((file.bytes for file in each.distributions), default=0) for each in dataset.resources),
        demonstration=bool(dataset.demonstration),
        overdue=dataset.due.is_overdue,
    )


def _by_language(text: Text, length: int | None = None) -> dict[str, str]:
    """The texts that are not empty, one line each, the author's own first. Languages as in ``lang=``."""
    found = {text.lang: text.main, **dict(text.translations)}
    return {
        lang if lang in LANGUAGES else show.html_lang(lang): " ".join(clean(each).split())[:length]
        for lang, each in found.items()
        if each
    }


def _texts(text: Text) -> list[str]:
    return [each for each in (text.main, *(each for _, each in text.translations)) if each]
