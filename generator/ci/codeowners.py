"""``CODEOWNERS``: who is asked to review a change, after the ``approver`` in the agencies' files.

Only what stands between two marks is made here; the lines around it are the portal's own. Where several lines fit a
file the last one counts, so the deeper folder comes later.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from generator.config import Config
from generator.errors import ConfigError
from generator.model import Body, Catalog

FILE = ".github/CODEOWNERS"
BEGIN = "# >>> kaishu codeowners: 由 agency.yaml 的 approver 生成，勿手改 · made from agency.yaml, do not edit"
END = "# <<< kaishu codeowners"
_ACCOUNT = re.compile(r"(?<![\w.@/-])@[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})(?:/[A-Za-z0-9_.-]{1,100})?(?![\w@/-])")
_EMAIL = re.compile(r"(?<![\w.+-])[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_IMPOSSIBLE = re.compile(r"[\[\]!#\\*?\x00-\x1f]")
"""What has a meaning in a pattern, and no way to be written otherwise."""


@dataclass(frozen=True, slots=True)
class Owners:
    body: Body
    folder: str
    """Relative to the repository's root, with ``/`` at both ends."""
    accounts: tuple[str, ...]


def owners(catalog: Catalog, prefix: str) -> tuple[Owners, ...]:
    """``prefix`` leads from the repository's root to the datasets folder, with a final slash or empty."""
    found = [
        Owners(body, f"/{prefix}{_folder(body)}/", accounts_in(str(body.descriptor.get("approver") or "")))
        for body in catalog.bodies.values()
    ]
    return tuple(sorted(found, key=lambda each: (each.folder, each.body.id)))


def _folder(body: Body) -> str:
    return body.file.rpartition("/")[0] or body.id


def accounts_in(approver: str) -> tuple[str, ...]:
    """Accounts, teams and mail addresses, in the order in which they are named, each once."""
    hits = [*_ACCOUNT.finditer(approver), *_EMAIL.finditer(approver)]
    return tuple(dict.fromkeys(hit[0].rstrip(".") for hit in sorted(hits, key=lambda hit: hit.start())))


def lines(found: tuple[Owners, ...]) -> Iterator[str]:
    yield BEGIN
    for each in found:
        if each.accounts and not _IMPOSSIBLE.search(each.folder):
            yield f"{each.folder.replace(' ', chr(92) + ' ')} {' '.join(each.accounts)}"
    yield END


def file_of(root: Path) -> Path:
    """Where the forge looks: the first one that is there, else the usual one."""
    places = (FILE, "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
    return next((root / place for place in places if (root / place).is_file()), root / FILE)


def written(before: str, found: tuple[Owners, ...]) -> str:
    """The whole file: our part in its place, or at the end where there is none."""
    part = "\n".join(lines(found))
    begins, ends = before.count(BEGIN), before.count(END)
    if (begins, ends) == (1, 1) and before.index(BEGIN) < before.index(END):
        start, _, rest = before.partition(BEGIN)
        return f"{start}{part}{rest.partition(END)[2]}"
    if begins or ends:
        raise ConfigError(
            f"{FILE} 里的标记行「{BEGIN}」和「{END}」应各有一行，先后有序。",
            f"{FILE} must have each of the two marks once and in order: {BEGIN} … {END}",
        )
    return f"{before.rstrip()}\n\n{part}\n".lstrip("\n")


def prefix_of(config: Config, root: Path) -> str:
    place = config.datasets.relative_to(root.resolve()).as_posix()
    return "" if place == "." else f"{place}/"
