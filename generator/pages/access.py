"""Access terms: may I, for what, how do I apply and how long does it take; or why the data are not given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote

from generator import public
from generator.pages import facts, show
from generator.pages.facts import Fact
from generator.pages.html import NOTHING, Html, html
from generator.pages.words import Words
from generator.text import Text

LONG = 300
"""Characters of an agreement from which on it is folded."""


class Group(NamedTuple):
    """Some of the terms, under the question that they answer."""

    title: str
    rows: list[Fact]


class Agreement(NamedTuple):
    title: Html
    link: Html
    text: Html
    folded: bool


class Button(NamedTuple):
    href: Html
    label: Html
    is_first: bool
    """What a reader does first; the others stand beside it."""


class Apply(NamedTuple):
    """The box at the top: what can be done at once, and what to expect."""

    of: list[Html]
    """Titles of the resources, where not all of the dataset is meant."""
    buttons: list[Button]
    rows: list[Fact]
    embargo: Html
    """The day on which the data become open by themselves."""
    pack: str
    """Where the forms are; empty where there is nothing to apply for."""


@dataclass(frozen=True, slots=True)
class Terms:
    reason: Html
    groups: list[Group]
    agreement: Agreement | None
    shared: Html
    """The terms that these are, or follow, as a link."""


def terms(access: public.Access, t: Words, *, shared: Html = NOTHING, closed: bool = False) -> Terms:
    label = facts.labels(t.lang, "access")
    groups = (
        Group(
            t.terms_may_i,
            [
                (label["applicants"], show.noted(access.applicants, t)),
                (label["purposes"], _several(access.purposes, t)),
                (label["conditions"], _several(access.conditions, t)),
                (label["security"], _several(access.security, t)),
            ],
        ),
        Group(
            t.terms_how,
            [
                (label["materials"], _several(access.materials, t)),
                (label["channel"], channel(access.channel, t)),
                (label["response_days"], _days(access.response_days, t)),
                (label["fee"], show.noted(access.fee, t)),
            ],
        ),
        Group(
            t.terms_grounds,
            [
                (label["legal_basis"], _legal_basis(access, t)),
                (label["reviewed"], show.time(access.reviewed)),
                (label["review_by"], show.time(access.review_by)),
                (label["embargo_until"], show.time(access.embargo_until)),
            ],
        ),
    )
    known = [Group("" if closed else group.title, facts.stated(group.rows)) for group in groups]
    return Terms(
        reason=show.paragraphs(access.reason, t),
        groups=[group for group in known if group.rows],
        agreement=_agreement(access.agreement, t),
        shared=shared,
    )


def apply(dataset: public.Dataset, pack: str, t: Words) -> list[Apply]:
    """A box for each set of terms that data can be applied for under; one for most datasets."""
    made = []
    for access, resources in by_terms(dataset):
        is_all = len(resources) == len(dataset.resources)
        days = _days(access.response_days, t)
        rows = facts.stated(
            [
                (facts.labels(t.lang, "access")["applicants"], show.noted(access.applicants, t)),
                (t.apply_answer, days),
                (facts.labels(t.lang, "access")["fee"], show.noted(access.fee, t)),
            ]
        )
        made.append(
            Apply(
                of=[] if is_all else [show.plain(resource.title, t.lang) for resource in resources],
                buttons=buttons(access.channel, dataset.title, t),
                rows=rows if access.can_be_applied_for else [],
                embargo=show.time(access.embargo_until),
                pack=pack if access.can_be_applied_for else "",
            )
        )
    return made


def by_terms(dataset: public.Dataset) -> list[tuple[public.Access, list[public.Resource]]]:
    """What can be applied for: the conditional resources, by their terms, in the order of the descriptor."""
    found: list[tuple[public.Access, list[public.Resource]]] = []
    for resource in dataset.resources:
        if resource.openness != "conditional" or resource.access is None:
            continue
        same = next((listed for access, listed in found if access == resource.access), None)
        if same is None:
            found.append((resource.access, [resource]))
        else:
            same.append(resource)
    if not dataset.resources and dataset.openness == "conditional" and dataset.access:
        found.append((dataset.access, []))
    return found


def has_pack(dataset: public.Dataset) -> bool:
    return any(access.can_be_applied_for for access, _ in by_terms(dataset))


def buttons(value: public.Contact, subject: Text, t: Words) -> list[Button]:
    """What a finger can do: open the form, write, call."""
    title = show.shortened(subject.to(t.lang)[0], 80)
    found: list[tuple[str, Html]] = []
    if url := show.href(value.url):
        found.append((url, html(t.apply_online)))
    if show.is_email(value.email):
        written = quote(t.apply_subject.format(title=title), safe="")
        found.append((show.href(f"mailto:{value.email}?subject={written}"), html(t.apply_email)))
    if number := show.dialled(value.phone):
        found.append((f"tel:{number}", Html(f"{html(t.apply_phone)} {show.unbroken(value.phone)}")))
    return [Button(Html(address), label, index == 0) for index, (address, label) in enumerate(found)]


def channel(value: public.Contact, t: Words) -> Html:
    """A line for each way."""
    hours = show.noted(value.hours, t)
    lines = [
        show.noted(value.name, t),
        show.link(value.url),
        show.email(value.email),
        show.phone(value.phone),
        show.noted(value.address, t),
        Html(f"{html(t.apply_hours)}{hours}") if hours else NOTHING,
    ]
    return show.joined([line for line in lines if line], "<br>")


def _legal_basis(access: public.Access, t: Words) -> Html:
    links = [show.link(url) for url in access.legal_basis_urls]
    return show.joined([show.noted(access.legal_basis, t), *links], "<br>")


def _days(days: int | None, t: Words) -> Html:
    return NOTHING if days is None else html(t.count("working_days", days))


def _several(values: tuple[Text, ...], t: Words) -> Html:
    if len(values) < 2:
        return show.noted(values[0], t) if values else NOTHING
    return Html(f"<ul>{''.join(f'<li>{show.noted(value, t)}</li>' for value in values)}</ul>")


def _agreement(agreement: public.Agreement, t: Words) -> Agreement | None:
    if not agreement:
        return None
    title = show.noted(agreement.title, t) if agreement.title else html(t.agreement)
    text = agreement.text.to(t.lang)[0]
    return Agreement(title, show.link(agreement.url), show.paragraphs(agreement.text, t), len(text) > LONG)
