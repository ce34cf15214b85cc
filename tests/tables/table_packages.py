"""Small packages on disk, the public packages beside the repository, and what frictionless itself says of them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from math import isnan
from pathlib import Path
from typing import Any

import frictionless
import yaml

from generator.problems import Problem, catalogue
from generator.tables import ConvertedTable, check_tables, convert_table
from generator.text import Text

SHARED = Path(__file__).resolve().parents[3] / "shared" / "packages"
DATASET, DESCRIPTOR = "agency/dataset", "agency/dataset/datapackage.yaml"


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def read_descriptor(path: Path) -> dict[str, Any]:
    text = path.read_text("utf-8")
    found: dict[str, Any] = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    return found


def table(path: str, *fields: Mapping[str, Any], **properties: Any) -> dict[str, Any]:
    """A package of one table with these fields."""
    resource = {"name": "table", "path": path} | properties
    if fields:
        resource["schema"] = {"fields": list(fields)} | dict(properties.get("schema", {}))
    return {"resources": [resource]}


def check(descriptor: Mapping[str, Any], folder: Path, **options: Any) -> tuple[Problem, ...]:
    """The errors."""
    found = check_and_advise(descriptor, folder, **options)
    return tuple(problem for problem in found if catalogue()[problem.name].severity == "error")


def check_and_advise(descriptor: Mapping[str, Any], folder: Path, **options: Any) -> tuple[Problem, ...]:
    return check_tables(descriptor, folder, dataset=DATASET, descriptor_file=DESCRIPTOR, **options)


def convert(
    descriptor: Mapping[str, Any], folder: Path, name: str = "table", *, target: Path | None = None, **options: Any
) -> ConvertedTable:
    return convert_table(descriptor, name, folder, target or folder / "out", stem="table", text=_text, **options)


def same_value(ours: Any, theirs: Any) -> bool:
    """A double is the same as a decimal when its shortest writing is that decimal."""
    if isinstance(ours, float) and isinstance(theirs, Decimal):
        return theirs.is_nan() if isnan(ours) else Decimal(repr(ours)) == theirs
    return bool(ours == theirs)


def _text(values: Mapping[str, Any], key: str) -> Text:
    return Text(str(values.get(key) or ""))


Errors = Counter[tuple[str, str, int | None, int | None]]
"""Resource (none for metadata), type, row, field number."""

_OF_METADATA = {"package-error", "resource-error", "schema-error", "field-error", "metadata-error"}


def errors_of(problems: tuple[Problem, ...]) -> Errors:
    return Counter(
        (
            "" if p.error_type in _OF_METADATA else p.resource,
            p.error_type,
            p.row,
            None if p.error_type == "foreign-key" else p.column,
        )
        for p in problems
    )


def errors_of_frictionless(descriptor: Mapping[str, Any], folder: Path) -> Errors:
    try:
        report = frictionless.Package(descriptor, basepath=str(folder)).validate()
    except frictionless.FrictionlessException as exception:
        return Counter(("", error.type, None, None) for error in exception.to_errors())
    found: Errors = Counter(("", error.type, None, None) for error in report.errors)
    for task in report.tasks:
        for error in task.errors:
            name = "" if error.type in _OF_METADATA else task.name
            found[name, error.type, getattr(error, "row_number", None), getattr(error, "field_number", None)] += 1
    return found
