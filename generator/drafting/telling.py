"""What was found, what was changed, and what is left to do: the report of a draft, in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.catalogue_layout import LayoutColumn
from generator.drafting.catalogue import Read
from generator.drafting.columns import Column
from generator.drafting.draft import Draft, Told
from generator.drafting.notes import Note, Weight
from generator.drafting.personal import Seen
from generator.drafting.stubs import Stubs
from generator.text import bilingual

_TYPES = {
    "string": "文本", "integer": "整数", "number": "数", "date": "日期", "datetime": "日期时间", "time": "时间", "year": "年份",
    "yearmonth": "年月", "boolean": "是否", "any": "任意",
}  # fmt: skip
_HEADS = {
    "loud": bilingual("!! 数据有损坏", "!! Damaged data"),
    "look": bilingual("要看一眼的", "Have a look"),
    "changed": bilingual("与原表不同的", "Other than in the sheet"),
    "found": bilingual("读到的", "Read"),
}
_ORDER: tuple[Weight, ...] = ("loud", "look", "changed", "found")


def told(draft: Draft, lang: str, *, shown_folder: str, written: bool) -> str:
    return "\n".join(_lines(draft, lang, shown_folder, written=written)) + "\n"


def _lines(draft: Draft, lang: str, shown_folder: str, *, written: bool) -> Iterator[str]:
    zh = lang == "zh"
    for table in draft.tables:
        yield from _table(table, zh=zh)
        yield ""
    several = len(draft.tables) > 1
    notes = [*draft.notes, *(_named(n, t, several=several) for t in draft.tables for n in t.notes)]
    yield from _notes(notes, lang)
    verb = (
        ("已写入" if written else "将写入（还没有写）")
        if zh
        else ("Written" if written else "To be written (nothing was written)")
    )
    yield f"{verb} {shown_folder}"
    for name, content in draft.files.items():
        yield f"  {name}  {len(content):,} {'字节' if zh else 'bytes'}"
    fill, look = draft.described.to_fill, draft.described.to_look
    if fill:
        yield (
            f"还缺（文件里标有“请填写”）：{'、'.join(fill)}"
            if zh
            else f"Still lacking (marked 请填写 in the file): {', '.join(fill)}"
        )
    if look:
        yield (
            f"推测的（标有“请核对”）：{'、'.join(look)}"
            if zh
            else f"Proposals to look at (marked 请核对): {', '.join(look)}"
        )


def _named(note: Note, table: Told, *, several: bool) -> Note:
    if not several:
        return note
    words = {lang: f"[{table.name}] {note.text.to(lang)[0]}" for lang in ("zh", "en")}
    return Note(note.weight, bilingual(words["zh"], words["en"]))


def _table(table: Told, *, zh: bool) -> Iterator[str]:
    sheet = f"「{table.sheet}」" if zh else f"“{table.sheet}”"
    header = (
        (f"表头在第 {table.header} 行" if table.header else "没有表头")
        if zh
        else (f"header in row {table.header}" if table.header else "no header")
    )
    size = f"{table.rows:,} 行 {len(table.columns)} 列" if zh else f"{table.rows:,} rows, {len(table.columns)} columns"
    yield (
        f"{table.file} {sheet}：{header}，{size} → {table.name}.csv"
        if zh
        else f"{table.file} {sheet}: {header}, {size} → {table.name}.csv"
    )
    widths = [
        max((_width(text) for text in texts), default=0)
        for texts in zip(*(_row(c, n, zh=zh) for c, n in table.columns), strict=True)
    ]
    for column, name in table.columns:
        texts = _row(column, name, zh=zh)
        yield (
            "  "
            + "  ".join(text + " " * (width - _width(text)) for text, width in zip(texts, widths, strict=True)).rstrip()
        )


def _row(column: Column, name: str, *, zh: bool) -> list[str]:
    kind = _TYPES.get(column.type, column.type) if zh else column.type
    unit = f"（{column.unit}）" if column.unit and zh else f" ({column.unit})" if column.unit else ""
    return [column.letters or "+", column.title, name, f"{kind}{unit}", column.reason.to("zh" if zh else "en")[0]]


def _width(text: str) -> int:
    return sum(2 if c > "\u2e7f" else 1 for c in text)


def _notes(notes: Sequence[Note], lang: str) -> Iterator[str]:
    for weight in _ORDER:
        here = list(dict.fromkeys(n.text.to(lang)[0] for n in notes if n.weight == weight))
        if here:
            yield _HEADS[weight].to(lang)[0]
            yield from (f"  - {text}" for text in here)
            yield ""


def stopped(seen: Sequence[Seen], lang: str) -> str:
    """Why nothing was written. A column, what it is, a masked form; no value."""
    zh = lang == "zh"
    lines = [
        "✗ 停下来请人看：表里有不能公开的内容，什么都没有写。"
        if zh
        else "✗ Stopped for review: there is content that is not for the public. Nothing was written."
    ]
    for each in seen:
        others = (
            f"，连同「{'」「'.join(each.others)}」"
            if each.others and zh
            else f", with {', '.join(each.others)}"
            if each.others
            else ""
        )
        kind, masked = each.kind.to(lang)[0], f" {each.masked}" if each.masked else ""
        lines.append(
            f"  {each.code} 「{each.column}」{kind}{masked}，{each.count} 处{others}"
            if zh
            else f"  {each.code} “{each.column}”: {kind}{masked}, {each.count} in all{others}"
        )
    first = " --drop ".join(dict.fromkeys(each.column for each in seen))
    lines += (
        ["怎么办，三选一：", f"  1. 去掉这些列：加 --drop {first}", "  2. 改为有条件开放：加 --openness conditional；不予开放：--openness closed。数据都不会写出来", "  3. 在原表里脱敏或汇总后再来"]
        if zh
        else ["What to do:", f"  1. drop these columns: --drop {first} (may be repeated)", "  2. --openness conditional, or closed: no data are written then", "  3. mask or sum up the data in the sheet, and come again"]
    )  # fmt: skip
    return "\n".join(lines) + "\n"


def imported(file: str, read: Read, made: Stubs, lang: str, *, folder: str, written: bool) -> str:
    """What became of a catalogue sheet."""
    zh = lang == "zh"
    lines = [
        f"{file}「{read.sheet}」：表头在第 {read.header} 行，{len(read.entries)} 条资源"
        if zh
        else f"{file}, sheet “{read.sheet}”: header in row {read.header}, {len(read.entries)} resources"
    ]
    lines += ["", "对上的列" if zh else "Columns that were mapped"]
    lines += [f"  {letters}  {label} → {_label_of(column)}" for letters, label, column in read.mapped]
    if read.unmapped:
        lines += [
            "",
            "没有对上的列（内容作为注释写在描述文件末尾）"
            if zh
            else "Columns that were not (their content stands as comments in the descriptors)",
        ]
        lines += [f"  {letters}  {label}" for letters, label in read.unmapped]
    lines.append("")
    lines += _notes([*read.notes, *made.notes], lang)
    verb = (
        ("已写入" if written else "将写入（还没有写）")
        if zh
        else ("Written" if written else "To be written (nothing was written)")
    )
    lines.append(
        f"{verb} {folder}，{len(made.stubs)} 个数据集" if zh else f"{verb} {folder}, {len(made.stubs)} datasets"
    )
    lines += [f"  {id_}/agency.yaml" for id_ in made.agencies]
    lines += [
        f"  {stub.agency}/{stub.name}  {stub.title}（{stub.items} 项）"
        if zh
        else f"  {stub.agency}/{stub.name}  {stub.title} ({stub.items} items)"
        for stub in made.stubs
    ]
    lines.append(
        "下一步：把数据放进各文件夹，填写标有“请填写”的地方，运行 kaishu check。"
        if zh
        else "Next: put the data into the folders, fill in what is marked 请填写, and run kaishu check."
    )
    return "\n".join(lines) + "\n"


def _label_of(column: LayoutColumn) -> str:
    return f"{column.group}-{column.label}" if column.group else column.label
