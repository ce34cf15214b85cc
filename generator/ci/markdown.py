"""Text that others wrote, in Markdown that a forge renders: it says what it says, and does nothing.

Values stand in code spans: there a forge looks for no mention, reference, link, picture or HTML, and a span cannot be
ended from within when its fence is longer than any run of backticks in it. What cannot be seen is made visible.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 200
_PUNCTUATION = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~&$@:])")
_ADDRESS = re.compile(r"((?:[a-z]+://|www\.)[!-~]*|[A-Za-z0-9._+-]*@[A-Za-z0-9][A-Za-z0-9._/-]*)")
_SAFE_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_QUOTES_AND_STOPS = "「」『』（）《》〈〉【】、，。；：？！“”‘’…—,;()"
_REFERENCE = re.compile(r"(?i)gh-\d|[0-9a-f]{7,}")
_BACKTICKS = re.compile("`+")


def visible(text: str) -> str:
    """On one line, each character that has no shape of its own written as an escape."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if _is_seen(c) else f"\\u{ord(c):04x}" for c in text)


def _is_seen(character: str) -> bool:
    # Controls, formats (zero width, direction), surrogates, private use, separators of lines, unusual blanks.
    category = unicodedata.category(character)
    blank = category == "Zs" and character not in (" ", "\u3000")
    return category not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") and not blank and character not in _FILLERS


_FILLERS = "\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5"
"""Letters by their category, which nobody sees."""


def shortened(text: str, longest: int = LONGEST) -> str:
    return text if len(text) <= longest else f"{text[:longest]}…"


def code(text: str, longest: int = LONGEST) -> str:
    """A code span; nothing for no text."""
    shown = visible(shortened(text, longest))
    if not shown:
        return ""
    fence = "`" * (max(map(len, _BACKTICKS.findall(shown)), default=0) + 1)
    blank = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{fence}{blank}{shown}{blank}{fence}"


def escaped(text: str) -> str:
    """Our own words, with no character meant as Markdown. An address in them is an example, and becomes no link."""
    pieces = _ADDRESS.split(text)
    return "".join(
        code(piece) if number % 2 else _PUNCTUATION.sub(r"\\\1", piece) for number, piece in enumerate(pieces)
    )


def prose(text: str) -> str:
    """Words of others amid our own: what is no plain word is put into code."""
    return "".join(piece if _is_harmless(piece) else code(piece) for piece in re.split(r"( )", text))


def _is_harmless(piece: str) -> bool:
    # A full stop ends a sentence; within a word it may make an address, after a number an item of a list.
    piece = re.sub(r"(?<=[^\W\d_])\.\Z", "", piece)
    words = piece.translate({ord(c): " " for c in _QUOTES_AND_STOPS}).split()
    return piece == visible(piece) and all(_SAFE_WORD.fullmatch(w) and not _REFERENCE.fullmatch(w) for w in words)
