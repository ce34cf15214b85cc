"""Entries of a catalogue sheet → dataset folders that wait for their data."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator import terms, vocabularies
from generator.catalogue_layout import Entry, Item, SheetTable
from generator.drafting.describe import FILL
from generator.drafting.known import Known
from generator.drafting.naming import field_names, free_slug
from generator.drafting.notes import Note, note
from generator.drafting.personal import is_clean
from generator.drafting.yaml_text import blank, entry, flowing


@dataclass(frozen=True, slots=True)
class Stub:
    agency: str
    name: str
    title: str
    text: str
    openness: str
    items: int


@dataclass(frozen=True, slots=True)
class Stubs:
    stubs: tuple[Stub, ...]
    agencies: Mapping[str, str] = field(default_factory=dict)
    """Files of agencies that the portal has not, by id."""
    notes: tuple[Note, ...] = ()

    def folders(self, datasets: Path) -> list[tuple[Path, dict[str, bytes]]]:
        """What is to be written where. A new agency is written as one folder, with its datasets."""
        new: dict[str, dict[str, bytes]] = {id_: {"agency.yaml": text.encode()} for id_, text in self.agencies.items()}
        folders = []
        for stub in self.stubs:
            if stub.agency in new:
                new[stub.agency][f"{stub.name}/datapackage.yaml"] = stub.text.encode()
            else:
                folders.append((datasets / stub.agency / stub.name, {"datapackage.yaml": stub.text.encode()}))
        return [*((datasets / id_, files) for id_, files in new.items()), *folders]


def stubs(
    entries: Sequence[Entry],
    known: Known,
    today: datetime.date,
    *,
    titles: Mapping[str, str],
    codes: Mapping[str, str],
    agency: str = "",
) -> Stubs:
    """``titles`` and ``codes``: folders of the datasets that are there already; those are left alone. ``agency``: of
    entries that name none."""
    made: list[Stub] = []
    notes: list[Note] = []
    agencies: dict[str, str] = {}
    taken = set(known.names)
    nobody = []
    for each in entries:
        there = codes.get(each.catalogue_code) if each.catalogue_code else titles.get(each.title)
        if there:
            notes.append(
                note(
                    "found",
                    f"「{each.title}」已经有了（{there}），没有改动。",
                    f"“{each.title}” is there already ({there}) and was left alone.",
                )
            )
            continue
        body = _agency(each, known, agencies, notes) or agency
        if not body:
            nobody.append(each.title)
            continue
        name = (
            each.name
            if re.match(terms.SLUG["pattern"], each.name) and each.name not in taken
            else free_slug(each.title, taken, "dataset")
        )
        if each.name and name != each.name:
            notes.append(
                note(
                    "look",
                    f"「{each.title}」的标识符 {each.name} 写法不对或已被使用，改为 {name}。",
                    f"“{each.title}”: the identifier {each.name} is no slug or is taken; it became {name}.",
                )
            )
        taken.add(name)
        source = known.agency(each.source_department) or _named(each.source_department, agencies) or body
        made.append(_stub(each, body, name, source, known, today))
    if nobody:
        listed = "」「".join(nobody[:5]) + ("…" if len(nobody) > 5 else "")
        notes.append(
            note(
                "loud",
                f"「{listed}」没有写提供方，没有导入。请在表里补上，或加 --agency。",
                f"Without an agency, not imported: {', '.join(nobody[:5])}. Fill in 提供方, or use --agency.",
            )
        )
    return Stubs(tuple(made), agencies, tuple(notes))


def _agency(each: Entry, known: Known, agencies: dict[str, str], notes: list[Note]) -> str:
    found = known.agency(each.agency_code) or known.agency(each.agency) or _named(each.agency, agencies)
    if found or not each.agency:
        return found
    id_ = free_slug(
        re.sub(r"^.*?[省市县区](?=.{2,}[局委办院会])", "", each.agency), {*known.agencies, *agencies}, "agency"
    )
    w = [
        entry("id", id_),
        entry("name", each.agency),
        blank("name_en", "…", "可以填写：英文名称"),
        blank("short_name", "…", "可以填写：简称"),
    ]
    if re.fullmatch(terms.CREDIT_CODE["pattern"], each.agency_code):
        w.append(entry("code", each.agency_code))
    w.append(
        blank(
            "contact",
            "{name: 某某科, email: data@example.gov.cn, phone: 0750-1234567}",
            f"{FILL}：联系科室、邮箱和电话",
        )
    )
    agencies[id_] = "".join(w)
    notes.append(
        note(
            "look",
            f"门户里没有「{each.agency}」，新建部门 {id_}，请核对代号（发布后不再改）并填写 agency.yaml。",
            f"The portal has no “{each.agency}”: a new agency, {id_}. Check the id, and complete agency.yaml.",
        )
    )
    return id_


def _named(name: str, agencies: Mapping[str, str]) -> str:
    return next((id_ for id_, text in agencies.items() if name and entry("name", name) in text), "")


def _stub(each: Entry, agency: str, name: str, source: str, known: Known, today: datetime.date) -> Stub:
    # Terms that differ from table to table are each table's own, also where all of them are of one openness.
    alike = len({(table.openness, table.conditions) for table in each.tables}) == 1
    common = each.tables[0].openness if alike else ""
    w: list[str] = [f"# 由 kaishu import 根据目录表生成。标有“{FILL}”的地方缺内容。改好后运行 kaishu check。\n"]

    def put(key: str, value: Any, what: str, example: str = "…", *, needed: bool = True) -> None:
        if value:
            w.append(entry(key, value))
        else:
            w.append(blank(key, example, f"{FILL}：{what}" if needed else f"可以填写：{what}"))

    w.append(entry("name", name))
    put("title", each.title if is_clean(each.title, today) else "", "名称")
    put("title_en", "", "英文名称", needed=False)
    put("description", each.description if is_clean(each.description, today) else "", "摘要")
    put("description_en", "", "英文摘要", needed=False)
    put("keywords", list(each.keywords), "关键字", "[词, 词]", needed=False)
    if created := _instant(each.created):
        w.append(entry("created", created))
    put("modified", each.modified[:10], "数据的更新日期", "2024-01-06", needed=False)
    put(
        "openness",
        common,
        "开放属性：unconditional、conditional 或 closed",
        "unconditional",
        needed=len(each.tables) < 2 or not all(t.openness for t in each.tables),
    )
    if common in ("conditional", "closed"):
        w += _access(each.tables[0], 0)
    put("theme", each.theme, "主题，见 docs/descriptor.md 的主题表", "life")
    put("industry", each.industry, "行业，A 至 T", "S", needed=False)
    put("update_cycle", each.update_cycle, "更新频率", "yearly")
    w.append(entry("language", ["zh"]))
    if any(t.openness in ("unconditional", "") for t in each.tables):
        usual = known.licenses.most_common(1)
        license_ = vocabularies.find_license(usual[0][0] if usual else "CC-BY-4.0", "")
        if license_:
            licenses = [{"name": license_.name, "title": license_.title.to("zh")[0], "path": license_.url}]
            w.append(entry("licenses", licenses, "请核对：许可"))
    w.append(entry("source_department", source))
    put("catalogue_code", each.catalogue_code, "资源代码", needed=False)
    if each.sharing_type:
        parts = {"type": each.sharing_type, "condition": each.sharing_condition, "mode": each.sharing_mode}
        w.append(entry("sharing", {key: value for key, value in parts.items() if value}))
    put(
        "collection",
        "",
        "采集依据、来源系统和信息项",
        "{legal_basis: 《……》第几条, system: 来源系统, items: [信息项]}",
        needed=False,
    )
    for label, value in each.unmapped:
        if is_clean(f"{label} {value}", today):
            w.append(f"# 目录表里还有：{' '.join(label.split())}：{' '.join(value.split())}\n")
    if not (common == "closed" and not any(t.items or t.name for t in each.tables)):
        w.append("resources:\n")
        w += _resources(each.tables, name, each.title, common)
    return Stub(agency, name, each.title, "".join(w), common or "mixed", sum(len(t.items) for t in each.tables))


def _instant(text: str) -> str:
    return f"{text}T00:00:00+08:00" if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else text


def _access(table: SheetTable, indent: int) -> list[str]:
    space = " " * indent
    if table.openness == "closed":
        reason = "；".join(table.conditions)
        lines = [f"{space}access:\n"]
        lines.append(
            entry("reason", reason, indent=indent + 2)
            if reason
            else blank("reason", "为什么不予开放", f"{FILL}：理由", indent=indent + 2)
        )
        return [
            *lines,
            blank("legal_basis", "《……》第几条", f"{FILL}：依据", indent=indent + 2),
            *([] if reason else [f"{space}  {{}}\n"]),
        ]
    lines = [f"{space}access:\n"]
    if table.conditions:
        lines.append(entry("conditions", list(table.conditions), indent=indent + 2))
    else:
        lines.append(blank("conditions", "[使用条件]", f"{FILL}：使用条件", indent=indent + 2))
    lines.append(blank("reason", "为什么不能无条件开放", f"{FILL}：原因", indent=indent + 2))
    lines.append(
        blank(
            "channel",
            "{name: 受理科室, email: data@example.gov.cn, phone: 0750-1234567}",
            f"{FILL}：在哪里申请",
            indent=indent + 2,
        )
    )
    return [*lines, *([] if table.conditions else [f"{space}  {{}}\n"])]


def _resources(tables: Sequence[SheetTable], name: str, title: str, common: str) -> list[str]:
    lines: list[str] = []
    taken: set[str] = set()
    for table in tables or (SheetTable(),):
        own = table.name if re.match(terms.SLUG["pattern"], table.name) else ""
        slug = (
            own
            if own and own not in taken
            else free_slug(table.title or name, taken, "table")
            if len(tables) > 1 or table.title
            else name
        )
        taken.add(slug)
        lines.append(f"  - name: {slug}\n")
        lines.append(entry("title", table.title or title, indent=4))
        lines.append("    format: csv\n")
        if not common and table.openness:
            lines.append(f"    openness: {table.openness}\n")
            lines += _access(table, 4) if table.openness != "unconditional" else []
        if (table.openness or common) not in ("conditional", "closed"):
            lines.append(
                blank(
                    "path", f"{slug}.csv", f"{FILL}：把数据存成 UTF-8 的 CSV，放进这个文件夹，去掉下一行的 #", indent=4
                )
            )
        if table.items:
            lines.append("    schema:\n      fields:\n")
            lines += [
                _field(item, field_name) for item, field_name in zip(table.items, _names(table.items), strict=True)
            ]
    return lines


def _names(items: Sequence[Item]) -> list[str]:
    return field_names([item.title for item in items], [item.name for item in items])


def _field(item: Item, name: str) -> str:
    made = {
        "name": name,
        "title": item.title,
        "type": item.type or "string",
        "unit": item.unit,
        "description": item.note,
    }
    comment = "" if item.type else f"  # {FILL}：数据类型"
    return f"        - {flowing({key: value for key, value in made.items() if value})}{comment}\n"
