"""Replacing a folder in one step, so that neither a reader nor a killed program meets half of it.

Beside the folder ``site`` lies, while it is being replaced, a folder ``.site.kaishu`` with ``lock``, ``new``
(being filled; after the exchange the former folder), ``scratch`` and, where the system cannot exchange, ``old``. Only
this module makes and removes what is in there, and only while it holds the lock.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from generator.errors import PublishError


@dataclass(frozen=True, slots=True)
class Replacement:
    folder: Path
    new: Path
    """Where the caller makes the new folder. It is thrown away unless ``finish`` is called."""
    old: Path
    scratch: Path
    """For whatever the caller makes on the way: on the same file system, and removed with the rest."""

    def finish(self) -> None:
        """Put the new folder in the place of the old one."""
        _sync(self.new)
        try:
            if not self.folder.exists():
                self.new.rename(self.folder)
            elif not exchange(self.new, self.folder):
                # A reader may look between these two and a kill may fall between them: `replacing` mends that.
                self.folder.rename(self.old)
                self.new.rename(self.folder)
        except OSError as error:
            raise PublishError(
                f"无法替换站点文件夹 {self.folder}：{error.strerror}。它若是挂载点，请改用其中的一个子文件夹。",
                f"The site folder {self.folder} cannot be replaced: {error.strerror}. "
                "If it is a mount point, choose a folder inside it.",
            ) from error
        _sync_entry(self.folder.parent)


@contextmanager
def replacing(folder: Path) -> Iterator[Replacement]:
    """Hold the lock of ``folder``, mend what a killed run left behind, and clean up at the end.

    ``folder`` is absolute and resolved. A second run on the same folder gets a PublishError at once.
    """
    work = folder.parent / f".{folder.name}.kaishu"
    replacement = Replacement(folder, work / "new", work / "old", work / "scratch")
    with _locked(work, folder):
        if replacement.old.exists() and not folder.exists():
            replacement.old.rename(folder)
        _remove_leftovers(replacement)
        replacement.scratch.mkdir()
        try:
            yield replacement
        finally:
            _remove_leftovers(replacement)


def _remove_leftovers(replacement: Replacement) -> None:
    for leftover in (replacement.new, replacement.old, replacement.scratch):
        if leftover.exists():
            shutil.rmtree(leftover)


@contextmanager
def _locked(work: Path, folder: Path) -> Iterator[None]:
    lock = work / "lock"
    descriptor = _lock(work, lock, folder)
    try:
        yield
    finally:
        # Whoever waits with the lock's old file open finds another file at its path, and starts again. On Windows
        # an open file cannot be removed, and elsewhere somebody may have made his own lock just now: both may stay.
        with suppress(OSError):
            lock.unlink()
            work.rmdir()
        os.close(descriptor)


def _lock(work: Path, lock: Path, folder: Path) -> int:
    while True:
        try:
            work.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o644)
        except FileNotFoundError:  # another run has just ended and removed its folder
            continue
        except OSError as error:
            raise PublishError(
                f"无法在 {work.parent} 中写入：{error.strerror}。站点先写在它旁边，再一次性替换，因此需要写权限。",
                f"Cannot write in {work.parent}: {error.strerror}. The site is written beside its folder first "
                "and then put in place in one step, so this folder must be writable.",
            ) from error
        try:
            _lock_descriptor(descriptor)
        except OSError as error:
            os.close(descriptor)
            raise PublishError(
                f"另一个 kaishu 正在写入 {folder}。请等它结束再试。",
                f"Another kaishu is writing {folder}. Wait until it has ended, then try again.",
            ) from error
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(descriptor), lock.stat()):
                return descriptor
        os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    def _lock_descriptor(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock_descriptor(descriptor: int) -> None:
        # Not flock(): its lock is inherited by forked worker processes, which may outlive a killed build.
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


_AT_FDCWD = -100
_EXCHANGE = 2  # RENAME_EXCHANGE of Linux and RENAME_SWAP of macOS
_CANNOT = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP}


def exchange(one: Path, other: Path) -> bool:
    """Swap two paths in one step. False where the system or the file system has no such thing."""
    if sys.platform == "win32":
        return False
    library = ctypes.CDLL(None, use_errno=True)
    a, b = os.fsencode(one), os.fsencode(other)
    if hasattr(library, "renameat2"):
        failed = library.renameat2(_AT_FDCWD, a, _AT_FDCWD, b, ctypes.c_uint(_EXCHANGE))
    elif hasattr(library, "renamex_np"):
        failed = library.renamex_np(a, b, ctypes.c_uint(_EXCHANGE))
    else:
        return False
    if not failed:
        return True
    number = ctypes.get_errno()
    if number in _CANNOT:
        return False
    raise OSError(number, os.strerror(number), str(one), None, str(other))


def _sync(folder: Path) -> None:
    """Have everything in ``folder`` on the disk before its name says that it is the site.

    One call for the whole file system: an fsync for each of 100,000 pages would take minutes.
    """
    if sys.platform == "win32":
        return
    library = ctypes.CDLL(None, use_errno=True)
    if not hasattr(library, "syncfs"):
        os.sync()
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        library.syncfs(descriptor)
    finally:
        os.close(descriptor)


def _sync_entry(folder: Path) -> None:
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
