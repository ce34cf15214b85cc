"""The proof can fail: whichever emitter leaks, it is caught. Each is made to leak on purpose, in turn.

The emitters are read from the code: every function of the public rooms that is given a public value and makes something
of it. A new one is in the list by itself. What writes files, reports and state elsewhere is in ``ELSEWHERE``; together
they must reach every kind of file that a site has, so that a new kind without a mutation fails here.
"""

from __future__ import annotations

import copy
import dataclasses
import gc
import importlib
import inspect
import pkgutil
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

import pytest

from generator import build as story
from generator import exports, pages, public
from generator.exports import archive
from generator.packing import pack
from generator.releases import Record
from generator.shell import Shell
from generator.sitefile import SiteFile
from generator.text import Text
from tests.conftest import ROOT
from tests.leaks.canaries import marked_portal
from tests.leaks.decoded import found
from tests.leaks.sites import Built, built, differing

SECRET = "leckstelle4407"
"""What a mutant has in reach: a value of the withheld data …"""
COUNTS = ("37", "41")
"""… and how many rows they have, in either of two builds."""


def public_rooms() -> Iterator[ModuleType]:
    for room in (exports, pages):
        yield room
        for info in pkgutil.iter_modules(room.__path__):
            yield importlib.import_module(f"{room.__name__}.{info.name}")


_NAMES_OF_PUBLIC = "|".join(
    name for name, value in vars(public).items() if dataclasses.is_dataclass(value) and name != "Portal"
)
_PUBLIC = re.compile(rf"\b(?:public\.)?(?:{_NAMES_OF_PUBLIC})\b")


def emitters() -> dict[str, Callable[..., Any]]:
    found = {}
    for module in public_rooms():
        for name, function in vars(module).items():
            if not callable(function) or getattr(function, "__module__", "") != module.__name__:
                continue
            if inspect.isclass(function):
                continue
            parameters = inspect.signature(function).parameters.values()
            if any(_PUBLIC.search(str(parameter.annotation)) for parameter in parameters):
                found[f"{module.__name__.removeprefix('generator.')}.{name}"] = function
    return found


EMITTERS = emitters()

NOTHING_OF_THEIR_OWN = {
    # Keys, numbers and choices that others act on; what they leak is not read by anybody.
    "exports.dcat._themes": "looks up concepts",
    "exports.schema_org._free": "true, false or unknown",
    "exports.terms_of_access.has_translation": "true or false",
    "exports.terms_of_access.free_of_charge": "true, false or unknown",
    "exports.feeds._changed": "a moment, for the order",
    "exports.published.fields_of": "public fields, as they are",
    "exports.published.files_of": "public files, as they are",
    "exports.published.statistics_of": "public statistics, as they are",
    "exports.published.files": "public files, as they are",
    "exports.published.fields": "public fields, as they are",
    "exports.schema_org._fields": "public fields, as they are",
    "exports.datapackage._keys": "public keys, as they are",
    "exports.authorities.frequency": "looks up a concept",
    "exports.authorities.theme": "looks up a concept",
    "exports.policy.address": "an address",
    "exports.published.sample_of": "a public sample, as it is",
    "exports.dcat._block": "public terms, as they are",
    "pages.access.has_pack": "true or false",
    "pages.shared_terms._terms_of": "public terms, as they are",
    "pages.shared_terms._follows": "true or false",
    "pages.shared_terms._is_whole": "true or false",
    "exports.datapackage.for_files": "for what is written before; see ``announced``",
    "pages.lists.newest_first": "an order",
    "pages.scorecard.of": "looks up a card",
    "exports.views.drawn": "true or false",
    "pages.explore._titles": "JSON for ``question``, which is made to leak",
    "pages.explore.footer": "a number",
    "pages.queries._columns": "public fields, as they are",
    "pages.queries._keys": "public names, as they are",
    "exports.bulk._files": "paths and checksums, as they are",
    "pages.recipes._types": "names of types, which choose among ours",
    "exports.api._grouped": "datasets in groups",
    "exports.api._labels": "public titles, as they are",
    "pages.api.examples": "names that are in addresses",
    "pages.api._is_open": "true or false",
    "pages.lists.groups": "the facets' groups: datasets in order",
    "pages.tables._forms": "the form of a cell",
}


class Leak:
    """Puts its words into whatever an emitter makes."""

    def __init__(self, words: str) -> None:
        self.words = words

    def into(self, value: Any) -> Any:
        words = self.words
        if isinstance(value, str):  # Html too
            return type(value)(value + words)
        if isinstance(value, bytes):
            return value + words.encode()
        if isinstance(value, SiteFile):
            return SiteFile(value.path, self.into(value.content))
        if isinstance(value, Text):
            translations = tuple((lang, text + words) for lang, text in value.translations)
            return dataclasses.replace(value, main=value.main + words, translations=translations)
        if isinstance(value, dict):
            return self._into_dict(value)
        if isinstance(value, list):
            return [self.into(value[0]), *value[1:]] if value else value
        if isinstance(value, tuple) and not hasattr(value, "_fields"):
            return (*value[:-1], self.into(value[-1])) if value else value
        if inspect.isgenerator(value):
            return (self.into(each) for each in value)
        return self._into_parts(value)

    def _into_dict(self, value: dict[str, Any]) -> dict[str, Any]:
        if "@value" in value:  # a term of RDF
            return {**value, "@value": value["@value"] + self.words}
        if "@id" in value:  # a node of RDF
            from generator.exports.rdf import literal

            return {**value, "rdfs:comment": [literal(self.words)]} if "@type" in value else value
        if all(isinstance(each, bytes) for each in value.values()) or value.keys() <= {"zh", "en"}:
            return {key: self.into(each) for key, each in value.items()}
        if all(isinstance(each, tuple) for each in value.values()) or not all(isinstance(key, str) for key in value):
            return {key: self.into(each) for key, each in value.items()}
        if all(map(dataclasses.is_dataclass, value.values())):
            return {key: self.into(each) for key, each in value.items()}
        if all(each is None for each in value.values()):  # an ordered set
            return {**value, self.words: None}
        shown = {name: self.into(value[name]) for name in ("title", "description") if isinstance(value.get(name), str)}
        return {**value, **shown, "x_leak": self.words}

    def _into_parts(self, value: Any) -> Any:
        """Of a named tuple or a dataclass: the first part that is a text or a list of them."""
        for name in ("body", "html", "head", "label", "title", "description", "reason", "use", "email", "code", "rows",
                     "titles", "labels", "contents", "examples"):  # fmt: skip
            part = getattr(value, name, None)
            if isinstance(part, str | Text | list | dict) and not callable(part):
                changed = {name: self.into(part)}
                return (
                    value._replace(**changed) if hasattr(value, "_replace") else dataclasses.replace(value, **changed)
                )
        return value


@contextmanager
def leaking(function: Callable[..., Any], words: str) -> Iterator[None]:
    """Wherever the function is bound in our modules, also in a table of functions, one stands that leaks."""
    leak = Leak(words)

    def mutant(*given: Any, **named: Any) -> Any:
        return leak.into(function(*given, **named))

    undo: list[tuple[Any, str, Any]] = []
    for name, module in list(sys.modules.items()):
        if name.startswith("generator"):
            for key, value in list(vars(module).items()):
                if value is function:
                    undo.append((vars(module), key, value))
                elif isinstance(value, dict) and function in [v for v in value.values() if callable(v)]:
                    undo += [(value, k, v) for k, v in value.items() if v is function]
    for place, key, _ in undo:
        place[key] = mutant
    try:
        yield
    finally:
        for place, key, value in undo:
            place[key] = value
        for cached in [
            obj for module in public_rooms() for obj in vars(module).values() if hasattr(obj, "cache_clear")
        ]:
            cached.cache_clear()


@dataclasses.dataclass(frozen=True)
class Stage:
    """What emitters are given, taken from a real build of the marked portal."""

    site: public.Catalog
    shells: Mapping[str, Shell]

    def emitted(self) -> dict[str, bytes]:
        site = copy.deepcopy(self.site)  # what is remembered of an object is not remembered of this one
        lines = {file.path: file.content for file in exports.export(site)}
        made = {
            file.path: file.content
            for file in pages.render(
                site,
                self.shells,
                structured_data=lambda dataset, lang: exports.structured_data(dataset, site, lang),
                catalog_structured_data=lambda lang: exports.catalog_structured_data(site, lang),
                templates=ROOT / "site_src/templates",
            )
        }
        sitemap = {file.path: file.content for file in exports.sitemap(sorted(made), site)}
        own = {file.path: file.content for dataset in site.datasets for file in exports.export_dataset(dataset, site)}
        packed = {archive.path(dataset): content for dataset in site.datasets if (content := _packed(dataset, site))}
        emitted = lines | made | sitemap | own | packed
        return {path: content for path, content in emitted.items() if isinstance(content, bytes)}


def with_files_kept(site: public.Catalog, folder: Path) -> public.Catalog:
    def kept(resource: public.Resource) -> public.Resource:
        files = [
            dataclasses.replace(each, file=Path(shutil.copy(each.file, folder / each.path.replace("/", "-"))))
            for each in resource.distributions
        ]
        return dataclasses.replace(resource, distributions=tuple(files))

    datasets = [dataclasses.replace(each, resources=tuple(map(kept, each.resources))) for each in site.datasets]
    return dataclasses.replace(site, datasets=tuple(datasets))


def with_a_join(site: public.Catalog) -> public.Catalog:
    """A second open table of the dataset ``free``, which refers to the first one."""

    def joined(dataset: public.Dataset) -> public.Dataset:
        (first,) = dataset.resources
        assert first.schema
        key = public.ForeignKey(("id",), first.name, ("id",))
        other = dataclasses.replace(first, name="other", schema=dataclasses.replace(first.schema, foreign_keys=(key,)))
        return dataclasses.replace(dataset, resources=(first, other))

    datasets = [joined(each) if each.name == "free" else each for each in site.datasets]
    return dataclasses.replace(site, datasets=tuple(datasets))


def _packed(dataset: public.Dataset, site: public.Catalog) -> bytes:
    """The archive without the data files, which no emitter makes."""
    members = [member for member in archive.members(dataset, site) if isinstance(member.content, bytes)]
    with tempfile.TemporaryDirectory() as folder:
        pack(members, Path(folder, "x.zip"), dataset.modified)
        return Path(folder, "x.zip").read_bytes() if members else b""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    from generator import rendering

    portal, _ = marked_portal(tmp_path_factory.mktemp("stage") / "portal")
    taken: Any = {}
    real_pages = rendering.write_pages

    files = tmp_path_factory.mktemp("files")

    def take(site: Any, shells: Any, *rest: Any) -> None:
        # With samples and history, as the exports are given it; and with files that outlive the build.
        taken.update(site=with_files_kept(site, files), shells=shells)
        real_pages(site, shells, *rest)

    with mock.patch.object(rendering, "write_pages", take):
        built(portal)
    # What a last release had and this one has not.
    lost = Record("lost", Text("去年的数据", "zh"), "unconditional", "stats", Text("统计局", "zh"))
    return Stage(with_a_join(dataclasses.replace(taken["site"], missing=(lost,))), taken["shells"])


@pytest.fixture(scope="module")
def clean(stage: Stage) -> dict[str, bytes]:
    return stage.emitted()


def is_found(changed: Mapping[str, bytes]) -> bool:
    """As ``found``, until something is."""
    return any(found({path: changed[path]}, [SECRET]) for path in sorted(changed, key=lambda path: len(changed[path])))


REACHED: dict[str, set[str]] = {}


@pytest.mark.parametrize("name", [name for name in EMITTERS if name not in NOTHING_OF_THEIR_OWN])
def test_an_emitter_that_leaks_is_caught(name: str, stage: Stage, clean: dict[str, bytes]) -> None:
    with leaking(EMITTERS[name], f" {SECRET}"):
        one = stage.emitted()
    changed = {path: one[path] for path in differing(clean, one) if path in one}
    assert is_found(changed)
    REACHED[name] = {kind(path) for path in changed}


@pytest.mark.parametrize(
    "name",
    [
        *("exports.datapackage._resource", "exports.dcat._on_application", "exports.feeds._entry"),
        *("exports.listing._resource", "exports.sheet._rows", "exports.schema_org._conditions"),
        *("pages.dataset.part", "pages.cards._values", "pages.search._document", "pages.facts.metadata"),
    ],
)
def test_a_mere_count_is_caught(name: str, stage: Stage) -> None:
    """It bears no mark; but two builds whose withheld data have not as many rows differ."""
    emitted = []
    for count in COUNTS:
        with leaking(EMITTERS[name], f" {count}"):
            emitted.append(stage.emitted())
    assert differing(*emitted)


def test_what_is_left_out_is_still_there() -> None:
    assert set(NOTHING_OF_THEIR_OWN) <= set(EMITTERS)


def test_nothing_is_found_without_a_leak(stage: Stage, clean: dict[str, bytes]) -> None:
    again = stage.emitted()
    assert differing(clean, again) == []
    assert found({p: c for p, c in clean.items() if "catalog.json" in p or "mixed" in p}, [SECRET]) == []


# --- what writes files, reports and state elsewhere


@contextmanager
def parquet_metadata(words: str) -> Iterator[None]:
    from generator.tables import conversion

    real = conversion.file_metadata  # type: ignore[attr-defined]  # as this module has it
    with mock.patch.object(conversion, "file_metadata", lambda *given: {**real(*given), "origin": words}):
        yield


@contextmanager
def announced(words: str) -> Iterator[None]:
    """The descriptor that travels in a Parquet file."""
    datapackage = importlib.import_module("generator.exports.datapackage")  # its package has a function of that name
    real = datapackage.for_files

    def mutant(dataset: Any) -> Any:
        return tuple({**about, "description": words} for about in real(dataset))

    with mock.patch.object(datapackage, "for_files", mutant):
        yield


@contextmanager
def workbook(words: str) -> Iterator[None]:
    from generator.tables import excel

    real = excel._about
    with mock.patch.object(excel, "_about", lambda about: [*real(about), ["from", words, ""]]):
        yield


@contextmanager
def canonical_csv(words: str) -> Iterator[None]:
    from generator import prepare

    real = prepare._distribution

    with tempfile.TemporaryDirectory() as folder:

        def mutant(file: Path, *given: Any, **named: Any) -> Any:
            if file.suffix == ".csv":  # not in its place: it may be the source itself
                content = file.read_bytes() + f"{words}\n".encode()
                file = Path(tempfile.mkdtemp(dir=folder), file.name)
                file.write_bytes(content)
            return real(file, *given, **named)

        with mock.patch.object(prepare, "_distribution", mutant):
            yield


@contextmanager
def first_rows(words: str) -> Iterator[None]:
    from generator import prepare

    real = prepare.Prepared

    def mutant(files: Any, schema: Any = None, preview: Any = None, *rest: Any) -> Any:
        if preview and preview.rows:
            preview = dataclasses.replace(preview, rows=(tuple(words for _ in preview.rows[0]), *preview.rows[1:]))
        return real(files, schema, preview, *rest)

    with mock.patch.object(prepare, "Prepared", mutant):
        yield


@contextmanager
def statistics(words: str) -> Iterator[None]:
    from generator import prepare

    real = prepare.Prepared

    def mutant(
        files: Any, schema: Any = None, preview: Any = None, rows: Any = None, told: Any = (), *rest: Any, **named: Any
    ) -> Any:
        told = tuple(dataclasses.replace(column, minimum=words, maximum=words) for column in told)
        return real(files, schema, preview, rows, told, *rest, **named)

    with mock.patch.object(prepare, "Prepared", mutant):
        yield


@contextmanager
def the_door(words: str) -> Iterator[None]:
    """``publicise`` itself, with one property too many."""
    from generator import publicise

    real = publicise._resource

    def mutant(*given: Any) -> Any:
        made = real(*given)
        return dataclasses.replace(made, description=Text(made.description.main + words))

    with mock.patch.object(publicise, "_resource", mutant):
        yield


@contextmanager
def manifest(words: str) -> Iterator[None]:
    from generator import publish

    with mock.patch.object(publish, "_GENERATOR", f"kaishu {words}"):
        yield


@contextmanager
def the_state(words: str) -> Iterator[None]:
    from generator import verdicts

    real = verdicts._verdict_to_json
    with mock.patch.object(verdicts, "_verdict_to_json", lambda verdict: {**real(verdict), "rows": words}):
        yield


@contextmanager
def problems(words: str) -> Iterator[None]:
    """The words of problems about withheld data: text report and JSON report alike."""
    from generator.tables import check as room

    real = room.without_content  # type: ignore[attr-defined]  # as this module has it

    def mutant(problem: Any, declared: Any) -> Any:
        return dataclasses.replace(real(problem, declared), detail=words, value=words, expected=words)

    with mock.patch.object(room, "without_content", mutant):
        yield


@contextmanager
def ways(words: str) -> Iterator[None]:
    from generator.tables import check as room

    with mock.patch.object(room, "WITHHELD", words):
        yield


def _own_words() -> str:
    return repr(sys.exception())


@contextmanager
def faults(words: str) -> Iterator[None]:
    """A traceback with the exception's own words."""
    from generator.tables import check as room

    def broken(*_: Any) -> Any:
        raise KeyError(words)

    with (
        mock.patch.object(room, "_withheld_tables", broken),
        mock.patch.object(room, "fault_without_words", _own_words),
    ):
        yield


ELSEWHERE: dict[str, Callable[[str], Any]] = {
    mutation.__name__: mutation
    for mutation in (
        parquet_metadata, announced, workbook, canonical_csv, first_rows, statistics, the_door, manifest, the_state, problems, ways,
        faults,
    )
}  # fmt: skip


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Built]:
    portal, _ = marked_portal(tmp_path_factory.mktemp("elsewhere") / "portal")
    return portal, built(portal)


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_writer_that_leaks_is_caught(name: str, marked: tuple[Path, Built]) -> None:
    portal, without = marked
    with ELSEWHERE[name](f"{SECRET} {COUNTS[0]}"):
        one = built(portal, state=name == "the_state")
    changed = {path: one.files[path] for path in differing(without.files, one.files) if path in one.files}
    kept = {file.name: file.read_bytes() for file in (portal / ".kaishu").rglob("*.json")}
    hits = found({**changed, **kept, "the report": one.told.encode()}, [SECRET])
    assert hits
    REACHED[name] = {kind(path) for path in changed}


# --- every kind of file


_NAMES = re.compile(r"(?<=/)(?:mixed|shut|listed|free|stats|part-\w+|transport|irregular)(?=[/.-]|$)")


def kind(path: str) -> str:
    """The path with names of datasets and the like left out: what is the same for all of them."""
    path = re.sub(r"^en/", "", path)
    path = re.sub(r"^catalog/search/\w+/", "catalog/search/…/", path)
    return re.sub(r"(?:agency|theme|cycle|openness)/[\w-]+/", "…/…/", _NAMES.sub("…", path))


NOT_OF_DATA = re.compile(
    r"catalog/pages\.json|assets/|search/|schema/|robots\.txt|404\.html|(?:use|terms|openness|contribute|about)/|sitemap\.xml\.gz|CNAME|\.nojekyll"
)
"""Prose, scripts and what is made of the program alone; noninterference compares them too."""


def test_every_kind_of_file_is_reached_by_a_mutation(stage: Stage, marked: tuple[Path, Built]) -> None:
    if not REACHED.keys() >= {*ELSEWHERE, *(set(EMITTERS) - set(NOTHING_OF_THEIR_OWN))}:
        pytest.skip("only when the whole file is run, since it adds up what the others reached")
    kinds = {kind(path) for path in marked[1].files if not NOT_OF_DATA.match(re.sub(r"^en/", "", path))}
    assert sorted(kinds - set().union(*REACHED.values())) == []
    gc.collect()


def test_the_story_has_no_other_writer() -> None:
    """What a build writes into the site is pages, exports and the distributions; a further source is to be added here."""
    source = inspect.getsource(story.build) + inspect.getsource(story.other_files) + inspect.getsource(story.complete)
    called = set(re.findall(r"(?:exports\.|publication\.)?\b(\w+)\(site", source))
    public_steps = {"publicise", "_with_samples", "_with_history"}
    assert called <= {"export", "other_files", "write_pages", "_report"} | public_steps, called
