"""Statistics of columns: against plain Python, in pieces of any size, with bounds so small that estimates are made."""

from __future__ import annotations

import math
import random
import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.public import ColumnStatistics as Told
from generator.public import Lengths, ValueCount
from generator.tables.statistics import Bounds, ColumnStatistics, TableStatistics, edges, hashes, sums, wording
from generator.tables.statistics.spread import PERCENTS
from tests.tables.table_packages import convert, table, write

SMALL = Bounds(distinct=40, distinct_bytes=4_000, window=50, sample=60, texts=30, seen=4, shown=5, shown_bytes=30)


def told(values: Sequence[Any], kind: pa.DataType, *, sizes: Callable[[], int] = lambda: 2**31, **options: Any) -> Told:
    """Statistics of values that come in pieces of these sizes."""
    column = ColumnStatistics("x", **options)
    array = pa.array(values, kind)
    start = 0
    while start < len(array):
        piece = array.slice(start, sizes())
        start += len(piece)
        text = pa.array([None if value is None else str(value) for value in piece.to_pylist()], pa.string())
        column.add(text, None if pa.types.is_string(kind) else piece)
    return column.result()


# ---- values of each kind, and their texts by other means

EPOCH = datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None)
SCALE = 3


def plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:.{SCALE}f}"
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return value.isoformat() if isinstance(value, date) else str(value)


VALUES: dict[str, tuple[pa.DataType, st.SearchStrategy[Any]]] = {
    "narrow integers": (pa.int64(), st.integers(-20, 20)),
    "integers": (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    "years": (pa.int32(), st.integers(1, 9999)),
    "doubles": (pa.float64(), st.floats(allow_nan=False, allow_infinity=False)),
    "few doubles": (pa.float64(), st.sampled_from([0.1, -0.0, 0.0, 1e300, 5e-324, 2.5])),
    "decimals": (pa.decimal128(12, SCALE), st.decimals(-(10**8), 10**8, places=SCALE)),
    "dates": (pa.date32(), st.dates()),
    "date-times": (pa.timestamp("us"), st.datetimes()),
    "booleans": (pa.bool_(), st.booleans()),
    "texts": (pa.string(), st.text(max_size=12)),
    "few texts": (pa.string(), st.sampled_from(["蓬江", "江海", "", "a", "🚌 3"])),
}


@pytest.mark.parametrize("name", VALUES)
@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_small_columns_are_told_exactly(name: str, data: st.DataObject) -> None:
    kind, strategy = VALUES[name]
    cells = data.draw(st.lists(st.none() | strategy, max_size=80))
    found = told(cells, kind, sizes=lambda: data.draw(st.integers(1, 30)))
    values = sorted(cell for cell in cells if cell is not None)
    assert (found.rows, found.nulls) == (len(cells), cells.count(None))
    assert found.error == found.distinct_error == 0
    if not values:
        assert found == Told("x", len(cells), len(cells))
        return
    assert (found.distinct, found.distinct_at_least) == (len(set(values)), False)
    counts = Counter(values)
    if kind == pa.bool_():
        assert {each.value: each.count for each in found.frequent} == {plain(v): n for v, n in counts.items()}
        return
    repeated = [pair for pair in counts.items() if pair[1] > 1]
    expected = sorted(repeated, key=lambda pair: (-pair[1], order_of(pair[0])))[:10]
    assert [(v.value, v.count) for v in found.frequent] == [(plain(zero(v)), n) for v, n in expected]
    if kind == pa.string():
        lengths = [len(value) for value in values]
        assert found.lengths is not None
        assert (found.lengths.shortest, found.lengths.longest) == (min(lengths), max(lengths))
        assert Fraction(found.lengths.mean) == round(Fraction(sum(lengths), len(lengths)), 6)
        return
    assert (found.minimum, found.maximum) == (plain(zero(values[0])), plain(zero(values[-1])))
    ranks = [math.ceil(Fraction(percent * len(values), 100)) for percent in PERCENTS]
    assert found.quantiles == tuple((p, plain(zero(values[r - 1]))) for p, r in zip(PERCENTS, ranks, strict=True))
    check_mean(found, values)
    check_histogram(found, values)


def zero(value: Any) -> Any:
    return value + 0.0 if isinstance(value, float) else value


def order_of(value: Any) -> Any:
    """Texts come in the order of their UTF-8."""
    return value.encode() if isinstance(value, str) else value


def check_mean(found: Told, values: list[Any]) -> None:
    if isinstance(values[0], float):
        assert float(found.mean) == float(statistics.mean(map(Fraction, values)))
    elif isinstance(values[0], int | Decimal):
        places = 6 + (SCALE if isinstance(values[0], Decimal) else 0)
        assert Fraction(found.mean) == round(Fraction(sum(map(Fraction, values)), len(values)), places)
    else:
        assert found.mean == ""


def read(text: str, like: Any) -> Any:
    """An edge as a value; beyond the calendar's end it is None."""
    if isinstance(like, datetime | date):
        return type(like).fromisoformat(text) if len(text.partition("-")[0]) == 4 and text > "0001" else None
    return type(like)(text)


def check_histogram(found: Told, values: list[Any]) -> None:
    if values[0] == values[-1] or (isinstance(values[0], float) and values[-1] < values[0] + 1e-320):
        assert found.histogram is None
        return
    assert found.histogram is not None
    at, counts = found.histogram.edges, found.histogram.counts
    assert len(at) == len(counts) + 1 <= edges.BINS + 1
    assert sum(counts) == len(values)
    for left, right, count in zip(at, at[1:], counts, strict=False):
        low, high = read(left, values[0]), read(right, values[0])
        assert count == sum((low is None or low <= v) and (high is None or v < high) for v in values)


# ---- pieces make no difference, whatever the bounds


def column(kind: str, rows: int, seed: int) -> tuple[list[Any], pa.DataType]:
    r = random.Random(seed)
    made: dict[str, tuple[Callable[[], Any], pa.DataType]] = {
        "integers": (lambda: r.randrange(10**9), pa.int64()),
        "narrow, then wide": (lambda: r.choice([1, 2, 3, 3, 3, r.randrange(40), r.randrange(10**6)]), pa.int64()),
        "few, far apart": (lambda: r.choice([440700, 440703, 999999, 10**15]), pa.int64()),
        "doubles": (lambda: r.choice([r.gauss(0, 1e9), r.gauss(0, 1e-9), math.nan, -math.inf, 0.0]), pa.float64()),
        "decimals": (lambda: Decimal(r.randrange(10**8)).scaleb(-4), pa.decimal128(38, 4)),
        "long decimals": (lambda: Decimal(r.randrange(10**30)).scaleb(-20), pa.decimal128(38, 20)),
        "dates": (lambda: date(2000, 1, 1) + timedelta(r.randrange(9000)), pa.date32()),
        "moments": (lambda: EPOCH + timedelta(microseconds=r.randrange(10**15)), pa.timestamp("us", "UTC")),
        "codes": (lambda: f"{r.choice('AB')}-{r.randrange(10**6):06}", pa.string()),
        "words": (lambda: r.choice(["蓬江", "江海", "x" * r.randrange(20), "建设路 " * r.randrange(9)]), pa.string()),
        "long texts": (lambda: r.choice(["a", "b"]) * r.choice([1, 50, 300, 2000, r.randrange(3000)]), pa.string()),
        "booleans": (lambda: r.random() < 0.7, pa.bool_()),
    }  # fmt: skip
    make, type_ = made[kind]
    return [None if r.random() < 0.1 else make() for _ in range(rows)], type_


KINDS = (
    "integers", "narrow, then wide", "few, far apart", "doubles", "decimals", "long decimals", "dates", "moments",
    "codes", "words", "long texts", "booleans",
)  # fmt: skip


@pytest.mark.parametrize("bounds", [SMALL, Bounds()], ids=["small bounds", "bounds"])
@pytest.mark.parametrize("kind", KINDS)
def test_pieces_make_no_difference(kind: str, bounds: Bounds) -> None:
    values, type_ = column(kind, 2_000, seed=3)
    whole = told(values, type_, bounds=bounds)
    for seed, most in ((1, 5), (2, 90), (3, 1500)):
        assert told(values, type_, sizes=partial(random.Random(seed).randint, 1, most), bounds=bounds) == whole


def test_the_scale_of_a_piece_makes_no_difference() -> None:
    r = random.Random(1)
    values = [Decimal(r.randrange(10 ** r.randrange(1, 12))).scaleb(-r.randrange(4)) for _ in range(1000)]
    whole = told(values, pa.decimal128(20, 3), bounds=SMALL)
    column = ColumnStatistics("x", bounds=SMALL)
    for start in range(0, 1000, 7):
        piece = pa.array(values[start : start + 7])
        column.add(piece.cast(pa.string()), piece)
    assert column.result() == whole


@pytest.mark.parametrize("bounds", [SMALL, Bounds()], ids=["small bounds", "bounds"])
@pytest.mark.parametrize("kind", ["codes", "words", "long texts"])
def test_a_dictionary_of_texts_is_told_like_the_texts(kind: str, bounds: Bounds) -> None:
    values, type_ = column(kind, 2_000, seed=4)
    whole = told(values, type_, bounds=bounds)
    found = ColumnStatistics("x", bounds=bounds)
    encoded = pa.array(values).dictionary_encode()
    for start in range(0, 2_000, 170):
        found.add(encoded.slice(start, 170), None)
    assert found.result() == whole


def test_a_null_inside_a_dictionary_is_missing() -> None:
    text = pa.DictionaryArray.from_arrays(pa.array([0, 1, 1, None, 2]), pa.array(["a", None, "b"]))
    found = ColumnStatistics("x")
    found.add(text, None)
    assert (found.result().nulls, found.result().distinct) == (3, 2)


# ---- estimates stay within what they say


@pytest.mark.parametrize("kind", ["integers", "decimals", "moments", "codes"])
@pytest.mark.parametrize("seed", range(5))
def test_estimates_stay_within_their_error(kind: str, seed: int) -> None:
    bounds = Bounds(distinct=500, window=100, sample=2_000, texts=1_500, seen=20)
    values, type_ = column(kind, 20_000, seed)
    found = told(values, type_, bounds=bounds)
    present = sorted(value for value in values if value is not None)
    assert found.distinct_error == pytest.approx(3.29 / math.sqrt(498), abs=1e-4)
    assert found.distinct is not None
    assert abs(found.distinct / len(set(present)) - 1) <= found.distinct_error
    assert 0 < found.error < 0.07
    if kind == "codes":
        return
    texts = [plain4(value) for value in present]
    place = {text: rank for rank, text in enumerate(texts)}
    for percent, value in found.quantiles:
        assert abs(place[value] / len(present) - percent / 100) <= found.error
    assert found.histogram is not None
    assert sum(found.histogram.counts) == len(present)
    assert (found.minimum, found.maximum) == (texts[0], texts[-1])
    for left, right, count in zip(
        found.histogram.edges, found.histogram.edges[1:], found.histogram.counts, strict=False
    ):
        true = sum(number(left) <= number(text) < number(right) for text in texts)
        assert abs(count - true) / len(present) <= 2 * found.error


def plain4(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat() + "Z"
    return str(value)


def number(text: str) -> Any:
    return datetime.fromisoformat(text) if "T" in text else Decimal(text)


def test_what_is_frequent_among_many_is_found_in_a_sample() -> None:
    r = random.Random(5)
    values = [r.choices(["甲", "乙", f"n{r.randrange(10**9)}"], [3, 1, 6])[0] for _ in range(30_000)]
    found = told(values, pa.string(), bounds=Bounds(distinct=100, sample=4_000, texts=2_000, seen=40))
    assert [each.value for each in found.frequent] == ["甲", "乙"]
    for each in found.frequent:
        assert abs(each.count - values.count(each.value)) / len(values) <= 2 * found.error


def test_estimates_are_right_for_numbers_with_few_bits() -> None:
    """Doubles that are whole have their bits in one place, where a poor hash would not look."""
    for step in (0.5, 1.0, 1024.0):
        found = told([step * i for i in range(30_000)], pa.float64(), bounds=Bounds(distinct=1000, sample=500))
        assert found.distinct is not None
        assert abs(found.distinct / 30_000 - 1) <= found.distinct_error
    texts = [f"{i:07}" + "x" * 30 for i in range(30_000)]
    found = told(texts, pa.string(), bounds=Bounds(distinct=1000, sample=500))
    assert found.distinct is not None
    assert abs(found.distinct / 30_000 - 1) <= found.distinct_error


# ---- what is exact beyond the bounds


def test_a_rising_key_has_as_many_values_as_rows() -> None:
    found = told(list(range(10, 20_000, 2)), pa.int64(), sizes=lambda: 37, bounds=SMALL)
    assert (found.distinct, found.distinct_error) == (9_995, 0)
    repeated = told([*range(10, 20_000, 2), 10], pa.int64(), sizes=lambda: 37, bounds=SMALL)
    assert repeated.distinct_error > 0


def test_what_is_declared_unique_is_not_counted() -> None:
    fields = [SimpleNamespace(name=n, constraints=c) for n, c in (("id", {}), ("code", {"unique": True}), ("x", {}))]
    table = TableStatistics(fields, key=["id"], bounds=SMALL)
    r = random.Random(1)
    ids = r.sample(range(10**6), 500)
    texts = pa.array([f"c{i}" for i in ids])
    table.add([texts, texts, texts], [pa.array(ids), None, None])
    assert [(c.distinct, c.distinct_error > 0) for c in table.result()[:2]] == [(500, False), (500, False)]
    assert table.result()[2].distinct_error > 0


def test_narrow_numbers_are_counted_however_many_they_are() -> None:
    r = random.Random(1)
    values = [r.randrange(-20, 20) for _ in range(5_000)]
    found = told(values, pa.int64(), bounds=SMALL)
    assert (found.distinct, found.error) == (40, 0)
    assert [(v.value, v.count) for v in found.frequent] == [
        (str(v), n) for v, n in sorted(Counter(values).items(), key=lambda p: (-p[1], p[0]))[:5]
    ]


def test_long_texts_are_counted_but_not_kept() -> None:
    long = ["长" * 200 + str(i) for i in range(60)]
    found = told([*long, *["短"] * 50], pa.string(), bounds=SMALL)
    assert found.distinct_error > 0
    assert found.distinct_at_least
    assert [each.value for each in found.frequent] == ["短"]
    assert found.lengths is not None
    assert (found.lengths.shortest, found.lengths.longest) == (1, 202)


def test_values_of_two_kinds_are_told_as_none() -> None:
    found = ColumnStatistics("x")
    found.add(pa.array(["1"]), pa.array([1]))
    found.add(pa.array(["1.5", None]), pa.array([1.5, None]))
    found.add(pa.array(["2"]), pa.array([2]))
    assert found.result() == Told("x", 4, 1)


def test_what_is_not_finite_is_counted_apart() -> None:
    found = told([1.0, math.nan, math.inf, math.nan, None, 3.0], pa.float64())
    assert (found.minimum, found.maximum, found.mean, found.not_finite) == ("1", "3", "2", 3)
    assert found.distinct == 4
    alone = told([math.nan], pa.float64())
    assert (alone.minimum, alone.not_finite, alone.distinct) == ("", 1, 1)


# ---- the parts


@settings(deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=50))
def test_sums_of_doubles_are_exact(numbers: list[float]) -> None:
    array = pa.array(numbers).to_numpy()
    largest = max(map(abs, numbers))
    assert Fraction(sums.of_doubles(array, largest), 2**sums.ONE) == sum(map(Fraction, numbers))


def test_the_most_numbers_that_can_be_added_at_once_have_an_exact_sum() -> None:
    r = random.Random(1)
    numbers = [r.choice([1, 1, -1]) * (2 - 2**-52) * 2.0 ** r.randrange(-60, 3) for _ in range(sums.MOST)]
    assert Fraction(sums.of_doubles(pa.array(numbers).to_numpy(), 8.0), 2**sums.ONE) == sum(map(Fraction, numbers))
    whole = [2**63 - 1 - r.randrange(9) for _ in range(sums.MOST)]
    assert sums.of_integers(pa.array(whole).to_numpy(), 2**63) == sum(whole)


@settings(deadline=None)
@given(st.lists(st.text(max_size=40) | st.integers(0, 700).map(lambda n: "é" * n), max_size=20), st.integers(0, 5))
def test_a_text_has_one_hash_wherever_it_stands(texts: list[str], skipped: int) -> None:
    array = pa.array(texts, pa.string()).slice(min(skipped, len(texts)))
    together = hashes.of_texts(array).tolist()
    alone = [hashes.of_texts(pa.array([text])).tolist()[0] for text in array.to_pylist()]
    assert together == alone
    if all(len(text.encode()) <= hashes.WHOLE for text in texts):
        assert len(set(together)) == len(set(array.to_pylist()))


def test_hashes_are_the_same_for_ever() -> None:
    """What is estimated from them would change, and with it files that are published."""
    texts = pa.array(["", "a", "蓬江区", "x" * 8, "x" * 9, "x" * 300])
    assert [f"{h:016x}" for h in hashes.of_texts(texts).tolist()] == HASHES
    assert [f"{h:016x}" for h in hashes.of_numbers(pa.array([0, 1, -1])).tolist()] == NUMBERS


HASHES = "0000000000000000 6cb5304eb86383ca 1627c66e9c964fbb a244f4fda577974e b94cb2484048f9e1 f65ebe01ad82587a".split()
NUMBERS = "0000000000000000 17fb89ee8a313dc4 1f9b169df08b3b57".split()


@pytest.mark.parametrize(
    ("least", "greatest", "finest", "first", "second", "last"),
    [
        ("1", "5", "1", "1", "2", "6"),
        ("0.03", "9998.97", "0.01", "0", "500", "10000"),
        ("112.000001", "112.999999", "0.000001", "112.00", "112.05", "113.00"),
        ("-3", "1e6", None, "-1E+5", "0", "1.1E+6"),
        ("440703", "440785", "1", "440700", "440705", "440790"),
    ],
)
def test_edges_of_numbers_are_round(
    least: str, greatest: str, finest: str | None, first: str, second: str, last: str
) -> None:
    at = edges.of_numbers(Decimal(least), Decimal(greatest), finest=Decimal(finest) if finest else None)
    assert [at[0], at[1], at[-1]] == [Decimal(first), Decimal(second), Decimal(last)]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2024-01-03", "2024-01-09", ("2024-01-03", "2024-01-04", "2024-01-10")),
        ("2024-01-03", "2024-03-09", ("2024-01-01", "2024-01-08", "2024-03-11")),
        ("2024-01-03", "2025-03-09", ("2024-01-01", "2024-02-01", "2025-04-01")),
        ("1999-05-03", "2025-03-09", ("1998-01-01", "2000-01-01", "2026-01-01")),
        ("0001-01-01", "9999-12-31", ("0000-01-01", "0500-01-01", "10000-01-01")),
    ],
)
def test_edges_of_days_are_days_that_a_reader_would_choose(first: str, last: str, expected: tuple[str, ...]) -> None:
    epoch = date(1970, 1, 1)
    days = [(date.fromisoformat(day) - epoch).days for day in (first, last)]
    at = [wording.day(edge) for edge in edges.of_moments(days[0], days[1], unit="day")]
    assert (at[0], at[1], at[-1]) == expected


def test_edges_of_moments_are_times_of_the_clock() -> None:
    def at(seconds: int) -> list[str]:
        start = 1_700_000_000
        return [
            wording.moment(edge)
            for edge in edges.of_moments(start * 10**6, (start + seconds) * 10**6, unit="microsecond")
        ]

    assert at(12)[:2] == ["2023-11-14T22:13:20", "2023-11-14T22:13:21"]
    assert at(3000)[:2] == ["2023-11-14T22:10:00", "2023-11-14T22:15:00"]
    assert at(86_000)[:2] == ["2023-11-14T21:00:00", "2023-11-15T00:00:00"] or at(86_000)[0].endswith(":00:00")


# ---- in the conversion of a table


def test_a_converted_table_comes_with_its_statistics(tmp_path: Path) -> None:
    rows = "id,amount,day,name\n1,2.50,2024-01-06,蓬江\n2,-,2024-01-06,-\n3,1.25,2024-03-01,江海\n"
    write(tmp_path, {"a.csv": rows})
    fields = [
        {"name": "id", "type": "integer"},
        {"name": "amount", "type": "number"},
        {"name": "day", "type": "date"},
        {"name": "name", "type": "string"},
    ]
    descriptor = table("a.csv", *fields)
    descriptor["resources"][0]["schema"]["missingValues"] = ["-"]
    id_, amount, day, name = convert(descriptor, tmp_path).statistics
    assert (id_.name, id_.distinct, id_.minimum, id_.maximum, id_.mean) == ("id", 3, "1", "3", "2")
    assert (amount.nulls, amount.minimum, amount.maximum, amount.mean) == (1, "1.25", "2.50", "1.875")
    assert (day.distinct, day.maximum, day.frequent) == (2, "2024-03-01", (ValueCount("2024-01-06", 2),))
    assert (name.rows, name.nulls, name.lengths) == (3, 1, Lengths(2, "2", 2))
