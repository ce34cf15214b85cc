"""Plain UTF-8, known without frictionless's detector of encodings, which takes a third of the check of a small table.

Only for texts of which chardet's first stages leave no doubt: then its answer is UTF-8 as well. The rest is its own.
"""

from __future__ import annotations

import codecs
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import frictionless

_MAX_BYTES = 200_000
"""What chardet looks at."""
_PLAIN = bytes({*range(0x20, 0x7F), *b"\t\r\n", *range(0x80, 0x100)} - {*b"~+<#"})
"""Without the controls of binary files and UTF-16, and the marks that begin escapes (``~``, ``+``) and declarations of
an encoding (``<``, ``#``)."""


def detect_quickly(resource: frictionless.Resource) -> None:
    """Let the resource know plain UTF-8 by itself, where its descriptor does not state an encoding."""
    detector = resource.detector
    if not resource.encoding and detector.encoding_function is None and _is_known_chardet():
        confidence = detector.encoding_confidence

        def detect(buffer: Any) -> str:
            if confidence <= 0.8 and is_plain_utf8(bytes(buffer)):
                return "utf-8"
            return _frictionless_s(confidence, buffer)

        detector.encoding_function = detect


def _frictionless_s(confidence: float, buffer: Any) -> str:
    import frictionless

    return str(frictionless.Detector(encoding_confidence=confidence).detect_encoding(buffer))


@cache
def _is_known_chardet() -> bool:
    """Another release may have other first stages."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("chardet").startswith("7.")
    except PackageNotFoundError:
        return False


def is_plain_utf8(sample: bytes) -> bool:
    if len(sample) > _MAX_BYTES or sample.startswith(codecs.BOM_UTF8) or sample.translate(None, _PLAIN):
        return False
    if sample.isascii():
        return True
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(sample)  # the sample may end within a character
    except UnicodeDecodeError:
        return False
    return not text.isascii()
