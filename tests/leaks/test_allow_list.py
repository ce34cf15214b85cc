"""Emitters can only be given public values, and public values can only hold what is on a list."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import json
import re
import subprocess
import sys
import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator import public, terms
from generator.config import Portal
from generator.exports import export
from generator.model import Body, Catalog, Package
from generator.prepare import Checked, Prepared
from generator.publicise import publicise
from generator.terms import Term
from generator.text import Text
from tests.conftest import ROOT
from tests.leaks.decoded import found
from tests.leaks.sites import built, write_portal

PACKAGE = ROOT / "generator"
RAW = ("model", "read", "check", "judge", "prepare", "publicise", "tables", "remote", "verdicts", "state", "build")
PORTAL = Portal(Text("测试门户"), Text(), "https://data.test.example/")


# --- who can reach what


def imported_by(module: str, seen: dict[str, None]) -> None:
    """Everything of ours that the module leads to, also by imports within functions."""
    file = PACKAGE.parent / Path(*module.split("."))
    source = file / "__init__.py" if file.is_dir() else file.with_suffix(".py")
    if module in seen or not source.is_file():
        return
    seen[module] = None
    typing_only: set[ast.AST] = set()
    tree = ast.parse(source.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            typing_only |= set(ast.walk(node))
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            if name.startswith("generator.") and node not in typing_only:
                imported_by(name, seen)


EMITTING = [
    *sorted(
        ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
        for room in ("pages", "exports")
        for file in (PACKAGE / room).glob("*.py")
    ),
    *("generator.rendering", "generator.public", "generator.sitefile", "generator.shell"),
]


@pytest.mark.parametrize("module", EMITTING)
def test_no_way_leads_from_an_emitter_to_a_raw_package(module: str) -> None:
    """Not through any number of steps either."""
    seen: dict[str, None] = {}
    imported_by(module, seen)
    assert [name for name in seen if name.split(".")[1] in RAW] == []


def test_nor_at_run_time() -> None:
    """In an interpreter of its own: what has been imported when every emitter is."""
    code = f"import importlib, sys\nfor name in {EMITTING!r}: importlib.import_module(name)\nprint(*sys.modules, sep='\\n')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True, cwd=ROOT)
    loaded = done.stdout.split()
    assert "generator.exports.datapackage" in loaded
    assert [name for name in loaded if name.startswith("generator.") and name.split(".")[1] in RAW] == []


# --- what public values can hold


def parts(kind: Any) -> Iterator[Any]:
    """The types that a type is made of."""
    if typing.get_origin(kind) is typing.Literal:
        yield from map(type, typing.get_args(kind))
    elif arguments := typing.get_args(kind):
        yield typing.get_origin(kind)
        for argument in arguments:
            yield from parts(argument)
    else:
        yield kind


def public_types() -> dict[Any, None]:
    found: dict[Any, None] = {}
    waiting: list[Any] = [public.Catalog]
    while waiting:
        kind = waiting.pop()
        if kind in found:
            continue
        found[kind] = None
        if dataclasses.is_dataclass(kind):
            hints = typing.get_type_hints(kind)
            waiting += [part for f in dataclasses.fields(kind) for part in parts(hints[f.name])]
    return found


def public_classes() -> list[Any]:
    return [kind for kind in public_types() if dataclasses.is_dataclass(kind)]


PLAIN = {str, int, float, bool, type(None), tuple, types.UnionType, typing.Union, Ellipsis}


def test_public_values_are_made_of_public_values_and_plain_ones() -> None:
    """No ``Any``, no ``object``, and mappings only where the constructor holds them to a list."""
    others = {kind for kind in public_types() if kind not in PLAIN and not dataclasses.is_dataclass(kind)}
    allowed = {Path, Mapping, Sequence, bytes} | {kind for kind in others if isinstance(kind, typing.ForwardRef)}
    assert others <= allowed, others
    assert {str(kind) for kind in others if isinstance(kind, typing.ForwardRef)} <= {"ForwardRef('Plain')"}
    holders = {
        (str(kind.__name__), f.name)
        for kind in public_classes()
        for f in dataclasses.fields(kind)
        if {Path, Mapping, bytes} & set(parts(typing.get_type_hints(kind)[f.name]))
    }
    assert holders == {
        ("Field", "constraints"),
        ("Field", "properties"),
        ("Distribution", "file"),
        ("Sample", "content"),  # made of the public schema
        ("Resource", "totals"),  # of an open table that was converted
    }


def test_all_public_values_are_frozen() -> None:
    for kind in public_classes():
        assert kind.__dataclass_params__.frozen, kind


def test_a_field_takes_nothing_that_is_not_listed() -> None:
    public.Field("a", "string", constraints={"enum": ["x"]}, properties={"example": "y"})
    with pytest.raises(ValueError, match="not among what may be published"):
        public.Field("a", "string", constraints={"x": 1})
    for name in ("x", "constraints", "kept_at"):
        with pytest.raises(ValueError, match="not among what may be published"):
            public.Field("a", "string", properties={name: "1"})


def test_emitters_are_typed_by_public_values() -> None:
    """No emitter takes ``Any`` of a dataset: its parameters are public values, texts, words and the like."""
    loose = []
    for name in EMITTING:
        module = sys.modules.get(name) or __import__(name, fromlist=["x"])
        for function in vars(module).values():
            if inspect.isfunction(function) and function.__module__ == name:
                for parameter in inspect.signature(function).parameters.values():
                    if re.search(r"\bAny\b|\bobject\b", str(parameter.annotation)):
                        loose.append(f"{name.removeprefix('generator.')}.{function.__name__}({parameter.name})")
    # They make text of what others hand them, whatever it is, and know of no dataset.
    assert set(loose) <= {
        "exports.json_text.dense(value)", "exports.json_text.readable(properties)", "exports.json_text._lines(value)",
        "exports.json_text.plain(value)", "exports.json_text.without_empty(properties)", "exports.statistics._sorted(value)",
        "exports.statistics._object(properties)", "exports.statistics._list(items)", "pages.templates.quick_escape(value)",
        "pages.templates._environment(_state)", "exports.rdf.key(each)", "exports.rdf.jsonld_line(each)",
        "exports.rdf.turtle_block(each)", "exports.rdf._triples(each)",
    }  # fmt: skip


# --- a property that is not listed


DESCRIPTOR: dict[str, Any] = {
    "name": "sets", "title": "名称", "description": "说明", "openness": "conditional", "keywords": ["词"],
    "licenses": [{"name": "CC-BY-4.0", "title": "许可"}], "sources": [{"title": "来源", "path": "https://a.example/"}],
    "contributors": [{"title": "某局", "roles": ["publisher"]}], "contact": {"phone": "1"}, "spatial": {"name": "江门"},
    "temporal": {"start": "2024"}, "collection": {"legal_basis": "某法", "items": ["项"]}, "sharing": {"type": "none"},
    "access": {"reason": "因", "conditions": ["条件"], "channel": {"phone": "2"}, "agreement": {"title": "协议"}},
    "resources": [
        {"name": kind, "openness": kind, "path": f"{kind}.csv", "access": {"reason": "因", "channel": {"url": "https://b.example/"}},
         "dialect": {"delimiter": ","},
         "schema": {"fields": [{"name": "a", "type": "string", "constraints": {"required": True},
                                "categories": [{"value": "x", "label": "甲"}], "missingValues": [{"value": "-", "label": "无"}]}],
                    "foreignKeys": [{"fields": ["a"], "reference": {"resource": "", "fields": ["a"]}}]}}
        for kind in ("unconditional", "conditional", "closed")
    ],
}  # fmt: skip
BODY: dict[str, Any] = {"name": "统计局", "contact": {"phone": "3"}}


def objects(value: Any, at: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object in a descriptor, with its place."""
    if isinstance(value, dict):
        yield at, value
        for key, inner in value.items():
            yield from objects(inner, f"{at}.{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from objects(inner, f"{at}.{number}")


PLACES = [f"dataset{at}" for at, _ in objects(DESCRIPTOR)] + [f"agency{at}" for at, _ in objects(BODY)]
_KNOWN = {term.name for term in (*terms.DATASET, *terms.RESOURCE_OURS, *terms.FIELD, *terms.ACCESS, *terms.AGENCY)}
_STANDARD = re.compile("[a-zA-Z]+")


def emitted(descriptor: dict[str, Any], body: dict[str, Any]) -> str:
    agency = descriptor.get("agency", "stats")
    package = Package(
        "stats/sets", ROOT, "stats/sets/datapackage.yaml", descriptor, descriptor, agency, today="2026-06-30"
    )
    catalog = Catalog((package,), {"stats": Body("stats", "stats/agency.yaml", body)})
    made = {i: Prepared(()) for i, resource in enumerate(package.resources) if package.is_open(resource)}
    site = publicise(catalog, {package.folder: Checked(package.folder, (), made)}, PORTAL)
    return repr(site) + "".join(
        f.content.decode("utf-8", "replace") for f in export(site) if isinstance(f.content, bytes)
    )


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    place=st.sampled_from(PLACES),
    name=st.from_regex(r"\A(x_|kept_|_|approver|secret|internal)[a-z_]{0,8}\Z"),
    form=st.sampled_from(("text", "list", "object", "key")),
)
def test_a_property_that_is_not_listed_is_not_published(place: str, name: str, form: str) -> None:
    descriptor, body = json.loads(json.dumps([DESCRIPTOR, BODY]))
    before = emitted(descriptor, body)
    found = {f"dataset{at}": each for at, each in objects(descriptor)} | {f"agency{at}": e for at, e in objects(body)}
    mark = "kanarie4407"
    found[place][name] = {"text": mark, "list": [mark], "object": {"title": mark, "value": mark}, "key": {mark: mark}}[
        form
    ]
    assert emitted(descriptor, body) == before


def test_a_property_within_an_open_table_is_not_published(tmp_path: Path) -> None:
    """What is said of an open table comes out by another door than the rest: of its fields as frictionless has them."""
    values: dict[str, dict[str, Any]] = {
        "field": {"name": "a", "title": "甲", "type": "integer"},
        "constraints": {"required": True},
        "category": {"value": 1, "label": "一"},
        "schema": {"primaryKey": ["a"]},
        "license": {"name": "CC-BY-4.0"},
        "source": {"title": "来源"},
        "resource": {"name": "open", "title": "资源", "path": "open.csv"},
        "dataset": {**DESCRIPTOR, "name": "sets", "openness": "unconditional", "theme": "transport",
                    "update_cycle": "irregular", "source_department": "stats"},
    }  # fmt: skip
    marks = {f"kanarie{n:03}": f"{place}: {form}" for n, (place, form) in enumerate(product(values, FORMS), 1)}
    for mark, (place, form) in zip(marks, product(values, FORMS), strict=True):
        if place != "constraints":  # an unknown one is an error of the standard
            values[place][f"x_{form}"] = FORMS[form](mark)
    marks["kanarie999"] = "key of an example that is an object"
    anything = {"name": "b", "title": "乙", "type": "object", "example": {"kanarie999": 1}}
    values["field"] |= {"constraints": values["constraints"], "categories": [values["category"]]}
    values["schema"] |= {"fields": [values["field"], anything]}
    values["resource"] |= {"schema": values["schema"], "sources": [values["source"]]}
    values["dataset"] |= {"resources": [values["resource"]], "licenses": [values["license"]]}
    portal = write_portal(
        tmp_path,
        {
            "stats/agency.yaml": json.dumps(BODY),
            "stats/sets/datapackage.yaml": json.dumps(values["dataset"]),
            "stats/sets/open.csv": 'a,b\n1,"{}"\n2,"{}"\n',
        },
        private=False,
    )
    site = built(portal)
    assert site.report.published == ("sets",), [(p.name, p.field, p.value) for p in site.report.problems]
    assert {marks[mark] for _, mark in found(site.files, list(marks))} == set()


FORMS: dict[str, Callable[[str], Any]] = {
    "text": lambda mark: mark,
    "list": lambda mark: [mark],
    "object": lambda mark: {"title": mark, "value": mark},
    "key": lambda mark: {mark: mark},
}


# --- each term is as it is marked


def value_of(term: Term, mark: str) -> Any:
    """A value of the term's form that bears the mark; None for a term of a vocabulary, a number or an object."""
    schema = term.schema
    if "anyOf" in schema:
        return [mark] if term.name != "spatial" else mark
    match schema.get("type"):
        case "string" if "enum" not in schema and schema.get("pattern") in (None, terms.URL["pattern"]):
            return f"https://{mark}.example/" if schema.get("pattern") else mark
        case "array" if schema.get("items", {}).get("type") == "string":
            return [mark]
    return None


LISTS = {
    "dataset": terms.DATASET,
    "access": terms.ACCESS,
    "resource": terms.RESOURCE_OURS,
    "field": terms.FIELD,
    "agency": terms.AGENCY,
}
OTHERWISE = {
    # Terms whose value is no free text, and one that is published.
    "openness": "conditional", "access": {"reason": "kanarie4407"}, "channel": {"phone": "kanarie4407"},
    "agreement": {"title": "kanarie4407"}, "collection": {"system": "kanarie4407"}, "contact": {"phone": "kanarie4407"},
    "sharing": {"type": "none", "mode": "kanarie4407"}, "temporal": {"start": "kanarie4407"}, "agency": "stats",
    "licenses": [{"name": "kanarie4407"}], "sources": [{"title": "kanarie4407"}], "contributors": [{"title": "kanarie4407"}],
    "resources": [{"name": "kanarie4407", "openness": "closed"}], "created": "2031-02-03T00:00:00Z", "modified": "2032-03-04",
    "crs": "EPSG:44071", "code": "kanarie4407", "response_days": 157, "reviewed": "2033-04-05", "review_by": "2034-05-06",
    "embargo_until": "2035-06-07", "hashes": ["sha256:" + "ab" * 32], "theme": "meteorology", "industry": "Q", "language": "fr",
    "update_cycle": "half-yearly", "source_department": "stats", "publish_verdict": True, "name": "kanarie4407",
    "legal_basis_url": "https://kanarie4407.example/", "terms": None, "homepage": "https://kanarie4407.example/", "id": "kanarie4407", "keywords": ["kanarie4407"],
}  # fmt: skip


@pytest.mark.parametrize(("place", "term"), [(place, term) for place, listed in LISTS.items() for term in listed],
                         ids=lambda v: v.name if isinstance(v, Term) else v)  # fmt: skip
def test_each_term_is_published_or_not_as_it_is_marked(place: str, term: Term) -> None:
    mark = "kanarie4407"
    value = OTHERWISE.get(term.name) if term.name in OTHERWISE else value_of(term, mark)
    if place == "agency" and term.name == "id":
        pytest.skip("the folder's name, which is the agency's address")
    if value is None:
        pytest.skip("a term that needs a test of its own, in the room that it belongs to")
    texts = []
    for given_value in (value, _other(value)):
        descriptor, body = json.loads(json.dumps([DESCRIPTOR, BODY]))
        target = {
            "dataset": descriptor, "access": descriptor["access"], "resource": descriptor["resources"][1],
            "field": descriptor["resources"][1]["schema"]["fields"][0], "agency": body,
        }[place]  # fmt: skip
        if place == "access":
            del descriptor["resources"][1]["access"]
        if place in ("access", "dataset") and term.name == "openness":
            descriptor["resources"] = []
        target[term.name] = given_value
        texts.append(emitted(descriptor, body))
    changes = texts[0] != texts[1]
    assert changes == term.public, "marked as public" if term.public else "marked as not public"


def _other(value: Any) -> Any:
    """Another value of the same form."""
    if isinstance(value, dict):
        return {key: _other(inner) if key != "type" else inner for key, inner in value.items()}
    if isinstance(value, list):
        return [_other(inner) for inner in value]
    if isinstance(value, bool | int):
        return not value if isinstance(value, bool) else value + 1
    known = {
        "conditional": "closed",
        "stats": "",
        "meteorology": "transport",
        "Q": "A",
        "fr": "en",
        "half-yearly": "daily",
    }
    if value in known:
        return known[value]
    return value.replace("4407", "4408").replace("203", "204").replace("44071", "4490").replace("abab", "cdcd")
