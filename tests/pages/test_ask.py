"""SQL in the page: the answers are DuckDB's, or there is a reason; never a wrong number."""

from __future__ import annotations

import csv
import datetime
import json
import math
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from generator.pages.words import script_words
from tests.pages.tables_site import PAGE

Open = Callable[..., Any]
HERE = Path(__file__).parent
TABLES = ("records", "hard-ones", "districts")

# The worker of the page, asked as the page asks it.
_ASK = """async ([tables, queries]) => {
  const urls = Object.fromEntries(document.body.dataset.parts.split(' ').map((name) => [name.split('.')[0], new URL('/assets/' + name, location).href]))
  const worker = new Worker(urls.engine, { type: 'module' })
  const sources = Object.fromEntries(tables.map(({ name, href, bytes, footer, totals }) => [name, { url: new URL(href, location).href, bytes, footer, limit: 5e7, totals: totals && new URL(totals, location).href }]))
  const limits = { shown: 10000, kept: 2000000, pairs: 1000000 }
  const answers = []
  for (const [id, text] of queries.entries()) {
    worker.postMessage({ id, action: 'query', text, sources, script: urls.sql, limits })
    answers.push(await new Promise((resolve) => { worker.onmessage = ({ data }) => data.progress ?? resolve(data) }))
  }
  worker.terminate()
  return answers
}"""


def ask(page: Any, queries: list[str]) -> list[dict[str, Any]]:
    tables = json.loads(page.locator("kaishu-ask").get_attribute("data-tables"))
    return page.evaluate(_ASK, [tables, queries])  # type: ignore[no-any-return]


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime.datetime):
        text = value.isoformat()
        return text.rstrip("0") if "." in text else text
    return value.isoformat() if isinstance(value, datetime.date) else value


def _same(ours: str | None, theirs: Any) -> bool:
    theirs = _plain(theirs)
    if ours is None or theirs is None:
        return ours is theirs
    if isinstance(theirs, float):
        return math.isclose(float(ours), theirs, rel_tol=1e-13)
    return Decimal(ours) == theirs if isinstance(theirs, int | Decimal) else ours == theirs


def test_answers_are_those_of_duckdb(open_tables: Open, ranged: Any, tables: Path) -> None:
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed: nothing to compare with")
    lines = (HERE / "queries.txt").read_text("utf-8").splitlines()
    queries = [line for line in lines if line and not line.startswith("#")]
    assert len(queries) > 60
    truth = duckdb.connect()
    for name in TABLES:
        path = str(tables / f"data/many-rows/{name}.parquet").replace("'", "''")
        truth.execute(f"create view \"{name}\" as select * from '{path}'")
    wrong = []
    for query, answer in zip(queries, ask(open_tables(ranged), queries), strict=True):
        expected = truth.execute(query).fetchall()
        if "trouble" in answer:
            wrong.append((query, answer["trouble"]))
            continue
        rows = list(zip(*answer["answer"]["texts"], strict=True))
        if "order by" not in query:
            rows, expected = sorted(rows, key=str), sorted(expected, key=lambda row: str(tuple(map(_plain, row))))
        same = len(rows) == len(expected) and all(
            _same(a, b) for row, other in zip(rows, expected, strict=True) for a, b in zip(row, other, strict=True)
        )
        if not same:
            wrong.append((query, {"ours": rows[:3], "duckdb": expected[:3]}))
    assert wrong == []


REFUSED = {
    "select * from stops": ("sql_no_table", 14),
    "select nix from records": ("sql_no_column", 7),
    "selec 1": ("sql_expected", 0),
    "select count（*） from records": ("sql_wide", 12),
    "select id from hard-ones": ("sql_hyphen", 15),
    "select id from records where code > 5": ("sql_types", 34),
    "select 区县, amount from records group by 区县": ("sql_not_grouped", 11),
    "select sum(code) from records": ("sql_argument", 7),
    "select 1 / 0": ("sql_zero", 9),
    "select id from records where": ("sql_ended", 28),
    "select 'x from records": ("sql_open", 7),
    "select row_number() over () from records": ("sql_unsupported", 20),
    "drop table records": ("sql_unsupported", 0),
    "select * exclude (id) from records": ("sql_unsupported", 9),
    "select id from records where code ~ 'A'": ("sql_unsupported", 34),
    "select count(*) from records where day > current_date": ("sql_unsupported", 41),
    "select count(*) from records group by rollup(flag)": ("sql_unsupported", 38),
    "select stddev(amount) from records": ("sql_function", 7),
    "select amount": ("sql_no_source", 7),
    "select repeat(code, 90000) from records": ("sql_domain", 7),
    "select id from records where amount > 'x'": ("sql_cast", 36),
    "select code from records a, districts b where code = '1'": ("sql_ambiguous", 46),
    "select cast(9999999999 as integer)": ("sql_cast", 7),
    "select count(*) from records a join records b on a.id < b.id": ("sql_too_many_pairs", 31),
    "select median(1, 2)": ("sql_arguments", 7),
    "select cast(0.1::double as decimal(3, 2))": ("sql_no_cast", 7),
}


def test_what_is_not_understood_is_refused_at_its_place_in_both_languages(open_tables: Open, ranged: Any) -> None:
    answers = ask(open_tables(ranged), list(REFUSED))
    told = [(answer.get("trouble", {}).get("code"), answer.get("trouble", {}).get("at")) for answer in answers]
    assert dict(zip(REFUSED, told, strict=True)) == REFUSED
    for lang in ("zh", "en"):
        words = json.loads(script_words(lang))
        for answer in answers:
            text = re.sub(r"\{(\w+)\}", lambda found: str(answer["trouble"]["values"][found[1]]), words[answer["trouble"]["code"]])  # noqa: B023  # fmt: skip
            assert "{" not in text
            assert text


def _received(page: Any, query: str, *, without: str = "") -> tuple[dict[str, Any], int]:
    """The answer, and the bytes of tables that were asked for; requests for what is called ``without`` fail."""
    sizes: list[int] = []
    if without:
        page.context.route(f"**/*{without}", lambda route: route.fulfill(status=503))
    page.context.on("response", lambda answer: sizes.append(int(answer.headers.get("content-length", 0))) if ".parquet" in answer.url else None)  # fmt: skip
    return ask(page, [query])[0], sum(sizes)


GROUPED = "select 区县, count(*), sum(amount), avg(amount) from records group by 区县 order by 1"


def test_totals_spare_the_columns_and_are_not_needed(open_tables: Open, ranged: Any) -> None:
    quick, little = _received(open_tables(ranged), GROUPED)
    slow, much = _received(open_tables(ranged), GROUPED.replace("count(*)", "count(id + 0)"))
    assert quick["answer"]["texts"] == slow["answer"]["texts"]
    assert 0 < little < 20_000
    assert much > 500_000


def test_totals_that_cannot_be_had_are_done_without(browser: Any, ranged: Any) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{ranged.server_port}/{PAGE}")
    answer, much = _received(page, GROUPED, without="-totals.json")
    context.close()
    assert len(answer["answer"]["texts"][0]) == 7
    assert much > 500_000


def test_the_first_by_an_order_are_found_without_reading_the_table(open_tables: Open, ranged: Any) -> None:
    answer, received = _received(open_tables(ranged), "select * from records order by amount desc limit 3")
    assert answer["answer"]["count"] == 3
    assert received < 1_000_000, "of six million"


def test_examples_of_the_page_run_without_a_complaint(open_tables: Open, ranged: Any) -> None:
    page = open_tables(ranged, f"en/{PAGE}")
    examples = page.locator(".queries code").all_text_contents()
    assert 6 <= len(examples) <= 15
    assert any("JOIN" in each or "GROUP BY" in each for each in examples)
    assert [answer.get("trouble") for answer in ask(page, examples)] == [None] * len(examples)


def test_query_is_asked_drawn_saved_and_shared(open_tables: Open, ranged: Any, tmp_path: Path) -> None:
    page = open_tables(ranged)
    page.locator("kaishu-ask .open").click()
    part = page.locator("kaishu-ask")
    query = "SELECT 区县, count(*) AS n, sum(amount) AS total\nFROM records GROUP BY 区县 ORDER BY n DESC"
    part.locator("textarea").fill(query)
    page.keyboard.press("Control+Enter")
    part.locator(".x-status", has_text="结果 7 行").wait_for()
    assert part.locator("svg rect").count() == 7
    assert "n" in part.locator("svg").get_attribute("aria-label")
    with page.expect_download() as download:
        part.locator("button", has_text="下载 CSV").click()
    download.value.save_as(tmp_path / "answer.csv")
    with (tmp_path / "answer.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 7
    assert sum(int(row["n"]) for row in rows) == 300_000
    with page.expect_download() as download:
        part.locator("button", has_text="下载 JSON").click()
    download.value.save_as(tmp_path / "answer.json")
    given = json.loads((tmp_path / "answer.json").read_text("utf-8"), parse_float=Decimal)
    assert [row["total"] for row in given] == [Decimal(row["total"]) for row in rows]
    other = open_tables(ranged, PAGE + page.evaluate("location.hash"))
    other.locator("kaishu-ask .x-status", has_text="结果 7 行").wait_for()
    assert other.locator("kaishu-ask textarea").input_value() == query
    other.locator("kaishu-ask textarea").fill("SELECT 区 FROM records")
    other.keyboard.press("Control+Enter")
    other.locator("kaishu-ask .x-status", has_text="第 1 行第 8 个字符：没有叫“区”的字段").wait_for()


def test_query_can_be_stopped_and_asked_again(open_tables: Open, ranged: Any) -> None:
    page = open_tables(ranged, f"en/{PAGE}")
    page.locator("kaishu-ask .open").click()
    part = page.locator("kaishu-ask")
    part.locator("textarea").fill(
        "select count(*) from records a join records b on a.id < b.id and a.amount < b.amount where a.id < 60"
    )
    part.locator("button[type=submit]").click()
    part.locator("button", has_text="Stop").click()
    part.locator(".x-status", has_text="Stopped.").wait_for()
    part.locator("textarea").fill("select 1 + 1 as two")
    part.locator("button[type=submit]").click()
    part.locator(".x-status", has_text="1 row.").wait_for()


def test_result_longer_than_a_page_holds_says_so(open_tables: Open, ranged: Any) -> None:
    answer = ask(open_tables(ranged), ["select id from records", "select id from records limit 10000"])
    assert [each["answer"]["more"] for each in answer] == [True, False]
    assert answer[0]["answer"]["count"] == 10_000
