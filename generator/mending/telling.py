"""What would be mended, or was, and what is asked: for a clerk, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

from generator.exits import Exit
from generator.mending.values import Asked, Change, Left, Mended, Mending, Question
from generator.plain_yaml import read_yaml
from generator.report import safe, safe_lines, shown_path
from generator.text import LANGUAGES, Text, bilingual

FORMAT = 1
_LONGEST_ROW, _LONGEST_VALUE = 300, 40


@cache
def words() -> Mapping[str, Mapping[str, Text]]:
    """Of changes, questions, what is left, and the frame around them."""
    read = read_yaml(Path(__file__).with_name("words.yaml").read_text("utf-8"))
    return {part: {key: bilingual(**text) for key, text in entries.items()} for part, entries in read.items()}


def _say(lang: str, key: str, *values: object) -> str:
    return words()["words"][key].to(lang)[0].format(*values)


def exit_code(mending: Mending) -> Exit:
    """1 while something is to be mended, or answered before the table can be read."""
    pending = bool(mending.files) and not mending.written
    return Exit.MEND if pending or any(question.blocks for question in mending.questions) else Exit.CLEAN


def to_json(mending: Mending, version: str) -> str:
    """One object, described in docs/command-line.md."""
    return safe_lines(
        json.dumps(
            {
                "kaishu": version,
                "format": FORMAT,
                "command": "fix",
                "exit_code": exit_code(mending),
                "written": mending.written,
                "datasets": mending.datasets,
                "files": [_file_to_json(each) for each in mending.files],
                "questions": [_question_to_json(each) for each in mending.questions],
                "left": [_left_to_json(each) for each in mending.left],
            },
            ensure_ascii=False,
            indent=1,
        )
    )  # fmt: skip


def _left_to_json(left: Left) -> dict[str, Any]:
    return {"kind": left.kind, "file": left.file, "words": _both(_left(left, lang) for lang in LANGUAGES)}


def _change_to_json(change: Change, public: bool) -> dict[str, Any]:
    told = _both(_change(change, public, lang) for lang in LANGUAGES)
    return {"kind": change.kind, "count": change.count if public else None, "words": told}


def _both(texts: Iterator[str]) -> dict[str, str]:
    return dict(zip(LANGUAGES, texts, strict=True))


def _file_to_json(mended: Mended) -> dict[str, Any]:
    return {
        "file": mended.file,
        "dataset": mended.dataset,
        "public": mended.public,
        "changes": [_change_to_json(change, mended.public) for change in mended.changes],
        "changed_rows": mended.changed_rows if mended.public else None,
        "rows": [{"row": row.row, "before": row.before, "after": row.after} for row in mended.rows],
    }  # fmt: skip


def _question_to_json(question: Question) -> dict[str, Any]:
    return {
        "kind": question.kind,
        "file": question.file,
        "dataset": question.dataset,
        "field": question.field,
        "blocks": question.blocks,
        "public": question.public,
        "count": question.count if question.public else None,
        "cells": [{"cell": cell.address, "row": cell.row, "value": _short(cell.value)} for cell in question.cells],
        "words": _both(words()["questions"][question.kind].to(lang)[0] for lang in LANGUAGES),
    }


def to_text(mending: Mending, lang: str, datasets: Path, *, colour: bool = False) -> str:
    say = partial(_say, lang)

    def paint(text: str, code: int) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if colour else text

    lines: list[str] = []
    for mended in mending.files:
        lines.append(paint(safe(shown_path(datasets / mended.file)), 1))
        lines += [f"  {_change(change, mended.public, lang)}" for change in mended.changes]
        is_descriptor = any(change.kind.startswith("descriptor-") for change in mended.changes)
        if not mended.public and mended.changed_rows:
            lines.append(f"  {say('hidden')}")
        for row in mended.rows:
            lines.append(paint(f"  {say('line' if is_descriptor else 'row', row.row)}", 36))
            lines.append(paint(f"  - {_row(row.before)}", 31))
            lines.append(paint(f"  + {_row(row.after) if row.after else say('removed')}", 32))
        if mended.public and mended.changed_rows > len(mended.rows) > 0:
            lines.append(f"  {say('more', mended.changed_rows - len(mended.rows))}")
        lines.append("")
    lines += [f"! {safe(shown_path(datasets / left.file))}{say('colon')}{_left(left, lang)}" for left in mending.left]
    if mending.questions:
        lines += [*([""] if mending.left else []), say("asked", len(mending.questions))]
        lines += [line for question in mending.questions for line in _question(question, lang, datasets)]
    count = len(mending.files)
    lines += ["", say("done" if mending.written else "would", count) if count else say("nothing", mending.datasets)]
    return "\n".join(lines).lstrip("\n") + "\n"


def _question(question: Question, lang: str, datasets: Path) -> Iterator[str]:
    say = partial(_say, lang)

    field = say("field", safe(question.field)) if question.field else ""
    yield f"? {safe(shown_path(datasets / question.file))} {field}".rstrip()
    if question.cells:
        told = say("comma").join(_cell(cell, question.kind) for cell in question.cells)
        more = f" {say('cells more', question.count)}" if question.count > len(question.cells) else ""
        yield f"    {told}{more}"
    yield f"    {words()['questions'][question.kind].to(lang)[0]}"


def _cell(cell: Asked, kind: str) -> str:
    """Where the blanks are the matter, they are seen."""
    value = f"「{safe(cell.value[:_LONGEST_VALUE])}」" if kind == "text-blanks" and cell.value else _short(cell.value)
    return f"{cell.address} {value}".rstrip()


def _short(value: str) -> str:
    """A cell with a phone number in it is no example to print: the gate would not let it be."""
    from generator.clock import today
    from generator.disclosure.examples import shown

    return safe(shown(value.strip(), today()))[:_LONGEST_VALUE]


def _row(text: str) -> str:
    from generator.clock import today
    from generator.disclosure.examples import shown

    return safe(shown(text, today(), longest=_LONGEST_ROW))


def _change(change: Change, public: bool, lang: str) -> str:
    """Of data that are not open, no count is told."""
    text = words()["changes"][change.kind].to(lang)[0]
    if not public:
        text = text.partition("：" if lang == "zh" else ": ")[0] if "{count}" in text else text
    return text.format(before=safe(change.before), after=safe(change.after), count=f"{change.count:,}")


def _left(left: Left, lang: str) -> str:
    return words()["left"][left.kind].to(lang)[0]
