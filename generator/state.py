"""The state folder: what earlier runs found out. Without it everything is the same, only slower.

Any number of processes may use one folder, and may be killed at any moment: a file is replaced as a whole, and what
is not exactly as it was written is taken for nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import stat
import sys
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import astuple, dataclass
from functools import cache
from pathlib import Path
from typing import Any

FORM = 1
"""Number of the files' form. A file of another form is ignored, and written anew."""
_OURS = re.compile(r"[0-9a-f]{40}\.(json|\d+-\d+\.tmp)")


@dataclass(frozen=True, slots=True)
class State:
    folder: Path

    def read(self, name: str) -> Mapping[str, Any]:
        """What was written under this name; empty for nothing, also for what was damaged or is not ours."""
        try:
            head, _, body = self._file(name).read_bytes().partition(b"\n")
            content = json.loads(body) if head == _head(body) else None
        except (OSError, ValueError, RecursionError):
            return {}
        return content if isinstance(content, dict) and content.get("name") == name else {}

    def write(self, name: str, content: Mapping[str, Any]) -> None:
        """Keep ``content`` under the name. A folder that cannot be written keeps nothing."""
        body = json.dumps({"name": name, **content}, separators=(",", ":")).encode()
        file = self._file(name)
        draft = file.with_suffix(f".{os.getpid()}-{threading.get_ident()}.tmp")
        with contextlib.suppress(OSError):
            self._make()
            draft.write_bytes(_head(body) + b"\n" + body)
            draft.replace(file)

    def keep_only(self, names: Collection[str]) -> None:
        """Forget what has any other name, and what killed processes left."""
        kept = {self._file(name).name for name in names}
        with contextlib.suppress(OSError):
            for entry in os.scandir(self._files):
                if entry.name not in kept and _OURS.fullmatch(entry.name):
                    Path(entry).unlink(missing_ok=True)

    @property
    def _files(self) -> Path:
        return self.folder / "verdicts"

    def _file(self, name: str) -> Path:
        return self._files / f"{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:40]}.json"

    def _make(self) -> None:
        if self._files.is_dir():
            return
        self._files.mkdir(parents=True, exist_ok=True)
        # Not for the repository: whoever may change a verdict there could have bad data pass as good.
        (self.folder / ".gitignore").write_text("*\n", "utf-8")


def _head(body: bytes) -> bytes:
    return f"kaishu-state {FORM} {hashlib.sha256(body).hexdigest()}".encode()


# The content of files, known without reading them


@dataclass(frozen=True, slots=True)
class Seen:
    """A file's content, and the marks of the file by which a later run sees that it is still the same."""

    content: str
    """Its sha256; ``absent`` or ``other`` where there is no regular file."""
    marks: tuple[int, ...] = ()
    """Size, times of change in nanoseconds, and inode."""
    at: int = 0
    """When it was read: a change soon after an earlier one can leave all marks as they were (git calls it racy)."""

    def holds(self, marks: tuple[int, ...]) -> bool:
        """Whether a file with these marks surely has this content."""
        return marks == self.marks and all(_is_settled(time_, self.at) for time_ in marks[1:3])


_TICK = 100_000_000
"""Nanoseconds. File systems note a change with the clock of the kernel's ticks, which are up to 10 ms apart…"""
_COARSE_TICK = 2_500_000_000
"""… or, where the noted times are whole seconds, are FAT's, of two seconds."""


def _is_settled(changed: int, at: int) -> bool:
    """Whether a change after ``at`` would have shown in the time of change."""
    return changed + (_COARSE_TICK if changed % 1_000_000_000 == 0 else _TICK) <= at


class Unknown(Exception):
    """The content of a file cannot be told (now, or without reading it)."""


def look(folder: Path, paths: Collection[str], known: Mapping[str, Seen], *, read: bool) -> dict[str, Seen]:
    """The content of the files at ``paths`` below ``folder``. Those that are ``known`` and unchanged are not opened.

    Raises ``Unknown`` where a file would have to be read and must not be, cannot be, or changes meanwhile.
    """
    return {path: _look(folder / path, known.get(path), read) for path in sorted(paths)}


def _look(file: Path, known: Seen | None, read: bool) -> Seen:
    try:
        found = file.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return Seen("absent")
    except (OSError, ValueError) as error:
        raise Unknown from error
    if not stat.S_ISREG(found.st_mode):
        return Seen("other")
    marks = _marks(found)
    if known and known.holds(marks):
        return known
    if not read:
        raise Unknown
    now = time.time_ns()
    try:
        with file.open("rb") as stream:
            content = hashlib.file_digest(stream, "sha256").hexdigest()
        if _marks(file.lstat()) != marks:
            raise Unknown
    except OSError as error:
        raise Unknown from error
    return Seen(content, marks, now)


def _marks(found: os.stat_result) -> tuple[int, ...]:
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def seen_to_json(seen: Mapping[str, Seen]) -> dict[str, Any]:
    return {path: astuple(one) for path, one in seen.items()}


def seen_from_json(value: Any) -> dict[str, Seen]:
    """Raises ``TypeError`` or ``ValueError`` for what has another form."""
    return {path: Seen(str(content), tuple(map(int, marks)), int(at)) for path, (content, marks, at) in value.items()}


# What every verdict depends on besides its data


@cache
def program() -> str:
    """Digest of our own code, of the installed libraries and of Python: with other ones a verdict may be another.

    The code and not its version number, which stays the same while somebody works on it. All libraries and not the two
    or three that judge, since those use many others.
    """
    digest = hashlib.sha256()
    package = Path(__file__).resolve().parent
    for file in sorted(_sources(package)):
        digest.update(f"{file.relative_to(package).as_posix()}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    # Formats of dates may hold the name of the local time zone.
    python = (sys.implementation.name, *sys.version_info[:3], sys.platform, *time.tzname)
    digest.update(repr((FORM, python, sorted(_libraries()))).encode())
    return digest.hexdigest()


def _sources(folder: Path) -> Iterator[Path]:
    return (file for pattern in ("*.py", "*.yaml") for file in folder.rglob(pattern) if "_portal" not in file.parts)


def _libraries() -> Iterator[str]:
    """Names with versions, as the folders of installed packages have them."""
    for folder in sys.path:
        with contextlib.suppress(OSError):
            for name in os.listdir(folder or "."):  # noqa: PTH208  names are all that is wanted
                if name.endswith((".dist-info", ".egg-info")):
                    yield name
