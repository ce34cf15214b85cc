"""Finds the tables of a sheet as people read it: titles above, a header of one or more rows, rows of data, totals,
notes below."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from generator.drafting.grid import DATE, EMPTY, NUMBER, PERCENT, TEXT, Area, Cell, Sheet, letters
from generator.drafting.levels import beside, chaptered, one_below_the_other, tell_levels, whole
from generator.drafting.notes import Note, note, rows_text, rows_text_en
from generator.drafting.raw import Raw, is_running, looks_like_number, squeezed
from generator.drafting.units import unit_in_row, unit_line

_SEARCHED = 40
"""Rows from the top among which the header is."""
_NOTE = re.compile(
    r"^[\s*※＊]*(注|说明|备注|附注|数据来源|资料来源|来源|出处|填表|填报|制表|审核|复核|审批|编制|主管|负责人|单位负责人|联系人|联系电话|电话|"
    r"打印|导出|统计时间|统计口径|截至|截止|本表|以上|①|[0-9]{1,2}[.、．](?![0-9])|[(（][0-9]{1,2}[)）])|^[*※＊]"
)
_TOTAL = re.compile(
    r"^(合计|总计|小计|共计|累计|总和|本页合计|本页小计|合计数|总合计)([(（:：].*)?$|^.{1,10}(合计|小计|总计)$|^(合计|小计|总计).{1,6}$"
)
_SECTION = re.compile(
    r"^([一二三四五六七八九十]+[、.．]|[(（][一二三四五六七八九十]+[)）]|第[一二三四五六七八九十]+[章节部分类])"
)
_ORDINALS = frozenset("甲乙丙丁戊己庚辛壬癸ABCDEFGH")
_YEAR = re.compile(r"(19|20)\d\d(年|年度)?")
_CODE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")


@dataclass(frozen=True, slots=True)
class Table:
    sheet: str
    header: tuple[int, int]
    """First and last row, from 0; the last is before the first where there is none."""
    rows: tuple[int, ...]
    """Where each record stands in the sheet."""
    columns: tuple[Raw, ...]
    title: str = ""
    unit: str = ""
    """Of the whole table, from the line above it."""
    about: tuple[tuple[str, str], ...] = ()
    """Of lines above and below: what is said, and what of (填报单位, …)."""
    remarks: tuple[str, ...] = ()
    """注：… and the like, below."""
    totals: tuple[int, ...] = ()
    """Which of the records are totals."""
    sparse: tuple[int, ...] = ()
    """Columns that look as merged cells do after an export: a value, then blanks for the rows it is of."""
    notes: tuple[Note, ...] = ()
    is_text: bool = False
    is_joined: bool = False
    """Of several sheets with one header."""


@dataclass(slots=True)
class _Reading:
    sheet: Sheet
    keep_hidden: bool
    notes: list[Note] = field(default_factory=list)
    across: dict[tuple[int, int], Cell] = field(default_factory=dict)
    """What merged cells hold, for each place that they cover."""
    areas: dict[tuple[int, int], Area] = field(default_factory=dict)


def tables_of(sheet: Sheet, *, keep_hidden: bool = False) -> list[Table]:
    """Those of one sheet, one below the other. Hidden rows and columns are left out, and told."""
    reading = _Reading(sheet, keep_hidden)
    for area in sheet.merged:
        if area.top < len(sheet.rows) and area.left < sheet.width:
            held = sheet.rows[area.top][area.left]
            for row in range(area.top, min(area.bottom + 1, len(sheet.rows))):
                for column in range(area.left, min(area.right + 1, sheet.width)):
                    reading.across[row, column] = held
                    reading.areas[row, column] = area
    visible = [r for r in range(len(sheet.rows)) if keep_hidden or r not in sheet.hidden_rows]
    tables: list[Table] = []
    start = 0
    while start < len(visible):
        found, start = _next_table(reading, visible, start, first=not tables)
        if found is None:
            break
        tables.append(found)
    return tables


def _next_table(reading: _Reading, visible: list[int], start: int, *, first: bool) -> tuple[Table | None, int]:
    rows = visible[start:]
    block = rows if first else [r for r in rows if _texts(reading, r)]
    if not any(_texts(reading, r) for r in rows):
        return None, len(visible)
    header = _header(reading, rows)
    if header is None and (not first or not block):
        return None, len(visible)
    top, bottom = header or (0, -1)
    begin = bottom + 1
    if header is None:
        begin = next(i for i, r in enumerate(rows) if _texts(reading, r))
        top, bottom = begin, begin - 1
    end, stop = _end(reading, rows, begin, (top, bottom))
    return _table(reading, rows, (top, bottom), begin, end), start + stop


# ---- the header


def _texts(reading: _Reading, row: int) -> list[tuple[int, Cell]]:
    """The cells of a row that hold something, where they begin."""
    return [(c, cell) for c, cell in enumerate(reading.sheet.rows[row]) if cell.text and _is_seen(reading, c)]


def _is_seen(reading: _Reading, column: int) -> bool:
    return reading.keep_hidden or column not in reading.sheet.hidden_columns


def _spread(reading: _Reading, row: int) -> list[Cell]:
    """The row with merged cells in each of their places."""
    cells = reading.sheet.rows[row]
    return [reading.across.get((row, c), cell) if _is_seen(reading, c) else EMPTY for c, cell in enumerate(cells)]


def _usual_width(reading: _Reading, rows: Sequence[int]) -> int:
    counts = sorted(len(_texts(reading, r)) for r in rows[:400])
    counts = [count for count in counts if count]
    return counts[int(len(counts) * 0.75)] if counts else 0


def _header(reading: _Reading, rows: list[int]) -> tuple[int, int] | None:
    """Positions in ``rows`` of the first and last row of the header; None where the data have none."""
    wide = _usual_width(reading, rows)
    for i, row in enumerate(rows[:_SEARCHED]):
        if not _texts(reading, row):
            continue
        depth = _depth(reading, rows, i)
        labels = _labels(reading, rows, i, i + depth - 1)
        filled = [label for label in labels if label]
        if _reads_as_header(reading, row, filled, wide, single=wide == 1 and len(rows) - i > 1):
            return i, i + depth - 1
        if _is_data(reading, row, wide):
            return None
    return None


def _reads_as_header(reading: _Reading, row: int, labels: list[str], wide: int, *, single: bool) -> bool:
    cells = [cell for _, cell in _texts(reading, row)]
    if len(labels) < (1 if single else 2) or len(labels) < 0.6 * wide:
        return False
    years = [bool(_YEAR.fullmatch(cell.text)) for cell in cells]
    others = [cell for cell, is_year in zip(cells, years, strict=True) if not is_year]
    if not others or any(cell.kind != TEXT or looks_like_number(cell.text) for cell in others):
        return False
    if sum(bool(_pairs(cell.text)) for cell in cells) > len(cells) / 2:
        return False  # 填报单位：…  联系人：…
    if len(cells) > 1 and not single and _TOTAL.match(squeezed(cells[0].text)):
        return False
    is_varied = len(set(labels)) >= 0.6 * len(labels) or bool(beside(labels))
    return is_varied and max(map(len, labels)) <= 80


def _is_data(reading: _Reading, row: int, wide: int) -> bool:
    cells = [cell for _, cell in _texts(reading, row)]
    numbers = [c for c in cells if c.kind not in (TEXT,) or looks_like_number(c.text)]
    return len(cells) >= max(2, 0.6 * wide) and bool(numbers)


def _depth(reading: _Reading, rows: list[int], i: int) -> int:
    """How many rows the header has that begins at ``i``."""
    row = rows[i]
    deepest = max(
        (a.bottom for c, _ in _texts(reading, row) if (a := reading.areas.get((row, c))) and a.top == row), default=row
    )
    spans = [a for c, _ in _texts(reading, row) if (a := reading.areas.get((row, c))) and a.right > a.left]
    whole = [a for a in spans if a.right - a.left + 1 >= 0.8 * max(1, _span(reading, row))]
    if whole:
        return 1  # a title over all columns
    if deepest == row and spans:
        deepest = row + 1
    if deepest > row:
        return sum(1 for r in rows[i : i + 6] if r <= deepest)
    if (
        not reading.sheet.merged
        and i + 1 < len(rows)
        and _is_group_row(reading, row, rows[i + 1], rows[i + 2 : i + 40])
    ):
        return 2
    return 1


def _span(reading: _Reading, row: int) -> int:
    used = [c for r in range(row, min(row + 60, len(reading.sheet.rows))) for c, _ in _texts(reading, r)]
    return max(used) - min(used) + 1 if used else 1


def _is_group_row(reading: _Reading, row: int, below: int, data: Sequence[int]) -> bool:
    """Whether the header had merged cells, of which the export has left the first ones: ``户数,,人口,`` over
    ``城镇,农村,男,女``."""
    upper, lower = reading.sheet.rows[row], reading.sheet.rows[below]
    if any(cell.kind != TEXT or looks_like_number(cell.text) for cell in (*upper, *lower) if cell.text):
        return False
    used = [c for c in range(len(upper)) if upper[c].text or lower[c].text]
    gaps = [c for c in used if not upper[c].text]
    starts = [c for c in used if upper[c].text and lower[c].text]
    if not gaps or not starts or not upper[used[0]].text or sum(1 for c in used if upper[c].text) < 2:
        return False
    grouped = all(c + 1 in gaps for c in starts)
    alone = [c for c in used if upper[c].text and not lower[c].text]
    filled = [sum(1 for r in data[:20] if reading.sheet.rows[r][c].text) for c in alone]
    return grouped and (not alone or min(filled, default=0) > 0)


def _labels(reading: _Reading, rows: list[int], top: int, bottom: int) -> list[str]:
    """One label a column: those of all rows of the header, from group to column."""
    spread = [_spread(reading, rows[i]) for i in range(top, bottom + 1)]
    width = reading.sheet.width
    if bottom > top and not reading.sheet.merged:
        group = ""
        for c in range(width):
            group = spread[0][c].text or (group if spread[1][c].text else "")
            spread[0][c] = Cell(group)
    labels = []
    for c in range(width):
        parts = list(dict.fromkeys(_label(line[c].text) for line in spread if line[c].text))
        labels.append("-".join(part for part in parts if part))
    return labels


def _label(text: str) -> str:
    """Chinese labels are broken into lines and set apart by blanks: ``区\\n县``, ``合　计``."""
    text = re.sub(r"[０-９Ａ-Ｚａ-ｚ％]", lambda m: unicodedata.normalize("NFKC", m[0]), text)
    text = re.sub(r"\s*\n\s*", "" if not text.isascii() else " ", text)
    return re.sub(r"(?<=[\u3400-\u9fff])[\s\u3000]+(?=[\u3400-\u9fff])", "", text).strip(" \u3000:：*＊")


# ---- the end of the data


def _end(reading: _Reading, rows: list[int], begin: int, header: tuple[int, int]) -> tuple[int, int]:
    """Where the records end, and where to go on looking, as positions in ``rows``."""
    wide = _usual_width(reading, rows)
    stop = len(rows)
    for i in range(begin + 1, len(rows)):
        if _texts(reading, rows[i]) and not _texts(reading, rows[i - 1]) and _begins_another(reading, rows, i, header):
            stop = i
            break
    end = stop
    while end > begin and _is_below(reading, rows[end - 1], wide):
        end -= 1
    return end, stop


def _begins_another(reading: _Reading, rows: list[int], i: int, header: tuple[int, int]) -> bool:
    """Whether after a blank row another table begins: a header of its own, over rows of data."""
    found = _header(reading, rows[i:])
    if found is None or header[1] < header[0]:
        return False
    top, bottom = found
    ours = [label for label in _labels(reading, rows, *header) if label]
    theirs = [label for label in _labels(reading, rows[i:], top, bottom) if label]
    below = [r for r in rows[i + bottom + 1 : i + bottom + 4] if _texts(reading, r)]
    if theirs == ours or not below:
        return False
    numbers = any(c.kind != TEXT or looks_like_number(c.text) for r in below for _, c in _texts(reading, r))
    return numbers and not any(looks_like_number(label) for label in theirs) and top <= 4


def _is_below(reading: _Reading, row: int, wide: int) -> bool:
    """Blank, or a remark below the table."""
    cells = _texts(reading, row)
    if not cells:
        return True
    text = cells[0][1].text
    if _TOTAL.match(squeezed(text)):
        return False
    if len(cells) <= max(1, wide // 2) and _NOTE.match(text):
        return True
    return (
        len(cells) == 1
        and wide >= 3
        and (len(text) > 15 or ((row, cells[0][0]) in reading.areas and not _SECTION.match(text)))
    )


# ---- the table


def _table(reading: _Reading, rows: list[int], header: tuple[int, int], begin: int, end: int) -> Table:
    sheet = reading.sheet
    notes: list[Note] = []
    labels = _labels(reading, rows, *header) if header[1] >= header[0] else [""] * sheet.width
    if header[1] < header[0]:
        notes.append(
            note(
                "look",
                "没有找到表头，列名暂记为「第 1 列」等，请逐列改名。",
                "No header was found; columns are called 第 1 列 and so on: rename them.",
            )
        )
    elif header[1] > header[0]:
        zh, en = rows_text(rows[header[0] : header[1] + 1]), rows_text_en(rows[header[0] : header[1] + 1])
        notes.append(
            note(
                "changed",
                f"表头有 {header[1] - header[0] + 1} 行（第 {zh} 行），合成一行：上级-下级。",
                f"The header has several rows ({en}); they are joined, group-column.",
            )
        )
    begin, units, codes = _below_header(reading, rows, begin, end, labels, notes)
    title, unit, about = _above(reading, rows[: header[0]])
    remarks, more = _remarks(reading, rows[end:])
    records, sections = _records(
        reading, rows[begin:end], labels, rows[header[0]] if header[1] >= header[0] else -1, notes
    )
    columns = _columns(reading, records, labels, units, codes, notes)
    records, sections, columns, chapters = chaptered(records, sections, columns, notes)
    records, sections, columns = one_below_the_other(records, sections, columns, notes)
    if sections and any(sections):
        columns = (Raw("分组", [Cell(s) for s in sections], "", code="group"), *columns)
    _tell_hidden(reading, rows, notes)
    totals = tuple(i for i, row in enumerate(records) if row in chapters or _is_total(columns, i))
    if len(totals) > len(records) / 2:
        totals = ()
    totals = totals or whole(columns)
    tell_levels(records, columns, totals, notes)
    if sheet.uncounted:
        shown = "、".join(sheet.uncounted[:5]) + ("…" if len(sheet.uncounted) > 5 else "")
        notes.append(
            note(
                "loud",
                f"{shown} 共 {len(sheet.uncounted)} 格是公式，但文件里没有存计算结果，读出来是空的。请用表格软件打开，保存一次，再重新运行。",
                f"{len(sheet.uncounted)} cells ({shown.replace('、', ', ')}) hold formulas without a result. Open the file in a spreadsheet program, save it, and run this again.",
            )
        )
    return Table(
        sheet.name, (rows[header[0]], rows[header[1]] if header[1] >= 0 and header[1] >= header[0] else rows[header[0]] - 1), tuple(records), columns, title, unit,
        (*about, *more), remarks, totals, _sparse(columns, totals) if sheet.is_text else (), tuple(notes), sheet.is_text,
    )  # fmt: skip


def _above(reading: _Reading, rows: Sequence[int]) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """Title, unit and what else stands over the header."""
    title, unit = "", ""
    about: list[tuple[str, str]] = []
    for row in rows:
        for _, cell in _texts(reading, row):
            text = _heading(cell.text)
            found = unit_line(text)
            if found:
                unit = unit or found
            elif pairs := _pairs(cell.text):
                about += pairs
            elif (
                cell.kind == TEXT
                and len(text) > 3
                and not re.fullmatch(r"(附件|附表|表)\s*[0-9一二三四五六七八九十—-]*", text)
            ):
                title = title if len(title) >= len(text) else text
    return title, unit, tuple(about)


def _heading(text: str) -> str:
    """In one line; headings are also set in spaced characters: ``统 计 表``."""
    text = " ".join(text.split())
    return text.replace(" ", "") if re.fullmatch(r"(\S )+\S", text) else text


def _pairs(text: str) -> list[tuple[str, str]]:
    found = re.findall(
        r"([^\s：:，,；;]{2,10})[：:]\s*([^\s].*?)(?=\s{2,}[^\s：:]{2,10}[：:]|$|\u3000)", text.replace("\n", "  ")
    )
    return [(key.strip(), value.strip()) for key, value in found]


def _remarks(reading: _Reading, rows: Sequence[int]) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    remarks: list[str] = []
    about: list[tuple[str, str]] = []
    for row in rows:
        cells = _texts(reading, row)
        if not cells:
            continue
        text = " ".join(cell.text for _, cell in cells)
        pairs = _pairs(text)
        if pairs and not re.match(r"^(注|说明|备注|附注)", text):
            about += pairs
        else:
            remarks.append(re.sub(r"\s*\n\s*", "\n", text))
    return tuple(remarks), tuple(about)


def _below_header(
    reading: _Reading, rows: list[int], begin: int, end: int, labels: list[str], notes: list[Note]
) -> tuple[int, dict[int, str], dict[int, str]]:
    """Rows between header and data: units, numbers of the columns (甲, 1, 2), names in ASCII."""
    units: dict[int, str] = {}
    codes: dict[int, str] = {}
    while begin < end:
        row = rows[begin]
        cells = _texts(reading, row)
        if not cells:
            begin += 1
        elif (found := unit_in_row([(c, cell.text) for c, cell in cells])) is not None:
            units |= found
            notes.append(
                note(
                    "changed",
                    f"第 {row + 1} 行是单位，写进了各列的 unit。",
                    f"Row {row + 1} holds units; they went into the columns' unit.",
                )
            )
            begin += 1
        elif _is_numbering(cells, labels):
            notes.append(
                note(
                    "changed",
                    f"第 {row + 1} 行是栏次，没有收入。",
                    f"Row {row + 1} numbers the columns; it is left out.",
                )
            )
            begin += 1
        elif not codes and _is_names(reading, cells, labels, rows[begin + 1 : min(end, begin + 30)]):
            codes = {c: cell.text.lower() for c, cell in cells}
            notes.append(
                note(
                    "changed",
                    f"第 {row + 1} 行是英文字段名，用作列名。",
                    f"Row {row + 1} holds names in ASCII; they became the columns' names.",
                )
            )
            begin += 1
        else:
            break
    return begin, units, codes


def _is_numbering(cells: list[tuple[int, Cell]], labels: list[str]) -> bool:
    texts = [squeezed(cell.text).strip("()") for _, cell in cells]
    numbers = [int(re.split(r"=", text)[0]) for text in texts if re.fullmatch(r"\d{1,2}(=.*)?", text)]
    others = [text for text in texts if not re.fullmatch(r"\d{1,2}(=.*)?", text)]
    in_order = len(numbers) >= 2 and numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] <= 2
    known = all(text in _ORDINALS or text in ("栏次", "序号", "—", "-") for text in others)
    return in_order and known and (bool(others) or len(numbers) == sum(map(bool, labels))) and len(texts) >= 3


def _is_names(reading: _Reading, cells: list[tuple[int, Cell]], labels: list[str], below: Sequence[int]) -> bool:
    texts = [cell.text for _, cell in cells]
    if len(texts) < 2 or len(texts) < 0.8 * sum(map(bool, labels)) or all(label.isascii() for label in labels):
        return False
    if not all(_CODE_NAME.fullmatch(text) for text in texts) or len({t.lower() for t in texts}) < len(texts):
        return False
    return any(not _CODE_NAME.fullmatch(cell.text) for r in below for _, cell in _texts(reading, r))


def _records(
    reading: _Reading, rows: Sequence[int], labels: list[str], header: int, notes: list[Note]
) -> tuple[list[int], list[str]]:
    """The rows that are records, and of each the section that it stands in."""
    blank, repeated, sections, records, names = [], [], [], [], []
    section = ""
    first = [cell.text for cell in _spread(reading, header)] if header >= 0 else []
    for row in rows:
        cells = _texts(reading, row)
        if not cells:
            blank.append(row)
        elif header >= 0 and len(cells) > 1 and [cell.text for cell in _spread(reading, row)] == first:
            repeated.append(row)
        elif _is_section(reading, row, cells, sum(map(bool, labels))):
            section = _label(cells[0][1].text)
            sections.append(row)
        else:
            records.append(row)
            names.append(section)
    if blank:
        notes.append(
            note(
                "changed",
                f"空行没有收入：第 {rows_text(blank)} 行。",
                f"Blank rows are left out: {rows_text_en(blank)}.",
            )
        )
    if repeated:
        notes.append(
            note(
                "changed",
                f"重复的表头没有收入：第 {rows_text(repeated)} 行。",
                f"Repeated headers are left out: rows {rows_text_en(repeated)}.",
            )
        )
    if sections:
        notes.append(
            note(
                "changed",
                f"第 {rows_text(sections)} 行是分组标题，改成了「分组」列。",
                f"Rows {rows_text_en(sections)} head groups; they became the column 分组.",
            )
        )
    return records, names


def _is_section(reading: _Reading, row: int, cells: list[tuple[int, Cell]], width: int) -> bool:
    if len(cells) != 1 or width < 3 or cells[0][1].kind != TEXT:
        return False
    area = reading.areas.get((row, cells[0][0]))
    if area and area.top == area.bottom == row and area.right - area.left + 1 >= width / 2:
        return True
    return bool(_SECTION.match(cells[0][1].text))


def _columns(
    reading: _Reading,
    records: list[int],
    labels: list[str],
    units: dict[int, str],
    codes: dict[int, str],
    notes: list[Note],
) -> tuple[Raw, ...]:
    columns, unnamed, empty, filled, wide = [], [], [], set(), set()
    for c, label in enumerate(labels):
        if not _is_seen(reading, c):
            continue
        cells = []
        for row in records:
            cell = reading.sheet.rows[row][c]
            area = reading.areas.get((row, c)) if not cell.text else None
            if area and area.left == area.right and area.top != row and area.top >= records[0]:
                cell = reading.across[row, c]
                filled.add((area.top, area.bottom, c))
            elif area and area.left != area.right:
                wide.add(row)
            cells.append(cell)
        if not any(cell.text for cell in cells) and not label:
            continue
        if not any(cell.text for cell in cells):
            empty.append(label)
        if not label:
            label = f"第 {c + 1} 列"  # noqa: PLW2901  it has none
            unnamed.append(letters(c))
        columns.append(Raw(label, cells, letters(c), units.get(c, ""), codes.get(c, "")))
    if filled:
        where = "、".join(f"{letters(c)}{top + 1}" for top, _, c in sorted(filled)[:5]) + (
            "…" if len(filled) > 5 else ""
        )
        notes.append(
            note(
                "changed",
                f"竖向合并的单元格（{where} 等 {len(filled)} 处）已逐行填上。",
                f"Cells merged over rows ({where.replace('、', ', ')}; {len(filled)} in all) are filled in on each row.",
            )
        )
    if wide:
        notes.append(
            note(
                "look",
                f"第 {rows_text(wide)} 行有横向合并的单元格，值只留在最左一列，请核对。",
                f"Rows {rows_text_en(wide)} have cells merged over columns; the value is in the first of them. Have a look.",
            )
        )
    if unnamed and any(labels):
        notes.append(
            note(
                "look",
                f"{'、'.join(unnamed)} 列有数据但没有列名，请补上。",
                f"Columns {', '.join(unnamed)} hold data but have no name.",
            )
        )
    if empty:
        notes.append(
            note(
                "look",
                f"整列都是空的：「{'」「'.join(empty)}」。没有用的，可以用 --drop 去掉。",
                f"Columns without any value: {', '.join(empty)}. Drop them with --drop if they are of no use.",
            )
        )
    return tuple(columns)


def _tell_hidden(reading: _Reading, rows: Sequence[int], notes: list[Note]) -> None:
    sheet = reading.sheet
    if reading.keep_hidden:
        return
    hidden = [r for r in sheet.hidden_rows if r < len(sheet.rows) and any(c.text for c in sheet.rows[r])]
    columns = [c for c in sheet.hidden_columns if c < sheet.width and any(row[c].text for row in sheet.rows)]
    if hidden:
        notes.append(
            note(
                "look",
                f"隐藏的行没有收入：第 {rows_text(hidden)} 行。要收入的，先在表格里取消隐藏，或加 --hidden。",
                f"Hidden rows are left out: {rows_text_en(hidden)}. Unhide them, or use --hidden, to have them.",
            )
        )
    if columns:
        named = "、".join(map(letters, sorted(columns)))
        notes.append(
            note(
                "look",
                f"隐藏的列没有收入：{named} 列。要收入的，先取消隐藏，或加 --hidden。",
                f"Hidden columns are left out: {named.replace('、', ', ')}. Unhide them, or use --hidden, to have them.",
            )
        )


def _is_total(columns: Sequence[Raw], record: int) -> bool:
    """A word for totals in one of the cells before the first number."""
    for column in columns:
        cell = column.cells[record]
        if cell.kind in (NUMBER, PERCENT, DATE) or (cell.text and looks_like_number(cell.text)):
            if is_running(column):
                continue
            return False
        if cell.text and _TOTAL.match(squeezed(cell.text)):
            return True
    return False


def _sparse(columns: Sequence[Raw], totals: Sequence[int]) -> tuple[int, ...]:
    found: list[int] = []
    for number, column in enumerate(columns[:3]):
        values = [cell.text for i, cell in enumerate(column.cells) if i not in totals]
        given = [value for value in values if value]
        if len(values) < 4 or not given or not values[0] or number != len(found):
            break
        if len(given) <= 0.6 * len(values) and len(set(given)) == len(given) and not looks_like_number(given[0]):
            found.append(number)
    return tuple(found) if len(found) < len(columns) else ()


def without(table: Table, records: Sequence[int]) -> tuple[tuple[int, ...], tuple[Raw, ...]]:
    """Rows and columns of the table without these of its records."""
    from dataclasses import replace

    left = [i for i in range(len(table.rows)) if i not in set(records)]
    return (
        tuple(table.rows[i] for i in left),
        tuple(replace(column, cells=[column.cells[i] for i in left]) for column in table.columns),
    )


def filled_down(cells: Sequence[Cell]) -> Iterator[Cell]:
    last = EMPTY
    for cell in cells:
        last = cell if cell.text else last
        yield last
