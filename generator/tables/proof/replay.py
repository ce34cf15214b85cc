"""What frictionless says of single rows: its own errors, in its own order, for rows that may be wrong.

``frictionless.table.Row`` reads every cell of a row. Here only those are read that nothing has proved right: each by
frictionless's own reader, each distinct text once. The order of a row's errors is the order in which frictionless
happens to read its cells: those of keys come first, up to the first key that errs.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import chain
from string import Formatter
from typing import TYPE_CHECKING, Any

from generator.tables.guard import guarded_reader
from generator.tables.proof.outcome import NotProved

if TYPE_CHECKING:
    import frictionless

MOST_REMEMBERED = 100_000

Note = tuple[str, str]
"""The error's type (``type-error`` or ``constraint-error``) and frictionless's note."""

_TYPE, _CONSTRAINT = "type-error", "constraint-error"


@dataclass(slots=True)
class Reader:
    """Frictionless's reader of one field's cells, and what it said of the texts that it was given."""

    missing: frozenset[str]
    read: Callable[[Any], tuple[Any, Any]]
    known: dict[str | None, tuple[Note, ...]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    """Some of frictionless's readers hold a parser with a state."""
    crashed: bool = False
    """On a cell. Whoever reads another table for its keys has to mind it."""
    crashes_as_key: bool = False
    """A value that was read has no hash: a list, a signalling NaN, a moment a whole day from UTC."""

    @classmethod
    def of(cls, described: Any) -> Reader:
        """Of an expected ``frictionless.Field``."""
        own = described.has_defined("missing_values") or not described.schema
        missing = described.missing_values if own else described.schema.missing_values
        try:
            return cls(frozenset(missing), guarded_reader(described))
        except Exception as error:  # an enum that cannot be read, for example: frictionless crashes as well
            raise NotProved("reader-crashed") from error

    def notes(self, text: str | None) -> tuple[Note, ...]:
        """What is wrong; nothing, when the text is right. None is a cell that a short row has not."""
        found = self.known.get(text)
        if found is None:
            _, found = self._ask(text)
            if len(self.known) < MOST_REMEMBERED:
                self.known[text] = found
        return found

    def value(self, text: str | None) -> Any:
        return self._ask(text)[0]

    def _ask(self, text: str | None) -> tuple[Any, tuple[Note, ...]]:
        try:
            with self.lock:
                value, notes = self.read(text)
        except Exception as error:  # of frictionless, on data; its own run will show it
            self.crashed = True
            raise NotProved("reader-crashed") from error
        try:
            hash(value)
        except (TypeError, ValueError):
            self.crashes_as_key = True
        # Frictionless takes the type's note out of the others and tells it first.
        told = [(_CONSTRAINT, note) for name, note in (notes or {}).items() if name != "type"]
        if notes and "type" in notes:
            told.insert(0, (_TYPE, notes["type"]))
        return value, tuple(told)


@dataclass(frozen=True, slots=True)
class KeyNotes:
    """What the keys say of one row."""

    unique: Mapping[int, int] = field(default_factory=dict)
    """Of columns (from 0) whose value an earlier row has: the number of the last such row."""
    primary: int | None = None
    """Likewise; 0, when no part of the primary key has a value."""
    foreign: Sequence[int] = ()
    """Which of the foreign keys lead nowhere."""


_NO_NOTES = KeyNotes()

# Not list[frictionless.Error]: their classes have the attributes of cells and rows, and nothing here tells them apart.
Errors = list[Any]


class Replay:
    """Made once for a table: the errors of its rows, one row at a time and in any order. Not for several threads."""

    def __init__(
        self,
        resource: frictionless.Resource,
        fields: Sequence[frictionless.Field],
        *,
        foreign_keys: Sequence[Mapping[str, Any]] | None = None,
        readers: Sequence[Reader] | None = None,
    ) -> None:
        """``fields`` are those that the opened resource's header expects; ``readers`` may know texts already."""
        self._fields = tuple(fields)
        names = [described.name for described in fields]
        if not all(described.builtin for described in fields) or len(set(names)) < len(names):
            raise NotProved("field")
        self._names = names
        self._readers = list(readers or map(Reader.of, fields))
        self._missing = [reader.missing for reader in self._readers]
        self._foreign = resource.schema.foreign_keys if foreign_keys is None else foreign_keys
        self._keys = table_keys(resource, fields, self._foreign)
        self._ranks: dict[Key | None, list[int]] = {}
        self._rank = self._ranks_until(None)
        self._moulds: dict[tuple[str, int], Mould] = {}

    def errors(
        self, row_number: int, cells: Sequence[str], suspects: Sequence[int] | None = None, keys: KeyNotes = _NO_NOTES
    ) -> Errors:
        """The errors that frictionless's row would have.

        ``suspects`` are the columns (from 0) whose cells may be wrong, those of missing and required values among
        them; None: all. Whether the row is blank or ragged is found out here.
        """
        if self._is_blank(cells):
            errors = [self._of_row("blank-row")(list(cells), row_number, "")]
        else:
            failed = self._first_failed(keys)
            rank = self._ranks_until(failed) if failed else self._rank
            errors = self._of_cells(row_number, cells, self._in_order(suspects, len(cells), rank))
        if keys is not _NO_NOTES:
            self._add_keys(errors, row_number, cells, keys)
        return errors

    def _is_blank(self, cells: Sequence[str]) -> bool:
        """All cells that belong to a field are missing values; those that are not there are."""
        for text, missing in zip(cells, self._missing, strict=False):  # noqa: SIM110  twice as fast as all()
            if text not in missing:
                return False
        return True

    def _in_order(self, suspects: Sequence[int] | None, count: int, rank: list[int]) -> Sequence[int]:
        width = len(rank)
        if suspects is None:
            suspects = range(width)
        elif count < width:
            suspects = {*suspects, *range(count, width)}  # type: ignore[assignment]  # sorted below
        return sorted(suspects, key=rank.__getitem__) if len(suspects) > 1 else suspects

    def _of_cells(self, row_number: int, cells: Sequence[str], columns: Sequence[int]) -> Errors:
        errors: Errors = []
        count, width = len(cells), len(self._fields)
        for column in columns:
            text = cells[column] if column < count else None
            for kind, note in self._readers[column].notes(text):
                errors.append(self._of_cell(kind, column)(list(cells), row_number, str(text), note))
        if count == width:
            return errors
        for column in range(width, count):
            errors.append(self._of_cell("extra-cell", column)(list(cells), row_number, str(cells[column]), ""))
        for column in range(count, width):
            errors.append(self._of_cell("missing-cell", column)(list(cells), row_number, "", ""))
        return errors

    def _add_keys(self, errors: Errors, row_number: int, cells: Sequence[str], keys: KeyNotes) -> None:
        for column in sorted(keys.unique):
            note = _REPEATS % keys.unique[column]
            value = str(self._value(column, cells))
            errors.append(self._of_cell("unique-error", column)(list(cells), row_number, value, note))
        if keys.primary is not None:
            note = _REPEATS % keys.primary if keys.primary else 'cells composing the primary keys are all "None"'
            errors.append(self._of_row("primary-key")(list(cells), row_number, note))
        for number in sorted(keys.foreign):
            errors.append(self._of_foreign_key(row_number, cells, number))

    def _value(self, column: int, cells: Sequence[str]) -> Any:
        return self._readers[column].value(cells[column] if column < len(cells) else None)

    def _of_foreign_key(self, row_number: int, cells: Sequence[str], number: int) -> Any:
        key = self._foreign[number]
        ours, theirs = list(key["fields"]), list(key["reference"]["fields"])
        values = [self._value(self._names.index(name), cells) for name in ours]
        place = (", ".join(ours), ", ".join(map(str, values)), key["reference"]["resource"], ", ".join(theirs))
        mould = self._moulds.get(("foreign-key", number))
        if mould is None:
            from frictionless import errors

            mould = Mould(
                errors.ForeignKeyError,
                ("cells", "row_number", "note", "field_names", "field_cells", "reference_field_names"),
                reference_name=key["reference"]["resource"],
            )
            self._moulds["foreign-key", number] = mould
        texts = ["" if value is None else str(value) for value in values]
        return mould(list(cells), row_number, _NOT_FOUND % place, ours, texts, theirs)

    def _of_cell(self, kind: str, column: int) -> Mould:
        """Takes the row's cells, its number, the cell's text and a note."""
        found = self._moulds.get((kind, column))
        if found is None:
            name = self._names[column] if column < len(self._names) else ""
            names = ("cells", "row_number", "cell", "note")
            found = Mould(_class_of(kind), names, field_name=name, field_number=column + 1)
            self._moulds[kind, column] = found
        return found

    def _of_row(self, kind: str) -> Mould:
        """Takes the row's cells, its number and a note."""
        found = self._moulds.get((kind, 0))
        if found is None:
            found = self._moulds[kind, 0] = Mould(_class_of(kind), ("cells", "row_number", "note"))
        return found

    def _first_failed(self, notes: KeyNotes) -> Key | None:
        if notes is _NO_NOTES:
            return None
        if notes.unique:
            return "unique", min(notes.unique)
        if notes.primary is not None:
            return "primary", 0
        return ("foreign", min(notes.foreign)) if notes.foreign else None

    def _ranks_until(self, failed: Key | None) -> list[int]:
        """For each column, when it is read: the key that errs makes frictionless read all that is left of the row."""
        found = self._ranks.get(failed)
        if found is None:
            early: list[int] = []
            for key, columns in self._keys.items():
                early += columns
                if key == failed:
                    break
            order = list(dict.fromkeys([*early, *range(len(self._fields))]))
            found = self._ranks[failed] = [order.index(column) for column in range(len(order))]
        return found


_REPEATS = "the same as in the row at position %s"
_NOT_FOUND = 'for "%s": values "%s" not found in the lookup table "%s" as "%s"'

Key = tuple[str, int]
"""The kind of a key, and its column or number."""


def table_keys(
    resource: Any, fields: Sequence[Any], foreign_keys: Sequence[Mapping[str, Any]]
) -> dict[Key, tuple[int, ...]]:
    """The keys that frictionless minds, in its order, with their columns."""
    columns = {described.name: number for number, described in enumerate(fields)}
    keys: dict[Key, tuple[int, ...]] = {
        ("unique", number): (number,) for number, described in enumerate(fields) if described.constraints.get("unique")
    }
    primary = resource.schema.primary_key
    if primary and columns.keys() >= set(primary):
        if not resource.dialect.header_case:
            lower = {name.lower() for name in primary}
            primary = [name for name in columns if name.lower() in lower]
        keys["primary", 0] = tuple(columns[name] for name in primary)
    for number, key in enumerate(foreign_keys):
        if columns.keys() >= set(key["fields"]):
            keys["foreign", number] = tuple(columns[name] for name in key["fields"])
    return keys


def _class_of(kind: str) -> Any:
    from frictionless import errors

    return {
        "type-error": errors.TypeError,
        "constraint-error": errors.ConstraintError,
        "unique-error": errors.UniqueError,
        "extra-cell": errors.ExtraCellError,
        "missing-cell": errors.MissingCellError,
        "blank-row": errors.BlankRowError,
        "primary-key": errors.PrimaryKeyError,
    }[kind]


class Mould:
    """Makes errors that differ in few attributes: the same as by the constructor of their class, which takes 50 µs.

    That copies and exports each error to render its message, and keeps book of each assignment. Here one error is
    made by it, and the later ones get their attributes directly.
    """

    def __init__(self, kind: Any, names: Sequence[str], **same: Any) -> None:
        lists = {"cells", "field_names", "field_cells", "reference_field_names"}
        first = kind(**same, **{name: [] if name in lists else 0 if name == "row_number" else "" for name in names})
        self._kind = kind
        self._put = tuple(getattr(kind, name).__set__ for name in names)
        self._put_same = tuple((getattr(kind, name).__set__, value) for name, value in same.items())
        self._put_message = kind.message.__set__
        self._render = _render(kind.template, names, same)
        self._assigned = first.metadata_assigned
        self._lists = tuple((name, names.index(name)) for name in names if name in lists)

    def __call__(self, *values: Any) -> Any:
        """Lists among the values become the error's own."""
        error = _NEW(self._kind)
        for put, value in zip(self._put, values, strict=True):
            put(error, value)
        for put, value in self._put_same:
            put(error, value)
        self._put_message(error, self._render(*values))
        # What the base class, ``Metadata``, keeps of itself. It would copy the lists once more.
        own = {"custom": {}, "metadata_defaults": {"custom": {}}, "metadata_assigned": self._assigned.copy()}
        for name, index in self._lists:
            own["metadata_defaults"][name] = values[index]
        own["metadata_initiated"] = True
        _PUT(error, "__dict__", own)
        return error


_NEW, _PUT = object.__new__, object.__setattr__


def _render(template: str, names: Sequence[str], same: Mapping[str, Any]) -> Callable[..., str]:
    """Frictionless's template of a message, as a function of the values of these attributes."""
    texts = []
    for literal, key, _, _ in Formatter().parse(template):
        texts.append(_escaped(literal))
        if key is not None:
            name = "".join("_" + letter.lower() if letter.isupper() else letter for letter in key)
            texts.append(f"{{{names.index(name)}}}" if name in names else _escaped(str(same.get(name, ""))))
    return "".join(texts).format


def _escaped(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


@dataclass(frozen=True, slots=True)
class RowErrors:
    """The errors of one row that has some."""

    row_number: int
    errors: Errors


def with_keys(
    replay: Replay,
    rows: Iterable[RowErrors],
    notes: Iterable[tuple[int, KeyNotes]],
    cells_of: Callable[[int], Sequence[str]],
) -> Iterator[RowErrors]:
    """The errors of cells, and what the keys say: both in the order of row numbers, and so is what comes out.

    A key changes the order of its row's other errors, so that such a row is replayed; ``cells_of`` gives the cells of
    a row that had no errors before.
    """
    ends = RowErrors(0, [])
    rows = iter(rows)
    row = next(rows, ends)
    for number, keys in notes:
        while row is not ends and row.row_number < number:
            yield row
            row = next(rows, ends)
        if row.row_number == number:
            # Nothing else in that row is wrong, or it would have been told.
            wrong = {error.field_number - 1 for error in row.errors if error.type in (_TYPE, _CONSTRAINT)}
            yield RowErrors(number, replay.errors(number, row.errors[0].cells, sorted(wrong), keys))
            row = next(rows, ends)
        else:
            yield RowErrors(number, replay.errors(number, cells_of(number), (), keys))
    if row is not ends:
        yield from chain([row], rows)


@dataclass(frozen=True, slots=True)
class Told:
    """What a report says of the rows."""

    errors: Errors
    warnings: list[str]
    last_row: int | None
    """The number of the row at which the limit ended the reading. None: all rows were read."""


def collect(before: Sequence[frictionless.Error], rows: Iterable[RowErrors], limit: int | None) -> Told:
    """The errors of a report, up to the limit, after which no row is asked for. ``before`` are those of the header."""
    errors = list(before)
    if limit and len(errors) >= limit:
        raise NotProved("limit")
    for row in rows:
        errors += row.errors
        if limit and len(errors) >= limit:
            return Told(errors[:limit], [f"reached error limit: {limit}"], row.row_number)
    return Told(errors, [], None)


@contextmanager
def many_errors() -> Iterator[None]:
    """Without the collector of cycles, which would take more time than all else: errors are in none."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            # What was made meanwhile counts as old, without being looked through first.
            gc.freeze()
            gc.unfreeze()
            gc.enable()


def stats_after(resource: Any, row_number: int) -> Any:
    """The stats of frictionless when it has read no further than this row.

    How many bytes are read by then depends on the buffers below, and there are no checksums before the end; therefore
    frictionless's own loader and parser run up to there. Most of its time goes into rows, which are not made here.
    """
    try:
        copy = resource.to_copy()
        copy.schema.foreign_keys = []  # other tables' bytes do not count
        with closing(copy.open()):
            rows = copy.dialect.read_enumerated_content_stream(copy.cell_stream)
            copy.stats.rows = next(count for count, (number, _) in enumerate(rows, 1) if number >= row_number)
    except Exception as error:  # of frictionless, on this table: its own run will show it
        raise NotProved("unreadable") from error
    return copy.stats
