"""The help pages: one for each kind of problem that a check can tell, and the list of them all."""

from __future__ import annotations

from collections.abc import Iterator

from generator.pages import addresses
from generator.pages.html import html
from generator.pages.page import Frames, Page
from generator.problems import telling
from generator.problems.explanations import FAMILIES, Explanation, explanations
from generator.sitefile import SiteFile


def render(frame: Frames) -> Iterator[SiteFile]:
    listed = explanations()
    yield frame.file(_index(frame, list(listed.values())))
    for explained in listed.values():
        yield frame.file(_page(frame, explained))


def _index(frame: Frames, listed: list[Explanation]) -> Page:
    t, lang, path = frame.words, frame.lang, addresses.problem()
    groups = [
        (letter, title.to(lang)[0], [_line(frame, each) for each in listed if each.kind.code.startswith(letter)])
        for letter, title in FAMILIES
    ]
    body = frame.templates.html("help.html", home=frame.base(path) + addresses.prefix(lang), groups=groups)
    return Page(path, t.help_title, t.help_description, body)


def _line(frame: Frames, explained: Explanation) -> tuple[str, str, str, str]:
    kind = explained.kind
    return f"{kind.code.lower()}/", kind.code, html(kind.title.to(frame.lang)[0]), _weight(frame, explained)


def _weight(frame: Frames, explained: Explanation) -> str:
    if explained.kind.code.startswith("K"):
        return frame.words["help_ours"]
    return frame.words["help_blocks" if explained.kind.severity == "error" else "help_advises"]


def _page(frame: Frames, explained: Explanation) -> Page:
    lang, kind, example = frame.lang, explained.kind, explained.example
    path, title = addresses.problem(kind.code), kind.title.to(lang)[0]
    why = explained.why.to(lang)[0]
    message = telling.message_of(example, lang) if example else telling.message_of_none(explained, lang)
    body = frame.templates.html(
        "help-problem.html",
        home=frame.base(path) + addresses.prefix(lang),
        code=kind.code,
        name=kind.name,
        title=title,
        mark=_weight(frame, explained),
        is_error=kind.severity == "error",
        weight=telling.weight(explained, lang),
        why=why,
        file=example.problem.file if example else "",
        message=message.split("\n"),
        pieces=list(telling.pieces(example, lang)) if example else [],
        after=explained.after.to(lang)[0],
        fix=telling.fix_of(explained, lang),
        web=explained.way.web.to(lang)[0],
        excel=explained.way.excel.to(lang)[0],
        command=telling.command_of(explained, lang),
        command_title=telling.said("command", lang),
    )
    return Page(path, f"{kind.code} {title}", f"{title}: {why}" if lang == "en" else f"{title}：{why}", body)
