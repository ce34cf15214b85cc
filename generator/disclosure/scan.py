"""Search any files, without a descriptor: for a look before anything is committed."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from generator.disclosure.files import search_file
from generator.disclosure.found import Found
from generator.disclosure.watch import Asked
from generator.identifiers import without_identifiers
from generator.problems import Problem

_OURS = frozenset((".git", ".kaishu", "node_modules", "__pycache__", ".venv"))


def scan(files: Iterable[Path], today: datetime.date) -> Iterator[Problem]:
    """What is in these files."""
    asked = Asked(today)
    for file in files:
        yield from (_problem(file, found) for found in search_file(file, asked))


def files_below(path: Path) -> Iterator[Path]:
    """The file, or those below the folder. Links are not followed."""
    if path.is_file():
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if name not in _OURS)
        for name in sorted(names):
            file = Path(folder) / name
            if file.is_file() and not file.is_symlink():
                yield file


def _problem(file: Path, found: Found) -> Problem:
    shown = without_identifiers(file.as_posix())
    zh, en = found.where
    more = [("where_zh", zh), ("where_en", en), ("count", f"{found.count:,}")]
    if found.with_:
        more.append(("with", ", ".join(map(without_identifiers, found.with_))))
    made = Problem(found.name, file=shown, field=found.field, value=found.masked, more=tuple(more))
    return replace(made, row=found.row, line=found.line, column=found.column)
