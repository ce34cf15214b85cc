"""Why a file is not taken: raised inside of this room, told as a problem outside of it."""

from __future__ import annotations


class Refused(Exception):
    """Carries the name of a problem and its values."""

    def __init__(self, kind: str, *, value: str = "", expected: str = "") -> None:
        super().__init__(kind)
        self.kind, self.value, self.expected = kind, value, expected
