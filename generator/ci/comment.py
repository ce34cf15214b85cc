"""``kaishu ci comment``: one comment on the request, made by the default branch's code of a report that it distrusts.

Which request it is, the forge's event says, never the report: the run that wrote it was one of the request's own code.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from generator.ci.event import read_event
from generator.ci.forge import AUTHOR, GitHub, is_own
from generator.ci.record import Record, read_record
from generator.ci.telling import COMMENT, to_markdown
from generator.errors import ConfigError

MARKER = "<!-- kaishu:check -->"
_SHA = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")

Deed = Literal["nothing", "created", "updated", "unchanged", "moved-on", "no-request"]


@dataclass(frozen=True, slots=True)
class Run:
    """The run whose report is told, as the event has it."""

    repository: str
    head: str
    head_repository: str
    head_branch: str
    number: int | None
    """Of the request, where the event knows it: not for forks."""
    page: str


@dataclass(frozen=True, slots=True)
class Done:
    deed: Deed
    number: int | None
    body: str


def comment(report: Path, event: Path, *, dry_run: bool = False, author: str = AUTHOR) -> Done:
    """With ``dry_run`` nothing is asked or sent; the body is what would stand there."""
    run = read_run(read_event(event))
    record = read_record(report)
    body = body_of(record, run.page if run else "")
    if run is None or dry_run:
        return Done("no-request" if run is None else "nothing", run.number if run else None, body)
    return tell(GitHub.of_environment(run.repository), run, record, body, author=author)


def body_of(record: Record, page: str) -> str:
    return f"{MARKER}\n{to_markdown(record, COMMENT, run=page)}"


def read_run(payload: Mapping[str, Any]) -> Run | None:
    """None where the run was not of a pull request."""
    found = payload.get("workflow_run")
    repository = _text(payload.get("repository"), "full_name") or os.environ.get("GITHUB_REPOSITORY", "")
    if not isinstance(found, Mapping):
        raise ConfigError(
            "事件里没有 workflow_run：kaishu ci comment 由 workflow_run 触发的工作流调用。",
            "The event has no workflow_run: kaishu ci comment is for a workflow that workflow_run starts.",
        )
    head = _text(found, "head_sha")
    if found.get("event") != "pull_request" or not _SHA.fullmatch(head):
        return None
    server = os.environ.get("GITHUB_SERVER_URL") or "https://github.com"
    run = found.get("id")
    return Run(
        repository=repository,
        head=head,
        head_repository=_text(found.get("head_repository"), "full_name"),
        head_branch=_text(found, "head_branch"),
        number=_number(found.get("pull_requests"), repository),
        page=f"{server}/{repository}/actions/runs/{run}" if isinstance(run, int) else "",
    )


def _text(values: Any, key: str) -> str:
    value = values.get(key) if isinstance(values, Mapping) else None
    return value if isinstance(value, str) else ""


def _number(requests: Any, repository: str) -> int | None:
    """Of the one request into this repository. A branch may have been proposed to others as well."""
    for request in requests if isinstance(requests, list) else ():
        base = request.get("base") if isinstance(request, Mapping) else None
        into = _text(base.get("repo"), "url") if isinstance(base, Mapping) else ""
        if into.endswith(f"/repos/{repository}") and isinstance(request.get("number"), int):
            return int(request["number"])
    return None


def tell(forge: GitHub, run: Run, record: Record, body: str, *, author: str = AUTHOR) -> Done:
    """One comment, updated in place. All green and never a word before: still none."""
    found = _request(forge, run)
    if found is None:
        return Done("no-request", None, body)
    number, head = found
    if head != run.head:  # there is a newer run by now, or will be
        return Done("moved-on", number, body)
    said = [
        each
        for each in forge.each(f"/issues/{number}/comments")
        if is_own(each, author) and str(each.get("body") or "").startswith(MARKER)
    ]
    if not said:
        if record.result == "clean":
            return Done("nothing", number, body)
        forge.post(f"/issues/{number}/comments", {"body": body})
        return Done("created", number, body)
    first, *more = said
    for each in more:  # of two runs that both found none
        forge.delete(f"/issues/comments/{int(each['id'])}")
    if str(first.get("body") or "").replace("\r\n", "\n").strip() == body.strip():
        return Done("unchanged", number, body)
    forge.patch(f"/issues/comments/{int(first['id'])}", {"body": body})
    return Done("updated", number, body)


def _request(forge: GitHub, run: Run) -> tuple[int, str] | None:
    """Number and present head of the open request that the run was of.

    ``/commits/<sha>/pulls`` knows nothing of commits that are in a fork alone; the list by branch does.
    """
    if run.number is not None:
        request = forge.get(f"/pulls/{run.number}")
        head = request.get("head") if isinstance(request, Mapping) else None
        return run.number, _text(head, "sha")
    owner = run.head_repository.partition("/")[0]
    if not owner or not run.head_branch:
        return None
    moved = None
    for request in forge.each("/pulls", state="open", head=f"{owner}:{run.head_branch}"):
        head, number = request.get("head"), request.get("number")
        ours = isinstance(head, Mapping) and _text(head.get("repo"), "full_name") == run.head_repository
        if ours and isinstance(number, int):
            if _text(head, "sha") == run.head:
                return number, run.head
            moved = moved or (number, _text(head, "sha"))
    return moved
