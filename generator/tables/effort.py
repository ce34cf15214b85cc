"""How long Python's ``re`` can take for a pattern at worst. It goes back and forth, maybe for ever: ``(a+)+b``.

An upper bound from the parse tree, often far too high: it tells the many patterns that need no watch.
"""

from __future__ import annotations

import re._constants as sre  # type: ignore[import-untyped,import-not-found,unused-ignore]  # no other door to the parse tree
import re._parser as sre_parse  # type: ignore[import-untyped,import-not-found,unused-ignore]
from collections.abc import Iterable
from typing import Any

MOST = 1e9
"""As good as endless."""


def steps(pattern: str, length: int) -> float:
    """At most so many steps to match the pattern at the start of a text of that length."""
    return min(_sequence(sre_parse.parse(pattern), length)[1], MOST)


_Effort = tuple[float, float]
"""In how many ways something can match from one place, and the steps to try them all."""


def _sequence(items: Iterable[tuple[Any, Any]], length: int) -> _Effort:
    """What follows is tried once more after each way of what stands before."""
    ways, taken = 1.0, 0.0
    for operator, value in items:
        more, each = _item(operator, value, length)
        taken += ways * each
        ways *= more
    return min(ways, MOST), min(taken, MOST)


def _item(operator: Any, value: Any, length: int) -> _Effort:
    if operator is sre.BRANCH:
        return _either([_sequence(branch, length) for branch in value[1]])
    if operator is sre.SUBPATTERN:
        return _sequence(value[3], length)
    if operator is sre.ATOMIC_GROUP:
        return 1, 1 + _sequence(value, length)[1]
    if operator in (sre.ASSERT, sre.ASSERT_NOT):  # not entered again once it is decided
        return 1, 1 + _sequence(value[1], length)[1]
    if operator in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        return _repeated(value, length)
    if operator is sre.POSSESSIVE_REPEAT:
        return 1, _repeated(value, length)[1]
    if operator is sre.GROUPREF:
        return 1, 1 + length
    if operator is sre.GROUPREF_EXISTS:
        _, yes, no = value
        return _either([_sequence(yes, length), _sequence(no or (), length)])
    return 1, 1


def _either(branches: list[_Effort]) -> _Effort:
    return min(sum(ways for ways, _ in branches), MOST), min(sum(1 + taken for _, taken in branches), MOST)


def _repeated(repeat: tuple[int, Any, Any], length: int) -> _Effort:
    """Each round can be the last one, once there were enough of them."""
    least, most, items = repeat
    ways, each = _sequence(items, length)
    rounds = min(length + least + 1, length + 1 if most is sre.MAXREPEAT else most)
    paths, ends, taken = 1.0, 0.0, 1.0
    if ways <= 1:
        return max(rounds - least + 1, 1), (rounds + 1) * (1 + each)
    for done in range(int(rounds) + 1):
        if done >= least:
            ends += paths
        taken += paths * (1 + each)
        paths *= ways
        if paths >= MOST:
            return MOST, MOST
    return min(max(ends, 1), MOST), min(taken, MOST)
