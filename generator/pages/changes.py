"""What is no more and what changed: tombstones, pages of what is missing, and the catalogue's log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from generator import public, sayings
from generator.pages import addresses, facts, lists, show
from generator.pages.html import NOTHING, Html, html
from generator.pages.page import Frames, Page
from generator.pages.words import Words
from generator.releases import Change, Record
from generator.sitefile import SiteFile
from generator.text import Text

PER_PAGE = 100


class Line(NamedTuple):
    """A change as the log, or the page of its dataset, shows it."""

    id: str
    day: Html
    what: str
    kind: str
    title: Html
    href: str
    resource: Html
    agency: Html
    before: str
    before_label: str
    after: str
    after_label: str
    reason: Html
    facts: Sequence[facts.Fact]
    note: Html


def render(catalog: public.Catalog, frame: Frames) -> Iterator[SiteFile]:
    yield from log(catalog, frame)
    titles = {dataset.name: dataset.title for dataset in catalog.datasets}
    for change in catalog.tombstones:
        yield frame.file(tombstone(change, titles, catalog.absent, frame))
    for record in catalog.missing:
        yield frame.file(missing(record, catalog, frame))


# ---- the log


def address(number: int) -> str:
    return "changes/" if number == 1 else f"changes/page/{number}/"


def log(catalog: public.Catalog, frame: Frames) -> Iterator[SiteFile]:
    t, portal = frame.words, catalog.portal.title.to(frame.lang)[0]
    last = max(1, -(-len(catalog.changes) // PER_PAGE))
    reachable = {dataset.name for dataset in catalog.datasets} | catalog.absent
    for number in range(1, last + 1):
        path = address(number)
        base = frame.base(path)
        home = base + addresses.prefix(frame.lang)
        shown = catalog.changes[(number - 1) * PER_PAGE : number * PER_PAGE]
        body = frame.templates.html(
            "changes.html",
            home=home, base=base, feed=f"{home}changes.xml",
            lines=lines(shown, home, reachable, t), count=t.count("changes_count", len(catalog.changes)),
            pages=lists.steps(address, number, last, home, t),
        )  # fmt: skip
        title = t.changes if number == 1 else f"{t.changes} – {t.page_number.format(n=number)}"
        head = (
            f'<link rel="alternate" type="application/atom+xml" href="{home}changes.xml" title="{html(t.changes)}">\n'
        )
        yield frame.file(
            Page(path, title, t.changes_description.format(portal=portal), body, section="catalog", head=head)
        )


def lines(changes: Iterable[Change], home: str, reachable: Iterable[str], t: Words) -> list[Line]:
    known = frozenset(reachable)
    return [line(change, home, known, t) for change in changes]


def line(change: Change, home: str, reachable: frozenset[str], t: Words) -> Line:
    def to(name: str) -> Html:
        label = Html(f"<code>{html(name)}</code>")
        return Html(f'<a href="{home}{addresses.dataset(name)}">{label}</a>') if name in reachable else label

    successor = NOTHING
    if change.successor:
        successor = Html(f"<code>{html(change.successor)}</code>") if change.resource else to(change.successor)
    shows_both = change.before and change.after and change.before != change.after
    return Line(
        id=html(change.id),
        day=show.time(change.day),
        what=sayings.WHAT[change.what].to(t.lang)[0],
        kind=change.what,
        title=show.plain(change.title, t.lang) or html(change.dataset),
        href=home + addresses.dataset(change.dataset) if change.dataset in reachable else "",
        resource=_resource(change, t),
        agency=show.plain(change.agency_name, t.lang),
        before=change.before if shows_both else "",
        before_label=_openness(change.before, t) if shows_both else "",
        after=change.after if shows_both else "",
        after_label=_openness(change.after, t) if shows_both else "",
        reason=show.paragraphs(change.reason, t),
        facts=facts.stated(
            [
                (t.legal_basis, show.noted(change.legal_basis, t)),
                (t.reviewed_on, _reviewed(change, t)),
                (t.new_identifier if change.what == "renamed" else t.successor, successor),
            ]
        ),
        note=show.noted(change.note, t),
    )


def _resource(change: Change, t: Words) -> Html:
    if not change.resource:
        return NOTHING
    return show.plain(change.resource_title, t.lang) or html(change.resource)


def _openness(openness: str, t: Words) -> str:
    return t[f"openness_{openness}"] if openness else ""


def _reviewed(change: Change, t: Words) -> Html:
    if not change.reviewed:
        return NOTHING
    by = show.plain(change.reviewed_by, t.lang)
    return Html(f"{show.time(change.reviewed)}{t.comma}{by}") if by else show.time(change.reviewed)


# ---- what stands where a dataset was


def tombstone(change: Change, titles: dict[str, Text], absent: Iterable[str], frame: Frames) -> Page:
    t, lang, path = frame.words, frame.lang, addresses.dataset(change.dataset)
    base = frame.base(path)
    home = base + addresses.prefix(lang)
    renamed = change.what == "renamed"
    successor = NOTHING
    if change.successor:
        title = titles.get(change.successor, Text())
        label = show.plain(title, lang) if title else Html(f"<code>{html(change.successor)}</code>")
        known = change.successor in titles or change.successor in frozenset(absent)
        target = f'<a href="{home}{addresses.dataset(change.successor)}">{label}</a>'
        successor = Html(target) if known else label
    body = frame.templates.html(
        "tombstone.html",
        home=home, kind=change.what,
        title=show.plain(change.title, lang), title_note=show.fallback(change.title, t),
        headline=Html(html(t.renamed_on if renamed else t.withdrawn_on).format(show.time(change.day))),
        explained=t.renamed_text if renamed else t.withdrawn_text,
        reason=show.paragraphs(change.reason, t), successor=successor,
        successor_label=t.renamed_to if renamed else t.replaced_by,
        note=show.paragraphs(change.note, t),
        was=facts.stated([
            (t.identifier, Html(f"<code>{html(change.dataset)}</code>")),
            (t.agency, show.plain(change.agency_name, lang)),
            (t.last_openness, html(_openness(change.before, t))),
            (t.published_first, show.time(change.created)),
            (t.updated_last, show.time(change.modified)),
            (t.last_release, _copyable(change.digest)),
        ]),
        why=facts.stated([
            (t.legal_basis, show.noted(change.legal_basis, t)),
            (t.reviewed_on, _reviewed(change, t)),
        ]),
        log=f"{home}changes/", data=f"{base}data/{addresses.encoded(change.dataset)}/tombstone.json",
    )  # fmt: skip
    heading = change.title.to(lang)[0] or change.dataset
    description = (t.renamed_on if renamed else t.withdrawn_on).format(change.day[:10])
    return Page(path, heading, description, body, section="catalog", indexed=False)


def _copyable(checksum: str) -> Html:
    return Html(f'<code class="copyable">{html(checksum)}</code>') if checksum else NOTHING


def missing(record: Record, catalog: public.Catalog, frame: Frames) -> Page:
    """No word on why, for nothing is known that may be said; and none of the old data."""
    t, lang, path = frame.words, frame.lang, addresses.dataset(record.name)
    home = frame.base(path) + addresses.prefix(lang)
    agency = next((each for each in catalog.agencies if each.id == record.agency), None)
    contact = (agency.contact if agency else None) or public.Contact(
        email=catalog.portal.email, phone=catalog.portal.phone
    )
    title = record.title.to(lang)[0] or record.name
    body = frame.templates.html(
        "missing.html",
        home=home,
        title=show.plain(record.title, lang) or html(record.name), title_note=show.fallback(record.title, t),
        was=facts.stated([
            (t.identifier, Html(f"<code>{html(record.name)}</code>")),
            (t.agency, show.plain(record.agency_name, lang)),
            (t.last_openness, html(_openness(record.openness, t))),
            (t.updated_last, show.time(record.modified)),
        ]),
        contact=facts.contact(contact, lang),
        log=f"{home}changes/",
    )  # fmt: skip
    return Page(path, title, t.missing_text, body, section="catalog", indexed=False)
