"""The catalogue against its last release: nothing becomes less open, or goes, without a stated and reviewed reason."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from generator import terms
from generator.check.place import in_descriptor, shown
from generator.entries import entry, written_in_one_line
from generator.model import Catalog, Package, Statement, is_day
from generator.names import name_of_folder, own_name, resource_names
from generator.problems import Problem
from generator.releases import RANKS, Part, Previous, Record
from generator.sayings import OPENNESS as OPENNESS_WORDS
from generator.sayings import WHAT
from generator.statements import DAYS, KEYS, is_due, is_restored, is_sound, lacking
from generator.terms import DATE
from generator.text import LANGUAGES, text_of


def check_changes(catalog: Catalog, previous: Previous | None, today: datetime.date) -> Iterator[Problem]:
    """What is wrong with the statements of changes, and what changed without one since ``previous``."""
    now = _Now.of(catalog, previous or Previous(), today.isoformat())
    for statement in catalog.statements:
        yield from _check_statement(statement, now)
    yield from _check_twice(catalog.statements, now)
    for statement in now.sound:
        yield from _check_made(statement, now)
    if previous:
        yield from _check_removed(previous, now)
        for record in previous.records:
            yield from _check_record(record, now)


@dataclass(frozen=True, slots=True)
class _Now:
    """The catalogue as it is, by the names that it is published under."""

    packages: Mapping[str, Package]
    unreadable: Collection[str]
    """Names that folders stand for whose descriptor could not be read."""
    statements: tuple[Statement, ...]
    used: Collection[tuple[str, int]]
    """Places of statements that the last release knew of: they say nothing of what has changed since."""
    published: Mapping[str, Record]
    today: str
    root: str
    """Name of the datasets folder, for whoever stands in the portal's."""

    @classmethod
    def of(cls, catalog: Catalog, previous: Previous, today: str) -> _Now:
        packages: dict[str, Package] = {}
        for package in catalog.packages:
            packages.setdefault(own_name(package), package)
        return cls(
            packages=packages,
            unreadable=frozenset(map(name_of_folder, catalog.unreadable)),
            statements=catalog.statements,
            used=_used(catalog.statements, previous),
            published={record.name: record for record in previous.records},
            today=today,
            root=catalog.root.name or "datasets",
        )

    @property
    def sound(self) -> list[Statement]:
        return [s for s in self.statements if is_due(s, self.today) and is_sound(s, self.today)]

    def folder(self, statement: Statement) -> str:
        """That of the statement's file where it is a dataset's, which a fault in it then blocks."""
        return next((statement.folder for p in self.packages.values() if p.folder == statement.folder), "")

    def fresh(self, name: str, resource: str, whats: Iterable[str]) -> list[Statement]:
        """What is said of a change since the last release, be it well said or not."""
        return [
            statement
            for statement in self.statements
            if statement.place not in self.used
            and (statement.name, statement.resource) == (name, resource)
            and statement.what in whats
        ]


def _used(statements: Sequence[Statement], previous: Previous) -> set[tuple[str, int]]:
    """As many of one subject as were published, the oldest: a day may be corrected afterwards."""
    left = Counter(change.subject for change in previous.changes if change.is_stated)
    used = set()
    for statement in sorted(statements, key=lambda s: s.day):
        if left[statement.subject] > 0:
            left[statement.subject] -= 1
            used.add(statement.place)
    return used


# --- the statements themselves


def _check_statement(statement: Statement, now: _Now) -> Iterator[Problem]:
    if is_sound(statement, now.today):
        yield from _check_successor(statement, now)
        yield from _check_release(statement, now)
        return
    from generator.check.form import check_statement

    dataset = now.folder(statement)
    if missing := lacking(statement):
        yield _about(
            statement, now, "change-incomplete", expected=", ".join(missing),
            more=tuple((f"expected_{lang}", _labelled(missing, lang)) for lang in LANGUAGES),
        )  # fmt: skip
    for key in sorted(statement.values.keys() - KEYS):
        near = get_close_matches(key, KEYS, n=1)
        yield _about(statement, now, "change-unknown-property", field=key, value=shown(key),
                     expected=near[0] if near else ", ".join(term.name for term in terms.CHANGE))  # fmt: skip
    yield from check_statement(statement, dataset)
    for key in DAYS:
        day = statement.values.get(key)
        if isinstance(day, str) and re.match(DATE["pattern"], day) and not is_day(day):
            yield _about(statement, now, "date-invalid", field=key, value=day)
    if is_day(statement.values.get("reviewed")) and statement.text("reviewed") > now.today:
        yield _about(
            statement, now, "date-in-future", field="reviewed", value=statement.text("reviewed"), expected=now.today
        )


def _labelled(keys: Sequence[str], lang: str) -> str:
    labels = terms.labels(terms.CHANGE)
    if lang == "zh":
        return "、".join(f"{key}（{labels[key]['zh']}）" for key in keys)
    return ", ".join(f"{key} ({labels[key]['en'].lower()})" for key in keys)


def _about(statement: Statement, now: _Now, name: str, **parts: object) -> Problem:
    number = ("number", str(statement.number))
    more = (*parts.pop("more", ()), number)  # type: ignore[misc]  # always pairs, when given
    return Problem(name, dataset=now.folder(statement), file=statement.file, more=more, **parts)  # type: ignore[arg-type]


def _check_successor(statement: Statement, now: _Now) -> Iterator[Problem]:
    successor = statement.text("successor")
    if not successor or not is_due(statement, now.today):
        return
    if statement.resource:
        package = now.packages.get(statement.name)
        known: Collection[str] = resource_names(package) if package else (successor,)
    else:
        # It may have gone on to yet another name since.
        known = {*now.packages, *now.unreadable, *(s.name for s in now.statements if s is not statement)}
    if successor not in known:
        yield _about(statement, now, "change-successor-unknown", field="successor", value=successor)


def _check_release(statement: Statement, now: _Now) -> Iterator[Problem]:
    """The checksum that was copied must be that of the last release."""
    record, stated = now.published.get(statement.name), statement.text("release")
    ends = statement.what in ("withdrawn", "renamed") and not statement.resource and statement.place not in now.used
    if record and ends and stated and record.digest and stated != record.digest:
        yield _about(statement, now, "change-release-differs", field="release", value=stated, expected=record.digest)


def _check_twice(statements: Sequence[Statement], now: _Now) -> Iterator[Problem]:
    first: dict[tuple[str, ...], Statement] = {}
    for statement in statements:
        key = (*statement.subject, statement.day)
        if key in first:
            other = first[key]
            yield _about(
                statement,
                now,
                "change-twice",
                value=statement.name,
                expected=str(other.number),
                more=(("at", other.file),),
            )
        first.setdefault(key, statement)


def _check_made(statement: Statement, now: _Now) -> Iterator[Problem]:
    """What is said to have happened, and has not."""
    package = now.packages.get(statement.name)
    if package is None:
        return
    if statement.what != "less-open":
        if not statement.resource:
            if not is_restored(statement, now.today) and _is_last(statement, now):
                yield _not_made(statement, package)
        elif statement.place not in now.used and statement.resource in resource_names(package):
            yield _not_made(statement, package)
        return
    # What was made less open may be open again by now: it is wrong only where nothing ever was less open.
    record = now.published.get(statement.name)
    if record is None or statement.place in now.used:
        return
    after, parts = RANKS[statement.text("to")], _openness(package)
    concerned = [
        (part.openness, parts[part.name])
        for part in record.parts
        if statement.resource in ("", part.name) and parts.get(part.name) in RANKS
    ]
    if concerned and all(max(RANKS[was], RANKS[is_]) < after for was, is_ in concerned):
        yield _not_made(statement, package)


def _is_last(statement: Statement, now: _Now) -> bool:
    """Of the statements that end this dataset's name: it may have gone, come back and gone again."""
    ends = [s for s in now.sound if s.name == statement.name and s.what != "less-open" and not s.resource]
    return max(ends, key=lambda s: s.day) is statement


def _not_made(statement: Statement, package: Package) -> Problem:
    return in_descriptor(
        package, "change-not-made", resource={"name": statement.resource}, value=statement.name,
        more=(("number", str(statement.number)), *_what(statement.what), ("at", statement.file)),
    )  # fmt: skip


# --- against the last release


def _check_removed(previous: Previous, now: _Now) -> Iterator[Problem]:
    """What was published of a change stays in the repository as well."""
    stated = Counter(statement.subject for statement in now.statements)
    published = Counter(change.subject for change in previous.changes if change.is_stated)
    for subject, count in sorted(published.items()):
        if stated[subject] < count:
            name, resource, what = subject
            change = next(change for change in previous.changes if change.subject == subject)
            package = now.packages.get(name)
            yield Problem(
                "change-removed",
                dataset=package.folder if package else "",
                file=_place(change.agency, name, package),
                resource=resource,
                value=name,
                more=(("day", change.day), *_what(what)),
            )


def _what(what: str) -> tuple[tuple[str, str], ...]:
    """What kind of change it is, in words."""
    return tuple((f"what_{lang}", WHAT[what].to(lang)[0] if what in WHAT else what) for lang in LANGUAGES)


def _is_named(record: Record, package: Package) -> bool:
    return package.folder.rpartition("/")[2] != record.name


def _place(agency: str, name: str, package: Package | None) -> str:
    """Where what is to be said of a dataset belongs."""
    folder = package.folder if package else "/".join(part for part in (agency, name) if part)
    return "changes.yaml" if folder == "." else f"{folder}/changes.yaml"


def _check_record(record: Record, now: _Now) -> Iterator[Problem]:
    package = now.packages.get(record.name)
    if package is None:
        if record.name not in now.unreadable and not _is_said(now, record.name, "", ("withdrawn", "renamed")):
            yield _gone(record, now)
        for successor in _successors(record, now):
            # What is less open under another name is less open.
            yield from _check_record(replace(record, name=successor), now)
        return
    parts = _openness(package)
    if not record.parts or not parts:
        found = package.openness({}) if not parts else max(parts.values(), key=lambda openness: RANKS.get(openness, 0))
        if found in RANKS and RANKS[found] > RANKS[record.openness]:
            yield from _less_open(record, None, found, package, now)
        return
    gone = [part for part in record.parts if part.name not in parts]
    for part in gone:
        if not _is_said(now, record.name, part.name, ("withdrawn", "renamed")):
            yield _part_gone(record, part, package, now)
    less = [
        (part, parts[part.name])
        for part in record.parts
        if part.name in parts and parts[part.name] in RANKS and RANKS[parts[part.name]] > RANKS[part.openness]
    ]
    if len(less) == len(parts) and len({(part.openness, openness) for part, openness in less}) == 1:
        yield from _less_open(record, None, less[0][1], package, now, [part for part, _ in less])
        return
    for part, openness in less:
        yield from _less_open(record, part, openness, package, now)


def _successors(record: Record, now: _Now) -> set[str]:
    """The new name of a dataset that was renamed since the last release."""
    named = {statement.text("successor") for statement in now.fresh(record.name, "", ("renamed",))}
    return {name for name in named if name in now.packages and name not in now.published}


def _openness(package: Package) -> dict[str, str]:
    """Of each resource, by the name that it is published under; what is misspelt is told elsewhere."""
    return dict(zip(resource_names(package), map(package.openness, package.resources), strict=True))


def _is_said(now: _Now, name: str, resource: str, whats: Sequence[str]) -> bool:
    """A faulty one is told of by itself. One whose day has not come says nothing yet."""
    return any(is_due(s, now.today) or not is_sound(s, now.today) for s in now.fresh(name, resource, whats))


def _is_said_of_openness(now: _Now, record: Record, resource: str, openness: str) -> bool:
    for statement in [*now.fresh(record.name, resource, ("less-open",)), *now.fresh(record.name, "", ("less-open",))]:
        to = statement.text("to")
        fits = to == openness if statement.resource == resource else RANKS.get(openness, 2) <= RANKS.get(to, 2)
        if not is_sound(statement, now.today) or (is_due(statement, now.today) and fits):
            return True
    return False


def _gone(record: Record, now: _Now) -> Problem:
    successor = _same_title(record, now)
    wanted = entry(record, what="renamed" if successor else "withdrawn", today=now.today, successor=successor)
    maybe = (
        (("maybe_zh", f"新的数据集 {successor} 与它同名，可能是改了标识符。"),
         ("maybe_en", f" The new dataset {successor} has the same title: it may have been renamed."))
        if successor else ()
    )  # fmt: skip
    return Problem(
        "withdrawn-unstated",
        file=_place(record.agency, record.name, None),
        value=record.name,
        expected=written_in_one_line(wanted),
        more=(
            *_was(record, record.openness),
            ("path", f"{now.root}/{_place(record.agency, record.name, None)}"),
            *maybe,
        ),
    )


def _same_title(record: Record, now: _Now) -> str:
    for name, package in now.packages.items():
        if (
            name not in now.published
            and record.title
            and text_of(package.descriptor, "title").main == record.title.main
        ):
            return name
    return ""


def _part_gone(record: Record, part: Part, package: Package, now: _Now) -> Problem:
    wanted = entry(record, what="withdrawn", today=now.today, part=part, named=_is_named(record, package))
    return in_descriptor(
        package, "resource-withdrawn-unstated", resource={"name": part.name}, value=part.name,
        expected=written_in_one_line(wanted),
        more=(*_was(record, part.openness), ("path", f"{now.root}/{_place(record.agency, record.name, package)}")),
    )  # fmt: skip


def _less_open(
    record: Record, part: Part | None, openness: str, package: Package, now: _Now, parts: Sequence[Part] = ()
) -> Iterator[Problem]:
    """Told of the whole dataset where all its resources changed alike; said it may be either way."""
    name = part.name if part else ""
    if _is_said_of_openness(now, record, name, openness):
        return
    if parts and all(_is_said_of_openness(now, record, each.name, openness) for each in parts):
        return
    before = part.openness if part else parts[0].openness if parts else record.openness
    wanted = entry(
        record,
        what="less-open",
        today=now.today,
        part=part,
        before=before,
        after=openness,
        named=_is_named(record, package),
    )
    is_zh, is_en = (OPENNESS_WORDS[openness].to(lang)[0] for lang in LANGUAGES)
    yield in_descriptor(
        package, "less-open-unstated", resource={"name": name} if part else None, field="openness", value=openness,
        expected=written_in_one_line(wanted),
        more=(
            *_was(record, before), ("is_zh", is_zh), ("is_en", is_en),
            *_whose(name),
            ("path", f"{now.root}/{_place(record.agency, record.name, package)}"),
        ),
    )  # fmt: skip


def _whose(resource: str) -> tuple[tuple[str, str], ...]:
    zh, en = (f"资源「{resource}」", f"The resource “{resource}”") if resource else ("这个数据集", "It")
    return ("whose_zh", zh), ("whose_en", en)


def _was(record: Record, openness: str) -> tuple[tuple[str, str], ...]:
    """What the last release was, with its date."""
    day = record.modified[:10]
    zh, en = (OPENNESS_WORDS[openness].to(lang)[0] for lang in LANGUAGES)
    title = record.title.main or record.name
    return (
        ("title_of", title),
        ("was_zh", f"{zh}（更新于 {day}）" if day else zh),
        ("was_en", f"{en} (updated {day})" if day else en),
    )
