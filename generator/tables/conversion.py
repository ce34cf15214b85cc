"""What is made of a table in the pass that judges it: Parquet, canonical CSV, statistics and the first rows."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from generator import public
from generator.tables.csv_file import Copy, CsvFile, csv_bytes, has_canonical_header
from generator.tables.formulas import TEXT_TYPES, Formulas, and_more
from generator.tables.looking import Seen
from generator.tables.parquet import ParquetFile, Piece, Plan, Written
from generator.tables.proof.cells import Judged
from generator.tables.proof.opened import Table
from generator.tables.proof.text import Texts
from generator.tables.published_schema import file_metadata, public_schema
from generator.tables.statistics import TableStatistics
from generator.text import Text

_WAITING = 1
"""Pieces of work that a thread may be behind: more would no longer be in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where the files of one table go, and how its schema is published."""

    target: Path
    stem: str
    text: Callable[[Mapping[str, Any], str], Text]
    """``text(field, "title")`` makes a text in both languages out of a field's descriptor."""
    preview_rows: int = 20
    geoparquet: bool = False
    hands_on: bool = False
    """A source that is canonical is not copied: it is ``Made.csv`` itself, for whoever copies it later anyway."""
    about: Mapping[str, Any] = field(default_factory=dict)
    """What is published of the resource, for the Parquet file; its schema is added."""

    @property
    def csv(self) -> Path:
        return self.target / f"{self.stem}.csv"

    @property
    def parquet(self) -> Path:
        return self.target / f"{self.stem}.parquet"


@dataclass(frozen=True, slots=True)
class Made:
    csv: Path
    """The source itself, where that is wanted and canonical."""
    fields: tuple[Any, ...]
    """The ``frictionless.Field``s."""
    schema: public.Schema
    written: Written
    head: tuple[tuple[str | None, ...], ...]
    statistics: tuple[public.ColumnStatistics, ...]
    formulas: tuple[Formulas | None, ...]


class Files:
    """The files of one pass, from pieces in the order of the rows. Without ``close`` nothing is left of them."""

    def __init__(
        self,
        wanted: Wanted,
        fields: Sequence[Any],
        schema: public.Schema,
        *,
        csv: CsvFile | Copy | None,
        plan: Plan | None,
    ) -> None:
        """``csv`` is a copy, or none, where the source is published as it is, so far as is known."""
        wanted.target.mkdir(parents=True, exist_ok=True)
        self._wanted, self._fields, self._schema = wanted, tuple(fields), schema
        self._csv = csv
        self._statistics = TableStatistics(fields, key=schema.primary_key)
        self._writing, self._counting = Line(), Line()
        metadata = file_metadata(schema, wanted.about)
        self.parquet = ParquetFile(wanted.parquet, fields, schema, metadata=metadata, plan=plan, watch=self._count)
        self._texts = [number for number, field in enumerate(fields) if field.type in TEXT_TYPES]
        self._formulas: list[Formulas | None] = [None] * len(fields)
        self._head: list[tuple[str | None, ...]] = []
        self._rows = 0

    def receive(self, data: memoryview) -> None:
        if isinstance(self._csv, Copy):
            self._csv.add(data)

    def add(self, piece: Piece, present: Sequence[pa.Array], rows: Any) -> None:
        """``rows``: what goes into the CSV, if that is written."""
        if len(self._head) < self._wanted.preview_rows:
            left = self._wanted.preview_rows - len(self._head)
            self._head += zip(*(text.slice(0, left).to_pylist() for text in present), strict=True)
        self._writing.put(self.parquet.add_piece, piece)
        if isinstance(self._csv, CsvFile):
            self._writing.put(self._csv.add_bytes, rows)
        for column in self._texts:
            self._formulas[column] = and_more(self._formulas[column], present[column], self._rows)
        self._rows += len(piece)

    def _count(self, columns: Sequence[Sequence[pa.Array]]) -> None:
        self._counting.put(self._add_to_statistics, columns)

    def _add_to_statistics(self, columns: Sequence[Sequence[pa.Array]]) -> None:
        for statistics, parts in zip(self._statistics.columns, columns, strict=True):
            for part in parts:
                statistics.add(part, part)

    @property
    def writes_csv(self) -> bool:
        return isinstance(self._csv, CsvFile)

    def without_copy(self) -> None:
        """The source turned out to be another than is published."""
        if isinstance(self._csv, Copy):
            self._csv.__exit__(None, None, None)
            self._csv = None

    def close(self) -> Made:
        self._writing.end()
        written = self.parquet.close()
        self._counting.end()
        if self._csv:
            if written.fits:
                self._csv.close()
            else:
                self._csv.__exit__(None, None, None)
        kinds = zip(self._schema.fields, written.arrow_types, strict=True)
        schema = replace(self._schema, fields=tuple(replace(field, arrow_type=kind) for field, kind in kinds))
        statistics = self._statistics.result()
        return Made(
            self._wanted.csv, self._fields, schema, written, tuple(self._head), statistics, tuple(self._formulas)
        )

    def discard(self) -> None:
        self._writing.drop()
        self._counting.drop()
        try:
            self.parquet.__exit__(None, None, None)
        finally:
            if self._csv:
                self._csv.__exit__(None, None, None)


@dataclass(frozen=True, slots=True)
class Source:
    """A file, and what would tell that it was changed."""

    path: Path
    state: tuple[int, int, int]

    @classmethod
    def of(cls, path: Path) -> Source:
        about = path.stat()
        return cls(path, (about.st_ino, about.st_size, about.st_mtime_ns))

    def is_unchanged(self) -> bool:
        return self == Source.of(self.path)


class Line:
    """One thread that does its work in order, and is never far behind."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1)
        self._waiting: deque[Future[None]] = deque()

    def put(self, work: Callable[..., None], *given: Any) -> None:
        """Raises what earlier work has raised."""
        self._waiting.append(self._pool.submit(work, *given))
        while len(self._waiting) > _WAITING:
            self._waiting.popleft().result()

    def end(self) -> None:
        try:
            while self._waiting:
                self._waiting.popleft().result()
        finally:
            self.drop()

    def drop(self) -> None:
        self._pool.shutdown(cancel_futures=True)


@dataclass(frozen=True, slots=True)
class _Examined:
    piece: Piece
    present: Sequence[pa.Array]
    rows: Any
    canonical: bool


class Conversion:
    """A sink of ``proof.accept``. ``finish`` tells whether the files are whole; if not, one more pass makes them."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.foreign_keys: Sequence[Mapping[str, Any]] = ()
        """As published, whichever are judged."""
        self.made: Made | None = None
        """Of the last pass that was finished."""
        self._files: Files | None = None
        self._plan: Plan | None = None
        self._is_canonical: bool | None = None
        """Whether the source's bytes are published as they are. None: not looked at yet."""
        self._source: Source | None = None
        """That is handed on."""

    def begin(self, table: Table) -> None:
        source = _plain_source(table)
        is_told = source is not None and _is_looked_at(table)
        if self._is_canonical is None or not is_told:
            self._is_canonical = is_told
        fields = [column.field for column in table.columns]
        hands_on = source is not None and self._is_canonical and self.wanted.hands_on
        self._source = Source.of(source) if source and hands_on else None
        found_out = None if is_told else source
        self._open(table.resource, fields, writes=not self._is_canonical, source=found_out)

    def open(self, resource: Any, fields: Sequence[Any], *, source: Path | None) -> None:
        """For a pass that frictionless makes. A canonical ``source`` is found out at its end."""
        self._is_canonical, self._source = False, None
        self._open(resource, fields, writes=True, source=source)

    def _open(self, resource: Any, fields: Sequence[Any], *, writes: bool, source: Path | None) -> None:
        self.discard()
        schema = public_schema(resource.schema, fields, self.foreign_keys, self.wanted.text)
        names = [field.name for field in fields]
        csv: CsvFile | Copy | None = None
        if not self._source:
            csv = CsvFile(self.wanted.csv, names, source=source) if writes else Copy(self.wanted.csv)
        self._files = Files(self.wanted, fields, schema, csv=csv, plan=self._plan)

    def receive(self, data: memoryview) -> None:
        if self._files:
            self._files.receive(data)

    def examine(self, texts: Texts, judged: Sequence[Judged]) -> _Examined | None:
        if texts.odd or not self._files:
            return None  # the table is not valid
        present = [one.present for one in judged]
        piece = self._files.parquet.examine(present, [one.values if one.plain else None for one in judged])
        rows = csv_bytes(texts.columns) if self._files.writes_csv else None
        return _Examined(piece, present, rows, texts.canonical)

    def add(self, examined: _Examined | None) -> None:
        if examined and self._files:
            self._files.add(examined.piece, examined.present, examined.rows)
            self._is_canonical = self._is_canonical and examined.canonical
            if not self._is_canonical:
                self._files.without_copy()

    def add_texts(self, texts: Sequence[pa.StringArray], present: Sequence[pa.StringArray]) -> None:
        """``present`` is null where a value is missing, which ``texts`` never are."""
        assert self._files
        piece = self._files.parquet.examine(present, [None] * len(present))
        self._files.add(piece, present, csv_bytes(texts))

    def finish(self) -> bool:
        try:
            return self._finish()
        except BaseException:
            for file in (self.wanted.csv, self.wanted.parquet):  # one may be in its place while the other is not
                file.unlink(missing_ok=True)
            raise

    def _finish(self) -> bool:
        assert self._files
        made, writes = self._files.close(), self._files.writes_csv
        self._files, self._plan = None, made.written.plan
        fits = made.written.fits and (writes or bool(self._is_canonical))
        if fits and self._source:
            fits = self._source.is_unchanged()
            made = replace(made, csv=self._source.path)
        self.made = made if fits else None
        return fits

    def seen(self) -> Seen | None:
        """None: nothing was made."""
        return Seen(self.made.fields, self.made.formulas, self.made.written.kept) if self.made else None

    def discard(self) -> None:
        if self._files:
            self._files.discard()
            self._files = None


def _plain_source(table: Table) -> Path | None:
    """The source, where it may be published to the byte as far as its header goes."""
    resource = table.resource
    if resource.format != "csv" or resource.multipart or resource.compression or not resource.normpath:
        return None
    path = Path(resource.normpath)
    return path if has_canonical_header(path, [column.name for column in table.columns]) else None


def _is_looked_at(table: Table) -> bool:
    """Whether the pass tells if the other lines are canonical too (``Texts.canonical``). If not, their end tells."""
    dialect = table.dialect
    if table.resource.encoding != "utf-8" or dialect is None or table.skip != 1:
        return False
    return (dialect.delimiter, dialect.quote) == (",", '"')
