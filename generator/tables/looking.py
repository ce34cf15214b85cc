"""Looks at a valid table for what its author is to be advised of, without writing anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from generator.tables.facts import Facts, Kept
from generator.tables.formulas import TEXT_TYPES, Formulas, and_more
from generator.tables.typed import Form, form_of

if TYPE_CHECKING:
    from generator.tables.proof.cells import Judged
    from generator.tables.proof.opened import Table
    from generator.tables.proof.text import Texts


@dataclass(frozen=True, slots=True)
class Seen:
    fields: Sequence[Any]
    """The ``frictionless.Field``s."""
    formulas: Sequence[Formulas | None]
    """By column: cells that a spreadsheet would run."""
    kept: Sequence[Kept | None]
    """By column: why it is text in Parquet though it was declared as something else."""


@dataclass(frozen=True, slots=True)
class _Examined:
    present: Sequence[pa.Array]
    facts: Sequence[Facts]


class Looking:
    """A sink of ``proof.accept``."""

    def __init__(self) -> None:
        self._fields: Sequence[Any] = ()
        self._forms: list[Form] = []
        self._facts: list[Facts] = []
        self._formulas: list[Formulas | None] = []
        self._rows = 0
        self._is_whole = False

    def begin(self, table: Table) -> None:
        self.begin_with([column.field for column in table.columns])

    def begin_with(self, fields: Sequence[Any]) -> None:
        self._fields = fields
        self._forms = [form_of(field) for field in fields]
        self._facts = [Facts() for _ in fields]
        self._formulas = [None for _ in fields]
        self._rows = 0
        self._is_whole = False

    def receive(self, data: memoryview) -> None:
        """Nothing is made of the bytes."""

    def examine(self, texts: Texts, judged: Sequence[Judged]) -> _Examined | None:
        if texts.odd:
            return None  # the table is not valid
        return self.look([one.present for one in judged], [one.values if one.plain else None for one in judged])

    def look(self, present: Sequence[pa.Array], values: Sequence[pa.Array | None]) -> _Examined:
        known = zip(self._forms, present, values, list(self._facts), strict=True)
        facts = [Facts() if facts.odd else form.examine(text, value, facts)[0] for form, text, value, facts in known]
        return _Examined(present, facts)

    def add(self, examined: _Examined | None) -> None:
        if examined is None:
            return
        for column, (text, facts) in enumerate(zip(examined.present, examined.facts, strict=True)):
            self._facts[column] = self._facts[column].join(facts.after(self._rows))
            if self._fields[column].type in TEXT_TYPES:
                self._formulas[column] = and_more(self._formulas[column], text, self._rows)
        self._rows += len(examined.present[0])

    def seen(self) -> Seen | None:
        """None: it was not given the whole table."""
        if not self._is_whole:
            return None
        plans = [form.plan(facts, long=False) for form, facts in zip(self._forms, self._facts, strict=True)]
        return Seen(tuple(self._fields), tuple(self._formulas), tuple(plan.kept for plan in plans))

    def finish(self) -> bool:
        self._is_whole = True
        return True

    def discard(self) -> None:
        """Nothing is held that would have to be given back."""
