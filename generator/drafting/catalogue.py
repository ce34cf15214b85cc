"""The catalogue sheet as agencies have filled it in → entries, and a report of all that did not fit."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator import vocabularies
from generator.catalogue_layout import (
    COLUMNS,
    KEYS,
    OF_ITEM,
    OF_TABLE,
    OPENNESS_TYPES,
    SHARING_TYPES,
    TYPES,
    Entry,
    Item,
    LayoutColumn,
    SheetTable,
    zh,
)
from generator.drafting import dates
from generator.drafting.grid import Area, Sheet, address, letters
from generator.drafting.known import near_label
from generator.drafting.notes import Note, note
from generator.drafting.reading import read_sheets
from generator.errors import ConfigError

_SEARCHED = 20
_DEEPEST = 3
_LEAST = 3
"""Columns that have to be known before a sheet is taken for a catalogue."""
_NOTHING = frozenset(("", "-", "—", "/", "\\", "无", "暂无", "N/A"))


@dataclass(frozen=True, slots=True)
class Read:
    entries: tuple[Entry, ...]
    sheet: str
    header: str
    mapped: tuple[tuple[str, str, LayoutColumn], ...]
    """Letters, label in the sheet, and what it is."""
    unmapped: tuple[tuple[str, str], ...]
    notes: tuple[Note, ...]


@dataclass(slots=True)
class _Reading:
    sheet: Sheet
    columns: dict[str, int]
    """Position by key."""
    labels: dict[int, str]
    unmapped: dict[int, str]
    first: int
    areas: dict[tuple[int, int], Area] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    near: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)
    """Values that were taken for a label near them: where."""
    unknown: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def cell(self, row: int, key: str) -> str:
        """What stands there or, for a merged cell, at its beginning."""
        column = self.columns.get(key)
        if column is None:
            return ""
        area = self.areas.get((row, column))
        return self.sheet.rows[area.top if area else row][area.left if area else column].text

    def at(self, row: int, key: str) -> str:
        return address(row, self.columns[key]) if key in self.columns else ""


def read_catalogue(path: Path) -> Read:
    sheets = [sheet for sheet in read_sheets(path) if not sheet.hidden and sheet.rows]
    found = [(score, sheet, place) for sheet in sheets for score, place in [_header(sheet)]]
    score, sheet, (top, depth) = max(found, key=lambda each: each[0], default=(0, None, (0, 0)))
    if sheet is None or score < _LEAST:
        raise ConfigError(
            f"{path.name} 不像目录表：没有找到“信息资源名称”“信息项名称”“更新周期”一类的表头。一般的数据表请用 kaishu new。",
            f"{path.name} is no catalogue sheet: no headers as 信息资源名称, 信息项名称, 更新周期. For a table of data use kaishu new.",
        )  # fmt: skip
    reading = _begin(sheet, top, depth)
    if "title" not in reading.columns:
        raise ConfigError(
            f"{path.name}「{sheet.name}」没有“信息资源名称”一列，不知道每条资源叫什么。",
            f"{path.name}, sheet “{sheet.name}”, has no column 信息资源名称: the resources have no names.",
        )
    entries = tuple(_entries(reading))
    _tell_values(reading)
    mapped = tuple(
        (letters(c), reading.labels[c], _BY_KEY[key])
        for key, c in sorted(reading.columns.items(), key=lambda item: item[1])
    )
    unmapped = tuple((letters(c), label) for c, label in reading.unmapped.items())
    header = f"{top + 1}" if depth == 1 else f"{top + 1}—{top + depth}"
    return Read(entries, sheet.name, header, mapped, unmapped, tuple(reading.notes))


_BY_KEY = {column.key: column for column in COLUMNS}


# ---- the header


def _folded(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(
        r"\((必填|选填|可选|必选|单选|多选|下拉|可多选|是/否|条|示例.*?|如.*?|格式.*?|注.*?)\)|[*☆★]", "", text
    )
    return re.sub(r"[\s:：]+", "", text)


def _names() -> dict[str, list[tuple[str, str]]]:
    """For each label: the group it has to stand under (empty for any), and the key."""
    names: dict[str, list[tuple[str, str]]] = {}
    for column in COLUMNS:
        if column.group:
            names.setdefault(_folded(column.label), []).append((column.group, column.key))
        own = () if column.label in ("类型", "条件", "分类") else (column.label,)
        for name in (*own, *column.synonyms):
            group, slash, label = name.rpartition("/")
            names.setdefault(_folded(label), []).append((group if slash else "", column.key))
    return names


_NAMES = _names()


def _meaning(parts: Sequence[str]) -> str:
    """The key of a column whose header has these parts, from group to label."""
    if not parts:
        return ""
    above = [_folded(part) for part in parts[:-1]]
    options = _NAMES.get(_folded(parts[-1]), [])
    for group, key in options:
        if group and any(_folded(group) in part or part in _folded(group) for part in above if part):
            return key
    return next((key for group, key in options if not group), "")


def _header(sheet: Sheet) -> tuple[float, tuple[int, int]]:
    """How many columns are known, where they begin, and how many rows they take."""
    best: tuple[float, tuple[int, int]] = (0, (0, 0))
    for top in range(min(_SEARCHED, len(sheet.rows))):
        for depth in range(1, min(_DEEPEST, len(sheet.rows) - top) + 1):
            keys = [key for parts in _parts(sheet, top, depth) if (key := _meaning(parts))]
            score = len(set(keys)) - 0.01 * depth
            # The label has to be in the last row or merged down to it: no row of data belongs to the header.
            if score > best[0] + 0.001:
                best = score, (top, depth)
    return best


def _parts(sheet: Sheet, top: int, depth: int) -> list[list[str]]:
    """Of each column, what stands in the rows of the header, merged cells in each of their places."""
    areas = (
        {(r, c): a for a in sheet.merged for r in range(a.top, a.bottom + 1) for c in range(a.left, a.right + 1)}
        if sheet.merged
        else {}
    )
    found: list[list[str]] = []
    group = ""
    for c in range(sheet.width):
        texts = []
        for r in range(top, top + depth):
            area = areas.get((r, c))
            texts.append(
                sheet.rows[min(area.top, len(sheet.rows) - 1)][area.left].text if area else sheet.rows[r][c].text
            )
        if not sheet.merged and depth > 1:
            group = texts[0] or (group if texts[-1] else "")
            texts[0] = group
        found.append(list(dict.fromkeys(text for text in texts if text)))
    return found


def _begin(sheet: Sheet, top: int, depth: int) -> _Reading:
    columns: dict[str, int] = {}
    labels: dict[int, str] = {}
    unmapped: dict[int, str] = {}
    for c, parts in enumerate(_parts(sheet, top, depth)):
        label = re.sub(r"\s+", "", "-".join(parts))
        key = _meaning(parts)
        if key and key not in columns:
            columns[key], labels[c] = c, label
        elif (
            label
            and _folded(label) not in ("序号", "编号", "序")
            and any(row[c].text for row in sheet.rows[top + depth :])
        ):
            unmapped[c] = label
    areas = {
        (r, c): a
        for a in sheet.merged
        if a.top >= top + depth
        for r in range(a.top, a.bottom + 1)
        for c in range(a.left, a.right + 1)
    }
    areas = {place: a for place, a in areas.items() if a.top < len(sheet.rows) and a.left < sheet.width}
    return _Reading(sheet, columns, labels, unmapped, top + depth, areas)


# ---- rows → entries


def _entries(reading: _Reading) -> Iterator[Entry]:
    blocks = _dragged(reading, list(_blocks(reading)))
    _tell_codes(reading, blocks)
    _tell_counts(reading)
    for rows in blocks:
        yield _entry(reading, rows)


def _blocks(reading: _Reading) -> Iterator[list[int]]:
    """The rows of each resource: a merged cell, a name followed by blanks, or the same name on each row."""
    rows: list[int] = []
    for r in range(reading.first, len(reading.sheet.rows)):
        if not any(cell.text for cell in reading.sheet.rows[r]) and not _is_covered(reading, r):
            continue
        if _is_note(reading, r):
            continue
        if rows and _is_new(reading, rows, r):
            yield rows
            rows = []
        if rows or reading.cell(r, "title"):
            rows.append(r)
        else:
            reading.notes.append(
                note(
                    "look",
                    f"第 {r + 1} 行没有资源名称，前面也没有可以归入的资源，没有导入。",
                    f"Row {r + 1} has no name and belongs to no resource; it was not imported.",
                )
            )
    if rows:
        yield rows


def _is_covered(reading: _Reading, row: int) -> bool:
    return (row, reading.columns["title"]) in reading.areas


_REMARK = re.compile(r"^(注|说明|备注|填表说明|填报说明|填表人|审核人|填报人|填表日期|联系人|示例|例)[：:]?")


_HOW_TO = re.compile(r"^[（(【\[]?(必填|选填|示例|样例|填写|请填|如[：:])")
"""Of the row under the header that tells how to fill in."""


def _is_note(reading: _Reading, row: int) -> bool:
    filled = [cell.text for cell in reading.sheet.rows[row] if cell.text]
    if bool(_HOW_TO.match(reading.cell(row, "title"))) and row < reading.first + 3:
        return True
    return len(filled) == 1 and bool(_REMARK.match(filled[0])) and not _is_covered(reading, row)


def _is_new(reading: _Reading, rows: Sequence[int], row: int) -> bool:
    column = reading.columns["title"]
    here, before = reading.areas.get((row, column)), reading.areas.get((rows[-1], column))
    if here or before:
        return here is not before and bool(reading.cell(row, "title"))
    title, former = reading.cell(row, "title"), _first(reading, rows, "title")
    if not title:
        return False
    codes = reading.cell(row, "catalogue_code"), _first(reading, rows, "catalogue_code")
    names = reading.cell(row, "name"), _first(reading, rows, "name")
    return title != former or any(a and b and a != b for a, b in (codes, names))


def _first(reading: _Reading, rows: Sequence[int], key: str) -> str:
    return next((text for row in rows if (text := reading.cell(row, key))), "")


_COUNTED = re.compile(r"^(.*?)(\d+)$")


def _dragged(reading: _Reading, blocks: list[list[int]]) -> list[list[int]]:
    """A name that was dragged down counts up: …1, …2, …3, a row each, everything else the same."""
    made: list[list[int]] = []
    run: list[list[int]] = []
    for block in [*blocks, []]:
        if run and block and _counts_on(reading, run[-1], block):
            run.append(block)
            continue
        made += _settled(reading, run)
        run = [block]
    return made


def _counts_on(reading: _Reading, one: list[int], other: list[int]) -> bool:
    a, b = (_COUNTED.match(_first(reading, rows, "title")) for rows in (one, other))
    return bool(a and b and a[1] == b[1] and int(b[2]) == int(a[2]) + 1 and len(one) == len(other) == 1)


def _settled(reading: _Reading, run: list[list[int]]) -> list[list[int]]:
    if len(run) < 3 or not run[0]:
        return [block for block in run if block]
    rows = [block[0] for block in run]
    codes = {reading.cell(row, "catalogue_code") for row in rows}
    others = {(reading.cell(row, "description"), reading.cell(row, "update_cycle")) for row in rows}
    items = [reading.cell(row, "item") for row in rows]
    where, place = (
        f"{reading.at(rows[0], 'title')}—{reading.at(rows[-1], 'title')}",
        f"{reading.at(rows[0], 'title')}–{reading.at(rows[-1], 'title')}",
    )
    first = reading.cell(rows[0], "title")
    if len(codes) == 1 and len(others) == 1 and all(items) and len(set(items)) == len(items):
        reading.notes.append(
            note(
                "look",
                f"{where} 的名称一行比一行大 1，像是拖动填充出来的，其余各格相同：当作一条资源「{first}」，请核对名称。",
                f"{place}: the names count up as if dragged, and all else is the same: taken for one resource, “{first}”. Check its name.",
            )
        )
        return [rows]
    reading.notes.append(
        note(
            "look",
            f"{where} 的名称一行比一行大 1，像是拖动填充出来的。按 {len(run)} 条资源导入，请核对。",
            f"{place}: the names count up as if dragged. Imported as {len(run)} resources; have a look.",
        )
    )
    return run


def _tell_codes(reading: _Reading, blocks: Sequence[Sequence[int]]) -> None:
    """One code for two resources, several codes in one, codes of another form than the rest."""
    if "catalogue_code" not in reading.columns:
        return
    owners: dict[str, tuple[str, str]] = {}
    shapes: Counter[str] = Counter()
    places: dict[str, list[str]] = {}
    for rows in blocks:
        codes = dict.fromkeys(code for row in rows if (code := reading.cell(row, "catalogue_code")))
        at, title = reading.at(rows[0], "catalogue_code"), _first(reading, rows, "title")
        if len(codes) > 1:
            reading.notes.append(
                note(
                    "look",
                    f"{at} 起，「{title}」有 {len(codes)} 个不同的代码，取第一个。",
                    f"From {at}: “{title}” has {len(codes)} codes; the first is taken.",
                )
            )
        for code in codes:
            if code in owners and owners[code][1] != title:
                reading.notes.append(
                    note(
                        "look",
                        f"{at} 的代码与 {owners[code][0]}「{owners[code][1]}」相同，代码不能重复。",
                        f"{at} has the code of {owners[code][0]}, “{owners[code][1]}”; a code is of one resource only.",
                    )
                )
            owners.setdefault(code, (at, title))
            shape = re.sub(r"[A-Za-z]+", "A", re.sub(r"\d+", lambda m: f"9{{{len(m[0])}}}", code))
            shapes[shape] += 1
            places.setdefault(shape, []).append(at)
    usual = shapes.most_common(1)
    if usual and usual[0][1] > sum(shapes.values()) / 2 and len(shapes) > 1:
        odd = [at for shape, several in places.items() if shape != usual[0][0] for at in several]
        reading.notes.append(
            note(
                "look",
                f"{'、'.join(odd[:8])}{'…' if len(odd) > 8 else ''} 的代码与其余的写法不同（位数或分隔符），请核对。",
                f"The codes in {', '.join(odd[:8])} are written otherwise than the rest (digits or separators).",
            )
        )


_AMOUNTS = re.compile(r"数据量|条数|记录数|存储量|大小|总量")


def _tell_counts(reading: _Reading) -> None:
    for c, label in reading.unmapped.items():
        if _AMOUNTS.search(label):
            bad = [
                address(r, c)
                for r in range(reading.first, len(reading.sheet.rows))
                if re.search(r"\d\s*[^\d\s.,]|约|余", reading.sheet.rows[r][c].text)
            ]
            if bad:
                reading.notes.append(
                    note(
                        "look",
                        f"「{label}」里的数带着单位或“约”（{'、'.join(bad[:5])}），应只写数字，单位写进表头。",
                        f"Numbers in “{label}” carry units ({', '.join(bad[:5])}); write digits alone, the unit in the header.",
                    )
                )


def _entry(reading: _Reading, rows: Sequence[int]) -> Entry:
    texts = {key: _first(reading, rows, key) for key in KEYS if key not in OF_ITEM | OF_TABLE}
    _tell_differences(reading, rows)
    at = dict.fromkeys(texts, rows[0])
    tables = _tables(reading, rows)
    mode = [texts["sharing_mode_class"], texts["sharing_mode"]]
    return Entry(
        title=texts["title"],
        name=texts["name"],
        theme=_concept(reading, at, "theme", texts["theme"], vocabularies.themes()),
        catalogue_code=texts["catalogue_code"],
        agency=texts["agency"],
        agency_code=texts["agency_code"],
        description=texts["description"],
        format=texts["format"],
        tables=tables,
        sharing_type=_sharing(reading, at, texts["sharing_type"]),
        sharing_condition="" if texts["sharing_condition"] in _NOTHING else texts["sharing_condition"],
        sharing_mode="：".join(text for text in mode if text not in _NOTHING),
        update_cycle=_concept(reading, at, "update_cycle", texts["update_cycle"], vocabularies.update_cycles()),
        created=_day(reading, at, "created", texts["created"]),
        modified=_day(reading, at, "modified", texts["modified"]),
        industry=_concept(reading, at, "industry", texts["industry"], vocabularies.industries()),
        keywords=_several(texts["keywords"]),
        source_department=texts["source_department"],
        unmapped=tuple(_unmapped(reading, rows)),
    )


def _several(text: str) -> tuple[str, ...]:
    """Line by line; people also write 、 and ; between."""
    parts = text.split("\n") if "\n" in text else re.split(r"[、,，;；]", text)
    return tuple(part.strip() for part in parts if part.strip())


def _lines(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("\n") if part.strip())


def _unmapped(reading: _Reading, rows: Sequence[int]) -> Iterator[tuple[str, str]]:
    if related := _first(reading, rows, "related"):
        yield "关联资源代码", related  # in the sheet of the national guide; a descriptor has no property for it
    for c, label in reading.unmapped.items():
        values = dict.fromkeys(text for row in rows if (text := reading.sheet.rows[row][c].text))
        if values:
            yield label, "；".join(values)


def _tell_differences(reading: _Reading, rows: Sequence[int]) -> None:
    """What should be the same on all rows of a resource, and is not."""
    for key in ("agency", "description", "update_cycle", "theme", "created"):
        values = dict.fromkeys(text for row in rows if (text := reading.cell(row, key)))
        if len(values) > 1:
            at = reading.at(rows[0], key)
            label = reading.labels[reading.columns[key]]
            reading.notes.append(
                note(
                    "look",
                    f"{at} 起，同一条资源的「{label}」有 {len(values)} 种写法，取第一种。",
                    f"From {at}: one resource has {len(values)} values for “{label}”; the first is taken.",
                )
            )


def _tables(reading: _Reading, rows: Sequence[int]) -> tuple[SheetTable, ...]:
    blocks: dict[tuple[str, str], list[int]] = {}
    last = ("", "")
    for row in rows:
        own = reading.cell(row, "table"), reading.cell(row, "table_name")
        last = own if any(own) else last
        blocks.setdefault(last, []).append(row)
    made = []
    openness, conditions = "", ""
    for (title, name), several in blocks.items():
        openness = _first(reading, several, "openness") or openness
        conditions = _first(reading, several, "conditions") if _first(reading, several, "openness") else conditions
        known = _openness(reading, several[0], openness, conditions)
        items = tuple(item for row in several if (item := _item(reading, row)))
        terms = () if conditions in _NOTHING else _lines(conditions)
        made.append(SheetTable(title, name, items, known, terms))
    return tuple(made)


def _item(reading: _Reading, row: int) -> Item | None:
    title = reading.cell(row, "item")
    name = reading.cell(row, "item_name")
    if not title and not name:
        return None
    note_ = reading.cell(row, "item_note")
    unit = reading.cell(row, "item_unit")
    return Item(title or name, name, _type(reading, row), "" if unit in _NOTHING else unit, note_)


# ---- values


_TYPE_WORDS: Mapping[str, tuple[str, ...]] = {
    "string": (
        "字符型",
        "字符串型",
        "字符串",
        "字符",
        "文本型",
        "文本",
        "文字",
        "c",
        "char",
        "varchar",
        "varchar2",
        "nvarchar",
        "text",
        "string",
        "clob",
        "备注型",
        "枚举型",
        "枚举",
        "代码",
    ),
    "integer": ("整型", "整数型", "整数", "长整型", "int", "integer", "bigint", "smallint", "i"),
    "number": (
        "数值型",
        "数字型",
        "数值",
        "数字",
        "浮点型",
        "小数",
        "货币型",
        "货币",
        "双精度",
        "双精度型",
        "金额",
        "n",
        "number",
        "numeric",
        "decimal",
        "float",
        "double",
    ),
    "date": ("日期型", "日期", "d", "date"),
    "datetime": ("日期时间型", "日期时间", "时间戳", "时间日期型", "dt", "datetime", "timestamp", "t"),
    "year": ("年", "年份型", "year"),
    "yearmonth": ("年月型", "yearmonth"),
    "time": ("时间型", "时间", "time"),
    "boolean": ("布尔型", "逻辑型", "布尔", "是否", "b", "l", "bool", "boolean"),
}


_LETTER = re.compile(r"(?<=[\u3400-\u9fff])[-/_.、:]?[a-z]{1,2}$|^[a-z]{1,2}[-/_.、:]?(?=[\u3400-\u9fff])")
"""字符型C, 数值型N: the national guide lists its types by word and letter, and sheets have both."""


def _type(reading: _Reading, row: int) -> str:
    text = reading.cell(row, "item_type")
    plain = re.sub(r"[(（\[].*$|\s|\d+$", "", unicodedata.normalize("NFKC", text)).lower()
    plain = _LETTER.sub("", plain)
    for type_, label in TYPES.items():
        if text in (label, type_):
            return type_
    for type_, words in _TYPE_WORDS.items():
        if plain in words:
            return type_
    if text and text not in _NOTHING:
        reading.unknown.setdefault(("item_type", text), []).append(reading.at(row, "item_type"))
    return ""


def _concept(reading: _Reading, at: Mapping[str, int], key: str, text: str, concepts: Mapping[str, Any]) -> str:
    if text in _NOTHING:
        return ""
    labels = {
        id_: (zh(concept.label), concept.label.to("en")[0], *_ALSO.get(id_, ())) for id_, concept in concepts.items()
    }
    id_, exact = near_label(text, labels)
    where = reading.at(at[key], key)
    if not id_:
        reading.unknown.setdefault((key, text), []).append(where)
    elif not exact:
        reading.near.setdefault((key, text, labels[id_][0]), []).append(where)
    return id_


_ALSO = {
    "realtime": ("实时更新",), "daily": ("每天", "按日", "日", "每日更新"), "weekly": ("按周", "周", "每周一次"), "monthly": ("按月", "月", "每月一次"),
    "quarterly": ("季度", "按季", "按季度", "每季"), "half-yearly": ("半年", "半年度", "每半年一次"), "yearly": ("年", "按年", "年度", "每年一次", "一年"),
    "irregular": ("不定时", "按需", "不定期更新", "有变化时更新"), "never": ("不再更新", "静态", "一次性"),
}  # fmt: skip


def _sharing(reading: _Reading, at: Mapping[str, int], text: str) -> str:
    if text in _NOTHING:
        return ""
    words = {"unconditional": "无条件", "conditional": "有条件|条件共享|受限", "none": "不予|不共享|非共享"}
    found = next((id_ for id_, label in SHARING_TYPES.items() if text in (label, id_)), "") or next(
        (id_ for id_, word in words.items() if re.search(word, text)), ""
    )
    if not found:
        reading.unknown.setdefault(("sharing_type", text), []).append(reading.at(at["sharing_type"], "sharing_type"))
    return found


def _openness(reading: _Reading, row: int, text: str, conditions: str) -> str:
    if text in _NOTHING:
        return ""
    plain = re.sub(r"\s+", "", text)
    for id_, label in OPENNESS_TYPES.items():
        if plain in (label, id_):
            return id_
    if re.search(r"^否|不予|不开放|非开放|不向社会", plain):
        return "closed"
    if re.search(r"无条件|完全开放|主动开放|普遍开放", plain):
        return "unconditional"
    if re.search(r"有条件|条件开放|依申请|受限|授权", plain):
        return "conditional"
    if plain in ("是", "开放", "向社会开放", "Y", "y", "√"):
        with_terms = conditions not in _NOTHING and not re.fullmatch(r"无条件.*|无", conditions)
        return "conditional" if with_terms else "unconditional"
    reading.unknown.setdefault(("openness", text), []).append(reading.at(row, "openness"))
    return ""


def _day(reading: _Reading, at: Mapping[str, int], key: str, text: str) -> str:
    if text in _NOTHING or re.fullmatch(r"\d{4}-\d\d-\d\d(T.*)?", text):
        return "" if text in _NOTHING else text
    made = dates.as_dates([text]) or dates.as_compact_dates([text]) or dates.as_serials([text])
    if made:
        return made[0]
    reading.unknown.setdefault((key, text), []).append(reading.at(at[key], key))
    return ""


def _tell_values(reading: _Reading) -> None:
    for (key, text, label), places in reading.near.items():
        column = reading.labels[reading.columns[key]]
        reading.notes.append(
            note(
                "look",
                f"「{column}」{_listed(places)}：“{text[:30]}”不在表里，取最接近的“{label}”，请核对。",
                f"“{column}”, {', '.join(places[:5])}: “{text[:30]}” is not listed; taken for “{label}”. Have a look.",
            )
        )
    for (key, text), places in reading.unknown.items():
        column = reading.labels.get(reading.columns.get(key, -1), key)
        reading.notes.append(
            note(
                "look",
                f"「{column}」{_listed(places)}：不认识“{text[:30]}”，没有导入，请在描述文件里填写。",
                f"“{column}”, {', '.join(places[:5])}: “{text[:30]}” is not known and was not imported.",
            )
        )


def _listed(places: Sequence[str]) -> str:
    return "、".join(places[:5]) + (f" 等 {len(places)} 格" if len(places) > 5 else "")
