"""The catalogue and its datasets as DCAT-AP 3."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from generator.exports import authorities, policy, rdf
from generator.exports.addresses import Addresses
from generator.exports.published import SAMPLE_TOLD, file_description, file_title, files_of, sample_of, sample_title
from generator.exports.rdf import Node, literal, node, plain, ref, refs, texts
from generator.exports.terms_of_access import OPENNESS, has_translation, terms_text
from generator.exports.wellformed import mailto, tel, web_uri
from generator.public import (
    Access,
    Agency,
    Badge,
    Catalog,
    Concept,
    Contact,
    Dataset,
    Distribution,
    License,
    Openness,
    Resource,
    SharedTerms,
    Spatial,
)
from generator.releases import Change
from generator.text import LANGUAGES, Text, bilingual
from generator.vocabularies import find_license

# Of a mixed dataset not all is public, and a dataset has one access right: the distributions say the rest.
_ACCESS_RIGHT: dict[Badge, str] = {
    "unconditional": "PUBLIC",
    "conditional": "RESTRICTED",
    "mixed": "RESTRICTED",
    "closed": "NON_PUBLIC",
}


def dataset_nodes(dataset: Dataset, catalog: Catalog) -> list[Node]:
    """The dataset first, then everything that it refers to."""
    at = Addresses.of(catalog)
    page = at.page(dataset)
    rights = authorities.access_right(_ACCESS_RIGHT[dataset.openness])
    frequency = authorities.frequency(dataset.update_cycle)
    languages = [found for tag in dataset.languages if (found := authorities.language(tag))]
    themes = list(_themes(dataset, at))
    standard = authorities.reference_system(dataset.crs, at.part(dataset, "crs"))
    agencies = [_agency(dataset.agency, at)] + (
        [_agency(dataset.source_department, at)] if dataset.source_department else []
    )
    contact = _contact(dataset, at)
    location = _location(dataset.spatial, at.part(dataset, "spatial"))
    period = _period(dataset, at.part(dataset, "temporal"))
    code = _identifier(dataset.catalogue_code, at.part(dataset, "catalogue-code"))
    origin = _provenance(dataset, at.part(dataset, "provenance"))
    # The dataset's home and its entry at the province are pages about it; ours is where one lands.
    pages = [node(uri, "foaf:Document") for uri in map(web_uri, (dataset.homepage, dataset.provincial_entry)) if uri]
    whole: Openness = "closed" if dataset.openness == "closed" else "conditional"
    terms = _rights(dataset.access, whole, at.part(dataset, "rights"))
    offer = _offer(dataset, None, catalog, at) if whole == "conditional" else []
    samples = list(_samples(dataset, at))
    kind = authorities.synthetic() if dataset.demonstration else None
    distributions = list(_distributions(dataset, catalog, at))
    law = list(_legislation(dataset.access))
    entry = node(
        at.part(dataset, "dataset"),
        "dcat:Dataset",
        dct_title=texts(title(dataset)),
        dct_description=texts(description(dataset)),
        dct_identifier=literal(dataset.id or dataset.name),
        adms_identifier=_to(code),
        dct_publisher=_to(agencies[0]),
        dct_creator=_to(agencies[1] if dataset.source_department else None),
        dcat_contactPoint=_to(contact),
        dcat_keyword=[term for word in dataset.keywords for term in texts(word)],
        dcat_theme=[{"@id": theme["@id"]} for theme in themes if "skos:Concept" in theme["@type"]],
        dct_type=_to(kind),
        dct_accessRights=_to(rights),
        dct_rights=_to(terms),
        dcatap_applicableLegislation=refs(each["@id"] for each in law),
        odrl_hasPolicy=_to(offer[0] if offer else None),
        adms_sample=refs(each["@id"] for each in samples if "dcat:Distribution" in each["@type"]),
        dct_accrualPeriodicity=_to(frequency),
        dct_issued=rdf.date(dataset.created),
        dct_modified=rdf.date(dataset.modified),
        dcat_version=plain(dataset.version),
        dct_language=[{"@id": language["@id"]} for language in languages],
        dct_spatial=_to(location),
        dct_temporal=_to(period),
        dct_conformsTo=_to(standard),
        dct_provenance=_to(origin),
        prov_wasDerivedFrom=refs(web_uri(source.url) for source in dataset.sources),
        dcat_landingPage=ref(page),
        foaf_page=refs(each["@id"] for each in pages),
        dcat_distribution=[{"@id": each["@id"]} for each in distributions if "dcat:Distribution" in each["@type"]],
    )
    own = (
        entry,
        node(page, "foaf:Document"),
        contact,
        location,
        period,
        code,
        origin,
        terms,
        kind,
        rights,
        frequency,
        standard,
    )
    nodes = [*own, *law, *offer, *distributions, *samples, *agencies, *languages, *themes, *pages]
    return list({rdf.key(each): each for each in nodes if each}.values())


def catalog_nodes(catalog: Catalog) -> list[Node]:
    """The catalogue itself, without its datasets' nodes."""
    at = Addresses.of(catalog)
    portal = catalog.portal
    languages = [found for tag in portal.languages if (found := authorities.language(tag))]
    publisher = _publisher(catalog, at)
    place = _location(Spatial(portal.place, portal.place_code), f"{at.root}#place")
    known = find_license("", portal.license_url) or License("", Text(), portal.license_url)
    license_ = _license(known, "")
    records = [each for change in catalog.tombstones for each in _tombstone(change, at)]
    entry = node(
        f"{at.root}#catalog",
        "dcat:Catalog",
        dct_title=texts(portal.title),
        dct_description=texts(portal.description or portal.title),
        dct_publisher=_to(publisher),
        foaf_homepage=ref(at.root),
        dct_language=[{"@id": language["@id"]} for language in languages],
        dct_license=_to(license_),
        dct_spatial=_to(place),
        dct_issued=rdf.date(
            min((dataset.created for dataset in catalog.datasets if rdf.date(dataset.created)), default="")
        ),
        dct_modified=rdf.date(
            max((dataset.modified for dataset in catalog.datasets if rdf.date(dataset.modified)), default="")
        ),
        dcat_themeTaxonomy=refs((authorities.THEMES, _scheme(at, "themes"), _scheme(at, "industries"))),
        dcat_dataset=refs(at.part(dataset, "dataset") for dataset in catalog.datasets),
    )
    schemes = (
        authorities.theme_table(),
        node(_scheme(at, "themes"), "skos:ConceptScheme", dct_title=texts(bilingual("主题领域", "Subject domains"))),
        node(_scheme(at, "industries"), "skos:ConceptScheme", dct_title=texts(bilingual("行业分类", "Industries"))),
    )
    homepages = [node(uri, "foaf:Document") for uri in (at.root, web_uri(portal.publisher_url)) if uri]
    return [each for each in (entry, publisher, *homepages, license_, place, *languages, *schemes, *records) if each]


def _tombstone(change: Change, at: Addresses) -> Iterator[Node]:
    """A record of the catalogue about a dataset that is no more. It is none of its datasets, so nobody offers it."""
    page = at.dataset_page(change.dataset, LANGUAGES[0])
    status = authorities.withdrawn()
    yield node(
        f"{page}#record",
        "dcat:CatalogRecord",
        foaf_primaryTopic=ref(f"{page}#dataset"),
        dct_modified=rdf.date(change.day),
        dct_description=texts(change.reason),
    )
    yield node(
        f"{page}#dataset",
        "dcat:Dataset dcat:Resource",  # DCAT-AP's shape of a record asks for the latter
        dct_title=texts(change.title),
        dct_description=texts(change.reason),
        dct_identifier=literal(change.dataset),
        dct_issued=rdf.date(change.created),
        dct_modified=rdf.date(change.modified),
        adms_status=ref(status["@id"]),
        dct_isReplacedBy=ref(at.dataset_page(change.successor, LANGUAGES[0]) + "#dataset" if change.successor else ""),
        dcat_landingPage=ref(page),
    )
    yield node(page, "foaf:Document")
    yield status


def _publisher(catalog: Catalog, at: Addresses) -> Node:
    portal = catalog.portal
    return node(
        f"{at.root}#publisher",
        "foaf:Agent",
        foaf_name=texts(portal.publisher or portal.title),
        foaf_homepage=ref(web_uri(portal.publisher_url)),
        foaf_mbox=ref(mailto(portal.email)),
    )


def title(dataset: Dataset) -> Text:
    return dataset.title or Text(dataset.name, "und")


def description(dataset: Dataset) -> Text:
    """DCAT-AP requires one. Where the author gave none, what is known is said."""
    if dataset.description:
        return dataset.description
    (name_zh, _), (name_en, _) = (title(dataset).to(lang) for lang in LANGUAGES)
    (agency_zh, _), (agency_en, _) = (dataset.agency.name.to(lang) for lang in LANGUAGES)
    return bilingual(f"{name_zh}，由{agency_zh}提供。", f"{name_en}, published by {agency_en}.")


def _to(other: Node | None) -> rdf.Term | None:
    return ref(other["@id"]) if other else None


def _scheme(at: Addresses, name: str) -> str:
    return f"{at.root}#{name}"


def _themes(dataset: Dataset, at: Addresses) -> Iterator[Node]:
    """The EU's data theme, which harvesters ask for, and our own domain and industry, which say more."""
    if dataset.theme:
        yield from (authorities.theme(dataset.theme, uri) for uri in map(web_uri, dataset.theme.uris) if uri)
        yield _concept(dataset.theme, at, "themes")
    if dataset.industry:
        yield _concept(dataset.industry, at, "industries")


def _concept(concept: Concept, at: Addresses, scheme: str) -> Node:
    return node(
        at.root + f"#{scheme}-{at.at(concept.id).removeprefix(at.root)}",
        "skos:Concept",
        skos_prefLabel=texts(concept.label or Text(concept.id, "und")),
        skos_notation=literal(concept.id),
        skos_inScheme=ref(_scheme(at, scheme)),
        skos_broadMatch=refs(map(web_uri, concept.uris)),
    )


def _agency(agency: Agency, at: Addresses) -> Node:
    return node(
        f"{at.agency(agency)}#agency",
        "foaf:Agent foaf:Organization",
        foaf_name=texts(agency.name or Text(agency.id, "und")),
        dct_identifier=plain(agency.code),
        foaf_homepage=ref(web_uri(agency.homepage)),
    )


def _contact(dataset: Dataset, at: Addresses) -> Node | None:
    own = dataset.contact
    contact: Contact = own or dataset.agency.contact
    if not contact:
        return None
    return node(
        at.part(dataset, "contact") if own else f"{at.agency(dataset.agency)}#contact",
        "vcard:Organization vcard:Kind",
        vcard_fn=texts(contact.name or dataset.agency.name or Text(dataset.agency.id, "und")),
        vcard_hasEmail=ref(mailto(contact.email)),
        vcard_hasTelephone=ref(tel(contact.phone)),
        vcard_hasURL=ref(web_uri(contact.url)),
    )


def _location(spatial: Spatial, iri: str) -> Node | None:
    if not spatial:
        return None
    box = centre = None
    # One that crosses the antimeridian (west > east) is no plain polygon; its name has to do.
    if spatial.bbox and spatial.bbox[0] <= spatial.bbox[2] and spatial.bbox[1] <= spatial.bbox[3]:
        w, s, e, n = (format(value, ".10g") for value in spatial.bbox)
        x, y = ((spatial.bbox[i] + spatial.bbox[i + 2]) / 2 for i in (0, 1))
        box = literal(f"POLYGON(({w} {s}, {e} {s}, {e} {n}, {w} {n}, {w} {s}))", type="geo:wktLiteral")
        centre = literal(f"POINT({x:.10g} {y:.10g})", type="geo:wktLiteral")
    return node(
        iri,
        "dct:Location",
        skos_prefLabel=texts(spatial.name),
        dct_identifier=plain(spatial.code),
        dcat_bbox=box,
        dcat_centroid=centre,
    )


def _period(dataset: Dataset, iri: str) -> Node | None:
    start, end = rdf.date(dataset.temporal.start), rdf.date(dataset.temporal.end)
    return node(iri, "dct:PeriodOfTime", dcat_startDate=start, dcat_endDate=end) if start or end else None


def _identifier(code: str, iri: str) -> Node | None:
    return node(iri, "adms:Identifier", skos_notation=literal(code)) if code else None


def _provenance(dataset: Dataset, iri: str) -> Node | None:
    """Where the data come from: sources, legal basis and system of collection, or how they were invented."""
    told = [
        *(source.title for source in dataset.sources),
        dataset.collection.legal_basis,
        dataset.collection.system,
        dataset.demonstration,
    ]
    labels = [term for text in told for term in texts(text)]
    return node(iri, "dct:ProvenanceStatement", rdfs_label=labels) if labels else None


def _rights(access: Access | None, openness: Openness, iri: str) -> Node | None:
    if access is None:
        return None
    labels = [
        literal(terms_text(openness, access, lang), lang=lang) for lang in LANGUAGES if has_translation(access, lang)
    ]
    return node(iri, "dct:RightsStatement", rdfs_label=labels)


def _offer(dataset: Dataset, resource: Resource | None, catalog: Catalog, at: Addresses) -> list[Node]:
    """The policy first, then what it consists of; nothing where only a day is waited for."""
    access = resource.access if resource else dataset.access
    if access is None or not access.can_be_applied_for:
        return []
    agency = _agency(dataset.agency, at)
    if access.is_shared and (block := _block(access, catalog)):
        access = block.access
        agency = _agency(block.agency, at) if block.agency else _publisher(catalog, at)
    return [*policy.policy(access, policy.address(dataset, resource, at), agency["@id"], at), agency]


def _block(access: Access, catalog: Catalog) -> SharedTerms | None:
    return next((each for each in catalog.shared_terms if each.address == access.shared), None)


def _legislation(access: Access | None) -> Iterator[Node]:
    """The legal ground, by address: of the regulations that the terms are founded on."""
    for uri in map(web_uri, access.legal_basis_urls if access else ()):
        if uri:
            yield node(uri, "eli:LegalResource")


def _samples(dataset: Dataset, at: Addresses) -> Iterator[Node]:
    """Samples of tables that are given on application. They are invented, and no distributions of the dataset."""
    csv, media = authorities.file_type("CSV"), authorities.media_type("text/csv")
    kind = authorities.synthetic()
    for resource in dataset.resources:
        sample = sample_of(resource)
        if not sample:
            continue
        iri, url = at.sample(dataset, resource), at.at(sample.path)
        checksum = node(
            f"{iri}-checksum",
            "spdx:Checksum",
            spdx_algorithm=ref(authorities.SHA256),
            spdx_checksumValue=literal(hashlib.sha256(sample.content).hexdigest(), type="xsd:hexBinary"),
        )
        yield node(
            iri,
            "dcat:Distribution",
            dct_title=texts(sample_title(resource)),
            dct_description=texts(SAMPLE_TOLD),
            dcat_accessURL=ref(url),
            dcat_downloadURL=ref(url),
            dct_format=_to(csv),
            dcat_mediaType=_to(media),
            dct_type=_to(kind),
            dcat_byteSize=literal(str(len(sample.content)), type="xsd:nonNegativeInteger"),
            spdx_checksum=_to(checksum),
        )
        yield from (each for each in (checksum, authorities.checksum_algorithm(), csv, media, kind) if each)


def _distributions(dataset: Dataset, catalog: Catalog, at: Addresses) -> Iterator[Node]:
    """What can be downloaded, and what can be applied for. A closed resource is neither."""
    license_ = _license(dataset.licenses[0], at.part(dataset, "license")) if dataset.licenses else None
    for resource in dataset.resources:
        for file in files_of(resource):
            yield from _file(dataset, resource, file, license_, at)
        if resource.openness == "conditional":
            yield from _on_application(dataset, resource, license_, catalog, at)


def _file(
    dataset: Dataset, resource: Resource, file: Distribution, license_: Node | None, at: Addresses
) -> Iterator[Node]:
    iri, url = at.distribution(dataset, file), at.file(file)
    format_, media = authorities.file_type(file.eu_file_type), authorities.media_type(file.media_type)
    rights = node(
        f"{at.at('openness/')}#unconditional", "dct:RightsStatement", rdfs_label=texts(OPENNESS["unconditional"])
    )
    public = authorities.access_right("PUBLIC")
    checksum = node(
        f"{iri}-checksum",
        "spdx:Checksum",
        spdx_algorithm=ref(authorities.SHA256),
        spdx_checksumValue=literal(file.sha256, type="xsd:hexBinary"),
    )
    # The columns are described there; Data Package's Table Schema has no class of its own in DCAT. A copy for Excel
    # or for maps is not what it describes: of two files of CSV, a program is to take the one that conforms.
    structure = (
        node(at.data(dataset, "datapackage.json"), "dct:Standard", dct_title=literal("Data Package", lang="en"))
        if resource.schema and not file.is_copy
        else None
    )
    yield node(
        iri,
        "dcat:Distribution",
        dct_title=texts(file_title(resource, file)),
        dct_description=texts(file_description(resource, file)),
        # What is downloaded without a step between has one address for both.
        dcat_accessURL=ref(url),
        dcat_downloadURL=ref(url),
        dct_format=_to(format_),
        dcat_mediaType=_to(media),
        dct_license=_to(license_),
        dct_accessRights=_to(public),
        dct_rights=_to(rights),
        dcat_byteSize=literal(str(file.bytes), type="xsd:nonNegativeInteger"),
        spdx_checksum=_to(checksum),
        dct_issued=rdf.date(dataset.created),
        dct_modified=rdf.date(dataset.modified),
        dct_conformsTo=_to(structure),
    )
    yield from (
        each
        for each in (checksum, authorities.checksum_algorithm(), format_, media, license_, rights, structure, public)
        if each
    )


def _on_application(
    dataset: Dataset, resource: Resource, license_: Node | None, catalog: Catalog, at: Addresses
) -> Iterator[Node]:
    iri = at.distribution(dataset, resource)
    shared = resource.access == dataset.access
    rights = _rights(resource.access, "conditional", at.part(dataset, "rights") if shared else f"{iri}-rights")
    offer = _offer(dataset, resource, catalog, at)
    law = list(_legislation(resource.access))
    restricted = authorities.access_right("RESTRICTED")
    yield node(
        iri,
        "dcat:Distribution",
        dct_title=texts(_resource_title(resource)),
        dct_description=texts(resource.description),
        dcat_accessURL=ref(at.access(dataset)),
        dct_license=_to(license_),
        dct_accessRights=_to(restricted),
        dct_rights=_to(rights),
        dcatap_applicableLegislation=refs(each["@id"] for each in law),
        odrl_hasPolicy=_to(offer[0] if offer else None),
        dct_issued=rdf.date(dataset.created),
        dct_modified=rdf.date(dataset.modified),
    )
    yield from (each for each in (license_, rights, restricted, *offer, *law) if each)


def _resource_title(resource: Resource) -> Text:
    return resource.title or Text(resource.name, "und")


def _license(license_: License, else_iri: str) -> Node | None:
    """A distribution has one licence in DCAT-AP: of several, the first. All are in ``datapackage.json``."""
    iri = web_uri(license_.eu_uri) or web_uri(license_.url) or else_iri
    if not iri:
        return None
    names: Iterable[rdf.Term] = texts(license_.title) or ([literal(license_.name)] if license_.name else [])
    return node(iri, "dct:LicenseDocument", dct_title=names, dct_identifier=plain(license_.name))
