"""Texts in several languages, and which of them a reader gets."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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


def text_properties(name: str, text: Text) -> dict[str, str]:
    """The property of a descriptor and its twins: ``title``, ``title_en``; nothing for no text."""
    return {name: text.main} | {f"{name}_{lang}": other for lang, other in text.translations if other} if text else {}


def text_of(values: Mapping[str, Any], key: str, languages: Sequence[str] = ("zh",)) -> Text:
    """The text of a descriptor's property with its ``_en`` and ``_zh`` twins; anything that is no text counts as none.

    ``languages`` are those the descriptor states; they decide where the script does not.
    """
    main = _string(values.get(key))
    twins = tuple((lang, twin) for lang in LANGUAGES if (twin := _string(values.get(f"{key}_{lang}"))))
    if not main:
        return Text(twins[0][1], twins[0][0], twins[1:]) if twins else Text()
    if not any(map(str.isalpha, main)):  # "9:00-17:00": nothing to translate, and no language that is missing
        first, *others = ((lang, dict(twins).get(lang, main)) for lang in LANGUAGES)
        return Text(first[1], first[0], tuple(others))
    own = language_of(main, languages)
    return Text(main, own, tuple((lang, twin) for lang, twin in twins if lang != own))


def texts_of(values: Mapping[str, Any], key: str, languages: Sequence[str] = ("zh",)) -> tuple[Text, ...]:
    """Like ``text_of`` for a list, or a single text: the n-th twin translates the n-th text."""
    mains, twins = _list(values.get(key)), {lang: _list(values.get(f"{key}_{lang}")) for lang in LANGUAGES}
    made = []
    for index, main in enumerate(mains):
        entry = {key: main} | {
            f"{key}_{lang}": listed[index] for lang, listed in twins.items() if len(listed) == len(mains)
        }
        made.append(text_of(entry, key, languages))
    return tuple(text for text in made if text)


def language_of(text: str, languages: Sequence[str] = ()) -> str:
    """Language of a text, by its script; for one without Chinese or Japanese characters, the first stated language."""
    if _KANA.search(text):
        return "ja"
    if _HAN.search(text):
        return "ja" if languages and languages[0] == "ja" else "zh"
    return next((lang for lang in languages if lang != "zh"), "zh" if languages else "en")


_HAN, _KANA = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]"), re.compile("[\u3041-\u30ff]")


def _string(value: Any) -> str:
    return (
        value.strip()
        if isinstance(value, str)
        else str(value)
        if isinstance(value, int | float) and not isinstance(value, bool)
        else ""
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def stated_languages(descriptor: Mapping[str, Any]) -> tuple[str, ...]:
    """The languages a descriptor states, as primary subtags in lower case."""
    listed = descriptor.get("language", descriptor.get("languages"))
    listed = [listed] if isinstance(listed, str) else listed if isinstance(listed, list) else []
    return tuple(re.split("[-_]", tag)[0].lower() for tag in listed if isinstance(tag, str) and tag)


def slug(text: str) -> str:
    """An identifier near ``text``; empty when nothing of it can be kept."""
    return re.sub(r"[^a-z0-9._]+", "-", text.lower()).strip("-._")
