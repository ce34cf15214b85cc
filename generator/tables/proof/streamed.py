"""Rows of a delimited text as frictionless itself reads them: for texts on which Arrow's reader may differ.

At a third of the speed of Arrow; but then the cells are judged by columns as those of any other text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice
from typing import Any

import pyarrow as pa

from generator.tables.proof.outcome import NotProved
from generator.tables.proof.text import Texts

ROWS = 20_000
FIRST_ROWS = 500
"""As with ``cutting.FIRST_CHUNK``."""


def streamed(resource: Any, width: int, *, rows: int = ROWS) -> Iterator[tuple[int, Texts]]:
    """Pieces of so many rows, each with the number of its first row, in which row numbers have no gap.

    ``resource`` is closed and is read to its end: then its ``stats`` are those that frictionless gives.
    """
    import frictionless

    try:
        with closing(resource.open()):
            for numbered in _batches(resource.dialect.read_enumerated_content_stream(resource.cell_stream), rows):
                yield numbered[0][0], _texts([cells for _, cells in numbered], width)
    except frictionless.FrictionlessException as error:
        raise NotProved("unreadable") from error


def _batches(stream: Iterator[tuple[int, list[Any]]], most: int) -> Iterator[list[tuple[int, list[Any]]]]:
    """Cut also where a row was left out as a comment, so that row numbers go on within a batch."""
    now = min(FIRST_ROWS, most)
    while batch := list(islice(stream, now)):
        now = min(most, now * 4)
        start = 0
        if batch[-1][0] - batch[0][0] >= len(batch):
            for end in range(1, len(batch)):
                if batch[end][0] != batch[end - 1][0] + 1:
                    yield batch[start:end]
                    start = end
        yield batch[start:]


def _texts(rows: Sequence[list[Any]], width: int) -> Texts:
    odd = {position: cells for position, cells in enumerate(rows) if len(cells) != width}
    if odd:
        rows = [(cells + [None] * width)[:width] for cells in rows]
    try:
        columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    except (pa.ArrowException, UnicodeError) as error:  # halves of surrogate pairs
        raise NotProved("encoding") from error
    return Texts(columns, odd)
