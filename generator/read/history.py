"""When each file last changed, from git."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

AS_ASKED = ("-c", "log.showSignature=false", "-c", "log.showRoot=true")
"""Whatever the user's own configuration says."""


def commit_dates(root: Path) -> Mapping[str, str]:
    """File relative to ``root`` → ISO date of the last commit that touched it, also of files that are gone.

    Empty outside of a repository, and in a shallow clone, where git would name the clone's first commit for everything.
    The date is in the time zone of its committer: the same on every machine.
    """
    if _git(root, "rev-parse", "--is-shallow-repository").strip() != "false":
        return {}
    dates: dict[str, str] = {}
    date = ""
    # Separated by NUL, since a file name may hold anything else. A date is what follows an empty entry.
    log = _git(root, *AS_ASKED, "log", "--format=%x00%cs", "--name-only", "-z", "--relative", "--no-renames", "--", ".")
    before = "…"
    for entry in log.split("\0"):
        if not before:
            date = entry
        elif entry:
            dates.setdefault(entry.removeprefix("\n"), date)
        before = entry
    return dates


def _git(root: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, check=False, stdin=subprocess.DEVNULL
        )
    except OSError:
        return ""
    return done.stdout.decode("utf-8", "surrogateescape") if done.returncode == 0 else ""
