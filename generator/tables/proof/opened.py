"""A table that frictionless has opened once: it has decided encoding, dialect and fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any, Final

from generator.model import is_remote
from generator.tables.proof.cells import Column
from generator.tables.proof.dialect import Dialect
from generator.tables.proof.outcome import NotProved

_UNPACKED = (None, "", "gz", "zip")
_STREAMED: Final = frozenset(("dialect", "encoding", "escape", "quotes", "mark", "long-record"))
"""Where Arrow's reader may see other cells than frictionless's, which then gives the rows."""
_INTERNED: Final = frozenset(("key-form", "key-candidates", "key-collision"))
"""Where keys are to be compared as the values that frictionless reads."""


@dataclass(frozen=True, slots=True)
class Way:
    """How much work may be spent, and in which manner."""

    threads: int
    size: int
    """Bytes of a piece."""
    hashes: frozenset[str]
    limit: int
    """Of errors; 0 for none."""
    streams: bool = False
    """Frictionless gives the rows, and only their cells are judged here."""
    interns: bool = False
    """Keys are compared as Python compares what frictionless reads: for kinds that Arrow compares otherwise."""

    def after(self, told: NotProved) -> Way | None:
        """Another way for a table that was not proved on this one."""
        if told.reason in _STREAMED and not self.streams:
            return replace(self, streams=True)
        if told.reason in _INTERNED and not self.interns:
            return replace(self, interns=True)
        return None


@dataclass(frozen=True, slots=True)
class Table:
    resource: Any
    """A closed copy without foreign keys."""
    foreign_keys: Sequence[Mapping[str, Any]]
    columns: tuple[Column, ...]
    dialect: Dialect | None
    """None: its rows are streamed by frictionless."""
    skip: int
    """Records before the content."""

    def column(self, name: str) -> Column:
        found = next((column for column in self.columns if column.name == name), None)
        if found is None:
            raise NotProved("key-form")
        return found

    def again(self) -> Table:
        """For another pass that is to leave the stats of this one as they are."""
        return replace(self, resource=self.resource.to_copy())


def open_table(resource: Any, way: Way) -> Table:
    import frictionless
    from frictionless.resources import TableResource

    if frictionless.system.onerror != "ignore":
        raise NotProved("onerror")
    local = resource.path is not None and not any(map(is_remote, (resource.path, *resource.extrapaths)))
    if not isinstance(resource, TableResource) or resource.format not in ("csv", "tsv") or not local:
        raise NotProved("format")
    if resource.scheme not in ("file", "multipart") or not resource.closed or resource.compression not in _UNPACKED:
        raise NotProved("format")
    try:
        resource.to_descriptor(validate=True)
    except frictionless.FrictionlessException as error:
        raise NotProved("metadata") from error
    try:
        copy = resource.to_copy()
        foreign_keys = copy.schema.foreign_keys
        if foreign_keys:
            copy.schema.foreign_keys = []  # frictionless would read the other tables
        with closing(copy.open()):  # type: ignore[no-untyped-call]  # frictionless's own
            fields = copy.header.get_expected_fields()
    except Exception as error:  # of frictionless, on this table: its own run will show it
        raise NotProved("unreadable") from error
    if not fields or len({field.name for field in fields}) < len(fields):
        raise NotProved("header")
    columns = tuple(Column.of(field) for field in fields)
    first = copy.dialect.create_first_content_row()  # type: ignore[no-untyped-call]  # likewise
    dialect = None if way.streams else Dialect.of(copy)
    return Table(copy, foreign_keys, columns, dialect, first - 1)


def checksum_of(resource: Any) -> tuple[str, ...]:
    """The algorithm of the checksum that the descriptor states, which is needed to compare it."""
    from frictionless import helpers

    if not resource.hash:
        return ()
    algorithm, _ = helpers.parse_resource_hash_v1(resource.hash)
    if algorithm not in ("md5", "sha256"):
        raise NotProved("metadata")  # frictionless warns
    return (algorithm,)
