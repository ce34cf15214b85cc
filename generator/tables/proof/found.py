"""What a form says of the texts of a column."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Found:
    """What a form says of a column: values (null where the text is null) and where it is sure."""

    values: pa.Array | None
    """Equal, where the values that frictionless reads are equal; null where they are not known. None: none is known."""
    sure: pa.BooleanArray | None
    """None: everywhere."""
    plain: bool = False
    """All texts are of the usual form of their type, and the values are what they say."""


Form = Callable[[pa.StringArray], Found]
