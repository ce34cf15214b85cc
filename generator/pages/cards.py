"""A dataset in a list: one piece of HTML, used by every list of one language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from generator import public
from generator.pages import addresses, show
from generator.pages.templates import Templates
from generator.pages.words import Words

_HOME = "\x02"
"""Stands for the way to the language's root, which differs from list to list. ``clean`` lets none in."""


class Cards:
    def __init__(self, datasets: Iterable[public.Dataset], templates: Templates) -> None:
        self._cards: Mapping[str, str] = {
            dataset.name: templates.html("card.html", **_values(dataset, templates.t)) for dataset in datasets
        }

    def html(self, datasets: Iterable[public.Dataset], home: str) -> str:
        return "".join(self._cards[dataset.name] for dataset in datasets).replace(_HOME, home)


def _values(dataset: public.Dataset, t: Words) -> dict[str, object]:
    lang = t.lang
    text, actual = dataset.description.to(lang)
    return {
        "href": _HOME + addresses.dataset(dataset.name),
        "title": show.plain(dataset.title, lang),
        "note": show.fallback(dataset.title, t),
        "openness": dataset.openness,
        "badge": t[f"openness_{dataset.openness}"],
        "description": show.opening(text, 160 if lang == "en" else 90),
        "description_lang": "" if actual == lang else show.html_lang(actual),
        "agency": show.plain(dataset.agency.short_name or dataset.agency.name, lang),
        "theme": show.plain(dataset.theme.label, lang) if dataset.theme else "",
        "modified": show.time(dataset.modified),
        "formats": list(formats(dataset)),
        "overdue": dataset.due.is_overdue,
        "demonstration": bool(dataset.demonstration),
    }


def formats(dataset: public.Dataset) -> dict[str, None]:
    """Formats that can be downloaded, each once, in order."""
    return dict.fromkeys(each.format for resource in dataset.resources for each in resource.distributions)
