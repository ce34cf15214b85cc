"""What the repository says of changes: ``changes.yaml`` in a dataset's folder, which may hold nothing else any more."""

from __future__ import annotations

from pathlib import Path

from generator.model import Statement
from generator.problems import Problem
from generator.read.descriptor import read_descriptor

CHANGES_FILE = "changes.yaml"


def read_statements(file: Path, root: Path, folder: str, agency: str) -> tuple[list[Statement], list[Problem]]:
    values, problems = read_descriptor(file, root)
    at = file.relative_to(root).as_posix()
    if values is None:
        return [], problems
    listed = values.get("changes")
    entries = listed if isinstance(listed, list) else []
    if not entries or not all(isinstance(entry, dict) for entry in entries) or len(values) > 1:
        problems = [*problems, Problem("changes-not-list", file=at)]
    statements = [
        Statement(folder, at, number, entry, agency)
        for number, entry in enumerate(entries, 1)
        if isinstance(entry, dict)
    ]
    return statements, problems
