"""One descriptor file → the values in it. Hostile files end in a ``Problem``, in bounded time and memory."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from generator.problems import Problem
from generator.read.syntax import cause_in_json, cause_in_yaml

MAX_BYTES = 10_000_000
MAX_VALUES = 300_000
"""A few lines of YAML aliases unfold into billions of values; no true descriptor comes near this."""
MAX_DEPTH = 60
MAX_DIGITS = 300
"""YAML counts in sixties, too (1:20:30): a number of a million digits takes hours to read."""

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class TooMuch(Exception):
    """One of the limits is passed; carries which, in Chinese and English."""


BYTES = (f"文件超过 {MAX_BYTES:,} 字节", f"more than {MAX_BYTES:,} bytes")
VALUES = (f"展开后超过 {MAX_VALUES:,} 个值", f"more than {MAX_VALUES:,} values when unfolded")
DEPTH = (f"嵌套超过 {MAX_DEPTH} 层", f"nested more than {MAX_DEPTH} deep")
DIGITS = (f"有的数超过 {MAX_DIGITS} 位", f"a number of more than {MAX_DIGITS} digits")


class _PlainLoader(Loader):  # type: ignore[misc]  # the C loader has no type stubs
    """YAML whose dates stay text (as they do in JSON), and which notes keys that stand twice."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.twice: list[tuple[str, int]] = []
        self._flattened: set[int] = set()
        self._merged = 0

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Merge keys (``<<``) unfold as aliases do, but while the file is being read."""
        if id(node) in self._flattened:
            return
        self._flattened.add(id(node))
        self._note_twice(node)
        for key, value in node.value:
            if key.tag == "tag:yaml.org,2002:merge":
                for merged in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                    if isinstance(merged, yaml.MappingNode):
                        self.flatten_mapping(merged)
                        self._merged += len(merged.value)
                    if self._merged > MAX_VALUES:
                        raise TooMuch(VALUES)
        super().flatten_mapping(node)

    def _note_twice(self, node: yaml.MappingNode) -> None:
        keys = [key for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        times = Counter(key.value for key in keys)
        for key in keys:
            if times.pop(key.value, 0) > 1:
                self.twice.append((key.value, key.start_mark.line + 1))

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Hashable:
        if node.tag in ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float") and len(node.value) > MAX_DIGITS:
            raise TooMuch(DIGITS)
        try:
            value: Hashable = super().construct_object(node, deep=deep)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            # A tag that its value does not fit ("!!int abc"): the library forgets to say where.
            raise yaml.constructor.ConstructorError(None, None, str(error), node.start_mark) from error
        return value


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in Loader.yaml_implicit_resolvers.items()
}


def is_there(file: Path) -> bool:
    """Also as a link or a pipe, which is then told; a folder of the name is none."""
    return file.is_symlink() or (file.exists() and not file.is_dir())


def read_descriptor(file: Path, root: Path) -> tuple[Mapping[str, Any] | None, list[Problem]]:
    """The descriptor, or None with the reason. Problems name the file relative to ``root``."""
    at = file.relative_to(root).as_posix()
    if file.is_symlink():
        return None, [Problem("path-symlink", file=at, value=file.name)]
    if not file.is_file():  # a pipe, for one, would be waited for for ever
        return None, [Problem("path-not-file", file=at, value=file.name)]
    if file.stat().st_size > MAX_BYTES:
        return None, [_too_large(at, BYTES)]
    content = file.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return None, [Problem("descriptor-encoding", file=at, line=content[: error.start].count(b"\n") + 1)]
    try:
        return _from_json(text, at) if file.suffix == ".json" else _from_yaml(text, at)
    except TooMuch as error:
        return None, [_too_large(at, error.args[0])]
    except RecursionError:
        return None, [_too_large(at, DEPTH)]


def parse_descriptor(text: str, name: str) -> Mapping[str, Any] | None:
    """The values in a text that is not in a file of that name yet; None where it could not be read from there."""
    try:
        return (_from_json(text, name) if name.endswith(".json") else _from_yaml(text, name))[0]
    except (TooMuch, RecursionError):
        return None


def _too_large(at: str, limit: tuple[str, str]) -> Problem:
    return Problem("descriptor-too-large", file=at, more=(("limit_zh", limit[0]), ("limit_en", limit[1])))


def _from_json(text: str, at: str) -> tuple[Mapping[str, Any] | None, list[Problem]]:
    twice: list[str] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(items)
        if len(made) < len(items):
            twice.extend(key for key, times in Counter(key for key, _ in items).items() if times > 1)
        return made

    def whole(digits: str) -> int:
        if len(digits) > MAX_DIGITS:
            raise TooMuch(DIGITS)
        return int(digits)

    try:
        value = json.loads(text, object_pairs_hook=pairs, parse_int=whole)
    except json.JSONDecodeError as error:
        line = error.lineno
        problem = Problem("descriptor-syntax", file=at, line=line, column=error.colno, value=_line(text, line))
        return None, [replace(problem, detail=str(error), more=_because(cause_in_json(error.msg)))]
    return _checked(value, at, [Problem("duplicate-key", file=at, value=key) for key in twice])


def _from_yaml(text: str, at: str) -> tuple[Mapping[str, Any] | None, list[Problem]]:
    try:
        refuse_depth(text)
        loader = _PlainLoader(text)
        try:
            value = loader.get_single_data()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        # Where a key lacks its colon, the parser complains of the line after it.
        lacks_colon = error.context_mark and "could not find expected ':'" in str(error.problem)
        mark = error.problem_mark or error.context_mark
        begun = error.context_mark
        is_open = re.search(r"flow|quoted", str(error.context)) is not None
        if begun and mark and (lacks_colon or (is_open and _is_past(text.splitlines(), begun.line, mark.line))):
            mark = begun
        line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
        problem = Problem("descriptor-syntax", file=at, line=line, column=column, value=_line(text, line))
        said, there = str(error), "".join(text.splitlines(keepends=True)[(line or 1) - 1 : line])
        return None, [replace(problem, detail=said, more=_because(cause_in_yaml(there, said)))]
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        code = error.character if isinstance(error.character, int) else ord(error.character)
        more = _because(("有不可见的控制字符", "it holds a control character"))
        return None, [
            Problem("descriptor-syntax", file=at, line=line, value=f"U+{code:04X}", detail=str(error), more=more)
        ]
    return _checked(value, at, [Problem("duplicate-key", file=at, value=key, line=line) for key, line in loader.twice])


def _is_past(lines: Sequence[str], start: int, line: int) -> bool:
    """Whether a bracket or quotation mark that opens in ``start`` was never closed: the parser complains where the
    file ends, or where the next property begins."""
    if line <= start or start >= len(lines):
        return False
    there = lines[line] if line < len(lines) else ""
    is_next = re.match(r"\s*(- )?[\w-]+\s*:(\s|$)|\s*- ", there)
    return not there.strip() or bool(is_next and _indent(there) <= _indent(lines[start]))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _because(cause: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return ("why_zh", cause[0]), ("why_en", cause[1])


def refuse_depth(text: str) -> None:
    """The loader in C recurses, and kills the process where the stack ends. The parser below it does not."""
    if text.count("\n") + text.count(",") > 2 * MAX_VALUES:  # each value needs one or the other; this takes no time
        raise TooMuch(VALUES)
    indented = max(map(len, re.findall(r"^[ ?-]+", text, re.MULTILINE)), default=0)
    if text.count("[") + text.count("{") + indented < _DEPTH_THAT_CANNOT_HARM:
        return
    depth = 0
    for event in yaml.parse(text, Loader=Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise TooMuch(DEPTH)


_DEPTH_THAT_CANNOT_HARM = 1000


def _checked(value: Any, at: str, problems: list[Problem]) -> tuple[Mapping[str, Any] | None, list[Problem]]:
    if not isinstance(value, dict):
        return None, [*problems, Problem("descriptor-not-object", file=at)]
    _refuse_unbounded(value)
    return _plain(value), problems


def _refuse_unbounded(value: Any) -> None:
    """What unfolds into too many values, or is nested too deep (also when it holds itself)."""
    count = 0
    waiting: list[tuple[Any, int]] = [(value, 0)]
    while waiting:
        item, depth = waiting.pop()
        # An alias may stand for a long text, too.
        count += 1 + (len(item) // 100 if isinstance(item, str) else 0)
        if count > MAX_VALUES:
            raise TooMuch(VALUES)
        if depth > MAX_DEPTH:
            raise TooMuch(DEPTH)
        children = item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
        waiting += [(child, depth + 1) for child in children]


def _plain(value: Any) -> Any:
    """Only what JSON has: YAML allows keys and values that it has not (numbers as keys, sets, bytes)."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, str):
        # A lone surrogate ("\ud800" in JSON) cannot be written as UTF-8 anywhere.
        return re.sub("[\ud800-\udfff]", "\ufffd", value)
    if value is None or isinstance(value, int | bool) or (isinstance(value, float) and math.isfinite(value)):
        return value
    return str(value)


def _line(text: str, number: int | None) -> str:
    lines = text.splitlines()
    return lines[number - 1].strip()[:80] if number and number <= len(lines) else ""
