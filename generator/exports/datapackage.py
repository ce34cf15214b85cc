"""The published descriptor: Data Package v2, with this portal's properties under their source names.

Decided here:

- A table's resource is its CSV, which every reader of Data Packages can take. The Parquet file of the same rows
  and the copy for Excel stand in the resource's ``alternatives``, a property of ours with the standard's names (path,
  title, description, format, mediatype, bytes, hash; title and description say whom the file is for). As resources
  they would double every row for whoever loads the package, and frictionless calls a package with Parquet invalid
  where its ``parquet`` extra is not installed.
- What is not published has no file: a conditional table is an inline table of its header row, everything else an
  inline note of why. Neither an absent ``path`` nor ``data: []`` would be valid.
- A conditional table's synthetic sample is a whole Data Resource in ``synthetic_sample``, a property of ours: as one of
  the package's resources, invented rows would be loaded and counted with the data.
- A foreign key to a table whose rows are not here could never hold. It moves to ``references``, a property of ours.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Iterable
from typing import Any

from generator.exports.addresses import Addresses
from generator.exports.json_text import plain, without_empty
from generator.exports.published import SAMPLE_TOLD, fields_of, files_of, sample_of, sample_title
from generator.exports.wellformed import instant, rfc3339, web_uri
from generator.public import (
    Access,
    Asked,
    Catalog,
    Contact,
    Dataset,
    Distribution,
    Field,
    ForeignKey,
    License,
    Resource,
    Schema,
    View,
)
from generator.text import Text, text_properties

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
RESOURCE_PROFILE = "https://datapackage.org/profiles/2.0/dataresource.json"
_LICENSE_NAME = re.compile(r"[-a-zA-Z0-9._]+")
# The standard's pattern, less what frictionless takes for a variable or a scheme. Other files get their address.
_RELATIVE_PATH = re.compile(r"(?![./~])(?:(?!/\.\./)[^\\:$%\r\n])+")


def datapackage(dataset: Dataset, catalog: Catalog) -> dict[str, Any]:
    at = Addresses.of(catalog)
    stated = {resource.openness for resource in dataset.resources}
    return {
        "$schema": PROFILE,
        "name": dataset.name,
        **without_empty(
            {
                "id": dataset.id,
                **text_properties("title", dataset.title),
                **text_properties("description", dataset.description),
                "homepage": web_uri(dataset.homepage) or at.page(dataset),
                "version": dataset.version,
                "created": rfc3339(moment) if (moment := instant(dataset.created)) else "",
                "modified": dataset.modified,
                **texts_properties("keywords", dataset.keywords),
                "licenses": [found for license_ in dataset.licenses if (found := _license(license_))],
                "sources": [
                    found for source in dataset.sources if (found := _source(source.title, source.url, source.email))
                ],
                "contributors": _contributors(dataset, at),
                # A mixed dataset has no openness of its own: its resources state theirs.
                "openness": "" if dataset.openness == "mixed" or len(stated) > 1 else dataset.openness,
                "theme": dataset.theme.id if dataset.theme else "",
                "industry": dataset.industry.id if dataset.industry else "",
                "update_cycle": dataset.update_cycle.id if dataset.update_cycle else "",
                "language": list(dataset.languages),
                "spatial": _spatial(dataset),
                "temporal": without_empty({"start": dataset.temporal.start, "end": dataset.temporal.end}),
                "crs": dataset.crs,
                "agency": dataset.agency.id,
                "source_department": dataset.source_department.id if dataset.source_department else "",
                "contact": _contact(dataset.contact),
                "collection": {
                    **text_properties("legal_basis", dataset.collection.legal_basis),
                    **text_properties("system", dataset.collection.system),
                    **without_empty({"items": list(dataset.collection.items)}),
                },
                "sharing": without_empty(
                    {
                        "type": dataset.sharing.type,
                        **text_properties("condition", dataset.sharing.condition),
                        **text_properties("mode", dataset.sharing.mode),
                    }
                ),
                "catalogue_code": dataset.catalogue_code,
                "provincial_entry": web_uri(dataset.provincial_entry),
                **text_properties("demonstration", dataset.demonstration),
                "access": _access(dataset.access, at),
                "views": [_view(view, each) for each in dataset.resources for view in each.views if view.asked],
            }
        ),
        "resources": [_resource(resource, dataset, at) for resource in dataset.resources]
        or [{"name": "entry", "openness": dataset.openness, "data": [_note(dataset.openness, dataset.access)]}],
    }


def for_files(dataset: Dataset) -> tuple[dict[str, Any], ...]:
    """What the file of each resource says of itself, where its form has room for that: it travels on without the
    descriptor. Less what is known only when it is published: addresses, sizes, hashes; and less the schema."""
    package = {
        "name": dataset.name,
        **without_empty(
            {
                "id": dataset.id,
                **text_properties("title", dataset.title),
                **text_properties("description", dataset.description),
                "homepage": web_uri(dataset.homepage),
                "version": dataset.version,
                **texts_properties("keywords", dataset.keywords),
                "licenses": [found for license_ in dataset.licenses if (found := _license(license_))],
                "sources": [
                    found for source in dataset.sources if (found := _source(source.title, source.url, source.email))
                ],
                "publisher": text_properties("title", dataset.agency.name),
                "spatial": _spatial(dataset),
                "temporal": without_empty({"start": dataset.temporal.start, "end": dataset.temporal.end}),
                "crs": dataset.crs,
            }
        ),
    }
    return tuple({**_about(resource), "package": package} for resource in dataset.resources)


def _keys(schema: Schema, resource: Resource, dataset: Dataset) -> tuple[list[ForeignKey], list[ForeignKey]]:
    """Foreign keys whose target is published with its rows, and the others."""
    tables = {table.name: table for table in dataset.resources if table.schema and files_of(table)}
    kept: list[ForeignKey] = []
    moved: list[ForeignKey] = []
    for key in schema.foreign_keys:
        target = resource if key.resource in ("", resource.name) else tables.get(key.resource)
        names = {field.name for field in target.schema.fields} if target and target.schema else set()
        (kept if names >= set(key.reference_fields) else moved).append(key)
    return kept, moved


def _resource(resource: Resource, dataset: Dataset, at: Addresses) -> dict[str, Any]:
    files = files_of(resource)
    about = {
        **_about(resource),
        **without_empty({"access": _access(resource.access, at)}),
        **({"verdict": without_empty({"passed": True, "date": resource.verdict.day})} if resource.verdict else {}),
    }
    fields = fields_of(resource)
    schema = {"schema": _schema(resource.schema, resource, dataset)} if resource.schema and fields else {}
    if files:
        first, *others = files
        table = {"type": "table", "encoding": "utf-8"} if schema else {}
        alternatives = [_file(other, dataset, at) | _whom_for(other) for other in others]
        return about | table | _file(first, dataset, at) | schema | without_empty({"alternatives": alternatives})
    if schema:
        return about | {"type": "table", "data": [[field.name for field in fields]]} | schema | _sample(resource)
    return about | {"data": [_note(resource.openness, resource.access)]}


def _sample(resource: Resource) -> dict[str, Any]:
    """A resource of its own within the conditional one: what loads the package's resources does not meet it."""
    sample = sample_of(resource)
    if sample is None or resource.schema is None:
        return {}
    mark = sample.columns[0]
    schema = resource.schema
    keys = [key for key in sample.foreign_keys if key.resource in ("", resource.name)]
    others = [key for key in sample.foreign_keys if key not in keys]
    marked = {
        "name": mark,
        "title": "合成标记",
        "title_en": "Mark of a synthetic row",
        "type": "string",
        "constraints": {"required": True, "enum": [sample.rows[0][0]]},
        "missingValues": [],
    }
    return {
        "synthetic_sample": {
            "$schema": RESOURCE_PROFILE,
            "name": posixpath.splitext(posixpath.basename(sample.path))[0],
            **text_properties("title", sample_title(resource)),
            **text_properties("description", SAMPLE_TOLD),
            "type": "table",
            "path": posixpath.basename(sample.path),
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "bytes": len(sample.content),
            "hash": f"sha256:{hashlib.sha256(sample.content).hexdigest()}",
            "schema": {
                "fields": [marked, *map(_field, schema.fields)],
                **_missing_values(schema),
                **without_empty(
                    {
                        "primaryKey": list(schema.primary_key),
                        "uniqueKeys": [list(key) for key in schema.unique_keys],
                        "foreignKeys": [_foreign_key(key, resource) for key in keys],
                        # They lead to the samples of other tables, which are in no package with this one.
                        "references": [_foreign_key(key, resource) for key in others],
                    }
                ),
            },
        }
    }


def _missing_values(schema: Schema) -> dict[str, Any]:
    return {"missingValues": list(schema.missing_values)} if schema.missing_values != ("",) else {}


def _about(resource: Resource) -> dict[str, Any]:
    return {
        "name": resource.name,
        **text_properties("title", resource.title),
        **text_properties("description", resource.description),
        "openness": resource.openness,
    }


def _note(openness: str, access: Access | None) -> dict[str, Any]:
    """One row that says why there is no data. Its values are texts, so that readers can take it for a table."""
    known = access or Access()
    return {
        "openness": openness,
        **without_empty(text_properties("reason", known.reason) | text_properties("legal_basis", known.legal_basis)),
    }


def _file(file: Distribution, dataset: Dataset, at: Addresses) -> dict[str, Any]:
    beside = posixpath.relpath(file.path, f"data/{dataset.name}")
    extension = posixpath.splitext(beside)[1].removeprefix(".").lower()
    return without_empty(
        {
            "path": beside if _RELATIVE_PATH.fullmatch(beside) else at.file(file),
            "format": extension or file.format.lower(),
            "mediatype": file.media_type if re.fullmatch(r".+/.+", file.media_type) else "",
            "bytes": file.bytes,
            "hash": f"sha256:{file.sha256}",
        }
    )


def _whom_for(file: Distribution) -> dict[str, Any]:
    return text_properties("title", file.use) | text_properties("description", file.note)


def _schema(schema: Schema, resource: Resource, dataset: Dataset) -> dict[str, Any]:
    kept, moved = _keys(schema, resource, dataset)
    return {
        "fields": [_field(field) for field in schema.fields],
        **_missing_values(schema),
        **without_empty(
            {
                "primaryKey": list(schema.primary_key),
                "uniqueKeys": [list(key) for key in schema.unique_keys],
                "foreignKeys": [_foreign_key(key, resource) for key in kept],
                "references": [_foreign_key(key, resource) for key in moved],
            }
        ),
    }


def _field(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        **without_empty(
            {
                **text_properties("title", field.title),
                "type": field.type,
                "format": "" if field.format == "default" else field.format,
                **text_properties("description", field.description),
                "unit": field.unit,
                "aggregation": field.aggregation,
                "constraints": plain(field.constraints),
            }
        ),
        # As declared, empty ones too: an empty list of missing values means that there are none.
        **plain(field.properties),
    }


def _view(view: View, resource: Resource) -> dict[str, Any]:
    asked = view.asked or Asked()
    said = {"x": asked.x, "y": list(asked.y), "group": asked.group, "aggregate": asked.aggregate}
    about = {"name": view.name, **text_properties("title", view.title), "resource": resource.name, "type": view.type}
    return about | without_empty(said)


def _foreign_key(key: ForeignKey, resource: Resource) -> dict[str, Any]:
    # A table that refers to itself names no resource in v2; frictionless wants the empty name, as v1 did.
    target = "" if key.resource == resource.name else key.resource
    return {"fields": list(key.fields), "reference": {"resource": target, "fields": list(key.reference_fields)}}


def texts_properties(name: str, texts: Iterable[Text]) -> dict[str, Any]:
    """Lists in step: where one text lacks a translation, its own words stand in."""
    known = [text for text in texts if text]
    languages = sorted({lang for text in known for lang, _ in text.translations})
    own = {name: [text.main for text in known]}
    return without_empty(own | {f"{name}_{lang}": [text.to(lang)[0] for text in known] for lang in languages})


def _license(license_: License) -> dict[str, Any]:
    name = license_.name if _LICENSE_NAME.fullmatch(license_.name) else ""
    path = web_uri(license_.url)
    return (
        without_empty({"name": name, "path": path, **text_properties("title", license_.title)}) if name or path else {}
    )


def _source(title: Text, url: str, email: str) -> dict[str, Any]:
    return without_empty({**text_properties("title", title), "path": web_uri(url), "email": email})


def _contributors(dataset: Dataset, at: Addresses) -> list[dict[str, Any]]:
    """Those declared; the agency as publisher, where nobody is."""
    stated = [
        without_empty(
            {
                **text_properties("title", each.title),
                "path": web_uri(each.url),
                "organization": each.organization,
                "roles": list(each.roles),
            }
        )
        for each in dataset.contributors
    ]
    if not any("publisher" in each.roles for each in dataset.contributors):
        stated.append(
            without_empty(
                {
                    **text_properties("title", dataset.agency.name),
                    "path": at.agency(dataset.agency),
                    "roles": ["publisher"],
                }
            )
        )
    return [each for each in stated if each]


def _spatial(dataset: Dataset) -> dict[str, Any]:
    spatial = dataset.spatial
    return without_empty(
        {**text_properties("name", spatial.name), "code": spatial.code, "bbox": list(spatial.bbox or ())}
    )


def _contact(contact: Contact) -> dict[str, Any]:
    return without_empty(
        {
            **text_properties("name", contact.name),
            "email": contact.email,
            "phone": contact.phone,
            "url": web_uri(contact.url),
            **text_properties("address", contact.address),
            **text_properties("hours", contact.hours),
        }
    )


def _access(access: Access | None, at: Addresses) -> dict[str, Any]:
    if access is None:
        return {}
    return without_empty(
        {
            **text_properties("reason", access.reason),
            **text_properties("legal_basis", access.legal_basis),
            "legal_basis_url": [uri for uri in map(web_uri, access.legal_basis_urls) if uri],
            **text_properties("applicants", access.applicants),
            **texts_properties("purposes", access.purposes),
            **texts_properties("conditions", access.conditions),
            **texts_properties("security", access.security),
            **texts_properties("materials", access.materials),
            "channel": _contact(access.channel),
            "response_days": access.response_days,
            **text_properties("fee", access.fee),
            "agreement": without_empty(
                {
                    **text_properties("title", access.agreement.title),
                    "url": web_uri(access.agreement.url),
                    **text_properties("text", access.agreement.text),
                }
            ),
            "reviewed": access.reviewed,
            "review_by": access.review_by,
            "shared_terms": at.shared_terms(access.shared) if access.shared else "",
        }
    )
