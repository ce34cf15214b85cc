"""An explanation as text, for ``kaishu explain``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.problems import Problem, remark, words
from generator.problems.explanations import Example, Explanation, address
from generator.problems.values import shown
from generator.text import LANGUAGES, Text, bilingual

_WORDS = {
    "error": bilingual("错误：改好之前不发布", "An error: nothing is published until it is mended"),
    "advice": bilingual("建议：不影响发布", "Advice: nothing is held back"),
    "lowered": bilingual(
        "门户可以在 kaishu.yaml 的 rules 里把 {} 改为 advice 或 off",
        "a portal may set {} to advice or off, in rules of kaishu.yaml",
    ),
    "fixed": bilingual("任何门户都不能放宽", "no portal can lower it"),
    "ours": bilingual("开数自身的问题：不用您改", "Kaishu's own fault: nothing for you to mend"),
    "why": bilingual("为什么要紧", "Why it matters"),
    "example": bilingual("例子", "An example"),
    "says": bilingual("检查时说", "The check says"),
    "note": bilingual("注意：", "Note: "),
    "before": bilingual("改之前", "Before"),
    "after": bilingual("改之后", "After"),
    "mend": bilingual("怎么改", "What to do"),
    "web": bilingual("在网页上", "On the forge's website"),
    "excel": bilingual("在 Excel 或 WPS 中", "In Excel or WPS"),
    "command": bilingual("用命令行", "On the command line"),
    "command mends": bilingual(
        "意思确定的，kaishu fix 可以代改：先运行 kaishu fix 看怎样改，再加 --write 写入；拿不准的，它逐格列出来。",
        "Where the meaning is certain, kaishu fix mends it: run kaishu fix to see how, then add --write. Cells that it "
        "is not sure of are listed.",
    ),
    "nothing": bilingual("（删去）", "(taken out)"),
    "colon": bilingual("：", ": "),
}


def said(key: str, lang: str, *values: str) -> str:
    return _WORDS[key].to(lang)[0].format(*values)


def weight(explained: Explanation, lang: str) -> str:
    """Whether it blocks, and whether that can be changed."""
    kind = explained.kind
    if kind.code.startswith("K"):
        return said("ours", lang)
    low = said("fixed", lang) if kind.standard else said("lowered", lang, kind.name)
    weight = said(kind.severity, lang)
    return weight if kind.severity == "advice" else f"{weight}{'；' if lang == 'zh' else '; '}{low}"


def message_of(example: Example, lang: str) -> str:
    """What the check says of the example."""
    problem = example.problem
    if problem.likely:
        now, then = shown(problem.value) or "␣", shown(problem.likely)
        told = f"现值 {now} → 应为 {then}" if lang == "zh" else f"now {now} → should be {then}"
    else:
        told = words(problem, lang)[1]
    noted = remark(problem, lang)
    return f"{told}\n{said('note', lang)}{noted}" if noted else told


def message_of_none(explained: Explanation, lang: str) -> str:
    """The words alone, where no folder can show the problem."""
    return words(Problem(explained.kind.name, published=False), lang)[1]


def fix_of(explained: Explanation, lang: str) -> str:
    problem = explained.example.problem if explained.example else Problem(explained.kind.name, published=False)
    return words(problem, lang)[2]


def command_of(explained: Explanation, lang: str) -> str:
    """What a command does about it; empty where none can."""
    return said("command mends", lang) if explained.kind.mends else ""


def pieces(example: Example, lang: str) -> Iterator[tuple[str, str, str]]:
    """File, before and after of each edit, with the header of the table around it."""
    for edit in example.edits:
        is_row = example.context and edit.file == example.problem.file and not edit.before.startswith(example.context)
        head = f"{example.context}\n" if is_row else ""
        after = edit.after.rstrip("\n") or said("nothing", lang)
        yield edit.file, f"{head}{edit.before.rstrip()}", f"{head}{after}"


def to_text(explained: Explanation, lang: str, page: str = "") -> str:
    """``page`` is the address of the help page, where it is known."""
    parts = [f"{explained.kind.code} {explained.kind.title.to(lang)[0]}（{explained.kind.name}）" if lang == "zh"
             else f"{explained.kind.code} {explained.kind.title.to(lang)[0]} ({explained.kind.name})"]  # fmt: skip
    parts.append(weight(explained, lang))
    parts.append(f"{said('why', lang)}\n  {explained.why.to(lang)[0]}")
    if explained.example:
        parts.append("\n".join(_example(explained, explained.example, lang)))
    else:
        parts.append(f"{said('says', lang)}\n  {message_of_none(explained, lang)}")
    parts.append("\n".join(_mending(explained, lang)))
    return "\n\n".join([*parts, page] if page else parts) + "\n"


def to_json(explained: Explanation, url: str) -> dict[str, Any]:
    """As ``--format json`` gives it; ``url`` is the portal's, or empty."""
    kind, example = explained.kind, explained.example
    return {
        "code": kind.code,
        "name": kind.name,
        "severity": kind.severity,
        "adjustable": not kind.standard,
        "title": _both(kind.title),
        "why": _both(explained.why),
        "web": _both(explained.way.web),
        "excel": _both(explained.way.excel) if explained.way.excel else None,
        "example": {
            "file": example.problem.file,
            "message": {lang: message_of(example, lang) for lang in LANGUAGES},
            "fix": {lang: words(example.problem, lang)[2] for lang in LANGUAGES},
            "edits": [{"file": edit.file, "before": edit.before, "after": edit.after} for edit in example.edits],
            "after": _both(explained.after) if explained.after else None,
        }
        if example
        else None,
        "pages": {lang: f"{address(url, lang)}{kind.code.lower()}/" for lang in LANGUAGES} if url else None,
    }


def _both(text: Text) -> dict[str, str]:
    return {lang: text.to(lang)[0] for lang in LANGUAGES}


def _example(explained: Explanation, example: Example, lang: str) -> Iterator[str]:
    yield f"{said('example', lang)} · {example.problem.file}"
    yield from (
        f"  {line}" for line in (said("says", lang) + said("colon", lang) + message_of(example, lang)).splitlines()
    )
    for file, before, after in pieces(example, lang):
        yield f"  {said('before', lang)} · {file}"
        yield from (f"    - {line}" for line in before.splitlines())
        yield f"  {said('after', lang)}"
        yield from (f"    + {line}" for line in after.splitlines())
    if explained.after:
        yield f"  {said('after', lang)}{said('colon', lang)}{explained.after.to(lang)[0]}"


def _mending(explained: Explanation, lang: str) -> Iterator[str]:
    yield said("mend", lang)
    yield f"  {fix_of(explained, lang)}"
    yield f"  {said('web', lang)}{said('colon', lang)}{explained.way.web.to(lang)[0]}"
    if explained.way.excel:
        yield f"  {said('excel', lang)}{said('colon', lang)}{explained.way.excel.to(lang)[0]}"
    if command := command_of(explained, lang):
        yield f"  {said('command', lang)}{said('colon', lang)}{command}"
