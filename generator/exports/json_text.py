"""JSON that any parser takes, the same bytes each time."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from json.encoder import encode_basestring
from typing import Any

from generator.exports.wellformed import encodable

# One encoder for all: json.dumps makes a new one at each call, and its indent is many times slower.
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)


def dense(value: object) -> str:
    """One line."""
    return encodable(_ENCODER.encode(value))


def readable(properties: Mapping[str, Any]) -> str:
    """A line for each property, and for each object in a list of them."""
    return "{\n" + ",\n".join(f"  {dense(key)}: {_lines(value)}" for key, value in properties.items()) + "\n}\n"


def _lines(value: Any) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n    " + ",\n    ".join(map(dense, value)) + "\n  ]"
    return dense(value)


# ---- JSON made of JSON texts, for what is made 20,000 times and is mostly the same. An empty text is nothing known.


def string(text: str) -> str:
    return encode_basestring(text) if text else ""


def strings(texts: Iterable[str]) -> str:
    return array([encode_basestring(text) for text in texts])


def array(items: Iterable[str]) -> str:
    joined = ", ".join(items)
    return f"[{joined}]" if joined else ""


def known(properties: Mapping[str, str]) -> str:
    """An object of those properties that are known. Their names are ours."""
    return "{" + ", ".join([f'"{name}": {value}' for name, value in properties.items() if value]) + "}"


_SEPARATOR = "\uffff"  # `without_controls` lets none through, and JSON has no other form of it


def each_string(texts: list[str]) -> list[str]:
    """Many texts without controls as what stands between the quotation marks of strings, encoded in one pass."""
    return encode_basestring(_SEPARATOR.join(texts))[1:-1].split(_SEPARATOR) if texts else []


def for_script(text: str) -> str:
    """JSON for inside ``<script>``: nothing in it can end the element, open a comment, or end a line of JavaScript."""
    text = encodable(text)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def plain(value: Any) -> Any:
    """The JSON form of what a YAML file can hold: dates as ISO 8601, numbers that JSON lacks as Table Schema
    writes them."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "INF" if value > 0 else "-INF"
    if value is None or isinstance(value, str | int | float):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def without_empty(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Leaves out what is not known; ``False`` and 0 are known."""
    return {key: value for key, value in properties.items() if value is not None and value not in ("", [], {}, ())}
