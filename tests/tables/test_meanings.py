"""Every way in which a table may be judged has words in both languages."""

from __future__ import annotations

from generator.tables.meanings import _MEANINGS
from generator.tables.proof import REASONS
from generator.text import LANGUAGES


def test_every_reason_has_words() -> None:
    assert set(_MEANINGS) == {"fast", "cached", "withheld", *REASONS}


def test_english_words_are_those_of_the_proof() -> None:
    assert {way: _MEANINGS[way].to("en")[0] for way in REASONS} == dict(REASONS)


def test_words_are_in_their_languages() -> None:
    for way, text in _MEANINGS.items():
        assert all(text.has(lang) for lang in LANGUAGES), way
        assert any("\u4e00" <= letter <= "\u9fff" for letter in text.to("zh")[0]), way
