"""Texts that a regular expression describes, within bounds: a descriptor may bring any pattern.

rstr walks the parsed expression; here it is kept from running away (repetitions of repetitions, ranges of a million
characters) and made to prefer characters that show what the text is. Whether a text really matches is for frictionless
to say: of lookarounds and anchors rstr knows little.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import rstr

_LONGEST_PATTERN = 1000
_MOST_STATES = 3000
_MORE_REPEATS = 6
"""So many beyond the least: for ``+`` and ``*`` a person would not write a hundred either."""
_HAN = "合成示例数据样本测试"
_WORD = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


class _RunsAway(Exception):
    """More states than any text of a sample needs."""


class _Bounded(rstr.Rstr):
    def __init__(self, chance: random.Random) -> None:
        plain = {"nondigits": _WORD[:52], "nonwhitespace": _WORD, "whitespace": " ", "nonword": "-", "word": _WORD}
        super().__init__(chance, **plain)
        self._states = 0

    def of(self, pattern: str) -> str:
        self._states = 0
        return self.xeger(pattern)

    def _handle_state(self, state: Any) -> Any:
        self._states += 1
        if self._states > _MOST_STATES:
            raise _RunsAway
        opcode, value = state
        if opcode.name == "ANY":
            return self._random.choice(_WORD)
        if opcode.name == "NOT_LITERAL":
            return self._random.choice(_WORD.replace(chr(value), ""))
        return super()._handle_state(state)

    def _handle_in(self, value: Any) -> Any:
        """As rstr's, without a list of all characters of a range; of Han characters those that say "sample"."""
        if value[0][0].name == "NEGATE":
            allowed = [c for c in _WORD + _HAN + " -_.,/" if not any(self._covers(each, c) for each in value[1:])]
            return self._random.choice(allowed)
        han = [c for c in _HAN if any(self._covers(each, c) for each in value)]
        if han:
            return self._random.choice(han)
        opcode, chosen = self._random.choice(value)
        if opcode.name == "RANGE":
            return chr(self._random.randint(*chosen))
        return self._random.choice(super()._handle_state((opcode, chosen)))

    @staticmethod
    def _covers(item: Any, character: str) -> bool:
        opcode, value = item
        if opcode.name == "LITERAL":
            return chr(value) == character
        if opcode.name == "RANGE":
            return bool(value[0] <= ord(character) <= value[1])
        kind, negated = value.name.removeprefix("CATEGORY_").removeprefix("NOT_"), "NOT_" in value.name
        is_in = {
            "DIGIT": character.isdigit(),
            "SPACE": character.isspace(),
            "WORD": character.isalnum() or character == "_",
        }
        return is_in.get(kind, False) != negated and kind in is_in

    def _handle_repeat(self, start_range: int, end_range: int, value: Any) -> str:
        return super()._handle_repeat(start_range, min(end_range, start_range + _MORE_REPEATS), value)


def matching(pattern: str, chance: random.Random) -> Iterator[str]:
    """Texts that probably match; ends where none can be made within the bounds."""
    if len(pattern) > _LONGEST_PATTERN:
        return
    maker = _Bounded(chance)
    failures = 0
    while failures < 20:
        try:
            yield maker.of(pattern)
        except _RunsAway:
            failures += 5
        except Exception:  # rstr on what it does not know: atomic groups, conditions, sets that are empty for it
            failures += 1
