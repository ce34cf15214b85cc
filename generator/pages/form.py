"""The page that writes a descriptor: its fields come from the terms, its choices from the vocabularies.

What is typed stays in the reader's browser; ``form.js`` checks it against the published JSON Schema. Without a script
the page is a template to copy.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from generator import public, terms, vocabularies
from generator.pages import addresses, show
from generator.pages.html import Html, html
from generator.pages.page import Frames, Page
from generator.pages.words import Words
from generator.sitefile import SiteFile

PATH = "contribute/form/"


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: Html
    about: str = ""
    """Of a licence: its title and address, which the descriptor states too."""


@dataclass(frozen=True, slots=True)
class Input:
    path: str
    """Where the value goes in the descriptor: ``collection.legal_basis``, ``sources.0.title``."""
    id: str
    kind: str
    """text, area, lines (a list, one a line), number, date, moment, choice, licence."""
    label: Html
    hint: Html
    choices: tuple[Choice, ...] = ()
    required: str = ""
    """For which openness: ``all``, or names of some."""
    english: bool = False


ALWAYS = ("openness", "agency", "name", "title", "description", "theme", "update_cycle", "source_department")
REQUIRED = {
    **dict.fromkeys(ALWAYS, "all"),
    "licenses": "unconditional",
    "access.reason": "conditional closed",
    "access.legal_basis": "closed",
    "access.conditions": "conditional",
}
"""What ``kaishu check`` refuses to do without; of the channel, one of its parts is checked for by the script."""

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "basics": ("agency", "name", "title", "title_en", "description", "description_en", "keywords", "keywords_en",
               "theme", "industry", "update_cycle", "created", "modified", "version"),
    "openness": ("openness", "licenses"),
    "access": ("access.use",
               "access.reason", "access.legal_basis", "access.legal_basis_url", "access.applicants", "access.purposes",
               "access.conditions", "access.security", "access.materials", "access.channel.url", "access.channel.email",
               "access.channel.phone", "access.channel.address", "access.response_days", "access.fee",
               "access.agreement.url", "access.reviewed", "access.review_by", "access.embargo_until",
               "access.reason_en", "access.conditions_en"),
    "origin": ("source_department", "collection.legal_basis", "collection.system", "collection.items",
               "sources.0.title", "sources.0.path", "contact.name", "contact.email", "contact.phone"),
    "coverage": ("language.0", "spatial.name", "spatial.code", "temporal.start", "temporal.end", "crs",
                 "catalogue_code", "provincial_entry"),
}  # fmt: skip
TYPES = ("string", "integer", "number", "boolean", "date", "datetime", "time", "year", "yearmonth")
LANGUAGES_OF_DATA = ("zh", "en")
LINES = (
    "purposes",
    "conditions",
    "security",
    "materials",
    "keywords",
    "items",
    "legal_basis_url",
    "conditions_en",
    "keywords_en",
)
AREAS = (
    "description",
    "description_en",
    "access.reason",
    "access.legal_basis",
    "access.applicants",
    "access.reason_en",
)
SCRIPT_WORDS = (
    "copied",
    "form_ok",
    "form_count",
    "form_count_1",
    "form_need",
    "form_need_channel",
    "form_need_resource",
    "form_need_columns",
    "form_need_reference",
    "form_name_taken",
    "form_enum",
    "form_pattern",
    "form_type",
    "form_minLength",
    "form_maxLength",
    "form_minimum",
    "form_maximum",
    "form_minItems",
    "form_maxItems",
    "form_minProperties",
    "form_read",
    "form_read_header",
    "form_read_repeated",
    "form_read_personal",
    "form_read_encoding",
    "form_read_format",
    "form_read_empty",
    "form_read_failed",
    "form_withheld_file",
    "form_too_long",
    "form_opened",
    "form_draft_found",
    "form_drafts_off",
    "form_pattern_name",
    "form_pattern_email",
    "form_pattern_url",
    "form_remove_column",
    "form_column",
)


def render(catalog: public.Catalog, frame: Frames) -> SiteFile:
    t, portal = frame.words, catalog.portal
    base = frame.base(PATH)
    home = base + addresses.prefix(frame.lang)
    sections = [
        (
            name,
            t[f"form_{name}"],
            t.get(f"form_{name}_about", ""),
            [_input(path, catalog, t) for path in paths],
        )
        for name, paths in SECTIONS.items()
    ]
    body = frame.templates.html(
        "form.html",
        home=home,
        base=base,
        schema=f"{base}schema/dataset.schema.json",
        words=json.dumps(
            {key.removeprefix("form_"): t[key] for key in SCRIPT_WORDS if hasattr(t, key)}, ensure_ascii=False
        ),
        repository=portal.repository.rstrip("/") if portal.repository.startswith("https://") else "",
        forge=_forge(portal.repository),
        taken=" ".join(dataset.name for dataset in catalog.datasets),
        sections=sections,
        levels=[Choice(each, html(t[f"openness_{each}"])) for each in terms.OPENNESS],
        types=[Choice(type_, html(t[f"form_type_{type_}"])) for type_ in TYPES],
        template=template(t),
    )
    description = t.form_description.format(portal=portal.title.to(frame.lang)[0])
    return frame.file(Page(PATH, t.form, description, body))


def _forge(repository: str) -> str:
    """Whose page for a new file can be filled in from an address; empty for others."""
    host = urlsplit(repository).hostname or ""
    if host == "github.com":
        return "github"
    return "gitlab" if host == "gitlab.com" or host.startswith("gitlab.") else ""


def _input(path: str, catalog: public.Catalog, t: Words) -> Input:
    bare = path.removesuffix("_en")
    english = bare != path
    label = _label(bare, t)
    return Input(
        path=path,
        id="f-" + path.replace(".", "-"),
        kind=_kind(path),
        label=html(t.score_in_english.format(label) if english else label),
        hint=html(t.form_hint_english if english else t[f"form_hint_{bare.replace('.', '_')}"]),
        choices=tuple(_choices(path, catalog, t)),
        required=REQUIRED.get(path, ""),
        english=english,
    )


def _label(path: str, t: Words) -> str:
    """The term's; of a part of a term, one of ours."""
    own = t.get(f"form_label_{path.replace('.', '_')}", "")
    if own:
        return own
    listed, name = (terms.ACCESS, path.removeprefix("access.")) if path.startswith("access.") else (terms.DATASET, path)
    return terms.labels(listed)[name][t.lang]


def _kind(path: str) -> str:
    last = path.rpartition(".")[2]
    if path == "licenses":
        return "licence"
    if path in ("agency", "source_department", "access.use"):
        return "suggest"
    if path in ("openness", "theme", "industry", "update_cycle", "language.0"):
        return "choice"
    if path == "created":
        return "moment"
    if last in ("modified", "reviewed", "review_by", "embargo_until"):
        return "date"
    if last == "response_days":
        return "number"
    return "lines" if last in LINES else "area" if path in AREAS else "text"


def _choices(path: str, catalog: public.Catalog, t: Words) -> Iterable[Choice]:
    lang = t.lang
    if path in ("agency", "source_department"):
        return [Choice(each.id, show.plain(each.name, lang)) for each in catalog.agencies if each.id != "portal"]
    if path == "openness":
        return [Choice(each, html(t[f"openness_{each}"])) for each in terms.OPENNESS]
    if path == "licenses":
        known = dict.fromkeys(each for each in vocabularies.licenses().values() if each.open)
        return [Choice(each.name, show.plain(each.title, lang), f"{each.title.main}\n{each.url}") for each in known]
    if path == "access.use":
        return [_shared(each, lang) for each in catalog.shared_terms]
    if path == "language.0":
        return [Choice(each, html(t[f"language_{each}"])) for each in LANGUAGES_OF_DATA]
    concepts = {
        "theme": vocabularies.themes,
        "industry": vocabularies.industries,
        "update_cycle": vocabularies.update_cycles,
    }.get(path)
    return [Choice(id_, show.plain(each.label, lang)) for id_, each in concepts().items()] if concepts else ()


def _shared(block: public.SharedTerms, lang: str) -> Choice:
    """A descriptor names the block by its id alone; the nearest above the dataset counts."""
    own = show.plain(block.title, lang)
    label = Html(f"{own} · {show.plain(block.agency.name, lang)}") if block.agency else own
    return Choice(block.address.rpartition("/")[2], label)


def template(t: Words) -> str:
    """The descriptor with blanks, to copy where no script runs."""
    lines = []
    for paths in SECTIONS.values():
        for path in paths:
            if "." not in path and not path.endswith("_en"):
                lines.append(f"{path}: {_blank(path)}  # {_label(path, t)}")
    return "\n".join([*lines, *RESOURCE]) + "\n"


def _blank(path: str) -> str:
    return {"keywords": "[]", "licenses": "[{name: CC-BY-4.0}]", "theme": "other", "update_cycle": "yearly",
            "openness": "unconditional"}.get(path, '""')  # fmt: skip


RESOURCE = (
    "resources:",
    "  - name: data",
    '    title: ""',
    "    path: data.csv",
    "    schema:",
    "      fields:",
    '        - {name: "", title: "", type: string}',
)
