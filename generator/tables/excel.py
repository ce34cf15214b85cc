"""A table's file for Excel, beside the canonical CSV: a workbook if it is small, else CSV with a byte-order mark.

Excel in China reads UTF-8 without a mark as GBK. In a workbook every column is of one kind: numbers, dates or booleans
where each of its values is exact in Excel, else text (decision 0012). Nothing in it is ever a formula.
"""

from __future__ import annotations

import codecs
import re
import shutil
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from csv import Error as CsvError
from csv import reader as csv_reader
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator import public
from generator.text import LANGUAGES, Text

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

MOST_CELLS = 250_000
"""Of a workbook: 20,000 rows of 12 columns. Such a one takes 1.5 s; the reader's Excel opens it at once."""
MOST_BYTES = 32 * 1024 * 1024
"""Of the CSV that a workbook is made from: it is read whole."""
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
"""Of a sheet in Excel; the header is a row."""
LONGEST_CELL = 32_767
"""UTF-16 units in a cell of Excel."""

_MADE = datetime(2000, 1, 1)  # noqa: DTZ001  a workbook states when it was made, without a zone; ours are of no day
_FIRST_DAY = date(1900, 3, 1)
"""Before it Excel counts a 29 February 1900 that never was."""
_NO_XML = re.compile("[\ufffe\uffff]")

Value = int | float | bool | date | datetime
Reader = Callable[[str], Value | None]
"""The value of a cell's text; None where Excel cannot hold just this value."""
About = Sequence[tuple[Text, Sequence[Text]]]
"""What stands on the last sheet: a label, and one or more values."""


def write_for_excel(
    csv: Path, schema: public.Schema, rows: int, target: Path, *, stem: str, about: About = ()
) -> Path | None:
    """Write ``target/<stem>.xlsx``, or ``<stem>-excel.csv`` where a workbook would be too large or cannot hold a cell.

    None when Excel has no room for the table at all. Equal bytes in give equal bytes out.
    """
    columns = len(schema.fields)
    if rows >= MOST_ROWS or columns > MOST_COLUMNS:
        return None
    if (rows + 1) * columns <= MOST_CELLS and csv.stat().st_size <= MOST_BYTES:
        table = _read(csv)
        if table is not None:
            return _write_workbook(table, schema, target / f"{stem}.xlsx", about)
    return _write_with_mark(csv, target / f"{stem}-excel.csv")


def _write_with_mark(source: Path, path: Path) -> Path:
    with source.open("rb") as plain, path.open("wb") as marked:
        marked.write(codecs.BOM_UTF8)
        shutil.copyfileobj(plain, marked, 1024 * 1024)
    return path


def _read(csv: Path) -> list[list[str]] | None:
    """The rows, header first; None when there is a cell that no workbook holds."""
    try:
        with csv.open(encoding="utf-8", newline="") as file:
            rows = list(csv_reader(file, strict=True))
    except CsvError:
        return None  # a cell longer than Python's limit, which is above Excel's
    return rows if all(_fits(cell) for row in rows for cell in row) else None


def _fits(cell: str) -> bool:
    if len(cell) > LONGEST_CELL // 2 and len(cell.encode("utf-16-le")) // 2 > LONGEST_CELL:
        return False
    # xlsxwriter passes on what looks like its own rich text, and U+FFFE and U+FFFF, which XML does not allow.
    return not (cell.startswith("<r>") and cell.endswith("</r>")) and (cell.isascii() or not _NO_XML.search(cell))


# ---- what the columns hold


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    cells: Sequence[str]
    values: Mapping[str, Value] | None
    """By text; None for a column of texts."""
    format: str
    """How Excel shows the cells."""
    missing: Collection[str]


def _column(field: public.Field, cells: Sequence[str], schema: public.Schema) -> _Column:
    missing = _missing_values(field, schema)
    texts = dict.fromkeys(text for text in cells if text not in missing)
    values = _values(field, texts)
    format_ = "@" if values is None else _format(field, texts)
    return _Column(field.name, cells, values, format_, missing)


def _missing_values(field: public.Field, schema: public.Schema) -> frozenset[str]:
    """As texts: in version 2 of the standard they may be objects with a label."""
    stated = field.listed("missingValues", schema.missing_values)
    return frozenset(str(each.get("value", "")) if isinstance(each, Mapping) else str(each) for each in stated)


def _values(field: public.Field, texts: Iterable[str]) -> Mapping[str, Value] | None:
    """The values of all the texts, or None when one of them has no exact value in Excel."""
    read = _reader(field)
    if read is None:
        return None
    found: dict[str, Value] = {}
    for text in texts:
        value = read(text)
        if value is None:
            return None
        found[text] = value
    return found


def _reader(field: public.Field) -> Reader | None:
    if field.type in ("date", "datetime"):
        return _date_reader(field)
    if field.type == "number":
        return _number_reader(field)
    return {"integer": _integer, "year": _integer, "boolean": _boolean_reader(field)}.get(field.type)


_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})")
_DECIMAL = re.compile(r"[-+]?(?:(0|[1-9][0-9]*)(?:\.([0-9]*))?|\.([0-9]+))(?:[eE]([-+]?[0-9]{1,3}))?")
_MOST_DIGITS = 15
"""That a double keeps and Excel shows, whatever they are."""
_LARGEST_EXPONENT = 290


def _integer(text: str) -> int | None:
    """A leading zero makes a code of it: ``007`` is no 7."""
    return int(text) if _INTEGER.fullmatch(text) else None


def _number_reader(field: public.Field) -> Reader:
    mark, group = str(field.properties.get("decimalChar", ".")), str(field.properties.get("groupChar", ""))

    def read(text: str) -> float | None:
        plain = text.replace(group, "") if group else text
        return _decimal(plain.replace(mark, ".") if mark != "." and "." not in plain else plain)

    return read


def _decimal(text: str) -> float | None:
    found = _DECIMAL.fullmatch(text)
    if not found:
        return None
    whole, places, only_places, exponent = found.groups()
    digits = ((whole or "") + (places or only_places or "")).lstrip("0")
    small = len(digits) <= _MOST_DIGITS and abs(int(exponent or 0)) <= _LARGEST_EXPONENT
    return float(text) if small else None


def _boolean_reader(field: public.Field) -> Reader:
    """Words that a country has for yes and no stay as they are; Excel would make TRUE and FALSE of them."""
    yes = map(str, field.listed("trueValues", ("true", "True", "TRUE", "1")))
    no = map(str, field.listed("falseValues", ("false", "False", "FALSE", "0")))
    usual = {text: True for text in yes if text.lower() in ("true", "1")}
    usual |= {text: False for text in no if text.lower() in ("false", "0")}
    return usual.get


_PARTS = {"%Y": r"(?P<Y>[0-9]{4})", "%m": r"(?P<m>[0-9]{1,2})", "%d": r"(?P<d>[0-9]{1,2})"}
_DATETIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2})")


def _date_reader(field: public.Field) -> Reader | None:
    """Dates as the standard writes them, or by a format of year, month and day; local moments to the second."""
    if field.format in ("", "default"):
        return _datetime if field.type == "datetime" else _day_reader("%Y-%m-%d")
    directives = re.findall("%.", field.format)
    if field.type == "date" and sorted(directives) == sorted(_PARTS):
        return _day_reader(field.format)
    return None


def _day_reader(format_: str) -> Reader:
    pattern = re.compile("".join(_PARTS.get(part) or re.escape(part) for part in re.split("(%.)", format_)))

    def read(text: str) -> date | None:
        found = pattern.fullmatch(text)
        try:
            day = date(int(found["Y"]), int(found["m"]), int(found["d"])) if found else None
        except ValueError:
            return None
        return day if day and day >= _FIRST_DAY else None

    return read


def _datetime(text: str) -> datetime | None:
    if not _DATETIME.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None  # 24:00:00
    return moment if moment.date() >= _FIRST_DAY else None


def _format(field: public.Field, texts: Iterable[str]) -> str:
    """Whole numbers without an exponent, decimals with the places that all of them have."""
    if field.type in ("date", "datetime"):
        return "yyyy-mm-dd" if field.type == "date" else "yyyy-mm-dd hh:mm:ss"
    if field.type != "number":
        return "General" if field.type == "boolean" else "0"
    mark = str(field.properties.get("decimalChar", "."))
    places = {len(text.partition(mark)[2]) for text in texts}
    if len(places) != 1 or any("e" in text or "E" in text for text in texts):
        return "General"
    (count,) = places
    return f"0.{'0' * count}" if count else "0"


# ---- the workbook


def _write_workbook(rows: list[list[str]], schema: public.Schema, path: Path, about: About) -> Path:
    from xlsxwriter.workbook import Workbook

    texts = zip(*rows[1:], strict=True) if len(rows) > 1 else [()] * len(schema.fields)
    columns = [_column(field, cells, schema) for field, cells in zip(schema.fields, texts, strict=True)]
    with Workbook(str(path), {"in_memory": True}) as book:
        book.set_properties({"created": _MADE})
        _write_data(book, book.add_worksheet("数据 Data"), columns)
        _write_lines(book, book.add_worksheet("字段 Fields"), _fields(schema), headed=True)
        if about:
            _write_lines(book, book.add_worksheet("说明 About"), _about(about), headed=False)
    return path


def _write_data(book: Workbook, sheet: Worksheet, columns: Sequence[_Column]) -> None:
    head = book.add_format({"bold": True, "num_format": "@", "bottom": 1})
    formats = {each: book.add_format({"num_format": each}) for each in dict.fromkeys(c.format for c in columns)}
    for number, column in enumerate(columns):
        format_ = formats[column.format]
        sheet.write_string(0, number, column.name, head)
        sheet.set_column(number, number, _width(column), format_)
        _write_cells(sheet, number, column, format_)
    last = max((len(column.cells) for column in columns), default=0)
    sheet.freeze_panes(1, 0)
    if last and columns:
        sheet.autofilter(0, 0, last, len(columns) - 1)
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{last + 1}"})


def _write_cells(sheet: Worksheet, number: int, column: _Column, format_: Any) -> None:
    """A missing value and an empty text are both an empty cell: Excel knows no difference."""
    values, missing = column.values, column.missing
    write = _writer(sheet, values)
    for row, text in enumerate(column.cells, start=1):
        if text and text not in missing:
            write(row, number, text if values is None else values[text], format_)


def _writer(sheet: Worksheet, values: Mapping[str, Value] | None) -> Any:
    if values is None:
        return sheet.write_string
    some = next(iter(values.values()), 0)
    if isinstance(some, bool):
        return sheet.write_boolean
    return sheet.write_datetime if isinstance(some, date) else sheet.write_number


def _write_lines(book: Workbook, sheet: Worksheet, lines: Sequence[Sequence[str]], *, headed: bool) -> None:
    """Texts; the first line, or the first column, in bold."""
    head = book.add_format({"bold": True, "num_format": "@", "valign": "top"})
    plain = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    for row, line in enumerate(lines):
        for number, text in enumerate(line):
            bold = row == 0 if headed else number == 0
            if text:
                sheet.write_string(row, number, _fitting(text), head if bold else plain)
    for number, texts in enumerate(zip(*lines, strict=True)):
        sheet.set_column(number, number, _width_of(texts))
    if headed:
        sheet.freeze_panes(1, 0)


def _fields(schema: public.Schema) -> list[list[str]]:
    """A line for each field; columns that would be empty are left out."""
    head = ["字段名 Name", "名称", "Title", "类型 Type", "单位 Unit", "说明", "Description"]
    lines = [
        [
            field.name,
            *_in_each_language(field.title),
            field.type,
            field.unit,
            *_in_each_language(field.description),
        ]
        for field in schema.fields
    ]
    used = [number for number in range(len(head)) if any(line[number] for line in lines)]
    return [[line[number] for number in used] for line in (head, *lines)]


def _in_each_language(text: Text) -> list[str]:
    """A text in another language than these stands in the first place."""
    found = [text.to(lang)[0] if text.has(lang) else "" for lang in LANGUAGES]
    return found if any(found) else [text.main, *found[1:]]


def _about(about: About) -> list[list[str]]:
    lines = []
    for label, values in about:
        name = " ".join(dict.fromkeys(label.to(lang)[0] for lang in LANGUAGES))
        lines += [[name if number == 0 else "", *_in_each_language(value)] for number, value in enumerate(values)]
    return lines


def _fitting(text: str) -> str:
    """A text of the descriptor, which may be shortened; cells of data never are."""
    short = text if len(text) <= LONGEST_CELL // 2 else text[: LONGEST_CELL // 2] + "…"
    return _NO_XML.sub("", short) if _fits(short) else _NO_XML.sub("", short) + " "


# ---- how wide the columns are


_SAMPLE = 500
_NARROWEST, _WIDEST = 8, 50


def _width(column: _Column) -> int:
    if column.format.startswith("yyyy"):
        return max(_width_of((column.name,)), len(column.format) + 2)
    return _width_of((column.name, *column.cells[:_SAMPLE]))


def _width_of(texts: Iterable[str]) -> int:
    """In Excel's unit, the width of a digit, with room for the button of the filter."""
    widest = max((_measure(line) for text in texts for line in text[:200].splitlines()), default=0)
    return min(max(widest + 3, _NARROWEST), _WIDEST)


def _measure(line: str) -> int:
    return len(line) if line.isascii() else sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
