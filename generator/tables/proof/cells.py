"""The cells of one column, a piece of the table at a time: what is sure to be right for frictionless.

A form is tried that Arrow reads in a narrower way than frictionless does. What is not of that form is *doubtful*: each
distinct doubtful text goes to frictionless's own reader of this field.
"""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from generator.tables.proof.outcome import NotProved
from generator.tables.proof.pattern import exact, narrowed, places
from generator.tables.proof.replay import Reader

MOST_INTERNED = 2_000_000

_BOUNDS = {
    "minimum": pc.greater_equal,
    "maximum": pc.less_equal,
    "exclusiveMinimum": pc.greater,
    "exclusiveMaximum": pc.less,
}
_STRICT_BOUNDS = {**_BOUNDS, "minimum": pc.greater, "maximum": pc.less}
_LOWER = ("minimum", "exclusiveMinimum")
_STRING_FORMATS = ("uri", "email", "uuid", "binary", "wkt")
_EPOCH = datetime.date(1970, 1, 1)
_FIRST_DAY = (datetime.date(1, 1, 1) - _EPOCH).days
_DAY = 86_400_000_000
"""In microseconds."""
_SOME_DAY = datetime.date(2000, 1, 1)
"""Times are read as moments of one day."""
_SOME_BYTES = 64 << 10


@dataclass(frozen=True, slots=True)
class Found:
    """What a form says of a column: values (null where the text is null) and where it is sure."""

    values: pa.Array | None
    """Equal, where the values that frictionless reads are equal; null where they are not known. None: none is known."""
    sure: pa.BooleanArray | None
    """None: everywhere."""
    plain: bool = False
    """All texts are of the usual form of their type, and the values are what they say."""


Form = Callable[[pa.StringArray], Found]


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
            form, kind = _form(described)
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
        return datetime.datetime.combine(_SOME_DAY, value)
    return value


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
    if any(bound is None for _, bound in bounds):
        return _doubtful, plain.kind
    members = _members(described, constraints)
    if len(bounds) + (members is not None) < len(constraints):
        return _doubtful, plain.kind
    if described.type == "datetime" and not constraints:
        return _datetime_form, plain.kind
    return partial(_plain_form, plain, _Within(tuple(bounds), members, strict=described.type == "number")), plain.kind


def _plain_form(plain: _Plain, within: _Within, text: pa.StringArray) -> Found:
    found = plain.find(text)
    if found.values is None:
        return found
    return Found(found.values, within.sure(found.values, found.sure), found.plain)


@dataclass(frozen=True, slots=True)
class _Within:
    """Bounds of values, and lists of them."""

    bounds: tuple[tuple[str, Any], ...]
    members: pa.Array | None
    strict: bool
    """Doubles stand for decimals: what equals a bound is not known to be within it."""

    def sure(self, values: pa.Array, sure: pa.BooleanArray | None) -> pa.BooleanArray | None:
        if self.bounds and not self._is_all_inside(values):
            for name, bound in self.bounds:
                inside = (_STRICT_BOUNDS if self.strict else _BOUNDS)[name](values, pa.scalar(bound, values.type))
                sure = inside if sure is None else pc.and_kleene(sure, inside)
        if self.members is not None:
            listed = pc.is_in(values, value_set=self.members.cast(values.type))
            sure = listed if sure is None else pc.and_kleene(sure, listed)
        return sure

    def _is_all_inside(self, values: pa.Array) -> bool:
        """By the least and the greatest alone. (NaN is neither, and in no order.)"""
        if pa.types.is_floating(values.type) and pc.any(pc.is_nan(values)).as_py():
            return False
        ends = pc.min_max(values)
        compare = _STRICT_BOUNDS if self.strict else _BOUNDS
        return all(
            compare[name](ends["min" if name in _LOWER else "max"], pa.scalar(bound, values.type)).as_py() is not False
            for name, bound in self.bounds
        )


def _members(described: Any, constraints: dict[str, Any]) -> pa.Array | None:
    """The values of an ``enum`` of whole numbers."""
    listed = constraints.get("enum")
    if described.type not in ("integer", "year") or not isinstance(listed, list):
        return None
    read = described.create_value_reader()
    values = [read(value) for value in listed]
    if not all(type(value) is int and -(2**63) <= value < 2**63 for value in values):
        return None
    return pa.array(values, pa.int64())


def _boolean_form(described: Any) -> Form:
    """A text that is listed on both sides is false for frictionless."""
    texts = dict.fromkeys(described.true_values, True) | dict.fromkeys(described.false_values, False)
    members = pa.array(list(texts), pa.string())
    meanings = pa.array(list(texts.values()), pa.bool_())

    def form(text: pa.StringArray) -> Found:
        places = pc.index_in(text, value_set=members)
        values = meanings.take(places)
        known = places.null_count == text.null_count
        return Found(values, None if known else pc.is_valid(places), plain=known)

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
        return datetime.datetime.combine(_SOME_DAY, bound)
    return None


def _text_form(constraints: dict[str, Any], *, free: bool) -> Form:
    tests: list[Callable[[pa.StringArray], pa.BooleanArray | None]] = []
    least, most = (_length(constraints.get(name)) for name in ("minLength", "maxLength"))
    if least is not None or most is not None:
        tests.append(partial(_is_of_length, least, most))
    for name, value in constraints.items():
        if name in ("minLength", "maxLength") and _length(value) is not None:
            continue
        if name == "enum" and isinstance(value, list):
            tests.append(partial(_is_one_of, pa.array([v for v in value if isinstance(v, str)], pa.string())))
        elif name == "pattern" and (test := _pattern_test(value)):
            tests.append(test)
        else:
            free = False

    def form(text: pa.StringArray) -> Found:
        if not free:
            return Found(text, pa.repeat(pa.scalar(False), len(text)))
        sure = None
        for test in tests:
            passed = test(text)
            if passed is not None:
                sure = passed if sure is None else pc.and_kleene(sure, passed)
        return Found(text, sure)

    return form


def _length(value: Any) -> int | None:
    return value if type(value) is int and abs(value) < 2**31 else None


def _is_of_length(least: int | None, most: int | None, text: pa.StringArray) -> pa.BooleanArray | None:
    """Code points are counted only where the number of bytes does not say enough; None: all are."""
    bytes_ = pc.min_max(pc.binary_length(text)).as_py()
    if bytes_["min"] is None:
        return None
    fewest = -(-bytes_["min"] // 4)  # a code point has at most four bytes
    if (least is None or fewest >= least) and (most is None or bytes_["max"] <= most):
        return None
    counted = pc.utf8_length(text)
    sure = pa.repeat(pa.scalar(True), len(text))
    if least is not None:
        sure = pc.and_kleene(sure, pc.greater_equal(counted, least))
    if most is not None:
        sure = pc.and_kleene(sure, pc.less_equal(counted, most))
    return sure


def _is_one_of(members: pa.StringArray, text: pa.StringArray) -> pa.BooleanArray:
    return pc.is_in(text, value_set=members)


def _matches(pattern: str, text: pa.StringArray) -> pa.BooleanArray:
    return pc.match_substring_regex(text, pattern)


def _pattern_test(pattern: Any) -> Callable[[pa.StringArray], pa.BooleanArray | None] | None:
    translated = exact(f"^{pattern}$") or narrowed(f"^{pattern}$")
    if translated is None:
        return None
    ranges = places(f"^{pattern}$")
    if not ranges:
        return partial(_matches, translated)
    return partial(_fits, Places.of(ranges), translated)


@dataclass(frozen=True, slots=True)
class Places:
    """For texts of one length: the least byte that may stand in each place, and how far above it others may be."""

    least: npt.NDArray[np.uint8]
    above: npt.NDArray[np.uint8]
    length: int

    @classmethod
    def of(cls, ranges: list[tuple[int, int]]) -> Places:
        """Repeated for many texts, so that numpy works on long rows."""
        least, most = (np.array(side, np.uint8) for side in zip(*ranges, strict=True))
        times = 1 + _SOME_BYTES // len(ranges)
        return cls(np.tile(least, times), np.tile(most - least, times), len(ranges))

    def all_fit(self, data: npt.NDArray[np.uint8]) -> bool:
        step = len(self.least)
        for start in range(0, len(data), step):
            part = data[start : start + step]
            if ((part - self.least[: len(part)]) > self.above[: len(part)]).any():
                return False
        return True


def _fits(places: Places, pattern: str, text: pa.StringArray) -> pa.BooleanArray | None:
    """Of a pattern with one range of characters in each place. None: all do."""
    if not text.null_count and _has_length(text, places.length) and places.all_fit(_numpy_bytes(text)):
        return None
    return _matches(pattern, text)


def _numpy_bytes(text: pa.StringArray) -> npt.NDArray[np.uint8]:
    """All bytes of the texts, without a copy; those of texts that have become null are among them."""
    _, offsets, data = text.buffers()
    if data is None or not len(text):
        return np.empty(0, np.uint8)
    ends = np.frombuffer(offsets, np.int32)[text.offset : text.offset + len(text) + 1]
    found: npt.NDArray[np.uint8] = np.frombuffer(data, np.uint8)[ends[0] : ends[-1]]
    return found


def _present_bytes(text: pa.StringArray) -> npt.NDArray[np.uint8]:
    """Without those of null texts: one letter of them would doom the column."""
    found = _numpy_bytes(text)
    if text.null_count and len(found) != (pc.sum(pc.binary_length(text)).as_py() or 0):
        return _numpy_bytes(text.drop_null())
    return found


def _ends(text: pa.StringArray) -> npt.NDArray[np.int32]:
    """Where in these bytes each text ends."""
    places = np.frombuffer(text.buffers()[1], np.int32)[text.offset : text.offset + len(text) + 1]
    ends: npt.NDArray[np.int32] = places[1:] - places[0]
    return ends


def _only(text: pa.StringArray, first: str, last: str) -> bool:
    """Whether all bytes are between these two."""
    data = _present_bytes(text)
    return not len(data) or bool(data.min() >= ord(first) and data.max() <= ord(last))


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
    plain = _only(text, "\t", "9")
    if not plain and (not _only(text, "\t", "e") or pc.all(pc.match_substring_regex(text, _NUMBER)).as_py() is False):
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
_DAY_OF_YEAR = (
    r"((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))"
)
_DATE = r"^(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})-" + _DAY_OF_YEAR
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_MOMENT = _DATE + r"[T ]" + _CLOCK + r"(\.[0-9]{1,6})?"
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
    marks: str
    """Bytes that occur in it besides digits."""
    lengths: tuple[int, int | None] = (0, None)

    def find(self, text: pa.StringArray) -> Found:
        """What Arrow casts is sure. Else all but the cells that stand out; else those that match the pattern."""
        values = self.cast(text)
        if values is not None:
            return Found(values, None, plain=True)
        sure = self._likely(text)
        some = self.cast(_where(sure, text))
        if some is None:  # this takes five times as long
            sure = pc.match_substring_regex(text, self.pattern)
            some = self.cast(_where(sure, text))
        return _doubtful(text) if some is None else Found(some, sure)

    def _likely(self, text: pa.StringArray) -> pa.BooleanArray:
        """Cells of these lengths in which no other byte occurs, and no sign or point where a number has none."""
        shortest, longest = self.lengths
        lengths = pc.fill_null(pc.binary_length(text), 0).to_numpy()
        likely = lengths >= max(shortest, 1)
        if longest is not None:
            likely &= lengths <= longest
        bytes_, ends = _numpy_bytes(text), _ends(text)
        if not len(bytes_):
            return pa.array(likely)

        def rows(found: Any) -> Any:
            return np.searchsorted(ends, found, side="right")

        odd = np.ones(256, bool)
        odd[list(b"0123456789" + self.marks.encode())] = False
        likely[rows(np.flatnonzero(odd[bytes_]))] = False
        if self.kind in ("integer", "number"):
            signs = np.flatnonzero((bytes_ == ord("-")) | (bytes_ == ord("+")))
            within = rows(signs)
            likely[within[signs != ends[within] - lengths[within]]] = False
            likely &= bytes_[np.maximum(ends - 1, 0)] >= ord("0")  # no sign alone
        if self.kind == "number":
            points = np.append(bytes_ == ord("."), [False])
            likely &= np.add.reduceat(points, np.minimum(ends - lengths, len(bytes_)), dtype=np.int32) < 2
        return pa.array(likely)


_PLAIN = {
    "integer": _Plain("integer", _integers, r"^-?[0-9]{1,18}$", "-"),
    "year": _Plain("integer", _years, r"^[0-9]{4}$", "", (4, 4)),
    "number": _Plain("number", _numbers, _NUMBER, "-+."),
    "date": _Plain("date", _dates, _DATE + "$", "-", (10, 10)),
    "datetime": _Plain("datetime", _datetimes, _MOMENT + "$", "-T :.", (19, None)),
    "time": _Plain("time", _times, f"^{_CLOCK}$", ":", (8, 8)),
}
