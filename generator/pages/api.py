"""The page of the static API, for people: what is where, and how to take everything at once."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

from generator import public
from generator.config import Portal
from generator.endpoints import ENDPOINTS, Endpoint
from generator.pages import addresses
from generator.pages.html import Html, html
from generator.pages.page import Frames, Page
from generator.sitefile import SiteFile

PATH = "api/"


class Line(NamedTuple):
    path: Html
    """Breaks at its slashes, on a phone."""
    plain: str
    href: str
    """An example: a file that is there; empty where this catalogue has none."""
    about: str


class Command(NamedTuple):
    name: str
    code: str


def render(catalog: public.Catalog, frame: Frames) -> SiteFile:
    t, base = frame.words, frame.base(PATH)
    values = examples(catalog)
    lines = {
        group: [_line(each, values, base, t.lang) for each in ENDPOINTS if each.group == group]
        for group in ("v1", "ckan")
    }
    body = frame.templates.html(
        "api.html",
        home=base + addresses.prefix(t.lang), base=base,
        lines=lines["v1"], ckan=lines["ckan"],
        commands=commands(catalog.portal) if any(map(_is_open, catalog.datasets)) else [],
        check=verification(catalog.portal),
    )  # fmt: skip
    description = t.api_description.format(portal=catalog.portal.title.to(t.lang)[0])
    return frame.file(Page(PATH, t.api, description, body))


def examples(catalog: public.Catalog) -> dict[str, str]:
    """A value for each parameter."""
    found = {"page": "1", "start": "0", "facet": "theme"}
    if catalog.datasets:
        found["name"] = catalog.datasets[0].name
    if catalog.agencies:
        found["agency"] = catalog.agencies[0].id
    if catalog.themes:
        found["theme"] = next((each.theme.id for each in catalog.datasets if each.theme), catalog.themes[0].id)
    return found


def _line(endpoint: Endpoint, values: dict[str, str], base: str, lang: str) -> Line:
    known = all(each.name in values for each in endpoint.parameters)
    href = base + addresses.encoded(endpoint.path.format(**values)) if known else ""
    path = Html(html(f"/{endpoint.path}").replace("/", "/<wbr>"))
    return Line(path, f"/{endpoint.path}", href, endpoint.about.to(lang)[0])


def _is_open(dataset: public.Dataset) -> bool:
    return any(each.distributions for each in dataset.resources)


def commands(portal: Portal) -> list[Command]:
    """Lines that download all open data into the folder that one is in; to run one again does no harm."""
    depth = len([part for part in urlsplit(portal.url).path.split("/") if part])
    cut = f" --cut-dirs={depth}" if depth else ""
    lists = f"{portal.url}download/"
    return [
        Command(
            "aria2", f'curl -fsSL "{lists}aria2.txt" | aria2c -i - -j 8 --allow-overwrite --auto-file-renaming=false'
        ),
        Command(
            "wget",
            f'wget -qO- "{lists}urls.txt" | wget -nv -N -x -nH{cut} --restrict-file-names=nocontrol -i -',
        ),
        Command("curl", f'curl -fsSL "{lists}curl.txt" | curl -fgZ --create-dirs -K -'),
    ]


def verification(portal: Portal) -> str:
    return f'curl -fsSL "{portal.url}download/SHA256SUMS" | sha256sum -c --quiet -'
