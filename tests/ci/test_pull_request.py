"""``kaishu ci pr`` over real histories: what is checked, whose fault it is, and what is left behind."""

from __future__ import annotations

import datetime
import json
import os
import re
import shutil
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from generator.build import Options
from generator.ci.pr import Wanted, run
from generator.ci.record import read_record
from generator.config import Config, read_config
from generator.errors import ConfigError
from generator.exits import Exit
from generator.releases import Part, Previous, Record
from generator.text import Text
from tests.ci.conftest import Repository

TODAY = datetime.date(2026, 6, 30)
BROKEN = "甲,1.5,2024年1月6日"


@dataclass
class Ran:
    code: Exit
    said: list[str]
    output: Path
    report: dict[str, Any] = field(default_factory=dict)

    @property
    def problems(self) -> list[dict[str, Any]]:
        return [problem for group in self.report["problems"] for problem in group["problems"]]

    @property
    def names(self) -> list[str]:
        return sorted({problem["name"] for problem in self.problems})

    @property
    def others(self) -> list[str]:
        return [other["dataset"] for other in self.report["others"]]


def checked(
    repository: Repository, *, base: str = "", head: str = "", previous: Previous | None = None, **wanted: Any
) -> Ran:
    output = repository.root.parent / "out"
    said: list[str] = []
    given = Wanted(output, **{"preview": False, **wanted})

    def read() -> tuple[Config, Options]:
        config = read_config(repository.root / "kaishu.yaml", site=repository.root / "site")
        return config, Options(TODAY, jobs=1, previous=previous)

    code = run(read, given, base=base, head=head, say=said.append)
    read_record(output / "report.json")  # what it writes, it reads
    return Ran(code, said, output, json.loads((output / "report.json").read_text("utf-8")))


# --- whose fault it is


def test_a_fault_in_a_touched_dataset_fails_the_request(repository: Repository) -> None:
    repository.add("culture/museums", rows=BROKEN)
    repository.commit()
    ran = checked(repository, base="HEAD~1")
    assert ran.code == Exit.MEND
    assert ran.report["touched"] == ["culture/museums"]
    (problem,) = ran.problems
    assert (problem["name"], problem["row"], problem["likely"]) == ("type-date", 2, "2024-01-06")
    assert ran.report["result"] == "mend"
    assert ran.others == []


def test_a_second_persons_fault_never_blocks_a_request(repository: Repository) -> None:
    repository.add("culture/museums", rows=BROKEN)
    base = repository.commit()
    repository.add("culture/theatres")
    repository.commit()
    ran = checked(repository, base=base)
    assert ran.code == Exit.CLEAN
    assert ran.problems == []
    assert ran.others == ["culture/museums"]
    assert "culture/museums" in "\n".join(ran.said)
    assert checked(repository, base=base, others=0).report["unchecked"] == 2


def test_nothing_is_noted_where_the_others_are_clean(repository: Repository) -> None:
    repository.add("culture/theatres")
    repository.commit()
    ran = checked(repository, base="HEAD~1")
    assert (ran.code, ran.others) == (Exit.CLEAN, [])


def test_what_others_merged_meanwhile_is_none_of_the_request(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The event names the base of when the request was opened; the checkout merges into the branch of today."""
    opened = repository.git("rev-parse", "HEAD")
    repository.git("switch", "--quiet", "-c", "request")
    repository.add("culture/theatres")
    head = repository.commit()
    repository.git("switch", "--quiet", "main")
    repository.add("culture/museums", rows=BROKEN)
    repository.commit()
    repository.git("merge", "--quiet", "--no-ff", "-m", "merge", "request")
    event = repository.event("pull_request", opened, head)
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(event))
    for base in ("", opened):
        ran = checked(repository, base=base)
        assert ran.code == Exit.CLEAN
        assert (ran.report["touched"], ran.others) == (["culture/theatres"], ["culture/museums"])


def test_merge_group(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    base = repository.git("rev-parse", "HEAD")
    repository.add("culture/museums", rows=BROKEN)
    event = repository.event("merge_group", base, repository.commit())
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(event))
    assert checked(repository).names == ["type-date"]


@pytest.mark.parametrize("folder", ["culture/aaa", "culture/zzz"])
def test_a_name_that_is_taken_is_told_of_the_newcomer(repository: Repository, folder: str) -> None:
    """The rule tells it of whichever comes later in the alphabet."""
    repository.add(folder, name="parks")
    repository.commit()
    ran = checked(repository, base="HEAD~1")
    assert ran.code == Exit.MEND
    told = {problem["name"]: problem for problem in ran.problems}
    assert told["name-taken"]["dataset"] == folder
    assert told["name-taken"]["expected"] == "culture/parks"
    assert ran.others == []


def test_a_change_of_an_agency_is_held_against_its_datasets(repository: Repository) -> None:
    (repository.datasets / "culture/agency.yaml").unlink()
    repository.commit()
    ran = checked(repository, base="HEAD~1")
    assert ran.code == Exit.MEND
    assert ran.report["dependent"] == ["culture/parks"]
    assert "agency-unknown" in ran.names


def test_whoever_mends_an_agency_does_not_answer_for_old_faults_of_its_datasets(repository: Repository) -> None:
    repository.add("culture/museums", rows=BROKEN)
    base = repository.commit()
    agency = repository.datasets / "culture/agency.yaml"
    agency.write_text(agency.read_text("utf-8") + "homepage: https://culture.test.example/\n", "utf-8")
    repository.commit()
    ran = checked(repository, base=base)
    assert (ran.code, ran.others) == (Exit.CLEAN, ["culture/museums"])
    assert ran.report["dependent"] == ["culture/museums", "culture/parks"]


def test_nor_does_whoever_changes_the_portals_configuration(repository: Repository) -> None:
    repository.add("culture/museums", rows=BROKEN)
    base = repository.commit()
    file = repository.root / "kaishu.yaml"
    file.write_text(file.read_text("utf-8").replace("测试门户", "新门户"), "utf-8")
    assert checked(repository, base=base).code == Exit.CLEAN
    file.write_text(file.read_text("utf-8") + "defaults: {update_cycle: hourly, openness: open}\n", "utf-8")
    descriptor = repository.datasets / "culture/parks/datapackage.yaml"
    assert checked(repository, base=base).code == Exit.CLEAN, "every dataset states its own"
    descriptor.write_text(descriptor.read_text("utf-8").replace("openness: unconditional\n", ""), "utf-8")
    base = repository.commit()
    file.write_text(file.read_text("utf-8").replace("openness: open", "openness: opened"), "utf-8")
    assert "openness-invalid" in checked(repository, base=base).names


def test_a_request_that_touches_no_dataset(repository: Repository) -> None:
    (repository.root / "README.md").write_text("x\n", "utf-8")
    repository.commit()
    ran = checked(repository, base="HEAD~1", preview=True)
    assert (ran.code, ran.report["touched"], ran.report["preview"]) == (Exit.CLEAN, [], None)
    assert "没有涉及任何数据集" in (ran.output / "summary.md").read_text("utf-8")


# --- what is taken away


STATED = """changes:
  - what: withdrawn
    date: 2026-06-01
    title: 城市公园名录
    from: unconditional
    reason: 并入另一个数据集。
    reviewed: 2026-05-20
"""


def test_a_dataset_that_goes_without_a_word_fails_the_request(repository: Repository) -> None:
    repository.add("culture/museums")
    base = repository.commit()
    shutil.rmtree(repository.datasets / "culture/museums")
    repository.commit()
    ran = checked(repository, base=base)
    assert (ran.code, ran.names, ran.report["gone"]) == (Exit.MEND, ["withdrawn-unstated"], ["culture/museums"])
    (repository.datasets / "culture/museums").mkdir()
    (repository.datasets / "culture/museums/changes.yaml").write_text(STATED, "utf-8")
    assert checked(repository, base=base).code == Exit.CLEAN


def test_less_openness_needs_a_statement(repository: Repository) -> None:
    descriptor = repository.datasets / "culture/parks/datapackage.yaml"
    terms = "openness: closed\naccess: {reason: 涉及安全, legal_basis: 《办法》第十二条}\n"
    descriptor.write_text(descriptor.read_text("utf-8").replace("openness: unconditional\n", terms), "utf-8")
    assert "less-open-unstated" in checked(repository, base="HEAD").names


def test_a_breaking_change_asks_for_a_new_major_version(repository: Repository) -> None:
    base = repository.commit()
    file = repository.datasets / "culture/parks/datapackage.yaml"
    text = file.read_text("utf-8")
    assert "name: area, title: 面积" in text
    file.write_text(text.replace("type: number", "type: string"), "utf-8")
    repository.commit()
    ran = checked(repository, base=base)
    (found,) = [group for group in ran.report["problems"] if group["code"] == "M188"]
    assert (found["severity"], ran.report["result"]) == ("advice", "clean")
    assert found["problems"][0]["expected"] == "1.0.0" or found["problems"][0]["expected"] == "2.0.0"
    assert "字段 area 的类型" in found["problems"][0]["more"]["changes_zh"]
    file.write_text("version: 2.0.0\n" + file.read_text("utf-8"), "utf-8")
    assert not [g for g in checked(repository, base=base).report["problems"] if g["code"] == "M188"]


def test_what_another_took_away_before_is_only_noted(repository: Repository) -> None:
    """Compared with the published site, the missing dataset is told at each build."""
    record = Record(
        "bridges", Text("桥梁", "zh"), "unconditional", "culture", Text(), (Part("a", Text(), "unconditional"),)
    )
    repository.add("culture/museums")
    repository.commit()
    ran = checked(repository, base="HEAD~1", previous=Previous((record,)))
    assert (ran.code, ran.problems) == (Exit.CLEAN, [])
    assert ran.others == ["culture/bridges/changes.yaml"]


# --- what is looked at


def test_work_that_is_not_committed_is_checked_as_well(repository: Repository) -> None:
    repository.add("culture/museums", rows=BROKEN)
    assert checked(repository, base="HEAD").report["touched"] == ["culture/museums"]


def test_another_commit_than_the_one_that_is_checked_out(repository: Repository) -> None:
    start = repository.git("rev-parse", "HEAD")
    hook = repository.root / ".git/hooks/post-checkout"
    hook.write_text(f"#!/bin/sh\ntouch {repository.root.parent}/ran\n", "utf-8")
    hook.chmod(0o755)
    repository.git("switch", "--quiet", "-c", "other")
    (repository.root.parent / "ran").unlink()
    repository.add("culture/museums", rows=BROKEN)
    there = repository.commit()
    repository.git("-c", "core.hooksPath=/dev/null", "switch", "--quiet", "main")
    repository.add("culture/unfinished", rows="乱")
    ran = checked(repository, base=start, head=there)
    assert (ran.report["touched"], ran.report["head"], ran.code) == (["culture/museums"], there, Exit.MEND)
    assert len(repository.git("worktree", "list").splitlines()) == 1
    assert not (repository.root.parent / "ran").exists(), "no hook runs"


def test_the_datasets_may_be_the_whole_repository(repository: Repository, tmp_path: Path) -> None:
    root = tmp_path / "plain"
    shutil.copytree(repository.datasets, root)
    (root / "kaishu.yaml").write_text((repository.root / "kaishu.yaml").read_text("utf-8") + "datasets: .\n", "utf-8")
    plain = Repository(root)
    plain.git("init", "--quiet")
    base = plain.commit()
    (root / "culture/parks/parks.csv").write_text(f"park,area,opened\n{BROKEN}\n", "utf-8")
    ran = checked(plain, base=base)
    assert (ran.report["touched"], ran.names) == (["culture/parks"], ["type-date"])


@pytest.mark.parametrize(("base", "words"), [("", "--base"), ("nowhere", "git")])
def test_no_base_is_our_own_fault_and_told_as_such(repository: Repository, base: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        checked(repository, base=base)
    output = repository.root.parent / "out"
    assert read_record(output / "report.json").result == "fault"
    assert "开数自身或门户配置的问题" in (output / "summary.md").read_text("utf-8")


def test_broken_settings_leave_a_report_and_can_be_mended(repository: Repository) -> None:
    file = repository.root / "kaishu.yaml"
    good = file.read_text("utf-8")
    file.write_text(good + "colour: red\n", "utf-8")
    broken = repository.commit()
    with pytest.raises(ConfigError, match="colour"):
        checked(repository, base="HEAD~1")
    assert read_record(repository.root.parent / "out/report.json").result == "fault"
    file.write_text(good, "utf-8")
    repository.commit()
    assert checked(repository, base=broken).code == Exit.CLEAN


def test_a_history_that_is_too_short_says_so(repository: Repository, tmp_path: Path) -> None:
    repository.add("culture/museums")
    repository.commit()
    repository.git("switch", "--quiet", "--orphan", "elsewhere")
    (repository.root / "x").write_text("x", "utf-8")
    orphan = repository.commit()
    repository.git("switch", "--quiet", "main")
    with pytest.raises(ConfigError, match="fetch-depth"):
        checked(repository, base=orphan)


# --- what is told


def test_nothing_of_a_cell_becomes_a_command(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    summary = repository.root.parent / "step.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    nasty = '"a\n::error file=x::pwned\n##[error]pwned\n::set-output name=x::y\n%0A::warning::z"'
    repository.add("culture/museums", rows="\n".join(f"{nasty},{nasty},{nasty}" for _ in range(20)))
    repository.commit()
    ran = checked(repository, base="HEAD~1")
    log = "\n".join(ran.said).split("\n")
    token = log[0].removeprefix("::stop-commands::")
    assert re.fullmatch("[0-9a-f]{32}", token)
    after = log[log.index(f"::{token}::") + 1 :]
    assert len(after) == 10
    assert "31 more" in after[-1]
    for line in after:
        assert re.fullmatch(r"::error (file=[^:]*,line=\d+,)?title=[^:]*::[^\r\n]*", line), line
        assert "pwned" not in line.split("::")[1]
    assert ran.report["errors"] == 40
    assert "pwned" not in re.sub("`[^`]*`", "", summary.read_text("utf-8"))


def test_annotations_stand_at_the_line_of_the_file(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    made = repository.add(
        "culture/museums", rows='"两\n行",1,1999-01-01\n乙,2,2024年1月6日', **{"CC-BY-4.0": "my-licence"}
    )
    ran = checked(repository, base="HEAD")
    at = dict(re.findall(r"::error file=([^,]+),line=(\d+),", "\n".join(ran.said)))
    assert at["datasets/culture/museums/parks.csv"] == "4", "row 3 is on the fourth line"
    descriptor = (made / "datapackage.yaml").read_text("utf-8").split("\n")
    line = int(at["datasets/culture/museums/datapackage.yaml"])
    assert descriptor[line - 1].startswith("licenses:")


SECRET = "机密内容7731"


def test_nothing_of_data_that_are_not_open_is_told_anywhere(repository: Repository) -> None:
    terms = "access: {reason: 敏感, conditions: [签协议], applicants: 企业, channel: {email: a@data.test.example}}\n"
    repository.add(
        "culture/guards",
        rows=f"甲,{SECRET},{SECRET}\n乙,{SECRET},1999-01-01",
        **{"openness: unconditional\n": f"openness: conditional\n{terms}"},
    )
    repository.commit()
    ran = checked(repository, base="HEAD~1", formats=("junit", "codequality"), preview=True)
    assert ran.code == Exit.MEND
    told = "\n".join(ran.said) + "".join(
        file.read_text("utf-8") for file in ran.output.iterdir() if file.suffix in (".json", ".md", ".xml")
    )
    assert "guards" in told
    assert SECRET not in told
    assert "7731" not in told
    if (ran.output / "preview.zip").exists():
        with zipfile.ZipFile(ran.output / "preview.zip") as archive:
            assert not any(SECRET.encode() in archive.read(name) for name in archive.namelist())


def test_the_report_leads_nowhere_else(repository: Repository, tmp_path: Path) -> None:
    """A branch may bring along a link of the report's name."""
    output = repository.root.parent / "out"
    output.mkdir()
    kept = tmp_path / "kept"
    kept.write_text("kept", "utf-8")
    (output / "report.json").symlink_to(kept)
    checked(repository, base="HEAD")
    assert kept.read_text("utf-8") == "kept"


def test_the_command(repository: Repository, kaishu: Any) -> None:
    repository.add("culture/museums", rows=BROKEN)
    done = kaishu(
        *("ci", "pr", "--config", repository.root / "kaishu.yaml", "--base", "HEAD", "--output", "out", "--jobs", "1"),
        *("--format", "junit", "--no-preview", "--datasets", repository.datasets),
        **{name: "" for name in os.environ if name.startswith(("GITHUB_", "CI_"))},
    )
    assert done.returncode == 1, done.stderr
    assert "现值 2024年1月6日 → 应为 2024-01-06" in done.stdout
    assert "::stop-commands::" not in done.stdout, "not on a forge"
    assert (repository.root.parent / "out/junit.xml").is_file()
    assert kaishu("ci", "pr", "--output", "out").returncode == 2
