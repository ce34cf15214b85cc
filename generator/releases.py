"""What one published state of the catalogue tells the next: which datasets there were, how open, and what changed.

The site carries it as ``releases.json``. It is made of public values alone, and of files that are published; a build
that is given the last one compares with it. Nothing in it comes from the clock, so that a build over its own result
gives the same bytes again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

from generator.errors import ConfigError
from generator.text import Text, slug

FILE = "releases.json"
FORMAT = 1
"""Grows when a reader of the old form could not read the new one."""
RANKS: Mapping[str, int] = {"unconditional": 0, "mixed": 1, "conditional": 1, "closed": 2}
"""How closed something is. A mixed dataset is judged by its resources, not by this."""

What = Literal["added", "opened", "less-open", "withdrawn", "renamed", "restored"]
WHATS = ("added", "opened", "less-open", "withdrawn", "renamed", "restored")
STATED = ("less-open", "withdrawn", "renamed")
"""What needs a reason, and so a statement in the repository."""


@dataclass(frozen=True, slots=True)
class Part:
    """A resource of a published dataset."""

    name: str
    title: Text
    openness: str
    embargo_until: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """A dataset as it was published."""

    name: str
    title: Text
    openness: str
    agency: str
    agency_name: Text
    parts: tuple[Part, ...] = ()
    created: str = ""
    modified: str = ""
    digest: str = ""
    """sha256 over the names and checksums of its files; see ``digest_of``."""


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the catalogue's log."""

    day: str
    what: What
    dataset: str
    """Its name, as in addresses."""
    title: Text
    agency: str = ""
    agency_name: Text = field(default_factory=Text)
    resource: str = ""
    """Empty where the whole dataset changed."""
    resource_title: Text = field(default_factory=Text)
    before: str = ""
    after: str = ""
    reason: Text = field(default_factory=Text)
    legal_basis: Text = field(default_factory=Text)
    reviewed: str = ""
    reviewed_by: Text = field(default_factory=Text)
    """A body. Who approved it in person is not published."""
    successor: str = ""
    """Name of the dataset, or the resource, that stands in the place of this one."""
    created: str = ""
    modified: str = ""
    digest: str = ""
    """Of what was withdrawn or renamed: the last release."""
    note: Text = field(default_factory=Text)
    """That it was invented, where it was."""

    @property
    def ends_dataset(self) -> bool:
        return self.what in ("withdrawn", "renamed") and not self.resource

    @property
    def is_stated(self) -> bool:
        return self.what in STATED

    @property
    def subject(self) -> tuple[str, str, str]:
        return self.dataset, self.resource, self.what

    @property
    def id(self) -> str:
        """Unique in the log, and fit for an address."""
        return "-".join(part for part in (self.day, self.what, self.dataset, self.resource) if part)


@dataclass(frozen=True, slots=True)
class Previous:
    """The release that a new one is compared with."""

    records: tuple[Record, ...] = ()
    """Also of datasets that were missing from it already, and of which nobody has said why."""
    changes: tuple[Change, ...] = ()
    folder: Path | None = None
    """Of its site, which may hold the descriptors that it published."""


def in_order(changes: list[Change]) -> tuple[Change, ...]:
    """The newest first."""
    by_name = sorted(changes, key=lambda change: (change.dataset, change.resource, change.what))
    return tuple(sorted(by_name, key=lambda change: change.day, reverse=True))


def digest_of(files: Mapping[str, str]) -> str:
    """One checksum for all files of a dataset, by their names below ``data/<name>/``.

    It is what ``sha256sum`` gives for its own output, sorted by name: whoever kept the files can compute it.
    """
    from hashlib import sha256

    lines = "".join(f"{files[name]}  {name}\n" for name in sorted(files, key=str.encode))
    return sha256(lines.encode()).hexdigest()


# --- as JSON


def to_json(url: str, records: list[Record], missing: list[Record], changes: tuple[Change, ...]) -> bytes:
    """One line a dataset and a change: short, and two releases can be compared with diff."""

    def lines(values: list[dict[str, Any]]) -> str:
        return "[\n" + ",\n".join(json.dumps(value, ensure_ascii=False) for value in values) + "\n]"

    parts = {
        "format": str(FORMAT),
        "url": json.dumps(url, ensure_ascii=False),
        "datasets": lines([_record_to_json(record) for record in records]),
        "missing": lines([_record_to_json(record) for record in missing]),
        "changes": lines([_change_to_json(change) for change in changes]),
    }
    text = "{" + ",\n".join(f'"{key}": {value}' for key, value in parts.items()) + "}\n"
    return text.encode("utf-8", "replace")


def _record_to_json(record: Record) -> dict[str, Any]:
    return _known(
        name=record.name,
        title=_text_to_json(record.title),
        openness=record.openness,
        agency=_known(id=record.agency, name=_text_to_json(record.agency_name)),
        created=record.created,
        modified=record.modified,
        sha256=record.digest,
        resources=[
            _known(
                name=part.name,
                title=_text_to_json(part.title),
                openness=part.openness,
                embargo_until=part.embargo_until,
            )
            for part in record.parts
        ],
    )


def _change_to_json(change: Change) -> dict[str, Any]:
    return _known(
        date=change.day,
        what=change.what,
        dataset=change.dataset,
        title=_text_to_json(change.title),
        resource=change.resource,
        resource_title=_text_to_json(change.resource_title),
        agency=_known(id=change.agency, name=_text_to_json(change.agency_name)),
        before=change.before,
        after=change.after,
        reason=_text_to_json(change.reason),
        legal_basis=_text_to_json(change.legal_basis),
        reviewed=change.reviewed,
        reviewed_by=_text_to_json(change.reviewed_by),
        successor=change.successor,
        created=change.created,
        modified=change.modified,
        sha256=change.digest,
        note=_text_to_json(change.note),
    )


def _text_to_json(text: Text) -> dict[str, str]:
    """By language; the author's own comes first."""
    return {text.lang: text.main, **dict(text.translations)} if text else {}


def _known(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in ("", {}, [])}


# --- from JSON


def read_previous(path: Path) -> Previous:
    """``path`` is the file, or the folder of a site that holds it. Raises a ConfigError for what is no such file."""
    file = path / FILE if path.is_dir() else path
    try:
        content: Any = json.loads(file.read_bytes())
        _one_of(content["format"], (FORMAT,))
        records = [*content["datasets"], *content["missing"]]
        return Previous(tuple(map(_record, records)), tuple(map(_change, content["changes"])), file.parent)
    except FileNotFoundError as error:
        raise ConfigError(
            f"找不到上一次发布的记录 {file}。第一次发布时请用 --no-previous。",
            f"There is no record of the last release at {file}. For the first release, use --no-previous.",
        ) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ConfigError(
            f"读不了上一次发布的记录 {file}：它应是已发布站点的 {FILE}。"
            "请重新下载；确实要放弃以往的记录，用 --no-previous。",
            f"The record of the last release, {file}, cannot be read; it should be the published site's {FILE}. "
            "Download it again; to give up what it knows, use --no-previous.",
        ) from error


def previous_site(site: Path) -> Previous | None:
    """Of the site that a build would replace; None where there is none, or one from before there were records."""
    return read_previous(site) if (site / FILE).is_file() else None


def _record(values: Mapping[str, Any]) -> Record:
    agency = values.get("agency", {})
    return Record(
        name=_slug(values["name"]),
        title=_text(values.get("title", {})),
        openness=_one_of(values["openness"], RANKS),
        agency=_string(agency.get("id", "")),
        agency_name=_text(agency.get("name", {})),
        parts=tuple(
            Part(
                _string(part["name"]),
                _text(part.get("title", {})),
                _one_of(part["openness"], RANKS),
                _string(part.get("embargo_until", "")),
            )
            for part in values.get("resources", [])
        ),
        created=_string(values.get("created", "")),
        modified=_string(values.get("modified", "")),
        digest=_string(values.get("sha256", "")),
    )


def _change(values: Mapping[str, Any]) -> Change:
    agency = values.get("agency", {})

    def string(key: str) -> str:
        return _string(values.get(key, ""))

    def text(key: str) -> Text:
        return _text(values.get(key, {}))

    return Change(
        day=_string(values["date"]),
        what=cast(What, _one_of(values["what"], WHATS)),
        dataset=_slug(values["dataset"]),
        title=text("title"),
        agency=_string(agency.get("id", "")),
        agency_name=_text(agency.get("name", {})),
        resource=string("resource"),
        resource_title=text("resource_title"),
        before=_openness(string("before")),
        after=_openness(string("after")),
        reason=text("reason"),
        legal_basis=text("legal_basis"),
        reviewed=string("reviewed"),
        reviewed_by=text("reviewed_by"),
        successor=_slug(values["successor"]) if values.get("successor") else "",
        created=string("created"),
        modified=string("modified"),
        digest=string("sha256"),
        note=text("note"),
    )


def _openness(value: str) -> str:
    return _one_of(value, ("", *RANKS))


def _text(values: Mapping[str, Any]) -> Text:
    pairs = [(_string(lang), _string(text)) for lang, text in values.items()]
    return Text(pairs[0][1], pairs[0][0], tuple(pairs[1:])) if pairs else Text()


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _slug(value: Any) -> str:
    """A name becomes a folder of the site: only what ``slug`` could have made."""
    if not isinstance(value, str) or not value or slug(value) != value:
        raise ValueError("no name")
    return value


def _one_of(value: Any, known: Any) -> str:
    if value not in known:
        raise ValueError("not known")
    return str(value)
