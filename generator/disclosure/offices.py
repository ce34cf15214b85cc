"""The telephones that offices publish: they may stand in open data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from generator.identifiers import is_mobile, normalised
from generator.model import Package


def office_phones(package: Package, contacts: Iterable[Any]) -> frozenset[str]:
    """Those that the descriptor gives as contacts, and the ``contacts`` of its agencies."""
    channels = [part.get("access") for part in (package.descriptor, *package.resources)]
    ways = [part.get("channel") for part in channels if isinstance(part, Mapping)]
    return phones_of((*contacts, package.descriptor.get("contact"), *ways))


def phones_of(contacts: Iterable[Any]) -> frozenset[str]:
    found: set[str] = set()
    for contact in contacts:
        if isinstance(contact, Mapping):
            told = contact.get("phone")
            found |= {as_phone(part) for part in str(told or "").replace("、", ",").replace("/", ",").split(",")}
    return frozenset(found - {""})


def as_phone(text: str) -> str:
    """The digits of a phone as they are compared: without the country's code."""
    digits = re.sub(r"[^0-9]", "", normalised(text))
    for code in ("0086", "86"):
        if digits.startswith(code) and is_mobile(digits[len(code) :]):
            return digits[len(code) :]
    return digits
