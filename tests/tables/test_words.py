"""What a problem of a table tells the one who has to mend it."""

from __future__ import annotations

import re
from decimal import InvalidOperation
from pathlib import Path
from typing import Any

import frictionless
import pytest
from frictionless import Error

from generator.problems import Problem, catalogue, words
from generator.tables.metadata_notes import KINDS
from tests.tables.table_packages import DATASET, DESCRIPTOR, check, table, write


def only(problems: tuple[Problem, ...]) -> Problem:
    assert len(problems) == 1, problems
    return problems[0]


def test_every_error_type_of_frictionless_has_words() -> None:
    types = {error.type for error in Error.list_children()}
    assert types <= set(catalogue())


def test_every_recognised_note_has_words() -> None:
    assert set(KINDS) <= set(catalogue())


def test_every_type_and_constraint_has_words_of_its_own() -> None:
    fields: list[Any] = [kind for kind in vars(frictionless.fields).values() if isinstance(kind, type)]
    kinds = {f"type-{field.type}" for field in fields if field.type != "any"}
    constraints = {constraint for field in fields for constraint in field.supported_constraints}
    kinds |= {"constraint-" + re.sub("[A-Z]", lambda m: "-" + m[0].lower(), c) for c in constraints}
    assert kinds <= set(catalogue())


def test_all_are_the_standard_s_demands() -> None:
    assert all(kind.standard for kind in catalogue().values() if kind.code.startswith("T"))


def test_date_names_the_value_and_the_form_that_would_be_right(tmp_path: Path) -> None:
    write(tmp_path, {"data/a.csv": "id,day\n1,2024-01-05\n2,2024年1月6日\n"})
    problem = only(check(table("data/a.csv", {"name": "id"}, {"name": "day", "type": "date"}), tmp_path))
    assert (problem.name, problem.error_type) == ("type-date", "type-error")
    assert (problem.dataset, problem.file, problem.resource) == (DATASET, f"{DATASET}/data/a.csv", "table")
    assert (problem.field, problem.row, problem.line, problem.column) == ("day", 3, 3, 2)
    assert (problem.value, problem.expected) == ("2024年1月6日", "2024-01-06")
    title, message, _ = words(problem, "zh")
    assert title == "日期格式不对"
    assert message == "第 3 行「day」：现值「2024年1月6日」，应写成 2024-01-06 的样子，并且是真实存在的日期。"
    assert words(problem, "en")[1] == "Row 3, day: “2024年1月6日” should look like 2024-01-06 and be a day that exists."


def test_a_date_format_is_shown_by_an_example(tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": "day\n2024-01-06\n"})
    problem = only(check(table("a.csv", {"name": "day", "type": "date", "format": "%d/%m/%Y"}), tmp_path))
    assert problem.expected == "06/01/2024"


def test_a_decimal_comma_is_part_of_the_expected_form(tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": "n\n1.5\n"})
    problem = only(check(table("a.csv", {"name": "n", "type": "number", "decimalChar": ","}), tmp_path))
    assert (problem.name, problem.expected) == ("type-number", "12,5")


def test_constraints_name_the_bound(tmp_path: Path) -> None:
    field = {"name": "n", "type": "integer", "constraints": {"minimum": 1, "maximum": 5}}
    write(tmp_path, {"a.csv": "n\n0\n6\n"})
    low, high = check(table("a.csv", field), tmp_path)
    assert [(p.name, p.value, p.expected) for p in (low, high)] == [
        ("constraint-minimum", "0", "1"),
        ("constraint-maximum", "6", "5"),
    ]


def test_enum_lists_what_is_allowed(tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": "n\nz\n"})
    field = {"name": "n", "constraints": {"enum": [f"v{i}" for i in range(12)]}}
    problem = only(check(table("a.csv", field), tmp_path))
    assert problem.expected == "v0 / v1 / v2 / v3 / v4 / v5 / v6 / v7 / v8 / v9 …"


def test_line_differs_from_row_after_a_newline_in_a_cell(tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": 'n,text\n1,"one\ntwo\nthree"\nx,y\n'})
    problem = only(check(table("a.csv", {"name": "n", "type": "integer"}, {"name": "text"}), tmp_path))
    assert (problem.row, problem.line) == (3, 5)


def test_a_table_of_several_files_names_the_right_one(tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": "n\n1\n2\n", "b.csv": "n\n3\nx\n"})
    descriptor = table("a.csv", {"name": "n", "type": "integer"})
    descriptor["resources"][0]["path"] = ["a.csv", "b.csv"]
    problem = only(check(descriptor, tmp_path))
    assert (problem.file, problem.row, problem.line) == (f"{DATASET}/b.csv", 5, 3)


def test_repeated_key_names_the_other_row(tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": "k,v\na,1\nb,2\na,3\n"})
    descriptor = table("a.csv", {"name": "k"}, {"name": "v"}, schema={"primaryKey": ["k"]})
    problem = only(check(descriptor, tmp_path))
    assert (problem.field, problem.value, dict(problem.more)["other_row"]) == ("k", "a", "2")


def test_metadata_error_names_resource_and_field(tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": "n\n1\n"})
    problem = only(check(table("a.csv", {"name": "n", "constraints": {"minimum": 1}}), tmp_path))
    assert (problem.name, problem.file, problem.resource, problem.field) == (
        "constraint-unsupported",
        DESCRIPTOR,
        "table",
        "n",
    )
    assert words(problem, "zh")[1] == "列「n」的类型是 string，不能用约束 minimum。"


def test_a_huge_cell_is_cut(tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": "n\n" + "x" * 5000 + "\n"})
    problem = only(check(table("a.csv", {"name": "n", "type": "integer"}), tmp_path))
    assert len(problem.value) == 201


def test_reports_do_not_name_the_machine_s_folders(tmp_path: Path) -> None:
    problems = check(table("a.csv", schema="schema.json"), tmp_path) + check(table("a.csv"), tmp_path)
    assert len(problems) == 2
    assert str(tmp_path) not in repr(problems)


CRASHES = {
    "bound that is no number": ({"type": "number", "constraints": {"minimum": "abc"}}, "1"),
    "signalling NaN with a bound": ({"type": "number", "constraints": {"minimum": 1}}, "sNaN"),
    "unique arrays": ({"type": "array", "constraints": {"unique": True}}, '"[1]"'),
    "times with and without zone": (
        {"type": "datetime", "constraints": {"minimum": "2020-01-01T00:00:00Z"}},
        "2020-01-01T00:00:00",
    ),
}


@pytest.mark.parametrize("case", CRASHES)
def test_where_frictionless_crashes_there_is_a_problem_and_the_other_tables_are_checked(
    case: str, tmp_path: Path
) -> None:
    field, value = CRASHES[case]
    write(tmp_path, {"a.csv": f"x\n{value}\n", "b.csv": "n\nx\n"})
    descriptor = table("a.csv", {"name": "x", **field})
    other = table("b.csv", {"name": "n", "type": "integer"})["resources"][0] | {"name": "other"}
    descriptor["resources"].append(other)
    with pytest.raises((TypeError, InvalidOperation)):
        frictionless.Package(descriptor, basepath=str(tmp_path)).validate()
    found = [(p.name, p.resource) for p in check(descriptor, tmp_path)]
    assert found == [("check-crashed", "table"), ("type-integer", "other")]


@pytest.mark.parametrize(
    "schema", [{"fields": [5]}, {"fields": [{"name": "x"}], "foreignKeys": [{"fields": "x", "reference": "y"}]}]
)
def test_a_descriptor_that_frictionless_does_not_survive_is_a_problem(schema: object, tmp_path: Path) -> None:
    descriptor = {"resources": [{"name": "a", "path": "a.csv", "schema": schema}]}
    assert only(check(descriptor, tmp_path)).name == "descriptor-crashed"
