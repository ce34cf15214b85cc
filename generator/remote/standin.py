"""A package whose remote paths lead to fetched files: a folder beside the cache, which looks like the package's own.

Frictionless takes only relative paths below the package's folder, and trusts nobody to write others; so does Kaishu.
The fetched files are therefore put where such paths lead, and no rule is relaxed for them.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from generator.model import Package
from generator.problems import Problem
from generator.remote.fetching import Fetched
from generator.remote.store import STAND_IN

_FOLDER = "fetched-by-kaishu"
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class StandIn:
    package: Package
    fetched: Fetched
    addresses: Mapping[str, str] = field(default_factory=dict)
    """Path in the stand-in's folder → address as written."""

    def told(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """Everything wrong with the package: also what fetching found, and all of it in its author's words."""
        kept = (p for p in problems if p.name != "remote-path" or (p.resource, p.value) not in self.fetched.judged)
        return *(self._in_words_of_author(p) if self.addresses else p for p in kept), *self.fetched.problems

    def _in_words_of_author(self, problem: Problem) -> Problem:
        return replace(
            problem,
            file=self._text(problem.file),
            value=self._text(problem.value),
            expected=self._text(problem.expected),
            likely=self._text(problem.likely),
            detail=self._text(problem.detail),
            more=tuple((key, self._text(value)) for key, value in problem.more),
        )

    def _text(self, text: str) -> str:
        if _FOLDER in text:
            for path, address in self.addresses.items():
                for written in (f"{self.package.path}/{path}", f"{self.package.folder}/{path}", path):
                    text = text.replace(written, address)
        return text


@contextmanager
def on_this_machine(package: Package, fetched: Fetched) -> Iterator[StandIn]:
    """The package itself when nothing of it was fetched."""
    if not fetched.files:
        yield StandIn(package, fetched)
        return
    cache = next(iter(fetched.files.values())).parent
    # Beside the cached files these can be linked; a cache that was filled elsewhere may be for reading only.
    beside = cache if os.access(cache, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix=STAND_IN, dir=beside) as work:
        folder = Path(work, "package")
        _mirror(package.path, folder)
        below = _free_name(folder)
        local = {key: f"{below}/{n}/{_file_name(key[1])}" for n, key in enumerate(fetched.files, start=1)}
        for key, path in local.items():
            (folder / path).parent.mkdir(parents=True)
            _link(fetched.files[key], folder / path)
        addresses = {path: key[1] for key, path in local.items()}
        yield StandIn(_at(package, folder, local), fetched, addresses)


def _at(package: Package, folder: Path, local: Mapping[tuple[int, str], str]) -> Package:
    resources = [_local(resource, index, local) for index, resource in enumerate(package.resources)]
    return replace(package, path=folder, descriptor={**package.descriptor, "resources": resources})


def _local(resource: Mapping[str, Any], index: int, local: Mapping[tuple[int, str], str]) -> Mapping[str, Any]:
    def moved(path: Any) -> Any:
        return [moved(each) for each in path] if isinstance(path, list) else local.get((index, path), path)

    if not any(key[0] == index for key in local):
        return resource
    # `scheme` would send frictionless to the network all the same.
    kept = {key: value for key, value in resource.items() if key != "scheme"}
    return kept | {key: moved(kept[key]) for key in ("path", "url", "extrapaths") if key in kept}


def _mirror(source: Path, target: Path) -> None:
    """The same folders and files, symbolic links as such, so that every rule finds what it would have found."""
    target.mkdir()
    for entry in os.scandir(source):
        if entry.is_dir(follow_symlinks=False):
            if entry.name != ".git":
                _mirror(Path(entry.path), target / entry.name)
        else:
            _link(Path(entry.path), target / entry.name)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:  # another file system, or one without hard links
        if source.is_symlink():
            target.symlink_to(source.readlink())
        elif stat.S_ISREG(source.stat().st_mode):
            shutil.copyfile(source, target)
        else:
            with suppress(AttributeError, OSError):
                os.mkfifo(target)


def _free_name(folder: Path) -> str:
    name = _FOLDER
    while (folder / name).exists():
        name += "-"
    return name


def _file_name(address: str) -> str:
    """The address's own, since frictionless tells the format by it; without what a path could not hold."""
    name = unquote(re.split(r"[?#]", address, maxsplit=1)[0].rpartition("/")[2])
    return re.sub(r"[^\w.-]+", "-", name)[-_LONGEST_NAME:].lstrip("-.") or "data"
