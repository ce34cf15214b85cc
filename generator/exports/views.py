"""The values of the pictures in a dataset's page, each as a small CSV file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from generator.exports.wellformed import encodable
from generator.public import ColumnStatistics, Dataset, View
from generator.sitefile import SiteFile
from generator.view_rows import columns_path, path_of, rows_of, totals_path


def values(dataset: Dataset) -> Iterator[SiteFile]:
    for resource in dataset.resources:
        if resource.openness == "unconditional":
            for view in resource.views:
                yield SiteFile(path_of(view, resource, dataset), content(view))
            if any(drawn(column) for column in resource.statistics):
                yield SiteFile(columns_path(resource, dataset), columns(resource.statistics))
            if resource.totals:
                yield SiteFile(totals_path(resource, dataset), resource.totals)


def content(view: View) -> bytes:
    head, rows = rows_of(view)
    return _csv([map(str, head), *([str(cell) for cell in row] for row in rows)])


def columns(statistics: Iterable[ColumnStatistics]) -> bytes:
    """How the values of each column are spread: a row for each range, or for each of the most frequent values."""
    rows: list[Iterable[str]] = [("column", "from", "below", "value", "count")]
    for column in statistics:
        if found := column.histogram:
            ranges = zip(found.edges, found.edges[1:], found.counts, strict=False)
            rows += [(column.name, start, end, "", str(count)) for start, end, count in ranges]
        else:
            rows += [(column.name, "", "", each.value, str(each.count)) for each in column.frequent]
    return _csv(rows)


def drawn(column: ColumnStatistics) -> bool:
    return bool(column.histogram or column.frequent)


def _csv(rows: Iterable[Iterable[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return encodable(text.getvalue()).encode()
