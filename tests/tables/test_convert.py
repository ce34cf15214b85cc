"""The published files of a table: the source's texts in CSV, frictionless's values in Parquet."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import frictionless
import openpyxl
import pyarrow.parquet as pq
import pytest

from generator.tables import ConvertedTable, is_table
from tests.tables.table_packages import SHARED, check, convert, read_descriptor, same_value, table, write


def values(converted: ConvertedTable, column: str) -> list[Any]:
    found: list[Any] = pq.read_table(converted.parquet).column(column).to_pylist()
    return found


def column(folder: Path, cells: str, **field: Any) -> tuple[str, list[Any]]:
    """Arrow type and values of a column of these lines."""
    write(folder, {"a.csv": "x,y\n" + "".join(f"{cell},1\n" for cell in cells.splitlines())})
    descriptor = table("a.csv", {"name": "x", **field}, {"name": "y"})
    assert check(descriptor, folder) == ()
    converted = convert(descriptor, folder)
    assert converted.schema.fields[0].arrow_type == converted.arrow_types[0]
    return converted.arrow_types[0], values(converted, "x")


def test_leading_zeros_stay_without_a_schema(tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": "code,n\n004,1\n01,2\n"})
    converted = convert(table("a.csv"), tmp_path)
    assert [f.type for f in converted.schema.fields] == ["string", "string"]
    assert values(converted, "code") == ["004", "01"]
    assert values(converted, "n") == ["1", "2"]


@pytest.mark.parametrize("pattern", ["%Y-W%W", "%Y/%y", "%Y-%m", "%d.%m.", "%H:%M"])
def test_a_date_format_that_leaves_something_open_stays_text(pattern: str, tmp_path: Path) -> None:
    text = datetime(2011, 5, 30, 8, 30, tzinfo=UTC).strftime(pattern)
    assert column(tmp_path, text, type="date", format=pattern) == ("string", [text])


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("%d/%m/%Y", "06/01/2024"), ("%Y年%m月%d日", "2024年01月06日"), ("%Y%j", "2024006"), ("%G-%V-%u", "2024-01-6")],
)
def test_a_date_format_that_says_the_day_gives_dates(pattern: str, text: str, tmp_path: Path) -> None:
    assert column(tmp_path, text, type="date", format=pattern) == ("date32[day]", [date(2024, 1, 6)])


def test_a_date_format_with_a_clock_is_not_cut_to_its_day(tmp_path: Path) -> None:
    found = column(tmp_path, "2024-01-06 08:30", type="date", format="%Y-%m-%d %H:%M")
    assert found == ("string", ["2024-01-06 08:30"])


def test_decimals_are_exact(tmp_path: Path) -> None:
    texts = ["0.1", "12345678901234567890.123456789", "-7", "10.50", ".5"]
    kind, found = column(tmp_path, "\n".join(texts), type="number")
    assert kind == "decimal128(29, 9)"
    assert found == [Decimal(text) for text in texts]


def test_decimals_of_more_digits_than_arrow_holds_stay_text(tmp_path: Path) -> None:
    text = "0." + "1234567890" * 4
    assert column(tmp_path, text, type="number") == ("string", [text])


@pytest.mark.parametrize("special", ["NaN", "INF", "-INF", "1.5E+3", "1e300"])
def test_numbers_that_no_decimal_holds_are_doubles(special: str, tmp_path: Path) -> None:
    kind, found = column(tmp_path, f"{special}\n0.1", type="number")
    assert kind == "double"
    assert repr(found) == repr([float(special), 0.1])


def test_a_double_that_would_lose_digits_stays_text(tmp_path: Path) -> None:
    texts = ["NaN", "12345678901234567890.5"]
    assert column(tmp_path, "\n".join(texts), type="number") == ("string", texts)


def test_numbers_as_the_field_writes_them(tmp_path: Path) -> None:
    cells = '"1 234,50"\n"95 %"'
    kind, found = column(tmp_path, cells, type="number", decimalChar=",", groupChar=" ", bareNumber=False)
    assert (kind, found) == ("decimal128(6, 2)", [Decimal("1234.50"), Decimal(95)])


def test_integers_beyond_64_bits_are_decimals_and_beyond_38_digits_text(tmp_path: Path) -> None:
    assert column(tmp_path, f"{2**63}\n-1", type="integer") == ("decimal128(19, 0)", [Decimal(2**63), Decimal(-1)])
    assert column(tmp_path, f"{2**63 - 1}\n{-(2**63)}", type="integer") == ("int64", [2**63 - 1, -(2**63)])
    assert column(tmp_path, "9" * 39, type="integer") == ("string", ["9" * 39])


def test_missing_values_are_null_in_parquet_and_stay_in_csv(tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": "n,s\n-,NA\n3,\n"})
    fields: list[dict[str, Any]] = [{"name": "n", "type": "integer"}, {"name": "s", "missingValues": ["NA"]}]
    descriptor = table("a.csv", *fields, schema={"missingValues": ["-"]})
    converted = convert(descriptor, tmp_path)
    assert (values(converted, "n"), values(converted, "s")) == ([None, 3], [None, ""])
    assert converted.csv.read_text("utf-8") == "n,s\n-,NA\n3,\n"
    assert converted.schema.missing_values == ("-",)
    assert converted.schema.fields[1].properties["missingValues"] == ["NA"]
    assert converted.preview.rows == ((None, None), ("3", ""))


def test_zoned_datetimes_are_utc_and_local_ones_are_not(tmp_path: Path) -> None:
    eight = datetime(2024, 1, 6, 0, 30, tzinfo=UTC)
    assert column(tmp_path, "2024-01-06T08:30:00+08:00", type="datetime") == ("timestamp[us, tz=UTC]", [eight])
    local = datetime(2024, 1, 6, 8, 30)  # noqa: DTZ001  this is the point
    assert column(tmp_path, "2024-01-06T08:30:00", type="datetime") == ("timestamp[us]", [local])


@pytest.mark.parametrize(
    "texts",
    ["2024-01-06T08:30:00Z\n2024-01-06T08:30:00", "2024-01-06T08:30:00.1234567"],
    ids=["zoned and local", "finer than a microsecond"],
)
def test_datetimes_that_arrow_would_change_stay_text(texts: str, tmp_path: Path) -> None:
    assert column(tmp_path, texts, type="datetime") == ("string", texts.splitlines())


def test_times_years_booleans(tmp_path: Path) -> None:
    assert column(tmp_path, "08:30:00", type="time") == ("string", ["08:30:00"])
    assert column(tmp_path, "08:30:00Z", type="time") == ("string", ["08:30:00Z"])
    assert column(tmp_path, "2024", type="year") == ("int32", [2024])
    assert column(tmp_path, "是\n否", type="boolean", trueValues=["是"], falseValues=["否"]) == ("bool", [True, False])


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        ("yearmonth", "2024-1"),
        ("duration", "P1Y"),
        ("list", "b;a"),
        ("array", "[1]"),
        ("object", "{}"),
        ("geopoint", '"113.08, 22.58"'),
        ("any", "007"),
    ],
)
def test_other_types_keep_the_source_s_text(kind: str, cell: str, tmp_path: Path) -> None:
    assert column(tmp_path, cell, type=kind) == ("string", [cell.strip('"')])


def test_an_empty_table_has_typed_columns(tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": "n,d,s\n"})
    fields = [{"name": "n", "type": "number"}, {"name": "d", "type": "date"}, {"name": "s"}]
    converted = convert(table("a.csv", *fields), tmp_path)
    assert (converted.rows, converted.preview.rows, converted.csv.read_bytes()) == (0, (), b"n,d,s\n")
    assert pq.read_table(converted.parquet).num_rows == 0


CANONICAL = {
    "plain": "a,b\n1,中文\n",
    "quotes where needed": 'a,b\n"x,y","say ""yes"""\n"two\nlines",\n',
    "every cell in quotes": '"a","b"\n"1","2"\n',
    "a carriage return inside a cell": 'a,b\n"1\r\n2",3\n',
}


@pytest.mark.parametrize("case", CANONICAL)
def test_a_canonical_source_keeps_its_bytes(case: str, tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": CANONICAL[case]})
    converted = convert(table("a.csv", {"name": "a"}, {"name": "b"}), tmp_path)
    assert converted.csv.read_bytes() == CANONICAL[case].encode()


OTHERWISE: dict[str, tuple[str, bytes, dict[str, Any]]] = {
    "byte-order mark": ("a.csv", "\ufeffa,b\n1,中\n".encode(), {"encoding": "utf-8"}),
    "GBK": ("a.csv", "a,b\n1,中\n".encode("gbk"), {"encoding": "gbk"}),
    "CRLF": ("a.csv", "a,b\r\n1,中\r\n".encode(), {}),
    "semicolon": ("a.csv", "a;b\n1;中\n".encode(), {}),
    "tabs": ("a.tsv", "a\tb\n1\t中\n".encode(), {}),
    "no header": ("a.csv", "1,中\n".encode(), {"dialect": {"header": False}}),
    "no newline at the end": ("a.csv", "a,b\n1,中".encode(), {}),
    "blanks around the labels": ("a.csv", " a ,b\n1,中\n".encode(), {}),
    "other quotes": ("a.csv", "a,b\n'1','中'\n".encode(), {"dialect": {"quoteChar": "'"}}),
    "comment": ("a.csv", "a,b\n#x,y\n1,中\n".encode(), {"dialect": {"commentChar": "#"}}),
    "header in the third row": ("a.csv", "表一,\n,\na,b\n1,中\n".encode(), {"dialect": {"headerRows": [3]}}),
    "JSON": ("a.json", '[["a", "b"], [1, "中"]]'.encode(), {"type": "table"}),
    "records in JSON": ("a.json", '[{"a": 1, "b": "中"}]'.encode(), {"type": "table"}),
}


@pytest.mark.parametrize("case", OTHERWISE)
def test_any_source_becomes_the_canonical_csv(case: str, tmp_path: Path) -> None:
    path, content, properties = OTHERWISE[case]
    write(tmp_path, {path: content})
    field = {"name": "a", "type": "integer"}
    descriptor = table(path, field, {"name": "b"}, **properties)
    assert check(descriptor, tmp_path) == ()
    converted = convert(descriptor, tmp_path)
    assert converted.csv.read_bytes() == "a,b\n1,中\n".encode()
    assert (values(converted, "a"), values(converted, "b"), converted.rows) == ([1], ["中"], 1)


def test_stray_quotes_are_written_as_the_standard_says(tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": 'a,b\n5" pipe,x\n'})
    converted = convert(table("a.csv", {"name": "a"}, {"name": "b"}, dialect={"delimiter": ","}), tmp_path)
    assert converted.csv.read_text("utf-8") == 'a,b\n"5"" pipe",x\n'
    assert values(converted, "a") == ['5" pipe']


def test_a_lone_carriage_return_is_quoted(tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": 'a;b\n"1\r2";3\n'})
    converted = convert(table("a.csv", {"name": "a"}, {"name": "b"}), tmp_path)
    assert converted.csv.read_bytes() == b'a,b\n"1\r2",3\n'


def test_a_spreadsheet_s_own_types_are_written_plainly(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["i", "n", "d", "t", "b", "s", "e"])
    local = datetime(2024, 1, 6, 8, 30)  # noqa: DTZ001  Excel has no zones
    sheet.append([2024.0, 0.1, date(2024, 1, 6), local, True, "004", None])
    book.save(tmp_path / "a.xlsx")
    types = {"i": "integer", "n": "number", "d": "date", "t": "datetime", "b": "boolean", "s": "string", "e": "integer"}
    descriptor = table("a.xlsx", *[{"name": name, "type": kind} for name, kind in types.items()])
    assert check(descriptor, tmp_path) == ()
    converted = convert(descriptor, tmp_path)
    assert converted.csv.read_text("utf-8") == "i,n,d,t,b,s,e\n2024,0.1,2024-01-06,2024-01-06T08:30:00,true,004,\n"
    assert converted.arrow_types[:4] == ("int64", "decimal128(2, 1)", "date32[day]", "timestamp[us]")
    published = table(str(converted.csv.relative_to(tmp_path)), *descriptor["resources"][0]["schema"]["fields"])
    assert check(published, tmp_path) == ()


def test_native_cells_are_written_in_the_field_s_own_way(tmp_path: Path) -> None:
    """So that the published schema, which is the declared one, still reads the published CSV."""
    fields: list[dict[str, Any]] = [
        {"name": "d", "type": "date", "format": "%d/%m/%Y"},
        {"name": "b", "type": "boolean", "trueValues": ["是"], "falseValues": ["否"]},
        {"name": "n", "type": "number", "decimalChar": ","},
        {"name": "l", "type": "list", "delimiter": ";"},
        {"name": "o", "type": "object"},
        {"name": "g", "type": "geopoint"},
    ]
    book = openpyxl.Workbook()
    book.worksheets[0].append(["d", "b"])
    book.worksheets[0].append([date(2024, 1, 6), True])
    book.save(tmp_path / "a.xlsx")
    assert convert(table("a.xlsx", *fields[:2]), tmp_path).csv.read_text("utf-8") == "d,b\n06/01/2024,是\n"
    rows = [["n", "l", "o", "g"], [1.5, ["a", "b"], {"键": [1, 0.5]}, [113, 22]]]
    write(tmp_path, {"a.json": json.dumps(rows)})
    descriptor = table("a.json", *fields[2:], type="table", dialect={"json": {}})
    descriptor["resources"][0]["schema"]["fields"][0].pop("decimalChar")
    converted = convert(descriptor, tmp_path)
    assert converted.csv.read_text("utf-8") == 'n,l,o,g\n1.5,a;b,"{""键"": [1, 0.5]}","113,22"\n'


def test_columns_that_the_schema_does_not_name_are_published_as_text(tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": "extra,n\n007,1\n"})
    descriptor = table("a.csv", {"name": "n", "type": "integer"}, schema={"fieldsMatch": "subset"})
    assert check(descriptor, tmp_path) == ()
    converted = convert(descriptor, tmp_path)
    assert [(f.name, f.type) for f in converted.schema.fields] == [("extra", "any"), ("n", "integer")]
    assert (values(converted, "extra"), values(converted, "n")) == (["007"], [1])


def test_parquet_tells_what_the_descriptor_says(tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": "编码,n,k\nA,1,\nB,,x\n"})
    fields: list[dict[str, Any]] = [
        {"name": "编码", "title": "区划编码", "description": "六位", "constraints": {"required": True}},
        {"name": "n", "type": "integer", "unit": "km"},
        {"name": "k"},
    ]
    descriptor = table("a.csv", *fields, schema={"primaryKey": ["编码", "k"]})
    converted = convert(descriptor, tmp_path)
    schema = pq.read_schema(converted.parquet)
    assert schema.field("编码").metadata == {
        b"title": "区划编码".encode(),
        b"description": "六位".encode(),
        b"type": b"string",
    }
    assert schema.field("n").metadata == {b"unit": b"km", b"type": b"integer"}
    assert [field.nullable for field in schema] == [False, True, True], "part of the key is null"
    said = json.loads(schema.metadata[b"kaishu:resource"])["schema"]
    assert said["primaryKey"] == ["编码", "k"]
    assert [field["name"] for field in said["fields"]] == ["编码", "n", "k"]
    assert converted.schema.fields[0].constraints == {"required": True}
    assert converted.schema.fields[0].title.main == "区划编码"


def test_own_properties_of_a_field_do_not_come_out(tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": "n\n1\n"})
    converted = convert(table("a.csv", {"name": "n", "internal_note": "金丝雀"}), tmp_path)
    assert "金丝雀" not in repr(converted)
    assert "金丝雀".encode() not in converted.parquet.read_bytes()


def test_other_tables_are_not_read(tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": "n\n1\n"})
    key = {"fields": "n", "reference": {"resource": "secret", "fields": "id"}}
    descriptor = table("a.csv", {"name": "n"}, schema={"foreignKeys": [key]})
    descriptor["resources"].append({"name": "secret", "path": "not-here.csv"})
    assert convert(descriptor, tmp_path).schema.foreign_keys[0].resource == "secret"


_CONVERT = """
from pathlib import Path
from tests.tables.table_packages import convert, read_descriptor
folder = Path({folder!r})
convert(read_descriptor(folder / "datapackage.json"), folder)
"""


def test_same_bytes_whatever_the_hash_seed_and_time_zone(tmp_path: Path, root: Path) -> None:
    rows = "".join(f"{i},{i / 8},2024-01-{i % 28 + 1:02},名{i % 7}\n" for i in range(3000))
    fields: list[dict[str, Any]] = [
        {"name": "i", "type": "integer"},
        {"name": "n", "type": "number"},
        {"name": "d", "type": "date"},
        {"name": "s"},
    ]
    written = []
    environment = os.environ | {"PYTHONPATH": str(root)}
    for seed, zone in (("1", "UTC"), ("2", "Asia/Shanghai")):
        descriptor = json.dumps(table("a.csv", *fields))
        folder = write(tmp_path / seed, {"a.csv": "i,n,d,s\n" + rows, "datapackage.json": descriptor})
        code = _CONVERT.format(folder=str(folder))
        subprocess.run([sys.executable, "-c", code], env=environment | {"PYTHONHASHSEED": seed, "TZ": zone}, check=True)
        written.append([(folder / "out" / name).read_bytes() for name in ("table.csv", "table.parquet")])
    assert written[0] == written[1]


def test_row_groups_and_small_pages(tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": "n,s\n" + "".join(f"{i},{i % 5}\n" for i in range(120_000))})
    converted = convert(table("a.csv", {"name": "n", "type": "integer"}, {"name": "s"}), tmp_path)
    meta = pq.read_metadata(converted.parquet)
    assert [meta.row_group(i).num_rows for i in range(meta.num_row_groups)] == [100_000, 20_000]
    number, text = meta.row_group(0).column(0), meta.row_group(0).column(1)
    assert (number.has_column_index, number.has_offset_index) == (True, True)
    assert "DELTA_BINARY_PACKED" in number.encodings
    assert text.has_dictionary_page


PUBLIC = [
    "camera-trap-v2/datapackage.json",
    "cn-idioms-gbk/datapackage.json",
    "cn-standard-codes/datapackage.json",
    "country-codes/datapackage.yml",
    "frictionless-py-data/array-json/datapackage.json",
    "frictionless-py-data/compression/datapackage.json",
    "frictionless-py-data/geopoint/datapackage.json",
    "gold-prices/datapackage.json",
    "iki-organization/datapackage.json",
    "montpellier-budget-2015/datapackage.json",
    "sfoe-energy-research/datapackage.json",
    "sicilia-dams/datapackage.yaml",
]


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/packages is not here")
@pytest.mark.parametrize("name", PUBLIC)
def test_public_packages_keep_every_value(name: str, tmp_path: Path) -> None:
    folder = (SHARED / name).parent
    descriptor = read_descriptor(SHARED / name)
    for resource in descriptor["resources"]:
        if is_table(resource, folder):
            here = tmp_path / resource["name"]
            _same_values(descriptor, resource, folder, here)


def _same_values(descriptor: dict[str, Any], resource: dict[str, Any], folder: Path, here: Path) -> None:
    converted = convert(descriptor, folder, resource["name"], target=here)
    rows = list(_frictionless_rows(descriptor, resource, folder))
    found = pq.read_table(converted.parquet).to_pylist()
    with converted.csv.open(encoding="utf-8", newline="") as file:
        texts = list(csv.DictReader(file, strict=True))
    assert len(found) == len(texts) == len(rows) == converted.rows
    for row, text, values in zip(rows, texts, found, strict=True):
        for field, kind in zip(converted.schema.fields, converted.arrow_types, strict=True):
            value, missing = values[field.name], row[field.name] is None
            if kind == "string":
                assert value == (None if missing else text[field.name])
            else:
                assert same_value(value, row[field.name])


def _frictionless_rows(descriptor: dict[str, Any], resource: dict[str, Any], folder: Path) -> Iterator[Any]:
    package = frictionless.Package(descriptor, basepath=str(folder))
    opened = package.get_table_resource(resource["name"])
    if not opened.schema:
        opened.detector.field_type = "string"
    with opened:
        yield from opened.row_stream


def test_glenglat_s_parts_become_one_table(tmp_path: Path) -> None:
    """Three of the eight files of its largest table: several parts, each with a header of its own."""
    folder = SHARED / "glenglat"
    if not folder.is_dir():
        pytest.skip("../shared/packages is not here")
    descriptor = read_descriptor(folder / "datapackage.yaml")
    resource = next(r for r in descriptor["resources"] if r["name"] == "profile")
    resource["path"] = resource["path"][:3] if isinstance(resource["path"], list) else resource["path"]
    _same_values(descriptor, resource, folder, tmp_path)


def test_csv_cells_survive_a_standard_reader(tmp_path: Path) -> None:
    cells = ["", " ", '"', ",", "\n", "\r\n", "\t", "=1+1", "中文", "a\u2028b", "\ufeffx", "\\", "'"]
    text = io.StringIO(newline="")
    csv.writer(text).writerows([["x", "y"], *[[cell, "1"] for cell in cells]])
    write(tmp_path, {"a.csv": text.getvalue()})
    converted = convert(table("a.csv", {"name": "x", "missingValues": []}, {"name": "y"}), tmp_path)
    with converted.csv.open(encoding="utf-8", newline="") as file:
        assert [row[0] for row in csv.reader(file, strict=True)][1:] == cells
    assert values(converted, "x") == cells
