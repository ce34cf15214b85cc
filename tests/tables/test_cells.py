"""A cell that a form is sure of is right for frictionless; equal key values are equal for frictionless."""

from __future__ import annotations

import random
from typing import Any

import frictionless
import pyarrow as pa
import pytest

from generator.tables.proof.cells import Column
from tests.tables.random_tables import PLAIN, TRICKY

ROUNDS = 400
_MARKS = "0123456789-+:.,T tZzeE_xX()/naifINF \t\n\u00a0１٣"
_BOUNDS = {
    "integer": ["0", "7", "-9223372036854775808", "9223372036854775807", "9223372036854775808"],
    "number": ["0", "0.1", "-0", "0.30000000000000004", "9007199254740993", "9007199254740992", "1e400", "nan"],
    "date": ["2020-01-01", "0001-01-01"],
    "datetime": ["2020-01-01T00:00:00", "2020-01-01T10:11:12.5", "2020-01-01T10:11:12Z"],
    "time": ["10:11:12", "00:00:00", "10:11:12Z"],
    "year": ["2020", "0000"],
    "yearmonth": ["2020-01"],
}
_KINDS = [kind for kind in PLAIN if kind not in ("duration", "list", "array", "object", "geopoint")]


def _text(r: random.Random, kind: str) -> str:
    tricky = TRICKY[kind] + _BOUNDS.get(kind, []) * 3
    text = r.choice(tricky) if r.random() < 0.5 else PLAIN[kind](r)
    for _ in range(r.choice([0, 0, 1, 1, 2, 3])):
        at = r.randint(0, len(text))
        text = text[:at] + r.choice(["", r.choice(_MARKS)]) + text[at + r.choice([0, 1]) :]
    return text


def _field(r: random.Random, kind: str) -> Any:
    constraints: dict[str, Any] = {}
    if kind in _BOUNDS and r.random() < 0.5:
        name = r.choice(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"])
        constraints[name] = r.choice(_BOUNDS[kind])
    if kind == "string" and r.random() < 0.5:
        constraints |= r.choice(
            [
                {"minLength": 2},
                {"maxLength": 3},
                {"enum": ["x", "a", "01"]},
                {"pattern": r.choice(["[a-z]*", "\\d+", "a|b", "x$"])},
            ]
        )
    descriptor = {"name": "x", "type": kind, "constraints": constraints}
    schema = {"$schema": "https://datapackage.org/profiles/2.0/tableschema.json", "fields": [descriptor]}
    return frictionless.Schema.from_descriptor(schema).fields[0]


@pytest.mark.parametrize("kind", _KINDS)
def test_sure_cells_are_right_and_key_values_equal_as_theirs(kind: str) -> None:
    r = random.Random(kind)
    sure_cells = 0
    for _ in range(ROUNDS):
        field = _field(r, kind)
        column, read = Column.of(field), field.create_cell_reader()
        texts = [_text(r, kind) for _ in range(r.choice([1, 1, 2, 5]))]
        texts += [PLAIN[kind](r) for _ in range(r.choice([0, 0, 3]))]
        found = column.form(pa.array([*texts, None], pa.string()))
        sure = [True] * len(texts) if found.sure is None else found.sure.to_pylist()[:-1]
        judged = column.judge(pa.array([*texts, ""], pa.string()), valued=True)
        if column.reader.crashed:
            continue  # as frictionless does, on NaN against a bound
        values = [None] * len(texts) if judged.values is None else judged.values.to_pylist()[:-1]
        wrong = [False] * len(texts) if judged.wrong is None else judged.wrong.to_pylist()[:-1]
        known: list[tuple[Any, Any]] = []
        for text, is_sure, is_wrong, value in zip(texts, sure, wrong, values, strict=True):
            if is_sure:
                sure_cells += 1
                assert read(text)[1] is None, (text, field.constraints)
            theirs, notes = read(text)
            assert is_wrong == bool(notes), (text, field.constraints)
            if judged.values is not None and theirs is not None:
                assert value is not None, text
                known.append((value, theirs))
        for ours, read_ours in known:
            for other, read_other in known:
                assert ours == other or read_ours != read_other, (ours, other)
                if kind != "number":  # only the other way round: different decimals may be one double
                    assert ours != other or read_ours == read_other, (ours, other)
    assert sure_cells > ROUNDS / 4
