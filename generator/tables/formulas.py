"""Text cells that a spreadsheet program would run as a formula when it opens the CSV. They are told, never altered.

What runs is told, what merely looks odd is not (decision 0012):

- ``=`` before anything that can be computed, looked up or called;
- ``+``, ``-`` and ``@`` before a function call, a cell of the sheet or another program (DDE); ``+`` and ``-`` also
  before arithmetic: a spreadsheet shows ``+86-750-3127888`` as -3128552;
- all of it in full width too (``＝``), which East Asian Excel takes for the same, and after tabs, line breaks and NUL,
  which hide a formula from simpler tests (OWASP, CSV injection).

Numbers (``-5``, ``+3.2%``, ``-1e5``), dashes for what is missing, bullets, telephone numbers with blanks, names after
``@`` and lines of ``====`` run nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

TEXT_TYPES = ("string", "any")
"""Types whose columns are looked at: in others, cells that begin like this are numbers, dates, lists."""

_FIRST_BYTES = b"=+-@\t\r\n\0"
_WIDE = 0xEF
"""First byte of the full-width signs, and of Chinese punctuation, which is looked at more closely."""
_WIDE_SIGNS = tuple(sign.encode()[1:] for sign in "＝＋－＠")

_NUMBER = r"[0-9][0-9.,]*(?:[eE][+-]?[0-9]+)?%?"
_ARITHMETIC = rf"[+\-\s]*\(*{_NUMBER}\)*(?:\s*[-+*/^]\s*[-+]*\(*{_NUMBER}\)*)+\s*$"
_CELL = r"[-+\s(]*(?:[0-9.]+\s*[-+*/^]\s*)*(?:[\pL\pN_]+!)?\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6}\s*(?:$|[-+*/^&=<>:)])"
_CALL = r"(?:.*[-+*/^&=<>(])?\s*[A-Za-z_][A-Za-z0-9_.]*\("
_PROGRAM = r".*[A-Za-z0-9_]\|.*!"
_ANYTHING = r"""[-+－＋@＠\s]*[\pL\pN"'“‘(（\[{#$.\\]"""
_FORMULA = (
    r"(?s)^(?:[\x00\t\r\n][\x00\t\r\n ]*)?"
    rf"(?:[=＝]{_ANYTHING}|[-+－＋](?:{_ARITHMETIC}|{_CELL}|{_CALL}|{_PROGRAM})|[@＠](?:{_CELL}|{_CALL}|{_PROGRAM}))"
)
"""For RE2, which cannot be kept busy by a hostile text."""


@dataclass(frozen=True, slots=True)
class Formulas:
    """The formula-like cells of one column."""

    index: int
    """Of the first one: how many rows of data come before it."""
    value: str
    count: int


def formula_cells(text: pa.Array) -> pa.BooleanArray | None:
    """Which cells of a string array would run; None when there are none, which costs about 1 ns a row."""
    candidates = _candidates(text)
    if not len(candidates):
        return None
    encoded = text.take(pa.array(candidates)).dictionary_encode()  # dashes for what is missing come by the thousand
    runs = pc.fill_null(pc.match_substring_regex(encoded.dictionary, _FORMULA).take(encoded.indices), False)
    found = candidates[runs.to_numpy(zero_copy_only=False)]
    if not len(found):
        return None
    mask = np.zeros(len(text), bool)
    mask[found] = True
    return pa.array(mask)


def and_more(found: Formulas | None, text: pa.Array, index: int) -> Formulas | None:
    """What was found in a column so far, and what its next part adds, which begins with row ``index`` of the data."""
    cells = formula_cells(text)
    if cells is None:
        return found
    if found is None:
        first = pc.index(cells, True).as_py()
        found = Formulas(index + first, text[first].as_py(), 0)
    return replace(found, count=found.count + cells.true_count)


def _candidates(text: pa.Array) -> np.ndarray[Any, np.dtype[np.intp]]:
    """Cells that begin like a formula. Only their first bytes are read."""
    _, offsets_buffer, data_buffer = text.buffers()
    if not len(text) or data_buffer is None or not data_buffer.size:
        return np.empty(0, np.intp)
    width = np.dtype(np.int64 if pa.types.is_large_string(text.type) else np.int32)
    offsets = np.frombuffer(offsets_buffer, width, len(text) + 1, text.offset * width.itemsize)
    data = np.frombuffer(data_buffer, np.uint8)
    first = data.take(offsets[:-1], mode="clip")  # of an empty cell, that of the next one
    begins = first == _WIDE
    if begins.any():
        begins = _begins_wide(data, offsets, np.flatnonzero(begins), len(text))
    for byte in _FIRST_BYTES:
        begins |= first == byte
    found = np.flatnonzero(begins)
    return found[offsets[found] < offsets[found + 1]]


def _begins_wide(data: Any, offsets: Any, rows: Any, count: int) -> Any:
    second, third = (data.take(offsets[rows] + n, mode="clip") for n in (1, 2))
    begins = np.zeros(count, bool)
    begins[rows] = np.logical_or.reduce([(second == sign[0]) & (third == sign[1]) for sign in _WIDE_SIGNS])
    return begins
