"""How numbers, dates and times are mostly written: what Arrow casts to the values that frictionless reads."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from generator.tables.proof.found import Found
from generator.tables.proof.text_bytes import are_between, bytes_of, ends_of, extremes, have_length

_EPOCH = datetime.date(1970, 1, 1)
_FIRST_DAY = (datetime.date(1, 1, 1) - _EPOCH).days
_DAY = 86_400_000_000
"""In microseconds."""
SOME_DAY = datetime.date(2000, 1, 1)
"""Times are read as moments of one day."""


def doubtful(text: pa.StringArray) -> Found:
    return Found(None, pa.repeat(pa.scalar(False), len(text)))


def _cast(text: pa.StringArray, kind: pa.DataType) -> pa.Array | None:
    try:
        return text.cast(kind)
    except pa.ArrowInvalid:
        return None


def _integers(text: pa.StringArray) -> pa.Array | None:
    return _cast(text, pa.int64()) if are_between(text, "\t", "9") else None  # Arrow also takes 0x1F


def _numbers(text: pa.StringArray) -> pa.Array | None:
    """Doubles: equal decimals are equal doubles, and a smaller double is a smaller decimal."""
    plain = are_between(text, "\t", "9")
    if not plain and (
        not are_between(text, "\t", "e") or pc.all(pc.match_substring_regex(text, _NUMBER)).as_py() is False
    ):
        return None  # nan(1), 1e9999999999999999999
    return _cast(text, pa.float64())


def _dates(text: pa.StringArray) -> pa.Array | None:
    if not are_between(text, "-", "9") or not have_length(text, 10):
        return None
    return _from(_cast(text, pa.date32()), pa.int32(), _FIRST_DAY)


def _datetimes(text: pa.StringArray) -> pa.Array | None:
    """Without a zone."""
    shortest, _ = extremes(text)
    if shortest is not None and shortest < 19:
        return None
    return _from(_cast(text, pa.timestamp("us")), pa.int64(), _FIRST_DAY * _DAY)


def _times(text: pa.StringArray) -> pa.Array | None:
    if not are_between(text, "0", ":") or not have_length(text, 8):
        return None
    return _cast(pc.binary_join_element_wise("2000-01-01T", text, ""), pa.timestamp("us"))


def _years(text: pa.StringArray) -> pa.Array | None:
    return _cast(text, pa.int64()) if are_between(text, "0", "9") and have_length(text, 4) else None


def _from(values: pa.Array | None, number: pa.DataType, first: int) -> pa.Array | None:
    """Arrow has a year 0, Python has none."""
    if values is None:
        return None
    least = pc.min(values.view(number)).as_py()
    return values if least is None or least >= first else None


def datetime_form(text: pa.StringArray) -> Found:
    """Moments with a zone are sure as well, where no bound is to be compared with them."""
    found = PLAIN["datetime"].find(text)
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
YEARMONTH = r"^[0-9]{4}-(0[1-9]|1[0-2])$"


@dataclass(frozen=True, slots=True)
class Plain:
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
        return doubtful(text) if some is None else Found(some, sure)

    def _likely(self, text: pa.StringArray) -> pa.BooleanArray:
        """Cells of these lengths in which no other byte occurs, and no sign or point where a number has none."""
        shortest, longest = self.lengths
        lengths = pc.fill_null(pc.binary_length(text), 0).to_numpy()
        likely = lengths >= max(shortest, 1)
        if longest is not None:
            likely &= lengths <= longest
        bytes_, ends = bytes_of(text), ends_of(text)
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


PLAIN = {
    "integer": Plain("integer", _integers, r"^-?[0-9]{1,18}$", "-"),
    "year": Plain("integer", _years, r"^[0-9]{4}$", "", (4, 4)),
    "number": Plain("number", _numbers, _NUMBER, "-+."),
    "date": Plain("date", _dates, _DATE + "$", "-", (10, 10)),
    "datetime": Plain("datetime", _datetimes, _MOMENT + "$", "-T :.", (19, None)),
    "time": Plain("time", _times, f"^{_CLOCK}$", ":", (8, 8)),
}
