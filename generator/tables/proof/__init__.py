"""Fast accept, slow explain: most cells are proved right in Arrow, the rows of the others are replayed.

``accept`` gives the report that frictionless would give, or raises ``NotProved``. It may refuse as often as it likes
and must never say anything else than frictionless. See ``docs/findings/tables.md``.
"""

from generator.tables.proof.outcome import REASONS, NotProved
from generator.tables.proof.table import accept

__all__ = ["REASONS", "NotProved", "accept"]
