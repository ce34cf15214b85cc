"""The door to the public side: whatever stands in a descriptor, only what is on the list comes out, and nothing breaks."""

from __future__ import annotations

import dataclasses
import datetime
import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generator import public
from generator.check import check_bodies, check_catalogue
from generator.config import Portal
from generator.exports import export
from generator.exports.datapackage import datapackage
from generator.exports.json_text import readable
from generator.judge import check_one
from generator.model import Body, Catalog, Package
from generator.prepare import Checked, Prepared, prepare
from generator.problems import Severities, words
from generator.publicise import publicise
from generator.terms import ACCESS, AGENCY, DATASET, FIELD, OPENNESS
from generator.text import LANGUAGES, Text

CANARY = "canary-that-must-not-sing"
PORTAL = Portal(Text("测试门户"), Text(), "https://data.test.example/", publisher=Text("测试市"))
TODAY = "2026-06-30"
FOLDER = Path(__file__).parent / "cases/valid-table/datasets/divisions"

# --- descriptors of anything

LINKS = st.sampled_from(
    [
        "https://ok.example/a?b=c", "HTTP://OK.EXAMPLE", "javascript:alert(1)", " javascript:alert(1)", "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)", "data:text/html,<script>", "vbscript:x", "file:///etc/passwd", "//evil.example", "/etc/passwd",
        "https:evil.example", "http://[broken", "https://a b.example", "http://x\u0000.example", "\u0001http://x.example", "",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=8), LINKS, st.sampled_from(["人口", "2024-01-06", "a@b.example", *OPENNESS]))
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.integers(10**300, 10**301), TEXTS)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=6
)


def properties(names: Iterable[str], **known: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A few of the properties with any values, and nearly all of the ``known`` ones with a right form. Each has a canary."""
    anything = st.dictionaries(st.sampled_from(sorted(names)), JSON, max_size=4)
    formed = st.sets(st.sampled_from(sorted(known)), min_size=len(known) - 1) if known else st.just(set[str]())
    chosen = formed.flatmap(lambda some: st.fixed_dictionaries({name: known[name] for name in sorted(some)}))
    return st.tuples(chosen, anything).map(lambda both: guarded(both[1] | both[0]))


def guarded(values: dict[str, Any]) -> dict[str, Any]:
    return {**values, "unknown": CANARY, "x": {"y": [CANARY]}, CANARY: 1}


def twins(names: Iterable[str]) -> list[str]:
    return [f"{name}{twin}" for name in names for twin in ("", *(f"_{lang}" for lang in LANGUAGES))]


CONTACTS = properties(twins(("name", "email", "phone", "url", "address")), url=LINKS)
TERMS = properties(
    twins(term.name for term in ACCESS),
    channel=CONTACTS,
    agreement=properties(["title", "title_en", "text", "url"], url=LINKS),
    embargo_until=TEXTS,
)
FIELDS = properties(
    [*twins(term.name for term in FIELD), "format", "example", "examples", "categories", "missingValues", "rdfType"],
    constraints=properties(
        ["required", "unique", "minimum", "maximum", "pattern", "minLength"], enum=st.lists(SCALARS, max_size=2)
    ),
    categories=st.lists(properties(["value", "label"]), min_size=1, max_size=2),
)
KEYS = properties(["fields"], reference=properties(["resource", "fields"]))
SCHEMAS = properties(
    ["missingValues", "primaryKey", "uniqueKeys"],
    fields=st.lists(FIELDS | JSON, min_size=1, max_size=3),
    foreignKeys=st.lists(KEYS | JSON, max_size=2),
)
RESOURCES = properties(
    [*twins(("name", "title", "description")), "format", "mediatype", "encoding"],
    openness=st.sampled_from(OPENNESS),
    access=TERMS,
    schema=SCHEMAS,
).map(
    lambda values: {
        **values,
        "path": CANARY,
        "data": [[CANARY]],
        "bytes": CANARY,
        "hash": CANARY,
        "dialect": {"x": CANARY},
    }
)
PEOPLE = properties(["title", "roles", "role", "organization"], path=LINKS).map(
    lambda values: {**values, "email": CANARY}
)
DESCRIPTORS = properties(
    twins(term.name for term in DATASET if term.name not in ("openness", "resources")),
    access=TERMS,
    contact=CONTACTS,
    contributors=st.lists(PEOPLE | JSON, max_size=2),
    sources=st.lists(properties(["title", "name", "web"], path=LINKS) | JSON, max_size=2),
    licenses=st.lists(properties(["name", "title"], path=LINKS) | JSON, max_size=2),
    license=JSON,
    collection=properties(twins(("legal_basis", "system", "items"))),
    sharing=properties(["type", "condition", "mode"]),
    spatial=properties(["name", "code"], bbox=st.lists(SCALARS, min_size=4, max_size=4)),
    temporal=properties(["start", "end"]),
    homepage=LINKS,
    provincial_entry=LINKS,
)
BODIES = properties(
    twins(term.name for term in AGENCY if term.name != "approver"), contact=CONTACTS, homepage=LINKS
).map(lambda values: {**values, "approver": CANARY})


def package_of(descriptor: dict[str, Any]) -> Package:
    return Package("stats/x", FOLDER, "stats/x/datapackage.yaml", descriptor, descriptor, "stats", today=TODAY)


def published(package: Package, body: dict[str, Any]) -> public.Catalog:
    catalog = Catalog((package,), {"stats": Body("stats", "stats/agency.yaml", body)})
    is_open = {i: Prepared(()) for i, resource in enumerate(package.resources) if package.is_open(resource)}
    return publicise(catalog, {package.folder: Checked(package.folder, (), is_open)}, PORTAL)


def values_in(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every value with the name of the attribute that it stands in."""
    yield name, value
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from values_in(getattr(value, field.name), field.name)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from values_in(item, name)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from values_in(item, key)


ADDRESSES = ("url", "homepage", "provincial_entry", "uris", "eu_uri")
EMPTY: dict[str, Any] = {}


@settings(deadline=None)
@given(
    descriptor=DESCRIPTORS,
    openness=st.sampled_from(OPENNESS),
    resources=st.lists(RESOURCES, max_size=3),
    body=BODIES,
)
@example(descriptor={"spatial": {"bbox": [10**400, 0, 0, 0]}}, openness="closed", resources=[], body=EMPTY)
def test_only_what_is_on_the_list_comes_out(
    descriptor: dict[str, Any], openness: str, resources: list[dict[str, Any]], body: dict[str, Any]
) -> None:
    for resource in resources:
        if (resource.get("openness") or openness) == "closed":
            resource["schema"] = {"fields": [{"name": CANARY, "title": CANARY}]}
    package = package_of({**descriptor, "openness": openness, "resources": resources})
    site = published(package, body)
    assert CANARY not in repr(site)
    for name, value in values_in(site):
        if name in ADDRESSES and isinstance(value, str):
            assert value == "" or value.lower().startswith(("http://", "https://"))
            assert value.isprintable()
    described = datapackage(site.datasets[0], site)
    assert CANARY not in repr(described)
    readable(described).encode()


@settings(deadline=None)
@given(descriptor=DESCRIPTORS, resources=JSON, openness=JSON)
def test_no_descriptor_of_any_form_stops_the_others(descriptor: dict[str, Any], resources: Any, openness: Any) -> None:
    """Such a package is blocked before; but one that is not must not stop the build either."""
    published(package_of({**descriptor, "openness": openness, "resources": resources}), {})


@settings(deadline=None)
@given(RESOURCES, st.sampled_from(("conditional", "closed")))
def test_what_is_not_open_has_no_file_whatever_was_prepared(resource: dict[str, Any], openness: str) -> None:
    """Even if a file had been made by mistake."""
    package = package_of({"openness": openness, "resources": [{**resource, "openness": openness}]})
    file = public.Distribution(CANARY, "CSV", "text/csv", 1, CANARY, Path(CANARY))
    told = public.ColumnStatistics(CANARY, 1, 0, frequent=(public.ValueCount(CANARY, 1),))
    schema = public.Schema((public.Field(CANARY, "string"),))
    made = Prepared((file,), schema, public.Preview(((CANARY,),), 1), 1, (told,))
    checked = {package.folder: Checked(package.folder, (), {0: made})}
    site = publicise(Catalog((package,)), checked, PORTAL)
    assert CANARY not in repr(site)
    assert CANARY not in repr(datapackage(site.datasets[0], site))


# --- the check before the door

PATHS = st.sampled_from(
    [
        "a.csv",
        "../x",
        "a" * 300 + ".csv",
        "人" * 200,
        "x\u0000y",
        "http://x.example/a.csv",
        "a.csv/b",
        "",
        ".",
        "~x",
        "$HOME/x",
    ]
)


@settings(deadline=None, max_examples=60)
@given(
    descriptor=DESCRIPTORS,
    resources=st.lists(st.tuples(RESOURCES, PATHS | JSON, SCHEMAS | PATHS | JSON), max_size=2),
    openness=st.sampled_from(OPENNESS) | JSON,
    body=BODIES,
)
def test_a_descriptor_of_any_form_ends_in_problems_with_words(
    descriptor: dict[str, Any], resources: list[tuple[dict[str, Any], Any, Any]], openness: Any, body: dict[str, Any]
) -> None:
    listed = [{**resource, "path": path, "schema": schema} for resource, path, schema in resources]
    package = package_of({**descriptor, "openness": openness, "resources": listed})
    catalog = Catalog((package, package), {"stats": Body("stats", "stats/agency.yaml", body)})
    problems = [
        *check_catalogue(catalog),
        *check_bodies(catalog),
        *check_one(package, catalog, datetime.date.fromisoformat(TODAY)).problems,
    ]
    assert [problem.detail for problem in problems if problem.name == "check-failed"] == []
    assert all(all(words(problem, lang)) for problem in problems for lang in LANGUAGES)


# --- a whole package on disk

OPEN, CONDITIONAL, CLOSED = "440703", "机密甲", "绝密乙"


@pytest.fixture
def mixed(tmp_path: Path) -> Package:
    folder = tmp_path / "datasets/stats/firms"
    folder.mkdir(parents=True)
    (folder / "districts.csv").write_text(f"code,name\n{OPEN},蓬江区\n", "utf-8")
    (folder / "owners.csv").write_text(f"code,owner\n{OPEN},{CONDITIONAL}\n", "utf-8")
    (folder / "audits.csv").write_text(f"code,finding\n{OPEN},{CLOSED}\n", "utf-8")
    terms = {
        "reason": "含个人信息",
        "legal_basis": "某法",
        "conditions": ["限科研"],
        "channel": {"phone": "1"},
        "x": CANARY,
    }
    secret = {"name": CANARY, "title": CANARY, "type": "string"}

    def field(name: str) -> dict[str, Any]:
        return {
            "name": name,
            "title": name,
            "type": "string",
            "x": CANARY,
            "constraints": {"required": True},
        }

    def table(name: str, openness: str, fields: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
        schema = {"fields": fields, "x": CANARY}
        return {"name": name, "path": f"{name}.csv", "openness": openness, "schema": schema, "x": {"y": CANARY}, **more}

    descriptor = {
        "name": "firms", "title": "企业", "description": "企业名录。", "openness": "conditional", "access": terms, "x": CANARY,
        "licenses": [{"name": "CC-BY-4.0", "x": CANARY}],
        "contributors": [{"title": "王科长", "email": f"{CANARY}@x.example", "x": CANARY}],
        "resources": [
            table("districts", "unconditional", [field("code"), field("name")]),
            table("owners", "conditional", [field("code"), field("owner")]),
            table("audits", "closed", [secret, {**secret, "name": f"{CANARY}2"}]),
        ],
    }  # fmt: skip
    return Package("stats/firms", folder, "stats/firms/datapackage.yaml", descriptor, descriptor, "stats", today=TODAY)


def test_a_mixed_package_gives_its_open_bytes_and_nothing_of_the_others(mixed: Package, tmp_path: Path) -> None:
    body = Body(
        "stats", "stats/agency.yaml", {"name": "统计局", "approver": CANARY, "x": CANARY, "contact": {"phone": "2"}}
    )
    catalog = Catalog((mixed,), {"stats": body})
    lowered = Severities({"all": "off"})
    checked = prepare(mixed, catalog, datetime.date.fromisoformat(TODAY), lowered, tmp_path / "work")
    assert [p for p in checked.problems if lowered.blocks(p)] == []
    site = publicise(catalog, {mixed.folder: checked}, PORTAL)

    assert [r.openness for r in site.datasets[0].resources] == ["unconditional", "conditional", "closed"]
    assert site.datasets[0].openness == "mixed"
    contents = [file.content for file in export(site)]
    files = [c if isinstance(c, bytes) else c.read_bytes() for c in contents]
    files += [d.file.read_bytes() for r in site.datasets[0].resources for d in r.distributions]
    assert [d.path for r in site.datasets[0].resources for d in r.distributions] == [
        "data/firms/districts.csv", "data/firms/districts.parquet", "data/firms/districts.xlsx",
    ]  # fmt: skip
    workbook = site.datasets[0].resources[0].distributions[2]
    with zipfile.ZipFile(workbook.file) as parts:
        files += [parts.read(name) for name in parts.namelist()]
    everything = b"".join(files)
    assert OPEN.encode() in everything
    for secret in (CONDITIONAL, CLOSED, CANARY):
        assert secret.encode() not in everything
        assert secret not in repr(site)
    json.dumps([p.value for p in checked.problems])
    assert CONDITIONAL not in repr(checked.problems)


@pytest.mark.parametrize("names", [("a", "a-excel"), ("a-excel", "a")])
def test_the_copy_for_excel_takes_no_other_table_s_name(names: tuple[str, str], mixed: Package, tmp_path: Path) -> None:
    for name in names:
        (mixed.path / f"{name}.csv").write_text(f"x\n{name}{'长' * 40_000}\n", "utf-8")
    resources = [
        {"name": name, "path": f"{name}.csv", "openness": "unconditional", "schema": {"fields": [{"name": "x"}]}}
        for name in names
    ]
    package = dataclasses.replace(mixed, descriptor={**mixed.descriptor, "resources": resources})
    lowered = Severities({"all": "off"})
    checked = prepare(package, Catalog((package,)), datetime.date.fromisoformat(TODAY), lowered, tmp_path / "work")
    for name, prepared in zip(names, checked.resources.values(), strict=True):
        canonical, _, copy = prepared.distributions
        assert canonical.file.read_text("utf-8").startswith(f"x\n{name}长")
        assert copy.file.read_text("utf-8-sig").startswith(f"x\n{name}长")
        assert copy.for_excel
