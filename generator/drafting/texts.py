"""CSV and TSV → a sheet. What the encoding is not sure of is said, so that somebody can look."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from generator.drafting.grid import Cell, Sheet, even, text_cell
from generator.drafting.workbooks import LARGEST, TOO_LARGE, Unreadable

_COMMON = re.compile(r"[\u3000-\u303f\uff00-\uffef\u4e00-\u9fff…—“”‘’·]")
_DELIMITERS = ",\t;|，"


def read_text(path: Path) -> list[Sheet]:
    if path.stat().st_size > LARGEST:
        raise TOO_LARGE
    data = path.read_bytes()
    text, note = decoded(data)
    delimiter = "\t" if path.suffix.lower() in (".tsv", ".tab") else delimiter_of(text)
    csv.field_size_limit(1 << 24)
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        rows = [[_cell(value) for value in row] for row in lines]
    except csv.Error as error:
        raise Unreadable(
            "文件不是逗号或制表符分隔的文本，读不成表。请在表格软件里打开，另存为 CSV 再试。",
            "The file is no delimited text. Open it in a spreadsheet program and save it as CSV.",
        ) from error
    return [Sheet(path.stem, even(rows), is_text=True, note=note)]


def _cell(text: str) -> Cell:
    # Exports guard codes from Excel as ="00123", or with a leading apostrophe or tab.
    guarded = re.fullmatch(r'="(.*)"', text.strip(), re.DOTALL)
    return text_cell(guarded[1] if guarded else text.removeprefix("'"))


def decoded(data: bytes) -> tuple[str, tuple[str, str]]:
    """The text, and what to say of its encoding; nothing where it is UTF-8."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            try:
                return data.decode(encoding), ("", "") if encoding == "utf-8-sig" else _said("UTF-16")
            except UnicodeDecodeError:
                break
    try:
        return data.decode("utf-8"), ("", "")
    except UnicodeDecodeError:
        pass
    tried = [(name, _decoded(data, codec)) for name, codec in (("GBK", "gb18030"), ("Big5", "big5hkscs"))]
    sure = [(name, text) for name, text in tried if text is not None]
    if sure:
        name, text = max(sure, key=lambda pair: _share_of_common(pair[1]))
        if _share_of_common(text) > 0.7:
            return text, _said(name)
    return _proposed(data)


def _decoded(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _share_of_common(text: str) -> float:
    """How much of what is not ASCII is usual in Chinese: GBK makes rare characters of other encodings' bytes. Level 1
    of GB 2312 has those that texts are made of."""
    others = [c for c in text[:200_000] if c > "\x7f"]
    return sum(1 for c in others if _is_usual(c)) / len(others) if others else 1.0


def _is_usual(character: str) -> bool:
    if not _COMMON.match(character):
        return False
    try:
        first = character.encode("gb2312")[0]
    except UnicodeEncodeError:
        return character >= "\u4e00" and _is_in_big5_level_1(character)
    return first < 0xD8


def _is_in_big5_level_1(character: str) -> bool:
    try:
        return character.encode("big5")[0] <= 0xC6
    except UnicodeEncodeError:
        return False


def _proposed(data: bytes) -> tuple[str, tuple[str, str]]:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:1_000_000]).best()
    encoding = best.encoding if best else "gb18030"
    text = data.decode(encoding, "replace")
    lost = text.count("\ufffd")
    zh = f"编码不能确定，按 {encoding} 读入" + (f"，有 {lost} 处读不出来" if lost else "")
    en = f"The encoding is not certain; read as {encoding}" + (f", with {lost} unreadable places" if lost else "")
    return text, (f"{zh}。请打开写出的 CSV 看一遍文字是否正常。", f"{en}. Look through the CSV that was written.")


def _said(name: str) -> tuple[str, str]:
    return f"原文件编码为 {name}，已转为 UTF-8。", f"The file was in {name}; it is UTF-8 now."


def delimiter_of(text: str) -> str:
    """The one that gives the most lines the same number of columns."""
    sample = text[:100_000].splitlines()[:200]

    def score(delimiter: str) -> tuple[float, int]:
        widths = [len(row) for row in _split(sample, delimiter)]
        counted = Counter(width for width in widths if width > 1)
        if not counted:
            return 0.0, 0
        width, times = max(counted.items(), key=lambda item: (item[1], item[0]))
        return times / max(1, len(widths)), width

    return max(_DELIMITERS, key=lambda d: (score(d)[0], d == ",", score(d)[1]))


def _split(lines: Iterable[str], delimiter: str) -> list[list[str]]:
    try:
        return [row for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return []
