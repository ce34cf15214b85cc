"""Packages with remote paths, as the step before gives them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generator.config import Remote
from generator.model import Package
from generator.problems import Problem
from generator.remote import Fetched, fetch
from tests.remote.servers import TABLE, Server, sha256

FIELDS = [{"name": "id", "type": "integer"}, {"name": "name"}]


def package(*resources: Mapping[str, Any], path: Path = Path("/nowhere"), **properties: Any) -> Package:
    descriptor = {"name": "parks", "openness": "unconditional", "resources": list(resources), **properties}
    return Package("culture/parks", path, "culture/parks/datapackage.yaml", descriptor, descriptor, "culture")


def resource(path: str | list[str], **properties: Any) -> dict[str, Any]:
    given = {"name": "parks", "path": path, "hash": sha256(TABLE), "schema": {"fields": FIELDS}, **properties}
    return {key: value for key, value in given.items() if value is not None}


def allowing(cache: Path, *servers: Server, **limits: Any) -> Remote:
    return Remote(hosts=frozenset(server.host for server in servers), cache=cache, **{"max_seconds": 5, **limits})


def fetched(remote: Remote, *resources: Mapping[str, Any], **properties: Any) -> Fetched:
    return fetch([package(*resources, **properties)], remote).get("culture/parks", Fetched())


def refused(remote: Remote, *resources: Mapping[str, Any]) -> Problem:
    """The one problem that there is, and nothing fetched."""
    found = fetched(remote, *resources)
    assert not found.files
    (problem,) = found.problems
    return problem
