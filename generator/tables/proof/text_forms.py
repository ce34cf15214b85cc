"""Fields of text: lengths, lists and patterns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from generator.tables.proof.found import Form, Found
from generator.tables.proof.pattern import exact, narrowed, places
from generator.tables.proof.text_bytes import bytes_of, extremes, have_length

_SOME_BYTES = 64 << 10


def text_form(constraints: dict[str, Any], *, free: bool) -> Form:
    tests: list[Callable[[pa.StringArray], pa.BooleanArray | None]] = []
    least, most = (_length(constraints.get(name)) for name in ("minLength", "maxLength"))
    if least is not None or most is not None:
        tests.append(partial(_is_of_length, least, most))
    for name, value in constraints.items():
        if name in ("minLength", "maxLength") and _length(value) is not None:
            continue
        if name == "enum" and isinstance(value, list):
            tests.append(partial(_is_one_of, pa.array([v for v in value if isinstance(v, str)], pa.string())))
        elif name == "pattern" and (test := _pattern_test(value)):
            tests.append(test)
        else:
            free = False

    def form(text: pa.StringArray) -> Found:
        if not free:
            return Found(text, pa.repeat(pa.scalar(False), len(text)))
        sure = None
        for test in tests:
            passed = test(text)
            if passed is not None:
                sure = passed if sure is None else pc.and_kleene(sure, passed)
        return Found(text, sure)

    return form


def _length(value: Any) -> int | None:
    return value if type(value) is int and abs(value) < 2**31 else None


def _is_of_length(least: int | None, most: int | None, text: pa.StringArray) -> pa.BooleanArray | None:
    """Code points are counted only where the number of bytes does not say enough; None: all are."""
    shortest, longest = extremes(text)
    if shortest is None or longest is None:
        return None
    fewest = -(-shortest // 4)  # a code point has at most four bytes
    if (least is None or fewest >= least) and (most is None or longest <= most):
        return None
    counted = pc.utf8_length(text)
    sure = pa.repeat(pa.scalar(True), len(text))
    if least is not None:
        sure = pc.and_kleene(sure, pc.greater_equal(counted, least))
    if most is not None:
        sure = pc.and_kleene(sure, pc.less_equal(counted, most))
    return sure


def _is_one_of(members: pa.StringArray, text: pa.StringArray) -> pa.BooleanArray:
    return pc.is_in(text, value_set=members)


def matches(pattern: str, text: pa.StringArray) -> pa.BooleanArray:
    return pc.match_substring_regex(text, pattern)


def _pattern_test(pattern: Any) -> Callable[[pa.StringArray], pa.BooleanArray | None] | None:
    translated = exact(f"^{pattern}$") or narrowed(f"^{pattern}$")
    if translated is None:
        return None
    ranges = places(f"^{pattern}$")
    if not ranges:
        return partial(matches, translated)
    return partial(_fits, Places.of(ranges), translated)


@dataclass(frozen=True, slots=True)
class Places:
    """For texts of one length: the least byte that may stand in each place, and how far above it others may be."""

    least: npt.NDArray[np.uint8]
    above: npt.NDArray[np.uint8]
    length: int

    @classmethod
    def of(cls, ranges: list[tuple[int, int]]) -> Places:
        """Repeated for many texts, so that numpy works on long rows."""
        least, most = (np.array(side, np.uint8) for side in zip(*ranges, strict=True))
        times = 1 + _SOME_BYTES // len(ranges)
        return cls(np.tile(least, times), np.tile(most - least, times), len(ranges))

    def all_fit(self, data: npt.NDArray[np.uint8]) -> bool:
        step = len(self.least)
        for start in range(0, len(data), step):
            part = data[start : start + step]
            if ((part - self.least[: len(part)]) > self.above[: len(part)]).any():
                return False
        return True


def _fits(places: Places, pattern: str, text: pa.StringArray) -> pa.BooleanArray | None:
    """Of a pattern with one range of characters in each place. None: all do."""
    if not text.null_count and have_length(text, places.length) and places.all_fit(bytes_of(text)):
        return None
    return matches(pattern, text)
