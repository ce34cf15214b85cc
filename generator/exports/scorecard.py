"""``scorecard.json`` of the catalogue and of each agency; what the numbers mean is said on ``/scorecard/``.

The catalogue's is an object with ``agencies``, a list, the highest score first. Each entry, and the file of an agency
(``agency/<id>/scorecard.json``), has

- ``agency`` (``id``, ``name``), ``page``, ``datasets`` (how many), ``overdue`` (how many of them), ``waivers``;
- ``score``: the mean of the scores of the four dimensions; left out where none applies;
- ``dimensions``: ``completeness``, ``accuracy``, ``consistency`` and ``timeliness``, each with its ``score``, the mean
  of its ``measures``. A measure is ``met`` of ``of``, with the ``share`` that this is. Where ``of`` is 0 it does
  not apply and has no share. Scores and shares are rounded down to three places;
- ``remarks``: kind of problem (a code, see ``kaishu explain``) → how often it was met in open tables.

An agency's own file has ``improvements`` as well: ``what`` is to be done at which ``dataset``, with ``resource``,
``names`` (of terms, fields or the problem), ``count`` and ``expected`` as they apply.

Properties may be added, never renamed or removed.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from generator.exports import json_text
from generator.exports.addresses import Addresses
from generator.exports.json_text import without_empty
from generator.problems import catalogue
from generator.public import Catalog
from generator.scorecard import Card, Dimension, Improvement, permille, scorecards
from generator.sitefile import SiteFile
from generator.text import LANGUAGES, text_properties

FILE = "scorecard.json"


def files(catalog: Catalog) -> Iterator[SiteFile]:
    at = Addresses.of(catalog)
    cards = scorecards(catalog)
    explained = {lang: f"{at.home(lang)}scorecard/" for lang in LANGUAGES}
    whole = {"explained": explained, "agencies": [_card(card, at) for card in cards]}
    yield SiteFile(FILE, json_text.readable(whole).encode())
    for card in cards:
        own = {"explained": explained} | _card(card, at)
        own["improvements"] = [_improvement(each) for each in card.improvements]
        yield SiteFile(f"agency/{card.agency.id}/{FILE}", json_text.readable(own).encode())


def _card(card: Card, at: Addresses) -> dict[str, Any]:
    kinds = catalogue()
    return {
        "agency": {"id": card.agency.id, **text_properties("name", card.agency.name)},
        "page": {lang: at.home(lang) + f"agency/{card.agency.id}/" for lang in LANGUAGES},
        "datasets": card.datasets,
        "overdue": card.overdue,
        "waivers": card.waivers,
        **_stated("score", card.score),
        "dimensions": [_dimension(each) for each in card.dimensions],
        "remarks": {kinds[name].code: count for name, count in card.remarks},
    }


def _dimension(dimension: Dimension) -> dict[str, Any]:
    measures = [
        {"name": each.name, "met": each.met, "of": each.of, **_stated("share", each.share)}
        for each in dimension.measures
    ]
    return {"name": dimension.name, **_stated("score", dimension.score), "measures": measures}


def _stated(name: str, share: Fraction | None) -> dict[str, float]:
    return {} if share is None else {name: permille(share) / 1000}


def _improvement(each: Improvement) -> dict[str, Any]:
    names = [catalogue()[name].code for name in each.names] if each.what == "remark" else list(each.names)
    return without_empty(
        {
            "what": each.what,
            "dataset": each.dataset.name,
            "resource": each.resource,
            "names": names,
            "count": each.count or None,
            "expected": each.expected,
        }
    )
