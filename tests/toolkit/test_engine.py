"""Values are validated as JSON Schema defines it, and violations are explained in words."""

import json
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from support.documents import api, spec
from wirecheck.engine import _SENTENCES, Engine, SchemaViolation
from wirecheck.spec import join
from wirecheck.spec.text import read

Json = Any


# Builders


def engine(schema: Json, **others: Json) -> Engine:
    """An engine for a document with a schema at /s, and with others."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "api.json")
        path.write_text(json.dumps({"s": schema, **others}))
        return Engine(read(path))


def show(value: Json, path: Iterable[str | int]) -> str:
    return json.dumps(value, ensure_ascii=False)


def violations(schema: Json, value: Json, **others: Json) -> list[SchemaViolation]:
    return list(engine(schema, **others).violations("/s", value, show))


def violation(schema: Json, value: Json, **others: Json) -> SchemaViolation:
    (reported,) = violations(schema, value, **others)
    return reported


# Sentences: schema, invalid value, the problem with it, valid value.


SENTENCES: dict[str, tuple[Json, Json, str, Json]] = {
    "type": ({"type": ["integer", "null"]}, "5", 'is "5", a string, not null or an integer', 5),
    "required": ({"required": ["a"]}, {"b": 1}, 'lacks "a"', {"a": 1}),
    "enum": ({"enum": ["a", "b", None]}, "c", 'is "c", not "a", "b" or null', None),
    "const": ({"const": 400}, 200, "is 200, not 400", 400),
    "minimum": ({"minimum": 3}, 2, "is 2, less than 3", 3),
    "maximum": ({"maximum": 3.5}, 4, "is 4, more than 3.5", 3.5),
    "exclusiveMinimum": ({"exclusiveMinimum": 3}, 3, "is 3, not more than 3", 3.01),
    "exclusiveMaximum": ({"exclusiveMaximum": 3}, 3, "is 3, not less than 3", 2.99),
    "multipleOf": ({"multipleOf": 5}, 7, "is 7, which is not a multiple of 5", 10),
    "minLength": ({"minLength": 2}, "😀", "has fewer than 2 characters (1)", "😀😀"),
    "maxLength": ({"maxLength": 2}, "😀😀😀", "has more than 2 characters (3)", "😀😀"),
    "minItems": ({"minItems": 2}, [1], "has fewer than 2 items (1)", [1, 2]),
    "maxItems": ({"maxItems": 1}, [1, 2], "has more than 1 item (2)", [1]),
    "minProperties": ({"minProperties": 1}, {}, "has fewer than 1 member (0)", {"a": 1}),
    "maxProperties": ({"maxProperties": 0}, {"a": 1}, "has more than 0 members (1)", {}),
    "uniqueItems": ({"uniqueItems": True}, [1, 1.0], "has the same item twice", [1, "1", True]),
    "pattern": ({"pattern": "^[0-9]+$"}, "a1", 'is "a1", which does not match ^[0-9]+$', "1"),
    "format": ({"format": "uri"}, "no uri", 'is "no uri", which is not a valid uri', "https://h"),
    "not": (
        {"not": {"pattern": "[^0-9]"}},
        "1a",
        'is "1a", which is excluded: it must not match [^0-9]',
        "1",
    ),
    "additionalProperties": (
        {"properties": {"a": {}}, "additionalProperties": False},
        {"a": 1, "b": 2},
        "has members that are not allowed: b",
        {"a": 1},
    ),
    "unevaluatedProperties": (
        {"allOf": [{"properties": {"a": {}}}], "unevaluatedProperties": False},
        {"a": 1, "b": 2},
        "has members that are not allowed: b",
        {"a": 1},
    ),
    "anyOf": (
        {"anyOf": [{"type": "string"}, {"type": "null"}]},
        5,
        "is 5, an integer, which matches none of the alternatives",
        None,
    ),
    "oneOf": (
        {"oneOf": [{"type": "string"}, {"type": "null"}]},
        1.5,
        "is 1.5, a number, which matches none of the alternatives",
        "a",
    ),
    "falseSchema": ({"properties": {"a": False}}, {"a": 1}, "is not allowed", {"b": 1}),
}


def test_every_sentence_has_a_case() -> None:
    assert SENTENCES.keys() == _SENTENCES.keys()


@pytest.mark.parametrize("keyword", SENTENCES)
def test_a_sentence_says_what_is_wrong(keyword: str) -> None:
    schema, invalid, problem, valid = SENTENCES[keyword]
    reported = violation(schema, invalid)
    assert reported.problem == problem
    assert reported.keyword == keyword
    assert violations(schema, valid) == []


# Schema, value, problem: further cases.
PROBLEMS: list[tuple[Json, Json, str]] = [
    (False, 1, "is not allowed"),
    ({"not": {}}, None, "is null, which is excluded"),
    ({"not": {"type": "string"}}, "a", 'is "a", which is excluded'),
    (
        {"oneOf": [{}, {"type": "string"}]},
        "a",
        "matches more than one of the alternatives, but must match exactly one",
    ),
    ({"enum": []}, 1, "is 1, not anything"),
    ({"enum": [1]}, 2, "is 2, not 1"),
    ({"const": {"a": 1}}, 2, 'is 2, not {"a": 1}'),
    ({"type": "array"}, True, "is true, a boolean, not an array"),
    ({"type": "object"}, None, "is null, not an object"),
    ({"additionalProperties": False}, {"a": 1, "b": 2}, "has members that are not allowed"),
    ({"properties": {"additionalProperties": False}}, {"additionalProperties": 1}, "is not allowed"),
    ({"dependentRequired": {"a": ["b"]}}, {"a": 1}, 'lacks "b"'),
    ({"contains": {"type": "string"}}, [1], "is [1], which violates contains"),
    ({"propertyNames": {"maxLength": 1}}, {"ab": 1}, 'is {"ab": 1}, which violates propertyNames'),
    ({"prefixItems": [{}], "unevaluatedItems": False}, [1, 2], "is [1, 2], which violates unevaluatedItems"),
]


@pytest.mark.parametrize(("schema", "value", "problem"), PROBLEMS)
def test_every_violation_has_a_problem(schema: Json, value: Json, problem: str) -> None:
    assert violation(schema, value).problem == problem


def test_a_value_of_the_wrong_type_has_no_other_violation() -> None:
    schema = {"type": "string", "enum": ["a"], "not": {"type": "integer"}}
    assert [each.keyword for each in violations(schema, 5)] == ["type"]


def test_the_same_problem_is_reported_once() -> None:
    part = {"required": ["a"]}
    assert len(violations({"allOf": [part, part]}, {})) == 1


def test_every_violation_is_reported() -> None:
    schema = {"required": ["a", "b"], "properties": {"c": {"items": {"minimum": 1}}}}
    assert {(each.path, each.problem) for each in violations(schema, {"c": [0, 1, -1]})} == {
        (("c", 0), "is 0, less than 1"),
        (("c", 2), "is -1, less than 1"),
        ((), 'lacks "a"'),
        ((), 'lacks "b"'),
    }


# Alternatives


CAT = {"type": "object", "required": ["meows"], "properties": {"meows": {"type": "boolean"}}}
DOG = {"type": "object", "required": ["barks", "bites"], "properties": {"barks": {"type": "boolean"}}}
# Alternatives, value, place and keyword of the violation.
BRANCHES: dict[str, tuple[list[Json], Json, list[tuple[list[str | int], str]]]] = {
    "null or an object: the object was meant": ([CAT, {"type": "null"}], {}, [([], "required")]),
    "the order does not matter": ([{"type": "null"}, CAT], {}, [([], "required")]),
    "the deepest violation": ([CAT, DOG], {"meows": 1}, [(["meows"], "type")]),
    "the fewest troubles": ([CAT, DOG], {}, [([], "required")]),
    "no type fits": ([CAT, {"type": "null"}], 5, [([], "@")]),
    "undecided": ([CAT, CAT], {}, [([], "@")]),
    "an alternative in an alternative": (
        [{"oneOf": [CAT, {"type": "null"}]}, {"type": "string"}],
        {},
        [([], "required")],
    ),
    "the item of a list": ([{"items": CAT}, {"type": "null"}], [{"meows": 0}], [([0, "meows"], "type")]),
}


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
@pytest.mark.parametrize("case", BRANCHES)
def test_the_alternative_that_was_meant_is_explained(case: str, keyword: str) -> None:
    branches, value, expected = BRANCHES[case]
    reported = violations({"properties": {"a": {keyword: branches}}}, {"a": value})
    located = [(("a", *path), keyword if name == "@" else name) for path, name in expected]
    assert [(each.path, each.keyword) for each in reported] == located


# Spec pointers and rules


ODD_NAMES = [
    "a/b",
    "a~b",
    "a%25b",
    "%",
    "%2F",
    "~1",
    "é",
    "😀",
    " ",
    "{",
    '"',
    "#",
    "?",
    "\\",
    "+",
    "\n",
    "a.b",
    "$ref",
]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_spec_pointer_has_any_name_escaped(name: str) -> None:
    schema = {"properties": {name: {"$ref": f"#{quote(join('/t', name))}"}}}
    reported = violation(schema, {name: 5}, t={name: {"type": "string"}})
    assert reported.path == (name,)
    assert reported.spec_pointer == join("/t", name, "type")


def test_a_spec_pointer_is_where_the_keyword_is_written() -> None:
    schema = {"$ref": "#/t", "allOf": [{"items": {"not": {"type": "null"}}}]}
    reported = violations(schema, [None, "x"], t={"items": {"type": "null"}})
    assert {(each.path, each.spec_pointer) for each in reported} == {
        ((1,), "/t/items/type"),
        ((0,), "/s/allOf/0/items/not"),
    }


def test_the_spec_pointer_of_a_missing_member_is_its_name_in_required() -> None:
    assert violation({"required": ["a", "b"]}, {"a": 1}).spec_pointer == "/s/required/1"
    dependent = {"dependentRequired": {"x": ["b"], "a": ["c", "b"]}}
    assert violation(dependent, {"a": 1, "c": 1}).spec_pointer == "/s/dependentRequired/a/1"


def test_a_number_is_shown_as_it_was_sent_however_long() -> None:
    assert str(10**30) in violation({"maximum": 5}, 10**30).problem


T = {"maxLength": 1, "allOf": [{"x-rule": "r", "maxLength": 1}]}
RULES: list[tuple[Json, Json, set[str | None]]] = [
    ({"maxLength": 1}, "ab", {None}),
    ({"allOf": [{"x-rule": "r", "maxLength": 1}]}, "ab", {"/s/allOf/0"}),
    ({"allOf": [{"maxLength": 1}, {"x-rule": "r", "minLength": 1}]}, "ab", {None}),
    ({"allOf": [{"x-rule": "r", "not": {"pattern": "b"}}]}, "ab", {"/s/allOf/0"}),
    ({"allOf": [{"x-rule": "r", "allOf": [{"x-rule": "in", "maxLength": 1}]}]}, "ab", {"/s/allOf/0/allOf/0"}),
    ({"$ref": "#/t/allOf/0"}, "ab", {"/t/allOf/0"}),
    ({"$ref": "#/t"}, "ab", {None, "/t/allOf/0"}),
    ({"properties": {"a": T}}, {"a": "ab"}, {None, "/s/properties/a/allOf/0"}),
    ({"properties": {"a": {"$ref": "#/t/allOf/0"}}}, {"a": "ab"}, {"/t/allOf/0"}),
]


@pytest.mark.parametrize(("schema", "value", "rules"), RULES)
def test_a_violation_has_the_rule_around_its_keyword(
    schema: Json, value: Json, rules: set[str | None]
) -> None:
    assert {each.rule for each in violations(schema, value, t=T)} == rules


# Schemas that cannot be used


@pytest.mark.parametrize(
    "schema",
    [
        5,
        None,
        "x",
        [],
        {"type": "strin"},
        {"type": 5},
        {"pattern": "("},
        {"required": "a"},
        {"minimum": "x"},
        {"maxLength": -1},
        {"properties": []},
        {"properties": {"a": 5}},
        {"$ref": "#/nowhere"},
        {"$ref": "https://elsewhere.example/"},
        {"$dynamicRef": "https://elsewhere.example/"},
    ],
)
def test_an_unusable_schema_allows_everything_and_is_a_problem(schema: Json) -> None:
    made = engine(schema, t={"type": "string"})
    assert made.is_valid("/s", 1)
    assert made.violations("/s", 1, show) == []
    [problem] = made.unusable("/s")
    assert problem.pointer == "/s"
    assert re.fullmatch("unusable schema: .+", problem.message)
    assert not made.is_valid("/t", 1)
    assert made.unusable("/t") == frozenset()


# The schema A of a document -> the pointers that cannot be used, and a value that violates the rest.
UNUSABLE: dict[str, tuple[Json, list[str], Json]] = {
    "a type": ({"type": "strin", "maxLength": 1}, ["type"], "ab"),
    "a pattern": ({"type": "string", "pattern": "(", "maxLength": 1}, ["pattern"], 1),
    "two keywords": ({"minimum": "x", "maxLength": -1, "type": "string"}, ["maxLength", "minimum"], 1),
    "a pattern of properties": (
        {"patternProperties": {"(": {"type": "string"}}, "required": ["a"]},
        ["patternProperties"],
        {},
    ),
    "a schema within": (
        {"properties": {"a": {"minimum": "x", "type": "integer"}, "b": {"type": "string"}}},
        ["properties/a/minimum"],
        {"a": "x"},
    ),
    "a schema beside": (
        {"properties": {"a": {"minimum": "x"}, "b": {"type": "string"}}},
        ["properties/a/minimum"],
        {"a": 1, "b": 1},
    ),
    "a list of properties that are required": (
        {"required": "a", "properties": {"a": {"type": "integer"}}},
        ["required"],
        {"a": "x"},
    ),
    "what a draft before had": ({"type": "integer", "exclusiveMinimum": True}, ["exclusiveMinimum"], "x"),
}


@pytest.mark.parametrize("case", UNUSABLE)
def test_a_keyword_that_cannot_be_used_costs_only_itself(case: str) -> None:
    schema, places, value = UNUSABLE[case]
    loaded = spec(
        api(components={"schemas": {"A": schema, "B": {"$ref": "#/components/schemas/A"}, "C": {}}})
    )
    made = Engine(loaded.document)
    for name in ("A", "B"):
        pointer = f"/components/schemas/{name}"
        assert made.violations(pointer, value, show) != []
        problems = sorted(problem.pointer for problem in made.unusable(pointer))
        assert problems == [f"/components/schemas/A/{place}" for place in places]
    assert made.unusable("/components/schemas/C") == frozenset()


@pytest.mark.parametrize(
    ("depth", "schema"), [(900, {"properties": {"a": {"$ref": "#/s"}}, "not": {"const": 1}})]
)
def test_a_recursive_schema_validates_values_as_deep_as_json_is_read(depth: int, schema: Json) -> None:
    value: Json = 1
    for _ in range(depth):
        value = {"a": value}
    assert violation(schema, value).path == ("a",) * depth


def test_a_schema_that_refers_to_itself_alone_allows_everything() -> None:
    assert violations({"allOf": [{"$ref": "#/s"}]}, 1) == []


NOISE: st.SearchStrategy[Json] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.sampled_from(["", "string", "object", "#/s", "a", "uri", "(", "^a"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *(
                        "type",
                        "properties",
                        "items",
                        "allOf",
                        "anyOf",
                        "oneOf",
                        "not",
                        "enum",
                        "const",
                        "pattern",
                        "a",
                    ),
                    *(
                        "minimum",
                        "maxLength",
                        "required",
                        "additionalProperties",
                        "$id",
                        "$anchor",
                        "$defs",
                        "x-rule",
                    ),
                    *(
                        "dependentRequired",
                        "contains",
                        "propertyNames",
                        "uniqueItems",
                        "multipleOf",
                        "format",
                        "if",
                        "then",
                    ),
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@settings(max_examples=150)
@given(schema=NOISE, value=NOISE)
@example(schema={"enum": []}, value=1)
@example(schema={"type": []}, value=1)
def test_any_schema_explains_any_value(schema: Json, value: Json) -> None:
    validator = engine(schema)
    valid = validator.is_valid("/s", value)
    reported = list(validator.violations("/s", value, show))
    assert valid is (not reported)
    for each in reported:
        assert each.spec_pointer.startswith("/s")
