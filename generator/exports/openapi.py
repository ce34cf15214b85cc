"""``/api/openapi.json``: the static API as an OpenAPI 3.1 document."""

from __future__ import annotations

from generator.endpoints import ENDPOINTS, FACETS, OPENAPI, PER_PAGE, Endpoint, Parameter
from generator.exports import json_text
from generator.exports.addresses import Addresses
from generator.exports.json_text import without_empty
from generator.public import Catalog, Plain
from generator.sitefile import SiteFile
from generator.text import LANGUAGES, Text

VERSION = "1.0.0"

Json = dict[str, Plain]


def openapi(catalog: Catalog) -> SiteFile:
    at, portal = Addresses.of(catalog), catalog.portal
    title = portal.title.to("en")[0]
    document: Json = {
        "openapi": "3.1.0",
        "info": without_empty(
            {
                "title": f"{title}: static API",
                "summary": "The catalogue as JSON files on a static host: no key, no limit, no parameters after a `?`.",
                "description": _both(portal.description) or title,
                "version": VERSION,
                "contact": without_empty({"name": portal.publisher.to("en")[0], "email": portal.email}),
                "license": {"name": "Licence of the metadata", "url": portal.license_url} if portal.license_url else "",
            }
        ),
        "servers": [{"url": at.root.rstrip("/")}],
        "externalDocs": {"url": f"{at.home('en')}api/"},
        "tags": [
            {"name": "v1", "description": "The catalogue. Properties may be added, never renamed or removed."},
            {"name": "ckan", "description": "What harvesters ask of CKAN's action API, as files."},
        ],
        "paths": {f"/{endpoint.path}": {"get": _operation(endpoint)} for endpoint in ENDPOINTS},
        "components": {"schemas": schemas()},
    }
    return SiteFile(OPENAPI, json_text.readable(document).encode())


def _both(text: Text) -> str:
    return "\n\n".join(dict.fromkeys(filter(None, (text.to(lang)[0] for lang in reversed(LANGUAGES)))))


def _operation(endpoint: Endpoint) -> Json:
    answer = {"schema": {"$ref": f"#/components/schemas/{endpoint.schema}"}}
    # Hosts know no type for a name without suffix; whoever asks gets JSON all the same.
    types = (
        ("application/json",) if endpoint.path.endswith(".json") else ("application/json", "application/octet-stream")
    )
    return {
        "operationId": endpoint.operation,
        "summary": endpoint.about.to("en")[0],
        "description": endpoint.about.to("zh")[0],
        "tags": [endpoint.group],
        **({"parameters": [_parameter(each) for each in endpoint.parameters]} if endpoint.parameters else {}),
        "responses": {
            "200": {"description": "The file", "content": dict.fromkeys(types, answer)},
            **({"404": {"description": "There is none of that name"}} if endpoint.parameters else {}),
        },
    }


def _parameter(parameter: Parameter) -> Json:
    schema: Json = {"type": parameter.type}
    if parameter.name == "page":
        schema["minimum"] = 1
    if parameter.name == "start":
        schema |= {"minimum": 0, "multipleOf": PER_PAGE}
    if parameter.name == "facet":
        schema["enum"] = list(FACETS)
    return {
        "name": parameter.name,
        "in": "path",
        "required": True,
        "description": _both(parameter.meaning),
        "schema": schema,
    }


# ---- schemas

_TEXT: Json = {"type": "string"}
_COUNT: Json = {"type": "integer", "minimum": 0}
_URL: Json = {"type": "string", "format": "uri"}
_OPENNESS: Json = {"type": "string", "enum": ["unconditional", "conditional", "closed"]}
_BADGE: Json = {"type": "string", "enum": ["unconditional", "mixed", "conditional", "closed"]}


def _texts(*names: str) -> Json:
    """A text and its twins in the other language."""
    return {f"{name}{suffix}": _TEXT for name in names for suffix in ("", *(f"_{lang}" for lang in LANGUAGES))}


def _object(required: str, **properties: Plain) -> Json:
    found: Json = {"type": "object", "properties": properties}
    return found | ({"required": required.split()} if required else {})


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}


def _lists(*names: str) -> Json:
    return {name: _list(_TEXT) for name in _texts(*names)}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _page(name: str, entry: str) -> Json:
    entries: Json = {"type": "array", "items": _ref(entry), "maxItems": PER_PAGE}
    return _object(
        f"count page pages per_page links {name}",
        count=_COUNT,
        page={"type": "integer", "minimum": 1},
        pages={"type": "integer", "minimum": 1},
        per_page={"const": PER_PAGE},
        links=_ref("PageLinks"),
        **{name: entries},
    )


def _links(required: str, *others: str) -> Json:
    return _object(required, **dict.fromkeys((*required.split(), *others), _URL))


def schemas() -> Json:
    """By name. They say what is there; programs are to bear properties that they do not know."""
    agency = _object("id name", id=_TEXT, **_texts("name"))
    contact = _object("", **_texts("name", "address", "hours"), email=_TEXT, phone=_TEXT, url=_URL)
    access = _object(
        "",
        **_texts("reason", "legal_basis", "applicants", "fee"),
        **_lists("purposes", "conditions", "security", "materials"),
        channel=contact,
        response_days=_COUNT,
        agreement=_object("", **_texts("title", "text"), url=_URL),
        reviewed=_TEXT,
        review_by=_TEXT,
        legal_basis_url=_list(_URL),
        shared_terms=_URL,
    )
    return {
        "Index": _object(
            "title counts links",
            **_texts("title", "description"),
            counts=_object(
                "datasets agencies themes files", datasets=_COUNT, agencies=_COUNT, themes=_COUNT, files=_COUNT
            ),
            links=_links("self datasets agencies themes facets openapi html en"),
        ),
        "PageLinks": _links("self first last html en", "prev", "next"),
        "DatasetPage": _page("datasets", "DatasetSummary"),
        "DatasetSummary": _object(
            "name openness agency links",
            name=_TEXT,
            **_texts("title", "description"),
            openness=_BADGE,
            agency=agency,
            theme=_TEXT,
            update_cycle=_TEXT,
            created=_TEXT,
            modified=_TEXT,
            licenses=_list(_TEXT),
            formats=_list(_TEXT),
            links=_ref("DatasetLinks"),
        ),
        "DatasetLinks": _links("self html en agency datapackage dcat", "theme", "archive"),
        "Dataset": _dataset(agency, contact, access),
        "Resource": _object(
            "name openness files",
            name=_TEXT,
            **_texts("title", "description"),
            openness=_OPENNESS,
            type={"const": "table"},
            access=access,
            rows=_COUNT,
            synthetic_sample=_URL,
            verdict=_object("passed", passed={"const": True}, date=_TEXT),
            schema=_ref("TableSchema"),
            files=_list(_ref("File")),
        ),
        "File": _object(
            "url format media_type bytes sha256",
            url=_URL,
            format=_TEXT,
            media_type=_TEXT,
            bytes=_COUNT,
            sha256={"type": "string", "pattern": "^[0-9a-f]{64}$"},
            use={"const": "excel", "description": "A copy of the rows for spreadsheets"},
        ),
        "TableSchema": {
            "type": "object",
            "description": "The columns, in the words of the Table Schema standard; `unit` and `references` are ours.",
            "required": ["fields"],
            "properties": {"fields": _list({"type": "object", "required": ["name", "type"]})},
        },
        "AgencyPage": _page("agencies", "Agency"),
        "Agency": _object(
            "id name count links",
            id=_TEXT,
            **_texts("name", "short_name", "description"),
            code=_TEXT,
            homepage=_URL,
            contact=contact,
            count=_COUNT,
            links=_links("self datasets html en"),
        ),
        "ThemePage": _page("themes", "Theme"),
        "Theme": _object(
            "id title count links",
            id=_TEXT,
            **_texts("title"),
            same_as=_list(_URL),
            count=_COUNT,
            links=_links("self datasets html en"),
        ),
        "FacetList": _object(
            "links facets",
            links=_links("self html en"),
            facets=_list(_object("id values links", id={"enum": list(FACETS)}, values=_COUNT, links=_links("values"))),
        ),
        "FacetPage": _page("values", "FacetValue"),
        "FacetValue": _object(
            "id count", id=_TEXT, **_texts("title"), count=_COUNT, links=_links("", "datasets", "html", "en")
        ),
        **_ckan(),
    }


def _dataset(agency: Json, contact: Json, access: Json) -> Json:
    person = _object("", **_texts("title"), path=_URL, email=_TEXT, organization=_TEXT, roles=_list(_TEXT))
    return _object(
        "name openness agency resources links",
        name=_TEXT,
        id=_TEXT,
        **_texts("title", "description", "demonstration"),
        homepage=_URL,
        version=_TEXT,
        created=_TEXT,
        modified=_TEXT,
        **_lists("keywords"),
        licenses=_list(_object("", name=_TEXT, path=_URL, **_texts("title"))),
        sources=_list(person),
        contributors=_list(person),
        openness=_BADGE,
        agency=agency,
        theme=_TEXT,
        industry=_TEXT,
        update_cycle=_TEXT,
        language=_list(_TEXT),
        spatial=_object("", **_texts("name"), code=_TEXT, bbox=_list({"type": "number"})),
        temporal=_object("", start=_TEXT, end=_TEXT),
        crs=_TEXT,
        source_department=_TEXT,
        contact=contact,
        collection=_object("", **_texts("legal_basis", "system"), items=_list(_TEXT)),
        sharing=_object("", type=_TEXT, **_texts("condition", "mode")),
        catalogue_code=_TEXT,
        provincial_entry=_URL,
        access=access,
        resources=_list(_ref("Resource")),
        archive=_ref("File"),
        links=_ref("DatasetLinks"),
    )


def _ckan() -> Json:
    def answer(result: Json) -> Json:
        return _object("help success result", help=_URL, success={"const": True}, result=result)

    pair = _object("key value", key=_TEXT, value=_TEXT)
    group = _object("id name title", id=_TEXT, name=_TEXT, title=_TEXT, display_name=_TEXT, description=_TEXT)
    texts = "id name title notes type state url version author author_email maintainer maintainer_email"
    dates = "metadata_created metadata_modified license_id license_title license_url owner_org"
    kept = "id package_id name description url format mimetype hash created last_modified state resource_type"
    return {
        "CkanNames": answer(_list(_TEXT)),
        "CkanStatus": answer(
            _object(
                "site_title site_url",
                **dict.fromkeys(
                    "site_title site_description site_url ckan_version locale_default error_emails_to".split(), _TEXT
                ),
                extensions=_list(_TEXT),
            )
        ),
        "CkanOrganization": _object(
            "id name title",
            **dict.fromkeys(
                "id name title display_name description type state approval_status image_url".split(), _TEXT
            ),
            is_organization={"const": True},
            package_count=_COUNT,
            extras=_list(pair),
        ),
        "CkanOrganizationResult": answer(_ref("CkanOrganization")),
        "CkanResource": _object(
            "id name url format size",
            **dict.fromkeys(kept.split(), _TEXT),
            position=_COUNT,
            size=_COUNT,
            url_type={"type": "null"},
        ),
        "CkanPackage": _object(
            "id name title resources organization tags extras",
            **dict.fromkeys((*texts.split(), *dates.split()), _TEXT),
            private={"const": False},
            isopen={"type": "boolean"},
            organization=_ref("CkanOrganization"),
            groups=_list(group),
            tags=_list(_object("name", name=_TEXT, display_name=_TEXT, state=_TEXT, vocabulary_id={"type": "null"})),
            num_tags=_COUNT,
            resources=_list(_ref("CkanResource")),
            num_resources=_COUNT,
            extras=_list(pair),
        ),
        "CkanPackageResult": answer(_ref("CkanPackage")),
        "CkanSearchResult": answer(
            _object(
                "count results",
                count=_COUNT,
                sort=_TEXT,
                facets={"type": "object"},
                search_facets={"type": "object"},
                results={"type": "array", "items": _ref("CkanPackage"), "maxItems": PER_PAGE},
            )
        ),
    }
