"""Atom feeds of what was published or changed last."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from generator.exports.addresses import Addresses
from generator.exports.dcat import description, title
from generator.exports.wellformed import instant, language_tag, rfc3339, without_controls, xml
from generator.public import Catalog, Dataset
from generator.text import LANGUAGES, Text

NEWEST = 50
# Atom demands a date of a feed without entries as well, and none may come from the clock.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def path(lang: str) -> str:
    return "feed.xml" if lang == LANGUAGES[0] else f"{lang}/feed.xml"


def feed(catalog: Catalog, lang: str) -> bytes:
    """The newest datasets. One of which no date is known cannot be in a feed."""
    at = Addresses.of(catalog)
    portal = catalog.portal
    dated = [(moment, dataset) for dataset in catalog.datasets if (moment := _changed(dataset))]
    newest = sorted(dated, key=lambda pair: (-pair[0].timestamp(), pair[1].name))[:NEWEST]
    updated = newest[0][0] if newest else NEVER
    head = [
        element("id", at.at(path(lang))),
        text("title", portal.title, lang),
        text("subtitle", portal.description, lang),
        element("updated", rfc3339(updated)),
        link("self", at.at(path(lang)), "application/atom+xml"),
        link("alternate", at.home(lang), "text/html"),
        author(portal.publisher or portal.title, lang),
    ]
    return document(head, (_entry(dataset, moment, at, lang) for moment, dataset in newest), lang)


def document(head: Iterable[str], entries: Iterable[str], lang: str) -> bytes:
    opening = f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{lang}">'
    return "\n".join([opening, *(line for line in head if line), *entries, "</feed>", ""]).encode()


def _changed(dataset: Dataset) -> datetime | None:
    return instant(dataset.modified) or instant(dataset.created)


def _entry(dataset: Dataset, moment: datetime, at: Addresses, lang: str) -> str:
    page = at.page_in(dataset, lang)
    created = instant(dataset.created)
    parts: Iterable[str] = (
        # The address of the page is the name of the entry: it never changes.
        element("id", page),
        text("title", title(dataset), lang),
        element("updated", rfc3339(moment)),
        element("published", rfc3339(created)) if created and created <= moment else "",
        link("alternate", page, "text/html"),
        author(dataset.agency.name or Text(dataset.agency.id), lang),
        f'<category term="{xml(dataset.theme.id)}" label="{xml(dataset.theme.label.to(lang)[0])}"/>'
        if dataset.theme
        else "",
        text("summary", description(dataset), lang),
    )
    return "<entry>\n" + "\n".join(part for part in parts if part) + "\n</entry>"


def element(name: str, content: str, attributes: str = "") -> str:
    """Texts are text: no ``type``, so that a reader shows tags in them and never follows them."""
    return f"<{name}{attributes}>{xml(content)}</{name}>" if without_controls(content).strip() else ""


def text(name: str, content: Text, lang: str) -> str:
    """In the feed's language, else in the one that there is, which is then said."""
    words, own = content.to(lang)
    return element(name, words, f' xml:lang="{own}"' if own != lang and language_tag(own) else "")


def link(rel: str, uri: str, media_type: str) -> str:
    return f'<link rel="{rel}" type="{media_type}" href="{xml(uri)}"/>'


def author(name: Text, lang: str) -> str:
    return f"<author>{text('name', name, lang)}</author>"
