"""A regular expression that all values of a column of codes fit, as a person would have written it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

_KNOWN = (
    (r"邮编|邮政编码|zip|postcode", "[0-9]{6}"),
    (r"信用代码|uscc", "[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}"),
    (r"身份证|公民身份", "[0-9]{17}[0-9X]"),
    (r"手机|移动电话", "1[3-9][0-9]{9}"),
    (r"区划", "[0-9]{6}"),
    (r"电话|传真|热线", r"(0[0-9]{2,3}-)?[0-9]{7,8}"),
    (r"电话|传真|热线", r"(0[0-9]{2,3}-)?[0-9]{5,8}"),
)
_LEAST = 3
_MOST_RUNS = 9


def known_pattern(title: str, values: Sequence[str]) -> str:
    """Of codes that have a form by law or custom, where all the values have it."""
    for name, pattern in _KNOWN:
        if values and re.search(name, title, re.IGNORECASE) and all(re.fullmatch(pattern, value) for value in values):
            return pattern
    return ""


def pattern_of(values: Sequence[str]) -> str:
    """Empty where the values have no form in common, or are too few to tell one."""
    distinct = list(dict.fromkeys(values))
    if len(distinct) < _LEAST:
        return ""
    runs = [[(kind, "".join(part)) for kind, part in groupby(value, _kind)] for value in distinct]
    kinds = [kind for kind, _ in runs[0]]
    if any([kind for kind, _ in one] != kinds for one in runs) or len(kinds) > _MOST_RUNS:
        return _loose(distinct)
    return "".join(_piece(kind, [one[i][1] for one in runs]) for i, kind in enumerate(kinds))


def _kind(character: str) -> str:
    if character.isascii() and character.isdigit():
        return "[0-9]"
    if character.isascii() and character.isalpha():
        return "[A-Z]" if character.isupper() else "[a-z]"
    return character if character.isascii() else "other"


def _piece(kind: str, texts: Sequence[str]) -> str:
    if len(set(texts)) == 1 and kind != "[0-9]":
        return re.escape(texts[0]) if texts[0].isascii() else texts[0]
    if kind == "other":
        return ".+"
    lengths = sorted({len(text) for text in texts})
    if len(kind) == 1:
        return f"{re.escape(kind)}+"
    if lengths == [1]:
        return kind
    return f"{kind}{{{lengths[0]}}}" if len(lengths) == 1 else f"{kind}{{{lengths[0]},{lengths[-1]}}}"


def _loose(values: Sequence[str]) -> str:
    if all(re.fullmatch(r"[0-9A-Z]+", value) for value in values):
        return "[0-9A-Z]+"
    if all(re.fullmatch(r"[0-9A-Za-z_-]+", value) for value in values):
        return "[0-9A-Za-z_-]+"
    return ""
