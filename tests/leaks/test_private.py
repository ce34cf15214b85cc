"""Where data that are not open may lie, what is told of it, and the verdict that a descriptor may publish."""

from __future__ import annotations

import datetime
import hashlib
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.build import Options, check
from generator.config import read_config
from generator.errors import ConfigError
from generator.problems import Problem, words
from tests.leaks.sites import TODAY, built, differing, write_portal

ACCESS: dict[str, Any] = {
    "reason": "含有个人信息",
    "legal_basis": "某法第一条",
    "conditions": ["限科研"],
    "channel": {"phone": "1"},
}
FIELDS = [{"name": "code", "title": "代码", "type": "integer"}]


def files(*, data: str | None = "code\n1\n", name: str = "secret", **access: Any) -> dict[str, bytes | str]:
    descriptor = {
        "name": name, "title": "名单", "description": "说明。", "openness": "conditional", "access": {**ACCESS, **access},
        "theme": "transport", "update_cycle": "irregular", "source_department": "stats",
        "resources": [{"name": "list", "title": "名单", "path": "list.csv", "schema": {"fields": FIELDS}}],
    }  # fmt: skip
    agency = {"id": "stats", "name": "统计局", "contact": {"phone": "0750-0000001"}}
    made: dict[str, bytes | str] = {
        "stats/agency.yaml": yaml.safe_dump(agency, allow_unicode=True),
        f"stats/{name}/datapackage.yaml": yaml.safe_dump(descriptor, allow_unicode=True),
    }
    return made | ({} if data is None else {f"stats/{name}/list.csv": data})


def errors(portal: Path) -> list[Problem]:
    report = check(read_config(portal / "kaishu.yaml"), Options(TODAY, jobs=1))
    return [p for p in report.problems if report.severities.of(p) == "error"]


# --- a public repository


def test_data_beside_their_descriptor_are_an_error_and_the_site_is_the_same(tmp_path: Path) -> None:
    there = built(write_portal(tmp_path / "there", files(), private=False))
    absent = built(write_portal(tmp_path / "absent", files(data=None), private=False))
    assert differing(there.files, absent.files) == []
    assert (there.exit_code, absent.exit_code) == (1, 0)
    assert there.report.published == ("secret",)
    (problem,) = [p for p in there.report.problems if p.name == "withheld-data-present"]
    for lang in ("zh", "en"):
        fix = words(problem, lang)[2]
        assert 'git rm --cached "datasets/stats/secret/list.csv"' in fix
        assert "git filter-repo" in fix
        assert "docs/purge.md" in fix


@pytest.mark.parametrize("word", ["advice", "off"])
def test_it_cannot_be_lowered(word: str, tmp_path: Path) -> None:
    portal = write_portal(tmp_path, files(), private=False, rules={"withheld-data-present": word})
    with pytest.raises(ConfigError, match="cannot be lowered"):
        read_config(portal / "kaishu.yaml")
    (portal / "kaishu.yaml").unlink()
    write_portal(tmp_path, {}, private=False, rules={"all": word})
    assert [p.name for p in errors(portal)] == ["withheld-data-present"]


@pytest.mark.parametrize(
    "name",
    [
        *(
            "export.csv",
            "sub/名单.XLSX",
            "list.parquet",
            "list.csv.gz",
            "list.csv.bak",
            "list.csv~",
            ".hidden/list.json",
        ),
        *("readme.csv", ".list.csv.swp", "list.db", "dump", "archive.zip"),
    ],
)
def test_a_file_beside_that_may_be_data_is_an_error(name: str, tmp_path: Path) -> None:
    made = files(data=None) | {f"stats/secret/{name}": "x", "stats/secret/README.md": "x", "stats/secret/.gitkeep": ""}
    assert [(p.name, p.value) for p in errors(write_portal(tmp_path, made, private=False))] == [
        ("withheld-data-beside", name)
    ]


def test_a_copy_is_found_anywhere_in_the_repository(tmp_path: Path) -> None:
    secret = "code\n44071\n44072\n"
    made = files(data=secret) | {"stats/other.md": secret}
    portal = write_portal(tmp_path, made, private=False)
    subprocess.run(["git", "init", "--quiet", str(portal)], check=True)
    (portal / "pages").mkdir()
    (portal / "pages/appendix.html").write_text(secret, "utf-8")
    (portal / "pages/other.html").write_text(secret.replace("1", "3"), "utf-8")
    copies = [p for p in errors(portal) if p.name == "withheld-data-copied"]
    assert [p.file for p in copies] == ["../pages/appendix.html", "stats/other.md"]
    assert dict(copies[0].more)["path"] == "pages/appendix.html"


def test_a_stated_checksum_finds_a_copy_of_data_that_are_kept_elsewhere(tmp_path: Path) -> None:
    secret = b"code\n44071\n"
    made = files(data=None)
    text = made["stats/secret/datapackage.yaml"]
    descriptor = yaml.safe_load(text)
    descriptor["resources"][0] |= {"bytes": len(secret), "hash": f"sha256:{hashlib.sha256(secret).hexdigest()}"}
    made["stats/secret/datapackage.yaml"] = yaml.safe_dump(descriptor, allow_unicode=True)
    assert errors(write_portal(tmp_path / "without", made, private=False)) == []
    made["stats/notes.md"] = secret
    assert [p.file for p in errors(write_portal(tmp_path / "with", made, private=False))] == ["stats/notes.md"]


def test_what_was_once_committed_is_told_until_it_is_purged(tmp_path: Path) -> None:
    portal = write_portal(tmp_path / "portal", files(), private=False)
    commit(portal, "2026-03-04")
    (portal / "datasets/stats/secret/list.csv").unlink()
    commit(portal, "2026-03-05")
    (problem,) = errors(portal)
    assert (problem.name, problem.value, problem.expected) == ("withheld-data-in-history", "list.csv", "2026-03-05")
    lowered = write_portal(portal, {}, private=False, rules={"withheld-data-in-history": "advice"})
    assert errors(lowered) == []


@pytest.mark.parametrize(
    "text",
    [
        *("sftp://u:p@h.example/x", "https://intra.example/x", r"\\server\share", "D:\\data\\x", "/mnt/secure/x.csv"),
        *("库 10.1.2.3", "db.corp", "密码：abc", "password=abc", "https://h.example/x?sig=abc"),
    ],
)
def test_where_data_are_kept_is_no_address(text: str, tmp_path: Path) -> None:
    portal = write_portal(tmp_path, files(data=None, kept_at=text), private=False)
    (problem,) = errors(portal)
    assert problem.name == "kept-at-exposes"
    assert text not in repr(problem)


def test_where_data_are_kept_is_said_in_words_and_not_published(tmp_path: Path) -> None:
    kept = "市统计局企业名录库，台账 QY-2026-03，国家密码管理局备案"
    site = built(write_portal(tmp_path, files(data=None, kept_at=kept), private=False))
    assert site.exit_code == 0
    assert not any(b"QY-2026-03" in content for content in site.files.values())


# --- a private one


def test_in_a_private_repository_data_may_lie_there(tmp_path: Path) -> None:
    made = files() | {"stats/secret/export.xlsx": "x"}
    assert errors(write_portal(tmp_path, made, private=True)) == []


def test_they_are_checked_like_any_other(tmp_path: Path) -> None:
    (problem,) = errors(write_portal(tmp_path, files(data="code\nx\n"), private=True))
    assert (problem.name, problem.row, problem.field, problem.published) == ("type-integer", 2, "code", False)


@pytest.mark.parametrize("visibility", ["secret", True, None])
def test_the_visibility_is_one_of_two(visibility: Any, tmp_path: Path) -> None:
    portal = write_portal(tmp_path, files(), private=False)
    config = {"portal": {"title": "x", "url": "https://x.example/"}, "repository": {"visibility": visibility}}
    (portal / "kaishu.yaml").write_text(yaml.safe_dump(config), "utf-8")
    with pytest.raises(ConfigError, match="visibility"):
        read_config(portal / "kaishu.yaml")


PASSED = ("数据已通过", "passed")


def shown(portal: Path) -> list[str]:
    site = built(portal)
    page = "dataset/secret/index.html"
    texts = [
        site.files[page].decode(),
        site.files[f"en/{page}"].decode(),
        site.files["data/secret/datapackage.json"].decode(),
    ]
    return [text for text in texts if any(word in text for word in PASSED)]


def test_the_verdict_is_published_where_the_descriptor_asks_for_it(tmp_path: Path) -> None:
    portal = write_portal(tmp_path / "portal", files(publish_verdict=True), private=True)
    commit(portal, "2026-03-04")
    zh, en, package = shown(portal)
    assert "截至 2026-03-04 的数据已通过开数的检查。" in zh
    assert "The data, as of 2026-03-04, have passed the check." in en
    assert '"verdict": {"passed": true, "date": "2026-03-04"}' in " ".join(package.split())


@pytest.mark.parametrize(
    "made",
    [
        files(),
        files(publish_verdict=False),
        files(data="code\nx\n", publish_verdict=True),
        files(data=None, publish_verdict=True),
    ],
    ids=["not asked for", "refused", "failed", "no data"],
)
def test_else_there_is_none(made: dict[str, bytes | str], tmp_path: Path) -> None:
    assert shown(write_portal(tmp_path, made, private=True)) == []


def commit(portal: Path, day: str) -> None:
    when = f"{datetime.date.fromisoformat(day)}T09:00:00+08:00"
    who = ["-c", "user.name=x", "-c", "user.email=x@x.example"]
    for command in (["init", "--quiet"], ["add", "-A"], [*who, "commit", "--quiet", "-m", "x"]):
        environment = {"PATH": "/usr/bin:/bin", "GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
        subprocess.run(["git", "-C", str(portal), *command], check=True, env=environment)
