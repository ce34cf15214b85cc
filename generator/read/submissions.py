"""What the public asked for and made: ``demands.yaml`` and ``reuses.yaml`` in the datasets folder."""

from __future__ import annotations

from pathlib import Path

from generator.model import Submission
from generator.problems import Problem
from generator.read.descriptor import is_there, read_descriptor
from generator.submissions import KINDS


def read_submissions(root: Path, problems: list[Problem]) -> tuple[Submission, ...]:
    """Every entry that is an object; what is wrong with the files is added to ``problems``."""
    made: list[Submission] = []
    for kind in KINDS:
        file = root / kind.file
        if not is_there(file):
            continue
        values, found = read_descriptor(file, root)
        problems += found
        if values is None:
            continue
        listed = values.get(kind.key)
        entries = listed if isinstance(listed, list) else []
        if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in entries) or len(values) > 1:
            problems.append(Problem("submissions-not-list", file=kind.file, expected=kind.key))
        made += [
            Submission(kind.name, kind.file, number, entry)
            for number, entry in enumerate(entries, 1)
            if isinstance(entry, dict)
        ]
    return tuple(made)
