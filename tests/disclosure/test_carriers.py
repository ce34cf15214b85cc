"""What the gate missed when it was asked by somebody else: each of these passed before."""

from __future__ import annotations

import datetime
import json
import random
from pathlib import Path

import openpyxl
import pytest

from generator.build import Options, build, check
from generator.config import read_config
from generator.disclosure.files import search_beside_table, search_file, search_text
from generator.disclosure.looked import Column
from generator.disclosure.watch import Asked
from generator.errors import ConfigError
from tests.disclosure import known
from tests.disclosure.test_known import told
from tests.hostile.corpus import Hostile, portal, table, write

TODAY = datetime.date(2026, 6, 30)


def outer(r: random.Random) -> str:
    """A resident's permit of Hong Kong, Macau or Taiwan."""
    first = f"{r.choice(('81', '82', '83'))}0000{r.randint(1950, 2000)}{r.randint(1, 12):02}{r.randint(1, 28):02}"
    first += f"{r.randint(1, 999):03}"
    total = sum(int(d) * w for d, w in zip(first, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    return first + "10X98765432"[total % 11]


def test_permits_of_hong_kong_macau_and_taiwan_and_cards_of_the_disabled_hold_an_id() -> None:
    r = random.Random(1)
    for make in (outer, lambda r: known.resident(r) + "43", lambda r: known.resident(r) + "11B1"):
        assert told([make(r) for _ in range(20)]) == [{"resident-id"}] * 2
        assert told(["无", f"证号{make(r)}，已核"]) == [{"resident-id"}] * 2


def test_numbers_of_licences_that_begin_with_a_division_are_no_old_ids() -> None:
    r = random.Random(2)
    assert told([f"440703{r.randrange(10**9):09}" for _ in range(300)]) == [set(), set()]


@pytest.mark.parametrize(
    "text", ["车辆粤J12345违停", "粤J·D12345", "粤JD12345", "粤Z1234港", "藏Ｅ４４６７５", "驾驶云A12345上路"]
)
def test_a_plate_needs_no_word(text: str) -> None:
    assert told(["无", text, None]) == [{"number-plate"}] * 2


@pytest.mark.parametrize("text", ["粤B2-20090059", "粤G94K12+300", "京A股", "长宁A12345号楼", "粤J牌照", "津C12型"])
def test_what_only_begins_like_a_plate_is_none(text: str) -> None:
    assert told(["无", text, None]) == [set(), set()]


def test_a_sentence_that_says_who_somebody_is() -> None:
    for text in (
        "李秀英，女，1962年3月出生，住江门市胜利路12号",
        "姓名：李秀英 住址：江门市胜利路12号",
        "当事人李秀英（男，1980年3月生）",
    ):
        assert "person-told" in {one.name for one in search_text(text, Asked(TODAY), ("", ""), "")}
    for text in (
        "李某，女，1962年3月出生，住江门市胜利路12号",
        "男女不限，1980年1月后出生者可报名",
        "男子100米于2024年5月6日举行",
    ):
        assert [*search_text(text, Asked(TODAY), ("", ""), "")] == []


def test_json_that_is_no_table_is_searched_by_its_schema(tmp_path: Path) -> None:
    rows = [
        {"a": "李秀英", "b": "高血压", "c": 13_800_138_000 + n, "d": known.mobile(random.Random(n))} for n in range(9)
    ]
    (tmp_path / "list.json").write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    columns = {
        "a": Column("a", "患者姓名", "string"),
        "b": Column("b", "疾病诊断", "string"),
        "c": Column("c", "收入", "integer"),
        "d": Column("d", "联系电话", "string", office=True),
    }
    asked = Asked(TODAY, columns=columns, quasi_identifiers=("b",), k=10)
    assert {one.name for one in search_file(tmp_path / "list.json", asked)} == {"person-described", "k-anonymity"}


def test_the_other_sheets_of_a_workbook_are_searched(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    first = book.worksheets[0]
    first.append(["a"])
    first.append([known.resident(random.Random(3))])
    second = book.create_sheet("明细")
    second.append(["号"])
    second.append([known.resident(random.Random(4))])
    book.save(tmp_path / "t.xlsx")
    for sheet, elsewhere in ((1, "sheet2!号"), ("明细", "sheet1!a")):
        assert [one.field for one in search_beside_table(tmp_path / "t.xlsx", Asked(TODAY), sheet)] == [elsewhere]


def test_the_portals_own_words_are_searched_and_no_site_is_made_with_what_is_found(tmp_path: Path) -> None:
    project = portal(Hostile("words", lambda folder: write(folder, table()), frozenset()), tmp_path)
    config = project / "kaishu.yaml"
    text = config.read_text("utf-8")
    config.write_text(
        text.replace("title_en:", f"notice: 值班手机 {known.mobile(random.Random(5))}, title_en:", 1), "utf-8"
    )
    read = read_config(config)
    options = Options(TODAY, jobs=1)
    assert ("mobile-phone", "portal.notice") in {(one.name, one.field) for one in check(read, options).problems}
    with pytest.raises(ConfigError):
        build(read, options)
    assert not read.site.exists()
