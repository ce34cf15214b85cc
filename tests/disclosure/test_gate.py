"""The gate as a whole: datasets that are checked and built, and files of many kinds."""

from __future__ import annotations

import datetime
import gzip
import io
import json
import random
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml

from generator.build import Options, Report, build, check
from generator.config import Config, read_config
from generator.disclosure.files import search_file
from generator.disclosure.groups import Groups
from generator.disclosure.watch import Asked
from generator.problems import words
from generator.releases import read_previous
from tests.disclosure import known
from tests.disclosure.known import TODAY
from tests.test_cases import PORTAL

ASKED = Asked(TODAY)


def portal(folder: Path, rows: str, **more: object) -> Config:
    dataset = folder / "datasets/civil/list"
    dataset.mkdir(parents=True)
    (folder / "datasets/civil/agency.yaml").write_text(
        "id: civil\nname: 民政局\ncontact: {email: d@c.example}\n", "utf-8"
    )
    names = rows.partition("\n")[0].split(",")
    fields = [{"name": name, "title": name, "type": "string"} for name in names]
    descriptor = {
        "name": "list", "title": "名单", "title_en": "List", "description": "名单", "description_en": "List",
        "keywords": ["名单"], "openness": "unconditional", "theme": "life", "update_cycle": "irregular",
        "source_department": "civil", "licenses": [{"name": "CC-BY-4.0"}],
        "resources": [{"name": "list", "path": "list.csv", "schema": {"fields": fields}}],
        **more,
    }  # fmt: skip
    (dataset / "datapackage.yaml").write_text(yaml.safe_dump(descriptor, allow_unicode=True), "utf-8")
    (dataset / "list.csv").write_text(rows, "utf-8")
    (folder / "kaishu.yaml").write_text(yaml.safe_dump({"portal": PORTAL}), "utf-8")
    config = read_config(folder / "kaishu.yaml", site=folder / "site")
    return replace(config, state=folder / ".kaishu")


def checked(config: Config, day: datetime.date = TODAY) -> Report:
    return check(config, Options(day, jobs=1))


def waiver(**parts: str) -> dict[str, str]:
    given = {"class": "mobile-phone", "resource": "list", "field": "remark", "reason": "依甲字九号批文"}
    return {**given, "approver": "审核的李主任", "expires": "2026-12-31", **parts}


def large(r: random.Random, last: str) -> str:
    """More than frictionless would be given: it is judged in Arrow. A cell has two lines."""
    rows = [f'{n},"{known.name(r)}\n的备注"' for n in range(6000)]
    return "number,remark\n" + "\n".join([*rows, f"6000,{last}"]) + "\n"


def test_a_number_at_the_end_of_a_large_table_is_found_in_its_row_and_line(tmp_path: Path) -> None:
    r = random.Random(1)
    report = checked(portal(tmp_path, large(r, f"电话{known.mobile(r)}")))
    (problem,) = report.problems
    assert report.tables[0].way == "fast"
    assert (problem.name, problem.field, problem.row, problem.line) == ("mobile-phone", "remark", 6002, 12002)


def test_a_bad_table_is_searched_all_the_same(tmp_path: Path) -> None:
    r = random.Random(2)
    report = checked(portal(tmp_path, large(r, f"电话{known.mobile(r)}") + "1,2,3\n"))
    assert [p.name for p in report.problems] == ["mobile-phone", "extra-cell"]


def test_a_table_that_cannot_be_read_is_searched_as_text(tmp_path: Path) -> None:
    r = random.Random(3)
    config = portal(tmp_path, "number,remark\n1,\n")
    one = known.resident(r)
    (config.datasets / "civil/list/list.csv").write_bytes(
        "number,remark\n1,备注".encode("gb18030") + one.encode() + b"\n"
    )
    assert "resident-id" in [p.name for p in checked(config).problems]


def test_a_blocked_dataset_is_left_out_of_the_site(tmp_path: Path) -> None:
    r = random.Random(4)
    one = known.mobile(r)
    config = portal(tmp_path, f"number,remark\n1,{one}\n")
    report = build(config, Options(TODAY, jobs=1))
    assert (report.published, report.left_out) == ((), ("civil/list",))
    assert not [f for f in config.site.rglob("*") if f.is_file() and one.encode() in f.read_bytes()]


def test_nothing_of_a_waiver_is_published(tmp_path: Path) -> None:
    r = random.Random(5)
    config = portal(tmp_path, f"number,remark\n1,{known.mobile(r)}\n", waivers=[waiver()])
    report = build(config, Options(TODAY, jobs=1))
    assert report.published == ("list",)
    for file in config.site.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert "审核的李主任".encode() not in content, file
            assert "依甲字九号批文".encode() not in content, file
            if file.suffix == ".json" and "schema" not in file.name:
                # The scorecard tells how many there are, of what kind or where it does not.
                assert b"waivers" not in content or b"scorecard" in content, file


def test_a_waiver_ends_though_nothing_was_changed(tmp_path: Path) -> None:
    r = random.Random(6)
    config = portal(tmp_path, f"number,remark\n1,{known.mobile(r)}\n", waivers=[waiver()])
    last = datetime.date(2026, 12, 31)
    assert [p.name for p in checked(config, last).problems] == []
    later = checked(config, last + datetime.timedelta(1))
    assert sorted(p.name for p in later.problems) == ["mobile-phone", "waiver-expired"]
    assert later.tables[0].way == "cached", "no table was read for it"


@pytest.mark.parametrize("other", [{"field": "number"}, {"class": "resident-id"}, {"resource": "lists"}])
def test_a_waiver_holds_for_its_place_alone(tmp_path: Path, other: dict[str, str]) -> None:
    r = random.Random(7)
    config = portal(tmp_path, f"number,remark\n1,{known.mobile(r)}\n", waivers=[waiver(**other)])
    assert sorted(p.name for p in checked(config).problems) == ["mobile-phone", "waiver-unused"]


def test_a_waiver_for_what_is_unknown_waives_nothing(tmp_path: Path) -> None:
    r = random.Random(8)
    config = portal(tmp_path, f"number,remark\n1,{known.mobile(r)}\n", waivers=[waiver(**{"class": "everything"})])
    assert {p.name for p in checked(config).problems} == {"property-invalid", "mobile-phone", "waiver-unused"}


def test_the_phone_of_the_agency_may_stand_there_until_it_is_another(tmp_path: Path) -> None:
    r = random.Random(9)
    one = known.mobile(r)
    config = portal(tmp_path, f"number,remark\n1,{one}\n")
    agency = config.datasets / "civil/agency.yaml"
    agency.write_text(f"id: civil\nname: 民政局\ncontact: {{email: d@c.example, phone: '+86 {one}'}}\n", "utf-8")
    assert checked(config).problems == ()
    agency.write_text("id: civil\nname: 民政局\ncontact: {email: d@c.example}\n", "utf-8")
    assert [p.name for p in checked(config).problems] == ["mobile-phone"]


def test_what_an_agency_writes_of_a_person_is_told_and_hidden(tmp_path: Path) -> None:
    r = random.Random(10)
    one, other = known.mobile(r), known.mobile(r)
    config = portal(tmp_path, "number,remark\n1,x\n")
    (config.datasets / "civil/agency.yaml").write_text(
        f"id: civil\nname: 民政局\ndescription: 有事找我 {one}，或办公手机 {other}\n"
        f"contact: {{email: d@c.example, phone: '{other}'}}\n",
        "utf-8",
    )
    for _ in range(2):  # the second time from the state
        report = build(config, Options(TODAY, jobs=1))
        (problem,) = report.problems
        assert (problem.name, problem.file, problem.field) == ("mobile-phone", "civil/agency.yaml", "description")
        assert report.published == ("list",)
        assert not [f for f in config.site.rglob("*") if f.is_file() and one.encode() in f.read_bytes()]


def test_what_a_statement_says_of_a_person_is_told_and_hidden(tmp_path: Path) -> None:
    r = random.Random(11)
    one = known.mobile(r)
    config = portal(tmp_path, "number,remark\n1,x\n")
    gone = config.datasets / "civil/gone"
    gone.mkdir()
    statement = {"what": "withdrawn", "date": "2026-06-01", "title": "旧名单", "from": "unconditional"}
    statement |= {"reason": f"撤下，详询手机 {one}", "reviewed": "2026-05-20"}
    (gone / "changes.yaml").write_text(yaml.safe_dump({"changes": [statement]}, allow_unicode=True), "utf-8")
    previous = read_previous(Path(__file__).parents[1] / "cases/withdrawn-and-stated/previous.json")
    report = build(config, Options(TODAY, jobs=1, previous=previous))
    assert ("mobile-phone", "changes.0.reason") in {(p.name, p.field) for p in report.problems}
    assert not [f for f in config.site.rglob("*") if f.is_file() and one.encode() in f.read_bytes()]
    assert "旧名单" in "".join(f.read_text("utf-8") for f in config.site.rglob("*.json")), "the change is in the log"


@pytest.mark.parametrize("kind", known.CLASSES)
def test_no_message_and_no_state_holds_the_value(tmp_path: Path, kind: str) -> None:
    r = random.Random(kind)
    ones = [known.CLASSES[kind](r) for _ in range(4)]
    rows = "number,name\n" + "".join(f"{one},{known.name(r)}\n" for one in ones)
    config = portal(tmp_path, rows, description=f"见{ones[0]}", keywords=[ones[1]], theme=ones[2])
    file = config.datasets / "civil/list/datapackage.yaml"
    descriptor = yaml.safe_load(file.read_text("utf-8"))
    descriptor["resources"][0]["schema"]["fields"][0] |= {"type": "date", "constraints": {"unique": True}}
    descriptor["resources"][0]["schema"]["primaryKey"] = ["number"]
    file.write_text(yaml.safe_dump(descriptor, allow_unicode=True), "utf-8")
    (config.datasets / "civil/list/list.csv").write_text(rows + f"{ones[0]},甲\n", "utf-8")
    report = checked(config)
    told = json.dumps([[repr(p), words(p, "zh"), words(p, "en")] for p in report.problems], ensure_ascii=False)
    state = "".join(f.read_text("utf-8") for f in (tmp_path / ".kaishu").rglob("*.json"))
    assert kind.removesuffix("-15") in told
    for one in ones:
        assert one not in told
        assert one not in state


# ---- files


def zipped(files: dict[str, bytes | str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def workbook(cells: dict[str, str], comment: str = "") -> bytes:
    import openpyxl
    from openpyxl.comments import Comment

    book = openpyxl.Workbook()
    hidden = book.create_sheet("hidden")
    hidden.sheet_state = "hidden"
    for at, value in cells.items():
        hidden[at] = int(value) if value.isdigit() and len(value) < 15 else value
    if comment:
        book.active["A1"].comment = Comment(comment, "x")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _files(r: random.Random) -> dict[str, tuple[bytes, str]]:
    """Name, content, and the place that is told."""
    one = known.resident(r)
    table = f"name,remark\n{known.name(r)},证件{one}\n"
    feature = {"type": "Feature", "geometry": None, "properties": {"note": {"inner": [one]}}}
    return {
        "plain.txt": (f"第一行\n{one}\n".encode(), ""),
        "wide.md": (f"第一行\n{known.wide(one)}\n".encode(), ""),
        "old.txt": (f"第一行\n证件{one}\n".encode("gb18030"), ""),
        "no-suffix": (f"证件{one}\n".encode(), ""),
        "page.html": (f"<p>证件<b>{one}</b></p>".encode(), ""),
        "beside.csv": (table.encode(), "remark"),
        "semicolons.csv": (table.replace(",", ";").encode("utf-8-sig"), "remark"),
        "no-header.csv": (f"{known.name(r)},{one}\n".encode(), f"{one[:3]}{'*' * 15}"),
        "packed.csv.gz": (gzip.compress(table.encode(), mtime=0), "remark"),
        "tree.geojson": (json.dumps({"features": [feature]}).encode(), "features[].properties.note.inner[]"),
        "lines.jsonl": (json.dumps({"a": one}).encode() + b"\n", "[].a"),
        "in.zip": (zipped({"a/b.txt": one, "c.bin": b"\0"}), "a/b.txt"),
        "deep.zip": (zipped({"in.zip": zipped({"t.csv": table})}), "in.zip#t.csv#remark"),
        "book.xlsx": (workbook({"B2": "x", "B3": "证件" + one}), "sheet2!x"),
        "comment.xlsx": (workbook({"A1": "x"}, comment=f"证件{one}"), "xl/comments/comment1.xml"),
        "text.docx": (
            zipped({"word/document.xml": f"<w:p><w:t>{one[:6]}</w:t><w:t>{one[6:]}</w:t></w:p>"}),
            "word/document.xml",
        ),
    }


@pytest.mark.parametrize("name", _files(random.Random(0)))
def test_an_id_in_a_file_is_found(tmp_path: Path, name: str) -> None:
    content, place = _files(random.Random(name))[name]
    file = tmp_path / name
    file.write_bytes(content)
    found = [one for one in search_file(file, ASKED) if one.name == "resident-id"]
    assert [one.field for one in found] == [place]
    assert set(found[0].masked[3:]) == {"*"}


def test_a_phone_that_a_workbook_holds_as_a_number_is_told_with_its_cell(tmp_path: Path) -> None:
    r = random.Random(11)
    file = tmp_path / "book.xlsx"
    file.write_bytes(workbook({"A1": "店名", "B1": "手机", "A2": "甲", "B2": "无", "A5": "乙", "B5": known.mobile(r)}))
    (found,) = search_file(file, ASKED)
    assert (found.name, found.field, found.row, found.column) == ("mobile-phone", "sheet2!手机", 5, 2)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.zip", None),
        ("broken.zip", b"PK\x03\x04 and then nothing"),
        ("broken.xlsx", b"no workbook"),
        ("broken.csv.gz", b"\x1f\x8b and then nothing"),
    ],
)
def test_what_cannot_be_searched_to_the_end_is_told(tmp_path: Path, name: str, content: bytes | None) -> None:
    if content is None:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(5_001):
                archive.writestr(f"{number}.txt", "")
        content = stream.getvalue()
    file = tmp_path / name
    file.write_bytes(content)
    assert [one.name for one in search_file(file, ASKED)] == ["search-incomplete"]


def test_deep_json_is_searched_as_text(tmp_path: Path) -> None:
    r = random.Random(12)
    file = tmp_path / "deep.json"
    file.write_text("[" * 100_000 + f'"证件{known.resident(r)}"' + "]" * 100_000, "utf-8")
    assert [one.name for one in search_file(file, ASKED)] == ["resident-id"]


# ---- groups


def test_groups_are_counted_alike_in_memory_and_in_files(monkeypatch: pytest.MonkeyPatch) -> None:
    random_numbers = np.random.default_rng(1)
    hashes = random_numbers.integers(0, 2**64, 700, np.uint64)[random_numbers.integers(0, 700, 3000)]
    _, counts = np.unique(hashes, return_counts=True)
    wanted = (int((counts < 5).sum()), int(counts[counts < 5].sum()))
    for held in (1 << 20, 100):
        monkeypatch.setattr("generator.disclosure.groups._HELD", held)
        with Groups() as groups:
            for start in range(0, 3000, 130):
                groups.add(hashes[start : start + 130])
            small = groups.below(5)
        assert (small.groups, small.rows) == wanted


def test_our_datasets_and_the_public_packages_hold_nothing(tmp_path: Path) -> None:
    """No false block, no needless review. Only those that are quickly read: ``bench.disclosure_packages`` takes all."""
    shared = Path(__file__).parents[3] / "shared/packages"
    if not shared.is_dir():
        pytest.skip("../shared/packages is not there")
    sizes = {folder: sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) for folder in shared.iterdir()}
    small = sorted(folder for folder, size in sizes.items() if size < 200_000)
    assert small
    config = {"portal": PORTAL, "defaults": {"openness": "unconditional"}, "rules": {"all": "advice"}}
    (tmp_path / "kaishu.yaml").write_text(yaml.safe_dump(config, allow_unicode=True), "utf-8")
    read = replace(read_config(tmp_path / "kaishu.yaml", datasets=shared), state=None)
    report = check(read, Options(TODAY, jobs=1), small)
    assert {p.name for p in report.problems if p.name in _TOLD} == set()


_TOLD = {"resident-id", "mobile-phone", "bank-card", "person-described", "person-named", "travel-document",
         "number-plate", "sole-trader", "vulnerable-people", "person-told", "k-anonymity",
         "search-incomplete"}  # fmt: skip
