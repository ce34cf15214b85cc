"""One Parquet file that pyarrow, DuckDB, polars, pandas and hyparquet read alike, and a browser reads in parts.

Written in one pass over the table, piece by piece, in bounded memory. The types of the columns are planned from the
first row group and held against every later cell. Where one does not fit, writing stops, the rest of the pass only
collects facts, and a second pass writes by the plan that they make. So the file depends on the data alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from generator import public
from generator.tables import encodings, stored
from generator.tables.facts import TEXT, ColumnPlan, Facts, Kept
from generator.tables.plain_forms import Ints
from generator.tables.typed import Form, Texts, form_of
from generator.text import text_properties

ROW_GROUP = 100_000
_GROUP_BYTES = 64 << 20
"""Of text: a table of many or long columns has fewer rows in a row group, so that the memory stays bounded."""

Text: TypeAlias = "pa.StringArray | pa.DictionaryArray"


@dataclass(frozen=True, slots=True)
class Plan:
    columns: tuple[ColumnPlan, ...]
    facts: tuple[Facts, ...]
    long: bool
    """More than one row group."""


@dataclass(frozen=True, slots=True)
class Written:
    fits: bool
    """False: there is no file, and one more pass with this plan writes it."""
    rows: int
    plan: Plan

    @property
    def arrow_types(self) -> tuple[str, ...]:
        return tuple(str(column.type) for column in self.plan.columns)

    @property
    def kept(self) -> tuple[Kept | None, ...]:
        """Why a column is text though it was declared as something else; by column."""
        return tuple(column.kept for column in self.plan.columns)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows, looked at: facts, whose rows count from the piece's first, and values as far as they are known."""

    texts: Sequence[Text]
    values: Sequence[pa.Array | None]
    facts: Sequence[Facts]

    def __len__(self) -> int:
        return len(self.texts[0]) if self.texts else 0


class ParquetFile:
    """``with ParquetFile(…) as file: file.add(…); …; written = file.close()``. Without ``close`` nothing is left.

    ``fields`` are the ``frictionless.Field`` of the columns, ``schema`` what is published of them.
    """

    def __init__(
        self,
        path: Path,
        fields: Sequence[Any],
        schema: public.Schema,
        *,
        metadata: Mapping[str, str],
        plan: Plan | None = None,
        watch: Callable[[Sequence[Sequence[pa.Array]]], None] | None = None,
    ) -> None:
        """``watch`` is given the columns of each row group, in parts, in the types of the file."""
        self._watch = watch
        self._path, self._schema, self._metadata = path, schema, dict(metadata)
        self._temporary = path.with_name(f".{path.name}.part")
        self._forms: tuple[Form, ...] = tuple(form_of(field) for field in fields)
        self._must = [_must(field, schema) for field in schema.fields]
        self._plan = plan
        self._facts = plan.facts if plan else (Facts(),) * len(fields)
        self._group: list[tuple[Sequence[Text], Sequence[pa.Array | None]]] = []
        self._group_rows = self._group_bytes = self._rows = 0
        self._writer: pq.ParquetWriter | None = None
        self._fits = True

    def __enter__(self) -> ParquetFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._discard()

    def examine(self, texts: Sequence[Text], values: Sequence[pa.Array | None]) -> Piece:
        """The part of the work that needs no order: pieces may be examined in several threads.

        ``texts`` by column, null where a value is missing; ``values`` what a check has already read of a column, where
        all of it is of the plainest form of its type (int64, float64, date32, timestamp without a zone, bool).
        """
        plain = [
            text if isinstance(form, Texts) else stored.as_text(text)
            for form, text in zip(self._forms, texts, strict=True)
        ]
        found = [
            (Facts(), None) if known.odd else form.examine(text, value, known)
            for form, text, value, known in zip(self._forms, plain, values, self._facts, strict=True)
        ]
        facts = [replace(one, nulls=bool(text.null_count)) for (one, _), text in zip(found, plain, strict=True)]
        return Piece(plain, [value for _, value in found], facts)

    def add(self, texts: Sequence[Text], values: Sequence[pa.Array | None]) -> None:
        """The next rows."""
        self.add_piece(self.examine(texts, values))

    def add_piece(self, piece: Piece) -> None:
        """In the order of the rows."""
        new = zip(self._facts, piece.facts, strict=True)
        self._facts = tuple(known.join(facts.after(self._rows)) for known, facts in new)
        self._rows += len(piece)
        if self._fits and self._plan and not _same(self._plan, self._planned(long=self._plan.long)):
            self._give_up()
        if self._fits:
            for start, rows, size in self._parts(piece):
                self._keep(piece, start, rows, size)

    def close(self) -> Written:
        """Ends the file and puts it in its place, if all cells fitted."""
        plan = self._planned(long=self._plan is not None and self._plan.long)
        if self._fits:
            self._plan = plan
            if self._group or not self._writer:
                self._flush()
            assert self._writer
            self._writer.close()
            self._writer = None
            self._temporary.replace(self._path)
        return Written(self._fits, self._rows, plan)

    def _planned(self, *, long: bool) -> Plan:
        columns = tuple(
            replace(form.plan(facts, long=long), nullable=facts.nulls or not must)
            for form, facts, must in zip(self._forms, self._facts, self._must, strict=True)
        )
        return Plan(columns, self._facts, long)

    def _parts(self, piece: Piece) -> Iterator[tuple[int, int, int]]:
        """Start, rows and bytes of the parts of the piece that fall into one row group each.

        A group is written when it is known that another row follows it, before the part of the next one comes.
        """
        sizes: Ints | None = None
        start, rest = 0, _size(piece.texts)
        while start < len(piece):
            rows = min(len(piece) - start, ROW_GROUP - self._group_rows)
            size = rest
            if self._group_bytes + rest <= _GROUP_BYTES:
                if 0 < rows < len(piece) - start:
                    size = _size([text.slice(start, rows) for text in piece.texts])
            else:
                sizes = _row_sizes(piece.texts) if sizes is None else sizes
                sums = np.cumsum(sizes[start : start + rows])
                rows = int(np.searchsorted(sums, _GROUP_BYTES - self._group_bytes, side="right"))
                rows = max(rows, int(not self._group_rows))
                size = int(sums[rows - 1]) if rows else 0
            if not rows:
                self._plan = self._plan or self._planned(long=True)
                self._flush()
                continue
            yield start, rows, size
            start, rest = start + rows, rest - size

    def _keep(self, piece: Piece, start: int, rows: int, size: int) -> None:
        texts = [text.slice(start, rows) for text in piece.texts]
        values = [value if value is None else value.slice(start, rows) for value in piece.values]
        if self._plan:
            values = self._in_type(texts, values, self._plan)
            texts = []
        self._group.append((texts, values))
        self._group_rows += rows
        self._group_bytes += size

    def _in_type(self, texts: Sequence[Text], values: Sequence[pa.Array | None], plan: Plan) -> list[pa.Array]:
        return [
            _in_type(form, text, value, column.type)
            for form, text, value, column in zip(self._forms, texts, values, plan.columns, strict=True)
        ]

    def _flush(self) -> None:
        assert self._plan
        parts = [self._in_type(texts, values, self._plan) if texts else values for texts, values in self._group]
        columns = list(zip(*parts, strict=True)) or [(pa.array([], plan.type),) for plan in self._plan.columns]
        if not self._writer:
            self._open([_one(parts) for parts in columns])
        assert self._writer
        schema = self._writer.schema
        handed = [stored.column(parts, kind) for parts, kind in zip(columns, schema.types, strict=True)]
        if self._watch and self._group_rows:
            self._watch([column.chunks for column in handed])
        self._writer.write_table(pa.Table.from_arrays(handed, schema=schema), max(self._group_rows, 1))
        self._group, self._group_rows, self._group_bytes = [], 0, 0

    def _open(self, arrays: Sequence[pa.Array]) -> None:
        """Decide the form of storage by the first row group, and begin the file."""
        assert self._plan
        fields = [_field(*pair) for pair in zip(self._schema.fields, self._plan.columns, strict=True)]
        columns = {field.name: array for field, array in zip(fields, arrays, strict=True)}
        few = [name for name, array in columns.items() if encodings.has_few_values(array)]
        encoded = {name: encodings.encoding(array) for name, array in columns.items() if name not in few}
        compression = {
            name: self._compression(array, is_few=name in few, encoding=encoded.get(name))
            for name, array in columns.items()
        }
        kinds = [stored.handed(field.type, is_few=field.name in few) for field in fields]
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._writer = pq.ParquetWriter(
            self._temporary,
            pa.schema([field.with_type(kind) for field, kind in zip(fields, kinds, strict=True)]),
            compression=compression,
            compression_level={name: 1 for name, kind in compression.items() if kind == "zstd"} or None,
            use_dictionary=few,
            column_encoding=encoded or None,
            write_statistics=[name for name, array in columns.items() if encodings.needs_bounds(array)],
            write_page_index=True,
            store_decimal_as_integer=True,
            store_schema=False,
            **encodings.small_pages(),
        )
        self._writer.add_key_value_metadata(
            self._metadata | stored.arrow_schema(pa.schema(fields, metadata=self._metadata))
        )

    def _compression(self, array: pa.Array, *, is_few: bool, encoding: str | None) -> str:
        """Tried for long tables only: of short ones nobody minds the bytes, and the trial takes longer."""
        assert self._plan
        options = {"use_dictionary": is_few, "column_encoding": {"column": encoding} if encoding else None}
        if self._plan.long and not encodings.is_compressible(array, options | {"store_decimal_as_integer": True}):
            return "none"
        return "zstd"

    def _give_up(self) -> None:
        self._fits = False
        self._group = []
        self._discard()

    def _discard(self) -> None:
        if self._writer:
            self._writer.close()
            self._writer = None
        self._temporary.unlink(missing_ok=True)


def _same(plan: Plan, other: Plan) -> bool:
    """As far as the file shows it."""

    def shown(column: ColumnPlan) -> tuple[Any, ...]:
        return column.type, column.nullable, column.kept and column.kept.reason

    return [shown(column) for column in plan.columns] == [shown(column) for column in other.columns]


def _in_type(form: Form, text: Text, value: pa.Array | None, kind: pa.DataType) -> pa.Array:
    if kind == TEXT:
        return text
    narrow = stored.narrow(kind)
    if value is not None and value.type == narrow:
        return value
    if text.null_count == len(text):
        return pa.nulls(len(text), narrow)
    if value is not None and pa.types.is_decimal(kind) and not pa.types.is_floating(value.type):
        return value.cast(narrow)
    return form.convert(text, kind).cast(narrow)


def _one(parts: Sequence[pa.Array]) -> pa.Array:
    """One array of one buffer: pages must not depend on how the parts came."""
    return pa.concat_arrays([stored.as_text(part) for part in parts])


def _size(texts: Sequence[Text]) -> int:
    return sum(map(_bytes, texts))


def _bytes(text: Text) -> int:
    if text.null_count or not len(text) or pa.types.is_dictionary(text.type):
        return pc.sum(_lengths(text)).as_py() or 0
    bounds = np.frombuffer(text.buffers()[1], np.int32, len(text) + 1, text.offset * 4)
    return int(bounds[-1] - bounds[0])


def _row_sizes(texts: Sequence[Text]) -> Ints:
    """Bytes of text in each row."""
    lengths = [pc.fill_null(_lengths(text), 0).to_numpy(zero_copy_only=False).astype(np.int64) for text in texts]
    return np.asarray(sum(lengths, start=np.zeros(len(texts[0]), np.int64)))


def _lengths(text: Text) -> pa.Array:
    if pa.types.is_dictionary(text.type):
        return pc.binary_length(text.dictionary).take(text.indices)
    return pc.binary_length(text)


def _must(field: public.Field, schema: public.Schema) -> bool:
    """Whether the field is to have a value in every row.

    A composite primary key may have nulls in some of its parts, as frictionless judges: the column is nullable then.
    """
    return bool(field.constraints.get("required")) or field.name in schema.primary_key


def _field(field: public.Field, plan: ColumnPlan) -> pa.Field:
    said = {
        **text_properties("title", field.title),
        **text_properties("description", field.description),
        "unit": field.unit,
        "type": field.type,
        "format": field.format,
    }
    if plan.kept:
        said |= {"kaishu:type": field.type, "kaishu:kept-as-text": plan.kept.reason}
    metadata = {key: value for key, value in said.items() if value}
    return pa.field(field.name, plan.type, nullable=plan.nullable, metadata=metadata)
