"""Lines of "label: value": what is known of a dataset and of those who answer for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from generator import public, terms
from generator.once import once
from generator.pages import addresses, show
from generator.pages.html import NOTHING, Html, html
from generator.pages.words import Words

Fact = tuple[str, Html]
"""A label and a value, which is empty where nothing is known."""


@lru_cache
def labels(lang: str, of: str = "dataset") -> Mapping[str, Html]:
    """The terms' labels, by name; ``of``: dataset, agency or access."""
    known = terms.labels({"dataset": terms.DATASET, "agency": terms.AGENCY, "access": terms.ACCESS}[of])
    return {name: html(label[lang]) for name, label in known.items()}


def stated(facts: Sequence[Fact]) -> list[Fact]:
    return [fact for fact in facts if fact[1]]


def glance(dataset: public.Dataset, home: str, t: Words) -> list[Fact]:
    """What decides whether a reader stays."""
    rows = sum(resource.rows or 0 for resource in dataset.resources if resource.openness == "unconditional")
    formats = dict.fromkeys(each.format for resource in dataset.resources for each in resource.distributions)
    return stated(
        [
            (t.agency, agency_link(dataset.agency, home, t.lang)),
            (t.updated, show.time(dataset.modified)),
            (t.cycle, show.plain(dataset.update_cycle.label, t.lang) if dataset.update_cycle else NOTHING),
            (t.due, show.time(dataset.due.due)),
            (t.licence, show.joined([licence(each, t.lang) for each in dataset.licenses], t.comma)),
            (t.formats, html(" · ".join(formats))),
            (t.rows, Html(f"{rows:,}") if rows else NOTHING),
        ]
    )


def metadata(dataset: public.Dataset, home: str, t: Words) -> list[Fact]:
    """Every public value that the page does not show elsewhere, in the order of the catalogue."""
    lang, label = t.lang, labels(t.lang)
    collection, sharing = dataset.collection, dataset.sharing
    facts = [
        (label["name"], Html(f"<code>{html(dataset.name)}</code>")),
        (label["id"], show.link(dataset.id)),
        (label["catalogue_code"], html(dataset.catalogue_code)),
        (label["openness"], html(t[f"openness_{dataset.openness}"])),
        (label["agency"], agency_link(dataset.agency, home, lang)),
        (label["source_department"], agency_link(dataset.source_department, home, lang)),
        (label["theme"], facet_link(dataset.theme, "theme", home, lang)),
        (label["industry"], _industry(dataset.industry, lang)),
        (label["update_cycle"], facet_link(dataset.update_cycle, "cycle", home, lang)),
        (label["keywords"], show.joined([show.plain(word, lang) for word in dataset.keywords], t.comma)),
        (label["spatial"], _place(dataset.spatial, t)),
        (label["temporal"], _period(dataset.temporal, t)),
        (label["crs"], html(dataset.crs)),
        (label["language"], html(t.comma.join(_language(code, t) for code in dataset.languages))),
        (label["created"], show.time(dataset.created)),
        (label["modified"], show.time(dataset.modified)),
        (label["version"], html(dataset.version)),
        (t.collection_basis, show.plain(collection.legal_basis, lang)),
        (t.collection_system, show.plain(collection.system, lang)),
        (t.collection_items, html(t.comma.join(collection.items))),
        (t.sharing_type, html(t.get(f"sharing_{sharing.type}", sharing.type)) if sharing.type else NOTHING),
        (t.sharing_condition, show.plain(sharing.condition, lang)),
        (t.sharing_mode, show.plain(sharing.mode, lang)),
        (label["contributors"], show.joined([_who(each, t) for each in dataset.contributors], t.comma)),
        (label["provincial_entry"], show.link(dataset.provincial_entry)),
        (label["homepage"], show.link(dataset.homepage)),
    ]
    return stated(facts)


def of_agency(agency: public.Agency, lang: str) -> list[Fact]:
    label = labels(lang, "agency")
    facts = [
        (label["code"], html(agency.code)),
        (label["contact"], contact(agency.contact, lang)),
        (label["homepage"], show.link(agency.homepage)),
    ]
    return stated(facts)


# ---- single values


@once
def agency_link(agency: public.Agency | None, home: str, lang: str) -> Html:
    if agency is None:
        return NOTHING
    return Html(f'<a href="{home}{addresses.agency(agency.id)}">{show.plain(agency.name, lang)}</a>')


@once
def facet_link(concept: public.Concept | None, facet: str, home: str, lang: str) -> Html:
    if concept is None:
        return NOTHING
    return Html(f'<a href="{home}{addresses.catalogue(facet, concept.id)}">{show.plain(concept.label, lang)}</a>')


@once
def licence(value: public.License, lang: str) -> Html:
    name = show.plain(value.title, lang) if value.title else html(value.name or value.url)
    return show.link(value.url, name) if value.url else name


def source(value: public.Source, lang: str) -> Html:
    name = show.plain(value.title, lang) if value.title else html(value.url or value.email)
    linked = show.link(value.url, name) if value.url else name
    return Html(f"{linked} · {show.email(value.email)}") if value.email else linked


@once
def contact(value: public.Contact, lang: str) -> Html:
    parts = (
        show.plain(value.name, lang), show.email(value.email), show.phone(value.phone),
        show.link(value.url), show.plain(value.address, lang),
    )  # fmt: skip
    return show.joined(parts, " · ")


@once
def _industry(industry: public.Concept | None, lang: str) -> Html:
    return Html(f"{html(industry.id)} {show.plain(industry.label, lang)}") if industry else NOTHING


def _place(spatial: public.Spatial, t: Words) -> Html:
    box = html(t.bbox.format(*spatial.bbox)) if spatial.bbox else NOTHING
    return show.joined((show.plain(spatial.name, t.lang), html(spatial.code), box), " · ")


def _period(temporal: public.Temporal, t: Words) -> Html:
    if temporal.start and temporal.end:
        return show.joined((show.time(temporal.start), show.time(temporal.end)), t.until)
    form = t.since if temporal.start else t.up_to
    day = show.time(temporal.start or temporal.end)
    return Html(form.format(day)) if day else NOTHING


def _language(code: str, t: Words) -> str:
    return t.get(f"language_{code}", code)


def _who(value: public.Contributor, t: Words) -> Html:
    name = show.plain(value.title, t.lang)
    linked = show.link(value.url, name) if value.url else name
    roles = t.comma.join(t.get(f"role_{role}", role) for role in value.roles)
    more = t.comma.join(part for part in (value.organization, roles) if part)
    return Html(linked + html(t.brackets.format(more))) if more else linked
