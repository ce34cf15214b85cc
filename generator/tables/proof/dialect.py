"""How a delimited text is written."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from generator.tables.proof.outcome import NotProved


@dataclass(frozen=True)
class Dialect:
    delimiter: str
    quote: str
    escape: str
    skips_spaces: bool
    """Spaces after a delimiter are no part of the cell."""
    translates_newlines: bool
    """The reader sees every line end as LF, also within cells."""

    @classmethod
    def of(cls, resource: Any) -> Dialect:
        """What frictionless gives to ``csv.reader`` for an opened resource."""
        from frictionless.formats import CsvControl

        dialect = resource.dialect
        python = CsvControl.from_dialect(dialect).to_python()
        marks = [python.delimiter, python.quotechar]
        plain = all(isinstance(m, str) and len(m) == 1 and ("!" <= m <= "~" or m in "\t ") for m in marks)
        filtered = dialect.comment_char or dialect.comment_rows or dialect.skip_blank_rows
        escape = python.escapechar or ""
        if filtered or not plain or len(set(marks)) < 2 or not python.doublequote or not escape.isascii():
            raise NotProved("dialect")
        if python.quotechar in " \t" or (python.skipinitialspace and python.delimiter == " "):
            raise NotProved("dialect")
        return cls(python.delimiter, python.quotechar, escape, bool(python.skipinitialspace), resource.format != "csv")

    @cached_property
    def quote_byte(self) -> int:
        return ord(self.quote)

    @cached_property
    def before_cells(self) -> npt.NDArray[np.bool_]:
        """By byte: what may stand before an opening quote. The quote itself: two of them are one within a cell."""
        return _among(self.delimiter, "\n", self.quote)

    @cached_property
    def after_cells(self) -> npt.NDArray[np.bool_]:
        """By byte: what may stand after a closing quote."""
        return _among(self.delimiter, "\n", "\r", self.quote)


def _among(*characters: str) -> npt.NDArray[np.bool_]:
    table = np.zeros(256, np.bool_)
    table[[ord(character) for character in characters]] = True
    return table
