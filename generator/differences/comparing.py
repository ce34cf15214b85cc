"""Two sides → ``Differences``. The tables of what is not open on both of them are never opened."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from generator import vocabularies
from generator.check.files import check_paths
from generator.check.limits import check_limits
from generator.clock import today as day_of_clock
from generator.compatibility import asks_for_version, compare_schemas, next_version, renamed_fields
from generator.config import Config, read_config
from generator.differences.rows import compared_rows, counted_rows
from generator.differences.sides import Side, opened_side
from generator.differences.values import (
    DatasetDifference,
    Differences,
    PropertyChange,
    ResourceDifference,
    RowChanges,
    State,
)
from generator.judge import UNSAFE
from generator.model import Package, listed_licenses, paths_of
from generator.names import own_name, resource_names
from generator.read.descriptor import read_descriptor
from generator.releases import RANKS
from generator.schema import plain_schema
from generator.terms import ACCESS
from generator.text import text_of

_LONGEST = 200
"""Characters of a property that are told."""
SAMPLES = 5
"""Rows of a kind that are shown."""


def diff(
    base: str | Path,
    head: str | Path | None = None,
    *,
    config: Config | None = None,
    today: datetime.date | None = None,
    only: Sequence[str] | None = None,
    samples: int = SAMPLES,
) -> Differences:
    """What changed from ``base`` to ``head``: each a folder, a published site or a git revision. Without a ``head``:
    to the datasets folder as it is. ``only``: names of datasets, or their folders.

    ``today`` decides about embargoes. Raises a ConfigError for what is neither folder nor revision.
    """
    config, today = config or read_config(), today or day_of_clock()
    with (
        opened_side(base, config, today) as before,
        opened_side(config.datasets if head is None else head, config, today) as after,
    ):
        pairs = [pair for pair in _pairs(before, after) if only is None or _is_meant(pair, only)]
        found = [_Comparison(before, after, today, samples).dataset(*pair) for pair in pairs]
    differing = [one for one in found if one.state != "same"]
    head_name = "" if head is None else str(head)
    return Differences(
        base=str(base),
        head=head_name,
        datasets=tuple(sorted(differing, key=lambda one: (-one.loss, not one.breaking, one.name))),
        compared=len(found),
        unreadable=tuple(sorted({*before.catalog.unreadable, *after.catalog.unreadable})),
    )


Pair = tuple[Package | None, Package | None]


def _pairs(before: Side, after: Side) -> Iterator[Pair]:
    """By name; of what is left, those that were renamed."""
    old, new = before.packages, after.packages
    renamed = _renamed(before, after)
    for name in sorted({*old, *new} - set(renamed.values())):
        now = new.get(renamed.get(name, name))
        if name not in old and name not in new:
            continue
        was = old.get(name)
        # A descriptor that cannot be read tells nothing: what it describes did not go.
        if (now is None and was and was.folder in after.catalog.unreadable) or (
            was is None and now and now.folder in before.catalog.unreadable
        ):
            continue
        yield was, now


def _renamed(before: Side, after: Side) -> dict[str, str]:
    """Former name → new one: as stated, else in the same folder, else with the same open files or the same title."""
    stated = {s.name: s.text("successor") for s in after.catalog.statements if s.what == "renamed" and not s.resource}
    gone = {name: package for name, package in before.packages.items() if name not in after.packages}
    come = {name: package for name, package in after.packages.items() if name not in before.packages}
    ways: tuple[Callable[[Side, Package], object], ...] = (
        lambda _, package: package.folder,
        _open_files,
        lambda _, package: (str(text_of(package.descriptor, "title")), *resource_names(package)),
    )
    found = {name: stated[name] for name in gone if stated.get(name) in come}
    for way in ways:
        left = [
            {n: p for n, p in side.items() if n not in taken} for side, taken in ((gone, found), (come, found.values()))
        ]
        found |= _only_pairs(
            *({n: way(side, p) for n, p in part.items()} for side, part in zip((before, after), left, strict=True))
        )
    return found


def _open_files(side: Side, package: Package) -> tuple[str, ...]:
    """What tells the contents of its open files apart."""
    open_ones = [each for each in package.resources if package.is_open(each)]
    contents = sorted(side.content(package, path) for each in open_ones for path in paths_of(each))
    return tuple(filter(None, contents))


def _only_pairs(old: Mapping[str, object], new: Mapping[str, object]) -> dict[str, str]:
    """Those that have the same mark, and no other on their side has it."""
    marks = [{mark: name for name, mark in side.items() if mark} for side in (old, new)]
    counts = [Counter(side.values()) for side in (old, new)]
    return {name: marks[1][mark] for mark, name in marks[0].items() if counts[0][mark] == 1 and counts[1][mark] == 1}


def _is_meant(pair: Pair, only: Sequence[str]) -> bool:
    return any(package and (own_name(package) in only or package.folder in only) for package in pair)


@dataclass(frozen=True, slots=True)
class _Comparison:
    before: Side
    after: Side
    today: datetime.date
    samples: int

    def dataset(self, was: Package | None, now: Package | None) -> DatasetDifference:
        package = now or was
        assert package
        title = str(text_of(package.descriptor, "title")) or own_name(package)
        if was is None or now is None:
            state: State = "added" if was is None else "removed"
            side = self.after if now else self.before
            resources = tuple(self._whole(side, package, each, state) for each in _resources(package))
            return DatasetDifference(own_name(package), title, package.folder, state, resources=resources)
        changes = tuple(_property_changes(was, now))
        parts = tuple(sorted(self._parts(was, now), key=lambda one: (-one.loss, not one.breaking, one.name)))
        made = DatasetDifference(
            own_name(now), title, now.folder, "changed" if changes or parts else "same", changes, parts,
            version_before=_version(was), version_after=_version(now),
        )  # fmt: skip
        if not made.breaking or not asks_for_version(_version(was), _version(now)):
            return made
        return replace(made, wants_version=next_version(_version(was)))

    def _whole(self, side: Side, package: Package, resource: _Named, state: State) -> ResourceDifference:
        """With the number of its rows, where it is open."""
        rows = None
        paths = paths_of(resource.values)
        here = package.is_open(resource.values) and paths and all(side.fetch(package, path) for path in paths)
        if here and resource.stated not in self._unsafe(side, package):
            rows = counted_rows(package, resource.stated, state)
        return ResourceDifference(resource.name, _title(resource), state, rows=rows)

    def _parts(self, was: Package, now: Package) -> Iterator[ResourceDifference]:
        old = {each.name: each for each in _resources(was)}
        new = {each.name: each for each in _resources(now)}
        renamed = self._renamed(was, old, now, new)
        for name in [*old, *(name for name in new if name not in old and name not in renamed.values())]:
            later = renamed.get(name, name)
            if later not in new:
                yield self._whole(self.before, was, old[name], "removed")
            elif name not in old:
                yield self._whole(self.after, now, new[name], "added")
            elif (found := self._resource(was, old[name], now, new[later])).state != "same":
                yield found

    def _renamed(
        self, was: Package, old: Mapping[str, _Named], now: Package, new: Mapping[str, _Named]
    ) -> dict[str, str]:
        """Former name → new one: of the same file, else of the same open content, else of the same title."""
        gone = {name: each for name, each in old.items() if name not in new}
        come = {name: each for name, each in new.items() if name not in old}
        ways: tuple[Callable[[Side, Package, _Named], object], ...] = (
            lambda _, __, each: tuple(paths_of(each.values)),
            _open_content,
            lambda _, __, each: str(text_of(each.values, "title")),
        )
        found: dict[str, str] = {}
        for way in ways:
            found |= _only_pairs(
                {name: way(self.before, was, each) for name, each in gone.items() if name not in found},
                {name: way(self.after, now, each) for name, each in come.items() if name not in found.values()},
            )
        return found

    def _resource(self, was: Package, old: _Named, now: Package, new: _Named) -> ResourceDifference:
        changes = tuple(_resource_changes(was, old, now, new))
        schemas = [plain_schema(_read_schema(p, r.values), r.name) for p, r in ((was, old), (now, new))]
        # A table without a schema is published with one: of texts alone.
        told = None not in schemas or not (_is_published(was) or _is_published(now))
        schema = compare_schemas(*schemas) if told else ()
        rows, unread = self._rows(was, old, now, new, schemas)
        rewritten = rows is not None and not (rows.same and (_is_published(was) or _is_published(now)))
        differs = bool(changes or schema or rewritten or unread)
        return ResourceDifference(
            new.name, _title(new), "changed" if differs else "same", changes, schema, rows, unread
        )

    def _rows(
        self, was: Package, old: _Named, now: Package, new: _Named, schemas: Sequence[Mapping[str, Any] | None]
    ) -> tuple[RowChanges | None, str]:
        """Or why they are not compared; neither, where the bytes are the same and read in the same way."""
        if not (was.is_open(old.values) and now.is_open(new.values)):
            return None, ""
        files = [
            [side.content(package, path) for path in paths_of(each.values)]
            for side, package, each in ((self.before, was, old), (self.after, now, new))
        ]
        if not all(files) or not all(all(each) for each in files):
            return None, "not-here" if files[0] != files[1] else ""
        if files[0] == files[1] and _how_read(old.values, schemas[0]) == _how_read(new.values, schemas[1]):
            return None, ""
        for side, package, each in ((self.before, was, old), (self.after, now, new)):
            for path in paths_of(each.values):
                side.fetch(package, path)
            if each.stated in self._unsafe(side, package):
                return None, "unreadable"
        renamed = renamed_fields(schemas[0], schemas[1]) if schemas[0] and schemas[1] else {}
        return compared_rows((was, old.stated), (now, new.stated), schemas, renamed, self.today, self.samples)

    def _unsafe(self, side: Side, package: Package) -> set[str]:
        """Resources that no reader is let near."""
        rules = (check_paths, check_limits)
        return {p.resource for rule in rules for p in rule(package, side.catalog, self.today) if p.name in UNSAFE}


@dataclass(frozen=True, slots=True)
class _Named:
    name: str
    """As in addresses."""
    values: Mapping[str, Any]

    @property
    def stated(self) -> str:
        return str(self.values.get("name") or "")


def _resources(package: Package) -> list[_Named]:
    """A dataset without any is published with one that says so."""
    found = [_Named(*pair) for pair in zip(resource_names(package), package.resources, strict=True)]
    is_note = _is_published(package) and [each.name for each in found] == ["entry"] and not paths_of(found[0].values)
    return [] if is_note else found


def _open_content(side: Side, package: Package, resource: _Named) -> tuple[str, ...]:
    if not package.is_open(resource.values):
        return ()
    contents = [side.content(package, path) for path in paths_of(resource.values)]
    return tuple(contents) if all(contents) else ()


def _is_published(package: Package) -> bool:
    return package.file.endswith(".json") and "$schema" in package.stated and "contributors" in package.stated


def _title(resource: _Named) -> str:
    return str(text_of(resource.values, "title")) or resource.name


def _version(package: Package) -> str:
    version = package.descriptor.get("version")
    return str(version) if isinstance(version, str | int | float) and not isinstance(version, bool) else ""


def _read_schema(package: Package, resource: Mapping[str, Any]) -> Any:
    """Also out of a file of its own."""
    schema = resource.get("schema")
    if not isinstance(schema, str):
        return schema
    file = package.path / schema
    try:
        inside = file.resolve().is_relative_to(package.path.resolve())
    except (OSError, ValueError):
        return None
    return read_descriptor(file, package.path)[0] if inside and file.is_file() else None


def _how_read(resource: Mapping[str, Any], schema: Mapping[str, Any] | None) -> Any:
    parts = {key: resource.get(key) for key in ("encoding", "dialect", "format", "compression", "innerpath")}
    return (
        parts,
        (schema or {}).get("missingValues"),
        [f.get("missingValues") for f in (schema or {}).get("fields", ())],
    )


# --- properties


def _property_changes(was: Package, now: Package) -> Iterator[PropertyChange]:
    if own_name(was) != own_name(now):
        yield PropertyChange("name", own_name(was), own_name(now), breaking=True)
    if not (_is_published(was) or _is_published(now)) and was.folder != now.folder:
        yield PropertyChange("folder", was.folder, now.folder)
    if not (_resources(was) or _resources(now)):
        yield from _openness(was.openness({}), now.openness({}))
    licences = [_licences(package) for package in (was, now)]
    if licences[0] != licences[1]:
        yield PropertyChange(
            "licenses", licences[0], licences[1], loss=_is_open_license(was) and not _is_open_license(now)
        )
    for key in ("title", "title_en", "description", "description_en", "version", "agency", "update_cycle", "theme"):
        old, new = _property(was, key), _property(now, key)
        if old != new:
            yield PropertyChange(key, _short(old), _short(new))
    yield from _terms(was.descriptor.get("access"), now.descriptor.get("access"))


def _openness(before: str, after: str) -> Iterator[PropertyChange]:
    if before != after:
        loss = RANKS.get(after, 0) > RANKS.get(before, 0)
        yield PropertyChange("openness", before, after, loss=loss, breaking=loss)


def _resource_changes(was: Package, old: _Named, now: Package, new: _Named) -> Iterator[PropertyChange]:
    if old.name != new.name:
        yield PropertyChange("name", old.name, new.name, breaking=True)  # its addresses change
    yield from _openness(was.openness(old.values), now.openness(new.values))
    titles = _title(old), _title(new)
    if titles[0] != titles[1]:
        yield PropertyChange("title", _short(titles[0]), _short(titles[1]))
    yield from _terms(old.values.get("access"), new.values.get("access"))


def _property(package: Package, key: str) -> str:
    if key == "agency":
        return package.agency
    if key == "version":
        return _version(package)
    value = package.descriptor.get(key)
    return value.strip() if isinstance(value, str) else ""


def _licences(package: Package) -> str:
    return ", ".join(filter(None, map(_licence, listed_licenses(package.descriptor))))


def _licence(entry: Mapping[str, Any]) -> str:
    name, url = (str(entry.get(key) or "") for key in ("name", "path"))
    known = vocabularies.find_license(name, url)
    return known.name if known else name or url or str(entry.get("title") or "")


def _is_open_license(package: Package) -> bool:
    found = [
        vocabularies.find_license(str(entry.get("name") or ""), str(entry.get("path") or ""))
        for entry in listed_licenses(package.descriptor)
    ]
    return bool(found) and all(each is not None and each.open for each in found)


def _terms(before: Any, after: Any) -> Iterator[PropertyChange]:
    """What is asked of applicants: the terms are public, be the data open or not."""
    old, new = (value if isinstance(value, Mapping) else {} for value in (before, after))
    for term in ACCESS:
        if term.public and term.name != "use":
            values = [_plain(values.get(term.name)) for values in (old, new)]
            if values[0] != values[1]:
                yield PropertyChange(f"access.{term.name}", _short(values[0]), _short(values[1]))


def _plain(value: Any) -> str:
    """One text and a list of one say the same."""
    if isinstance(value, list):
        return "; ".join(map(_plain, value))
    if isinstance(value, Mapping):
        return json.dumps({k: v for k, v in value.items() if v}, ensure_ascii=False, sort_keys=True, default=str)
    return str(value).strip() if value not in (None, "") else ""


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
