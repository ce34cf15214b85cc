"""The catalogue's log: what the repository states of changes, and what the last release lets one see.

A second door to the public side, as narrow as ``publicise``: of a statement comes out what is named here. What was
stated is dated by its statement, anything else by the day of the build that noticed it; then the log carries it on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import cast

from generator.model import Catalog, Statement
from generator.public import Agency, Dataset
from generator.public import Catalog as PublicCatalog
from generator.releases import RANKS, Change, Part, Previous, Record, What, in_order
from generator.statements import in_force, is_restored
from generator.text import Text, text_of


def with_history(
    site: PublicCatalog, catalog: Catalog, previous: Previous | None, today: str, unnamed: Collection[str] = ()
) -> PublicCatalog:
    """``site`` with its log, and with what it lacks that the last release had.

    ``unnamed`` are names of datasets whose title may itself be what must not be shown.
    """
    last = previous or Previous()
    stated = list(_stated(catalog, site, last, today))
    known = {change.subject for change in stated}
    kept = [change for change in last.changes if not change.is_stated or change.subject not in known]
    # A restoration stands in its statement, and an old log may have had another day for it.
    kept = [change for change in kept if change.what != "restored" or not _is_stated_anew(change, stated)]
    seen = list(_seen(site, last, today, stated)) if previous else []
    told = (_without_title(change) if change.dataset in unnamed else change for change in (*kept, *seen, *stated))
    changes = in_order(list({change.id: change for change in told}.values()))
    datasets = tuple(_with_changes(dataset, changes) for dataset in site.datasets)
    site = replace(site, datasets=datasets, changes=changes)
    ended = {change.dataset for change in site.tombstones}
    living = {dataset.name for dataset in datasets}
    missing = [record for record in last.records if record.name not in living | ended]
    new = [change for change in stated if change.id not in {each.id for each in last.changes}]
    missing = [_as_told(record, new) for record in missing]
    return replace(site, missing=tuple(_shown(record, unnamed) for record in sorted(missing, key=lambda r: r.name)))


def _is_stated_anew(change: Change, stated: Sequence[Change]) -> bool:
    return any(
        (other.dataset, other.resource) == (change.dataset, change.resource) and other.what in ("withdrawn", "renamed")
        for other in stated
    )


def _as_told(record: Record, new: Sequence[Change]) -> Record:
    """What the log says now of a dataset that is missing: the next release must not ask for it again."""
    for change in new:
        if change.dataset != record.name:
            continue
        if change.what == "less-open":
            parts = tuple(
                replace(part, openness=change.after)
                if change.resource in ("", part.name) and RANKS[part.openness] < RANKS[change.after]
                else part
                for part in record.parts
            )
            badges = {part.openness for part in parts} or {change.after}
            record = replace(record, parts=parts, openness=badges.pop() if len(badges) == 1 else "mixed")
        elif change.resource:
            record = replace(record, parts=tuple(part for part in record.parts if part.name != change.resource))
    return record


def _without_title(change: Change) -> Change:
    return replace(change, title=Text(change.dataset, "und"), resource_title=Text())


def _shown(record: Record, unnamed: Collection[str]) -> Record:
    if record.name not in unnamed:
        return record
    return replace(record, title=Text(), parts=tuple(replace(part, title=Text()) for part in record.parts))


def _with_changes(dataset: Dataset, changes: Iterable[Change]) -> Dataset:
    own = tuple(change for change in changes if change.dataset == dataset.name and change.what != "added")
    return replace(dataset, changes=own) if own else dataset


# --- what is stated


def _stated(catalog: Catalog, site: PublicCatalog, last: Previous, today: str) -> Iterator[Change]:
    records = {record.name: record for record in last.records}
    told = {change.subject: change for change in reversed(last.changes)}
    same = {change.id: change for change in last.changes}
    datasets = {dataset.name: dataset for dataset in site.datasets}
    agencies = {agency.id: agency for agency in site.agencies} | _other_agencies(catalog)
    for statement in in_force(catalog.statements, today):
        change = _change(
            statement,
            datasets.get(statement.name),
            records.get(statement.name),
            told.get(statement.subject),
            same,
            agencies.get(statement.agency),
        )
        yield change
        if is_restored(statement, today) and (statement.name in datasets or statement.name in records):
            yield Change(
                day=statement.text("restored"), what="restored", dataset=change.dataset, title=change.title,
                agency=change.agency, agency_name=change.agency_name, resource=change.resource,
                resource_title=change.resource_title, after=change.before, note=change.note,
            )  # fmt: skip


def _other_agencies(catalog: Catalog) -> dict[str, Agency]:
    """Those that publish nothing any more are still named in the log."""
    return {
        id_: Agency(id_, text_of(body.descriptor, "name") or Text(id_, "und")) for id_, body in catalog.bodies.items()
    }


def _change(
    statement: Statement,
    dataset: Dataset | None,
    record: Record | None,
    told: Change | None,
    same: Mapping[str, Change],
    agency: Agency | None,
) -> Change:
    """What the statement says; else what was published: of this very change, of the dataset, of one like it."""
    values = statement.values
    part = _part(statement.resource, dataset, record)
    titles = (text_of(values, "title"), dataset and dataset.title, record and record.title, told and told.title)
    change = Change(
        day=statement.day,
        what=cast(What, statement.what),
        dataset=statement.name,
        title=next((title for title in titles if title), Text(statement.name, "und")),
        agency=agency.id if agency else "",
        agency_name=agency.name if agency else Text(),
        resource=statement.resource,
        resource_title=(part.title if part else told.resource_title if told else Text())
        if statement.resource
        else Text(),
        before=statement.text("from"),
        after=statement.text("to"),
        reason=text_of(values, "reason"),
        legal_basis=text_of(values, "legal_basis"),
        reviewed=statement.text("reviewed"),
        reviewed_by=text_of(values, "reviewed_by"),
        successor=statement.text("successor"),
        created=statement.text("published"),
        modified=statement.text("modified"),
        digest=statement.text("release"),
        note=text_of(values, "demonstration"),
    )
    for known in (same.get(change.id), record, told):
        if known:
            change = replace(
                change,
                created=change.created or known.created,
                modified=change.modified or known.modified,
                digest=change.digest or known.digest,
            )
    return change


def _part(name: str, dataset: Dataset | None, record: Record | None) -> Part | None:
    parts: list[Part] = list(record.parts) if record else []
    parts += [Part(each.name, each.title, each.openness) for each in (dataset.resources if dataset else ())]
    return next((part for part in parts if part.name == name), None)


# --- what two releases show


def _seen(site: PublicCatalog, last: Previous, today: str, stated: Sequence[Change]) -> Iterator[Change]:
    """New datasets, and what is more open than it was."""
    known = {name for change in (*last.changes, *stated) for name in (change.dataset, change.successor)}
    records = {record.name: record for record in last.records}
    for dataset in site.datasets:
        record = records.get(dataset.name)
        if record:
            yield from _opened(dataset, record, today)
        elif dataset.name not in known:
            yield _line(dataset, "added", today, after=dataset.openness)


def _opened(dataset: Dataset, record: Record, today: str) -> Iterator[Change]:
    before = {part.name: part for part in record.parts}
    opened = [
        (before[each.name], each)
        for each in dataset.resources
        if each.name in before and RANKS[each.openness] < RANKS[before[each.name].openness]
    ]
    alike = len({(part.openness, each.openness, _day(part, today)) for part, each in opened}) == 1
    if opened and alike and len(opened) == len(dataset.resources):
        part, each = opened[0]
        yield _line(dataset, "opened", _day(part, today), before=part.openness, after=each.openness)
        return
    for part, each in opened:
        line = _line(dataset, "opened", _day(part, today), before=part.openness, after=each.openness)
        yield replace(line, resource=each.name, resource_title=each.title)
    if not dataset.resources and RANKS[dataset.openness] < RANKS[record.openness]:
        yield _line(dataset, "opened", today, before=record.openness, after=dataset.openness)


def _day(part: Part, today: str) -> str:
    """An embargo says itself on which day it opens, also when the build comes later."""
    return part.embargo_until if part.embargo_until and part.embargo_until <= today else today


def _line(dataset: Dataset, what: What, day: str, *, before: str = "", after: str = "") -> Change:
    return Change(
        day=day, what=what, dataset=dataset.name, title=dataset.title, agency=dataset.agency.id,
        agency_name=dataset.agency.name, before=before, after=after, note=dataset.demonstration,
    )  # fmt: skip
