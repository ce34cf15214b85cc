"""Read a table as pieces of text: what the canonical CSV holds and what Parquet values are made from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pyarrow as pa

from generator.tables.plain_text import plain_text

ROWS = 20_000
_CELLS = 400_000


@dataclass(frozen=True, slots=True)
class TextPiece:
    """Some rows, by column."""

    texts: tuple[pa.StringArray, ...]
    """Never null: a missing value keeps the text that it has in the source."""
    present: tuple[pa.StringArray, ...]
    """The same, but null where the value is missing."""

    def __len__(self) -> int:
        return len(self.texts[0])

    def rows(self) -> list[list[str]]:
        return [list(row) for row in zip(*(text.to_pylist() for text in self.texts), strict=True)]

    def head(self, count: int) -> list[tuple[str | None, ...]]:
        """The first rows; None for a missing value."""
        return list(zip(*(text.slice(0, count).to_pylist() for text in self.present), strict=True))


def read_pieces(resource: Any, *, rows: int = ROWS, uneven: bool = False) -> Iterator[TextPiece]:
    """The cells of an open ``frictionless.TableResource`` as frictionless reads them, without reading their values.

    Cells that are no text in the source (a spreadsheet, JSON) become text on the way, piece by piece. ``uneven`` for a
    table that may be invalid: rows are cut, or filled with missing values.
    """
    fields = resource.header.get_expected_fields()
    missing = [missing_values(field, resource.schema) for field in fields]
    native = resource.format not in ("csv", "tsv")
    content = (cells for _, cells in resource.dialect.read_enumerated_content_stream(resource.cell_stream))
    while batch := list(islice(content, min(rows, max(1, _CELLS // max(len(fields), 1))))):
        if uneven:
            batch = [[*row, *[None] * (len(fields) - len(row))][: len(fields)] for row in batch]
        columns = list(zip(*batch, strict=True))
        yield TextPiece(*zip(*map(_column, columns, fields, missing, [native] * len(fields)), strict=True))


def _column(
    cells: Sequence[Any], field: Any, missing: tuple[str, ...], native: bool
) -> tuple[pa.StringArray, pa.StringArray]:
    texts = [plain_text(cell, field, missing) for cell in cells] if native else cells
    absent = frozenset(missing)
    written = pa.array(texts, pa.string())
    if not any(cell is None or str(cell) in absent for cell in cells):
        return written, written
    present = [None if cell is None or str(cell) in absent else text for cell, text in zip(cells, texts, strict=True)]
    return written, pa.array(present, pa.string())


def missing_values(field: Any, schema: Any) -> tuple[str, ...]:
    """The texts that stand for a missing value in a field: its own, or the schema's."""
    own = field.has_defined("missing_values")
    return tuple(field.missing_values if own else schema.missing_values)
