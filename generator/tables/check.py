"""Frictionless's verdict on one Data Package, as problems."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.errors import SpaceError, fault_without_words
from generator.model import paths_of
from generator.problems import Problem
from generator.tables import opening
from generator.tables.advice import advice_of
from generator.tables.explain import Place, explain, explain_metadata, few_of_each, without_content
from generator.tables.guard import ProfileTimeout
from generator.tables.lines import places_of_rows
from generator.tables.nearby import Nearby
from generator.tables.validate import is_small, judge_table
from generator.tables.watching import Watch, Watched, show_rest
from generator.verdicts import FLEETING_WAYS, WITHHELD, Judged, holds_any

if TYPE_CHECKING:
    import frictionless

    from generator.tables.conversion import Conversion
    from generator.tables.looking import Looking

Finding = Problem | Judged

_NESTING = ("catalog", "package", "resource", "inquiry")
"""Data files that frictionless takes for metadata and follows to further files, which could be withheld ones."""


def check_tables(
    descriptor: Mapping[str, Any],
    folder: Path,
    *,
    dataset: str,
    descriptor_file: str = "",
    withheld: Collection[str] = (),
) -> tuple[Problem, ...]:
    """Exactly the errors that ``frictionless.Package(descriptor).validate()`` finds without a network.

    Addresses on other hosts are told as ``remote-path`` and the rest is judged without them. Where frictionless itself
    crashes, or would never end because of a pattern, ``check-crashed`` and its like say so, and the other tables are
    judged all the same.

    ``withheld`` names the resources that are not open. Open tables are judged as if those were empty, so that what is
    published never depends on their bytes; foreign keys that lead to them are left out of that judgement. Withheld
    tables whose files are here are judged as well, and so are those foreign keys, but their problems have
    ``published=False`` and hold nothing out of the data.

    ``dataset`` and ``descriptor_file`` are put into the problems, as paths relative to the datasets folder.
    """
    return judge_tables(descriptor, folder, dataset=dataset, descriptor_file=descriptor_file, withheld=withheld)[0]


def judge_tables(
    descriptor: Mapping[str, Any],
    folder: Path,
    *,
    dataset: str,
    descriptor_file: str = "",
    withheld: Collection[str] = (),
    conversions: Mapping[str, Conversion] | None = None,
    watches: Mapping[str, Watch] | None = None,
) -> tuple[tuple[Problem, ...], tuple[Judged, ...]]:
    """As ``check_tables``, and how each table was judged. One that withheld tables refer to is judged twice.

    ``conversions``, by the names of open resources, are carried out in the same pass where that can be: then their
    ``made`` is there. ``watches``, likewise, are shown the rows, also those of bad tables as far as they can be read.
    """
    place = Place(dataset, descriptor_file, folder)
    with opening.offline():
        opened = list(_open_tables(descriptor, place, withheld, conversions or {}, watches or {}))
        found: list[Finding] = [*_remote(descriptor, place, withheld), *opened]
        if withheld:
            # What is wrong with the package itself, both judgements find.
            told = {_of_package(one) for one in opened} - {""}
            found += [one for one in _of_withheld(descriptor, place, withheld) if _of_package(one) not in told]
    return (
        tuple(one for one in found if isinstance(one, Problem)),
        tuple(one for one in found if isinstance(one, Judged)),
    )


def _of_package(one: Finding) -> str:
    """The kind of a problem of the descriptor as a whole; empty for any other finding."""
    return one.name if isinstance(one, Problem) and not one.resource and one.row is None else ""


def _remote(descriptor: Mapping[str, Any], place: Place, withheld: Collection[str]) -> Iterator[Problem]:
    """Addresses on other hosts. What a withheld resource names is not asked for anyway."""
    profile = opening.remote_profile(descriptor)
    if profile:
        yield Problem("remote-path", place.dataset, place.descriptor, value=profile, error_type="metadata-error")
    for resource in opening.resources(descriptor):
        name = opening.resource_name(resource)
        if name not in withheld:
            for part in opening.remote_parts(resource):
                yield Problem(
                    "remote-path",
                    place.dataset,
                    place.descriptor,
                    name,
                    value=part,
                    error_type=_as_offline(part, resource),
                )


def _as_offline(part: str, resource: Mapping[str, Any]) -> str:
    """The type of the error that frictionless has without a network."""
    if part in paths_of(resource):
        return "scheme-error"
    return next((f"{key}-error" for key in ("schema", "dialect") if resource.get(key) == part), "metadata-error")


def _open_tables(
    descriptor: Mapping[str, Any],
    place: Place,
    withheld: Collection[str],
    conversions: Mapping[str, Conversion],
    watches: Mapping[str, Watch],
) -> Iterator[Finding]:
    remote = {opening.resource_name(r) for r in opening.resources(descriptor) if opening.remote_parts(r)}
    aside = {*withheld, *remote}
    package = yield from _package(opening.set_aside(descriptor, aside), place)
    for resource in package.resources if package else ():
        if resource.name in aside or (withheld and resource.datatype in _NESTING):
            continue
        name = resource.name or ""
        conversion, watch = conversions.get(name), watches.get(name)
        yield from _judge(resource, place, without=aside, conversion=conversion, watch=watch, advises=True)


def _of_withheld(descriptor: Mapping[str, Any], place: Place, withheld: Collection[str]) -> list[Finding]:
    """What ``_withheld_tables`` finds, as far as it may be told. Nothing that withheld data do can stop the rest: a
    fault of ours on them is told, and what the libraries have to say meanwhile (openpyxl warns with values) is not."""
    try:
        with _silence():
            found = list(_withheld_tables(descriptor, place, withheld))
    except Exception:  # our own fault, told as ours
        detail = fault_without_words()
        return [Problem("check-failed", place.dataset, place.descriptor, detail=detail, published=False)]
    judged = [one for one in found if isinstance(one, Judged)]
    return [*judged, *few_of_each(one for one in found if isinstance(one, Problem))]


@contextmanager
def _silence() -> Iterator[None]:
    """Warnings and logs go nowhere."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def _withheld_tables(descriptor: Mapping[str, Any], place: Place, withheld: Collection[str]) -> Iterator[Finding]:
    """What only the withheld data show: their own errors, and keys of open tables that they do not have."""
    listed = opening.resources(descriptor)
    present = {opening.resource_name(r) for r in listed if _is_here(r, place.folder)}
    absent = {opening.resource_name(r) for r in listed} - present
    if not present & set(withheld):
        return
    package = yield from _package(opening.set_aside(descriptor, absent), place, hide=True)
    for resource in package.resources if package else ():
        if resource.name in absent:
            continue
        declared = _declared_fields(resource)
        hidden = resource.name in withheld
        if hidden or _keys_into(resource, withheld):
            for found in _judge(resource, place, without=absent):
                if isinstance(found, Judged):
                    lasting = found.lasting and found.way not in FLEETING_WAYS
                    yield replace(found, way=WITHHELD, lasting=lasting)
                elif hidden or dict(found.more).get("reference") in withheld:
                    yield without_content(found, declared)


def _is_here(resource: Mapping[str, Any], folder: Path) -> bool:
    named = paths_of(resource)
    if opening.remote_parts(resource) or not (named or "data" in resource):
        return False
    return all((folder / path).is_file() for path in named)


def _declared_fields(resource: frictionless.Resource) -> tuple[str, ...]:
    """Before the table is read: after that, frictionless may have taken names from its header."""
    import frictionless

    try:
        return tuple(resource.schema.field_names) if resource.tabular else ()
    except frictionless.FrictionlessException:
        return ()  # its schema cannot be read, which will be told


def _keys_into(resource: frictionless.Resource, withheld: Collection[str]) -> bool:
    import frictionless

    try:
        return any(key["reference"]["resource"] in withheld for key in resource.schema.foreign_keys)
    except frictionless.FrictionlessException:
        return False  # its schema cannot be read: told with the open tables


def _package(
    descriptor: Mapping[str, Any], place: Place, *, hide: bool = False
) -> Generator[Problem, None, frictionless.Package | None]:
    """The package, or what is wrong with its metadata; ``hide`` leaves out what the descriptor holds there."""
    import frictionless

    try:
        return opening.open_package(descriptor, place.folder)
    except frictionless.FrictionlessException as exception:
        problems = list(explain_metadata(exception.to_errors(), descriptor, place))
    except ProfileTimeout as exception:
        problems = [Problem("profile-timeout", place.dataset, place.descriptor, value=exception.profile)]
    except Exception as exception:  # frictionless does not survive every malformed descriptor
        problems = [_crash("descriptor-crashed", exception, "", place.descriptor, place)]
    yield from (without_content(p, ()) for p in problems) if hide else problems
    return None


def _judge(
    resource: frictionless.Resource,
    place: Place,
    *,
    without: Collection[str],
    conversion: Conversion | None = None,
    watch: Watch | None = None,
    advises: bool = False,
) -> Iterable[Finding]:
    """The errors of one resource, and how it was judged; keys into the tables ``without`` content are not judged."""
    import frictionless

    way, lasting = "metadata", True
    advice: tuple[Problem, ...] = ()
    try:
        if resource.tabular:
            if conversion:
                conversion.foreign_keys = resource.schema.foreign_keys
            opening.drop_foreign_keys(resource, to=without)
        lasting = _is_lasting(resource)
        advises = advises and _has_schema(resource)
        sink = _sink(resource, conversion, watch) if advises else None
        outcome = judge_table(resource, sink, hashes=())
        way, errors = outcome.way, [*outcome.report.errors, *(e for task in outcome.report.tasks for e in task.errors)]
        if advises and not errors:
            advice = tuple(advice_of(resource, sink, place))
        if watch and resource.tabular:
            show_rest(resource, watch)
    except frictionless.FrictionlessException as exception:
        errors = exception.to_errors()
    except SpaceError:
        raise
    except Exception as exception:  # of the library, on data: told as a problem, so that the other tables are checked
        return [_crash("check-crashed", exception, resource.name, place.of(resource), place)]
    nearby = Nearby(resource)
    problems = [explain(error, resource, place, nearby) for error in errors]
    places = places_of_rows(resource, {p.row for p in problems if p.row})
    judged = Judged(place.dataset, resource.name or "", way, lasting=lasting)
    return [judged, *(_placed(p, places.get(p.row or 0), place) for p in problems), *advice]


def _sink(
    resource: frictionless.Resource, conversion: Conversion | None, watch: Watch | None
) -> Conversion | Looking | Watched | None:
    """None: a small table is judged before Arrow is imported."""
    if not conversion and is_small(resource):
        return None
    from generator.tables.looking import Looking

    sink = conversion or Looking()
    return Watched(sink, watch) if watch else sink


def _has_schema(resource: frictionless.Resource) -> bool:
    """Without one, the types that frictionless guesses are not those that are published."""
    import frictionless

    try:
        return bool(resource.tabular and resource.schema)
    except frictionless.FrictionlessException:
        return False  # its schema cannot be read, which will be told


def _is_lasting(resource: frictionless.Resource) -> bool:
    """Whether the verdict depends on the resource's own files alone, and not on the day."""
    import frictionless

    if not resource.tabular:
        return resource.datatype not in _NESTING
    try:
        return not holds_any(resource.schema.to_descriptor())
    except frictionless.FrictionlessException:
        return True  # its schema cannot be read, in the same way every time


def _placed(problem: Problem, at: tuple[str, int] | None, place: Place) -> Problem:
    return replace(problem, file=place.file(at[0]), line=at[1]) if at else problem


def _crash(kind: str, exception: Exception, resource: str, file: str, place: Place) -> Problem:
    return Problem(
        kind,
        place.dataset,
        file,
        resource,
        detail=place.without_folder(f"{type(exception).__name__}: {exception}"),
    )
