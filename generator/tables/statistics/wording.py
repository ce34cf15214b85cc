"""Values as the exact texts that are published."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Any

import numpy as np

MEAN_PLACES = 6
"""Decimal places that a mean has more than its column."""
_EXACT = Context(prec=400, rounding=ROUND_HALF_EVEN)


def whole(value: Any) -> str:
    return str(int(value))


def day(value: Any) -> str:
    """Of days since 1970."""
    return str(np.datetime64(int(value), "D"))


def moment(value: Any) -> str:
    """Of microseconds since 1970."""
    clock, _, fraction = str(np.datetime64(int(value), "us")).partition(".")
    return f"{clock}.{fraction}" if fraction.strip("0") else clock


def moment_in_utc(value: Any) -> str:
    return moment(value) + "Z"


def double(value: Any) -> str:
    """With the fewest digits that say which double it is."""
    text = repr(float(value))
    return text.removesuffix(".0")


def edge(value: Decimal) -> str:
    """Of a histogram, with as few digits as it has."""
    exact = value.normalize()
    return f"{exact:f}" if -7 < exact.adjusted() < 17 else f"{exact:e}"


def decimal(value: Decimal, scale: int) -> str:
    """With the column's decimal places, or more where the value has more."""
    return f"{value:.{max(scale, -int(value.as_tuple().exponent))}f}"


def mean(value: Fraction, scale: int) -> str:
    rounded = round(value, scale + MEAN_PLACES)
    exact = _EXACT.divide(Decimal(rounded.numerator), Decimal(rounded.denominator))
    text = f"{exact:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
