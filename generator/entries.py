"""An entry of ``changes.yaml``, as the last release fills it in: for a message, and for ``kaishu withdraw``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from generator.releases import Part, Record
from generator.text import LANGUAGES

BLANK = "……"
"""Where the author writes."""


def entry(
    record: Record,
    *,
    what: str,
    today: str,
    part: Part | None = None,
    before: str = "",
    after: str = "",
    successor: str = "",
    named: bool = False,
    reason: str = BLANK,
    reviewed: str = BLANK,
) -> dict[str, Any]:
    """Complete but for the reason and the day of its review, so that the repository alone tells it for ever.

    ``named`` where it stands in a folder of another name.
    """
    ends = what in ("withdrawn", "renamed") and part is None
    values = {
        "what": what,
        "date": today,
        "name": record.name if named else "",
        "resource": part.name if part else "",
        **(_title(record) if ends else {}),
        "from": before or (part.openness if part else record.openness),
        "to": after,
        "reason": reason,
        "reviewed": reviewed,
        "successor": successor,
        **({"published": record.created, "modified": record.modified, "release": record.digest} if ends else {}),
    }
    return {key: value for key, value in values.items() if value}


def _title(record: Record) -> Mapping[str, str]:
    main, english = record.title.main or record.name, record.title.to(LANGUAGES[1])[0]
    return {"title": main, "title_en": english if english != main else ""}


def written_in_one_line(values: Mapping[str, Any]) -> str:
    text = yaml.safe_dump([dict(values)], allow_unicode=True, sort_keys=False, default_flow_style=True, width=100_000)
    return f"- {text.strip()[1:-1]}"


def written(values: Mapping[str, Any]) -> str:
    """As an item of the list under ``changes``."""
    return yaml.safe_dump([dict(values)], allow_unicode=True, sort_keys=False, width=100_000)
