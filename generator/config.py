"""Configuration of a portal: one YAML file, ``kaishu.yaml``."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from generator.errors import ConfigError
from generator.hosts import host_and_port
from generator.limits import Limits
from generator.problems import catalogue
from generator.text import LANGUAGES, Text


@dataclass(frozen=True, slots=True)
class Feedback:
    """Where readers report an error, ask for data and show what they made."""

    forge: str = ""
    """One of ``FORGES``: whose form for a new issue is opened; empty for none."""
    repository: str = ""
    """Web address of the repository whose issues are meant."""
    email: str = ""
    """For those without an account on the forge."""


@dataclass(frozen=True, slots=True)
class Portal:
    """What the site says of itself."""

    title: Text
    description: Text
    url: str
    """Where the site will be, with a final slash: ``https://data.example.gov.cn/opendata/``."""
    languages: tuple[str, ...] = ("zh", "en")
    publisher: Text = field(default_factory=Text)
    publisher_url: str = ""
    email: str = ""
    phone: str = ""
    repository: str = ""
    """Web address of the repository that pull requests go to; empty for none."""
    place: Text = field(default_factory=Text)
    place_code: str = ""
    license_url: str = ""
    """Licence of the catalogue's metadata."""
    notice: Text = field(default_factory=Text)
    """A banner on every page, e.g. that this is a demonstration."""
    filing: tuple[tuple[str, str], ...] = ()
    """(text, url) of the registrations a Chinese site shows in its footer (ICP备案 and the like)."""
    duckdb_wasm: bool = False
    """Offers DuckDB beside the pages' own SQL. `make duckdb` brings its files."""
    feedback: Feedback = field(default_factory=Feedback)


@dataclass(frozen=True, slots=True)
class Bucket:
    """An object store's bucket that data may be fetched from."""

    name: str
    endpoint_url: str = ""
    """Of a store that is not Amazon's: ``https://oss.example.gov.cn``."""
    region: str = ""
    signed: bool = False
    """Ask with the credentials of the environment; else anonymously."""


@dataclass(frozen=True, slots=True)
class Remote:
    """Where data may be fetched from, and how much of it. Nothing is allowed by default."""

    hosts: frozenset[str] = frozenset()
    """``host`` (at its scheme's own port) or ``host:port``, in the form of ``hosts.host_of``."""
    buckets: tuple[Bucket, ...] = ()
    max_file_size: int = 1_000_000_000
    """Bytes of one file as they are received."""
    max_build_size: int = 10_000_000_000
    """Bytes that one build, or one check, receives."""
    max_seconds: float = 300
    """For one file, with all its redirects."""
    cache: Path = Path(".kaishu/remote")
    """What was fetched once; it can be deleted at any time."""


@dataclass(frozen=True, slots=True)
class Config:
    """One publication: where things are, what is assumed, what is demanded."""

    portal: Portal
    file: Path | None
    datasets: Path
    site_src: Path
    site: Path
    mkdocs: Path
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """Descriptor properties that a package gets when it states none, e.g. ``openness``."""
    rules: Mapping[str, str] = field(default_factory=dict)
    """Problem name → ``error``, ``advice`` or ``off``. Only rules that go beyond the standard may be lowered."""
    agencies: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Agencies that have no folder of their own (as ``agency.yaml``, by id)."""
    state: Path | None = None
    """Folder for what earlier runs found out (``generator.state``); None to know nothing and keep nothing."""
    remote: Remote = field(default_factory=Remote)
    limits: Limits = field(default_factory=Limits)
    private: bool = False
    """Whether only the agencies see the repository. Else data that are not open have no place in it (0017)."""


CONFIG = "kaishu.yaml"
"""Where it is sought: in the current folder."""
RULE_WORDS = ("error", "advice", "off")


def read_config(
    file: Path | None = None, *, datasets: Path | None = None, site: Path | None = None, state: Path | None = None
) -> Config:
    """Read ``file``, or ``kaishu.yaml`` in the current folder. Paths in it are relative to its folder.

    ``datasets``, ``site`` and ``state`` come from the command line and win. Pages and templates are those beside the
    file when it has a ``site_src`` beside it, else Kaishu's own.

    Raises ``ConfigError`` for what is missing, misspelt or of the wrong form.
    """
    file = file or Path(CONFIG)
    entries = _entries(file)
    home = file.resolve().parent
    site_src = _path(entries, "site_src", home) or _beside(home, "site_src") or _own("site_src")
    return Config(
        portal=_with_feedback(
            _portal(_section(entries, "portal", file), file), _section(entries, "feedback", file), file
        ),
        file=file.resolve(),
        datasets=_folder(datasets or _path(entries, "datasets", home) or _beside(home, "datasets") or Path("datasets")),
        site_src=site_src.resolve(),
        site=(site or _path(entries, "site", home) or Path("site")).absolute(),
        mkdocs=(_beside(site_src.parent, "mkdocs.yml") or _own("mkdocs.yml")).resolve(),
        defaults=_section(entries, "defaults", file),
        rules=_rules(_section(entries, "rules", file), file),
        agencies={
            str(id_): _mapping(body, f"agencies.{id_}", file)
            for id_, body in _section(entries, "agencies", file).items()
        },
        state=(state or home / STATE).absolute(),
        remote=_remote(_section(entries, "remote", file), file),
        limits=_limits(_section(entries, "limits", file), file),
        private=_is_private(_section(entries, "repository", file), file),
    )


def without_portal(datasets: Path) -> Config:
    """Where a folder is looked at that belongs to no portal: nothing is assumed of what it does not state."""
    return Config(
        portal=Portal(title=Text(), description=Text(), url=""),
        file=None,
        datasets=datasets.resolve(),
        site_src=_own("site_src").resolve(),
        site=Path("site").absolute(),
        mkdocs=_own("mkdocs.yml").resolve(),
    )


STATE = ".kaishu"


KEYS = (
    "portal", "datasets", "site", "site_src", "defaults", "rules", "agencies", "remote", "limits", "repository",
    "feedback",
)  # fmt: skip
FEEDBACK_KEYS = ("forge", "repository", "email")
FORGES = ("github", "gitlab", "gitee", "gitea")
"""Whose addresses of a pre-filled form are known. Forgejo takes those of Gitea."""
NO_FORGE = ("email", "none")
LIMIT_SIZES, LIMIT_COUNTS = ("unpacked", "workbook", "record"), ("ratio", "depth", "columns", "resources")
VISIBILITIES = ("public", "private")
REMOTE_KEYS = ("hosts", "buckets", "max_file_size", "max_build_size", "max_seconds", "cache")
BUCKET_KEYS = ("name", "endpoint_url", "region", "signed")
PORTAL_KEYS = (
    "title", "title_en", "description", "description_en", "url", "languages", "publisher", "publisher_en",
    "publisher_url", "email", "phone", "repository", "place", "place_en", "place_code", "license_url",
    "notice", "notice_en", "filing", "duckdb_wasm",
)  # fmt: skip


def _entries(file: Path) -> Mapping[str, Any]:
    try:
        entries = yaml.safe_load(file.read_text("utf-8-sig"))
    except OSError as error:
        raise ConfigError(
            f"读不到配置文件 {file}。请在有 kaishu.yaml 的文件夹里运行，或用 --config 指明。",
            f"Cannot read the configuration {file} ({error.strerror}). "
            "Run where kaishu.yaml is, or name it with --config.",
        ) from error
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:  # a date that there is not, for one
        raise ConfigError(
            f"配置文件 {file} 不是有效的 YAML：{error}", f"The configuration {file} is not valid YAML: {error}"
        ) from error
    entries = _mapping(entries or {}, "", file)
    _known(entries, KEYS, "", file)
    return entries


def _portal(entries: Mapping[str, Any], file: Path) -> Portal:
    _known(entries, PORTAL_KEYS, "portal.", file)
    for key in ("title", "url"):
        if not isinstance(entries.get(key), str) or not entries[key]:
            raise ConfigError(f"{file} 缺少 portal.{key}。", f"{file} has no portal.{key}.")
    url = entries["url"]
    try:
        parts = urlsplit(url)
    except ValueError:  # a bracket that is not closed
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise ConfigError(
            f"{file} 的 portal.url 应是网站地址，如 https://data.example.gov.cn/；现值 {url}。",
            f"portal.url in {file} should be the site's address, as https://data.example.gov.cn/; it is {url}.",
        )
    stated = entries.get("languages", LANGUAGES)
    languages = tuple(each for each in stated if isinstance(each, str)) if isinstance(stated, list | tuple) else ()
    if len(languages) != len(stated if languages else ()) or set(languages) != set(LANGUAGES):
        raise ConfigError(
            f"{file} 的 portal.languages 目前只支持 [zh, en]。",
            f"portal.languages in {file} must be [zh, en]: the interface has these two.",
        )

    def text(key: str) -> Text:
        main, english = entries.get(key), entries.get(f"{key}_en")
        return Text(str(main), "zh", (("en", str(english)),) if english else ()) if main else Text()

    return Portal(
        title=text("title"),
        description=text("description"),
        url=url.rstrip("/") + "/",
        languages=languages,
        publisher=text("publisher") or text("title"),
        publisher_url=str(entries.get("publisher_url", "")),
        email=str(entries.get("email", "")),
        phone=str(entries.get("phone", "")),
        repository=str(entries.get("repository", "")).rstrip("/"),
        place=text("place"),
        place_code=str(entries.get("place_code", "")),
        license_url=str(entries.get("license_url", "")),
        notice=text("notice"),
        filing=tuple(
            (str(f.get("text", "")), str(f.get("url", ""))) for f in _filing(entries, file) if isinstance(f, Mapping)
        ),
        duckdb_wasm=entries.get("duckdb_wasm") is True,
    )


def _with_feedback(portal: Portal, entries: Mapping[str, Any], file: Path) -> Portal:
    _known(entries, FEEDBACK_KEYS, "feedback.", file)
    repository = str(entries.get("repository") or portal.repository).rstrip("/")
    if not _is_web(repository):
        if entries.get("repository"):
            raise ConfigError(
                f"{file} 的 feedback.repository 应是代码仓库的网址，如 https://gitee.com/city/opendata；"
                f"现值 {repository}。",
                f"feedback.repository in {file} must be the repository's address on the web, as "
                f"https://gitee.com/city/opendata; it is {repository}.",
            )
        repository = ""
    forge = entries.get("forge", _forge_of(repository))
    if forge not in (*FORGES, *NO_FORGE, ""):
        raise ConfigError(
            f"{file} 的 feedback.forge 应是 {'、'.join((*FORGES, *NO_FORGE))} 之一；现值 {forge}。",
            f"feedback.forge in {file} must be one of {', '.join((*FORGES, *NO_FORGE))}; it is {forge}.",
        )
    if forge in entries.values() and forge in FORGES and not repository:
        raise ConfigError(
            f"{file} 写了 feedback.forge: {forge}，但没有 feedback.repository（或 portal.repository）。",
            f"{file} has feedback.forge: {forge}, but neither feedback.repository nor portal.repository.",
        )
    email = "" if forge == "none" else str(entries.get("email") or portal.email)
    if entries.get("email") and not re.fullmatch(r"[^\s@?&]+@[^\s@?&]+", email):
        raise ConfigError(
            f"{file} 的 feedback.email 应是电子邮箱地址；现值 {email}。",
            f"feedback.email in {file} must be an e-mail address; it is {email}.",
        )
    has_forge = bool(repository) and forge in FORGES
    return replace(portal, feedback=Feedback(forge if has_forge else "", repository if has_forge else "", email))


def _is_web(url: str) -> bool:
    return re.fullmatch(r"https?://[^\s/?#]+/[^\s?#]+", url) is not None and url.isprintable() and len(url) <= 500


def _forge_of(repository: str) -> str:
    """By the host's name; an unknown one is asked as Gitea is, whose parameters most others know too."""
    host = urlsplit(repository).hostname or "" if repository else ""
    named = next((forge for forge in ("github", "gitlab", "gitee") if forge in host), "gitea")
    return named if repository else ""


def _filing(entries: Mapping[str, Any], file: Path) -> list[Any]:
    listed = entries.get("filing") or []
    if not isinstance(listed, list):
        raise ConfigError(f"{file} 的 portal.filing 应是一个列表。", f"portal.filing in {file} must be a list.")
    return listed


def _rules(entries: Mapping[str, Any], file: Path) -> Mapping[str, str]:
    """Rule names to severities. ``all`` stands for every rule beyond the standard that is not named itself."""
    if not entries:
        return {}
    kinds = catalogue()
    known = {"all", *kinds, *(kind.code for kind in kinds.values())}
    words = {name: "off" if word is False else word for name, word in entries.items()}  # YAML reads `off` as false
    for name, word in words.items():
        if name not in known:
            raise ConfigError(
                f"{file} 的 rules 里没有名为 {name} 的规则。",
                f"rules in {file}: there is no rule {name}.{_near(name, known)}",
            )
        if word not in RULE_WORDS:
            raise ConfigError(
                f"{file} 的 rules.{name} 应是 error、advice 或 off；现值 {word}。",
                f"rules.{name} in {file} must be error, advice or off; it is {word}.",
            )
        kind = kinds.get(name) or next((k for k in kinds.values() if k.code == name), None)
        if kind and kind.standard:
            raise ConfigError(
                f"{file} 的 rules.{name}：标准或安全所要求，不能放宽。",
                f"rules.{name} in {file}: the standard, or safety, demands it; it cannot be lowered.",
            )
    return words


def _is_private(entries: Mapping[str, Any], file: Path) -> bool:
    """Public unless it says otherwise: to be wrong that way leaks nothing."""
    _known(entries, ("visibility",), "repository.", file)
    visibility = entries.get("visibility", "public")
    if visibility not in VISIBILITIES:
        raise ConfigError(
            f"{file} 的 repository.visibility 应是 public（公开）或 private（只有各部门看得到）；现值 {visibility}。",
            f"repository.visibility in {file} must be public, or private where only the agencies see the repository; "
            f"it is {visibility}.",
        )
    return bool(visibility == "private")


def _remote(entries: Mapping[str, Any], file: Path) -> Remote:
    _known(entries, REMOTE_KEYS, "remote.", file)
    standard = Remote()
    return Remote(
        hosts=frozenset(_host(host, file) for host in _listed(entries, "hosts", file)),
        buckets=tuple(_bucket(bucket, file) for bucket in _listed(entries, "buckets", file)),
        max_file_size=_size(entries, "max_file_size", standard.max_file_size, file),
        max_build_size=_size(entries, "max_build_size", standard.max_build_size, file),
        max_seconds=_seconds(entries.get("max_seconds", standard.max_seconds), file),
        cache=file.resolve().parent / str(entries.get("cache") or standard.cache),
    )


def _limits(entries: Mapping[str, Any], file: Path) -> Limits:
    _known(entries, (*LIMIT_SIZES, *LIMIT_COUNTS), "limits.", file)
    standard = Limits()
    sizes = {key: _size(entries, key, getattr(standard, key), file, "limits") for key in LIMIT_SIZES}
    return Limits(**sizes, **{key: _count(entries, key, getattr(standard, key), file) for key in LIMIT_COUNTS})


def _count(entries: Mapping[str, Any], key: str, standard: int, file: Path) -> int:
    written = entries.get(key, standard)
    if isinstance(written, bool) or not isinstance(written, int) or not 0 < written < 10**9:
        raise ConfigError(
            f"{file} 的 limits.{key} 应是正整数；现值 {written}。",
            f"limits.{key} in {file} must be a whole number above 0; it is {written}.",
        )
    return written


def _listed(entries: Mapping[str, Any], key: str, file: Path) -> list[Any]:
    listed = entries.get(key) or []
    if not isinstance(listed, list):
        raise ConfigError(f"{file} 的 remote.{key} 应是一个列表。", f"remote.{key} in {file} must be a list.")
    return listed


def _host(written: Any, file: Path) -> str:
    try:
        host, port = host_and_port(written if isinstance(written, str) else "")
    except ValueError as error:
        raise ConfigError(
            f"{file} 的 remote.hosts 只写主机名，如 data.example.gov.cn，非标准端口写成 data.example.gov.cn:8443，"
            f"不写 https://、路径和通配符；现值 {written}。",
            f"remote.hosts in {file} takes bare hosts, as data.example.gov.cn or data.example.gov.cn:8443, "
            f"without https://, path or wildcard; it holds {written}.",
        ) from error
    return host if port is None else f"{host}:{port}"


def _bucket(written: Any, file: Path) -> Bucket:
    entries = {"name": written} if isinstance(written, str) else _mapping(written, "remote.buckets", file)
    _known(entries, BUCKET_KEYS, "remote.buckets.", file)
    name, endpoint, signed = entries.get("name"), str(entries.get("endpoint_url") or ""), entries.get("signed", False)
    if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", name):
        raise ConfigError(
            f"{file} 的 remote.buckets 应写桶名（小写字母、数字、点和连字符）；现值 {name}。",
            f"remote.buckets in {file} takes names of buckets (lower-case letters, digits, dots, hyphens); "
            f"it holds {name}.",
        )
    if endpoint and not _is_plain_origin(endpoint):
        raise ConfigError(
            f"{file} 中桶 {name} 的 endpoint_url 应是 https://主机 或 https://主机:端口，不含路径和密码；"
            f"现值 {endpoint}。",
            f"endpoint_url of the bucket {name} in {file} must be https://host or https://host:port, "
            f"without path or password; it is {endpoint}.",
        )
    if not isinstance(signed, bool):
        raise ConfigError(
            f"{file} 中桶 {name} 的 signed 应是 true 或 false；现值 {signed}。",
            f"signed of the bucket {name} in {file} must be true or false; it is {signed}.",
        )
    return Bucket(name, endpoint.rstrip("/"), str(entries.get("region") or ""), signed)


def _is_plain_origin(url: str) -> bool:
    scheme, separator, rest = url.partition("://")
    try:
        host_and_port(rest.removesuffix("/"))
    except ValueError:
        return False
    return scheme in ("http", "https") and bool(separator)


_UNITS = {"": 1, "B": 1, "KB": 1000, "MB": 1000**2, "GB": 1000**3, "TB": 1000**4}


def _size(entries: Mapping[str, Any], key: str, standard: int, file: Path, section: str = "remote") -> int:
    """Bytes, or a number with a unit: ``200 MB``."""
    written = entries.get(key, standard)
    match = re.fullmatch(r"([0-9]{1,15})\s*([kKMGT]?B)?", str(written).strip())
    count = int(match[1]) * _UNITS[(match[2] or "").upper()] if match else 0
    if not count:
        raise ConfigError(
            f"{file} 的 {section}.{key} 应是大小，如 200 MB；现值 {written}。",
            f"{section}.{key} in {file} must be a size, as 200 MB; it is {written}.",
        )
    return count


def _seconds(written: Any, file: Path) -> float:
    if isinstance(written, bool) or not isinstance(written, int | float) or not 0 < written <= 86_400:
        raise ConfigError(
            f"{file} 的 remote.max_seconds 应是秒数（大于 0，不超过 86400）；现值 {written}。",
            f"remote.max_seconds in {file} must be a number of seconds (above 0, at most 86400); it is {written}.",
        )
    return float(written)


def _known(entries: Mapping[str, Any], known: Collection[str], prefix: str, file: Path) -> None:
    for key in entries:
        if key not in known:
            raise ConfigError(
                f"{file} 里有不认识的设置 {prefix}{key}。可用的有：{'、'.join(known)}。",
                f"{file} has an unknown setting {prefix}{key}.{_near(str(key), known)}",
            )


def _near(name: object, known: Collection[str]) -> str:
    near = get_close_matches(str(name), known, n=1)
    return f" Did you mean {near[0]}?" if near else ""


def _section(entries: Mapping[str, Any], key: str, file: Path) -> Mapping[str, Any]:
    return _mapping(entries.get(key) or {}, key, file)


def _mapping(value: Any, key: str, file: Path) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ConfigError(
            f"{file} 的 {key or '内容'} 应由「名称: 值」组成。",
            f"{key or 'The content'} of {file} must be a mapping (name: value).",
        )
    return value


def _path(entries: Mapping[str, Any], key: str, home: Path) -> Path | None:
    written = str(entries.get(key) or "")
    if "\0" in written or len(written.encode("utf-8", "replace")) > _LONGEST_PATH:
        raise ConfigError(f"配置的 {key} 不是文件夹的路径。", f"{key} in the configuration is no path of a folder.")
    return home / written if written else None


_LONGEST_PATH = 4000
"""Bytes: no system takes more."""


def _beside(home: Path, name: str) -> Path | None:
    return home / name if (home / name).exists() else None


def _own(name: str) -> Path:
    """Kaishu's own pages: in the repository beside the package, in an installed wheel within it."""
    package = Path(__file__).resolve().parent
    repository = package.parent / name
    return repository if repository.exists() else package / "_portal" / name


def _folder(path: Path) -> Path:
    if not path.is_dir():
        raise ConfigError(
            f"没有数据集文件夹 {path}。请用 --datasets 指明。",
            f"There is no datasets folder {path}. Name it with --datasets.",
        )
    return path.resolve()
