"""Texts in several languages, and which of them a reader gets."""

from __future__ import annotations

from dataclasses import dataclass

LANGUAGES = ("zh", "en")
"""The languages of the interface. The first is the one at the site's root."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text as its author wrote it, and its translations.

    ``lang`` is the BCP 47 tag of ``main``. A missing text is ``Text()``; it is false.
    """

    main: str = ""
    lang: str = "zh"
    translations: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.main)

    def to(self, lang: str) -> tuple[str, str]:
        """The text for a reader of ``lang`` and the language that it is really in."""
        if self.lang != lang:
            for language, text in self.translations:
                if language == lang:
                    return text, lang
        return self.main, self.lang

    def has(self, lang: str) -> bool:
        return self.to(lang)[1] == lang

    def __str__(self) -> str:
        return self.main


def bilingual(zh: str, en: str) -> Text:
    """A text of the interface, which always has both languages."""
    return Text(zh, "zh", (("en", en),))
