"""A revision of a git repository as a folder: what is asked for is read out of git, and written where we say.

Nothing is checked out: no hook runs, no filter of the repository's own configuration either, and the working tree, its
index and its branches stay as they are. Symbolic links and submodules are left out.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from generator.errors import ConfigError

_REGULAR = ("100644", "100755")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Revision:
    repository: Path
    commit: str
    blobs: Mapping[str, str]
    """Regular file below the datasets folder → id of its content."""

    def write(self, path: str, folder: Path) -> None:
        """This file of the revision into ``folder``, at its own path. Once is enough."""
        blob = self.blobs.get(path)
        target = folder / path
        if blob is None or target.exists():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            self._cat(blob, file.fileno(), path)

    def _cat(self, blob: str, output: int, path: str) -> None:
        done = subprocess.run(
            _git(self.repository, "cat-file", "blob", blob),
            stdout=output, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        if done.returncode:
            raise _unreadable(path)

    def write_all(self, paths: Iterable[str], folder: Path) -> None:
        """The same for many small files, by one process."""
        wanted = [path for path in paths if path in self.blobs]
        with subprocess.Popen(
            _git(self.repository, "cat-file", "--batch"), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as process:  # fmt: skip
            assert process.stdin
            assert process.stdout
            for path in wanted:
                process.stdin.write(self.blobs[path].encode() + b"\n")
                process.stdin.flush()
                head = process.stdout.readline().split()
                if len(head) != 3 or not head[2].isdigit():
                    raise _unreadable(path)
                content = process.stdout.read(int(head[2]) + 1)[:-1]
                target = folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
            process.stdin.close()


def find_revision(name: str, datasets: Path) -> Revision:
    """``name``: a branch, tag or commit of the repository that holds the folder. Raises a ConfigError."""
    near = next((folder for folder in (datasets, *datasets.parents) if folder.is_dir()), Path())
    top = _ask(near, "rev-parse", "--show-toplevel")
    if not top:
        raise ConfigError(
            f"{name} 不是文件夹，{datasets} 也不在 git 仓库里。请给出两个文件夹，或在仓库里运行。",
            f"{name} is no folder, and {datasets} lies in no git repository. Name two folders, or run in a repository.",
        )
    commit = _ask(near, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    if not commit or name.startswith("-"):
        raise ConfigError(
            f"找不到 {name}：不是文件夹，也不是本仓库的分支、标签或提交。浅克隆请先运行 git fetch --unshallow。",
            f"There is no {name}: neither a folder, nor a branch, tag or commit of this repository. "
            "In a shallow clone, run git fetch --unshallow first.",
        )
    repository = Path(top)
    try:
        below = datasets.resolve().relative_to(repository.resolve()).as_posix()
    except ValueError:
        below = "."
    return Revision(repository, commit, _blobs(repository, commit, below))


def _blobs(repository: Path, commit: str, below: str) -> Mapping[str, str]:
    tree = commit if below == "." else f"{commit}:{below}"
    listed = _run(repository, "ls-tree", "-r", "-z", "--full-tree", tree)
    found = {}
    for entry in listed.split(b"\0"):
        about, _, name = entry.partition(b"\t")
        mode, _, rest = about.decode().partition(" ")
        path = name.decode("utf-8", "surrogateescape")
        if mode in _REGULAR and ".." not in PurePosixPath(path).parts:
            found[path] = rest.split(" ")[-1]
    return found


def _ask(folder: Path, *arguments: str) -> str:
    return _run(folder, *arguments).decode("utf-8", "surrogateescape").strip()


def _run(folder: Path, *arguments: str) -> bytes:
    """Nothing where git does not know, or is not there."""
    try:
        done = subprocess.run(_git(folder, *arguments), capture_output=True, check=False, stdin=subprocess.DEVNULL)
    except OSError:
        return b""
    return done.stdout if done.returncode == 0 else b""


def _git(folder: Path, *arguments: str) -> list[str]:
    """``core.fsmonitor`` names a program that git would start."""
    return ["git", "-C", str(folder), "-c", "core.fsmonitor=false", "--no-replace-objects", *arguments]


def _unreadable(path: str) -> ConfigError:
    return ConfigError(
        f"git 里读不到 {path} 的内容。部分克隆或 LFS 的文件请先取回。",
        f"The content of {path} cannot be read out of git. In a partial clone, or of LFS, fetch it first.",
    )
