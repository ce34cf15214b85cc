"""The code that dataset pages offer, copied from the pages and run against the site."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.take.conftest import Site
from tests.take.portal import TABLES

MARK = "@@rows "
LANGUAGES = ("", "en/")


class _Code(HTMLParser):
    """Label and code of each tool, in the order of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.labels: list[str] = []
        self.codes: list[str] = []
        self._in: list[str] | None = None
        self._panel = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag == "input" and str(known.get("id", "")).startswith("tool-1-"):
            self.labels.append(str(known["id"]).removeprefix("tool-1-"))
        self._panel = self._panel or (tag == "div" and known.get("class") == "panel")
        if tag == "code" and self._panel:
            self.codes.append("")
            self._in = self.codes

    def handle_endtag(self, tag: str) -> None:
        if tag == "code" and self._in is not None:
            self._in, self._panel = None, False

    def handle_data(self, data: str) -> None:
        if self._in is not None:
            self._in[-1] += data


def code(site: Site, name: str, tool: str, lang: str = "") -> str:
    page = _Code()
    page.feed((site.folder / lang / "dataset" / name / "index.html").read_text("utf-8"))
    return dict(zip(page.labels, page.codes, strict=True))[tool]


def run(*command: str, cwd: Path, text: str = "") -> str:
    environment = os.environ | {
        "PYTHONUTF8": "1",
        "LC_ALL": "C.UTF-8",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }
    done = subprocess.run(
        command, cwd=cwd, env=environment, input=text, capture_output=True, encoding="utf-8", timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def rows(output: str) -> list[dict[str, str | None]]:
    """What the line says that a test has added to the code."""
    found: list[dict[str, str | None]] = json.loads(output.split(MARK)[1].splitlines()[0])
    return found


def test_both_languages_offer_the_same_nine_tools(site: Site) -> None:
    pages = []
    for lang in LANGUAGES:
        page = _Code()
        page.feed((site.folder / lang / "dataset/parks/index.html").read_text("utf-8"))
        pages.append(page)
    assert pages[0].codes == pages[1].codes
    assert pages[0].labels == ["pandas", "polars", "duckdb", "frictionless", "r", "javascript", "sql", "excel", "curl"]


TAIL = {
    "pandas": "values = [{k: None if pd.isna(v) else v for k, v in row.items()} for row in table.to_dict('records')]",
    "polars": "values = table.to_dicts()",
    "duckdb": "values = [dict(zip(table.columns, row)) for row in table.fetchall()]",
    "frictionless": "values = [row.to_dict() for row in rows]",
}
HEAD = f"import sys, duckdb\nsys.path.insert(0, {str(ROOT)!r})\nfrom tests.take import duckdb_http\nduckdb_http.serve(duckdb)\n"
TOLD = f"""
import datetime, json
def told(value):
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)
print({MARK!r} + json.dumps([{{k: told(v) for k, v in row.items()}} for row in values]))
"""


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("tool", TAIL)
def test_python_finds_every_value_exactly(site: Site, tmp_path: Path, tool: str, name: str) -> None:
    pytest.importorskip(tool, reason=f"{tool} is not installed")
    if tool == "duckdb":
        pytest.importorskip("aiohttp", reason="fsspec's client for http is not installed")
    head = HEAD if tool == "duckdb" else ""
    (tmp_path / "code.py").write_text(f"{head}{code(site, name, tool)}\n{TAIL[tool]}\n{TOLD}", "utf-8")
    assert rows(run(sys.executable, "-I", "code.py", cwd=tmp_path)) == TABLES[name]


@pytest.mark.parametrize("name", TABLES)
def test_sql_makes_a_table_of_every_value(site: Site, name: str) -> None:
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
    pytest.importorskip("aiohttp", reason="fsspec's client for http is not installed")
    from tests.take import duckdb_http

    connection = duckdb.connect()
    duckdb_http.serve(connection)
    shown = connection.execute(code(site, name, "sql")).fetchall()
    table = connection.table(name)
    assert len(shown) == min(5, len(TABLES[name]))
    found = [
        {
            column: None if value is None else str(value).lower() if isinstance(value, bool) else str(value)
            for column, value in zip(table.columns, row, strict=True)
        }
        for row in table.fetchall()
    ]
    assert found == TABLES[name]


@pytest.mark.parametrize("name", TABLES)
def test_javascript_finds_the_texts_of_the_csv(site: Site, tmp_path: Path, name: str) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    # Proto is a name like another; JSON.stringify tells it since it is the row's own.
    (tmp_path / "code.mjs").write_text(
        f"{code(site, name, 'javascript')}\nconsole.log({json.dumps(MARK)} + JSON.stringify(table))\n", "utf-8"
    )
    assert rows(run(node, "code.mjs", cwd=tmp_path)) == texts(site, name)


def texts(site: Site, name: str) -> list[dict[str, str | None]]:
    """What the canonical CSV says, by Python's reader."""
    with (site.folder / f"data/{name}/{name}.csv").open(encoding="utf-8", newline="") as file:
        header, *found = csv.reader(file)
    missing = {"fees": ("", "NA")}.get(name, ("",))
    return [{n: None if v in missing else v for n, v in zip(header, row, strict=True)} for row in found]


R_CLASSES = {
    "parks": ["character", "character", "numeric", "Date", "numeric", "logical"],
    "fees": ["character"] * 4,
    "odd": ["character"] * 4,
}
"""What has no exact form in R, and what is written in a way of its own, stays text."""


@pytest.mark.parametrize("name", TABLES)
def test_r_finds_every_value_and_its_type(site: Site, tmp_path: Path, name: str) -> None:
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed; Debian has r-base-core and r-cran-readr")
    (tmp_path / "code.R").write_text(
        f'{code(site, name, "r")}\ncat("\\n@@classes", paste(sapply(table, function(x) class(x)[1]), collapse = ","), "\\n")\n'
        'write_csv(table, "found.csv", na = "@NA")\n',
        "utf-8",
    )
    if subprocess.run(["Rscript", "-e", "library(readr)"], capture_output=True).returncode:
        pytest.skip("R's readr is not installed; Debian has r-cran-readr")
    output = run("Rscript", "--vanilla", "code.R", cwd=tmp_path)
    classes = output.split("@@classes ")[1].split()[0].split(",")
    assert classes == R_CLASSES[name]
    with (tmp_path / "found.csv").open(encoding="utf-8", newline="") as file:
        header, *found = csv.reader(file)
    expected = texts(site, name)
    assert header == list(expected[0])
    for row, wanted in zip(found, expected, strict=True):
        for value, text, kind in zip(row, wanted.values(), classes, strict=True):
            if text is None:
                assert value == "@NA"
            elif kind == "numeric":
                assert Decimal(value) == Decimal(text)
            else:
                assert value.lower() == text.lower() if kind == "logical" else value == text


@pytest.mark.parametrize("name", TABLES)
def test_curl_downloads_the_file_and_verifies_it(site: Site, tmp_path: Path, name: str) -> None:
    if shutil.which("curl") is None or shutil.which("sha256sum") is None:
        pytest.skip("curl or sha256sum is not installed")
    output = run("sh", "-e", cwd=tmp_path, text=code(site, name, "curl"))
    assert f"{name}.csv: OK" in output
    assert (tmp_path / f"{name}.csv").read_bytes() == (site.folder / f"data/{name}/{name}.csv").read_bytes()


# ---- Power Query runs in Excel alone. What can be held without: that the code is well formed, and names the columns.

_M_TOKEN = re.compile(r'"(?:[^"]|"")*"|[A-Za-z_][\w.]*|\d+|[(){}\[\],=]|\s+')
_M_ESCAPE = re.compile(r"#\((#|[0-9a-f]{4})\)")


def m_texts(source: str) -> list[str]:
    position = 0
    depth: list[str] = []
    found: list[str] = []
    while position < len(source):
        token = _M_TOKEN.match(source, position)
        assert token, f"no token of M: {source[position : position + 20]!r}"
        position = token.end()
        if token[0] in ("(", "{", "["):
            depth.append({"(": ")", "{": "}", "[": "]"}[token[0]])
        elif token[0] in (")", "}", "]"):
            assert depth.pop() == token[0]
        elif token[0].startswith('"'):
            text = token[0][1:-1].replace('""', '"')
            found.append(_M_ESCAPE.sub(lambda e: "#" if e[1] == "#" else chr(int(e[1], 16)), text))
    assert not depth
    return found


@pytest.mark.parametrize("name", TABLES)
def test_power_query_is_well_formed_and_types_only_what_it_can_hold(site: Site, name: str) -> None:
    source = code(site, name, "excel")
    found = m_texts(source)
    assert source.startswith("let\n")
    assert source.split("\nin\n")[1].strip() in ("Typed", "Missing1", "Missing2")
    assert f"{site.url}data/{name}/{name}.csv" in found
    typed = re.findall(r'\{"((?:[^"]|"")*)", ([\w. ]+)\}', source)
    assert dict(typed) == {
        "parks": {"面积": "type number", "建成日期": "type date", "座位": "Int64.Type"}, "fees": {}, "odd": {},
    }[name]  # fmt: skip
    missing = re.findall(r'Table\.ReplaceValue\(\w+, "([^"]*)", null', source)
    assert missing == (["", "NA"] if name == "fees" else [""])
