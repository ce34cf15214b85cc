"""No pattern of a descriptor can hang the check, and patterns that end judge as Python's ``re`` does."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import frictionless
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from frictionless import Field

from generator.problems import words
from generator.tables import guard, validate
from generator.tables.effort import steps
from generator.tables.guard import GuardedPattern, PatternTimeout, guarded, guarded_reader
from generator.tables.likely import likely
from generator.tables.metadata_notes import kind_of_note
from generator.tables.proof.pattern import exact, narrowed
from tests.tables.random_tables import without_time
from tests.tables.table_packages import check, convert, table, write

HOSTILE = "(?=a)(a+)+b"
"""Looks ahead, so that RE2 cannot take it."""
ENDLESS = "a" * 40


@pytest.fixture(autouse=True)
def _little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "PATIENCE", 0.1)
    monkeypatch.setattr(guarded_reader, "__kwdefaults__", {"patience": 0.1})
    monkeypatch.setattr(GuardedPattern.__init__, "__kwdefaults__", {"patience": 0.1})


# --- patterns as RE2 has them

_PARTS = "a|b|ab|\\d|\\w|\\s|\\D|\\W|\\S|.|[a-c]|[^a]|[^\\w]|[\\d\\s]|[^\\d\\n]|\\n|é|江|[一-鿿]|-|[-a]|\\.|[^\\S\\n]|1".split(
    "|"
)
_LETTERS = [*"aabb1c -.\n\n_A\r\x00\x1c\x85\x7f", "é", "江", "٣", "\u00a0", "\u2028", "\u0661", "𝟙", "\U0001f600"]


def _pattern(r: random.Random, depth: int = 0) -> str:
    kind = r.random()
    if depth > 3 or kind < 0.4:
        return r.choice(_PARTS)
    if kind < 0.6:
        return "".join(_pattern(r, depth + 1) for _ in range(r.randint(1, 3)))
    if kind < 0.75:
        return f"(?:{_pattern(r, depth + 1)})" + r.choice(["*", "+", "?", "{2}", "{1,3}", "{,2}", "*?", "+?", "??"])
    if kind < 0.85:
        branches = "|".join(r.choice(["", _pattern(r, depth + 1)]) for _ in range(r.randint(1, 3)))
        return f"({branches})" + r.choice(["", "*", "+", "?"])
    if kind < 0.9:
        return _pattern(r, depth + 1) + "|" + _pattern(r, depth + 1)
    return r.choice(["^", "\\A", ""]) + _pattern(r, depth + 1) + r.choice(["$", "\\Z", "$$", "\\b", "(?=a)", ""])


def _text(r: random.Random) -> str:
    if r.random() < 0.1:
        codes = [r.choice([r.randrange(0xD800), r.randrange(0xE000, 0x110000)]) for _ in range(r.randint(0, 3))]
        return "".join(map(chr, codes))
    return "".join(r.choice(_LETTERS) for _ in range(r.randint(0, 7)))


def test_re2_judges_as_python_does() -> None:
    r = random.Random(5)
    translated = 0
    for _ in range(200):
        pattern = f"^{_pattern(r)}$"
        texts = [_text(r) for _ in range(60)]
        wanted = [re.match(pattern, text) is not None for text in texts]
        array, same, less = pa.array(texts), exact(pattern), narrowed(pattern)
        if same:
            translated += 1
            assert pc.match_substring_regex(array, same).to_pylist() == wanted, pattern
        if less:
            found = pc.match_substring_regex(array, less).to_pylist()
            assert not any(ours and not theirs for ours, theirs in zip(found, wanted, strict=True)), pattern
    assert translated > 120


@pytest.mark.parametrize(
    "pattern",
    r"(a)\1 (?=a)a (?!a)b (?<=a)b \bx \Bx (?i:a) (?>a+)b a++b a$b (a$)* a{1001} (?:a{100}){100} ( (?:\w{900}){2}".split(),
)
def test_what_is_not_regular_or_too_big_is_refused(pattern: str) -> None:
    assert exact(f"^{pattern}$") is None


@pytest.mark.parametrize(
    "pattern", ["[^\\s]+( [^\\s]+)*", "[\\w.-]+@[\\w-]+(\\.\\w{2,})+", "(ab|cd)?[0-9]{,3}.*", "a$|b"]
)
def test_patterns_as_people_write_them_are_regular(pattern: str) -> None:
    assert exact(f"^{pattern}$")


# --- how long Python may take


def test_harmless_patterns_are_known() -> None:
    for pattern in (r"[A-Z]{2}-[0-9]{6}", ".*", r"(?=.*\d)(?=.*[A-Z]).{8,}", "https?://.+", r"(\d+)-\1"):
        assert steps(f"^{pattern}$", 100) < 15_000, pattern


@pytest.mark.parametrize(
    "pattern", ["(a+)+b", "(a|aa)+b", "(a*)*b", "(?:a?){30}a{30}", "(.*)(.*)(.*)(.*)(.*)b", "(a+b?)+c"]
)
def test_hostile_patterns_are_never_taken_for_harmless(pattern: str) -> None:
    assert steps(f"^{pattern}$", 60) > 1_000_000


def test_the_bound_on_steps_holds() -> None:
    """Against a machine that goes back and forth as ``re`` does, and counts."""
    r = random.Random(3)
    for _ in range(150):
        pattern = _pattern(r)
        for text in (_text(r), "a" * 6, "ab" * 3):
            assert _paths(pattern, text) <= steps(pattern, len(text)) + 1, (pattern, text)


def _paths(pattern: str, text: str) -> int:
    """In how many different ways the pattern matches from the start: each is a path that ``re`` would have to try."""
    from re import _parser

    return sum(1 for _ in _ends(list(_parser.parse(pattern)), text, 0))


def _ends(items: list[Any], text: str, at: int) -> Any:
    from re import _constants as sre

    if not items:
        yield at
        return
    (operator, value), *rest = items
    if operator is sre.BRANCH:
        for branch in value[1]:
            yield from _ends([*branch, *rest], text, at)
    elif operator is sre.SUBPATTERN:
        yield from _ends([*value[3], *rest], text, at)
    elif operator in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        least, most, body = value
        for after in set(_ends(list(body), text, at)) if most else ():
            if after > at or least:
                again = (operator, (max(least - 1, 0), most if most is sre.MAXREPEAT else most - 1, body))
                yield from _ends([again, *rest], text, after)
        if not least:
            yield from _ends(rest, text, at)
    elif operator in (sre.AT, sre.ASSERT):
        yield from _ends(rest, text, at)
    elif at < len(text):
        yield from _ends(rest, text, at + 1)


# --- readers


def _field(**described: Any) -> Field:
    return Field.from_descriptor({"name": "x", "type": "string"} | described)


def test_a_reader_gives_up_in_time() -> None:
    read = guarded_reader(_field(constraints={"pattern": HOSTILE}))
    start = time.perf_counter()
    with pytest.raises(PatternTimeout, match=re.escape(HOSTILE)):
        read(ENDLESS)
    with pytest.raises(PatternTimeout):  # and does not wait once more
        read("a" * 30 + "b")
    assert time.perf_counter() - start < 5


def test_many_texts_share_one_bound() -> None:
    """Each takes a while, none of them for ever."""
    read = guarded_reader(_field(constraints={"pattern": HOSTILE}))
    start = time.perf_counter()
    texts = ["a" * 18 + str(number) for number in range(10_000)]
    with pytest.raises(PatternTimeout):
        list(map(read, texts))
    assert time.perf_counter() - start < 10


def test_items_of_arrays_are_guarded() -> None:
    read = guarded_reader(_field(type="array", arrayItem={"type": "string", "constraints": {"pattern": HOSTILE}}))
    assert read('["ab", "c"]')[1] == {"pattern": f'array item constraint "pattern" is "{HOSTILE}"'}
    with pytest.raises(PatternTimeout):
        read(f'["{ENDLESS}"]')


@pytest.mark.parametrize("pattern", ["[a-z]+", "(a+)+b", HOSTILE, r"(a|b)*\b", "a|b", r"\w+( \w+)*"])
def test_a_guarded_reader_reads_as_its_field_does(pattern: str) -> None:
    field = _field(constraints={"pattern": pattern, "maxLength": 9, "enum": ["ab", "b", "a\n", "é é"]})
    theirs, ours = field.create_cell_reader(), guarded_reader(field)
    for text in ["", "ab", "aab", "a", "b", "x", "a\n", "ab\n", "é é", "a" * 12 + "b", "a\ud800", 5, None]:
        assert ours(text) == theirs(text), text
    assert field.create_cell_reader()("ab") == theirs("ab")


def test_affixes_of_numbers_take_linear_time() -> None:
    library, ours, r = re.compile(guard._LIBRARYS_AFFIXES), guard._Affixes(), random.Random(1)
    for _ in range(20_000):
        text = "".join(r.choice("a1-. \n٣$") for _ in range(r.randint(0, 7))).strip()
        assert ours.sub("", text) == library.sub("", text), text
    start = time.process_time()
    for kind in ("integer", "number"):
        assert guarded_reader(_field(type=kind, bareNumber=False))("1" + "a" * 200_000 + "1")[1]
    assert time.process_time() - start < 5  # the library takes minutes


def test_processes_end_with_their_reader() -> None:
    pattern = GuardedPattern(HOSTILE)
    assert pattern.match("a" * 8 + "b")
    process = pattern._child._process  # type: ignore[union-attr]
    assert process.poll() is None
    del pattern
    assert process.poll() is not None


def test_a_child_ends_when_its_parent_is_gone() -> None:
    code = f"""if True:
        import os
        from generator.tables.guard import GuardedPattern
        pattern = GuardedPattern({HOSTILE!r})
        pattern.match("aaaaaaaaab")
        print(pattern._child._process.pid, flush=True)
        os._exit(1)
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    child = Path("/proc") / done.stdout.strip()
    if not child.parent.is_dir():
        pytest.skip("no /proc here")
    for _ in range(100):
        state = (child / "stat").read_text().split()[2] if child.exists() else "gone"
        if state in ("gone", "Z"):
            return
        time.sleep(0.05)
    pytest.fail("it is still there")


def test_guesses_do_not_wait() -> None:
    start = time.perf_counter()
    assert likely("ａ" * 40, _field(constraints={"pattern": HOSTILE})) == ""
    assert likely("2024-01-06" + " " * 100_000 + "x", _field(type="date")) == ""
    assert time.perf_counter() - start < 2


def test_long_notes_do_not_wait() -> None:
    start = time.perf_counter()
    found = kind_of_note("package-error", "' does not match '" * 20_000 + "' at property 'name'")
    assert time.perf_counter() - start < 2
    assert found[0] == "name-pattern"


# --- tables


def _table(folder: Path, text: str, *fields: dict[str, Any], **more: Any) -> Any:
    write(folder, {"table.csv": text})
    descriptor = {"name": "t", "path": "table.csv", "schema": {"fields": list(fields)} | more}
    return frictionless.Resource.from_descriptor(descriptor, basepath=str(folder))


X = {"name": "x", "constraints": {"pattern": HOSTILE}}
Y = {"name": "y", "type": "integer"}


@pytest.mark.parametrize("rows", [1, 20_000], ids=["small", "large"])
def test_a_table_is_judged_up_to_the_cell_that_takes_too_long(rows: int, tmp_path: Path) -> None:
    text = "x,z\n" + "ab,1\n" * rows + "c,2\n" + f"{ENDLESS},3\nc,x\n"
    resource = _table(tmp_path, text, X, Y)
    report = validate(resource)
    found: list[Any] = report.tasks[0].errors
    label, pattern, stopped = found
    assert (label.type, pattern.type, stopped.type) == ("incorrect-label", "constraint-error", "pattern-timeout")
    assert (pattern.row_number, stopped.row_number, stopped.field_name) == (rows + 2, rows + 3, "x")
    assert (stopped.cell, stopped.value, stopped.field_number) == (ENDLESS, HOSTILE, 1)
    assert report.tasks[0].warnings == ["the rest of the table was not judged"]
    assert report.tasks[0].labels == ["x", "z"]
    assert stopped.to_descriptor()["rowNumber"] == rows + 3
    assert "create_cell_reader" not in vars(resource.schema.fields[0])
    assert type(resource.detector) is frictionless.Detector


def test_before_that_the_report_is_frictionless_s(tmp_path: Path) -> None:
    text = "x,y\nab,1\nc,2\naab,x\n,\n"
    theirs = without_time(_table(tmp_path, text, X, Y, primaryKey=["y"]).validate())
    assert without_time(validate(_table(tmp_path, text, X, Y, primaryKey=["y"]))) == theirs


@pytest.mark.parametrize("own", [True, False])
def test_a_foreign_key_leads_to_a_cell_that_takes_too_long(own: bool, tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": f"x\nab\n{ENDLESS}\n", "b.csv": "x\nab\n"})
    key = {"fields": "x", "reference": {"resource": "" if own else "a", "fields": "x"}}
    a: dict[str, Any] = {"name": "a", "path": "a.csv", "schema": {"fields": [X]}}
    b: dict[str, Any] = {"name": "b", "path": "b.csv", "schema": {"fields": [{"name": "x"}], "foreignKeys": [key]}}
    if own:
        b |= {"path": "a.csv", "schema": {"fields": [X], "foreignKeys": [key]}}
    descriptor = json.loads(json.dumps({"resources": [a, b]}))  # nothing is shared
    package = frictionless.Package.from_descriptor(descriptor, basepath=str(tmp_path))
    found: list[Any] = validate(package.get_resource("b")).tasks[0].errors
    (error,) = found
    assert (error.type, error.reference, error.field_name) == ("pattern-timeout", "b" if own else "a", "x")
    assert error.row_number is None
    problem = check(descriptor, tmp_path)[-1]
    assert (problem.name, problem.resource, problem.file) == ("pattern-timeout", "b", "agency/dataset/datapackage.yaml")


def test_threads_do_not_disturb_each_other(tmp_path: Path) -> None:
    """One waits in vain while the other reads a field of the same package as it is."""
    found: list[Any] = []
    resource = _table(tmp_path, f"x,y\n{ENDLESS},1\n", X, Y)
    thread = threading.Thread(target=lambda: found.append(validate(resource)))
    thread.start()
    other = _field(constraints={"pattern": HOSTILE}).create_cell_reader()
    assert other("ab") == ("ab", None)
    thread.join(20)
    assert found[0].tasks[0].errors[0].type == "pattern-timeout"


def test_reading_for_conversion_is_guarded(tmp_path: Path) -> None:
    resource = _table(tmp_path, f"x,y\nab,1\n{ENDLESS},1\n", X, Y)
    with guarded(resource), pytest.raises(PatternTimeout), resource:
        [row.to_dict() for row in resource.row_stream]
    with resource:
        assert next(resource.row_stream).to_dict() == {"x": "ab", "y": 1}


def test_a_table_that_re2_judges_is_converted(tmp_path: Path) -> None:
    """Python would never end on it, and frictionless reads it once more here."""
    write(tmp_path, {"a.csv": f"x\n{ENDLESS}c\n"})
    descriptor = table("a.csv", {"name": "x", "constraints": {"pattern": "(a+)+(b|c)|(a|a)*!"}})
    assert check(descriptor, tmp_path) == ()
    assert convert(descriptor, tmp_path).rows == 1


def test_words_name_the_place_and_the_pattern(tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": f"x\nab\n{ENDLESS}\n"})
    (problem,) = check(table("a.csv", X), tmp_path)
    assert (problem.file, problem.row, problem.line, problem.field) == ("agency/dataset/a.csv", 3, 3, "x")
    message = f"列「x」的 pattern「{HOSTILE}」在限定时间内判断不出一个值合不合格（frictionless 在这里会一直算下去）。停在：第 3 行，列「x」，现值「{ENDLESS}」，pattern {HOSTILE}。其余部分没有检查。"
    assert words(problem, "zh")[1] == message
    assert f"row 3, field x, value “{ENDLESS}”" in words(problem, "en")[1]


def test_nothing_of_a_withheld_table_is_told(tmp_path: Path) -> None:
    write(tmp_path, {"a.csv": f"x\n{ENDLESS}\n"})
    (problem,) = check(table("a.csv", X), tmp_path, withheld=["table"])
    assert (problem.name, problem.published, problem.row) == ("pattern-timeout", False, 2)
    assert ENDLESS not in repr(problem)


def test_a_profile_of_the_descriptor_s_own_takes_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # from where the library seeks it
    write(tmp_path, {"a.csv": "x\n1\n", "profile.json": '{"properties": {"version": {"pattern": "^(a+)+$"}}}'})
    descriptor = table("a.csv") | {"profile": "profile.json", "version": "aaab"}
    assert [p.name for p in check(descriptor, tmp_path)] == ["property-pattern"]
    monkeypatch.setattr(guard, "_PROFILE_PATIENCE", 1)
    assert [p.name for p in check(descriptor | {"version": ENDLESS + "b"}, tmp_path)] == ["profile-timeout"]
