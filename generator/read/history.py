"""When each dataset last changed, from git."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path


def commit_dates(root: Path) -> Mapping[str, str]:
    """Folder relative to ``root`` → ISO date of the last commit that touched a file in or below it.

    Empty outside of a repository, and in a shallow clone, where git would name the clone's first commit for everything.
    The date is in the time zone of its committer: the same on every machine.
    """
    if _git(root, "rev-parse", "--is-shallow-repository").strip() != "false":
        return {}
    dates: dict[str, str] = {}
    date = ""
    # NUL-separated, since a file name may hold anything else.
    log = _git(root, "log", "--format=%x00commit %cs", "--name-only", "-z", "--relative", "--no-renames", "--", ".")
    for entry in log.split("\0"):
        if entry.startswith("commit "):
            date = entry.removeprefix("commit ").strip()
        elif entry.strip("\n"):
            folder = entry.strip("\n")
            while "/" in folder:
                folder = folder.rpartition("/")[0]
                dates.setdefault(folder, date)
            dates.setdefault(".", date)
    return dates


def _git(root: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, check=False, stdin=subprocess.DEVNULL
        )
    except OSError:
        return ""
    return done.stdout.decode("utf-8", "surrogateescape") if done.returncode == 0 else ""
