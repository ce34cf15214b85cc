"""The scorecard: the page that explains it and shows all agencies, and the part on an agency's own page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from generator import public, terms
from generator.pages import addresses, show
from generator.pages.html import NOTHING, Html, html
from generator.pages.page import Frames, Page
from generator.pages.words import Words
from generator.problems import catalogue
from generator.scorecard import METADATA, UNSETTLED, Card, Dimension, Improvement, Measure, Name, permille
from generator.sitefile import SiteFile

PATH = "scorecard/"
MOST = 12
"""Improvements shown on an agency's page; the JSON has all."""
DIMENSIONS: Mapping[Name, tuple[str, ...]] = {
    "completeness": ("metadata", "required", "titled"),
    "accuracy": ("unremarked",),
    "consistency": ("keyed", "referring", "codes"),
    "timeliness": ("in_time",),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """One measure, as it is shown."""

    label: str
    share: str
    count: str


@dataclass(frozen=True, slots=True)
class Quality:
    id: Name
    label: str
    score: str
    """Empty where it does not apply."""
    permille: int
    measures: Sequence[Counted]


@dataclass(frozen=True, slots=True)
class Advice:
    dataset: Html
    href: str
    text: Html


@dataclass(frozen=True, slots=True)
class Shown:
    """The part on an agency's page."""

    score: str
    qualities: Sequence[Quality]
    notes: Sequence[str]
    advice: Sequence[Advice]
    more: str
    """How many pieces of advice are in the JSON alone."""


def render(cards: Sequence[Card], portal: str, frame: Frames) -> SiteFile:
    t, lang = frame.words, frame.lang
    base = frame.base(PATH)
    home = base + addresses.prefix(lang)
    rows = [
        (home + addresses.agency(card.agency.id), show.plain(card.agency.name, lang), percent(card.score),
         [percent(dimension.score) for dimension in card.dimensions], f"{card.datasets:,}", f"{card.overdue:,}")
        for card in cards
    ]  # fmt: skip
    explained = [
        (name, t[f"score_{name}"], t[f"score_{name}_about"],
         [(t[f"score_{measure}"], t[f"score_{measure}_formula"]) for measure in measures])
        for name, measures in DIMENSIONS.items()
    ]  # fmt: skip
    body = frame.templates.html(
        "scorecard.html",
        home=home, base=base, rows=rows, explained=explained, columns=[t[f"score_{name}"] for name in DIMENSIONS],
        metadata=t.comma.join(_term(name, t) for name, _ in METADATA),
    )  # fmt: skip
    return frame.file(Page(PATH, t.scorecard, t.scorecard_description.format(portal=portal), body, section="agency"))


def shown(card: Card, home: str, t: Words) -> Shown:
    notes = [t.count("score_overdue", card.overdue)] if card.overdue else []
    notes += [t.count("score_waivers", card.waivers)] if card.waivers else []
    rest = len(card.improvements) - MOST
    return Shown(
        percent(card.score),
        [_quality(dimension, t) for dimension in card.dimensions],
        notes,
        [_advice(each, home, t) for each in card.improvements[:MOST]],
        t.count("score_more", rest) if rest > 0 else "",
    )


def percent(score: Fraction | None) -> str:
    if score is None:
        return "–"
    whole, tenth = divmod(permille(score), 10)
    return f"{whole}%" if whole == 100 or permille(score) == 0 else f"{whole}.{tenth}%"


def _quality(dimension: Dimension, t: Words) -> Quality:
    score = dimension.score
    return Quality(
        dimension.name,
        t[f"score_{dimension.name}"],
        percent(score) if score is not None else "",
        permille(score) if score is not None else 0,
        [_counted(measure, t) for measure in dimension.measures],
    )


def _counted(measure: Measure, t: Words) -> Counted:
    count = t.score_count.format(met=f"{measure.met:,}", of=f"{measure.of:,}") if measure.of else t.score_not_applicable
    return Counted(t[f"score_{measure.name}"], percent(measure.share), count)


def _advice(each: Improvement, home: str, t: Words) -> Advice:
    if each.what == "metadata":
        names = html(t.comma.join(_term(name, t) for name in each.names))
    elif each.what == "remark":
        kind = catalogue()[each.names[0]]
        names = html(f"{kind.code} {kind.title.to(t.lang)[0]}")
    else:
        names = show.joined([Html(f"<code>{html(name)}</code>") for name in each.names], t.comma)
    key = "score_do_code_unsettled" if each.what == "code" and each.expected == UNSETTLED else f"score_do_{each.what}"
    values = {"resource": html(each.resource), "names": names, "n": f"{each.count:,}", "expected": html(each.expected)}
    return Advice(
        show.plain(each.dataset.title, t.lang),
        home + addresses.dataset(each.dataset.name),
        Html(t[key].format(**values)),
    )


def _term(name: str, t: Words) -> str:
    bare = name.removesuffix("_en")
    label = terms.labels()[bare][t.lang]
    return t.score_in_english.format(label) if bare != name else label


def part(card: Card | None, home: str, frame: Frames) -> Html:
    """Nothing for an agency that only is a source of data."""
    if card is None:
        return NOTHING
    return Html(
        frame.templates.html(
            "agency-scorecard.html",
            home=home,
            json=f"{frame.base(addresses.agency(card.agency.id))}agency/{addresses.encoded(card.agency.id)}/scorecard.json",
            card=shown(card, home, frame.words),
        )
    )


def of(agency: public.Agency, cards: Sequence[Card]) -> Card | None:
    return next((card for card in cards if card.agency.id == agency.id), None)
