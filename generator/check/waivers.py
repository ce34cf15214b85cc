"""What a descriptor says for the gate of open data: waivers, and columns that tell people apart."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from generator.check.place import in_descriptor, shown
from generator.identifiers import without_identifiers
from generator.model import Catalog, Package
from generator.problems import Problem

_LABELS = {"class": "类别", "reason": "理由", "approver": "审核人", "expires": "到期日"}


def check_waivers(package: Package, _: Catalog, __: datetime.date) -> Iterator[Problem]:
    """A waiver that does not say who answers for it, why and until when waives nothing."""
    listed = package.descriptor.get("waivers")
    for number, waiver in enumerate(listed if isinstance(listed, list) else []):
        if not isinstance(waiver, Mapping):
            continue  # said by its form
        missing = [key for key in _LABELS if not str(waiver.get(key) or "").strip()]
        field = f"waivers.{number}"
        if missing:
            zh = "、".join(f"{key}（{_LABELS[key]}）" for key in missing)
            more = (("missing_zh", zh), ("missing_en", ", ".join(missing)))
            yield in_descriptor(package, "waiver-incomplete", field=field, more=more)
        elif not _is_day(waiver["expires"]):
            more = (("missing_zh", "存在的到期日 expires"), ("missing_en", "expires (a day that exists)"))
            yield in_descriptor(package, "waiver-incomplete", field=field, more=more)


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and len(value) == 10 and bool(datetime.date.fromisoformat(value))
    except ValueError:
        return False


def check_quasi_identifiers(package: Package, _: Catalog, __: datetime.date) -> Iterator[Problem]:
    for resource in package.resources:
        schema = resource.get("schema")
        if not isinstance(schema, Mapping):
            continue
        listed = schema.get("fields")
        names = [str(f.get("name")) for f in listed if isinstance(f, Mapping)] if isinstance(listed, list) else []
        for part in (resource, schema):
            quasi = part.get("quasi_identifiers")
            for name in quasi if isinstance(quasi, list) else ():
                if str(name) not in names:
                    yield in_descriptor(
                        package,
                        "quasi-identifier-unknown",
                        resource=resource,
                        field="quasi_identifiers",
                        value=without_identifiers(shown(name)),
                        expected=without_identifiers(shown(", ".join(names))),
                    )
