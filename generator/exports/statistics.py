"""``stats.json``: what can be said of the values of a dataset's open tables, column by column.

It is an object. Numbers of the data are texts, exactly as they are published (a decimal has its column's places, dates
are ISO 8601); numbers about the data are numbers. Keys are sorted; what does not apply to a column is left out.

- ``$schema``: address of the JSON Schema that says the same as this text, in more detail;
- ``version``: 1. Properties may be added without a new number;
- ``name``: of the dataset;
- ``tables``: ``name``, ``rows``, and ``columns`` in the order of the table. Each column has ``name``, ``type`` (of its
  field), ``rows`` and ``nulls``, and where known

  - ``distinct``: how many different values there are: ``value``, and whether it is ``exact``. If not, it stays within
    the relative ``error`` in 999 of 1,000 cases, or is a lower bound (``atLeast``);
  - ``min``, ``max``, ``mean`` of numbers, ``min`` and ``max`` of dates and times: exact, the mean rounded;
  - ``quantiles`` (``values``: for each percentage the smallest value that so many percent do not exceed),
    ``histogram`` (``counts`` of the values from each of ``edges`` on and below the next), ``frequent`` (the most
    frequent ``values``, each with its ``count``). Where one is not ``exact``, it comes from a sample, and shares of the
    rows are right within ``error``, in 999 of 1,000 cases;
  - ``lengths`` of texts, in code points: ``min``, ``mean``, ``max``;
  - ``notFinite``: how many numbers are NaN or infinite. They are left out of everything but ``distinct``.
"""

from __future__ import annotations

import json
from typing import Any

from generator.exports.json_text import dense, plain, without_empty
from generator.exports.published import fields_of, statistics_of
from generator.exports.wellformed import encodable
from generator.public import ColumnStatistics, Dataset, Field, Resource

FILE = "stats.json"
SCHEMA = "schema/stats.schema.json"


def statistics(dataset: Dataset, schema: str) -> bytes:
    """Empty where there is nothing to tell. ``schema`` is the address of the JSON Schema."""
    tables = [resource for resource in dataset.resources if statistics_of(resource)]
    if not tables:
        return b""
    lines = ",\n".join(_table(table) for table in tables)
    head = dense({"$schema": schema, "name": dataset.name})
    return f'{head[:-1]}, "tables": [\n{lines}\n], "version": 1}}\n'.encode()


def _table(resource: Resource) -> str:
    """A line for each column: whoever compares two builds sees which columns differ."""
    columns = statistics_of(resource)
    lines = ",\n".join(
        _sorted(_column(column, field)) for column, field in zip(columns, fields_of(resource), strict=True)
    )
    return f'{{"columns": [\n{lines}\n], "name": {dense(resource.name)}, "rows": {columns[0].rows}}}'


def _sorted(value: dict[str, Any]) -> str:
    return encodable(json.dumps(plain(value), ensure_ascii=False, allow_nan=False, sort_keys=True))


def _column(column: ColumnStatistics, field: Field) -> dict[str, Any]:
    shares = _exactness(column.error, 1)
    differences = _exactness(column.error, 2)
    histogram, lengths = column.histogram, column.lengths
    return without_empty(
        {
            "name": column.name,
            "type": field.type,
            "rows": column.rows,
            "nulls": column.nulls,
            "distinct": _distinct(column),
            "min": column.minimum,
            "max": column.maximum,
            "mean": column.mean,
            "quantiles": shares | {"values": {str(percent): value for percent, value in column.quantiles}}
            if column.quantiles
            else None,
            "histogram": differences | {"edges": histogram.edges, "counts": histogram.counts} if histogram else None,
            "frequent": differences | {"values": [{"value": v.value, "count": v.count} for v in column.frequent]}
            if column.frequent
            else None,
            "lengths": {"min": lengths.shortest, "mean": lengths.mean, "max": lengths.longest} if lengths else None,
            "notFinite": column.not_finite or None,
        }
    )


def _distinct(column: ColumnStatistics) -> dict[str, Any] | None:
    if column.distinct is None:
        return None
    found: dict[str, Any] = {"value": column.distinct}
    found["exact"] = not column.distinct_error and not column.distinct_at_least
    if column.distinct_error:
        found["error"] = column.distinct_error
    if column.distinct_at_least:
        found["atLeast"] = True
    return found


def _exactness(error: float, times: int) -> dict[str, Any]:
    return {"exact": False, "error": round(min(error * times, 1.0), 4)} if error else {"exact": True}


_TEXT = {"type": "string"}
_COUNT = {"type": "integer", "minimum": 0}
_ERROR = {"type": "number", "exclusiveMinimum": 0, "maximum": 1}
_EXACT = {"exact": {"type": "boolean"}, "error": _ERROR}


def _object(required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required.split(), "properties": properties}


def _list(items: Any) -> dict[str, Any]:
    return {"type": "array", "items": items}


def statistics_schema(identifier: str) -> dict[str, Any]:
    """The form of version 1."""
    value = _object("value count", value=_TEXT, count=_COUNT)
    column = _object(
        "name type rows nulls",
        name=_TEXT,
        type=_TEXT,
        rows=_COUNT,
        nulls=_COUNT,
        distinct=_object("value exact", value=_COUNT, atLeast={"const": True}, **_EXACT),
        min=_TEXT,
        max=_TEXT,
        mean=_TEXT,
        quantiles=_object(
            "exact values",
            values={"type": "object", "propertyNames": {"pattern": "^[0-9]+$"}, "additionalProperties": _TEXT},
            **_EXACT,
        ),
        histogram=_object("exact edges counts", edges=_list(_TEXT), counts=_list(_COUNT), **_EXACT),
        frequent=_object("exact values", values=_list(value), **_EXACT),
        lengths=_object("min mean max", min=_COUNT, mean=_TEXT, max=_COUNT),
        notFinite=_COUNT,
    )
    table = _object("name rows columns", name=_TEXT, rows=_COUNT, columns=_list(column))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": identifier,
        "title": "Statistics of a dataset's open tables",
        **_object("version name tables", version={"const": 1}, name=_TEXT, tables=_list(table)),
    }
