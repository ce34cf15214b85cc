"""How to load a table: code that readers copy and run.

Types survive: programs that know Parquet are given the Parquet file, which states the type of each column; those that
read CSV are told the types, and what they have no exact form for stays text. The code is the same in both languages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from generator import public
from generator.config import Portal
from generator.pages import addresses

MOST_TABLES = 10
"""Tables of one dataset that have code of their own."""

_EXACT_DIGITS = 15
"""So many digits a floating-point number holds in any case; and a cell of Excel at most."""
_DECIMAL = re.compile(r"decimal\d+\((\d+), \d+\)")


class Recipe(NamedTuple):
    id: str
    name: str
    code: str


class _Table(NamedTuple):
    """What code needs to know of a table. Addresses are absolute: it runs anywhere."""

    name: str
    csv: str
    parquet: str
    descriptor: str
    file: str
    """The CSV's name."""
    sha256: str
    missing: tuple[str, ...]
    types: Mapping[str, str]
    """Of the columns whose texts any reader takes for that type: ``integer``, ``number``, ``date``, ``datetime`` or
    ``boolean``."""


def recipes(resource: public.Resource, dataset: str, portal: Portal) -> tuple[Recipe, ...]:
    """For a table that is published; nothing for another resource."""
    csv = next((each for each in resource.distributions if each.format == "CSV" and not each.for_excel), None)
    parquet = next((each for each in resource.distributions if each.format == "Parquet"), None)
    if csv is None or parquet is None or resource.schema is None:
        return ()
    table = _Table(
        name=resource.name,
        csv=portal.url + addresses.encoded(csv.path),
        parquet=portal.url + addresses.encoded(parquet.path),
        descriptor=f"{portal.url}data/{addresses.encoded(dataset)}/datapackage.json",
        file=csv.path.rpartition("/")[2],
        sha256=csv.sha256,
        missing=resource.schema.missing_values,
        types=dict(_types(resource)),
    )
    return (
        Recipe("pandas", "Python · pandas", _pandas(table)),
        Recipe("polars", "Python · Polars", _polars(table)),
        Recipe("duckdb", "Python · DuckDB", _duckdb(table)),
        Recipe("frictionless", "Python · frictionless", _frictionless(table)),
        Recipe("r", "R", _r(table)),
        Recipe("javascript", "JavaScript", _javascript(table)),
        Recipe("sql", "SQL · DuckDB", _sql(table)),
        Recipe("excel", "Excel · Power Query", _power_query(table)),
        Recipe("curl", "curl", _curl(table)),
    )


def _types(resource: public.Resource) -> Iterator[tuple[str, str]]:
    """Columns whose values are written in the one usual way, and few enough digits to be exact."""
    fields = resource.schema.fields if resource.schema else ()
    widest = {each.name: max(len(each.minimum), len(each.maximum)) for each in resource.statistics}
    for field in fields:
        if field.format not in ("", "default") or "missingValues" in field.properties:
            continue
        if field.type in ("date", "datetime") and field.arrow_type.startswith(("date", "timestamp")):
            yield field.name, field.type
        elif field.type == "boolean" and field.arrow_type == "bool":
            if not {"trueValues", "falseValues"} & field.properties.keys():
                yield field.name, "boolean"
        elif field.type in ("integer", "number") and not {"decimalChar", "groupChar", "bareNumber"} & (
            field.properties.keys()
        ):
            decimal = _DECIMAL.fullmatch(field.arrow_type)
            if field.arrow_type == "double" or (decimal and int(decimal[1]) <= _EXACT_DIGITS):
                yield field.name, "number"
            elif field.arrow_type.startswith("int") and 0 < widest.get(field.name, 0) <= _EXACT_DIGITS:
                yield field.name, "integer"


def _pandas(table: _Table) -> str:
    return (
        "import pandas as pd  # pip install pandas pyarrow\n\n"
        f"table = pd.read_parquet(\n    {_quoted(table.parquet)},\n"
        '    dtype_backend="pyarrow",\n)\nprint(table.head())'
    )


def _polars(table: _Table) -> str:
    return (
        "import polars as pl  # pip install polars\n\n"
        f"table = pl.read_parquet({_quoted(table.parquet)})\nprint(table.head())"
    )


def _duckdb(table: _Table) -> str:
    return (
        "import duckdb  # pip install duckdb\n\n"
        f"table = duckdb.read_parquet({_quoted(table.parquet)})\ntable.limit(5).show()"
    )


def _frictionless(table: _Table) -> str:
    return (
        "from frictionless import Package  # pip install frictionless\n\n"
        f"package = Package({_quoted(table.descriptor)})\n"
        f"rows = package.get_resource({_quoted(table.name)}).read_rows()\nprint(rows[:5])"
    )


_READR = {
    "integer": "col_double()",
    "number": "col_double()",
    "date": 'col_date("%Y-%m-%d")',
    "datetime": "col_datetime()",
    "boolean": "col_logical()",
}


def _r(table: _Table) -> str:
    lines = ["    .default = col_character()"]
    lines += [f"    {_quoted(name)} = {_READR[type_]}" for name, type_ in table.types.items()]
    missing = ", ".join(map(_quoted, table.missing)) or "character()"
    return (
        'library(readr) # install.packages("readr")\n\n'
        f"table <- read_csv(\n  {_quoted(table.csv)},\n"
        f"  na = {f'c({missing})' if table.missing else missing},\n  trim_ws = FALSE,\n  col_types = cols(\n"
        + ",\n".join(lines)
        + "\n  )\n)\nprint(head(table))"
    )


def _javascript(table: _Table) -> str:
    """Without a library: it runs in a browser's console as well. Texts are exact, which its numbers are not."""
    return f"""\
const response = await fetch({_json(table.csv)})
const [names, ...rows] = parse(await response.text())
const missing = {_json(list(table.missing))}
const table = rows.map((row) => Object.fromEntries(
  names.map((name, i) => [name, missing.includes(row[i]) ? null : row[i]])
))
console.log(table.slice(0, 5))

function parse(text) {{ // CSV, RFC 4180
  const cells = /(?:"([^"]*(?:""[^"]*)*)"|([^,\\r\\n]*))(,|\\r?\\n|$)/g
  const rows = []
  let row = []
  for (const {{ index, 1: quoted, 2: bare, 3: end }} of text.matchAll(cells)) {{
    if (index === text.length && !row.length) break
    row.push(quoted?.replaceAll('""', '"') ?? bare)
    if (end !== ',') rows.push(row), row = []
  }}
  return rows
}}"""


def _sql(table: _Table) -> str:
    name = '"' + table.name.replace('"', '""') + '"'
    return (
        f"CREATE OR REPLACE TABLE {name} AS\nSELECT * FROM read_parquet({_sql_text(table.parquet)});\n\n"
        f"SELECT * FROM {name} LIMIT 5;"
    )


_M_CSV = '[Delimiter = ",", Encoding = 65001, QuoteStyle = QuoteStyle.Csv]'
_M_TYPES = {"integer": "Int64.Type", "number": "type number", "date": "type date", "datetime": "type datetimezone"}


def _power_query(table: _Table) -> str:
    """Whatever the code names no type for is text: Excel then keeps leading zeros and long codes."""
    steps = [
        (
            "Source",
            f"Csv.Document(\n        Web.Contents({_m(table.csv)}),\n        {_M_CSV}\n    )",
        ),
        ("Rows", "Table.PromoteHeaders(Source, [PromoteAllScalars = true])"),
    ]
    for number, value in enumerate(table.missing, 1):
        before = steps[-1][0]
        steps.append(
            (
                f"Missing{number}",
                f"Table.ReplaceValue({before}, {_m(value)}, null, Replacer.ReplaceValue, Table.ColumnNames(Rows))",
            )
        )
    typed = [f"{{{_m(name)}, {_M_TYPES[type_]}}}" for name, type_ in table.types.items() if type_ in _M_TYPES]
    if typed:
        steps.append(
            (
                "Typed",
                f"Table.TransformColumnTypes({steps[-1][0]}, {{\n        "
                + ",\n        ".join(typed)
                + '\n    }, "en-US")',
            )
        )
    lines = ",\n".join(f"    {name} = {step}" for name, step in steps)
    return f"let\n{lines}\nin\n    {steps[-1][0]}"


def _curl(table: _Table) -> str:
    file = table.file if re.fullmatch(r"[\w.-]+", table.file, re.ASCII) else _shell(table.file)
    address = f'"{table.csv}"' if re.fullmatch(r"[\w.:/~%-]+", table.csv, re.ASCII) else _shell(table.csv)
    check = _shell(f"{table.sha256}  {table.file}")
    return f"curl -fL --retry 3 -o {file} {address}\necho {check} | sha256sum -c -"


def sample(url: str, mark: str) -> str:
    """A first try with invented rows: texts, as the types are stated beside, and without the mark's column."""
    read = f"sample = pd.read_csv({_quoted(url)}, dtype=str)"
    return f"import pandas as pd\n\n{read}\nsample = sample.drop(columns={_quoted(mark)})"


# ---- texts of each language


def _quoted(text: str) -> str:
    """Of Python and of R. Both know ``\\uXXXX``, and JSON's escapes are theirs."""
    return _json(text).replace("\\/", "/")


def _json(value: str | list[str]) -> str:
    """Of JavaScript. Two line ends that JSON allows and some readers of code do not are written as numbers."""
    return json.dumps(value, ensure_ascii=False).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _sql_text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


_M_CONTROL = re.compile("[\x00-\x1f]")


def _m(text: str) -> str:
    """Of Power Query's M, where ``#(`` begins an escape."""
    shown = text.replace("#(", "#(#)(").replace('"', '""')
    return '"' + _M_CONTROL.sub(lambda found: f"#({ord(found[0]):04x})", shown) + '"'


def _shell(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
