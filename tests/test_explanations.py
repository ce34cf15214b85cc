"""Each kind of problem has both languages, an example that is true and a page; and no library's English gets through."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from generator.problems import catalogue, values, words
from generator.problems.explanations import FAMILIES, explanations, find
from tests import examples
from tests.test_cases import CASES

_CHINESE = re.compile("[\u4e00-\u9fff]")


def test_the_examples_are_made_of_the_cases() -> None:
    assert examples.FILE.read_text("utf-8") == examples.text(), "run python -m tests.examples"


@pytest.mark.parametrize("name", list(catalogue()))
def test_every_kind_is_explained_in_both_languages(name: str) -> None:
    explained = explanations()[name]
    texts = (explained.why, explained.way.web, *filter(None, (explained.way.excel, explained.after)))
    for text in (*texts, explained.kind.title, explained.kind.message, explained.kind.fix):
        assert text.has("zh"), name
        assert text.has("en"), name
        assert _CHINESE.search(text.to("zh")[0]) or text is explained.kind.fix or "{" in text.to("zh")[0], name
        assert not re.search("[\u3000-\u303f\uff00-\uffef]", text.to("en")[0]), name
    assert any(explained.kind.code.startswith(letter) for letter, _ in FAMILIES)


@pytest.mark.parametrize("name", list(examples.case_of()))
def test_an_example_says_how_it_is_mended(name: str) -> None:
    example = explanations()[name].example
    assert example
    assert example.edits or explanations()[name].after, "give `edits`, or `after` where no edit of a text mends it"


def test_the_edits_of_an_example_mend_it(tmp_path: Path) -> None:
    for name, edits in examples.mended():
        case = CASES / examples.case_of()[name]
        left = examples.checked(case, tmp_path / name, edits)
        first = next(p for p in examples.found()[case.name] if p.name == name)
        assert not [p for p in left if p.name == name and (p.field, p.file) == (first.field, first.file)], name


def test_a_kind_is_found_by_code_and_name() -> None:
    assert find("t105") is find("type-date") is catalogue()["type-date"]
    assert find("T10") is None


# --- what a reader of Chinese is shown

_ALLOWED = set(
    # Formats, programs and signs that have no Chinese name in use.
    "CSV JSON YAML UTF GeoJSON WKT UUID Base ISO Excel WPS Windows macOS Parquet xlsx csv gz git IP URL Tab ASCII CC BY"
    " WGS EPSG GCJ BD kB MB GB AccessKey JWT frictionless example data gov cn utf gb http https constraints".split()
    # Technical reasons, in brackets behind the Chinese.
    + "DNS Connection refused".split()
)
_WORD = re.compile("[A-Za-z][A-Za-z]+")


@pytest.mark.parametrize("case", list(examples.found()))
def test_no_english_of_a_library_gets_into_a_chinese_message(case: str) -> None:
    authors = _words_of_files(case)
    for problem in examples.found()[case]:
        kind = catalogue()[problem.name]
        ours = " ".join((kind.name, kind.title.main, kind.message.main, kind.fix.main, str(problem.line or "")))
        message = " ".join(words(problem, "zh"))
        strange = set(_WORD.findall(message)) - _ALLOWED - authors - set(_WORD.findall(ours)) - _names()
        assert not strange, message


@cache
def _words_of_files(case: str) -> frozenset[str]:
    """What the author wrote, which is shown as it is: contents and names of the files, and the configuration."""
    folder = CASES / case
    texts = [file.read_bytes().decode("utf-8", "replace") for file in folder.rglob("*") if file.is_file()]
    names = [file.relative_to(folder).as_posix() for file in folder.rglob("*")]
    return frozenset(word for text in (*texts, *names) for word in _WORD.findall(text))


@cache
def _names() -> frozenset[str]:
    """Of properties, types and choices."""
    from generator import terms, vocabularies

    listed = (*terms.DATASET, *terms.RESOURCE_OURS, *terms.FIELD, *terms.ACCESS, *terms.AGENCY, *terms.CHANGE)
    concepts = (vocabularies.themes(), vocabularies.industries(), vocabularies.update_cycles())
    named = [term.name for term in (*listed, *terms.WAIVER, *terms.VIEW)] + [
        name for group in concepts for name in group
    ]
    choices = "string integer number exact equal subset superset partial withdrawn renamed less open yaml required conditional unconditional closed none received considering planned published available declined bar line area scatter map table geopoint app website visualisation article research service teaching other"
    return frozenset(word for name in (*named, choices) for word in _WORD.findall(name))


def test_the_test_for_english_can_fail() -> None:
    leaking = "jsonschema: 3440700 is not of type string"
    assert set(_WORD.findall(leaking)) - _ALLOWED - _names() == {"jsonschema", "is", "not", "of", "type"} - _names()


# --- values


@pytest.mark.parametrize(
    ("value", "shown", "remark"),
    [
        ("529040\u3000", "529040␣", "末尾有 1 个全角空格（␣）"),
        ("  张三", "␣␣张三", "开头有 2 个空格（␣）"),
        ("   ", "␣␣␣", "只有 3 个空格"),
        ("４４０", "４４０", "「４４０」是全角字符"),
        ("1２，5", "1２，5", "「２，」是全角字符"),
        ("pаrk", "pаrk", "「а」是西里尔字母（U+0430），不是英文字母 a"),
        ("a\u200bb", "a▮b", "有看不见的字符（▮）：零宽空格（U+200B）"),
        ("a\nb\tc", "a↵b⇥c", ""),
        ("1O5", "1O5", "「O」是字母，不是数字 0"),
        ("你好，世界。", "你好，世界。", ""),
        ("x" * 200, "x" * 65 + "…" + "x" * 15, ""),
    ],
)
def test_what_the_eye_misses_is_told(value: str, shown: str, remark: str) -> None:
    assert values.shown(value) == shown
    assert "；".join(values.remarks(value, "zh", of_digits=True)) == remark
    assert bool(values.remarks(value, "en", of_digits=True)) == bool(remark)
