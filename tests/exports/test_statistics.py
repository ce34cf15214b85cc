"""``stats.json``: of open tables alone, in the form that its JSON Schema says."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from generator import exports
from generator.exports.published import fields_of
from generator.public import Catalog, ColumnStatistics, Histogram, Lengths, ValueCount
from tests.exports.catalogue import URL, write_catalogue

EXACT = ColumnStatistics(
    "", rows=9, nulls=2, distinct=3, minimum="0.50", maximum="9.25", mean="4.125", quantiles=((5, "0.50"), (50, "4.00")),
    histogram=Histogram(("0", "5", "10"), (4, 3)), frequent=(ValueCount("4.00", 4),), not_finite=1,
)  # fmt: skip
ESTIMATED = ColumnStatistics(
    "", rows=9, nulls=2, distinct=3, distinct_error=0.03, distinct_at_least=True, frequent=(ValueCount('甲"<\ud83d', 4),),
    error=0.006, lengths=Lengths(1, "2.5", 7),
)  # fmt: skip
UNKNOWN = ColumnStatistics("", rows=9, nulls=9)


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Any]:
    """All JSON files of a catalogue in which every resource, open or not, comes with statistics."""
    catalog = write_catalogue(tmp_path)
    datasets = tuple(
        replace(dataset, resources=tuple(map(told, dataset.resources)), openness=dataset.openness)
        for dataset in catalog.datasets
    )
    made = exports.export(replace(catalog, datasets=datasets))
    return {file.path: json.loads(bytes_of(file.content)) for file in made if file.path.endswith(".json")} | {
        "catalog": catalog
    }


def bytes_of(content: object) -> bytes:
    assert isinstance(content, bytes)
    return content


def told(resource: Any) -> Any:
    kinds = (EXACT, ESTIMATED, UNKNOWN)
    columns = [replace(kinds[i % 3], name=field.name) for i, field in enumerate(fields_of(resource))]
    return replace(resource, statistics=tuple(columns))


def test_every_file_follows_the_published_schema(files: dict[str, Any]) -> None:
    schema = files["schema/stats.schema.json"]
    Draft202012Validator.check_schema(schema)
    strict = Draft202012Validator(closed(schema))
    told_of = {path: content for path, content in files.items() if path.endswith("/stats.json")}
    assert told_of
    for path, content in told_of.items():
        assert [error.message for error in strict.iter_errors(content)] == [], path
        assert content["$schema"] == f"{URL}schema/stats.schema.json" == schema["$id"]


def closed(schema: Any) -> Any:
    """The schema without room for properties that it does not name (readers must leave room for later ones)."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: closed(value) for key, value in schema.items()}
    if schema.get("type") == "object" and "additionalProperties" not in schema:
        made["additionalProperties"] = False
        made["properties"]["$schema"] = {"type": "string"}
    return made


def test_tables_that_are_not_open_have_no_statistics(files: dict[str, Any]) -> None:
    catalog: Catalog = files["catalog"]
    for dataset in catalog.datasets:
        found = files.get(f"data/{dataset.name}/stats.json", {"tables": []})
        is_open = [r.name for r in dataset.resources if r.openness == "unconditional" and r.schema and r.schema.fields]
        assert [table["name"] for table in found["tables"]] == is_open
        listed = next(entry for entry in files["catalog.json"]["datasets"] if entry["name"] == dataset.name)
        assert ("stats.json" in listed["files"]) == bool(is_open)


def test_what_is_estimated_is_said_to_be(files: dict[str, Any]) -> None:
    columns = [
        column
        for path, content in files.items()
        if path.endswith("/stats.json")
        for table in content["tables"]
        for column in table["columns"]
    ]
    exact = next(column for column in columns if "min" in column)
    assert exact["distinct"] == {"value": 3, "exact": True}
    assert exact["quantiles"] == {"exact": True, "values": {"5": "0.50", "50": "4.00"}}
    assert exact["histogram"] == {"exact": True, "edges": ["0", "5", "10"], "counts": [4, 3]}
    estimated = next(column for column in columns if "lengths" in column)
    assert estimated["distinct"] == {"value": 3, "exact": False, "error": 0.03, "atLeast": True}
    assert estimated["frequent"] == {
        "exact": False,
        "error": 0.012,
        "values": [{"value": '甲"<\ufffd', "count": 4}],
    }
