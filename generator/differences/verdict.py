"""What a comparison means for the exit code."""

from __future__ import annotations

from collections.abc import Mapping

from generator.differences.values import Differences
from generator.exits import Exit
from generator.problems import Problem, Severities


def exit_code(found: Differences, rules: Mapping[str, str]) -> Exit:
    """1 where a breaking change lacks its new version and the portal's rules make that an error; a change is none."""
    severity = Severities(rules).of(Problem("breaking-unversioned"))
    return Exit.MEND if found.wants_version and severity == "error" else Exit.CLEAN
