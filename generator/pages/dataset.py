"""The page of a dataset: values made ready for its templates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from generator import citation, public
from generator.config import Portal
from generator.pages import access, addresses, application, changes, demand, explore, facts, recipes, show, tables
from generator.pages.charts import pictures
from generator.pages.html import NOTHING, Html, clean, html
from generator.pages.page import Frames, Page
from generator.pages.words import Words
from generator.sitefile import SiteFile

StructuredData = Callable[[public.Dataset, str], str]
"""A dataset and a language to schema.org JSON-LD, safe inside ``<script>``."""


# Named tuples, because frozen dataclasses take three times as long to make.
class File(NamedTuple):
    href: str
    name: str
    label: str
    """The format; a second file of CSV says whom it is for."""
    use: Html
    size: str
    rows: str
    sha256: str


class Loading(NamedTuple):
    """A table, and the code that loads it."""

    title: Html
    recipes: tuple[recipes.Recipe, ...]


class Part(NamedTuple):
    """One resource as the page shows it."""

    id: str
    title: Html
    openness: str
    badge: str
    description: Html
    files: list[File]
    preview: tables.Rows | None
    preview_note: str
    columns: tables.Columns
    keys: list[facts.Fact]
    terms: access.Terms | None
    """Its own, where they differ from the dataset's."""
    verdict: str
    """That data which are not open passed their check; empty where that is not told."""
    sample: Sample | None
    no_sample: str
    """Why there is none, of a table that could have one."""
    source: explore.Source | None = None
    """What "Explore" reads, and its button."""
    explore: str = ""


class Sample(NamedTuple):
    href: str
    name: str
    head: Html
    rows: Html
    code: str


def render(
    datasets: Iterable[public.Dataset], frames: Iterable[Frames], structured_data: StructuredData
) -> Iterator[SiteFile]:
    frames = tuple(frames)
    for dataset in datasets:
        previews = tables.previews(dataset)
        code = loading(dataset, frames[0].portal)
        for frame in frames:
            yield frame.file(page(dataset, previews, code, frame, structured_data(dataset, frame.lang)))
            yield from citations(dataset, frame)
            if access.has_pack(dataset):
                yield frame.file(application.page(dataset, frame))


Code = Mapping[str, tuple[recipes.Recipe, ...]]
"""By resource."""


def loading(dataset: public.Dataset, portal: Portal) -> Code:
    """The same in all languages. The largest table first: it is what most come for."""
    readable = sorted(dataset.resources, key=lambda each: -(each.rows or 0))
    code = {each.name: recipes.recipes(each, dataset.name, portal) for each in readable if each.kind == "table"}
    return {name: made for name, made in code.items() if made}


def citations(dataset: public.Dataset, frame: Frames) -> Iterator[SiteFile]:
    """Files for reference managers, beside the page."""
    known = citation.citation(dataset, frame.portal, frame.lang)
    folder = f"{addresses.prefix(frame.lang)}dataset/{dataset.name}/"
    for suffix, form in citation.FORMATS.items():
        yield SiteFile(f"{folder}{dataset.name}.{suffix}", form(known).encode())


def page(
    dataset: public.Dataset, previews: Mapping[str, tables.Rows], code: Code, frame: Frames, structured: str
) -> Page:
    t, lang, path = frame.words, frame.lang, addresses.dataset(dataset.name)
    base = frame.base(path)
    home = base + addresses.prefix(lang)
    data = f"{base}data/{addresses.encoded(dataset.name)}/"
    sources = explore.sources(dataset, base, t)
    parts = [part(each, dataset, previews.get(each.name), base, home, frame) for each in dataset.resources]
    for index, resource in enumerate(dataset.resources):
        if source := sources.get(resource.name):
            parts[index] = parts[index]._replace(source=source, explore=t.count("explore", source.rows))
    cited = citation.citation(dataset, frame.portal, lang)
    titles = {resource.name: part.title for resource, part in zip(dataset.resources, parts, strict=True)}
    asked, made = demand.mentions(dataset, home, t)
    body = frame.templates.html(
        "dataset.html",
        home=home, data=data, api=f"{base}api/v1/datasets/{addresses.encoded(dataset.name)}.json",
        title=show.plain(dataset.title, lang), title_note=show.fallback(dataset.title, t),
        openness=dataset.openness,
        badge=t[f"openness_{dataset.openness}"], explained=t[f"explained_{dataset.openness}"],
        overdue=dataset.due.is_overdue,
        theme=facts.facet_link(dataset.theme, "theme", home, lang),
        glance=facts.glance(dataset, home, t),
        demonstration=show.paragraphs(dataset.demonstration, t),
        description=show.paragraphs(dataset.description, t),
        keywords=[show.plain(keyword, lang) for keyword in dataset.keywords],
        parts=parts, several=len(parts) > 1,
        choices=choices(dataset, t),
        open_parts=[each for each in parts if each.files],
        shut_parts=[each for each in parts if each.openness != "unconditional"],
        tables=[each for each in parts if each.preview],
        looks=(looks := pictures.looks(dataset, base, t)),
        patterns=any(picture.legend for look in looks for picture in look.pictures),
        structures=[each for each in parts if each.columns.rows],
        untranslated=any(each.columns.untranslated for each in parts),
        terms=_terms(dataset.access, dataset.openness, home, t) if dataset.access else None,
        apply=access.apply(dataset, "apply/", t), pack="apply/" if access.has_pack(dataset) else "",
        samples=[each for each in parts if each.sample or each.no_sample],
        own_terms=any(each.terms for each in parts),
        facts=facts.metadata(dataset, home, t),
        changes=changes.lines(dataset.changes, home, (), t) if dataset.changes else (),
        licences=show.joined([facts.licence(each, lang) for each in dataset.licenses], "<br>"),
        sources=show.joined([facts.source(each, lang) for each in dataset.sources], "<br>"),
        contact=facts.contact(dataset.contact or dataset.agency.contact, lang),
        contact_of=show.plain(dataset.agency.name, lang),
        citation=citation_text(cited, lang),
        citation_files=[
            (label, f"{addresses.encoded(dataset.name)}.{suffix}", citation.FORMATS[suffix](cited))
            for suffix, label in CITATION_LABELS.items()
        ],
        archive=file(dataset.archive, base, t) if dataset.archive else None,
        loading=[Loading(titles[name], made) for name, made in [*code.items()][: recipes.MOST_TABLES]],
        more_tables=len(code) > recipes.MOST_TABLES,
        feedback=demand.ways(dataset, frame.portal, t), asked=asked, made=made,
        statistics=any(each.statistics for each in dataset.resources),
        question=explore.question(dataset, sources.values(), t), whole=explore.WHOLE, name=dataset.name,
    )  # fmt: skip
    head = (
        f'<link rel="alternate" type="application/ld+json" href="{data}dcat.jsonld" title="DCAT-AP (JSON-LD)">\n'
        f'<link rel="alternate" type="text/turtle" href="{data}dcat.ttl" title="DCAT-AP (Turtle)">\n'
        f'<link rel="alternate" type="application/json" href="{data}datapackage.json" title="Data Package">\n'
        f'<script type="application/ld+json">{structured}</script>\n'
    )
    description = dataset.description.to(lang)[0] or t.no_description.format(agency=dataset.agency.name.to(lang)[0])
    return Page(path, dataset.title.to(lang)[0], description, body, section="catalog", head=head)


CITATION_LABELS = {"bib": "BibTeX", "ris": "RIS", "csl.json": "CSL-JSON"}


def citation_text(known: citation.Citation, lang: str) -> Html:
    """The day of reading stands in an element, for a script to write today's date into."""
    before, mark, after = citation.text(known, lang).rpartition(f"[{citation.CITED[lang]}]")
    if not citation.CITED[lang] or not mark:
        return html(before + mark + after)
    return Html(f'{html(before)}[<span class="today">{html(mark[1:-1])}</span>]{html(after)}')


def _terms(value: public.Access, openness: str, home: str, t: Words) -> access.Terms:
    link = NOTHING
    if value.shared:
        words = html(t.terms_shared if value.is_shared else t.terms_follow)
        link = Html(f'<a href="{home}{addresses.shared_terms(value.shared)}">{words}</a>')
    return access.terms(value, t, shared=link, closed=openness == "closed")


def part(
    resource: public.Resource, dataset: public.Dataset, preview: tables.Rows | None, base: str, home: str, frame: Frames
) -> Part:
    t, schema = frame.words, resource.schema
    own = resource.access if resource.access and resource.access != dataset.access else None
    return Part(
        id=addresses.encoded(resource.name),
        title=show.plain(resource.title, t.lang) if resource.title else html(resource.name),
        openness=resource.openness,
        badge=t[f"openness_{resource.openness}"],
        description=show.paragraphs(resource.description, t),
        files=[file(each, base, t) for each in resource.distributions],
        preview=preview,
        preview_note=_preview_note(resource, preview, t) if preview else "",
        columns=tables.columns(schema, t, resource.statistics),
        keys=keys(schema, t) if schema else [],
        terms=_terms(own, resource.openness, home, t) if own else None,
        sample=sample(resource, base, frame) if resource.sample else None,
        no_sample=_why_no_sample(resource.sample, t),
        verdict=_verdict(resource.verdict, t),
    )


def sample(resource: public.Resource, base: str, frame: Frames) -> Sample:
    made = resource.sample
    assert made is not None, "asked for only where there is one"
    rows = tables.sample(made, resource.schema, frame.words)
    url = addresses.encoded(made.path)
    code = recipes.sample(frame.portal.url + url, made.columns[0])
    return Sample(base + url, clean(made.path.rpartition("/")[2]), rows.head, rows.rows, code)


def _why_no_sample(made: public.Sample | None, t: Words) -> str:
    if made is None or made:
        return ""
    return clean(t[f"no_sample_{made.why_none or 'schema'}"].format(field=made.field))


def _verdict(verdict: public.Verdict | None, t: Words) -> str:
    if verdict is None:
        return ""
    return t["verdict_of_day"].format(day=clean(verdict.day)) if verdict.day else t["verdict"]


def _preview_note(resource: public.Resource, preview: tables.Rows, t: Words) -> str:
    total = resource.preview.total if resource.preview else preview.count
    if total > preview.count:
        note = t.first_rows.format(shown=preview.count, total=f"{total:,}")
    else:
        note = t.count("all_rows", total)
    return f"{note} {t.gaps}" if preview.gaps else note


def file(distribution: public.Distribution, base: str, t: Words) -> File:
    return File(
        href=base + addresses.encoded(distribution.path),
        name=clean(distribution.path.rpartition("/")[2]),
        label=_label(distribution, t),
        use=show.plain(distribution.use, t.lang),
        size=show.size(distribution.bytes),
        rows=f"{distribution.rows:,}" if distribution.rows is not None else "",
        sha256=distribution.sha256,
    )


def _label(distribution: public.Distribution, t: Words) -> str:
    marked = distribution.for_excel and distribution.format == "CSV"
    return t.csv_for_excel if marked else distribution.format


def choices(dataset: public.Dataset, t: Words) -> dict[str, tuple[Html, Html]]:
    """Which file to take: of each kind that there is, whom it is for and what else to know."""
    return {
        _label(each, t): (show.plain(each.use, t.lang), show.plain(each.note, t.lang))
        for resource in dataset.resources
        for each in resource.distributions
        if each.use
    }


def keys(schema: public.Schema, t: Words) -> list[facts.Fact]:
    found = [(t.primary_key, _names(schema.primary_key))] if schema.primary_key else []
    if schema.unique_keys:
        found.append((t.unique_key, show.joined(map(_names, schema.unique_keys), "<br>")))
    if schema.foreign_keys:
        found.append((t.foreign_key, show.joined(map(_reference, schema.foreign_keys), "<br>")))
    return found


def _reference(key: public.ForeignKey) -> Html:
    target = f"{key.resource}." if key.resource else ""
    return Html(f"{_names(key.fields)} → {_names([target + name for name in key.reference_fields])}")


def _names(names: Iterable[str]) -> Html:
    return Html(", ".join(f"<code>{html(name)}</code>" for name in names))
