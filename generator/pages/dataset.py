"""The page of a dataset: values made ready for its templates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup, escape

from generator import public, terms
from generator.config import Portal
from generator.pages import addresses, preview, recipes, show, templates
from generator.pages.page import Frames, Page
from generator.pages.words import Words
from generator.sitefile import SiteFile
from generator.text import Text

StructuredData = Callable[[public.Dataset, str], str]


class Fact(NamedTuple):
    label: str
    value: Markup


@dataclass(frozen=True, slots=True)
class File:
    href: str
    name: str
    format: str
    size: str
    rows: str
    sha256: str


class Column(NamedTuple):
    name: Markup
    title: Markup
    type: str
    unit: Markup
    constraints: Markup
    description: Markup
    numeric: bool


@dataclass(frozen=True, slots=True)
class Terms:
    """Access terms, for one dataset or for the resources that have their own."""

    reason: Markup
    rows: tuple[Fact, ...]
    steps: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One resource as the page shows it."""

    id: str
    title: Markup
    openness: str
    badge: str
    description: Markup
    files: tuple[File, ...]
    rows: str
    columns: tuple[Column, ...]
    keys: tuple[Fact, ...]
    table: preview.Table | None
    preview_note: str
    terms: Terms | None


def render(
    datasets: Iterator[public.Dataset], frames: tuple[Frames, ...], structured_data: StructuredData, folder: Path
) -> Iterator[SiteFile]:
    for dataset in datasets:
        tables = tables_of(dataset)
        for frame in frames:
            yield frame.file(page(dataset, tables, frame, structured_data(dataset, frame.lang), folder))


def tables_of(dataset: public.Dataset) -> dict[str, preview.Table | None]:
    """The previews by resource. They hold no words, so that both languages share them."""
    with_rows = [resource for resource in dataset.resources if resource.openness == "unconditional" and resource.preview]
    rows = preview.ROWS if len(with_rows) <= preview.MANY else preview.ROWS_OF_MANY
    return {resource.name: preview.table(resource, rows=rows) for resource in with_rows}


def page(dataset: public.Dataset, tables: dict[str, preview.Table | None], frame: Frames, structured: str, folder: Path) -> Page:
    t, lang, path = frame.words, frame.lang, addresses.dataset(dataset.name)
    base = frame.base(path)
    home = base + addresses.prefix(lang)
    data = f"{base}data/{addresses.encoded(dataset.name)}/"
    parts = tuple(part(resource, dataset, tables, base, t) for resource in dataset.resources)
    first_open = next((r for r in dataset.resources if r.openness == "unconditional" and r.kind == "table" and r.distributions), None)
    body = templates.body(
        folder, "dataset.html", lang,
        home=home, base=base, data=data,
        title=show.plain(dataset.title, lang), title_note=show.fallback(dataset.title, t),
        openness=dataset.openness, badge=t[f"openness_{dataset.openness}"], explained=t[f"explained_{dataset.openness}"],
        demonstration=show.paragraphs(dataset.demonstration, t),
        theme=dataset.theme, theme_label=show.plain(dataset.theme.label, lang) if dataset.theme else "",
        glance=glance(dataset, home, t),
        description=show.paragraphs(dataset.description, t),
        keywords=[show.plain(keyword, lang) for keyword in dataset.keywords],
        parts=parts,
        several=len(parts) > 1,
        open_parts=[each for each in parts if each.files],
        shut_parts=[each for each in parts if each.openness != "unconditional"],
        tables=[each for each in parts if each.table],
        structures=[each for each in parts if each.columns],
        terms=terms_of(dataset.access, frame.portal, t) if dataset.access else None,
        own_terms=any(r.access is not None and r.access != dataset.access for r in dataset.resources),
        untranslated_columns=any(f.title and not f.title.has(lang) for r in dataset.resources if r.schema for f in r.schema.fields),
        facts=metadata(dataset, home, t),
        licences=[licence(each, lang) for each in dataset.licenses],
        licences_open=all(each.open for each in dataset.licenses),
        sources=[source(each, lang) for each in dataset.sources],
        contact=contact(dataset.contact if dataset.contact else dataset.agency.contact, lang),
        contact_of=show.plain(dataset.agency.name, lang),
        citation=recipes.citation(dataset, frame.portal, t), bibtex=recipes.bibtex(dataset, frame.portal, t),
        recipes=recipes.recipes(first_open, frame.portal, t) if first_open else (),
        recipe_for=show.plain(first_open.title, lang) if first_open and len(parts) > 1 else "",
        report=report_address(dataset, frame.portal, t),
    )  # fmt: skip
    head = (
        f'<link rel="alternate" type="application/ld+json" href="{data}dcat.jsonld" title="DCAT-AP (JSON-LD)">\n'
        f'<link rel="alternate" type="text/turtle" href="{data}dcat.ttl" title="DCAT-AP (Turtle)">\n'
        f'<link rel="alternate" type="application/json" href="{data}datapackage.json" title="Data Package">\n'
        f'<script type="application/ld+json">{structured}</script>\n'
    )
    description = dataset.description.to(lang)[0] or t.no_description.format(agency=dataset.agency.name.to(lang)[0])
    return Page(path, dataset.title.to(lang)[0], description, body, section="catalog", head=head)


def report_address(dataset: public.Dataset, portal: Portal, t: Words) -> str:
    if not portal.repository.startswith("https://"):
        return ""
    subject = addresses.encoded(f"{t.report_subject}{dataset.name}")
    return f"{portal.repository.rstrip('/')}/issues/new?title={subject}"


# ---- what is to be known at one glance, and everything


def glance(dataset: public.Dataset, home: str, t: Words) -> list[Fact]:
    lang = t.lang
    rows = sum(resource.rows or 0 for resource in dataset.resources if resource.openness == "unconditional")
    formats = dict.fromkeys(each.format for resource in dataset.resources for each in resource.distributions)
    facts = [
        Fact(t.agency, agency_link(dataset.agency, home, lang)),
        Fact(t.updated, show.time(dataset.modified)),
        Fact(t.cycle, show.plain(dataset.update_cycle.label, lang) if dataset.update_cycle else Markup("")),
        Fact(t.licence, show.joined([licence(each, lang) for each in dataset.licenses], t.comma)),
        Fact(t.formats, escape(" · ".join(formats))),
        Fact(t.rows, escape(f"{rows:,}") if rows else Markup("")),
    ]
    return [fact for fact in facts if fact.value]


@lru_cache
def label(name: str, lang: str) -> str:
    return terms.labels()[name][lang]


def metadata(dataset: public.Dataset, home: str, t: Words) -> list[Fact]:
    """Every public value that the page does not show elsewhere, in the order of the catalogue."""
    lang = t.lang

    def text(value: Text) -> Markup:
        return show.plain(value, lang)

    def words(value: str) -> Markup:
        return show.html(value)

    collection, sharing, spatial, temporal = dataset.collection, dataset.sharing, dataset.spatial, dataset.temporal
    place = [text(spatial.name), words(spatial.code)]
    if spatial.bbox:
        place.append(words(t.bbox.format(*spatial.bbox)))
    facts = [
        Fact(label("name", lang), Markup("<code>%s</code>") % show.clean(dataset.name)),
        Fact(label("id", lang), show.link(dataset.id) if dataset.id else Markup("")),
        Fact(label("catalogue_code", lang), words(dataset.catalogue_code)),
        Fact(label("openness", lang), words(t[f"openness_{dataset.openness}"])),
        Fact(label("agency", lang), agency_link(dataset.agency, home, lang)),
        Fact(label("source_department", lang), agency_link(dataset.source_department, home, lang) if dataset.source_department else Markup("")),
        Fact(label("theme", lang), facet_link(dataset.theme, "theme", home, lang)),
        Fact(label("industry", lang), Markup("%s %s") % (dataset.industry.id, text(dataset.industry.label)) if dataset.industry else Markup("")),
        Fact(label("update_cycle", lang), facet_link(dataset.update_cycle, "cycle", home, lang)),
        Fact(label("keywords", lang), show.joined([text(keyword) for keyword in dataset.keywords], t.comma)),
        Fact(label("spatial", lang), show.joined(place, " · ")),
        Fact(label("temporal", lang), show.joined([show.time(temporal.start), show.time(temporal.end)], t.until)),
        Fact(label("crs", lang), words(dataset.crs)),
        Fact(label("language", lang), words(t.comma.join(t_language(code, t) for code in dataset.languages))),
        Fact(label("created", lang), show.time(dataset.created)),
        Fact(label("modified", lang), show.time(dataset.modified)),
        Fact(label("version", lang), words(dataset.version)),
        Fact(t.legal_basis_collection, text(collection.legal_basis)),
        Fact(t.collection_system, text(collection.system)),
        Fact(t.collection_items, words(t.comma.join(collection.items))),
        Fact(t.sharing_type, words(getattr(t, f"sharing_{sharing.type}", sharing.type)) if sharing.type else Markup("")),
        Fact(t.sharing_condition, text(sharing.condition)),
        Fact(t.sharing_mode, text(sharing.mode)),
        Fact(label("contributors", lang), show.joined([contributor(each, t) for each in dataset.contributors], t.comma)),
        Fact(label("provincial_entry", lang), show.link(dataset.provincial_entry) if dataset.provincial_entry else Markup("")),
        Fact(label("homepage", lang), show.link(dataset.homepage) if dataset.homepage else Markup("")),
    ]
    return [fact for fact in facts if fact.value]


def t_language(code: str, t: Words) -> str:
    return str(getattr(t, f"language_{code}", code)) if code.isalpha() else code


def agency_link(agency: public.Agency, home: str, lang: str) -> Markup:
    return Markup('<a href="%s">%s</a>') % (home + addresses.agency(agency.id), show.plain(agency.name, lang))


def facet_link(concept: public.Concept | None, facet: str, home: str, lang: str) -> Markup:
    if concept is None:
        return Markup("")
    return Markup('<a href="%s">%s</a>') % (home + addresses.catalogue(facet, concept.id), show.plain(concept.label, lang))


def licence(value: public.License, lang: str) -> Markup:
    name = show.plain(value.title, lang) if value.title else show.html(value.name or value.url)
    return show.link(value.url, name) if value.url else name


def source(value: public.Source, lang: str) -> Markup:
    name = show.plain(value.title, lang) if value.title else show.html(value.url or value.email)
    shown = show.link(value.url, name) if value.url else name
    return shown + Markup(" · ") + show.email(value.email) if value.email else shown


def contributor(value: public.Contributor, t: Words) -> Markup:
    name = show.plain(value.title, t.lang)
    shown = show.link(value.url, name) if value.url else name
    roles = t.comma.join(str(getattr(t, f"role_{role}", role)) for role in value.roles)
    more = t.comma.join(part for part in (value.organization, roles) if part)
    return shown + show.html(t.brackets.format(more)) if more else shown


def contact(value: public.Contact, lang: str) -> Markup:
    shown = [
        show.plain(value.name, lang),
        show.email(value.email) if value.email else Markup(""),
        show.phone(value.phone) if value.phone else Markup(""),
        show.link(value.url) if value.url else Markup(""),
        show.plain(value.address, lang),
    ]
    return show.joined(shown, " · ")


# ---- resources


def part(
    resource: public.Resource, dataset: public.Dataset, tables: dict[str, preview.Table | None], base: str, t: Words
) -> Part:
    lang, table, schema = t.lang, tables.get(resource.name), resource.schema
    own = resource.access if resource.access and resource.access != dataset.access else None
    return Part(
        id=addresses.encoded(resource.name),
        title=show.plain(resource.title, lang) if resource.title else show.html(resource.name),
        openness=resource.openness,
        badge=t[f"openness_{resource.openness}"],
        description=show.paragraphs(resource.description, t),
        files=tuple(file(each, base) for each in resource.distributions),
        rows=f"{resource.rows:,}" if resource.rows is not None and resource.openness == "unconditional" else "",
        columns=tuple(column(each, t) for each in schema.fields) if schema else (),
        keys=tuple(keys(schema, t)) if schema else (),
        table=table,
        preview_note=_preview_note(resource, table, t) if table else "",
        terms=terms_of(own, None, t) if own else None,
    )


def _preview_note(resource: public.Resource, table: preview.Table, t: Words) -> str:
    total = resource.preview.total if resource.preview else table.rows
    note = t.first_rows.format(shown=table.rows, total=f"{total:,}") if total > table.rows else t.count("all_rows", total)
    return f"{note} {t.gaps}" if table.gaps else note


def file(distribution: public.Distribution, base: str) -> File:
    return File(
        href=base + addresses.encoded(distribution.path),
        name=show.clean(distribution.path.rpartition("/")[2]),
        format=distribution.format,
        size=show.size(distribution.bytes),
        rows=f"{distribution.rows:,}" if distribution.rows is not None else "",
        sha256=distribution.sha256,
    )


def column(field: public.Field, t: Words) -> Column:
    return Column(
        name=show.html(field.name),
        title=show.plain(field.title, t.lang),
        type=str(getattr(t, f"type_{field.type}", field.type)),
        constraints=constraints(field, t),
        unit=show.html(field.unit),
        description=show.plain(field.description, t.lang),
        numeric=field.type in preview.NUMERIC,
    )


def constraints(field: public.Field, t: Words) -> Markup:
    shown = []
    if field.format and field.format != "default":
        shown.append(t.constraint_format.format(show.shortened(field.format, 60)))
    for name, value in field.constraints.items():
        if value is False or value is None:
            continue
        if value is True:
            shown.append(str(getattr(t, f"constraint_{name}", name)))
        else:
            values = t.comma.join(map(str, value)) if isinstance(value, list | tuple) else str(value)
            shown.append(str(getattr(t, f"constraint_{name}", name + " {}")).format(show.shortened(values, 200)))
    return Markup("<br>").join(map(show.html, shown))


def keys(schema: public.Schema, t: Words) -> Iterator[Fact]:
    if schema.primary_key:
        yield Fact(t.primary_key, _names(schema.primary_key))
    for unique in schema.unique_keys:
        yield Fact(t.unique_key, _names(unique))
    for key in schema.foreign_keys:
        target = f"{key.resource}." if key.resource else ""
        yield Fact(t.foreign_key, _names(key.fields) + " → " + _names(tuple(target + name for name in key.reference_fields)))


def _names(names: tuple[str, ...]) -> Markup:
    return Markup(", ").join(Markup("<code>%s</code>") % show.clean(name) for name in names)


# ---- terms


def terms_of(access: public.Access, portal: Portal | None, t: Words) -> Terms:
    lang = t.lang

    def several(values: tuple[Text, ...]) -> Markup:
        items = [show.noted(value, t) for value in values]
        if len(items) == 1:
            return items[0]
        return Markup("<ul>%s</ul>") % Markup("").join(Markup("<li>%s</li>") % item for item in items) if items else Markup("")

    def term(name: str, value: Markup) -> Fact:
        return Fact(access_label(name, lang), value)

    agreement = access.agreement
    agreed = show.noted(agreement.title, t) if agreement.title else show.html(t.agreement)
    agreed = show.link(agreement.url, agreed) if agreement.url else agreed
    if agreement.text:
        agreed += show.paragraphs(agreement.text, t)
    rows = (
        term("legal_basis", show.noted(access.legal_basis, t)),
        term("applicants", show.noted(access.applicants, t)),
        term("purposes", several(access.purposes)),
        term("conditions", several(access.conditions)),
        term("security", several(access.security)),
        term("materials", several(access.materials)),
        term("channel", contact(access.channel, lang)),
        term("response_days", show.html(t.count("working_days", access.response_days)) if access.response_days is not None else Markup("")),
        term("fee", show.noted(access.fee, t)),
        term("agreement", agreed if agreement else Markup("")),
        term("reviewed", show.time(access.reviewed)),
        term("review_by", show.time(access.review_by)),
    )
    return Terms(show.paragraphs(access.reason, t), tuple(row for row in rows if row.value), ())


@lru_cache
def agency_label(name: str, lang: str) -> str:
    return terms.labels(terms.AGENCY)[name][lang]


@lru_cache
def access_label(name: str, lang: str) -> str:
    return terms.labels(terms.ACCESS)[name][lang]

