"""Lets MkDocs make our prose pages and shells; under a plain ``mkdocs build`` or ``serve``, adds all the rest."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from html import unescape
from itertools import count
from operator import itemgetter
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import jinja2
from markupsafe import Markup, escape
from mkdocs.config import base, config_options
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from generator.clock import today
from generator.config import Config, Portal, read_config
from generator.headers import meta_policy
from generator.pages import addresses, show
from generator.pages.assets import Asset, assets, pack
from generator.pages.html import html
from generator.pages.page import SECTIONS, links, title
from generator.pages.words import other, words
from generator.shell import Shell, slot
from generator.text import LANGUAGES

SHELL = "__shell__.md"
PICTURES = (".png", ".svg")
PROSE = ("use", "terms", "openness", "contribute", "about")


class KaishuOptions(base.Config):  # type: ignore[no-untyped-call]  # MkDocs' own hook
    config_file = config_options.Type(str, default="kaishu.yaml")
    """The portal's configuration, beside ``mkdocs.yml``. Not read when ``site_engine`` hands it over."""


class KaishuPlugin(BasePlugin[KaishuOptions]):  # type: ignore[no-untyped-call]  # MkDocs' own hook
    def __init__(self) -> None:
        self.given: Config | None = None
        """The configuration that ``site_engine`` hands over; it then takes the shells and does the rest itself."""
        self.kaishu: Config
        self.shells: dict[str, Shell] = {}
        self.assets: dict[str, str] = {}
        self.prose: dict[str, list[dict[str, str]]] = {lang: [] for lang in LANGUAGES}
        """Of each language what the search finds besides datasets."""

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        self.kaishu = self.given or read_config(Path(config.config_file_path).parent / self.config.config_file)
        config.site_name = str(self.kaishu.portal.title)
        config.site_url = None
        # MkDocs' own 404 page and sitemap: ours know the generated pages.
        config.theme.static_templates.clear()
        return config

    def on_files(self, files: Files, /, *, config: MkDocsConfig) -> Files:
        """Material's own files stay out, ours come in, and Chinese pages move up to the root."""
        kept = Files([file for file in files if file.is_documentation_page() or file.src_uri.endswith(PICTURES)])
        for lang in LANGUAGES:
            kept.append(File.generated(config, f"{lang}/{SHELL}", content=""))
        for file in kept:
            lang, _, path = file.dest_uri.partition("/")
            file.dest_uri = addresses.prefix(lang) + path
        for asset in (*assets(self.kaishu.site_src / "assets", _material(config)), *self._pack()):
            self.assets[asset.name] = asset.path
            kept.append(File.generated(config, asset.path, content=asset.content))
        return kept

    def _pack(self) -> tuple[Asset, ...]:
        if not self.kaishu.portal.duckdb_wasm:
            return ()
        try:
            return tuple(pack(self.kaishu.site_src / "duckdb"))
        except FileNotFoundError as error:
            raise PluginError(
                "portal.duckdb_wasm 已开启，但没有 DuckDB 的文件，请先运行 make duckdb。"
                "portal.duckdb_wasm is on, and DuckDB's files are not there: run make duckdb first."
            ) from error

    def on_env(self, env: jinja2.Environment, /, *, config: MkDocsConfig, files: Files) -> jinja2.Environment:
        env.undefined = jinja2.StrictUndefined
        env.globals["assets"] = self.assets
        env.trim_blocks = env.lstrip_blocks = True
        return env

    def on_page_content(self, html: str, /, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """What is wider than a phone scrolls in a box of its own, which the keyboard reaches."""
        if missing := re.search(r'href="([^":]*\.md)["#]', html):
            raise PluginError(f"{page.file.src_uri} links to {missing[1]}, which is not there")
        if not _is_shell(page):
            self.prose[_lang(page)].append(_searched(page, html))
        label = words(_lang(page)).wide_table
        numbers = count(1)
        box = '<section class="scroll" tabindex="0" aria-label="{} {}"><table>'
        html = re.sub("<table>", lambda _: box.format(label, next(numbers)), html)
        html = html.replace("</table>", "</table></section>")
        return html.replace("<pre>", '<pre tabindex="0">')

    def on_page_context(
        self, context: TemplateContext, /, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        lang = _lang(page)
        values = _slots() if _is_shell(page) else _values(page, self.kaishu.portal)
        view = SimpleNamespace(**frame(self.kaishu.portal, lang, values), shell=_is_shell(page))
        return cast("TemplateContext", {**context, "view": view, "t": words(lang)})

    def on_post_page(self, output: str, /, *, page: Page, config: MkDocsConfig) -> str:
        if not _is_shell(page):
            return output
        self.shells[_lang(page)] = Shell.from_html(_lang(page), output)
        return ""

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        for lang, pages in self.prose.items():
            place = Path(config.site_dir) / addresses.prefix(lang) / "catalog/pages.json"
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(json.dumps(sorted(pages, key=itemgetter("path")), ensure_ascii=False), encoding="utf-8")
            pages.clear()
        if self.given is None:
            from generator.build import complete

            complete(self.kaishu, Path(config.site_dir), self.shells, today())

    def on_serve(
        self, server: LiveReloadServer, /, *, config: MkDocsConfig, builder: Callable[..., Any]
    ) -> LiveReloadServer:
        for place in (self.kaishu.datasets, self.kaishu.site_src, self.kaishu.file):
            if place is not None:
                server.watch(str(place))
        return server


def _material(config: MkDocsConfig) -> Path:
    """Material's folder of templates, among those where the theme is looked for."""
    return next(Path(place) for place in config.theme.dirs if (Path(place) / "assets/stylesheets").is_dir())


def _lang(page: Page) -> str:
    return page.file.src_uri.partition("/")[0]


def _searched(page: Page, content: str) -> dict[str, str]:
    path = page.file.dest_uri.removesuffix("index.html").removeprefix(addresses.prefix(_lang(page)))
    text = unescape(re.sub(r"<[^>]*>", " ", content))
    return {"path": path, "title": str(page.meta.get("title") or page.title or ""), "text": " ".join(text.split())}


def _is_shell(page: Page) -> bool:
    return page.file.src_uri.endswith(f"/{SHELL}")


def _slots() -> dict[str, Any]:
    return {
        **{name: slot(name) for name in ("base", "path", "kind", "title", "heading", "description", "head", "body")},
        "section": {name: slot(f"section:{name}") for name in SECTIONS} | dict.fromkeys(PROSE, ""),
    }


def _values(page: Page, portal: Portal) -> dict[str, Any]:
    """What fills the frame of a prose page. The page's own front matter is trusted, but may hold a ``<``."""
    lang, path = _lang(page), page.file.dest_uri.removesuffix("index.html").removeprefix(addresses.prefix(_lang(page)))
    heading = str(page.meta.get("title") or page.title or "")
    return {
        "base": addresses.base(addresses.prefix(lang) + path),
        "path": path,
        "kind": "kind-prose",
        "title": escape(title(portal, lang, heading)),
        "heading": escape(heading),
        "description": escape(show.shortened(str(page.meta.get("description") or portal.description.to(lang)[0]), 160)),
        "head": links(portal, lang, path),
        "section": {name: ' aria-current="page"' if f"{name}/" == path else "" for name in (*SECTIONS, *PROSE)},
    }


def frame(portal: Portal, lang: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """All that the theme's template shows around a page, escaped: its own Jinja environment does not."""
    base = values["base"]
    return {
        **values,
        "policy": escape(meta_policy(wasm=portal.duckdb_wasm)),
        "lang": lang,
        "html_lang": show.html_lang(lang),
        "prefix": addresses.prefix(lang),
        "home": base + addresses.prefix(lang),
        "switch": base + addresses.prefix(other(lang)) + values["path"],
        "portal_title": show.plain(portal.title, lang),
        "notice": show.plain(portal.notice, lang),
        "publisher": show.plain(portal.publisher or portal.title, lang),
        "contacts": _contacts(portal),
        "repository": escape(portal.repository),
        "licence": show.link(portal.license_url, _licence_name(portal.license_url)) if portal.license_url else "",
        "filing": [show.link(url, html(text)) if url else html(text) for text, url in portal.filing],
    }


def _contacts(portal: Portal) -> list[Markup]:
    shown = [
        show.email(portal.email) if portal.email else "",
        show.phone(portal.phone) if portal.phone else "",
        show.link(portal.publisher_url) if portal.publisher_url else "",
    ]
    return [Markup(entry) for entry in shown if entry]


def _licence_name(url: str) -> str:
    """``CC BY 4.0`` for the addresses of Creative Commons, else the address."""
    found = re.search(r"creativecommons\.org/(?:licenses/([a-z-]+)|publicdomain/(zero))/([\d.]+)", url)
    if found is None:
        return url
    return f"CC {found[1].upper()} {found[3]}" if found[1] else f"CC0 {found[3]}"
