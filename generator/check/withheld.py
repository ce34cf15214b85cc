"""Data that are not open: where they may lie, and what a descriptor may say of the place (decision 0017).

In a public repository they may lie nowhere. What these rules find says nothing of the data but their files' names, and
blocks nothing that is published, unless the descriptors alone show it: a site must not tell whether data lie there.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from generator.check.files import is_inside
from generator.check.place import in_descriptor, in_repository, is_withheld, named
from generator.check.unlisted import COMPANIONS
from generator.model import Catalog, Package, is_remote, parts_of, paths_of
from generator.problems import Problem


def check_present(package: Package, catalog: Catalog, _: datetime.date) -> Iterator[Problem]:
    if catalog.private:
        return
    for resource in _withheld(package):
        for path in paths_of(resource):
            if is_inside(path) and (package.path / path).exists():
                yield in_descriptor(
                    package,
                    "withheld-data-present",
                    resource=resource,
                    value=path,
                    more=(("path", in_repository(package, catalog, path)),),
                    published=False,
                )


def check_inline(package: Package, catalog: Catalog, _: datetime.date) -> Iterator[Problem]:
    """Rows in the descriptor itself. A header row tells no more than the schema does."""
    for resource in _withheld(package):
        if not catalog.private and resource.get("data") is not None and not _is_header(resource):
            yield in_descriptor(package, "withheld-data-inline", resource=resource, field="data", published=False)


def check_shared(package: Package, _: Catalog, __: datetime.date) -> Iterator[Problem]:
    """A file that an open resource names as well would be published. The descriptor alone tells, so this one blocks."""
    is_open: dict[str, str] = {}
    for resource in package.resources:
        if package.is_open(resource):
            is_open |= {_same(path): named(resource) for path in (*paths_of(resource), *parts_of(resource))}
    for resource in _withheld(package):
        for path in paths_of(resource):
            if _same(path) in is_open:
                other = is_open[_same(path)]
                yield in_descriptor(
                    package, "withheld-data-shared", resource=resource, field="path", value=path, expected=other
                )


def check_descriptor_as_data(package: Package, _: Catalog, __: datetime.date) -> Iterator[Problem]:
    """A file that is no table is published as it is, and descriptors hold what is not on the list."""
    for resource in package.resources:
        for path in paths_of(resource):
            is_descriptor = is_inside(path) and _same(PurePosixPath(path).name) in COMPANIONS
            if is_descriptor and package.is_open(resource):
                yield in_descriptor(package, "descriptor-as-data", resource=resource, field="path", value=path)


def check_history(package: Package, catalog: Catalog, _: datetime.date) -> Iterator[Problem]:
    """Taken out of the folder is not taken out of the repository: the commit is still there for all to fetch."""
    if catalog.private:
        return
    for resource in _withheld(package):
        for path in paths_of(resource):
            if is_inside(path) and path in package.withheld_commits and not (package.path / path).exists():
                yield in_descriptor(
                    package,
                    "withheld-data-in-history",
                    resource=resource,
                    value=path,
                    expected=package.withheld_commits[path],
                    more=(("path", in_repository(package, catalog, path)),),
                    published=False,
                )


def check_kept_at(package: Package, catalog: Catalog, _: datetime.date) -> Iterator[Problem]:
    """Where the data are kept is said in the agency's own words, not as a way to get there. Never shown."""
    for resource in ({}, *package.resources):
        terms = (resource or package.descriptor).get("access")
        kept = terms.get("kept_at") if isinstance(terms, Mapping) else None
        if isinstance(kept, str) and (_SECRET.search(kept) or (not catalog.private and _ADDRESS.search(kept))):
            yield in_descriptor(package, "kept-at-exposes", resource=resource, field="access.kept_at")


_SECRET = re.compile(
    r"://[^/\s]*@|\b(?:password|passwd|pwd|token|secret|api[-_ ]?key|access[-_ ]?key|signature|credential)\b\s*[=:：]"
    r"|[?&][\w-]*(?:sig|signature|token|key|credential)[\w-]*=|(?:密码|口令|令牌|密钥)\s*(?:[=:：]|为|是)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"\b[a-z][a-z0-9+.-]*://|\\\\|(?<![0-9A-Za-z])[A-Za-z]:[\\/]|(?:^|[\s：:，,（(])(?:/|~/)[^\s/]+/"
    r"|(?<![0-9.])\d{1,3}(?:\.\d{1,3}){3}(?![0-9.])|\blocalhost\b|\b[\w-]+\.(?:internal|intranet|corp|lan|local)\b",
    re.IGNORECASE,
)


def _withheld(package: Package) -> Iterator[Mapping[str, Any]]:
    return (resource for resource in package.resources if is_withheld(package, resource))


def _same(path: str) -> str:
    """Equal for paths that may be one file, on any system that may check the repository out."""
    return unicodedata.normalize("NFC", PurePosixPath(path).as_posix() if not is_remote(path) else path).casefold()


def _is_header(resource: Mapping[str, Any]) -> bool:
    schema = resource.get("schema")
    fields = schema.get("fields") if isinstance(schema, Mapping) else None
    names = [f.get("name") for f in fields if isinstance(f, Mapping)] if isinstance(fields, list) else []
    match resource["data"]:
        case [] | [[]]:
            return True
        case [list(row)]:
            return all(isinstance(cell, str) and cell in names for cell in row)
    return False
