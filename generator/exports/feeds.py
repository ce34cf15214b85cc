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
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def path(lang: str) -> str:
    return "feed.xml" if lang == LANGUAGES[0] else f"{lang}/feed.xml"


def feed(catalog: Catalog, lang: str) -> bytes:
    """The newest datasets. One of which no date is known cannot be in a feed."""
    at = Addresses.of(catalog)
    portal = catalog.portal
    dated = [(moment, dataset) for dataset in catalog.datasets if (moment := _changed(dataset))]
    newest = sorted(dated, key=lambda pair: (-pair[0].timestamp(), pair[1].name))[:NEWEST]
    updated = newest[0][0] if newest else _NEVER
    head = [
        _element("id", at.at(path(lang))),
        _text("title", portal.title, lang),
        _text("subtitle", portal.description, lang),
        _element("updated", rfc3339(updated)),
        _link("self", at.at(path(lang)), "application/atom+xml"),
        _link("alternate", at.home(lang), "text/html"),
        _author(portal.publisher or portal.title, lang),
    ]
    lines = [line for line in head if line] + [_entry(dataset, moment, at, lang) for moment, dataset in newest]
    opening = f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{lang}">'
    return "\n".join([opening, *lines, "</feed>", ""]).encode()


def _changed(dataset: Dataset) -> datetime | None:
    return instant(dataset.modified) or instant(dataset.created)


def _entry(dataset: Dataset, moment: datetime, at: Addresses, lang: str) -> str:
    page = at.page_in(dataset, lang)
    created = instant(dataset.created)
    parts: Iterable[str] = (
        # The address of the page is the name of the entry: it never changes.
        _element("id", page),
        _text("title", title(dataset), lang),
        _element("updated", rfc3339(moment)),
        _element("published", rfc3339(created)) if created and created <= moment else "",
        _link("alternate", page, "text/html"),
        _author(dataset.agency.name or Text(dataset.agency.id), lang),
        f'<category term="{xml(dataset.theme.id)}" label="{xml(dataset.theme.label.to(lang)[0])}"/>'
        if dataset.theme
        else "",
        _text("summary", description(dataset), lang),
    )
    return "<entry>\n" + "\n".join(part for part in parts if part) + "\n</entry>"


def _element(name: str, text: str, attributes: str = "") -> str:
    """Texts are text: no ``type``, so that a reader shows tags in them and never follows them."""
    return f"<{name}{attributes}>{xml(text)}</{name}>" if without_controls(text).strip() else ""


def _text(name: str, text: Text, lang: str) -> str:
    """In the feed's language, else in the one that there is, which is then said."""
    words, own = text.to(lang)
    return _element(name, words, f' xml:lang="{own}"' if own != lang and language_tag(own) else "")


def _link(rel: str, uri: str, media_type: str) -> str:
    return f'<link rel="{rel}" type="{media_type}" href="{xml(uri)}"/>'


def _author(name: Text, lang: str) -> str:
    return f"<author>{_text('name', name, lang)}</author>"
