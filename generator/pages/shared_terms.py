"""The pages of terms that several datasets share: the terms, and which datasets they hold for."""

from __future__ import annotations

from collections.abc import Iterator

from generator import public
from generator.pages import access, addresses, facts, show
from generator.pages.html import NOTHING
from generator.pages.page import Frames, Page
from generator.sitefile import SiteFile


def render(catalog: public.Catalog, frame: Frames) -> Iterator[SiteFile]:
    for block in catalog.shared_terms:
        yield frame.file(page(block, catalog, frame))


def page(block: public.SharedTerms, catalog: public.Catalog, frame: Frames) -> Page:
    t, lang = frame.words, frame.lang
    path = addresses.shared_terms(block.address)
    home = frame.base(path) + addresses.prefix(lang)
    users = [(dataset, _is_whole(dataset, block)) for dataset in catalog.datasets if _follows(dataset, block)]
    body = frame.templates.html(
        "terms.html",
        home=home,
        title=show.plain(block.title, lang),
        title_note=show.fallback(block.title, t),
        agency=facts.agency_link(block.agency, home, lang) if block.agency else NOTHING,
        terms=access.terms(block.access, t),
        datasets=[
            (home + addresses.dataset(each.name), show.plain(each.title, lang), "" if whole else t.terms_departs)
            for each, whole in users
        ],
    )
    title = block.title.to(lang)[0]
    return Page(path, title, t.terms_description.format(title=title, n=len(users)), body, section="catalog")


def _terms_of(dataset: public.Dataset, block: public.SharedTerms) -> list[public.Access]:
    stated = (dataset.access, *(resource.access for resource in dataset.resources))
    return [each for each in stated if each and each.shared == block.address]


def _follows(dataset: public.Dataset, block: public.SharedTerms) -> bool:
    return bool(_terms_of(dataset, block))


def _is_whole(dataset: public.Dataset, block: public.SharedTerms) -> bool:
    return all(each.is_shared for each in _terms_of(dataset, block))
