"""JSON made of JSON texts says the same as the standard library's."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from generator.exports import json_text
from generator.exports.wellformed import without_controls

TEXTS = st.text(st.characters() | st.sampled_from('"\\/<>&\n\x1f\u2028\uffff'))


@given(st.dictionaries(st.sampled_from("abcd"), TEXTS))
def test_known_properties_as_the_standard_library_writes_them(values: dict[str, str]) -> None:
    made = json_text.known({name: json_text.string(text) for name, text in values.items()})
    assert made == json.dumps(json_text.without_empty(values), ensure_ascii=False)


@given(st.lists(TEXTS))
def test_many_strings_at_once_as_one_by_one(texts: list[str]) -> None:
    clean = [without_controls(text) for text in texts]
    assert [f'"{text}"' for text in json_text.each_string(clean)] == [json.dumps(t, ensure_ascii=False) for t in clean]
    assert json.loads(json_text.strings(texts) or "[]") == texts


@given(st.dictionaries(TEXTS, TEXTS))
def test_nothing_in_a_script_can_end_it(values: dict[str, str]) -> None:
    made = json_text.for_script(json.dumps(values, ensure_ascii=False))
    assert not set(made) & set("<>&\u2028\u2029")
    made.encode()
