"""What looks after a portal: verify, freshness, codeowners, doctor."""

from __future__ import annotations

import datetime
import json
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from generator import cli
from generator.ci import codeowners, doctor, reminders
from generator.ci.forge import AUTHOR, GitHub
from generator.ci.verify import verify
from generator.config import Config, read_config
from generator.errors import ConfigError, PublishError
from generator.model import Body, Catalog, Package
from generator.problems import catalogue
from generator.publish import MANIFEST, publish
from generator.read import read_catalog
from generator.sitefile import SiteFile
from tests.ci.conftest import Forge, Repository
from tests.ci.hostile import TEXTS
from tests.conftest import ROOT

TODAY = datetime.date(2026, 6, 30)
FILES = {
    "index.html": b"<!doctype html><title>x</title>",
    "404.html": b"<!doctype html><title>404</title>",
    "data/a/a.csv": b"a,b\n1,2\n3,4\n5,6\n7,8\n",
    "data/a/a.parquet": b"PAR1" + b"\0" * 40 + b"PAR1",
    "catalog.json": b"{}",
    "catalog.jsonld": b"{}",
    "feed.xml": b"<feed/>",
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    publish((SiteFile(path, content) for path, content in sorted(FILES.items())), tmp_path / "site")
    return tmp_path / "site"


# --- verify


def test_a_whole_site_is_whole(site: Path) -> None:
    assert verify(site, "") == (len(FILES), [])
    assert verify(site, str(site / MANIFEST)) == (len(FILES), [])


def test_what_is_changed_missing_or_strange_is_told(site: Path, tmp_path: Path) -> None:
    kept = tmp_path / "manifest.json"
    shutil.copy(site / MANIFEST, kept)
    (site / "catalog.json").write_text("{ }", "utf-8")
    (site / "feed.xml").unlink()
    (site / "evil.js").write_text("x", "utf-8")
    (site / "index.html").unlink()
    (site / "index.html").symlink_to(site / "404.html")
    wrong = ["changed: catalog.json", "missing: feed.xml", "not listed: evil.js", "symbolic link: index.html"]
    for manifest in ("", str(kept)):
        assert sorted(verify(site, manifest)[1]) == wrong


def test_a_site_against_the_published_manifest(site: Path) -> None:
    with served(site) as url:
        assert verify(site, f"{url}{MANIFEST}")[1] == []
        (site / "catalog.json").write_text("{ }", "utf-8")
        assert verify(site, f"{url}{MANIFEST}")[1] == ["changed: catalog.json"]
        with pytest.raises(PublishError):
            verify(site, f"{url}index.html")
        with pytest.raises(PublishError):
            verify(site, f"{url}nowhere.json")
    with pytest.raises(PublishError):
        verify(site, "http://127.0.0.1:9/manifest.json")
    with pytest.raises(ConfigError):
        verify(site / "nowhere", "")


def test_the_verify_command(site: Path, kaishu: Any) -> None:
    assert kaishu("verify", site).stdout == f"✓ {len(FILES)} 个文件都与清单一致\n"
    (site / "evil\x1b[2J.js").write_text("x", "utf-8")
    done = kaishu("verify", site)
    (site / "catalog.json").write_text("{ }", "utf-8")
    done = kaishu("verify", site)
    assert done.returncode == 1
    assert done.stdout.splitlines()[:2] == ["✗ 清单里没有：evil\\u001b[2J.js", "✗ 内容不同：catalog.json"]
    assert "2 个文件与清单不符" in done.stdout
    assert "✗ changed: catalog.json" in kaishu("verify", site, "--lang", "en").stdout
    assert kaishu("verify", site / "data").returncode == 2


# --- freshness


def package(name: str, cycle: str, modified: str, agency: str = "culture", title: str = "甲") -> Package:
    values = {"name": name, "title": title, "update_cycle": cycle, "modified": modified}
    return Package(f"{agency}/{name}", Path(), f"{agency}/{name}/datapackage.yaml", values, values, agency)


BODIES = {"culture": Body("culture", "culture/agency.yaml", {"name": "文化局", "name_en": "Culture"})}
CATALOG = Catalog(
    (
        package("a", "monthly", "2026-06-20"),
        package("b", "monthly", "2026-03-01"),
        package("c", "daily", "2026-06-27"),
        package("d", "never", "1999-01-01"),
        package("e", "yearly", "2020-01-01", "traffic", "@everyone | <b>x</b>"),
    ),
    BODIES,
)


def test_what_is_overdue_by_agency_and_the_longest_first() -> None:
    found = reminders.reminders(CATALOG, TODAY)
    assert [(each.agency, [late.name for late in each.late]) for each in found] == [
        ("culture", ["b", "c"]),
        ("traffic", ["e"]),
    ]
    content = json.loads(reminders.to_json(found, TODAY))
    assert content["overdue"] == 3
    assert content["agencies"][0]["datasets"][1] == {
        "name": "c",
        "title": {"zh": "甲", "en": "甲"},
        "cycle": "daily",
        "updated": "2026-06-27",
        "due": "2026-06-28",
        "days_late": 2,
    }
    assert "逾期 2 天" in "\n".join(reminders.to_text(found, "zh"))
    assert "没有逾期" in reminders.to_markdown(())


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: repr(text[:20]))
def test_names_do_nothing_in_an_issue(text: str) -> None:
    from marko.ext.gfm import gfm

    from tests.ci.hostile import Rendered

    catalog = Catalog(
        (package("a", "daily", "2020-01-01", "x", text),), {"x": Body("x", "", {"name": text, "name_en": text})}
    )
    (found,) = reminders.reminders(catalog, TODAY)
    html = Rendered(gfm(reminders.body_of(found)))
    assert html.tags <= {"p", "strong", "code", "table", "thead", "tbody", "tr", "th", "td"}
    assert html.links == []
    assert not re.search(r"(?<!\w)@\w|#\d|evil", html.text)
    title = reminders.title_of(found)
    assert "@" not in title
    assert "#" not in title
    assert "\n" not in title


def test_one_issue_for_each_agency_which_closes_by_itself(forge: Forge) -> None:
    found = reminders.reminders(CATALOG, TODAY)
    hub = GitHub.of_environment()
    forge.issues += [
        {"number": 1, "state": "open", "user": {"login": "clerk"}, "body": "<!-- kaishu:freshness:culture -->"},
        {"number": 2, "state": "open", "user": {"login": AUTHOR}, "body": "another matter"},
        {"number": 3, "state": "open", "user": {"login": AUTHOR}, "body": "<!-- kaishu:freshness:gone -->\nx"},
        {
            "number": 4,
            "state": "open",
            "user": {"login": AUTHOR},
            "body": "<!-- kaishu:freshness:x -->",
            "pull_request": {},
        },
    ]
    assert reminders.keep_issues(hub, found) == reminders.Deeds(opened=2, closed=1)
    assert [issue["state"] for issue in forge.issues] == ["open", "open", "closed", "open", "open", "open"]
    tomorrow = reminders.reminders(CATALOG, TODAY + datetime.timedelta(days=1))
    asked = len(forge.asked)
    assert reminders.keep_issues(hub, tomorrow) == reminders.Deeds(), "nothing is sent where nothing changed"
    assert {method for method, _ in forge.asked[asked:]} == {"GET"}
    less = replace(CATALOG, packages=CATALOG.packages[:2])
    assert reminders.keep_issues(hub, reminders.reminders(less, TODAY)) == reminders.Deeds(updated=1, closed=1)
    assert reminders.keep_issues(hub, ()) == reminders.Deeds(closed=1)
    assert [issue["number"] for issue in forge.issues if issue["state"] == "open"] == [1, 2, 4]


def test_the_freshness_command(portal: Path, kaishu: Any) -> None:
    descriptor = portal / "datasets/culture/parks/datapackage.yaml"
    config = ("--config", portal / "kaishu.yaml")
    assert kaishu("freshness", *config).returncode == 0
    text = descriptor.read_text("utf-8").replace("update_cycle: irregular", "update_cycle: daily\nmodified: 2024-01-01")
    descriptor.write_text(text, "utf-8")
    done = kaishu("freshness", *config, "--today", "2024-01-05")
    assert done.returncode == 1
    assert "parks · 每日 · 应更新于 2024-01-02 · 逾期 3 天" in done.stdout
    assert json.loads(kaishu("freshness", *config, "--format", "json").stdout)["overdue"] == 1


def test_the_check_and_the_reminder_agree(repository: Repository) -> None:
    """What is told overdue in one place is told so in the other."""
    from generator.build import Options, check

    for number, (cycle, day) in enumerate([("daily", "2026-06-28"), ("daily", "2026-06-29"), ("weekly", "2026-06-01")]):
        repository.add(f"culture/d{number}", **{"update_cycle: irregular": f"update_cycle: {cycle}\nmodified: {day}"})
    config = read_config(repository.root / "kaishu.yaml")
    told = {p.dataset for p in check(config, Options(TODAY, jobs=1)).problems if p.name == "update-overdue"}
    found = reminders.reminders(read_catalog(config, TODAY), TODAY)
    assert told == {f"culture/{late.name}" for each in found for late in each.late} == {"culture/d2"}


# --- codeowners


@pytest.mark.parametrize(
    ("approver", "accounts"),
    [
        ("市教育局数据开放审核岗", ()),
        ("张三 @zhangsan", ("@zhangsan",)),
        ("审核岗（@kaishu-portal/education、@li-si）", ("@kaishu-portal/education", "@li-si")),
        ("@a，data@education.test.example", ("@a", "data@education.test.example")),
        ("@a @a", ("@a",)),
        ("* @everyone\n/x @mallory", ("@everyone", "@mallory")),
        ("a@b", ()),
    ],
)
def test_accounts_in_what_a_person_wrote(approver: str, accounts: tuple[str, ...]) -> None:
    assert codeowners.accounts_in(approver) == accounts


def bodies(**approvers: str) -> Catalog:
    return Catalog((), {i: Body(i, f"{i}/agency.yaml", {"approver": a}) for i, a in approvers.items()})


def test_the_part_of_the_program_is_written_and_no_other() -> None:
    found = codeowners.owners(bodies(b="@b", a="甲 @a", c="丙"), "datasets/")
    text = codeowners.written("* @admins\n", found)
    assert text == (f"* @admins\n\n{codeowners.BEGIN}\n/datasets/a/ @a\n/datasets/b/ @b\n{codeowners.END}\n")
    assert codeowners.written(text, found) == text
    more = text + "/generator/ @developers\n"
    assert codeowners.written(more, found[:1]) == (
        f"* @admins\n\n{codeowners.BEGIN}\n/datasets/a/ @a\n{codeowners.END}\n/generator/ @developers\n"
    )
    for broken in (text.replace(codeowners.END, ""), text + text):
        with pytest.raises(ConfigError):
            codeowners.written(broken, found)


def test_a_folder_that_no_pattern_can_name_is_left_out() -> None:
    found = codeowners.owners(bodies(**{"a b": "@a", "c*": "@c", "d\n* @mallory": "@d"}), "")
    assert list(codeowners.lines(found))[1:-1] == ["/a\\ b/ @a"]


def test_the_codeowners_command(repository: Repository, kaishu: Any) -> None:
    config = ("--config", repository.root / "kaishu.yaml", "--datasets", repository.datasets)
    agency = repository.datasets / "culture/agency.yaml"
    agency.write_text(agency.read_text("utf-8") + "approver: 审核岗 @culture\n", "utf-8")
    assert kaishu("codeowners", "--check", *config).returncode == 1
    assert kaishu("codeowners", *config).returncode == 0
    assert kaishu("codeowners", "--check", *config).returncode == 0
    file = repository.root / ".github/CODEOWNERS"
    assert "/datasets/culture/ @culture\n" in file.read_text("utf-8")


def test_the_own_codeowners_is_what_the_agencies_say() -> None:
    config = read_config(ROOT / "kaishu.yaml", datasets=ROOT / "datasets")
    found = codeowners.owners(read_catalog(config, TODAY), "datasets/")
    file = ROOT / codeowners.FILE
    assert codeowners.written(file.read_text("utf-8"), found) == file.read_text("utf-8"), "run kaishu codeowners"
    assert all(each.accounts for each in found)


# --- doctor


def settings(tmp_path: Path, **portal: str) -> Config:
    (tmp_path / "datasets").mkdir(exist_ok=True)
    stated = {
        "title": "门户",
        "title_en": "Portal",
        "description": "说明",
        "description_en": "About",
        "url": "https://data.city.gov.cn/",
        "email": "open@city.gov.cn",
        "repository": "https://github.com/city/data",
        "place": "市",
        "place_code": "440700",
        "license_url": "https://creativecommons.org/licenses/by/4.0/",
    } | portal
    lines = "".join(f"  {key}: {json.dumps(value)}\n" for key, value in stated.items() if value)
    (tmp_path / "kaishu.yaml").write_text(f"portal:\n{lines}", "utf-8")
    return read_config(tmp_path / "kaishu.yaml")


def test_settings_with_nothing_wrong(tmp_path: Path) -> None:
    assert list(doctor.check_settings(settings(tmp_path))) == []


@pytest.mark.parametrize(
    ("portal", "name"),
    [
        ({"url": "http://data.city.gov.cn/"}, "portal-url-plain"),
        ({"url": "https://data.city.example/"}, "portal-url-invented"),
        ({"repository": ""}, "portal-repository-missing"),
        ({"repository": "github.com/city"}, "portal-repository-form"),
        ({"email": ""}, "portal-email-missing"),
        ({"email": "open at city"}, "portal-email-form"),
        ({"description_en": ""}, "portal-text-missing"),
        ({"place_code": ""}, "portal-text-missing"),
    ],
)
def test_settings_that_lack_something(tmp_path: Path, portal: dict[str, str], name: str) -> None:
    assert [problem.name for problem in doctor.check_settings(settings(tmp_path, **portal))] == [name]


def test_what_the_repository_lacks(repository: Repository) -> None:
    file = repository.root / "kaishu.yaml"
    file.write_text(file.read_text("utf-8").replace("url:", "repository: https://github.com/a/b, url:"), "utf-8")
    config = read_config(file)
    found = list(doctor.check_forge(config, read_catalog(config, TODAY), repository.root))
    assert [p.file for p in found if p.name == "forge-form-missing"] == [
        f".github/ISSUE_TEMPLATE/{n}" for n in doctor.FORMS
    ]
    assert len([p for p in found if p.name == "forge-workflow-missing"]) == len(doctor.WORKFLOWS)
    assert [p.file for p in found if p.name == "forge-approver-missing"] == ["culture/agency.yaml"]
    shutil.copytree(ROOT / ".github/workflows", repository.root / ".github/workflows")
    agency = repository.datasets / "culture/agency.yaml"
    agency.write_text(agency.read_text("utf-8") + "approver: 审核岗 @culture\n", "utf-8")
    found = list(doctor.check_forge(config, read_catalog(config, TODAY), repository.root))
    assert {p.name for p in found} == {"forge-form-missing", "forge-owners-stale"}


Change = Callable[[str, dict[str, str]], int]


class _Host(BaseHTTPRequestHandler):
    """A host that does all well, but for what ``change`` spoils."""

    site: Path
    change: Change
    asked: list[str]

    def do_GET(self) -> None:
        path = self.path.lstrip("/") or "index.html"
        self.asked.append(path)
        file = self.site / path
        there = file.is_file()
        content = file.read_bytes() if there else FILES["404.html"]
        headers = {
            "Content-Type": doctor.TYPES.get(path.rpartition(".")[2] if there else "html", ("text/html",))[0],
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Expose-Headers": "Content-Range, ETag",
        }
        code = 200 if there else 404
        wanted = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range", "")) if there else None
        if wanted:
            size = len(content)
            start = int(wanted[1]) if wanted[1] else size - int(wanted[2])
            end = int(wanted[2]) if wanted[1] and wanted[2] else size - 1
            code, content = 206, content[start : end + 1]
            headers["Content-Range"] = f"bytes {start}-{end}/{size}"
        code = type(self).change(path, headers) or code
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        with suppress(BrokenPipeError):
            self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        pass


def no_change(path: str, headers: dict[str, str]) -> int:
    return 0


@contextmanager
def served(site: Path, change: Change = no_change, asked: list[str] | None = None) -> Iterator[str]:
    handler = type(
        "Host", (_Host,), {"site": site, "change": staticmethod(change), "asked": [] if asked is None else asked}
    )
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def host_problems(tmp_path: Path, site: Path, change: Change, asked: list[str] | None = None) -> list[str]:
    with served(site, change, asked) as url:
        return [problem.name for problem in doctor.check_host(settings(tmp_path, url=url))]


def test_a_host_that_does_all_well(tmp_path: Path, site: Path) -> None:
    asked: list[str] = []
    assert host_problems(tmp_path, site, no_change, asked) == []
    assert "data/a/a.parquet" in asked


def spoil(suffix: str, code: int = 0, **values: str | None) -> Change:
    def change(path: str, headers: dict[str, str]) -> int:
        if not path.endswith(suffix):
            return 0
        for name, value in values.items():
            headers.pop(name.replace("_", "-"), None)
            if value is not None:
                headers[name.replace("_", "-")] = value
        return code

    return change


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (spoil("index.html", 302, Location="https://elsewhere.test/"), ["host-redirects"]),
        (spoil("index.html", 503), ["host-unreachable"]),
        (spoil(MANIFEST, 404), ["host-not-ours"]),
        (spoil(".csv", Content_Type="text/plain; charset=utf-8"), ["host-type"]),
        (spoil(".jsonld", Content_Type=None), ["host-type"]),
        (spoil("catalog.jsonld", 403), ["host-file-missing"]),
        (spoil(".parquet", 200, Content_Range=None), ["host-range"]),
        (spoil(".parquet", Content_Encoding="gzip"), ["host-range"]),
        (spoil(".parquet", Access_Control_Allow_Origin=None), ["host-cors"]),
        (spoil(".parquet", Access_Control_Expose_Headers=None), ["host-cors-exposed"]),
        (spoil("not-there/", 200), ["host-no-404"]),
    ],
)
def test_a_host_that_lacks_something(tmp_path: Path, site: Path, change: Change, names: list[str]) -> None:
    assert host_problems(tmp_path, site, change) == names


def test_no_other_host_is_asked(tmp_path: Path, site: Path) -> None:
    """A redirect leads to a second host, which hears nothing."""
    asked: list[str] = []
    with served(site, asked=asked) as elsewhere:
        assert host_problems(tmp_path, site, spoil("index.html", 301, Location=elsewhere)) == ["host-redirects"]
    assert asked == []


def test_a_host_that_is_not_there(tmp_path: Path) -> None:
    (problem,) = doctor.check_host(settings(tmp_path, url="http://127.0.0.1:9/"))
    assert problem.name == "host-unreachable"


def test_our_own_preview_server_would_do(tmp_path: Path, site: Path) -> None:
    """What ``kaishu serve`` sends is what is asked of other hosts."""
    import uvicorn

    from generator.serve import Preview

    config = replace(settings(tmp_path, url="http://127.0.0.1/"), site=site)
    server = uvicorn.Server(uvicorn.Config(Preview(config).app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    found = [p.name for p in doctor.check_host(settings(tmp_path, url=f"http://127.0.0.1:{port}/"))]
    server.should_exit = True
    thread.join(5)
    assert found == []


def test_the_doctor_command(portal: Path, kaishu: Any) -> None:
    config = ("--config", portal / "kaishu.yaml")
    done = kaishu("doctor", *config)
    assert done.returncode == 0, done.stderr
    assert "! C105 没有写联系邮箱" in done.stdout
    content = json.loads(kaishu("doctor", *config, "--format", "json").stdout)
    assert {p["code"] for p in content["problems"]} >= {"C103", "C105"}
    text = (portal / "kaishu.yaml").read_text("utf-8").replace("https://data.test.example", "http://data.city.cn")
    (portal / "kaishu.yaml").write_text(text, "utf-8")
    assert kaishu("doctor", *config).returncode == 1


def test_every_word_of_the_doctor_is_filled_in(tmp_path: Path, site: Path) -> None:
    """The codes of this room have no case folder: they are not about datasets."""
    shown = set(re.findall(r'Problem\(\s*"([a-z0-9-]+)"', (ROOT / "generator/ci/doctor.py").read_text("utf-8")))
    shown |= {"forge-form-missing", "forge-workflow-missing"}
    assert shown == {kind.name for kind in catalogue().values() if kind.code.startswith("C")}


def test_options_of_the_commands_are_those_of_one_family() -> None:
    assert {"ci", "verify", "freshness", "codeowners", "doctor"} <= set(cli.commands.commands)
