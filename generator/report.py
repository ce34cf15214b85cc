"""A Report as people read it on a terminal, and as programs read it."""

from __future__ import annotations

import itertools
import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from generator import __version__
from generator.exits import Exit
from generator.model import is_remote
from generator.problems import Problem, Severities, catalogue, remark, words
from generator.problems.values import shown
from generator.text import LANGUAGES, bilingual

if TYPE_CHECKING:
    from generator.build import Report

FORMAT = 1
"""Number of the JSON's form. It grows when a reader of the old form could not read the new one."""
SHOWN_OF_A_KIND = 5
DATASETS_NAMED = 5
"""Datasets that the last lines name."""
BOTH = "both"
"""Of ``--lang``: Chinese, and each problem in English below it."""
_STYLES = {"bold": 1, "red": 31, "green": 32, "yellow": 33}

_WORDS = {
    "whole": bilingual("整个目录", "The catalogue as a whole"),
    "left out": bilingual("未发布", "left out"),
    "to mend": bilingual("需修改", "to be mended"),
    "row": bilingual("第 {} 行", "row {}"),
    "lead": bilingual("第 {} 行「{}」：", "Row {}, {}: "),
    "line": bilingual("第 {} 行", "line {}"),
    "row and line": bilingual("第 {} 行（文件第 {} 行）", "row {} (line {} of the file)"),
    "field": bilingual("「{}」", " “{}”"),
    "value": bilingual("现值 {} → 应为 {}", "now {} → should be {}"),
    "empty": bilingual("（空）", "(empty)"),
    "remark": bilingual("注意：", "Note: "),
    "more about": bilingual("说明：", "More: "),
    "in brackets": bilingual("（{}）", " ({})"),
    "and": bilingual("、", ", "),
    "blocks": bilingual("必须修改 {} 处，改好之前不发布：{}", "To be mended before it is published: {}, in {}"),
    "blocks no more": bilingual("必须修改 {} 处：{}", "To be mended: {}, in {}"),
    "others": bilingual("{} 等 {} 个", "{} and others, {} in all"),
    "advises": bilingual("建议修改 {} 处，不影响发布。", "Advice, which holds nothing back: {}."),
    "ours": bilingual(
        "开数自身的问题 {} 处，不是数据的问题，不用您改：请把这份报告发给平台维护者。",
        "Faults of Kaishu itself, not of the data, and nothing for you to mend: {}. Please send this report to the "
        "maintainers.",
    ),
    "next": bilingual(
        "下一步：照每条的「怎么改」改好，再运行一次同样的命令。看不懂的，运行 kaishu explain 加编号，如 {}。",
        "Next: do what each “What to do” says and run the same command again. What a code means: {}.",
    ),
    "mended": bilingual(
        "其中 {} 处多半不用手改：运行 kaishu fix {}，先看它怎样改，认可了再加 --write 写入。",
        "Of these, {} need not be mended by hand, most likely: run kaishu fix {}, look at it, and add --write.",
    ),
    "fine": bilingual("没有要改的。", "There is nothing to mend."),
    "next advice": bilingual("下一步：可以发布；有空再照建议改。", "Next: it can be published; the advice can wait."),
    "fix": bilingual("怎么改：", "What to do: "),
    "same": bilingual("同类 {} 处", "{} of this kind"),
    "few": bilingual(
        "不公开的数据只列出每种问题的前几处，改好后再检查一次。",
        "Of data that are not open, only the first few of a kind are told: check again when they are mended.",
    ),
    "more": bilingual("……另有 {} 处", "… and {} more"),
    "errors": bilingual("{} 个错误", "errors: {}"),
    "advice": bilingual("{} 条建议", "advice: {}"),
    "colon": bilingual("：", ": "),
    "comma": bilingual("，", ", "),
    "scanned": bilingual("查了 {} 个文件，{} 处要处理", "Files searched: {}, to be dealt with: {}"),
    "checked": bilingual("检查了 {} 个数据集，{} 个有错误", "Datasets checked: {}, with errors: {}"),
    "built": bilingual("发布了 {} 个数据集，共 {} 个，{} 个未发布", "Datasets published: {} of {}, left out: {}"),
    "files": bilingual("{} 个文件，{}", "files: {} ({})"),
    "ways": bilingual("表是怎样判定的", "How the tables were judged"),
    "compared": bilingual("已与上一次发布（{} 个数据集）比较", "Compared with the last release (datasets: {})"),
    "not compared": bilingual(
        "没有上一次发布的记录，未比较有无撤回或缩小开放",
        "No record of a last release: withdrawals and less openness not looked for",
    ),
    "nothing": bilingual("没有发现问题", "Nothing found"),
    "seconds": bilingual("用时 {} 秒", "{} s"),
}


def exit_code(report: Report) -> Exit:
    # A fault of ours on data that are not open leaves nothing out: what is published is whole, and may be put up.
    if any(_is_ours(problem) and problem.published for problem in report.problems):
        return Exit.OUR_FAULT
    wrong = report.left_out or any(_is_error(problem, report) for problem in report.problems)
    return Exit.MEND if wrong else Exit.CLEAN


# For programs


def to_json(report: Report, command: str, *, debug: bool = False) -> str:
    """One object, described in docs/command-line.md."""
    errors = sum(_is_error(problem, report) for problem in report.problems)
    return dump(
        {
            "kaishu": __version__,
            "format": FORMAT,
            "command": command,
            "exit_code": exit_code(report),
            "summary": {
                "datasets": report.datasets,
                "published": len(report.published),
                "left_out": len(report.left_out),
                "errors": errors,
                "advice": len(report.problems) - errors,
                "files": report.files,
                "bytes": report.bytes,
                "seconds": dict(report.seconds),
                "compared": report.compared,
            },
            "published": list(report.published),
            "left_out": list(report.left_out),
            "problems": [_problem_to_json(problem, report) for problem in report.problems],
            **({"tables": _tables_to_json(report)} if debug else {}),
        }
    )


def _problem_to_json(problem: Problem, report: Report) -> dict[str, Any]:
    texts = {lang: words(problem, lang) for lang in ("zh", "en")}
    return {
        "code": catalogue()[problem.name].code,
        "name": problem.name,
        "severity": report.severities.of(problem),
        "ours": _is_ours(problem),
        "dataset": problem.dataset,
        "file": problem.file,
        "resource": problem.resource,
        "field": problem.field,
        "row": problem.row,
        "line": problem.line,
        "column": problem.column,
        "cell": cell_of(problem),
        "value": problem.value,
        "expected": problem.expected,
        "likely": problem.likely,
        "public": problem.published,
        **{part: {lang: text[i] for lang, text in texts.items()} for i, part in enumerate(("title", "message", "fix"))},
        "remark": {lang: remark(problem, lang) for lang in ("zh", "en")},
        "error_type": problem.error_type,
        "detail": problem.detail,
    }


def _tables_to_json(report: Report) -> list[dict[str, Any]]:
    from generator.tables.meanings import meaning

    return [
        {
            "dataset": table.dataset,
            "resource": table.resource,
            "way": table.way,
            "meaning": {lang: meaning(table.way, lang) for lang in ("zh", "en")},
        }
        for table in report.tables
    ]


def dump(value: object) -> str:
    """JSON that stays readable in Chinese and harmless on a terminal."""
    return safe_lines(json.dumps(value, ensure_ascii=False, indent=1))


# For people


@dataclass(frozen=True, slots=True)
class View:
    """How a report is shown."""

    language: str
    """``zh``, ``en`` or ``BOTH``."""
    datasets: Path
    """The datasets folder, so that the files' paths can be opened from where the reader is."""
    site: Path | None = None
    """Where the site was written; None after a mere check."""
    colour: bool = False
    debug: bool = False
    help: str = ""
    """Address of the site's help pages; empty where it is not known."""

    @property
    def lang(self) -> str:
        return LANGUAGES[0] if self.language == BOTH else self.language

    def say(self, key: str, *values: object) -> str:
        return _WORDS[key].to(self.lang)[0].format(*values)

    def style(self, text: str, style: Literal["bold", "red", "green", "yellow"]) -> str:
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if self.colour else text


def to_text(report: Report, view: View) -> str:
    """The problems, dataset by dataset, those that are left out first; then the summary."""
    by_dataset = {
        name: list(found) for name, found in itertools.groupby(report.problems, key=lambda problem: problem.dataset)
    }
    known: set[str] = set()
    parts = ["\n".join(_dataset(name, by_dataset[name], report, view, known)) for name in _order(by_dataset, report)]
    if view.debug and report.tables:
        parts.append("\n".join(_ways(report, view)))
    return "\n\n".join([*parts, "\n".join(_summary(report, view))]) + "\n"


def scan_to_text(problems: Sequence[Problem], files: int, view: View) -> str:
    """What a search of files found, file by file."""
    report = _alone(problems)
    groups: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        groups.setdefault((problem.file, problem.name), []).append(problem)
    known: set[str] = set()
    parts = ["\n    ".join(_group(group, report, view, known)) for group in groups.values()]
    errors = sum(_is_error(problem, report) for problem in problems)
    mark = view.style("✗", "red") if errors else view.style("✓", "green")
    return "\n\n".join([*parts, f"{mark} {view.say('scanned', files, errors)}"]) + "\n"


def scan_to_json(problems: Sequence[Problem], files: int, code: Exit) -> str:
    report = _alone(problems)
    told = [_problem_to_json(problem, report) for problem in problems]
    head = {"kaishu": __version__, "format": FORMAT, "command": "scan", "exit_code": code}
    return dump({**head, "summary": {"files": files}, "problems": told})


def _alone(problems: Sequence[Problem]) -> Report:
    """Without a portal, whose configuration could lower anything."""
    from generator.build import Report
    from generator.problems import Severities

    return Report(tuple(problems), Severities({}), 0)


def _order(by_dataset: dict[str, list[Problem]], report: Report) -> list[str]:
    return sorted(by_dataset, key=lambda name: (not any(_is_error(p, report) for p in by_dataset[name]), name))


def _dataset(name: str, problems: Sequence[Problem], report: Report, view: View, known: set[str]) -> Iterator[str]:
    state = []
    if name in report.left_out and view.site:
        state.append(view.style(view.say("left out"), "red"))
    elif any(_is_error(problem, report) for problem in problems):
        state.append(view.style(view.say("to mend"), "red"))
    state.append(_counts(problems, report, view))
    yield f"{view.style(safe(name) or view.say('whole'), 'bold')} · {view.say('comma').join(state)}"
    groups: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in sorted(problems, key=lambda problem: not _is_error(problem, report)):
        groups.setdefault((problem.name, problem.file, problem.resource), []).append(problem)
    for group in groups.values():
        for number, line in enumerate(_group(group, report, view, known)):
            yield ("  " if number == 0 else "    ") + line


def _group(group: Sequence[Problem], report: Report, view: View, known: set[str]) -> Iterator[str]:
    """Problems of one kind in one resource: the words once, and where they are. ``known``: codes told before."""
    first = group[0]
    code = catalogue()[first.name].code
    title = safe(words(first, view.lang)[0])
    mark = view.style("✗", "red") if _is_error(first, report) else view.style("!", "yellow")
    head = f"{mark} {view.style(code, 'bold')} {view.style(title, 'bold')}"
    where = _file(first, view)
    if len(group) == 1:
        yield " · ".join(part for part in (head, f"{where} {_place(first, view)}".strip()) if part)
    else:
        # Of data that are not open, no count is told.
        same = view.say("same", len(group)) if first.published else ""
        yield " · ".join(part for part in (head, where, same) if part)
    yield from _what_and_fix(group, view)
    if view.language == BOTH:
        yield from _in_english(group, view)
    if code not in known:
        known.add(code)
        yield view.say("more about") + _more_about(code, view)


def _what_and_fix(group: Sequence[Problem], view: View) -> Iterator[str]:
    """The first of the group; what to do once, if that is the same for all of them."""
    told = group[:SHOWN_OF_A_KIND]
    fixes = [safe(words(problem, view.lang)[2]) for problem in told]
    is_same = len(set(fixes)) == 1
    for problem, fix in zip(told, fixes, strict=True):
        yield from _what(problem, view, alone=len(group) == 1)
        if not is_same:
            yield view.say("fix") + fix
    if len(group) > SHOWN_OF_A_KIND:
        yield view.say("more", len(group) - SHOWN_OF_A_KIND)
    if not group[0].published and len(group) > 1 and any(problem.row for problem in group):
        yield view.say("few")
    if is_same:
        yield view.say("fix") + fixes[0]


def _what(problem: Problem, view: View, *, alone: bool) -> Iterator[str]:
    said = _values(problem, view) if problem.likely else safe(words(problem, view.lang)[1])
    if alone:
        said = _without_place(said, problem, view)
    elif place := _place(problem, view, beside=said):
        said = f"{place}{view.say('colon')}{said}"
    noted = safe(remark(problem, view.lang))
    if alone:
        yield said
        if noted:
            yield view.say("remark") + noted
    else:
        yield said + (view.say("in brackets", noted) if noted else "")


def _without_place(said: str, problem: Problem, view: View) -> str:
    """The line above has told it."""
    lead = view.say("lead", problem.row, safe(problem.field))
    rest = said.removeprefix(lead)
    return rest[:1].upper() + rest[1:] if rest != said else said


def _in_english(group: Sequence[Problem], view: View) -> Iterator[str]:
    title, message, fix = (safe(part) for part in words(group[0], "en"))
    yield f"EN: {title}. {message} {fix}"


def _more_about(code: str, view: View) -> str:
    address = f"{view.help}{code.lower()}/" if view.help else ""
    return " · ".join(part for part in (f"kaishu explain {code}", address) if part)


def _values(problem: Problem, view: View) -> str:
    return view.say("value", safe(shown(problem.value)) or view.say("empty"), safe(shown(problem.likely)))


def _file(problem: Problem, view: View) -> str:
    if is_remote(problem.file):  # a table on another host
        return safe(problem.file)
    return safe(shown_path(view.datasets / problem.file)) if problem.file else ""


def shown_path(path: Path) -> str:
    """Relative to the current folder where it lies below it."""
    try:
        return Path(os.path.normpath(path)).relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


def _place(problem: Problem, view: View, *, beside: str = "") -> str:
    """Row, line, field and cell; of these, what does not stand ``beside`` it already."""
    row, line = problem.row, problem.line
    if row is not None and line is not None and row != line:
        place = view.say("row and line", row, line)
    elif row is not None:
        place = view.say("row", row)
    else:
        place = view.say("line", line) if line is not None else ""
    if place.lower() in beside.lower():
        place = ""
    if problem.field and safe(problem.field) not in beside:
        place += view.say("field", safe(problem.field))
    cell = cell_of(problem)
    if not cell or not place:
        return cell or place.strip()
    return f"{place}{'' if view.lang == 'zh' else ' '}({cell})".strip()


def cell_of(problem: Problem) -> str:
    """The cell's name in a spreadsheet: B3; of a workbook, with its sheet: 2023年!B3."""
    more = dict(problem.more)
    row = problem.row or (int(header) if (header := more.get("header_row", "")).isdigit() else None)
    if row is None or problem.column is None:
        return ""
    letters, number = "", problem.column
    while number > 0:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("A") + letter) + letters
    sheet = more.get("sheet", "")
    if sheet and not re.fullmatch(r"\w+", sheet):
        sheet = "'" + sheet.replace("'", "''") + "'"  # as a spreadsheet writes it
    return f"{sheet}!{letters}{row}" if sheet else f"{letters}{row}"


def _counts(problems: Sequence[Problem], report: Report, view: View) -> str:
    errors = sum(_is_error(problem, report) for problem in problems)
    counts = (("errors", errors), ("advice", len(problems) - errors))
    return view.say("comma").join(view.say(key, count) for key, count in counts if count)


def _ways(report: Report, view: View) -> Iterator[str]:
    """How many tables were judged in which way, the most frequent first."""
    from generator.tables.meanings import meaning

    counts = Counter(table.way for table in report.tables)
    yield view.style(view.say("ways"), "bold")
    for way, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        yield f"  {count} · {way}{view.say('colon')}{meaning(way, view.lang)}"


def _summary(report: Report, view: View) -> Iterator[str]:
    parts = []
    if view.site:
        parts.append(view.say("built", len(report.published), report.datasets, len(report.left_out)))
    else:
        wrong = {problem.dataset for problem in report.problems if problem.dataset and _is_error(problem, report)}
        parts.append(view.say("checked", report.datasets, len(wrong | set(report.left_out))))
    if report.problems:
        parts.append(_counts(report.problems, report, view))
    if view.site:
        parts.append(view.say("files", report.files, size(report.bytes)))
    parts.append(view.say("seconds", f"{sum(report.seconds.values()):.1f}"))
    mark = view.style("✓", "green") if exit_code(report) == Exit.CLEAN else view.style("✗", "red")
    yield f"{mark} {view.say('comma').join(parts)}"
    yield "  " + (view.say("not compared") if report.compared is None else view.say("compared", report.compared))
    if view.site:
        yield f"→ {safe(shown_path(view.site))}{os.sep}"
    yield from (f"  {line}" for line in _what_now(report, view))


def _what_now(report: Report, view: View) -> Iterator[str]:
    """In plain words: what blocks, what advises, what is next."""
    ours = [problem for problem in report.problems if _is_ours(problem)]
    wrong = [problem for problem in report.problems if _is_error(problem, report) and not _is_ours(problem)]
    advice = len(report.problems) - len(ours) - len(wrong)
    if wrong:
        blocks = "blocks" if any(report.severities.blocks(problem) for problem in wrong) else "blocks no more"
        yield view.style(view.say(blocks, len(wrong), _datasets_of(wrong, view)), "bold")
    if mended := [problem for problem in wrong if _is_mended(problem)]:
        datasets = {problem.dataset for problem in mended}
        where = shown_path(view.datasets / mended[0].dataset) if len(datasets) == 1 else ""
        yield view.say("mended", len(mended), safe(where)).replace("fix ，", "fix，").replace("fix ,", "fix,")
    if advice:
        yield view.say("advises", advice)
    if ours:
        yield view.say("ours", len(ours))
    if wrong:
        yield view.say("next", f"kaishu explain {catalogue()[wrong[0].name].code}")
    elif not ours:
        yield view.say("next advice" if advice else "fine")


_TEXTS = (".csv", ".tsv", ".txt", ".yaml", ".yml", ".json")
_WHOLE = (
    "encoding-error",
    "encoding-undeclared",
    "incorrect-label",
    "blank-row",
    "descriptor-syntax",
    "descriptor-encoding",
)


def _is_mended(problem: Problem) -> bool:
    """Whether ``kaishu fix`` is worth trying: it does the rest of the deciding."""
    is_meant = bool(problem.likely) or problem.name in _WHOLE
    return catalogue()[problem.name].mends and is_meant and problem.file.lower().endswith(_TEXTS)


def _datasets_of(problems: Sequence[Problem], view: View) -> str:
    names = sorted({safe(problem.dataset) or view.say("whole") for problem in problems})
    listed = view.say("and").join(names[:DATASETS_NAMED])
    return listed if len(names) <= DATASETS_NAMED else view.say("others", listed, len(names))


def size(count: int) -> str:
    """Bytes as people say them."""
    value, units = float(count), ["B", "kB", "MB", "GB", "TB"]
    while value >= 1000 and len(units) > 1:
        value /= 1000
        units.pop(0)
    return f"{value:.{0 if units[0] == 'B' else 1}f} {units[0]}"


def _is_error(problem: Problem, report: Report) -> bool:
    return report.severities.of(problem) == "error"


def _is_ours(problem: Problem) -> bool:
    return catalogue()[problem.name].code.startswith("K")


# What is found about a portal, not about its datasets


def findings(problems: Sequence[Problem], severities: Severities, lang: str, *, colour: bool = False) -> str:
    view = View(lang, Path(), colour=colour)
    lines = []
    for problem in problems:
        title, message, fix = (safe(part) for part in words(problem, lang))
        mark = view.style("✗", "red") if severities.of(problem) == "error" else view.style("!", "yellow")
        lines += [
            f"{mark} {view.style(f'{catalogue()[problem.name].code} {title}', 'bold')}",
            f"    {message}",
        ]
        lines.append(f"    {view.say('fix')}{fix}")
    errors = sum(severities.of(problem) == "error" for problem in problems)
    counts = (("errors", errors), ("advice", len(problems) - errors))
    summary = view.say("comma").join(view.say(key, count) for key, count in counts if count)
    mark = view.style("✗", "red") if errors else view.style("✓", "green")
    return "\n".join([*lines, f"{mark} {summary or view.say('nothing')}"])


def findings_to_json(problems: Sequence[Problem], severities: Severities, command: str) -> dict[str, Any]:
    return {
        "kaishu": __version__,
        "format": FORMAT,
        "command": command,
        "problems": [
            {
                "code": catalogue()[problem.name].code,
                "name": problem.name,
                "severity": severities.of(problem),
                "file": problem.file,
                "field": problem.field,
                "value": problem.value,
                "expected": problem.expected,
                **{
                    part: {lang: words(problem, lang)[number] for lang in ("zh", "en")}
                    for number, part in enumerate(("title", "message", "fix"))
                },
            }
            for problem in problems
        ],
    }


# Control characters, marks that turn the direction of writing, halves of surrogate pairs: what a file's content could
# use to move the cursor, hide text or break the encoding.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def safe(text: str) -> str:
    """``text`` on one line, harmless for a terminal; what was taken out is shown as JSON escapes it."""
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def safe_lines(text: str) -> str:
    """As ``safe``, for a text whose line ends are our own."""
    return "\n".join(safe(line) for line in text.split("\n"))
