"""``demands.json`` and ``reuses.json``: what the public asked for and made, for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.exports import json_text
from generator.exports.addresses import Addresses
from generator.exports.json_text import without_empty
from generator.public import Catalog, Demand, Reuse
from generator.sitefile import SiteFile
from generator.text import text_properties


def community(catalog: Catalog) -> Iterator[SiteFile]:
    """Texts have twins as in descriptors (``title_en``); ``page`` is the entry's place on the page of the list."""
    at = Addresses.of(catalog)
    yield _file("demands", [json_text.dense(_demand(each, at)) for each in catalog.demands], at)
    yield _file("reuses", [json_text.dense(_reuse(each, at)) for each in catalog.reuses], at)


def _file(name: str, entries: list[str], at: Addresses) -> SiteFile:
    head = json_text.dense({"url": at.at(f"{name}.json"), "page": f"{at.root}{name[:-1]}/", "count": len(entries)})
    lines = ",\n".join(entries)
    return SiteFile(f"{name}.json", f'{head[:-1]}, "{name}": [\n{lines}\n]}}\n'.encode())


def _demand(each: Demand, at: Addresses) -> dict[str, Any]:
    return without_empty(
        {
            "id": each.id,
            "page": f"{at.root}demand/#{each.id}",
            **text_properties("title", each.title),
            **text_properties("wanted", each.wanted),
            **text_properties("purpose", each.purpose),
            **text_properties("organization", each.organization),
            "asked": each.asked,
            "status": each.status,
            **text_properties("reply", each.reply),
            "replied": each.replied,
            "agency": each.agency,
            **text_properties("agency_name", each.agency_name),
            "datasets": list(each.datasets),
            "url": each.url,
            **text_properties("demonstration", each.demonstration),
        }
    )


def _reuse(each: Reuse, at: Addresses) -> dict[str, Any]:
    return without_empty(
        {
            "id": each.id,
            "page": f"{at.root}reuse/#{each.id}",
            **text_properties("title", each.title),
            **text_properties("description", each.description),
            "type": each.type,
            **text_properties("organization", each.organization),
            "url": each.url,
            "published": each.published,
            "status": each.status,
            **text_properties("reply", each.reply),
            "replied": each.replied,
            "datasets": list(each.datasets),
            **text_properties("demonstration", each.demonstration),
        }
    )
