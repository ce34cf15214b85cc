"""The values of a picture as rows: its CSV file, and the table beside it, which are the same."""

from __future__ import annotations

from collections.abc import Iterator

from generator.public import Dataset, Resource, Series, Shapes, View
from generator.text import Text, bilingual

Row = tuple[str | Text, ...]

EAST, NORTH = bilingual("经度（x）", "Longitude (x)"), bilingual("纬度（y）", "Latitude (y)")
NAME, GROUP = bilingual("名称", "Name"), bilingual("分组", "Group")
COUNT, COUNT_OF = bilingual("值的个数", "Values"), bilingual("{}的个数", "{}: values")
ROWS = bilingual("行数", "Rows")
KIND, NUMBER = bilingual("种类", "Kind"), bilingual("个数", "Number")
LINE, AREA = bilingual("线", "Lines"), bilingual("面", "Areas")


def path_of(view: View, resource: Resource, dataset: Dataset) -> str:
    """Address of its values as CSV, below the site's root."""
    return f"{_folder(dataset)}/{resource.name}.{view.name}.csv"


def columns_path(resource: Resource, dataset: Dataset) -> str:
    """Of the values of the small pictures of a table's columns."""
    return f"{_folder(dataset)}/{resource.name}-columns.csv"


def totals_path(resource: Resource, dataset: Dataset) -> str:
    return f"{_folder(dataset)}/{resource.name}-totals.json"


def _folder(dataset: Dataset) -> str:
    """One whose name no file of the dataset has."""
    folder = f"data/{dataset.name}/views"
    taken = {each.path for resource in dataset.resources for each in resource.distributions}
    return f"{folder}-data" if folder in taken else folder


def rows_of(view: View) -> tuple[tuple[Text, ...], tuple[Row, ...]]:
    """The head, and a row for each position or place."""
    if view.shapes:
        return _of_shapes(view, view.shapes)
    head = [view.x, *(label(series) for series in view.series)]
    columns: list[tuple[str | None, ...]] = [view.positions, *(series.values for series in view.series)]
    for title, counts in _counts(view.series):
        head.append(title)
        columns.append(tuple(map(str, counts)))
    return tuple(head), tuple(tuple(value or "" for value in row) for row in zip(*columns, strict=True))


def label(series: Series) -> Text:
    return series.label or ROWS


def _counts(series: tuple[Series, ...]) -> Iterator[tuple[Text, tuple[int, ...]]]:
    """Of how many values each is made; said once where that is the same for all."""
    different = {each.counts for each in series if each.counts}
    if len(different) == 1:
        yield COUNT, next(iter(different))
        return
    for each in series:
        if each.counts:
            zh, en = (COUNT_OF.to(lang)[0].format(label(each).to(lang)[0]) for lang in ("zh", "en"))
            yield bilingual(zh, en), each.counts


def in_order(shapes: Shapes) -> list[int]:
    """The points by group: as they are drawn, and as their rows stand."""
    numbers = range(len(shapes.points))
    return sorted(numbers, key=lambda number: shapes.groups[number]) if shapes.groups else list(numbers)


def _of_shapes(view: View, shapes: Shapes) -> tuple[tuple[Text, ...], tuple[Row, ...]]:
    if not shapes.points:
        kinds = ((LINE, shapes.lines), (AREA, shapes.areas))
        return (KIND, NUMBER), tuple((kind, str(len(found))) for kind, found in kinds if found)
    head = [EAST, NORTH, *([NAME] if shapes.labels else []), *([view.group or GROUP] if shapes.groups else [])]
    rows: list[Row] = []
    for number in in_order(shapes):
        row: list[str | Text] = [degrees(axis) for axis in shapes.points[number]]
        if shapes.labels:
            row.append(shapes.labels[number])
        if shapes.groups:
            row.append(view.series[shapes.groups[number]].label)
        rows.append(tuple(row))
    return tuple(head), tuple(rows)


def degrees(value: float) -> str:
    """A centimetre is enough, and without what a double adds to a decimal."""
    return f"{round(value, 7) + 0.0:.12g}"
