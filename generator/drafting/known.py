"""What the portal knows already: agencies, names in use, what its datasets are usually like."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher, get_close_matches
from pathlib import Path

from generator import vocabularies
from generator.config import Config
from generator.model import Catalog, listed_licenses


@dataclass(frozen=True, slots=True)
class Known:
    datasets: Path
    agencies: Mapping[str, tuple[str, ...]]
    """By id: name, short name and code."""
    names: frozenset[str] = frozenset()
    """Of datasets."""
    licenses: Counter[str] = field(default_factory=Counter)
    themes: Mapping[str, Counter[str]] = field(default_factory=dict)
    """By agency."""
    place: str = ""
    place_code: str = ""

    @classmethod
    def of(cls, config: Config, catalog: Catalog) -> Known:
        agencies = {
            id_: tuple(str(body.descriptor.get(key) or "") for key in ("name", "short_name", "code"))
            for id_, body in catalog.bodies.items()
        }
        themes: dict[str, Counter[str]] = {}
        licenses: Counter[str] = Counter()
        for package in catalog.packages:
            if theme := package.descriptor.get("theme"):
                themes.setdefault(package.agency, Counter())[str(theme)] += 1
            for entry in listed_licenses(package.descriptor):
                known = vocabularies.find_license(str(entry.get("name") or ""), str(entry.get("path") or ""))
                if known and known.open:
                    licenses[known.name] += 1
        names = frozenset(p.name for p in catalog.packages) | {p.path.name for p in catalog.packages}
        return cls(
            config.datasets,
            agencies,
            names,
            licenses,
            themes,
            config.portal.place.to("zh")[0],
            config.portal.place_code,
        )

    def label(self, agency: str) -> str:
        name = self.agencies.get(agency, ("",))[0]
        return f"{name}（{agency}）" if name else agency

    def agency(self, text: str) -> str:
        """The id that an id, a name, a short name or a code means; empty when none is meant surely."""
        text = _bare(text)
        if not text:
            return ""
        for id_, (name, short, code) in self.agencies.items():
            if text in (id_, _bare(name), _bare(short), code.lower()):
                return id_
        within = [
            id_
            for id_, (name, short, _) in self.agencies.items()
            if len(text) >= 3
            and any(_core(text) in _bare(n) or (len(_core(n)) > 2 and _core(n) in text) for n in (name, short) if n)
        ]
        if len(within) == 1:
            return within[0]
        near = get_close_matches(text, [_bare(names[0]) for names in self.agencies.values()], 1, 0.85)
        return next((id_ for id_, names in self.agencies.items() if near and _bare(names[0]) == near[0]), "")


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text).lower()


def _core(text: str) -> str:
    """市民政局 of 江门市民政局 and 民政局."""
    return re.sub(r"^.*?[省市县区](?=.{2,}[局委办院会中心])|(分|总)?[局委办]$", "", _bare(text))


def near_label(text: str, labels: Mapping[str, Sequence[str]]) -> tuple[str, bool]:
    """The id whose label this is, and whether it is so exactly; the nearest within reach, else nothing."""
    plain = re.sub(r"[\s/、,，]+", "", text)
    for id_, several in labels.items():
        if plain.lower() in (id_.lower(), *(label.lower() for label in several)):
            return id_, True
    scored = sorted(
        ((max(_likeness(plain, label) for label in several), id_) for id_, several in labels.items() if several),
        reverse=True,
    )
    if scored and scored[0][0] >= 0.6 and (len(scored) == 1 or scored[0][0] > scored[1][0]):
        return scored[0][1], False
    return "", False


def _likeness(one: str, other: str) -> float:
    if len(one) >= 2 and (one in other or other in one):
        return 0.9 * min(len(one), len(other)) / max(len(one), len(other)) + 0.1 if len(one) < len(other) / 3 else 0.9
    return SequenceMatcher(None, one, other).ratio()
