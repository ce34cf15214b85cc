"""What a page says about its Parquet files, so that scripts can read parts of them without asking before."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NamedTuple

from generator import public
from generator.pages import addresses, queries
from generator.pages.html import clean
from generator.pages.words import Words
from generator.view_rows import totals_path

WHOLE = 50_000_000
"""Bytes up to which a file is read as a whole, where the server has no ranges."""
_END = b"PAR1"


class Source(NamedTuple):
    """An open table's Parquet file."""

    name: str
    title: str
    href: str
    bytes: int
    footer: int
    """Length of the metadata at the end, which a reader has to know before it can ask for them."""
    rows: int
    totals: str
    """Address of the table's totals, if it has any."""
    titles: str
    """Of columns, as JSON, where the page's language has other ones than the file; else nothing."""


class Question(NamedTuple):
    """SQL over a dataset's tables: where they are, as JSON for the script, and queries to begin with."""

    tables: str
    examples: list[queries.Query]


def sources(dataset: public.Dataset, base: str, t: Words) -> dict[str, Source]:
    """By resource; those that are open and have a Parquet file."""
    found = {}
    for resource in dataset.resources:
        if resource.openness != "unconditional" or resource.kind != "table":
            continue
        for file in resource.distributions:
            if file.format == "Parquet" and not file.is_copy and file.rows is not None and (length := footer(file)):
                title = clean(resource.title.to(t.lang)[0]) or resource.name
                href = base + addresses.encoded(file.path)
                titles = _titles(resource, t)
                totals = base + addresses.encoded(totals_path(resource, dataset)) if resource.totals else ""
                found[resource.name] = Source(resource.name, title, href, file.bytes, length, file.rows, totals, titles)
                break
    return found


def _titles(resource: public.Resource, t: Words) -> str:
    fields = resource.schema.fields if resource.schema else ()
    own = {field.name: clean(title) for field in fields if (title := field.title.to(t.lang)[0]) != field.title.main}
    return json.dumps(own, ensure_ascii=False) if own else ""


def footer(file: public.Distribution) -> int:
    """0 where it is no Parquet file: the last bytes of one are this length and a mark."""
    try:
        with file.file.open("rb") as content:
            content.seek(-8, 2)
            end = content.read(8)
    except OSError:
        return 0
    length = int.from_bytes(end[:4], "little")
    return length if end[4:] == _END and length <= file.bytes - 12 else 0


def question(dataset: public.Dataset, tables: Iterable[Source], t: Words) -> Question | None:
    known = {each.name: each for each in tables}
    if not known:
        return None
    listed = [
        {"name": each.name, "title": each.title, "href": each.href, "bytes": each.bytes, "footer": each.footer,
         "rows": each.rows} | ({"totals": each.totals} if each.totals else {})
        | ({"titles": json.loads(each.titles)} if each.titles else {})
        for each in known.values()
    ]  # fmt: skip
    resources = [each for each in dataset.resources if each.name in known]
    return Question(json.dumps(listed, ensure_ascii=False), queries.examples(resources, t))
