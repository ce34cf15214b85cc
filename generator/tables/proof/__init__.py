"""Fast accept: whole valid tables are proved valid in Arrow; about every other table nothing is said.

``accept`` gives the report that frictionless would give, or raises ``NotProved``. It may refuse as often as it likes
and must never accept what frictionless refuses. See ``docs/findings/tables.md``.
"""

from generator.tables.proof.outcome import REASONS, NotProved
from generator.tables.proof.table import accept

__all__ = ["REASONS", "NotProved", "accept"]
