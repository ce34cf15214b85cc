"""Sequences of releases with the real build: publish, change, publish again."""

from __future__ import annotations

import datetime
import itertools
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator import history, public
from generator.build import Options, Report, build, check
from generator.config import Portal, read_config
from generator.errors import ConfigError
from generator.model import Catalog
from generator.publish import read_manifest
from generator.releases import FILE, Change, Previous, previous_site, read_previous
from generator.text import Text
from tests.conftest import Kaishu

DAY = datetime.date(2026, 6, 30)
ACCESS = {
    "reason": "含安防信息",
    "legal_basis": "《数据安全法》",
    "conditions": ["不得转让"],
    "channel": {"email": "a@b.example"},
}
REASON, REVIEWED = "并入另一数据集。", "2026-06-01"


@dataclass
class City:
    """A small portal on disk, whose datasets come and go."""

    folder: Path
    number: Iterator[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self.home.mkdir(parents=True)
        (self.home / "agency.yaml").write_text(
            "name: 文化局\nname_en: Culture Bureau\ncontact: {email: a@b.example}\n", "utf-8"
        )
        (self.folder / "kaishu.yaml").write_text(
            "portal: {title: 测试门户, title_en: Test portal, url: https://data.test.example/opendata/}\n", "utf-8"
        )

    @property
    def home(self) -> Path:
        return self.folder / "datasets/culture"

    def dataset(self, name: str, *resources: str, openness: str = "unconditional", **more: Any) -> None:
        """Of each resource, ``table`` or ``table:conditional``. The data are there only while they are open."""
        place = self.home / name
        place.mkdir(exist_ok=True)
        listed = []
        for resource in resources or ("table",):
            table, _, own = resource.partition(":")
            listed.append(
                {"name": table, "title": f"表 {table}", "path": f"{table}.csv", **({"openness": own} if own else {}),
                 "schema": {"fields": [{"name": "a", "title": "甲", "type": "integer"}]}}
            )  # fmt: skip
            (place / f"{table}.csv").unlink(missing_ok=True)
            if (own or openness) == "unconditional":
                (place / f"{table}.csv").write_text(f"a\n{len(name)}\n{len(table)}\n", "utf-8")
        restricted = openness != "unconditional" or any(":" in resource for resource in resources)
        values = {
            "name": name, "title": f"数据集 {name}", "title_en": f"Dataset {name}", "description": "说明。",
            "description_en": "About it.", "keywords": ["测试"], "keywords_en": ["test"], "theme": "environment",
            "update_cycle": "irregular", "source_department": "culture", "licenses": [{"name": "CC-BY-4.0"}],
            "modified": "2026-06-01", "openness": openness, **({"access": ACCESS} if restricted else {}),
            **more, "resources": listed,
        }  # fmt: skip
        (place / "datapackage.yaml").write_text(yaml.safe_dump(values, allow_unicode=True, sort_keys=False), "utf-8")

    def remove(self, name: str) -> None:
        for file in (self.home / name).iterdir():
            if file.name != "changes.yaml":
                file.unlink()

    def state(self, name: str, **entry: str) -> None:
        """Add what is said of a change to ``changes.yaml``."""
        place = self.home / name
        place.mkdir(exist_ok=True)
        file = place / "changes.yaml"
        listed = yaml.safe_load(file.read_text("utf-8"))["changes"] if file.exists() else []
        values = {"date": "2026-06-15", "reason": REASON, "reviewed": REVIEWED, **entry}
        file.write_text(yaml.safe_dump({"changes": [*listed, values]}, allow_unicode=True), "utf-8")

    def paste(self, problem: Any) -> None:
        """Do what a message says: add the entry that it shows, with what is to be filled in."""
        words = problem.expected.replace("reason: ……", f"reason: {REASON}").replace(
            "reviewed: ……", f"reviewed: '{REVIEWED}'"
        )
        [entry] = yaml.safe_load(words)
        file = self.folder / "datasets" / (dict(problem.more).get("path") or problem.file)
        self.state(file.parent.name, **entry)

    def options(self, previous: Path | None, day: datetime.date) -> Options:
        return Options(day, jobs=1, previous=read_previous(previous) if previous else None)

    def release(
        self, previous: Path | None = None, *, day: datetime.date = DAY, state: bool = True
    ) -> tuple[Report, Path]:
        site = self.folder / f"site-{next(self.number)}"
        config = read_config(self.folder / "kaishu.yaml", datasets=self.folder / "datasets", site=site,
                             state=None if state else self.folder / f"state-{site.name}")  # fmt: skip
        return build(config, self.options(previous, day)), site

    def check(self, previous: Path | None, day: datetime.date = DAY) -> Report:
        config = read_config(self.folder / "kaishu.yaml", datasets=self.folder / "datasets", site=self.folder / "none")
        return check(config, self.options(previous, day))


@pytest.fixture(autouse=True, scope="module")
def prose_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The prose is the same in all these sites, and most of the time that a small one takes."""
    made: dict[str, Any] = {}
    kept = tmp_path_factory.mktemp("prose") / "pages"

    def build_prose(config: Any, target: Path) -> Any:
        if not made:
            made["shells"] = site_engine.build_prose(config, kept)
        shutil.copytree(kept, target, dirs_exist_ok=True)
        return made["shells"]

    from generator import site_engine as real

    site_engine = SimpleNamespace(build_prose=real.build_prose)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(real, "build_prose", build_prose)
        yield


@pytest.fixture
def city(tmp_path: Path) -> City:
    return City(tmp_path / "city")


def files_of(site: Path) -> dict[str, bytes]:
    return {file.relative_to(site).as_posix(): file.read_bytes() for file in sorted(site.rglob("*")) if file.is_file()}


def errors(report: Report) -> list[str]:
    return [problem.name for problem in report.problems if report.severities.of(problem) == "error"]


def log(site: Path) -> list[tuple[str, ...]]:
    changes = json.loads((site / FILE).read_text("utf-8"))["changes"]
    return [tuple(change.get(key, "") for key in ("date", "what", "dataset", "resource")) for change in changes]


def page(site: Path, name: str, lang: str = "") -> str:
    return (site / lang / "dataset" / name / "index.html").read_text("utf-8")


# ---- withdrawn and renamed


def test_silent_withdrawal_is_told_until_it_is_stated(city: City) -> None:
    city.dataset("parks")
    city.dataset("museums", created="2025-01-02T00:00:00+08:00")
    _, first = city.release()
    city.remove("museums")
    report, second = city.release(first)
    assert errors(report) == ["withdrawn-unstated"]
    report, third = city.release(second)
    assert errors(report) == ["withdrawn-unstated"], "the release that lacked it is no release that never had it"
    assert "暂时不可用" in page(third, "museums")
    assert "Not available at present" in page(third, "museums", "en")
    city.paste(report.problems[0])
    report, fourth = city.release(third)
    assert errors(report) == []
    assert log(fourth) == [("2026-06-30", "withdrawn", "museums", "")]
    for lang, word in (("", "撤回"), ("en", "withdrawn")):
        stone = page(fourth, "museums", lang)
        for told in (word, "2026-06-30", "museums", REASON, REVIEWED, "2025-01-02", digest_in(first, "museums")):
            assert told in stone, told
        assert '<meta name="robots" content="noindex">' in stone
        assert "museums</loc>" not in (fourth / "sitemap.xml").read_text("utf-8")
        assert REASON in (fourth / lang / "changes/index.html").read_text("utf-8")
        assert REASON in (fourth / lang / "changes.xml").read_text("utf-8")


def digest_in(site: Path, name: str) -> str:
    datasets = json.loads((site / FILE).read_text("utf-8"))["datasets"]
    return str(next(dataset["sha256"] for dataset in datasets if dataset["name"] == name))


def test_digest_is_what_sha256sum_gives(city: City) -> None:
    city.dataset("parks", "one", "two", "secret:conditional")
    _, site = city.release()
    paths = [entry.path for entry in read_manifest(site).files]  # type: ignore[union-attr]
    others = ("dcat", "stats", "-synthetic-sample", "views/")
    listed = [path.removeprefix("data/parks/") for path in paths if path.startswith("data/parks/")]
    listed = [name for name in listed if not any(other in name for other in others)]
    script = f"sha256sum {' '.join(sorted(listed))} | sha256sum"
    done = subprocess.run(["sh", "-c", script], cwd=site / "data/parks", capture_output=True, check=True, text=True)
    assert done.stdout.split()[0] == digest_in(site, "parks")


def test_complete_statement_needs_no_last_release(city: City) -> None:
    city.dataset("parks")
    city.dataset("museums")
    _, first = city.release()
    city.remove("museums")
    report, _ = city.release(first)
    city.paste(report.problems[0])
    _, with_last = city.release(first)
    _, without = city.release(None)
    assert files_of(with_last) == files_of(without)


def test_renamed_dataset_leads_on(city: City) -> None:
    city.dataset("museums")
    _, first = city.release()
    shutil.rmtree(city.home / "museums")
    city.dataset("galleries", title="数据集 museums")
    report, _ = city.release(first)
    [problem] = report.problems
    assert problem.name == "withdrawn-unstated"
    city.paste(problem)
    report, second = city.release(first)
    assert errors(report) == []
    assert log(second) == [("2026-06-30", "renamed", "museums", "")], "and galleries is nothing new"
    assert '../../dataset/galleries/"' in page(second, "museums")
    listed = json.loads((second / "catalog.json").read_text("utf-8"))["withdrawn"]
    assert [(entry["name"], entry["status"], entry["successor"]) for entry in listed] == [
        ("museums", "renamed", "galleries")
    ]
    assert json.loads((second / "data/museums/tombstone.json").read_text("utf-8")) == listed[0]


def test_new_name_hides_no_less_openness(city: City) -> None:
    city.dataset("museums")
    _, first = city.release()
    shutil.rmtree(city.home / "museums")
    city.dataset("galleries", openness="conditional")
    city.state("museums", what="renamed", successor="galleries", title="数据集", **{"from": "unconditional"})
    report, _ = city.release(first)
    assert errors(report) == ["less-open-unstated"]


def test_tombstone_outlives_its_statement(city: City) -> None:
    city.dataset("parks")
    city.state("museums", what="withdrawn", title="博物馆", **{"from": "unconditional"})
    _, first = city.release()
    shutil.rmtree(city.home / "museums")
    report, second = city.release(first)
    assert errors(report) == ["change-removed"]
    assert files_of(second) == files_of(first)


def test_date_of_a_statement_may_be_corrected(city: City) -> None:
    city.state("museums", what="withdrawn", title="博物馆", **{"from": "unconditional"})
    _, first = city.release()
    shutil.rmtree(city.home / "museums")
    city.state("museums", what="withdrawn", title="博物馆", date="2026-06-16", **{"from": "unconditional"})
    report, second = city.release(first)
    assert errors(report) == []
    assert log(second) == [("2026-06-16", "withdrawn", "museums", "")]


def test_withdrawn_and_restored_and_withdrawn_again(city: City) -> None:
    city.dataset("museums")
    _, first = city.release()
    city.remove("museums")
    city.state("museums", what="withdrawn", title="博物馆", restored="2026-06-20", **{"from": "unconditional"})
    report, second = city.release(first, day=datetime.date(2026, 6, 18))
    assert errors(report) == []
    assert "撤回" in page(second, "museums")
    city.dataset("museums")
    report, third = city.release(second, day=datetime.date(2026, 6, 20))
    assert errors(report) == []
    assert [line[:2] for line in log(third)] == [("2026-06-20", "restored"), ("2026-06-15", "withdrawn")]
    assert (third / "data/museums/table.csv").exists()
    city.remove("museums")
    report, fourth = city.release(third)
    assert errors(report) == ["withdrawn-unstated"], "the first reason is none for the second time"
    city.state("museums", what="withdrawn", title="博物馆", date="2026-06-25", **{"from": "unconditional"})
    report, fifth = city.release(fourth)
    assert errors(report) == []
    assert "2026-06-25" in page(fifth, "museums")


# ---- less open, and more


@pytest.mark.parametrize(
    ("before", "after"), [("unconditional", "conditional"), ("unconditional", "closed"), ("conditional", "closed")]
)
def test_less_open_is_left_out_until_it_is_stated(city: City, before: str, after: str) -> None:
    city.dataset("parks", openness=before)
    _, first = city.release()
    city.dataset("parks", openness=after)
    report, second = city.release(first)
    assert (errors(report), report.published) == (["less-open-unstated"], ())
    assert not (second / "data/parks").exists(), "nothing of it, not even what was published before"
    assert "暂时不可用" in page(second, "parks")
    city.paste(report.problems[0])
    report, third = city.release(second)
    assert (errors(report), report.published) == ([], ("parks",))
    assert log(third) == [("2026-06-30", "less-open", "parks", "")]
    assert REASON in page(third, "parks")
    report, _ = city.release(third)
    assert errors(report) == []


@pytest.mark.parametrize("name", ["", "one"])
def test_one_resource_of_two(city: City, name: str) -> None:
    city.dataset("parks", "one", "two")
    _, first = city.release()
    city.dataset("parks", "one:closed", "two")
    report, _ = city.release(first)
    [problem] = [problem for problem in report.problems if problem.name == "less-open-unstated"]
    assert problem.resource == "one"
    if name:
        city.paste(problem)
    else:
        city.state("parks", what="less-open", to="closed", **{"from": "unconditional"})
    report, second = city.release(first)
    assert errors(report) == []
    assert log(second)[0][3] == name


def test_resource_that_goes_is_stated(city: City) -> None:
    city.dataset("parks", "one", "two")
    _, first = city.release()
    city.dataset("parks", "one")
    (city.home / "parks/two.csv").unlink()
    report, second = city.release(first)
    assert errors(report) == ["resource-withdrawn-unstated"]
    city.paste(report.problems[0])
    report, third = city.release(second)
    assert (errors(report), log(third)) == ([], [("2026-06-30", "withdrawn", "parks", "two")])
    assert "表 two" in page(third, "parks")


def test_reason_given_while_the_dataset_is_broken_is_not_asked_for_again(city: City) -> None:
    city.dataset("parks")
    _, first = city.release()
    city.dataset("parks", openness="conditional", theme="nonsense")
    city.state("parks", what="less-open", to="conditional", **{"from": "unconditional"})
    report, second = city.release(first)
    assert errors(report) == ["property-invalid"]
    city.dataset("parks", openness="conditional")
    report, _ = city.release(second)
    assert errors(report) == []


def test_more_open_and_new_are_good_news(city: City) -> None:
    city.dataset("parks", "one", "two:closed")
    _, first = city.release()
    city.dataset("parks", "one", "two:conditional")
    city.dataset("museums")
    report, second = city.release(first)
    assert errors(report) == []
    assert log(second) == [("2026-06-30", "added", "museums", ""), ("2026-06-30", "opened", "parks", "two")]
    _, third = city.release(second, day=datetime.date(2026, 9, 1))
    assert log(third) == log(second), "dated once"


def test_failing_dataset_is_not_withdrawn(city: City) -> None:
    city.dataset("parks")
    _, first = city.release()
    data = city.home / "parks/table.csv"
    good = data.read_text("utf-8")
    data.write_text("a\nnot a number\n", "utf-8")
    report, second = city.release(first)
    assert errors(report) == ["type-integer"] or report.left_out == ("culture/parks",)
    assert "withdrawn-unstated" not in errors(report)
    assert "暂时不可用" in page(second, "parks")
    assert not (second / "data/parks").exists()
    assert log(second) == []
    (city.home / "parks/datapackage.yaml").write_text("name: [", "utf-8")
    report, third = city.release(second)
    assert errors(report) == ["descriptor-syntax"]
    assert page(third, "parks") == page(second, "parks")
    city.dataset("parks")
    data.write_text(good, "utf-8")
    report, fourth = city.release(third)
    assert (errors(report), log(fourth)) == ([], [])
    assert files_of(fourth) == files_of(first), "as if nothing had been"


# ---- any sequence


MOVES = ("add", "open", "conditional", "closed", "remove", "break", "mend", "answer")


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(MOVES), st.sampled_from(["parks", "lakes"])), min_size=2, max_size=5))
def test_any_sequence_of_releases(tmp_path_factory: pytest.TempPathFactory, moves: list[tuple[str, str]]) -> None:
    """After each move the release is made three times: it never loses anything in silence, is the same over its own
    result, and what the messages say to do ends every error."""
    city = City(tmp_path_factory.mktemp("city") / "city")
    city.dataset("parks", "one", "two")
    _, last = city.release()
    for move, name in moves:
        _move(city, move, name)
        before = read_previous(last)
        report, site = city.release(last)
        _nothing_is_lost(before, previous_site(site) or Previous(), report)
        again, same = city.release(site)
        assert files_of(same) == files_of(site)
        assert errors(again) == errors(report)
        assert [p.name for p in city.check(last).problems] == [p.name for p in report.problems]
        if move == "answer":
            for problem in report.problems:
                if problem.name.endswith("unstated"):
                    city.paste(problem)
            report, site = city.release(site)
            assert not [name for name in errors(report) if name.endswith("unstated")]
        last = site


def _move(city: City, move: str, name: str) -> None:
    place = city.home / name
    kinds = {"add": "unconditional", "open": "unconditional", "mend": "unconditional"}
    if move in ("add", "open", "conditional", "closed", "mend"):
        if (place / "changes.yaml").exists() and not (place / "datapackage.yaml").exists():
            return  # withdrawn with a reason; test_withdrawn_and_restored tells how it comes back
        if move == "add" or (place / "datapackage.yaml").exists():
            city.dataset(name, "one", "two", openness=kinds.get(move, move))
    elif move == "remove" and place.exists():
        city.remove(name)
    elif move == "break" and (place / "one.csv").exists():
        (place / "one.csv").write_text("a\n甲\n", "utf-8")


def _nothing_is_lost(before: Previous, after: Previous, report: Report) -> None:
    ended = {change.dataset for change in after.changes if change.ends_dataset}
    names = {record.name for record in after.records}
    assert {record.name for record in before.records} <= names | ended
    assert {change.id for change in before.changes} <= {change.id for change in after.changes}
    gone = {record.name for record in before.records} - set(report.published) - ended
    assert all(report.problems for _ in gone), "what is missing has an error"


# ---- embargoes


def test_not_a_byte_comes_before_an_embargo_ends(city: City) -> None:
    day = datetime.date(2026, 6, 30)
    city.dataset("parks", access={"embargo_until": "2026-06-30"})
    data = city.home / "parks/table.csv"
    _, before = city.release(None, day=day - datetime.timedelta(1))
    content = data.read_bytes()
    data.unlink()
    _, without = city.release(None, day=day - datetime.timedelta(1), state=False)
    assert files_of(before) == files_of(without)
    data.write_bytes(content)
    report, on_the_day = city.release(before, day=day)
    assert errors(report) == []
    assert (on_the_day / "data/parks/table.csv").read_bytes() == content
    assert log(on_the_day) == [("2026-06-30", "opened", "parks", "")]
    assert "扩大开放" in (on_the_day / "changes.xml").read_text("utf-8")
    _, later = city.release(before, day=day + datetime.timedelta(5))
    assert log(later) == log(on_the_day), "a build that comes late tells the day on which it opened"


@pytest.mark.parametrize(
    "day", ["2026-02-30", "2026-6-1", "soon", "20260601", 20260601, "2026-06-01T00:00:00", "２０２６-06-01"]
)
def test_what_is_no_day_never_opens(city: City, day: object) -> None:
    city.dataset("parks", access={"embargo_until": day, **ACCESS})
    _, site = city.release(None, day=datetime.date(2099, 1, 1))
    assert not list(site.glob("data/parks/table.*"))


def test_build_of_the_day_is_by_the_clock_of_china(monkeypatch: pytest.MonkeyPatch) -> None:
    from generator import clock

    class Instant(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Instant:
            return cls(2026, 6, 29, 16, 0, tzinfo=datetime.UTC).astimezone(tz)

    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.setattr(datetime, "datetime", Instant)
    assert clock.today() == datetime.date(2026, 6, 30)


# ---- the record


def test_record_tells_nothing_of_withheld_data(city: City) -> None:
    city.dataset("parks", "one", "secret:conditional")
    secret = city.home / "parks/secret.csv"
    sites = []
    for content in (b"a\n1\n", b"a,CANARY7Q\n5,6\n7,8\n", b"\xff\xfe", None):
        if content is not None:
            secret.write_bytes(content)
        else:
            secret.unlink()
        sites.append((city.release(state=False)[1] / FILE).read_bytes())
    assert len(set(sites)) == 1


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", '{"format": 2, "datasets": [], "missing": [], "changes": []}', '{"format": 1}',
     '{"format": 1, "datasets": [{"name": "../x", "openness": "closed"}], "missing": [], "changes": []}',
     '{"format": 1, "datasets": [{"name": "x", "openness": "ajar"}], "missing": [], "changes": []}',
     '{"format": 1, "datasets": [], "missing": [], "changes": [{"date": "2026-01-01", "what": "withdrawn", "dataset": "a/b"}]}',
     '{"format": 1, "datasets": {"a": 1}, "missing": [], "changes": []}', "[" * 100_000],
)  # fmt: skip
def test_what_is_no_record_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE).write_text(content, "utf-8")
    with pytest.raises(ConfigError):
        read_previous(tmp_path / FILE)


def test_site_of_before_there_were_records_is_nothing_known(tmp_path: Path) -> None:
    assert previous_site(tmp_path) is None
    with pytest.raises(ConfigError):
        read_previous(tmp_path)


def test_only_what_is_on_the_list_comes_out_of_a_statement(city: City) -> None:
    city.dataset("parks")
    city.state("museums", what="withdrawn", title="博物馆", approver="CANARY7Q", **{"from": "closed"})
    _, site = city.release()
    assert [path for path, content in files_of(site).items() if b"CANARY7Q" in content] == []
    city.state("lakes", what="withdrawn", title="湖泊", note="CANARY7Q", **{"from": "closed"})
    report, site = city.release()
    assert errors(report) == ["change-unknown-property"]
    assert [path for path, content in files_of(site).items() if b"CANARY7Q" in content] == []


@pytest.mark.parametrize("name", ["..", "../x", "A", "a/b", "x" * 300, "CON", "公园", ""])
def test_statement_of_a_strange_name_makes_no_page(city: City, name: str) -> None:
    city.dataset("parks")
    place = city.home / "strange"
    place.mkdir()
    entry = {"what": "withdrawn", "name": name, "title": "x", "date": "2026-06-15", "from": "closed", "reason": "x",
             "reviewed": REVIEWED}  # fmt: skip
    (place / "changes.yaml").write_text(yaml.safe_dump({"changes": [entry]}, allow_unicode=True), "utf-8")
    report, site = city.release()
    assert errors(report)
    assert sorted(file.name for file in (site / "dataset").iterdir()) == ["parks"]


def test_title_is_not_shown_again_where_sensitive_content_was_found(city: City) -> None:
    """Whatever the gate found may stand in the title that the last release had."""
    city.dataset("parks")
    _, first = city.release()
    told = Change("2026-01-01", "opened", "parks", Text("CANARY7Q"), resource="table", resource_title=Text("CANARY7Q"))
    last = replace(read_previous(first), changes=(told,))
    site = history.with_history(_no_datasets(), Catalog(()), last, "2026-06-30", {"parks"})
    [record] = site.missing
    assert (record.title.main, [part.title.main for part in record.parts]) == ("", [""])
    assert "CANARY7Q" not in repr(site.changes)


def _no_datasets() -> public.Catalog:
    return public.Catalog(Portal(Text("门户"), Text(), "https://data.test.example/"), (), (), (), (), ())


# ---- the command line


def test_build_compares_with_the_site_that_it_replaces(city: City, kaishu: Kaishu) -> None:
    city.dataset("parks")
    config, site = city.folder / "kaishu.yaml", city.folder / "site"
    arguments = ("--config", config, "--site", site, "--today", "2026-06-30")
    done = kaishu("build", *arguments)
    assert (done.returncode, "没有上一次发布的记录" in done.stdout) == (0, True)
    city.remove("parks")
    shutil.copy(site / FILE, city.folder / "published.json")
    done = kaishu("check", *arguments)
    assert (done.returncode, "M190" in done.stdout) == (1, True)
    assert "已与上一次发布（1 个数据集）比较" in done.stdout
    assert kaishu("check", *arguments, "--no-previous").returncode == 0
    other = ("--config", config, "--site", city.folder / "none", "--previous", city.folder / "published.json")
    done = kaishu("check", *other, "--format", "json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["summary"]["compared"]) == (1, 1)
    assert kaishu("build", *arguments).returncode == 1
    assert kaishu("check", "--config", config, "--previous", city.folder / "gone.json").returncode == 2
    assert kaishu("check", "--config", config, "--previous", site, "--no-previous").returncode == 2


def test_withdraw_writes_what_the_check_asks_for(city: City, kaishu: Kaishu) -> None:
    city.dataset("parks", "one", "two")
    city.dataset("museums")
    _, first = city.release()
    words = ("--config", city.folder / "kaishu.yaml", "--previous", first, "--today", "2026-06-30")
    told = ("--reason", f"{REASON}: # '\"", "--reviewed", REVIEWED)
    assert kaishu("withdraw", "museums", *words).returncode == 0
    city.remove("museums")
    assert errors(city.check(first)) == ["change-incomplete", "property-invalid"], "what is …… is to be filled in"
    (city.home / "museums/changes.yaml").unlink()
    done = kaishu("withdraw", "museums", *words, *told)
    assert (done.returncode, "changes.yaml" in done.stdout) == (0, True)
    assert kaishu("withdraw", "parks", "--resource", "one", "--less-open", *words, *told).returncode == 2
    city.dataset("parks", "one:conditional")
    (city.home / "parks/two.csv").unlink()
    assert kaishu("withdraw", "parks", "--resource", "two", *words, *told).returncode == 0
    assert kaishu("withdraw", "parks", "--resource", "one", "--less-open", *words, *told).returncode == 0
    report, second = city.release(first)
    assert errors(report) == []
    assert {line[1:] for line in log(second)} == {
        ("withdrawn", "museums", ""), ("withdrawn", "parks", "two"), ("less-open", "parks", "one"),
    }  # fmt: skip
    for wrong in (("nothing",), ("parks", "--resource", "three")):
        assert kaishu("withdraw", *wrong, *words).returncode == 2
    (city.home / "parks/changes.yaml").write_text("changes: [", "utf-8")
    assert kaishu("withdraw", "parks", "--resource", "two", *words, *told).returncode == 2
    assert (city.home / "parks/changes.yaml").read_text("utf-8") == "changes: ["
