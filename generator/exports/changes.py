"""``changes.xml``: the catalogue's log as an Atom feed."""

from __future__ import annotations

from collections.abc import Iterator

from generator.exports.addresses import Addresses
from generator.exports.feeds import NEVER, author, document, element, link
from generator.exports.wellformed import instant, rfc3339
from generator.public import Catalog
from generator.releases import Change
from generator.sayings import headline, in_full
from generator.sitefile import SiteFile
from generator.text import LANGUAGES, Text, bilingual

NEWEST = 100
TITLE = bilingual("目录变更", "Changes of the catalogue")


def path(lang: str) -> str:
    return "changes.xml" if lang == LANGUAGES[0] else f"{lang}/changes.xml"


def feeds(catalog: Catalog) -> Iterator[SiteFile]:
    return (SiteFile(path(lang), _feed(catalog, lang)) for lang in LANGUAGES)


def _feed(catalog: Catalog, lang: str) -> bytes:
    at, portal = Addresses.of(catalog), catalog.portal
    dated = [(moment, change) for change in catalog.changes if (moment := instant(change.day))][:NEWEST]
    page = f"{at.home(lang)}changes/"
    head = [
        element("id", at.at(path(lang))),
        element("title", f"{TITLE.to(lang)[0]} – {portal.title.to(lang)[0]}"),
        element("updated", rfc3339(dated[0][0] if dated else NEVER)),
        link("self", at.at(path(lang)), "application/atom+xml"),
        link("alternate", page, "text/html"),
        author(portal.publisher or portal.title, lang),
    ]
    return document(head, (_entry(change, rfc3339(moment), page, at, lang) for moment, change in dated), lang)


def _entry(change: Change, moment: str, page: str, at: Addresses, lang: str) -> str:
    parts = (
        # The log has pages, and an entry moves to older ones: the name of its line is the same all the time.
        element("id", f"{page}#{change.id}"),
        element("title", headline(change, lang)),
        element("updated", moment),
        link("alternate", at.dataset_page(change.dataset, lang), "text/html"),
        author(change.agency_name or Text(change.agency, "und"), lang) if change.agency_name or change.agency else "",
        f'<category term="{change.what}"/>',
        element("summary", in_full(change, lang)),
    )
    return "<entry>\n" + "\n".join(part for part in parts if part) + "\n</entry>"
