"""Somebody else looks at the rows of a table that is to be published, in the pass that judges it.

What is looked for is no matter of this room: the watch is given in.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol

from generator.tables.lines import places_of_rows
from generator.tables.plain_text import plain_text

if TYPE_CHECKING:
    from generator.tables.conversion import Conversion
    from generator.tables.looking import Looking, Seen
    from generator.tables.proof.cells import Judged
    from generator.tables.proof.opened import Table
    from generator.tables.proof.text import Texts

_ROWS = 5_000


class Watch(Protocol):
    is_whole: bool
    """It was shown the whole table."""
    places: Mapping[int, tuple[int, str, int | None]]
    """Where its ``rows`` are: number, file as the descriptor names it (may be empty), line."""

    def begin(self, fields: Sequence[Any]) -> None:
        """A pass begins; whatever came before it is void. The fields are ``frictionless.Field``s."""

    def examine(self, columns: Sequence[Any]) -> Any:
        """Arrow's arrays of texts, or lists of texts: in several threads at once."""

    def add(self, examined: Any, rows: int) -> None:
        """In the order of the rows."""

    def finish(self) -> None: ...

    def discard(self) -> None: ...

    def rows(self) -> Collection[int]:
        """Of which it wants to know the places, by how many rows come before them."""


class Watched:
    """A sink that shows the rows to a watch as well."""

    def __init__(self, sink: Conversion | Looking, watch: Watch) -> None:
        self._sink, self._watch = sink, watch

    def begin(self, table: Table) -> None:
        self._sink.begin(table)
        self._watch.begin([column.field for column in table.columns])

    def receive(self, data: memoryview) -> None:
        self._sink.receive(data)

    def examine(self, texts: Texts, judged: Sequence[Judged]) -> tuple[Any, Any, int]:
        seen = None if texts.odd else self._watch.examine(texts.columns)
        return self._sink.examine(texts, judged), seen, texts.count

    def add(self, examined: tuple[Any, Any, int]) -> None:
        theirs, seen, count = examined
        self._sink.add(theirs)
        if seen is not None:
            self._watch.add(seen, count)

    def seen(self) -> Seen | None:
        return self._sink.seen()

    def finish(self) -> bool:
        self._watch.finish()
        return self._sink.finish()

    def discard(self) -> None:
        self._sink.discard()
        self._watch.discard()


def show_rest(resource: Any, watch: Watch) -> None:
    """What the pass did not show: small tables, those that frictionless judged, and those with errors."""
    try:
        if not watch.is_whole:
            _show(resource, watch)
        _tell_places(resource, watch)
    except Exception:  # of the library, which cannot read the table: the file will be searched as a text
        watch.is_whole = False


def _show(resource: Any, watch: Watch) -> None:
    with resource.to_copy() as opened:
        fields = opened.header.get_expected_fields()
        width = len(fields)
        watch.begin(fields)
        labels = [str(label) for label in opened.labels or ()][:width]
        content = ((labels, True) for _ in range(bool(labels) and labels != [field.name for field in fields]))
        for row, _ in content:  # maybe there is no header, and this is data
            watch.add(watch.examine([[cell] for cell in [*row, *[None] * (width - len(row))]]), 0)
        cells = (row for _, row in opened.dialect.read_enumerated_content_stream(opened.cell_stream))
        while batch := list(islice(cells, _ROWS)):
            columns = [[_text(row, number, width, field) for row in batch] for number, field in enumerate(fields)]
            watch.add(watch.examine(columns), len(batch))
    watch.finish()


def _text(row: Sequence[Any], number: int, width: int, field: Any) -> str | None:
    """Cells that are too many go with the last one."""
    if number >= len(row) or row[number] is None:
        return None
    cell = row[number]
    text = cell if isinstance(cell, str) else plain_text(cell, field, ())
    if number == width - 1 and len(row) > width:
        text = " ; ".join([text, *(str(more) for more in row[width:])])
    return text


def _tell_places(resource: Any, watch: Watch) -> None:
    indexes = set(watch.rows())
    if not indexes:
        return
    with resource.to_copy() as opened:
        rows = rows_at(opened, indexes)
        places = places_of_rows(opened, set(rows.values()))
    watch.places = {index: (row, *places.get(row, ("", None))) for index, row in rows.items()}


def rows_at(resource: Any, indexes: Collection[int]) -> Mapping[int, int]:
    """Row numbers of these rows of the data: comments and preambles count as rows too."""
    content = resource.dialect.read_enumerated_content_stream(resource.cell_stream)
    rows = enumerate(row for row, _ in islice(content, max(indexes) + 1))
    return {index: row for index, row in rows if index in indexes}
