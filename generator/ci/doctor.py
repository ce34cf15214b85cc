"""``kaishu doctor``: what a portal's settings lack and, when asked to, whether its host serves data as it should.

Only the portal's own address is asked, and no redirect is followed: a setting must not make this program visit others.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin, urlsplit

from generator import vocabularies
from generator.ci.codeowners import file_of, owners, prefix_of, written
from generator.ci.repository import root_of
from generator.config import Config
from generator.errors import ConfigError
from generator.model import Catalog
from generator.problems import Problem
from generator.publish import MANIFEST, Entry, Manifest, manifest_of
from generator.read import read_catalog

if TYPE_CHECKING:
    import requests

FORMS = ("demand.yml", "data-error.yml", "reuse.yml")
WORKFLOWS = ("check.yml", "report.yml", "publish.yml", "freshness.yml")
INVENTED = (".example", ".test", ".invalid", ".localhost", "localhost", "127.0.0.1")
TIMEOUT = 20
MAX_MANIFEST = 200_000_000
ORIGIN = "https://reader.example"
"""A page elsewhere that wants to read the data."""
EXPOSED = "Content-Range"
_MAIL = re.compile(r"[^\s@,;]+@[^\s@,;.]+(\.[^\s@,;.]+)+")


def examine(config: Config, today: datetime.date, *, online: bool = False) -> Iterator[Problem]:
    yield from check_settings(config)
    try:
        root = root_of(config.datasets).resolve()
    except ConfigError:  # no repository: nothing of a forge to look at
        pass
    else:
        yield from check_forge(config, read_catalog(config, today), root)
    if online:
        yield from check_host(config)


def check_settings(config: Config) -> Iterator[Problem]:
    file, portal = config.file.name if config.file else "", config.portal
    parts = urlsplit(portal.url)
    if (parts.hostname or "").endswith(INVENTED):
        yield Problem("portal-url-invented", file=file, value=portal.url)
    elif parts.scheme != "https":
        yield Problem("portal-url-plain", file=file, value=portal.url)
    if not portal.repository:
        yield Problem("portal-repository-missing", file=file)
    elif not re.fullmatch(r"https://[^/\s]+(/[^/\s]+){2,}", portal.repository):
        yield Problem(
            "portal-repository-form", file=file, value=portal.repository, expected="https://github.com/OWNER/NAME"
        )
    if not portal.email:
        yield Problem("portal-email-missing", file=file)
    elif not _MAIL.fullmatch(portal.email):
        yield Problem("portal-email-form", file=file, value=portal.email, expected="opendata@example.gov.cn")
    stated: Mapping[str, object] = {
        "title_en": dict(portal.title.translations).get("en"),
        "description": portal.description,
        "description_en": dict(portal.description.translations).get("en"),
        "license_url": portal.license_url,
        "place": portal.place,
        "place_code": portal.place_code,
    }
    lacking = [f"portal.{key}" for key, value in stated.items() if not value]
    if lacking:
        yield Problem("portal-text-missing", file=file, value=", ".join(lacking))


def check_forge(config: Config, catalog: Catalog, root: Path) -> Iterator[Problem]:
    if "github" in config.portal.repository:
        for folder, names, problem in (
            (".github/ISSUE_TEMPLATE", FORMS, "forge-form-missing"),
            (".github/workflows", WORKFLOWS, "forge-workflow-missing"),
        ):
            for name in names:
                if not (root / folder / name).is_file():
                    yield Problem(problem, file=f"{folder}/{name}")
    found = owners(catalog, prefix_of(config, root))
    file = file_of(root)
    before = file.read_text("utf-8") if file.is_file() else ""
    if any(each.accounts for each in found) and written(before, found) != before:
        yield Problem("forge-owners-stale", file=file.relative_to(root).as_posix())
    for each in found:
        if not each.accounts and each.body.file:
            yield Problem("forge-approver-missing", file=each.body.file, field="approver")


# --- the host


def check_host(config: Config) -> Iterator[Problem]:
    import requests

    url = config.portal.url
    with requests.Session() as session:
        session.headers["User-Agent"] = "kaishu-doctor"
        try:
            yield from _check_host(session, url)
        except requests.RequestException as error:
            yield Problem("host-unreachable", value=url, expected=type(error).__name__)


def _check_host(session: requests.Session, url: str) -> Iterator[Problem]:
    home = _ask(session, url)
    if home.is_redirect:
        yield Problem("host-redirects", value=url, expected=home.headers.get("Location", ""))
        return
    if home.status_code != 200:
        yield Problem("host-unreachable", value=url, expected=f"HTTP {home.status_code}")
        return
    manifest = _manifest(session, url)
    if manifest is None:
        yield Problem("host-not-ours", value=urljoin(url, MANIFEST))
        return
    for entry in _one_of_each_kind(manifest):
        yield from _check_file(session, url, entry)
    table = _table(manifest)
    if table:
        yield from _check_ranges(session, url, table)
    nowhere = urljoin(url, "kaishu-doctor-looks-for-what-is-not-there/")
    answer = _ask(session, nowhere)
    if answer.status_code != 404:
        yield Problem("host-no-404", value=nowhere, expected=str(answer.status_code))


def _ask(session: requests.Session, url: str, **headers: str) -> requests.Response:
    """The answer without its body."""
    sent = {key.replace("_", "-"): value for key, value in headers.items()}
    answer = session.get(url, headers=sent, timeout=TIMEOUT, allow_redirects=False, stream=True)
    answer.close()
    return answer


def _manifest(session: requests.Session, url: str) -> Manifest | None:
    with session.get(urljoin(url, MANIFEST), timeout=TIMEOUT, allow_redirects=False, stream=True) as answer:
        content = b""
        for piece in answer.iter_content(1 << 20):
            content += piece
            if len(content) > MAX_MANIFEST:
                return None
        return manifest_of(content) if answer.status_code == 200 else None


def _one_of_each_kind(manifest: Manifest) -> list[Entry]:
    """The smallest file of each suffix that has a type of its own."""
    found: dict[str, Entry] = {}
    for entry in manifest.files:
        suffix = entry.path.rpartition("/")[2].rpartition(".")[2]
        if suffix in TYPES and (suffix not in found or entry.bytes < found[suffix].bytes):
            found[suffix] = entry
    return [found[suffix] for suffix in sorted(found)]


TYPES: Mapping[str, tuple[str, ...]] = {
    "css": ("text/css",),
    "csv": ("text/csv",),
    "html": ("text/html",),
    "js": ("text/javascript", "application/javascript"),
    "json": ("application/json",),
    "jsonld": ("application/ld+json", "application/json"),
    "parquet": ("application/vnd.apache.parquet", "application/octet-stream"),
    "svg": ("image/svg+xml",),
    "ttl": ("text/turtle",),
    "wasm": ("application/wasm",),
    "xlsx": (vocabularies.format_of("a.xlsx").media_type,),
    "xml": ("application/xml", "text/xml", "application/atom+xml", "application/rss+xml"),
}
"""The first is the right one; with the others nothing breaks."""


def _address(url: str, entry: Entry) -> str:
    return urljoin(url, quote(entry.path))


def _check_file(session: requests.Session, url: str, entry: Entry) -> Iterator[Problem]:
    answer = _ask(session, _address(url, entry))
    if answer.status_code != 200:
        yield Problem("host-file-missing", value=_address(url, entry), expected=str(answer.status_code))
        return
    wanted = TYPES[entry.path.rpartition(".")[2]]
    stated = answer.headers.get("Content-Type", "")
    if stated.partition(";")[0].strip().lower() not in wanted:
        yield Problem("host-type", file=entry.path, value=stated or "—", expected=wanted[0])


def _table(manifest: Manifest) -> Entry | None:
    """The smallest Parquet file, else CSV, of at least as many bytes as are asked for."""
    for suffix in (".parquet", ".csv"):
        found = [entry for entry in manifest.files if entry.path.endswith(suffix) and entry.bytes >= 16]
        if found:
            return min(found, key=lambda entry: entry.bytes)
    return None


def _check_ranges(session: requests.Session, url: str, entry: Entry) -> Iterator[Problem]:
    """As a browser asks: it takes compressed answers, of which no part is a part of the file."""
    address = _address(url, entry)
    for asked, told in (
        ("bytes=0-3", f"bytes 0-3/{entry.bytes}"),
        ("bytes=-8", f"bytes {entry.bytes - 8}-{entry.bytes - 1}/{entry.bytes}"),
    ):
        answer = _ask(session, address, Range=asked, Origin=ORIGIN, Accept_Encoding="gzip")
        encoded = answer.headers.get("Content-Encoding", "identity") != "identity"
        if answer.status_code != 206 or answer.headers.get("Content-Range", "") != told or encoded:
            yield Problem("host-range", file=entry.path, value=str(answer.status_code), expected="206")
            break
    allowed = answer.headers.get("Access-Control-Allow-Origin", "")
    exposed = answer.headers.get("Access-Control-Expose-Headers", "")
    if allowed not in ("*", ORIGIN):
        yield Problem("host-cors", file=entry.path, value=allowed, expected="*")
    elif not {"*", EXPOSED.lower()} & {name.strip().lower() for name in exposed.split(",")}:
        yield Problem("host-cors-exposed", file=entry.path, value=exposed, expected=EXPOSED)
