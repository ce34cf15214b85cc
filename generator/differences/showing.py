"""The differences as text for a terminal, as Markdown for a comment, and as a page of HTML.

What others wrote is a ``Value``: on a terminal it moves no cursor, in Markdown it stands in code, where no mention,
reference, link, image or HTML does anything, and in HTML it is escaped.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator

from generator.differences.telling import Line, Part, Value, dataset_lines, more, summary, unreadable
from generator.differences.values import Differences
from generator.report import safe, safe_lines

FORMATS = ("text", "markdown", "html", "json")
MARKDOWN_LIMIT = 50_000
"""Characters: forges refuse comments beyond 65,536."""

Write = Callable[[tuple[Part, ...]], str]


def shown(found: Differences, form: str, lang: str, *, colour: bool = False, limit: int = MARKDOWN_LIMIT) -> str:
    """``form``: one of ``FORMATS``. ``limit`` is for Markdown, which may have to fit into a comment."""
    if form == "json":
        return safe_lines(json.dumps(found.to_json(), ensure_ascii=False, indent=1)) + "\n"
    if form == "markdown":
        return to_markdown(found, lang, limit=limit)
    return to_html(found, lang) if form == "html" else to_text(found, lang, colour=colour)


# --- text


_COLOURS = {"loss": 31, "breaking": 33, "good": 32, "old": 31, "new": 32}


def to_text(found: Differences, lang: str, *, colour: bool = False) -> str:
    def paint(text: str, kind: str) -> str:
        return f"\x1b[{_COLOURS[kind]}m{text}\x1b[0m" if colour and kind in _COLOURS else text

    def write(parts: tuple[Part, ...]) -> str:
        return "".join(paint(_quoted(part), part.role) if isinstance(part, Value) else part for part in parts)

    lines = [write(summary(found, lang))]
    for line in _all(found, lang):
        mark = {"loss": "✗ ", "breaking": "! "}.get(line.mark, "")
        head = "\n" if line.level == 0 else ""
        lines.append(f"{head}{'  ' * line.level}{paint(mark, line.mark)}{write(line.parts)}")
    return "\n".join(lines) + "\n"


def _quoted(value: Value) -> str:
    text = _clear(value.text)
    return f"“{text}”" if text != text.strip() else text


def _all(found: Differences, lang: str) -> Iterator[Line]:
    yield from unreadable(found, lang)
    for dataset in found.datasets:
        yield from dataset_lines(dataset, lang)


# --- Markdown


def to_markdown(found: Differences, lang: str, *, limit: int = MARKDOWN_LIMIT) -> str:
    """At most ``limit`` characters: datasets are left out from the end, where the least is lost."""
    made = [_markdown(summary(found, lang)), *(_markdown_line(line) for line in unreadable(found, lang))]
    blocks = ["\n".join(made) + "\n"]
    size, end = len(blocks[0]), 200  # room for the line that says how many are left out
    for number, dataset in enumerate(found.datasets):
        block = "\n" + "\n".join(map(_markdown_line, dataset_lines(dataset, lang))) + "\n"
        if size + len(block) + end > limit:
            blocks.append("\n" + _markdown(more(len(found.datasets) - number, lang)) + "\n")
            break
        blocks.append(block)
        size += len(block)
    return "".join(blocks)


def _markdown_line(line: Line) -> str:
    text = _markdown(line.parts)
    mark = {"loss": "❌ ", "breaking": "⚠️ "}.get(line.mark, "")
    return f"#### {mark}{text}\n" if line.level == 0 else f"{'  ' * (line.level - 1)}- {mark}{text}"


def _markdown(parts: Iterable[Part]) -> str:
    return "".join(code_span(part.text) if isinstance(part, Value) else part for part in parts)


def code_span(text: str) -> str:
    """Text in code: the fence is longer than any run of backticks in it, so that it cannot end it."""
    clear = re.sub(r"\s+", " ", _clear(text)) or " "
    longest = max((len(run) for run in re.findall("`+", clear)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if clear.startswith(("`", " ")) or clear.endswith(("`", " ")) else ""
    return f"{fence}{pad}{clear}{pad}{fence}"


_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff\U000e0000-\U000e007f]")


def _clear(text: str) -> str:
    """On one line and without what nobody sees."""
    return safe(_INVISIBLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


# --- HTML

_STYLE = """
:root { color-scheme: light dark; --ink: #1d2129; --soft: #5a6472; --line: #d9dee5; --paper: #fff; --old: #b3261e;
  --new: #1b6e3c; --warn: #8a5300; --code: #f3f5f8 }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --soft: #a7b0bd; --line: #3a424e; --paper: #15181d;
  --old: #ff9d94; --new: #7fd8a2; --warn: #f2c063; --code: #222831 } }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem 1rem 4rem; color: var(--ink); background: var(--paper);
  font: 1rem/1.6 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; overflow-wrap: anywhere }
h1 { font-size: 1.4rem } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; padding-top: 1rem;
  border-top: 1px solid var(--line) }
h3 { font-size: 1rem; margin: 1rem 0 .25rem } ul { margin: .25rem 0; padding-left: 1.25rem }
.example { list-style: none; color: var(--soft) } .loss { color: var(--old) } .breaking { color: var(--warn) }
bdi { background: var(--code); border-radius: .2rem; padding: .05em .3em; color: var(--ink); white-space: pre-wrap }
bdi.old { color: var(--old) } bdi.new { color: var(--new) }
"""
_TITLE = {"zh": "数据变化", "en": "What changed"}
_NOW = {"zh": "现在", "en": "now"}


def to_html(found: Differences, lang: str) -> str:
    """A page that needs nothing else and holds no script."""
    title = f"{_TITLE[lang]} · {html.escape(_clear(found.base))} → {html.escape(_clear(found.head) or _NOW[lang])}"
    tag = "zh-CN" if lang == "zh" else "en"
    return (
        f'<!doctype html>\n<html lang="{tag}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        # Should anything slip through the escaping all the same: nothing may be loaded or run.
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n"
        f"<p>{_html(summary(found, lang))}</p>\n{''.join(_html_blocks(found, lang))}</main>\n</body>\n</html>\n"
    )


def _html_blocks(found: Differences, lang: str) -> Iterator[str]:
    """Lines of one list stand together."""
    inside = False
    for line in _all(found, lang):
        is_item = line.level > 1
        if is_item != inside:
            yield "<ul>\n" if is_item else "</ul>\n"
            inside = is_item
        kind = f' class="{line.mark}"' if line.mark else ' class="example"' if line.level == 3 else ""
        name = "li" if is_item else f"h{line.level + 2}"
        yield f"<{name}{kind}>{_html(line.parts)}</{name}>\n"
    if inside:
        yield "</ul>\n"


def _html(parts: Iterable[Part]) -> str:
    return "".join(_html_value(part) if isinstance(part, Value) else html.escape(part) for part in parts)


def _html_value(value: Value) -> str:
    kind = f' class="{value.role}"' if value.role else ""
    return f"<bdi{kind}>{html.escape(_clear(value.text))}</bdi>"
