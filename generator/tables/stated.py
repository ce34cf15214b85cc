"""What a descriptor states at the place of an error, where frictionless says that it is wrong and not what it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from generator.model import is_day
from generator.tables import opening

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def stated_values(kind: str, descriptor: Mapping[str, Any], resource: str) -> dict[str, str]:
    """Parts of a ``Problem`` by name; ``resource`` is where the error is, empty for the package."""
    found = _FINDERS.get(kind)
    return found(descriptor, resource) if found else {}


def _created(descriptor: Mapping[str, Any], _: str) -> dict[str, str]:
    value = str(descriptor.get("created") or "")
    return {"field": "created", "value": value, "likely": f"{value}T00:00:00Z" if is_day(value) else ""}


def _email(descriptor: Mapping[str, Any], _: str) -> dict[str, str]:
    for key in ("contributors", "sources"):
        listed = descriptor.get(key)
        for number, entry in enumerate(listed if isinstance(listed, list) else ()):
            email = entry.get("email") if isinstance(entry, Mapping) else None
            if email is not None and not (isinstance(email, str) and _EMAIL.fullmatch(email)):
                return {"field": f"{key}.{number}.email", "value": str(email)}
    return {}


def _same_resources(descriptor: Mapping[str, Any], _: str) -> dict[str, str]:
    return {"field": "resources", "value": _repeated(descriptor.get("resources"))}


def _same_fields(descriptor: Mapping[str, Any], resource: str) -> dict[str, str]:
    for each in opening.resources(descriptor):
        schema = each.get("schema")
        if opening.resource_name(each) == resource and isinstance(schema, Mapping):
            return {"value": _repeated(schema.get("fields"))}
    return {}


def _repeated(listed: Any) -> str:
    names = [each.get("name") for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []
    return next((str(name) for name in names if names.count(name) > 1), "")


_FINDERS: Mapping[str, Callable[[Mapping[str, Any], str], dict[str, str]]] = {
    "created-invalid": _created,
    "email-invalid": _email,
    "resource-names-repeat": _same_resources,
    "field-names-repeat": _same_fields,
}
