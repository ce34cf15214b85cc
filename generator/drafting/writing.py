"""A new dataset folder, whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from generator.errors import ConfigError


def refuse_existing(folder: Path) -> None:
    if folder.exists():
        raise ConfigError(
            f"{folder} 已经有了，没有写。换一个 --name，或加 --force 覆盖同名文件（其余文件保留）。",
            f"{folder} is there already; nothing was written. Choose another --name, or use --force to replace the "
            "files of these names (others stay).",
        )


def write_folders(folders: Sequence[tuple[Path, Mapping[str, bytes]]], *, force: bool = False) -> None:
    """Each with its files (``/`` in a name makes a folder). All are made beside their places first, and then put there one after the other; where
    that fails, those that were new are gone again."""
    for folder, _ in folders:
        if not force:
            refuse_existing(folder)
    made: list[tuple[Path, Path]] = []
    placed: list[Path] = []
    try:
        for folder, files in folders:
            folder.parent.mkdir(parents=True, exist_ok=True)
            new = Path(tempfile.mkdtemp(prefix=f".{folder.name[:60]}-", dir=folder.parent))
            made.append((new, folder))
            if folder.exists():
                shutil.copytree(folder, new, symlinks=True, dirs_exist_ok=True)
            new.chmod(0o755)
            for name, content in files.items():
                (new / name).parent.mkdir(parents=True, exist_ok=True)
                (new / name).write_bytes(content)
        for new, folder in made:
            is_new = not folder.exists()
            _put(new, folder)
            placed += [folder] if is_new else []
    except BaseException as error:
        for folder in placed:
            shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError):
            raise ConfigError(f"写不进去：{error.strerror}（{error.filename}）。", f"Cannot write: {error}") from error
        raise
    finally:
        for new, _ in made:
            shutil.rmtree(new, ignore_errors=True)


def _put(new: Path, folder: Path) -> None:
    from generator.replace import exchange

    if not folder.exists():
        new.rename(folder)
    elif not exchange(new, folder):
        old = new.with_name(f"{new.name}-old")
        folder.rename(old)
        try:
            new.rename(folder)
        except OSError:
            old.rename(folder)
            raise
        shutil.rmtree(old, ignore_errors=True)
