"""Give descriptors to frictionless so that it can neither reach the network nor a file that is not meant.

Two kinds of resources are *set aside* before frictionless sees a descriptor: those still remote, which were not
fetched, and withheld ones, because what is published must not depend on their bytes. Each is replaced by an inline
table of its header alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.model import is_remote, paths_of
from generator.tables.guard import check_profiles_end
from generator.tables.utf8 import detect_quickly

if TYPE_CHECKING:
    import frictionless

_WHERE_DATA_ARE = ("path", "url", "data", "extrapaths", "innerpath", "scheme")
_WHAT_DATA_ARE = ("stats", "hash", "bytes", "rows", "fields")
_WHAT_MAKES_A_TABLE = ("path", "url", "data", "format", "type", "scheme", "compression", "innerpath")


class _NoNetwork:
    """Stands in for frictionless's HTTP session."""

    def get(self, url: str, **_: Any) -> Any:
        raise ConnectionError(f"not fetched: {url}")


@contextmanager
def offline() -> Iterator[None]:
    """Within, frictionless's own requests fail as they do without a network.

    Second line of defence: addresses in descriptors are found before, but a ``$ref`` in a profile, or a data package
    inside a data file, are only seen by frictionless.
    """
    from frictionless import system

    context = system.use_context(http_session=_NoNetwork())
    context.__enter__()
    try:
        yield
    finally:
        context.__exit__(None, None, None)  # frictionless restores its state only when no exception passes


def remote_parts(resource: Mapping[str, Any]) -> tuple[str, ...]:
    """Every address that reading this resource would ask for."""
    named = [*paths_of(resource), resource.get("schema"), resource.get("dialect"), remote_profile(resource)]
    return tuple(str(part) for part in named if is_remote(part))


def remote_profile(descriptor: Mapping[str, Any]) -> str:
    profile = descriptor.get("profile")
    if profile == "fiscal-data-package":
        return "https://specs.frictionlessdata.io/schemas/fiscal-data-package.json"  # what frictionless reads it as
    return profile if isinstance(profile, str) and is_remote(profile) else ""


def resources(descriptor: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """Those that are objects at all; frictionless reports the others."""
    listed = descriptor.get("resources")
    return tuple(r for r in listed if isinstance(r, Mapping)) if isinstance(listed, list) else ()


def resource_name(resource: Mapping[str, Any]) -> str:
    return str(resource.get("name") or "")


def set_aside(descriptor: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    """The descriptor with these resources as tables of their header alone, and without any remote profile."""
    copy = {key: value for key, value in descriptor.items() if key != "profile" or not remote_profile(descriptor)}
    if isinstance(descriptor.get("resources"), list):
        copy["resources"] = [
            _header_only(r) if isinstance(r, Mapping) and resource_name(r) in names else r
            for r in descriptor["resources"]
        ]
    return copy


def _header_only(resource: Mapping[str, Any]) -> dict[str, Any]:
    copy = {key: value for key, value in resource.items() if key not in _WHERE_DATA_ARE + _WHAT_DATA_ARE}
    if is_remote(copy.get("schema")):
        copy["schema"] = {"fields": [{"name": "-"}]}  # a tabular profile demands one
    for key in ("dialect", "profile"):
        if is_remote(copy.get(key)):
            del copy[key]
    schema = copy.get("schema")
    fields = schema.get("fields") if isinstance(schema, Mapping) else None
    names = [str(f.get("name")) for f in fields if isinstance(f, Mapping)] if isinstance(fields, list) else []
    return copy | {"data": [names or ["-"]]}


def open_package(descriptor: Mapping[str, Any], folder: Path) -> frictionless.Package:
    """Raises ``FrictionlessException`` when the metadata are invalid, with the errors that frictionless reports.

    And ``ProfileTimeout`` when a profile of the descriptor's own takes too long.
    """
    check_profiles_end(descriptor, folder)
    return _open_package(descriptor, folder)


def try_package(descriptor: Mapping[str, Any], folder: Path) -> None:
    """``open_package`` in a process that can be killed; its outcome is found once more in ours."""
    with offline(), suppress(Exception):
        _open_package(descriptor, folder)


def _open_package(descriptor: Mapping[str, Any], folder: Path) -> frictionless.Package:
    import frictionless

    package = frictionless.Package.from_descriptor(dict(descriptor), basepath=str(folder))
    package.to_descriptor(validate=True)
    for resource in package.resources:
        detect_quickly(resource)
    return package


def drop_foreign_keys(resource: frictionless.Resource, *, to: Collection[str]) -> None:
    """Forget the keys that lead to tables set aside: against an empty table every row would break them."""
    keys = resource.schema.foreign_keys
    kept = [key for key in keys if key["reference"]["resource"] not in to]
    if len(kept) < len(keys):
        resource.schema.foreign_keys = kept


def is_table(resource: Mapping[str, Any], folder: Path) -> bool:
    """Whether frictionless takes the resource for a table. A GeoJSON file and plain JSON, for example, are none."""
    import frictionless
    from frictionless.resources import TableResource

    if any(is_remote(path) for path in paths_of(resource)):
        return False
    said = {key: resource[key] for key in _WHAT_MAKES_A_TABLE if key in resource}
    if resource.get("profile") == "tabular-data-resource":
        said["type"] = "table"  # as frictionless reads it, but without asking for the schema
    try:
        opened = frictionless.Resource.from_descriptor({**said, "name": "x"}, basepath=str(folder))
    except frictionless.FrictionlessException:
        return False
    return isinstance(opened, TableResource)
