"""The words of the pages, in every language of the interface."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace

from generator.plain_yaml import read_yaml
from generator.text import LANGUAGES


class Words(SimpleNamespace):
    """One language's words as attributes; ``words["openness_open"]`` where the key is computed."""

    def __getitem__(self, key: str) -> str:
        return str(getattr(self, key))

    def get(self, key: str, default: str) -> str:
        """For keys that are made from a descriptor's values."""
        return str(getattr(self, key, default))

    def count(self, key: str, number: int) -> str:
        """``count("datasets", 3)`` → "3 datasets"; ``<key>_1`` is the singular, where the language has one."""
        singular: str | None = getattr(self, f"{key}_1", None)
        form = singular if number == 1 and singular is not None else self[key]
        return form.format(n=f"{number:,}")


@lru_cache
def words(lang: str) -> Words:
    entries = read_yaml(Path(__file__).with_name("words.yaml").read_text(encoding="utf-8"))
    return Words(lang=lang, **{key: values[lang] for key, values in entries.items() if lang in values})


@lru_cache
def script_words(lang: str) -> str:
    """The words of the scripts that read tables, as JSON."""
    entries = read_yaml(Path(__file__).with_name("words-scripts.yaml").read_text(encoding="utf-8"))
    return json.dumps({key: values[lang] for key, values in entries.items() if lang in values}, ensure_ascii=False)


def other(lang: str) -> str:
    """The language that the switch in the header leads to."""
    return next(language for language in LANGUAGES if language != lang)
