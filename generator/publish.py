"""Writing the site: the one place that does.

The new site is written whole beside the old one and put in its place in one step (``replace``). Its last file is
``manifest.json``, which names every other one. A folder that we did not make, or that holds a file that we did
not make, is never replaced.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from generator import __version__
from generator.errors import PublishError
from generator.replace import Replacement, replacing
from generator.sitefile import SiteFile

MANIFEST = "manifest.json"
_GENERATOR = "kaishu"
_CHUNK = 1 << 20
# File managers leave these in every folder that somebody looks at; nobody misses them.
_LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class Entry:
    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    generator: str
    files: tuple[Entry, ...]
    """Every file of the site but the manifest itself, sorted by path."""

    def to_json(self) -> bytes:
        # One line a file: short, and two manifests can be compared with diff.
        lines = ",\n".join(json.dumps(asdict(entry), ensure_ascii=False) for entry in self.files)
        return f'{{"generator": {json.dumps(self.generator)}, "files": [\n{lines}\n]}}\n'.encode()


def publish(files: Iterable[SiteFile], site: Path, *, base: Path | None = None) -> Manifest:
    """Write ``files`` as the whole new content of ``site``.

    ``base`` is a folder whose files go into the site too; it is moved, not copied. A file of ``files`` takes the
    place of the one in ``base`` with the same path; the same path twice in ``files`` is our own fault and raises.
    """
    with publishing(site) as publication:
        return publication.write(files, base=base)


def add_to(folder: Path, files: Iterable[SiteFile]) -> Manifest:
    """Write ``files`` into a folder that another program has made and owns, and a manifest of all that is in it then.

    For a site engine that writes into the site itself; nothing is replaced in one step.
    """
    folders = {""}
    for file in files:
        _check_path(file.path)
        _make_parents(folder, file.path, folders)
        _write(folder, file)
    (folder / MANIFEST).unlink(missing_ok=True)
    entries = tuple(_entry(folder, path) for path in sorted(_files_below(folder)))
    manifest = Manifest(f"{_GENERATOR} {__version__}", entries)
    _write(folder, SiteFile(MANIFEST, manifest.to_json()))
    return manifest


@contextmanager
def publishing(site: Path, *, inputs: Iterable[Path] = ()) -> Iterator[Publication]:
    """Hold the site's lock, from before the long work of a build to the end of its ``write``.

    Raises a PublishError at once when another run holds it, or when ``site`` may not be replaced. ``inputs`` are
    the files and folders that the build reads.
    """
    site = site.resolve()
    _check_location(site, inputs)
    with replacing(site) as replacement:
        _check_content(site)  # not before: a killed run may have left the site under another name until now
        yield Publication(replacement)


@dataclass(frozen=True, slots=True)
class Publication:
    _replacement: Replacement

    @property
    def scratch(self) -> Path:
        """An empty folder for the work before, on the site's file system. It goes when the publication ends."""
        return self._replacement.scratch

    def write(self, files: Iterable[SiteFile], *, base: Path | None = None) -> Manifest:
        """As ``publish``."""
        new = self._replacement.new
        paths = _Paths()
        given = _take(base, new, paths) if base else {}
        new.mkdir(exist_ok=True)
        folders = {""}
        made: dict[str, Entry] = {}
        for file in files:
            instead = given.pop(file.path, None) is not None
            paths.add(file.path, instead=instead)
            if instead:
                (new / file.path).unlink()
            _make_parents(new, file.path, folders)
            made[file.path] = _write(new, file)
        entries = given | made
        manifest = Manifest(f"{_GENERATOR} {__version__}", tuple(entries[path] for path in sorted(entries)))
        paths.add(MANIFEST)
        _write(new, SiteFile(MANIFEST, manifest.to_json()))
        _set_folder_modes(new)
        self._replacement.finish()
        return manifest


def _write(root: Path, file: SiteFile) -> Entry:
    digest, size = hashlib.sha256(), 0
    try:
        with Path(root, file.path).open("xb") as out:
            for chunk in _chunks(file.content):
                digest.update(chunk)
                size += out.write(chunk)
            _set_mode(out.fileno(), 0o644)
    except FileNotFoundError as error:
        if file.sha256:
            raise _changed(file) from error
        raise
    entry = Entry(file.path, size, digest.hexdigest())
    if file.sha256 not in ("", entry.sha256):
        raise _changed(file)
    return entry


def _changed(file: SiteFile) -> PublishError:
    return PublishError(
        f"{file.path} 的数据文件在生成网站期间被改动或移走，网站没有更新。请等改动完成后再生成一次。",
        f"The data file of {file.path} was changed or moved away while the site was built. The site was not updated. "
        "Build again when the file is complete.",
    )


def _chunks(content: bytes | Path) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as source:
        while chunk := source.read(_CHUNK):
            yield chunk


def _take(base: Path, new: Path, paths: _Paths) -> dict[str, Entry]:
    shutil.move(base, new)
    entries = {}
    for path in _files_below(new):
        if (new / path).is_symlink():
            raise ValueError(f"a symbolic link among the pages: {path}")
        paths.add(path)
        entries[path] = _entry(new, path)
    return entries


def _entry(root: Path, path: str) -> Entry:
    """Of a file that is there; it gets the mode of all files of a site."""
    with (root / path).open("rb") as source:
        digest = hashlib.file_digest(source, "sha256").hexdigest()
        _set_mode(source.fileno(), 0o644)
    return Entry(path, (root / path).stat().st_size, digest)


def _make_parents(root: Path, path: str, folders: set[str]) -> None:
    parent = path.rpartition("/")[0]
    if parent not in folders:
        (root / parent).mkdir(parents=True, exist_ok=True)
        folders.add(parent)


def _set_mode(descriptor: int, mode: int) -> None:
    # A web server runs as another user; whoever has a umask of 077 would publish a site that it cannot read.
    if os.name == "posix":
        os.fchmod(descriptor, mode)


def _set_folder_modes(root: Path) -> None:
    if os.name == "posix":
        for folder, _, _ in os.walk(root):
            Path(folder).chmod(0o755)


class _Paths:
    """The paths of one site, each a plain relative one, no two the same for any file system.

    macOS and Windows do not tell ``A`` from ``a``, nor macOS the two spellings of ``é``. Two such paths would
    overwrite each other there and nowhere else, so they are refused everywhere.
    """

    def __init__(self) -> None:
        self._files: dict[str, str] = {}
        self._folders: dict[str, str] = {}

    def add(self, path: str, *, instead: bool = False) -> None:
        _check_path(path)
        key = _key(path)
        if not instead:
            if key in self._files or key in self._folders:
                other = self._files.get(key) or self._folders[key]
                raise ValueError(f"two files of the site have the same path: {path!r} and {other!r}")
            self._files[key] = path
        parent = path.rpartition("/")[0]
        while parent:
            key = _key(parent)
            if self._folders.setdefault(key, parent) != parent or key in self._files:
                raise ValueError(f"{path!r} lies in a folder that is called {self._folders[key]!r} elsewhere")
            parent = parent.rpartition("/")[0]


def _key(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()


def _check_path(path: str) -> None:
    parts = path.split("/")
    if any(part in ("", ".", "..") for part in parts) or any(c in "\\\x7f" or c < " " for c in path):
        raise ValueError(f"not a path inside the site: {path!r}")
    if parts[0][1:2] == ":":
        raise ValueError(f"starts with a drive's letter: {path!r}")


def read_manifest(site: Path) -> Manifest | None:
    """The manifest of a site that Kaishu made; None where there is none."""
    try:
        return manifest_of((site / MANIFEST).read_bytes())
    except OSError:
        return None


def manifest_of(content: bytes) -> Manifest | None:
    """None for no JSON, or some other program's manifest: in each case not of a site of ours."""
    try:
        values: Any = json.loads(content)
        generator = values["generator"]
        entries = tuple(Entry(str(e["path"]), int(e["bytes"]), str(e["sha256"])) for e in values["files"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return Manifest(generator, entries) if str(generator).startswith(f"{_GENERATOR} ") else None


def differences(site: Path, manifest: Manifest | None = None) -> list[str]:
    """What in ``site`` is not as ``manifest``, by default its own, says. Empty for a whole site."""
    manifest = manifest or read_manifest(site)
    if manifest is None:
        return [f"no {MANIFEST}"]
    found = set(_files_below(site)) - {MANIFEST}
    listed = {entry.path: entry for entry in manifest.files}
    wrong = [f"missing: {path}" for path in sorted(listed.keys() - found)]
    wrong += [f"not listed: {path}" for path in sorted(found - listed.keys())]
    for path in sorted(listed.keys() & found):
        if (site / path).is_symlink():
            wrong.append(f"symbolic link: {path}")
            continue
        with (site / path).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != listed[path].sha256:
                wrong.append(f"changed: {path}")
    return wrong


# What may be replaced: neither of these lets a site's place be taken where that would lose something.


def check_target(site: Path, inputs: Iterable[Path]) -> None:
    """Raise a PublishError unless a build that reads ``inputs`` may put its site here. Writes nothing."""
    site = site.resolve()
    _check_location(site, inputs)
    _check_content(site)


def _check_location(site: Path, inputs: Iterable[Path]) -> None:
    _check_place(site)
    for given in inputs:
        _check_apart(site, given.resolve())


def _check_content(site: Path) -> None:
    if not site.exists():
        return
    if not site.is_dir():
        raise PublishError(f"{site} 是一个文件，不是文件夹。", f"{site} is a file, not a folder.")
    found = [path for path in _files_below(site) if path.rpartition("/")[2] not in _LITTER]
    if not found:
        return
    manifest = read_manifest(site)
    if manifest is None:
        raise PublishError(
            f"{site} 里有文件，但没有开数生成的 {MANIFEST}，不会替换它。请用 --site 指定另一个文件夹，或自行清空它。",
            f"{site} is not empty and has no {MANIFEST} of Kaishu, so it is not replaced. "
            "Choose another folder with --site, or empty this one yourself.",
        )
    ours = {entry.path for entry in manifest.files} | {MANIFEST}
    strangers = sorted(set(found) - ours)
    if strangers:
        some = ", ".join(strangers[:5]) + (" …" if len(strangers) > 5 else "")
        raise PublishError(
            f"{site} 里有不是开数生成的文件（{some}），替换会丢失它们。请先移走。",
            f"{site} holds files that Kaishu did not make ({some}); replacing it would lose them. Move them first.",
        )


def _check_place(site: Path) -> None:
    forbidden = {Path(site.anchor)}
    with suppress(RuntimeError):  # a user without a home folder
        home = Path.home().resolve()
        forbidden |= {home, *home.parents}
    if site in forbidden:
        raise PublishError(f"不能把站点写成 {site} 本身。", f"The site cannot take the place of {site}.")


def _check_apart(site: Path, given: Path) -> None:
    if site == given or site in given.parents:
        raise PublishError(
            f"站点文件夹 {site} 包含构建所需的 {given}，替换会丢失它。请用 --site 指定另一个文件夹。",
            f"The site folder {site} holds {given}, which the build reads and which would be lost. "
            "Choose another folder with --site.",
        )
    if given in site.parents:
        raise PublishError(
            f"站点文件夹 {site} 位于 {given} 之内，下一次构建会把它当作输入。请用 --site 指定另一个文件夹。",
            f"The site folder {site} lies inside {given}, so the next build would read it. "
            "Choose another folder with --site.",
        )


def _files_below(folder: Path) -> Iterator[str]:
    """Paths of all files, with ``/``, relative to ``folder``. Links are not followed: they count as files."""
    for parent, names, files in os.walk(folder):
        links = [name for name in names if (Path(parent) / name).is_symlink()]
        prefix = Path(parent).relative_to(folder).as_posix()
        for name in [*files, *links]:
            yield name if prefix == "." else f"{prefix}/{name}"
