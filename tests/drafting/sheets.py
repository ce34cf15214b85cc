"""Spreadsheets of the kinds that agencies have, made with the libraries that write them."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl

Rows = Sequence[Any]


def xlsx(
    file: Path, rows: Rows, *, merged: Sequence[str] = (), sheet: str = "Sheet1", formats: dict[str, str] | None = None
) -> Path:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(list(row))
    for area in merged:
        page.merge_cells(area)
    for cell, form in (formats or {}).items():
        page[cell].number_format = form
    book.save(file)
    return file


def gbk(file: Path, rows: Rows, encoding: str = "gbk") -> Path:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    file.write_bytes(out.getvalue().encode(encoding))
    return file


def xls(file: Path, rows: Rows, merged: Sequence[tuple[int, int, int, int]] = ()) -> Path:
    import xlwt

    book = xlwt.Workbook()
    page = book.add_sheet("数据")
    date = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    inside = {
        (r, c) for top, bottom, left, right in merged for r in range(top, bottom + 1) for c in range(left, right + 1)
    }
    for top, bottom, left, right in merged:
        page.write_merge(top, bottom, left, right, rows[top][left])
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if (r, c) not in inside and value is not None:
                page.write(r, c, value, date) if isinstance(value, datetime.date) else page.write(r, c, value)
    book.save(str(file))
    return file


def ods(file: Path, rows: Rows, spans: dict[tuple[int, int], tuple[int, int]] | None = None) -> Path:
    import ezodf

    book = ezodf.newdoc(doctype="ods", filename=str(file))
    page = ezodf.Sheet("数据", size=(len(rows), max(map(len, rows))))
    book.sheets += page
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if isinstance(value, datetime.date):
                page[r, c].set_value(value.isoformat(), "date")
            elif value is not None:
                page[r, c].set_value(value)
    for place, span in (spans or {}).items():
        page.set_cell_span(place, span)
    book.save()
    return file
