"""A document of 3.0 or 2.0 and its faithful translation into 3.1 give the same findings, pointers apart."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.foreign import exchange
from wirecheck.checks import Judge
from wirecheck.spec import Spec
from wirecheck.spec.text import parse

Json = Any
Pair = tuple[Json, Json]
"""A schema of 3.0, and what it means in 3.1."""
INFO = {"title": "Values", "version": "1"}
NUMBERS = st.integers(-3, 3)
TEXTS = st.text("ab", max_size=3)
KEYS = st.sampled_from(["a", "b", "$ref"])
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.floats(-3, 3, width=16) | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "$ref"]), inner, max_size=3)
    ),
    max_leaves=6,
)


def same(schema: Json) -> Pair:
    return schema, schema


@st.composite
def numbers(draw: st.DrawFn) -> Pair:
    old: Json = {"type": draw(st.sampled_from(["integer", "number"]))}
    new = dict(old)
    for exclusive, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if not draw(st.booleans()):
            continue
        old[limit] = bound = draw(NUMBERS)
        match draw(st.sampled_from([True, False, None])):
            case True:
                old[exclusive] = True
                new[exclusive] = bound
            case False:
                old[exclusive] = False
                new[limit] = bound
            case _:
                new[limit] = bound
    return old, new


@st.composite
def texts(draw: st.DrawFn) -> Pair:
    schema: Json = {"type": "string"}
    if draw(st.booleans()):
        schema["minLength"] = draw(st.integers(0, 2))
    if draw(st.booleans()):
        schema["enum"] = draw(st.lists(TEXTS, min_size=1, max_size=3, unique=True))
    return same(schema)


def nullable(flag: str) -> Any:
    def apply(pair: Pair) -> Pair:
        old, new = dict(pair[0]), dict(pair[1])
        old[flag] = True
        if "allOf" in new or "oneOf" in new:
            return old, {"anyOf": [new, {"type": "null"}]}
        if "anyOf" in new:
            return old, {**new, "anyOf": [*new["anyOf"], {"type": "null"}]}
        new["type"] = [new["type"], "null"]
        if "enum" in new:
            new["enum"] = [*new["enum"], None]
        return old, new

    return apply


@st.composite
def objects(draw: st.DrawFn, inner: st.SearchStrategy[Pair]) -> Pair:
    members = draw(st.dictionaries(st.sampled_from(["a", "b", "$ref", "nullable"]), inner, max_size=3))
    old: Json = {"type": "object", "properties": {name: pair[0] for name, pair in members.items()}}
    new: Json = {"type": "object", "properties": {name: pair[1] for name, pair in members.items()}}
    if draw(st.booleans()):
        required = draw(st.lists(st.sampled_from(["a", "b"]), unique=True, min_size=1))
        old["required"] = new["required"] = required
    if draw(st.booleans()):
        old["additionalProperties"] = new["additionalProperties"] = False
    if draw(st.booleans()):
        old["example"] = {"nullable": True}
        new["examples"] = [{"nullable": True}]
    return old, new


def arrays(inner: st.SearchStrategy[Pair]) -> st.SearchStrategy[Pair]:
    return inner.map(lambda pair: ({"type": "array", "items": pair[0]}, {"type": "array", "items": pair[1]}))


def composed(keyword: str, inner: st.SearchStrategy[Pair]) -> st.SearchStrategy[Pair]:
    def compose(pairs: list[Pair]) -> Pair:
        return {keyword: [pair[0] for pair in pairs]}, {keyword: [pair[1] for pair in pairs]}

    return st.lists(inner, min_size=1, max_size=3).map(compose)


def referring(inner: st.SearchStrategy[Pair]) -> st.SearchStrategy[Pair]:
    """References to the shared schema, with and without members that 3.0 ignores beside them."""
    reference = {"$ref": "#/components/schemas/Shared"}
    beside = inner.map(lambda pair: ({**pair[0], **reference}, reference))
    return st.just(same(reference)) | beside


def schemas(flag: str, keywords: tuple[str, ...]) -> st.SearchStrategy[Pair]:
    def extend(inner: st.SearchStrategy[Pair]) -> st.SearchStrategy[Pair]:
        kinds = [objects(inner), arrays(inner), *(composed(keyword, inner) for keyword in keywords)]
        kind = st.one_of(kinds)
        return kind | kind.map(nullable(flag)) | referring(inner)

    leaf = numbers() | texts() | st.just(same({"type": "boolean"}))
    return st.recursive(leaf | leaf.map(nullable(flag)), extend, max_leaves=6)


def openapi(version: str, schema: Json, shared: Json) -> Json:
    content = {"application/json": {"schema": schema}}
    responses = {"200": {"description": "Fine.", "content": content}}
    operation = {
        "operationId": "op",
        "requestBody": {"required": True, "content": content},
        "responses": responses,
    }
    return {
        "openapi": version,
        "info": INFO,
        "paths": {"/a": {"post": operation}},
        "components": {"schemas": {"Shared": shared}},
    }


def swagger(schema: Json, shared: Json) -> Json:
    text = json.dumps({"schema": schema, "shared": shared}).replace("#/components/schemas/", "#/definitions/")
    old = json.loads(text)
    body = {"name": "body", "in": "body", "required": True, "schema": old["schema"]}
    responses = {"200": {"description": "Fine.", "schema": old["schema"]}}
    operation = {"operationId": "op", "parameters": [body], "responses": responses}
    return {
        "swagger": "2.0",
        "info": INFO,
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "paths": {"/a": {"post": operation}},
        "definitions": {"Shared": old["shared"]},
    }


def findings(document: Json, value: Json) -> list[tuple[str, str | None, str]]:
    spec = Spec(parse(json.dumps(document), "api.json"))
    assert spec.document.problems == ()
    body = json.dumps(value)
    verdict = Judge(spec).judge(exchange("POST", "/a", sent=body, body=body))
    assert verdict.unusable == frozenset()
    return sorted((finding.check, finding.pointer, finding.message) for finding in verdict.findings)


@settings(max_examples=100)
@given(schemas("nullable", ("allOf", "anyOf", "oneOf")), numbers() | texts(), VALUES)
def test_3_0_means_what_its_translation_says(schema: Pair, shared: Pair, value: Json) -> None:
    old = findings(openapi("3.0.3", schema[0], shared[0]), value)
    assert old == findings(openapi("3.1.0", schema[1], shared[1]), value)


@settings(max_examples=100)
@given(schemas("x-nullable", ("allOf",)), numbers() | texts(), VALUES)
def test_2_0_means_what_its_translation_says(schema: Pair, shared: Pair, value: Json) -> None:
    old = findings(swagger(schema[0], shared[0]), value)
    assert old == findings(openapi("3.1.0", schema[1], shared[1]), value)


PARAMETERS = st.sampled_from(
    [
        ("csv", {"style": "form", "explode": False}),
        ("multi", {"style": "form", "explode": True}),
        ("ssv", {"style": "spaceDelimited", "explode": False}),
        ("pipes", {"style": "pipeDelimited", "explode": False}),
    ]
)


QUERIES = st.sampled_from(["1,2", "a", "1", "1%202", "1|2", "2&p=1", "", "a,b"])


def with_parameter(parameter: Json, **version: str) -> Json:
    operation = {"parameters": [parameter], "responses": {"200": {"description": "Fine."}}}
    return {**version, "info": INFO, "paths": {"/a": {"get": operation}}}


@pytest.mark.no_cover
@settings(max_examples=100)
@given(numbers() | texts(), PARAMETERS, st.booleans(), QUERIES)
def test_parameters_of_2_0_mean_what_their_translation_says(
    items: Pair, form: tuple[str, Json], required: bool, query: str
) -> None:
    named = {"name": "p", "in": "query", "required": required}
    old = {**named, "type": "array", "items": items[0], "collectionFormat": form[0]}
    new = {**named, "schema": {"type": "array", "items": items[1]}, **form[1]}
    results = []
    for document in (with_parameter(old, swagger="2.0"), with_parameter(new, openapi="3.1.0")):
        verdict = Judge(Spec(parse(json.dumps(document), "api.json"))).judge(exchange("GET", f"/a?p={query}"))
        results.append(sorted((finding.check, finding.message) for finding in verdict.findings))
    assert results[0] == results[1]
