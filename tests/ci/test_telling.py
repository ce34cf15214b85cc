"""What is told on a forge: nothing that stands in a cell or a name does anything there."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from string import Formatter
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.ci.annotations import MOST, Silence, command, to_annotations
from generator.ci.changes import to_changed
from generator.ci.gitlab import to_codequality, to_junit
from generator.ci.markdown import code, escaped, prose, visible
from generator.ci.places import Lines
from generator.ci.record import (
    MAX_BYTES,
    Became,
    Changed,
    Example,
    Group,
    Other,
    Record,
    Told,
    grouped,
    read_record,
    to_json,
)
from generator.ci.telling import COMMENT, COMMENT_LENGTH, SUMMARY, SUMMARY_BYTES, to_markdown
from generator.compatibility import SchemaChange
from generator.errors import ConfigError
from generator.problems import Problem, catalogue
from generator.schema_words import SENTENCES
from tests.ci.hostile import TEXTS, does_nothing

PAGE = "https://github.com/kaishu-portal/jiangmen/actions/runs/9100000001"
KINDS = tuple(catalogue())


def changed_table(text: str, kinds: Iterable[str] = SENTENCES) -> Changed:
    """With ``text`` wherever a text may stand."""
    became = Became(text, text, text)
    examples = tuple(Example(state, (text,), (became,)) for state in ("removed", "changed", "added"))
    breaking = tuple(SchemaChange(what, True, text, text, text, text) for what in kinds)
    properties = (became, Became("openness", text, text), Became("licenses", text, text))
    return Changed(text, text, "changed", 10, 9, 1, 2, 3, breaking, properties, examples)


def problem(kind: str, text: str, *, row: int | None = 3, likely: str = "") -> Problem:
    """Of this kind, with ``text`` wherever its message would show something."""
    entry = catalogue()[kind]
    texts = [part.to(lang)[0] for part in (entry.message, entry.fix) for lang in ("zh", "en")]
    spoken = {name for words in texts for _, name, _, _ in Formatter().parse(words) if name}
    own = {"name", "dataset", "file", "resource", "field", "row", "line", "column", "value", "expected", "likely"}
    more = tuple((key, text) for key in sorted(spoken - own))
    return Problem(kind, text, text, text, text, row, None, 2, text, text, likely, more=more)


def record(*problems: Problem, **parts: Any) -> Record:
    made = Record(
        result="mend",
        touched=tuple(p.dataset for p in problems),
        errors=len(problems),
        groups=grouped(Told(p, catalogue()[p.name].severity) for p in problems),
        prefix="datasets/",
        preview=2,
    )
    return replace(made, **parts)


def written(made: Record, folder: Path) -> Record:
    """As the one that comments has it."""
    file = folder / "report.json"
    file.write_text(to_json(made), "utf-8")
    return read_record(file)


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: repr(text[:20]))
def test_hostile_texts_do_nothing_wherever_they_stand(text: str, tmp_path: Path) -> None:
    made = record(
        problem("type-date", text, likely=text),
        problem("name-taken", text),
        *(problem("foreign-key", text, row=row) for row in range(2, 9)),
        problem("update-overdue", text),
        gone=(text,),
        dependent=(text,),
        others=(Other(text, 3),),
        differences=(changed_table(text),),
    )
    for each in (made, written(made, tmp_path)):
        does_nothing(to_markdown(each, SUMMARY))
        does_nothing(to_markdown(each, COMMENT, run=PAGE), link=PAGE)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_problem_with_all_hostile_texts(kind: str) -> None:
    text = " ".join(text for text in TEXTS if len(text) < 100)
    found = does_nothing(to_markdown(record(problem(kind, text), problem(kind, "@x")), COMMENT, run=PAGE), link=PAGE)
    assert f"{catalogue()[kind].code} " in found.text


@given(st.text())
def test_any_text_in_code_is_shown_and_ends_no_span(text: str) -> None:
    found = does_nothing(f"现值 {code(text)} → 完")
    assert found.text.strip() == "现值  → 完" if code(text) else True
    if visible(text).strip():
        assert found.code == [visible(text if len(text) <= 200 else f"{text[:200]}…")]


@given(st.text())
def test_any_text_amid_prose_does_nothing(text: str) -> None:
    does_nothing(f"x {prose(text)} x")


@given(st.text(st.characters(categories=("L", "N", "P", "S"))))
def test_our_own_words_are_shown_as_they_are(text: str) -> None:
    assert does_nothing_but_text(f"x{escaped(text)}x") == f"x{text}x"


def does_nothing_but_text(markdown: str) -> str:
    from marko.ext.gfm import gfm

    from tests.ci.hostile import Rendered

    return Rendered(gfm(markdown)).text.strip()


def test_words_of_a_value_are_no_placeholders(tmp_path: Path) -> None:
    found = does_nothing(to_markdown(record(problem("license-unknown", "{expected} \ue0000\ue001")), COMMENT))
    assert "{expected} \\ue0000\\ue001" in found.code


# --- limits


def many(count: int) -> list[Problem]:
    return [Problem("type-date", "a", f"a/{n}.csv", f"r{n}", "f", n, n, 1, "x" * 300, "y" * 300) for n in range(count)]


def test_a_comment_and_a_summary_fit_into_what_the_forge_takes() -> None:
    made = record(*many(5000), touched=tuple(f"{n}" for n in range(5000)), advice=0)
    comment = to_markdown(made, COMMENT, run=PAGE)
    assert len(comment) <= COMMENT_LENGTH < 65_536
    assert "另有" in comment
    assert "</details>" in comment
    assert comment.count("a/0.csv") == 2, "each language"
    summary = to_markdown(made, SUMMARY)
    assert len(summary.encode()) <= SUMMARY_BYTES < 1 << 20
    assert len(summary) > len(comment)


def test_a_report_is_never_larger_than_is_read_back(tmp_path: Path) -> None:
    nasty = "\U0001f4a3" * 4000
    made = record(
        *(problem(kind, nasty) for kind in KINDS),
        *many(3000),
        others=tuple(Other(nasty, 1) for _ in range(500)),
        differences=tuple(
            replace(
                changed_table(nasty),
                breaking=(SchemaChange("type", True, nasty, nasty, nasty, nasty),) * 99,
                properties=(Became(nasty, nasty, nasty),) * 99,
                examples=(Example("added", (nasty,) * 99, (Became(nasty, nasty, nasty),) * 99),) * 99,
            )
            for _ in range(99)
        ),
        touched=(nasty,) * 99,
        dependent=(nasty,) * 99,
        gone=(nasty,) * 99,
    )
    back = written(made, tmp_path)
    assert (tmp_path / "report.json").stat().st_size <= MAX_BYTES
    assert back.errors == made.errors
    assert back.groups


def test_a_report_is_read_back_as_it_was(tmp_path: Path) -> None:
    made = record(
        *(
            Problem("type-date", "a/b", "a/b/c.csv", "c", "d", row, row + 1, 4, "现值", "应为", "")
            for row in range(2, 30)
        ),
        problem("update-overdue", "词"),
        advice=1,
        others=(Other("a/z", 2),),
        unchecked=3,
        differences=(changed_table("文", ("type", "unit")),),
        counts=(29, 0, 0),
        base="a" * 40,
        head="b" * 40,
    )
    back = written(made, tmp_path)
    assert back == replace(made, groups=back.groups)
    assert [(g.first, g.count) for g in back.groups] == [(g.first, g.count) for g in made.groups]


@pytest.mark.parametrize(
    "change",
    [
        {"extra": 1},
        {"format": 1},
        {"errors": -1},
        {"errors": 1.5},
        {"errors": True},
        {"result": "<b>"},
        {"base": "main"},
        {"touched": ["x" * 301]},
        {"touched": ["x"] * 51},
        {"touched": "x"},
        {"others": [{"dataset": "x", "errors": 1, "more": 1}]},
        {"problems": [{"code": "T105", "severity": "error", "count": 1, "problems": []}]},
        {
            "problems": [
                {
                    "code": "T105",
                    "severity": "fatal",
                    "count": 1,
                    "problems": [{"name": "x", "more": {}, "public": True}],
                }
            ]
        },
        {"preview": "9"},
        {"problems": None},
    ],
    ids=str,
)
def test_a_report_of_another_form_is_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    file = tmp_path / "report.json"
    file.write_text(json.dumps({**json.loads(to_json(Record("clean"))), **change}), "utf-8")
    with pytest.raises(ConfigError):
        read_record(file)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"errors": NaN}',
        b'{"errors": ' + b"9" * 5000 + b"}",
        b" " * (MAX_BYTES + 1),
    ],
    ids=lambda content: repr(content[:12]),
)
def test_what_is_no_report_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "report.json").write_bytes(content)
    with pytest.raises(ConfigError):
        read_record(tmp_path / "report.json")
    with pytest.raises(ConfigError):
        read_record(tmp_path / "missing.json")


def test_a_rule_that_is_not_known_here_stays_counted(tmp_path: Path) -> None:
    content = json.loads(to_json(record(problem("type-date", "x"))))
    content["problems"][0]["problems"][0]["name"] = "rule-of-tomorrow"
    (tmp_path / "report.json").write_text(json.dumps(content), "utf-8")
    back = read_record(tmp_path / "report.json")
    assert (back.groups, back.errors) == ((), 1)
    assert "另有 1 处" in to_markdown(back, COMMENT)


def test_values_of_data_that_are_not_open_stay_behind(tmp_path: Path) -> None:
    secret = replace(problem("type-date", "x"), value="机密7731", likely="机密7732", published=False)
    made = to_json(record(secret))
    assert "机密" not in made
    assert json.loads(made)["problems"][0]["problems"][0]["row"] == 3


# --- annotations


def no_line(_: Problem) -> int | None:
    return None


@pytest.mark.parametrize(("count", "told"), [(1, 1), (9, 9), (10, 10), (11, 10), (500, 10)])
def test_at_most_ten_of_a_level_and_the_rest_counted(count: int, told: int) -> None:
    groups = grouped(
        [Told(each, severity) for severity in ("error", "advice") for each in many(count)]  # the same kinds twice
    )
    groups = (
        *(Group(g.first, "error", g.problems[:1], 1) for g in groups),
        *(Group(g.first, "advice", g.problems[:1], 1) for g in groups),
    )
    lines = list(to_annotations(groups, "datasets/", no_line))
    for level in ("error", "warning"):
        found = [line for line in lines if line.startswith(f"::{level} ")]
        assert len(found) == told <= MOST
        if count > MOST:
            assert f"另有 {count - 9} 处" in found[-1]
            assert f"{count - 9} more" in found[-1]


def test_each_kind_is_shown_before_its_repeats() -> None:
    dates = [Problem("type-date", "a", "a/a.csv", "a", "f", row, row, 1, "x", "y") for row in range(2, 40)]
    groups = grouped(Told(each, "error") for each in (*dates, problem("license-unknown", "z")))
    lines = list(to_annotations(groups, "", no_line))
    assert "M128" in lines[1]


def test_a_file_on_another_host_is_no_file_of_the_repository() -> None:
    found = Problem("type-date", "a", "https://data.test.example/a.csv", "a", "f", 2, 2, 1, "x", "y")
    (line,) = to_annotations(grouped([Told(found, "error")]), "datasets/", no_line)
    assert line.startswith("::error title=")
    assert "`https://data.test.example/a.csv`" in to_markdown(record(found), COMMENT)


@given(st.text(), st.text(min_size=1))
def test_a_command_is_one_line_and_says_what_it_was_given(message: str, file: str) -> None:
    line = command("error", message, file=file, title="x")
    assert "\n" not in line
    assert "\r" not in line
    head, _, data = line.removeprefix("::error ").partition("::")
    properties = dict(part.split("=", 1) for part in head.split(","))
    assert unescaped(properties["file"], ":", ",") == file
    assert unescaped(data) == message
    assert properties["title"] == "x"


def unescaped(text: str, *more: str) -> str:
    for character in ("\r", "\n", *more):
        text = text.replace(f"%{ord(character):02X}", character)
    return text.replace("%25", "%")


def test_nobody_can_end_the_silence() -> None:
    assert len({Silence().begin for _ in range(5)}) == 5
    silence = Silence()
    assert silence.begin == f"::stop-commands::{silence.end.strip(':')}"


# --- GitLab


def test_junit_and_code_quality() -> None:
    made = record(
        *(problem("type-date", text) for text in TEXTS if text.strip()),
        problem("update-overdue", "x"),
        touched=("fine",),
    )
    suites = ET.fromstring(to_junit(made))
    names = [suite.get("name") for suite in suites]
    assert names[0] == "fine"
    assert len(suites.findall(".//failure")) == sum(group.blocks for group in made.groups)
    fine = suites.find("testsuite[@name='fine']")
    assert fine is not None
    assert fine.get("failures") == "0"
    found = json.loads(to_codequality(made.groups, "datasets/", lambda _: 7))
    assert len(found) == len({each["fingerprint"] for each in found}) == sum(len(g.problems) for g in made.groups)
    for each in found:
        assert set(each) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert each["severity"] in ("major", "info")
        assert each["location"]["path"].startswith(("datasets/", "https://evil.test"))
        assert each["location"]["lines"] == {"begin": 7}


# --- lines of descriptors


DESCRIPTOR = """name: a
title: 甲
access:
  review_by: 2024-01-01
resources:
  - name: one
    path: one.csv
  - name: two
    path: two.csv
    schema:
      fields:
        - {name: x, type: string}
        - name: y
          type: date
"""


@pytest.mark.parametrize(
    ("resource", "field", "line"),
    [
        ("", "title", 2),
        ("", "access.review_by", 4),
        ("", "access.nothing", 3),
        ("two", "path", 9),
        ("two", "y", 13),
        ("two", "", 8),
        ("", "licenses", 1),
        ("three", "path", 1),
    ],
)
def test_the_line_of_a_property(tmp_path: Path, resource: str, field: str, line: int) -> None:
    (tmp_path / "datapackage.yaml").write_text(DESCRIPTOR, "utf-8")
    found = Problem("title-missing", "a", "datapackage.yaml", resource, field)
    assert Lines(tmp_path)(found) == line
    assert Lines(tmp_path)(replace(found, line=77)) == 77


@pytest.mark.parametrize("text", ["[" * 9000, "\t- x: [", "a: *b", "\x00", "", "- 1", "{" * 9000, " " * 900 + "x"])
def test_no_line_of_what_cannot_be_read(tmp_path: Path, text: str) -> None:
    (tmp_path / "datapackage.yaml").write_text(text, "utf-8")
    assert Lines(tmp_path)(Problem("x", "a", "datapackage.yaml", field="title")) in (None, 1)
    assert Lines(tmp_path)(Problem("x", "a", "missing.yaml", field="title")) is None


def test_a_line_in_json(tmp_path: Path) -> None:
    (tmp_path / "datapackage.json").write_text('{\n\t"name": "a",\n\t"title": ""\n}\n', "utf-8")
    assert Lines(tmp_path)(Problem("x", "a", "datapackage.json", field="title")) == 3


# --- the diff of data


def test_what_a_diff_finds_has_its_place_in_the_report(tmp_path: Path) -> None:
    def cell(field: str, before: str | None, after: str | None) -> SimpleNamespace:
        return SimpleNamespace(field=field, before=before, after=after)

    def prop(name: str, *, loss: bool = False) -> SimpleNamespace:
        return SimpleNamespace(property=name, before="甲", after="乙", loss=loss, breaking=False)

    rows = SimpleNamespace(
        before=10,
        after=9,
        added=1,
        removed=2,
        changed=3,
        samples=(
            SimpleNamespace(state="removed", key=("7",), cells=(cell("a", "旧", None),)),
            SimpleNamespace(state="changed", key=("8",), cells=(cell("a", "旧", "新"),)),
        ),
    )
    change = SchemaChange("type", True, "a", "type", "integer", "string")
    table = SimpleNamespace(name="t", state="changed", rows=rows, schema=(change,), properties=())
    gone = SimpleNamespace(name="u", state="removed", rows=None, schema=(), properties=())
    dataset = SimpleNamespace(
        folder="x/y", state="changed", properties=(prop("title"), prop("openness", loss=True)), resources=(table, gone)
    )
    made = record(problem("type-date", "x"), differences=to_changed(SimpleNamespace(datasets=(dataset,))))
    found = written(made, tmp_path).differences
    assert [(each.resource, each.state, each.removed) for each in found] == [
        ("", "changed", 0),
        ("t", "changed", 2),
        ("u", "removed", 0),
    ]
    assert [one.name for one in found[0].properties] == ["openness", "title"], "what is lost comes first"
    text = to_markdown(replace(made, differences=found), COMMENT)
    assert "**删去 2 行（20%）** · 修改 3 行（30%） · 增加 1 行" in text
    assert "会影响使用者：字段 `a` 的类型：`integer` → `string`" in text
    assert "Breaks what reads the data: Type of `a`: `integer` → `string`" in text
    assert "➖ `7`：`a` `旧`\n" in text
    assert "`8`：`a` `旧` → `新`" in text
    assert "开放属性：`甲` → `乙`" in text


def test_rows_of_each_kind_are_shown_though_many_were_removed(tmp_path: Path) -> None:
    def sample(state: str, number: int) -> SimpleNamespace:
        return SimpleNamespace(state=state, key=(f"{number}",), cells=())

    samples = tuple(sample(state, n) for n, state in enumerate(["removed"] * 5 + ["changed"] * 5 + ["added"] * 5))
    rows = SimpleNamespace(before=9, after=9, added=5, removed=5, changed=5, samples=samples)
    table = SimpleNamespace(name="t", state="changed", rows=rows, schema=(), properties=())
    dataset = SimpleNamespace(folder="x/y", state="changed", properties=(), resources=(table,))
    (found,) = to_changed(SimpleNamespace(datasets=(dataset,)))
    assert [each.state for each in found.examples] == ["removed", "removed", "changed", "changed", "added"]


def test_a_breaking_change_of_an_unknown_kind_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    strange = Changed("d", "r", breaking=(SchemaChange("type", True, "a", "type", "x", "y"),))
    file.write_text(
        to_json(record(problem("type-date", "x"), differences=(strange,))).replace('"what": "type"', '"what": "newer"'),
        "utf-8",
    )
    assert read_record(file).differences[0].breaking == ()


def test_each_of_many_has_its_cell_and_line() -> None:
    plain = [Problem("type-integer", "a", "a/t.csv", "t", "f", n, n + 1, 2, "约3", "12") for n in (3, 4)]
    made = to_markdown(record(*plain), COMMENT)
    assert "  - 第 3 行（文件第 4 行）「`f`」 (B3)：现值「`约3`」，应为整数，如 `12`。\n" in made
    assert "  - row 4 (line 5 of the file) `f` (B4): “`约3`” should be" in made
    likely = [replace(p, likely="3") for p in plain]
    assert "  - 第 4 行（文件第 5 行）「`f`」 (B4)：现值 `约3` → 应为 `3`\n" in to_markdown(record(*likely), COMMENT)
    assert "」 (B3)\\\n  现值「`约3`」，应为整数" in to_markdown(record(plain[0]), COMMENT)


def test_of_data_that_are_not_open_no_count_is_told() -> None:
    hidden = [
        Problem("type-integer", "a", "a/t.csv", "t", "f", n, n, 2, expected="12", published=False) for n in range(2, 9)
    ]
    made = to_markdown(record(*hidden), COMMENT)
    assert "同类" not in made
    assert "……另有" not in made
    assert "of this kind" not in made
