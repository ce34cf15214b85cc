"""Terms of access, from the descriptor to the page, the print-out and the machine's form."""

from __future__ import annotations

import datetime
import json
import re
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import frictionless
import pytest
import rdflib
import yaml
from rdflib.namespace import DCAT, DCTERMS, RDF

from generator.build import Options, Report, build, check
from generator.config import read_config
from generator.problems import Problem

TODAY = datetime.date(2026, 6, 30)
ODRL = rdflib.Namespace("http://www.w3.org/ns/odrl/2/")
ROOT = "https://data.test.example/"
HOSTILE = '</script><script>document.title="ran"</script>"><img src=x onerror=alert(1)>{{ 7*7 }}%s'

TERMS = {
    "general": {
        "title": "通用条款", "title_en": "General terms",
        "reason": "含个人信息", "reason_en": "Holds personal information",
        "legal_basis": "《办法》第十六条", "legal_basis_url": ["https://law.test.example/16", "javascript:alert(1)"],
        "applicants": "依法登记的法人", "applicants_en": "Registered bodies",
        "purposes": ["科研", "规划"], "purposes_en": ["Research", "Planning"],
        "conditions": ["不得转让", "注明来源"], "conditions_en": ["No passing on", "Name the source"],
        "security": ["加密存储"], "security_en": ["Encrypted storage"],
        "materials": ["申请表"], "materials_en": ["Form"],
        "channel": {"url": "https://apply.test.example/", "email": "apply@test.example", "phone": "0750-0000001",
                    "address": "建设路1号", "address_en": "1 Jianshe Road", "hours": "工作日上午", "hours_en": "Mornings"},
        "response_days": 15, "fee": "免费", "fee_en": "Free of charge",
        "agreement": {"title": "利用协议", "title_en": "Agreement", "text": "协议正文。" * 100, "text_en": "The text of it. " * 100},
        "reviewed": "2026-06-01", "review_by": "2027-06-01",
    },
}  # fmt: skip
FIELDS = [
    {"name": "day", "title": "日期", "title_en": "Day", "type": "date", "constraints": {"required": True}},
    {"name": "hospital", "title": "医院代码", "title_en": "Hospital code", "type": "string"},
    {"name": "visits", "title": "人次", "title_en": "Visits", "type": "integer"},
]


def descriptor(name: str, openness: str, access: Any, resources: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": name, "title": f"{name}数据", "title_en": f"Data {name}", "description": "说明", "description_en": "About",
        "openness": openness, "access": access, "theme": "health", "update_cycle": "monthly", "keywords": ["就诊"],
        "keywords_en": ["visits"], "licenses": [{"name": "CC-BY-4.0"}], "source_department": "health", "catalogue_code": f"code-{name}",
        "created": "2024-01-06T08:30:00+08:00", "modified": "2026-06-01", "contact": {"email": "a@test.example"}, "resources": resources,
    }  # fmt: skip


def table(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "title": f"表{name}", "title_en": f"Table {name}", "schema": {"fields": FIELDS}} | more


def write(folder: Path, terms: Any = TERMS) -> None:
    home = folder / "datasets/health"
    home.mkdir(parents=True)
    (home / "agency.yaml").write_text("name: 卫生局\nname_en: Health Bureau\n", "utf-8")
    (folder / "datasets/terms.yaml").write_text(yaml.safe_dump(terms, allow_unicode=True), "utf-8")
    (folder / "kaishu.yaml").write_text(
        yaml.safe_dump({"portal": {"title": "门户", "title_en": "Portal", "url": ROOT}, "rules": {"all": "advice"}}),
        "utf-8",
    )
    open_ = table("open", path="open.csv", openness="unconditional")
    hostile = TERMS["general"] | dict.fromkeys(("reason", "legal_basis", "applicants", "purposes", "conditions", "security", "materials", "fee"), HOSTILE) | {"agreement": {"title": HOSTILE, "text": HOSTILE}, "channel": {"name": HOSTILE, "email": "a@test.example", "phone": HOSTILE}}  # fmt: skip
    descriptors = [
        descriptor("first", "conditional", {"use": "general"}, [table("a"), table("b")]),
        descriptor("second", "conditional", {"use": "general", "reason": "另有原因"}, [table("a")]),
        descriptor("third", "conditional", {"use": "general", "conditions": ["仅限本市"], "fee": "按次收费"}, [table("a")]),
        descriptor("mixed", "unconditional", None, [open_, table("shut", openness="conditional", access={"use": "general"}),
                                                    table("secret", openness="closed", access={"reason": "隐私", "legal_basis": "民法典"})]),
        descriptor("closed", "closed", {"reason": "涉及隐私", "reason_en": "Private", "legal_basis": "《民法典》", "legal_basis_en": "Civil Code"}, []),
        descriptor("later", "unconditional", {"embargo_until": "2027-01-01"}, [table("a")]),
        descriptor("hostile", "conditional", hostile, [table("a", title=HOSTILE)]),
    ]  # fmt: skip
    for each in descriptors:
        place = home / each["name"]
        place.mkdir()
        kept = {key: value for key, value in each.items() if value is not None and (key != "resources" or value)}
        (place / "datapackage.yaml").write_text(yaml.safe_dump(kept, allow_unicode=True), "utf-8")
    (home / "mixed/open.csv").write_text("day,hospital,visits\n2024-01-01,h,3\n", "utf-8")


def run(folder: Path) -> Report:
    return build(read_config(folder / "kaishu.yaml", site=folder / "site"), Options(TODAY, jobs=1))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("terms")
    write(folder)
    report = run(folder)
    assert set(report.published) == {"first", "second", "third", "mixed", "closed", "later", "hostile"}, report.problems
    return folder / "site"


def text(site: Path, path: str) -> str:
    return (site / path).read_text("utf-8")


def told(site: Path, name: str) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(text(site, f"data/{name}/datapackage.json"))
    return made


# ---- pages


@pytest.mark.parametrize("lang", ["", "en/"])
def test_what_to_do_comes_before_everything_else(site: Path, lang: str) -> None:
    page = text(site, f"{lang}dataset/first/index.html")
    box = page[page.index('class="apply"') : page.index("</aside>", page.index('class="apply"'))]
    assert 'href="https://apply.test.example/"' in box
    assert 'href="mailto:apply@test.example?subject=' in box
    assert 'href="tel:07500000001"' in box
    assert ("15 个工作日" if not lang else "15 working days") in box
    assert page.index('class="apply"') < page.index('class="glance"')


@pytest.mark.parametrize(("lang", "index"), [("", 0), ("en/", 1)])
def test_page_tells_all_of_the_terms(site: Path, lang: str, index: int) -> None:
    page = text(site, f"{lang}dataset/first/index.html")
    pairs = [
        ("含个人信息", "Holds personal information"), ("依法登记的法人", "Registered bodies"), ("规划", "Planning"),
        ("不得转让", "No passing on"), ("加密存储", "Encrypted storage"), ("申请表", "Form"), ("建设路1号", "1 Jianshe Road"),
        ("工作日上午", "Mornings"), ("免费", "Free of charge"), ("利用协议", "Agreement"), ("协议正文", "The text of it"),
        ("《办法》第十六条", "《办法》第十六条"), ("2027-06-01", "2027-06-01"),
    ]  # fmt: skip
    assert [pair for pair in pairs if pair[index] not in page] == []
    assert 'href="https://law.test.example/16"' in page
    assert "javascript:" not in page


def test_long_agreements_are_folded_and_short_ones_not(site: Path) -> None:
    assert '<details class="agreement">' in text(site, "dataset/first/index.html")
    assert '<details class="agreement" open>' in text(site, "dataset/hostile/index.html")


def test_closed_entry_tells_reason_and_legal_basis_first_and_has_no_box(site: Path) -> None:
    page = text(site, "dataset/closed/index.html")
    assert (
        page.index("涉及隐私")
        < page.index("民法典")
        < page.index('id="description"' if 'id="description"' in page else "说明</p>")
    )
    assert 'class="apply"' not in page
    assert not (site / "dataset/closed/apply").exists()


def test_mixed_dataset_names_what_is_applied_for(site: Path) -> None:
    page = text(site, "dataset/mixed/index.html")
    assert "申请使用：表shut" in page
    which = page[page.index('id="which"') : page.index("</section>", page.index('id="which"'))]
    assert re.findall(r'class="badge (\w+)"', which) == ["unconditional", "conditional", "closed"]
    assert page.index('id="which"') < page.index('id="download"')
    pack = text(site, "dataset/mixed/apply/index.html")
    assert "表shut" in pack
    assert "表secret" not in pack
    assert "表open" not in pack


def test_what_waits_for_its_day_is_not_applied_for(site: Path) -> None:
    page = text(site, "dataset/later/index.html")
    assert "2027-01-01" in page[page.index('class="apply"') :][:400]
    assert not (site / "dataset/later/apply").exists()


def test_page_of_shared_terms_lists_its_datasets(site: Path) -> None:
    page = text(site, "en/access/general/index.html")
    assert "General terms" in page
    listed = re.findall(r'<li><a href="\.\./\.\./\.\./en/dataset/(\w+)/">', page)
    assert listed == ["first", "mixed", "second", "third"]
    assert page.count("with terms of its own") == 1
    assert 'href="../../../en/access/general/"' in text(site, "en/dataset/second/index.html")


def test_hostile_terms_stay_text(site: Path) -> None:
    for path in (
        "dataset/hostile/index.html",
        "dataset/hostile/apply/index.html",
        "en/dataset/hostile/apply/index.html",
    ):
        page = text(site, path)
        assert "&lt;script&gt;document.title=" in page
        assert "<script>document" not in page
        assert "<img" not in page
        assert "{{ 7*7 }}" in page


# ---- the pack of forms


def test_pack_is_filled_in_from_the_descriptor(site: Path) -> None:
    zh, en = text(site, "dataset/first/apply/index.html"), text(site, "en/dataset/first/apply/index.html")
    for heading in ("材料清单", "公共数据利用申请表", "安全承诺书", "利用协议"):
        assert heading in zh
    for heading in ("Checklist", "Application for the use of public data", "Security pledge", "Agreement"):
        assert heading in en
    assert "code-first" in zh
    assert zh.count("<code>visits</code>") == 2, "a column to tick in each of two tables"
    assert "卫生局" in zh
    assert "Party B does not sell, lend or in any way pass the data on to others." in en
    # Nothing that is typed can go anywhere.
    assert "<form" not in zh[zh.index("<main") :]
    assert ' name="' not in zh[zh.index("<main") : zh.index("</main>")]


def in_browser(work: Callable[[Any], None]) -> None:
    """In a thread of its own: the page tests of this process may hold the loop of the main one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(_with_browser, work).result()


def _with_browser(work: Callable[[Any], None]) -> None:
    pytest.importorskip("playwright")
    from playwright.sync_api import sync_playwright

    found = shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        pytest.skip("there is no chromium")
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=quiet)
        work(opened)
        opened.close()


def test_on_paper_every_form_starts_a_page_and_what_is_folded_is_shown(site: Path) -> None:
    in_browser(lambda browser: _on_paper_every_form_starts_a_page_and_what_is_folded_is_shown(site, browser))


def _on_paper_every_form_starts_a_page_and_what_is_folded_is_shown(site: Path, browser: Any) -> None:
    page = browser.new_page()
    page.goto((site / "dataset/first/apply/index.html").as_uri())
    page.emulate_media(media="print")
    sheets = page.locator(".sheet")
    assert sheets.count() == 4
    assert [sheets.nth(n).evaluate("e => getComputedStyle(e).breakBefore") for n in range(4)] == [
        "auto",
        "page",
        "page",
        "page",
    ]
    for part in (".site-nav", ".site-search", ".crumbs", ".on-screen"):
        assert not page.locator(part).first.is_visible()
    pdf = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) >= 4
    assert re.search(rb"/MediaBox\s*\[0 0 59[45][\d.]* 84[12][\d.]*\]", pdf), "A4"
    page.goto((site / "dataset/first/index.html").as_uri())
    page.emulate_media(media="print")
    assert page.locator(".agreement .prose").evaluate("e => e.checkVisibility({contentVisibilityAuto: true})")
    assert page.locator(".agreement .prose").bounding_box()["height"] > 50
    page.close()


def test_badges_differ_by_shape_where_colours_are_the_readers_own(site: Path) -> None:
    in_browser(lambda browser: _badges_differ_by_shape_where_colours_are_the_readers_own(site, browser))


def _badges_differ_by_shape_where_colours_are_the_readers_own(site: Path, browser: Any) -> None:
    page = browser.new_page(forced_colors="active")
    page.goto((site / "dataset/mixed/index.html").as_uri())
    shapes = page.locator("#which ~ .which .badge").evaluate_all(
        "all => all.map(e => { const s = getComputedStyle(e, '::before');"
        " return [s.borderTopLeftRadius, s.borderLeftWidth, s.borderRightWidth].join(' ') })"
    )
    assert len(set(shapes)) == 3, shapes
    page.close()


# ---- samples


def test_sample_is_on_the_page_and_in_no_list_of_downloads(site: Path) -> None:
    page = text(site, "dataset/first/index.html")
    assert page.count("合成示例 synthetic") == 20
    assert 'class="files"' not in page
    listed = {entry["name"]: entry for entry in json.loads(text(site, "catalog.json"))["datasets"]}
    for resource in listed["first"]["resources"]:
        assert "files" not in resource
        assert "rows" not in resource
        assert resource["synthetic_sample"].endswith(f"/data/first/{resource['name']}-synthetic-sample.csv")
    assert "DataDownload" not in page
    assert sorted(file.name for file in site.rglob("*-synthetic-sample.csv")) == sorted(
        ["a-synthetic-sample.csv"] * 5 + ["b-synthetic-sample.csv", "shut-synthetic-sample.csv"]
    )


def test_published_package_and_its_samples_are_valid_for_frictionless(site: Path) -> None:
    for name in ("first", "second", "third", "mixed", "later", "hostile", "closed"):
        folder = site / "data" / name
        report = frictionless.Package(str(folder / "datapackage.json")).validate()
        assert report.valid, report.flatten(["name", "type", "note"])
        samples = [r["synthetic_sample"] for r in told(site, name)["resources"] if "synthetic_sample" in r]
        assert bool(samples) == (name != "closed")
        for each in samples:
            verdict = frictionless.Resource.from_descriptor(each, basepath=str(folder)).validate()
            assert verdict.valid, verdict.flatten(["type", "note"])


# ---- for machines


VOCABULARY = {
    "Policy", "Offer", "Permission", "Duty", "Constraint", "Party", "PartyCollection",
    "uid", "permission", "action", "assigner", "assignee", "constraint", "duty", "leftOperand", "operator", "rightOperand",
    "consentingParty", "compensatedParty", "hasPolicy",
    "use", "obtainConsent", "reviewPolicy", "compensate", "purpose", "isAnyOf",
}  # fmt: skip
"""The terms of the ODRL 2.2 vocabulary and common vocabulary that we use."""


@pytest.fixture(scope="module")
def whole(site: Path) -> rdflib.Graph:
    return rdflib.Graph().parse(site / "catalog.ttl")


def test_policies_use_terms_of_odrl_and_are_whole(whole: rdflib.Graph) -> None:
    used = {str(term).removeprefix(ODRL) for triple in whole for term in triple if str(term).startswith(ODRL)}
    assert used == VOCABULARY
    offers = set(whole.subjects(RDF.type, ODRL.Offer))
    assert offers
    for offer in offers:
        assert whole.value(offer, ODRL.uid) == offer
        assert whole.value(offer, ODRL.assigner) is not None
        permission = whole.value(offer, ODRL.permission)
        assert whole.value(permission, ODRL.action) == ODRL.use
        assert list(whole.objects(permission, ODRL.duty))
        for party in (whole.value(offer, ODRL.assigner), whole.value(permission, ODRL.assignee)):
            assert (party, None, None) in whole


def test_datasets_that_share_their_rules_have_one_policy(whole: rdflib.Graph) -> None:
    def policy(name: str) -> str:
        return str(whole.value(rdflib.URIRef(f"{ROOT}dataset/{name}/#dataset"), ODRL.hasPolicy))

    shared = f"{ROOT}access/general/#policy"
    assert policy("first") == policy("second") == shared, "a reason of one's own changes no rule"
    assert policy("third") == f"{ROOT}dataset/third/#policy"
    derived = whole.value(rdflib.URIRef(policy("third")), rdflib.URIRef("http://www.w3.org/ns/prov#wasDerivedFrom"))
    assert str(derived) == shared
    assert str(whole.value(rdflib.URIRef(f"{ROOT}dataset/mixed/#access-shut"), ODRL.hasPolicy)) == shared
    fees = set(whole.subjects(ODRL.action, ODRL.compensate))
    assert fees == {rdflib.URIRef(f"{ROOT}dataset/{name}/#policy-fee") for name in ("third", "hostile")}, (
        "what is free is no duty"
    )
    assert policy("later") == "None"
    assert policy("closed") == "None"


def test_rights_are_stated_in_both_languages_with_the_legal_ground(whole: rdflib.Graph) -> None:
    entry = rdflib.URIRef(f"{ROOT}dataset/first/#dataset")
    rights = whole.value(entry, DCTERMS.rights)
    labels = {str(label.language): str(label) for label in whole.objects(rights, rdflib.RDFS.label)}  # type: ignore[attr-defined]  # literals
    assert "不得转让" in labels["zh"]
    assert "apply@test.example" in labels["en"]
    law = rdflib.URIRef("https://law.test.example/16")
    assert (entry, rdflib.URIRef("http://data.europa.eu/r5r/applicableLegislation"), law) in whole
    right = rdflib.URIRef("http://publications.europa.eu/resource/authority/access-right/RESTRICTED")
    assert whole.value(entry, DCTERMS.accessRights) == right
    for distribution in whole.objects(entry, DCAT.distribution):
        assert whole.value(distribution, DCTERMS.accessRights) == right


def test_samples_are_samples_and_no_distributions(whole: rdflib.Graph) -> None:
    entry = rdflib.URIRef(f"{ROOT}dataset/mixed/#dataset")
    samples = list(whole.objects(entry, rdflib.URIRef("http://www.w3.org/ns/adms#sample")))
    assert samples == [rdflib.URIRef(f"{ROOT}dataset/mixed/#sample-shut")]
    assert not set(samples) & set(whole.objects(entry, DCAT.distribution))
    assert str(whole.value(samples[0], DCTERMS.type)).endswith("dataset-type/SYNTHETIC_DATA")


def test_structured_data_tells_conditions_and_where_to_read_them(site: Path) -> None:
    made = {}
    for name in ("first", "third", "closed"):
        script = re.search(
            r'<script type="application/ld\+json">(.*?)</script>', text(site, f"en/dataset/{name}/index.html"), re.S
        )
        assert script
        made[name] = json.loads(script[1])
    assert "No passing on" in made["first"]["conditionsOfAccess"]
    assert made["first"]["usageInfo"] == f"{ROOT}en/access/general/"
    assert made["third"]["usageInfo"] == f"{ROOT}en/dataset/third/#access"
    assert made["first"]["isAccessibleForFree"] is True
    assert made["closed"]["isAccessibleForFree"] is False


# ---- reading


def test_own_values_replace_shared_ones_with_their_translations(site: Path) -> None:
    first, third = told(site, "first")["access"], told(site, "third")["access"]
    assert first["conditions_en"] == ["No passing on", "Name the source"]
    assert third["conditions"] == ["仅限本市"]
    assert "conditions_en" not in third
    assert third["purposes_en"] == ["Research", "Planning"]
    assert first["shared_terms"] == third["shared_terms"] == f"{ROOT}access/general/"


def test_a_change_of_shared_terms_is_seen_though_verdicts_are_kept(tmp_path: Path) -> None:
    sound = {"general": TERMS["general"] | {"legal_basis_url": "https://law.test.example/16"}}
    write(tmp_path, sound)
    shutil.rmtree(tmp_path / "datasets/health/hostile")
    config, options = read_config(tmp_path / "kaishu.yaml"), Options(TODAY, jobs=1)

    def found() -> set[str]:
        problems: tuple[Problem, ...] = check(config, options).problems
        return {
            f"{problem.dataset} {problem.name}"
            for problem in problems
            if problem.name in ("terms-lack", "property-invalid", "terms-unknown")
        }

    assert found() == found() == set()
    poorer = {"general": {k: v for k, v in TERMS["general"].items() if k != "channel"} | {"response_days": "十五"}}
    (tmp_path / "datasets/terms.yaml").write_text(yaml.safe_dump(poorer, allow_unicode=True), "utf-8")
    users = {f"health/{name} terms-lack" for name in ("first", "second", "third", "mixed")}
    assert found() == found() == users | {" property-invalid"}, "the form is told once, of the file of terms"
    (tmp_path / "datasets/terms.yaml").unlink()
    assert found() == {user.replace("terms-lack", "terms-unknown") for user in users}


def test_words_hold_both_languages_and_nothing_else() -> None:
    """A comma in words without quotes would end them."""
    entries = yaml.safe_load((Path(__file__).parents[1] / "generator/pages/words.yaml").read_text("utf-8"))
    assert {key: value for key, value in entries.items() if not set(value) <= {"zh", "en"}} == {}
