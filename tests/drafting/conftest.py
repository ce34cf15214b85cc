"""A portal with one agency, and drafts made in this process."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.drafting.draft import Draft, Wishes, draft
from generator.drafting.known import Known
from generator.drafting.questions import Asker, Question

TODAY = datetime.date(2026, 3, 1)
KNOWN = {
    "civil-affairs": ("江门市民政局", "市民政局", "11440700000006066F"),
    "education": ("江门市教育局", "市教育局", ""),
}


@dataclass(frozen=True)
class Made:
    draft: Draft
    questions: list[Question]

    @property
    def descriptor(self) -> dict[str, Any]:
        value: dict[str, Any] = yaml.safe_load(self.draft.files["datapackage.yaml"])
        return value

    def fields(self, table: int = 0) -> dict[str, dict[str, Any]]:
        """By title."""
        return {f["title"]: f for f in self.descriptor["resources"][table]["schema"]["fields"]}

    def types(self, table: int = 0) -> dict[str, str]:
        return {title: field["type"] for title, field in self.fields(table).items()}

    def csv(self, table: int = 0) -> list[str]:
        return self.draft.files[f"{self.descriptor['resources'][table]['name']}.csv"].decode().splitlines()

    def told(self, weight: str = "") -> str:
        notes = [*self.draft.notes, *(n for t in self.draft.tables for n in t.notes)]
        return "\n".join(n.text.to("zh")[0] for n in notes if not weight or n.weight == weight)


New = Callable[..., Made]


@pytest.fixture
def new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> New:
    monkeypatch.chdir(tmp_path)
    known = Known(tmp_path / "datasets", KNOWN, place="江门市", place_code="440700")

    def make(
        files: Path | Sequence[Path],
        *,
        answers: dict[str, str] | None = None,
        asked: bool = False,
        wishes: Wishes | None = None,
        **given: str,
    ) -> Made:
        """``asked``: somebody is there, who takes the proposals but for ``answers``."""
        questions: list[Question] = []

        def ask(question: Question, _: int) -> str:
            questions.append(question)
            return (answers or {}).get(question.key, question.proposal)

        stated = {"agency": "civil-affairs", **given} if not asked else given
        asker = Asker(stated, ask if asked else None)
        several = [files] if isinstance(files, Path) else list(files)
        return Made(draft(several, known, asker, wishes or Wishes(), TODAY), questions)

    return make
