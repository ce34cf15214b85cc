"""A column of Arrow texts, looked at without making Python texts of them but where something may be.

Three sieves, each finer and dearer than the one before: every fourth byte, then an expression by Arrow, then the
reader of ``identifiers``. Cells that are one number from end to end never get so far: their digits are looked at as a
matrix.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from generator.disclosure import claims as said
from generator.disclosure.looked import (
    CLAIMED,
    DAMAGED,
    LEAST_TOLD,
    MASKED,
    NAMES,
    PLACES,
    SAMPLE,
    Column,
    Looked,
    look_at_claimed,
    look_at_people,
    look_at_text,
    look_near_words,
    sample_name,
)
from generator.identifiers import CARD, ISSUERS, MOBILE, OUTER, PROVINCES, RESIDENT, RESIDENT_OLD, mask

Bytes = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

NOTHING_IN = frozenset(("boolean", "year", "yearmonth", "time", "date", "datetime", "duration"))
"""Types whose valid cells have no room for an identifier."""
_NUMERIC = frozenset(("integer", "number"))
_WHOLE = (11, 15, 16, 17, 18, 19)
_LEAST = 11
_SHORTEST = len("粤J12345".encode())
_WORTH = r"1[3-9][0-9](?:[ .-]?[0-9]){8}|(?:[0-9][ -]?){14}[0-9]"
_WORDS = (
    "(?i)护照|通行证|回乡证|台胞证|台湾居民|永久居留|永居证|车牌|号牌|车号|passport|permit|plate|permanent"
    f"|[{PLACES}][A-ZＡ-Ｚ][ ·•・‧.．-]?[A-Z0-9０-９Ａ-Ｚ]{{4}}"
)
_CLAIMED = (
    r"^\s*[^0-9]|^\s*9[2２]|^\s*9[1-6][0-9]{4}(?:19|20)|^\s*1[45][0-9]{7}\s*$|^\s*[0-9]{8}(?:[0-9]{2})?\s*$"
    r"|^\s*[0-9]{18}[0-9A-Za-z]{2}\s*$"
)
"""What a document, a plate or a sole trader's code begins with; resident IDs and firms' codes are left out."""
_TOLD = "[男女][^男女]{0,80}(?:[生住])|姓名[:：]"
_DAMAGED = r"^[1-9]\.[0-9]{2,}[Ee]\+1[0-9]$"
_MASKED = (
    r"^(?:\p{Han}{1,2}[*＊]{1,3}\p{Han}?|[0-9A-Za-z]{2,17}[*＊]{2,18}[0-9A-Za-z]{0,8}|[*＊]{3,18}[0-9A-Za-z]{1,8})$"
)
_SCALE = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], np.int64)
_CHECK = np.frombuffer(b"10X98765432", np.uint8)
_PROVINCE, _OUTER = np.zeros(100, np.bool_), np.zeros(100, np.bool_)
_PROVINCE[[int(code) for code in PROVINCES]] = True
_OUTER[[int(code) for code in OUTER]] = True


def look(column: Column, text: pa.StringArray, latest: datetime.date, allowed: frozenset[str]) -> Looked:
    looked = Looked()
    looked.cells = len(text) - text.null_count
    if column.type in NOTHING_IN or not len(text):
        return looked
    claims = column.claims
    one = _Texts.of(text)
    if claims & NAMES:
        for cell in text.slice(0, SAMPLE).to_pylist():
            if cell:
                sample_name(looked, cell)
    if claims & CLAIMED:
        rows = one.matching(np.arange(len(text)), _CLAIMED)
        for row, cell in zip(rows.tolist(), one.cells(rows), strict=True):
            if cell:
                look_at_claimed(column, looked, row, cell, latest)
    wide = np.empty(0, np.int64) if one.is_ascii else _wide(one)
    if (one.has_digits and one.lengths.max() >= (_LEAST if one.is_ascii else _SHORTEST)) or len(wide):
        _numbers(column, looked, one, latest, allowed, wide)
    if column.type not in _NUMERIC or claims & {said.ID, said.PHONE, said.CARD, said.CREDIT_CODE}:
        _forms(looked, one, wide)
    if not one.is_ascii and (one.has_digits or len(wide)) and one.lengths.max() >= LEAST_TOLD:
        _people(looked, one)
    return looked


class _Texts:
    def __init__(self, text: pa.StringArray, offsets: Numbers, data: Bytes) -> None:
        self.text, self.offsets, self.data = text, offsets, data
        self.lengths = np.diff(offsets)
        self.is_ascii = not len(data) or bool(data.max() < 0x80)
        self.digits = _is_digit(data)
        count = int(np.count_nonzero(self.digits))
        self.has_digits = count > 0
        self.has_few_digits = count <= len(text) // 20

    @classmethod
    def of(cls, text: pa.StringArray) -> _Texts:
        _, offsets, data = text.buffers()
        places = np.frombuffer(offsets, np.int32)[text.offset : text.offset + len(text) + 1].astype(np.int64)
        if data is None:
            return cls(text, places, np.empty(0, np.uint8))
        return cls(text, places - places[0], np.frombuffer(data, np.uint8)[places[0] : places[-1]])

    def distinct_rows(self, places: Numbers) -> Numbers:
        """Of ascending places. (``np.unique`` does not know that they are.)"""
        if len(places) > len(self.lengths):  # of each run the first in its row: each place is a search
            begins = np.zeros(len(self.data) + 1, np.bool_)
            begins[self.offsets] = True
            places = places[(np.diff(places, prepend=-2) != 1) | begins[places]]
        rows = np.searchsorted(self.offsets, places, side="right") - 1
        return rows[np.flatnonzero(np.diff(rows, prepend=-1))]

    def cells(self, rows: Numbers) -> Sequence[str | None]:
        found: list[str | None] = self.text.take(pa.array(rows)).to_pylist()
        return found

    def matching(self, rows: Numbers, expression: str) -> Numbers:
        if not len(rows):
            return rows
        matches = pc.fill_null(pc.match_substring_regex(self.text.take(pa.array(rows)), expression), False)
        found: Numbers = rows[np.asarray(matches)]
        return found

    def matrix(self, rows: Numbers, length: int) -> Bytes:
        found: Bytes = self.data[self.offsets[rows][:, None] + np.arange(length)]
        return found


def _numbers(
    column: Column, looked: Looked, one: _Texts, latest: datetime.date, allowed: frozenset[str], wide: Numbers
) -> None:
    done, cards = np.zeros(len(one.lengths), np.bool_), said.CARD in column.claims
    fitting = np.flatnonzero((one.lengths >= _LEAST) & (one.lengths <= _WHOLE[-1]))
    fitting = fitting[one.digits[one.offsets[fitting]]]
    for length in _WHOLE if len(fitting) else ():
        rows = fitting[one.lengths[fitting] == length]
        if len(rows):
            _whole(looked, one, rows, length, latest, allowed, done, cards=cards)
    is_number = column.type in _NUMERIC
    rows = _with_point_zero(one) if is_number else one.matching(_with_runs(one, done), _WORTH)
    if not one.is_ascii:
        rows = np.union1d(rows, _odd_digits(one, wide))
    if not is_number and not column.claims & CLAIMED:
        _near_words(looked, one, wide)
    for row, cell in zip(rows.tolist(), one.cells(rows), strict=True):
        if cell:
            look_at_text(looked, row, cell, latest, allowed, cards=cards)


def _whole(
    looked: Looked,
    one: _Texts,
    rows: Numbers,
    length: int,
    latest: datetime.date,
    allowed: frozenset[str],
    done: Flags,
    *,
    cards: bool,
) -> None:
    """Cells of this length that are digits from end to end."""
    rows = rows[_is_digit(one.data[one.offsets[rows]]) & _is_digit(one.data[one.offsets[rows] + length - 2])]
    digits = one.matrix(rows, length)
    marks = digits.copy()
    ends_in_x = (digits[:, -1] | 0x20) == ord("x") if length == 18 else np.zeros(len(rows), np.bool_)
    marks[ends_in_x, -1] = ord("0")
    whole = _is_digit(marks).all(axis=1)
    if length == 15:
        whole &= ~(digits[:, :4] == np.frombuffer(b"0086", np.uint8)).all(axis=1)  # a phone, with its country
    rows, digits = rows[whole], digits[whole]
    if not len(rows):
        return
    done[rows] = True
    values = digits.astype(np.int64) - 48
    if length == 11:
        good = (values[:, 0] == 1) & (values[:, 1] >= 3)
        _tally(looked, MOBILE, rows, digits, good, good, latest, allowed)
        return
    if length in (15, 18):
        born = _is_shaped(values, length, latest)
        kind = RESIDENT if length == 18 else RESIDENT_OLD
        shaped = born if length == 18 else _is_placed(values)
        checked = born & _has_check(values, digits) if length == 18 else born
        _tally(looked, kind, rows, digits, shaped, checked, latest, allowed)
        rows, digits, values = rows[~checked], digits[~checked], values[~checked]
    if length >= 16 and len(rows):
        numeric = values[:, -1] <= 9
        rows, digits, values = rows[numeric], digits[numeric], values[numeric]
        checked = _is_luhn(values)
        good = checked if cards else checked & _is_issued(values, length)
        _tally(looked, CARD, rows, digits, checked, good, latest, allowed)
        zeros = ~values[:, 15:].any(axis=1) & values[:, :15].any(axis=1)
        looked.long += len(rows)
        looked.zeros += int(zeros.sum())
        if zeros.any() and looked.zeros_row < 0:
            looked.zeros_row = int(rows[zeros][0])


def _tally(
    looked: Looked,
    kind: str,
    rows: Numbers,
    digits: Bytes,
    shaped: Flags,
    good: Flags,
    latest: datetime.date,
    allowed: frozenset[str],
) -> None:
    if allowed and good.any():
        known = [bytes(row).decode() in allowed for row in digits[good]]
        good[np.flatnonzero(good)[known]] = False
    tally = looked.tally(kind)
    tally.seen += len(rows)
    tally.shaped += int(shaped.sum())
    hits = int(good.sum())
    tally.hits += hits
    tally.cells += hits
    if not hits:
        return
    first = int(rows[good][0])
    if tally.row < 0 or first < tally.row:
        tally.row, tally.masked = first, mask(bytes(digits[good][0]).decode())
    if kind == RESIDENT_OLD:
        years = (digits[good][:, 6].astype(np.int64) - 48) * 10 + digits[good][:, 7] - 48
        tally.early += int((years <= latest.year % 100).sum())


def _is_digit(data: Bytes) -> Flags:
    found: Flags = (data - np.uint8(48)) < 10  # wraps below zero
    return found


def _is_placed(values: Numbers) -> Flags:
    province = values[:, 0] * 10 + values[:, 1]
    found: Flags = _PROVINCE[province] & (values[:, 2:6].any(axis=1) | _OUTER[province])
    return found


def _is_shaped(values: Numbers, length: int, latest: datetime.date) -> Flags:
    place = _is_placed(values)
    if length == 18:
        year = values[:, 6:10] @ np.array([1000, 100, 10, 1])
        month_day = values[:, 10:14]
    else:
        year = 1900 + values[:, 6:8] @ np.array([10, 1])
        month_day = values[:, 8:12]
    month, day = month_day[:, 0] * 10 + month_day[:, 1], month_day[:, 2] * 10 + month_day[:, 3]
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    longest = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, *[0] * 87])[month]
    exists = (day >= 1) & (day <= longest + (leap & (month == 2)))
    latest_day = latest.year * 10000 + latest.month * 100 + latest.day
    found: Flags = place & exists & (year >= 1900)
    return found & (year * 10000 + month * 100 + day <= latest_day) if length == 18 else found


def _has_check(values: Numbers, digits: Bytes) -> Flags:
    wanted = _CHECK[values[:, :17] @ _SCALE % 11]
    last = digits[:, 17]
    found: Flags = wanted == np.where(last == ord("x"), np.uint8(ord("X")), last)
    return found


def _is_luhn(values: Numbers) -> Flags:
    doubled = values[:, -2::-2] * 2
    total = values[:, -1::-2].sum(axis=1) + (doubled - 9 * (doubled > 9)).sum(axis=1)
    found: Flags = total % 10 == 0
    return found


def _is_issued(values: Numbers, length: int) -> Flags:
    found = np.zeros(len(values), np.bool_)
    for first, last, lengths in ISSUERS:
        if length in lengths:
            size = len(first)
            head = values[:, :size] @ (10 ** np.arange(size)[::-1])
            found |= (head >= int(first)) & (head <= int(last))
    return found


# ---- sieves


def _with_runs(one: _Texts, done: Flags) -> Numbers:
    """Rows with eleven or more digits, blanks, hyphens and points in a row.

    Eleven bytes in a row are met by every fourth byte at least twice. Where digits are few, they are counted by rows.
    """
    if one.has_few_digits:
        rows = np.searchsorted(one.offsets, np.flatnonzero(one.digits), side="right") - 1
        starts = np.flatnonzero(np.diff(rows, prepend=-1))
        rows = rows[starts[np.diff(starts, append=len(rows)) >= _LEAST]]
        return rows[~done[rows]]
    sampled = _is_chain(np.ascontiguousarray(one.data[::4]))
    places = np.flatnonzero(sampled[:-1] & sampled[1:]) * 4
    if len(places) > len(one.lengths) // 20:
        places = _runs(_is_chain(one.data), _LEAST)
    rows = one.distinct_rows(places)
    return rows[(one.lengths[rows] >= _LEAST) & ~done[rows]]


def _is_chain(data: Bytes) -> Flags:
    found: Flags = _is_digit(data) | (data == 32) | (data == 45) | (data == 46)
    return found


def _runs(flags: Flags, length: int) -> Numbers:
    """Where so many in a row begin."""
    size = 1
    while 2 * size <= length:
        flags, size = flags[:-size] & flags[size:], 2 * size
    if size < length:
        flags = flags[: size - length] & flags[length - size :]
    return np.flatnonzero(flags)


def _with_point_zero(one: _Texts) -> Numbers:
    """Numbers that a spreadsheet has written with a point: ``13800138000.0``."""
    rows = np.flatnonzero((one.lengths >= _LEAST + 2) & (one.lengths <= 22))
    rows = rows[one.data[one.offsets[rows + 1] - 1] == ord("0")]
    ends = one.offsets[rows + 1]
    rows = rows[one.data[ends - 2] == ord(".")]
    return one.matching(rows, r"^\+?[0-9]{11,19}\.0$")


_ODD: tuple[tuple[int, int, int, int], ...] = (
    (0xE2, 0x80, 0x80, 0x8F),  # thin and invisible blanks
    (0xE2, 0x81, 0xA0, 0xA4),
    (0xE3, 0x80, 0x80, 0x80),  # the ideographic blank
    (0xEF, 0xBB, 0xBF, 0xBF),  # a byte order mark in the midst
)
_ODD_WORTH = r"(?:[0-9０-９\x{1D7CE}-\x{1D7FF}][^0-9０-９\x{1D7CE}-\x{1D7FF}]{0,3}){11}"


def _wide(one: _Texts) -> Numbers:
    """Where characters begin that NFKC may make digits or asterisks of: the full-width and the mathematical ones."""
    leads = one.data >= 0xEF
    if not leads.any():
        return np.empty(0, np.int64)
    places = np.flatnonzero(leads)
    places = places[places < len(one.data) - 2]
    first, second, third = (one.data[places + n] for n in range(3))
    is_wide = (first == 0xEF) & (second == 0xBC) & ((third - np.uint8(0x8A)) < 0x10)
    found: Numbers = places[is_wide | ((first == 0xF0) & (second == 0x9D) & (third == 0x9F))]
    return found


def _odd_digits(one: _Texts, wide: Numbers) -> Numbers:
    """Rows with digits that NFKC makes, or between whose digits stands what it makes blanks or nothing of."""
    data, places = one.data, wide
    if one.has_digits:
        before = one.digits[:-1] if one.has_few_digits else _is_chain(data)[:-1]
        leads = np.flatnonzero(before & (data[1:] >= 0xC2)) + 1
        leads = leads[leads < len(data) - 2]
        first, second, third = data[leads], data[leads + 1], data[leads + 2]
        good = (first == 0xC2) & ((second == 0xA0) | (second == 0xAD))
        for lead, next_, low, high in _ODD:
            good |= (first == lead) & (second == next_) & (third >= low) & (third <= high)
        places = np.union1d(wide, leads[good])
    return one.matching(one.distinct_rows(places), _ODD_WORTH)


def _near_words(looked: Looked, one: _Texts, wide: Numbers) -> None:
    """Documents and plates have four capitals and digits in a row, one of them a digit; and words before."""
    if not one.has_digits and not len(wide):
        return
    if one.has_few_digits:
        places = np.flatnonzero(one.digits)
    else:
        sampled = np.ascontiguousarray(one.data[::2])
        digits = _is_digit(sampled)
        codes = digits | _is_capital(sampled)
        places = np.flatnonzero(codes[:-1] & codes[1:] & (digits[:-1] | digits[1:])) * 2
    if len(places) > len(one.lengths) // 20:
        places = _runs(one.digits | _is_capital(one.data), 4)
    rows = one.distinct_rows(places)
    if not one.is_ascii:
        small = ((one.data[1:] - np.uint8(97)) < 26) & (one.data[:-1] >= 0x80)  # 粤j12345
        rows = np.union1d(rows, one.distinct_rows(np.flatnonzero(small))) if small.any() else rows
        rows = np.union1d(rows, one.distinct_rows(wide)) if len(wide) else rows
    rows = rows[one.lengths[rows] >= (12 if one.is_ascii else _SHORTEST)]
    rows = one.matching(rows, _WORDS) if len(rows) else rows
    for row, cell in zip(rows.tolist(), one.cells(rows), strict=True):
        if cell:
            look_near_words(looked, row, cell)


def _people(looked: Looked, one: _Texts) -> None:
    """Sentences about people are long, hold the digits of a day or a house, and say 男, 女 or 姓名."""
    rows = np.flatnonzero(one.lengths >= LEAST_TOLD)
    if one.has_few_digits:
        rows = np.intersect1d(rows, one.distinct_rows(np.flatnonzero(one.digits | (one.data == 0xBC))))
    if 2 * len(rows) < len(one.lengths):
        rows = one.matching(rows, _TOLD)
    else:
        rows = np.flatnonzero(pc.fill_null(pc.match_substring_regex(one.text, _TOLD), False))
    for row, cell in zip(rows.tolist(), one.cells(rows), strict=True):
        if cell:
            look_at_people(looked, row, cell)


def _is_capital(data: Bytes) -> Flags:
    found: Flags = (data - np.uint8(65)) < 26
    return found


def _forms(looked: Looked, one: _Texts, wide: Numbers) -> None:
    """Masked values and damaged numbers, by the one character that all of them have."""
    for letter, expression, kind in ((ord("*"), _MASKED, MASKED), (ord("+"), _DAMAGED, DAMAGED)):
        if kind == DAMAGED and not one.has_digits:
            return
        flags = one.data == letter
        places = np.flatnonzero(flags) if flags.any() else np.empty(0, np.int64)
        if kind == MASKED and len(wide):
            places = np.union1d(places, wide[one.data[wide + 2] == 0x8A])
        if len(places):
            rows = one.matching(one.distinct_rows(places), expression)
            if len(rows):
                looked.count(kind, int(rows[0]), cells=len(rows))
