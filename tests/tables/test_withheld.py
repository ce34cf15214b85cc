"""Data that are not open stay out of everything: out of the verdict on open tables, and out of the problems' words."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from generator.problems import words
from tests.tables.table_packages import check, table, write

CANARY = "绝密金丝雀"


def package(open_fields: list[dict[str, Any]], secret: dict[str, Any], **schema: Any) -> dict[str, Any]:
    public = {"name": "public", "path": "public.csv", "schema": {"fields": open_fields} | schema}
    return {"resources": [public, {"name": "secret"} | secret]}


SECRETS: dict[str, tuple[dict[str, Any], str]] = {
    "cells": ({"schema": {"fields": [{"name": "id", "type": "integer"}]}}, f"id\n{CANARY}\n"),
    "column names": ({"schema": {"fields": [{"name": "id"}]}}, f"id,{CANARY}\n1,2\n"),
    "wrong label": ({"schema": {"fields": [{"name": "id"}]}}, f"{CANARY}\n1\n"),
    "names and types from the data": ({}, f"{CANARY}\n" + "1\n" * 200 + f"{CANARY}\n"),
    "enum": ({"schema": {"fields": [{"name": "id", "constraints": {"enum": ["a"]}}]}}, f"id\n{CANARY}\n"),
    "primary key": ({"schema": {"fields": [{"name": "id"}], "primaryKey": "id"}}, f"id\n{CANARY}\n{CANARY}\n"),
    "unique": (
        {"schema": {"fields": [{"name": "id", "constraints": {"unique": True}}]}},
        f"id\n{CANARY}\n{CANARY}\n",
    ),
    "extra cell": ({"schema": {"fields": [{"name": "id"}]}}, f"id\n1,{CANARY}\n"),
    "missing cell of an extra column": (
        {"schema": {"fields": [{"name": "id"}], "fieldsMatch": "subset"}},
        f"id,{CANARY}\n1\n",
    ),
    "foreign key": (
        {
            "schema": {
                "fields": [{"name": "id"}],
                "foreignKeys": [{"fields": "id", "reference": {"resource": "public", "fields": "id"}}],
            }
        },
        f"id\n{CANARY}\n",
    ),
    "crash": (
        {"schema": {"fields": [{"name": "id", "type": "number", "constraints": {"minimum": CANARY}}]}},
        "id\n1\n",
    ),
    "checksum": ({"hash": "md5:00"}, f"id\n{CANARY}\n"),
    "encoding": ({"encoding": "ascii"}, f"id\n{CANARY}\n"),
}


@pytest.mark.parametrize("case", SECRETS)
def test_nothing_of_withheld_data_is_in_the_problems(case: str, tmp_path: Path) -> None:
    secret, content = SECRETS[case]
    write(tmp_path, {"public.csv": "id\n1\n", "secret.csv": content})
    descriptor = package([{"name": "id"}], {"path": "secret.csv"} | secret)
    problems = check(descriptor, tmp_path, withheld=["secret"])
    assert problems, "the case is meant to be broken"
    assert not any(p.published for p in problems)
    told = repr(problems) + repr([words(p, lang) for p in problems for lang in ("zh", "en")])
    assert CANARY not in told
    assert not any(p.detail for p in problems)


def test_withheld_errors_still_say_where_they_are(tmp_path: Path) -> None:
    write(tmp_path, {"public.csv": "id\n1\n", "secret.csv": "id\n1\nx\n"})
    descriptor = package(
        [{"name": "id"}], {"path": "secret.csv", "schema": {"fields": [{"name": "id", "type": "integer"}]}}
    )
    (problem,) = check(descriptor, tmp_path, withheld=["secret"])
    assert (problem.name, problem.resource, problem.field, problem.row, problem.line) == (
        "type-integer",
        "secret",
        "id",
        3,
        3,
    )


KEY = {"foreignKeys": [{"fields": "id", "reference": {"resource": "secret", "fields": "id"}}]}


@pytest.mark.parametrize("content", [None, "id\n1\n", "id\n2\n", f"{CANARY}\n", "", "x" * 1000])
def test_the_verdict_on_open_tables_does_not_depend_on_withheld_bytes(content: str | None, tmp_path: Path) -> None:
    write(tmp_path, {"public.csv": "id\n1\nx\n"} | ({} if content is None else {"secret.csv": content}))
    secret = {"path": "secret.csv", "schema": {"fields": [{"name": "id", "type": "integer"}]}}
    descriptor = package([{"name": "id", "type": "integer"}], secret, **KEY)
    public = [p for p in check(descriptor, tmp_path, withheld=["secret"]) if p.published]
    assert [(p.name, p.resource, p.row) for p in public] == [("type-integer", "public", 3)]


def test_a_key_that_a_withheld_table_lacks_is_told_without_its_value(tmp_path: Path) -> None:
    write(tmp_path, {"public.csv": f"id\n1\n{CANARY}\n", "secret.csv": "id\n1\n"})
    secret = {"path": "secret.csv", "schema": {"fields": [{"name": "id"}]}}
    (problem,) = check(package([{"name": "id"}], secret, **KEY), tmp_path, withheld=["secret"])
    assert (problem.name, problem.resource, problem.field, problem.row) == ("foreign-key", "public", "id", 3)
    assert not problem.published
    assert CANARY not in repr(problem)


@pytest.mark.parametrize("path", [None, "elsewhere.csv", "https://example.org/x.csv", "x.json"])
def test_a_withheld_resource_needs_no_data(path: str | None, tmp_path: Path) -> None:
    write(tmp_path, {"public.csv": "id\n1\n"})
    secret = {"path": path} if path else {}
    assert check(package([{"name": "id"}], secret, **KEY), tmp_path, withheld=["secret"]) == ()


def test_a_withheld_resource_s_metadata_are_still_checked(tmp_path: Path) -> None:
    write(tmp_path, {"public.csv": "id\n1\n"})
    secret = {"schema": {"fields": [{"name": "id", "type": "intger"}]}}
    (problem,) = check(package([{"name": "id"}], secret), tmp_path, withheld=["secret"])
    assert (problem.name, problem.resource, problem.published) == ("type-unknown", "secret", True)


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was attempted")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


REMOTE: dict[str, dict[str, Any]] = {
    "data": {"path": "https://example.org/a.csv"},
    "JSON data, which frictionless would look into": {"path": "https://example.org/a.json"},
    "one part": {"path": ["a.csv", "http://example.org/a.csv"]},
    "object store": {"path": "s3://bucket/a.csv"},
    "database": {"path": "postgresql://localhost/db"},
    "schema": {"path": "a.csv", "schema": "https://example.org/schema.json"},
    "dialect": {"path": "a.csv", "dialect": "https://example.org/dialect.json"},
    "profile": {"path": "a.csv", "profile": "https://example.org/profile.json"},
    "version 0": {"url": "https://example.org/a.csv"},
}


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("case", REMOTE)
def test_nothing_is_fetched(case: str, tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": "id\n1\n"})
    (problem,) = check({"resources": [{"name": "a"} | REMOTE[case]]}, tmp_path)
    assert (problem.name, problem.resource) == ("remote-path", "a")
    assert "://" in problem.value


@pytest.mark.usefixtures("no_network")
def test_a_package_s_remote_profile_is_not_fetched(tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": "id\n1\n"})
    for profile in ("https://example.org/profile.json", "fiscal-data-package"):
        (problem,) = check(table("a.csv") | {"profile": profile}, tmp_path)
        assert problem.name == "remote-path"


@pytest.mark.usefixtures("no_network")
def test_a_package_inside_a_data_file_fetches_nothing(tmp_path: Path) -> None:
    write(tmp_path, {"a.json": '{"resources": [{"name": "x", "path": "https://example.org/x.csv"}]}'})
    (problem,) = check(table("a.json"), tmp_path)
    assert problem.error_type == "scheme-error"


def test_a_package_inside_a_data_file_reads_no_withheld_file(tmp_path: Path) -> None:
    write(
        tmp_path, {"a.json": '{"resources": [{"name": "x", "path": "secret.csv"}]}', "secret.csv": f"a,b\n{CANARY}\n"}
    )
    descriptor = {"resources": [{"name": "a", "path": "a.json"}, {"name": "secret", "path": "secret.csv"}]}
    assert CANARY not in repr(check(descriptor, tmp_path, withheld=["secret"]))


def test_a_withheld_cell_gets_no_proposal(tmp_path: Path) -> None:
    """What a cell was meant to be is as secret as the cell."""
    (tmp_path / "secret.csv").write_text("day\n2024年1月6日\n", "utf-8")
    secret = {"name": "secret", "path": "secret.csv", "schema": {"fields": [{"name": "day", "type": "date"}]}}
    (problem,) = check({"name": "x", "resources": [secret]}, tmp_path, withheld=["secret"])
    assert problem.error_type == "type-error"
    assert "2024-01-06" not in str(problem.likely)
    (told,) = check({"name": "x", "resources": [secret]}, tmp_path)
    assert told.likely == "2024-01-06"
