"""Random packages of one or two tables, made to look for a table that Arrow would take and frictionless would not.

Cells lean towards the forms on which readers differ; a seed makes the same package on every machine.
"""

from __future__ import annotations

import gzip
import random
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import frictionless

from generator.tables.proof import NotProved, accept
from tests.tables.table_packages import write

TRICKY: dict[str, list[str]] = {
    "integer": "+1|-0|007|1_000|1__0|_1| 5 |\t7|１２|１|1.0|1e3|0x1F|0X1f|0b1|9223372036854775807|9223372036854775808|"
    "-9223372036854775808|-9223372036854775809|--1|-|+|1 2|\u00a05\u00a0|٣|99999999999999999999999|NaN|true|1\n".split("|"),
    "number": "1.|.5|-.5|+.5|1e5|1E-5|1e400|1e-400|1e9999999999999999999|1_0.5|nan|NaN|-nan|sNaN|nan123|nan(1)|inf|INF|"
    "-Infinity|infinit|１.５|1,5|1.000,5|1,000.5| 2.5 |0x1p3|.|-|+|1.5.2|1e|e5|-0|-0.0|0.1|0.10|9007199254740993|"
    "9007199254740992|9007199254740992.5|0.30000000000000004|1e308|1e309|\u00a01\u00a0|$5|5%|1d|1f|1 000|(1)|1/2".split("|"),
    "boolean": ["true", "True", "TRUE", "tRue", "1", "0", "yes", "no", " true", "false", "False", "T", "F", "是", "否"],
    "date": "2020-1-1|2020-02-30|2020-02-29|2021-02-29|0000-01-01|0001-01-01|9999-12-31|10000-01-01|20200101|2020/01/01|"
    "2020-01-01T00:00:00|2020-01-01 |２０２０-01-01|+020-01-01|-001-01-01|2020-001|2020-W01-1|01-02-2020|2020-13-01|1/2/20".split("|"),
    "datetime": "2020-01-01T00:00:00|2020-01-01 00:00:00|2020-01-01x10:11:12|2020-01-01T24:00:00|2020-01-01T23:59:60|"
    "2020-01-01T10:11|2020-01-01|2020-01-01T10:11:12Z|2020-01-01T10:11:12z|2020-01-01T10:11:12+08:00|2020-01-01T10:11:12+0800|"
    "2020-01-01T10:11:12+08|2020-01-01T10:11:12-24:00|2020-01-01T10:11:12+14:59|2020-01-01T10:11:12+08:60|0000-01-01T00:00:00|"
    "0001-01-01T00:00:00|0000-12-31T23:00:00-02:00|0001-01-01T00:00:00+01:00|9999-12-31T23:59:59|9999-12-31T23:59:59.999999|"
    "9999-12-31T23:59:59-01:00|2020-01-01T10:11:12.5|2020-01-01T10:11:12,5|2020-01-01T10:11:12.1234567|2020-01-01T10:11:12.|"
    "2020-W01-1T10:11:12|20200101T101112|2020-02-30T00:00:00|2020-01-01T101112|2020-01-01T10+05:30|2020-001T10:11:12|"
    "2020-01-01  10:11:12|2020-01-01T10:11:12 Z|2020-01-01T1:11:12|2020-1-1T10:11:12|2020-01-01T10:11:12+00:00".split("|"),
    "time": "10:11:12|24:00:00|24:00:01|23:59:60|10:11|1:11:12|10:11:12.5|10:11:12,5|10:11:12Z|10:11:12+08:00|101112|"
    "10:11:12 |10:60:00|００:00:00|10:11:1|10:11:12.|10.11:12|10:11.12|/0:11:12".split("|"),
    "year": "2020|0000|9999|+200|2_00| 200|200|20200|-200|２０２０|20 0|2O20|20.0|1e33|0x1F".split("|"),
    "yearmonth": "2020-01|2020-1|2020-13|2020-00|+2020-01|20-01|2_0-1_0|2020-01-01|-1-01| 2020 - 01 |0000-01|2020/01|２０20-01".split("|"),
    "string": [" x ", "é", "江门", "江门市" * 9, "👩‍👩‍👧", "\u2028", "\u0085", "\ufeff", "a\u0000b", "NA", "x\n", "x\ny", "x\r\ny",
               "x\ry", '"', 'a"b', '""', "a,b", ";", "#c", "'", "\\", "\\N", "A-1", "AB-12", "ab12", "x" * 300, "1", "01", "a|b"],
    "any": ["x", "1", " ", "江门", "2020-01-01"],
    "duration": ["P1Y", "P1Y2M", "PT5M", "P", "1Y", "P1W", "-P1D"],
    "list": ["a,b", "1", ",", "a"],
    "array": ["[1]", "[]", "{}", "[", '["a"]', "1"],
    "object": ["{}", '{"a": 1}', "[]", "{"],
    "geopoint": ["1,2", "181,1", "1, 2", "[1,2]", "a,b", "1.5,-90"],
}  # fmt: skip

Random = random.Random
ONE = 1e-9
"""A table that is tidy but for one thing: what a lax test would let pass."""
PLAIN: dict[str, Callable[[Random], str]] = {
    "integer": lambda r: str(r.choice([r.randint(0, 9), r.randint(-(10**6), 10**6), r.randint(-(2**63), 2**63 - 1)])),
    "number": lambda r: f"{r.uniform(-99, 99):.{r.randint(0, 4)}f}",
    "boolean": lambda r: r.choice(["true", "false"]),
    "date": lambda r: f"{r.randint(1, 9999):04}-{r.randint(1, 12):02}-{r.randint(1, 28):02}",
    "datetime": lambda r: (
        f"{r.randint(1900, 2100)}-{r.randint(1, 12):02}-{r.randint(1, 28):02}{r.choice('T ')}{r.randint(0, 23):02}:{r.randint(0, 59):02}:07"
    ),
    "time": lambda r: f"{r.randint(0, 23):02}:{r.randint(0, 59):02}:{r.randint(0, 59):02}",
    "year": lambda r: f"{r.randint(0, 9999):04}",
    "yearmonth": lambda r: f"{r.randint(1, 9999):04}-{r.randint(1, 12):02}",
    "string": lambda r: "".join(r.choices("abcxyzAB019 -é江门市", k=r.randint(1, 8))),
    "any": lambda r: str(r.randint(0, 5)),
    "duration": lambda r: f"P{r.randint(1, 9)}Y",
    "list": lambda r: "a,b",
    "array": lambda r: "[1, 2]",
    "object": lambda r: '{"a": 1}',
    "geopoint": lambda r: f"{r.randint(-180, 180)},{r.randint(-90, 90)}",
}
_COMMON = ["string", "integer", "number", "date", "datetime", "boolean"]
_BOUNDED = ["integer", "number", "date", "datetime", "time", "year", "yearmonth"]
_FORMATS = {
    "date": ["any", "%Y/%m/%d", "%d.%m.%Y"],
    "datetime": ["any", "%Y-%m-%d %H:%M:%S"],
    "time": ["any", "%H:%M"],
    "string": ["uri", "email", "uuid", "binary"],
}
_PATTERNS = ["[A-Z]{1,2}-\\d+", "a|b", "\\w*", ".*", "[^,]+", "^x", "x$", "\\S+ ?", "(ab|cd)?[0-9]{,3}.*", "[\u4e00-\u9fff]+.*", "(?i)A.*",
             "\\D*", "(a)\\1", ".{1,3}", "x+?y", "[\\d\\s]+", "\\W|\\w+", "[^\\d]+", "\\bx", "(?=x)x.*", "[-a-zA-Z0-9 é]*"]  # fmt: skip
_ENCODINGS = ["utf-8"] * 12 + [
    "utf-8-sig",
    "gbk",
    "gb18030",
    "iso-8859-1",
    "cp1252",
    "big5",
    "utf-16",
    "ascii",
    "shift_jis",
]


@dataclass(frozen=True)
class Made:
    descriptor: dict[str, Any]
    files: Mapping[str, bytes]
    limit_errors: int
    chunk: int


def make(seed: int) -> Made:
    r = Random(seed)
    odd = r.choice([0.0, 0.0, ONE, ONE, ONE, 0.01, 0.05, 0.1, 0.3])
    first = _table(r, "table", odd)
    resources, files = [first[0]], first[1]
    if r.random() < 0.2:
        resources, files = _with_reference(r, resources, dict(files), odd)
    return Made(
        {"resources": resources},
        files,
        r.choice([1000, 1000, 1000, 0, 1, 2, 9, 100]),
        r.choice([37, 64, 200, 1000, 4 << 20]),
    )


def _table(r: Random, name: str, odd: float) -> tuple[dict[str, Any], dict[str, bytes]]:
    count = r.choice([1, 2, 2, 3, 3, 4, 6])
    texts = r.random() < 0.15  # nothing but text, where hardly a cell is wrong
    fields = [
        {"name": f"{name[0]}{i}", "type": "string"} if texts else _field(r, f"{name[0]}{i}", odd) for i in range(count)
    ]
    missing = r.choice([[""], [""], [""], ["", "NA"], ["-"], [], ["", "0", " "]])
    schema: dict[str, Any] = {"fields": fields}
    if missing != [""]:
        schema["missingValues"] = missing
    if r.random() < 0.25:
        schema["primaryKey"] = [f["name"] for f in r.sample(fields, r.randint(1, min(2, len(fields))))]
    count = r.choice([0, 1, 2, 3, 5, 8, 12, 30, 130]) if r.random() < 0.97 else 1500  # more than what is read at once
    nulls = r.choice([0, 0, 0.1, 0.4])
    columns = [_column(r, field, count, odd, nulls, missing) for field in fields]
    rows = [list(row) for row in zip(*columns, strict=True)]
    if odd == ONE and rows and r.random() < 0.6:
        at = r.randrange(len(rows))
        rows[at] = _bent(r, rows[at]) if r.random() < 0.3 else _with_tricky_cell(r, rows[at], fields)
    elif odd:
        rows = [_bent(r, row) if r.random() < odd / 4 else row for row in rows]
        rows = [_mixed(r, row, r.choice(rows)) if r.random() < odd / 4 else row for row in rows]
    return _file(r, name, [f["name"] for f in fields], rows, schema, odd)


def _field(r: Random, name: str, odd: float) -> dict[str, Any]:
    kind = r.choice(_COMMON if r.random() < 0.7 else list(PLAIN))
    field: dict[str, Any] = {"name": name, "type": kind}
    if kind in _FORMATS and r.random() < 0.08:
        field["format"] = r.choice(_FORMATS[kind])
    if kind == "number" and r.random() < 0.15:
        field |= r.choice(
            [
                {"decimalChar": ","},
                {"groupChar": ","},
                {"bareNumber": False},
                {"floatNumber": True},
                {"decimalChar": ",", "groupChar": "."},
            ]
        )
    if kind == "integer" and r.random() < 0.05:
        field["bareNumber"] = False
    if kind == "boolean" and r.random() < 0.2:
        field |= {"trueValues": ["是", "true", "yes"], "falseValues": ["否", "false", "no"]}
    if r.random() < 0.08:
        field["missingValues"] = r.choice([["-"], ["", "x"], ["NA"]])
    constraints: dict[str, Any] = {}
    if r.random() < 0.15:
        constraints["required"] = r.random() < 0.9
    if r.random() < 0.12:
        constraints["unique"] = True
    if kind in _BOUNDED and r.random() < 0.3:
        for bound in r.sample(["minimum", "maximum"], r.randint(1, 2)):
            constraints[bound] = _bound(r, kind, bound, odd)
    if kind == "string" and r.random() < 0.3:
        constraints |= r.choice(
            [
                {"minLength": 1},
                {"maxLength": r.choice([3, 8, 20])},
                {"pattern": r.choice(_PATTERNS)},
                {"enum": ["A-1", "x", "江门", "a", "b"]},
            ]
        )
    if kind in ("integer", "number", "date", "year") and r.random() < 0.08:
        constraints["enum"] = [PLAIN[kind](r) for _ in range(3)]
    if constraints:
        field["constraints"] = constraints
    return field


_LOOSE = {"integer": ("-9223372036854775808", "9223372036854775807"), "number": ("-99", "99"), "date": ("0001-01-01", "9999-12-31"),
          "datetime": ("1900-01-01T00:00:00", "2100-12-28T23:59:07"), "time": ("00:00:00", "23:59:59"), "year": ("0000", "9999"),
          "yearmonth": ("0001-01", "9999-12")}  # fmt: skip


def _bound(r: Random, kind: str, bound: str, odd: float) -> str:
    if r.random() < 0.8:
        return _LOOSE[kind][bound == "maximum"]
    return r.choice(TRICKY[kind]) if odd and r.random() < 0.3 else PLAIN[kind](r)


def _column(r: Random, field: dict[str, Any], count: int, odd: float, nulls: float, missing: list[str]) -> list[str]:
    kind, constraints = field["type"], field.get("constraints", {})
    if "enum" in constraints:
        plain = [r.choice(constraints["enum"]) for _ in range(count)]
    elif kind in ("integer", "string", "number") and r.random() < 0.4:
        start = r.choice([0, -3, 10**9])
        plain = [f"{'k' if kind == 'string' else ''}{start + i}" for i in range(count)]
        if r.random() < 0.3:
            r.shuffle(plain)
    else:
        plain = [PLAIN[kind](r) for _ in range(count)]
    if constraints.get("required"):
        nulls = nulls * 0.1 if odd else 0
    texts = field.get("missingValues", missing) or [""]
    cells = [r.choice(texts) if r.random() < nulls else cell for cell in plain]
    return [r.choice(TRICKY[kind]) if r.random() < odd else cell for cell in cells]


def _bent(r: Random, row: list[str]) -> list[str]:
    return r.choice([row[:-1], [*row, "x"], [], [""] * len(row), [*row, ""]])


def _mixed(r: Random, row: list[str], other: list[str]) -> list[str]:
    """With cells of another row: keys repeat, in part or whole."""
    return [r.choice(pair) for pair in zip(row, other, strict=False)] if r.random() < 0.5 else other


def _with_tricky_cell(r: Random, row: list[str], fields: list[dict[str, Any]]) -> list[str]:
    at = r.randrange(len(row))
    return [*row[:at], r.choice(TRICKY[fields[at]["type"]]), *row[at + 1 :]]


def _file(
    r: Random, name: str, labels: list[str], rows: list[list[str]], schema: dict[str, Any], odd: float
) -> tuple[dict[str, Any], dict[str, bytes]]:
    suffix = r.choice(["csv"] * 9 + ["tsv"])
    delimiter = "\t" if suffix == "tsv" else r.choice([",", ",", ",", ";", "|", "\t"])
    quote = r.choice(['"'] * 9 + ["'"])
    newline = r.choice(["\n", "\n", "\n", "\r\n", "\r\n", "\r"] if odd else ["\n", "\n", "\r\n"])
    resource: dict[str, Any] = {"name": name, "path": f"{name}.{suffix}", "schema": schema}
    dialect: dict[str, Any] = {}
    if r.random() < 0.5 or delimiter != ",":
        dialect["delimiter"] = delimiter
    if quote != '"':
        dialect["quoteChar"] = quote
    if r.random() < 0.5:
        dialect["skipInitialSpace"] = r.random() < 0.3
    if odd and r.random() < 0.1:
        dialect |= r.choice(
            [
                {"escapeChar": "\\"},
                {"doubleQuote": False},
                {"commentChar": "#"},
                {"skipBlankRows": True},
                {"headerCase": False},
            ]
        )
    lines = [labels, *rows]
    head = r.random()
    if head < 0.08:
        dialect["header"], lines = False, rows
    elif head < 0.14:
        dialect["headerRows"], lines = [2], [["title"], *lines]
    elif odd and head < 0.2:
        lines = [[label.upper() if r.random() < 0.5 else label for label in labels], *rows]
    if odd and r.random() < 0.05:
        schema["fieldsMatch"] = r.choice(["subset", "equal", "superset", "partial"])
        r.shuffle(schema["fields"])
    always = r.random() < 0.15
    text = newline.join(
        delimiter.join(_quoted(r, cell, delimiter, quote, always, odd) for cell in line) for line in lines
    )
    text += newline if r.random() < 0.85 else ""
    text += newline if odd and r.random() < 0.05 else ""
    if odd and r.random() < 0.25 and text:
        at = r.randrange(len(text))
        text = (
            text[:at]
            + r.choice(['"', "\r", "\n", newline, newline * 2, "\x00", " ", delimiter, "\ufeff", "\\", quote + quote])
            + text[at:]
        )
    if dialect:
        resource["dialect"] = dialect
    encoding = r.choice(_ENCODINGS)
    data = text.encode(encoding, "replace")
    if odd and r.random() < 0.03 and data:
        at = r.randrange(len(data))
        data = data[:at] + bytes([r.choice([0xFF, 0x80, 0xC0, 0xED, 0x81])]) + data[at:]
    if encoding != "utf-8" or r.random() < 0.5:
        resource["encoding"] = encoding if r.random() < 0.97 else "utf-8"
    return _stored(r, resource, data, odd)


def _quoted(r: Random, cell: str, delimiter: str, quote: str, always: bool, odd: float) -> str:
    needed = any(mark in cell for mark in (delimiter, quote, "\n", "\r"))
    if odd and needed and r.random() < 0.1:
        return cell  # as careless programs write it
    return f"{quote}{cell.replace(quote, quote * 2)}{quote}" if needed or always or r.random() < 0.05 else cell


def _stored(r: Random, resource: dict[str, Any], data: bytes, odd: float) -> tuple[dict[str, Any], dict[str, bytes]]:
    import hashlib

    path = resource["path"]
    if r.random() < 0.1:
        resource["bytes"] = len(data) + (r.random() < 0.3)
        resource["hash"] = r.choice(["md5:", "sha256:", "", "sha512:"]) + (
            hashlib.md5(data).hexdigest() if r.random() < 0.5 else "00"
        )
        resource["rows"] = r.randint(1, 12)
    way = r.random()
    if way < 0.05:
        return resource | {"path": path + ".gz"}, {path + ".gz": gzip.compress(data, mtime=0)}
    if way < 0.1:
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr(zipfile.ZipInfo(path), data)
        return resource | {"path": path + ".zip"}, {path + ".zip": packed.getvalue()}
    if way < 0.16:
        at = r.randrange(len(data) + 1)
        head, rest = data[:at], data[at:]
        if r.random() < 0.7:  # each part with a header of its own, cut between lines
            lines = data.splitlines(keepends=True)
            at = r.randrange(len(lines) + 1)
            head, rest = b"".join(lines[:at]), b"".join([*lines[:1], *lines[at:]])
        part = f"part-{path}"
        return resource | {"path": path, "extrapaths": [part]}, {path: head, part: rest}
    return resource, {path: data}


def _with_reference(
    r: Random, resources: list[dict[str, Any]], files: dict[str, bytes], odd: float
) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
    """A second table, whose column leads to the first or to itself."""
    target = r.choice(resources[0]["schema"]["fields"])
    second, more = _table(r, "second", odd)
    field = {"name": "ref", "type": target["type"] if r.random() < 0.9 else "string"}
    texts = [PLAIN[target["type"]](r) for _ in range(3)]
    content = next(iter(files.values()))
    for line in content.decode("utf-8", "replace").splitlines()[1:]:
        texts += [cell for cell in line.replace(";", ",").split(",") if cell.isalnum()]
    rows = [[r.choice(texts) if r.random() < 0.95 else ""] for _ in range(r.choice([0, 1, 2, 5]))]
    own = r.random() < 0.3
    key = {
        "fields": "ref",
        "reference": {"resource": "" if own else "table", "fields": "ref" if own else target["name"]},
    }
    text = "ref,n\n" + "".join(f'"{row[0]}",{i}\n' for i, row in enumerate(rows))
    schema = {"fields": [field, {"name": "n", "type": "integer"}], "foreignKeys": [key]}
    third = {
        "name": "third",
        "path": "third.csv",
        "schema": schema,
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "skipInitialSpace": False},
    }
    return [*resources, second, third], files | more | {"third.csv": text.encode()}


@dataclass(frozen=True)
class Verdict:
    way: str
    ours: Any
    theirs: Any

    @property
    def same(self) -> bool:
        return bool(self.ours == self.theirs)


def compare(made: Made, folder: Path, threads: int = 1) -> list[Verdict]:
    """For each table of the package."""
    write(folder, made.files)
    verdicts = []
    for index, _ in enumerate(made.descriptor["resources"]):
        way = ""

        def ours(resource: frictionless.Resource) -> frictionless.Report:
            nonlocal way
            try:
                report = accept(
                    resource,
                    threads=threads,
                    hashes=("md5", "sha256"),
                    limit_errors=made.limit_errors,
                    size=made.chunk,
                )
            except NotProved as unproved:
                way = unproved.reason
                return resource.validate(limit_errors=made.limit_errors)
            way = "fast"
            return report

        def theirs(resource: frictionless.Resource) -> frictionless.Report:
            return resource.validate(limit_errors=made.limit_errors)

        results = [_report(made, folder, index, judge) for judge in (ours, theirs)]
        verdicts.append(Verdict(way, *results))
    return verdicts


def _report(made: Made, folder: Path, index: int, judge: Callable[[frictionless.Resource], frictionless.Report]) -> Any:
    try:
        package = frictionless.Package.from_descriptor(made.descriptor, basepath=str(folder))
        resource = package.resources[index]
    except frictionless.FrictionlessException as exception:
        return [error.to_descriptor() for error in exception.to_errors()]
    try:
        return without_time(judge(resource))
    except frictionless.FrictionlessException as exception:
        return [error.to_descriptor() for error in exception.to_errors()]
    except Exception as exception:  # frictionless crashes on some tables
        return type(exception).__name__, str(exception)


def without_time(report: frictionless.Report) -> dict[str, Any]:
    found = report.to_dict()
    for stats in [found["stats"], *(task["stats"] for task in found["tasks"])]:
        stats.pop("seconds")
    return found
