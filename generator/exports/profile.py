"""The descriptor profile for editors, which complete and check a descriptor while it is written."""

from __future__ import annotations

from collections.abc import Iterator

from generator import terms
from generator.config import Portal
from generator.exports import json_text
from generator.sitefile import SiteFile

DATASET = "schema/dataset.schema.json"
AGENCY = "schema/agency.schema.json"


def profile(portal: Portal) -> Iterator[SiteFile]:
    yield SiteFile(DATASET, json_text.readable(terms.dataset_schema(portal.url + DATASET)).encode())
    yield SiteFile(AGENCY, json_text.readable(terms.agency_schema(portal.url + AGENCY)).encode())
