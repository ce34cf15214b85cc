"""Our quick escaping against markupsafe's."""

from __future__ import annotations

import gc
from dataclasses import dataclass

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from generator.once import once
from generator.pages.html import Html, clean, each_clean, each_escaped, html
from generator.pages.templates import quick_escape

ANY = st.text(st.characters(codec="utf-8") | st.sampled_from("<>&\"'\x00\x1e\x1f\n\x85\xa0\ufffe"))


@given(ANY)
def test_escaped_as_markupsafe_does(text: str) -> None:
    assert str(html(text)) == str(escape(clean(text)))


@given(ANY)
def test_a_template_escapes_what_is_not_marked_as_html(text: str) -> None:
    assert quick_escape(text) == escape(text)
    assert quick_escape(Html("<b>") + text) == escape("<b>" + text)
    assert quick_escape(f"{Html('<b>')}{text}") == escape("<b>" + text)
    assert quick_escape(Html(text)) == text == quick_escape(Markup(text))


def test_a_template_takes_no_undefined_value_and_counts() -> None:
    assert quick_escape(3) == "3"
    with pytest.raises(jinja2.UndefinedError):
        quick_escape(jinja2.StrictUndefined(name="titel"))


@given(st.lists(ANY))
def test_many_at_once_as_one_by_one(texts: list[str]) -> None:
    assert each_clean(texts) == [clean(text) for text in texts]
    assert each_escaped(each_clean(texts)) == [str(html(text)) for text in texts]


@dataclass
class Agency:
    name: str


def test_once_for_an_object_however_often_asked_and_never_for_another() -> None:
    asked: list[str] = []

    @once
    def link(agency: Agency, home: str) -> str:
        asked.append(agency.name)
        return f"{home}{agency.name}"

    first = Agency("a")
    assert [link(first, "./"), link(first, "./"), link(first, "../")] == ["./a", "./a", "../a"]
    assert asked == ["a", "a"]
    for number in range(1000):  # each is gone before the next is made: their places in memory must not be mixed up
        assert link(Agency(f"b{number}"), "./") == f"./b{number}"
        gc.collect(0)
