"""The only door to the public side: raw packages → public values, property by property.

Whatever is not read here does not come out. Descriptors are read leniently, since the rules have already been
applied: a value of the wrong form counts as none.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, cast

from generator import public, vocabularies
from generator.config import Portal
from generator.disclosure.waivers import waivers_of
from generator.freshness import Due, due
from generator.model import Body, Catalog, Package, listed_licenses, paths_of
from generator.model import SharedTerms as Block
from generator.names import address, own_name, told_apart
from generator.prepare import Checked, Prepared
from generator.problems import Severities, catalogue
from generator.public import (
    Access,
    Agency,
    Agreement,
    Badge,
    Collection,
    Contact,
    Contributor,
    Dataset,
    Field,
    ForeignKey,
    License,
    Openness,
    Remark,
    Resource,
    Schema,
    SharedTerms,
    Sharing,
    Source,
    Spatial,
    Temporal,
)
from generator.schema import allowed
from generator.text import Text, slug, stated_languages, text_of, texts_of
from generator.views import aggregation_of

Values = Mapping[str, Any]

CONSTRAINTS = (
    "required", "unique", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    "pattern", "enum",
)  # fmt: skip
FIELD_PROPERTIES = (
    "trueValues", "falseValues", "decimalChar", "groupChar", "bareNumber", "missingValues", "rdfType", "categories",
    "categoriesOrdered", "example", "itemType", "delimiter",
)  # fmt: skip


NO_RULES = frozenset(
    name + twin
    for name in ("use", "reason", "legal_basis", "legal_basis_url", "reviewed", "review_by", "embargo_until")
    for twin in ("", "_en", "_zh")
)
"""Properties of terms that say why and until when, not who may use the data and how."""


def publicise(
    catalog: Catalog,
    checked: Mapping[str, Checked],
    portal: Portal,
    today: datetime.date | None = None,
    severities: Severities | None = None,
) -> public.Catalog:
    """The public catalogue of the packages in ``checked`` (those that nothing blocks), by folder.

    Without ``today`` nothing is overdue.
    """
    severities = severities or Severities({})
    agencies = {id_: _agency(body) for id_, body in catalog.bodies.items()}
    blocks = _shared_terms(catalog.shared_terms, agencies)
    shared = {key: terms.address for key, terms in blocks.items()}
    taken: set[str] = set()
    datasets = []
    for package in catalog.packages:
        if package.folder in checked:
            name = address(package, taken)
            judged = checked[package.folder]
            dataset = _dataset(package, name, judged, agencies, portal, shared)
            datasets.append(_rated(dataset, package, judged, today, severities))
    used = {a.id: a for d in datasets for a in (d.agency, d.source_department) if a}
    referred_to = {a.shared for d in datasets for a in (d.access, *(r.access for r in d.resources)) if a}
    return public.Catalog(
        portal=portal,
        datasets=tuple(sorted(datasets, key=lambda d: d.name)),
        agencies=tuple(used[id_] for id_ in sorted(used)),
        themes=tuple(vocabularies.themes().values()),
        industries=tuple(vocabularies.industries().values()),
        update_cycles=tuple(vocabularies.update_cycles().values()),
        shared_terms=tuple(sorted((b for b in blocks.values() if b.address in referred_to), key=lambda b: b.address)),
    )


Shared = Mapping[tuple[str, str], str]
"""Addresses of the shared terms, by file and id."""


def _shared_terms(blocks: Sequence[Block], agencies: Mapping[str, Agency]) -> dict[tuple[str, str], SharedTerms]:
    made: dict[tuple[str, str], SharedTerms] = {}
    taken: set[str] = set()
    for block in blocks:
        folders = [] if block.folder == "." else [slug(part) or "terms" for part in block.folder.split("/")]
        address = "/".join((*folders, slug(block.id) or "terms"))
        number = 2
        while address in taken:
            address, number = f"{address}-{number}", number + 1
        taken.add(address)
        agency = agencies.get(block.folder.rpartition("/")[2])
        access = replace(_terms(block.values, "", ("zh",)), shared=address, is_shared=True)
        title = text_of(block.values, "title") or Text(block.id, "und")
        made[block.file, block.id] = SharedTerms(address, title, access, agency)
    return made


def announced(package: Package, bodies: Mapping[str, Body], portal: Portal) -> Dataset:
    """What will be said of a package, if nothing blocks it, before anything is known of its files. Its address may yet
    be another, where the portal allows names twice."""
    agencies = {id_: _agency(bodies[id_]) for id_ in (package.agency,) if id_ in bodies}
    no_addresses: Shared = defaultdict(str)
    return _dataset(package, own_name(package), Checked(package.folder, ()), agencies, portal, no_addresses)


def _dataset(
    package: Package,
    name: str,
    checked: Checked,
    agencies: Mapping[str, Agency],
    portal: Portal,
    shared: Shared = MappingProxyType({}),
) -> Dataset:
    values = package.descriptor
    languages = stated_languages(values)
    agency = agencies.get(package.agency) or _portal_as_agency(portal)
    resources = tuple(
        replace(
            _resource(package, name, index, resource, checked.resources.get(index), shared),
            verdict=_verdict(package, resource, checked),
        )
        for index, resource in enumerate(package.resources)
    )
    resources = _named_apart(resources)
    openness = _badge(resources, package)
    return Dataset(
        name=name,
        title=text_of(values, "title", languages) or Text(package.name or name, "und"),
        description=text_of(values, "description", languages),
        openness=openness,
        agency=agency,
        resources=resources,
        keywords=texts_of(values, "keywords", languages),
        theme=vocabularies.themes().get(_string(values.get("theme"))),
        industry=vocabularies.industries().get(_string(values.get("industry"))),
        update_cycle=vocabularies.update_cycles().get(_string(values.get("update_cycle"))),
        licenses=tuple(_licenses(values, languages)),
        sources=tuple(_sources(values, languages)),
        contributors=tuple(_contributors(values, languages)),
        contact=_contact(values.get("contact"), languages) or agency.contact,
        homepage=_link(values.get("homepage")),
        version=_string(values.get("version")),
        created=_string(values.get("created")),
        modified=_string(values.get("modified")) or package.committed,
        languages=languages,
        spatial=_spatial(values.get("spatial"), languages),
        temporal=_temporal(values.get("temporal")),
        crs=_string(values.get("crs")),
        catalogue_code=_string(values.get("catalogue_code")),
        provincial_entry=_link(values.get("provincial_entry")),
        source_department=agencies.get(_string(values.get("source_department"))),
        collection=_collection(values.get("collection"), languages),
        sharing=_sharing(values.get("sharing"), languages),
        access=None if openness == "unconditional" else _access(package, None, languages, shared),
        demonstration=text_of(values, "demonstration", languages),
        id=_string(values.get("id")),
    )


def _rated(
    dataset: Dataset, package: Package, checked: Checked, today: datetime.date | None, severities: Severities
) -> Dataset:
    """With what the scorecard counts: of data, only what is open."""
    raw = [_string(values.get("name")) for values in package.resources]
    names = {
        before: resource.name
        for before, resource in zip(raw, dataset.resources, strict=True)
        if resource.openness == "unconditional" and raw.count(before) == 1
    }
    return replace(
        dataset,
        remarks=_remarks(checked, names, severities),
        waivers=_waivers(package, checked, names),
        due=_due(dataset, today),
    )


def _due(dataset: Dataset, today: datetime.date | None) -> Due:
    """What is closed promises nothing to the public."""
    if today is None or dataset.update_cycle is None or dataset.openness == "closed":
        return Due("none")
    return due(dataset.update_cycle.id, dataset.modified or dataset.created, today)


def _remarks(checked: Checked, names: Mapping[str, str], severities: Severities) -> tuple[Remark, ...]:
    kinds = catalogue()
    counts = Counter(
        (names[problem.resource], problem.name)
        for problem in checked.problems
        if problem.published
        and problem.resource in names
        and (kinds[problem.name].code.startswith(OF_VALUES) or problem.name in DAMAGE)
        and severities.of(problem) != "off"
    )
    return tuple(Remark(resource, kind, count) for (resource, kind), count in sorted(counts.items()))


OF_VALUES = ("A", "T")
"""First letters of the codes of what concerns the values of tables."""
DAMAGE = frozenset(("long-numbers-damaged",))
"""Found by the gate, and not a matter of people: digits that a spreadsheet has lost."""


def _waivers(package: Package, checked: Checked, names: Mapping[str, str]) -> int:
    """Of those that hold, how many are for open data or for the dataset's own texts."""
    idle = {p.field for p in checked.problems if p.name in ("waiver-unused", "waiver-expired")}
    return sum(
        (resource == "" or resource in names) and f"waivers.{number}" not in idle
        for number, waiver in enumerate(waivers_of(package))
        for resource in (_string(waiver.get("resource")),)
    )


def _badge(resources: tuple[Resource, ...], package: Package) -> Badge:
    found = {resource.openness for resource in resources}
    if len(found) > 1:
        return "mixed"
    return found.pop() if found else cast(Openness, package.openness({}))


# --- resources


def _resource(
    package: Package, dataset: str, index: int, values: Values, prepared: Prepared | None, shared: Shared
) -> Resource:
    languages = stated_languages(package.descriptor)
    openness = cast(Openness, package.openness(values))
    name = slug(_string(values.get("name"))) or f"resource-{index + 1}"
    title = text_of(values, "title", languages) or Text(_string(values.get("name")) or name, "und")
    # What is closed shows that it exists and why; not even its columns.
    description = text_of(values, "description", languages)
    if openness != "unconditional" or prepared is None:
        schema = _schema(values.get("schema"), languages) if openness == "conditional" else None
        return Resource(
            name=name,
            title=title,
            openness=openness,
            kind="table" if schema else "file",
            description=description,
            schema=schema,
            access=_access(package, index, languages, shared),
        )
    return Resource(
        name=name,
        title=title,
        openness="unconditional",
        kind="table" if prepared.schema else "file",
        description=description,
        schema=prepared.schema,
        distributions=tuple(replace(d, path=f"data/{dataset}/{d.path}") for d in prepared.distributions),
        preview=prepared.preview,
        rows=prepared.rows,
        statistics=prepared.statistics,
        views=prepared.views,
        totals=prepared.totals,
    )


def _verdict(package: Package, resource: Values, checked: Checked) -> public.Verdict | None:
    """The one thing that may depend on withheld data, and only where the descriptor asks for it in so many words."""
    terms = resource.get("access") or package.descriptor.get("access")
    asked = isinstance(terms, Mapping) and terms.get("publish_verdict") is True
    name = _string(resource.get("name"))
    if not asked or package.is_open(resource) or not any(table.resource == name for table in checked.tables):
        return None
    kinds = catalogue()
    if any(
        problem.resource == name and not problem.published and kinds[problem.name].severity == "error"
        for problem in checked.problems
    ):
        return None
    days = [package.withheld_commits.get(path, "") for path in paths_of(resource)]
    stated = _string(resource.get("modified")) or _string(package.descriptor.get("modified"))
    return public.Verdict(max(days, default="") or stated[:10])


def _named_apart(resources: tuple[Resource, ...]) -> tuple[Resource, ...]:
    names = told_apart(resource.name for resource in resources)
    return tuple(replace(resource, name=name) for resource, name in zip(resources, names, strict=True))


def _schema(values: Any, languages: Sequence[str]) -> Schema | None:
    """The structure of a table that is not open, as its descriptor declares it; from the data comes nothing."""
    listed = values.get("fields") if isinstance(values, Mapping) else None
    if not isinstance(listed, list) or not listed:
        return None
    fields = tuple(_field(field, languages) for field in listed if isinstance(field, Mapping))
    missing = values.get("missingValues")
    return Schema(
        fields=fields,
        primary_key=_names(values.get("primaryKey")),
        unique_keys=tuple(_names(key) for key in _items(values.get("uniqueKeys"))),
        foreign_keys=tuple(_foreign_keys(values.get("foreignKeys"))),
        missing_values=tuple(m for m in missing if isinstance(m, str)) if isinstance(missing, list) else ("",),
    )


def _field(values: Values, languages: Sequence[str]) -> Field:
    return Field(
        name=_string(values.get("name")),
        type=_string(values.get("type")) or "string",
        title=text_of(values, "title", languages),
        description=text_of(values, "description", languages),
        unit=_string(values.get("unit")),
        format=_string(values.get("format")),
        aggregation=aggregation_of(values),
        constraints=allowed(values.get("constraints"), CONSTRAINTS),
        properties=allowed(values, FIELD_PROPERTIES),
    )


def _foreign_keys(values: Any) -> Iterable[ForeignKey]:
    for key in _items(values):
        reference = key.get("reference") if isinstance(key, Mapping) else None
        if isinstance(reference, Mapping):
            yield ForeignKey(
                _names(key.get("fields")), _string(reference.get("resource")), _names(reference.get("fields"))
            )


# --- people and bodies


def _agency(body: Body) -> Agency:
    values = body.descriptor
    return Agency(
        id=body.id,
        name=text_of(values, "name") or Text(body.id, "und"),
        short_name=text_of(values, "short_name"),
        description=text_of(values, "description"),
        code=_string(values.get("code")),
        contact=_contact(values.get("contact"), ("zh",)),
        homepage=_link(values.get("homepage")),
    )


def _portal_as_agency(portal: Portal) -> Agency:
    """Who publishes what names no agency: the portal itself."""
    return Agency(
        "portal", portal.publisher, contact=Contact(email=portal.email, phone=portal.phone, url=portal.publisher_url)
    )


def _contact(values: Any, languages: Sequence[str]) -> Contact:
    if not isinstance(values, Mapping):
        return Contact()
    email = _string(values.get("email"))
    return Contact(
        name=text_of(values, "name", languages),
        email=email if "@" in email and not any(c.isspace() for c in email) else "",
        phone=_string(values.get("phone")),
        url=_link(values.get("url")),
        address=text_of(values, "address", languages),
        hours=text_of(values, "hours", languages),
    )


def _contributors(values: Values, languages: Sequence[str]) -> Iterable[Contributor]:
    """Names and roles. E-mail addresses of contributors stay out: contact is what is meant for the public."""
    for entry in _items(values.get("contributors")):
        if isinstance(entry, Mapping) and (title := text_of(entry, "title", languages)):
            roles = (*_items(entry.get("roles")), entry.get("role"))
            yield Contributor(
                title,
                tuple(r for r in roles if isinstance(r, str)),
                _link(entry.get("path")),
                _string(entry.get("organization")),
            )


def _sources(values: Values, languages: Sequence[str]) -> Iterable[Source]:
    for entry in _items(values.get("sources")):
        if isinstance(entry, Mapping):
            url = _link(entry.get("path") or entry.get("web"))
            title = text_of(entry, "title", languages) or text_of(entry, "name", languages) or Text(url, "und")
            if title:
                yield Source(title, url)


# --- terms


def _licenses(values: Values, languages: Sequence[str]) -> Iterable[License]:
    for entry in listed_licenses(values):
        name = _string(entry.get("name")) or _string(entry.get("type"))
        url = _link(entry.get("path")) or _link(entry.get("url"))
        known = vocabularies.find_license(name, url)
        if known:
            yield replace(known, url=url or known.url)
        elif name or url:
            yield License(name, text_of(entry, "title", languages) or Text(name or url, "und"), url, open=False)


def _access(package: Package, index: int | None, languages: Sequence[str], shared: Shared) -> Access | None:
    """The terms of the resource at ``index``, its own or the package's; those of the package for None."""
    resource = {} if index is None else package.resources[index]
    own = resource.get("access")
    values = own or package.descriptor.get("access")
    access = _terms(values if isinstance(values, Mapping) else {}, package.embargo(resource), languages)
    borrowed = next((b for b in package.borrowed if b.resource == (index if own else None)), None)
    if borrowed and (borrowed.file, borrowed.use) in shared:
        stated = set(values) - set(borrowed.keys) if isinstance(values, Mapping) else set()
        access = replace(access, shared=shared[borrowed.file, borrowed.use], is_shared=stated <= NO_RULES)
    return access or None


def _terms(values: Values, embargo: str, languages: Sequence[str]) -> Access:
    agreement = values.get("agreement")
    agreement = agreement if isinstance(agreement, Mapping) else {}
    days = values.get("response_days")
    return Access(
        reason=text_of(values, "reason", languages),
        legal_basis=text_of(values, "legal_basis", languages),
        legal_basis_urls=_links(values.get("legal_basis_url")),
        applicants=text_of(values, "applicants", languages),
        purposes=texts_of(values, "purposes", languages),
        conditions=texts_of(values, "conditions", languages),
        security=texts_of(values, "security", languages),
        materials=texts_of(values, "materials", languages),
        channel=_contact(values.get("channel"), languages),
        response_days=days if isinstance(days, int) and not isinstance(days, bool) else None,
        fee=text_of(values, "fee", languages),
        agreement=Agreement(
            text_of(agreement, "title", languages), _link(agreement.get("url")), text_of(agreement, "text", languages)
        ),
        reviewed=_string(values.get("reviewed")),
        review_by=_string(values.get("review_by")),
        embargo_until=embargo,
    )


def _collection(values: Any, languages: Sequence[str]) -> Collection:
    if not isinstance(values, Mapping):
        return Collection()
    items = tuple(_string(item) for item in _items(values.get("items")) if _string(item))
    return Collection(text_of(values, "legal_basis", languages), text_of(values, "system", languages), items)


def _sharing(values: Any, languages: Sequence[str]) -> Sharing:
    if not isinstance(values, Mapping):
        return Sharing()
    type_ = _string(values.get("type"))
    known = type_ if type_ in ("unconditional", "conditional", "none") else ""
    return Sharing(known, text_of(values, "condition", languages), text_of(values, "mode", languages))


# --- coverage


def _spatial(values: Any, languages: Sequence[str]) -> Spatial:
    if isinstance(values, str):
        return Spatial(text_of({"name": values}, "name", languages))
    if not isinstance(values, Mapping):
        return Spatial()
    bbox = values.get("bbox")
    numbers = [_degrees(number) for number in bbox] if isinstance(bbox, list) else []
    known = [number for number in numbers if number is not None]
    box = cast(tuple[float, float, float, float], tuple(known)) if len(numbers) == len(known) == 4 else None
    return Spatial(text_of(values, "name", languages), _string(values.get("code")), box)


def _degrees(value: Any) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and -360 <= value <= 360 else None


def _temporal(values: Any) -> Temporal:
    if not isinstance(values, Mapping):
        return Temporal()
    return Temporal(_string(values.get("start")), _string(values.get("end")))


# --- values of any form


def _string(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _link(value: Any) -> str:
    """A web address, or nothing: other schemes could run a script."""
    text = _string(value)
    is_web = text.lower().startswith(("http://", "https://"))
    return text if is_web and text.isprintable() and " " not in text else ""


def _links(value: Any) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(link for entry in listed if (link := _link(entry))))


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _names(value: Any) -> tuple[str, ...]:
    listed = [value] if isinstance(value, str) else _items(value)
    return tuple(name for name in listed if isinstance(name, str))
