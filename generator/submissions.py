"""When an entry of ``demands.yaml`` or ``reuses.yaml`` may be shown: it is complete, and tells nothing of a person."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from generator import terms
from generator.identifiers import marks, normalised
from generator.model import Submission, is_day
from generator.terms import Term


@dataclass(frozen=True, slots=True)
class Kind:
    name: Literal["demand", "reuse"]
    key: str
    """The one property of the file."""
    listed: tuple[Term, ...]
    needed: tuple[str, ...]
    days: tuple[str, ...]

    @property
    def file(self) -> str:
        return f"{self.key}.yaml"

    @property
    def schemas(self) -> list[tuple[str, terms.JsonSchema]]:
        """Of each property, translations included."""
        twins = ("", "_en", "_zh")
        return [
            (term.name + twin, term.schema) for term in self.listed for twin in (twins if term.translated else ("",))
        ]

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(key for key, _ in self.schemas)


DEMAND = Kind("demand", "demands", terms.DEMAND, terms.NEEDED_OF_DEMAND, ("asked", "replied"))
REUSE = Kind("reuse", "reuses", terms.REUSE, terms.NEEDED_OF_REUSE, ("published", "replied"))
KINDS = (DEMAND, REUSE)
FILES = tuple(kind.file for kind in KINDS)

PERSONAL = frozenset(
    "name names person people author authors asker applicant user username login nickname contact contacts email mail "
    "e-mail phone tel telephone mobile wechat weixin qq address id_card idcard id_number age sex gender "
    "姓名 名字 电话 手机 邮箱 微信 联系人 联系方式 身份证 身份证号 地址 作者 提出人 申请人".split()
)
"""Properties that one is tempted to copy from a letter. None has a place in a public list."""
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_LANDLINE = re.compile(r"(?<![0-9-])0[0-9]{2,3}-?[2-9][0-9]{6,7}(?![0-9-])")


def kind_of(submission: Submission) -> Kind:
    return DEMAND if submission.kind == "demand" else REUSE


def lacking(submission: Submission) -> list[str]:
    needed = [*kind_of(submission).needed]
    if submission.text("status") in terms.ANSWERED:
        needed += ["reply", "replied"]
    elif submission.values.get("reply"):
        needed.append("replied")
    elif submission.values.get("replied"):
        needed.append("reply")
    return [key for key in needed if submission.values.get(key) in (None, "", [])]


def personal(submission: Submission, today: datetime.date) -> Iterator[str]:
    """Properties that name a person, or whose text holds what only a person has."""
    for key, value in submission.values.items():
        named = key.lower().removesuffix("_en").removesuffix("_zh") in PERSONAL
        text = value if isinstance(value, str) and key not in ("id", "url") else ""
        if named or _tells_of_person(text, today):
            yield key


def _tells_of_person(text: str, today: datetime.date) -> bool:
    plain = normalised(text)
    found = _EMAIL.search(plain) or _LANDLINE.search(plain)
    return bool(found) or any(mark.hit for mark in marks(plain, today))


def is_sound(submission: Submission, today: datetime.date) -> bool:
    """Whether all of it is as it should be but for names of other things, which may come and go. Quick; what is wrong
    otherwise, ``check`` explains."""
    kind = kind_of(submission)
    return (
        not lacking(submission)
        and submission.values.keys() <= kind.keys
        and all(_fits(submission.values[key], schema) for key, schema in kind.schemas if key in submission.values)
        and not any(personal(submission, today))
        and days_in_order(submission, today)
    )


def _fits(value: Any, schema: terms.JsonSchema) -> bool:
    """As the JSON Schema says, of the few kinds that these terms have; its library is slow to load."""
    if schema["type"] == "array":
        listed = value if isinstance(value, list) else [None]
        unique = len({repr(each) for each in listed}) == len(listed)
        return unique and len(listed) >= schema.get("minItems", 0) and all(_fits(e, schema["items"]) for e in listed)
    return (
        isinstance(value, str)
        and bool(value)
        and len(value) <= schema.get("maxLength", len(value))
        and value in schema.get("enum", (value,))
        and re.search(schema.get("pattern", ""), value) is not None
    )


def days_in_order(submission: Submission, today: datetime.date) -> bool:
    """Nobody answers before he is asked, and nothing is of tomorrow."""
    written = [submission.values[key] for key in kind_of(submission).days if submission.values.get(key)]
    return all(map(is_day, written)) and written == sorted(written) and all(d <= today.isoformat() for d in written)
