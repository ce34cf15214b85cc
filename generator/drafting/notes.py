"""What is told of a draft: one sentence each, in Chinese and in English. Nothing of it shows a person's data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from generator.text import Text, bilingual

Weight = Literal["found", "changed", "look", "loud"]
"""What was understood; what the CSV has otherwise than the sheet; what should be looked at; what is damaged."""


@dataclass(frozen=True, slots=True)
class Note:
    weight: Weight
    text: Text


def note(weight: Weight, zh: str, en: str) -> Note:
    return Note(weight, bilingual(zh, en))


def rows_text(rows: Iterable[int]) -> str:
    """Row numbers from 0 as people count them: ``3、7—9``."""
    numbers = sorted({row + 1 for row in rows})
    parts: list[str] = []
    start = 0
    for i, number in enumerate(numbers):
        if i + 1 == len(numbers) or numbers[i + 1] != number + 1:
            parts.append(str(number) if numbers[start] == number else f"{numbers[start]}—{number}")
            start = i + 1
    return "、".join(parts[:12]) + (f"…等 {len(numbers)}" if len(parts) > 12 else "")


def rows_text_en(rows: Iterable[int]) -> str:
    text = rows_text(rows)
    listed, more, count = text.replace("、", ", ").replace("—", "–").partition("…等 ")
    return f"{listed}… ({count} in all)" if more else listed
