"""How to load a table, and how to cite a dataset: text that readers copy."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from generator import public
from generator.config import Portal
from generator.pages import addresses
from generator.pages.html import clean
from generator.pages.words import Words


class Recipe(NamedTuple):
    id: str
    name: str
    code: str
    note: str = ""


def recipes(resource: public.Resource, portal: Portal, t: Words) -> tuple[Recipe, ...]:
    """For the formats that the table is published in. Addresses are absolute: the code runs anywhere."""
    files = resource.distributions
    urls = {each.format: portal.url + addresses.encoded(each.path) for each in files if not each.for_excel}
    csv, parquet = urls.get("CSV"), urls.get("Parquet")
    workbook = next((portal.url + addresses.encoded(each.path) for each in files if each.format == "XLSX"), "")
    text_columns = [field.name for field in resource.schema.fields if _is_code(field)] if resource.schema else []
    found = []
    if csv and parquet:
        found += [
            Recipe("pandas", "Python · pandas", f"import pandas as pd\n\ndf = pd.read_parquet({_quoted(parquet)})"),
            Recipe("polars", "Python · Polars", f"import polars as pl\n\ndf = pl.read_parquet({_quoted(parquet)})"),
            Recipe("r", "R", f"library(arrow)\n\ndf <- read_parquet({_quoted(parquet)})"),
            Recipe("duckdb", "DuckDB", f"SELECT * FROM read_parquet({_sql(parquet)}) LIMIT 10;"),
        ]
    elif csv:
        types = f", dtype={{{', '.join(f'{_quoted(name)}: str' for name in text_columns)}}}" if text_columns else ""
        found += [
            Recipe("pandas", "Python · pandas", f"import pandas as pd\n\ndf = pd.read_csv({_quoted(csv)}{types})"),
            Recipe("r", "R", f"library(readr)\n\ndf <- read_csv({_quoted(csv)})"),
            Recipe("duckdb", "DuckDB", f"SELECT * FROM read_csv({_sql(csv)}) LIMIT 10;"),
        ]
    if workbook or csv:
        found.append(Recipe("excel", "Excel", workbook or csv or "", t.excel_workbook if workbook else t.excel))
    if any_url := csv or parquet:
        found.append(Recipe("curl", "curl", f"curl -LO {_shell(any_url)}"))
    return tuple(found)


def sample(url: str, mark: str) -> str:
    """A first try with invented rows: texts, as the types are stated beside, and without the mark's column."""
    read = f"sample = pd.read_csv({_quoted(url)}, dtype=str)"
    return f"import pandas as pd\n\n{read}\nsample = sample.drop(columns={_quoted(mark)})"


def _is_code(field: public.Field) -> bool:
    """Columns whose leading zeros a reader that guesses types would drop."""
    return field.type == "string"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _sql(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _shell(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def citation(dataset: public.Dataset, portal: Portal, t: Words) -> str:
    """GB/T 7714 in Chinese, DataCite's recommended form in English."""
    day = clean((dataset.modified or dataset.created)[:10])
    form: str = t.citation if day else t.citation_undated
    return form.format(
        agency=_one_line(dataset.agency.name.to(t.lang)[0]),
        title=_one_line(dataset.title.to(t.lang)[0]),
        version=t.citation_version.format(version=clean(dataset.version)) if dataset.version else "",
        portal=_one_line(portal.title.to(t.lang)[0]),
        day=day,
        year=day[:4],
        url=portal.url + addresses.prefix(t.lang) + addresses.dataset(dataset.name),
    )


def bibtex(dataset: public.Dataset, portal: Portal, t: Words) -> str:
    day = clean((dataset.modified or dataset.created)[:10])
    entries = {
        "author": "{" + _tex(dataset.agency.name.to(t.lang)[0]) + "}",
        "title": _tex(dataset.title.to(t.lang)[0]),
        "year": day[:4],
        "version": _tex(dataset.version),
        "publisher": _tex(portal.title.to(t.lang)[0]),
        "url": portal.url + addresses.prefix(t.lang) + addresses.dataset(dataset.name),
    }
    lines = [f"  {key} = {{{value}}}" for key, value in entries.items() if value]
    return f"@misc{{{dataset.name},\n" + ",\n".join(lines) + "\n}"


def _one_line(text: str) -> str:
    return clean(" ".join(text.split()))


_TEX = str.maketrans(
    {sign: f"\\{sign}" for sign in "&%$#_{}"}
    | {"\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}"}
)


@lru_cache(1024)  # the portal, the agencies and the versions come again and again
def _tex(text: str) -> str:
    return _one_line(text).translate(_TEX)
