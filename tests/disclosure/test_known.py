"""Recall on numbers that are known to be there, and silence on those that only look like it. Both ways of looking."""

from __future__ import annotations

import random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.disclosure.arrow import look
from generator.disclosure.looked import Column, Looked, look_at_cells
from generator.disclosure.sightings import weigh
from tests.disclosure import known
from tests.disclosure.known import CLASSES, LOOKALIKES, TODAY

TRIES = 300
_ADVICE = {"masked-values", "long-numbers-damaged"}


def both(column: Column, cells: list[str | None]) -> list[Looked]:
    """In Arrow, and cell by cell."""
    return [
        look(column, pa.array(cells, pa.string()), TODAY, frozenset()),
        look_at_cells(column, cells, TODAY, frozenset()),
    ]


def told(cells: list[str | None], column: Column | None = None) -> list[set[str]]:
    column = column or Column("c", "", "string")
    return [{s.name for s in weigh([column], [one])} - _ADVICE for one in both(column, cells)]


@pytest.mark.parametrize("kind", CLASSES)
@pytest.mark.parametrize("carrier", ["column", "alone among names", "in a text"])
def test_of_a_hundred_known_ones_at_most_one_is_missed(kind: str, carrier: str) -> None:
    r, missed = random.Random(f"{kind} {carrier}"), [0, 0]
    for _ in range(TRIES):
        one = CLASSES[kind](r)
        cells: list[str | None] = [known.name(r) for _ in range(4)]
        cells += {
            "column": [CLASSES[kind](r) for _ in range(10)],
            "alone among names": [one],
            "in a text": [known.embedded(r, one, kind)],
        }[carrier]
        for way, found in enumerate(told(cells)):
            missed[way] += kind.removesuffix("-15") not in found
    assert max(missed) <= TRIES / 100


@pytest.mark.parametrize("kind", CLASSES)
def test_however_they_are_written_each_cell_is_counted(kind: str) -> None:
    r = random.Random(kind)
    cells: list[str | None] = [known.embedded(r, CLASSES[kind](r), kind) for _ in range(TRIES)]
    for one in both(Column("c", "", "string"), cells):
        assert one.tallies[kind].cells >= 0.99 * TRIES


@pytest.mark.parametrize("kind", LOOKALIKES)
@pytest.mark.parametrize("rows", [30, 2000])
def test_a_column_of_lookalikes_is_left_alone(kind: str, rows: int) -> None:
    r = random.Random(f"{kind} {rows}")
    for _ in range(5):
        assert told([LOOKALIKES[kind](r) for _ in range(rows)]) == [set(), set()]


def test_half_a_million_random_numbers_of_18_digits_are_no_people() -> None:
    r = random.Random(18)
    cells: list[str | None] = [str(r.randrange(10**17, 10**18)) for _ in range(500_000)]
    one = look(Column("c", "", "string"), pa.array(cells), TODAY, frozenset())
    assert one.tallies["resident-id"].hits > 1, "by chance some are IDs to the last digit"
    assert weigh([Column("c")], [one]) == []


def test_people_among_as_many_codes_are_found() -> None:
    r = random.Random(7)
    cells: list[str | None] = [*(known.case_number(r) for _ in range(100)), *(known.resident(r) for _ in range(100))]
    assert told(cells) == [{"resident-id"}] * 2


def test_what_a_text_says_before_a_number_outweighs_chance() -> None:
    r = random.Random(8)
    cells: list[str | None] = [known.case_number(r) for _ in range(100)]
    cells.append(f"身份证号{known.resident(r)}")
    for one in both(Column("c", "", "string"), cells):
        (sighting,) = weigh([Column("c")], [one])
        assert (sighting.name, sighting.row) == ("resident-id", 100)


def test_nothing_that_is_told_holds_a_number() -> None:
    r = random.Random(9)
    for kind, make in CLASSES.items():
        cells: list[str | None] = [known.embedded(r, make(r), kind) for _ in range(50)]
        for one in both(Column("c", "", "string"), cells):
            for sighting in weigh([Column("c")], [one]):
                assert set(sighting.masked[3:]) <= {"*"}


_PIECES = st.sampled_from(sorted([*CLASSES, *LOOKALIKES]))
_CELLS = st.lists(
    st.one_of(
        st.none(),
        st.tuples(_PIECES, st.integers(0, 10**6), st.integers(0, 3)),
        st.text(alphabet="0123456789 -.xX１２3３４５*+江门:/", max_size=40),
    ),
    max_size=30,
)


def _cell(drawn: object) -> str | None:
    if not isinstance(drawn, tuple):
        return drawn if isinstance(drawn, str) else None
    kind, seed, way = drawn
    r = random.Random(seed)
    one = (CLASSES | LOOKALIKES)[kind](r)
    return [one, f"前{one}后", known.wide(one), f" {one} "][way]


@settings(max_examples=300, deadline=None)
@given(_CELLS)
def test_both_ways_see_the_same(drawn: list[object]) -> None:
    cells = [_cell(one) for one in drawn]
    arrow, plain = both(Column("c", "", "string"), cells)
    kinds = ("resident-id", "resident-id-15", "mobile-phone", "bank-card")
    assert [_hits(arrow, kind) for kind in kinds] == [_hits(plain, kind) for kind in kinds]


def _hits(looked: Looked, kind: str) -> tuple[int, int, int, str] | None:
    tally = looked.tallies.get(kind)
    return (tally.hits, tally.cells, tally.row, tally.masked) if tally and tally.hits else None
