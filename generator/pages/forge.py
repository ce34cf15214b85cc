"""Addresses of forms that are filled in already: an issue on a forge, or a letter.

What the reader would have to copy from the page stands in the form; what only the reader knows is left to be filled in.
The ids of the fields are those of the forms in ``.github/ISSUE_TEMPLATE``; a test compares them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from generator.config import Feedback
from generator.pages.html import clean
from generator.pages.words import Words

Form = Literal["data-error", "demand", "reuse"]
FIELDS: Mapping[Form, tuple[str, ...]] = {
    "data-error": ("dataset", "page", "resource", "row", "column", "problem", "expected", "evidence"),
    "demand": ("dataset", "page", "wanted", "purpose", "organization"),
    "reuse": ("dataset", "page", "url", "description", "type", "organization"),
}
"""Of each form, in its order."""
LONGEST = {"github": 8000, "gitlab": 7500, "gitee": 4000, "gitea": 7500, "email": 1900}
"""Characters of an address. GitHub answers 414 above 8,192, GitLab and Gitea stand behind servers whose lines are at
most 8 kB; a Windows mail program is handed at most 2,048. A Chinese character takes nine."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What the form is about, as far as the page knows."""

    form: Form
    subject: str
    """Of the issue or letter, before the title."""
    title: str = ""
    known: tuple[tuple[str, str], ...] = ()
    """Fields and their values."""


def issue(feedback: Feedback, ask: Ask, t: Words) -> str:
    """The form for an issue; empty without a forge."""
    if not feedback.forge:
        return ""
    return _fitting(lambda poorer: _issue(feedback, poorer, t), ask, LONGEST[feedback.forge])


def letter(feedback: Feedback, ask: Ask, t: Words) -> str:
    """A ``mailto:`` as RFC 6068 has it; empty without an address."""
    if not feedback.email:
        return ""
    return _fitting(lambda poorer: _letter(feedback.email, poorer, t), ask, LONGEST["email"])


def _issue(feedback: Feedback, ask: Ask, t: Words) -> str:
    title, root = _title(ask), feedback.repository
    template = ask.form if t.lang == "zh" else f"{ask.form}-{t.lang}"
    match feedback.forge:
        case "github":
            return _query(f"{root}/issues/new", [("template", f"{template}.yml"), ("title", title), *ask.known])
        case "gitlab":
            # Since GitLab 14.8 the description comes after the text of the template.
            values = [("issuable_template", template), ("issue[title]", title), ("issue[description]", _text(ask, t))]
            return _query(f"{root}/-/issues/new", values)
        case "gitee":
            return _query(f"{root}/issues/new", [("title", title), ("description", _text(ask, t))])
        case _:
            return _query(f"{root}/issues/new", [("title", title), ("body", _text(ask, t))])


def _letter(address: str, ask: Ask, t: Words) -> str:
    text = _text(ask, t, bold="").replace("\n", "\r\n")
    return _query(f"mailto:{quote(address, safe='@.+-_')}", [("subject", _title(ask)), ("body", text)])


def _title(ask: Ask) -> str:
    return f"{ask.subject}{_line(ask.title)}"


def _text(ask: Ask, t: Words, bold: str = "**") -> str:
    """The form as a text with a line a field. What the page knows is no markup of ours, and goes into code spans."""
    known = dict(ask.known)
    mark = "`" if bold else ""
    lines = []
    for name in FIELDS[ask.form]:
        value = _line(known.get(name, "")).replace("`", "'")
        is_address = name == "page"
        shown = value if is_address or not value else f"{mark}{value}{mark}"
        lines.append(f"{bold}{t[f'letter_{name}']}{bold}{t.colon}{shown}")
    return "\n\n".join(lines) + f"\n\n{t.letter_public}\n"


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def _query(address: str, values: Sequence[tuple[str, str]]) -> str:
    """``%20`` for a space: in a letter ``+`` would stand as it is."""
    parts = [f"{quote(key, safe='')}={quote(value, safe='')}" for key, value in values]
    return f"{address}?{'&'.join(parts)}"


def _fitting(make: Callable[[Ask], str], ask: Ask, longest: int) -> str:
    """The longest address within the limit: first the title is cut, then fields are left out, the last one first."""
    known = ask.known
    while True:
        for length in _shorter(len(ask.title)):
            title = ask.title if length == len(ask.title) else f"{ask.title[:length].rstrip()}…"
            address = make(Ask(ask.form, ask.subject, title, known))
            if len(address) <= longest:
                return address
        if not known:
            return ""
        known = known[:-1]


def _shorter(length: int) -> Sequence[int]:
    """All of it, then less, but so much that it can be told what is meant."""
    return [length, *(cut for cut in (200, 100, 60, 30) if cut < length)]
