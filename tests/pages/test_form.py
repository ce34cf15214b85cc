"""The form that writes a descriptor, in a browser: what it makes is read by PyYAML and by the check."""

from __future__ import annotations

import datetime
import functools
import io
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jsonschema
import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from generator import terms
from generator.build import Options, build, check
from generator.config import read_config
from generator.pages import form as form_page
from generator.pages.words import words
from generator.problems import Severities
from tests.conftest import ROOT
from tests.pages.conftest import _Strict

DAY = datetime.date(2026, 11, 24)
PORTAL = {
    "title": "门户", "title_en": "Portal", "url": "https://data.example.gov.cn/", "repository": "https://github.com/city/data",
}  # fmt: skip
TERMS = {
    "general": {
        "title": "通用条款", "reason": "可能识别到个人。", "conditions": ["仅用于申请的用途"], "channel": {"email": "b@example.gov.cn"},
    }
}  # fmt: skip
NASTY = (
    "no", "Yes", "null", "~", "007", "1e3", "12:30", "2024-01-06", "0x1F", "a: b", "# 一", "- 一", "[x]", "{x}", "'", '"', "\\",
    " 前", "后 ", "@x", "%x", "!x", "&x", "*x", "|", ">", "一\n二", "一\n\n  二", "  一\n二", "一\n二\n", "\t一", "一\u2028二", "\ufeff一",
    "\x07", "\x85", "😀", "<<", "=", ".inf", "x #y", "x:", "True", "一：二", "é", "\ud800", "：", "y", "1_000", "+1", "---", "? x", "一\r\n二",
)  # fmt: skip


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A portal with one agency and no dataset, and its site."""
    folder = tmp_path_factory.mktemp("form")
    (folder / "datasets/culture").mkdir(parents=True)
    body = {"id": "culture", "name": "文化局", "name_en": "Culture", "contact": {"email": "a@example.gov.cn"}}
    (folder / "datasets/culture/agency.yaml").write_text(yaml.safe_dump(body, allow_unicode=True), "utf-8")
    (folder / "kaishu.yaml").write_text(yaml.safe_dump({"portal": PORTAL}, allow_unicode=True), "utf-8")
    (folder / "datasets/terms.yaml").write_text(yaml.safe_dump(TERMS, allow_unicode=True), "utf-8")
    build(read_config(folder / "kaishu.yaml", site=folder / "site"), Options(DAY, jobs=1))
    return folder


@pytest.fixture(scope="module")
def server(portal: Path) -> Iterator[str]:
    handler = functools.partial(_Strict, directory=str(portal / "site"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as found:
        threading.Thread(target=found.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{found.server_port}/"
        found.shutdown()


@pytest.fixture
def form(browser: Any, server: str) -> Iterator[Callable[..., Any]]:
    """Opens the page; whatever it complains of, or asks another host for, or sends anywhere, fails the test."""
    contexts: list[Any] = []
    troubles: list[str] = []

    def open_(path: str = "contribute/form/", *, width: int = 1280, **options: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda r: None if r.url.startswith((server, "blob:")) and r.method == "GET" else troubles.append(r.url))  # fmt: skip
        page.goto(server + path)
        if options.get("java_script_enabled", True):
            page.wait_for_selector("kaishu-form[data-ready]")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert troubles == []


def fill(page: Any, **values: str) -> None:
    for name, value in values.items():
        at = f"#f-{name.replace('__', '-')}"
        if page.eval_on_selector(at, "e => e.localName") == "select":
            page.select_option(at, value)
        else:
            page.fill(at, value)


def basics(page: Any, name: str = "public-libraries", **more: str) -> None:
    fill(page, agency="culture", name=name, title="公共图书馆名录", description="第一行。", theme="education", update_cycle="yearly", **more)  # fmt: skip


def choose(page: Any, name: str, content: bytes) -> None:
    page.set_input_files("input[type=file]", files=[{"name": name, "mimeType": "", "buffer": content}])
    page.wait_for_selector(".read p")


def result(page: Any) -> dict[str, Any]:
    made: dict[str, Any] = yaml.safe_load(page.text_content(".form-yaml"))
    return made


def checked(portal: Path, tmp_path: Path, page: Any, files: dict[str, bytes]) -> list[str]:
    """Names of the errors that the check finds in what the page made, with these files beside it."""
    made = result(page)
    folder = tmp_path / "datasets" / made["agency"] / made["name"]
    folder.mkdir(parents=True)
    (tmp_path / "datasets/terms.yaml").write_bytes((portal / "datasets/terms.yaml").read_bytes())
    (folder.parent / "agency.yaml").write_bytes((portal / "datasets/culture/agency.yaml").read_bytes())
    (folder / "datapackage.yaml").write_text(page.text_content(".form-yaml"), "utf-8")
    for name, content in files.items():
        (folder / name).write_bytes(content)
    config = read_config(portal / "kaishu.yaml", datasets=tmp_path / "datasets", state=tmp_path / "state")
    severities = Severities({})
    return [p.name for p in check(config, Options(DAY, jobs=1)).problems if severities.of(p) == "error"]


CSV = "编号,馆名,面积（平方米）,开馆日期\n0001,一馆,12000,1998-10-01\n0002,二馆,8500,2006-05-18\n"


def test_what_a_clerk_fills_in_passes_the_check(form: Any, portal: Path, tmp_path: Path) -> None:
    page = form()
    basics(page, openness="unconditional", licenses="CC-BY-4.0", created="2026-01-05", modified="2026-11-01")
    choose(page, "libraries.csv", CSV.encode())
    assert page.inner_text(".form-state").startswith("填写齐全")
    made = result(page)
    [resource] = made["resources"]
    assert [(f["name"], f["title"], f["type"], f.get("unit", "")) for f in resource["schema"]["fields"]] == [
        ("编号", "编号", "string", ""), ("馆名", "馆名", "string", ""),
        ("面积（平方米）", "面积", "integer", "平方米"), ("开馆日期", "开馆日期", "date", ""),
    ]  # fmt: skip
    assert resource["schema"]["primaryKey"] == ["编号"]
    assert checked(portal, tmp_path, page, {"libraries.csv": CSV.encode()}) == []


def test_nasty_values_come_out_as_they_were_typed(form: Any, portal: Path, tmp_path: Path) -> None:
    page = form()
    basics(page, openness="unconditional", licenses="CC0-1.0")
    nasty = "no: 007 # 一\n\n- \"二\" 'x'\\ {a} [b]\u2028@%&*!|>"
    page.click("#section-coverage summary")
    fill(
        page, title="no", description=nasty, keywords="no、007、1e3、~", spatial__code="440700", temporal__start="2024"
    )
    choose(page, "no.csv", "是否,代码\nno,007\nyes,008\n".encode())
    made = result(page)
    assert (made["title"], made["description"], made["keywords"]) == ("no", nasty, ["no", "007", "1e3", "~"])
    assert (made["spatial"]["code"], made["temporal"]["start"]) == ("440700", "2024")
    assert checked(portal, tmp_path, page, {"no.csv": "是否,代码\nno,007\nyes,008\n".encode()}) == []


def test_terms_are_asked_for_when_the_data_are_not_open_and_the_file_is_not_named(
    form: Any, portal: Path, tmp_path: Path
) -> None:
    page = form()
    assert not page.is_visible("#section-access")
    basics(page, openness="conditional")
    assert page.is_visible("#section-access")
    assert not page.is_visible("#f-licenses")
    choose(page, "records.csv", CSV.encode())
    assert "不要上传" in page.inner_text(".read")
    said = page.inner_text(".form-problems")
    assert "申请渠道至少写一项" in said
    fill(page, access__reason="可能识别到个人。", access__conditions="仅用于申请的用途\n不得转交", access__channel__email="b@example.gov.cn", access__response_days="15")  # fmt: skip
    made = result(page)
    assert "path" not in made["resources"][0]
    assert made["access"]["response_days"] == 15
    assert made["access"]["conditions"] == ["仅用于申请的用途", "不得转交"]
    assert checked(portal, tmp_path, page, {}) == []
    fill(page, openness="closed", access__legal_basis="《保密法》")
    assert "resources" not in result(page)
    assert page.inner_text(".form-state").startswith("填写齐全")


def test_a_table_of_its_own_openness_and_shared_terms(form: Any, portal: Path, tmp_path: Path) -> None:
    """One table is open, the other is given on terms that are written already."""
    page = form()
    basics(page, openness="unconditional", licenses="CC-BY-4.0", created="2026-01-05", modified="2026-11-01")
    choose(page, "libraries.csv", CSV.encode())
    page.click(".add-resource")
    second = page.locator(".part").nth(1)
    second.locator("input[type=file]").set_input_files(
        files=[{"name": "readers.csv", "mimeType": "", "buffer": "编号,馆\n1,0001\n".encode()}]
    )
    second.locator(".read p").first.wait_for()
    assert not page.is_visible("#section-access")
    second.locator("[data-part=openness]").select_option("conditional")
    assert page.is_visible("#section-access")
    assert page.is_visible("#f-licenses")
    assert not page.inner_text(".form-state").startswith("填写齐全")
    fill(page, access__use="general")
    assert page.inner_text(".form-state").startswith("填写齐全")
    made = result(page)
    assert made["access"] == {"use": "general"}
    assert [("path" in each, each.get("openness")) for each in made["resources"]] == [
        (True, None),
        (False, "conditional"),
    ]
    assert checked(portal, tmp_path, page, {"libraries.csv": CSV.encode()}) == []


def test_limits_of_columns_and_references_between_tables(form: Any, portal: Path, tmp_path: Path) -> None:
    page = form()
    basics(page, openness="unconditional", licenses="CC-BY-4.0", created="2026-01-05", modified="2026-11-01")
    choose(page, "libraries.csv", CSV.encode())
    page.click(".add-resource")
    loans = "馆,类别,册数\n0001,图书,3\n0002,期刊,4\n".encode()
    second = page.locator(".part").nth(1)
    second.locator("input[type=file]").set_input_files(files=[{"name": "loans.csv", "mimeType": "", "buffer": loans}])
    second.locator(".read p").first.wait_for()
    rows = second.locator("tbody tr")
    for row in range(3):
        rows.nth(row).locator("summary").click()
    rows.nth(0).locator("[data-column=pattern]").fill("[0-9]{4}")
    rows.nth(0).locator("[data-column=reference]").fill("libraries.馆号")
    rows.nth(1).locator("[data-column=enum]").fill("图书、期刊")
    rows.nth(2).locator("[data-column=minimum]").fill("0")
    assert not rows.nth(2).locator("[data-column=pattern]").is_visible(), "a number has none"
    assert "外键要写成" in rows.nth(0).locator(".wrong").inner_text()
    rows.nth(0).locator("[data-column=reference]").fill("libraries.编号")
    assert page.inner_text(".form-state").startswith("填写齐全")
    schema = result(page)["resources"][1]["schema"]
    assert [field.get("constraints") for field in schema["fields"]] == [
        {"required": True, "pattern": "[0-9]{4}"}, {"required": True, "enum": ["图书", "期刊"]}, {"required": True, "minimum": 0},
    ]  # fmt: skip
    assert schema["foreignKeys"] == [{"fields": ["馆"], "reference": {"resource": "libraries", "fields": ["编号"]}}]
    files = {"libraries.csv": CSV.encode(), "loans.csv": loans}
    assert checked(portal, tmp_path / "right", page, files) == []
    wrong = files | {"loans.csv": "馆,类别,册数\n0003,报纸,-1\n".encode()}
    found = checked(portal, tmp_path / "wrong", page, wrong)
    assert sorted(found) == ["constraint-enum", "constraint-minimum", "foreign-key"]


def test_what_is_wrong_is_said_while_typing_and_leads_to_the_field(form: Any) -> None:
    page = form()
    fill(page, name="Public Libraries")
    assert "小写英文字母" in page.inner_text("#f-name-error")
    assert page.get_attribute("#f-name", "aria-invalid") == "true"
    fill(page, name="public-libraries", contact__email="nobody")
    assert page.inner_text("#f-name-error") == ""
    assert "不是电子邮箱" in page.inner_text("#f-contact-email-error")
    page.get_by_role("button", name="联系邮箱").click()
    assert page.evaluate("document.activeElement.id") == "f-contact-email"


def test_on_a_phone_the_form_has_the_whole_width_and_a_button_leads_to_the_result(form: Any) -> None:
    page = form(width=390)
    width = page.eval_on_selector("#f-title", "input => input.getBoundingClientRect().width")
    assert width > 330
    page.click(".to-result")
    assert page.evaluate("document.activeElement.id") == "result"
    assert 0 <= page.eval_on_selector("#result", "e => e.getBoundingClientRect().top") < 900


def test_the_forges_page_is_filled_in_as_long_as_the_address_is_not_too_long(form: Any) -> None:
    page = form()
    basics(page, openness="unconditional")
    link = urlsplit(page.get_attribute(".open-forge", "href"))
    assert link.path == "/city/data/new/main/datasets/culture/public-libraries"
    asked = parse_qs(link.query)
    assert asked["filename"] == ["datapackage.yaml"]
    assert yaml.safe_load(asked["value"][0]) == result(page)
    fill(page, description="长" * 2000)
    assert "value" not in parse_qs(urlsplit(page.get_attribute(".open-forge", "href")).query)


def test_a_workbook_is_read_here_with_its_days_and_a_title_above_the_header(form: Any) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["全市公共图书馆一览表"])
    sheet.append(["编号", "金额(万元)", "开馆日期", "备注"])
    sheet.append(["0001", 12.5, datetime.date(1998, 10, 1), None])
    sheet.append(["0002", 8, datetime.date(2006, 5, 18), "新馆"])
    stored = io.BytesIO()
    book.save(stored)
    page = form()
    fill(page, openness="unconditional")
    choose(page, "馆.xlsx", stored.getvalue())
    [resource] = result(page)["resources"]
    assert resource["format"] == "xlsx"
    assert [(f["title"], f["type"], f.get("unit")) for f in resource["schema"]["fields"]] == [
        ("编号", "string", None), ("金额", "number", "万元"), ("开馆日期", "date", None), ("备注", "string", None),
    ]  # fmt: skip
    assert "表头看来在第 2 行" in page.inner_text(".read")


def test_gbk_and_personal_columns_are_told_and_no_value_is_shown(form: Any) -> None:
    page = form()
    number = "11010519491231002X"
    choose(page, "人员.csv", f"姓名,备注\n张三,{number}\n".encode("gb18030"))
    said = page.inner_text(".read")
    assert "GBK" in said
    assert "姓名、备注" in said
    assert number not in page.content()
    choose(page, "old.xls", b"\xd0\xcf\x11\xe0")
    assert "另存为" in page.inner_text(".read")


def test_a_draft_is_kept_only_on_wish(form: Any) -> None:
    page = form()
    basics(page, openness="unconditional")
    assert page.evaluate("localStorage.length") == 0
    page.check(".keep-draft")
    choose(page, "libraries.csv", CSV.encode())
    before = result(page)
    page.reload()
    page.wait_for_selector("kaishu-form[data-ready]")
    assert result(page) == before
    page.uncheck(".keep-draft")
    assert page.evaluate("localStorage.length") == 0


def test_without_a_script_there_is_a_template(form: Any) -> None:
    page = form(java_script_enabled=False)
    assert page.is_visible("#template")
    assert not page.is_visible("kaishu-form")
    made = yaml.safe_load(page.inner_text(".no-script pre"))
    assert {"name", "title", "openness", "resources"} <= made.keys()


@pytest.mark.parametrize(("path", "scheme"), [("contribute/form/", "light"), ("en/contribute/form/", "dark")])
def test_it_is_accessible_and_fits_a_phone(form: Any, path: str, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = form(path, width=390, color_scheme=scheme, bypass_csp=True)
    fill(page, openness="conditional", name="X")
    choose(page, "libraries.csv", CSV.encode())
    page.locator(".limits summary").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.locator("kaishu-form form").bounding_box()["width"] > 350, "the result stands below, not beside"
    assert axe.Axe().run(page).response["violations"] == []


def test_the_keyboard_adds_and_removes_columns(form: Any) -> None:
    page = form()
    fill(page, openness="unconditional")
    page.focus(".add-column")
    page.keyboard.press("Enter")
    page.keyboard.type("编号")
    assert result(page)["resources"][0]["schema"]["fields"] == [{"name": "编号", "type": "string"}]
    page.focus(".remove-column")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.className") == "text-button add-column"
    assert "schema" not in json.dumps(result(page))


# ---- its parts, against oracles


@pytest.fixture(scope="module")
def scripts(browser: Any, server: str, portal: Path) -> Iterator[Any]:
    """The modules of the form as ``window.parts``."""
    page = browser.new_page()
    page.goto(server + "contribute/form/")
    names = {stem: f"form-{stem}.js" for stem in ("yaml", "schema", "table")}
    for name in names.values():  # as they are before they are bundled
        shutil.copy(ROOT / "scripts/browser/src" / name, portal / "site/assets" / name)
    page.evaluate("async (names) => { window.parts = {}; for (const [key, name] of Object.entries(names)) parts[key] = await import('/assets/' + name) }", names)  # fmt: skip
    yield page
    page.close()


def meant(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in lines)


QUICK = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@QUICK
@given(st.lists(st.text(max_size=30), max_size=12))
@example(list(NASTY))
def test_yaml_says_what_was_meant_to_python(scripts: Any, texts: list[str]) -> None:
    # The protocol between Python and the browser has no place for halves of characters: they travel as numbers.
    codes = [[ord(c) for c in text] for text in texts]
    written = scripts.evaluate(
        """(codes) => {
            const texts = codes.map((each) => each.map((code) => String.fromCodePoint(code)).join(''))
            return parts.yaml.toYaml({ each: Object.fromEntries(texts.map((text, i) => [`k${i}`, text])), list: texts,
              deep: [{ a: { b: texts[0] ?? 1 } }], number: 15, yes: true })
        }""",
        codes,
    )
    read = yaml.safe_load(written)
    texts = [meant(text) for text in texts]
    assert read.pop("each") == ({f"k{i}": text for i, text in enumerate(texts)} or None)
    assert read == {"list": texts, "deep": [{"a": {"b": texts[0] if texts else 1}}], "number": 15, "yes": True}


VALUES: tuple[dict[str, Any], ...] = (
    {}, {"name": "a"}, {"name": "A b"}, {"name": ""}, {"name": 1}, {"keywords": "x"}, {"keywords": ["x", ""]}, {"contact": {}},
    {"contact": {"email": "x"}}, {"contact": {"email": "a@b.cn", "url": "ftp://x"}}, {"theme": "x"}, {"theme": "other"},
    {"access": {"response_days": -1}}, {"access": {"response_days": 366}}, {"access": {"response_days": 1.5}},
    {"access": {"response_days": True}}, {"access": {"channel": {}}}, {"access": {"purposes": [1]}}, {"access": {"purposes": "一"}},
    {"access": {"legal_basis_url": ["https://a", "b"]}}, {"spatial": "市"}, {"spatial": {"code": "4"}}, {"spatial": {"code": "44"}},
    {"spatial": {"bbox": [1, 2, 3]}}, {"resources": [{"openness": "open"}]}, {"resources": "x"}, {"modified": "2026-1-1"},
    {"modified": "2026-01-01"}, {"created": "2026-01-01"}, {"created": "2026-01-01T00:00:00+08:00"}, {"crs": "EPSG:4490"}, {"crs": "WGS"},
    {"resources": [{"hashes": [None, "sha256:" + "0" * 64]}]}, {"resources": [{"hashes": [None, "x"]}]}, {"unknown": 1},
)  # fmt: skip


def test_it_finds_wrong_what_json_schema_finds_wrong(scripts: Any) -> None:
    schema = terms.dataset_schema()
    oracle = jsonschema.Draft202012Validator(schema)
    for value in VALUES:
        found = scripts.evaluate("([schema, value]) => parts.schema.problems(schema, value)", [schema, value])
        assert bool(found) is not oracle.is_valid(value), value
        if found:
            assert found[0]["path"][: len(value)] == [next(iter(value))]


def test_every_word_of_the_form_is_shown_or_said() -> None:
    entries = [key for key in words("zh").__dict__ if key.startswith("form_")]
    root = Path(form_page.__file__).parents[2]
    code = (root / "site_src/templates/form.html").read_text("utf-8") + Path(form_page.__file__).read_text("utf-8")
    paths = {path.removesuffix("_en").replace(".", "_") for listed in form_page.SECTIONS.values() for path in listed}
    made = {f"form_{kind}_{path}" for kind in ("hint", "label") for path in paths}
    made |= {f"form_{name}{end}" for name in form_page.SECTIONS for end in ("", "_about")}
    made |= {f"form_type_{type_}" for type_ in form_page.TYPES}
    assert [key for key in entries if key not in made and key not in code] == []


def test_it_knows_every_keyword_that_the_schema_uses(scripts: Any) -> None:
    known = set(scripts.evaluate("parts.schema.KEYWORDS"))

    def used(schema: Any) -> set[str]:
        inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", []), *filter(None, [schema.get("items")])]
        return set(schema).union(*map(used, inner))

    assert used(terms.dataset_schema()) <= known


@pytest.mark.parametrize(
    ("name", "values", "type_"),
    [
        ("数量", ["1", "-20"], "integer"), ("数量", ["1", "007"], "string"), ("金额", ["1.50", "2"], "number"),
        ("联系电话", ["3500000"], "string"), ("district_code", ["440703"], "string"), ("年份", ["2024"], "year"),
        ("日期", ["2024-02-29"], "date"), ("日期", ["2023-02-29"], "string"), ("日期", ["2024/1/5"], "string"),
        ("x", ["12345678901234567890"], "string"), ("x", ["true", "false"], "boolean"), ("x", [], "string"),
    ],
)  # fmt: skip
def test_types_are_proposed_with_care(scripts: Any, name: str, values: list[str], type_: str) -> None:
    assert scripts.evaluate("([name, values]) => parts.table.typeOf(name, values)", [name, values]) == type_


def test_csv_is_taken_apart_as_the_standard_says(scripts: Any) -> None:
    text = 'a,"b ""x"", c",\r\n"1\n2",,3\r\n\r\nlast'
    rows = scripts.evaluate("(text) => parts.table.records(text, ',')", text)
    assert rows == [["a", 'b "x", c', ""], ["1\n2", "", "3"], [""], ["last"]]
