"""A breaking change of a published table asks for a new major ``version``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from generator.check.place import in_descriptor, shown
from generator.compatibility import SchemaChange, asks_for_version, compare_schemas, next_version
from generator.model import Catalog, Package
from generator.names import own_name, resource_names
from generator.problems import Problem
from generator.releases import Previous
from generator.schema import plain_schema
from generator.schema_words import sentence
from generator.text import LANGUAGES

_LARGEST = 10_000_000
_SHOWN = 3
"""Changes that a message lists."""


def check_versions(catalog: Catalog, previous: Previous | None) -> Iterator[Problem]:
    """Compared with the descriptors that the last release published, where its site is at hand."""
    if previous is None or previous.folder is None:
        return
    for package in catalog.packages:
        before = _published(previous.folder, own_name(package))
        if before is None or not asks_for_version(before.get("version"), package.descriptor.get("version")):
            continue
        for resource, changes in _breaking(before, package):
            yield unversioned(package, resource, changes, next_version(before.get("version")))


def unversioned(
    package: Package, resource: Mapping[str, Any], changes: Sequence[SchemaChange], version: str
) -> Problem:
    """``version``: an example of what should be stated."""
    return in_descriptor(
        package,
        "breaking-unversioned",
        resource=resource,
        field="version",
        value=shown(package.descriptor.get("version") or ""),
        expected=version,
        more=tuple((f"changes_{lang}", _list(changes, lang)) for lang in LANGUAGES),
    )


def _published(site: Path, name: str) -> Mapping[str, Any] | None:
    return _json(site / "data" / name / "datapackage.json")


def _json(file: Path) -> Mapping[str, Any] | None:
    """None for a dataset that was not published, or a site that was taken apart: then there is nothing to compare."""
    try:
        if not file.is_file() or file.is_symlink() or file.stat().st_size > _LARGEST:
            return None
        found = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, Mapping) else None


def _breaking(before: Mapping[str, Any], package: Package) -> Iterator[tuple[Mapping[str, Any], list[SchemaChange]]]:
    listed = before.get("resources")
    old = {str(r.get("name")): r for r in listed if isinstance(r, Mapping)} if isinstance(listed, list) else {}
    for name, resource in zip(resource_names(package), package.resources, strict=True):
        was, now = plain_schema(old.get(name, {}).get("schema"), name), plain_schema(_schema(package, resource), name)
        if was and now:
            changes = [change for change in compare_schemas(was, now) if change.breaking]
            if changes:
                yield resource, changes


def _schema(package: Package, resource: Mapping[str, Any]) -> Any:
    """Also out of a JSON file of its own."""
    schema = resource.get("schema")
    if not isinstance(schema, str):
        return schema
    inside = ".." not in PurePosixPath(schema).parts and not PurePosixPath(schema).is_absolute()
    return _json(package.path / schema) if inside and schema.endswith(".json") else None


def _list(changes: Sequence[SchemaChange], lang: str) -> str:
    told = [shown(sentence(change, lang)) for change in changes[:_SHOWN]]
    if len(changes) > _SHOWN:
        told.append(f"等 {len(changes)} 处" if lang == "zh" else f"{len(changes)} in all")
    return "；".join(told) if lang == "zh" else "; ".join(told)
