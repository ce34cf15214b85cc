"""Arrow's own cast gives the same column as frictionless's reader, wherever it is used at all."""

from __future__ import annotations

from typing import Any

import frictionless
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.tables import typed
from generator.tables.columns import Column

PLAIN: dict[str, st.SearchStrategy[str]] = {
    "integer": st.integers(-(10**17), 10**17).map(str) | st.sampled_from(["-0", "007"]),
    "year": st.integers(0, 9999).map(lambda y: f"{y:04}"),
    "number": st.decimals(-(10**12), 10**12, places=3).map(lambda d: f"{d:f}") | st.integers(-99, 99).map(str),
    "date": st.dates().map(str),
    "datetime": st.datetimes().map(lambda d: d.isoformat(" ")),
    "datetime, zoned": st.datetimes().map(lambda d: d.isoformat() + "-03:30"),
}
NOT_PLAIN = {
    "integer": ["1_0", "+1", " 1", "１", str(10**18)],
    "number": ["1.", ".5", "01.5", "1e3", "NaN", "1_0.5", " 1.5"],
    "date": ["2024-1-6"],
    "datetime": ["2024-W01-6T08:30:00", "2024-01-06T24:00:00", "2024-01-06T08:30:00,5", "2024-01-06T08:30:00+08"],
}


def column(kind: str, texts: list[str]) -> Column:
    schema = frictionless.Schema.from_descriptor({"fields": [{"name": "x", "type": kind}]})
    return Column(schema.fields[0], pa.chunked_array([texts[:2], texts[2:]], pa.string()), None, ("",))


def both_ways(monkeypatch: pytest.MonkeyPatch, made: Column) -> tuple[Any, Any]:
    fast = typed.typed_column(made)
    with monkeypatch.context() as slow:
        slow.setattr(typed, "cast_plain", lambda *_: None)
        return fast, typed.typed_column(made)


@pytest.mark.parametrize("case", PLAIN)
@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data())
def test_same_type_and_values(case: str, data: st.DataObject) -> None:
    texts = data.draw(st.lists(PLAIN[case] | st.just(""), min_size=1, max_size=6))
    with pytest.MonkeyPatch.context() as monkeypatch:
        fast, slow = both_ways(monkeypatch, column(case.split(",", maxsplit=1)[0], texts))
    assert (fast.type, fast.to_pylist()) == (slow.type, slow.to_pylist())


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in NOT_PLAIN.items() for text in texts])
def test_other_forms_are_left_to_frictionless(kind: str, text: str) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        fast, slow = both_ways(monkeypatch, column(kind, [text]))
    assert repr((fast.type, fast.to_pylist())) == repr((slow.type, slow.to_pylist()))
