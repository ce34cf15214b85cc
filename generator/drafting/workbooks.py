"""xlsx, xls and ods → sheets, each by the library that frictionless reads it with; here with what that leaves out:
merged and hidden cells, number formats, formulas without a result."""

from __future__ import annotations

import datetime
import re
import zipfile
from pathlib import Path
from typing import Any

from generator.drafting.grid import (
    EMPTY,
    ERROR,
    MONTH,
    PERCENT,
    Area,
    Cell,
    Sheet,
    address,
    even,
    text_cell,
    value_cell,
)

LARGEST = 1 << 30
"""Bytes of a workbook, unpacked."""
_UNCOUNTED_SHOWN = 5


class Unreadable(Exception):
    """Why the file cannot be read, and what to do, in Chinese and in English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.why = (zh, en)


TOO_LARGE = Unreadable(
    "文件太大。请在表格软件里另存为 CSV（UTF-8）再试。", "The file is too large. Save it as CSV (UTF-8) and try again."
)
LOCKED = Unreadable(
    "文件加了密码或已损坏。请在表格软件里打开，去掉密码另存一份再试。",
    "The file is protected by a password, or broken. Open it in the spreadsheet program and save it without one.",
)


def read_xlsx(path: Path) -> list[Sheet]:
    import openpyxl

    _refuse_bombs(path)
    try:
        book = openpyxl.load_workbook(path, data_only=True)
    except Exception as error:  # the library raises whatever its parsers do
        raise LOCKED from error
    formulas = openpyxl.load_workbook(path) if _has_formulas(path) else None
    return [_of_openpyxl(sheet, formulas[sheet.title] if formulas else None) for sheet in book.worksheets]


def _refuse_bombs(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > LARGEST:
                raise TOO_LARGE
    except zipfile.BadZipFile as error:
        raise LOCKED from error


def _has_formulas(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                with archive.open(name) as part:
                    before = b""
                    while block := part.read(1 << 20):
                        if re.search(rb"<f[ >/]", before + block):
                            return True
                        before = block[-3:]
    return False


def _of_openpyxl(sheet: Any, formulas: Any) -> Sheet:
    rows = [[_of_cell(cell) for cell in row] for row in sheet.iter_rows()]
    top, left = (sheet.min_row or 1) - 1, (sheet.min_column or 1) - 1
    rows = [[EMPTY] * left + row for row in rows]
    rows = [[] for _ in range(top)] + rows if rows else rows
    uncounted = []
    for row in formulas.iter_rows() if formulas is not None else ():
        for cell in row:
            if cell.data_type == "f" and sheet[cell.coordinate].value is None:
                uncounted.append(cell.coordinate)
    return Sheet(
        sheet.title,
        even(rows),
        tuple(Area(m.min_row - 1, m.min_col - 1, m.max_row - 1, m.max_col - 1) for m in sheet.merged_cells.ranges),
        hidden=sheet.sheet_state != "visible",
        hidden_rows=frozenset(number - 1 for number, row in sheet.row_dimensions.items() if row.hidden),
        hidden_columns=frozenset(
            number - 1
            for column in sheet.column_dimensions.values()
            if column.hidden and column.min
            for number in range(column.min, min(column.max, 16384) + 1)
        ),
        uncounted=tuple(uncounted),
    )


def _of_cell(cell: Any) -> Cell:
    if cell.data_type == "e":
        return Cell(str(cell.value), ERROR)
    return value_cell(cell.value, cell.number_format if cell.value is not None else "")


def read_xls(path: Path) -> list[Sheet]:
    import xlrd

    try:
        book = xlrd.open_workbook(path, formatting_info=True, logfile=_Silent())
    except Exception as error:  # a web page or a text by that name, or an old form that the library has not
        raise LOCKED from error
    return [_of_xlrd(book, sheet) for sheet in book.sheets()]


class _Silent:
    def write(self, _: str) -> None:
        """The library reports oddities of the file on standard output."""

    def flush(self) -> None: ...


def _of_xlrd(book: Any, sheet: Any) -> Sheet:
    rows = [[_of_xls_cell(book, sheet.cell(r, c)) for c in range(sheet.ncols)] for r in range(sheet.nrows)]
    return Sheet(
        sheet.name,
        even(rows),
        tuple(Area(top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells),
        hidden=bool(sheet.visibility),
        hidden_rows=frozenset(number for number, row in sheet.rowinfo_map.items() if row.hidden),
        hidden_columns=frozenset(number for number, column in sheet.colinfo_map.items() if column.hidden),
    )


def _of_xls_cell(book: Any, cell: Any) -> Cell:
    import xlrd

    if cell.ctype == xlrd.XL_CELL_ERROR:
        return Cell(xlrd.error_text_from_code.get(cell.value, "#ERR"), ERROR)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return value_cell(bool(cell.value))
    form = book.format_map[book.xf_list[cell.xf_index].format_key].format_str if cell.xf_index is not None else ""
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            moment = xlrd.xldate_as_datetime(cell.value, book.datemode)
        except (xlrd.XLDateError, OverflowError):
            return value_cell(cell.value)
        return value_cell(moment.time() if cell.value < 1 else moment, form)
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return value_cell(float(cell.value), form)
    return text_cell(str(cell.value)) if cell.ctype == xlrd.XL_CELL_TEXT else EMPTY


_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


def read_ods(path: Path) -> list[Sheet]:
    import ezodf

    _refuse_bombs(path)
    ezodf.config.set_table_expand_strategy("all_less_maxcount", (1 << 20, 1 << 12))
    try:
        book = ezodf.opendoc(str(path))
        sheets = list(book.sheets)
    except Exception as error:  # lxml's, zipfile's and its own
        raise LOCKED from error
    hidden = {
        style.get(f"{_STYLE}name")
        for style in book.content.automatic_styles.xmlnode.iter(f"{_STYLE}style")
        for properties in style.iter(f"{_STYLE}table-properties")
        if properties.get(f"{_TABLE}display") == "false"
    }
    return [_of_ezodf(sheet, hidden=sheet.style_name in hidden) for sheet in sheets]


def _of_ezodf(sheet: Any, *, hidden: bool) -> Sheet:
    rows, merged = [], []
    for r in range(sheet.nrows()):
        row = []
        for c, cell in enumerate(sheet.row(r)):
            row.append(_of_ods_cell(cell))
            down, across = cell.span
            if (down, across) != (1, 1):
                merged.append(Area(r, c, r + down - 1, c + across - 1))
        rows.append(row)
    unseen = ("collapse", "filter")
    return Sheet(
        sheet.name,
        even(rows),
        tuple(merged),
        hidden=hidden,
        hidden_rows=frozenset(r for r in range(sheet.nrows()) if sheet.row_info(r).visibility in unseen),
        hidden_columns=frozenset(c for c in range(sheet.ncols()) if sheet.column_info(c).visibility in unseen),
    )


def _of_ods_cell(cell: Any) -> Cell:
    """OpenDocument holds the value and the text that is shown."""
    kind, value = cell.value_type, cell.value
    if kind is None:
        return EMPTY
    shown = cell.plaintext().strip()
    if kind == "percentage":
        return Cell(value_cell(float(value), "0%").text, PERCENT)
    if kind in ("float", "currency"):
        number = float(value)
        padded = shown.isdigit() and len(shown) > 1 and shown.startswith("0") and int(shown) == number
        return value_cell(number, "0" * len(shown) if padded else "")
    if kind == "date":
        return _of_ods_date(str(value), shown)
    if kind == "time":
        found = re.fullmatch(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S", str(value))
        return (
            value_cell(datetime.timedelta(hours=int(found[1]), minutes=int(found[2]), seconds=int(found[3])))
            if found
            else text_cell(shown)
        )
    if kind == "boolean":
        return value_cell(value in (True, "true"))
    return text_cell(shown)


def _of_ods_date(value: str, shown: str) -> Cell:
    try:
        moment = datetime.datetime.fromisoformat(value)
    except ValueError:
        return text_cell(shown)
    cell = value_cell(moment)
    is_month = moment.day == 1 and re.fullmatch(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*月?", shown)
    return Cell(f"{moment:%Y-%m}", MONTH) if is_month else cell


def uncounted_shown(sheet: Sheet) -> str:
    more = "…" if len(sheet.uncounted) > _UNCOUNTED_SHOWN else ""
    return "、".join(sheet.uncounted[:_UNCOUNTED_SHOWN]) + more


__all__ = ["LARGEST", "Unreadable", "address", "read_ods", "read_xls", "read_xlsx", "uncounted_shown"]
