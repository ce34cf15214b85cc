"""The lines of a descriptor at which problems are, so that an editor or a forge can go there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import yaml

from generator.problems import Problem, catalogue
from generator.read.descriptor import Loader, TooMuch, refuse_depth

MOST = 100
"""Files whose lines are looked for: each takes a millisecond or two. Those with errors come first."""
LONGEST = 1_000_000
"""Bytes of a file that is parsed once more; a true descriptor has some thousands."""
_NAMES = ("datapackage.yaml", "datapackage.yml", "datapackage.json", "agency.yaml", "terms.yaml", "changes.yaml")
"""Only these: a data file may be JSON, too, and is not to be read here."""
_PASSED_ON = ("openness", "access", "licenses", "resources", "waivers")


def with_lines(problems: Sequence[Problem], datasets: Path) -> tuple[Problem, ...]:
    """The problems of descriptors with the line of the property that they name, or of the nearest thing around it."""
    wanted = [problem for problem in problems if _wants_line(problem)]
    wanted.sort(key=lambda problem: catalogue()[problem.name].severity != "error")
    files = list(dict.fromkeys(problem.file for problem in wanted))[:MOST]
    roots = {file: _root(datasets / file) for file in files}
    return tuple(_with_line(problem, roots.get(problem.file)) for problem in problems)


def _wants_line(problem: Problem) -> bool:
    return problem.line is None and problem.row is None and problem.file.rpartition("/")[2] in _NAMES


def _with_line(problem: Problem, root: yaml.Node | None) -> Problem:
    if root is None or not _wants_line(problem):
        return problem
    line = _line(root, problem)
    return replace(problem, line=line) if line else problem


def _root(file: Path) -> yaml.Node | None:
    try:
        return _parsed(file)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, TooMuch, RecursionError):
        return None  # which is told as a problem of the file, or it is no descriptor


def _parsed(file: Path) -> yaml.Node | None:
    if file.is_symlink() or not file.is_file() or file.stat().st_size > LONGEST:
        return None
    text = file.read_bytes().decode("utf-8-sig")
    refuse_depth(text)
    root: yaml.Node | None = yaml.compose(text, Loader)
    return root


_NAMED = {
    "license-incomplete": "licenses",
    "package-not-tabular": "profile",
    "path-unsafe": "path",
    "remote-path": "path",
    "path-and-data-both": "data",
    "withheld-data-present": "path",
    "name-not-portable": "path",
    "name-pattern": "name",
    "agency-not-folder": "id",
    "metadata-file-unreadable": "schema",
    "missing-value-repeats": "schema.missingValues",
    "primary-key-unknown-field": "schema.primaryKey",
    "foreign-key-unknown-field": "schema.foreignKeys",
    "foreign-key-unknown-table": "schema.foreignKeys",
    "foreign-key-uneven": "schema.foreignKeys",
}
"""Kinds of problems that are always about one property, and name none."""


def _line(root: yaml.Node, problem: Problem) -> int | None:
    field = problem.field or dict(problem.more).get("property") or _NAMED.get(problem.name, "")
    resource = _resource(root, problem.resource) if problem.resource else None
    # What a resource lacks, the package may have under the same name: another thing, but for what it passes on.
    is_passed_on = resource is None or field.partition(".")[0] in _PASSED_ON
    for start in filter(None, (resource, root if is_passed_on else None)):
        found = _deepest(start, field)
        if found:
            return found.start_mark.line + 1
    return resource.start_mark.line + 1 if resource else None


def _resource(root: yaml.Node, name: str) -> yaml.Node | None:
    listed = _value(root, "resources")
    return next((node for node in _items(listed) if _text(_value(node, "name")) == name), None)


def _deepest(node: yaml.Node, field: str) -> yaml.Node | None:
    """Of ``access.channel.email`` as much as there is; of a column's name, where the schema describes it."""
    column = _column(node, field)
    if column:
        return column
    found: yaml.Node | None = None
    for part in field.split("."):
        step = _key(node, part)
        if step:
            found, node = step
        elif part.isdigit() and int(part) < len(items := list(_items(node))):
            found = node = items[int(part)]
        else:
            break
    return found


def _column(node: yaml.Node, name: str) -> yaml.Node | None:
    fields = _value(_value(node, "schema"), "fields")
    return next((field for field in _items(fields) if _text(_value(field, "name")) == name), None) if name else None


def _key(node: yaml.Node | None, name: str) -> tuple[yaml.Node, yaml.Node] | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next(((key, value) for key, value in pairs if _text(key) == name), None)


def _value(node: yaml.Node | None, name: str) -> yaml.Node | None:
    found = _key(node, name)
    return found[1] if found else None


def _items(node: yaml.Node | None) -> Iterator[yaml.Node]:
    yield from node.value if isinstance(node, yaml.SequenceNode) else ()


def _text(node: yaml.Node | None) -> str:
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""
