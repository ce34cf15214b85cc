"""What frictionless says about a descriptor or a file, recognised by its notes, so that our words can say it.

Its errors carry a type and an English sentence only. A sentence that is not listed falls back to the type's own words.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping

from generator.tables.near import near_type

# Kind in the catalogue, and the note. Named groups fill the kind's words.
_NOTES: tuple[tuple[str, str], ...] = (
    ("license-incomplete", r'license requires "path" or "name": (?P<value>.*)'),
    ("created-invalid", r'property "created" is not valid "datetime"'),
    ("email-invalid", r'property "(?P<property>\w+)\[\]\.email" is not valid "email"'),
    ("resource-names-repeat", r"names of the resources are not unique"),
    ("field-names-repeat", r"names of the fields are not unique"),
    ("path-unsafe", r'path "(?P<value>.*)" is not safe'),
    ("path-and-data-missing", r'one of the properties "path" or "data" is required'),
    ("path-and-data-both", r'properties "path" and "data" is mutually exclusive'),
    ("primary-key-unknown-field", r'primary key "(?P<value>.*?)" does not match the fields "(?P<expected>.*)"'),
    ("foreign-key-unknown-field", r'foreign key "(?P<value>.*)" does not match the fields "(?P<expected>.*)"'),
    (
        "foreign-key-uneven",
        r'foreign key fields "(?P<value>.*)" does not match the reference fields "(?P<expected>.*)"',
    ),
    ("foreign-key-unknown-table", r'failed to handle a foreign key .* as resource "(?P<value>.*)" does not exist'),
    ("constraint-unsupported", r'constraint "(?P<value>\w+)" is not supported by type "(?P<type>\w+)"'),
    ("version-2-needed", r'constraint "(?P<value>\w+)" requires datapackage v2'),
    ("version-2-needed", r"(?P<value>missing values) in object form require datapackage v2"),
    ("missing-value-repeats", r'missing value (?:label )?"(?P<value>.*)" is not unique'),
    ("type-unknown", r'(?:field|resource|package) type "(?P<value>.*)" is not supported'),
    ("example-invalid", r'example value "(?P<value>.*)" for field "(?P<property>.*)" is not valid'),
    ("property-misplaced", r'"(?P<value>\w+)" should be set as "(?P<expected>.*)"'),
    ("property-missing", r"'(?P<value>[^']+)' is a required property(?: at property '(?P<property>.+)')?"),
    ("property-type", r"(?P<value>.*) is not of type (?P<expected>.+?)(?: at property '(?P<property>.+)')?"),
    ("property-choice", r"(?P<value>.*) is not one of \[(?P<expected>.*)\](?: at property '(?P<property>.+)')?"),
    ("name-pattern", r"(?P<value>.*) does not match '(?P<expected>.*)' at property 'name'"),
    ("property-pattern", r"(?P<value>.*) does not match '(?P<expected>.*)'(?: at property '(?P<property>.+)')?"),
    ("property-form", r"(?P<value>.*) is not valid under any of the given schemas(?: at property '(?P<property>.+)')?"),
    ("tabular-without-schema", r'profile "tabular-data-resource" requires "schema" to be present'),
    ("metadata-file-unreadable", r'cannot retrieve metadata "(?P<value>.*)" because .*'),
    ("package-not-tabular", r'profile "tabular-data-package" requires all the resources to be .*'),
    ("format-unsupported", r'(?:format|scheme) "(?P<value>.*)" is not supported'),
    ("compression-unsupported", r'compression "(?P<value>.*)" is not supported'),
    ("sheet-missing", r'Excel document ".*" does not have a sheet "(?P<value>.*)"'),
    ("source-empty", r"the source is empty"),
    ("data-file-unreadable", r"\[Errno \d+\] .*"),
)
_LONGEST = 1000
"""Characters at either end of a note: the expressions above take more than linear time."""
KINDS = tuple(kind for kind, _ in _NOTES)
_COMPILED = tuple((kind, re.compile(pattern, re.DOTALL)) for kind, pattern in _NOTES)


def kind_of_note(error_type: str, note: str) -> tuple[str, dict[str, str]]:
    """The catalogue's kind for a note, and the values that it names."""
    if len(note) > 2 * _LONGEST:  # it shows a whole value of the descriptor; what the library says stands around it
        note = f"{note[:_LONGEST]}…{note[-_LONGEST:]}"
    for kind, pattern in _COMPILED:
        match = pattern.fullmatch(note)
        if match:
            return kind, dict(_said(kind, {name: value or "" for name, value in match.groupdict().items()}))
    return error_type, {}


_TYPES = {
    "string": ("文字", "a text"),
    "integer": ("整数", "a whole number"),
    "number": ("数", "a number"),
    "array": ("列表", "a list"),
    "object": ("一组「名称: 值」", "a group of «name: value» lines"),
    "boolean": ("true 或 false", "true or false"),
    "null": ("空", "empty"),
}


def _said(kind: str, values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The values of a note, and what a reader needs beside them."""
    for name, value in values.items():
        if name == "property":
            yield name, _place(value)
            yield from (
                (("at_zh", f"（在「{_place(value)}」里）"), ("at_en", f" (in “{_place(value)}”)")) if value else ()
            )
        else:
            yield name, _readable(value)
    if kind == "property-type":
        wanted = [_TYPES.get(part, (part, part)) for part in re.findall(r"[a-z]+", values.get("expected", ""))]
        yield "expected_zh", "或".join(zh for zh, _ in wanted)
        yield "expected_en", " or ".join(en for _, en in wanted)
    if kind == "foreign-key-unknown-field":
        yield "value", _unknown(_readable(values.get("value", "")), _readable(values.get("expected", "")))
    if kind == "type-unknown":
        zh, en = near_type(_readable(values.get("value", "")))
        yield from (("near_zh", zh), ("near_en", en)) if zh else ()


def _unknown(key: str, known: str) -> str:
    """The fields of a foreign key that the schema does not have."""
    try:
        named = json.loads(key)["fields"]
    except (ValueError, KeyError, TypeError):
        return key
    listed = [named] if isinstance(named, str) else named if isinstance(named, list) else []
    return ", ".join(str(name) for name in listed if str(name) not in known.split(", ")) or key


def _place(path: str) -> str:
    """``resources/0/name`` as our own checks write it."""
    return path.replace("/", ".")


def _readable(value: str) -> str:
    """Values stand in the notes as Python writes them."""
    listed = f"[{value}]" if re.fullmatch(r"'.*', '.*'", value) else value
    try:
        read = ast.literal_eval(listed)
    except (ValueError, SyntaxError):
        return value.strip("'")
    if isinstance(read, list) and all(isinstance(item, str) for item in read):
        return ", ".join(read)
    return json.dumps(read, ensure_ascii=False) if isinstance(read, list | dict) else value.strip("'")
