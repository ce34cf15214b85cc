"""A change of the catalogue in words, for the log's page and its feed."""

from __future__ import annotations

from generator.releases import Change
from generator.text import Text, bilingual

OPENNESS = {
    "unconditional": bilingual("无条件开放", "open"),
    "conditional": bilingual("有条件开放", "open on conditions"),
    "closed": bilingual("不予开放", "not open"),
    "mixed": bilingual("部分开放", "partly open"),
}
WHAT = {
    "added": bilingual("新增", "Added"),
    "opened": bilingual("扩大开放", "Opened"),
    "less-open": bilingual("缩小开放", "Less open"),
    "withdrawn": bilingual("撤回", "Withdrawn"),
    "renamed": bilingual("更名", "Renamed"),
    "restored": bilingual("恢复发布", "Restored"),
}
_COLON = bilingual("：", ": ")
_RESOURCE = bilingual("（资源：{}）", " (resource: {})")
_FROM_TO = bilingual("由{}改为{}。", "From {} to {}.")
_REASON = bilingual("理由：", "Reason: ")
_BASIS = bilingual("依据：", "Legal basis: ")
_SUCCESSOR = bilingual("现标识符：{}。", "Now called {}.")
_REPLACED = bilingual("可改用：{}。", "Replaced by {}.")


def headline(change: Change, lang: str) -> str:
    name = change.title.to(lang)[0] or change.dataset
    if change.resource:
        name += _RESOURCE.to(lang)[0].format(change.resource_title.to(lang)[0] or change.resource)
    return f"{WHAT[change.what].to(lang)[0]}{_COLON.to(lang)[0]}{name}"


def in_full(change: Change, lang: str) -> str:
    """What became what, why, and what is there instead."""
    parts = [
        _between(change, lang),
        _said(_REASON, change.reason, lang),
        _said(_BASIS, change.legal_basis, lang),
        replaced(change, lang),
        change.note.to(lang)[0],
    ]
    return "\n".join(part for part in parts if part) or headline(change, lang)


def _between(change: Change, lang: str) -> str:
    if not change.before or not change.after or change.before == change.after:
        return ""
    before, after = (OPENNESS[each].to(lang)[0] for each in (change.before, change.after))
    return _FROM_TO.to(lang)[0].format(before, after)


def _said(what: Text, text: Text, lang: str) -> str:
    return what.to(lang)[0] + text.to(lang)[0] if text else ""


def replaced(change: Change, lang: str) -> str:
    words = _SUCCESSOR if change.what == "renamed" else _REPLACED
    return words.to(lang)[0].format(change.successor) if change.successor else ""
