"""Access terms: on what conditions data are given, and how to apply; or why they are not."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from generator import public
from generator.pages import facts, show
from generator.pages.facts import NOTHING, Fact
from generator.pages.words import Words
from generator.text import Text


@dataclass(frozen=True, slots=True)
class Terms:
    reason: Markup
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
    rows = [Fact(facts.label(name, t.lang, "access"), value) for name, value in values.items()]
    return Terms(show.paragraphs(access.reason, t), facts.stated(rows))


def _days(days: int | None, t: Words) -> Markup:
    return NOTHING if days is None else show.html(t.count("working_days", days))


def _several(values: tuple[Text, ...], t: Words) -> Markup:
    if len(values) < 2:
        return show.noted(values[0], t) if values else NOTHING
    return Markup(f"<ul>{''.join(f'<li>{show.noted(value, t)}</li>' for value in values)}</ul>")


def _agreement(agreement: public.Agreement, t: Words) -> Markup:
    if not agreement:
        return NOTHING
    title = show.noted(agreement.title, t) if agreement.title else show.html(t.agreement)
    return (show.link(agreement.url, title) if agreement.url else title) + show.paragraphs(agreement.text, t)
