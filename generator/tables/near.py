"""What an author may have meant by a wrong cell, where that is not certain: ``likely`` tells what is.

Nothing here is ever put into data by itself. It ends as a clause of the message, in both languages.
"""

from __future__ import annotations

import ast
import datetime
import difflib
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Any

Clause = tuple[str, str]
"""Chinese and English."""

MOST = 2_000
"""Allowed values that are compared; more would take longer than the check."""
_LONGEST = 60
_UNIT = re.compile(r"([-+]?\d[\d,]*(?:\.\d+)?)\s*([^\d\s.,%‰+-]{1,8})")
_ROUGH = re.compile(r"([约近超逾]|大约|将近)\s*([-+]?\d[\d,.]*)\D{0,8}|(\d[\d,.]*)\s*(余|多|左右|以上)\D{0,8}")
_NOTHING = frozenset(
    ("-", "--", "—", "——", "/", "无", "暂无", "无数据", "缺", "缺报", "空", "n/a", "na", "null", "none", "nan")
)
_TYPES = {
    **dict.fromkeys(("decimal", "float", "double", "numeric", "real", "money", "数", "小数", "数值"), "number"),
    **dict.fromkeys(("int", "long", "bigint", "smallint", "整数"), "integer"),
    **dict.fromkeys(("text", "str", "char", "varchar", "文本", "字符", "字符串", "文字"), "string"),
    **dict.fromkeys(("bool", "logical", "是否", "布尔"), "boolean"),
    **dict.fromkeys(("timestamp", "日期时间"), "datetime"),
    "日期": "date",
    "时间": "time",
    "年": "year",
    "年月": "yearmonth",
}


def near_cell(cell: str, field: Any) -> Clause:
    """For a cell that is not of the field's type; two empty texts where nothing can be said."""
    if len(cell) > _LONGEST:
        return "", ""
    text = unicodedata.normalize("NFKC", cell).strip()
    maker = _MAKERS.get(field.type)
    return next(iter(maker(text, field)), ("", "")) if maker else ("", "")


def near_allowed(cell: str, allowed: Iterable[str]) -> Clause:
    """The allowed values that look most like ``cell``."""
    values = list(dict.fromkeys(str(value) for value in allowed))
    if len(cell) > _LONGEST or len(values) > MOST:
        return "", ""
    by_form = {_folded(value): value for value in values}
    same = by_form.get(_folded(cell))
    close = [same] if same else difflib.get_close_matches(_folded(cell), list(by_form), n=2, cutoff=0.6)
    found = [by_form.get(form, form) for form in close]
    if not found:
        return "", ""
    zh, en = "、".join(f"「{value}」" for value in found), ", ".join(f"“{value}”" for value in found)
    return f"最接近的是{zh}。", f" The nearest: {en}."


def near_type(written: str) -> Clause:
    """For a word that is no type of the standard: the one that is meant."""
    meant = _TYPES.get(written.strip().lower())
    return (f"应为 {meant}。", f" It should be {meant}.") if meant else ("", "")


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().replace(" ", "")


def _numbers(text: str, field: Any) -> Iterator[Clause]:
    if text.lower() in _NOTHING:
        yield (
            f"没有数就留空；「{text}」常用的，写进 missingValues。",
            f" Leave it empty, or list “{text}” in missingValues.",
        )
    elif found := _ROUGH.fullmatch(text):
        word = found[1] or found[4]
        yield f"「{word}」不是准确的数：写准确数，或另设一列备注。", f" “{word}” makes it no exact number."
    elif found := re.fullmatch(r"([-+]?\d[\d.,]*)\s*([%‰])", text):
        yield f"去掉 {found[2]}，写成 {found[1]}，单位写进列的 unit。", f" Write {found[1]} and state the unit in unit."
    elif found := _UNIT.fullmatch(text):
        number = found[1].replace(",", "")
        yield f"去掉「{found[2]}」，写成 {number}，单位写进列的 unit。", f" Write {number} and state the unit in unit."


def _integers(text: str, field: Any) -> Iterator[Clause]:
    if re.fullmatch(r"[-+]?\d+\.\d*[1-9]\d*", text):
        yield "这是小数：这一列可以有小数的，type 改为 number。", " With decimals the column's type is number."
    else:
        yield from _numbers(text, field)


def _dates(text: str, field: Any) -> Iterator[Clause]:
    if re.fullmatch(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*月?", text):
        yield "只有年月：整列都这样的，type 改为 yearmonth。", " A month has the type yearmonth."
    elif re.fullmatch(r"\d{4}\s*年?", text):
        yield "只有年份：整列都这样的，type 改为 year。", " A year has the type year."
    elif found := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{2,4})", text):
        yield "哪个是月、哪个是日看不出来，请核对原始资料。", " Which is the month cannot be told."
    elif re.fullmatch(r"[34]\d{4}", text):
        yield (
            "像是 Excel 的日期序号：在 Excel 里把这一列设为日期格式再导出。",
            " It looks like a spreadsheet's serial number.",
        )
    elif (found := re.match(r"(\d{4})\D(\d{1,2})\D(\d{1,2})(?!\d)", text)) and not _exists(*found.groups()):
        yield "日历上没有这一天。", " There is no such day."


def _exists(year: str, month: str, day: str) -> bool:
    try:
        return bool(datetime.date(int(year), int(month), int(day)))
    except ValueError:
        return False


def _durations(text: str, field: Any) -> Iterator[Clause]:
    units = {"年": "P{}Y", "个月": "P{}M", "天": "P{}D", "日": "P{}D", "小时": "PT{}H", "分钟": "PT{}M"}
    found = re.fullmatch(r"(\d+)\s*(年|个月|天|日|小时|分钟)", text)
    if found:
        yield f"「{text}」写成 {units[found[2]].format(found[1])}。", f" Write {units[found[2]].format(found[1])}."


def _points(text: str, field: Any) -> Iterator[Clause]:
    numbers = [float(part) for part in re.findall(r"-?\d+(?:\.\d+)?", text)]
    if len(numbers) != 2:
        return
    first, second = re.findall(r"-?\d+(?:\.\d+)?", text)
    if abs(numbers[0]) <= 90 < abs(numbers[1]) <= 180:
        yield (
            f"经纬度像是写反了：{_point(second, first, field)}。",
            f" The two seem swapped: {_point(second, first, field)}.",
        )
    else:
        yield f"写成 {_point(first, second, field)}。", f" Write {_point(first, second, field)}."


def _point(longitude: str, latitude: str, field: Any) -> str:
    if field.format == "array":
        return f"[{longitude}, {latitude}]"
    if field.format == "object":
        return f'{{"lon": {longitude}, "lat": {latitude}}}'
    return f"{longitude}, {latitude}"


def _arrays(text: str, field: Any) -> Iterator[Clause]:
    items = re.split("[、，,;；|]", text)
    if text[:1] not in "[{" and len(items) > 1:
        made = json.dumps([item.strip() for item in items], ensure_ascii=False)
        yield f"写成 {made}。", f" Write {made}."
    else:
        yield from _quoted(text, field)


def _quoted(text: str, field: Any) -> Iterator[Clause]:
    """Single quotes, True and None: as Python writes it, and JSON does not."""
    try:
        value = ast.literal_eval(text) if text[:1] in ("{", "[") else None
        made = json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return
    if isinstance(value, dict | list) and made != text:
        yield f"引号要用英文双引号：{made}。", f" JSON has double quotes: {made}."


def _texts(text: str, field: Any) -> Iterator[Clause]:
    if field.format == "uri" and re.fullmatch(r"[\w-]+(\.[\w-]+)+(/\S*)?", text):
        yield f"多半是 https://{text}。", f" Probably https://{text}."
    elif field.format == "email" and re.fullmatch(r"[^@\s]+[#＃][^@\s]+\.[^@\s]+", text):
        made = re.sub("[#＃]", "@", text)
        yield f"多半是 {made}。", f" Probably {made}."


_MAKERS: dict[str, Callable[[str, Any], Iterator[Clause]]] = {
    "number": _numbers,
    "integer": _integers,
    "date": _dates,
    "datetime": _dates,
    "duration": _durations,
    "geopoint": _points,
    "array": _arrays,
    "object": _quoted,
    "geojson": _quoted,
    "string": _texts,
}
