"""Descriptors as people write them: comments at the places where a human is needed, a field a line."""

from __future__ import annotations

from typing import Any

import yaml


class _Dumper(yaml.SafeDumper):
    """Texts of several lines stay texts of several lines."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def entry(key: str, value: Any, comment: str = "", *, indent: int = 0) -> str:
    """``key: value``, on one line where it is no long text; the comment behind it."""
    is_block = isinstance(value, str) and "\n" in value
    flow = not is_block and isinstance(value, list | dict)
    text = f"{key}: {flowing(value)}" if flow else yaml.dump({key: value}, Dumper=_Dumper, **_STYLE).rstrip("\n")
    lines = text.split("\n")
    if comment:
        lines[:1] = [f"# {comment}", lines[0]] if is_block else [f"{lines[0]}  # {comment}"]
    return "".join(f"{' ' * indent}{line}\n" if line else "\n" for line in lines)


def flowing(value: Any) -> str:
    text: str = yaml.dump(value, Dumper=_Dumper, default_flow_style=True, **_STYLE)
    return text.removesuffix("\n...\n").rstrip("\n")


_STYLE: dict[str, Any] = {"allow_unicode": True, "sort_keys": False, "width": 1_000_000}


def blank(key: str, example: str, comment: str, *, indent: int = 0) -> str:
    """A property that somebody has to fill in: what is wanted, and the line ready to be used."""
    space = " " * indent
    first = f"{space}# {comment}\n"
    return first + "".join(f"{space}# {line}\n" for line in f"{key}: {example}".split("\n"))
