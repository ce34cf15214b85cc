"""The file for Excel: every cell holds the canonical CSV's value, exactly, or its text; and nothing runs."""

from __future__ import annotations

import csv
import hashlib
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import frictionless
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator import public
from generator.tables import excel, write_for_excel
from generator.text import Text, bilingual
from tests.tables.table_packages import SHARED, convert, read_descriptor

ROOT = Path(__file__).resolve().parents[2]


def schema_of(*fields: dict[str, Any], missing: Sequence[str] = ("",)) -> public.Schema:
    named = ("name", "type", "format")
    return public.Schema(
        tuple(
            public.Field(
                **{k: f[k] for k in named if k in f}, properties={k: v for k, v in f.items() if k not in named}
            )
            for f in fields
        ),
        missing_values=tuple(missing),
    )


def write_csv(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    return path


def column(folder: Path, texts: Sequence[str], missing: Sequence[str] = ("",), **field: Any) -> list[Any]:
    """What Excel sees of a column of these texts."""
    source = write_csv(folder / "a.csv", [["x", "y"], *[[text, "1"] for text in texts]])
    schema = schema_of({"name": "x", **field}, {"name": "y", "type": "string"}, missing=missing)
    path = write_for_excel(source, schema, len(texts), folder, stem="a")
    assert path == folder / "a.xlsx"
    cells = [row[0] for row in openpyxl.load_workbook(path).worksheets[0].iter_rows(min_row=2)]
    assert len(cells) == len(texts)
    assert not any(cell.data_type == "f" for cell in cells)
    return [cell.value for cell in cells]


NUMBERS = {
    "integers": ("integer", ["0", "-7", "999999999999999"], [0, -7, 999999999999999]),
    "decimals": ("number", ["0.1", "12.50", ".5", "-3", "+1", "1.", "0.30000000000000004"[:16]], [0.1, 12.5, 0.5, -3, 1, 1, 0.3]),
    "exponents": ("number", ["1.5E+3", "1e-5"], [1500, 0.00001]),
    "years": ("year", ["2024", "1999"], [2024, 1999]),
}  # fmt: skip


@pytest.mark.parametrize("case", NUMBERS)
def test_exact_numbers_are_numbers(case: str, tmp_path: Path) -> None:
    kind, texts, values = NUMBERS[case]
    assert column(tmp_path, texts, type=kind) == values


AS_TEXT = {
    "codes": ("string", ["007", "440703", "1e5"]),
    "an integer with leading zeros": ("integer", ["007", "12"]),
    "an identity number": ("integer", ["440703199001011234", "5"]),
    "sixteen digits": ("number", ["0.1234567890123456", "1"]),
    "no number at all": ("number", ["NaN", "1"]),
    "beyond a double": ("number", ["1e400", "1"]),
    "an early year": ("year", ["0044", "2024"]),
    "underscores": ("integer", ["1_000", "1"]),
    "full width": ("integer", ["１２", "1"]),
    "a percentage": ("number", ["95%", "1"]),
    "before Excel's calendar": ("date", ["1900-02-28", "2024-01-06"]),
    "zoned": ("datetime", ["2024-01-06T08:30:00+08:00"]),
    "parts of a second": ("datetime", ["2024-01-06T08:30:00.5"]),
    "a time": ("time", ["08:30:00"]),
    "a month": ("yearmonth", ["2024-01"]),
    "anything": ("any", ["1", "x"]),
    "formulas": ("string", ["=1+1", "+A1", "-SUM(1)", "@SUM(1)", "\t=1", "{=1}", "http://x.example/"]),
}


@pytest.mark.parametrize("case", AS_TEXT)
def test_a_column_with_a_value_that_excel_cannot_hold_is_text(case: str, tmp_path: Path) -> None:
    kind, texts = AS_TEXT[case]
    extra: dict[str, Any] = {"bareNumber": False} if "%" in "".join(texts) else {}
    assert column(tmp_path, texts, type=kind, **extra) == texts


def test_numbers_as_the_field_writes_them(tmp_path: Path) -> None:
    assert column(tmp_path, ["1.234,50", "7"], type="number", decimalChar=",", groupChar=".") == [1234.5, 7]


def test_dates(tmp_path: Path) -> None:
    assert column(tmp_path, ["2024-01-06", "1900-03-01", "9999-12-31"], type="date") == [
        datetime(2024, 1, 6), datetime(1900, 3, 1), datetime(9999, 12, 31),  # noqa: DTZ001
    ]  # fmt: skip
    assert column(tmp_path, ["6/1/2024"], type="date", format="%d/%m/%Y") == [datetime(2024, 1, 6)]  # noqa: DTZ001
    assert column(tmp_path, ["2024-W05"], type="date", format="%Y-W%W") == ["2024-W05"]
    moments = [datetime(2024, 1, 6, hour, 59, 59) for hour in range(24)]  # noqa: DTZ001
    assert column(tmp_path, [m.isoformat(" ") for m in moments], type="datetime") == moments


def test_booleans_keep_the_words_of_a_country(tmp_path: Path) -> None:
    assert column(tmp_path, ["true", "0"], type="boolean") == [True, False]
    assert column(tmp_path, ["是", "否"], type="boolean", trueValues=["是"], falseValues=["否"]) == ["是", "否"]


def test_missing_values_are_empty_cells(tmp_path: Path) -> None:
    assert column(tmp_path, ["-999", "", "5"], ("", "-999"), type="integer") == [None, None, 5]
    assert column(tmp_path, ["NA", "x"], ("-",), type="string", missingValues=["NA"]) == [None, "x"]
    assert column(tmp_path, ["-", "-"], ("-",), type="number") == [None, None]


def test_format_of_cells(tmp_path: Path) -> None:
    rows = [
        ["i", "n", "m", "d", "s"],
        ["123456789012", "1.50", "1.5", "2024-01-06", "007"],
        ["2", "2.25", "2", "2024-01-07", "8"],
    ]
    source = write_csv(tmp_path / "a.csv", rows)
    types = {"i": "integer", "n": "number", "m": "number", "d": "date", "s": "string"}
    schema = schema_of(*({"name": name, "type": kind} for name, kind in types.items()))
    path = write_for_excel(source, schema, 2, tmp_path, stem="a")
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert [cell.number_format for cell in sheet[2]] == ["0", "0.00", "General", "yyyy-mm-dd", "@"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:E3")
    assert [cell.value for cell in sheet[1]] == rows[0]


def test_an_empty_table_has_its_header(tmp_path: Path) -> None:
    assert column(tmp_path, [], type="integer") == []


# ---- any text


def texts_in(path: Path) -> list[list[str]]:
    """The texts of the first sheet, read from the file itself: openpyxl does not undo the escapes of the format."""
    main = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(path) as book:
        strings = [
            "".join(t.text or "" for t in si.iter(f"{main}t"))
            for si in ET.fromstring(book.read("xl/sharedStrings.xml"))
        ]
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))
    plain = [re.sub("_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), text) for text in strings]
    found = []
    for row in sheet.iter(f"{main}row"):
        cells = {re.sub("[0-9]", "", c.attrib["r"]): plain[int(c[0].text or "")] for c in row}
        found.append([cells.get(letter, "") for letter in "AB"])
    return found


ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), max_size=12)
TRAPS = st.sampled_from(
    ["_x0041_", "_x005F_", "<r>", "</r>", "&amp;", " x ", "\r\n", "\r", "\0", "=1", "1", "\ufeffx", "'"]
)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(ANY_TEXT | TRAPS, ANY_TEXT | TRAPS), min_size=1, max_size=8))
def test_any_text_stays(rows: list[tuple[str, str]], tmp_path: Path) -> None:
    source = write_csv(tmp_path / "a.csv", [["a", "b"], *map(list, rows)])
    schema = schema_of({"name": "a", "type": "string"}, {"name": "b", "type": "string"}, missing=[])
    path = write_for_excel(source, schema, len(rows), tmp_path, stem="a")
    assert path is not None
    kept = [list(row) for row in rows if any(row)]  # a row of empty cells is not written at all
    assert [row for row in texts_in(path)[1:] if any(row)] == kept


# ---- which file


def which(folder: Path, cell: str, **limits: int) -> str:
    source = write_csv(folder / "a.csv", [["x"], [cell]])
    path = write_for_excel(source, schema_of({"name": "x", "type": "string"}), limits.get("rows", 1), folder, stem="a")
    if path is None:
        return "none"
    if path.suffix == ".csv":
        assert path.read_bytes() == b"\xef\xbb\xbf" + source.read_bytes()
    return path.name


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("x" * 32_767, "a.xlsx"),
        ("x" * 32_768, "a-excel.csv"),
        ("😀" * 16_383, "a.xlsx"),
        ("😀" * 16_384, "a-excel.csv"),
        ("x" * 200_000, "a-excel.csv"),
        ("<r><t>bold</t></r>", "a-excel.csv"),
        ("\ufffe", "a-excel.csv"),
        ("中\uffff", "a-excel.csv"),
    ],
    ids=[
        "longest",
        "too long",
        "longest in UTF-16",
        "too long in UTF-16",
        "too long to read",
        "rich text",
        "FFFE",
        "FFFF",
    ],
)
def test_a_cell_that_no_workbook_holds_gives_csv_with_a_mark(cell: str, name: str, tmp_path: Path) -> None:
    assert which(tmp_path, cell) == name


def test_the_size_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert which(tmp_path, "x", rows=excel.MOST_CELLS - 1) == "a.xlsx"
    assert which(tmp_path, "x", rows=excel.MOST_CELLS) == "a-excel.csv"
    assert which(tmp_path, "x", rows=1_048_575) == "a-excel.csv"
    assert which(tmp_path, "x", rows=1_048_576) == "none"
    monkeypatch.setattr(excel, "MOST_BYTES", 3)
    assert which(tmp_path, "x") == "a-excel.csv"
    wide = schema_of(*({"name": f"c{n}", "type": "string"} for n in range(16_385)))
    assert write_for_excel(tmp_path / "a.csv", wide, 1, tmp_path, stem="b") is None


# ---- the other sheets


def test_fields_and_source_stand_on_sheets_of_their_own(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "a.csv", [["code", "n"], ["007", "1"]])
    fields = (
        public.Field("code", "string", title=bilingual("代码", "Code"), description=Text("六位代码", "zh")),
        public.Field("n", "integer", title=Text("人数", "zh"), unit="人"),
    )
    about = [(bilingual("许可", "Licence"), [bilingual("署名 4.0", "CC BY 4.0"), Text("<r>x</r>", "und")])]
    path = write_for_excel(source, public.Schema(fields), 1, tmp_path, stem="a", about=about)
    _, told, origin = openpyxl.load_workbook(path).worksheets
    assert list(told.values) == [
        ("字段名 Name", "名称", "Title", "类型 Type", "单位 Unit", "说明"),
        ("code", "代码", "Code", "string", None, "六位代码"),
        ("n", "人数", None, "integer", "人", None),
    ]
    assert list(origin.values) == [("许可 Licence", "署名 4.0", "CC BY 4.0"), (None, "<r>x</r> ", None)]


# ---- the same bytes


_WRITE = """
import os, sys
from pathlib import Path
os.umask(int(sys.argv[2], 8))
sys.path.insert(0, {root!r})
from generator import public
from generator.tables import write_for_excel
folder = Path(sys.argv[1])
fields = [public.Field(n, t) for n, t in (("i", "integer"), ("d", "date"), ("s", "string"), ("n", "number"))]
write_for_excel(folder / "a.csv", public.Schema(tuple(fields)), 50, folder, stem="a")
"""


def test_same_bytes_in_every_process(tmp_path: Path) -> None:
    hashes = set()
    for seed, zone, mask in (("1", "UTC", "022"), ("2", "Asia/Shanghai", "077")):
        folder = tmp_path / seed
        folder.mkdir()
        rows = [[str(i), f"2024-01-{i % 28 + 1:02}", f"文字{i % 7}", f"{i / 8}"] for i in range(50)]
        write_csv(folder / "a.csv", [["i", "d", "s", "n"], *rows])
        environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone}
        code = _WRITE.format(root=str(ROOT))
        subprocess.run([sys.executable, "-c", code, str(folder), mask], env=environment, check=True)
        hashes.add(hashlib.sha256((folder / "a.xlsx").read_bytes()).hexdigest())
    assert len(hashes) == 1


# ---- frictionless as the oracle, on tables of others


PUBLIC = ["gold-prices/datapackage.json", "country-codes/datapackage.yml", "montpellier-budget-2015/datapackage.json",
          "sicilia-dams/datapackage.yaml", "iki-organization/datapackage.json"]  # fmt: skip


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/packages is not here")
@pytest.mark.parametrize("name", PUBLIC)
def test_every_cell_is_the_value_by_the_schema_or_the_text(name: str, tmp_path: Path) -> None:
    descriptor = read_descriptor(SHARED / name)
    resource = descriptor["resources"][0]
    table = convert(descriptor, (SHARED / name).parent, resource["name"], target=tmp_path)
    path = write_for_excel(table.csv, table.schema, table.rows, tmp_path, stem="t")
    assert path is not None
    assert path.suffix == ".xlsx"
    assert_same(path, table.csv, table.schema)


def assert_same(path: Path, source: Path, schema: public.Schema) -> None:
    read = [_oracle(field, schema) for field in schema.fields]
    with source.open(encoding="utf-8", newline="") as file:
        texts = list(csv.reader(file, strict=True))[1:]
    sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
    found = list(sheet.iter_rows(min_row=2, max_col=len(read), values_only=True))
    for row, cells in zip(texts, [*found, *[(None,) * len(read)] * (len(texts) - len(found))], strict=True):
        for field, text, cell in zip(read, row, cells, strict=True):
            value, notes = field.read_cell(text)
            assert notes is None
            assert _is_same(cell, text, value), (field.name, text, cell)


def _oracle(field: public.Field, schema: public.Schema) -> frictionless.Field:
    said = {"name": field.name, "type": field.type, "format": field.format or "default", **field.properties}
    return frictionless.Field.from_descriptor({"missingValues": list(schema.missing_values), **said})


def _is_same(cell: object, text: str, value: object) -> bool:
    if value is None or text == "":
        return cell is None
    if isinstance(cell, str):
        return cell == text
    if isinstance(cell, datetime) and not isinstance(value, datetime):
        return isinstance(value, date) and cell == datetime(value.year, value.month, value.day)  # noqa: DTZ001
    if isinstance(cell, float):
        return isinstance(value, int | Decimal) and Decimal(repr(cell)) == value
    return cell == value
