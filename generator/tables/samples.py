"""What frictionless says of invented rows (``generator.samples``): of each cell while they are made, then of all."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Hashable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.tables.guard import PatternTimeout, guarded_reader
from generator.tables.validate import validate

if TYPE_CHECKING:
    import frictionless

_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
"""The version that is published; a table takes its package's."""
Reading = Callable[[str], tuple[bool, Hashable]]


class SampleJudge:
    """Bounded in time: a pattern that could run for long is not waited for; there is no value for its column then."""

    def __init__(self) -> None:
        self._last: tuple[Mapping[str, Any] | None, frictionless.Schema | None] = (None, None)

    def _schema(self, descriptor: Mapping[str, Any]) -> frictionless.Schema | None:
        """Asked for again and again for one table, and taken by the library in some milliseconds."""
        if self._last[0] is not descriptor:
            self._last = (descriptor, _schema(descriptor))
        return self._last[1]

    def readings(self, schema: Mapping[str, Any]) -> list[Reading] | None:
        made = self._schema(schema)
        try:
            return None if made is None else [_reading(field) for field in made.fields]
        except Exception:  # the library on a constraint that it cannot read
            return None

    def bound(self, schema: Mapping[str, Any], field: str, name: str) -> Any:
        made = self._schema(schema)
        found = made.get_field(field) if made else None
        value = found.constraints.get(name) if found else None
        return found.create_value_reader()(value) if found and value is not None else None

    def refused(self, tables: Mapping[str, tuple[Mapping[str, Any], bytes]]) -> Collection[str]:
        import frictionless

        with tempfile.TemporaryDirectory(prefix="kaishu-") as folder:
            resources = []
            for number, (name, (schema, content)) in enumerate(tables.items()):
                (Path(folder) / f"{number}.csv").write_bytes(content)
                table = {"type": "table", "path": f"{number}.csv", "encoding": "utf-8", "schema": schema}
                resources.append({"name": name, **table})
            try:
                descriptor = {"$schema": _PROFILE, "name": "x", "resources": resources}
                package = frictionless.Package.from_descriptor(descriptor, basepath=folder)
            except frictionless.FrictionlessException:
                return list(tables)
            return [r.name for r in package.resources if r.name and not _is_valid(r)]


def _is_valid(resource: frictionless.Resource) -> bool:
    import frictionless

    try:
        return validate(resource, hashes=()).valid
    except frictionless.FrictionlessException:
        return False


def _schema(descriptor: Mapping[str, Any]) -> frictionless.Schema | None:
    import frictionless

    try:
        return frictionless.Schema.from_descriptor(dict(descriptor))
    except Exception:  # what is refused, and what the library stumbles over
        return None


def _key(value: Any) -> Hashable:
    try:
        hash(value)
    except TypeError:
        return repr(value)
    key: Hashable = value
    return key


def _reading(field: frictionless.Field) -> Reading:
    read = guarded_reader(field, patience=0)

    def reading(text: str) -> tuple[bool, Hashable]:
        try:
            value, notes = read(text)
        except PatternTimeout:
            return False, None
        except Exception:  # of the library, on bounds that do not compare
            return False, None
        return not notes, _key(value)

    return reading
