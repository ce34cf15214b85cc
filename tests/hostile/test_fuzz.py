"""Descriptors, agency files and configurations with anything anywhere. ``bench.fuzz_descriptors`` runs thousands."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.hostile import descriptors as d
from tests.hostile.fuzzing import Portal, config_faults, markup_faults

QUICK = settings(deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def strange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield Portal(tmp_path_factory.mktemp("strange"))


@settings(QUICK, max_examples=60)
@given(d.mutated(d.PACKAGE))
def test_a_strange_descriptor_in_json(strange: Portal, value: Any) -> None:
    strange.descriptor(d.as_json(value), "json")
    assert strange.faults() == []


@settings(QUICK, max_examples=30)
@given(d.mutated(d.PACKAGE))
def test_a_strange_descriptor_in_yaml(strange: Portal, value: Any) -> None:
    strange.descriptor(d.as_yaml(value), "yaml")
    assert strange.faults() == []


@settings(QUICK, max_examples=20)
@given(d.mutated(d.AGENCY))
def test_a_strange_agency(strange: Portal, value: Any) -> None:
    strange.descriptor(d.as_yaml(d.PACKAGE), "yaml")
    strange.agency(d.as_yaml(value))
    assert strange.faults() == []


@settings(QUICK, max_examples=150)
@given(d.mutated(d.CONFIG))
def test_a_strange_configuration(strange: Portal, value: Any) -> None:
    assert config_faults(strange.folder / "state", d.as_yaml(value)) == []


@pytest.mark.parametrize(
    "bad", [b"", b"\xff\xfe\x00", b"portal: " + b"[" * 5000, b"a: 2024-02-30", b"- 1", b"\0", b"a: *b", b"a: !!int x"]
)
def test_a_configuration_that_is_no_yaml(strange: Portal, bad: bytes) -> None:
    assert config_faults(strange.folder / "state", bad) == []


@pytest.mark.parametrize(
    "bad",
    ["<script>x</script>", "<p onclick=x>", "<a href='javascript:x'>y</a>", "<a href=' JAVASCRIPT:x'>", "<img src=//x>", "<base href=/x>"],
)  # fmt: skip
def test_the_fuzz_would_see_markup(strange: Portal, tmp_path: Path, bad: str) -> None:
    page = tmp_path / "page.html"
    page.write_text(f"<!doctype html><p>x</p>{bad}", "utf-8")
    assert list(markup_faults(iter([page]), strange.own))


def test_every_marked_text_in_every_place_where_people_read(strange: Portal) -> None:
    """Hypothesis rarely leaves the rest valid: here all texts are marked at once, and the dataset is published."""
    for mark in (
        d.SCRIPT,
        '"><img src=x onerror=alert(1)>',
        "</script><script>alert(1)</script>",
        "{{ 7*7 }}{% raw %}",
        "![](http://evil.example/x.png)",
        "[x](javascript:alert(1))",
    ):
        before = strange.published
        strange.agency(
            d.as_yaml({**d.AGENCY, "name": mark, "description": mark, "contact": {**d.AGENCY["contact"], "name": mark}})
        )
        strange.descriptor(d.as_json(d.marked(mark)), "json")
        assert strange.faults() == []
        assert strange.published == before + 1, "it is published, with its marks as texts"
        pages = [page.read_text("utf-8") for page in (strange.folder / "site").rglob("dataset/parks/index.html")]
        assert len(pages) == 2
        assert not any("onerror=alert(1)>" in page.replace("&gt;", "") for page in pages)
        assert not any("<p>49" in page for page in pages), "templates in texts are texts"
