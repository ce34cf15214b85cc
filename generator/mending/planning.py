"""What ``kaishu fix`` would do: the datasets read, each file mended into a folder of ours, and the outcome checked.

Nothing is taken on trust: a package is checked before and after, and where a table has more problems than before, less
is done to it, down to nothing.
"""

from __future__ import annotations

import csv
import datetime
import hashlib
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from generator.check.files import check_paths
from generator.check.limits import check_limits
from generator.config import Config
from generator.judge import UNSAFE
from generator.mending import descriptors
from generator.mending.cells import Wishes
from generator.mending.decoding import Decoding, decoding_of, texts
from generator.mending.rewriting import Rewritten, rewrite
from generator.mending.values import Asked, Change, Left, Mended, Mending, Question
from generator.model import Catalog, Package, is_remote, parts_of, paths_of
from generator.read import AGENCY_FILE, CHANGES_FILE, DESCRIPTORS, read_catalog
from generator.read.descriptor import parse_descriptor
from generator.read.shared_terms import FILE as TERMS_FILE

if TYPE_CHECKING:
    pass

SAMPLES = 5
_SMALL = (*DESCRIPTORS, AGENCY_FILE, CHANGES_FILE, TERMS_FILE)
_WORKBOOKS = (".xlsx", ".xls", ".ods")
_PACKED = (".gz", ".zip")
_TEXTS = (".csv", ".tsv", ".txt")
_LEVELS = ("all", "failing", "bytes", "nothing")
"""How much is done to a package's tables: everything; only to cells that cannot be read as they are; only encoding and
line ends; nothing."""
_CHUNK = 1 << 20
_STOPPED = ("encoding-error", "source-error", "format-error", "encoding-undeclared", "check-crashed", "incorrect-label")
"""With one of these before, a table was not read, or not as it is meant: it may well show more problems now."""
_OF_KEYS = ("primary-key", "primary-key-empty", "unique-error", "foreign-key", "constraint-required")
_MOST = 1_000
"""Problems of a table after which frictionless stops to count."""


def plan(
    config: Config,
    today: datetime.date,
    work: Path,
    paths: Sequence[Path] = (),
    *,
    trim_text: bool = False,
    samples: int = SAMPLES,
) -> Mending:
    """Into ``work``, which is the caller's to remove. ``paths``: folders or files of the datasets; all without any."""
    catalog, texts_of = _read(config, today, work)
    shared = _shared_files(catalog)
    files: list[Mended] = []
    questions: list[Question] = []
    left: list[Left] = []
    chosen = [package for package in catalog.packages if _is_meant(package, paths)]
    for number, package in enumerate(chosen):
        mending = _Package(package, catalog, today, work / str(number), texts_of.get(package.folder), shared, samples)
        made = mending.mend(trim_text=trim_text)
        files += made.files
        questions += made.questions
        left += made.left
    return Mending(tuple(files), tuple(questions), tuple(left), len(chosen))


def _is_meant(package: Package, paths: Sequence[Path]) -> bool:
    wanted = [path.resolve() for path in paths]
    return not wanted or any(
        path in (package.path, *package.path.parents) or (path.is_file() and package.path in path.parents)
        for path in wanted
    )


Text = tuple[str, list[Change]]


def _read(config: Config, today: datetime.date, work: Path) -> tuple[Catalog, Mapping[str, Text]]:
    """The catalogue, also with the descriptors that can only be read when they are mended; those by folder."""
    catalog = read_catalog(config, today)
    mended: dict[str, Text] = {}
    names = {package.folder: package.path / package.file.rpartition("/")[2] for package in catalog.packages}
    for folder in catalog.unreadable:
        there = [config.datasets / folder / name for name in DESCRIPTORS]
        names[folder] = next(file for file in there if file.exists() or file.is_symlink())
    for folder, file in names.items():
        found = descriptors.readable(file)
        if found and found[1]:
            mended[folder] = found
    if not any(folder in mended for folder in catalog.unreadable):
        return catalog, mended
    root = work / config.datasets.name
    for small in sorted(path for name in _SMALL for path in config.datasets.rglob(name)):
        if small.is_file() and not small.is_symlink():
            target = root / small.relative_to(config.datasets)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(small, target)
    for folder, (text, _) in mended.items():
        (root / folder / names[folder].name).write_text(text, "utf-8", newline="")
    read = read_catalog(replace(config, datasets=root), today)
    here = tuple(replace(package, path=config.datasets / package.folder) for package in read.packages)
    return replace(read, packages=here, root=config.datasets), mended


def _shared_files(catalog: Catalog) -> frozenset[Path]:
    """Files that several resources name: what is right for one may be wrong for another."""
    times = Counter(
        Path(os.path.normpath(package.path / path))
        for package in catalog.packages
        for resource in package.resources
        for path in paths_of(resource)
        if not is_remote(path)
    )
    return frozenset(path for path, count in times.items() if count > 1)


@dataclass(slots=True)
class _Made:
    files: list[Mended] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    contents: dict[str, Path] = field(default_factory=dict)
    """Path in the package → its new bytes."""
    values: dict[tuple[str | int, ...], str | int] = field(default_factory=dict)
    """What the descriptor has to say instead."""


@dataclass(frozen=True, slots=True)
class _Package:
    package: Package
    catalog: Catalog
    today: datetime.date
    work: Path
    text: Text | None
    """Of its descriptor, where that was mended to be read."""
    shared: frozenset[Path]
    samples: int

    def mend(self, *, trim_text: bool) -> _Made:
        before: Counts | None = None
        less: tuple[Left, ...] = ()
        for level in _LEVELS:
            made = self._at_level(level, trim_text=trim_text)
            less = less or tuple(Left("worse", one.file, one.dataset) for one in made.files)
            if not made.contents:
                made.left += less if level != "all" else ()
                return made
            descriptor = self._mend_descriptor(made)
            if descriptor is None:
                continue
            before = self._problems(self.package.path) if before is None else before
            if _is_no_worse(before, self._problems(self._mirror(made, level), descriptor), level):
                made.left += less if level != "all" else ()
                return made
        raise AssertionError("with nothing done there are no contents")

    def _at_level(self, level: str, *, trim_text: bool) -> _Made:
        made = _Made()
        unsafe = self._unsafe()
        for index, resource in enumerate(self.package.resources):
            if str(resource.get("name") or "") not in unsafe:
                for place, path in enumerate(paths_of(resource)):
                    self._file(made, level, index, resource, place, path, Wishes(level == "all", trim_text))
        if not made.contents:
            self._mend_descriptor(made)
        return made

    def _unsafe(self) -> set[str]:
        rules = (check_paths, check_limits)
        return {p.resource for rule in rules for p in rule(self.package, self.catalog, self.today) if p.name in UNSAFE}

    # --- data files

    def _file(
        self, made: _Made, level: str, index: int, resource: Mapping[str, Any], place: int, path: str, wishes: Wishes
    ) -> None:
        file, kind = self.package.path / path, _why_not(path, resource)
        if is_remote(path) or not file.is_file():
            return
        if not kind and Path(os.path.normpath(file)) in self.shared:
            kind = "shared"
        if kind:
            if kind != "other":
                made.left.append(Left(kind, self._name(path), self.package.folder))
            return
        public = self.package.is_open(resource)
        decoding = decoding_of(file, str(resource.get("encoding") or ""))
        if not decoding.encoding:
            asked = Question(
                "encoding-unproved",
                self._name(path),
                self.package.folder,
                expected=decoding.likely,
                count=1,
                public=public,
            )
            made.questions.append(asked)
            return
        folder = self.work / level
        plain = _transcoded(file, decoding, folder / "plain" / path)
        found = self._table(resource, place, path, plain, folder, wishes, level)
        if found is None:
            made.left.append(Left("unreadable", self._name(path), self.package.folder))
            content, rewritten = plain, Rewritten()
        else:
            content, rewritten = found
        made.questions += self._questions(resource, path, rewritten, public=public)
        changes = [*_of_bytes(decoding), *rewritten.changes] if level != "nothing" else []
        if level == "nothing" or _digest(content) == _digest(file):
            return
        target = folder / "made" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(content, target)
        made.contents[path] = target
        made.files.append(
            Mended(
                self._name(path), self.package.folder, file, target, _digest(file), tuple(changes),
                tuple(rewritten.rows) if public else (), rewritten.changed_rows, public,
            )
        )  # fmt: skip
        self._declare(made, index, resource, file, target, decoding, rewritten)

    def _table(
        self, resource: Mapping[str, Any], place: int, path: str, plain: Path, folder: Path, wishes: Wishes, level: str
    ) -> tuple[Path, Rewritten] | None:
        """The file rewritten; None where nobody can read the table."""
        from generator.tables.text_table import open_text_table

        alone = {**resource, "path": path, "encoding": "utf-8"}
        alone.pop("extrapaths", None)
        parts = self._with_parts(resource, folder / "plain")
        try:
            table = open_text_table({**alone, **parts}, folder / "plain")
            if table is None:
                return plain, Rewritten()
            target = folder / "rewritten" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            has_header = place == 0 or table.repeats_header
            found = rewrite(
                plain, target, table, has_header=has_header, wishes=wishes, cells=level in ("all", "failing"),
                samples=self.samples,
            )  # fmt: skip
        except (csv.Error, UnicodeError):
            return None
        except Exception:  # of the library, on a descriptor or table that the check complains of
            return None
        return target, found

    def _with_parts(self, resource: Mapping[str, Any], folder: Path) -> dict[str, Any]:
        """Put the files that hold a part of the descriptor where the table is opened."""
        for part in parts_of(resource):
            source = self.package.path / part
            inside = not is_remote(part) and ".." not in PurePosixPath(part).parts and source.is_file()
            if inside and not source.is_symlink() and not (folder / part).exists():
                (folder / part).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, folder / part)
        return {}

    def _questions(
        self, resource: Mapping[str, Any], path: str, found: Rewritten, *, public: bool
    ) -> Iterator[Question]:
        names = _field_names(resource)
        for (kind, column), cells in found.questions.items():
            told = tuple(cells) if public else tuple(Asked(cell.row, cell.column, "") for cell in cells)
            name = names[column - 1] if column <= len(names) else ""
            count = found.asked[kind, column] if public else 0
            yield Question(kind, self._name(path), self.package.folder, name, told, count, public=public)

    def _declare(
        self,
        made: _Made,
        index: int,
        resource: Mapping[str, Any],
        before: Path,
        after: Path,
        decoding: Decoding,
        found: Rewritten,
    ) -> None:
        """What the descriptor says of the file, where that was right before."""
        place = self._place(index)
        if resource.get("encoding") and not _is_utf8(str(resource["encoding"])):
            made.values[*place, "encoding"] = "utf-8"
        if len(paths_of(resource)) != 1:
            return
        stated = resource.get("hash")
        if isinstance(stated, str):
            algorithm, _, digest = stated.rpartition(":")
            if _digest(before, algorithm or "md5") == digest.lower():
                made.values[*place, "hash"] = (
                    f"{algorithm}:{_digest(after, algorithm)}" if algorithm else _digest(after, "md5")
                )
        if resource.get("bytes") == before.stat().st_size:
            made.values[*place, "bytes"] = after.stat().st_size
        if isinstance(resource.get("rows"), int) and found.removed_rows:
            made.values[*place, "rows"] = resource["rows"] - found.removed_rows

    def _place(self, index: int) -> tuple[str | int, ...]:
        """Of a resource in the descriptor as written, which may hold things that are no resource."""
        listed = self.package.stated.get("resources")
        places = [n for n, each in enumerate(listed) if isinstance(each, Mapping)] if isinstance(listed, list) else []
        return "resources", places[index]

    def _name(self, path: str) -> str:
        return path if self.package.folder == "." else f"{self.package.folder}/{path}"

    # --- the descriptor

    def _mend_descriptor(self, made: _Made) -> Mapping[str, Any] | None:
        """Add it to what is mended, if it has to be; the descriptor as it reads then. None where a value that has to
        be another one stands where it cannot be replaced."""
        name = self.package.file.rpartition("/")[2]
        file = self.package.path / name
        original = file.read_bytes()
        text, changes = self.text or (original.decode("utf-8-sig"), [])
        new = descriptors.replaced(text, made.values, file) if made.values else text
        if new is None:
            return None
        changes = [
            *changes,
            *(
                Change("descriptor-property", 1, str(_value_at(self.package.stated, path)), f"{path[-1]}: {value}")
                for path, value in made.values.items()
            ),
        ]
        if changes:
            target = self.work / f"{name}.mended"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(new, "utf-8", newline="")
            # Against what a reader sees now: bytes that are no UTF-8 show as such.
            shown = text if self.text and self.text[1][0].kind in ("descriptor-encoding", "mark") else _shown(original)
            rows = descriptors.changed_lines(shown, new, self.samples)
            digest = hashlib.sha256(original).hexdigest()
            made.files.append(
                Mended(
                    self.package.file, self.package.folder, file, target, digest, tuple(changes), tuple(rows), len(rows)
                )
            )
        return parse_descriptor(new, name)

    # --- the proof

    def _mirror(self, made: _Made, level: str) -> Path:
        """The package's folder with the new files in the place of the old ones."""
        folder = self.work / level / "mirror"
        folder.mkdir(parents=True, exist_ok=True)
        for resource in self.package.resources:
            for path in (*paths_of(resource), *parts_of(resource)):
                source = made.contents.get(path, self.package.path / path)
                inside = not is_remote(path) and ".." not in PurePosixPath(path).parts
                if (
                    inside
                    and not PurePosixPath(path).is_absolute()
                    and source.is_file()
                    and not (folder / path).exists()
                ):
                    (folder / path).parent.mkdir(parents=True, exist_ok=True)
                    (folder / path).symlink_to(source.resolve())
        return folder

    def _problems(self, folder: Path, stated: Mapping[str, Any] | None = None) -> Counts:
        """What the check of the tables finds."""
        from generator.tables import check_tables

        unsafe = self._unsafe()
        descriptor = {**self.package.descriptor, **(stated or {})}
        kept = [r for r in self.package.resources if str(r.get("name") or "") not in unsafe]
        if stated is not None:
            listed = stated.get("resources")
            now = [r for r in listed if isinstance(r, Mapping)] if isinstance(listed, list) else []
            kept = [r for r in now if str(r.get("name") or "") not in unsafe]
        found = check_tables(
            {**descriptor, "resources": kept}, folder, dataset=self.package.folder, withheld=self.package.withheld
        )
        return Counter((problem.resource, problem.name) for problem in found)


Counts = Counter[tuple[str, str]]
"""Problems by resource and kind."""


def _is_no_worse(before: Counts, after: Counts, level: str) -> bool:
    """Of no table more problems than before, and of keys none more where codes were written in another way: two that
    differed may have become one. (A cell that can be read at last may show that its key is there already.)"""
    for resource in {resource for resource, _ in after}:
        old, new = ({kind: n for (r, kind), n in counts.items() if r == resource} for counts in (before, after))
        if any(kind in old for kind in _STOPPED) or sum(old.values()) >= _MOST:
            continue
        if sum(new.values()) > sum(old.values()):
            return False
        if level == "all" and any(new.get(kind, 0) > old.get(kind, 0) for kind in _OF_KEYS):
            return False
    return True


def _why_not(path: str, resource: Mapping[str, Any]) -> str:
    lower = path.lower()
    if lower.endswith(_WORKBOOKS):
        return "workbook"
    if lower.endswith(_PACKED) or resource.get("compression"):
        is_table = resource.get("schema") or PurePosixPath(lower).stem.endswith(_TEXTS)
        return "packed" if is_table else "other"
    stated = str(resource.get("format") or "").lower()
    return "" if lower.endswith(_TEXTS) or stated in ("csv", "tsv") else "other"


def _transcoded(file: Path, decoding: Decoding, target: Path) -> Path:
    """A copy in UTF-8 without a mark."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w", encoding="utf-8", newline="") as out:
        for text in texts(file, decoding.encoding):
            out.write(text)
    return target


def _of_bytes(decoding: Decoding) -> list[Change]:
    changes = [] if decoding.is_utf8 else [Change("encoding", 1, decoding.encoding, "UTF-8")]
    return [*changes, Change("mark")] if decoding.mark and decoding.is_utf8 else changes


def _field_names(resource: Mapping[str, Any]) -> list[str]:
    schema = resource.get("schema")
    fields = schema.get("fields") if isinstance(schema, Mapping) else None
    return (
        [str(f.get("title") or f.get("name") or "") for f in fields if isinstance(f, Mapping)]
        if isinstance(fields, list)
        else []
    )


def _is_utf8(name: str) -> bool:
    return name.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig", "ascii", "us-ascii")


def _value_at(descriptor: Any, path: Sequence[str | int]) -> Any:
    for step in path:
        descriptor = descriptor[step]
    return descriptor


def _shown(content: bytes) -> str:
    return content.decode("utf-8-sig", "replace")


def _digest(file: Path, algorithm: str = "sha256") -> str:
    try:
        made = hashlib.new(algorithm, usedforsecurity=False)
    except ValueError:
        return ""
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            made.update(chunk)
    return made.hexdigest()
