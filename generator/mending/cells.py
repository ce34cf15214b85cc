"""One cell: how it is to be written, or what has to be asked about it.

A cell that its field reads is never given another value: it may lose blanks and full-width forms where the value stays
the same. One that it cannot read is rewritten where it can mean one thing only. Texts stay as they are, but for codes
(keys, columns with a pattern or a list of values, columns called so), which lose blanks around them and the full-width
forms of digits and letters; and for what a constraint refuses until it is trimmed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from generator.tables.text_table import Column

Answer = tuple[str, str]
"""What to write, and which kind of change that is; or nothing, and which question to ask."""
KEEP: Answer = ("", "")

_PLAIN = {
    "integer": re.compile(r"-?[0-9]+"),
    "number": re.compile(r"-?[0-9]+(\.[0-9]+)?"),
    "year": re.compile(r"[0-9]{4}"),
}
"""What needs no looking at, being the most frequent. Read with ``fullmatch``."""
_REWRITTEN = ("date", "datetime", "time", "year", "yearmonth", "number", "integer")
_CODE = re.compile(
    r"代码|编码|编号|证号|号码|邮编|学号|工号|条码|(^|_)(code|id|no|zip|postcode|isbn|issn)s?$", re.IGNORECASE
)
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_WIDE = {
    ord(wide): ord(wide) - 0xFEE0
    for wide in map(chr, (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B)))
}
_BLANKS = " \t\u00a0\u2002\u2003\u2009\u200b\u202f\u3000\ufeff"
"""Spaces of all widths. No line ends: a text may begin a new line."""
_LONGEST = 1_000
_GROUPED = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?")


@dataclass(frozen=True, slots=True)
class Wishes:
    """How far to go."""

    parsed: bool = True
    """Also take blanks and full-width forms from what can be read."""
    trim_text: bool = False
    """Also trim texts that nothing is wrong with."""


def trimmed(text: str) -> str:
    return text.strip(_BLANKS)


def is_blank(text: str) -> bool:
    return not text or not text.strip()


def mender(column: Column, wishes: Wishes, *, grouped: bool) -> Callable[[str], Answer]:
    """``grouped``: every cell of this column that holds a comma holds it where thousands end."""
    from generator.tables.guard import guarded_reader
    from generator.tables.likely import likely

    reader = guarded_reader(column.field, patience=0)

    @lru_cache(maxsize=4096)
    def read(text: str) -> Any:
        """A pair, so that a value of None is told from none at all; None for what the field does not take."""
        if text in column.missing:
            return (None,)
        try:
            value, notes = reader(text)
        except Exception:  # the library crashes on some bounds, and a pattern may never end
            return None
        return (value,) if value is not None and not notes else None

    def refused(text: str) -> bool:
        """By the type itself."""
        try:
            return "type" in (reader(text)[1] or {})
        except Exception:  # as above
            return True

    def same(before: Any, text: str) -> bool:
        after = read(text)
        return after is not None and repr(after) == repr(before)

    @lru_cache(maxsize=16_384)
    def answer(text: str) -> Answer:
        if len(text) > _LONGEST:
            return KEEP
        known = read(text)
        if column.type in ("string", "any"):
            return _of_text(text, known, column, wishes, read)
        if known is not None:
            plain = unicodedata.normalize("NFKC", trimmed(text)).strip()
            return (plain, _width_or_blanks(text)) if wishes.parsed and plain != text and same(known, plain) else KEEP
        if is_blank(text) and "" in column.missing:
            return "", "blanks"
        found = likely(text, column.field)
        plain = unicodedata.normalize("NFKC", text).strip()
        if found == plain:
            return found, _width_or_blanks(text)
        if found and column.type in _REWRITTEN:
            kind = _kind(plain, column.type)
            return (found, kind) if kind != "thousands" or grouped else ("", "grouping")
        # Where only a constraint refuses it, as a number out of bounds, the check tells all that there is to say.
        return ("", asked(plain, column.type)) if refused(text) else KEEP

    usual = _PLAIN.get(column.type) if column.field.format == "default" or column.type != "number" else None
    match = usual.fullmatch if usual else None

    def mend(text: str) -> Answer:
        return KEEP if not text or (match and match(text)) else answer(text)

    return mend


def _of_text(text: str, known: Any, column: Column, wishes: Wishes, read: Callable[[str], Any]) -> Answer:
    bare = trimmed(text)
    narrow = bare.translate(_WIDE)
    if known is None:
        # Something complains: a format, a pattern, a list of values, a length.
        for candidate in (bare, narrow):
            if candidate and candidate != text and read(candidate) is not None:
                return candidate, _width_or_blanks(text) if candidate == narrow != bare else "blanks"
        return KEEP
    if wishes.parsed and is_code(column) and not _HAN.search(text):
        if narrow != text and (narrow or "" in column.missing) and read(narrow) is not None:
            return narrow, "width" if narrow != bare else "blanks"
        return KEEP
    if bare != text and bare:
        return (bare, "blanks") if wishes.trim_text and read(bare) is not None else ("", "text-blanks")
    return KEEP


def is_code(column: Column) -> bool:
    constraints = column.field.constraints
    said = column.is_key or "pattern" in constraints or "enum" in constraints
    return said or any(_CODE.search(str(name or "")) for name in (column.name, column.field.title))


def _width_or_blanks(text: str) -> str:
    return "blanks" if unicodedata.normalize("NFKC", text).strip() == text.strip() else "width"


def _kind(plain: str, type_: str) -> str:
    if type_ not in ("number", "integer"):
        return "date"
    return "thousands" if "," in plain else "point-zero"


def is_irregular(text: str) -> bool:
    """A number with a comma that does not part thousands: it may be a decimal mark, or a slip."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return "," in plain and not _GROUPED.fullmatch(plain) and re.fullmatch(r"[-+]?[\d,.\s]+", plain) is not None


# --- what is to be asked

_NOTHING = frozenset(("-", "--", "---", "—", "——", "/", "\\", "无", "暂无", "空", "不详", "未知", "…", "……", "*", "."))
_NOTHING_WORDS = frozenset(("n/a", "na", "null", "none", "nan", "nil", "#n/a", "#value!", "#ref!", "#div/0!"))
_NUMBER = r"[-+]?\d[\d,]*(\.\d+)?"
_NUMBERS = ("number", "integer", "year")
_MOMENTS = ("date", "datetime", "yearmonth")
_ASKED: tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...] = tuple(
    (kind, types, re.compile(pattern))
    for kind, types, pattern in (
        (
            "approximate",
            _NUMBERS,
            r"(约|大约|近|超|超过|不足|逾|[~≈>≥<≤]).*\d.*|.*\d.*(左右|上下|余|多|以上|以下|以内|许)\D*",
        ),
        ("percent", _NUMBERS, rf"{_NUMBER}\s*[%‰]"),
        ("range", _NUMBERS, rf"{_NUMBER}\s*[-~—–至到]+\s*{_NUMBER}\D*"),
        ("grouping", _NUMBERS, r"[-+]?[\d.]*,[\d,.\s]*"),
        ("unit", _NUMBERS, rf"([¥$€]\s*{_NUMBER}|{_NUMBER}\s*[^\d\s,.%‰].*)"),
        ("day-month", _MOMENTS, r"\d{1,2}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{4}(\D.*)?"),
        ("short-year", _MOMENTS, r"\d{2}\s*[-/.年]\s*\d{1,2}\s*([-/.月]\s*\d{1,2}\s*日?)?"),
        ("no-day", ("date", "datetime"), r"\d{4}\s*(年|[-/.]\s*\d{1,2}$|年\s*\d{1,2}\s*月).*"),
        ("serial", ("date", "datetime"), r"[1-9]\d{4}(\.\d+)?"),
    )
)


def asked(plain: str, type_: str) -> str:
    """Which question a cell that its type does not take leads to. ``plain``: without blanks and full-width forms."""
    if plain in _NOTHING or plain.lower() in _NOTHING_WORDS:
        return "missing"
    if type_ == "boolean":
        return "boolean"
    return next((kind for kind, types, pattern in _ASKED if type_ in types and pattern.fullmatch(plain)), "other")


_TOTAL = re.compile(r"(合|总|小|共)\s*计|总\s*和|累\s*计|(grand\s+|sub)?total|sum", re.IGNORECASE)
_NOTE = re.compile(r"(注|备注|说明|数据来源|资料来源|来源|制表|填表|审核|单位)\s*[:：].*", re.DOTALL)


def about_row(cells: list[str]) -> str:
    """``total-row``, ``note-row`` or nothing."""
    filled = [trimmed(cell) for cell in cells if trimmed(cell)]
    if not filled:
        return ""
    if _TOTAL.fullmatch(filled[0]):
        return "total-row"
    return "note-row" if len(filled) == 1 and len(cells) > 1 and _NOTE.fullmatch(filled[0]) else ""


def label_for(label: str, names: list[str], place: int, taken: set[str]) -> str:
    """The schema's name for a label that differs from it by blanks, width and case alone; empty where none does."""
    if place < len(names) and label == names[place]:
        return ""
    if place < len(names) and _alike(label) == _alike(names[place]):
        return names[place]
    if label in names:
        return ""
    likely = [name for name in names if _alike(name) == _alike(label) and name not in taken]
    return likely[0] if len(likely) == 1 else ""


def _alike(label: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", trimmed(label))).casefold()
