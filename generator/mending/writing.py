"""Put the mended files in the place of the old ones, each in one step."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from generator.errors import PublishError
from generator.mending.values import Mended


def write(files: Sequence[Mended]) -> None:
    """All are written beside their places first, so that a full disk leaves everything as it was; then they are
    renamed, a package's data before its descriptor. Modes stay. Raises a PublishError."""
    with ExitStack() as stack:
        ready = [(mended, stack.enter_context(_beside(mended))) for mended in files]
        for mended, _ in ready:
            if _digest(mended.target) != mended.digest:
                raise PublishError(
                    f"{mended.target} 刚才被别的程序改过，没有写入。请再运行一次。",
                    f"{mended.target} was changed meanwhile; nothing was written. Run it again.",
                )
        for mended, new in ready:
            try:
                new.path.replace(mended.target)
            except OSError as error:
                raise _cannot(mended.target, error) from error


class _Beside:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> _Beside:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(FileNotFoundError):
            self.path.unlink()


def _beside(mended: Mended) -> _Beside:
    try:
        number, name = tempfile.mkstemp(prefix=".kaishu-", dir=mended.target.parent)
        with os.fdopen(number, "wb") as out, mended.content.open("rb") as content:
            shutil.copyfileobj(content, out)
            out.flush()
            os.fsync(out.fileno())
        shutil.copymode(mended.target, name)
    except OSError as error:
        raise _cannot(mended.target, error) from error
    return _Beside(Path(name))


def _cannot(file: Path, error: OSError) -> PublishError:
    return PublishError(f"无法写入 {file}：{error.strerror}", f"Cannot write {file}: {error.strerror}")


def _digest(file: Path) -> str:
    made = hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            made.update(chunk)
    return made.hexdigest()
