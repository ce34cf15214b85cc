"""What a column's texts are in Arrow: what frictionless reads, or the text itself. Whoever has read the texts before."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import frictionless
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.problems import Problem, words
from generator.tables.facts import REASONS, Cell, ColumnPlan, Facts, Most, joined
from generator.tables.kept_words import kept_words
from generator.tables.plain_forms import exact_decimals
from generator.tables.typed import Form, form_of
from tests.tables.table_packages import same_value

USUAL: dict[str, st.SearchStrategy[str]] = {
    "integer": st.integers(-(2**63), 2**63 - 1).map(str) | st.sampled_from(["-0", "0", " 5", "5 "]),
    "year": st.integers(0, 9999).map(lambda y: f"{y:04}"),
    "number": st.decimals(-(10**12), 10**12, places=3).map(lambda d: f"{d:f}")
    | st.integers(-99, 99).map(str)
    | st.sampled_from(["1.", ".5", "-.5", " 1.5", "-0.00", "0", "0.50"]),
    "number, 38 digits": st.decimals(-(10**17), 10**17, places=20).map(lambda d: f"{d:f}"),
    "number, doubles": st.floats(allow_nan=False).map(repr).map(lambda s: s.replace("e+", "E+")) | st.just("NaN"),
    "date": st.dates().map(str) | st.just("2024-1-6"),
    "datetime": st.datetimes().map(lambda d: d.isoformat(" ")) | st.just("2024-01-06T08:30:00.1234560000"),
    "datetime, zoned": st.datetimes().map(lambda d: d.replace(year=2024, day=2).isoformat() + "-03:30"),
    "boolean": st.sampled_from(["true", "false", "1", "0"]),
}
ODD = {
    "integer": {
        "007": "leading-zero",
        "-00": "leading-zero",
        "1_000": "underscore",
        "+1": "plus",
        "１２": "digits",
        "\u00a05": "space",
        "5\n": "space",
        "9" * 39: "too-long",
    },
    "number": {
        "007.5": "leading-zero",
        "00": "leading-zero",
        "007e3": "leading-zero",
        "1_0.5": "underscore",
        "+1.5": "plus",
        "１.5": "digits",
        "1\u3000": "space",
        "nan1": "nan-payload",
        "-NaN": "nan-payload",
        "1e400": "inexact",
        "12345678901234567e1": "inexact",
        "0." + "1234567890" * 4: "too-long",
    },
    "date": {"２024-01-06": "digits"},
    "datetime": {
        "2024-W01-6T08:30:00.0": "form",
        "2024-01-06T24:00:00": "midnight",
        "2024-01-06T08:30:00.1234567": "finer",
        "2024-01-06x08:30:00": "form",
        "0001-01-01T00:00:00+08:00": "range",
        "9999-12-31T23:00:00-08:00": "range",
    },
    "year": {"+200": "plus", "2_00": "underscore", "２０２４": "digits"},
}
ARROW = {
    "integer": pa.int64(),
    "number": pa.float64(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us"),
    "year": pa.int64(),
}


def field_of(kind: str, **properties: Any) -> Any:
    described = {"name": "x", "type": kind.split(",", maxsplit=1)[0], **properties}
    return frictionless.Schema.from_descriptor({"fields": [described]}).fields[0]


def strings(texts: Sequence[str | None]) -> pa.StringArray:
    return pa.array(texts, pa.string())


def values_of(form: Form, text: pa.StringArray, read: pa.Array | None) -> tuple[ColumnPlan, list[Any]]:
    facts, values = form.examine(text, read, Facts())
    plan = form.plan(facts, long=False)
    if values is None or values.type != plan.type:
        values = text if plan.type == pa.string() else form.convert(text, plan.type)
    elif not pa.types.is_string(plan.type):
        assert repr(form.convert(text, plan.type).to_pylist()) == repr(values.to_pylist())
    return plan, values.to_pylist()


def read_before(kind: str, text: pa.StringArray) -> pa.Array | None:
    """What a check has read already, when every text is of the plainest form."""
    try:
        return text.cast(ARROW[kind]) if kind in ARROW else None
    except pa.ArrowInvalid:
        return None


@pytest.mark.parametrize("case", USUAL)
@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data())
def test_usual_forms_have_the_values_that_frictionless_reads(case: str, data: st.DataObject) -> None:
    texts = data.draw(st.lists(USUAL[case] | st.none(), min_size=1, max_size=6))
    field = field_of(case)
    read = field.create_value_reader()
    expected = [None if text is None else read(text) for text in texts]
    whole = pa.concat_arrays([strings(["9", None]), strings(texts)]).slice(2)  # as a part of a larger array
    for before in (None, read_before(field.type, whole)):
        plan, found = values_of(form_of(field), whole, before)
        assert plan.kept is None
        assert plan.type != pa.string()
        assert all(same_value(ours, theirs) for ours, theirs in zip(found, expected, strict=True))


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in ODD.items() for text in texts])
def test_an_odd_form_keeps_the_column_s_text(kind: str, text: str) -> None:
    field = field_of(kind)
    assert field.create_value_reader()(text) is not None, "valid for frictionless"
    usual = {"integer": "12", "number": "NaN" if "e" in text else "12", "date": "2024-01-06", "year": "2024"}
    first = usual.get(kind, "2024-01-06T08:30:00Z" if text[-3:] == ":00" else "2024-01-06T08:30:00")
    whole = strings([first, None, text, text])
    plan, found = values_of(form_of(field), whole, read_before(kind, whole))
    assert plan.kept is not None
    assert (plan.type, plan.kept.reason, plan.kept.cell) == (pa.string(), ODD[kind][text], Cell(2, text))
    assert found == [first, None, text, text]
    assert plan.kept.reason in REASONS


def test_an_undetermined_format_keeps_text_from_the_first_cell_on() -> None:
    plan, _ = values_of(form_of(field_of("date", format="%Y-W%W")), strings([None, "2024-W05"]), None)
    assert plan.kept is not None
    assert (plan.kept.reason, plan.kept.cell) == ("format", Cell(1, "2024-W05"))


def test_local_and_zoned_moments_in_one_column_stay_text() -> None:
    texts = ["2024-01-06T08:30:00", "2024-01-06T08:30:00Z", "2024-01-06T08:31:00"]
    plan, _ = values_of(form_of(field_of("datetime")), strings(texts), None)
    assert plan.kept is not None
    assert (plan.kept.reason, plan.kept.cell) == ("zones", Cell(1, texts[1]))


@pytest.mark.parametrize(
    "long", ["9007199254740993", "0.12345678901234567", "1234567890123456.7", "-99999999999999.99"]
)
def test_beside_an_exponent_a_number_must_be_exactly_a_double(long: str) -> None:
    for texts in ([long, "NaN"], ["1e3", long], [long, "1.5"]):
        plan, found = values_of(form_of(field_of("number")), strings(texts), None)
        exact = Decimal(repr(float(long))) == Decimal(long)
        special = "1.5" not in texts
        assert str(plan.type)[:6] == ("string" if special and not exact else "double" if special else "decima")
        assert special or found[0] == Decimal(long)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(numbers=st.lists(st.integers(-(10**15), 10**15), min_size=1, max_size=5), scale=st.integers(0, 15))
def test_decimals_out_of_doubles_are_exact_or_refused(numbers: list[int], scale: int) -> None:
    exact = [Decimal(number).scaleb(-scale) for number in numbers]
    found = exact_decimals(pa.array([float(number) for number in exact] + [None], pa.float64()), scale)
    assert found is None or found.to_pylist() == [*exact, None]
    assert found is not None or max(map(abs, numbers)) >= 9 * 10**14


def test_doubles_of_more_digits_are_refused() -> None:
    assert exact_decimals(pa.array([0.1 + 0.2]), 1) is None
    assert exact_decimals(pa.array([0.125] * 5000 + [0.1251]), 3) is None


def test_what_a_field_declares_is_read_and_not_odd() -> None:
    field = field_of("number", groupChar=",", decimalChar="_", bareNumber=False)
    plan, found = values_of(form_of(field), strings(["￥1,234_50", "7 %", None]), None)
    assert (str(plan.type), list(map(str, found))) == ("decimal128(6, 2)", ["1234.50", "7.00", "None"])
    plan, _ = values_of(form_of(field), strings(["￥1,234_50", "￥007"]), None)
    assert plan.kept is not None
    assert (plan.kept.reason, plan.kept.cell) == ("leading-zero", Cell(1, "￥007"))


CELLS = st.builds(Cell, st.integers(0, 50), st.sampled_from("ab"))
MOST = st.one_of(st.just(Most()), st.builds(Most, st.integers(0, 9), CELLS))
FACTS = st.builds(
    Facts, st.dictionaries(st.sampled_from(["plus", "naive", "special"]), CELLS), MOST, MOST, st.booleans()
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(FACTS, FACTS, FACTS)
def test_facts_join_in_any_order_and_only_grow(a: Facts, b: Facts, c: Facts) -> None:
    assert a.join(b) == b.join(a)
    assert a.join(b).join(c) == a.join(b.join(c))
    assert a.join(b).join(a) == a.join(b)
    assert joined(a, b, c).after(7) == joined(*(one.after(7) for one in (a, b, c)))


TEXTS = st.lists(
    st.sampled_from(["1", "22.5", "-3.25", "1e3", "NaN", "12345678901234567.5", "007", "1_0", ".5"]), max_size=9
)


@pytest.mark.parametrize("kind", ["number", "integer"])
@settings(max_examples=100, deadline=None, derandomize=True)
@given(texts=TEXTS, cut=st.integers(0, 9))
def test_the_plan_does_not_depend_on_where_rows_are_cut(kind: str, texts: list[str], cut: int) -> None:
    texts = [
        text.replace(".", "").replace("e", "").replace("NaN", "9" * 30) if kind == "integer" else text for text in texts
    ]
    form = form_of(field_of(kind))
    whole, _ = form.examine(strings([*texts]), None, Facts())
    before, _ = form.examine(strings(texts[:cut]), None, Facts())
    after, _ = form.examine(strings(texts[cut:]), None, before)
    assert form.plan(before.join(after.after(len(texts[:cut]))), long=True) == form.plan(whole, long=True)


def test_a_clerk_is_told_of_every_reason() -> None:
    for reason in REASONS:
        told = kept_words(reason, "-007.50")
        assert [name for name, words in told if words] == ["why_zh", "why_en", "do_zh", "do_en"]
        values = dict(told) | {"type": "number"}
        problem = Problem("kept-as-text", row=2, field="x", value="-007.50", more=tuple(values.items()))
        for lang in ("zh", "en"):
            assert "{" not in "".join(words(problem, lang))
    assert dict(kept_words("leading-zero", "-007.50"))["do_en"].endswith("write -7.50.")
    assert [dict(kept_words("plus", text))["do_en"].rpartition(" ")[2] for text in ("+1", "00", "00.5")] == [
        "1.",
        "0.",
        "0.5.",
    ]
