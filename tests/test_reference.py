"""What is made from the model is as the model says, and the published schema fits our own datasets."""

from __future__ import annotations

import json

import yaml
from jsonschema import Draft202012Validator

from generator import terms
from generator.reference import reference
from tests.conftest import ROOT


def test_the_reference_is_made_from_the_model() -> None:
    written = (ROOT / "docs/descriptor.md").read_text("utf-8")
    assert written == reference(), "run python -m generator.reference"


def test_our_descriptors_fit_the_published_schema() -> None:
    for kind, schema, pattern in (
        ("dataset", terms.dataset_schema(), "*/*/datapackage.yaml"),
        ("agency", terms.agency_schema(), "*/agency.yaml"),
    ):
        Draft202012Validator.check_schema(schema)
        files = sorted((ROOT / "datasets").glob(pattern))
        assert files, kind
        for file in files:
            # Dates stay texts, as Kaishu reads them.
            descriptor = json.loads(json.dumps(yaml.load(file.read_text("utf-8"), yaml.BaseLoader)))
            faults = [
                error
                for error in Draft202012Validator(schema).iter_errors(descriptor)
                if error.validator not in ("type", "anyOf", "minimum", "maximum")  # BaseLoader makes everything a text
            ]
            assert faults == [], file


def test_every_term_has_both_languages() -> None:
    listed = (
        *terms.DATASET,
        *terms.RESOURCE_OURS,
        *terms.FIELD,
        *terms.ACCESS,
        *terms.AGENCY,
        *terms.CHANGE,
        *terms.DEMAND,
        *terms.REUSE,
    )
    for term in (*listed, *terms.WAIVER):
        assert term.zh, term
        assert term.en, term
        assert bool(term.about_zh) == bool(term.about_en), term
