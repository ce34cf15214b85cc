"""The command as people and programs call it: real processes, their output and exit codes."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from generator import __version__
from generator.cli import commands
from generator.progress import STEPS
from generator.publish import differences
from tests.conftest import ROOT, Kaishu

HEAVY = ("pyarrow", "frictionless", "pandas", "mkdocs", "rdflib", "jinja2", "rich", "uvicorn", "yaml")
DOCUMENTATION = (ROOT / "docs/command-line.md").read_text("utf-8")


# Help and version


def test_version(kaishu: Kaishu) -> None:
    done = kaishu("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"kaishu {__version__}\n", "")


@pytest.mark.parametrize("arguments", [["--help"], ["build", "--help"], ["check", "-h"], ["serve", "--help"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    code = f"""
import sys
from generator.cli import commands
from generator.progress import STEPS
commands.main({arguments!r}, standalone_mode=False)
sys.stderr.write(" ".join(name for name in {HEAVY!r} if name in sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("Usage:")
    assert done.stderr == ""


def test_help_is_in_the_readers_language(kaishu: Kaishu) -> None:
    assert "数据集所在文件夹" in kaishu("build", "--help").stdout
    assert "Folder of the datasets" in kaishu("build", "--help", LANG="en_GB.UTF-8").stdout
    assert "数据集所在文件夹" in kaishu("build", "--help", LANG="C").stdout
    assert "Folder of the datasets" in kaishu("build", "--help", LC_ALL="en_US.UTF-8").stdout


def options() -> list[tuple[str, click.Option]]:
    return [
        (name, parameter)
        for name, command in each_command(commands)
        for parameter in command.params
        if isinstance(parameter, click.Option)
    ]


def each_command(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """By its whole name, also those within a group of their own."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from each_command(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


@pytest.mark.parametrize(("command", "option"), options(), ids=lambda v: v if isinstance(v, str) else v.name)
def test_every_option_has_a_help_text_and_is_documented(command: str, option: click.Option) -> None:
    assert option.help
    section = DOCUMENTATION.split(f"## kaishu {command}", 1)[1].split("\n## ", 1)[0]
    assert f"`{option.opts[0]}" in section


def test_build_and_check_take_the_options_that_they_promise() -> None:
    taken = {name: {option.opts[0] for command, option in options() if command == name} for name in ("build", "check")}
    common = {"--datasets", "--config", "--site", "--jobs", "--today", "--lang", "--format", "--debug"}
    common |= {"--state", "--no-state", "--previous", "--no-previous"}
    assert taken == {"build": common, "check": common}


# Exit codes and reports


def test_clean_portal_is_published_with_code_0(kaishu: Kaishu, portal: Path) -> None:
    done = kaishu("build", "--config", portal / "kaishu.yaml", "--site", portal / "site", "--jobs", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "✓ 发布了 1 个数据集" in done.stdout
    assert differences(portal / "site") == []
    assert (portal / "site/dataset/parks/index.html").is_file()


def test_broken_dataset_is_left_out_with_code_1_and_the_other_is_published(
    kaishu: Kaishu, portal: Path, broken_dates: Path
) -> None:
    done = kaishu("build", "--config", portal / "kaishu.yaml", "--site", portal / "site", "--jobs", "1")
    assert done.returncode == 1
    assert "culture/museums · 未发布，8 个错误" in done.stdout
    assert "发布了 1 个数据集，共 2 个，1 个未发布" in done.stdout
    assert (portal / "site/dataset/parks/index.html").is_file()
    assert not (portal / "site/dataset/museums").exists()


def test_check_says_where_what_and_what_to_do(kaishu: Kaishu, portal: Path, broken_dates: Path) -> None:
    (broken_dates / "museums.csv").write_text("park,area,opened\n馆,1,2024年1月6日\n", "utf-8")
    done = kaishu("check", "--config", portal / "kaishu.yaml")
    assert done.returncode == 1
    assert re.search(
        r"✗ T\d{3} \S+ · portal/datasets/culture/museums/museums\.csv 第 2 行「opened」\(C2\)", done.stdout
    )
    assert "现值 2024年1月6日 → 应为 " in done.stdout
    assert "怎么改：" in done.stdout
    assert "说明：" in done.stdout


def test_repeats_of_one_kind_stand_together(kaishu: Kaishu, portal: Path, broken_dates: Path) -> None:
    zh = kaishu("check", "--config", portal / "kaishu.yaml").stdout
    assert "同类 7 处" in zh
    assert "第 6 行「opened」(C6)：现值 2024年1月5日" in zh
    assert "第 7 行「opened」" not in zh
    assert "……另有 2 处" in zh
    en = kaishu("check", "--config", portal / "kaishu.yaml", "--lang", "en").stdout
    assert "7 of this kind" in en
    assert "row 6 “opened” (C6): now 2024年1月5日 → should be " in en
    assert "… and 2 more" in en


def test_errors_come_before_advice(kaishu: Kaishu, portal: Path, broken_dates: Path) -> None:
    descriptor = portal / "datasets/culture/parks/datapackage.yaml"
    lowered = descriptor.read_text("utf-8").replace("title_en: City parks\n", "")
    descriptor.write_text(lowered, "utf-8")
    marks = re.findall(r"^  ([✗!]) ", kaishu("check", "--config", portal / "kaishu.yaml").stdout, re.M)
    assert marks == ["✗", "✗", "!"]


def test_check_writes_nothing_but_its_state(kaishu: Kaishu, portal: Path) -> None:
    before = sorted(portal.rglob("*"))
    assert kaishu("check", "--config", portal / "kaishu.yaml", "--no-state").returncode == 0
    assert sorted(portal.rglob("*")) == before
    assert kaishu("check", "--config", portal / "kaishu.yaml").returncode == 0
    assert sorted(file for file in portal.rglob("*") if ".kaishu" not in file.parts) == before


def test_check_of_paths_looks_at_those_only(kaishu: Kaishu, portal: Path, broken_dates: Path) -> None:
    config = ("--config", portal / "kaishu.yaml")
    assert kaishu("check", portal / "datasets/culture/parks", *config).returncode == 0
    assert kaishu("check", broken_dates, *config).returncode == 1
    assert kaishu("check", broken_dates / "museums.csv", *config).returncode == 1


def test_path_elsewhere_is_refused(kaishu: Kaishu, portal: Path, tmp_path: Path) -> None:
    done = kaishu("check", tmp_path, "--config", portal / "kaishu.yaml")
    assert done.returncode == 2
    assert "不在数据集文件夹" in done.stderr
    assert kaishu("check", tmp_path / "nothing", "--config", portal / "kaishu.yaml").returncode == 2


def test_datasets_may_lie_anywhere(kaishu: Kaishu, portal: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (portal / "datasets").rename(elsewhere)
    assert kaishu("check", "--datasets", elsewhere, "--config", portal / "kaishu.yaml").returncode == 0


# JSON


def report(kaishu: Kaishu, *arguments: str | Path) -> tuple[int, dict[str, Any]]:
    done = kaishu(*arguments, "--format", "json", "--jobs", "1")
    return done.returncode, json.loads(done.stdout)


def test_json_is_one_documented_object(kaishu: Kaishu, portal: Path, broken_dates: Path) -> None:
    site = portal / "site"
    code, found = report(kaishu, "build", "--config", portal / "kaishu.yaml", "--site", site)
    assert code == found["exit_code"] == 1
    assert (found["kaishu"], found["format"], found["command"]) == (__version__, 1, "build")
    assert found["published"] == ["parks"]
    assert found["left_out"] == ["culture/museums"]
    summary = found["summary"]
    assert {key: summary[key] for key in ("datasets", "published", "left_out", "errors", "advice")} == {
        "datasets": 2,
        "published": 1,
        "left_out": 1,
        "errors": 8,
        "advice": 0,
    }
    files = [file for file in site.rglob("*") if file.is_file()]
    assert summary["files"] == len(files)
    assert 0 < summary["bytes"] <= sum(file.stat().st_size for file in files)
    cells = [problem for problem in found["problems"] if problem["row"]]
    assert len(cells) == 7, "JSON has every problem"
    first = cells[0]
    assert (first["file"], first["field"], first["cell"]) == ("culture/museums/museums.csv", "opened", "C2")
    assert first["value"] == "2024年1月1日"
    assert set(first["message"]) == {"zh", "en"}
    for key in [*found, *summary, *first]:
        assert f"`{key}`" in DOCUMENTATION, key


def test_json_of_a_failure_is_an_object_too(kaishu: Kaishu, tmp_path: Path) -> None:
    code, found = report(kaishu, "check", "--config", tmp_path / "none.yaml")
    assert code == found["exit_code"] == 2
    assert found["error"]["kind"] == "configuration"
    assert set(found["error"]["message"]) == {"zh", "en"}
    for key in [*found, *found["error"]]:
        assert f"`{key}`" in DOCUMENTATION, key


# Our own faults, and the operator's


def test_wrong_configuration_is_code_2_and_says_what(kaishu: Kaishu, portal: Path) -> None:
    (portal / "kaishu.yaml").write_text("portal: {title: x, url: 'https://a.example/', colour: red}\n", "utf-8")
    done = kaishu("check", "--config", portal / "kaishu.yaml")
    assert done.returncode == 2
    assert "colour" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Traceback" in kaishu("check", "--config", portal / "kaishu.yaml", "--debug").stderr


def test_somebodys_folder_is_not_replaced(kaishu: Kaishu, portal: Path) -> None:
    (portal / "site").mkdir()
    (portal / "site/thesis.txt").write_text("mine", "utf-8")
    done = kaishu("build", "--config", portal / "kaishu.yaml", "--site", portal / "site")
    assert done.returncode == 2
    assert "不会替换" in done.stderr
    assert (portal / "site/thesis.txt").read_text("utf-8") == "mine"


def test_unexpected_exception_is_told_as_ours_in_both_languages(portal: Path) -> None:
    """The stand-in for an unknown fault of ours: reading the catalogue raises."""
    code = """
import sys
from generator import build, cli
def broken(*_): raise RuntimeError("oh\\x1b[2J")
build.read_catalog = broken
cli.main(sys.argv[1:])
"""
    command = [sys.executable, "-c", code, "check", "--config", str(portal / "kaishu.yaml")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 2
    assert "开数自身的问题" in done.stderr
    assert "Kaishu's own fault" in done.stderr
    assert "RuntimeError: oh\\u001b[2J" in done.stderr
    assert "Traceback" not in done.stderr
    done = subprocess.run([*command, "--debug"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert "Traceback" in done.stderr
    assert "\x1b" not in done.stderr


def test_wrong_option_is_code_2(kaishu: Kaishu) -> None:
    assert kaishu("build", "--jobs", "0").returncode == 2
    assert kaishu("build", "--today", "yesterday").returncode == 2
    assert kaishu("sing").returncode == 2


# The day


def overdue(kaishu: Kaishu, portal: Path, *arguments: str, **variables: str) -> bool:
    descriptor = portal / "datasets/culture/parks/datapackage.yaml"
    words = descriptor.read_text("utf-8").replace(
        "update_cycle: irregular", "update_cycle: yearly\nmodified: 2024-01-01"
    )
    descriptor.write_text(words, "utf-8")
    done = kaishu("check", "--config", str(portal / "kaishu.yaml"), "--format", "json", *arguments, **variables)
    return "update-overdue" in {problem["name"] for problem in json.loads(done.stdout)["problems"]}


def test_today_is_stated_or_taken_from_the_environment(kaishu: Kaishu, portal: Path) -> None:
    assert not overdue(kaishu, portal, "--today", "2024-06-30")
    assert overdue(kaishu, portal, "--today", "2026-06-30")
    assert not overdue(kaishu, portal, SOURCE_DATE_EPOCH="1719700000")
    assert overdue(kaishu, portal, "--today", "2026-06-30", SOURCE_DATE_EPOCH="1719700000")
    assert kaishu("check", "--config", portal / "kaishu.yaml", SOURCE_DATE_EPOCH="soon").returncode == 2


# Languages and terminals


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("zh_CN.UTF-8", "检查了"),
        ("zh-Hant", "检查了"),
        ("en_US.UTF-8", "Datasets checked"),
        ("de_DE.UTF-8", "Datasets checked"),
        ("C", "检查了"),
        ("C.UTF-8", "检查了"),
        ("", "检查了"),
    ],
)
def test_language_is_the_systems_else_the_portals(kaishu: Kaishu, portal: Path, lang: str, expected: str) -> None:
    assert expected in kaishu("check", "--config", portal / "kaishu.yaml", LANG=lang).stdout


def test_nothing_in_a_dataset_reaches_the_terminal_as_a_command(kaishu: Kaishu, portal: Path) -> None:
    folder = portal / "datasets/culture/parks"
    evil = "\x1b[2J\x9b31m\u202e\r"
    (folder / "parks.csv").write_text(f'park,area,opened\n东湖,1,"{evil}\n::error::x"\n', "utf-8", newline="")
    for form in ("text", "json"):
        done = kaishu("check", "--config", portal / "kaishu.yaml", "--format", form)
        assert done.returncode == 1
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", done.stdout)
        assert not re.search(r"^\s*::error", done.stdout, re.M)
    assert [p["value"] for p in json.loads(done.stdout)["problems"]] == [f"{evil}\n::error::x"], "JSON keeps the value"


def test_log_gets_a_few_plain_lines(kaishu: Kaishu, portal: Path) -> None:
    done = kaishu("build", "--config", portal / "kaishu.yaml", "--site", portal / "site", "--jobs", "1")
    lines = done.stderr.splitlines()
    assert (lines[0], lines[-1]) == ("读取描述文件", "写入站点文件")
    assert len(lines) <= 2 * len(STEPS)
    labels = [step.to("zh")[0] for step in STEPS.values()]
    assert all(line.startswith(tuple(labels)) for line in lines), "every step has its words"
    assert "\x1b" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("variables", "coloured", "bars"),
    [
        ({}, True, True),
        ({"NO_COLOR": "1"}, False, True),
        ({"TERM": "dumb"}, False, False),
        ({"CI": "true"}, True, False),
    ],
)
def test_terminal_gets_colour_and_bars(portal: Path, variables: dict[str, str], coloured: bool, bars: bool) -> None:
    shown = in_terminal(["check", "--config", str(portal / "kaishu.yaml"), "--jobs", "1"], variables)
    assert "检查了 1 个数据集" in shown
    assert ("\x1b[32m✓" in shown) == coloured
    assert ("━" in shown) == bars


def in_terminal(arguments: list[str], variables: dict[str, str]) -> str:
    """What the command writes when its output and error stream are a terminal."""
    ours, theirs = pty.openpty()
    quiet = {k: v for k, v in os.environ.items() if k not in ("CI", "NO_COLOR", "LC_ALL")}
    environment = quiet | {"LANG": "zh_CN.UTF-8", "TERM": "xterm", "PYTHONPATH": str(ROOT)} | variables
    process = subprocess.Popen(
        [sys.executable, "-m", "generator", *arguments], cwd=ROOT, env=environment, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    output = b""
    while True:
        try:
            read = os.read(ours, 65536)
        except OSError:  # Linux's way to say that the other end is closed
            read = b""
        if not read:
            break
        output += read
    os.close(ours)
    assert process.wait(timeout=60) == 0
    return output.decode()


def test_reader_that_goes_away_is_no_fault(portal: Path, broken_dates: Path) -> None:
    command = f"{sys.executable} -m generator check --config {portal / 'kaishu.yaml'} | head -c 1"
    environment = os.environ | {"PYTHONPATH": str(ROOT), "CI": "true"}
    done = subprocess.run(command, shell=True, env=environment, capture_output=True, text=True, check=False)
    assert "BrokenPipe" not in done.stderr
    assert "Traceback" not in done.stderr


def test_killed_build_leaves_the_old_site_and_the_next_one_succeeds(kaishu: Kaishu, portal: Path) -> None:
    site = portal / "site"
    arguments = ("build", "--config", str(portal / "kaishu.yaml"), "--site", str(site), "--jobs", "1")
    assert kaishu(*arguments).returncode == 0
    for seconds in (0.3, 0.8, 1.2, 1.6, 2.0):
        process = subprocess.Popen(
            [sys.executable, "-m", "generator", *arguments],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=30)
        assert differences(site) == []
    assert kaishu(*arguments).returncode == 0
    assert sorted(path.name for path in portal.iterdir()) == [".kaishu", "datasets", "kaishu.yaml", "site"]


def test_check_says_whether_a_build_could_write_the_site(portal: Path, kaishu: Kaishu) -> None:
    (portal / "holiday").mkdir()
    (portal / "holiday/photo.jpg").write_bytes(b"x")
    given = ("check", "--config", portal / "kaishu.yaml", "--site")
    assert kaishu(*given, portal / "site").returncode == 0
    refused = kaishu(*given, portal / "holiday")
    assert refused.returncode == 2
    assert "photo.jpg" in refused.stderr or "manifest.json" in refused.stderr
    assert not (portal / "site").exists()
