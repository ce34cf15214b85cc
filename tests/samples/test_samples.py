"""Synthetic samples: frictionless is the oracle, the schema the only source, and nothing looks like a real person."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import frictionless
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from generator.config import Portal
from generator.exports import datapackage
from generator.public import Agency, Catalog, Dataset, Distribution, Field, ForeignKey, Resource, Sample, Schema
from generator.samples import MARK, samples_of, with_samples
from generator.samples.unreal import is_unreal
from generator.tables.samples import SampleJudge
from generator.text import Text

JUDGE = SampleJudge()
AGENCY = Agency("health", Text("卫生局"))


def table(name: str, *fields: Field, **schema: Any) -> Resource:
    return Resource(name, Text(name, "en"), "conditional", "table", schema=Schema(fields, **schema))


def dataset(*resources: Resource) -> Dataset:
    return Dataset("visits", Text("就诊"), Text("每日就诊"), "conditional", AGENCY, resources)


def sample(*fields: Field, **schema: Any) -> Sample:
    return samples_of(dataset(table("t", *fields, **schema)), JUDGE)["t"]


def cells(made: Sample, column: str) -> list[str]:
    at = made.columns.index(column)
    return [row[at] for row in made.rows]


def published(whole: Dataset) -> dict[str, Any]:
    portal = Portal(Text("门户"), Text("门户"), "https://data.test.example/")
    return datapackage(whole, Catalog(portal, (whole,), (AGENCY,), (), (), ()))


def assert_valid(whole: Dataset, folder: Path) -> None:
    """What is published of the samples passes frictionless, with the schema that is published beside them."""
    for resource, told in zip(whole.resources, published(whole)["resources"], strict=True):
        assert resource.sample is not None
        descriptor = told["synthetic_sample"]
        (folder / descriptor["path"]).write_bytes(resource.sample.content)
        report = frictionless.Resource.from_descriptor(descriptor, basepath=str(folder)).validate()
        assert report.valid, report.flatten(["type", "note"])


def completed(whole: Dataset) -> Dataset:
    portal = Portal(Text("门户"), Text("门户"), "https://data.test.example/")
    catalog = Catalog(portal, (whole,), (AGENCY,), (), (), ())
    return with_samples(catalog, {whole.name: samples_of(whole, JUDGE)}).datasets[0]


EVERY_TYPE: dict[str, dict[str, Any]] = {
    "string": {}, "string-email": {"format": "email"}, "string-uri": {"format": "uri"}, "string-uuid": {"format": "uuid"},
    "string-binary": {"format": "binary"}, "integer": {}, "number": {}, "boolean": {}, "date": {}, "date-any": {"format": "any"},
    "date-pattern": {"format": "%d/%m/%Y"}, "datetime": {}, "datetime-pattern": {"format": "%Y%m%d %H:%M:%S %z"}, "time": {},
    "time-pattern": {"format": "%H.%M"}, "year": {}, "yearmonth": {}, "duration": {}, "geopoint": {},
    "geopoint-array": {"format": "array"}, "geopoint-object": {"format": "object"}, "geojson": {}, "geojson-topojson": {"format": "topojson"},
    "array": {}, "object": {}, "list": {"properties": {"delimiter": ";", "itemType": "integer"}}, "any": {},
    "number-comma": {"properties": {"decimalChar": ",", "groupChar": " "}, "constraints": {"minimum": 12345}},
    "number-unit": {"properties": {"bareNumber": False}, "unit": "万元"},
    "integer-group": {"properties": {"groupChar": ","}, "constraints": {"minimum": 10000, "exclusiveMaximum": 10003}},
    "boolean-words": {"properties": {"trueValues": ["是"], "falseValues": ["否"]}},
    "string-categories": {"properties": {"categories": ["男", "女"]}},
    "string-label": {"properties": {"categories": [{"value": "1", "label": "男"}, {"value": "2", "label": "女"}]}},
    "date-bounds": {"constraints": {"minimum": "1999-12-31", "maximum": "2000-01-01"}},
    "date-last": {"constraints": {"minimum": "9999-12-30"}},
    "yearmonth-bounds": {"constraints": {"exclusiveMinimum": "2023-11", "maximum": "2024-02"}},
    "number-narrow": {"constraints": {"exclusiveMinimum": 0, "exclusiveMaximum": "0.001"}},
    "number-point": {"constraints": {"minimum": 3.5, "maximum": 3.5}},
    "string-short": {"constraints": {"maxLength": 1, "unique": True}},
    "string-long": {"constraints": {"minLength": 300}},
    "string-code": {"constraints": {"pattern": "[A-Z]{2}-[0-9]{4}|X"}},
    "string-han": {"constraints": {"pattern": "[\\u4e00-\\u9fa5]{2,4}"}},
    "integer-enum": {"constraints": {"enum": [1, 2, "3"]}},
}  # fmt: skip


@pytest.mark.parametrize("kind", EVERY_TYPE)
def test_every_type_has_a_valid_sample(kind: str, tmp_path: Path) -> None:
    stated = {"title": Text("列"), **EVERY_TYPE[kind]}
    whole = completed(dataset(table("t", Field("列", kind.partition("-")[0], **stated), missing_values=("", "-"))))
    made = whole.resources[0].sample
    assert made is not None
    assert not made.why_none
    assert_valid(whole, tmp_path)
    read = list(csv.reader(io.StringIO(made.content.decode())))
    assert read[0] == ["_synthetic", "列"]
    assert {row[0] for row in read[1:]} == {MARK}
    assert any(cell not in ("", "-") for cell in cells(made, "列"))


CONSTRAINTS: Mapping[str, st.SearchStrategy[dict[str, Any]]] = {
    "string": st.one_of(
        st.fixed_dictionaries({}, optional={"minLength": st.integers(0, 30), "maxLength": st.integers(1, 40)}),
        st.fixed_dictionaries(
            {"pattern": st.sampled_from(["[0-9]{6}", "[A-Z]+\\d*", "(ab|cd){1,3}", "\\w{3,5}", "[^0-9]+"])}
        ),
        st.fixed_dictionaries({"enum": st.lists(st.text("abc甲乙", min_size=1), min_size=1, max_size=4, unique=True)}),
    ),
    "integer": st.fixed_dictionaries(
        {},
        optional={
            "minimum": st.integers(-50, 50),
            "maximum": st.integers(0, 10**9),
            "exclusiveMinimum": st.integers(-9, 60),
        },
    ),
    "number": st.fixed_dictionaries(
        {},
        optional={
            "minimum": st.integers(-50, 50),
            "exclusiveMaximum": st.integers(51, 99),
            "maximum": st.floats(60, 1e6),
        },
    ),
    "date": st.fixed_dictionaries({}, optional={"minimum": st.dates().map(str)}),
    "year": st.fixed_dictionaries(
        {}, optional={"minimum": st.integers(1000, 3000), "maximum": st.integers(3000, 9999)}
    ),
    "boolean": st.just({}),
    "geopoint": st.just({}),
    "yearmonth": st.just({}),
    "time": st.fixed_dictionaries({}, optional={"maximum": st.times().map(lambda t: t.strftime("%H:%M:%S"))}),
}


@st.composite
def fields(draw: st.DrawFn, number: int) -> Field:
    type_ = draw(st.sampled_from(sorted(CONSTRAINTS)))
    constraints = draw(CONSTRAINTS[type_]) | draw(st.sampled_from([{}, {"required": True}]))
    return Field(f"c{number}", type_, Text(draw(st.text('列数值x ,"\n', max_size=5))), constraints=constraints)


@st.composite
def schemas(draw: st.DrawFn) -> Schema:
    made = tuple(draw(fields(number)) for number in range(draw(st.integers(1, 6))))
    names = [field.name for field in made]
    keys = st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True).map(tuple)
    return Schema(
        made,
        primary_key=draw(st.one_of(st.just(()), keys)),
        unique_keys=draw(st.one_of(st.just(()), st.tuples(keys))),
        missing_values=draw(st.sampled_from([("",), ("", "NA"), ("-",)])),
    )


@given(schemas(), st.booleans())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_a_sample_is_valid_or_the_reason_is_told(tmp_path: Path, schema: Schema, refers: bool) -> None:
    """Two tables of one schema; the second may refer to the first."""
    second = replace(
        schema, foreign_keys=(ForeignKey((schema.fields[0].name,), "a", (schema.fields[0].name,)),) if refers else ()
    )
    resources = [Resource(n, Text(n), "conditional", "table", schema=s) for n, s in (("a", schema), ("b", second))]
    whole = completed(dataset(*resources))
    made = [resource.sample for resource in whole.resources]
    for each in made:
        assert each is not None
        assert bool(each.rows) != bool(each.why_none)
    if all(made):
        assert_valid(whole, tmp_path)
        if refers:
            keys = [key for each in made if each for key in each.foreign_keys]
            targets, here = (set(cells(each, schema.fields[0].name)) for each in made if each)
            assert not keys or here <= targets


def test_impossible_columns_are_told_by_name() -> None:
    shut = Field("n", "integer", constraints={"minimum": 5, "maximum": 4, "required": True})
    assert (sample(shut).why_none, sample(shut).field) == ("value", "n")
    never = Field("s", "string", constraints={"pattern": "a", "minLength": 5, "required": True})
    assert (sample(never).why_none, sample(never).field) == ("value", "s")
    odd = Field("x", "no-such-type")
    assert sample(odd).why_none == "schema"


def test_a_column_that_may_be_empty_is_left_empty_where_no_value_fits() -> None:
    made = sample(Field("a", "integer"), Field("n", "integer", constraints={"minimum": 5, "maximum": 4}))
    assert set(cells(made, "n")) == {""}


def test_keys_that_have_few_values_make_few_rows() -> None:
    made = sample(Field("k", "string", constraints={"enum": ["a", "b", "c"]}), primary_key=("k",))
    assert sorted(cells(made, "k")) == ["a", "b", "c"]


def test_foreign_keys_hold_between_samples_whatever_their_order(tmp_path: Path) -> None:
    people = table("people", Field("id", "string"), Field("chief", "string"), primary_key=("id",),
                   foreign_keys=(ForeignKey(("chief",), "", ("id",)),))  # fmt: skip
    visits = table("visits", Field("who", "string"), Field("day", "date"),
                   foreign_keys=(ForeignKey(("who",), "people", ("id",)), ForeignKey(("day",), "open", ("day",))))  # fmt: skip
    whole = completed(dataset(visits, people))
    visits_made, people_made = (resource.sample for resource in whole.resources)
    assert visits_made is not None
    assert people_made is not None
    ids = set(cells(people_made, "id"))
    assert set(cells(visits_made, "who")) <= ids
    assert set(cells(people_made, "chief")) <= ids | {""}
    assert [key.resource for key in visits_made.foreign_keys] == ["people"], "an open table has no sample to refer to"
    assert_valid(whole, tmp_path)
    # All of them as one package, with the keys between them.
    package: dict[str, Any] = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "samples",
        "resources": [],
    }
    for resource, told in zip(whole.resources, published(whole)["resources"], strict=True):
        descriptor = told["synthetic_sample"] | {"name": resource.name}
        descriptor["schema"]["foreignKeys"] = descriptor["schema"].pop("references", []) + descriptor["schema"].get(
            "foreignKeys", []
        )
        package["resources"].append(descriptor)
    assert frictionless.Package.from_descriptor(package, basepath=str(tmp_path)).validate().valid


def test_the_mark_does_not_hide_a_column_of_its_name() -> None:
    made = sample(Field("_synthetic", "integer"))
    assert made.columns == ("_synthetic_2", "_synthetic")


def test_a_sample_takes_no_path_of_an_open_file() -> None:
    taken = Distribution("data/visits/t-Synthetic-sample.csv", "CSV", "text/csv", 1, "0" * 64, Path("x"))
    open_ = Resource("o", Text("o"), "unconditional", "file", distributions=(taken,))
    made = samples_of(dataset(open_, table("t", Field("a", "integer"))), JUDGE)
    assert made["t"].path == "data/visits/t-synthetic-sample-2.csv"


def test_closed_and_open_resources_have_none() -> None:
    schema = Schema((Field("a", "integer"),))
    others = [Resource(o, Text(o), o, "table", schema=schema) for o in ("closed", "unconditional")]
    assert samples_of(dataset(*others), JUDGE) == {}


# ---- nothing that could be a real person's


RESIDENT_ID = "44070[0-9](19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{3}[0-9X]"


def test_resident_ids_have_a_wrong_check_character() -> None:
    made = cells(
        sample(Field("id", "string", constraints={"pattern": RESIDENT_ID, "required": True, "unique": True})), "id"
    )
    assert len(made) == 10
    assert all(re.fullmatch(RESIDENT_ID, text) for text in made)
    assert not any(ric.calc_check_digit(text[:-1]) == text[-1] for text in made)


def test_mobile_numbers_are_of_ranges_that_nobody_has() -> None:
    made = cells(sample(Field("phone", "string", constraints={"pattern": "1[3-9][0-9]{9}", "required": True})), "phone")
    assert len(made) == 10
    assert {text[:3] for text in made} <= {"140", "141", "142", "143", "144", "154", "160", "161", "163", "164", "168", "169", "174", "179", "194"}  # fmt: skip


def test_where_only_real_numbers_fit_there_is_no_sample() -> None:
    made = sample(Field("phone", "string", constraints={"pattern": "13[0-9]{9}", "required": True}))
    assert (made.rows, made.why_none, made.field) == ((), "value", "phone")


@pytest.mark.parametrize(
    "text",
    ["13800138000", "电话13800138000。", "138-0013-8000", "１３８００１３８０００", "+8613800138000", "440524188001010014",
     "4405 2418 8001 0100 14", "91350100M000100Y43", "6222 0212 3456 7894" , "440703900101123"],
)  # fmt: skip
def test_what_could_be_real_is_refused(text: str) -> None:
    digits = re.sub(r"\D", "", text)
    if text.startswith("6222"):  # a number that Luhn accepts
        from stdnum import luhn

        text = digits[:15] + luhn.calc_check_digit(digits[:15])
    assert not is_unreal(text)


@pytest.mark.parametrize(
    "text", ["SAMPLE000000000001", "440703199001011239"[:17] + "Z", "15400138000", "12345", "示例3", "138001380001"]
)
def test_what_is_plainly_invented_passes(text: str) -> None:
    assert is_unreal(text)
    assert uscc.calc_check_digit("91350100M000100Y4") == "3", "the example above is a valid one"


# ---- bounded, the same each time, and of the schema alone


@pytest.mark.parametrize(
    "pattern",
    ["((a{1000}){1000}){1000}", "(((a*)*)*)*b", "(a+)+$|(x+x+)+y", "[\\U00010000-\\U0010ffff]{5}", "(?=b)a", "(?P<n>a)(?P=n){3}",
     "a{0,99999}", "(" * 200 + "a" + ")" * 200, "(?>a+)b", "[^\\s\\S]", "(a|b|ab)*c" * 20, "\\p{L}", "(((("],
)  # fmt: skip
def test_hostile_patterns_end_soon(pattern: str) -> None:
    start = time.process_time()
    made = sample(Field("s", "string", constraints={"pattern": pattern}), Field("n", "integer"))
    assert time.process_time() - start < 3
    for text in cells(made, "s") if made else []:
        assert text == "" or re.match(f"^{pattern}$", text)


SEEDED = """
import json, sys
from generator.public import *
from generator.samples import samples_of
from generator.tables.samples import SampleJudge
from generator.text import Text
fields = (Field("a", "string", constraints={"pattern": "[A-Z]{3}"}), Field("b", "number"), Field("d", "datetime"))
agency = Agency("x", Text("x"))
whole = Dataset("visits", Text("t"), Text(), "conditional", agency, (Resource("t", Text("t"), "conditional", "table", schema=Schema(fields)),))
print(json.dumps(samples_of(whole, SampleJudge())["t"].rows))
"""


def test_the_same_in_every_process() -> None:
    runs = [
        subprocess.run(
            [sys.executable, "-c", SEEDED],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path.cwd())},
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]
    assert len(json.loads(runs[0])) == 10


def test_two_tables_of_one_schema_differ() -> None:
    whole = dataset(table("a", Field("n", "number")), table("b", Field("n", "number")))
    made = samples_of(whole, JUDGE)
    assert made["a"].rows != made["b"].rows
