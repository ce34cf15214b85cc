"""What was fetched once, by its sha256."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_PART = "part-"
STAND_IN = "package-"
"""Beginning of the names of stand-ins, which are made beside the files that they link."""
_A_DAY = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Store:
    folder: Path

    def prepare(self) -> None:
        """Make the folder, and clear what a killed run left behind a day ago or longer."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for left in [*self.folder.glob(f"{_PART}*"), *self.folder.glob(f"{STAND_IN}*")]:
            if time.time() - left.lstat().st_mtime > _A_DAY:
                shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)

    def find(self, sha256: str) -> Path | None:
        """The file, if it is there and still is what its name says; one that is not is deleted."""
        file = self.folder / sha256
        if not file.is_file() or file.is_symlink():
            return None
        if digest(file) == sha256:
            return file
        file.unlink()
        return None

    def keep(self, part: Path, sha256: str) -> Path:
        """Give a complete file its name, in one step: nobody sees half of it, and two writers write the same."""
        file = self.folder / sha256
        part.chmod(0o444)
        part.replace(file)
        return file

    @contextmanager
    def part(self) -> Iterator[Path]:
        """A new file for what is being received. It is deleted at the end unless it was kept."""
        descriptor, name = tempfile.mkstemp(prefix=_PART, dir=self.folder)
        os.close(descriptor)
        try:
            yield Path(name)
        finally:
            Path(name).unlink(missing_ok=True)


def digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
