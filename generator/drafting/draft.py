"""The story of ``kaishu new``: files in, a dataset folder out that lacks only what a human alone can say.

Nothing is written here. What must not be open stops the draft before anything is made of it.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from generator.drafting import asking, guesses, personal
from generator.drafting.columns import Column, read_column
from generator.drafting.describe import Described, Part, descriptor
from generator.drafting.grid import Sheet
from generator.drafting.keys import primary_key, references
from generator.drafting.known import Known
from generator.drafting.naming import field_names, free_slug, slug_of
from generator.drafting.notes import Note, note, rows_text, rows_text_en
from generator.drafting.questions import Answer, Asker
from generator.drafting.raw import Raw, looks_like_number
from generator.drafting.reading import read_sheets
from generator.drafting.tables import Table, filled_down, tables_of, without
from generator.drafting.units import unit_for
from generator.errors import ConfigError

DATA_WITHHELD = frozenset(("conditional", "closed"))


@dataclass(frozen=True, slots=True)
class Wishes:
    """What options say of the reading, not of the dataset."""

    drop: tuple[str, ...] = ()
    """Titles of columns that are not to be taken."""
    rename: Mapping[str, str] = field(default_factory=dict)
    """Names of columns, by title."""
    chinese_names: bool = False
    """The columns' titles become their names."""
    sheets: tuple[str, ...] = ()
    """Only these."""
    hidden: bool = False
    """Also what is hidden in the sheet."""


@dataclass(frozen=True, slots=True)
class Told:
    """One table, as the report shows it."""

    name: str
    file: str
    sheet: str
    header: str
    rows: int
    columns: tuple[tuple[Column, str], ...]
    """With their names."""
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    folder: Path
    files: Mapping[str, bytes]
    tables: tuple[Told, ...]
    notes: tuple[Note, ...]
    """Of the whole."""
    described: Described
    asked: tuple[str, ...]
    openness: str

    @property
    def is_damaged(self) -> bool:
        return any(n.weight == "loud" for n in (*self.notes, *(n for t in self.tables for n in t.notes)))


class Stopped(Exception):
    """Personal data: somebody has to decide."""

    def __init__(self, seen: Sequence[personal.Seen]) -> None:
        super().__init__("personal data")
        self.seen = tuple(seen)


@dataclass(frozen=True, slots=True)
class _Source:
    file: Path
    table: Table
    columns: tuple[Column, ...] = ()
    notes: tuple[Note, ...] = ()


def draft(files: Sequence[Path], known: Known, asker: Asker, wishes: Wishes, today: datetime.date) -> Draft:
    sources, notes = _find(files, wishes)
    sources, openness = _reviewed(sources, wishes, asker, today)
    title = asker.answer(asking.title(_title(files, sources, today)))
    agency = _agency(sources, known, asker)
    theme = asker.answer(asking.theme(_theme(title.value, sources, agency, known)))
    openness = openness or asker.answer(asking.openness())
    withheld = openness.value in DATA_WITHHELD
    sources = [_without_totals(source, asker) for source in sources]
    sources = [_filled_down(source, asker) for source in sources]
    sources = _joined(sources, asker, notes)
    sources = [_typed(source, withheld=withheld) for source in sources]
    cycle = asker.answer(
        asking.update_cycle(guesses.update_cycle(title.value, [c for s in sources for c in s.columns]))
    )
    sources = _without_marks(sources, asker, withheld=withheld)
    crs = _crs(sources, asker, withheld=withheld)
    name = _name(title.value, known, agency, asker)
    license_ = asker.answer(asking.license_(known)) if not withheld else Answer("", by_human=True)
    parts = _parts(sources, name.value, title.value, wishes, withheld=withheld)
    described = descriptor(
        parts, file=files[0].name, name=name, title=title, agency=agency.value, theme=theme, openness=openness, cycle=cycle,
        license_=license_, crs=crs, about=_about(sources, today), remarks=_remarks(sources, today), known=known, today=today,
    )  # fmt: skip
    made: dict[str, bytes] = {"datapackage.yaml": described.text.encode()}
    if not withheld:
        made |= {f"{part.name}.csv": _csv(part) for part in parts}
    else:
        notes.append(
            note(
                "found",
                "不公开的数据没有写进仓库，只写了描述文件和字段说明。数据请留在本单位。",
                "Data that are not open were not written into the repository: only the descriptor and the schema.",
            )
        )
    told = tuple(
        Told(p.name, s.file.name, s.table.sheet, _header_text(s.table), len(s.table.rows), tuple(zip(p.columns, p.names, strict=True)),
             (*s.table.notes, *s.notes, *(n for c in p.columns for n in c.notes)))
        for p, s in zip(parts, sources, strict=True)
    )  # fmt: skip
    folder = known.datasets / agency.value / name.value
    return Draft(folder, made, told, tuple(notes), described, tuple(asker.asked), openness.value)


# ---- finding


def _find(files: Sequence[Path], wishes: Wishes) -> tuple[list[_Source], list[Note]]:
    sources: list[_Source] = []
    notes: list[Note] = []
    for file in files:
        sheets = read_sheets(file)
        for sheet in _wanted(sheets, wishes, notes):
            if any(sheet.note):
                notes.append(note("found", f"{file.name}：{sheet.note[0]}", f"{file.name}: {sheet.note[1]}"))
            for table in tables_of(sheet, keep_hidden=wishes.hidden):
                if table.rows and table.columns:
                    left = _dropped(table, wishes)
                    sources.append(_Source(file, replace(left, columns=_stated(left, sheet))))
    sources = _without_prose(sources, notes)
    if not sources:
        names = "、".join(file.name for file in files)
        raise ConfigError(
            f"{names} 里没有找到表格数据：需要一行表头和至少一行数据。", f"No table in {names}: a header and at least one row of data are needed."
        )  # fmt: skip
    _refuse_unknown_columns(sources, wishes)
    return sources, notes


_PROSE = re.compile(r"说明|备注|注释|填表|须知|封面|readme", re.IGNORECASE)
_SENTENCE = 15


def _without_prose(sources: list[_Source], notes: list[Note]) -> list[_Source]:
    """Sheets that explain the others in sentences become remarks of the first table."""
    tables = [s for s in sources if not _is_prose(s.table)]
    prose = [s for s in sources if _is_prose(s.table)]
    if not prose or not any(len(s.table.columns) > 1 for s in tables):
        return sources
    named = dict.fromkeys(s.table.sheet for s in prose)
    notes.append(
        note(
            "look",
            f"工作表「{'」「'.join(named)}」只有文字，没有作为表格收入，内容写进了描述文件的说明。",
            f"Sheets of text alone are no tables: {', '.join(named)}. What they say went into the descriptor's notes.",
        )
    )
    said = [text for s in prose for text in (s.table.columns[0].title, *(c.text for c in s.table.columns[0].cells), *s.table.remarks) if text]  # fmt: skip
    first = tables[0]
    remarks = tuple(dict.fromkeys((*first.table.remarks, *said)))
    return [replace(first, table=replace(first.table, remarks=remarks)), *tables[1:]]


def _is_prose(table: Table) -> bool:
    if len(table.columns) != 1 or table.is_text:
        return False
    texts = [table.columns[0].title, *(cell.text for cell in table.columns[0].cells)]
    if any(looks_like_number(text) for text in texts):
        return False
    return bool(_PROSE.search(table.sheet)) or sum(len(text) > _SENTENCE for text in texts) > len(texts) / 2


def _stated(table: Table, sheet: Sheet) -> tuple[Raw, ...]:
    return tuple(replace(column, stated=sheet.types.get(column.title, "")) for column in table.columns)


def _wanted(sheets: Sequence[Sheet], wishes: Wishes, notes: list[Note]) -> Iterator[Sheet]:
    names = [sheet.name for sheet in sheets]
    for wish in wishes.sheets:
        if wish not in names and len(sheets) > 1:
            raise ConfigError(
                f"没有工作表「{wish}」，有：{'、'.join(names)}。",
                f"There is no sheet “{wish}”; there are: {', '.join(names)}.",
            )
    hidden = []
    for sheet in sheets:
        if wishes.sheets and sheet.name not in wishes.sheets and len(sheets) > 1:
            continue
        if sheet.hidden and not wishes.hidden and sheet.name not in wishes.sheets:
            hidden += [sheet.name] if sheet.rows else []
        elif sheet.rows:
            yield sheet
    if hidden:
        named = "」「".join(hidden)
        notes.append(
            note(
                "look",
                f"隐藏的工作表没有收入：「{named}」。要收入的，先取消隐藏，或用 --sheet 指明。",
                f"Hidden sheets are left out: {', '.join(hidden)}. Unhide them, or name them with --sheet.",
            )
        )


def _dropped(table: Table, wishes: Wishes) -> Table:
    return replace(
        table,
        columns=tuple(c for c in table.columns if c.title not in wishes.drop),
        sparse=table.sparse if not wishes.drop else (),
    )


def _refuse_unknown_columns(sources: Sequence[_Source], wishes: Wishes) -> None:
    titles = {column.title for source in sources for column in source.table.columns}
    for wish in wishes.rename:
        if wish not in titles and not any(wish == t.split("（")[0].split("(")[0] for t in titles):
            raise ConfigError(
                f"没有「{wish}」这一列，有：{'、'.join(sorted(titles))}。", f"There is no column “{wish}”."
            )


# ---- review


def _reviewed(
    sources: list[_Source], wishes: Wishes, asker: Asker, today: datetime.date
) -> tuple[list[_Source], Answer | None]:
    """The tables without what somebody had dropped; or the openness that somebody chose instead. Else ``Stopped``."""
    given = asker.given.get("openness", "")
    if given:
        chosen = asker.answer(asking.openness())
        if chosen.value in DATA_WITHHELD:
            return sources, chosen
    while seen := _search(sources, today):
        if asker.ask is None:
            raise Stopped(seen)
        columns = tuple(dict.fromkeys(each.column for each in seen))
        answer = asker.answer(asking.review(seen, columns))
        asker.given = {key: value for key, value in asker.given.items() if key != "review"}
        if answer.value in DATA_WITHHELD:
            return sources, answer
        if answer.value != "drop":
            raise Stopped(seen)
        sources = [
            replace(
                s, table=_dropped(s.table, replace(wishes, drop=columns)), notes=(*s.notes, *_tell_dropped(s, columns))
            )
            for s in sources
        ]
    return sources, None


def _tell_dropped(source: _Source, columns: Sequence[str]) -> list[Note]:
    here = [column.title for column in source.table.columns if column.title in columns]
    return (
        [note("changed", f"按答复去掉了「{'」「'.join(here)}」。", f"Dropped, as answered: {', '.join(here)}.")]
        if here
        else []
    )


def _search(sources: Sequence[_Source], today: datetime.date) -> list[personal.Seen]:
    return personal.search(
        [[(c.title, [cell.text for cell in c.cells]) for c in s.table.columns] for s in sources], today
    )


# ---- reading what was found


def _without_totals(source: _Source, asker: Asker) -> _Source:
    table = source.table
    if not table.totals:
        return source
    rows = [table.rows[i] for i in table.totals]
    answer = asker.answer(asking.totals(rows_text(rows), rows_text_en(rows)))
    if answer.value == "keep":
        told = note(
            "look",
            f"第 {rows_text(rows)} 行是合计、小计，按要求保留。统计时会重复计算，请在说明里写明。",
            f"Rows {rows_text_en(rows)} are totals; kept, as asked for. Say so in the description.",
        )
        return replace(source, notes=(*source.notes, told))
    told = note(
        "changed",
        f"合计、小计行没有收入：第 {rows_text(rows)} 行。",
        f"Totals are left out: rows {rows_text_en(rows)}.",
    )
    wrong = _wrong_sums(table)
    left, columns = without(table, table.totals)
    notes = [told]
    if wrong:
        notes.append(
            note(
                "look",
                f"「{'」「'.join(wrong)}」的合计与各行之和对不上，请核对原表。",
                f"The totals of {', '.join(wrong)} are not the sums of the rows: have a look at the sheet.",
            )
        )
    return replace(source, table=replace(table, rows=left, columns=columns, totals=()), notes=(*source.notes, *notes))


_ADDED = re.compile(r"数$|量$|额$|面积|金额|人数|户数|件数|收入|支出|产值")


def _wrong_sums(table: Table) -> list[str]:
    """Titles of columns whose one total, at the end or at the beginning, is not the sum of the other rows."""
    if len(table.totals) != 1 or table.totals[0] not in (0, len(table.rows) - 1):
        return []
    from decimal import Decimal

    wrong = []
    for column in table.columns:
        numbers = [cell.text.replace(",", "") for cell in column.cells]
        if not all(re.fullmatch(r"-?\d+(\.\d+)?", text) for text in numbers) or not _ADDED.search(
            re.sub(r"[（(].*", "", column.title)
        ):
            continue
        total = Decimal(numbers[table.totals[0]])
        others = sum((Decimal(text) for i, text in enumerate(numbers) if i != table.totals[0]), Decimal(0))
        places = max(len(text.partition(".")[2]) for text in numbers)
        is_rounded = places or re.search(r"[万亿千百]", f"{column.title}{column.unit}{table.unit}")
        if abs(total - others) > (Decimal(len(numbers)) / 2 * Decimal(10) ** -places if is_rounded else 0):
            wrong.append(column.title)
    return wrong


def _filled_down(source: _Source, asker: Asker) -> _Source:
    table = source.table
    if not table.sparse:
        return source
    titles = [table.columns[i].title for i in table.sparse]
    if asker.answer(asking.fill_down(titles)).value == "no":
        return source
    columns = tuple(
        replace(c, cells=list(filled_down(c.cells))) if i in table.sparse else c for i, c in enumerate(table.columns)
    )
    named = "」「".join(titles)
    told = note(
        "changed",
        f"「{named}」的空格按上面一行的值填上了（像是合并单元格导出的）。",
        f"Blanks in {', '.join(titles)} took the value above them (as merged cells leave them).",
    )
    return replace(source, table=replace(table, columns=columns, sparse=()), notes=(*source.notes, told))


def _joined(sources: list[_Source], asker: Asker, notes: list[Note]) -> list[_Source]:
    """Sheets with one and the same header (one a month, one a district) become one table."""
    same: dict[tuple[str, ...], list[_Source]] = {}
    for source in sources:
        same.setdefault(tuple(c.title for c in source.table.columns), []).append(source)
    if all(len(several) == 1 for several in same.values()):
        return sources
    count = max(map(len, same.values()))
    titles = {_origin(several) for several in same.values() if len(several) > 1}
    if asker.answer(asking.join(count, "、".join(sorted(titles)))).value == "no":
        return sources
    named = "」「".join(sorted(titles))
    notes.append(
        note(
            "changed",
            f"{count} 张表头相同的表合成了一张，来自哪张表写在「{named}」列。下文的行号按写出的 CSV。",
            f"{count} tables with the same header became one; the column {named} tells where a row is from. Row numbers below are those of the CSV.",
        )
    )
    return [_one(several) if len(several) > 1 else several[0] for several in same.values()]


_ORIGINS = (
    ("年份", r"(19|20)\d\d年?度?"), ("月份", r"((19|20)\d\d[-.年])?\d{1,2}月份?"),
    ("地区", r"[\u3400-\u9fff]{1,6}[市区县镇乡]|[\u3400-\u9fff]{1,6}街道"),
)  # fmt: skip


def _origin(several: Sequence[_Source]) -> str:
    """What the sheets are called after: years, months, districts."""
    labels, taken = _labels(several), {column.title for column in several[0].table.columns}
    found = next((t for t, form in _ORIGINS if all(re.fullmatch(form, label.strip()) for label in labels)), "工作表")
    return found if found not in taken else "工作表"


def _labels(several: Sequence[_Source]) -> list[str]:
    sheets = [s.table.sheet for s in several]
    return [s.table.sheet if len(set(sheets)) == len(sheets) else f"{s.file.stem} {s.table.sheet}" for s in several]


def _one(several: Sequence[_Source]) -> _Source:
    first = several[0]
    from generator.drafting.grid import Cell

    label = _labels(several)
    origin = Raw(
        _origin(several), [Cell(text) for text, s in zip(label, several, strict=True) for _ in s.table.rows], ""
    )
    columns = tuple(
        replace(c, cells=[cell for s in several for cell in s.table.columns[i].cells])
        for i, c in enumerate(first.table.columns)
    )
    rows = tuple(range(1, 1 + sum(len(s.table.rows) for s in several)))
    told = tuple(
        note(n.weight, f"{s.table.sheet}：{n.text.to('zh')[0]}", f"{s.table.sheet}: {n.text.to('en')[0]}")
        for s in several for n in (*s.table.notes, *s.notes)
    )  # fmt: skip
    remarks = tuple(dict.fromkeys(r for s in several for r in s.table.remarks))
    table = replace(
        first.table, rows=rows, columns=(origin, *columns), notes=(), sheet="、".join(dict.fromkeys(s.table.sheet for s in several)),
        remarks=remarks, title=_common_title(several), is_joined=True,
    )  # fmt: skip
    return _Source(first.file, table, notes=told)


def _common_title(several: Sequence[_Source]) -> str:
    """What the titles say without the year, month or district that is each sheet's own."""
    bare = {re.sub(r"(19|20)\d\d年?度?|\d{1,2}月份?", "", s.table.title.replace(s.table.sheet, "")) for s in several}
    return next(iter(bare)) if len(bare) == 1 else ""


def _typed(source: _Source, *, withheld: bool) -> _Source:
    table = source.table
    columns, titles = [], set()
    for raw in table.columns:
        shown = not withheld and personal.may_be_shown(raw.title)
        column = read_column(raw, table.rows, unit=unit_for(table.unit, raw.title), shown=shown)
        number, title = 2, column.title
        while title in titles:
            title, number = f"{column.title}（{number}）", number + 1
        titles.add(title)
        columns.append(replace(column, title=title))
    return replace(source, columns=tuple(columns))


def _without_marks(sources: list[_Source], asker: Asker, *, withheld: bool) -> list[_Source]:
    """Marks for missing values: declared, or zero, or text, as somebody says."""
    marks = sorted({mark for s in sources for c in s.columns for mark in c.missing})
    if not marks or withheld:
        return sources
    count = sum(cell in c.missing for s in sources for c in s.columns for cell in c.cells)
    answer = asker.answer(asking.missing(marks, count))
    return [_settled(source, answer.value) for source in sources]


def _settled(source: _Source, meaning: str) -> _Source:
    declared = {mark for c in source.columns for mark in c.missing}
    # A mark holds for the whole table: where it is a value in another column, it cannot be declared.
    values = {mark for mark in declared for c in source.columns if mark not in c.missing and mark in c.cells}
    notes = list(source.notes)
    columns = []
    for column in source.columns:
        mine = column.missing
        if meaning == "zero" and column.type in ("integer", "number") and mine:
            cells = ["0" if cell in mine else cell for cell in column.cells]
            columns.append(replace(column, cells=cells, missing=frozenset()))
        elif meaning == "text" and mine:
            columns.append(replace(column, type="string", missing=frozenset(), constraints={}, properties={}))
        elif mine & values:
            gone = mine & values
            listed = "」「".join(sorted(gone))
            notes.append(
                note(
                    "changed",
                    f"「{column.title}」里的「{listed}」改成了空（别的列里它是有意义的值）。",
                    f"“{column.title}”: {', '.join(sorted(gone))} became blank, since other columns have it as a value.",
                )
            )
            columns.append(
                replace(column, cells=["" if cell in gone else cell for cell in column.cells], missing=mine - gone)
            )
        else:
            columns.append(column)
    return replace(source, columns=tuple(columns), notes=tuple(notes))


# ---- what is known of the dataset


def _title(files: Sequence[Path], sources: Sequence[_Source], today: datetime.date) -> str:
    own = [s.table.title for s in sources if s.table.title]
    text = own[0] if own and len(set(own)) == 1 else files[0].stem
    text = guesses.clean_title(text)
    return text if personal.is_clean(text, today) else ""


_BODIES = (
    "填报单位",
    "报送单位",
    "填报部门",
    "制表单位",
    "编制单位",
    "数据提供单位",
    "提供单位",
    "单位名称",
    "发布单位",
    "主管部门",
    "单位",
)


def _agency(sources: Sequence[_Source], known: Known, asker: Asker) -> Answer:
    said = [known.agency(value) for s in sources for key, value in s.table.about if key in _BODIES]
    here = Path.cwd()
    inside = [id_ for id_ in known.agencies if here.is_relative_to(known.datasets.resolve() / id_)]
    only = list(known.agencies) if len(known.agencies) == 1 else []
    proposal = next((id_ for id_ in (*inside, *said, *only) if id_), "")
    if (inside or only) and not asker.given.get("agency"):
        return Answer(proposal, by_human=True)
    answer = asker.answer(asking.agency(known, proposal))
    if not answer:
        listed = (
            "、".join(known.label(id_) for id_ in list(known.agencies)[:30])
            or "（还没有，先建 datasets/部门/agency.yaml）"
        )
        raise ConfigError(
            f"不知道是哪个部门的数据。请加 --agency，可以是：{listed}。",
            f"Which agency's data are these? Use --agency with one of: {listed}.",
        )
    return answer


def _theme(title: str, sources: Sequence[_Source], agency: Answer, known: Known) -> str:
    words = "、".join(c.title for s in sources for c in s.table.columns)
    usual = known.themes.get(agency.value)
    return guesses.theme([title]) or (usual.most_common(1)[0][0] if usual else "") or guesses.theme([words])


def _name(title: str, known: Known, agency: Answer, asker: Asker) -> Answer:
    stem = _stem(title, known.place)
    taken = known.names
    if (known.datasets / agency.value / slug_of(stem)).exists():
        taken = taken - {slug_of(stem)}  # told when it is to be written, and what --force is for
    return asker.answer(asking.name(free_slug(stem, taken, "dataset")))


def _stem(title: str, place: str) -> str:
    """What the address is made of: without the city, which the portal says, and the year behind the rest."""
    core = re.sub(r"((统计|一览|明细|登记|汇总|情况|信息)?表|报表|情况|数据集|数据|信息)+$", "", title)
    core = core.removeprefix(place).removeprefix("全市")
    year = re.match(r"((?:19|20)\d\d)\s*年?度?", core)
    core = core[year.end() :] if year else core
    core = core.removeprefix(place).removeprefix("全市").strip() or title
    return f"{core} {year[1]}" if year else core


def _crs(sources: Sequence[_Source], asker: Asker, *, withheld: bool) -> Answer | None:
    from generator.drafting.columns import LATITUDE, LONGITUDE

    titles = [c.title for s in sources for c in s.columns if c.type == "number"]
    if not any(map(LONGITUDE.search, titles)) or not any(map(LATITUDE.search, titles)):
        return None
    return asker.answer(asking.crs()) if not withheld or "crs" in asker.given else Answer("", by_human=False)


def _about(sources: Sequence[_Source], today: datetime.date) -> dict[str, str]:
    pairs = {key: value for s in sources for key, value in s.table.about}
    return {key: value for key, value in pairs.items() if personal.is_clean(f"{key}{value}", today)}


_OF_PEOPLE = re.compile(r"填表|制表|审核|复核|负责人|联系人|联系电话|电话|手机|打印|经办|签")


def _remarks(sources: Sequence[_Source], today: datetime.date) -> list[str]:
    texts = dict.fromkeys(text for s in sources for text in s.table.remarks)
    return [text for text in texts if not _OF_PEOPLE.search(text) and personal.is_clean(text, today)]


# ---- making


def _parts(sources: Sequence[_Source], name: str, title: str, wishes: Wishes, *, withheld: bool) -> list[Part]:
    parts: list[Part] = []
    taken: set[str] = set()
    keys: dict[str, tuple[Sequence[Column], tuple[int, ...]]] = {}
    single = len(sources) == 1
    for source in sources:
        own = source.table.title if not single else ""
        label = title if single else guesses.clean_title(own or _sheet_or_file(source))
        part_name = name if single else free_slug(label, taken, "table")
        taken.add(part_name)
        names = _column_names(source, wishes)
        key = () if withheld else primary_key(source.columns)
        found = [] if withheld else references(source.columns, keys)
        parts.append(
            Part(part_name, label, tuple(source.columns), tuple(names), key, tuple(found), len(source.table.rows))
        )
        keys[part_name] = (source.columns, key)
    names_of = {part.name: part.names for part in parts}
    return [replace(part, names_of=names_of) for part in parts]


def _sheet_or_file(source: _Source) -> str:
    is_usual = (
        source.table.is_text
        or source.table.is_joined
        or re.fullmatch(r"(sheet|工作表|数据|data)\s*\d*", source.table.sheet, re.IGNORECASE)
    )
    return source.file.stem if is_usual else source.table.sheet


def _column_names(source: _Source, wishes: Wishes) -> list[str]:
    titles = [column.title for column in source.columns]
    given = [
        wishes.rename.get(t, wishes.rename.get(r.title, "")) or (t if wishes.chinese_names else c.code)
        for t, r, c in zip(titles, source.table.columns, source.columns, strict=True)
    ]
    return field_names(titles, given)


def _csv(part: Part) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(part.names)
    writer.writerows(zip(*(column.cells for column in part.columns), strict=True))
    return out.getvalue().encode()


def _header_text(table: Table) -> str:
    first, last = table.header
    return "" if last < first else f"{first + 1}" if first == last else f"{first + 1}—{last + 1}"
