"""The verdict on a package, and every error's type, row and field, are frictionless's own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.tables.table_packages import SHARED, check, errors_of, errors_of_frictionless, read_descriptor, table, write

_TAKES_HALF_A_MINUTE = "glenglat"


def _descriptors() -> list[Path]:
    return sorted(path for path in SHARED.rglob("datapackage.*") if _TAKES_HALF_A_MINUTE not in path.parts)


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/packages is not here")
def test_the_shared_packages_were_found() -> None:
    assert len(_descriptors()) >= 26


@pytest.mark.parametrize("path", _descriptors(), ids=lambda p: p.parent.relative_to(SHARED).as_posix())
def test_same_errors_as_frictionless(path: Path) -> None:
    descriptor = read_descriptor(path)
    assert errors_of(check(descriptor, path.parent)) == errors_of_frictionless(descriptor, path.parent)


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/packages is not here")
def test_same_errors_over_foreign_keys_and_several_files() -> None:
    """Of the largest package, all but the table of 583,310 rows and the one that refers to it."""
    path = SHARED / "glenglat" / "datapackage.yaml"
    descriptor = read_descriptor(path)
    descriptor["resources"] = [r for r in descriptor["resources"] if r["name"] in ("source", "borehole", "person")]
    assert errors_of(check(descriptor, path.parent)) == errors_of_frictionless(descriptor, path.parent)


BROKEN: dict[str, tuple[Mapping[str, Any], Mapping[str, str | bytes]]] = {
    "no such file": (table("a.csv"), {}),
    "empty file": (table("a.csv"), {"a.csv": ""}),
    "wrong encoding": (table("a.csv", encoding="utf-8"), {"a.csv": "省,市\n广东,江门\n".encode("gbk")}),
    "not a spreadsheet": (table("a.xlsx"), {"a.xlsx": b"PK not really"}),
    "not an archive": (table("a.zip"), {"a.zip": b"not really"}),
    "not gzip": (table("a.csv.gz"), {"a.csv.gz": b"not really"}),
    "unknown format": (table("a.xyz", type="table"), {"a.xyz": "1"}),
    "checksum and size": (table("a.csv", hash="md5:00", bytes=3), {"a.csv": "x\n1\n"}),
    "header": (table("a.csv", {"name": "x"}, {"name": "y"}, {"name": "z"}), {"a.csv": "x,,x,w\n1,2,3,4\n"}),
    "missing label": (table("a.csv", {"name": "x"}, {"name": "y"}), {"a.csv": "x\n1\n"}),
    "ragged rows": (table("a.csv", {"name": "x"}, {"name": "y"}), {"a.csv": "x,y\n1\n\n1,2,3\n,\n"}),
    "unique": (
        table("a.csv", {"name": "x", "type": "integer", "constraints": {"unique": True}}),
        {"a.csv": "x\n1\n01\n"},
    ),
    "primary key": (
        table("a.csv", {"name": "x"}, {"name": "y"}, schema={"primaryKey": ["x", "y"]}),
        {"a.csv": "x,y\n1,1\n1,1\n,1\n"},
    ),
    "unknown type": (table("a.csv", {"name": "x", "type": "intger"}), {"a.csv": "x\n1\n"}),
    "schema file missing": ({"resources": [{"name": "a", "path": "a.csv", "schema": "s.json"}]}, {"a.csv": "x\n1\n"}),
    "several faults of metadata": (
        {
            "created": "2024-01-06",
            "licenses": [{"title": "free"}],
            "resources": [{"name": "A b", "path": "a.csv"}, {"name": "c", "path": "../c.csv"}, {"name": "d"}],
        },
        {"a.csv": "x\n1\n"},
    ),
    "unknown keys": (
        table("a.csv", {"name": "x"}, schema={"primaryKey": "y", "foreignKeys": [{"fields": "z", "reference": {}}]}),
        {"a.csv": "x\n1\n"},
    ),
    "foreign key to nowhere": (
        table(
            "a.csv",
            {"name": "x"},
            schema={"foreignKeys": [{"fields": "x", "reference": {"resource": "no", "fields": "y"}}]},
        ),
        {"a.csv": "x\n1\n"},
    ),
    "no resources": ({}, {}),
    "resources of the wrong type": ({"resources": 5}, {}),
    "version 2 only": (
        table("a.csv", {"name": "x", "type": "integer", "constraints": {"exclusiveMinimum": 1}}),
        {"a.csv": "x\n1\n"},
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_same_errors_on_broken_packages(case: str, tmp_path: Path) -> None:
    descriptor, files = BROKEN[case]
    write(tmp_path, files)
    theirs = errors_of_frictionless(descriptor, tmp_path)
    assert theirs, "the case is meant to be broken"
    assert errors_of(check(descriptor, tmp_path)) == theirs


def test_reading_ends_at_a_thousand_errors(tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": "x\n" + "no\n" * 1500})
    problems = check(table("a.csv", {"name": "x", "type": "integer"}), tmp_path)
    assert [p.row for p in problems] == list(range(2, 1002))
