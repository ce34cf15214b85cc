"""The portal's configuration: what it may say, where its paths lead, and what is told when it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.config import Bucket, Config, read_config
from generator.errors import ConfigError
from generator.problems import Problem, Severities, catalogue

PORTAL = "portal: {title: 测试门户, title_en: Test portal, url: https://data.test.example}\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A portal's folder: its configuration and its datasets."""
    (tmp_path / "city/datasets").mkdir(parents=True)
    return tmp_path / "city"


def read(home: Path, text: str = "", portal: str = PORTAL) -> Config:
    file = home / "kaishu.yaml"
    file.write_text(portal + text, "utf-8")
    return read_config(file)


def refused(home: Path, text: str = "", portal: str = PORTAL) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        read(home, text, portal)
    assert any("\u4e00" <= character <= "\u9fff" for character in caught.value.zh)
    assert not any("\u4e00" <= character <= "\u9fff" for character in caught.value.en.replace(str(home), ""))
    return caught.value


# --- the portal


def test_the_least_that_a_portal_says(home: Path) -> None:
    config = read(home)
    assert (config.portal.title.to("zh"), config.portal.title.to("en")) == (("测试门户", "zh"), ("Test portal", "en"))
    assert config.portal.publisher == config.portal.title
    assert (config.defaults, config.rules, config.agencies) == ({}, {}, {})


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://data.test.example", "https://data.test.example/"),
        ("https://data.test.example/", "https://data.test.example/"),
        ("http://test.example/opendata", "http://test.example/opendata/"),
        ("https://test.example:8443/a/b//", "https://test.example:8443/a/b/"),
        ("https://数据.example/", "https://数据.example/"),
    ],
)
def test_the_address_ends_in_one_slash(home: Path, written: str, meant: str) -> None:
    assert read(home, portal=f"portal: {{title: 门户, url: '{written}'}}\n").portal.url == meant


@pytest.mark.parametrize(
    "url",
    [
        "data.test.example",
        "/opendata/",
        "ftp://test.example/",
        "https://",
        "https://x.example/?a=b",
        "https://x.example/#a",
    ],
)
def test_what_is_no_site_s_address_is_refused(home: Path, url: str) -> None:
    error = refused(home, portal=f"portal: {{title: 门户, url: '{url}'}}\n")
    assert "portal.url" in error.zh
    assert url in error.zh
    assert "portal.url" in error.en


@pytest.mark.parametrize(
    ("portal", "key"), [("portal: {title: 门户}\n", "url"), ("portal: {url: https://x.example}\n", "title")]
)
def test_what_a_portal_must_say(home: Path, portal: str, key: str) -> None:
    assert f"portal.{key}" in refused(home, portal=portal).zh


def test_the_interface_has_two_languages(home: Path) -> None:
    portal = "portal: {title: 门户, url: https://x.example, languages: [zh, ja]}\n"
    assert "portal.languages" in refused(home, portal=portal).en


def test_registrations_for_the_footer(home: Path) -> None:
    filing = "  filing: [{text: 粤ICP备00000000号, url: https://beian.example/}]\n"
    portal = "portal:\n  title: 门户\n  url: https://x.example\n" + filing
    assert read(home, portal=portal).portal.filing == (("粤ICP备00000000号", "https://beian.example/"),)


# --- slips


@pytest.mark.parametrize(
    ("text", "unknown", "meant"),
    [
        ("rule: {}\n", "rule", "rules"),
        ("dataset: ./x\n", "dataset", "datasets"),
        ("default: {}\n", "default", "defaults"),
    ],
)
def test_a_misspelt_setting_is_not_overlooked(home: Path, text: str, unknown: str, meant: str) -> None:
    error = refused(home, text)
    assert unknown in error.zh
    assert meant in error.zh
    assert f"Did you mean {meant}?" in error.en


def test_a_misspelt_setting_of_the_portal_is_not_overlooked(home: Path) -> None:
    error = refused(home, portal="portal: {title: 门户, url: https://x.example, titel_en: Portal}\n")
    assert "portal.titel_en" in error.zh
    assert "Did you mean title_en?" in error.en


@pytest.mark.parametrize("text", ["rules: [a]\n", "defaults: unconditional\n", "agencies: {health: 卫健局}\n"])
def test_a_section_of_the_wrong_form(home: Path, text: str) -> None:
    assert text.split(":", maxsplit=1)[0] in refused(home, text).zh


@pytest.mark.parametrize("content", [b"portal: [\n", "portal: {title: 门户}".encode("gbk"), b"- a\n"])
def test_a_file_that_is_no_configuration(home: Path, content: bytes) -> None:
    file = home / "kaishu.yaml"
    file.write_bytes(content)
    with pytest.raises(ConfigError):
        read_config(file)


def test_no_file(home: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read_config(home / "kaishu.yaml")
    assert "--config" in caught.value.zh


def test_a_byte_order_mark_is_overlooked(home: Path) -> None:
    assert read(home, portal="\ufeff" + PORTAL).portal.title.main == "测试门户"


# --- rules


def severity(config: Config, name: str) -> str:
    return Severities(config.rules).of(Problem(name))


def test_rules_are_named_by_name_or_code(home: Path) -> None:
    config = read(home, "rules: {theme-missing: advice, M127: off, keywords-missing: error}\n")
    assert severity(config, "theme-missing") == "advice"
    assert severity(config, "license-missing") == "off"
    assert severity(config, "keywords-missing") == "error"
    assert severity(config, "contact-missing") == "error"


def test_all_rules_at_once_and_one_of_them_apart(home: Path) -> None:
    config = read(home, "rules: {all: advice, contact-missing: error}\n")
    assert severity(config, "theme-missing") == "advice"
    assert severity(config, "contact-missing") == "error"


def test_all_off_means_advice_too(home: Path) -> None:
    config = read(home, "rules: {all: off}\n")
    lowered = {name for name in catalogue() if severity(config, name) == "off"}
    assert lowered == {name for name, kind in catalogue().items() if not kind.standard}


def test_all_errors_makes_nothing_stricter(home: Path) -> None:
    config = read(home, "rules: {all: error}\n")
    assert {name: severity(config, name) for name in catalogue()} == {n: k.severity for n, k in catalogue().items()}


def test_a_rule_that_does_not_exist(home: Path) -> None:
    error = refused(home, "rules: {licence-missing: off}\n")
    assert "licence-missing" in error.zh
    assert "Did you mean license-missing?" in error.en


def test_a_word_that_is_no_severity(home: Path) -> None:
    error = refused(home, "rules: {theme-missing: warning}\n")
    assert "warning" in error.zh
    assert "error, advice or off" in error.en


@pytest.mark.parametrize("name", ["openness-missing", "M110", "path-outside", "type-integer", "conversion-failed"])
def test_what_the_standard_or_safety_demands_stays(home: Path, name: str) -> None:
    assert name in refused(home, f"rules: {{{name}: advice}}\n").zh


def test_data_that_are_not_open_block_nothing() -> None:
    assert Severities({}).blocks(Problem("type-integer"))
    assert not Severities({}).blocks(Problem("type-integer", published=False))


# --- paths


def test_paths_are_relative_to_the_file_not_to_where_one_stands(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    monkeypatch.chdir(tmp_path)
    config = read(home, "datasets: ../data\nsite: ../public\n")
    assert config.datasets == tmp_path / "data"
    assert config.site.resolve() == tmp_path / "public"


def test_without_a_word_datasets_lie_beside_the_file_and_the_site_where_one_stands(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    config = read(home)
    assert config.datasets == home / "datasets"
    assert config.site == tmp_path / "site"


def test_the_command_line_wins(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    read(home, "datasets: datasets\nsite: public\n")
    config = read_config(home / "kaishu.yaml", datasets=Path("elsewhere"), site=Path("out"))
    assert (config.datasets, config.site) == (tmp_path / "elsewhere", tmp_path / "out")


def test_no_datasets_folder(home: Path) -> None:
    assert "--datasets" in refused(home, "datasets: nowhere\n").zh


def test_a_portal_has_its_own_pages_or_kaishu_s(home: Path, root: Path) -> None:
    assert read(home).site_src == root / "site_src"
    (home / "site_src").mkdir()
    assert read(home).site_src == home / "site_src"


# --- data on other hosts


def test_nothing_is_fetched_by_default(home: Path) -> None:
    remote = read(home).remote
    assert (remote.hosts, remote.buckets) == (frozenset(), ())
    assert remote.cache == home / ".kaishu/remote"


def test_where_data_may_be_fetched_from(home: Path) -> None:
    remote = read(
        home,
        "remote:\n"
        "  hosts: [Stats.Example.gov.cn., 例子.example, 'files.example:8443', '[0:0::1]:80']\n"
        "  buckets: [open-data, {name: city-data, endpoint_url: https://oss.example/, region: cn-south-1, signed: true}]\n"
        "  max_file_size: 200 MB\n  max_build_size: 5000\n  max_seconds: 1.5\n  cache: state/remote\n",
    ).remote
    assert remote.hosts == {"stats.example.gov.cn", "xn--fsqu00a.example", "files.example:8443", "[::1]:80"}
    assert remote.buckets == (
        Bucket("open-data"),
        Bucket("city-data", endpoint_url="https://oss.example", region="cn-south-1", signed=True),
    )
    assert (remote.max_file_size, remote.max_build_size, remote.max_seconds) == (200_000_000, 5000, 1.5)
    assert remote.cache == home / "state/remote"


@pytest.mark.parametrize(
    ("setting", "named"),
    [
        ("host: [x.example]", "remote.host"),
        ("hosts: x.example", "remote.hosts"),
        ("hosts: ['https://x.example']", "remote.hosts"),
        ("hosts: ['*.x.example']", "remote.hosts"),
        ("hosts: ['x.example/data']", "remote.hosts"),
        ("hosts: ['user@x.example']", "remote.hosts"),
        ("hosts: ['x.example:0']", "remote.hosts"),
        ("hosts: [8080]", "remote.hosts"),
        ("hosts: ['']", "remote.hosts"),
        ("buckets: [Open_Data]", "remote.buckets"),
        ("buckets: [{endpoint_url: 'https://oss.example'}]", "remote.buckets"),
        ("buckets: [{name: open-data, key: secret}]", "remote.buckets.key"),
        ("buckets: [{name: open-data, endpoint_url: 'oss.example'}]", "endpoint_url"),
        ("buckets: [{name: open-data, endpoint_url: 'https://k:s@oss.example'}]", "endpoint_url"),
        ("buckets: [{name: open-data, endpoint_url: 'https://oss.example/path'}]", "endpoint_url"),
        ("buckets: [{name: open-data, signed: 'no'}]", "signed"),
        ("max_file_size: much", "remote.max_file_size"),
        ("max_file_size: 0", "remote.max_file_size"),
        ("max_build_size: -1", "remote.max_build_size"),
        ("max_build_size: 1 MiB", "remote.max_build_size"),
        ("max_seconds: 0", "remote.max_seconds"),
        ("max_seconds: true", "remote.max_seconds"),
        ("max_seconds: .inf", "remote.max_seconds"),
        ("max_seconds: .nan", "remote.max_seconds"),
    ],
)
def test_slips_in_what_may_be_fetched(home: Path, setting: str, named: str) -> None:
    error = refused(home, f"remote: {{{setting}}}\n")
    assert named in error.zh
    assert named in error.en
