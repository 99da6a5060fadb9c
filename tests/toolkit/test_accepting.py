"""What is accepted while it is decoded is what the engine, and jsonschema, find valid."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.oracle import body_schemas
from support.paths import ROOT, SPECS
from support.schemas import documents, texts, values
from wirecheck import engine as engines
from wirecheck.decode import json_body
from wirecheck.engine import Engine
from wirecheck.model import Side
from wirecheck.oracle import Oracle
from wirecheck.spec import load
from wirecheck.spec.document import Document, Place

Json = Any

CONTRACT = ROOT / "spec" / "openapi.yaml"
SPECIFIED = ("library.yaml", "noticeboard.yaml")


@st.composite
def cases(draw: st.DrawFn) -> tuple[dict[str, Json], list[bytes]]:
    value = draw(values)
    return draw(documents(value)), draw(st.lists(texts(value), min_size=3, max_size=8))


def engine_of(document: dict[str, Json], side: Side | None = None, kind: type[Engine] = Engine) -> Engine:
    return kind(Document("api.json", document, Place(1)), side)


@pytest.fixture(autouse=True, scope="module")
def used_much() -> Iterator[None]:
    """Types are made at the first use of a schema."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engines, "_WORTH", 0)
        yield


def is_exact(value: Json) -> bool:
    """Whether a value has no number so large that the engine may compare it as a float, unlike jsonschema."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return all(map(is_exact, inner)) and (not isinstance(value, int | float) or abs(value) < 2**53)


def assert_sound(document: dict[str, Json], bodies: list[bytes], side: Side | None) -> int:
    engine, oracle = engine_of(document, side), engine_of(document, side, Oracle)
    accepted = 0
    for body in bodies:
        if not engine.accepts("/s", body):
            continue
        accepted += 1
        decoded = json_body(body)
        assert decoded.readable, (document, body)
        assert engine.is_valid("/s", decoded.value), (document, body)
        if is_exact(decoded.value):
            assert oracle.is_valid("/s", decoded.value), (document, body)
    return accepted


@pytest.mark.no_cover
@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(case=cases(), side=st.sampled_from([None, Side.REQUEST, Side.RESPONSE]))
def test_what_is_accepted_is_valid(case: tuple[dict[str, Json], list[bytes]], side: Side | None) -> None:
    assert_sound(*case, side)


# What a member that no schema names may hide.


HIDDEN = {
    "invalid UTF-8": b'"\xff"',
    "an overlong character": b'"\xc0\x80"',
    "an encoded surrogate": b'"\xed\xa0\x80"',
    "an invalid name": b'{"\xff": 1}',
    "a lone surrogate": rb'"\ud800"',
    "half a pair of surrogates": rb'"\ud800\u0041"',
    "an unknown escape": rb'"\x"',
    "a control character": b'"\x01"',
    "a number without end": b"9" * 5000,
    "a number beyond every float": b"1e400",
    "NaN": b"NaN",
    "a leading zero": b"01",
    "a comma too many": b"[1,]",
    "a value cut short": b"[1",
    "nothing": b"",
}
OPEN = {"s": {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}}


@pytest.mark.parametrize("hidden", HIDDEN.values(), ids=HIDDEN)
@pytest.mark.parametrize("body", [b'{"a": 1, "b": %b}', b'{"b": [{"c": %b}], "a": 1}', b'{"a": %b, "a": 1}'])
def test_nothing_is_hidden_in_a_member_without_a_schema(body: bytes, hidden: bytes) -> None:
    engine = engine_of(OPEN)
    assert engine.accepts("/s", body % b"1"), "it accepts such members"
    assert not engine.accepts("/s", body % hidden)
    assert not json_body(body % hidden).readable


WHOLE = {
    "a byte order mark": b'\xef\xbb\xbf{"a": 1}',
    "two values": b'{"a": 1} {"a": 1}',
    "something behind the end": b'{"a": 1}\x00',
    "nothing but spaces": b" ",
    "a value nested very deeply": b'{"a": 1, "b": ' + b"[" * 900 + b"]" * 900 + b"}",
    "more bytes than values can be counted in": b'{"a": 1}' + b" " * 5_000_000,
}


@pytest.mark.parametrize("body", WHOLE.values(), ids=WHOLE)
def test_a_text_that_may_not_be_readable_is_not_accepted(body: bytes) -> None:
    assert not engine_of(OPEN).accepts("/s", body)


def test_members_with_any_names_are_accepted_after_many_names() -> None:
    engine = engine_of(OPEN)
    assert all(engine.accepts("/s", b'{"a": 1, "b%d": 2}' % number) for number in range(100))
    assert not engine.accepts("/s", b'{"a": "1", "b": 2}')


def test_a_schema_that_refers_to_itself_is_accepted_at_any_level() -> None:
    tree = {
        "type": "object",
        "required": ["n"],
        "properties": {"n": {"type": "integer"}, "of": {"$ref": "#/s"}},
    }
    engine = engine_of({"s": tree})
    assert engine.accepts("/s", b'{"n": 1, "of": {"n": 2, "of": {"n": 3, "of": {"n": 4}}}}')
    assert not engine.accepts("/s", b'{"n": 1, "of": {"n": 2, "of": {"n": 3, "of": {"n": "4"}}}}')


def test_nothing_is_accepted_by_a_schema_that_cannot_be_used() -> None:
    engine = engine_of({"s": {"properties": {"a": {"pattern": "("}}}})
    assert engine.is_valid("/s", {"a": "b"})
    assert not engine.accepts("/s", b'{"a": "b"}')


def test_nothing_is_accepted_by_a_schema_that_multiplies_work() -> None:
    either = {"anyOf": [{"items": {"$ref": "#/s"}, "maxItems": 1}, {"items": {"$ref": "#/s"}, "maxItems": 2}]}
    assert not engine_of({"s": either}).accepts("/s", b"[]")


@pytest.mark.parametrize("name", ["openapi.yaml", *SPECIFIED])
def test_every_valid_example_is_accepted(name: str) -> None:
    """Otherwise everything would still be judged in the same way, only slowly."""
    spec = load(CONTRACT if name == "openapi.yaml" else SPECS / name)
    engine = Engine(spec.document, Side.RESPONSE)
    examples = [(pointer, value) for pointer, values in body_schemas(spec) for value in values]
    valid = [(pointer, value) for pointer, value in examples if engine.is_valid(pointer, value)]
    assert valid
    assert [case for case in valid if not engine.accepts(case[0], json.dumps(case[1]).encode())] == []


def test_types_are_made_for_schemas_that_are_used_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "_WORTH", 60_000)
    engine = engine_of(OPEN)
    assert [engine.accepts("/s", b'{"a": 1}') for _ in range(4)] == [False, False, True, True]


# What is accepted, by what schemas say


def nested(levels: int) -> Json:
    """A schema whose values are lists and objects of lists and objects."""
    schema: Json = {"type": "integer"}
    for _ in range(levels):
        schema = {"items": schema, "additionalProperties": schema}
    return schema


def referring(levels: int) -> dict[str, Json]:
    """A document whose schema leads to a text by so many references."""
    links = {f"r{level}": {"$ref": f"#/r{level + 1}"} for level in range(levels)}
    return links | {f"r{levels}": {"type": "string"}, "s": {"anyOf": [{"$ref": "#/r0"}, {"type": "null"}]}}


BIG = 2**70
SAID: dict[str, tuple[dict[str, Json], list[Json], list[Json]]] = {
    "options that exclude each other for one type": (
        {"s": {"allOf": [{"enum": ["a", 1]}, {"enum": ["b", 1]}]}},
        [1],
        ["a", "b", 2, None],
    ),
    "options that exclude each other": (
        {"s": {"type": "string", "allOf": [{"enum": ["a"]}, {"enum": ["b"]}]}},
        [],
        ["a", "b", 1],
    ),
    "an option beyond what types compare": ({"s": {"enum": [BIG, 1]}}, [1], [2, BIG + 1]),
    "two lower limits": (
        {"s": {"type": "number", "minimum": 1, "exclusiveMinimum": 0.5}},
        [1, 1.5],
        [0.75, 0.5, 0],
    ),
    "two upper limits": (
        {"s": {"type": "number", "maximum": 1, "exclusiveMaximum": 1.5}},
        [1, 0.5],
        [1.25, 1.5, 2],
    ),
    "a limit that is no exact float": ({"s": {"type": "integer", "minimum": 1e17}}, [10**18], [5, -(10**18)]),
    "a limit beyond what types compare": ({"s": {"type": "integer", "maximum": BIG}}, [5], [BIG * 2]),
    "a length with a fraction of zero": ({"s": {"type": "string", "maxLength": 3.0}}, ["abc"], ["abcd"]),
    "an empty list": ({"s": {"type": "array", "items": False}}, [[]], [[1], {}]),
    "an empty object": ({"s": {"type": "object", "additionalProperties": False}}, [{}], [{"a": 1}, []]),
    "lists and objects within each other": (
        {"s": nested(8)},
        [[[{"a": [1]}]], 5, {}, [[[[[[[[7]]]]]]]]],
        [[[[[[[[["a"]]]]]]]]],
    ),
    "a member that requires one that cannot be": (
        {"s": {"properties": {"a": {}, "b": False}, "dependentRequired": {"a": ["b"]}}},
        [{}, {"c": 1}],
        [{"a": 1}, {"b": 1}, {"a": 1, "b": 1}],
    ),
    "a member that cannot be requires one": (
        {"s": {"properties": {"a": False, "b": {}}, "dependentRequired": {"a": ["b"]}}},
        [{}, {"b": 1}],
        [{"a": 1}, {"a": 1, "b": 1}],
    ),
    "an alternative that nothing fits": ({"s": {"anyOf": [False, {"type": "string"}]}}, ["a"], [1, None]),
    "an alternative behind many references": (referring(12), ["a", None], [1, {}]),
    "a base of its own": (
        {"s": {"$id": "https://a.example/s", "properties": {"a": {"type": "string"}}}},
        [{"a": "b"}, {}],
        [{"a": 1}],
    ),
    "a pattern beside another type": (
        {"s": {"type": "array", "items": {"type": ["string", "integer"], "pattern": "^a"}}},
        [["a", 1, "ab", "a", 2], ["a" * 300]],
        [["a", "b"], ["b" * 300], [None]],
    ),
}


@pytest.mark.parametrize(("document", "valid", "invalid"), SAID.values(), ids=SAID)
def test_what_schemas_say_is_accepted_and_nothing_else(
    document: dict[str, Json], valid: list[Json], invalid: list[Json]
) -> None:
    engine = engine_of(document)
    for value in valid:
        assert engine.accepts("/s", json.dumps(value).encode()), value
        assert engine.is_valid("/s", value)
    for value in invalid:
        assert not engine.accepts("/s", json.dumps(value).encode()), value
        assert not engine.is_valid("/s", value)


@pytest.mark.parametrize("reference", ["#/missing", "#/s/0/x", "#anchor", "other.json#/s", 7])
def test_what_refers_to_nothing_here_is_not_accepted(reference: Json) -> None:
    engine = engine_of({"s": {"type": "array", "items": {"$ref": reference}}})
    assert not engine.accepts("/s", b'["a"]')


def test_more_texts_are_accepted_than_are_remembered() -> None:
    engine = engine_of({"s": {"type": "array", "items": {"type": "string", "pattern": "^a[0-9]+$"}}})
    many = [f"a{number}" for number in range(2500)]
    assert engine.accepts("/s", json.dumps(many + many).encode())
    assert not engine.accepts("/s", json.dumps([*many, "b", *many]).encode())
