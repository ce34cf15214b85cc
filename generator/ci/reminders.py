"""``kaishu freshness``: what is overdue, agency by agency, and one issue for each of them on the forge.

An issue says what is overdue and since when, not for how long: it changes only when something changed.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from generator import vocabularies
from generator.ci.forge import AUTHOR, GitHub, is_own
from generator.ci.markdown import code, prose
from generator.freshness import Due, due
from generator.model import Catalog, Package
from generator.names import own_name
from generator.text import Text, text_of

_MARKER = re.compile(r"^<!-- kaishu:freshness:([A-Za-z0-9._-]{1,100}) -->")
_LONGEST_LIST = 200


@dataclass(frozen=True, slots=True)
class Late:
    name: str
    title: Text
    due: Due


@dataclass(frozen=True, slots=True)
class Reminder:
    """What one agency is behind with, the longest overdue first."""

    agency: str
    """Id; empty for datasets that belong to none."""
    agency_name: Text
    late: tuple[Late, ...]


def promise(package: Package, today: datetime.date) -> Due:
    """As the check has it: the stated day of the last update, else that of the last commit."""
    values = package.descriptor
    updated = str(values.get("modified") or "") or package.committed or str(values.get("created") or "")
    return due(str(values.get("update_cycle") or ""), updated, today)


def reminders(catalog: Catalog, today: datetime.date) -> tuple[Reminder, ...]:
    found: dict[str, list[Late]] = {}
    for package in catalog.packages:
        held = promise(package, today)
        if held.is_overdue:
            found.setdefault(package.agency, []).append(
                Late(own_name(package), text_of(package.descriptor, "title"), held)
            )
    return tuple(
        Reminder(agency, _name(catalog, agency), tuple(sorted(late, key=lambda each: (each.due.due, each.name))))
        for agency, late in sorted(found.items())
    )


def _name(catalog: Catalog, agency: str) -> Text:
    body = catalog.bodies.get(agency)
    return text_of(body.descriptor, "name") if body else Text()


def to_json(found: Sequence[Reminder], today: datetime.date) -> str:
    content = {
        "format": 1,
        "today": today.isoformat(),
        "overdue": sum(len(each.late) for each in found),
        "agencies": [
            {
                "agency": each.agency,
                "name": {"zh": each.agency_name.to("zh")[0], "en": each.agency_name.to("en")[0]},
                "datasets": [
                    {"name": late.name, "title": {"zh": late.title.to("zh")[0], "en": late.title.to("en")[0]}}
                    | {key: value for key, value in asdict(late.due).items() if key != "state"}
                    for late in each.late
                ],
            }
            for each in found
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def to_text(found: Sequence[Reminder], lang: str) -> Iterator[str]:
    for each in found:
        yield f"{each.agency_name.to(lang)[0] or each.agency or '?'} · {len(each.late)}"
        for late in each.late:
            cycle = vocabularies.update_cycles()[late.due.cycle].label.to(lang)[0]
            days = f"逾期 {late.due.days_late} 天" if lang == "zh" else f"{late.due.days_late} days late"
            arrow = "应更新于" if lang == "zh" else "due"
            yield f"  {late.name} · {cycle} · {arrow} {late.due.due} · {days} · {late.title.to(lang)[0]}"


def to_markdown(found: Sequence[Reminder]) -> str:
    """For the job's summary."""
    if not found:
        return "### ✅ 没有逾期的数据集 · Nothing is overdue\n"
    parts = ["### ⏰ 超过承诺更新时间的数据集 · Overdue datasets"]
    parts += [f"#### {prose(each.agency_name.to('zh')[0]) or code(each.agency)}\n\n{_table(each)}" for each in found]
    return "\n\n".join(parts) + "\n"


def title_of(reminder: Reminder) -> str:
    """Plain text on the forge, but for mentions and references: a name has neither."""
    names = [re.sub(r"[@#\r\n]", " ", reminder.agency_name.to(lang)[0])[:80] for lang in ("zh", "en")]
    names = list(dict.fromkeys(filter(None, names))) or [reminder.agency or "—"]
    return f"数据更新逾期：{names[0]} · Overdue updates: {names[-1]}"


def body_of(reminder: Reminder) -> str:
    count = len(reminder.late)
    name = prose(reminder.agency_name.to("zh")[0]) or code(reminder.agency)
    return f"""<!-- kaishu:freshness:{_slug(reminder.agency)} -->
{name}：有 {count} 个数据集超过了承诺的更新时间（已多给一天）。

Datasets past their promised update, with a day of grace: {count}.

{_table(reminder)}

**怎么办**：更新数据文件和 `modified`，提交合并请求；频率写错了的改 `update_cycle`，不再更新的写 `never`。\
全部合并后，本条会自动关闭。

**What to do:** update the data and `modified` in a pull request; correct `update_cycle` where it is wrong, or set it \
to `never`. This issue closes by itself when nothing is overdue.
"""


def _table(reminder: Reminder) -> str:
    cycles = vocabularies.update_cycles()
    rows = [
        "| 数据集 Dataset | 更新频率 Cycle | 最近更新 Last update | 应更新于 Was due |",
        "| --- | --- | --- | --- |",
    ]
    for late in reminder.late[:_LONGEST_LIST]:
        title = prose(late.title.to("zh")[0])
        cycle = cycles[late.due.cycle].label
        what = f"{code(late.name)} {title}".replace("|", "\\|")
        rows.append(f"| {what} | {cycle.to('zh')[0]} {cycle.to('en')[0]} | {late.due.updated} | {late.due.due} |")
    if len(reminder.late) > _LONGEST_LIST:
        rows.append(f"| ……另有 {len(reminder.late) - _LONGEST_LIST} 个 more | | | |")
    return "\n".join(rows)


def _slug(agency: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]", "-", agency)[:100] or "none"


# --- on the forge


@dataclass(frozen=True, slots=True)
class Deeds:
    opened: int = 0
    updated: int = 0
    closed: int = 0


def keep_issues(forge: GitHub, found: Sequence[Reminder], *, author: str = AUTHOR) -> Deeds:
    """Open, update and close our own issues until there is one for each agency that is behind, and none besides."""
    wanted = {_slug(each.agency): each for each in found}
    opened = updated = closed = 0
    there: set[str] = set()
    for issue in list(forge.each("/issues", state="open", creator=author)):
        agency = _agency(issue, author)
        if agency is None:
            continue
        number, reminder = int(issue["number"]), wanted.get(agency)
        if reminder is None or agency in there:
            forge.post(f"/issues/{number}/comments", {"body": _CLOSING})
            forge.patch(f"/issues/{number}", {"state": "closed", "state_reason": "completed"})
            closed += 1
            continue
        there.add(agency)
        if str(issue.get("body") or "").replace("\r\n", "\n").strip() != body_of(reminder).strip():
            forge.patch(f"/issues/{number}", {"title": title_of(reminder), "body": body_of(reminder)})
            updated += 1
    for agency, reminder in wanted.items():
        if agency not in there:
            forge.post("/issues", {"title": title_of(reminder), "body": body_of(reminder)})
            opened += 1
    return Deeds(opened, updated, closed)


_CLOSING = "没有逾期的数据集了，自动关闭。Nothing is overdue any more: closed by itself."


def _agency(issue: Mapping[str, object], author: str) -> str | None:
    """Whose reminder the issue is; None for any other issue, and for pull requests, which are listed as well."""
    found = _MARKER.match(str(issue.get("body") or ""))
    return found[1] if found and is_own(issue, author) and "pull_request" not in issue else None
