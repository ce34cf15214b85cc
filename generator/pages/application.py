"""The application pack: forms to print, filled in with what the descriptor says; the rest is left to the applicant.

What is typed into the page stays in the browser: there is no script, no form and no address that it could go to.
"""

from __future__ import annotations

from typing import NamedTuple

from generator import public
from generator.pages import access, addresses, facts, show
from generator.pages.facts import Fact
from generator.pages.html import NOTHING, Html, clean, html
from generator.pages.page import Frames, Page
from generator.pages.words import Words
from generator.text import Text


class Wanted(NamedTuple):
    """A table that may be applied for, with its columns to tick."""

    title: Html
    columns: list[tuple[Html, Html]]
    """Name and title."""


class Pack(NamedTuple):
    """The sheets for one set of terms."""

    id: str
    tables: list[Wanted]
    materials: list[Html]
    purposes: list[Html]
    conditions: list[Html]
    security: list[Html]
    agreement: access.Agreement | None
    where: Html
    rows: list[Fact]
    reviewed: Html


def page(dataset: public.Dataset, frame: Frames) -> Page:
    t, lang = frame.words, frame.lang
    path = addresses.application(dataset.name)
    base = frame.base(path)
    packs = [
        pack(value, resources, number, dataset, frame)
        for number, (value, resources) in enumerate(access.by_terms(dataset), 1)
        if value.can_be_applied_for
    ]
    title, address = dataset.title.to(lang)[0], _address(dataset, frame)
    agency = dataset.agency.name.to(lang)[0]
    body = frame.templates.html(
        "application.html",
        home=base + addresses.prefix(lang),
        page="../",
        title=show.plain(dataset.title, lang),
        agency=show.plain(dataset.agency.name, lang),
        about=_about(dataset, frame),
        demonstration=show.paragraphs(dataset.demonstration, t),
        packs=packs,
        several=len(packs) > 1,
        pledge_head=clean(t.pack_pledge_head.format(agency=agency)),
        pledge_text=clean(t.pack_pledge_text.format(title=title)),
        source_text=clean(t.pack_article_source_text.format(agency=agency, title=title, address=address)),
    )
    heading = t.pack_title.format(title=title)
    return Page(path, heading, t.pack_description.format(title=title), body, section="catalog")


def _address(dataset: public.Dataset, frame: Frames) -> str:
    return frame.portal.url + addresses.prefix(frame.lang) + addresses.dataset(dataset.name)


def _about(dataset: public.Dataset, frame: Frames) -> list[Fact]:
    t, lang = frame.words, frame.lang
    label = facts.labels(lang)
    return facts.stated(
        [
            (label["title"], show.plain(dataset.title, lang)),
            (label["name"], Html(f"<code>{html(dataset.name)}</code>")),
            (label["catalogue_code"], html(dataset.catalogue_code)),
            (label["agency"], show.plain(dataset.agency.name, lang)),
            (label["update_cycle"], show.plain(dataset.update_cycle.label, lang) if dataset.update_cycle else NOTHING),
            (t.pack_address, html(_address(dataset, frame))),
        ]
    )


def pack(
    value: public.Access, resources: list[public.Resource], number: int, dataset: public.Dataset, frame: Frames
) -> Pack:
    t, lang = frame.words, frame.lang
    label = facts.labels(lang, "access")
    days = html(t.count("working_days", value.response_days)) if value.response_days is not None else NOTHING
    agreement = access.terms(value, t).agreement
    return Pack(
        id=f"pack-{number}",
        tables=[_wanted(resource, t) for resource in resources],
        materials=_each(value.materials, t),
        purposes=_each(value.purposes, t),
        conditions=_each(value.conditions, t),
        security=_each(value.security, t),
        agreement=agreement,
        where=access.channel(value.channel, t),
        rows=facts.stated(
            [
                (label["applicants"], show.noted(value.applicants, t)),
                (label["legal_basis"], show.noted(value.legal_basis, t)),
                (label["response_days"], days),
                (label["fee"], show.noted(value.fee, t)),
            ]
        ),
        reviewed=show.time(value.reviewed),
    )


def _wanted(resource: public.Resource, t: Words) -> Wanted:
    fields = resource.schema.fields if resource.schema else ()
    columns = [(html(field.name), show.plain(field.title, t.lang)) for field in fields]
    return Wanted(show.plain(resource.title, t.lang), columns)


def _each(values: tuple[Text, ...], t: Words) -> list[Html]:
    return [show.noted(value, t) for value in values]
