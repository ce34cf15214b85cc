"""The line of a descriptor that a problem is about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from generator.problems import Problem

MAX_BYTES = 1_000_000
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Lines:
    """Remembers the files that it has looked into."""

    def __init__(self, datasets: Path) -> None:
        self._datasets = datasets
        self._trees: dict[str, yaml.Node | None] = {}

    def __call__(self, problem: Problem) -> int | None:
        """That of the file where it is known, that of the property in a descriptor; None where neither is."""
        if problem.line is not None:
            return problem.line
        if not problem.file.endswith((".yaml", ".yml", ".json")):
            return None
        if problem.file not in self._trees:
            self._trees[problem.file] = _tree(self._datasets / problem.file)
        root = self._trees[problem.file]
        return _line(root, problem) if root is not None else None


def _tree(file: Path) -> yaml.Node | None:
    """JSON is read as the YAML that it is, but for tabs, of which YAML knows nothing."""
    try:
        if file.is_symlink() or file.stat().st_size > MAX_BYTES:
            return None
        text = file.read_text("utf-8-sig")
        # The parser in C recurses: a depth that no descriptor has is not tried.
        if max(text.count("["), text.count("{")) > 5000 or "\n" + " " * 500 in text:
            return None
        return yaml.compose(text.replace("\t", " ") if file.suffix == ".json" else text, Loader=_Loader)
    except (OSError, ValueError, RecursionError, yaml.YAMLError):
        return None


def _line(root: yaml.Node, problem: Problem) -> int:
    place = root
    if problem.resource:
        place = _item(_value(root, "resources"), problem.resource) or root
    for start in (place, root):
        found = _key(start, problem.field.split(".")) if problem.field else None
        if found is None and problem.field and isinstance(schema := _value(start, "schema"), yaml.Node):
            found = _item(_value(schema, "fields"), problem.field)
        if found is not None:
            return int(found.start_mark.line) + 1
    return int(place.start_mark.line) + 1


def _key(node: yaml.Node | None, path: list[str]) -> yaml.Node | None:
    """The key at the end of ``path``, as far as it can be followed."""
    found: yaml.Node | None = None
    for name in path:
        if not isinstance(node, yaml.MappingNode):
            break
        pair = next(((key, value) for key, value in node.value if key.value == name), None)
        if pair is None:
            break
        found, node = pair
    return found


def _value(node: yaml.Node | None, name: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for key, value in node.value if key.value == name), None)


def _item(node: yaml.Node | None, name: str) -> yaml.Node | None:
    """The entry of a list that has this name."""
    if not isinstance(node, yaml.SequenceNode):
        return None
    return next((each for each in node.value if _is_called(each, name)), None)


def _is_called(node: yaml.Node, name: str) -> bool:
    value = _value(node, "name")
    return isinstance(value, yaml.ScalarNode) and value.value == name
