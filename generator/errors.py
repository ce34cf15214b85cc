"""Exceptions: what the author of a dataset cannot mend.

KaishuError
├── ConfigError    the portal's configuration is wrong
├── EngineError    the site engine failed on our own pages or theme
├── ForgeError     GitHub, or another forge, could not be asked or refused
├── PublishError   the site cannot be written or replaced
└── SpaceError     no room for temporary files

A publisher's mistakes are no exceptions but ``Problem`` values.
"""

from __future__ import annotations

import sys
import traceback

from generator.text import Text, bilingual


class KaishuError(Exception):
    """Carries its message in Chinese and English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh, self.en = zh, en

    @property
    def text(self) -> Text:
        return bilingual(self.zh, self.en)

    def __reduce__(self) -> tuple[type[KaishuError], tuple[str, str]]:
        return type(self), (self.zh, self.en)


class ConfigError(KaishuError):
    """The portal's configuration is wrong."""


class EngineError(KaishuError):
    """The site engine failed on our own pages or theme."""


class ForgeError(KaishuError):
    """GitHub, or another forge, could not be asked or refused."""


class PublishError(KaishuError):
    """The site cannot be written or replaced."""


class SpaceError(KaishuError):
    """No room for temporary files."""


def fault_without_words() -> str:
    """The exception that is being handled: its kind, and where in the code. Not what it says, which may quote data."""
    parts: list[str] = []
    error = sys.exception()
    while error is not None:
        frames = "".join(traceback.format_tb(error.__traceback__))
        parts.append(f"{frames}{type(error).__name__}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(reversed(parts))
