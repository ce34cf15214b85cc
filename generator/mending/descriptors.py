"""A descriptor's text, mended where that is safe, and single values replaced in place: comments and layout stay."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from generator.mending.decoding import decoding_of, texts
from generator.mending.values import Change, RowChange
from generator.read.descriptor import MAX_BYTES, parse_descriptor
from generator.terms import DATASET, FIELD, RESOURCE_OURS

Place = tuple[str | int, ...]
_TAB_WIDTHS = (2, 4, 8)
_KNOWN = {term.name for terms in (DATASET, RESOURCE_OURS, FIELD) for term in terms} | {
    "resources", "schema", "fields", "path", "constraints", "dialect", "encoding", "format", "type", "unit",
}  # fmt: skip
_WIDE_COLON = re.compile(r"^(\s*(?:- )?)([A-Za-z][A-Za-z_]*)\s*：\s*", re.MULTILINE)


def readable(file: Path) -> tuple[str, list[Change]] | None:
    """The text of a descriptor and what had to be mended for it to be read; None where it cannot be read for sure."""
    if file.is_symlink() or not file.is_file() or file.stat().st_size > MAX_BYTES:
        return None
    changes: list[Change] = []
    decoding = decoding_of(file)
    if not decoding.encoding:
        return None
    text = "".join(texts(file, decoding.encoding)) if not decoding.is_utf8 else "".join(texts(file, "utf-8"))
    if decoding.mark:
        changes.append(Change("mark"))
        text = text.removeprefix("\ufeff")
    if not decoding.is_utf8:
        changes.append(Change("descriptor-encoding", 1, decoding.encoding, "UTF-8"))
    if parse_descriptor(text, file.name) is not None:
        return text, changes
    if file.suffix == ".json":
        return None
    for mended, kind in _candidates(text):
        if parse_descriptor(mended, file.name) is not None:
            return mended, [*changes, Change(kind)]
    return None


def _candidates(text: str) -> Iterator[tuple[str, str]]:
    """Tabs as blanks, if it does not matter as how many; then full-width colons after known names."""
    yield from ((mended, "descriptor-tabs") for mended in _without_tabs(text))
    narrow = _WIDE_COLON.sub(lambda m: f"{m[1]}{m[2]}: " if m[2] in _KNOWN else m[0], text)
    if narrow != text:
        yield narrow, "descriptor-colons"
        yield from ((mended, "descriptor-colons") for mended in _without_tabs(narrow))


def _without_tabs(text: str) -> Iterator[str]:
    if not re.search(r"^ *\t", text, re.MULTILINE):
        return
    made = [_expanded(text, width) for width in _TAB_WIDTHS]
    values = [parse_descriptor(each, "x.yaml") for each in made]
    read = [(each, value) for each, value in zip(made, values, strict=True) if value is not None]
    if read and all(value == read[0][1] for _, value in read):
        yield read[0][0]


def _expanded(text: str, width: int) -> str:
    return re.sub(r"^[ \t]+", lambda blanks: blanks[0].expandtabs(width), text, flags=re.MULTILINE)


# --- replacing single values


def replaced(text: str, values: Mapping[Place, str | int], file: Path) -> str | None:
    """``text`` with these values, by their paths, in place of its own; None where that cannot be done for sure."""
    # Tabs between values of JSON, which a reader of YAML refuses; blanks take the same room.
    tree = yaml.compose(text.replace("\t", " ") if file.suffix == ".json" else text, Loader=yaml.SafeLoader)
    spans = []
    for path, value in values.items():
        node = _at(tree, path)
        if node is None or node.style in ("|", ">"):
            return None
        spans.append((node.start_mark.index, node.end_mark.index, _written(value, node.style)))
    made = text
    for start, end, new in sorted(spans, reverse=True):
        made = made[:start] + new + made[end:]
    before, after = parse_descriptor(text, file.name), parse_descriptor(made, file.name)
    return made if before is not None and after == _with(before, values) else None


def _written(value: str | int, style: str | None) -> str:
    return json.dumps(value, ensure_ascii=False) if style == '"' else f"'{value}'" if style == "'" else str(value)


def _at(node: yaml.Node | None, path: Place) -> yaml.ScalarNode | None:
    for step in path:
        if isinstance(node, yaml.MappingNode):
            found = [value for key, value in node.value if key.value == step]
            node = found[0] if len(found) == 1 else None
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
        else:
            return None
    return node if isinstance(node, yaml.ScalarNode) else None


def _with(descriptor: Any, values: Mapping[Place, str | int]) -> Any:
    """A copy with the values; an alias that shares a part with another resource shows as a difference."""
    copy = json.loads(json.dumps(descriptor, default=str))
    for path, value in values.items():
        place = copy
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
    return copy


def changed_lines(before: str, after: str, most: int) -> list[RowChange]:
    """Lines that differ, for the diff."""
    old, new = before.splitlines(), after.splitlines()
    found = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            for n in range(max(b - a, d - c)):
                found.append(RowChange(a + n + 1, old[a + n] if a + n < b else "", new[c + n] if c + n < d else ""))
    return found[:most]
