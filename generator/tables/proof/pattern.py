"""A pattern of Python's ``re`` as one for RE2 that never matches more.

Made from Python's own parse tree, by a white-list: what is not understood is refused, and classes like ``\\d`` (which
has other digits in Python) are narrowed to printable ASCII. No negation is left that could widen what was narrowed.
"""

from __future__ import annotations

import re
import re._constants as sre  # type: ignore[import-untyped,import-not-found,unused-ignore]  # no other door to the parse tree
import re._parser as sre_parse  # type: ignore[import-untyped,import-not-found,unused-ignore]
from collections.abc import Iterable
from typing import Any

_PRINTABLE = [chr(code) for code in range(0x20, 0x7F)]
_CATEGORIES = {sre.CATEGORY_DIGIT: r"\d", sre.CATEGORY_NOT_DIGIT: r"\D", sre.CATEGORY_SPACE: r"\s",
               sre.CATEGORY_NOT_SPACE: r"\S", sre.CATEGORY_WORD: r"\w", sre.CATEGORY_NOT_WORD: r"\W"}  # fmt: skip
_MOST_REPEATS = 1000
_FLAGS = re.UNICODE.value


def narrowed(pattern: str) -> str | None:
    """For a match at the start of a text, as ``re.match``; None when the pattern holds more than is understood."""
    try:
        tree = sre_parse.parse(pattern)
        if tree.state.flags != _FLAGS:
            return None
        return rf"\A(?:{_sequence(tree)})"
    except (_Unknown, re.error, RecursionError, OverflowError):
        return None


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


def _sequence(items: Iterable[tuple[Any, Any]]) -> str:
    return "".join(_item(operator, value) for operator, value in items)


def _item(operator: Any, value: Any) -> str:
    if operator is sre.LITERAL:
        return _character(value)
    if operator is sre.NOT_LITERAL:
        return _class([chr(value)], negated=True)
    if operator is sre.ANY:
        return _class([], negated=True)
    if operator is sre.IN:
        return _set(value)
    if operator is sre.AT and value in (sre.AT_BEGINNING, sre.AT_BEGINNING_STRING):
        return r"\A"
    if operator is sre.AT and value in (sre.AT_END, sre.AT_END_STRING):
        return r"\z"
    if operator is sre.BRANCH:
        return "(?:" + "|".join(_sequence(branch) for branch in value[1]) + ")"
    if operator is sre.SUBPATTERN and not value[1] and not value[2]:
        return f"(?:{_sequence(value[3])})"
    if operator in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        return _repeated(*value)
    raise _Unknown


def _repeated(least: int, most: Any, items: Any) -> str:
    if least > _MOST_REPEATS or (most is not sre.MAXREPEAT and most > _MOST_REPEATS):
        raise _Unknown
    upper = "" if most is sre.MAXREPEAT else str(int(most))
    return f"(?:{_sequence(items)}){{{int(least)},{upper}}}"


def _set(items: list[tuple[Any, Any]]) -> str:
    negated = bool(items) and items[0][0] is sre.NEGATE
    members: list[str] = []
    wide: list[str] = []
    for operator, value in items[negated:]:
        if operator is sre.LITERAL:
            members.append(chr(value))
            wide.append(_character(value))
        elif operator is sre.RANGE:
            members += [c for c in _PRINTABLE if value[0] <= ord(c) <= value[1]]
            wide.append(f"{_character(value[0])}-{_character(value[1])}")
        elif operator is sre.CATEGORY and value in _CATEGORIES:
            members += [c for c in _PRINTABLE if re.match(_CATEGORIES[value], c)]
        else:
            raise _Unknown
    ascii_class = _class(members, negated=negated)
    return ascii_class if negated or not wide else f"(?:{ascii_class}|[{''.join(wide)}])"


def _class(members: list[str], *, negated: bool) -> str:
    """Within printable ASCII."""
    chosen = [c for c in _PRINTABLE if (c in members) != negated]
    if not chosen:
        return r"[^\x00-\x{10FFFF}]"  # nothing
    return "[" + "".join(_character(ord(c)) for c in chosen) + "]"


def _character(code: int) -> str:
    if 0xD800 <= code <= 0xDFFF:
        raise _Unknown
    return f"\\x{{{code:x}}}"
