"""The differences in words: lines of our own words and of values, which each form of output escapes its own way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from generator.compatibility import SchemaChange
from generator.differences.values import (
    Cell,
    DatasetDifference,
    Differences,
    PropertyChange,
    ResourceDifference,
    RowChanges,
    Sample,
    percent,
)
from generator.schema_words import SENTENCES
from generator.terms import ACCESS, DATASET
from generator.text import Text, bilingual


@dataclass(frozen=True, slots=True)
class Value:
    """What somebody else wrote."""

    text: str
    role: Literal["", "old", "new"] = ""


Part = str | Value
Mark = Literal["", "loss", "breaking", "good"]


@dataclass(frozen=True, slots=True)
class Line:
    level: int
    """0: a dataset, 1: a resource, 2: what is told of it, 3: an example."""
    parts: tuple[Part, ...]
    mark: Mark = ""


OPENNESS = {
    "unconditional": bilingual("无条件开放", "open"),
    "conditional": bilingual("有条件开放", "conditional"),
    "closed": bilingual("不予开放", "closed"),
    "": bilingual("（未写明）", "(not stated)"),
}
_STATES = {
    "added": bilingual("新增", "added"),
    "removed": bilingual("删除", "removed"),
    "changed": bilingual("有变化", "changed"),
    "same": bilingual("无变化", "the same"),
}
_UNREAD = {
    "no-table": bilingual(
        "文件有变化（不是表格，未逐行比较）", "The file changed; it is no table, so rows are not compared."
    ),
    "unreadable": bilingual(
        "数据有变化，但其中一方读不出来，未逐行比较；请先运行 kaishu check。",
        "The data changed, but one of the two states cannot be read; run kaishu check first.",
    ),
    "not-here": bilingual(
        "数据文件不在本机或已被移走，未逐行比较。", "A data file is not here, so rows are not compared."
    ),
}
_WORDS = {
    "none": bilingual("没有变化（比较了 {} 个数据集）。", "No change (datasets compared: {})."),
    "head": bilingual(
        "比较了 {} 个数据集：{} 个有变化（新增 {}，删除 {}，修改 {}），其中 {} 个含不兼容变化。",
        "Datasets compared: {}; changed: {} (added {}, removed {}, modified {}); with breaking changes: {}.",
    ),
    "unreadable": bilingual("描述文件读不出来，未比较：{}", "Not compared, since the descriptor cannot be read: {}"),
    "dataset": bilingual("{}（{}）· {}", "{} ({}) · {}"),
    "resource": bilingual("资源 {} · {}", "Resource {} · {}"),
    "breaking": bilingual("不兼容", "breaking"),
    "loss": bilingual("数据减少", "loss"),
    "version": bilingual(
        "有不兼容变化，version 应升到新的主版本：{} → {}",
        "The change is breaking: version should rise to a new major one: {} → {}",
    ),
    "property": bilingual("{}：{} → {}", "{}: {} → {}"),
    "rows": bilingual("{} 行 → {} 行", "rows: {} → {}"),
    "removed": bilingual("删除 {} 行（{}%）", "removed: {} ({}%)"),
    "changed": bilingual("修改 {} 行（{}%）", "changed: {} ({}%)"),
    "added": bilingual("新增 {} 行（{}%）", "added: {} ({}%)"),
    "rewritten": bilingual("文件重新写过，{} 行数据不变", "The file was written anew; its {} rows are the same"),
    "whole": bilingual("（没有主键，按整行比较）", " (no key: whole rows were compared)"),
    "by key": bilingual("（按 {} 比较）", " (compared by {})"),
    "rows of": bilingual("共 {} 行", "rows: {}"),
    "column": bilingual("列 {}", "Column {}"),
    "in rows": bilingual("：{} 行有改动", ": changed in {} rows"),
    "nulls": bilingual("；空值 {} → {}", "; empty {} → {}"),
    "minimum": bilingual("；最小 {} → {}", "; least {} → {}"),
    "maximum": bilingual("；最大 {} → {}", "; greatest {} → {}"),
    "more rows": bilingual("……另有 {} 行", "… and {} more"),
    "more": bilingual("……另有 {} 个数据集有变化，见完整报告。", "… and {} more datasets: see the whole report."),
    "empty": bilingual("（空）", "(empty)"),
    "comma": bilingual("，", ", "),
}
_SIGNS = {"removed": "−", "added": "+", "changed": "~"}
LABELS = {
    **{term.name: bilingual(term.zh, term.en) for term in DATASET},
    **{f"access.{term.name}": bilingual(f"开放条件 · {term.zh}", f"Terms · {term.en}") for term in ACCESS},
    "folder": bilingual("文件夹", "Folder"),
    "agency": bilingual("提供单位", "Agency"),
    "openness": bilingual("开放属性", "Openness"),
}


def say(key: str, lang: str, *values: object) -> tuple[Part, ...]:
    return filled(_WORDS[key], lang, *values)


def filled(words: Text, lang: str, *values: object) -> tuple[Part, ...]:
    """Numbers become words, texts values."""
    pieces = words.to(lang)[0].split("{}")
    made: list[Part] = [pieces[0]]
    for piece, value in zip(pieces[1:], values, strict=True):
        made += [value if isinstance(value, Value) else _number(value) if not isinstance(value, str) else value, piece]
    return tuple(part for part in made if part != "")


def _number(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:g}" if isinstance(value, float) else str(value)


def summary(found: Differences, lang: str) -> tuple[Part, ...]:
    if not found.datasets:
        return say("none", lang, found.compared)
    states = [dataset.state for dataset in found.datasets]
    counts = [states.count(state) for state in ("added", "removed", "changed")]
    breaking = sum(dataset.breaking for dataset in found.datasets)
    return say("head", lang, found.compared, len(states), *counts, breaking)


def unreadable(found: Differences, lang: str) -> Iterator[Line]:
    for folder in found.unreadable:
        yield Line(2, say("unreadable", lang, Value(folder)), "loss")


def dataset_lines(dataset: DatasetDifference, lang: str) -> Iterator[Line]:
    state = _STATES[dataset.state].to(lang)[0]
    flags = _flags(dataset.breaking, bool(dataset.loss), lang)
    title = say("dataset", lang, Value(dataset.title), Value(dataset.folder), state)
    yield Line(0, (*title, flags) if flags else title, _mark(dataset.breaking, bool(dataset.loss)))
    if dataset.wants_version:
        now = dataset.version_after or dataset.version_before or _WORDS["empty"].to(lang)[0]
        parts = say("version", lang, Value(now, "old"), Value(dataset.wants_version, "new"))
        yield Line(2, parts, "breaking")
    for change in _worst_first(dataset.properties):
        yield _property(change, lang)
    for resource in dataset.resources:
        yield from _resource(resource, lang)


def _flags(breaking: bool, loss: bool, lang: str) -> str:
    words = [_WORDS[key].to(lang)[0] for key, is_so in (("loss", loss), ("breaking", breaking)) if is_so]
    return "".join(f" · {word}" for word in words)


def _mark(breaking: bool, loss: bool) -> Mark:
    return "loss" if loss else "breaking" if breaking else ""


def _worst_first(changes: tuple[PropertyChange, ...]) -> list[PropertyChange]:
    return sorted(changes, key=lambda change: (not change.loss, not change.breaking))


def _property(change: PropertyChange, lang: str) -> Line:
    label = LABELS.get(change.property, Text(change.property)).to(lang)[0]
    values = change.before, change.after
    if change.property == "openness":
        values = tuple(OPENNESS[v].to(lang)[0] if v in OPENNESS else v for v in values)  # type: ignore[assignment]  # two again
    return Line(2, say("property", lang, label, *_both(*values, lang)), _mark(change.breaking, change.loss))


def _both(before: str, after: str, lang: str) -> tuple[Value, Value]:
    nothing = _WORDS["empty"].to(lang)[0]
    return Value(before or nothing, "old"), Value(after or nothing, "new")


def _resource(resource: ResourceDifference, lang: str) -> Iterator[Line]:
    flags = _flags(resource.breaking, bool(resource.loss), lang)
    head = say("resource", lang, Value(resource.title), _STATES[resource.state].to(lang)[0])
    yield Line(1, (*head, flags) if flags else head, _mark(resource.breaking, bool(resource.loss)))
    for change in _worst_first(resource.properties):
        yield _property(change, lang)
    if resource.state in ("added", "removed"):
        if resource.rows:
            yield Line(2, say("rows of", lang, resource.rows.before or resource.rows.after))
        return
    rows = resource.rows
    if rows and rows.removed:
        yield from _rows(rows, lang)
    for schema_change in resource.schema:
        yield _schema(schema_change, lang)
    if rows and not rows.removed:
        yield from _rows(rows, lang)
    if resource.unread:
        yield Line(2, filled(_UNREAD[resource.unread], lang))


def _schema(change: SchemaChange, lang: str) -> Line:
    old, new = _both(change.before, change.after, lang)
    values: dict[str, Part] = {"field": Value(change.field), "property": change.property, "before": old, "after": new}
    pieces: list[Part] = []
    for piece in SENTENCES[change.what].to(lang)[0].replace("}", "{").split("{"):
        pieces.append(values.get(piece, piece))
    flag = _flags(change.breaking, False, lang)
    return Line(2, tuple(part for part in (*pieces, flag) if part != ""), "breaking" if change.breaking else "")


def _rows(rows: RowChanges, lang: str) -> Iterator[Line]:
    if rows.same:
        yield Line(2, say("rewritten", lang, rows.after))
        return
    parts: list[Part] = list(say("rows", lang, rows.before, rows.after))
    for kind in ("removed", "changed", "added"):
        count = getattr(rows, kind)
        if count:
            parts += [_WORDS["comma"].to(lang)[0], *say(kind, lang, count, percent(count, rows.before))]
    parts += say("by key", lang, Value(", ".join(rows.key))) if rows.key else say("whole", lang)
    yield Line(2, tuple(parts), "loss" if rows.removed else "")
    for kind in ("removed", "changed", "added"):
        shown = [sample for sample in rows.samples if sample.state == kind]
        yield from (Line(3, _sample(sample, lang)) for sample in shown)
        left = getattr(rows, kind) - len(shown)
        if shown and left:
            yield Line(3, (f"{_SIGNS[kind]} ", *say("more rows", lang, left)))
    for column in rows.columns:
        told: list[Part] = [*say("column", lang, Value(column.field))]
        if column.changed:
            told += say("in rows", lang, column.changed)
        if column.nulls_before != column.nulls_after:
            told += say("nulls", lang, column.nulls_before, column.nulls_after)
        for end in ("minimum", "maximum"):
            old, new = getattr(column, f"{end}_before"), getattr(column, f"{end}_after")
            if old != new:
                told += say(end, lang, *_both(old, new, lang))
        if len(told) > 2 or column.changed:
            yield Line(2, tuple(told))


def _sample(sample: Sample, lang: str) -> tuple[Part, ...]:
    parts: list[Part] = [f"{_SIGNS[sample.state]} "]
    if sample.key:
        parts += [Value(", ".join(sample.key)), ": "]
    for number, cell in enumerate(sample.cells):
        parts += [*(["; "] if number else []), Value(cell.field), " ", *_cell(cell, lang)]
    return tuple(parts)


def _cell(cell: Cell, lang: str) -> tuple[Part, ...]:
    nothing = _WORDS["empty"].to(lang)[0]
    old = () if cell.before is None else (Value(cell.before or nothing, "old"),)
    new = () if cell.after is None else (Value(cell.after or nothing, "new"),)
    return (*old, *((" → ",) if old and new else ()), *new)


def more(count: int, lang: str) -> tuple[Part, ...]:
    return say("more", lang, count)
