"""``kaishu fix`` on real files: what it mends, what it asks, and that nothing is lost."""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import shutil
import stat
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import frictionless
import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from generator.build import Options, check
from generator.config import Config, read_config
from generator.errors import PublishError
from generator.mending import Mending, plan, telling, write
from generator.mending.decoding import decoding_of
from generator.mending.values import BLOCKING, IN_CELLS, IN_DESCRIPTOR, WHOLE_FILE
from tests.test_cases import CASES, set_up

TODAY = datetime.date(2026, 6, 30)
FIELDS: list[dict[str, Any]] = [
    {"name": "code", "title": "编码", "type": "string"},
    {"name": "park", "title": "名称", "type": "string"},
    {"name": "area", "title": "面积", "type": "number"},
    {"name": "visits", "title": "人次", "type": "integer"},
    {"name": "opened", "title": "建成日期", "type": "date"},
]
HEADER = "code,park,area,visits,opened"


def portal(folder: Path, content: bytes, *, private: bool = False, name: str = "parks.csv", **resource: Any) -> Config:
    package = folder / "datasets/culture/parks"
    package.mkdir(parents=True, exist_ok=True)
    (folder / "kaishu.yaml").write_text(
        yaml.safe_dump({"portal": {"title": "x", "url": "https://data.test.example/"}, "rules": {"all": "off"},
                        "repository": {"visibility": "private" if private else "public"}}), "utf-8"
    )  # fmt: skip
    (package / name).write_bytes(content)
    made = {"name": "parks", "path": name, "schema": {"fields": FIELDS, "primaryKey": ["code"]}} | resource
    descriptor = {"name": "parks", "title": "公园", "openness": "unconditional", "resources": [made]}
    (package / "datapackage.yaml").write_text(yaml.safe_dump(descriptor, allow_unicode=True, sort_keys=False), "utf-8")
    return read_config(folder / "kaishu.yaml")


def fix(config: Config, *, trim_text: bool = False, samples: int = 5) -> Mending:
    with tempfile.TemporaryDirectory() as work:
        found = plan(config, TODAY, Path(work), trim_text=trim_text, samples=samples)
        write(found.files)
    return replace(found, written=True)


def data(config: Config, name: str = "parks.csv") -> bytes:
    return (config.datasets / "culture/parks" / name).read_bytes()


def fixed(folder: Path, content: str, **resource: Any) -> str:
    config = portal(folder, content.encode(), **resource)
    fix(config)
    return data(config).decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("1,a,1,1,2024/1/5", "1,a,1,1,2024-01-05"),
        ("1,a,1,1,2024年1月5日", "1,a,1,1,2024-01-05"),
        ("1,a,1,1,20240105", "1,a,1,1,2024-01-05"),
        ("1,a,1,1,２０２４－０１－０５", "1,a,1,1,2024-01-05"),
        ("1,a,1,1,2024/1/5 0:00", "1,a,1,1,2024-01-05"),
        ("1,a,1,1,2024/2/30", "1,a,1,1,2024/2/30"),
        ("1,a,1,1,03/04/2024", "1,a,1,1,03/04/2024"),
        ("1,a,1,1,2024年1月", "1,a,1,1,2024年1月"),
        ('1,a,"1,234.5","12,345",', "1,a,1234.5,12345,"),
        ('1,a,"1,23",1,', '1,a,"1,23",1,'),
        ("1,a,１２．５,１２,", "1,a,12.5,12,"),
        ("1,a, 12.5 ,\u300012\u00a0,", "1,a,12.5,12,"),
        ("1,a,1,12.0,", "1,a,1,12,"),
        ("1,a,1,1.05,", "1,a,1,1.05,"),
        ("1,a,约300,12%,", "1,a,约300,12%,"),
        ("０１ＡＢ,a,1,1,", "01AB,a,1,1,"),
        (" 01\u3000,a,1,1,", "01,a,1,1,"),
        ("1,\u3000ＡＢ公园１ ,1,1,", "1,\u3000ＡＢ公园１ ,1,1,"),
        ("1,a,\u3000,1,", "1,a,,1,"),
        ("粤（２０２４）第１号,a,1,1,", "粤（２０２４）第１号,a,1,1,"),
        ('1,"a\r\nb",1,1,2024/1/5', '1,"a\r\nb",1,1,2024-01-05'),
        ('1,"a""b, c",1,1,2024/1/5', '1,"a""b, c",1,1,2024-01-05'),
    ],
)
def test_cells(tmp_path: Path, before: str, after: str) -> None:
    assert fixed(tmp_path, f"{HEADER}\n{before}\n") == f"{HEADER}\n{after}\n"


def test_grouping_counts_only_where_all_of_the_column_is_grouped(tmp_path: Path) -> None:
    text = f'{HEADER}\n1,a,"1,234",1,\n2,b,"12,5",1,\n'
    config = portal(tmp_path, text.encode())
    found = fix(config)
    assert data(config).decode() == text
    assert {(q.kind, tuple(c.address for c in q.cells)) for q in found.questions} == {("grouping", ("C2", "C3"))}


def test_what_is_asked_names_its_cells(tmp_path: Path) -> None:
    rows = ["1,a,约300,-,03/04/2024", "2,b,12%,10-20,24/1/5", "3,c,5元,x,45296", "合计,,20,3,", "注：来源统计局,,,,"]
    found = fix(portal(tmp_path, "\n".join([HEADER, *rows, ""]).encode()))
    assert {q.kind: [c.address for c in q.cells] for q in found.questions} == {
        "approximate": ["C2"], "percent": ["C3"], "unit": ["C4"], "missing": ["D2"], "range": ["D3"], "other": ["D4"],
        "day-month": ["E2"], "short-year": ["E3"], "serial": ["E4"], "total-row": ["A5"], "note-row": ["A6"],
    }  # fmt: skip
    assert telling.exit_code(found) == 1


def test_bytes_and_structure(tmp_path: Path) -> None:
    text = "Code ,park,ＡＲＥＡ, visits,opened,,\r\n1,东湖公园,1,1,,,\r\n,,,,,,\r\n\r\n"
    config = portal(tmp_path, text.encode("utf-8-sig"))
    found = fix(config)
    assert data(config).decode() == f"{HEADER}\n1,东湖公园,1,1,\n"
    counts = {change.kind: change.count for change in found.files[0].changes}
    assert counts == {"mark": 1, "line-ends": 4, "header": 3, "trailing-columns": 2, "trailing-rows": 2}


def test_a_column_without_a_name_that_holds_something_stays(tmp_path: Path) -> None:
    text = f"{HEADER},\n1,a,1,1,,\n2,b,1,1,,x\n"
    assert fixed(tmp_path, text) == text


@pytest.mark.parametrize("stated", ["gbk", "GB2312", "gb18030", ""])
def test_gbk_becomes_utf_8(tmp_path: Path, stated: str) -> None:
    text = f"{HEADER}\n1,江门市东湖公园,1,1,\n2,新会区圭峰山国家森林公园,1,1,\n"
    declared: dict[str, Any] = {"encoding": stated} if stated else {}
    config = portal(tmp_path, text.encode("gb18030"), **declared)
    found = fix(config)
    assert data(config).decode() == text
    descriptor = yaml.safe_load((config.datasets / "culture/parks/datapackage.yaml").read_text("utf-8"))
    assert descriptor["resources"][0].get("encoding", "") == ("utf-8" if stated else "")
    assert found.files[0].file == "culture/parks/parks.csv"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("서울특별시 강남구 역삼동 주민센터 민원실 안내", "euc_kr"),
        ("東京都千代田区のひらがなとカタカナの名前です", "shift_jis"),
        ("臺灣臺北市中正區重慶南路一段", "big5"),
        ("Örtliche Behörde für Grünflächen, Straße und Café", "latin-1"),
        ("Москва и Санкт-Петербург, улица Ленина", "cp1251"),
    ],
)
def test_another_language_is_not_taken_for_chinese(tmp_path: Path, text: str, encoding: str) -> None:
    content = f"{HEADER}\n1,{text},1,1,\n".replace("\\", "").encode(encoding)
    config = portal(tmp_path, content)
    found = fix(config)
    assert data(config) == content
    assert [q.kind for q in found.questions] == ["encoding-unproved"]


def test_utf_16_with_its_mark(tmp_path: Path) -> None:
    text = f"{HEADER}\n1,东湖公园,1,1,\n"
    config = portal(tmp_path, text.encode("utf-16"))
    fix(config)
    assert data(config).decode() == text


def test_sizes_and_checksums_follow(tmp_path: Path) -> None:
    content = f"{HEADER}\n1,a,1,1,2024/1/5\n\n".encode()
    digest = hashlib.sha256(content).hexdigest()
    config = portal(tmp_path, content, bytes=len(content), hash=f"sha256:{digest}")
    fix(config)
    resource = yaml.safe_load((config.datasets / "culture/parks/datapackage.yaml").read_text("utf-8"))["resources"][0]
    now = data(config)
    assert (resource["bytes"], resource["hash"]) == (len(now), f"sha256:{hashlib.sha256(now).hexdigest()}")


def test_a_wrong_checksum_is_left_wrong(tmp_path: Path) -> None:
    config = portal(tmp_path, f"{HEADER}\n1,a,1,1,2024/1/5\n".encode(), hash="sha256:" + "0" * 64)
    fix(config)
    text = (config.datasets / "culture/parks/datapackage.yaml").read_text("utf-8")
    assert "0" * 64 in text


def test_what_would_bring_a_new_problem_is_not_done(tmp_path: Path) -> None:
    """``０１`` and ``01`` are two keys as long as they are written in two ways."""
    text = f"{HEADER}\n01,a,1,1,2024/1/5\n０１,b,1,1,\n"
    config = portal(tmp_path, text.encode())
    found = fix(config)
    assert data(config).decode() == f"{HEADER}\n01,a,1,1,2024-01-05\n０１,b,1,1,\n"
    assert [left.kind for left in found.left] == ["worse"]


def test_comments_and_layout_of_a_descriptor_stay(tmp_path: Path) -> None:
    config = portal(tmp_path, f"{HEADER}\n1,公园,1,1,\n".encode("gbk"))
    file = config.datasets / "culture/parks/datapackage.yaml"
    text = file.read_text("utf-8").replace("  path: parks.csv\n", "  path: parks.csv\n  encoding: 'gbk' # 注释\n")
    file.write_text("# 开头\n" + text, "utf-8")
    fix(config)
    assert file.read_text("utf-8") == "# 开头\n" + text.replace("'gbk'", "'utf-8'")


def test_an_alias_is_not_touched(tmp_path: Path) -> None:
    """The encoding of another resource would change with it."""
    config = portal(tmp_path, f"{HEADER}\n1,公园,1,1,\n".encode("gbk"))
    file = config.datasets / "culture/parks/datapackage.yaml"
    text = file.read_text("utf-8").replace("  path: parks.csv\n", "  path: parks.csv\n  encoding: &e gbk\n")
    file.write_text(text + "- {name: other, path: other.csv, encoding: *e}\n", "utf-8")
    before = data(config)
    fix(config)
    assert data(config) == before


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda text: text.replace("  path:", "\tpath:").replace("  schema:", "\tschema:"), None),
        (lambda text: text.replace("title: 公园", "title：公园"), "descriptor-colons"),
        (lambda text: "\ufeff" + text, "mark"),
    ],
)
def test_descriptors(tmp_path: Path, change: Callable[[str], str], kind: str | None) -> None:
    config = portal(tmp_path, f"{HEADER}\n1,a,1,1,2024/1/5\n".encode())
    file = config.datasets / "culture/parks/datapackage.yaml"
    text = file.read_text("utf-8")
    file.write_text(change(text), "utf-8")
    fix(config)
    if kind:
        assert yaml.safe_load(file.read_text("utf-8")) == yaml.safe_load(text)
        assert data(config).decode().endswith("2024-01-05\n"), "the data are mended in the same run"
    assert not fix(config).files


def test_tabs_that_mean_one_thing_only(tmp_path: Path) -> None:
    config = portal(tmp_path, f"{HEADER}\n1,a,1,1,\n".encode())
    file = config.datasets / "culture/parks/datapackage.yaml"
    file.write_text(
        "name: parks\nopenness: unconditional\naccess:\n\treason: x\n\tchannel:\n\t\turl: https://a.example\n", "utf-8"
    )
    fix(config)
    assert yaml.safe_load(file.read_text("utf-8"))["access"] == {"reason": "x", "channel": {"url": "https://a.example"}}


def test_a_descriptor_in_gbk(tmp_path: Path) -> None:
    config = portal(tmp_path, f"{HEADER}\n1,a,1,1,\n".encode())
    file = config.datasets / "culture/parks/datapackage.yaml"
    text = file.read_text("utf-8")
    file.write_bytes(text.encode("gbk"))
    fix(config)
    assert file.read_text("utf-8") == text


def test_nothing_of_withheld_data_is_shown(tmp_path: Path) -> None:
    text = f"{HEADER}\n１,甲乙,1,1,2024/1/5\n2,丙丁,约三百,1,\n"
    config = portal(tmp_path, text.encode("gbk"), private=True, openness="conditional", encoding="gbk")
    found = fix(config, samples=50)
    assert "2024-01-05" in data(config).decode()
    shown = [telling.to_text(found, lang, config.datasets) for lang in ("zh", "en")] + [telling.to_json(found, "0")]
    assert not any(part in text for text in shown for part in ("甲乙", "丙丁", "约三百", "2024/1/5", "2024-01-05"))
    assert "C3" in shown[0]


CASES_THAT_BECOME_BETTER = (
    *("byte-order-mark", "carriage-returns", "constraint-pattern", "descriptor-syntax-tab", "encoding-undeclared"),
    *("one-broken-beside-two-good", "ragged-rows", "type-date", "type-date-format", "type-number", "value-never-shown"),
)


@pytest.mark.parametrize("name", CASES_THAT_BECOME_BETTER)
def test_a_case_has_no_more_problems_than_before(tmp_path: Path, name: str) -> None:
    file, _ = set_up(CASES / name, tmp_path)
    config = read_config(file, site=tmp_path / "site")
    before = check(config, Options(today=TODAY, jobs=1)).problems
    assert fix(config).files
    after = check(config, Options(today=TODAY, jobs=1)).problems
    assert len(after) < len(before) or not before
    assert not fix(config).files


def test_workbooks_links_and_what_lies_outside_are_left_alone(tmp_path: Path) -> None:
    config = portal(tmp_path, b"PK", name="parks.xlsx")
    assert [left.kind for left in fix(config).left] == ["workbook"]
    outside = tmp_path / "outside.csv"
    outside.write_text(f"{HEADER}\n1,a,1,1,2024/1/5\n", "utf-8")
    before = outside.read_bytes()
    config = portal(tmp_path, b"", name="parks.csv")
    file = config.datasets / "culture/parks/parks.csv"
    file.unlink()
    file.symlink_to(outside)
    assert not fix(config).files
    portal(tmp_path, b"", path="../../../outside.csv", name="x.csv")
    assert not fix(config).files
    assert outside.read_bytes() == before


def test_written_whole_or_not_at_all(tmp_path: Path) -> None:
    config = portal(tmp_path, f"{HEADER}\n1,a,1,1,2024/1/5\n".encode())
    file = config.datasets / "culture/parks/parks.csv"
    file.chmod(0o640)
    with tempfile.TemporaryDirectory() as work:
        found = plan(config, TODAY, Path(work))
        file.write_text("meanwhile\n")
        with pytest.raises(PublishError, match="再运行一次"):
            write(found.files)
        assert file.read_text() == "meanwhile\n"
    file.write_text(f"{HEADER}\n1,a,1,1,2024/1/5\n")
    fix(config)
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert sorted(path.name for path in file.parent.iterdir()) == ["datapackage.yaml", "parks.csv"]


def test_the_command_line(tmp_path: Path, kaishu: Callable[..., Any]) -> None:
    config = portal(tmp_path / "p", f"{HEADER}\n1,a,1,1,2024/1/5\n".encode())
    arguments = ("fix", "--config", config.file)
    before = data(config)
    first = kaishu(*arguments)
    assert (first.returncode, data(config)) == (1, before), first.stderr
    assert "- 1,a,1,1,2024/1/5\n  + 1,a,1,1,2024-01-05" in first.stdout
    assert "kaishu fix --write" in first.stdout
    assert kaishu(*arguments, "--write", "--format", "json").returncode == 0
    assert data(config).endswith(b"2024-01-05\n")
    assert "没有可以自动改的内容" in kaishu(*arguments).stdout


def test_all_that_can_be_said_has_words() -> None:
    words = telling.words()
    assert {*WHOLE_FILE, *IN_CELLS, *IN_DESCRIPTOR} == set(words["changes"])
    assert set(BLOCKING) | {"total-row", "note-row", "text-blanks"} == set(words["questions"])


# --- properties

CELLS = st.sampled_from(
    ["", " ", "　", "1", "0", "-3.5", "1,234", "12,5", "１２", " 7", "1.0", "007", "约300", "12%", "-", "2024-01-05", "2024/1/5",
     "2024年1月5日", "20240105", "03/04/2024", "公园", " 公园", "ＡＢ", "a\nb", "a,b", '"', "合计", "x\u00a0", "true", "NaN", "1e5"]
)  # fmt: skip
ROWS = st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS, CELLS), max_size=6)


def cells_of(content: bytes, encoding: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(encoding), newline="")))


def values(row: list[str]) -> list[tuple[Any, bool]]:
    """Each cell's value under the schema, and whether there is one."""
    fields = [frictionless.Field.from_descriptor(field) for field in FIELDS]
    return [(value, notes is None) for value, notes in (f.read_cell(c) for f, c in zip(fields, row, strict=False))]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=[Phase.generate])
@given(ROWS, st.sampled_from(["utf-8", "utf-8-sig", "gbk"]), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_fixed_data_mean_the_same(rows: list[tuple[str, ...]], encoding: str, end: str, keyed: bool) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=end).writerows([HEADER.split(","), *rows])
    content = out.getvalue().encode(encoding, "ignore")
    with tempfile.TemporaryDirectory() as folder:
        stated: Mapping[str, Any] = {"encoding": "gbk"} if encoding == "gbk" else {}
        schema = {"fields": FIELDS} | ({"primaryKey": ["code"]} if keyed else {})
        config = portal(Path(folder), content, schema=schema, **stated)
        problems = check(config, Options(today=TODAY, jobs=1)).problems
        fix(config)
        now = data(config)
        assert Counter(p.name for p in check(config, Options(today=TODAY, jobs=1)).problems).total() <= len(problems)
        assert not fix(config).files, "a second run changes nothing"
    before, after = cells_of(content, encoding), cells_of(now, "utf-8")
    assert not any(cell.strip() for row in before[len(after) :] for cell in row), "only blank rows at the end went"
    for old, new in zip(before, after, strict=False):
        assert old[1] == new[1], "free text is as it was"
        for (value, known), (now_value, now_known) in list(zip(values(old), values(new), strict=True))[1:]:
            if known:
                assert (repr(now_value), now_known) == (repr(value), True)
        assert new[0] in (old[0], old[0].strip(" 　\u00a0").translate({ord(w): ord(w) - 0xFEE0 for w in "１２ＡＢ"}))


REAL = Path(__file__).parents[3] / "shared/packages"


def test_a_real_table_in_gbk(tmp_path: Path) -> None:
    """9,000 idioms in a file without a header, as their author exported them."""
    table = REAL / "cn-idioms-gbk/Chinese_Idiom.txt"
    if not table.is_file():
        pytest.skip("the public packages are not beside the repository")
    assert decoding_of(table).encoding == "gb18030"
    shutil.copytree(table.parent, tmp_path / "datasets/idioms")
    portal(tmp_path, b"")
    config = read_config(tmp_path / "kaishu.yaml")
    file = config.datasets / "idioms" / table.name
    fix(config)
    assert file.read_bytes().decode() == table.read_bytes().decode("gb18030").replace("\r\n", "\n")
    assert not fix(config).files
