"""``kaishu new`` as a clerk calls it: what is asked, what stops it, what is written."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.drafting import writing
from generator.drafting.draft import Stopped, Wishes
from generator.drafting.writing import write_folders
from generator.errors import ConfigError
from generator.read.descriptor import read_descriptor
from tests.conftest import ROOT, Kaishu
from tests.drafting.conftest import New
from tests.drafting.sheets import xlsx

PLACES: list[list[Any]] = [
    ["区县", "公厕名称", "经度", "纬度", "蹲位（个）"],
    ["蓬江区", "一号", 113.01, 22.5, 4],
    ["蓬江区", "二号", 113.02, 22.6, "-"],
    ["江海区", "三号", 113.03, 22.55, 6],
    ["合计", None, None, None, 10],
]
PEOPLE: list[list[Any]] = [
    ["社区", "姓名", "身份证号", "家庭住址", "户数"],
    ["甲", "张三", "11010519491231002X", "某街 1 号", 5],
    ["乙", "李四", "440524188001010014", "某街 2 号", 6],
]


def test_a_sheet_takes_no_more_than_eight_questions(tmp_path: Path, new: New) -> None:
    """Here everything is to be asked: totals, marks for missing values, coordinates."""
    made = new(
        xlsx(tmp_path / "公厕.xlsx", PLACES),
        asked=True,
        answers={"openness": "unconditional", "agency": "civil-affairs", "update_cycle": "monthly", "crs": "EPSG:4490"},
    )
    assert [q.key for q in made.questions] == [
        "title",
        "agency",
        "theme",
        "openness",
        "totals",
        "update_cycle",
        "missing",
        "crs",
    ]
    assert made.descriptor["crs"] == "EPSG:4490"
    assert made.draft.described.to_fill == ()


def test_each_question_is_in_both_languages_and_has_an_answer(tmp_path: Path, new: New) -> None:
    made = new(xlsx(tmp_path / "公厕.xlsx", PLACES), asked=True, answers={"agency": "civil-affairs"})
    for question in made.questions:
        assert question.text.has("zh"), question.key
        assert question.text.has("en"), question.key
        assert question.proposal or question.key in ("openness", "crs", "agency", "update_cycle")


def test_nothing_becomes_open_by_omission(tmp_path: Path, new: New) -> None:
    made = new(xlsx(tmp_path / "公厕.xlsx", PLACES))
    assert "openness" not in made.descriptor
    assert "# 请填写：开放属性" in made.draft.files["datapackage.yaml"].decode()
    assert "openness" in made.draft.described.to_fill


def test_an_answer_may_be_a_label_and_a_wrong_one_lists_the_right_ones(tmp_path: Path, new: New) -> None:
    file = xlsx(tmp_path / "公厕.xlsx", PLACES)
    assert new(file, theme="交通运输", update_cycle="每月", openness="无条件开放").descriptor["theme"] == "transport"
    with pytest.raises(ConfigError, match="交通运输"):
        new(file, theme="没有的")
    with pytest.raises(ConfigError, match="小写字母"):
        new(file, name="公厕")
    with pytest.raises(ConfigError, match="江门市民政局"):
        new(file, agency="不存在的局")


def test_the_agency_is_known_by_its_name_in_the_sheet(tmp_path: Path, new: New) -> None:
    file = xlsx(tmp_path / "a.xlsx", [["公厕一览"], ["填报单位：市教育局"], *PLACES])
    assert new(file, agency="").draft.folder.parent.name == "education"


@pytest.mark.parametrize(
    ("meaning", "cell", "type_"), [("missing", "-", "integer"), ("zero", "0", "integer"), ("text", "-", "string")]
)
def test_what_a_dash_means_is_asked(tmp_path: Path, new: New, meaning: str, cell: str, type_: str) -> None:
    made = new(xlsx(tmp_path / "a.xlsx", PLACES), missing=meaning)
    assert made.csv()[2].endswith(f",{cell}")
    assert made.types()["蹲位"] == type_


def test_a_mark_that_is_a_value_elsewhere_is_not_declared(tmp_path: Path, new: New) -> None:
    rows = [["名称", "有无", "数量"], ["甲", "有", 1], ["乙", "无", "无"], ["丙", "有", 3]]
    made = new(xlsx(tmp_path / "a.xlsx", rows))
    assert made.csv()[2] == "乙,无,"
    assert made.descriptor["resources"][0]["schema"]["missingValues"] == [""]


# ---- people


def test_personal_data_stop_the_draft(tmp_path: Path, new: New) -> None:
    file = xlsx(tmp_path / "低保.xlsx", PEOPLE)
    with pytest.raises(Stopped) as stop:
        new(file, openness="unconditional")
    assert {each.column for each in stop.value.seen} >= {"姓名", "身份证号"}
    with pytest.raises(Stopped):
        new(file, asked=True, answers={"review": "stop", "agency": "civil-affairs"})


def test_a_column_of_ids_stops_it_also_where_the_numbers_are_wrong(tmp_path: Path, new: New) -> None:
    file = xlsx(tmp_path / "a.xlsx", [["社区", "身份证号", "手机号"], ["甲", "123", "5"], ["乙", "456", "6"]])
    with pytest.raises(Stopped) as stop:
        new(file)
    assert [each.column for each in stop.value.seen] == ["身份证号", "手机号"]
    masked = xlsx(
        tmp_path / "b.xlsx", [["社区", "身份证号"], ["甲", "440***********1234"], ["乙", "440***********4567"]]
    )
    new(masked)


def test_dropped_columns_leave_the_rest(tmp_path: Path, new: New) -> None:
    file = xlsx(tmp_path / "低保.xlsx", PEOPLE)
    by_answer = new(
        file, asked=True, answers={"review": "drop", "agency": "civil-affairs", "openness": "unconditional"}
    )
    by_option = new(file, wishes=Wishes(drop=("姓名", "身份证号")), openness="unconditional")
    for made in (by_answer, by_option):
        content = b"".join(made.draft.files.values()).decode()
        assert not any(value in content for value in ("张三", "李四", "11010519491231002X", "身份证"))


@pytest.mark.parametrize("openness", ["conditional", "closed"])
def test_of_data_that_are_not_open_no_value_is_written(tmp_path: Path, new: New, openness: str) -> None:
    made = new(xlsx(tmp_path / "低保.xlsx", PEOPLE), openness=openness)
    assert list(made.draft.files) == ["datapackage.yaml"]
    text = made.draft.files["datapackage.yaml"].decode()
    assert not any(str(value) in text for row in PEOPLE[1:] for value in row if len(str(value)) > 1)
    assert set(made.fields()) == {"社区", "姓名", "身份证号", "家庭住址", "户数"}
    told = made.told()
    assert not any(str(value) in told for row in PEOPLE[1:] for value in row if len(str(value)) > 1)


# ---- names


def test_names_are_pinyin_words_or_what_somebody_wants(tmp_path: Path, new: New) -> None:
    file = xlsx(tmp_path / "公厕.xlsx", PLACES)
    assert [f["name"] for f in new(file).fields().values()] == [
        "district",
        "gong_ce_ming_cheng",
        "longitude",
        "latitude",
        "dun_wei",
    ]
    assert [f["name"] for f in new(file, wishes=Wishes(rename={"公厕名称": "toilet"})).fields().values()][1] == "toilet"
    assert new(file, wishes=Wishes(chinese_names=True)).csv()[0] == "区县,公厕名称,经度,纬度,蹲位"
    assert new(file).draft.folder.name == "gong-ce"


# ---- the command


@pytest.fixture
def sheet(portal: Path) -> Path:
    return xlsx(portal / "公厕.xlsx", PLACES)


OPEN = ("--openness", "unconditional", "--update-cycle", "monthly", "--theme", "life", "--crs", "EPSG:4490")


def test_the_result_passes_the_check(portal: Path, sheet: Path, kaishu: Kaishu) -> None:
    done = kaishu("new", sheet, "--config", portal / "kaishu.yaml", "--agency", "culture", *OPEN)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "✓ 检查了 1 个数据集，0 个有错误" in done.stdout
    assert (portal / "datasets/culture/gong-ce/gong-ce.csv").read_bytes() == (
        "district,gong_ce_ming_cheng,longitude,latitude,dun_wei\n蓬江区,一号,113.01,22.5,4\n蓬江区,二号,113.02,22.6,-\n江海区,三号,113.03,22.55,6\n"
    ).encode()


def test_what_lacks_is_what_the_check_says(portal: Path, sheet: Path, kaishu: Kaishu) -> None:
    done = kaishu("new", sheet, "--config", portal / "kaishu.yaml", "--agency", "culture")
    assert done.returncode == 1
    assert "还缺（文件里标有“请填写”）：openness、update_cycle" in done.stdout
    assert done.stdout.count("✗ M") == 2


def test_a_dry_run_writes_nothing(portal: Path, sheet: Path, kaishu: Kaishu) -> None:
    before = sorted(portal.rglob("*"))
    done = kaishu("new", sheet, "--config", portal / "kaishu.yaml", "--agency", "culture", *OPEN, "--dry-run")
    assert "将写入（还没有写）" in done.stdout
    assert sorted(portal.rglob("*")) == before


def test_nothing_is_overwritten_without_force(tmp_path: Path) -> None:
    folder = tmp_path / "datasets/culture/gong-ce"
    write_folders([(folder, {"datapackage.yaml": b"name: gong-ce", "gong-ce.csv": b"a"})])
    (folder / "note.pdf").write_bytes(b"%PDF")
    with pytest.raises(ConfigError, match="已经有了"):
        write_folders([(folder, {"datapackage.yaml": b"name: other"})])
    assert (folder / "datapackage.yaml").read_bytes() == b"name: gong-ce"
    write_folders([(folder, {"datapackage.yaml": b"name: other"})], force=True)
    assert {f.name: f.read_bytes() for f in folder.iterdir()} == {
        "datapackage.yaml": b"name: other",
        "gong-ce.csv": b"a",
        "note.pdf": b"%PDF",
    }
    assert [path.name for path in folder.parent.iterdir()] == ["gong-ce"]


def test_all_folders_are_written_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second of three cannot be put into its place."""
    put, places = writing._put, []

    def failing(new: Path, folder: Path) -> None:
        places.append(folder.name)
        if len(places) == 2:
            raise OSError(28, "No space left on device", str(folder))
        put(new, folder)

    monkeypatch.setattr(writing, "_put", failing)
    with pytest.raises(ConfigError):
        write_folders([(tmp_path / "datasets" / name, {"a": b"x"}) for name in ("one", "two", "three")])
    assert list((tmp_path / "datasets").iterdir()) == []


def test_personal_data_write_nothing_and_show_nothing(portal: Path, kaishu: Kaishu) -> None:
    before = sorted(portal.rglob("*"))
    file = xlsx(portal / "低保.xlsx", PEOPLE)
    done = kaishu("new", file, "--config", portal / "kaishu.yaml", "--agency", "culture", *OPEN)
    assert done.returncode == 1
    assert not any(value in done.stdout + done.stderr for value in ("11010519491231002X", "张三", "某街"))
    assert sorted(portal.rglob("*")) == sorted([*before, file])


def test_a_clerk_at_a_terminal(portal: Path, sheet: Path) -> None:
    """Enter for everything but the openness and the cycle; a wrong answer is asked for again."""
    leader, follower = pty.openpty()
    environment = os.environ | {"LANG": "zh_CN.UTF-8", "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-m", "generator", "new", str(sheet), "--config", str(portal / "kaishu.yaml")],
        cwd=portal, env=environment, stdin=follower, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    os.close(follower)
    os.write(leader, "\n九十九\n\n1\n\n每月\n\n1\n\n\n".encode())
    assert process.stdout
    said = b""
    while select.select([process.stdout], [], [], 60)[0] and (part := os.read(process.stdout.fileno(), 65536)):
        said += part
    assert process.wait(timeout=60) == 0, said.decode()
    os.close(leader)
    text = said.decode()
    assert "没有这一项" in text
    made, _ = read_descriptor(portal / "datasets/culture/gong-ce/datapackage.yaml", portal)
    assert made is not None
    assert (made["openness"], made["update_cycle"], made["crs"]) == ("unconditional", "monthly", "EPSG:4490")
    assert yaml.safe_load((portal / "datasets/culture/gong-ce/datapackage.yaml").read_text("utf-8"))["title"] == "公厕"
