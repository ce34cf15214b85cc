"""A sample as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable

SUFFIX = "-synthetic-sample"


def free_path(dataset: str, resource: str, taken: Collection[str]) -> str:
    """Says what it is in its name; an open resource of the dataset may be called the same."""
    number, extra = 2, ""
    while (path := f"data/{dataset}/{resource}{SUFFIX}{extra}.csv").lower() in taken:
        number, extra = number + 1, f"-{number}"
    return path


def written(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode()
