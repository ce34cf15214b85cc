"""Frictionless's errors as problems in the catalogue's words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.model import is_remote
from generator.problems import Problem, catalogue
from generator.tables import opening
from generator.tables.likely import likely
from generator.tables.metadata_notes import kind_of_note
from generator.tables.nearby import Nearby
from generator.tables.sheets import sheet_of
from generator.tables.stated import stated_values

if TYPE_CHECKING:
    import frictionless

LONGEST_VALUE = 200
"""Characters of a cell that a message shows; a cell can be megabytes long."""

_EXAMPLE = datetime(2024, 1, 6, 8, 30)  # noqa: DTZ001  an example's clock has no zone
_STOPPED = ("check-crashed", "pattern-timeout")
"""Errors of our own (``own_errors``): the rest of the table was not judged."""
_FROM_DESCRIPTOR = ("reference", "reference_fields", "property")
"""Entries of ``more`` that tell something about the descriptor, and never about the data."""
_DECLARED_COUNTS = ("hash-count", "byte-count", "field-count", "row-count")
"""Of these kinds the expected number, or checksum, is the descriptor's."""
TOLD_OF_WITHHELD = 5
"""Rows of a withheld table that are told for one rule and field."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a package is, and how problems name it."""

    dataset: str
    descriptor: str
    folder: Path

    def of(self, resource: frictionless.Resource) -> str:
        """The file to edit for an error of this table."""
        if resource.path is None or is_remote(resource.path):
            return self.descriptor
        return self.file(resource.path)

    def file(self, path: str) -> str:
        return path if self.dataset in ("", ".") else f"{self.dataset}/{path}"

    def without_folder(self, text: str) -> str:
        """Library messages name the machine's folders; reports must be the same everywhere."""
        return text.replace(str(self.folder), self.dataset or ".")


def explain(error: Any, resource: frictionless.Resource, place: Place, nearby: Nearby | None = None) -> Problem:
    """One error of a resource's validation. ``error`` is a ``frictionless.Error``; its table shares ``nearby``."""
    field = _field(resource, getattr(error, "field_name", ""))
    kind, expected = _kind(error, field)
    noted_kind, noted = kind_of_note(error.type, error.note) if kind == error.type else (kind, {})
    foreign = error.type == "foreign-key"
    name = ", ".join(error.field_names) if foreign else getattr(error, "field_name", "")
    if error.type == "primary-key":
        name = ", ".join(resource.schema.primary_key)
    return Problem(
        noted_kind,
        place.dataset,
        place.descriptor if _is_metadata(error) or _stopped_early(error) else place.of(resource),
        resource.name or "",
        field=name,
        row=getattr(error, "row_number", None),
        column=getattr(error, "field_number", None) or _column(name, resource, error),
        value=place.without_folder(_shortened(noted.get("value") or _value(error, resource))),
        expected=expected or noted.get("expected", ""),
        likely=_likely(error, field),
        error_type=error.type,
        detail=place.without_folder(error.message),
        more=tuple(_more(error, field, resource, nearby or Nearby(resource))),
    )


def _column(name: str, resource: frictionless.Resource, error: Any) -> int | None:
    """Of a key of one field: frictionless names no column for it."""
    if error.type not in ("primary-key", "foreign-key") or not error.row_number:
        return None  # of other errors the table may not have been opened, and has no labels
    labels: list[str] = resource.labels  # type: ignore[attr-defined]  # a table has them
    return labels.index(name) + 1 if name in labels else None


def _is_metadata(error: Any) -> bool:
    """Whether the descriptor is to be mended. (Frictionless derives errors of reading a file from these.)"""
    from frictionless import errors

    reading = (
        errors.SourceError,
        errors.SchemeError,
        errors.FormatError,
        errors.EncodingError,
        errors.CompressionError,
    )
    return isinstance(error, errors.MetadataError) and not isinstance(error, reading)


def _stopped_early(error: Any) -> bool:
    """Before a row of this table was read: the descriptor is to be mended, or the table that a key leads to."""
    return error.type in _STOPPED and error.row_number is None


def without_content(problem: Problem, declared: Sequence[str]) -> Problem:
    """What may be told of a withheld table: file, row and rule; nothing out of the data.

    By a list of what may: a field is named only when it is one of the ``declared`` ones, or a key, which only a schema
    can have; what is expected, only where the descriptor says it; how many columns the file has, not at all.
    """
    is_key = problem.error_type in ("primary-key", "foreign-key")
    named = problem.field in declared
    in_place = named and problem.column == declared.index(problem.field) + 1
    # A type that frictionless took from the data is told no more finely than as one.
    name = "type-error" if problem.error_type == "type-error" and not named else problem.name
    return Problem(
        name,
        problem.dataset,
        problem.file,
        problem.resource,
        field=problem.field if named or is_key else "",
        row=problem.row,
        line=problem.line,
        column=problem.column if in_place else None,
        value="…" if problem.value else "",
        expected=problem.expected if named or name in _DECLARED_COUNTS else "",
        error_type=problem.error_type,
        more=tuple((key, value) for key, value in problem.more if key in _FROM_DESCRIPTOR),
        published=False,
    )


def few_of_each(problems: Iterable[Problem]) -> list[Problem]:
    """Each once, and of each kind in a field the first few rows: all of them would add up to a count."""
    told: Counter[tuple[str, str, str, str]] = Counter()
    kept = []
    for problem in dict.fromkeys(problems):
        kind = (problem.file, problem.resource, problem.name, problem.field)
        told[kind] += 1
        if told[kind] <= TOLD_OF_WITHHELD:
            kept.append(problem)
    return kept


def explain_metadata(errors: Sequence[Any], descriptor: Mapping[str, Any], place: Place) -> Iterator[Problem]:
    """Errors of the descriptor.

    Frictionless does not say in which resource and field they are, so each part is checked once more alone.
    """
    culprits = list(_culprits(descriptor, place.folder)) if errors else []
    for error in errors:
        at = next((c for c in culprits if c[:2] == (error.type, error.note)), None)
        if at:
            culprits.remove(at)
        kind, values = kind_of_note(error.type, error.note)
        values |= stated_values(kind, descriptor, at[2] if at else "")
        yield Problem(
            kind,
            place.dataset,
            place.descriptor,
            at[2] if at else "",
            field=(at[3] if at else "") or values.pop("field", ""),
            value=place.without_folder(_shortened(values.pop("value", ""))),
            expected=_shortened(values.pop("expected", "")),
            likely=values.pop("likely", ""),
            error_type=error.type,
            detail=place.without_folder(error.message),
            more=tuple(values.items()),
        )


def _culprits(descriptor: Mapping[str, Any], folder: Path) -> Iterator[tuple[str, str, str, str]]:
    """Type, note, resource and field of the errors that parts of the descriptor have by themselves."""
    import frictionless

    version = frictionless.Package.effective_datapackage_version(dict(descriptor), None)
    parts: list[tuple[Any, Mapping[str, Any], str, str]] = []
    for resource in opening.resources(descriptor):
        name = opening.resource_name(resource)
        schema = resource.get("schema")
        fields = schema.get("fields") if isinstance(schema, Mapping) else None
        for field in fields if isinstance(fields, list) else ():
            if isinstance(field, Mapping):
                parts.append((frictionless.Field, field, name, str(field.get("name") or "")))
        parts.append((frictionless.Resource, resource, name, ""))
    for kind, part, resource_name, field_name in parts:
        try:
            made = kind.from_descriptor(dict(part), datapackage_version=version, **_basepath(kind, folder))
            made.to_descriptor(validate=True)
        except frictionless.FrictionlessException as exception:
            for error in exception.to_errors():
                yield error.type, error.note, resource_name, field_name
        except Exception:  # only a hint is lost: the errors themselves were found before, and are told without a place
            continue


def _basepath(kind: Any, folder: Path) -> dict[str, str]:
    return {"basepath": str(folder)} if kind.__name__ == "Resource" else {}


def _field(resource: frictionless.Resource, name: str) -> Any:
    if not name or not resource.tabular or not resource.schema.has_field(name):
        return None
    return resource.schema.get_field(name)


def _kind(error: Any, field: Any) -> tuple[str, str]:
    """The catalogue's kind, as fine as it has one, and the literal form that would be right."""
    known = catalogue()
    if error.type == "type-error" and field is not None:
        fine = f"type-{field.type}-{field.format}"
        kind = fine if fine in known else f"type-{field.type}"
        return (kind if kind in known else "type-error"), _form(field)
    if error.type == "constraint-error":
        match = re.match(r'constraint "(\w+)" is "(.*)"$', error.note, re.DOTALL)
        if match:
            return f"constraint-{_slug(match[1])}", _constraint(field, match[1], match[2])
    if error.type in ("hash-count", "byte-count", "field-count", "row-count"):
        return error.type, _counts(error.note)[0]
    if error.type == "primary-key" and "row at position" not in error.note:
        return "primary-key-empty", ""
    if error.type == "incorrect-label":
        return error.type, error.field_name
    if error.type == "pattern-timeout":
        return error.type, _shortened(error.value)
    return (error.type if error.type in known else "error"), ""


def _likely(error: Any, field: Any) -> str:
    if error.type not in ("type-error", "constraint-error") or field is None:
        return ""
    return likely(str(error.cell), field)


def _slug(name: str) -> str:
    return re.sub(r"[A-Z]", lambda letter: "-" + letter[0].lower(), name)


def _form(field: Any) -> str:
    """A right cell, written as the field demands it. Empty where words say it better."""
    if field.type == "boolean":
        return " / ".join([*field.true_values, *field.false_values])
    if field.type == "number":
        return f"12{field.decimal_char}5"
    if field.type in _DEFAULT_FORMS and field.format not in ("default", "any"):
        return _EXAMPLE.strftime(field.format)
    return _DEFAULT_FORMS.get(field.type, "")


_DEFAULT_FORMS = {
    "integer": "12",
    "date": "2024-01-06",
    "datetime": "2024-01-06T08:30:00",
    "time": "08:30:00",
    "year": "2024",
    "yearmonth": "2024-01",
    "duration": "P1Y2M",
}


def _constraint(field: Any, name: str, said: str) -> str:
    if name == "enum" and field is not None:
        values = [str(value) for value in field.constraints["enum"]]
        return " / ".join(values[:10]) + (" …" if len(values) > 10 else "")
    return said


def _counts(note: str) -> tuple[str, str]:
    expected, _, actual = note.removeprefix('expected is "').rpartition('" and actual is "')
    return expected, actual.removesuffix('"')


def _value(error: Any, resource: frictionless.Resource) -> str:
    if error.type == "foreign-key":
        return ", ".join(error.field_cells)
    if error.type == "primary-key":
        cells = dict(zip(resource.schema.field_names, error.cells, strict=False))
        return ", ".join(cells.get(name, "") for name in resource.schema.primary_key)
    if error.type.endswith("-count"):
        return _counts(error.note)[1]
    if error.type.endswith("-label"):
        return str(error.label)
    return str(getattr(error, "cell", ""))


def _more(error: Any, field: Any, resource: frictionless.Resource, nearby: Nearby) -> Iterator[tuple[str, str]]:
    if error.type == "foreign-key":
        yield "reference", error.reference_name or resource.name or ""  # a table that refers to itself names none
        yield "reference_fields", ", ".join(error.reference_field_names)
    if error.type in ("unique-error", "primary-key"):
        match = re.search(r"row at position (\d+)", error.note)
        yield "other_row", match[1] if match else ""
    zh, en = nearby.of(error, field)
    if zh:
        yield from (("near_zh", zh), ("near_en", en))
    if getattr(error, "row_number", None) and (sheet := sheet_of(resource)):
        yield "sheet", sheet
    if error.type in _STOPPED:
        yield "where_zh", "，".join(zh for zh, _ in _where(error))
        yield "where_en", ", ".join(en for _, en in _where(error))
    if getattr(error, "row_numbers", None):
        yield "header_row", str(error.row_numbers[-1])
    if error.type == "type-error" and field is not None:
        yield "type", field.type
        yield "format", field.format


def _where(error: Any) -> Iterator[tuple[str, str]]:
    """As much as is known of where the check stopped."""
    if error.reference:
        yield (
            f"读取外键所指的表「{error.reference}」时",
            f"while the table “{error.reference}” was read for a foreign key",
        )
    elif error.row_number:
        yield f"第 {error.row_number} 行", f"row {error.row_number}"
    if error.field_name:
        yield f"列「{error.field_name}」", f"field {error.field_name}"
    if error.cell:
        yield f"现值「{_shortened(error.cell)}」", f"value “{_shortened(error.cell)}”"
    if error.property:
        value = f" {_shortened(error.value)}" if error.value else ""
        yield f"{error.property}{value}", f"{error.property}{value}"


def _shortened(value: str) -> str:
    return value if len(value) <= LONGEST_VALUE else value[:LONGEST_VALUE] + "…"
