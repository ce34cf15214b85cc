"""Exit codes of the command line."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    CLEAN = 0
    MEND = 1
    """Something in a dataset is wrong: its author can mend it. The other datasets are published."""
    OUR_FAULT = 2
    """Kaishu failed, or was called or configured wrongly: nothing that the author of a dataset can mend."""
    INTERRUPTED = 130
    """Ctrl-C, as shells count it."""
