"""Where frictionless crashes, our report says so; every other report is its own."""

from __future__ import annotations

import random
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import frictionless
import pytest

from generator.problems import words
from generator.tables import validate
from tests.tables.random_tables import without_time
from tests.tables.table_packages import check, table, write

CRASHES: dict[str, tuple[dict[str, Any], str, str]] = {
    "bound that is no number": ({"type": "number", "constraints": {"minimum": "abc"}}, "1", "minimum"),
    "bound that is no date": ({"type": "date", "constraints": {"maximum": "soon"}}, "2020-01-01", "maximum"),
    "signalling NaN with a bound": ({"type": "number", "constraints": {"minimum": 1}}, "sNaN", "minimum"),
    "unique signalling NaN": ({"type": "number", "constraints": {"unique": True}}, "sNaN", "unique"),
    "unique arrays": ({"type": "array", "constraints": {"unique": True}}, '"[1]"', "unique"),
    "unique objects": ({"type": "object", "constraints": {"unique": True}}, "{}", "unique"),
    "unique lists": ({"type": "list", "constraints": {"unique": True}}, '"a,b"', "unique"),
    "unique geojson": ({"type": "geojson", "constraints": {"unique": True}}, '"{""type"": ""Point"", ""coordinates"": [1, 2]}"', "unique"),
    "no zone, but the bound has one": (
        {"type": "datetime", "constraints": {"minimum": "2020-01-01T00:00:00Z"}},
        "2020-01-01T00:00:00",
        "minimum",
    ),
    "zone, but the bound has none": (
        {"type": "time", "constraints": {"exclusiveMaximum": "10:00:00"}},
        "09:00:00Z",
        "exclusiveMaximum",
    ),
    "pattern that is none": ({"type": "string", "constraints": {"pattern": "("}}, "a", "pattern"),
    "flags in the middle of a pattern": ({"type": "string", "constraints": {"pattern": "(?i)a"}}, "a", "pattern"),
}  # fmt: skip
V2 = "https://datapackage.org/profiles/2.0/datapackage.json"


def _resource(folder: Path, text: str, schema: dict[str, Any]) -> Any:
    write(folder, {"t.csv": text})
    descriptor = {"$schema": V2, "resources": [{"name": "t", "path": "t.csv", "schema": schema}]}
    return frictionless.Package.from_descriptor(descriptor, basepath=str(folder)).get_resource("t")


def _told(report: frictionless.Report) -> list[Any]:
    return [*report.errors, *(error for task in report.tasks for error in task.errors)]


@pytest.mark.parametrize("rows", [0, 10_000], ids=["small", "large"])
@pytest.mark.parametrize("case", CRASHES)
def test_a_crash_is_an_error_that_names_its_place(case: str, rows: int, tmp_path: Path) -> None:
    field, value, named = CRASHES[case]
    schema = {"fields": [{"name": "n", "type": "integer"}, {"name": "x"} | field]}
    text = "n,x\n" + "1,\n" * rows + f"one,\n2,{value}\n3,{value}\nfour,\n"
    with pytest.raises(Exception) as told:  # noqa: PT011  whatever it is
        _resource(tmp_path, text, schema).validate()
    assert not isinstance(told.value, frictionless.FrictionlessException)
    report = validate(_resource(tmp_path, text, schema))
    *before, crash = _told(report)
    assert (crash.type, crash.field_name, crash.property) == ("check-crashed", "x", named)
    assert not report.valid
    assert type(told.value).__name__ in crash.note
    if named == "pattern":  # it does not come to reading
        assert (before, crash.row_number) == ([], None)
    else:
        assert [(e.type, e.row_number) for e in before] == [("type-error", rows + 2)]
        assert (crash.row_number, crash.field_number) in ((rows + 3, 2), (rows + 3, None))


KEYS: dict[str, dict[str, Any]] = {
    "primaryKey": {"primaryKey": ["x", "n"]},
    "foreignKeys": {"foreignKeys": [{"fields": ["x"], "reference": {"resource": "", "fields": ["x"]}}]},
}


@pytest.mark.parametrize("name", KEYS)
def test_keys_over_lists(name: str, tmp_path: Path) -> None:
    schema = {"fields": [{"name": "n", "type": "integer"}, {"name": "x", "type": "array"}]} | KEYS[name]
    text = 'n,x\n1,"[1]"\n'
    with pytest.raises(TypeError):
        _resource(tmp_path, text, schema).validate()
    (crash,) = _told(validate(_resource(tmp_path, text, schema)))
    assert (crash.type, crash.property) == ("check-crashed", name)
    assert "x" in crash.field_name.split(", ")


def test_a_referenced_table_crashes(tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": "k\nsNaN\n", "b.csv": "k\n1\n"})
    number = {"name": "k", "type": "number", "constraints": {"minimum": 0}}
    key = {"fields": "k", "reference": {"resource": "a", "fields": "k"}}
    a = table("a.csv", number)["resources"][0] | {"name": "a"}
    b = table("b.csv", {"name": "k", "type": "number"}, schema={"foreignKeys": [key]})["resources"][0]
    problems = check({"resources": [a, b]}, tmp_path)
    assert [(p.name, p.resource, p.file, p.row) for p in problems] == [
        ("check-crashed", "a", "agency/dataset/a.csv", 2),
        ("check-crashed", "table", "agency/dataset/datapackage.yaml", None),
    ]
    assert "读取外键所指的表「a」时" in words(problems[1], "zh")[1]


def test_words_say_where(tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": 'n\n"１,000"\nsNaN\n'})
    field = {"name": "n", "type": "number", "constraints": {"minimum": 1}}
    wrong, crash = check(table("a.csv", field), tmp_path)
    assert (wrong.name, wrong.likely, crash.row, crash.line) == ("type-number", "1000", 3, 3)
    assert "停在：第 3 行，列「n」，现值「sNaN」，minimum 1。" in words(crash, "zh")[1]
    assert "stopped here: row 3, field n, value “sNaN”, minimum 1." in words(crash, "en")[1]


def test_a_guess_does_not_crash(tmp_path: Path) -> None:
    """The bound crashes on each value that can be read, and so on the one that was meant."""
    write(tmp_path, {"a.csv": 'n\n"１,000"\n'})
    (wrong,) = check(table("a.csv", {"name": "n", "type": "number", "constraints": {"minimum": "x"}}), tmp_path)
    assert (wrong.name, wrong.likely) == ("type-number", "")


def test_nothing_of_a_withheld_table_is_told(tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": "n\nsNaN\n"})
    field = {"name": "n", "type": "number", "constraints": {"minimum": 1}}
    (crash,) = check(table("a.csv", field), tmp_path, withheld=["table"])
    assert (crash.name, crash.field, crash.published) == ("check-crashed", "n", False)
    assert "sNaN" not in repr(crash) + "".join(words(crash, "zh"))


# --- schemas made to crash it

_CELLS = {
    "integer": ["1", "-5", "x", "", "9" * 5000],
    "number": ["1", "sNaN", "nan", "inf", "1e999999", "x", ""],
    "date": ["2020-01-01", "x", ""],
    "datetime": ["2020-01-01T00:00:00", "2020-01-01T00:00:00Z", "x", ""],
    "time": ["10:00:00", "10:00:00Z", "x", ""],
    "year": ["2020", "x", ""],
    "yearmonth": ["2020-01", "x", ""],
    "duration": ["P1Y", "PT1S", "x", ""],
    "string": ["a", "", "\x00"],
    "boolean": ["true", "x", ""],
    "any": ["a", ""],
    "array": ["[1]", '[{"a": []}]', "x", "", "[" * 2000],
    "object": ["{}", '{"a": 1}', "x", ""],
    "list": ["a,b", "1", ""],
    "geopoint": ["1,2", "200,1", "sNaN,1", ""],
    "geojson": ['{"type": "Point", "coordinates": [1, 2]}', "{}", ""],
}
_ODD: list[Any] = [
    None,
    0,
    1,
    -1,
    "abc",
    "",
    "1",
    "2020-01-01",
    "2020-01-01T00:00:00Z",
    [],
    {},
    True,
    1.5,
    "10:00:00",
    "[",
    "P1Y",
    "nan",
    "sNaN",
]


def _schema(r: random.Random) -> dict[str, Any]:
    fields = []
    for number in range(r.randint(1, 3)):
        field: dict[str, Any] = {"name": f"f{number}", "type": r.choice(list(_CELLS))}
        kind: Any = type(frictionless.Field.from_descriptor(field))
        constraints: dict[str, Any] = {}
        for name in r.sample([*kind.supported_constraints, "unique"], r.randint(0, 2)):
            odd = r.choice(_ODD)
            constraints[name] = r.choice([[odd], [odd, "1"], odd]) if name == "enum" else odd
        if r.random() < 0.15:
            field["format"] = r.choice(["any", "%d", "%Y-%m-%d", "array", "object", "topojson", "%", "%Q", ""])
        if field["type"] in ("array", "list") and r.random() < 0.3:
            field |= {"arrayItem": {"type": r.choice(list(_CELLS))}, "itemType": r.choice(["integer", "date"])}
        if r.random() < 0.1:
            field["delimiter" if field["type"] == "list" else "decimalChar"] = r.choice(["", ",", "1"])
        fields.append(field | {"constraints": constraints})
    schema: dict[str, Any] = {"fields": fields}
    names = [field["name"] for field in fields]
    if r.random() < 0.2:
        schema["primaryKey"] = r.sample(names, r.randint(1, len(names)))
    if r.random() < 0.2:
        schema["foreignKeys"] = [{"fields": names[0], "reference": {"resource": "", "fields": r.choice(names)}}]
    return schema


def test_never_raises_where_frictionless_does(tmp_path: Path) -> None:
    r, seen = random.Random(7), Counter[str]()
    for _ in range(250):
        schema = _schema(r)
        rows = [[r.choice(_CELLS[field["type"]]) for field in schema["fields"]] for _ in range(r.randint(0, 4))]
        lines = [[field["name"] for field in schema["fields"]], *rows]
        text = "".join(",".join('"' + cell.replace('"', '""') + '"' for cell in line) + "\n" for line in lines)
        try:
            resource, other = _resource(tmp_path, text, schema), _resource(tmp_path, text, schema)
        except Exception:  # such a descriptor is told before a table is judged
            seen["descriptor"] += 1
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                theirs = without_time(other.validate())
            except frictionless.FrictionlessException as exception:
                with pytest.raises(type(exception)):
                    validate(resource)
                seen["exception"] += 1
            except Exception:
                assert _told(validate(resource))[-1].type == "check-crashed", schema
                seen["crash"] += 1
            else:
                assert without_time(validate(resource)) == theirs, schema
                seen["report"] += 1
    assert seen["crash"] > 10
    assert seen["report"] > 30


@pytest.mark.parametrize("more", [{"path": "none.csv"}, {"schema": "none.json"}, {"type": "json"}])
def test_what_cannot_be_opened_is_told_as_frictionless_does(more: dict[str, Any], tmp_path: Path) -> None:
    write(tmp_path, {"t.csv": "x\n1\n"})
    made = [
        frictionless.Resource.from_descriptor({"name": "t", "path": "t.csv"} | more, basepath=str(tmp_path))
        for _ in range(2)
    ]
    assert without_time(validate(made[0])) == without_time(made[1].validate())


def test_the_resource_is_left_as_frictionless_leaves_it(tmp_path: Path) -> None:
    text = "x,y\n" + "a,1\n" * 30_000
    ours, theirs = (
        _resource(tmp_path, text, {"fields": [{"name": "x"}, {"name": "y", "type": "integer"}]}) for _ in "12"
    )
    validate(ours)
    theirs.validate()
    assert (ours.labels, ours.header, ours.stats.rows) == (theirs.labels, theirs.header, theirs.stats.rows)
    assert ours.to_descriptor() == theirs.to_descriptor()
