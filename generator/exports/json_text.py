"""JSON that any parser takes, the same bytes each time."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
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


def for_script(value: object) -> str:
    """For inside ``<script>``: nothing in it can end the element, open a comment, or end a line of JavaScript."""
    text = dense(value)
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
