"""JSON Schemas: of descriptors, for editors that complete and check them while they are written; of ``stats.json``."""

from __future__ import annotations

from collections.abc import Iterator

from generator import terms
from generator.config import Portal
from generator.exports import json_text, statistics
from generator.sitefile import SiteFile

DATASET = "schema/dataset.schema.json"
AGENCY = "schema/agency.schema.json"
TERMS = "schema/terms.schema.json"
DEMANDS = "schema/demands.schema.json"
REUSES = "schema/reuses.schema.json"


def profile(portal: Portal) -> Iterator[SiteFile]:
    yield SiteFile(DATASET, json_text.readable(terms.dataset_schema(portal.url + DATASET)).encode())
    yield SiteFile(AGENCY, json_text.readable(terms.agency_schema(portal.url + AGENCY)).encode())
    yield SiteFile(TERMS, json_text.readable(terms.shared_terms_schema(portal.url + TERMS)).encode())
    yield SiteFile(DEMANDS, json_text.readable(terms.demands_schema(portal.url + DEMANDS)).encode())
    yield SiteFile(REUSES, json_text.readable(terms.reuses_schema(portal.url + REUSES)).encode())
    at = portal.url + statistics.SCHEMA
    yield SiteFile(statistics.SCHEMA, json_text.readable(statistics.statistics_schema(at)).encode())
