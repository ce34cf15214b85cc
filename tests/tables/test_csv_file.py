"""Which sources are canonical already, found in bounded memory."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.tables import csv_file
from generator.tables.csv_file import CsvFile, follows_the_standard, is_canonical

RFC_4180 = re.compile(rb'(?:(?:[^",\r\n]++|"(?:[^"]++|"")*+")?[,\n])*+')


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 1000])
@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.text('a",\n\r中', max_size=14).map(str.encode) | st.binary(max_size=5))
def test_the_grammar_is_the_same_in_pieces_of_any_size(
    data: bytes, chunk: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_file, "_CHUNK", chunk)
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    whole = bool(RFC_4180.fullmatch(data)) and data.endswith(b"\n") and not data.startswith(b"\xef\xbb\xbf")
    try:
        data.decode()
        found = follows_the_standard(path)
    except UnicodeDecodeError:
        return
    assert found == whole


@pytest.mark.parametrize(
    ("source", "canonical"),
    [
        ('"a","b"\n"1","2"\n', True),
        ('a,b\n1,"2"\n', True),
        ("a,b\n1,2", False),
        ("a,b\r\n1,2\r\n", False),
        ("a,b\n1,3\n", False),
        ("a,b\n1,2\n\n", False),
        ("\ufeffa,b\n1,2\n", False),
    ],
)
def test_a_source_is_canonical_when_it_holds_the_same_cells_by_the_standard(
    source: str, canonical: bool, tmp_path: Path
) -> None:
    (tmp_path / "source.csv").write_text(source, "utf-8", newline="")
    (tmp_path / "ours.csv").write_text("a,b\n1,2\n", "utf-8")
    assert is_canonical(tmp_path / "source.csv", like=tmp_path / "ours.csv") == canonical


def test_a_cell_longer_than_python_s_limit(tmp_path: Path) -> None:
    (tmp_path / "source.csv").write_text('"a"\n"' + "x" * 200_000 + '"\n', "utf-8")
    with CsvFile(tmp_path / "out.csv", ["a"], source=tmp_path / "source.csv") as file:
        file.add([["x" * 200_000]])
        file.close()
    assert (tmp_path / "out.csv").read_bytes() == (tmp_path / "source.csv").read_bytes()


def test_nothing_is_left_of_a_file_that_was_not_closed(tmp_path: Path) -> None:
    with CsvFile(tmp_path / "out.csv", ["a"], source=None) as file:
        file.add([["1"]])
    assert list(tmp_path.iterdir()) == []
