"""Why a descriptor cannot be parsed, as its author would say it. The parsers' own words are for programmers."""

from __future__ import annotations

import re
from collections.abc import Callable

_OTHER = ("写法不符合规定", "it is not written as YAML or JSON should be")
_YAML: tuple[tuple[Callable[[str, str], object], tuple[str, str]], ...] = (
    # line, the parser's words → what is wrong
    (lambda line, _: "\t" in line, ("行首用了 Tab，缩进只能用空格", "a tab stands there; only blanks may indent")),
    (
        lambda line, said: "mapping values are not allowed" in said and line.count(":") > 1,
        ("内容里有冒号，整段内容要加引号", "the value holds a colon: put it into quotes"),
    ),
    (
        lambda line, _: re.match(r"^\s*(- )?[\w-]+：", line),
        ("冒号是全角的，应为半角冒号加一个空格", "its colon is full-width: write “: ”"),
    ),
    (
        lambda _, said: "could not find expected ':'" in said,
        ("少了冒号，或者冒号后面少一个空格", "it lacks a colon, or the blank after it"),
    ),
    (
        lambda line, _: re.match(r"^\s*(- )?[\w-]+:\S", line),
        ("冒号后面少一个空格", "there is no blank after the colon"),
    ),
    (
        lambda _, said: "constructor for the tag" in said or "!!" in said,
        ("用了不允许的标记（! 开头）", "it has a tag (with !) that is not allowed"),
    ),
    (
        lambda line, said: "flow" in said or "expected ',' or" in said,
        ("方括号或花括号没有成对，或者少了逗号", "brackets or braces do not come in pairs, or a comma is missing"),
    ),
    (lambda _, said: "quoted scalar" in said, ("引号没有成对", "a quotation mark is never closed")),
    (
        lambda _, said: "block" in said or "mapping values" in said,
        (
            "缩进与上面不对齐，或者上一行没有写完",
            "it does not line up with what is above, or the line above is not complete",
        ),
    ),
    (
        lambda line, said: re.match(r"^\s*(- )?[\w-]*:?\s*[@`%&*]", line),
        ("内容以特殊符号开头，要加引号", "the value starts with a special character: put it into quotes"),
    ),
    (
        lambda _, said: "special characters" in said or "control" in said,
        ("有不可见的控制字符", "it holds a control character"),
    ),
)
_JSON = (
    ("Illegal trailing comma", ("最后一项后面多了逗号", "a comma stands after the last item")),
    (
        "Expecting property name",
        (
            "属性名没有加双引号，或者最后一项后面多了逗号",
            "a name lacks its double quotes, or a comma stands after the last item",
        ),
    ),
    ("Expecting ',' delimiter", ("上一项后面少了逗号", "a comma is missing after the item before")),
    ("Expecting ':' delimiter", ("属性名后面少了冒号", "a colon is missing after the name")),
    ("Unterminated string", ("双引号没有成对", "a double quote is never closed")),
    (
        "Expecting value",
        ("这里缺少内容，或者最后一项后面多了逗号", "a value is missing, or a comma stands after the last item"),
    ),
    ("Extra data", ("结尾的括号之后还有内容", "something stands after the last bracket")),
    ("Invalid control character", ("引号里直接换行了", "a line end stands within quotes")),
    ("Invalid \\escape", ("反斜杠要写成两个", "a backslash is to be written twice")),
)


def cause_in_yaml(line: str, said: str) -> tuple[str, str]:
    return next((cause for holds, cause in _YAML if holds(line, said)), _OTHER)


def cause_in_json(said: str) -> tuple[str, str]:
    return next((cause for begin, cause in _JSON if said.startswith(begin)), _OTHER)
