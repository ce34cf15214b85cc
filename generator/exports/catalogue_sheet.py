"""``catalog.xlsx``: the catalogue in the sheet that agencies fill in, so that it can be filled in further and read back
(``kaishu import``). Public values alone; every cell is a text, so nothing in it is a formula and no code loses a zero.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from generator import vocabularies
from generator.catalogue_layout import (
    COLUMNS,
    OF_TABLE,
    OPENNESS_TYPES,
    SEVERAL,
    SHARING_TYPES,
    TYPES,
    Entry,
    Item,
    LayoutColumn,
    SheetTable,
    zh,
)
from generator.concepts import Concept
from generator.exports import published
from generator.exports.wellformed import without_controls
from generator.public import Access, Catalog, Dataset, Resource

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

TITLE = "公共数据资源目录"
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001  a workbook states when it was made; ours are of no day
_LONGEST = 32_000
"""Characters of a cell; Excel has room for 32,767."""
_MOST_MERGED = 300
"""Datasets: with more, writing and opening so many merged cells takes seconds, and blanks mean the same."""
_WIDTHS = {"title": 24, "description": 40, "item": 18, "conditions": 30, "agency": 20}


def catalog_xlsx(catalog: Catalog) -> bytes:
    return workbook(entries(catalog))


def entries(catalog: Catalog) -> list[Entry]:
    return [_entry(dataset) for dataset in catalog.datasets]


def _entry(dataset: Dataset) -> Entry:
    return Entry(
        title=zh(dataset.title),
        name=dataset.name,
        theme=dataset.theme.id if dataset.theme else "",
        catalogue_code=dataset.catalogue_code,
        agency=zh(dataset.agency.name),
        agency_code=dataset.agency.code,
        description=zh(dataset.description),
        format="、".join(dict.fromkeys(file.format for file in published.files(dataset))),
        tables=tuple(_table(resource) for resource in dataset.resources) or (_closed(dataset),),
        sharing_type=dataset.sharing.type,
        sharing_condition=zh(dataset.sharing.condition),
        sharing_mode=zh(dataset.sharing.mode),
        update_cycle=dataset.update_cycle.id if dataset.update_cycle else "",
        created=dataset.created,
        modified=dataset.modified,
        industry=dataset.industry.id if dataset.industry else "",
        keywords=tuple(map(zh, dataset.keywords)),
        source_department=zh(dataset.source_department.name) if dataset.source_department else "",
    )


def _table(resource: Resource) -> SheetTable:
    items = tuple(
        Item(zh(field.title) or field.name, field.name, field.type, field.unit, zh(field.description))
        for field in published.fields_of(resource)
    )
    return SheetTable(zh(resource.title), resource.name, items, resource.openness, _conditions(resource.access))


def _closed(dataset: Dataset) -> SheetTable:
    """A dataset of which nothing but an entry is there."""
    openness = "closed" if dataset.openness == "mixed" else dataset.openness
    return SheetTable(openness=openness, conditions=_conditions(dataset.access))


def _conditions(access: Access | None) -> tuple[str, ...]:
    """What has to be met; of closed data, why they are."""
    if access is None:
        return ()
    return tuple(map(zh, access.conditions)) or ((zh(access.reason),) if access.reason else ())


# ---- writing


def workbook(entries: Sequence[Entry]) -> bytes:
    """Equal entries give equal bytes."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    book.set_properties({"created": _MADE, "title": TITLE})
    book.set_size(1600, 1000)
    sheet = book.add_worksheet("目录")
    head = book.add_format(
        {"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True, "border": 1, "bg_color": "#DDEBF7"}
    )
    cell = book.add_format({"num_format": "@", "valign": "vcenter", "text_wrap": True, "border": 1})
    _write_header(sheet, head)
    row = 2
    for entry in entries:
        row = _write_entry(sheet, cell, row, entry, merged=len(entries) <= _MOST_MERGED)
    sheet.freeze_panes(2, 2)
    book.close()
    return out.getvalue()


def _write_header(sheet: Worksheet, head: Format) -> None:
    for number, column in enumerate(COLUMNS):
        sheet.set_column(number, number, _WIDTHS.get(column.key, 14))
        if not column.group:
            sheet.merge_range(0, number, 1, number, column.label, head)
            continue
        same = [i for i, other in enumerate(COLUMNS) if other.group == column.group]
        if number == same[0] and len(same) > 1:
            sheet.merge_range(0, number, 0, same[-1], column.group, head)
        elif len(same) == 1:
            sheet.write_string(0, number, column.group, head)
        sheet.write_string(1, number, column.label, head)


def _write_entry(sheet: Worksheet, cell: Format, top: int, entry: Entry, *, merged: bool) -> int:
    """Returns the row after it. An entry without any item takes a row all the same."""
    tables = entry.tables or (SheetTable(),)
    heights = [max(1, len(table.items)) for table in tables]
    differ = len({(table.openness, table.conditions) for table in tables}) > 1
    whole = _resource_texts(entry)
    for number, column in enumerate(COLUMNS):
        if column.of_item:
            _write_items(sheet, cell, top, number, column, tables)
        elif column.key in OF_TABLE and differ:
            row = top
            for table, height in zip(tables, heights, strict=True):
                _write(sheet, cell, (row, number, height), _table_text(table, column.key), merged=merged)
                row += height
        else:
            text = _table_text(tables[0], column.key) if column.key in OF_TABLE else whole.get(column.key, "")
            _write(sheet, cell, (top, number, sum(heights)), text, merged=merged)
    return top + sum(heights)


def _write_items(
    sheet: Worksheet, cell: Format, top: int, number: int, column: LayoutColumn, tables: Sequence[SheetTable]
) -> None:
    row = top
    for table in tables:
        for item in table.items or (Item(""),):
            texts = {
                "table": table.title, "table_name": table.name, "item": item.title, "item_name": item.name,
                "item_type": TYPES.get(item.type, item.type), "item_unit": item.unit, "item_note": item.note,
            }  # fmt: skip
            sheet.write_string(row, number, _clean(texts[column.key]), cell)
            row += 1


def _write(sheet: Worksheet, cell: Format, place: tuple[int, int, int], text: str, *, merged: bool) -> None:
    row, number, height = place
    if height > 1 and merged:
        sheet.merge_range(row, number, row + height - 1, number, "", cell)
    sheet.write_string(row, number, _clean(text), cell)


def _clean(text: str) -> str:
    return without_controls(text)[:_LONGEST]


def _resource_texts(entry: Entry) -> dict[str, str]:
    concepts = vocabularies.themes(), vocabularies.update_cycles(), vocabularies.industries()
    theme, cycle, industry = (
        _label(id_, each) for id_, each in zip((entry.theme, entry.update_cycle, entry.industry), concepts, strict=True)
    )
    return {
        "theme": theme, "title": entry.title, "catalogue_code": entry.catalogue_code, "agency": entry.agency,
        "agency_code": entry.agency_code, "description": entry.description, "format": entry.format,
        "sharing_type": SHARING_TYPES.get(entry.sharing_type, entry.sharing_type),
        "sharing_condition": entry.sharing_condition,
        "sharing_mode": entry.sharing_mode, "update_cycle": cycle, "created": entry.created, "modified": entry.modified,
        "name": entry.name, "industry": industry, "keywords": SEVERAL.join(entry.keywords),
        "source_department": entry.source_department,
    }  # fmt: skip


def _label(id_: str, concepts: Mapping[str, Concept]) -> str:
    return zh(concepts[id_].label) if id_ in concepts else id_


def _table_text(table: SheetTable, key: str) -> str:
    if key == "openness":
        return OPENNESS_TYPES.get(table.openness, table.openness)
    return SEVERAL.join(table.conditions)
