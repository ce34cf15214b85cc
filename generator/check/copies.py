"""Copies of data that are not open, anywhere in the repository: found by their content, whatever they are called."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from generator.check.files import is_inside
from generator.check.place import is_withheld, named
from generator.model import Catalog, Package, paths_of
from generator.problems import Problem


@dataclass(frozen=True)
class _Original:
    """Data of a resource that is not open: a file that lies here, or what the descriptor states of one elsewhere."""

    package: Package
    resource: str
    size: int
    file: Path | None = None
    stated: str = ""
    """The sha256 that the descriptor states."""

    @cached_property
    def sha256(self) -> str:
        return self.stated or (_sha256(self.file) if self.file else "")


def check_copies(catalog: Catalog) -> Iterator[Problem]:
    """Where nothing withheld lies here and no descriptor states ``bytes`` and ``hash`` of it, no file is looked at.

    A file is read only when it has the size of an original. What is found by a stated hash depends on the descriptors
    and the open files alone, and blocks; what is found by comparing with withheld bytes must not.
    """
    originals: dict[int, list[_Original]] = {}
    for package in catalog.packages:
        for original in _originals(package):
            originals.setdefault(original.size, []).append(original)
    if not originals:
        return
    own = {original.file for listed in originals.values() for original in listed}
    is_open = {
        package.path / path: named(resource)
        for package in catalog.packages
        for resource in package.resources
        if package.is_open(resource)
        for path in paths_of(resource)
        if is_inside(path)
    }
    for file in _files(catalog.root):
        if file in own or (catalog.private and file not in is_open):
            continue
        if found := _copied(file, originals):
            yield _problem(file, found, catalog, is_open.get(file, ""))


def _originals(package: Package) -> Iterator[_Original]:
    for resource in package.resources:
        if not is_withheld(package, resource):
            continue
        size, stated = resource.get("bytes"), _stated(resource)
        if isinstance(size, int) and size > 0 and stated:
            yield _Original(package, named(resource), size, stated=stated)
        for path in paths_of(resource):
            file = package.path / path
            if is_inside(path) and not file.is_symlink() and file.is_file() and file.stat().st_size:
                yield _Original(package, named(resource), file.stat().st_size, file)


def _stated(resource: Mapping[str, Any]) -> str:
    stated = str(resource.get("hash") or "").lower()
    return stated.removeprefix("sha256:") if re.fullmatch("sha256:[0-9a-f]{64}", stated) else ""


def _copied(file: Path, originals: Mapping[int, list[_Original]]) -> _Original | None:
    """What the file is a copy of; by a stated hash, if there is one."""
    try:
        alike = originals.get(file.stat().st_size, ()) if file.is_file() and not file.is_symlink() else ()
        sha256 = _sha256(file) if alike else ""
        same = [original for original in alike if original.sha256 == sha256]
    except OSError:
        return None  # it cannot be read, so nothing of it is published either
    return min(same, key=lambda original: not original.stated, default=None)


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _problem(file: Path, original: _Original, catalog: Catalog, resource: str) -> Problem:
    at = Path(os.path.relpath(file, catalog.root)).as_posix()
    homes = [package for package in catalog.packages if package.path in file.parents]
    home = max(homes, key=lambda package: len(package.path.parts), default=None)
    value = f"{original.package.folder}: {original.resource}"
    return Problem(
        "withheld-data-copied",
        dataset=home.folder if home else "",
        file=at,
        resource=resource,
        value=value,
        more=(("path", Path(os.path.normpath(Path(catalog.root.name) / at)).as_posix()),),
        published=bool(original.stated and resource),
    )


def _files(root: Path) -> Iterator[Path]:
    """Of the datasets folder, and of the whole repository, where it is one: tracked, or not ignored."""
    below = {Path(folder, name) for folder, _, names in os.walk(root) for name in names}
    return iter(sorted(below | {Path(os.path.normpath(root / name)) for name in _in_repository(root)}))


def _in_repository(root: Path) -> list[str]:
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", ":/"]
    try:
        done = subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)
    except OSError:
        return []
    listed = done.stdout.decode("utf-8", "surrogateescape") if done.returncode == 0 else ""
    return [name for name in listed.split("\0") if name]
