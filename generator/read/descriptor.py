"""One descriptor file → the values in it. Hostile files end in a ``Problem``, in bounded time and memory."""

from __future__ import annotations

import json
import re
from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any

import yaml

from generator.problems import Problem

MAX_BYTES = 10_000_000
MAX_VALUES = 500_000
"""A few lines of YAML aliases unfold into billions of values; no true descriptor comes near this."""
MAX_DEPTH = 60

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _PlainLoader(Loader):  # type: ignore[misc]  # the C loader has no type stubs
    """YAML whose dates stay text (as they do in JSON), and which notes keys that stand twice."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.twice: list[tuple[str, int]] = []

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and keys.count(key.value) > 1 and key.value not in dict(self.twice):
                self.twice.append((key.value, key.start_mark.line + 1))
        mapping: dict[Hashable, Any] = super().construct_mapping(node, deep=deep)
        return mapping


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in Loader.yaml_implicit_resolvers.items()
}


def read_descriptor(file: Path, root: Path) -> tuple[Mapping[str, Any] | None, list[Problem]]:
    """The descriptor, or None with the reason. Problems name the file relative to ``root``."""
    at = file.relative_to(root).as_posix()
    if file.is_symlink():
        return None, [Problem("path-symlink", file=at, value=file.name)]
    if file.stat().st_size > MAX_BYTES:
        return None, [
            Problem("descriptor-too-large", file=at, value=f"{file.stat().st_size:,}", expected=f"{MAX_BYTES:,}")
        ]
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = file.read_bytes()[: error.start].count(b"\n") + 1
        return None, [Problem("descriptor-encoding", file=at, line=line)]
    if file.suffix == ".json":
        return _from_json(text, at)
    return _from_yaml(text, at)


def _from_json(text: str, at: str) -> tuple[Mapping[str, Any] | None, list[Problem]]:
    twice: list[str] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(items)
        if len(made) < len(items):
            names = [key for key, _ in items]
            twice.extend(key for key in made if names.count(key) > 1)
        return made

    try:
        value = json.loads(text, object_pairs_hook=pairs)
    except json.JSONDecodeError as error:
        return None, [
            Problem(
                "descriptor-syntax",
                file=at,
                line=error.lineno,
                column=error.colno,
                value=_line(text, error.lineno),
                detail=str(error),
            )
        ]
    except (RecursionError, ValueError) as error:
        # ValueError: an integer of more digits than Python converts.
        return None, [Problem("descriptor-too-large", file=at, expected=str(MAX_DEPTH), detail=str(error))]
    return _checked(value, at, [Problem("duplicate-key", file=at, value=key) for key in twice])


def _from_yaml(text: str, at: str) -> tuple[Mapping[str, Any] | None, list[Problem]]:
    try:
        loader = _PlainLoader(text)
        try:
            value = loader.get_single_data()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
        return None, [
            Problem("descriptor-syntax", file=at, line=line, column=column, value=_line(text, line), detail=str(error))
        ]
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        return None, [
            Problem(
                "descriptor-syntax",
                file=at,
                line=line,
                value=f"U+{ord(str(error.character)[:1] or '?'):04X}",
                detail=str(error),
            )
        ]
    except (RecursionError, ValueError, TypeError) as error:
        return None, [Problem("descriptor-too-large", file=at, expected=str(MAX_DEPTH), detail=type(error).__name__)]
    return _checked(value, at, [Problem("duplicate-key", file=at, value=key, line=line) for key, line in loader.twice])


def _checked(value: Any, at: str, problems: list[Problem]) -> tuple[Mapping[str, Any] | None, list[Problem]]:
    if not isinstance(value, dict):
        return None, [*problems, Problem("descriptor-not-object", file=at)]
    if not _is_bounded(value):
        return None, [*problems, Problem("descriptor-too-large", file=at, expected=f"{MAX_VALUES:,}")]
    return _plain(value), problems


def _is_bounded(value: Any) -> bool:
    """False for what unfolds into too many values, or is nested too deep (also when it holds itself)."""
    count = 0
    waiting: list[tuple[Any, int]] = [(value, 0)]
    while waiting:
        item, depth = waiting.pop()
        count += 1
        if count > MAX_VALUES or depth > MAX_DEPTH:
            return False
        children = item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
        waiting += [(child, depth + 1) for child in children]
    return True


def _plain(value: Any) -> Any:
    """Only what JSON has: YAML allows keys and values that it has not (numbers as keys, sets, bytes)."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, str):
        # A lone surrogate ("\ud800" in JSON) cannot be written as UTF-8 anywhere.
        return re.sub("[\ud800-\udfff]", "\ufffd", value)
    if value is None or isinstance(value, int | float | bool):
        return value
    return str(value)


def _line(text: str, number: int | None) -> str:
    lines = text.splitlines()
    return lines[number - 1].strip()[:80] if number and number <= len(lines) else ""
