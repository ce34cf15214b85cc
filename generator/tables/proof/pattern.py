"""A pattern of Python's ``re`` as one for RE2, which decides in linear time whatever the pattern and the text.

Made from Python's own parse tree, by a white-list: what is not understood is refused. Both translations are for a match
at the start of a text, as ``re.match``.
"""

from __future__ import annotations

import re
import re._constants as sre  # type: ignore[import-untyped,import-not-found,unused-ignore]  # no other door to the parse tree
import re._parser as sre_parse  # type: ignore[import-untyped,import-not-found,unused-ignore]
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

_Range = tuple[int, int]
"""First and last code point."""
_Item = tuple[Any, Any]

_PRINTABLE = ((0x20, 0x7E),)
_ALL = ((0, 0xD7FF), (0xE000, 0x10FFFF))
"""No text in UTF-8 has surrogates."""
_CATEGORIES = {sre.CATEGORY_DIGIT: r"\d", sre.CATEGORY_NOT_DIGIT: r"\D", sre.CATEGORY_SPACE: r"\s",
               sre.CATEGORY_NOT_SPACE: r"\S", sre.CATEGORY_WORD: r"\w", sre.CATEGORY_NOT_WORD: r"\W"}  # fmt: skip
_MOST_REPEATS = 1000
_MOST_PLACES = 2000
"""Characters of an expanded pattern. RE2 may have to follow all of them at each character of a text."""
_FLAGS = re.UNICODE.value
_NOTHING = r"[^\x00-\x{10FFFF}]"


def exact(pattern: str) -> str | None:
    """Matches the same texts, all of them: no other judge is needed. None when the pattern is not regular, or too big.

    Refused are references to groups, looking around, word boundaries, atomic and possessive parts, flags, and ``$``
    where more may follow.
    """
    return _accepted(pattern, _exact_class)


def narrowed(pattern: str) -> str | None:
    """Never matches more: where it matches, ``re`` does, but not the other way round.

    Classes are narrowed to printable ASCII, which makes it smaller than ``exact``. No negation is left that could widen
    what was narrowed.
    """
    return _accepted(pattern, _narrow_class)


def _accepted(pattern: str, make: _Classes) -> str | None:
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        tree = sre_parse.parse(pattern)
        if tree.state.flags != _FLAGS or _places(tree) > _MOST_PLACES:
            return None
        translated = rf"\A(?:{_sequence(tree, make, _END)})"
        pc.match_substring_regex(pa.array([""]), translated)
    except (_Unknown, re.error, RecursionError, OverflowError, pa.ArrowInvalid):
        return None  # the last one: RE2 has limits of size
    return translated


def places(pattern: str) -> list[tuple[int, int]] | None:
    """For each character of a match, the first and the last that may stand there; None for any other pattern.

    Such as ``^[A-Z]{2}-[0-9]{6}$``: the same length always, and in each place one range of ASCII.
    """
    try:
        tree = sre_parse.parse(pattern)
        items = list(tree)
        if tree.state.flags != _FLAGS or len(items) < 3:
            return None
        if items[0] != (sre.AT, sre.AT_BEGINNING) or items[-1] != (sre.AT, sre.AT_END):
            return None
        found = [place for item in items[1:-1] for place in _places_of(*item)]
    except (_Unknown, re.error, RecursionError, OverflowError):
        return None
    return found if len(found) <= _MOST_REPEATS else None


def _places_of(operator: Any, value: Any) -> list[tuple[int, int]]:
    if operator is sre.LITERAL and value < 0x80:
        return [(value, value)]
    if operator is sre.IN and len(value) == 1:
        kind, members = value[0]
        if kind is sre.RANGE and members[1] < 0x80:
            return [members]
        if kind is sre.CATEGORY and members is sre.CATEGORY_DIGIT:
            return [(ord("0"), ord("9"))]
    if operator is sre.SUBPATTERN and not value[1] and not value[2]:
        return [place for item in value[3] for place in _places_of(*item)]
    if operator in (sre.MAX_REPEAT, sre.MIN_REPEAT) and value[0] == value[1] <= _MOST_REPEATS:
        return [place for item in value[2] for place in _places_of(*item)] * int(value[0])
    raise _Unknown


class _Unknown(Exception):
    pass


def _places(items: Iterable[_Item]) -> int:
    """Characters of the pattern when its repeats are written out."""
    count = 0
    for operator, value in items:
        if operator is sre.BRANCH:
            count += sum(map(_places, value[1]))
        elif operator is sre.SUBPATTERN:
            count += _places(value[3])
        elif operator in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            least, most, body = value
            count += _places(body) * (least + 1 if most is sre.MAXREPEAT else max(most, 1))
        else:
            count += 1
    return count


_END = r"\n?\z"
"""``$``: at the end, or before a newline that ends the text. Nothing else follows, so it may swallow that one."""
_LAST = r"\z"
"""``\\Z``."""


def _sequence(items: Sequence[_Item], make: _Classes, end: str) -> str:
    """``end`` is what a ``$`` at the end of the items becomes; empty where more may follow."""
    body = list(items)
    anchors = []
    while body and body[-1][0] is sre.AT and body[-1][1] in (sre.AT_END, sre.AT_END_STRING):
        anchors.append(body.pop()[1])
    if sre.AT_END_STRING in anchors:
        end = _LAST
    elif anchors and not end:
        raise _Unknown
    last = len(body) - 1
    written = [_item(operator, value, make, end if n == last else "") for n, (operator, value) in enumerate(body)]
    return "".join(written) + (f"(?:{end})" if anchors else "")


def _item(operator: Any, value: Any, make: _Classes, end: str) -> str:
    if operator is sre.LITERAL:
        return _character(value)
    if operator is sre.NOT_LITERAL:
        return make([(sre.LITERAL, value)], True)
    if operator is sre.ANY:
        return make([(sre.LITERAL, ord("\n"))], True)
    if operator is sre.IN:
        negated = value[0][0] is sre.NEGATE
        return make(value[negated:], negated)
    if operator is sre.AT and value in (sre.AT_BEGINNING, sre.AT_BEGINNING_STRING):
        return r"\A"
    if operator is sre.AT and value is sre.AT_END_STRING:
        return _LAST
    if operator is sre.BRANCH:
        return "(?:" + "|".join(_sequence(branch, make, end) for branch in value[1]) + ")"
    if operator is sre.SUBPATTERN and not value[1] and not value[2]:
        return f"(?:{_sequence(value[3], make, end)})"
    if operator in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        return _repeated(value, make)
    raise _Unknown


def _repeated(repeat: tuple[int, Any, Sequence[_Item]], make: _Classes) -> str:
    least, most, items = repeat
    if least > _MOST_REPEATS or (most is not sre.MAXREPEAT and most > _MOST_REPEATS):
        raise _Unknown
    upper = "" if most is sre.MAXREPEAT else str(int(most))
    return f"(?:{_sequence(items, make, '')}){{{int(least)},{upper}}}"


_Classes = Callable[[Sequence[_Item], bool], str]
"""How a class of characters is written, or what is not in it (True)."""


def _exact_class(items: Sequence[_Item], negated: bool) -> str:
    return _written(_common(_ALL, _members(items, negated)))


def _narrow_class(items: Sequence[_Item], negated: bool) -> str:
    if negated or any(operator is sre.CATEGORY for operator, _ in items):
        ranges = _common(_PRINTABLE, _members(items, negated))
        if not negated:  # what is written out is kept
            ranges = _joined([*ranges, *_common(_ALL, _members([i for i in items if i[0] is not sre.CATEGORY], False))])
        return _written(ranges)
    return _written(_common(_ALL, _members(items, False)))


def _members(items: Sequence[_Item], negated: bool) -> list[_Range]:
    ranges: list[_Range] = []
    for operator, value in items:
        if operator is sre.LITERAL:
            ranges.append((value, value))
        elif operator is sre.RANGE:
            ranges.append(value)
        elif operator is sre.CATEGORY and value in _CATEGORIES:
            ranges += _category(_CATEGORIES[value])
        else:
            raise _Unknown
    joined = _joined(ranges)
    return _others(joined) if negated else joined


@cache
def _category(written: str) -> tuple[_Range, ...]:
    """The code points that this Python has in a class such as ``\\d``."""
    every = b"".join(code.to_bytes(4, "little") for code in range(0x110000)).decode("utf-32-le", "surrogatepass")
    return tuple((found.start(), found.end() - 1) for found in re.finditer(written + "+", every))


def _joined(ranges: Iterable[_Range]) -> list[_Range]:
    found: list[_Range] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def _others(ranges: Sequence[_Range]) -> list[_Range]:
    edges = [(-1, -1), *ranges, (0x110000, 0x110000)]
    return [(before[1] + 1, after[0] - 1) for before, after in pairwise(edges) if before[1] + 1 < after[0]]


def _common(ours: Iterable[_Range], theirs: Sequence[_Range]) -> list[_Range]:
    pairs = [(max(a, c), min(b, d)) for a, b in ours for c, d in theirs]
    return _joined((first, last) for first, last in pairs if first <= last)


def _written(ranges: Sequence[_Range]) -> str:
    if not ranges:
        return _NOTHING
    return "[" + "".join(_character(a) if a == b else f"{_character(a)}-{_character(b)}" for a, b in ranges) + "]"


def _character(code: int) -> str:
    if 0xD800 <= code <= 0xDFFF:
        raise _Unknown
    return f"\\x{{{code:x}}}"
