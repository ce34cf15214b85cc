"""Questions: what only a human can say, one at a time, each with an answer that Enter takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from generator.errors import ConfigError
from generator.text import Text, bilingual

MOST = 8
"""Of one run: whoever is asked more stops reading."""


@dataclass(frozen=True, slots=True)
class Question:
    key: str
    text: Text
    proposal: str
    """What Enter takes; empty to leave it open."""
    choices: tuple[tuple[str, Text], ...] = ()
    """Values and what they mean; empty for any text."""
    refuse: Callable[[str], Text | None] = lambda _: None
    """Why an answer will not do."""


@dataclass(frozen=True, slots=True)
class Answer:
    value: str
    by_human: bool
    """Stated by an option or at a prompt; else it is a proposal that nobody has seen."""

    def __bool__(self) -> bool:
        return bool(self.value)


@dataclass(slots=True)
class Asker:
    given: Mapping[str, str]
    """Answers from the command line's options."""
    ask: Callable[[Question, int], str] | None = None
    """Shows the question and its number; None where nobody is there."""
    most: int = MOST
    asked: list[str] = field(default_factory=list)

    def answer(self, question: Question) -> Answer:
        given = self.given.get(question.key, "")
        if given:
            return Answer(self._checked(question, given), by_human=True)
        if self.ask is None or len(self.asked) >= self.most:
            return Answer(question.proposal, by_human=False)
        self.asked.append(question.key)
        return Answer(self.ask(question, len(self.asked)), by_human=True)

    def _checked(self, question: Question, given: str) -> str:
        value = chosen(question, given)
        if value is None:
            known = "、".join(f"{value}（{label.to('zh')[0]}）" for value, label in question.choices)
            known_en = ", ".join(f"{value} ({label.to('en')[0]})" for value, label in question.choices)
            raise ConfigError(
                f"--{question.key.replace('_', '-')} 不能是「{given}」，可以是：{known}。",
                f"--{question.key.replace('_', '-')} cannot be “{given}”; it is one of: {known_en}.",
            )
        if refusal := question.refuse(value):
            raise ConfigError(refusal.to("zh")[0], refusal.to("en")[0])
        return value


def chosen(question: Question, given: str) -> str | None:
    """The value that an answer means: itself, its label, its number in the list; None where it means none."""
    text = given.strip()
    if not question.choices:
        return text
    if text.isdigit() and 1 <= int(text) <= len(question.choices):
        return question.choices[int(text) - 1][0]
    folded = text.lower()
    for value, label in question.choices:
        if folded == value.lower() or any(folded == label.to(lang)[0].lower() for lang in ("zh", "en")):
            return value
    near = [value for value, label in question.choices if len(text) > 1 and text in label.to("zh")[0]]
    return near[0] if len(near) == 1 else None


YES, NO = bilingual("是", "yes"), bilingual("否", "no")
YES_NO = (("yes", YES), ("no", NO))
