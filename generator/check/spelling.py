"""Properties that nobody reads, because they are written otherwise than they are called.

The standard allows any property, so a slip of the pen is no error: it is advice, and only where the right name is near
and not stated. Within ``access`` every property is ours, so there any unknown one is told.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any

from generator import terms
from generator.check.place import in_descriptor, shown
from generator.model import Catalog, Package
from generator.problems import Problem
from generator.schema import FIELD_PROPERTIES

_NEAR = 0.8
"""Of difflib: ``update_cycel`` has 0.92, ``licence`` for ``licenses`` 0.8, ``unit`` for ``units`` 0.89."""
_OF_PACKAGE = frozenset("profile image license $schema bytes hash".split())
_OF_RESOURCE = frozenset(
    "name type path data title title_en title_zh description description_en description_zh homepage profile scheme "
    "format mediatype encoding bytes hash licenses sources schema dialect compression innerpath extrapaths tabular "
    "multipart jsonschema $schema".split()
)
_OF_FIELD = frozenset(FIELD_PROPERTIES).union(
    "name type format title title_en title_zh description description_en description_zh constraints $schema".split()
)


def check_spelling(package: Package, _: Catalog, __: datetime.date) -> Iterator[Problem]:
    yield from _slips(package, package.descriptor, _known("dataset"), "")
    yield from _of_access(package, package.descriptor.get("access"), "access")
    for resource in package.resources:
        yield from _slips(package, resource, _known("resource"), "", resource=resource)
        yield from _of_access(package, resource.get("access"), "access", resource=resource)
        schema = resource.get("schema")
        fields = schema.get("fields") if isinstance(schema, Mapping) else None
        for index, field in enumerate(fields if isinstance(fields, list) else []):
            if isinstance(field, Mapping):
                where = f"schema.fields.{index}."
                yield from _slips(package, field, _known("field"), where, resource=resource)


def _of_access(package: Package, access: Any, place: str, *, resource: Any = None) -> Iterator[Problem]:
    if isinstance(access, Mapping):
        yield from _slips(package, access, _known("access"), f"{place}.", resource=resource, all_ours=True)


def _slips(
    package: Package,
    values: Mapping[str, Any],
    known: Collection[str],
    place: str,
    *,
    resource: Any = None,
    all_ours: bool = False,
) -> Iterator[Problem]:
    missing = [name for name in known if name not in values]
    for key in values:
        if key in known or not isinstance(key, str):
            continue
        # ``description@de`` and ``dct:creator`` are meant so, and nobody slips at the first letter.
        alike = [name for name in missing if name[0] == key[:1].lower()] if key.isidentifier() else []
        near = get_close_matches(key.lower(), alike, n=1, cutoff=_NEAR)
        if near or all_ours:
            expected = near[0] if near else ", ".join(term.name for term in terms.ACCESS)
            yield in_descriptor(
                package,
                "property-unknown",
                resource=resource,
                field=f"{place}{key}",
                value=shown(key),
                expected=expected,
            )


@cache
def _known(kind: str) -> frozenset[str]:
    ours = {
        "dataset": terms.DATASET,
        "resource": terms.RESOURCE_OURS,
        "field": terms.FIELD,
        "access": (*terms.ACCESS, *terms.SHARED),
    }[kind]
    standard = {"dataset": _OF_PACKAGE, "resource": _OF_RESOURCE, "field": _OF_FIELD, "access": frozenset[str]()}[kind]
    names = [term.name for term in ours]
    translated = [f"{term.name}_{lang}" for term in ours if term.translated for lang in ("en", "zh")]
    return standard.union(names, translated)
