"""Lines of "label: value": what is known of a dataset and of those who answer for it."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup, escape

from generator import public, terms
from generator.pages import addresses, show
from generator.pages.words import Words

NOTHING = Markup("")


class Fact(NamedTuple):
    label: str
    value: Markup


@lru_cache
def label(name: str, lang: str, of: str = "dataset") -> str:
    """A term's label; ``of``: dataset, agency or access."""
    return terms.labels({"dataset": terms.DATASET, "agency": terms.AGENCY, "access": terms.ACCESS}[of])[name][lang]


def stated(facts: list[Fact]) -> list[Fact]:
    return [fact for fact in facts if fact.value]


def glance(dataset: public.Dataset, home: str, t: Words) -> list[Fact]:
    """What decides whether a reader stays."""
    rows = sum(resource.rows or 0 for resource in dataset.resources if resource.openness == "unconditional")
    formats = dict.fromkeys(each.format for resource in dataset.resources for each in resource.distributions)
    return stated(
        [
            Fact(t.agency, agency_link(dataset.agency, home, t.lang)),
            Fact(t.updated, show.time(dataset.modified)),
            Fact(t.cycle, show.plain(dataset.update_cycle.label, t.lang) if dataset.update_cycle else NOTHING),
            Fact(t.licence, show.joined((licence(each, t.lang) for each in dataset.licenses), t.comma)),
            Fact(t.formats, escape(" · ".join(formats))),
            Fact(t.rows, escape(f"{rows:,}") if rows else NOTHING),
        ]
    )


def metadata(dataset: public.Dataset, home: str, t: Words) -> list[Fact]:
    """Every public value that the page does not show elsewhere, in the order of the catalogue."""
    lang, html = t.lang, show.html
    collection, sharing = dataset.collection, dataset.sharing
    facts = [
        Fact(label("name", lang), Markup(f"<code>{html(dataset.name)}</code>")),
        Fact(label("id", lang), show.link(dataset.id)),
        Fact(label("catalogue_code", lang), html(dataset.catalogue_code)),
        Fact(label("openness", lang), html(t[f"openness_{dataset.openness}"])),
        Fact(label("agency", lang), agency_link(dataset.agency, home, lang)),
        Fact(label("source_department", lang), agency_link(dataset.source_department, home, lang)),
        Fact(label("theme", lang), facet_link(dataset.theme, "theme", home, lang)),
        Fact(label("industry", lang), _industry(dataset.industry, lang)),
        Fact(label("update_cycle", lang), facet_link(dataset.update_cycle, "cycle", home, lang)),
        Fact(label("keywords", lang), show.joined((show.plain(word, lang) for word in dataset.keywords), t.comma)),
        Fact(label("spatial", lang), _place(dataset.spatial, t)),
        Fact(label("temporal", lang), _period(dataset.temporal, t)),
        Fact(label("crs", lang), html(dataset.crs)),
        Fact(label("language", lang), html(t.comma.join(_language(code, t) for code in dataset.languages))),
        Fact(label("created", lang), show.time(dataset.created)),
        Fact(label("modified", lang), show.time(dataset.modified)),
        Fact(label("version", lang), html(dataset.version)),
        Fact(t.collection_basis, show.plain(collection.legal_basis, lang)),
        Fact(t.collection_system, show.plain(collection.system, lang)),
        Fact(t.collection_items, html(t.comma.join(collection.items))),
        Fact(t.sharing_type, html(t.get(f"sharing_{sharing.type}", sharing.type)) if sharing.type else NOTHING),
        Fact(t.sharing_condition, show.plain(sharing.condition, lang)),
        Fact(t.sharing_mode, show.plain(sharing.mode, lang)),
        Fact(label("contributors", lang), show.joined((_who(each, t) for each in dataset.contributors), t.comma)),
        Fact(label("provincial_entry", lang), show.link(dataset.provincial_entry)),
        Fact(label("homepage", lang), show.link(dataset.homepage)),
    ]
    return stated(facts)


def of_agency(agency: public.Agency, lang: str) -> list[Fact]:
    facts = [
        Fact(label("code", lang, "agency"), show.html(agency.code)),
        Fact(label("contact", lang, "agency"), contact(agency.contact, lang)),
        Fact(label("homepage", lang, "agency"), show.link(agency.homepage)),
    ]
    return stated(facts)


# ---- single values


def agency_link(agency: public.Agency | None, home: str, lang: str) -> Markup:
    if agency is None:
        return NOTHING
    return Markup(f'<a href="{home}{addresses.agency(agency.id)}">{show.plain(agency.name, lang)}</a>')


def facet_link(concept: public.Concept | None, facet: str, home: str, lang: str) -> Markup:
    if concept is None:
        return NOTHING
    return Markup(f'<a href="{home}{addresses.catalogue(facet, concept.id)}">{show.plain(concept.label, lang)}</a>')


def licence(value: public.License, lang: str) -> Markup:
    name = show.plain(value.title, lang) if value.title else show.html(value.name or value.url)
    return show.link(value.url, name) if value.url else name


def source(value: public.Source, lang: str) -> Markup:
    name = show.plain(value.title, lang) if value.title else show.html(value.url or value.email)
    linked = show.link(value.url, name) if value.url else name
    return Markup(f"{linked} · {show.email(value.email)}") if value.email else linked


def contact(value: public.Contact, lang: str) -> Markup:
    parts = (
        show.plain(value.name, lang), show.email(value.email), show.phone(value.phone),
        show.link(value.url), show.plain(value.address, lang),
    )  # fmt: skip
    return show.joined(parts, " · ")


def _industry(industry: public.Concept | None, lang: str) -> Markup:
    return Markup(f"{show.html(industry.id)} {show.plain(industry.label, lang)}") if industry else NOTHING


def _place(spatial: public.Spatial, t: Words) -> Markup:
    box = show.html(t.bbox.format(*spatial.bbox)) if spatial.bbox else NOTHING
    return show.joined((show.plain(spatial.name, t.lang), show.html(spatial.code), box), " · ")


def _period(temporal: public.Temporal, t: Words) -> Markup:
    if temporal.start and temporal.end:
        return show.joined((show.time(temporal.start), show.time(temporal.end)), t.until)
    form = t.since if temporal.start else t.up_to
    day = show.time(temporal.start or temporal.end)
    return Markup(form.format(day)) if day else NOTHING


def _language(code: str, t: Words) -> str:
    return t.get(f"language_{code}", code)


def _who(value: public.Contributor, t: Words) -> Markup:
    name = show.plain(value.title, t.lang)
    linked = show.link(value.url, name) if value.url else name
    roles = t.comma.join(t.get(f"role_{role}", role) for role in value.roles)
    more = t.comma.join(part for part in (value.organization, roles) if part)
    return linked + show.html(t.brackets.format(more)) if more else linked
