"""Read a table as columns of text: what the canonical CSV holds and what Parquet values are made from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from generator.tables.plain_text import plain_text

_BATCH = 20_000


@dataclass(frozen=True, slots=True)
class Column:
    field: Any
    """The ``frictionless.Field`` of the published schema."""
    text: pa.ChunkedArray
    """One string for each row, never null: a missing value keeps the text that it has in the source."""
    cells: Sequence[Any] | None
    """The cells before they became text, where the source has types of its own (a spreadsheet, JSON)."""
    missing: tuple[str, ...]

    @property
    def name(self) -> str:
        return str(self.field.name)


@dataclass(frozen=True, slots=True)
class Columns:
    columns: tuple[Column, ...]
    rows: int

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def batches(self) -> Iterator[list[list[str]]]:
        """The text by rows, a batch at a time."""
        for start in range(0, self.rows, _BATCH):
            parts = [column.text.slice(start, _BATCH).to_pylist() for column in self.columns]
            yield [list(row) for row in zip(*parts, strict=True)]

    def head(self, rows: int) -> tuple[tuple[str | None, ...], ...]:
        """The first rows; None for a missing value."""
        parts = [
            [None if value in column.missing else value for value in column.text.slice(0, rows).to_pylist()]
            for column in self.columns
        ]
        return tuple(zip(*parts, strict=True))


def read_columns(resource: Any) -> Columns:
    """The cells of an open ``frictionless.TableResource`` as frictionless reads them, without reading their values."""
    fields = resource.header.get_expected_fields()
    chunks: list[list[pa.Array]] = [[] for _ in fields]
    native: list[list[Any]] | None = None if resource.format in ("csv", "tsv") else [[] for _ in fields]
    missing = [_missing_values(field, resource.schema) for field in fields]
    content = (cells for _, cells in resource.dialect.read_enumerated_content_stream(resource.cell_stream))
    count = 0
    while batch := list(islice(content, _BATCH)):
        count += len(batch)
        for i, cells in enumerate(zip(*batch, strict=True)):
            if native is None:
                chunks[i].append(pa.array(cells, pa.string()))
            else:
                native[i].extend(cells)
                texts = [plain_text(cell, fields[i], missing[i]) for cell in cells]
                chunks[i].append(pa.array(texts, pa.string()))
    return Columns(
        tuple(
            Column(field, pa.chunked_array(chunks[i], pa.string()), native[i] if native else None, missing[i])
            for i, field in enumerate(fields)
        ),
        count,
    )


def _missing_values(field: Any, schema: Any) -> tuple[str, ...]:
    own = field.has_defined("missing_values")
    return tuple(field.missing_values if own else schema.missing_values)


def is_missing(column: Column) -> pa.ChunkedArray:
    return pc.is_in(column.text, value_set=pa.array(column.missing, pa.string()))
