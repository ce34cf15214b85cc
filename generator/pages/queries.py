"""SQL to begin with, made of a table's schema and of what is known of its values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from generator import public
from generator.pages.html import clean
from generator.pages.words import Words

MOST = 5
"""Examples of a table; and of a dataset three times as many."""
_GROUPS = range(2, 41)
"""Different values of a column that rows are counted by."""
_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
# Words that SQL reads as its own, or that a reader would take for such.
_RESERVED = frozenset(
    "all and any as asc between by case cast count cross date day desc distinct else end except exists false filter "
    "from full group having hour ilike in inner interval intersect is join last left like limit max min minute month "
    "natural not null nulls offset on or order outer over right second select sum table then timestamp true union "
    "using values when where window with year".split()
)


class Query(NamedTuple):
    label: str
    sql: str


class _Column(NamedTuple):
    field: public.Field
    statistics: public.ColumnStatistics | None

    @property
    def sql(self) -> str:
        return quoted(self.field.name)


def quoted(name: str) -> str:
    if _PLAIN.fullmatch(name) and name not in _RESERVED:
        return name
    return '"' + name.replace('"', '""') + '"'


def examples(resources: Sequence[public.Resource], t: Words) -> list[Query]:
    """For the tables in their order. A query that needs what a table has not is left out."""
    found: list[Query] = []
    for resource in resources:
        own = [query for query in _of_table(resource, resources, t) if "\x00" not in query.sql]
        found += own[:MOST]
    return found[: 3 * MOST]


def _of_table(resource: public.Resource, resources: Sequence[public.Resource], t: Words) -> Iterator[Query]:
    if resource.schema is None or not resource.schema.fields:
        return
    table, columns = quoted(resource.name), _columns(resource)
    name = clean(resource.title.to(t.lang)[0]) or resource.name

    def say(key: str, **values: str) -> str:
        return t[key].format(table=name, **values)

    keys = _keys(resource.schema)
    category = next((each for each in columns if _is_category(each, keys)), None)
    measure = next((each for each in columns if _is_measure(each, keys)), None)
    period = next(filter(None, (_period(each) for each in columns)), None)
    if category:
        yield Query(
            say("ask_count", by=_called(category, t)),
            f"SELECT {category.sql}, count(*) AS n\nFROM {table}\nGROUP BY {category.sql}\nORDER BY n DESC",
        )
    if measure and period:
        # A point in time is summed up by averages where the measure is no amount; which, only the publisher knows.
        yield Query(
            say("ask_over_time", what=_called(measure, t)),
            f"SELECT {period} AS period, sum({measure.sql}) AS total, avg({measure.sql}) AS mean\nFROM {table}\n"
            "GROUP BY period\nORDER BY period",
        )
    if measure:
        shown = ", ".join(dict.fromkeys([*(each.sql for each in columns[:3]), measure.sql]))
        yield Query(
            say("ask_top", what=_called(measure, t)),
            f"SELECT {shown}\nFROM {table}\nWHERE {measure.sql} IS NOT NULL\nORDER BY {measure.sql} DESC\nLIMIT 10",
        )
    yield from _joins(resource, resources, say)
    if measure and category:
        yield Query(
            say("ask_mean", what=_called(measure, t), by=_called(category, t)),
            f"SELECT {category.sql}, avg({measure.sql}) AS mean, max({measure.sql}) AS most\n"
            f"FROM {table}\nGROUP BY {category.sql}\nORDER BY mean DESC",
        )
    if gap := next((each for each in columns if each.statistics and each.statistics.nulls), None):
        yield Query(
            say("ask_missing", what=_called(gap, t)), f"SELECT *\nFROM {table}\nWHERE {gap.sql} IS NULL\nLIMIT 100"
        )
    yield Query(say("ask_rows"), f"SELECT *\nFROM {table}\nLIMIT 100")
    yield Query(say("ask_how_many"), f"SELECT count(*) AS n\nFROM {table}")


def _joins(resource: public.Resource, resources: Sequence[public.Resource], say: Callable[..., str]) -> Iterator[Query]:
    assert resource.schema
    others = {each.name: each for each in resources}
    for key in resource.schema.foreign_keys:
        other = others.get(key.resource)
        if other is None or other.schema is None or len(key.fields) != len(key.reference_fields):
            continue
        on = " AND ".join(
            f"a.{quoted(mine)} = b.{quoted(theirs)}"
            for mine, theirs in zip(key.fields, key.reference_fields, strict=True)
        )
        named = [
            field for field in other.schema.fields if field.name not in key.reference_fields and field.type == "string"
        ]
        shown = [f"b.{quoted(name)}" for name in (*key.reference_fields, *(field.name for field in named[:1]))]
        yield Query(
            say("ask_join", other=other.name),
            f"SELECT {', '.join(shown)}, count(*) AS n\nFROM {quoted(resource.name)} AS a\n"
            f"JOIN {quoted(other.name)} AS b ON {on}\nGROUP BY {', '.join(shown)}\nORDER BY n DESC\nLIMIT 20",
        )
        return


def _columns(resource: public.Resource) -> list[_Column]:
    assert resource.schema
    known = {each.name: each for each in resource.statistics}
    return [_Column(field, known.get(field.name)) for field in resource.schema.fields]


def _keys(schema: public.Schema) -> set[str]:
    return {*schema.primary_key, *(name for key in schema.foreign_keys for name in key.fields)}


def _called(column: _Column, t: Words) -> str:
    return clean(column.field.title.to(t.lang)[0]) or column.field.name


def _is_category(column: _Column, keys: set[str]) -> bool:
    if column.field.type not in ("string", "boolean") or (column.field.name in keys and len(keys) == 1):
        return False
    known = column.statistics
    if known is None:
        return column.field.type == "boolean" or "enum" in column.field.constraints
    return known.distinct is not None and known.distinct in _GROUPS and known.distinct < known.rows - known.nulls


_NO_AMOUNTS = re.compile(r"\b(?:lon|lat|lng|longitude|latitude|x|y|id|no|code|year)\b|经度|纬度|编号|序号|代码|年份")


def _is_measure(column: _Column, keys: set[str]) -> bool:
    """A number that something is counted or measured by, as far as can be seen: no key, no code, no coordinate."""
    field = column.field
    if field.type not in ("integer", "number") or field.name in keys or field.constraints.get("unique"):
        return False
    if field.arrow_type in ("string", "large_string", "string_view"):  # kept as text, with a reason
        return False
    words = f"{field.name.replace('_', ' ')} {field.title.main}".lower()
    return not _NO_AMOUNTS.search(words)


def _period(column: _Column) -> str:
    """An expression of the month, or of the year where the column has no months."""
    field, name = column.field, column.sql
    if field.type in {"year", "yearmonth"}:
        return name
    if field.type == "date" and field.arrow_type.startswith("date"):
        return f"strftime({name}, '%Y-%m')"
    if field.type == "datetime" and field.arrow_type.startswith("timestamp"):
        return f"strftime({name}, '%Y-%m')"
    return ""
