"""A file of the site that is to be written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SiteFile:
    path: str
    """Relative to the site's root, with ``/``, not percent-encoded."""
    content: bytes | Path
    """The bytes, or the file that holds them (copied, never moved)."""
    sha256: str = ""
    """Of the bytes, where somebody else has been told of them: another file is not written."""
