"""The cells of one column, a piece of the table at a time: what is sure to be right for frictionless.

A form is tried that Arrow reads in a narrower way than frictionless does. What is not of that form is *doubtful*: each
distinct doubtful text goes to frictionless's own reader of this field.
"""

from __future__ import annotations

import datetime
import threading
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from generator.tables.proof.forms import form_of
from generator.tables.proof.found import Form, Found
from generator.tables.proof.outcome import NotProved
from generator.tables.proof.plain_values import SOME_DAY
from generator.tables.proof.replay import Reader
from generator.tables.proof.text_bytes import lengths_of

MOST_INTERNED = 2_000_000


@dataclass(frozen=True, slots=True)
class Judged:
    present: pa.StringArray
    """The texts, null where the value is missing."""
    values: pa.Array | None
    """Null where the value is missing or of another type; a cell that breaks a constraint has one. None: not known."""
    wrong: pa.BooleanArray | None
    """Never null. None: nowhere."""
    plain: bool
    """All texts are of the usual form of their type."""


@dataclass(slots=True)
class Column:
    """One field of the table, and what was learned of its texts."""

    field: Any
    """The expected ``frictionless.Field``."""
    kind: str
    """Values of equal kinds can be compared. Empty: not at all."""
    required: bool
    missing: tuple[str, ...]
    form: Form
    reader: Reader
    interner: Interner | None = None
    """Where keys are compared as Python compares what frictionless reads."""

    @classmethod
    def of(cls, described: Any) -> Column:
        """Of an expected ``frictionless.Field``."""
        if not described.builtin:
            raise NotProved("field")
        reader = Reader.of(described)
        try:
            form, kind = form_of(described)
        except Exception as error:  # a bound that cannot be read, for example: frictionless crashes as well
            raise NotProved("reader-crashed") from error
        required = bool(described.constraints.get("required"))
        return cls(described, kind, required, tuple(sorted(reader.missing)), form, reader)

    @property
    def name(self) -> str:
        return str(self.field.name)

    def judge(self, text: pa.StringArray, *, valued: bool) -> Judged:
        """``valued`` says that the values are wanted."""
        absent = self._absent(text)
        present = text if absent is None else _without(text, absent, plain=self.missing == ("",))
        found = self.form(present)
        values, wrong = found.values, None
        if found.sure is not None:
            values, wrong = self._read_doubtful(present, found, valued=valued)
        if absent is not None and self.required:
            wrong = absent if wrong is None else pc.or_(wrong, absent)
        return Judged(present, values, wrong, found.plain)

    def key_values(self, judged: Judged) -> pa.Array:
        if self.interner:
            return self.interner.numbers(judged.present, self.reader)
        if judged.values is None:
            raise NotProved("key-form")
        return judged.values

    def _absent(self, text: pa.StringArray) -> pa.BooleanArray | None:
        if not self.missing:
            return None
        if self.missing == ("",):
            if len(text) and lengths_of(text).min() > 0:
                return None
            absent = pc.equal(pc.binary_length(text), 0)
        else:
            absent = pc.is_in(text, value_set=pa.array(self.missing, pa.string()))
        return absent if pc.any(absent).as_py() else None

    def _read_doubtful(
        self, present: pa.StringArray, found: Found, *, valued: bool
    ) -> tuple[pa.Array | None, pa.BooleanArray | None]:
        if (pc.sum(found.sure).as_py() or 0) == len(present) - present.null_count:
            return found.values, None
        doubtful = pc.unique(present.filter(pc.invert(pc.fill_null(found.sure, False)))).drop_null().to_pylist()
        bad = [text for text in doubtful if self._refuses(text)]
        wrong = pc.is_in(present, value_set=pa.array(bad, pa.string())) if bad else None
        if not valued or found.values is None:
            return None, wrong
        return _filled(found.values, present, [(text, self._value(text)) for text in doubtful]), wrong

    def _refuses(self, text: str) -> bool:
        try:
            return bool(self.reader.notes(text))
        except NotProved:  # the reader crashed; the replay meets it again, unless it ends before
            return True

    def _value(self, text: str) -> Any:
        try:
            return self.reader.value(text)
        except NotProved:
            return None


class Interner:
    """Numbers for values: equal, where the values are equal for Python."""

    def __init__(self) -> None:
        self._numbers: dict[Any, int] = {}
        self._lock = threading.Lock()

    def numbers(self, present: pa.StringArray, reader: Reader) -> pa.Array:
        encoded = present.dictionary_encode()
        with self._lock:
            numbers = [self._number(reader.value(text)) for text in encoded.dictionary.to_pylist()]
        return pa.array(numbers, pa.int64()).take(encoded.indices)

    def _number(self, value: Any) -> int | None:
        if value is None:
            return None
        try:
            if value != value:  # noqa: PLR0124  NaN is no key, and is equal to nothing
                raise NotProved("key-nan")
            number = self._numbers.setdefault(value, len(self._numbers))
        except (TypeError, ValueError, ArithmeticError) as error:  # frictionless crashes as well
            raise NotProved("reader-crashed") from error
        if number >= MOST_INTERNED:
            raise NotProved("key-space")
        return number


def _without(text: pa.StringArray, absent: pa.BooleanArray, *, plain: bool) -> pa.StringArray:
    """Missing values as null; without a copy where they are empty texts (``plain``)."""
    if not plain or text.offset:
        return pc.if_else(absent, pa.scalar(None, pa.string()), text)
    _, offsets, data = text.buffers()
    return pa.StringArray.from_buffers(len(text), offsets, data, pc.invert(absent).buffers()[1])


def _filled(values: pa.Array, present: pa.StringArray, read: list[tuple[str, Any]]) -> pa.Array | None:
    """Values of doubtful texts put into their places; None when one of them is none of this type."""
    if pa.types.is_string(values.type):
        worthless = pa.array([text for text, value in read if value is None], pa.string())
        return pc.if_else(pc.is_in(present, value_set=worthless), pa.scalar(None, pa.string()), values)
    known = [(text, value) for text, value in read if value is not None]
    if not known:
        return values
    try:
        theirs = pa.array([_as_arrow(value, values.type) for _, value in known], values.type)
    except (pa.ArrowException, ValueError, TypeError, OverflowError):
        return None
    places = pc.index_in(present, value_set=pa.array([text for text, _ in known], pa.string()))
    return pc.coalesce(values, theirs.take(places))


def _as_arrow(value: Any, kind: pa.DataType) -> Any:
    """Raises for a value that this type does not hold as it is."""
    if pa.types.is_floating(kind):
        return float(value) + 0.0
    if isinstance(value, datetime.datetime | datetime.time) and value.tzinfo is not None:
        raise ValueError("a moment with a zone")
    if isinstance(value, datetime.time):
        return datetime.datetime.combine(SOME_DAY, value)
    return value
