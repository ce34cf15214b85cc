"""Rows of several levels, and tables that stand side by side: what a sheet shows by its looks, as rows and columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from generator.drafting.grid import NUMBER, Cell
from generator.drafting.notes import Note, note, rows_text, rows_text_en
from generator.drafting.raw import Raw, is_running, looks_like_number, squeezed

Columns = tuple[Raw, ...]
_MOST_BESIDE = 4
_CHAPTER = re.compile(r"([(（]?)[一二三四五六七八九十]{1,3}[)）、.．]?")
_HEADING = re.compile(r"^[(（]?[一二三四五六七八九十]{1,3}[)）、.．]")
_ALL = re.compile(r"(全[市省国区县州镇]|总[数量额])(合计|总计)?")
_NOT_ADDED = re.compile(
    r"率$|占比|比重|比例|增长|增速|同比|环比|指数|均|单价|价格|年份|年度|编码|代码|编号|序号|密度|[%％]"
)
_LEAST_ADDED = 3


def beside(labels: Sequence[str]) -> int:
    """How many tables of one header stand side by side (序号 单位 电话 序号 单位 电话); 0 where there is but one."""
    count = len(labels)
    for times in range(2, _MOST_BESIDE + 1):
        width = count // times
        if (
            count % times == 0
            and width > 1
            and list(labels) == list(labels[:width]) * times
            and len(set(labels)) == width
        ):
            return times
    return 0


def one_below_the_other(
    records: list[int], sections: list[str], columns: Columns, notes: list[Note]
) -> tuple[list[int], list[str], Columns]:
    times = beside([column.title for column in columns])
    if not times:
        return records, sections, columns
    width = len(columns) // times
    sources = [
        (part, i)
        for part in range(times)
        for i in range(len(records))
        if any(column.cells[i].text for column in columns[part * width : (part + 1) * width])
    ]
    joined = tuple(
        replace(column, cells=[columns[part * width + c].cells[i] for part, i in sources])
        for c, column in enumerate(columns[:width])
    )
    zh, en = "、".join(c.letters for c in columns[::width]), ", ".join(c.letters for c in columns[::width])
    notes.append(
        note(
            "changed",
            f"表是并排的 {times} 栏（从 {zh} 列开始），已接成一栏。",
            f"{times} tables with one header stand side by side (from columns {en}); they are put one below the other.",
        )
    )
    return [records[i] for _, i in sources], [sections[i] for _, i in sources], joined


def chaptered(
    records: list[int], sections: list[str], columns: Columns, notes: list[Note]
) -> tuple[list[int], list[str], Columns, frozenset[int]]:
    """Where rows are numbered 一, 1, 2, 二, 1: the rows 一 and 二 name what the others belong to. Those that hold
    numbers sum up the others, and their rows are given back; those that do not are no records."""
    place = next((n for n, column in enumerate(columns) if is_running(column)), -1)
    heads = _heads(columns[place].cells) if place >= 0 else {}
    if not heads:
        return records, sections, columns, frozenset()
    upper, lower, groups = "", "", []
    empty: list[int] = []
    sums: list[int] = []
    for i, row in enumerate(records):
        if i in heads:
            label = next((c.cells[i].text for c in columns[place + 1 :] if c.cells[i].text), "")
            upper, lower = (upper, label) if heads[i] else (label, "")
            filled = sum(bool(column.cells[i].text) for column in columns)
            (sums if filled > 2 else empty).append(row)
        groups.append("-".join(part for part in (sections[i], upper, lower) if part))
    rows = sorted((*empty, *sums))
    notes.append(
        note(
            "changed",
            f"第 {rows_text(rows)} 行的序号是一、二、…，是下面各行的分组，组名写进了「分组」列。",
            f"Rows {rows_text_en(rows)} are numbered 一, 二, …: they head the rows below, which have their names in the column 分组.",
        )
    )
    left = [i for i, row in enumerate(records) if row not in empty]
    columns = tuple(replace(column, cells=[column.cells[i] for i in left]) for column in columns)
    return [records[i] for i in left], [groups[i] for i in left], columns, frozenset(sums)


def _heads(cells: Sequence[Cell]) -> dict[int, bool]:
    """Records with a Chinese numeral where the others have Arabic ones, and whether they are of the second level."""
    heads = {i: bool(found[1]) for i, cell in enumerate(cells) if (found := _CHAPTER.fullmatch(squeezed(cell.text)))}
    numbered = sum(cell.kind == NUMBER or looks_like_number(cell.text) for cell in cells)
    return heads if heads and numbered >= len(heads) else {}


def whole(columns: Columns) -> tuple[int, ...]:
    """The first or last record, where it is the sum of the others without saying so (全市, above its districts)."""
    count = len(columns[0].cells) if columns else 0
    if count <= _LEAST_ADDED:
        return ()
    for place in (0, count - 1):
        sums = [fits for column in columns if (fits := _is_sum(column, place)) is not None]
        said = any(_ALL.fullmatch(squeezed(column.cells[place].text)) for column in columns[:3])
        if (said and any(sums)) or (len(sums) > 1 and all(sums)):
            return (place,)
    return ()


def _is_sum(column: Raw, place: int) -> bool | None:
    """None for a column that is not added up."""
    texts = [cell.text.replace(",", "") for cell in column.cells]
    if _NOT_ADDED.search(column.title) or is_running(column):
        return None
    if not all(re.fullmatch(r"\d+(\.\d+)?", text) for text in texts) or len(set(texts)) < 3:
        return None
    places = max(len(text.partition(".")[2]) for text in texts)
    others = sum((Decimal(text) for i, text in enumerate(texts) if i != place), Decimal(0))
    slack = Decimal(len(texts)) / 2 * Decimal(10) ** -places if places else Decimal(0)
    return others > 0 and abs(others - Decimal(texts[place])) <= slack


def tell_levels(records: Sequence[int], columns: Columns, totals: Sequence[int], notes: list[Note]) -> None:
    """Rows that sum up the ones below them, by the numbering of their names (一、税收收入), stay; somebody has to know."""
    first = next((c for c in columns if any(cell.text and not looks_like_number(cell.text) for cell in c.cells)), None)
    if first is None:
        return
    heads = [i for i, cell in enumerate(first.cells) if _HEADING.match(cell.text) and i not in totals]
    below = [i for i, cell in enumerate(first.cells) if not _HEADING.match(cell.text) and i not in totals]
    has_numbers = any(looks_like_number(c.cells[i].text) for i in heads for c in columns if c is not first)
    if heads and below and has_numbers:
        rows = [records[i] for i in heads]
        notes.append(
            note(
                "look",
                f"「{first.title}」第 {rows_text(rows)} 行（一、二、…）像是其下各行的小计，和明细一起收入了。这样统计会重复计算：请在说明里写明，或在原表去掉这些行再来。",
                f"“{first.title}”, rows {rows_text_en(rows)} (一、二、…) seem to sum up the rows below them, and were taken with these. Say so in the description, or take them out of the sheet.",
            )
        )
