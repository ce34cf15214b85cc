"""Keys against frictionless's own rule, written down in plain Python, with so little memory that they are spilled."""

from __future__ import annotations

import datetime
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import frictionless
import pyarrow as pa
import pytest

from generator.errors import SpaceError
from generator.tables.proof import NotProved
from generator.tables.proof.keys import Reference, Space, Tuples, Unique, comparable

Key = tuple[Any, ...]
Rows = list[Key]
Random = random.Random
NAN = float("nan")
DAY = datetime.date(2020, 1, 1)
MOMENT = datetime.datetime(2020, 1, 1)  # noqa: DTZ001  as in tables without a zone

KINDS: dict[str, tuple[pa.DataType, Callable[[Random, int], Any]]] = {
    "integer": (pa.int64(), lambda r, n: r.choice([r.randrange(n), r.randrange(-n, n) << 40])),
    "number": (pa.float64(), lambda r, n: r.choice([r.randrange(n) / 8, -0.0, 0.0, NAN, float("inf"), -1e300 * r.randrange(n)])),
    "text": (pa.string(), lambda r, n: r.choice(["", "\0", "\0\0", "江门", "x" * 7, "x" * 8, "x" * 9, "y" * 256, "y" * 300, str(r.randrange(n)), f"AB-{r.randrange(n):012}"])),
    "date": (pa.date32(), lambda r, n: DAY + datetime.timedelta(r.randrange(-n, n))),
    "datetime": (pa.timestamp("us"), lambda r, n: MOMENT + datetime.timedelta(microseconds=r.randrange(-n, n))),
    "boolean": (pa.bool_(), lambda r, n: r.random() < 0.5),
    "words": (pa.dictionary(pa.int32(), pa.string()), lambda r, n: f"w{r.randrange(n)}"),
}  # fmt: skip


def repeats(rows: Rows, *, primary: bool) -> list[tuple[int, int]]:
    """As in frictionless: a row, and the last one before it with the same key. NaN is equal to nothing."""
    last: dict[Key, int] = {}
    found = []
    for row, key in enumerate(rows):
        if set(key) == {None} or any(part != part for part in key):  # noqa: PLR0124
            continue
        if key in last:
            found.append((row, last[key]))
        last[key] = row
    return found


def missing(ours: Rows, theirs: Rows) -> list[int]:
    lookup = {key for key in theirs if set(key) != {None} and all(part == part for part in key)}  # noqa: PLR0124
    return [row for row, key in enumerate(ours) if set(key) != {None} and key not in lookup]


def make_rows(r: Random, kinds: Sequence[str], count: int) -> Rows:
    many = r.choice([2, 10, count, 10 * count + 1])
    nulls = r.choice([0, 0, 0.1, 0.6])
    columns = [[None if r.random() < nulls else KINDS[kind][1](r, many) for _ in range(count)] for kind in kinds]
    return list(zip(*columns, strict=True))


def pieces(r: Random, kinds: Sequence[str], rows: Rows) -> Iterator[list[pa.Array]]:
    """Of random sizes, some of them parts of a larger array."""
    at = 0
    while at < len(rows):
        size = r.choice([1, 2, 3, 10, 50, 200])
        cut = r.choice([0, 0, 1, 3])
        start = max(0, at - cut)
        columns = list(zip(*rows[start : at + size], strict=True))
        yield [pa.array(c, KINDS[kind][0])[at - start :] for c, kind in zip(columns, kinds, strict=True)]
        at += size


def choose(r: Random) -> tuple[list[str], Space]:
    kinds = r.choices(list(KINDS), k=r.choice([1, 1, 1, 2, 3]))
    return kinds, Space(r.choice([256, 256, 256, 2000, 2000, 20_000, None]))


def unique(space: Space, width: int, *, primary: bool = True) -> Unique:
    return Unique(tuple(map(str, range(width))), primary, space)


def settled(key: Unique, rows: Rows, limit: int | None = None) -> list[tuple[int, int]]:
    def fetch(wanted: Sequence[int]) -> list[Key]:
        assert list(wanted) == sorted(set(wanted))
        return [rows[row] for row in wanted]

    return list(key.repeats(limit, fetch))


def check_unique(seed: int) -> bool:
    r = Random(seed)
    kinds, space = choose(r)
    rows = make_rows(r, kinds, r.choice([0, 1, 5, 300, 900, 900]))
    with space:
        key, count = unique(space, len(kinds)), 0
        for piece in pieces(r, kinds, rows):
            key.add(piece)
            count += len(piece[0])
            if r.random() < 0.1:
                limit = r.choice([1, 3, None])
                assert settled(key, rows, limit) == repeats(rows[:count], primary=True)[:limit], seed
        expected = repeats(rows, primary=True)
        assert settled(key, rows) == expected, seed
        assert settled(key, rows, 2) == expected[:2], seed
        assert list(key.nulls) == [row for row, parts in enumerate(rows) if set(parts) == {None}], seed
        candidates = list(key.candidates())
        assert candidates == expected if key.exact else {row for row, _ in expected} <= {row for row, _ in candidates}
        assert sorted(row for row, _ in candidates) == [row for row, _ in candidates], seed
        replayed = sorted({row for pair in candidates for row in pair})
        again = repeats([rows[row] for row in replayed], primary=True)
        assert [(replayed[row], replayed[before]) for row, before in again] == expected, seed
        return space.file.size > 0


@pytest.mark.parametrize("first", range(0, 120, 40))
def test_the_same_rows_as_frictionless_finds(first: int) -> None:
    spilled = [check_unique(seed) for seed in range(first, first + 40)]
    assert sum(spilled) > 8


def check_reference(seed: int) -> None:
    r = Random(seed)
    kinds, space = choose(r)
    within = r.random() < 0.5
    ours = make_rows(r, kinds, r.choice([0, 1, 5, 300, 900, 900]))
    if within:
        theirs = [
            tuple(KINDS[kind][1](r, 50) if r.random() < 0.5 else part for kind, part in zip(kinds, key, strict=True))
            for key in ours
        ]
    else:
        theirs = r.sample(ours, len(ours) // 2) + make_rows(r, kinds, r.choice([0, 5, 300]))
    cut = r.random()
    with space:
        names = tuple(map(str, range(len(kinds))))
        there = Tuples(names, space)
        reference = Reference(names, there, within)
        if within:
            for some, others in zip(pieces(Random(cut), kinds, ours), pieces(Random(cut), kinds, theirs), strict=True):
                reference.add(some)
                there.add(others)
        else:
            for others in pieces(r, kinds, theirs):
                there.add(others)
            for some in pieces(r, kinds, ours):
                reference.add(some)
        expected = missing(ours, theirs)
        assert list(reference.missing()) == expected, seed
        assert list(reference.missing(3)) == expected[:3], seed
        assert reference.exact


@pytest.mark.parametrize("first", range(0, 120, 40))
def test_the_same_missing_rows_as_frictionless_finds(first: int) -> None:
    for seed in range(first, first + 40):
        check_reference(seed)


@contextmanager
def colliding(patch: pytest.MonkeyPatch, bits: int) -> Iterator[None]:
    from generator.tables.proof.keys import numbers

    mixed = numbers._mixed
    with patch.context() as few:
        few.setattr(numbers, "_mixed", lambda a, b: mixed(a, b) & ((1 << bits) - 1))
        yield


@pytest.mark.parametrize("bits", [0, 1, 4])
def test_equal_hashes_decide_nothing(bits: int, monkeypatch: pytest.MonkeyPatch) -> None:
    told, refused = 0, set()
    with colliding(monkeypatch, bits):
        for seed in range(1000, 1040):
            check_unique(seed)
            try:
                check_reference(seed)
                told += 1
            except NotProved as unproved:
                refused.add(unproved.reason)
    assert told > 8
    assert refused == {"key-collision"}


def test_equal_doubles_are_only_candidates() -> None:
    texts = ["0.1", "1", "0.10000000000000000001", "2", "0.100", "1.0", "0.10000000000000000001"]
    rows: Rows = [(Decimal(text),) for text in texts]
    with Space() as space:
        key = unique(space, 1)
        key.add([pa.array(map(float, texts))], exact=False)
        assert list(key.candidates()) == [(2, 0), (4, 2), (5, 1), (6, 4)]
        assert settled(key, rows) == [(4, 0), (5, 1), (6, 2)]
        with pytest.raises(ValueError, match="not exact"):
            key.repeats()


@pytest.mark.parametrize(
    ("kinds", "ours", "theirs", "expected", "exact"),
    [
        (("integer", "number"), pa.array([1, 2, None]), pa.array([1.0, 2.5]), [1], True),
        (("boolean", "integer"), pa.array([True, False]), pa.array([1, 7]), [1], True),
        (("boolean", "number"), pa.array([True, False]), pa.array([-0.0]), [0], True),
        (("integer", "number"), pa.array([2**53 + 1, 5]), pa.array([2.0**53]), [1], False),
    ],
)
def test_numbers_of_several_kinds_are_compared(
    kinds: tuple[str, str], ours: pa.Array, theirs: pa.Array, expected: list[int], exact: bool
) -> None:
    assert comparable(*kinds)
    with Space() as space:
        there = Tuples(("x",), space, (True,))
        there.add([theirs])
        reference = Reference(("x",), there, within=False)
        reference.add([ours])
        assert (list(reference.missing()), reference.exact) == (expected, exact)


def test_kinds_that_are_never_equal_are_not_compared() -> None:
    for kinds in [("date", "datetime"), ("text", "integer"), ("time", "datetime"), ("yearmonth", "text"), ("", "")]:
        assert not comparable(*kinds)


def test_keys_in_order_need_no_room() -> None:
    with Space(100) as space:
        up, down, dates = (unique(space, 1) for _ in range(3))
        for start in range(0, 10_000, 500):
            up.add([pa.array(range(start, start + 500))])
            down.add([pa.array(range(-start, -start - 500, -1))])
            dates.add([pa.array(range(start, start + 500), pa.int32()).cast(pa.date32())])
        assert [list(key.candidates()) for key in (up, down, dates)] == [[], [], []]
        assert space.file.size == 0
        up.add([pa.array([123])])
        assert list(up.candidates()) == [(10_000, 123)], "and yet all of them are known"


def test_keys_with_gaps_take_a_byte() -> None:
    r = Random(1)
    values = sorted(r.sample(range(100_000), 10_000))
    with Space(100) as space:
        key = unique(space, 1)
        for start in range(0, 10_000, 500):
            key.add([pa.array(values[start : start + 500])])
        assert 9_000 < space.file.size < 10_000
        key.add([pa.array([values[77]])])
        assert list(key.candidates()) == [(10_000, 77)]


def test_one_key_in_all_rows() -> None:
    """Sorting puts all of them into one place, which must not have to hold them."""
    with Space(2000) as space:
        key = unique(space, 1)
        for _ in range(40):
            key.add([pa.array(["x"] * 100)])
        assert list(key.candidates(3)) == [(1, 0), (2, 1), (3, 2)]
        assert list(key.candidates()) == [(row, row - 1) for row in range(1, 4000)]
        key._runs.add_new(key._log.numbers)
        assert key._runs.store.count < 1000


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    limits = pytest.importorskip("resource")
    soft, hard = limits.getrlimit(limits.RLIMIT_FSIZE)
    with Space(1000, tmp_path) as space:
        key = unique(space, 1)
        space.file  # noqa: B018  opened before the disk is full
        limits.setrlimit(limits.RLIMIT_FSIZE, (2000, hard))
        try:
            with pytest.raises(SpaceError, match="TMPDIR") as told:
                key.add([pa.array([5, 3, *range(0, 1000, 2)])])
        finally:
            limits.setrlimit(limits.RLIMIT_FSIZE, (soft, hard))
    assert "临时目录" in told.value.zh
    assert list(tmp_path.iterdir()) == []


def test_no_folder_for_temporary_files_is_told(tmp_path: Path) -> None:
    with Space(10, tmp_path / "none") as space, pytest.raises(SpaceError, match="none"):
        unique(space, 1).add([pa.array([1, 5, 3])])


def test_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def fail() -> None:
        with Space(10) as space:
            unique(space, 1).add([pa.array([1, 5, 3])])
            assert space.file.size
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list(tmp_path.iterdir()) == []


TYPED = ["integer", "number", "string", "date", "datetime", "boolean"]


@pytest.mark.parametrize("seed", range(6))
def test_the_plain_rule_is_frictionless_own(seed: int) -> None:
    """What the other tests rely on: rows and positions as ``repeats``, ``missing`` and the nulls above have them."""
    r = Random(seed)
    kind = dict(zip(TYPED, ["integer", "number", "text", "date", "datetime", "boolean"], strict=True))[TYPED[seed]]
    rows = make_rows(r, [kind, "integer"], 60)
    if kind == "number":
        rows = [(None if a is None else Decimal(str(a)), b) for a, b in rows]
    theirs = r.sample(rows, 20)
    fields = [{"name": "a", "type": TYPED[seed]}, {"name": "b", "type": "integer"}]
    foreign = {"fields": ["a", "b"], "reference": {"resource": "theirs", "fields": ["a", "b"]}}
    keys = {"primaryKey": ["a", "b"], "foreignKeys": [foreign], "missingValues": ["-"]}
    made: list[tuple[str, Rows, dict[str, Any]]] = [("ours", rows, keys), ("theirs", theirs, {"missingValues": ["-"]})]
    package = frictionless.Package(
        resources=[
            frictionless.Resource(
                name=name,
                data=[["a", "b"], *([_cell(part) for part in key] for key in table)],
                schema=frictionless.Schema.from_descriptor({"fields": fields, **more}),
            )
            for name, table, more in made
        ]
    )
    report = package.get_resource("ours").validate(limit_errors=10_000)
    told: dict[str, list[tuple[int, str]]] = {"primary-key": [], "foreign-key": []}
    for row, name, note in report.flatten(["rowNumber", "type", "note"]):
        if name in told:
            told[name].append((row - 2, note.rpartition(" ")[2]))
    nulls = [(row, '"None"') for row, key in enumerate(rows) if set(key) == {None}]
    assert told["primary-key"] == sorted([(row, str(last + 2)) for row, last in repeats(rows, primary=True)] + nulls)
    assert [row for row, _ in told["foreign-key"]] == missing(rows, theirs)


def _cell(value: Any) -> Any:
    if value is None:
        return "-"
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def test_pairs_come_one_after_the_other() -> None:
    """A caller who stops early need not wait for the rest."""
    with Space() as space:
        key = unique(space, 1)
        key.add([pa.array([1] * 1000)])
        assert list(islice(key.candidates(), 2)) == [(1, 0), (2, 1)]
