"""What a public catalogue needs to know of a dataset, beyond the Data Package standard."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from generator import terms, vocabularies
from generator.check.place import in_descriptor, shown
from generator.model import Body, Catalog, Package, listed_licenses
from generator.problems import Problem
from generator.text import slug, stated_languages, text_of

SLUG = re.compile(terms.SLUG["pattern"])


def check_name(package: Package, _: Catalog, __: datetime.date) -> Iterator[Problem]:
    folder = package.folder.rpartition("/")[2]
    if not package.name:
        yield in_descriptor(package, "name-missing", field="name", expected=slug(folder) or "…")
    elif not SLUG.match(package.name):
        yield in_descriptor(
            package,
            "name-invalid",
            field="name",
            value=shown(package.name),
            expected=slug(package.name) or slug(folder),
        )
    elif package.name != folder:
        yield in_descriptor(package, "name-not-folder", field="name", value=package.name, expected=folder)


def check_texts(package: Package, _: Catalog, __: datetime.date) -> Iterator[Problem]:
    languages = stated_languages(package.descriptor)
    no_english = []
    for key in ("title", "description"):
        text = text_of(package.descriptor, key, languages)
        if not text:
            yield in_descriptor(package, f"{key}-missing", field=key)
        elif not text.has("en"):
            no_english.append(f"{key}_en")
    if no_english:
        yield in_descriptor(package, "english-missing", field=no_english[0], expected=", ".join(no_english))
    if not package.descriptor.get("keywords"):
        yield in_descriptor(package, "keywords-missing", field="keywords")


def check_licenses(package: Package, _: Catalog, __: datetime.date) -> Iterator[Problem]:
    """A known and open licence for what is open to all. What is not open is given under its own terms, or not at all."""
    if not any(package.is_open(resource) for resource in package.resources):
        return
    listed = listed_licenses(package.descriptor)
    if not listed:
        yield in_descriptor(package, "license-missing", field="licenses")
    for entry in listed:
        name, url = str(entry.get("name") or entry.get("type") or ""), str(entry.get("path") or entry.get("url") or "")
        known = vocabularies.find_license(name, url)
        if known is None:
            yield in_descriptor(
                package, "license-unknown", field="licenses", value=shown(name or url), expected="CC-BY-4.0"
            )
        elif not known.open:
            yield in_descriptor(package, "license-not-open", field="licenses", value=known.name)


def check_contact(package: Package, catalog: Catalog, _: datetime.date) -> Iterator[Problem]:
    body = catalog.bodies.get(package.agency)
    for contact in (package.descriptor.get("contact"), body.descriptor.get("contact") if body else None):
        if isinstance(contact, Mapping) and any(contact.get(key) for key in ("email", "phone", "url")):
            return
    yield in_descriptor(package, "contact-missing", field="contact")


def check_agencies(package: Package, catalog: Catalog, _: datetime.date) -> Iterator[Problem]:
    if not package.agency:
        yield in_descriptor(package, "agency-missing", field="agency")
    elif package.agency not in catalog.bodies:
        yield in_descriptor(package, "agency-unknown", field="agency", value=shown(package.agency), expected="agency")
    source = package.descriptor.get("source_department")
    if not source:
        yield in_descriptor(
            package, "source-department-missing", field="source_department", expected=package.agency or "…"
        )
    elif source not in catalog.bodies:
        yield in_descriptor(
            package, "agency-unknown", field="source_department", value=shown(source), expected="source_department"
        )


def check_classification(package: Package, _: Catalog, __: datetime.date) -> Iterator[Problem]:
    """Only that they are there: whether they are in their vocabularies is a matter of form."""
    if not package.descriptor.get("theme"):
        yield in_descriptor(package, "theme-missing", field="theme")
    if not package.descriptor.get("update_cycle"):
        yield in_descriptor(package, "update-cycle-missing", field="update_cycle")


DATES = ("created", "modified")


def check_dates(package: Package, _: Catalog, today: datetime.date) -> Iterator[Problem]:
    days = {key: str(package.descriptor.get(key) or "")[:10] for key in DATES}
    for key, day in days.items():
        if day and re.match(terms.DATE["pattern"], day):
            try:
                if datetime.date.fromisoformat(day) > today:
                    yield in_descriptor(package, "date-in-future", field=key, value=day, expected=today.isoformat())
            except ValueError:
                yield in_descriptor(package, "date-invalid", field=key, value=day)
    cycle = vocabularies.update_cycles().get(str(package.descriptor.get("update_cycle") or ""))
    last = days["modified"] or package.committed or days["created"]
    if cycle and cycle.days and last:
        try:
            due = datetime.date.fromisoformat(last) + datetime.timedelta(days=cycle.days + 1)  # one day of grace
        except ValueError:
            return
        if due < today:
            yield in_descriptor(package, "update-overdue", field="modified", value=cycle.label.main, expected=last)


@cache
def _validator(kind: str) -> Any:
    from jsonschema import Draft202012Validator

    schema = terms.dataset_schema() if kind == "dataset" else terms.agency_schema()
    return Draft202012Validator(schema)


# Properties that have rules of their own, or that frictionless judges.
ELSEWHERE = frozenset(("name", "openness", "title", "description")) | {
    term.name for term in terms.DATASET if term.standard and term.name != "resources"
}


def check_form(package: Package, _: Catalog, __: datetime.date) -> Iterator[Problem]:
    """Our own properties against the published JSON Schema."""
    ours = {key: value for key, value in package.descriptor.items() if key not in ELSEWHERE and value is not None}
    for error in _errors(ours, "dataset"):
        path = list(error.absolute_path)
        if path[-1] in ("openness", "title", "description") or (path[:1] == ["resources"] and len(path) < 3):
            continue
        yield in_descriptor(
            package, "property-invalid", field=_dotted(path), value=shown(error.instance), more=_expected(error)
        )


def check_body(body: Body) -> Iterator[Problem]:
    at = body.file or "kaishu.yaml"
    if not body.descriptor.get("name"):
        yield Problem("agency-name-missing", file=at, field="name")
    for error in _errors(body.descriptor, "agency"):
        if error.absolute_path:
            path = list(error.absolute_path)
            yield Problem(
                "property-invalid", file=at, field=_dotted(path), value=shown(error.instance), more=_expected(error)
            )
    code = body.descriptor.get("code")
    if isinstance(code, str) and re.match(r"^[0-9A-HJ-NPQRTUWXY]{18}$", code):
        from stdnum.cn import uscc

        if (check := uscc.calc_check_digit(code[:-1])) != code[-1]:
            yield Problem("agency-code-check", file=at, field="code", value=code, expected=check)


def _errors(value: Mapping[str, Any], kind: str) -> list[Any]:
    return sorted(_validator(kind).iter_errors(value), key=lambda e: [str(p) for p in e.absolute_path])


def _dotted(path: list[Any]) -> str:
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
}
TYPES = {
    "string": ("文字（数字代码要加引号）", "a text (quote codes made of digits)"),
    "integer": ("整数", "a whole number"),
    "number": ("数", "a number"),
    "array": ("列表（每项一行，前面写 - ）", "a list (a line each, starting with - )"),
    "object": ("由「名称: 值」组成的一组", "a group of «name: value» lines"),
    "boolean": ("true 或 false", "true or false"),
}


def _expected(error: Any) -> tuple[tuple[str, str], ...]:
    """What the schema wants, in both languages. jsonschema's own words are English, and for programmers."""
    keyword, wanted = error.validator, error.validator_value
    if keyword == "enum":
        zh = en = f" {', '.join(map(str, wanted))} "
        zh, en = f"以下之一：{zh.strip()}", f"one of {en.strip()}"
    elif keyword == "type":
        zh, en = TYPES.get(wanted, (str(wanted), str(wanted)))
    elif keyword == "pattern":
        zh, en = FORMS.get(wanted, (f"符合 {wanted}", f"of the form {wanted}"))
    elif keyword in ("minLength", "minItems", "minProperties"):
        zh, en = f"至少 {wanted} 项或字", f"at least {wanted} long"
    elif keyword in ("maxItems", "maximum"):
        zh, en = f"不超过 {wanted}", f"at most {wanted}"
    elif keyword == "minimum":
        zh, en = f"不小于 {wanted}", f"at least {wanted}"
    elif keyword == "anyOf":
        zh, en = "文字，或由文字组成的列表", "a text, or a list of texts"
        if any(option.get("properties") for option in wanted):
            zh, en = "文字，或由 name、code 等组成的一组", "a text, or a group of name, code and so on"
    else:
        zh, en = f"符合 {keyword}: {wanted}", f"{keyword}: {wanted}"
    return ("expected_zh", zh), ("expected_en", en)
