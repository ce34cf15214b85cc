"""What the JSON Schemas of the profile find, in words for people who know none."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from generator import terms, vocabularies
from generator.check.place import in_descriptor, named, shown
from generator.model import Body, Catalog, Package, SharedTerms, Statement, Submission
from generator.problems import Problem


@cache
def _validator(kind: str) -> Any:
    from jsonschema import Draft202012Validator

    schemas = {
        "dataset": terms.dataset_schema,
        "agency": terms.agency_schema,
        "terms": terms.shared_terms_schema,
        "change": terms.change_schema,
        "demand": terms.demand_schema,
        "reuse": terms.reuse_schema,
    }
    return Draft202012Validator(schemas[kind]())


# Properties that have rules of their own, or that frictionless judges.
ELSEWHERE = frozenset(("name", "openness", "title", "description")) | {
    term.name for term in terms.DATASET if term.standard and term.name != "resources"
}
AGENCIES = ("agency", "source_department")
"""Judged by whether there is such an agency; here only what is no text at all."""


def check_form(package: Package, _: Catalog, __: datetime.date) -> Iterator[Problem]:
    """Our own properties against the published JSON Schema."""
    ours = {key: value for key, value in package.descriptor.items() if key not in ELSEWHERE and value is not None}
    for error in _errors(ours, "dataset"):
        path = list(error.absolute_path)
        if path[-1] in ("openness", "title", "description") or (path[:1] == ["resources"] and len(path) < 3):
            continue
        if path[0] in AGENCIES and isinstance(error.instance, str):
            continue
        resource, position = None, None
        if path[0] == "resources":
            resource, path = package.descriptor["resources"][path[1]], path[2:]
            position = _position(package, resource)
        # What comes out of shared terms is told once, of the file that they stand in.
        if path[0] == "access" and len(path) > 1 and package.borrows(position, str(path[1])):
            continue
        yield in_descriptor(
            package,
            "property-invalid",
            resource=resource,
            field=_dotted(path),
            value=shown(error.instance),
            more=(*_expected(error, path), *_owner(resource)),
        )


def _position(package: Package, resource: Any) -> int | None:
    return next((index for index, other in enumerate(package.resources) if other is resource), None)


def _owner(resource: Mapping[str, Any] | None) -> tuple[tuple[str, str], ...]:
    name = named(resource)
    return (("of_zh", f"资源「{name}」的"), ("of_en", f" of the resource “{name}”")) if name else ()


def check_body(body: Body) -> Iterator[Problem]:
    at = body.file or "kaishu.yaml"
    if not body.descriptor.get("name"):
        yield Problem("agency-name-missing", file=at, field="name")
    for error in _errors(body.descriptor, "agency"):
        if error.absolute_path:
            path = list(error.absolute_path)
            value = shown(error.instance)
            yield Problem("property-invalid", file=at, field=_dotted(path), value=value, more=_expected(error, path))
    code = body.descriptor.get("code")
    if isinstance(code, str) and re.match(r"^[0-9A-HJ-NPQRTUWXY]{18}$", code):
        from stdnum.cn import uscc

        if (check := uscc.calc_check_digit(code[:-1])) != code[-1]:
            yield Problem("agency-code-check", file=at, field="code", value=code, expected=check)


def check_shared_terms(block: SharedTerms) -> Iterator[Problem]:
    if "use" in block.values:
        yield Problem("terms-block-nested", file=block.file, field=f"{block.id}.use", value=shown(block.values["use"]))
    for error in _errors({block.id: block.values}, "terms"):
        path = list(error.absolute_path)
        if not path:
            yield Problem("terms-block-name", file=block.file, field=block.id, value=block.id)
            continue
        yield Problem(
            "property-invalid",
            file=block.file,
            field=_dotted(path),
            value=shown(error.instance),
            more=_expected(error, path),
        )


def check_statement(statement: Statement, dataset: str) -> Iterator[Problem]:
    for error in _errors(statement.values, "change"):
        path = list(error.absolute_path)
        yield Problem(
            "property-invalid",
            dataset=dataset,
            file=statement.file,
            field=_dotted(path),
            value=shown(error.instance),
            more=_expected(error, path),
        )


def check_submission(submission: Submission, but: Collection[str]) -> Iterator[Problem]:
    """``but``: properties of which something else is told already."""
    values = {key: value for key, value in submission.values.items() if key not in but}
    for error in _errors(values, submission.kind):
        path = list(error.absolute_path)
        value, more = shown(error.instance), (*_expected(error, path), *_of_entry(submission))
        yield Problem("property-invalid", file=submission.file, field=_dotted(path), value=value, more=more)


def _of_entry(submission: Submission) -> tuple[tuple[str, str], ...]:
    return (("of_zh", f"第 {submission.number} 条的"), ("of_en", f" of entry {submission.number}"))


def _errors(value: Mapping[str, Any], kind: str) -> list[Any]:
    found = (part for error in _validator(kind).iter_errors(value) for part in _within_choice(error))
    return sorted(found, key=lambda e: [str(p) for p in e.absolute_path])


def _within_choice(error: Any) -> Sequence[Any]:
    """Of a choice between a text and something larger: what is wrong with the one that the author chose."""
    if error.validator != "anyOf":
        return [error]
    for number in range(len(error.validator_value)):
        branch = [e for e in error.context if e.schema_path[0] == number]
        if not any(e.validator == "type" and len(e.path) == 0 for e in branch):
            return branch
    return [error]


def _dotted(path: Sequence[Any]) -> str:
    return ".".join(str(part) for part in path)


FORMS = {
    terms.DATE["pattern"]: ("日期，如 2024-01-06", "a date, as 2024-01-06"),
    terms.DATE_OR_TIME["pattern"]: (
        "日期或时间，如 2024-01-06 或 2024-01-06T08:30:00+08:00",
        "a date or a time, as 2024-01-06 or 2024-01-06T08:30:00+08:00",
    ),
    terms.URL["pattern"]: ("以 http:// 或 https:// 开头的网址", "an address that starts with http:// or https://"),
    terms.EMAIL["pattern"]: ("电子邮箱，如 data@example.gov.cn", "an e-mail address, as data@example.gov.cn"),
    terms.SLUG["pattern"]: ("小写字母、数字和连字符", "lower-case letters, digits and hyphens"),
    terms.CRS["pattern"]: (
        "坐标系代号，如 EPSG:4490、EPSG:4326、GCJ-02 或 BD-09",
        "the code of a reference system, as EPSG:4490, EPSG:4326, GCJ-02 or BD-09",
    ),
    terms.DIVISION["pattern"]: (
        '2 至 12 位数字的区划代码，加引号，如 "440700"',
        'a division code of 2 to 12 digits, as "440700"',
    ),
    terms.CREDIT_CODE["pattern"]: (
        "18 位的统一社会信用代码（数字和大写字母，没有 I、O、S、V、Z）",
        "18 digits and capitals (no I, O, S, V, Z)",
    ),
}
TYPES = {
    "string": ("文字（数字代码要加引号）", "a text (quote codes made of digits)"),
    "integer": ("整数", "a whole number"),
    "number": ("数", "a number"),
    "array": ("列表（每项一行，前面写 - ）", "a list (a line each, starting with - )"),
    "object": ("由「名称: 值」组成的一组", "a group of «name: value» lines"),
    "boolean": ("true 或 false", "true or false"),
}
SHARING = {"unconditional": "无条件共享", "conditional": "有条件共享", "none": "不予共享"}


def _expected(error: Any, path: Sequence[Any]) -> tuple[tuple[str, str], ...]:
    """What the schema wants, in both languages. jsonschema's own words are English, and for programmers."""
    keyword, wanted = error.validator, error.validator_value
    if keyword == "enum":
        zh, en = _choice(wanted, error.instance, str(path[-1]))
    elif keyword == "type":
        zh, en = TYPES.get(wanted, (str(wanted), str(wanted)))
    elif keyword == "pattern":
        zh, en = FORMS.get(wanted, (f"符合样式 {wanted} 的文字", f"of the form {wanted}"))
    elif keyword in ("minLength", "minItems", "minProperties") and wanted == 1:
        zh, en = "有内容的值，没有就删去这一行", "something; take the line out where there is nothing"
    elif keyword in ("minItems", "maxItems"):
        zh, en = f"{wanted} 项的列表", f"a list of {wanted}"
    elif keyword == "maximum":
        zh, en = f"不大于 {wanted} 的数", f"at most {wanted}"
    elif keyword == "minimum":
        zh, en = f"不小于 {wanted} 的数", f"at least {wanted}"
    elif keyword == "anyOf":
        zh, en = "文字，或由文字组成的列表", "a text, or a list of texts"
        if any(option.get("properties") for option in wanted):
            zh, en = "文字，或由 name、code 等组成的一组", "a text, or a group of name, code and so on"
    else:
        zh, en = f"符合 {keyword}: {wanted} 的值", f"{keyword}: {wanted}"
    return ("expected_zh", zh), ("expected_en", en)


def _choice(wanted: Sequence[str], value: Any, name: str) -> tuple[str, str]:
    """The allowed ids with their labels, or the one whose label was written."""
    concepts = {
        "theme": vocabularies.themes,
        "industry": vocabularies.industries,
        "update_cycle": vocabularies.update_cycles,
    }
    labels = {"zh": SHARING, "en": dict.fromkeys(wanted, "")}
    if name in concepts:
        labels = {lang: {id_: c.label.to(lang)[0] for id_, c in concepts[name]().items()} for lang in ("zh", "en")}
    both = [f"{labels['zh'].get(id_)}\n{labels['en'].get(id_)}" for id_ in wanted]
    meant = [
        id_
        for id_, label in zip(wanted, both, strict=True)
        if isinstance(value, str) and len(value) > 1 and value in label
    ]
    chosen = meant or list(wanted)
    zh = "、".join(f"{id_}（{label}）" if (label := labels["zh"].get(id_)) else id_ for id_ in chosen)
    en = ", ".join(f"{id_} ({label})" if (label := labels["en"].get(id_)) else id_ for id_ in chosen)
    return (zh, en) if len(chosen) == 1 else (f"{zh} 之一", f"one of {en}")
