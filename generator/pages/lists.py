"""The lists: the whole catalogue and its parts by theme, agency, openness and update cycle; the agencies."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from generator import public
from generator.pages import addresses, facts, scorecard, show
from generator.pages.cards import Cards, formats
from generator.pages.html import Html, html
from generator.pages.page import Frames, Page
from generator.pages.words import Words, words
from generator.scorecard import Card, scorecards
from generator.search.document import FACETS
from generator.sitefile import SiteFile
from generator.text import Text, bilingual

PER_PAGE = 50
OPENNESS: tuple[public.Badge, ...] = ("unconditional", "mixed", "conditional", "closed")
LISTED = ("theme", "agency", "openness", "cycle")
"""Facets whose values have pages of their own, so that one can browse without a script."""
SCRIPT_WORDS = (
    "results", "results_1", "no_results", "loading", "failed", "old_browser", "matched", "matched_title",
    "matched_description", "matched_field", "matched_keyword", "matched_agency", "matched_theme", "matched_synonym",
    "matched_pinyin", "indirect", "indirect_1", "all_indirect", "updated_on", "demonstration", "overdue",
    "previous", "next", "page_number", "near_words", "near_parts", "near_unfiltered",
)  # fmt: skip
"""What the catalogue page's script says."""


@dataclass(frozen=True, slots=True)
class Group:
    """The datasets that share one value of a facet."""

    facet: str
    id: str
    label: Text
    datasets: tuple[public.Dataset, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A group as a line of the filters."""

    id: str
    label: Html
    href: str
    """Empty where there is no page of them."""
    count: int


def values(facet: str, each: public.Dataset) -> tuple[str, ...]:
    """What a dataset is under in a facet; nothing when it states nothing."""
    if facet == "format":
        return tuple(formats(each))
    if facet == "licence":
        return tuple(dict.fromkeys(id_ for licence in each.licenses if (id_ := licence_id(licence))))
    one = {
        "agency": each.agency.id,
        "openness": each.openness,
        "theme": each.theme.id if each.theme else "",
        "cycle": each.update_cycle.id if each.update_cycle else "",
        "year": each.modified[:4],
    }[facet]
    return (one,) if one else ()


def licence_id(licence: public.License) -> str:
    return licence.name or licence.url or licence.title.main


Groups = Mapping[str, Sequence[Group]]


def groups(catalog: public.Catalog) -> Groups:
    """By facet, in the order of the vocabulary. Values that no dataset has are left out."""
    zh, en = words("zh"), words("en")
    labels: dict[str, list[tuple[str, Text]]] = {
        "theme": [(each.id, each.label) for each in catalog.themes],
        "agency": [(each.id, each.name) for each in catalog.agencies],
        "openness": [(each, bilingual(zh[f"openness_{each}"], en[f"openness_{each}"])) for each in OPENNESS],
        "cycle": [(each.id, each.label) for each in catalog.update_cycles],
        "format": _labels(sorted({each for dataset in catalog.datasets for each in values("format", dataset)})),
        "year": _labels(
            sorted({each for dataset in catalog.datasets for each in values("year", dataset)}, reverse=True)
        ),
        "licence": _licences(catalog),
    }
    found: dict[str, list[Group]] = {}
    everything = newest_first(catalog.datasets)
    for facet in FACETS:
        members: dict[str, list[public.Dataset]] = {}
        for each in everything:
            for id_ in values(facet, each):
                members.setdefault(id_, []).append(each)
        found[facet] = [Group(facet, id_, label, tuple(members[id_])) for id_, label in labels[facet] if id_ in members]
    return found


def _labels(names: Iterable[str]) -> list[tuple[str, Text]]:
    """Of values that are called the same in every language."""
    return [(name, bilingual(name, name)) for name in names]


def _licences(catalog: public.Catalog) -> list[tuple[str, Text]]:
    """By how many datasets have them."""
    licences = [each for dataset in catalog.datasets for each in dataset.licenses]
    counts = Counter(map(licence_id, licences))
    labels = {licence_id(each): each.title or bilingual(licence_id(each), licence_id(each)) for each in licences}
    return [(id_, labels[id_]) for id_ in sorted(counts, key=lambda id_: (-counts[id_], id_)) if id_]


def newest_first(datasets: Iterable[public.Dataset]) -> list[public.Dataset]:
    by_name = sorted(datasets, key=lambda each: each.name)
    return sorted(by_name, key=lambda each: each.modified[:10], reverse=True)


def render(catalog: public.Catalog, found: Groups, frame: Frames, cards: Cards, start: str) -> Iterator[SiteFile]:
    """``start``: path of the file that the search begins with."""
    t, portal = frame.words, catalog.portal.title.to(frame.lang)[0]
    everything = newest_first(catalog.datasets)
    description = t.catalogue_description.format(portal=portal)
    yield from _pages("", "", everything, t.catalogue, description, found, frame, cards, start)
    for facet in LISTED:
        for group in (*found[facet], *(_explained(found) if facet == "openness" else ())):
            name = group.label.to(frame.lang)[0]
            description = t.list_description.format(portal=portal, name=name, n=len(group.datasets))
            heading = t[f"{facet}_page"].format(name)
            yield from _pages(facet, group.id, group.datasets, heading, description, found, frame, cards)
    yield from agencies(catalog, found["agency"], frame, cards)


def _explained(found: Groups) -> Iterator[Group]:
    """What prose pages explain and link has its list, also where nothing is in it."""
    there = {group.id for group in found["openness"]}
    zh, en = words("zh"), words("en")
    for id_ in OPENNESS:
        if id_ not in there:
            yield Group("openness", id_, bilingual(zh[f"openness_{id_}"], en[f"openness_{id_}"]), ())


def _pages(
    facet: str, id_: str, datasets: Sequence[public.Dataset], heading: str, description: str,
    found: Groups, frame: Frames, cards: Cards, start: str = "",
) -> Iterator[SiteFile]:  # fmt: skip
    t, last = frame.words, max(1, -(-len(datasets) // PER_PAGE))
    filters: dict[str, list[tuple[str, str, list[Choice]]]] = {}
    for number in range(1, last + 1):
        path = addresses.catalogue(facet, id_, number)
        home = frame.base(path) + addresses.prefix(frame.lang)
        title = heading if number == 1 else f"{heading} – {t.page_number.format(n=number)}"
        # The same on every page of the same depth.
        if home not in filters:
            shown = FACETS if start and number == 1 else LISTED
            filters[home] = [(name, t[f"by_{name}"], choices(found[name], home, t)) for name in shown]
        body = frame.templates.html(
            "catalogue.html",
            home=home, heading=html(heading), facet=facet, current=id_, count=t.count("datasets", len(datasets)),
            searchable=not facet and number == 1, words=script_words(t) if start else "",
            start=frame.base(path) + start,
            pages_file=home + "catalog/pages.json",
            cards=Html(cards.html(datasets[(number - 1) * PER_PAGE : number * PER_PAGE], home)),
            filters=filters[home],
            pages=pager(facet, id_, number, last, home, t),
        )  # fmt: skip
        kind = "kind-finder" if not facet and number == 1 else "kind-plain"
        yield frame.file(Page(path, title, description, body, section="catalog", kind=kind))


def script_words(t: Words) -> str:
    return json.dumps({key: t[key] for key in SCRIPT_WORDS if hasattr(t, key)}, ensure_ascii=False)


def choices(found: Iterable[Group], home: str, t: Words) -> list[Choice]:
    return [
        Choice(group.id, show.plain(group.label, t.lang),
               home + addresses.catalogue(group.facet, group.id) if group.facet in LISTED else "", len(group.datasets))
        for group in found
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    label: str
    href: str
    """Empty for the page that one is on, and for a gap."""
    speech: str = ""
    rel: str = ""


def pager(facet: str, id_: str, number: int, last: int, home: str, t: Words) -> list[Step]:
    return steps(lambda to: addresses.catalogue(facet, id_, to), number, last, home, t)


def steps(address: Callable[[int], str], number: int, last: int, home: str, t: Words) -> list[Step]:
    """The first, the last, and what is near; for a catalogue of 200 pages too."""
    if last == 1:
        return []

    def step(to: int, label: str = "", rel: str = "") -> Step:
        here = to == number and not rel
        href = "" if here else home + address(to)
        return Step(label or str(to), href, "" if label else t.page_number.format(n=to), rel)

    shown = sorted({1, last, *range(max(1, number - 2), min(last, number + 2) + 1)})
    made = [step(number - 1, t.previous, "prev")] if number > 1 else []
    for before, to in zip([0, *shown], shown, strict=False):
        if to > before + 1:
            made.append(Step("…", ""))
        made.append(step(to))
    return made + ([step(number + 1, t.next, "next")] if number < last else [])


# ---- agencies


def agencies(catalog: public.Catalog, found: Sequence[Group], frame: Frames, cards: Cards) -> Iterator[SiteFile]:
    t, lang = frame.words, frame.lang
    portal = catalog.portal.title.to(lang)[0]
    of = {group.id: group.datasets for group in found}
    home = frame.base("agency/") + addresses.prefix(lang)
    entries = [
        (home + addresses.agency(each.id), show.plain(each.name, lang), t.count("datasets", len(of.get(each.id, ()))),
         show.opening(each.description.to(lang)[0], 120))
        for each in catalog.agencies
    ]  # fmt: skip
    rated = scorecards(catalog)
    body = frame.templates.html("agencies.html", home=home, entries=entries)
    description = t.agencies_description.format(portal=portal)
    yield frame.file(Page("agency/", t.nav_agency, description, body, section="agency"))
    for each in catalog.agencies:
        yield frame.file(_agency(each, of.get(each.id, ()), portal, frame, cards, scorecard.of(each, rated)))
    yield scorecard.render(rated, portal, frame)


def _agency(
    agency: public.Agency,
    datasets: Sequence[public.Dataset],
    portal: str,
    frame: Frames,
    cards: Cards,
    card: Card | None,
) -> Page:
    t, lang, path = frame.words, frame.lang, addresses.agency(agency.id)
    home = frame.base(path) + addresses.prefix(lang)
    name = agency.name.to(lang)[0]
    body = frame.templates.html(
        "agency.html",
        home=home, name=show.plain(agency.name, lang), note=show.fallback(agency.name, t),
        description=show.paragraphs(agency.description, t), facts=facts.of_agency(agency, lang),
        count=t.count("datasets", len(datasets)), cards=Html(cards.html(datasets[:PER_PAGE], home)),
        scorecard=scorecard.part(card, home, frame),
        more=home + addresses.catalogue("agency", agency.id) if len(datasets) > PER_PAGE else "",
    )  # fmt: skip
    said = t.agency_description.format(agency=name, portal=portal, n=len(datasets))
    description = agency.description.to(lang)[0] or said
    return Page(path, name, description, body, section="agency")
