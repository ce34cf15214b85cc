"""What the catalogue page's script searches: one file a language, read when somebody starts to search."""

from __future__ import annotations

import json
from typing import Any

from generator import public
from generator.pages import addresses, cards, lists, show
from generator.pages.html import clean, each_clean
from generator.pages.words import Words
from generator.sitefile import SiteFile

DESCRIPTION = 300
"""Characters of a description that are searched."""


def records(catalog: public.Catalog, found: lists.Groups, t: Words) -> SiteFile:
    """``facets``: [id, label] by facet. ``datasets``: name, title, its language where it is another, openness, agency,
    theme and cycle as positions in their facet (-1 for none), date, formats, description, keywords, fields."""
    positions = {facet: {group.id: index for index, group in enumerate(found[facet])} for facet in lists.FACETS}
    content = {
        "facets": {facet: [[group.id, group.label.to(t.lang)[0]] for group in found[facet]] for facet in lists.FACETS},
        "datasets": [_record(each, positions, t) for each in lists.newest_first(catalog.datasets)],
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return SiteFile(f"{addresses.prefix(t.lang)}catalog/search.json", text.encode("utf-8", "replace"))


def _record(dataset: public.Dataset, positions: dict[str, dict[str, int]], t: Words) -> dict[str, Any]:
    title, actual = dataset.title.to(t.lang)
    fields = {
        text: None
        for resource in dataset.resources
        for field in (resource.schema.fields if resource.schema else ())
        for text in (field.name, field.title.to(t.lang)[0])
        if text
    }
    record = {
        "name": dataset.name,
        "title": clean(title),
        "lang": "" if actual == t.lang else show.html_lang(actual),
        **{facet: positions[facet].get(lists.value(facet, dataset), -1) for facet in lists.FACETS},
        "date": dataset.modified[:10],
        "formats": list(cards.formats(dataset)),
        "demo": 1 if dataset.demonstration else 0,
        "description": show.shortened(dataset.description.to(t.lang)[0], DESCRIPTION),
        "keywords": each_clean([keyword.to(t.lang)[0] for keyword in dataset.keywords]),
        "fields": each_clean(list(fields)),
    }
    return {key: value for key, value in record.items() if value not in ("", [])}
