"""What many datasets share is made into text once: an agency, a theme, a licence."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

V = TypeVar("V")
P = ParamSpec("P")
R = TypeVar("R")

MOST = 10_000


def once(function: Callable[Concatenate[V, P], R]) -> Callable[Concatenate[V, P], R]:
    """Remember what ``function`` makes of an object that does not change, such as a frozen dataclass.

    The object is known by its identity: to hash an agency with all that is in it takes longer than to make the link.
    It is kept, so that no other can get its place in memory. Further arguments must be positional and hashable.
    """
    known: dict[tuple[object, ...], tuple[V, R]] = {}

    @wraps(function)
    def remembered(value: V, /, *rest: P.args, **none: P.kwargs) -> R:
        found = known.get((id(value), *rest))
        if found is None:
            if len(known) >= MOST:
                known.clear()
            found = known[id(value), *rest] = (value, function(value, *rest, **none))
        return found[1]

    return remembered
