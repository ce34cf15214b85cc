"""The declared types in Arrow: what is to be known of a column's texts, the type that follows, and the values.

A column gets a type in which every cell has a value that says the same as its text. Where one cell has none, the
column stays text: the source's words are better than a silently changed value. The table is known to be valid, so a
text that is not of a usual form is of an unusual one that frictionless reads all the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from generator.tables.facts import TEXT, Cell, ColumnPlan, Facts, Kept
from generator.tables.plain_forms import Cells, cast, exact_decimals, first_cells, matches, read_once, valid, where

MOST_DIGITS = 38
_IN_64_BITS = 18
_IN_A_DOUBLE = 15
"""Decimals of so many digits are told apart by doubles, whatever they are."""

Found = tuple[Facts, pa.Array | None]
"""Facts of a piece, and its values in the type that would do for this piece; None when that is text, or unknown."""


class Form(Protocol):
    """One declared type, with the format and the marks that a field declares."""

    def examine(self, text: pa.StringArray, values: pa.Array | None, known: Facts) -> Found:
        """``values``: what a check has already read, where all texts are of the type's usual form.

        A mark that is ``known`` from earlier rows need not be looked for.
        """

    def plan(self, facts: Facts, *, long: bool) -> ColumnPlan:
        """``long``: of a table of several row groups."""

    def convert(self, text: pa.StringArray, kind: pa.DataType) -> pa.Array:
        """The values of texts that are known to have one in this type."""


def form_of(field: Any) -> Form:
    """Of a ``frictionless.Field``."""
    if field.type == "integer":
        return Integers(field)
    if field.type == "number":
        return Numbers(field)
    if field.type == "boolean":
        return Booleans(field)
    if field.type == "year":
        return Years()
    if field.type in ("date", "datetime"):
        if not _is_determined(field):
            return Undetermined()
        if field.format != "default":
            return Formatted(field)
        return Dates(field) if field.type == "date" else Datetimes()
    # Text on purpose: yearmonth, duration, list, array, object, geopoint, geojson, any, string; and time, which
    # hyparquet, the reader in browsers, would show as a bare number of microseconds: all readers are to see the same.
    return Texts()


class Texts:
    def examine(self, text: pa.StringArray, values: pa.Array | None, known: Facts) -> Found:
        return Facts(), text

    def plan(self, facts: Facts, *, long: bool) -> ColumnPlan:
        return ColumnPlan(TEXT)

    def convert(self, text: pa.StringArray, kind: pa.DataType) -> pa.Array:
        return text


class Undetermined(Texts):
    """Dates whose format says less or more than a date: a week, or a day with its hour."""

    def examine(self, text: pa.StringArray, values: pa.Array | None, known: Facts) -> Found:
        if "format" in known.marks:
            return Facts(), text
        return Facts(_first("format", text)), text

    def plan(self, facts: Facts, *, long: bool) -> ColumnPlan:
        return ColumnPlan(TEXT, facts.odd)


def _first(mark: str, text: pa.StringArray) -> dict[str, Cell]:
    """The first cell that there is, so marked."""
    if text.null_count == len(text):
        return {}
    row = 0 if not text.null_count else int(valid(text).argmax())
    return {mark: Cell(row, text[row].as_py())}


class _Numeric:
    """What integers and numbers have in common: padding, and the marks that a schema declares."""

    def __init__(self, field: Any) -> None:
        self._affixes = None if field.bare_number else re.compile(r"((^[^-\d]*)|(\D*$))")  # frictionless's own
        self._group = getattr(field, "group_char", "")
        self._point = getattr(field, "decimal_char", ".")
        self.declares = bool(self._affixes or self._group or self._point != ".")

    def bare(self, text: pa.StringArray) -> Cells:
        """Without padding, and without what the schema says does not count."""
        if self.declares:
            return Cells.of(read_once(text, self._bare, TEXT))
        cells = Cells.of(text)
        return cells if cells.only("!") else Cells.of(pc.utf8_trim(text, " \t"))

    def _bare(self, text: str) -> str:
        text = text.strip(" \t")
        if self._affixes:
            text = self._affixes.sub("", text)
        return text.replace(self._group, "").replace(self._point, ".")


def _odd(text: str) -> str:
    """The mark of a text that is a number, and neither plain nor with an exponent."""
    if not text.isascii():
        return "digits" if any(c.isdecimal() and not c.isascii() for c in text) else "space"
    if text != text.strip():
        return "space"
    if "_" in text:
        return "underscore"
    if text.startswith("+"):
        return "plus"
    if re.match(r"-?0[0-9]", text):
        return "leading-zero"
    return "nan-payload" if "nan" in text.lower() else "form"


class Integers(_Numeric):
    """64 bits; where they are not enough, decimals without decimal places."""

    def examine(self, text: pa.StringArray, values: pa.Array | None, known: Facts) -> Found:
        cells = self.bare(text)
        bare = cells.text
        if cells.only("-", "9"):
            values = values if values is not None and bare is text else cast(bare, pa.int64())
            if values is not None:
                zero = cells.leading_zero()
                return (Facts({"leading-zero": self._original(zero, text)}), None) if zero else (Facts(), values)
        plain = matches(bare, r"^-?(0|[1-9][0-9]*)$")
        odd = first_cells(bare, pc.invert(plain), lambda one: (_odd(one),))
        marks = {mark: self._original(cell, text) for mark, cell in odd.marks.items()}
        whole, _ = Cells.of(where(plain, bare)).digits()
        big = matches(bare, r"^-?[1-9][0-9]{18,}$")
        beyond = first_cells(bare, big, lambda one: ("beyond-64-bits",) if not -(2**63) <= int(one) < 2**63 else ())
        return Facts({**marks, **beyond.marks}, whole), None if marks else cast(bare, pa.int64())

    def plan(self, facts: Facts, *, long: bool) -> ColumnPlan:
        if facts.odd:
            return ColumnPlan(TEXT, facts.odd)
        if "beyond-64-bits" not in facts.marks:
            return ColumnPlan(pa.int64())
        if facts.whole.digits > MOST_DIGITS:
            assert facts.whole.cell
            return ColumnPlan(TEXT, Kept("too-long", facts.whole.cell))
        return ColumnPlan(pa.decimal128(_precision(facts.whole.digits, long=long), 0))

    def convert(self, text: pa.StringArray, kind: pa.DataType) -> pa.Array:
        return self.bare(text).text.cast(kind)

    def _original(self, cell: Cell, text: pa.StringArray) -> Cell:
        return Cell(cell.row, text[cell.row].as_py())


def _precision(digits: int, *, long: bool) -> int:
    """A long table has room for more digits: a larger number in its last rows must not begin everything again."""
    if not long:
        return max(digits, 1)
    return _IN_64_BITS if digits <= _IN_64_BITS else MOST_DIGITS


_PLAIN = r"^-?((0|[1-9][0-9]*)\.?|(0|[1-9][0-9]*)?\.[0-9]+)$"
_SPECIAL = re.compile(
    r"-?((0|[1-9][0-9]*)\.?|(0|[1-9][0-9]*)?\.[0-9]+)[eE][-+]?[0-9]+|nan|-?inf(inity)?", re.IGNORECASE
)


class Numbers(_Numeric):
    """Exact decimals; floating point for NaN, infinities and exponents, where it has exactly these values."""

    def __init__(self, field: Any) -> None:
        super().__init__(field)
        self._floats = bool(field.float_number)

    def examine(self, text: pa.StringArray, values: pa.Array | None, known: Facts) -> Found:
        cells = self.bare(text)
        if cells.text is not text:
            values = None
        facts, found = self._examine(cells, values, known)
        if self.declares or cells.text is not text:
            marks = {mark: Cell(cell.row, text[cell.row].as_py()) for mark, cell in facts.marks.items()}
            facts = Facts(marks, facts.whole, facts.scale)
        return facts, found

    def _examine(self, cells: Cells, values: pa.Array | None, known: Facts) -> Found:
        bare = cells.text
        if cells.only("-", "9") and (values is not None or _all(bare, _PLAIN)):
            zero = cells.leading_zero()
            if zero:
                return Facts({"leading-zero": zero}), None
            return self._plain(cells, values, known)
        plain = matches(bare, _PLAIN)
        facts = first_cells(bare, pc.invert(plain), _marks)
        of_plain, found = self._plain(Cells.of(where(plain, bare)), None, known)
        facts = facts.join(of_plain)
        if facts.odd:
            return facts, None
        return facts, found if "special" not in facts.marks else _doubles(bare)

    def _plain(self, cells: Cells, values: pa.Array | None, known: Facts) -> Found:
        text = cells.text
        whole, scale = cells.digits()
        marks: dict[str, Cell] = {}
        if whole.digits + scale.digits > _IN_A_DOUBLE and "inexact" not in known.marks:
            marks = first_inexact(text, cells)
        return Facts(marks, whole, scale), self._values(text, values, whole.digits + scale.digits, scale.digits)

    def _values(self, text: pa.StringArray, values: pa.Array | None, digits: int, scale: int) -> pa.Array | None:
        if self._floats:
            return _doubles(text) if values is None else values
        if digits > MOST_DIGITS:
            return None
        if digits <= _IN_A_DOUBLE:
            decimals = exact_decimals(_doubles(text) if values is None else values, scale)
            if decimals is not None:
                return decimals
        return cast(text, pa.decimal128(_precision(digits, long=True), scale))

    def plan(self, facts: Facts, *, long: bool) -> ColumnPlan:
        if facts.odd:
            return ColumnPlan(TEXT, facts.odd)
        if self._floats:
            return ColumnPlan(pa.float64())
        whole, scale = max(facts.whole.digits, 1), facts.scale.digits
        inexact = facts.marks.get("inexact")
        if "special" in facts.marks:
            return ColumnPlan(TEXT, Kept("inexact", inexact)) if inexact else ColumnPlan(pa.float64())
        if whole + scale <= MOST_DIGITS:
            return ColumnPlan(pa.decimal128(_precision(whole + scale, long=long), scale))
        if not inexact:
            return ColumnPlan(pa.float64())
        cells = [most.cell for most in (facts.whole, facts.scale) if most.cell]
        return ColumnPlan(TEXT, Kept("too-long", max(cells)))

    def convert(self, text: pa.StringArray, kind: pa.DataType) -> pa.Array:
        bare = self.bare(text).text
        return _doubles(bare) if pa.types.is_floating(kind) else bare.cast(kind)


def _all(text: pa.StringArray, pattern: str) -> bool:
    return pc.all(matches(text, pattern)).as_py() is not False


def _doubles(text: pa.StringArray) -> pa.Array:
    found = cast(text, pa.float64())
    return read_once(text, float, pa.float64()) if found is None else found


def _marks(text: str) -> Iterator[str]:
    if not _SPECIAL.fullmatch(text):
        yield _odd(text)
        return
    yield "special"
    if not is_exact(text):
        yield "inexact"


def is_exact(text: str) -> bool:
    """Whether the double's shortest writing is this number."""
    number = Decimal(text)
    return number.is_nan() or Decimal(repr(float(text))) == number


def first_inexact(text: pa.StringArray, cells: Cells) -> dict[str, Cell]:
    long = np.flatnonzero(cells.end - cells.start > _IN_A_DOUBLE)
    rows = long if cells.rows is None else cells.rows[long]
    some = text.take(pa.array(rows, pa.int64()))
    same = pc.equal(_doubles(some).cast(TEXT), some).to_numpy(zero_copy_only=False)
    for index in np.flatnonzero(~same):
        one = some[int(index)].as_py()
        if not is_exact(one):
            return {"inexact": Cell(int(rows[index]), one)}
    return {}


class Booleans:
    def __init__(self, field: Any) -> None:
        false = set(field.false_values)
        # A word on both lists is false for frictionless.
        self._true = pa.array([word for word in field.true_values if word not in false], TEXT)

    def examine(self, text: pa.StringArray, values: pa.Array | None, known: Facts) -> Found:
        return Facts(), self.convert(text, pa.bool_()) if values is None else values

    def plan(self, facts: Facts, *, long: bool) -> ColumnPlan:
        return ColumnPlan(pa.bool_())

    def convert(self, text: pa.StringArray, kind: pa.DataType) -> pa.Array:
        found = pc.is_in(text, value_set=self._true)
        return found if not text.null_count else pc.if_else(pc.is_valid(text), found, pa.scalar(None, pa.bool_()))


class Years:
    """Four digits, as they stand: a year before 1000 begins with a zero."""

    def examine(self, text: pa.StringArray, values: pa.Array | None, known: Facts) -> Found:
        plain = matches(text, r"^[0-9]{4}$") if not Cells.of(text).only("0", "9") else None
        if plain is None or pc.all(plain).as_py() is not False:
            return Facts(), (text if values is None else values).cast(pa.int32())
        return first_cells(text, pc.invert(plain), lambda one: (_odd(one),)), None

    def plan(self, facts: Facts, *, long: bool) -> ColumnPlan:
        return ColumnPlan(TEXT, facts.odd) if facts.odd else ColumnPlan(pa.int32())

    def convert(self, text: pa.StringArray, kind: pa.DataType) -> pa.Array:
        return text.cast(kind)


def _other_digits(text: str) -> tuple[str, ...]:
    return ("digits",) if any(c.isdecimal() and not c.isascii() for c in text) else ()


class Formatted:
    """Dates and moments that frictionless itself reads: each distinct text once, and remembered."""

    def __init__(self, field: Any) -> None:
        self._read: Callable[[str], Any] = field.create_value_reader()
        self._days = field.type == "date"
        self._zoned = not self._days and "%z" in field.format.replace("%%", "")

    def examine(self, text: pa.StringArray, values: pa.Array | None, known: Facts) -> Found:
        facts = first_cells(text, pc.is_valid(text), self._marks)
        return facts, None if facts.odd else self.convert(text, self.plan(facts, long=False).type)

    def _marks(self, text: str) -> Iterator[str]:
        yield from _other_digits(text)
        if self._zoned and not 1 < self._read(text).year < 9999:
            yield "range"

    def plan(self, facts: Facts, *, long: bool) -> ColumnPlan:
        if facts.odd:
            return ColumnPlan(TEXT, facts.odd)
        return ColumnPlan(pa.date32() if self._days else pa.timestamp("us", "UTC" if self._zoned else None))

    def convert(self, text: pa.StringArray, kind: pa.DataType) -> pa.Array:
        return read_once(text, self._read, kind)


class Dates(Formatted):
    """``2024-01-06``; also ``2024-1-6``, which names the same day."""

    def examine(self, text: pa.StringArray, values: pa.Array | None, known: Facts) -> Found:
        if values is None and _all(text, r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"):
            values = cast(text, pa.date32())
        return (Facts(), values) if values is not None else super().examine(text, None, known)


_MOMENT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}([.,][0-9]{1,6}0*)?"
_ZONE = r"(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)"
_MIXED = {"naive", "zoned"}
_FIRST = (datetime(1, 1, 1, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)).days * 86_400_000_000
_LAST = (date(9999, 12, 31) - date(1970, 1, 1)).days * 86_400_000_000 + 86_399_999_999


class Datetimes:
    """Without a zone as they stand; with one as moments, in UTC."""

    def examine(self, text: pa.StringArray, values: pa.Array | None, known: Facts) -> Found:
        if values is None and _all(text, f"^{_MOMENT}$"):
            values = self._cast(text, None)
        if values is not None:
            return Facts({} if "naive" in known.marks else _first("naive", text)), values
        zoned = matches(text, f"^{_MOMENT}{_ZONE}$")
        naive = matches(text, f"^{_MOMENT}$")
        facts = first_cells(text, pc.invert(pc.or_(zoned, naive)), _moment_marks)
        facts = facts.join(Facts(_first("naive", where(naive, text)) | _first("zoned", where(zoned, text))))
        values = self._cast(where(zoned, text), "UTC")
        if values is None:
            return facts.join(first_cells(text, zoned, lambda _: ("form",))), None
        outside = pc.invert(
            pc.and_(pc.greater_equal(values.view(pa.int64()), _FIRST), pc.less_equal(values.view(pa.int64()), _LAST))
        )
        facts = facts.join(first_cells(text, outside, lambda _: ("range",)))
        single = not facts.odd and not facts.marks.keys() >= _MIXED
        return facts, values if single else None

    def _cast(self, text: pa.StringArray, zone: str | None) -> pa.Array | None:
        found = cast(text, pa.timestamp("us", zone))
        if found is None:
            usual = pc.replace_substring(text, ",", ".")
            found = cast(pc.replace_substring_regex(usual, r"(\.[0-9]{6})0+", r"\1"), pa.timestamp("us", zone))
        return found

    def plan(self, facts: Facts, *, long: bool) -> ColumnPlan:
        mixed = [Kept("zones", max(facts.marks[mark] for mark in _MIXED))] if facts.marks.keys() >= _MIXED else []
        kept = [*mixed, *([facts.odd] if facts.odd else [])]
        if kept:
            return ColumnPlan(TEXT, min(kept, key=lambda k: k.cell))
        return ColumnPlan(pa.timestamp("us", "UTC" if "zoned" in facts.marks else None))

    def convert(self, text: pa.StringArray, kind: pa.DataType) -> pa.Array:
        found = self._cast(text, kind.tz)
        assert found is not None
        return found


def _moment_marks(text: str) -> tuple[str, ...]:
    if _other_digits(text):
        return ("digits",)
    if re.search(r"[.,][0-9]{7}", text):
        return ("finer",)
    return ("midnight",) if text[11:13] == "24" else ("form",)


def _is_determined(field: Any) -> bool:
    """Whether the field's format says all of the value and no more: a week is no date, nor is a date with a time."""
    if field.format == "default":
        return True
    if field.format == "any":
        return False  # dateutil completes what is missing from today's date
    said = set(re.findall(r"%(.)", field.format.replace("%%", "")))
    day = _says_day(said)
    clock = bool(said & {"X", "c"}) or (bool(said & {"H"} or said >= {"I", "p"}) and "M" in said)
    has_clock = bool(said & set("HIMSfpXcz"))
    if "Z" in said:
        return False  # strptime reads a zone's name and forgets it
    return {"date": day and not has_clock, "datetime": day and clock}[field.type]


def _says_day(said: set[str]) -> bool:
    if said & {"x", "c"}:
        return True
    weekday = bool(said & set("aAwu"))
    if "G" in said:
        return "V" in said and weekday
    year = bool(said & {"Y", "y"})
    in_year = (bool(said & {"m", "b", "B"}) and "d" in said) or "j" in said or (bool(said & {"U", "W"}) and weekday)
    return year and in_year
