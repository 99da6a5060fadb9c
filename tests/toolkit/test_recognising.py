"""Texts that are recognised are valid, as the engine and jsonschema decide it."""

from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wirecheck.engine import Engine
from wirecheck.oracle import Oracle
from wirecheck.spec.document import Document, Place
from wirecheck.typed.texts import recogniser

Json = Any

_SIMPLE = r"a b - # \. \d \w \/ [a-c] [^a] [\d_-] [\w.-] [^0-9_] [a|b]"
_OTHER = r". \s \D \b [a--b] [a-\d] [[a] [] [^] ^ $ é (?=a) { \u0041"
_REPETITION = "? * + {2} {1,3} {1,} {,2} *? ++ {3,1}"
_ATOMS = st.sampled_from([*_SIMPLE.split(), *_OTHER.split()])
_REPETITIONS = st.sampled_from(["", "", "", *_REPETITION.split()])
_PATTERNS = st.recursive(
    st.lists(st.tuples(_ATOMS, _REPETITIONS).map("".join), min_size=1, max_size=4).map("".join),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("|".join),
        st.tuples(st.sampled_from(["(", "(?:"]), inner, st.just(")"), _REPETITIONS).map("".join),
        st.tuples(inner, inner).map("".join),
    ),
    max_leaves=4,
)
_TEXTS = st.text(alphabet="aabbc01_-.#/|é\n \u0661", max_size=6)


def _schema(pattern: str, ends: tuple[str, str], *, is_negated: bool) -> dict[str, Json]:
    whole = pattern.join(ends)
    return {"not": {"pattern": whole}} if is_negated else {"pattern": whole}


SCHEMAS = st.builds(
    _schema,
    _PATTERNS,
    st.sampled_from([("^", "$"), ("^", "$"), ("^", ""), ("", "$"), ("", "")]),
    is_negated=st.booleans(),
)


@cache
def _valid_by(name: str, value: str) -> tuple[Engine, Oracle]:
    document = Document("api.json", {"s": {name: value, "type": "string"}}, Place(1))
    return Engine(document), Oracle(document)


def _engines(schema: dict[str, Json]) -> tuple[Engine, Oracle]:
    document = Document("api.json", {"s": {"type": "string", **schema}}, Place(1))
    return Engine(document), Oracle(document)


@settings(max_examples=400)
@given(schema=SCHEMAS, texts=st.lists(_TEXTS, min_size=5, max_size=20))
def test_a_text_that_is_recognised_matches_the_pattern(schema: dict[str, Json], texts: list[str]) -> None:
    recognise = recogniser([schema])
    if recognise is None:
        return
    engine, oracle = _engines(schema)
    for text in filter(recognise, texts):
        assert engine.is_valid("/s", text)
        assert oracle.is_valid("/s", text)


RECOGNISED = [
    ({"pattern": "^[0-9]+_[0-9]+$"}, "12_3", "12_3\n"),
    ({"pattern": r"^-?(?:\d+)(?:\.\d+)?$"}, "-1.5", "-1."),
    ({"pattern": "^(foo|bar)-[\\w.-]*"}, "bar-x.y é", "baz-"),
    ({"pattern": "^#[0-9a-f]{6}$"}, "#0aa0ff", "#0AA0FF"),
    ({"not": {"pattern": "[^0-9_]"}}, "1_2", "1-2"),
    ({"format": "date"}, "2015-11-28", "2015-11-31"),
    ({"format": "date-time"}, "2015-11-28T10:11:12.5+01:00", "2015-11-28T10:11:12"),
    ({"format": "uri"}, "https://h.test:80/a/%C3%A9?b=c,d", "https://h.test/a b"),
    ({"format": "uri"}, "http://h.test?a=/b?c", "http://h.test:a"),
    ({"format": "uuid"}, "1b4e28ba-2fa1-11d2-883f-0016d3cca427", "1b4e28ba2fa111d2883f0016d3cca427"),
]


@pytest.mark.parametrize(("schema", "right", "wrong"), RECOGNISED, ids=str)
def test_usual_texts_are_recognised(schema: dict[str, Json], right: str, wrong: str) -> None:
    recognise = recogniser([{}, {"minLength": 1, **schema}])
    assert recognise is not None
    assert recognise(right)
    assert not recognise(wrong)
    engine, oracle = _engines(schema)
    assert engine.is_valid("/s", right)
    assert oracle.is_valid("/s", right)


@pytest.mark.parametrize(
    "schemas",
    [
        [{"pattern": "^a"}, {"pattern": "b$"}],
        [{"pattern": "^a", "format": "uri"}],
        [{"pattern": "a"}],
        [{"pattern": "^a|b$"}],
        [{"pattern": "^(a+)+$"}],
        [{"not": {"pattern": "[^a]b"}}],
        [{"not": {"pattern": "[^a]", "minLength": 1}}],
        [{"not": {"maxLength": 1}}],
        [{"format": "regex"}],
        [{"pattern": 1}],
    ],
    ids=str,
)
def test_what_is_not_simple_is_left_to_the_engine(schemas: list[dict[str, Json]]) -> None:
    assert recogniser(schemas) is None


_OF_URI = r"http https :// : // / ? # h a.b - %41 %4 [::1] @ é \ "
_OF_TIME = "2015 -02 -29 -28 T t 23 :59 :60 .5 Z +01:00 +24:00 -00:00"
_OF_UUID = "1b4e28ba -2fa1 -11d2 -883f -0016d3cca427"
_PARTS = st.sampled_from([*_OF_URI.split(), *_OF_TIME.split(), *_OF_UUID.split(), " ", "\n"])


@pytest.mark.parametrize("name", ["date", "date-time", "uri", "uuid"])
@settings(max_examples=200)
@given(text=st.lists(_PARTS, max_size=9).map("".join))
def test_a_text_that_is_recognised_has_the_format(name: str, text: str) -> None:
    recognise = recogniser([{"format": name}])
    assert recognise is not None
    engine, oracle = _valid_by("format", name)
    if recognise(text):
        assert engine.is_valid("/s", text)
        assert oracle.is_valid("/s", text)


@pytest.mark.parametrize("pattern", ["^[a-z]+[a-z]+[a-z]+1$", "^(?:[a-z]+)?[a-z]*[a-z]*1$", "^(?:a|a)*b$"])
def test_a_long_text_takes_linear_time(pattern: str) -> None:
    recognise = recogniser([{"pattern": pattern}])
    assert recognise is not None
    assert not recognise("a" * 200_000)  # backtracking would take hours
