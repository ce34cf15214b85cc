"""What the forge says of the run: its event, and which change that is about."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.ci.repository import commit_of, is_ancestor, merge_base, parents_of
from generator.errors import ConfigError

MAX_BYTES = 30_000_000


@dataclass(frozen=True, slots=True)
class Request:
    """A proposed change: from ``base`` to what is in the working tree."""

    base: str
    head: str
    number: int | None = None


def read_event(file: Path) -> Mapping[str, Any]:
    """The payload. Raises a ConfigError for what is none."""
    try:
        payload = json.loads(file.read_bytes()) if file.stat().st_size <= MAX_BYTES else None
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigError(f"读不了事件文件 {file}：{error}。", f"The event {file} cannot be read: {error}.") from error
    if not isinstance(payload, dict):
        raise ConfigError(f"{file} 不是平台的事件。", f"{file} is no event of a forge.")
    return payload


def the_request(root: Path, base: str, head: str) -> Request:
    """``base`` and ``head`` as given, empty for what the event or the forge's variables say.

    A pull request is checked out as a commit that merges it into the branch as that is by now. Its first parent is the
    true base then: what others merged since the request was opened is none of it.
    """
    told_base, told_head, number = _told(_event())
    # GitLab's pipelines of merged results have the same form; without an event, these variables tell of it.
    told_head = told_head or os.environ.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", "")
    now = commit_of(root, head or "HEAD")
    start = base or told_base or os.environ.get("CI_MERGE_REQUEST_DIFF_BASE_SHA", "")
    if not start:
        raise ConfigError(
            "不知道与哪个提交比较：请用 --base 指明，例如 --base origin/main。",
            "Compared with which commit? Name it with --base, for example --base origin/main.",
        )
    start = commit_of(root, start)
    parents = parents_of(root, now)
    if len(parents) == 2 and told_head == parents[1] and is_ancestor(root, start, parents[0]):
        start = parents[0]
    return Request(merge_base(root, start, now), now, number)


def _event() -> Mapping[str, Any]:
    path = os.environ.get("GITHUB_EVENT_PATH")
    return read_event(Path(path)) if path and Path(path).is_file() else {}


def _told(payload: Mapping[str, Any]) -> tuple[str, str, int | None]:
    """Base, head and number, of the events that have them."""
    group, request = payload.get("merge_group"), payload.get("pull_request")
    if isinstance(group, Mapping):
        return str(group.get("base_sha") or ""), str(group.get("head_sha") or ""), None
    if isinstance(request, Mapping):
        number = request.get("number")
        return _sha(request, "base"), _sha(request, "head"), number if isinstance(number, int) else None
    return "", "", None


def _sha(request: Mapping[str, Any], side: str) -> str:
    found = request.get(side)
    return str(found.get("sha") or "") if isinstance(found, Mapping) else ""
