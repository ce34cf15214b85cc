"""What a column holds: its type by content and by name, its values in canonical form, and why."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from generator.drafting import dates
from generator.drafting.dates import plain
from generator.drafting.grid import BOOLEAN, DAMAGED, DATE, DATETIME, ERROR, MONTH, NUMBER, PERCENT, TEXT, TIME, Cell
from generator.drafting.notes import Note, note, rows_text, rows_text_en
from generator.drafting.patterns import known_pattern, pattern_of
from generator.drafting.raw import Raw
from generator.drafting.units import as_unit, split_unit
from generator.text import Text, bilingual

MISSING = (
    "-", "--", "---", "—", "——", "－", "–", "/", "\\", "…", "……", "...", "·", "*", "**", "无", "暂无", "无数据", "缺", "缺失", "空",
    "未提供", "未统计", "不详", "N/A", "n/a", "NA", "#N/A", "NULL", "null", "None", "nan", "NaN", "x", "X",
)  # fmt: skip
"""What stands in cells of numbers and dates that hold none."""
_WEAK = frozenset(("x", "X", "*", "**", "空", "缺", "不详", "无", "/", "-"))
"""In a column of texts these may be texts."""

_CODES = re.compile(
    r"代码|编码|编号|号码|代号|证号|单号|文号|案号|批号|字号|学号|工号|户号|账号|帐号|卡号|税号|门牌号|楼号|房号|期号|条码|条形码|邮编|邮政|"
    r"电话|手机|传真|热线|身份证|信用代码|区划|区号|(?<![型番番])号$|^(code|id|no|zip|uscc|isbn|issn|zipcode|postcode|phone|tel|mobile|fax|adcode)$|(_| )(code|id|no|number)$",
    re.IGNORECASE,
)
_NOT_CODES = re.compile(r"号(数|量)|^序号$|^编号数|电话(数|量)|户数|次数|数量|金额|人数")
_RUNNING = re.compile(r"^(序号|序|no\.?|行号)$", re.IGNORECASE)
_YEARS = re.compile(r"年份|年度|^年$|年$|^year$", re.IGNORECASE)
_MONTHS = re.compile(r"月份|年月|月$|期间|期$|^month$|时间|日期", re.IGNORECASE)
_DATES = re.compile(r"日期|时间|日$|生日|年月日|date|time", re.IGNORECASE)
_TIMES = re.compile(r"时间|时刻|时段|班车|首班|末班|首车|末车|开始|结束|起$|止$|time", re.IGNORECASE)
_MEASURES = re.compile(
    r"数$|量$|额$|率$|比$|值$|面积|金额|人数|户数|件数|长度|合计|总计|价|费|产值|收入|支出|余额|浓度|指数"
)
LONGITUDE = re.compile(r"经度|^(lng|lon|long|longitude)$", re.IGNORECASE)
LATITUDE = re.compile(r"纬度|^(lat|latitude)$", re.IGNORECASE)
_REMARKS = re.compile(r"备注|说明|描述|简介|内容|地址|名称|姓名|标题|范围|职责|依据|条件|事项|网址|链接")
_GROUPED = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?")
_PLAIN = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)")
_SUFFIXED = re.compile(r"([-+]?[\d,]+(?:\.\d+)?)\s*([^\d\s,.].*)")
_DAMAGED = re.compile(r"[1-9](\.\d+)?[Ee]\+1\d")
_BIG = re.compile(r"\d{16,}")
_OF_TIME = frozenset("年 月 日 号 时 点 个月 天".split())
_SIGNS = {"¥": "元", "￥": "元", "$": "美元", "€": "欧元"}


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    type: str
    cells: list[str]
    reason: Text
    letters: str = ""
    unit: str = ""
    code: str = ""
    constraints: Mapping[str, Any] = field(default_factory=dict)
    properties: Mapping[str, Any] = field(default_factory=dict)
    """Of the Table Schema: trueValues and the like."""
    missing: frozenset[str] = frozenset()
    """Marks for a missing value that stand in ``cells``."""
    notes: tuple[Note, ...] = ()
    is_code: bool = False
    is_damaged: bool = False
    unit_of_table: bool = False
    """The unit was taken from a line above the table."""

    @property
    def present(self) -> list[str]:
        return [cell for cell in self.cells if cell and cell not in self.missing]


@dataclass(slots=True)
class _Work:
    raw: Raw
    title: str
    unit: str
    rows: Sequence[int]
    cells: list[Cell]
    shown: bool
    """Whether a value may be seen in a note."""
    notes: list[Note] = field(default_factory=list)
    missing: Counter[str] = field(default_factory=Counter)
    mostly: bool = False
    """Most of it is of another type than text."""

    def place(self, indices: Sequence[int]) -> tuple[str, str]:
        rows = [self.rows[i] for i in indices]
        return f"第 {rows_text(rows)} 行", f"rows {rows_text_en(rows)}"

    def sample(self, indices: Sequence[int]) -> str:
        if not self.shown:
            return ""
        from generator.drafting.personal import masked

        return "、".join(dict.fromkeys(f"“{masked(self.cells[i].text)[:20]}”" for i in indices[:3]))


def read_column(raw: Raw, rows: Sequence[int], *, unit: str = "", shown: bool = True) -> Column:
    """``unit``: what holds for the whole table; ``shown``: whether values may be seen in what is told of it."""
    title, own = split_unit(raw.title)
    work = _Work(raw, title, own or raw.unit, rows, list(raw.cells), shown)
    damaged = _mend(work)
    for read in (_by_statement, _by_code, _by_kind, _by_year, _by_time, _by_date, _by_boolean, _by_number):
        if found := read(work):
            break
    else:
        found = _as_text(work)
    if unit and not found.unit and found.type in ("integer", "number") and not _RUNNING.match(title):
        found = _with(found, unit=unit, unit_of_table=True)
    return _with(
        found, notes=(*work.notes, *found.notes), missing=frozenset(m for m in work.missing if m in found.cells),
        constraints=_constraints(found, work), is_damaged=damaged,
    )  # fmt: skip


def _with(column: Column, **changes: Any) -> Column:
    from dataclasses import replace

    return replace(column, **changes)


def _made(work: _Work, type_: str, cells: list[str], zh: str, en: str, **more: Any) -> Column:
    settled = {"unit": work.unit, **more}
    return Column(work.title, type_, cells, bilingual(zh, en), work.raw.letters, code=work.raw.code, **settled)


def _constraints(column: Column, work: _Work) -> dict[str, Any]:
    made = dict(column.constraints)
    if column.cells and len(column.present) == len(column.cells) and not work.missing:
        made = {"required": True, **made}
    return made


# ---- first of all


def _mend(work: _Work) -> bool:
    """Errors of formulas are no values; numbers that a spreadsheet has cut are told loudly."""
    errors = [
        i
        for i, cell in enumerate(work.cells)
        if cell.kind == ERROR or re.fullmatch(r"#(REF|DIV/0|VALUE|NAME\?|NUM|N/A|NULL)!?", cell.text)
    ]
    if errors:
        zh, en = work.place(errors)
        work.notes.append(
            note(
                "loud",
                f"「{work.title}」{zh}是公式错误（如 #REF!、#N/A），已留空，请在原表改好。",
                f"“{work.title}”, {en}: errors of formulas (as #REF!); left empty. Mend them in the sheet.",
            )
        )
        for i in errors:
            work.cells[i] = Cell()
    damaged = [i for i, cell in enumerate(work.cells) if cell.kind == DAMAGED or _DAMAGED.fullmatch(cell.text)]
    zeros = [i for i, cell in enumerate(work.cells) if _BIG.fullmatch(cell.text) and not cell.text[15:].strip("0")]
    if len(zeros) >= 3:
        damaged += zeros
    if damaged:
        zh, en = work.place(sorted(damaged))
        work.notes.append(note(
            "loud", f"「{work.title}」{zh}的长数字已被表格软件改坏（像 9.14E+17，第 15 位以后变成 0），原来的数字找不回来了。请从原系统重新导出，并先把这一列设为「文本」。",
            f"“{work.title}”, {en}: a spreadsheet has spoilt these long numbers (9.14E+17: digits after the fifteenth are lost). Export them again, the column being set to text.",
        ))  # fmt: skip
        for i in damaged:
            if work.cells[i].kind == DAMAGED:
                work.cells[i] = Cell(work.cells[i].text, TEXT)
    return bool(damaged)


def _marks(work: _Work) -> list[int]:
    """Cells that hold a mark for a missing value."""
    return [i for i, cell in enumerate(work.cells) if cell.kind == TEXT and cell.text in MISSING]


def _values(work: _Work) -> list[int]:
    marks = set(_marks(work))
    return [i for i, cell in enumerate(work.cells) if cell.text and i not in marks]


def _filled(work: _Work, indices: Sequence[int], values: Sequence[str]) -> list[str]:
    """All cells of the column, with these values; marks for missing ones stay, and are counted."""
    cells = ["" for _ in work.cells]
    for i in _marks(work):
        cells[i] = work.cells[i].text
        work.missing[work.cells[i].text] += 1
    for i, value in zip(indices, values, strict=True):
        cells[i] = value
    return cells


# ---- one way of reading after the other


def _by_statement(work: _Work) -> Column | None:
    stated = work.raw.stated
    if not stated or (stated == "integer" and _is_code_name(work.title)):
        return None
    return _made(work, stated, [cell.text for cell in work.cells], "文件里写明的类型", "as the file states it")


def _is_code_name(title: str) -> bool:
    return bool(_CODES.search(title)) and not _NOT_CODES.search(title) and not _RUNNING.match(title)


def _by_code(work: _Work) -> Column | None:
    if not _is_code_name(work.title) or any(c.kind in (DATE, DATETIME, PERCENT, MONTH) for c in work.cells):
        return None
    cells = [plain(cell.text) if _is_wide_ascii(cell.text) else cell.text for cell in work.cells]
    marks = set(_marks(work))
    values = [cell for i, cell in enumerate(cells) if cell and i not in marks]
    for i in marks:
        work.missing[cells[i]] += 1
    _tell_lost_zeros(work, cells)
    pattern = known_pattern(work.title, values) or (pattern_of(values) if work.shown else "")
    return _made(
        work, "string", cells, "名称是代码、号码一类，按文本保存，前面的 0 和长号码不会变",
        "a code or number by its name: kept as text, so that zeros in front stay", is_code=True, constraints={"pattern": pattern} if pattern else {}, unit="",
    )  # fmt: skip


def _is_wide_ascii(text: str) -> bool:
    return not text.isascii() and unicodedata.normalize("NFKC", text).isascii()


def _tell_lost_zeros(work: _Work, cells: Sequence[str]) -> None:
    lengths = Counter(len(cell) for cell in cells if cell.isdigit())
    if not lengths:
        return
    usual, _ = lengths.most_common(1)[0]
    # Running numbers have any length; where zeros lead elsewhere, or the law says how long they are, none has.
    if not re.search(r"邮编|邮政|区划|区号", work.title) and not any(
        c.startswith("0") and len(c) == usual for c in cells
    ):
        return
    short = [
        i for i, cell in enumerate(cells) if cell.isdigit() and len(cell) == usual - 1 and work.cells[i].kind == NUMBER
    ]
    if short and usual >= 4 and lengths[usual] > 2 * len(short):
        zh, en = work.place(short)
        work.notes.append(
            note(
                "look",
                f"「{work.title}」{zh}只有 {usual - 1} 位，其余是 {usual} 位，可能丢了最前面的 0，请核对。",
                f"“{work.title}”, {en}: {usual - 1} digits where the others have {usual}; a leading zero may be lost.",
            )
        )


_KINDS = {DATE: "date", DATETIME: "datetime", TIME: "time", MONTH: "yearmonth", BOOLEAN: "boolean"}


def _by_kind(work: _Work) -> Column | None:
    """What the spreadsheet itself holds as a date, a time or a truth."""
    values = _values(work)
    kinds = {work.cells[i].kind for i in values}
    if not values or not kinds <= set(_KINDS):
        return None
    texts = [work.cells[i].text for i in values]
    if kinds == {DATE, DATETIME}:
        texts = [text if "T" in text else f"{text}T00:00:00" for text in texts]
        kinds = {DATETIME}
    if kinds == {DATE, MONTH}:
        texts = [text if len(text) == 10 else f"{text}-01" for text in texts]
        kinds = {DATE}
    if len(kinds) > 1 or (kinds == {TIME} and dates.as_times(texts) is None):
        return None
    kind = kinds.pop()
    cells = _filled(work, values, texts)
    if kind == MONTH and all(text.endswith("-01") for text in texts) and _YEARS.search(work.title):
        return _made(work, "year", _filled(work, values, [t[:4] for t in texts]), "年份", "years")
    return _made(work, _KINDS[kind], cells, "表格里就是这种类型", "as the spreadsheet has it")


def _by_year(work: _Work) -> Column | None:
    values = _values(work)
    texts = [work.cells[i].text for i in values]
    said = bool(_YEARS.search(work.title)) and not _MEASURES.search(work.title)
    years = dates.as_years(texts)
    if years is None or not (said or all(text.endswith(("年", "年度")) for text in texts)):
        return None
    return _made(work, "year", _filled(work, values, years), "全列是年份", "years throughout", unit="")


def _by_time(work: _Work) -> Column | None:
    """Times that a spreadsheet holds, and those that were typed as texts, in one column."""
    values = _values(work)
    kinds = {work.cells[i].kind for i in values}
    if not kinds <= {TIME, TEXT} or not (TIME in kinds or _TIMES.search(work.title)):
        return None
    texts = [work.cells[i].text for i in values]
    made = dates.as_times(texts)
    if made is None:
        return None
    if made != texts:
        work.notes.append(
            note("changed", f"「{work.title}」统一写成了 06:30:00 这样的时刻。", f"“{work.title}” is written as 06:30:00 throughout.")
        )  # fmt: skip
    return _made(work, "time", _filled(work, values, made), "全列都能读作时刻", "times of day throughout", unit="")


def _by_date(work: _Work) -> Column | None:
    values = _values(work)
    # A spreadsheet turns some of a column into dates and leaves the others as they were typed.
    texts = [work.cells[i].text for i in values]
    if not texts or any(work.cells[i].kind in (PERCENT, TIME, BOOLEAN) for i in values):
        return None
    says_date, says_month = bool(_DATES.search(work.title)), bool(_MONTHS.search(work.title))
    is_number = any(work.cells[i].kind == NUMBER for i in values)
    tries: list[tuple[str, Callable[[Sequence[str]], list[str] | None], bool, str, str]] = [
        ("date", dates.as_dates, True, "全列都能读作年月日", "year, month and day throughout"),
        ("yearmonth", dates.as_months, True, "全列都能读作年月", "year and month throughout"),
        ("datetime", dates.as_datetimes, True, "全列都能读作日期和时间", "date and time throughout"),
        ("date", dates.as_compact_dates, says_date, "名称是日期，全列都是八位年月日", "a date by its name, of eight digits throughout"),
        ("yearmonth", dates.as_compact_months, says_month, "名称是月份，全列都是年月", "a month by its name"),
        ("yearmonth", dates.as_months_in_order if is_number else dates.as_loose_months, says_month, "名称是月份，全列都是年月，没有分不清 1 月和 10 月的", "a month by its name, January and October being told apart"),
        ("date", dates.as_serials, says_date, "名称是日期，数值是表格软件的日期序号，已换算", "a date by its name, in a spreadsheet's count of days; converted"),
        ("date", dates.as_short_dates, True, "全列都能读作日期，日、月的先后由大于 12 的数确定", "dates whose order the numbers over 12 show"),
    ]  # fmt: skip
    for type_, read, allowed, zh, en in tries:
        if allowed and (made := read(texts)) is not None:
            if any(work.cells[i].text != value for i, value in zip(values, made, strict=True)):
                work.notes.append(
                    note(
                        "changed",
                        f"「{work.title}」统一写成了{_FORM[type_]}。",
                        f"“{work.title}” is written as {_FORM_EN[type_]} throughout.",
                    )
                )
            return _made(work, type_, _filled(work, values, made), zh, en, unit="")
    if says_month and dates.may_be_october(texts):
        work.notes.append(
            note(
                "look",
                f"「{work.title}」里的 .1 分不清是 1 月还是 10 月（表格软件会去掉 2024.10 末尾的 0），没有改动，按文本保存。请在原表改成 2024-01、2024-10 这样的写法。",
                f"“{work.title}”: .1 may be January or October (spreadsheets take the zero off 2024.10). Left as text: write 2024-01 and 2024-10 in the sheet.",
            )
        )
        return _made(
            work,
            "string",
            [cell.text for cell in work.cells],
            "年月不确定，按文本保存",
            "months that are not certain: kept as text",
            unit="",
        )
    if dates.are_ambiguous(texts):
        work.notes.append(
            note(
                "look",
                f"「{work.title}」像日期，但分不清哪个是日、哪个是月（或年份不全），没有改动，按文本保存。请在原表改成 2024-01-06 这样的写法。",
                f"“{work.title}” looks like dates, but day and month cannot be told apart (or the year is cut). Left as text: write them as 2024-01-06 in the sheet.",
            )
        )
    elif says_date:
        _tell_few(work, values, texts, dates.as_datetimes, "日期", "dates")
    return None


_FORM = {
    "date": " 2024-01-06 这样的日期",
    "yearmonth": " 2024-01 这样的年月",
    "datetime": " 2024-01-06T08:30:00 这样的时间",
}
_FORM_EN = {"date": "2024-01-06", "yearmonth": "2024-01", "datetime": "2024-01-06T08:30:00"}


def _tell_few(
    work: _Work,
    values: Sequence[int],
    texts: Sequence[str],
    read: Callable[[Sequence[str]], list[str] | None],
    zh_kind: str,
    en_kind: str,
) -> None:
    bad = [i for i, text in zip(values, texts, strict=True) if read([text]) is None]
    if bad and len(bad) <= max(1, len(values) // 5):
        work.mostly = True
        zh, en = work.place(bad)
        sample = work.sample(bad)
        work.notes.append(
            note(
                "look",
                f"「{work.title}」大多是{zh_kind}，但{zh}不是{f'（{sample}）' if sample else ''}，所以整列按文本保存。在原表改好后重新运行，就会是{zh_kind}。",
                f"“{work.title}” holds {en_kind} but for {en}{f' ({sample})' if sample else ''}, and is kept as text. Mend those and run this again.",
            )
        )


_YES_NO = (
    ("是", "否"),
    ("有", "无"),
    ("√", "×"),
    ("true", "false"),
    ("TRUE", "FALSE"),
    ("Y", "N"),
    ("y", "n"),
    ("yes", "no"),
    ("Yes", "No"),
)


def _by_boolean(work: _Work) -> Column | None:
    texts = {cell.text for cell in work.cells if cell.text}
    for yes, no in _YES_NO:
        if texts == {yes, no} or (texts and texts <= {yes, no} and re.match(r"^(是否|有无|能否)", work.title)):
            usual = (yes, no) == ("true", "false")
            return _made(
                work,
                "boolean",
                [cell.text for cell in work.cells],
                f"只有「{yes}」和「{no}」两种值",
                f"nothing but {yes} and {no}",
                properties={} if usual else {"trueValues": [yes], "falseValues": [no]},
                unit="",
            )
    return None


def _by_number(work: _Work) -> Column | None:
    values = _values(work)
    cells = [work.cells[i] for i in values]
    if not values or any(cell.kind not in (NUMBER, PERCENT, TEXT) for cell in cells):
        return None
    texts, unit = _numbers(work, cells)
    if texts is None:
        bad = [i for i in values if _numbers(work, [work.cells[i]])[0] is None]
        if not bad and len(values) > 1:
            _tell_mixed_units(work, values)
        if bad and len(bad) <= max(1, len(values) // 5) and len(values) > 2 and not _REMARKS.search(work.title):
            work.mostly = True
            zh, en = work.place(bad)
            sample = work.sample(bad)
            work.notes.append(
                note(
                    "look",
                    f"「{work.title}」大多是数，但{zh}不是{f'（{sample}）' if sample else ''}，所以整列按文本保存。在原表改成纯数字（说明写进备注列）后重新运行，就会是数。",
                    f"“{work.title}” holds numbers but for {en}{f' ({sample})' if sample else ''}, and is kept as text. Mend those and run this again.",
                )
            )
        return None
    if any(re.match(r"[-+]?0\d", text) for text in texts):
        return _made(
            work,
            "string",
            _filled(work, values, texts),
            "有以 0 开头的数字，按文本保存",
            "digits with zeros in front: kept as text",
            is_code=True,
            constraints={"pattern": p} if (p := pattern_of(texts)) and work.shown else {},
            unit="",
        )
    if any(_BIG.fullmatch(text) for text in texts):
        return _made(
            work,
            "string",
            _filled(work, values, texts),
            "数字太长，按文本保存，免得丢位",
            "too long for a number: kept as text",
            is_code=True,
            unit="",
        )
    if unit == "元" and not work.unit and (bare := [i for i in values if _numbers(work, [work.cells[i]])[1] != unit]):
        zh, en = work.place(bare)
        work.notes.append(
            note(
                "look",
                f"「{work.title}」{zh}没有写单位，和其他格一样按「元」处理，请核对。",
                f"“{work.title}”, {en}: no unit is given; taken for yuan, as the other cells are. Have a look.",
            )
        )
    changed = [i for i, cell, text in zip(values, cells, texts, strict=True) if cell.text != text]
    if changed:
        work.notes.append(
            note(
                "changed",
                f"「{work.title}」有 {len(changed)} 格去掉了千分位逗号、全角字符、货币符号或单位，数值不变。",
                f"“{work.title}”: separators, full-width characters, signs of currency or units were taken off {len(changed)} cells; the numbers are the same.",
            )
        )
    whole = all("." not in text for text in texts)
    is_place = LONGITUDE.search(work.title) or LATITUDE.search(work.title)
    return _made(
        work, "number" if not whole or is_place else "integer", _filled(work, values, texts),
        "全列是整数" if whole else "全列是数", "whole numbers throughout" if whole else "numbers throughout",
        unit="度" if is_place else work.unit or unit,
    )  # fmt: skip


def _numbers(work: _Work, cells: Sequence[Cell]) -> tuple[list[str] | None, str]:
    """As plain numbers, and the unit that stood at all of them; None where one of them is no number."""
    made, units = [], set()
    for cell in cells:
        if cell.kind == NUMBER:
            made.append(cell.text)
            units.add("")
        elif cell.kind == PERCENT:
            made.append(cell.text)
            units.add("%")
        else:
            text = unicodedata.normalize("NFKC", cell.text).replace(" ", "")
            unit = _SIGNS.get(text[:1], "")
            text = text[1:] if unit else text
            if text.endswith("%"):
                text, unit = text[:-1], "%"
            elif (found := _SUFFIXED.fullmatch(text)) and found[2] not in _OF_TIME and as_unit(found[2]):
                text, unit = found[1], found[2]
            text = text.replace(",", "") if _GROUPED.fullmatch(text) else text
            if not _PLAIN.fullmatch(text):
                return None, ""
            made.append(_bare(text))
            units.add(unit)
    known = work.unit
    if len(units) == 1:
        unit = units.pop()
        return (made, unit) if not unit or not known or known.startswith(unit) else (None, "")
    # Bare numbers beside 12% or 3万人 may be meant so, or not; where the header has the unit they are. Money without
    # a word is yuan: nobody writes 8000 for 80 million beside 50000元.
    if units == {"", "元"} and not known:
        return made, "元"
    return (made, known) if units == {"", known} and known != "%" else (None, "")


def _tell_mixed_units(work: _Work, values: Sequence[int]) -> None:
    """All are numbers, of units that are not the same, or that some of them lack."""
    units = {i: _numbers(work, [work.cells[i]])[1] for i in values}
    usual = Counter(units.values()).most_common(1)[0][0]
    others = [i for i in values if units[i] != usual]
    work.mostly = True
    zh, en = work.place(others)
    sample = work.sample(others)
    said, said_en = (f"是「{usual}」", f"have “{usual}”") if usual else ("没有写单位", "have no unit")
    work.notes.append(
        note(
            "look",
            f"「{work.title}」的数单位不一致：多数{said}，{zh}不是{f'（{sample}）' if sample else ''}，所以整列按文本保存。请在原表换算成同一个单位，写进表头，如「{work.title}（{usual or '元'}）」，单元格里只留数。",
            f"“{work.title}”: the numbers have different units. Most {said_en}, {en} do not{f' ({sample})' if sample else ''}, and the column is kept as text. Use one unit in the sheet, write it in the header, and leave only numbers in the cells.",
        )
    )


def _bare(text: str) -> str:
    text = text.removeprefix("+")
    text = f"0{text}" if text.startswith(".") else text
    return text.removesuffix(".")


def _as_text(work: _Work) -> Column:
    cells = [cell.text for cell in work.cells]
    kinds = {work.cells[i].kind for i in _values(work)}
    for i in _marks(work):
        if cells[i] not in _WEAK and len(set(cells)) > 2:
            work.missing[cells[i]] += 1
    if not any(cells):
        return _made(work, "string", cells, "整列为空", "nothing in it", unit=work.unit)
    if kinds and not kinds & {TEXT}:
        return _made(
            work, "string", cells, "各行类型不同，按文本保存", "of several types: kept as text", unit=work.unit
        )
    if work.unit:
        return _made(work, "string", cells, "不都是数，按文本保存", "not all numbers: kept as text")
    choices = [] if work.mostly else _choices(work, cells)
    if choices:
        return _made(
            work,
            "string",
            cells,
            f"只有 {len(choices)} 种取值",
            f"one of {len(choices)} values",
            constraints={"enum": choices},
        )
    return _made(work, "string", cells, "文本", "text", unit="")


_MOST_CHOICES = 20
_HAS_NUMBER = re.compile(r"\d{3}|\d[-/.:年月]\d")
"""Dates, sums and numbers of documents: the next row has another one."""


def _choices(work: _Work, cells: Sequence[str]) -> list[str]:
    """The few values that a column of texts has, each of them several times; none where they may be people's."""
    counted = Counter(cell for cell in cells if cell and cell not in work.missing)
    total = sum(counted.values())
    if not work.shown or _REMARKS.search(work.title) or not 2 <= len(counted) <= min(_MOST_CHOICES, total // 3):
        return []
    if any(len(value) > 20 or "\n" in value or _HAS_NUMBER.search(value) for value in counted) or total < 6:
        return []
    return list(counted)
