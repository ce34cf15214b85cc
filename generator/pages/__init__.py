"""Every generated page of the site, in both languages: public values in, files out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from generator import public
from generator.config import Portal
from generator.pages import api, changes, dataset, demand, form, help, home, lists, search, shared_terms
from generator.pages.cards import Cards
from generator.pages.page import Frames
from generator.pages.templates import Templates
from generator.pages.words import words
from generator.shell import Shell
from generator.sitefile import SiteFile
from generator.text import LANGUAGES


def render(
    catalog: public.Catalog,
    shells: Mapping[str, Shell],
    *,
    structured_data: dataset.StructuredData,
    catalog_structured_data: Callable[[str], str],
    templates: Path,
) -> Iterator[SiteFile]:
    yield from render_overviews(catalog, shells, catalog_structured_data=catalog_structured_data, templates=templates)
    yield from render_datasets(
        catalog.datasets, catalog.portal, shells, structured_data=structured_data, templates=templates
    )


def render_overviews(
    catalog: public.Catalog,
    shells: Mapping[str, Shell],
    *,
    catalog_structured_data: Callable[[str], str],
    templates: Path,
) -> Iterator[SiteFile]:
    """Home, lists, agencies, log, API, files of the search, what is not found: what is about many datasets."""
    frames = _frames(catalog.portal, shells, templates)
    found = lists.groups(catalog)
    index = search.build(catalog, found, templates.parent / "search" / "synonyms.yaml")
    for path, content in index.contents.items():
        yield SiteFile(search.FOLDER + path, content)
    for frame in frames:
        cards = Cards(catalog.datasets, frame.templates)
        yield from home.render(catalog, found, frame, cards, catalog_structured_data(frame.lang))
        yield from lists.render(catalog, found, frame, cards, search.FOLDER + index.start)
        yield from shared_terms.render(catalog, frame)
        yield from changes.render(catalog, frame)
        yield api.render(catalog, frame)
        yield form.render(catalog, frame)
        yield from help.render(frame)
        yield from demand.render(catalog, frame)
    yield home.not_found(frames[0], list(frames[1:]))


def render_datasets(
    datasets: Iterable[public.Dataset],
    portal: Portal,
    shells: Mapping[str, Shell],
    *,
    structured_data: dataset.StructuredData,
    templates: Path,
) -> Iterator[SiteFile]:
    """The pages of these datasets. They depend on nothing else, so that a part of a catalogue can be made anywhere."""
    return dataset.render(datasets, _frames(portal, shells, templates), structured_data)


def _frames(portal: Portal, shells: Mapping[str, Shell], templates: Path) -> tuple[Frames, ...]:
    return tuple(Frames(portal, shells[lang], Templates.read(templates, words(lang))) for lang in LANGUAGES)
