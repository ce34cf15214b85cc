"""A git repository, read without a checkout: no hook, filter or attribute of it runs or counts."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from generator.errors import ConfigError

_PLAIN = ("-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false")


@dataclass(frozen=True, slots=True)
class Blob:
    """A plain file of one revision. Links and submodules are none."""

    path: str
    """Relative to the repository's root, with ``/``."""
    oid: str
    size: int


def root_of(folder: Path) -> Path:
    return Path(_git(folder, "rev-parse", "--show-toplevel").removesuffix("\n"))


def commit_of(root: Path, revision: str) -> str:
    """The full id of what a tag, branch or short id names."""
    return _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}").strip()


def parents_of(root: Path, commit: str) -> list[str]:
    return _git(root, "rev-list", "--parents", "-n", "1", commit).split()[1:]


def is_ancestor(root: Path, earlier: str, later: str) -> bool:
    return _run(root, "merge-base", "--is-ancestor", earlier, later).returncode == 0


def merge_base(root: Path, one: str, other: str) -> str:
    """Where the two parted. Raises a ConfigError where the history is too short to know."""
    done = _run(root, "merge-base", one, other)
    if done.returncode:
        raise ConfigError(
            f"找不到 {one[:12]} 与 {other[:12]} 的共同起点。请取完整的历史（fetch-depth: 0）再运行。",
            f"{one[:12]} and {other[:12]} have no common ancestor here. Fetch the whole history (fetch-depth: 0).",
        )
    return done.stdout.decode().split()[0]


def changed_paths(root: Path, base: str) -> frozenset[str]:
    """Files that are otherwise in the working tree than in ``base``, also deleted and not yet added ones."""
    tracked = _git(
        root, "diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--ignore-submodules", base, "--"
    )
    new = _git(root, "ls-files", "--others", "--exclude-standard", "-z")
    return frozenset(filter(None, (*tracked.split("\0"), *new.split("\0"))))


def blobs(root: Path, revision: str, folder: str) -> Iterator[Blob]:
    """Every plain file at or below ``folder`` (empty for all)."""
    listed = _git(
        root, "--literal-pathspecs", "ls-tree", "-r", "-l", "-z", "--full-tree", revision, "--", folder or "."
    )
    for entry in filter(None, listed.split("\0")):
        meta, _, path = entry.partition("\t")
        mode, kind, oid, size = meta.split()
        if kind == "blob" and mode != "120000" and not any(part in ("", ".", "..") for part in path.split("/")):
            yield Blob(path, oid, int(size))


def write_blobs(root: Path, wanted: list[Blob], target: Path) -> None:
    """The files as they are in git, below ``target``."""
    if not wanted:
        return
    process = subprocess.Popen(
        ["git", "-C", str(root), *_PLAIN, "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process:
        for blob in wanted:
            process.stdin.write(f"{blob.oid}\n".encode())
            process.stdin.flush()
            process.stdout.readline()  # the blob's id, kind and size, which we know
            file = target / blob.path
            file.parent.mkdir(parents=True, exist_ok=True)
            left = blob.size
            with file.open("wb") as out:
                while left and (piece := process.stdout.read(min(left, 1 << 20))):
                    left -= out.write(piece)
            process.stdout.read(1)  # the line end after it
        process.stdin.close()


@contextmanager
def checked_out(root: Path, commit: str, folder: Path) -> Iterator[Path]:
    """A working tree of ``commit`` in ``folder`` for as long as it is needed."""
    _git(root, "worktree", "add", "--detach", "--quiet", str(folder), commit)
    try:
        yield folder
    finally:
        _run(root, "worktree", "remove", "--force", str(folder))


def _git(root: Path, *arguments: str) -> str:
    done = _run(root, *arguments)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        about = said[-1] if said else " ".join(arguments[-1:])
        raise ConfigError(f"git 出错：{about}", f"git failed: {about}")
    return done.stdout.decode("utf-8", "surrogateescape")


def _run(root: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            ["git", "-C", str(root), *_PLAIN, *arguments], capture_output=True, check=False, stdin=subprocess.DEVNULL
        )
    except OSError as error:
        raise ConfigError("需要 git，但没有找到它。", "git is needed, and was not found.") from error
