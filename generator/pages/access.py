"""Access terms: on what conditions data are given, and how to apply; or why they are not."""

from __future__ import annotations

from dataclasses import dataclass

from generator import public
from generator.pages import facts, show
from generator.pages.facts import Fact
from generator.pages.html import NOTHING, Html, html
from generator.pages.words import Words
from generator.text import Text


@dataclass(frozen=True, slots=True)
class Terms:
    reason: Html
    rows: list[Fact]


def terms(access: public.Access, t: Words) -> Terms:
    values = {
        "legal_basis": show.noted(access.legal_basis, t),
        "applicants": show.noted(access.applicants, t),
        "purposes": _several(access.purposes, t),
        "conditions": _several(access.conditions, t),
        "security": _several(access.security, t),
        "materials": _several(access.materials, t),
        "channel": facts.contact(access.channel, t.lang),
        "response_days": _days(access.response_days, t),
        "fee": show.noted(access.fee, t),
        "agreement": _agreement(access.agreement, t),
        "reviewed": show.time(access.reviewed),
        "review_by": show.time(access.review_by),
        "embargo_until": show.time(access.embargo_until),
    }
    label = facts.labels(t.lang, "access")
    rows = [(label[name], value) for name, value in values.items()]
    return Terms(show.paragraphs(access.reason, t), facts.stated(rows))


def _days(days: int | None, t: Words) -> Html:
    return NOTHING if days is None else html(t.count("working_days", days))


def _several(values: tuple[Text, ...], t: Words) -> Html:
    if len(values) < 2:
        return show.noted(values[0], t) if values else NOTHING
    return Html(f"<ul>{''.join(f'<li>{show.noted(value, t)}</li>' for value in values)}</ul>")


def _agreement(agreement: public.Agreement, t: Words) -> Html:
    if not agreement:
        return NOTHING
    title = show.noted(agreement.title, t) if agreement.title else html(t.agreement)
    linked = show.link(agreement.url, title) if agreement.url else title
    return Html(linked + show.paragraphs(agreement.text, t))
