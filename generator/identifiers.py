"""Numbers by which one person is found: resident IDs, mobile phones, bank cards; recognised in any text, and masked.

Everything works on the text as NFKC has it, without characters that are not seen. ``\\b`` is no help: for it, Chinese
characters and digits are of one word.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from generator.problems import Problem

PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()
)
"""First two digits. 81 to 83 are those of residence permits for people of Hong Kong, Macau and Taiwan, which have the
form of an ID. 91 (abroad) is none: firms' credit codes begin with it."""

OUTER = frozenset(("81", "82", "83"))
"""Of whose permits the place ends in 0000."""

ISSUERS: tuple[tuple[str, str, tuple[int, ...]], ...] = (
    # First number, last number, lengths. From ISO/IEC 7812's public ranges; UnionPay's are all that matter in China,
    # with two of its members' own cards from before 2004; the others are what foreign cards begin with.
    ("62", "62", (16, 17, 18, 19)),  # UnionPay
    ("810", "817", (16, 17, 18, 19)),  # UnionPay, since 2018
    ("9558", "9558", (16, 18, 19)),  # ICBC: 955880…
    ("95595", "95599", (16, 19)),  # Everbright, Minsheng, CMB, ABC
    ("4", "4", (16,)),  # Visa
    ("51", "55", (16,)),  # Mastercard
    ("2221", "2720", (16,)),  # Mastercard, since 2017
    ("3528", "3589", (16,)),  # JCB
    ("6011", "6011", (16,)),  # Discover
    ("644", "659", (16,)),  # Discover
)

RESIDENT, RESIDENT_OLD, MOBILE, CARD = "resident-id", "resident-id-15", "mobile-phone", "bank-card"

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_CHAIN = re.compile(r"[0-9]+(?:[ -][0-9]+)*")
_DOTTED = re.compile(r"(?<![0-9.])1[3-9][0-9]\.[0-9]{4}\.[0-9]{4}(?![0-9.])")
_LABELS = ("id", "tel", "phone", "mobile", "mob", "no", "cell", "card", "sfz", "sfzh", "dh", "sj", "wechat", "wx", "t")
_PHONE_GROUPS = frozenset(((11,), (3, 4, 4), (4, 3, 4), (4, 4, 3), (3, 8), (7, 4), (3, 3, 5), (5, 6)))
_ID_WORDS = re.compile(r"身份证|身份号|公民身份|证件号|居民证|身份證|id\s*card|identity|resident\s*id", re.IGNORECASE)
_DISABLED = re.compile(r"[1-7][1-4](?:B[0-9])?(?![0-9A-Za-z])")
"""What follows the ID in the number of a disability card: kind, grade, how often it was issued anew."""
_MOST_GROUPS = 60
_NEAR = 16
"""Characters before a number in which a word may say what it is."""
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


class Mark(NamedTuple):
    """One number of a length that could be an identifier's."""

    kind: str
    start: int
    end: int
    digits: str
    shaped: bool
    """Of a resident ID: place and birth date are possible; of one of 15 digits: the place is. Of a card: the check
    digit is right."""
    hit: bool
    """All that can be asked of it holds."""
    said: bool = False
    """Words before it say what it is."""

    @property
    def may_be(self) -> bool:
        """Near enough to be masked where a message shows it: a slip of the pen does not make it another person's."""
        return self.hit or (self.shaped and self.kind != RESIDENT_OLD)

    @property
    def masked(self) -> str:
        return mask(self.digits)


def mask(digits: str) -> str:
    """Three characters, which thousands of people have in common, and the length."""
    return digits[:3] + "*" * max(0, len(digits) - 3)


def normalised(text: str) -> str:
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)) if not text.isascii() else text


def marks(text: str, latest: datetime.date) -> list[Mark]:
    """In a ``normalised`` text; those that overlap a hit are left out. ``latest``: nobody is born later."""
    found = [mark for chain in _CHAIN.finditer(text) for mark in _of_chain(text, chain, latest)]
    found += [
        Mark(MOBILE, m.start(), m.end(), m[0].replace(".", ""), shaped=True, hit=True) for m in _DOTTED.finditer(text)
    ]
    if len(found) < 2:
        return found
    kept: list[Mark] = []
    for mark in sorted(found, key=lambda m: (not m.hit, _ORDER[m.kind], m.start)):
        if all(mark.end <= other.start or other.end <= mark.start for other in kept if other.hit):
            kept.append(mark)
    return sorted(kept, key=lambda m: m.start)


_ORDER = {RESIDENT: 0, CARD: 1, RESIDENT_OLD: 2, MOBILE: 3}


def _of_chain(text: str, chain: re.Match[str], latest: datetime.date) -> Iterator[Mark]:
    if chain.end() - chain.start() < 11:
        return
    groups = [(m.start(), m.end()) for m in re.compile("[0-9]+").finditer(text, chain.start(), chain.end())]
    first = 1 if _is_bound(text, chain.start(), several=len(groups) > 1) else 0
    last = len(groups) - (1 if _goes_on(text, chain.end()) else 0)
    if len(groups) == 1:
        if first == 0:
            yield from _of_groups(text, groups, latest, ends=last == 1)
        return
    if len(groups) <= 20 and all(end - start == 1 for start, end in groups):  # more would be a list of numbers
        if first == 0:
            yield from _of_groups(text, groups, latest, ends=last == len(groups))
        return
    for i in range(first, min(len(groups), _MOST_GROUPS)):
        total = 0
        for j in range(i, min(len(groups), i + 20)):
            total += groups[j][1] - groups[j][0]
            if total > 20:
                break
            part = groups[i : j + 1]
            if total >= 11 and (j == i or _is_grouped(text, part)):
                yield from _of_groups(text, part, latest, ends=j < last)


def _is_grouped(text: str, groups: Sequence[tuple[int, int]]) -> bool:
    """As people write long numbers: few groups, one and the same character between them, none of a single digit but
    what is left over of a card's groups of four."""
    sizes = [end - start for start, end in groups]
    if len(groups) > 6 or any(size < 2 for size in sizes[:-1]) or (sizes[-1] < 2 and set(sizes[:-1]) != {4}):
        return False
    return len({text[end] for _, end in groups[:-1]}) == 1


def _is_bound(text: str, start: int, *, several: bool) -> bool:
    """Whether the digits belong to a word, or are the decimals of a number."""
    if start == 0:
        return False
    before = text[start - 1]
    if before.isascii() and before.isalpha():
        return not _is_label(text, start)
    if before not in "._-" or start < 2 or not (text[start - 2].isascii() and text[start - 2].isalnum()):
        return False
    return several and not _is_label(text, start - 1) if before == "-" else True


def _is_label(text: str, end: int) -> bool:
    word = re.search(r"[A-Za-z]+$", text[max(0, end - 12) : end])
    return word is not None and word[0].lower() in _LABELS


def _goes_on(text: str, end: int) -> bool:
    if end >= len(text):
        return False
    after = text[end]
    if after.isascii() and after.isalpha():
        return True
    more = text[end + 1 : end + 3]
    if after == ".":  # decimals; but a spreadsheet makes 13800138000.0 of a phone
        return more[:1].isascii() and more[:1].isdigit() and (more[:1] != "0" or more[1:].isdigit())
    return after == "-" and more[:1].isascii() and more[:1].isalpha()


def _of_groups(text: str, groups: Sequence[tuple[int, int]], latest: datetime.date, *, ends: bool) -> Iterator[Mark]:
    start, end = groups[0][0], groups[-1][1]
    digits = "".join(text[a:b] for a, b in groups)
    length = len(digits)
    if length == 17:
        letter = text[end : end + 2].lstrip(" -")[:1]
        after = text.find(letter, end) + 1 if letter in ("x", "X") and letter else 0
        if after and (_DISABLED.match(text, after) or not _is_word(text[after : after + 1])):
            yield _resident(text, start, after, digits + "X", latest)
    if length == 20 and _DISABLED.match(digits, 18) and (ends or _DISABLED.match(text, end - 2)):
        disabled = _resident(text, start, end, digits[:18], latest)
        if disabled.hit:
            yield disabled
    if not ends:
        return
    if length == 18:
        yield _resident(text, start, end, digits, latest)
    elif length == 15:
        yield Mark(RESIDENT_OLD, start, end, digits, is_placed(digits), is_resident_15(digits), _says_id(text, start))
    sizes = tuple(b - a for a, b in groups)
    if 16 <= length <= 19 and not _in_address(text, start):
        good = is_luhn(digits)
        yield Mark(CARD, start, end, digits, good, good and is_issued(digits))
    phone, sizes = _without_country(digits, sizes)
    if len(phone) == 11 and (sizes in _PHONE_GROUPS or set(sizes) == {1}) and not _in_address(text, start):
        good = is_mobile(phone)
        yield Mark(MOBILE, start, end, phone, good, good)


def _is_word(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()


def _without_country(digits: str, sizes: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
    for code in ("0086", "86"):
        if digits.startswith(code) and len(digits) == 11 + len(code):
            rest = (sizes[0] - len(code), *sizes[1:])
            return digits[len(code) :], rest if rest[0] else rest[1:]
    return digits, sizes


def _resident(text: str, start: int, end: int, digits: str, latest: datetime.date) -> Mark:
    shaped = is_shaped_18(digits, latest)
    return Mark(RESIDENT, start, end, digits, shaped, shaped and has_check(digits), _says_id(text, start))


def _says_id(text: str, start: int) -> bool:
    return _ID_WORDS.search(text, max(0, start - _NEAR), start) is not None


def _in_address(text: str, start: int) -> bool:
    """Numbers in web addresses are those of pages."""
    before = text[max(0, start - 300) : start]
    word = re.split(r"[\s\"'<>，。；、]", before)[-1]
    return "://" in word or word.lower().startswith("www.")


def is_mobile(digits: str) -> bool:
    return len(digits) == 11 and digits[0] == "1" and digits[1] in "3456789"


def is_shaped_18(digits: str, latest: datetime.date) -> bool:
    return is_placed(digits) and _is_birth(digits[6:14], latest)


def is_resident_15(digits: str) -> bool:
    return is_placed(digits) and _is_birth("19" + digits[6:12], datetime.date.max)


def is_placed(digits: str) -> bool:
    return digits[:2] in PROVINCES and (digits[2:6] != "0000" or digits[:2] in OUTER)


def _is_birth(day: str, latest: datetime.date) -> bool:
    try:
        return datetime.date(1900, 1, 1) <= datetime.date(int(day[:4]), int(day[4:6]), int(day[6:8])) <= latest
    except ValueError:
        return False


def has_check(digits: str) -> bool:
    """ISO 7064, MOD 11-2. (``stdnum.cn.ric`` has it too, behind an import of its tables of places.)"""
    total = sum(int(digit) * weight for digit, weight in zip(digits[:17], _WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == digits[17].upper()


def is_issued(digits: str) -> bool:
    return any(len(digits) in lengths and first <= digits[: len(first)] <= last for first, last, lengths in ISSUERS)


def is_luhn(digits: str) -> bool:
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + position % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


# ---- masking what other messages would show


_SUSPICIOUS = re.compile(r"[0-9０-９](?:[ \-.\u3000－]?[0-9０-９]){10,}[XxＸｘ]?")


def without_identifiers(text: str) -> str:
    """The text as a message may show it. Rather too much is masked than too little."""
    if not _SUSPICIOUS.search(text):
        return text
    plain = normalised(text)
    spans = [m for m in marks(plain, datetime.date.max) if m.may_be]
    for mark in reversed(spans):
        plain = plain[: mark.start] + mark.masked + plain[mark.end :]
    return plain if spans else text


HIDDEN = "***"
_TEXTS = ("file", "resource", "field", "value", "expected", "likely", "detail")


def without_values(problems: Iterable[Problem], names_a_person: Callable[[Problem], bool]) -> tuple[Problem, ...]:
    """The problems without any identifier. What is in a column that ``names_a_person`` is masked whole."""
    return tuple(_without(problem, whole=names_a_person(problem)) for problem in problems)


_GUESSES = ("near_zh", "near_en")
"""What may have been meant: made of the value, or of others of its column."""


def _may_stand(key: str, text: str, plain: str, whole: bool) -> bool:
    return key not in _GUESSES or (plain == text and not whole)


def _without(problem: Problem, *, whole: bool) -> Problem:
    changed = {name: without_identifiers(getattr(problem, name)) for name in _TEXTS}
    more = tuple(
        (key, plain) for key, text in problem.more if _may_stand(key, text, plain := without_identifiers(text), whole)
    )
    if whole and problem.row and problem.value:
        changed |= {"value": HIDDEN, "likely": "", "detail": ""}
        more = tuple((key, text.replace(problem.value, HIDDEN)) for key, text in more)
    elif changed["likely"] != problem.likely:
        changed["likely"] = ""  # a value that may not be seen is no advice
    return replace(problem, **changed, more=more)  # type: ignore[arg-type]  # the names are those of texts
