"""Where in a text file the records are: a line is something else than a record when a cell holds a newline."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import frictionless


def lines_of_rows(resource: frictionless.Resource, rows: Collection[int]) -> Mapping[int, int]:
    """The first line of each record, for one delimited text file that was just read; empty for anything else."""
    simple = resource.format in ("csv", "tsv") and resource.normpath and not (resource.compression or resource.multipart)
    if not rows or not simple or resource.remote or not Path(resource.normpath).is_file():
        return {}
    from frictionless.formats import CsvControl

    dialect = CsvControl.from_dialect(resource.dialect).to_python()
    last, found, before = max(rows), {}, 0
    with io.open(resource.normpath, encoding=resource.encoding, newline="") as file:
        records = csv.reader(file, dialect=dialect)
        try:
            for row, _ in enumerate(records, start=1):
                if row in rows:
                    found[row] = before + 1
                if row >= last:
                    break
                before = records.line_num
        except (csv.Error, UnicodeDecodeError):
            return found  # the file ends being readable here, which frictionless has told
    return found
