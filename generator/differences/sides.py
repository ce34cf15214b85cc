"""The two states that are compared: each a catalogue, and the way to the bytes of its files."""

from __future__ import annotations

import datetime
import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from generator.config import Config
from generator.differences.revision import Revision, find_revision
from generator.errors import ConfigError
from generator.model import Catalog, Package, is_remote, parts_of
from generator.names import own_name
from generator.read import AGENCY_FILE, CHANGES_FILE, DESCRIPTORS, read_catalog
from generator.read.shared_terms import FILE as TERMS_FILE

_SMALL = (*DESCRIPTORS, AGENCY_FILE, CHANGES_FILE, TERMS_FILE)
"""What reading a catalogue opens; data files are written when they are to be compared."""
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Side:
    name: str
    """As it was asked for."""
    catalog: Catalog
    revision: Revision | None = None

    @property
    def packages(self) -> dict[str, Package]:
        """By the names that they are published under; of two with one name, the first."""
        found: dict[str, Package] = {}
        for package in self.catalog.packages:
            found.setdefault(own_name(package), package)
        return found

    def content(self, package: Package, path: str) -> str:
        """Tells contents apart, as git does; empty where there is no such file, or none that may be read."""
        file = self._tidy(package, path)
        if not file:
            return ""
        if self.revision:
            return self.revision.blobs.get(file, "")
        there = self.catalog.root / file
        return _git_id(there) if _is_plain(there, self.catalog.root) else ""

    def fetch(self, package: Package, path: str) -> bool:
        """Have the file in the package's folder. False where there is none."""
        file = self._tidy(package, path)
        if file and self.revision:
            self.revision.write(file, self.catalog.root)
        return bool(file) and _is_plain(self.catalog.root / file, self.catalog.root)

    def _tidy(self, package: Package, path: str) -> str:
        """Relative to the datasets folder; empty for an address, and for what leads out of the package."""
        parts = PurePosixPath(path)
        if is_remote(path) or parts.is_absolute() or ".." in parts.parts:
            return ""
        return (PurePosixPath(package.folder) / parts).as_posix()


@contextmanager
def opened_side(name: str | Path, config: Config, today: datetime.date) -> Iterator[Side]:
    """``name``: a folder with packages or above them, a published site, or a git revision."""
    folder = _folder(Path(name))
    if folder:
        yield Side(str(name), _catalog(folder, config, today))
        return
    revision = find_revision(str(name), config.datasets)
    with tempfile.TemporaryDirectory(prefix="kaishu-") as work:
        # Named like the folder itself: a package that lies in it directly is called after it.
        root = Path(work, config.datasets.name or "datasets")
        root.mkdir()
        revision.write_all([p for p in sorted(revision.blobs) if PurePosixPath(p).name in _SMALL], root)
        side = Side(str(name), _catalog(root, config, today), revision)
        for package in side.catalog.packages:
            for resource in package.resources:
                for part in parts_of(resource):
                    side.fetch(package, part)
        yield side


def _catalog(folder: Path, config: Config, today: datetime.date) -> Catalog:
    return read_catalog(replace(config, datasets=folder), today)


def _folder(path: Path) -> Path | None:
    """Where the packages are: below ``data`` in a site, below ``datasets`` in a repository, else below the folder."""
    if not path.is_dir():
        if path.exists():
            raise ConfigError(
                f"{path} 是文件。请给出数据集所在的文件夹、站点文件夹或 git 版本。",
                f"{path} is a file. Name a folder of datasets, the folder of a site, or a git revision.",
            )
        return None
    if (path / "manifest.json").is_file() and (path / "data").is_dir():
        return (path / "data").resolve()
    inner = path / "datasets"
    is_package = any((path / name).exists() for name in DESCRIPTORS)
    return (inner if inner.is_dir() and not is_package else path).resolve()


def _is_plain(file: Path, root: Path) -> bool:
    """A regular file, and no symbolic link on the way: that could lead anywhere."""
    on_the_way = [file, *(parent for parent in file.parents if parent.is_relative_to(root) and parent != root)]
    return file.is_file() and not any(part.is_symlink() for part in on_the_way)


def _git_id(file: Path) -> str:
    """What git calls this content, so that a revision and a folder can be held against each other."""
    digest = hashlib.sha1(f"blob {file.stat().st_size}\0".encode(), usedforsecurity=False)
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
