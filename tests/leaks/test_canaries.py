"""Nothing that must stay inside is anywhere on the site, however it is packed; what may be seen is found by the same search."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.leaks.canaries import Marks, marked_portal
from tests.leaks.decoded import found
from tests.leaks.sites import Built, built, write_portal


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Built, Marks, Path]:
    portal, marks = marked_portal(tmp_path_factory.mktemp("marked") / "portal")
    return built(portal, state=True), marks, portal


def test_the_portal_is_published(marked: tuple[Built, Marks, Path]) -> None:
    site, _, _ = marked
    assert site.report.published == ("bare", "free", "listed", "mixed", "shut"), [
        p for p in site.report.problems if p.published
    ]
    assert site.exit_code == 1, "withheld data have faults"


def test_nothing_hidden_is_on_the_site(marked: tuple[Built, Marks, Path]) -> None:
    site, marks, _ = marked
    assert len(marks.hidden) > 200
    hits = found(site.files, list(marks.hidden))
    assert [(where, marks.hidden[mark]) for where, mark in hits] == []


def test_the_same_search_finds_what_may_be_seen(marked: tuple[Built, Marks, Path]) -> None:
    site, marks, _ = marked
    hits = found(site.files, list(marks.shown))
    assert {marks.shown[mark] for _, mark in hits} == set(marks.shown.values())
    cell = next(mark for mark, where in marks.shown.items() if where == "mixed.unconditional: cell")
    ends = {where.split("!")[0].split(" ")[0].rpartition(".")[2] for where, mark in hits if mark == cell}
    assert {"csv", "parquet", "xlsx", "html"} <= ends


def test_reports_and_state_tell_nothing_of_the_data(marked: tuple[Built, Marks, Path]) -> None:
    site, marks, portal = marked
    kept = {file.name: file.read_bytes() for file in (portal / ".kaishu").rglob("*") if file.is_file()}
    assert kept
    hits = found({"the report": site.told.encode(), **kept}, list(marks.of_data))
    assert [(where, marks.of_data[mark]) for where, mark in hits] == []
    assert [p for p in site.report.problems if not p.published and p.row], "there is something to tell"


def test_the_site_of_an_empty_portal_holds_none_of_the_words(tmp_path: Path) -> None:
    """The marks are none that the prose or a library has by chance."""
    site = built(write_portal(tmp_path / "portal", {}, private=False))
    assert found(site.files, ["kanarie", "zelle1", "spatz"]) == []
