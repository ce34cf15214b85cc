"""A fault of the fast way is an error here; in use frictionless would judge the table all the same."""

from __future__ import annotations

import sys

import pytest

import generator.tables  # noqa: F401  brings the module below


@pytest.fixture(autouse=True)
def _faults_are_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["generator.tables.validate"], "faults_raise", True)
