"""``kaishu ci comment`` against a forge on this machine: which request, whose comment, and when to say nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from generator.ci.comment import MARKER, comment
from generator.ci.forge import AUTHOR
from generator.ci.record import Record, Told, grouped, to_json
from generator.errors import ConfigError, ForgeError
from generator.problems import Problem
from tests.ci.conftest import EVENTS, Forge
from tests.ci.hostile import does_nothing

HEAD = "4f410aa0112584f410aa0112584f410aa0112581"
PAGE = "https://github.com/kaishu-portal/jiangmen/actions/runs/9100000001"
BAD = Record(
    "mend",
    touched=("culture/museums",),
    counts=(1, 0, 0),
    errors=1,
    groups=grouped(
        [
            Told(
                Problem("type-date", "culture/museums", "culture/museums/a.csv", "a", "d", 2, 2, 1, "@x", "@y", "@z"),
                "error",
            )
        ]
    ),
    head="0" * 40,
)
GOOD = Record("clean", touched=("culture/museums",), counts=(1, 0, 0))
FAULT = Record("fault")


@pytest.fixture
def files(tmp_path: Path) -> Any:
    def write(record: Record, event: str = "workflow_run_fork") -> tuple[Path, Path]:
        report, payload = tmp_path / "report.json", tmp_path / "event.json"
        report.write_text(to_json(record), "utf-8")
        text = (EVENTS / f"{event}.json").read_text("utf-8")
        payload.write_text(text.replace("HEAD_SHA", HEAD).replace("BASE_SHA", "1" * 40), "utf-8")
        return report, payload

    return write


def pull(number: int = 12, *, owner: str = "clerk-li", sha: str = HEAD, branch: str = "museums") -> dict[str, Any]:
    repo = {"full_name": f"{owner}/jiangmen"}
    return {"number": number, "head": {"label": f"{owner}:{branch}", "sha": sha, "repo": repo}}


def test_a_fork_is_found_by_its_branch_and_commit(forge: Forge, files: Any) -> None:
    forge.pulls += [pull(7, sha="e" * 40), pull(12), pull(13, owner="mallory")]
    done = comment(*files(BAD))
    assert (done.deed, done.number) == ("created", 12)
    (said,) = forge.comments
    assert said["body"].startswith(MARKER)
    assert "❌ 有 1 处需要修改" in said["body"]
    assert forge.tokens == {"Bearer t0ken"}
    does_nothing(said["body"], link=PAGE)


def test_in_the_same_repository_the_event_names_it(forge: Forge, files: Any) -> None:
    """It also names a request of the same branch into another repository, which is not ours."""
    forge.pulls += [pull(12, owner="kaishu-portal")]
    assert comment(*files(BAD, "workflow_run_same_repository")).number == 12


def test_one_comment_is_updated_in_place_and_turns_green(forge: Forge, files: Any) -> None:
    forge.pulls.append(pull())
    assert comment(*files(BAD)).deed == "created"
    assert comment(*files(BAD)).deed == "unchanged"
    assert comment(*files(FAULT)).deed == "updated"
    assert comment(*files(GOOD)).deed == "updated"
    (said,) = forge.comments
    assert "✅ 数据检查通过" in said["body"]
    assert "❌" not in said["body"]
    assert forge.deeds == ["POST", "PATCH", "PATCH"]


def test_nothing_is_said_where_all_is_green_and_never_was_otherwise(forge: Forge, files: Any) -> None:
    forge.pulls.append(pull())
    assert comment(*files(GOOD)).deed == "nothing"
    assert forge.deeds == []


def test_comments_of_others_are_left_alone_whatever_they_begin_with(forge: Forge, files: Any) -> None:
    forge.pulls.append(pull())
    for number in range(150):
        forge.say("clerk-li", f"{MARKER} {number}")
    forge.say(AUTHOR, f"see {MARKER}")
    before = [dict(each) for each in forge.comments]
    assert comment(*files(BAD)).deed == "created"
    assert forge.comments[:-1] == before
    assert comment(*files(GOOD)).deed == "updated", "found on the second page"
    assert forge.comments[:-1] == before


def test_of_two_comments_of_our_own_one_stays(forge: Forge, files: Any) -> None:
    forge.pulls.append(pull())
    forge.say(AUTHOR, f"{MARKER}\na")
    forge.say(AUTHOR, f"{MARKER}\nb")
    assert comment(*files(BAD)).deed == "updated"
    assert len(forge.comments) == 1


def test_a_request_that_has_moved_on_is_left_to_its_next_run(forge: Forge, files: Any) -> None:
    forge.pulls.append(pull(sha="e" * 40))
    assert comment(*files(BAD)).deed == "moved-on"
    forge.pulls[:] = [pull(sha="e" * 40, owner="kaishu-portal")]
    assert comment(*files(BAD, "workflow_run_same_repository")).deed == "moved-on"
    assert forge.deeds == []


@pytest.mark.parametrize("event", ["workflow_run_push", "workflow_run_merge_group"])
def test_a_run_of_no_request_says_nothing(forge: Forge, files: Any, event: str) -> None:
    assert comment(*files(BAD, event)).deed == "no-request"
    assert forge.asked == []


def test_a_request_that_is_closed_by_now(forge: Forge, files: Any) -> None:
    assert comment(*files(BAD)).deed == "no-request"


def test_another_branch_of_that_name_is_not_it(forge: Forge, files: Any) -> None:
    other = pull()
    other["head"]["repo"] = {"full_name": "clerk-li/another"}
    forge.pulls += [other, pull(14) | {"head": {"label": "clerk-li:museums", "sha": HEAD, "repo": None}}]
    assert comment(*files(BAD)).deed == "no-request"


def test_the_report_does_not_say_which_request_it_is(forge: Forge, files: Any) -> None:
    report, event = files(BAD)
    content = json.loads(report.read_text("utf-8"))
    report.write_text(json.dumps({**content, "number": 1}), "utf-8")
    with pytest.raises(ConfigError):
        comment(report, event)
    assert forge.asked == []


def test_dry_run_asks_nobody(forge: Forge, files: Any) -> None:
    done = comment(*files(BAD), dry_run=True)
    assert done.body.startswith(MARKER)
    assert PAGE in done.body or "preview" not in done.body
    assert forge.asked == []


def test_a_failing_forge_is_asked_again_and_a_refusal_is_told(forge: Forge, files: Any) -> None:
    forge.pulls.append(pull())
    forge.failures[:] = [502, 503]
    assert comment(*files(BAD)).deed == "created"
    forge.failures[:] = [403]
    with pytest.raises(ForgeError, match="403") as error:
        comment(*files(GOOD))
    assert "t0ken" not in str(error.value)


def test_a_post_is_not_made_twice(forge: Forge, files: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the first one was heard, nobody can know."""
    from generator.ci.forge import GitHub

    forge.failures[:] = [502]
    with pytest.raises(ForgeError):
        GitHub.of_environment().post("/issues", {"title": "x"})
    assert forge.deeds == ["POST"]
    monkeypatch.setenv("GITHUB_REPOSITORY", "x/../../y")
    with pytest.raises(ForgeError):
        GitHub.of_environment()


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"workflow_run": 1}', b"[" * 100_000])
def test_what_is_no_event(files: Any, content: bytes) -> None:
    report, event = files(BAD)
    event.write_bytes(content)
    with pytest.raises(ConfigError):
        comment(report, event)


def test_the_command(forge: Forge, files: Any, kaishu: Any) -> None:
    report, event = files(BAD)
    done = kaishu("ci", "comment", "--report", report, "--event", event, "--dry-run")
    assert done.returncode == 0
    assert done.stdout.startswith(MARKER)
    report.write_text("{}", "utf-8")
    done = kaishu("ci", "comment", "--report", report, "--event", event)
    assert done.returncode == 2
    assert "不是开数的检查报告" in done.stderr
