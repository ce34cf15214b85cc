"""A record as Markdown: in the summary of the job, and in the comment on the request. Chinese first, then English."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from generator.ci.annotations import path_of
from generator.ci.markdown import code, escaped, prose
from generator.ci.record import LISTS, Became, Changed, Group, Record
from generator.compatibility import SchemaChange
from generator.differences.telling import LABELS, OPENNESS
from generator.differences.values import percent
from generator.problems import Problem, catalogue, words
from generator.report import cell_of
from generator.schema_words import SENTENCES
from generator.text import LANGUAGES, bilingual

SHOWN_OF_A_KIND = 5
SUMMARY_BYTES = 900_000
"""GitHub takes a summary of 1 MiB."""
COMMENT_LENGTH = 50_000
"""GitHub takes a comment of 65,536 characters."""

_WORDS = {
    "clean": bilingual("### ✅ 数据检查通过", "### ✅ The datasets are fine"),
    "mend": bilingual("### ❌ 有 {} 处需要修改", "### ❌ To be mended: {}"),
    "fault": bilingual("### ⚠️ 检查没有完成", "### ⚠️ The check did not end"),
    "fault told": bilingual(
        "这是开数自身或门户配置的问题，不是数据的问题，不用修改数据。维护者请看运行记录。",
        "This is a fault of Kaishu or of the portal's settings, not of the data. Maintainers: see the log of the run.",
    ),
    "nothing": bilingual("这次修改没有涉及任何数据集。", "No dataset is touched."),
    "touched": bilingual("这次修改涉及：{}", "Touched: {}"),
    "dependent": bilingual(
        "受牵连、一并检查的：{}", "Checked as well, for what they depend on was changed: {}"
    ),
    "gone": bilingual("删去的：{}", "Removed: {}"),
    "errors": bilingual("#### 必须修改", "#### What blocks"),
    "advice": bilingual("建议 {} 条（不改也可以合并）", "Advice: {} (does not hold up the merge)"),
    "row": bilingual("第 {} 行", "row {}"),
    "line": bilingual("第 {} 行", "line {}"),
    "row and line": bilingual("第 {} 行（文件第 {} 行）", "row {} (line {} of the file)"),
    "value": bilingual("现值 {} → 应为 {}", "now {} → should be {}"),
    "empty": bilingual("（空）", "(empty)"),
    "colon": bilingual("：", ": "),
    "comma": bilingual("、", ", "),
    "lead": bilingual("第 {} 行「{}」：", "Row {}, {}: "),
    "and": bilingual("；", "; "),
    "same": bilingual("同类 {} 处", "{} of this kind"),
    "more": bilingual("……另有 {} 处", "… and {} more"),
    "left off": bilingual("另有 {} 处没有列在这里，见运行记录。", "{} more are not listed here; see the log."),
    "fix": bilingual("**怎么改**：{}", "**What to do:** {}"),
    "withheld": bilingual("（数据不开放，这里不显示内容）", "(data that are not open: no content is shown here)"),
    "others": bilingual(
        "其他数据集原有的问题（不影响这次合并）：{}", "Faults that other datasets had before (they hold nothing up): {}"
    ),
    "unchecked": bilingual("没有检查其他 {} 个未涉及的数据集。", "Untouched datasets that were not checked: {}."),
    "differences": bilingual("#### 数据的变化", "#### What changes in the data"),
    "added": bilingual("新增", "added"),
    "removed": bilingual("删除", "removed"),
    "changed": bilingual("有变化", "changed"),
    "rows": bilingual("{} → {} 行", "rows {} → {}"),
    "rows removed": bilingual("**删去 {} 行（{}%）**", "**removed {} ({}%)**"),
    "rows changed": bilingual("修改 {} 行（{}%）", "changed {} ({}%)"),
    "rows added": bilingual("增加 {} 行", "added {}"),
    "breaking": bilingual("⚠️ 会影响使用者：{}", "⚠️ Breaks what reads the data: {}"),
    "preview": bilingual(
        "预览：从[这次运行]({})的页面下方下载 preview.zip，解压后打开 index.html（{} 个数据集）。",
        "Preview: download preview.zip at the foot of [this run]({}), unpack it and open index.html (datasets: {}).",
    ),
    "preview here": bilingual(
        "预览：从本页下方下载 preview.zip，解压后打开 index.html（{} 个数据集）。",
        "Preview: download preview.zip at the foot of this page, unpack it and open index.html (datasets: {}).",
    ),
}  # fmt: skip
NAMES_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Room:
    """How much may be said, and how it is counted."""

    most: int
    in_bytes: bool = False

    def of(self, text: str) -> int:
        return len(text.encode()) if self.in_bytes else len(text)


SUMMARY = Room(SUMMARY_BYTES, in_bytes=True)
COMMENT = Room(COMMENT_LENGTH)


def to_markdown(record: Record, room: Room, *, run: str = "") -> str:
    """``run`` is the page of the run; empty where the text stands on it. Both languages take the same room."""
    zh, en = (_in_language(record, lang, Room(room.most // 2 - 200, room.in_bytes), run) for lang in LANGUAGES)
    return f"{zh}\n\n<details>\n<summary>English</summary>\n\n{en}\n\n</details>\n"


def _say(lang: str, key: str, *values: object) -> str:
    return _WORDS[key].to(lang)[0].format(*values)


def _in_language(record: Record, lang: str, room: Room, run: str) -> str:
    head, tail = list(_head(record, lang)), list(_tail(record, lang, run))
    left = room.most - room.of("\n\n".join((*head, *tail))) - 500
    blocking = [group for group in record.groups if group.blocks]
    advising = [group for group in record.groups if not group.blocks]
    told, used = _groups(blocking, record.prefix, lang, left, room)
    parts = [*head, *([_say(lang, "errors"), *told] if told else [])]
    hidden = record.errors - sum(group.count for group in blocking[: len(told)])
    if record.result == "mend" and hidden > 0:
        parts.append(_say(lang, "left off", hidden))
    more, _ = _groups(advising, record.prefix, lang, left - used, room)
    if more:
        summary = _say(lang, "advice", record.advice)
        parts += [f"<details>\n<summary>{summary}</summary>", *more, "</details>"]
    return "\n\n".join((*parts, *tail))


def _head(record: Record, lang: str) -> Iterator[str]:
    yield _say(lang, record.result, record.errors)
    if record.result == "fault":
        yield _say(lang, "fault told")
        return
    if not (record.touched or record.dependent or record.gone):
        yield _say(lang, "nothing")
    lists = (record.touched, record.dependent, record.gone)
    for key, names, count in zip(LISTS, lists, record.counts, strict=True):
        if names:
            yield _say(lang, key, _named(names, lang, count))


def _named(names: Sequence[str], lang: str, count: int = 0) -> str:
    """``count``: of all, where there are more than names."""
    left = max(count, len(names)) - NAMES_SHOWN
    shown = _say(lang, "comma").join(code(name) for name in names[:NAMES_SHOWN])
    return f"{shown} {_say(lang, 'more', left)}" if left > 0 else shown


def _tail(record: Record, lang: str, run: str) -> Iterator[str]:
    if record.differences:
        yield _say(lang, "differences")
        yield "\n".join(line for each in record.differences[:NAMES_SHOWN] for line in _difference(each, lang))
    if record.preview:
        yield _say(lang, "preview", run, record.preview) if run else _say(lang, "preview here", record.preview)
    if record.others:
        names = [other.dataset for other in record.others]
        yield _say(lang, "others", _named(names, lang))
    if record.unchecked:
        yield _say(lang, "unchecked", record.unchecked)


def _difference(each: Changed, lang: str) -> Iterator[str]:
    """What is lost comes first."""
    what = code("/".join(filter(None, (each.dataset, each.resource))))
    yield f"- {' · '.join((what, _say(lang, each.state), *_rows(each, lang)))}"
    for one in each.properties:
        yield f"  - {_property(one, lang)}"
    for change in each.breaking:
        yield f"  - {_say(lang, 'breaking', _broken(change, lang))}"
    for example in each.examples:
        key = " ".join(map(code, example.key))
        told = _became if example.state == "changed" else _stands
        cells = _say(lang, "and").join(told(cell, lang) for cell in example.cells)
        yield f"  - {_SIGNS[example.state]} {_say(lang, 'colon').join(filter(None, (key, cells)))}"


_SIGNS = {"added": "➕", "removed": "➖", "changed": "✏️"}


def _rows(each: Changed, lang: str) -> Iterator[str]:
    if each.before != each.after:
        yield _say(lang, "rows", each.before, each.after)
    for key, count in (("rows removed", each.removed), ("rows changed", each.changed)):
        if count:
            yield _say(lang, key, count, percent(count, each.before).replace("<", "&lt;").replace(">", "&gt;"))
    if each.added:
        yield _say(lang, "rows added", each.added)


def _property(one: Became, lang: str) -> str:
    """Openness, licence, title …: by the name that readers know, where it is one of ours."""
    label = LABELS[one.name].to(lang)[0] if one.name in LABELS else code(one.name)
    known = OPENNESS if one.name == "openness" else {}
    before, after = (
        known[v].to(lang)[0] if v in known else code(v) or _say(lang, "empty") for v in (one.before, one.after)
    )
    return f"{label}{_say(lang, 'colon')}{before} → {after}"


def _broken(change: SchemaChange, lang: str) -> str:
    """What others wrote is put in after our own words were escaped."""
    stated = {key: code(getattr(change, key)) for key in ("field", "property", "before", "after")}
    nothing = _say(lang, "empty")
    return SENTENCES[change.what].to(lang)[0].format(**{key: text or nothing for key, text in stated.items()})


def _stands(one: Became, lang: str) -> str:
    """Of a row that came or went there is one value."""
    return f"{code(one.name)} {code(one.after or one.before) or _say(lang, 'empty')}".lstrip()


def _became(one: Became, lang: str) -> str:
    nothing = _say(lang, "empty")
    return f"{code(one.name)} {code(one.before) or nothing} → {code(one.after) or nothing}".lstrip()


def _groups(groups: Sequence[Group], prefix: str, lang: str, room_left: int, room: Room) -> tuple[list[str], int]:
    """As many as there is room for, the first first."""
    told: list[str] = []
    used = 0
    for group in groups:
        text = "\n".join(_group(group, prefix, lang))
        used += room.of(text) + 2
        if used > room_left:
            break
        told.append(text)
    return told, used


def _group(group: Group, prefix: str, lang: str) -> Iterator[str]:
    """One item of a list, whose further lines are indented below it."""
    first = group.first
    title, message, fix = words_in_markdown(first, lang, prefix)
    head = f"**{catalogue()[first.name].code} {title}**"
    where = code(path_of(prefix, first))
    mark = "❌" if group.blocks else "💡"
    if group.count == 1:
        place = place_in_markdown(first, lang)
        yield f"- {mark} {' · '.join(part for part in (head, f'{where} {place}'.strip()) if part)}\\"
        yield f"  {_values(first, lang) if first.likely else _without_lead(message, first, lang)}\\"
    else:
        # Of data that are not open, no count is told.
        same = _say(lang, "same", group.count) if first.published else ""
        yield f"- {mark} {' · '.join(part for part in (head, where, same) if part)}"
        shown = group.problems[:SHOWN_OF_A_KIND]
        for problem in shown:
            yield f"  - {_one_of_many(problem, prefix, lang)}"
        if group.count > len(shown) and first.published:
            yield f"  - {_say(lang, 'more', group.count - len(shown))}"
        yield ""
    if not first.published:
        yield f"  {_say(lang, 'withheld')}\\"
    yield f"  {_say(lang, 'fix', fix)}"


def _one_of_many(problem: Problem, prefix: str, lang: str) -> str:
    if problem.likely:
        said = _values(problem, lang)
    else:
        message = words_in_markdown(problem, lang, prefix)[1]
        said = _without_lead(message, problem, lang)
        if said == message and _row_and_line(problem, lang) in message:
            # It tells of row and field in its own way; the cell is what it lacks.
            return _say(lang, "colon").join(filter(None, (cell_of(problem), message)))
    return _say(lang, "colon").join(filter(None, (place_in_markdown(problem, lang), said)))


def _without_lead(message: str, problem: Problem, lang: str) -> str:
    """The place stands before it already."""
    row, _, rest = _say(lang, "lead", problem.row, _OPEN).partition(_OPEN)
    lead = f"{escaped(row)}{code(problem.field)}{escaped(rest)}"
    return message.removeprefix(lead) if problem.row is not None else message


def _values(problem: Problem, lang: str) -> str:
    return _say(lang, "value", code(problem.value) or _say(lang, "empty"), code(problem.likely))


def place_in_markdown(problem: Problem, lang: str) -> str:
    place = _row_and_line(problem, lang)
    if problem.field:
        place += f"「{code(problem.field)}」" if lang == "zh" else f" {code(problem.field)}"
    cell = cell_of(problem)
    return f"{place} ({cell})" if cell else place.strip()


def _row_and_line(problem: Problem, lang: str) -> str:
    row, line = problem.row, problem.line
    if row is not None and line is not None and row != line:
        return _say(lang, "row and line", row, line)
    if row is not None:
        return _say(lang, "row", row)
    return _say(lang, "line", line) if line is not None else ""


_OPEN, _CLOSE = "\ue000", "\ue001"


def words_in_markdown(problem: Problem, lang: str, prefix: str) -> tuple[str, str, str]:
    """Title, message and next action: our words escaped, the values in code.

    The values are put in after the words were escaped; a placeholder that a value brings along is one of them.
    """
    values: list[str] = []

    def held(text: str, shape: str) -> str:
        if not text:
            return ""
        values.append(shape)
        return f"{_OPEN}{len(values) - 1}{_CLOSE}"

    texts: dict[str, Any] = {
        key: held(getattr(problem, key), code(getattr(problem, key)))
        for key in ("dataset", "resource", "field", "value", "expected", "likely")
    }
    texts["file"] = held(problem.file, code(path_of(prefix, problem)))
    more = tuple(
        (key, held(text, prose(text) if key.endswith(("_zh", "_en")) else code(text))) for key, text in problem.more
    )
    filled = words(replace(problem, **texts, more=more), lang)
    title, message, fix = (_filled(escaped(part), values) for part in filled)
    return title, message, fix


def _filled(text: str, values: Sequence[str]) -> str:
    pieces = text.split(_OPEN)
    made = [pieces[0]]
    for piece in pieces[1:]:
        number, _, rest = piece.partition(_CLOSE)
        made.append(values[int(number)] + rest)
    return "".join(made)
