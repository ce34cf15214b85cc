"""Exact sums: the same however a column is cut into pieces, in a few passes over each."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

MOST = 2**16
"""Numbers that can be added at once."""
ONE = 1074
"""Doubles are whole multiples of 2 to the power of -1074."""
_BITS = 37  # 53 bits of a double, less the 16 of so many numbers
_LARGEST = 2.0**1000
_LOW = 0xFFFFFFFF


def of_integers(values: npt.NDArray[Any], largest: int) -> int:
    """Of at most ``MOST`` signed or unsigned 64-bit numbers, none beyond ``largest`` in size."""
    if largest < 2**47:
        return int(values.sum())
    return (int((values >> 32).sum()) << 32) + int((values & _LOW).sum())


def of_doubles(values: npt.NDArray[np.float64], largest: float) -> int:
    """Of at most ``MOST`` finite numbers, none beyond ``largest`` in size; in units of 2 to the power of -``ONE``.

    From all numbers their highest bits are split off, so few that their sum is exact in any order; then from what is
    left, until nothing is.
    """
    if largest > _LARGEST:
        return sum(_units(value) for value in values.tolist())
    total = 0
    _, exponent = math.frexp(largest)
    while values.any():
        rounder = math.ldexp(1.5, max(exponent + 52 - _BITS, 52 - ONE))
        high = values + rounder
        high -= rounder
        total += _units(float(high.sum()))
        values = values - high
        exponent -= _BITS  # of what is left, at most half a unit of what was split off
    return total


def _units(value: float) -> int:
    numerator, denominator = value.as_integer_ratio()
    return numerator << (ONE + 1 - denominator.bit_length())
