"""The home page and the page for what is not there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from generator import public
from generator.pages import addresses, lists, show
from generator.pages.cards import Cards
from generator.pages.html import Html, clean
from generator.pages.page import Frames, Page
from generator.pages.words import Words
from generator.sitefile import SiteFile

LATEST = 6
AGENCIES = 12
EXAMPLES = 4


def render(
    catalog: public.Catalog, found: lists.Groups, frame: Frames, cards: Cards, structured: str
) -> Iterator[SiteFile]:
    t, lang, portal = frame.words, frame.lang, catalog.portal
    publishers = sorted(found["agency"], key=lambda each: -len(each.datasets))[:AGENCIES]
    base = frame.base("")
    home = base + addresses.prefix(lang)
    body = frame.templates.html(
        "home.html",
        home=home, base=base,
        title=show.plain(portal.title, lang), description=show.plain(portal.description, lang),
        examples=[(f"{home}catalog/?q={addresses.encoded(word)}", word) for word in examples(catalog, lang)],
        numbers=numbers(catalog, t),
        themes=[
            (choice, icon(frame.templates.folder, choice.id))
            for choice in lists.choices(found["theme"], home, t)
        ],
        agencies=[
            (home + addresses.agency(each.id), show.plain(each.label, lang), len(each.datasets)) for each in publishers
        ],
        latest=Html(cards.html(lists.newest_first(catalog.datasets)[:LATEST], home)),
    )  # fmt: skip
    head = (
        f'<link rel="alternate" type="application/ld+json" href="{base}catalog.jsonld" title="DCAT-AP (JSON-LD)">\n'
        f'<link rel="alternate" type="text/turtle" href="{base}catalog.ttl" title="DCAT-AP (Turtle)">\n'
        f'<script type="application/ld+json">{structured}</script>\n'
    )
    yield frame.file(Page("", "", portal.description.to(lang)[0], body, section="home", head=head))


def numbers(catalog: public.Catalog, t: Words) -> list[tuple[str, str]]:
    """What the portal holds, as (number, of what)."""
    files = [each for dataset in catalog.datasets for resource in dataset.resources for each in resource.distributions]
    open_tables = [
        resource for dataset in catalog.datasets for resource in dataset.resources
        if resource.kind == "table" and resource.openness == "unconditional"
    ]  # fmt: skip
    counts = {
        "number_datasets": len(catalog.datasets),
        "number_tables": len(open_tables),
        "number_rows": sum(resource.rows or 0 for resource in open_tables),
        "number_agencies": len({dataset.agency.id for dataset in catalog.datasets}),
    }
    shown = [(f"{number:,}", t.get(f"{key}_1", t[key]) if number == 1 else t[key]) for key, number in counts.items()]
    return [*shown, (show.size(sum(each.bytes for each in files)), t.number_bytes)]


def examples(catalog: public.Catalog, lang: str) -> list[str]:
    """The keywords that most datasets have: searches that find something."""
    counts: dict[str, int] = {}
    for dataset in catalog.datasets:
        for keyword in dataset.keywords:
            text, actual = keyword.to(lang)
            if actual == lang and 0 < len(text) <= 20:
                counts[clean(text)] = counts.get(clean(text), 0) + 1
    return sorted(counts, key=lambda word: (-counts[word], len(word), word))[:EXAMPLES]


def icon(folder: Path, theme: str) -> Html:
    """The theme's icon as inline SVG. A theme that has none gets that of "other"."""
    icons = folder / "icons"
    file = icons / f"{theme}.svg"
    return Html((file if file.is_file() else icons / "other.svg").read_text(encoding="utf-8").strip())


def not_found(frame: Frames, others: list[Frames]) -> SiteFile:
    """Served at any depth, hence with absolute paths; in both languages, as the address says nothing of the reader."""
    base = urlsplit(frame.portal.url).path or "/"
    entries = [(each.words, show.html_lang(each.lang), base + addresses.prefix(each.lang)) for each in (frame, *others)]
    body = frame.templates.html("404.html", entries=entries)
    page = Page("404.html", frame.words.not_found, frame.words.not_found_text, body, indexed=False)
    return frame.file(page, base=base, switch_to="")
