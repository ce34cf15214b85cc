"""The index of the search against plain substring truth: read here, and by the script in a browser."""

from __future__ import annotations

import array
import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import ConfigError
from generator.search.document import FACETS, Document
from generator.search.files import Files, files
from generator.search.folding import fold
from generator.search.index import ALL, END, FEW, FIRST_PHRASE, LENGTH, PHRASE, PINYIN, Shards, index
from generator.search.pinyin import order_key, readings, told, typed
from generator.search.synonyms import read_synonyms
from tests.pages.search_oracle import VALUES, documents, queries, texts, truth

ROOT = Path(__file__).parents[2]
SYNONYMS = (("医保", "医疗保险", "health insurance"), ("公交", "公共汽车"), ("甲", "乙", "丙", "丁", "戊", "公交站"))


# ---- read in Python


def grams(shards: Shards) -> dict[str, list[tuple[int, int]]]:
    """Every gram with the places and documents that it lists."""
    found: dict[str, list[tuple[int, int]]] = {}
    for content in shards.shards:
        length = int.from_bytes(content[:4], "little")
        numbers = _varints(content[4 + length :])
        for name in _units(content[4 : 4 + length]).split("\n"):
            entries = found.setdefault(name, [])
            last = 0
            while not last:
                head, document = next(numbers), 0
                last = head & 1
                for _ in range(head >> 4):
                    document += next(numbers)
                    entries.append((head >> 1 & 7, document))
        assert next(numbers, None) is None
    return found


def _varints(content: bytes) -> Iterator[int]:
    value = shift = 0
    for byte in content:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            yield value
            value = shift = 0


def found_by(known: dict[str, list[tuple[int, int]]], held: list[Document], word: str) -> set[str]:
    """As the script finds it; see ``generator/search/index.py``."""
    units = _units(word.encode("utf-16-le"))
    key = units[:LENGTH]
    whole = known.get(key + ALL)
    if whole is not None and key == units:
        return {held[number].name for place, number in whole if place != PINYIN}
    sure, doubtful = set(), {number for _, number in whole or ()}
    for name, entries in known.items():
        if name.startswith(key) and key == units:
            sure |= {held[number].name for place, number in entries if place != PINYIN}
        elif name.startswith(key) or key.startswith(name):
            doubtful |= {number for _, number in entries}
    return sure | {held[n].name for n in doubtful if any(word in text for text in texts(held[n], labels=False))}


def _units(content: bytes) -> str:
    """A character for each unit of UTF-16, as JavaScript has them."""
    return "".join(map(chr, array.array("H", content)))


@pytest.mark.parametrize(("count", "size"), [(400, 600), (60, 100_000), (3, 50), (1, 10)])
def test_index_finds_what_contains_the_word_and_nothing_else(count: int, size: int) -> None:
    held = documents(count, seed=count)
    shards = index(held, size)
    known = grams(shards)
    if count == 400:
        assert any(name.endswith(ALL) for name in known)
        assert any(len(entries) > FEW for name, entries in known.items() if len(name) == LENGTH)
    wrong = [
        (word, expected ^ found)
        for query in queries(held, 400, seed=1)
        for word in query.split()
        if (found := found_by(known, held, word)) != (expected := truth(held, word, labels=False))
    ]
    assert wrong == []


def test_synonym_of_several_words_is_found_where_these_stand_together() -> None:
    blank = dict.fromkeys(FACETS, ())
    said = ("Health  insurance funds", "on health insurance", "(health insurance)", "health and insurance", "insurance")
    held = [Document(f"d{n}", {"en": said[n % len(said)]}, {}, (), (), blank) for n in range(100)]
    known = grams(index(held, 100_000, ("bus stop", "health insurance")))
    marked = {name: {n % len(said) for _, n in entries} for name, entries in known.items() if name[0] == PHRASE}
    assert marked == {PHRASE + chr(FIRST_PHRASE + 1) + END: {0, 1, 2}}


def test_shards_are_told_apart_by_what_they_begin_with() -> None:
    shards = index(documents(300, seed=5), 500)
    assert list(shards.firsts) == sorted(shards.firsts, key=lambda first: first.encode("utf-16-be", "surrogatepass"))
    for first, shard in zip(shards.firsts, shards.shards, strict=True):
        names = grams(Shards((first,), (shard,)))
        assert all(
            name.encode("utf-16-be", "surrogatepass") >= first.encode("utf-16-be", "surrogatepass") for name in names
        )


WORDS = st.text(alphabet="公交站abＡ1 ，𠮷\x01\n\x00é", min_size=1, max_size=12)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=30), WORDS)
def test_any_texts_and_any_word(pairs: list[tuple[str, str]], word: str) -> None:
    blank = dict.fromkeys(FACETS, ())
    held = [Document(f"d{n}", {"zh": a}, {"zh": b}, (), (), blank) for n, (a, b) in enumerate(pairs)]
    known = grams(index(held, 100))
    for part in fold(word).replace("\x01", " ").replace("\x00", " ").split():
        assert found_by(known, held, part) == truth(held, part, labels=False)


def test_same_files_every_time_and_other_names_for_other_content() -> None:
    held = documents(50, seed=2)
    first, again = (files(order, VALUES, SYNONYMS, small=0) for order in (held, held[::-1]))
    assert first == again
    assert files(held[1:], VALUES, SYNONYMS, small=0).start != first.start


def test_files_hold_fewer_datasets_where_authors_write_much() -> None:
    held = documents(200, seed=2)
    much = [replace(each, descriptions={"zh": "甲乙丙丁" * 400}) for each in held]
    counts = [sum("/d" in path for path in files(some, VALUES, (), small=0).contents) for some in (held, much)]
    assert counts[0] < 100
    assert counts[1] == 200


def test_small_catalogue_is_one_file() -> None:
    made = files(documents(1000, seed=3), VALUES, ())
    assert {path.partition("/")[2] for path in made.contents} == {
        "start.bin",
        "title-zh.bin",
        "title-en.bin",
        "modified.bin",
        "size.bin",
    }


def test_empty_catalogue_has_an_index_too() -> None:
    assert "start.bin" in files([], {facet: [] for facet in FACETS}, ()).start


# ---- readings


def test_readings_follow_the_word_and_know_other_readings() -> None:
    assert told("重庆银行") == "chong qing yin hang"
    assert told("Ａ公交2站") == "gong jiao zhan"
    [reading] = readings(["长和"])
    assert reading[1][0] == "he"
    assert "huo" in reading[1]
    assert {f"{reading[0][0]}huo", f"{reading[0][1]}he", "huo", "ch", "zh"} <= {
        text[mark:] for text, marks in typed(reading, 13) for mark in marks
    }


def test_character_between_two_words_has_the_reading_of_either() -> None:
    """pypinyin cuts 街|道行|道树, and reads 道行 as *daoheng*."""
    assert told("街道行道树") == "jie dao heng/xing dao shu"
    assert told("行道树") == "xing dao shu"


def test_what_is_typed_begins_at_any_character() -> None:
    [reading] = readings(["公交站点"])
    assert {text[mark:] for text, marks in typed(reading, 13) for mark in marks} == {
        *("gongjiaozhandian", "jiaozhandian", "zhandian", "dian"),
        *("gjzd", "jzd", "zd", "d"),
    }


def test_titles_are_sorted_by_pinyin_after_letters() -> None:
    assert sorted(["重庆", "长沙", "GDP", "安全", "12345热线"], key=order_key) == [
        "12345热线",
        "GDP",
        "安全",
        "长沙",
        "重庆",
    ]


# ---- synonyms


def test_synonyms_of_the_project_are_groups_without_doubles() -> None:
    groups = read_synonyms(ROOT / "site_src/search/synonyms.yaml")
    assert len(groups) > 80
    assert all(len(group) > 1 for group in groups)
    every = [word for group in groups for word in group]
    assert sorted(every) == sorted(set(every))


@pytest.mark.parametrize("text", ["医保: 医疗保险", "- 医保", "- [医保]", "- [医保, 3]"])
def test_synonyms_of_the_wrong_form_are_told(tmp_path: Path, text: str) -> None:
    file = tmp_path / "synonyms.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="同义词文件"):
        read_synonyms(file)


# ---- read by the script


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def index_page(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Iterator[Any]:
    """A page with ``find(index, query)``, which gives names, over a large index and a small one of the same datasets."""
    folder = tmp_path_factory.mktemp("index")
    for name, made in _both(documents(300, seed=11)).items():
        for path, content in made.contents.items():
            place = folder / name / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
    shutil.copy(ROOT / "scripts/browser/src/search-index.js", folder)
    (folder / "index.html").write_text("<!doctype html><title>x</title>", encoding="utf-8")
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        starts = {name: f"/{name}/{made.start}" for name, made in _both(documents(300, seed=11)).items()}
        page.evaluate(
            """async (starts) => {
                const { Index, wordsOf } = await import('/search-index.js')
                const open = Object.fromEntries(await Promise.all(Object.entries(starts).map(async ([name, start]) => [name, await Index.open(start)])))
                globalThis.open_ = open
                globalThis.find = async (name, query) => {
                    const index = open[name]
                    const { points, isLiteral } = await index.find(wordsOf(query))
                    const hits = [...points.keys()].filter((n) => points[n]).sort((a, b) => points[b] - points[a])
                    return Promise.all(hits.map(async (n) => [(await index.document(n)).name, isLiteral(n)]))
                }
            }""",
            starts,
        )
        yield page
        page.close()
        server.shutdown()


def _both(held: list[Document]) -> dict[str, Files]:
    return {"large": files(held, VALUES, SYNONYMS, small=0, shard=800), "small": files(held, VALUES, SYNONYMS)}


@pytest.mark.parametrize("name", ["large", "small"])
def test_script_finds_the_plain_truth(index_page: Any, name: str) -> None:
    held = documents(300, seed=11)
    asked = [*queries(held, 250, seed=4), "交通运输局", "市交通", "theme", "公", "b", "不存在的"]
    answers = index_page.evaluate(
        "async ([name, asked]) => Promise.all(asked.map((query) => find(name, query)))", [name, asked]
    )
    wrong = {}
    for query, answer in zip(asked, answers, strict=True):
        literal = {each for each, is_literal in answer if is_literal}
        if literal != truth(held, query):
            wrong[query] = literal ^ truth(held, query)
    assert wrong == {}


@pytest.mark.parametrize("name", ["large", "small"])
def test_synonyms_and_readings_come_behind_what_is_there_itself(index_page: Any, name: str) -> None:
    held = documents(300, seed=11)
    for query, other in (
        ("医保", "医疗保险"),
        ("公共汽车", "公交"),
        ("乙", "公交站"),
        ("gongjiao", "公交"),
        ("gj", "公交"),
    ):
        answer = index_page.evaluate("([name, query]) => find(name, query)", [name, query])
        flags = [is_literal for _, is_literal in answer]
        assert flags == sorted(flags, reverse=True), query
        titles = {each.name for each in held if other in fold(" ".join(each.titles.values()))}
        assert titles <= {each for each, _ in answer}, query


@pytest.mark.parametrize("name", ["large", "small"])
def test_nearly_the_same_words_are_proposed(index_page: Any, name: str) -> None:
    near = "([name, word]) => open_[name].near(word)"
    assert "business" in index_page.evaluate(near, [name, "busines"])
    assert "robust" in index_page.evaluate(near, [name, "robsut"])
    assert "公交" in " ".join(index_page.evaluate(near, [name, "公交飞"]))
    assert index_page.evaluate(near, [name, "zzzzzz"]) == []


def test_span_of_a_reading_is_where_the_characters_are(index_page: Any) -> None:
    spans = index_page.evaluate(
        """async (cases) => {
            const { spanOfReading } = await import('/search-index.js')
            return cases.map(([text, told, word]) => spanOfReading(text, told, word))
        }""",
        [
            [text, told(text), word]
            for text, word in (
                ("市公交站", "gongjiao"),
                ("市公交站", "gj"),
                ("A市 公交", "gongj"),
                ("市A公", "sg"),
                ("长和", "huo"),
            )
        ],
    )
    assert spans == [[1, 3], [1, 3], [3, 5], None, [1, 2]]
