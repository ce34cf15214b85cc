"""The cells of one column, a piece of the table at a time: what is sure to be right for frictionless.

A form is tried that Arrow reads in a narrower way than frictionless does. What is not of that form is *doubtful*: each
distinct doubtful text goes to frictionless's own reader of this field.
"""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from generator.tables.guard import guarded_reader
from generator.tables.proof.outcome import NotProved
from generator.tables.proof.pattern import exact, narrowed

MOST_REMEMBERED = 100_000

_BOUNDS = {
    "minimum": pc.greater_equal,
    "maximum": pc.less_equal,
    "exclusiveMinimum": pc.greater,
    "exclusiveMaximum": pc.less,
}
_STRICT_BOUNDS = {**_BOUNDS, "minimum": pc.greater, "maximum": pc.less}
_STRING_FORMATS = ("uri", "email", "uuid", "binary", "wkt")
_EPOCH = datetime.date(1970, 1, 1)
_FIRST_DAY = (datetime.date(1, 1, 1) - _EPOCH).days
_DAY = 86_400_000_000
"""In microseconds."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a form says of a column: values (null where the text is null) and where it is sure."""

    values: pa.Array | None
    """For comparing keys: equal, where the values that frictionless reads are equal. None when some are unknown."""
    sure: pa.BooleanArray | None
    """None: everywhere."""
    within: pa.Array | None = None
    """The values for bounds: null where there are none."""


Form = Callable[[pa.StringArray], Found]


@dataclass(slots=True)
class Column:
    """One field of the table, and what was learned of its texts."""

    name: str
    kind: str
    """Values of equal kinds can be compared. Empty: not at all."""
    required: bool
    missing: tuple[str, ...]
    form: Form
    read: Callable[[Any], tuple[Any, Any]]
    right: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)
    """Some of frictionless's readers hold a parser with a state."""

    @classmethod
    def of(cls, described: Any) -> Column:
        """Of an expected ``frictionless.Field``."""
        if not described.builtin:
            raise NotProved("field")
        own = described.has_defined("missing_values") or not described.schema
        missing = described.missing_values if own else described.schema.missing_values
        try:
            form, kind = _form(described)
            read = guarded_reader(described)
        except Exception as error:  # an enum that cannot be read, for example: frictionless crashes as well
            raise NotProved("reader-crashed") from error
        required = bool(described.constraints.get("required"))
        return cls(described.name, kind, required, tuple(missing), form, read)

    def present(self, text: pa.StringArray) -> pa.StringArray:
        """Missing values as null."""
        if not self.missing:
            return text
        if self.missing == ("",):
            absent = pc.equal(pc.binary_length(text), 0)
        else:
            absent = pc.is_in(text, value_set=pa.array(self.missing, pa.string()))
        if not pc.any(absent).as_py():
            return text
        if self.required:
            raise NotProved("required")
        return pc.if_else(absent, pa.scalar(None, pa.string()), text)

    def prove(self, present: pa.StringArray) -> pa.Array | None:
        """The values for keys, if they are known; raises when a cell may be wrong."""
        found = self.form(present)
        if found.sure is None:
            return found.values
        if (pc.sum(found.sure).as_py() or 0) < len(present) - present.null_count:
            doubtful = pc.unique(present.filter(pc.invert(pc.fill_null(found.sure, False))))
            for text in doubtful.to_pylist():
                if text is not None and text not in self.right:
                    self._read(text)
        return found.values

    def _read(self, text: str) -> None:
        try:
            with self.lock:
                _, notes = self.read(text)
        except Exception as error:  # of frictionless, on data; its own run will show it
            raise NotProved("reader-crashed") from error
        if notes:
            raise NotProved("cell")
        if len(self.right) < MOST_REMEMBERED:
            self.right.add(text)


def _form(described: Any) -> tuple[Form, str]:
    """The form of a field's type with its constraints, and the kind of its values."""
    constraints = {
        name: value
        for name, value in described.constraints.items()
        if value is not None and name in described.supported_constraints and name != "required"
    }
    if described.type in ("string", "any"):
        free = described.type == "any" or described.format not in _STRING_FORMATS
        return _text_form(constraints, free=free), "text"
    if described.type == "boolean" and not constraints:
        return _boolean_form(described), "boolean"
    if described.type == "yearmonth" and not constraints:
        return _yearmonths, "yearmonth"
    if described.type not in _PLAIN or described.format != "default" or not _is_plain(described):
        return _doubtful, ""
    plain = _PLAIN[described.type]
    bounds = [(name, _comparable(described, value)) for name, value in constraints.items() if name in _BOUNDS]
    if len(bounds) < len(constraints) or any(bound is None for _, bound in bounds):
        return _doubtful, ""
    if described.type == "datetime" and not bounds:
        return _datetime_form, plain.kind
    compare = _STRICT_BOUNDS if described.type == "number" else _BOUNDS

    def form(text: pa.StringArray) -> Found:
        found = plain.find(text)
        if found.within is None:
            return _doubtful(text)
        sure = found.sure
        for name, bound in bounds:
            inside = compare[name](found.within, pa.scalar(bound, found.within.type))
            sure = inside if sure is None else pc.and_kleene(sure, inside)
        return Found(found.values, sure)

    return form, plain.kind


def _boolean_form(described: Any) -> Form:
    """A text that is listed on both sides is false for frictionless."""
    false = pa.array(described.false_values, pa.string())
    members = pa.array([*described.true_values, *described.false_values], pa.string())

    def form(text: pa.StringArray) -> Found:
        values = pc.invert(pc.is_in(text, value_set=false))
        return Found(
            pc.if_else(pc.is_valid(text), values, pa.scalar(None, pa.bool_())), pc.is_in(text, value_set=members)
        )

    return form


def _yearmonths(text: pa.StringArray) -> Found:
    sure = _matches(_YEARMONTH, text)
    return Found(text if pc.all(sure).as_py() is not False else None, sure)


def _doubtful(text: pa.StringArray) -> Found:
    return Found(None, pa.repeat(pa.scalar(False), len(text)))


def _is_plain(described: Any) -> bool:
    """Numbers without affixes, group characters or a decimal mark of their own."""
    if described.type == "integer":
        return bool(described.bare_number)
    if described.type == "number":
        return bool(described.bare_number and described.decimal_char == "." and not described.group_char)
    return True


def _comparable(described: Any, constraint: Any) -> Any:
    """A bound as a value of the column's Arrow type; None when it is not exactly one."""
    bound = described.create_value_reader()(constraint)
    if described.type in ("integer", "year") and type(bound) is int:
        return bound if -(2**63) <= bound < 2**63 else None
    if described.type == "number" and bound is not None:
        number = float(bound)
        return number if abs(number) < float("inf") else None
    if described.type == "date" and type(bound) is datetime.date:
        return bound
    if described.type == "datetime" and isinstance(bound, datetime.datetime) and bound.tzinfo is None:
        return bound
    if described.type == "time" and type(bound) is datetime.time and bound.tzinfo is None and not bound.microsecond:
        # Times are read as moments of one day.
        return datetime.datetime.combine(datetime.date(2000, 1, 1), bound)
    return None


def _text_form(constraints: dict[str, Any], *, free: bool) -> Form:
    tests: list[Callable[[pa.StringArray], pa.BooleanArray]] = []
    for name, value in constraints.items():
        if name in ("minLength", "maxLength") and type(value) is int and abs(value) < 2**31:
            tests.append(partial(_is_long if name == "minLength" else _is_short, value))
        elif name == "enum" and isinstance(value, list):
            tests.append(partial(_is_one_of, pa.array([v for v in value if isinstance(v, str)], pa.string())))
        elif name == "pattern" and (pattern := _compiled(value)):
            tests.append(partial(_matches, pattern))
        else:
            free = False

    def form(text: pa.StringArray) -> Found:
        sure = None if free else pa.repeat(pa.scalar(False), len(text))
        for test in tests if free else ():
            sure = test(text) if sure is None else pc.and_kleene(sure, test(text))
        return Found(text, sure)

    return form


def _is_long(length: int, text: pa.StringArray) -> pa.BooleanArray:
    return pc.greater_equal(pc.utf8_length(text), length)


def _is_short(length: int, text: pa.StringArray) -> pa.BooleanArray:
    return pc.less_equal(pc.utf8_length(text), length)


def _is_one_of(members: pa.StringArray, text: pa.StringArray) -> pa.BooleanArray:
    return pc.is_in(text, value_set=members)


def _matches(pattern: str, text: pa.StringArray) -> pa.BooleanArray:
    return pc.match_substring_regex(text, pattern)


def _compiled(pattern: Any) -> str | None:
    return exact(f"^{pattern}$") or narrowed(f"^{pattern}$")


def _bytes_of(text: pa.StringArray) -> pa.Array:
    """All bytes of the texts as numbers, without a copy. (Texts that are null may add some: never too few.)"""
    _, offsets, data = text.buffers()
    if data is None or not len(text):
        return pa.array([], pa.uint8())
    places = pa.Array.from_buffers(pa.int32(), text.offset + len(text) + 1, [None, offsets])
    start, end = places[text.offset].as_py(), places[text.offset + len(text)].as_py()
    return pa.Array.from_buffers(pa.uint8(), end - start, [None, data.slice(start, end - start)])


def _only(text: pa.StringArray, first: str, last: str) -> bool:
    """Whether all bytes are between these two."""
    bounds = pc.min_max(_bytes_of(text)).as_py()
    return bounds["min"] is None or (bounds["min"] >= ord(first) and bounds["max"] <= ord(last))


def _has_length(text: pa.StringArray, length: int) -> bool:
    bounds = pc.min_max(pc.binary_length(text)).as_py()
    return bounds["min"] is None or bounds["min"] == bounds["max"] == length


def _cast(text: pa.StringArray, kind: pa.DataType) -> pa.Array | None:
    try:
        return text.cast(kind)
    except pa.ArrowInvalid:
        return None


def _integers(text: pa.StringArray) -> pa.Array | None:
    return _cast(text, pa.int64()) if _only(text, "\t", "9") else None  # Arrow also takes 0x1F


def _numbers(text: pa.StringArray) -> pa.Array | None:
    """Doubles: equal decimals are equal doubles, and a smaller double is a smaller decimal."""
    if not _only(text, "\t", "9") and pc.all(pc.match_substring_regex(text, _NUMBER)).as_py() is False:
        return None  # nan(1), 1e9999999999999999999
    values = _cast(text, pa.float64())
    return None if values is None else pc.add(values, 0.0)  # -0 is 0


def _dates(text: pa.StringArray) -> pa.Array | None:
    if not _only(text, "-", "9") or not _has_length(text, 10):
        return None
    return _from(_cast(text, pa.date32()), pa.int32(), _FIRST_DAY)


def _datetimes(text: pa.StringArray) -> pa.Array | None:
    """Without a zone."""
    shortest = pc.min(pc.binary_length(text)).as_py()
    if shortest is not None and shortest < 19:
        return None
    return _from(_cast(text, pa.timestamp("us")), pa.int64(), _FIRST_DAY * _DAY)


def _times(text: pa.StringArray) -> pa.Array | None:
    if not _only(text, "0", ":") or not _has_length(text, 8):
        return None
    return _cast(pc.binary_join_element_wise("2000-01-01T", text, ""), pa.timestamp("us"))


def _years(text: pa.StringArray) -> pa.Array | None:
    return _cast(text, pa.int64()) if _only(text, "0", "9") and _has_length(text, 4) else None


def _from(values: pa.Array | None, number: pa.DataType, first: int) -> pa.Array | None:
    """Arrow has a year 0, Python has none."""
    if values is None:
        return None
    least = pc.min(values.view(number)).as_py()
    return values if least is None or least >= first else None


def _datetime_form(text: pa.StringArray) -> Found:
    """Moments with a zone are sure as well, where no bound is to be compared with them."""
    found = _PLAIN["datetime"].find(text)
    if found.sure is None:
        return found
    zoned = pc.match_substring_regex(text, _ZONED)
    if not pc.any(zoned).as_py():
        return found
    moments = _cast(_where(zoned, text), pa.timestamp("us", "UTC"))
    if _from(moments, pa.int64(), (_FIRST_DAY + 1) * _DAY) is None:
        return found
    return Found(None, pc.or_kleene(found.sure, zoned))


def _where(mask: pa.BooleanArray, text: pa.StringArray) -> pa.StringArray:
    return pc.if_else(mask, text, pa.scalar(None, pa.string()))


_NUMBER = r"^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,3})?$"
_MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?"
_ZONED = _MOMENT + r"(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])$"
_YEARMONTH = r"^[0-9]{4}-(0[1-9]|1[0-2])$"


@dataclass(frozen=True, slots=True)
class _Plain:
    """How a type is mostly written."""

    kind: str
    cast: Callable[[pa.StringArray], pa.Array | None]
    """None when one of the texts is not of this form, or has no value in it."""
    pattern: str
    """Of the form, without the limits of calendars and numbers."""

    def find(self, text: pa.StringArray) -> Found:
        values = self.cast(text)
        if values is not None:
            return Found(values, None, values)
        sure = pc.match_substring_regex(text, self.pattern)
        some = self.cast(_where(sure, text))
        return _doubtful(text) if some is None else Found(None, sure, some)


_PLAIN = {
    "integer": _Plain("integer", _integers, r"^-?[0-9]{1,18}$"),
    "year": _Plain("integer", _years, r"^[0-9]{4}$"),
    "number": _Plain("number", _numbers, _NUMBER),
    "date": _Plain("date", _dates, r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
    "datetime": _Plain("datetime", _datetimes, _MOMENT + "$"),
    "time": _Plain("time", _times, r"^[0-9]{2}:[0-9]{2}:[0-9]{2}$"),
}
