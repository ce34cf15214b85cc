"""Files that the script reads: little numbers, compressed here, since hosts compress only types that they know."""

from __future__ import annotations

import os
import zlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Numbers: TypeAlias = npt.NDArray[Any]


TOGETHER = 64
"""Files that a thread compresses before it hands them over."""


def packed(contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """zlib lets other threads work meanwhile."""
    names = list(contents)
    parts = [names[start : start + TOGETHER] for start in range(0, len(names), TOGETHER)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        made = pool.map(lambda part: [zlib.compress(contents[name], 6) for name in part], parts)
        return dict(zip(names, (each for part in made for each in part), strict=True))


def varints(values: Numbers) -> tuple[Numbers, Numbers]:
    """The values as bytes, seven bits in each, the lowest first; and where each value begins (one more: the end)."""
    values = values.astype(np.uint32)
    lengths = np.ones(len(values), np.int64)
    for bits in (7, 14, 21, 28):
        lengths += values >= 1 << bits
    starts = np.concatenate(([0], np.cumsum(lengths)))
    out = np.zeros(int(starts[-1]), dtype=np.uint8)
    for byte in range(int(lengths.max(initial=0))):
        has = np.flatnonzero(lengths > byte)
        more = (lengths[has] > byte + 1).astype(np.uint8) << 7
        out[starts[has] + byte] = ((values[has] >> np.uint32(7 * byte)) & np.uint32(127)).astype(np.uint8) | more
    return out, starts
