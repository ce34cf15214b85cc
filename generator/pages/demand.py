"""What the public asks for and makes: forms on each dataset's page, and the lists of demands and of reuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from generator import public
from generator.config import Portal
from generator.pages import addresses, facts, forge, show
from generator.pages.html import Html, html
from generator.pages.page import Frames, Page
from generator.pages.words import Words
from generator.sitefile import SiteFile
from generator.text import Text

DEMANDS, REUSES = "demand/", "reuse/"


class Way(NamedTuple):
    """One thing that a reader can tell, and where."""

    form: forge.Form
    title: str
    text: str
    issue: str
    letter: str


class Entry(NamedTuple):
    """A demand or a reuse as its list shows it."""

    id: str
    title: Html
    status: str
    status_label: str
    day: Html
    kind: str
    text: Html
    url: str
    """The address of what was made; empty for a demand."""
    facts: Sequence[facts.Fact]
    reply: Html
    replied: Html
    by: Html
    datasets: Sequence[tuple[str, Html]]
    note: Html


class Mention(NamedTuple):
    """The same, in a line on the page of a dataset."""

    href: str
    title: Html
    status: str
    label: str
    day: Html


def render(catalog: public.Catalog, frame: Frames) -> Iterator[SiteFile]:
    titles = {dataset.name: dataset.title for dataset in catalog.datasets}
    t = frame.words
    demands = [demand(each, titles, frame, DEMANDS) for each in catalog.demands]
    reuses = [reuse(each, titles, frame, REUSES) for each in catalog.reuses]
    yield frame.file(_page(DEMANDS, demands, t.count("demands", len(demands)), "demand", catalog.portal, frame))
    yield frame.file(_page(REUSES, reuses, t.count("reuses", len(reuses)), "reuse", catalog.portal, frame))


def _page(path: str, entries: Sequence[Entry], count: str, form: forge.Form, portal: Portal, frame: Frames) -> Page:
    t, base = frame.words, frame.base(path)
    home = base + addresses.prefix(frame.lang)
    title = t.demands_title if form == "demand" else t.reuses_title
    body = frame.templates.html(
        "community.html",
        home=home, title=title, intro=t.demands_intro if form == "demand" else t.reuses_intro,
        way=way(form, portal, t, forge.Ask(form, t[f"subject_{form}"])), form=form,
        here=path, tabs=((DEMANDS, t.demands_title), (REUSES, t.reuses_title)),
        entries=entries, count=count, none=t.demands_none if form == "demand" else t.reuses_none,
        data=f"{base}{FILES[path]}",
    )  # fmt: skip
    description = (t.demands_description if form == "demand" else t.reuses_description).format(
        portal=portal.title.to(frame.lang)[0]
    )
    head = f'<link rel="alternate" type="application/json" href="{base}{FILES[path]}" title="JSON">\n'
    return Page(path, title, description, body, section="feedback", head=head)


FILES = {DEMANDS: "demands.json", REUSES: "reuses.json"}


def demand(each: public.Demand, titles: Mapping[str, Text], frame: Frames, path: str) -> Entry:
    t, lang = frame.words, frame.lang
    home = frame.base(path) + addresses.prefix(lang)
    by = show.plain(each.agency_name, lang)
    return Entry(
        id=html(each.id), title=show.noted(each.title, t),
        status=each.status, status_label=t[f"demand_{each.status}"], day=show.time(each.asked), kind="",
        text=show.paragraphs(each.wanted, t), url="",
        facts=facts.stated([
            (t.demand_purpose, show.noted(each.purpose, t)),
            (t.asked_by, show.noted(each.organization, t)),
            (t.discussion, show.link(each.url)),
        ]),
        reply=show.paragraphs(each.reply, t), replied=show.time(each.replied),
        by=Html(f'<a href="{home}{addresses.agency(each.agency)}">{by}</a>') if each.agency else by,
        datasets=_links(each.datasets, titles, home, lang), note=show.plain(each.demonstration, lang),
    )  # fmt: skip


def reuse(each: public.Reuse, titles: Mapping[str, Text], frame: Frames, path: str) -> Entry:
    t, lang = frame.words, frame.lang
    home = frame.base(path) + addresses.prefix(lang)
    ended = each.status == "ended"
    return Entry(
        id=html(each.id), title=show.noted(each.title, t),
        status=each.status, status_label=t.reuse_ended if ended else "", day=show.time(each.published),
        kind=t[f"reuse_{each.type}"], text=show.paragraphs(each.description, t),
        url="" if ended else show.href(each.url),
        facts=facts.stated([(t.made_by, show.noted(each.organization, t))]),
        reply=show.paragraphs(each.reply, t), replied=show.time(each.replied), by=Html(""),
        datasets=_links(each.datasets, titles, home, lang), note=show.plain(each.demonstration, lang),
    )  # fmt: skip


def _links(names: Sequence[str], titles: Mapping[str, Text], home: str, lang: str) -> list[tuple[str, Html]]:
    return [(home + addresses.dataset(name), show.plain(titles[name], lang)) for name in names if name in titles]


# ---- on the page of a dataset


def ways(dataset: public.Dataset, portal: Portal, t: Words) -> list[Way]:
    """The three forms, each as far as this page can fill it in; none where there is neither forge nor address."""
    if not (portal.feedback.forge or portal.feedback.email):
        return []
    page = f"{portal.url}{addresses.prefix(t.lang)}{addresses.dataset(dataset.name)}"
    known = (("dataset", dataset.name), ("page", page))
    tables = [each.name for each in dataset.resources if each.distributions]
    title = dataset.title.to(t.lang)[0]
    forms: list[forge.Form] = ["data-error", "demand", "reuse"]
    only = (("resource", tables[0]),) if len(tables) == 1 else ()
    return [
        way(form, portal, t, forge.Ask(
            form, t[f"subject_{form}"], title, (*known, *only) if form == "data-error" else known))
        for form in forms
        # Of data that nobody can see nobody can tell an error.
        if form != "data-error" or dataset.openness != "closed"
    ]  # fmt: skip


def way(form: forge.Form, portal: Portal, t: Words, ask: forge.Ask) -> Way:
    issue, letter = forge.issue(portal.feedback, ask, t), forge.letter(portal.feedback, ask, t)
    return Way(form, t[f"feedback_{form}"], t[f"feedback_{form}_text"], issue, letter)


def mentions(dataset: public.Dataset, home: str, t: Words) -> tuple[list[Mention], list[Mention]]:
    """The demands and the reuses that name this dataset."""
    asked = [
        Mention(f"{home}{DEMANDS}#{html(each.id)}", show.plain(each.title, t.lang), each.status,
                t[f"demand_{each.status}"], show.time(each.replied or each.asked))
        for each in dataset.demands
    ]  # fmt: skip
    made = [
        Mention(f"{home}{REUSES}#{html(each.id)}", show.plain(each.title, t.lang), each.status,
                t.reuse_ended if each.status == "ended" else t[f"reuse_{each.type}"], show.time(each.published))
        for each in dataset.reuses
    ]  # fmt: skip
    return asked, made
