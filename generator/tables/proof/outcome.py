"""Why a table was not judged in Arrow: then frictionless judges it whole."""

from __future__ import annotations

from typing import Final


class NotProved(Exception):
    """No verdict: the table may be valid or not. ``reason`` is one of ``REASONS``."""

    def __init__(self, reason: str) -> None:
        super().__init__(REASONS[reason])
        self.reason = reason


REASONS: Final = {
    "metadata": "the descriptor has errors",
    "onerror": "frictionless is set to warn of errors, or to raise them, as it reads",
    "format": "no delimited text, or not in local files",
    "small": "so small that frictionless has judged it before Arrow is imported",
    "unreadable": "frictionless cannot open it",
    "encoding": "an encoding that is not decoded in pieces, or text that is not in it",
    "dialect": "comments, skipped blank rows, or marks that are no single ASCII character",
    "escape": "the escape character occurs",
    "header": "no field at all, or two fields share a name",
    "limit": "the header alone has as many errors as the report may hold",
    "quotes": "quotes, carriage returns, NUL or leading spaces in places where readers may differ",
    "mark": "a byte-order mark within the text",
    "long-record": "one record is longer than a reader should hold",
    "reader-crashed": "frictionless's reader of cells crashes on a cell",
    "field": "a field of a type from outside frictionless",
    "key-form": "key cells in forms that are not compared here",
    "key-candidates": "keys that may be equal: only frictionless's values tell",
    "key-collision": "different keys with the same checksum",
    "key-nan": "NaN in a key",
    "key-space": "more different keys of a rare type than are kept",
    "reference": "a foreign key to a table that is not there",
    "fault": "our own fault",
}
