"""A wrong type anywhere in a document is a problem with its line, and costs nothing else."""

import copy
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from support.documents import Json, api, problems, spec
from wirecheck.model import SpecError

WHOLE: Json = api(
    {
        "/pets/{id}": {
            "servers": [{"url": "https://{host}/v2", "variables": {"host": {"default": "x"}}}],
            "parameters": [{"$ref": "#/components/parameters/id"}],
            "get": {
                "operationId": "getPet",
                "parameters": [
                    {
                        "name": "q",
                        "in": "query",
                        "style": "form",
                        "explode": False,
                        "schema": {"type": "array"},
                    },
                    {"name": "f", "in": "query", "content": {"application/json": {"schema": {}}}},
                ],
                "security": [{"key": []}, {"oauth": ["read"]}],
                "responses": {
                    "200": {
                        "description": "",
                        "headers": {"X-Left": {"$ref": "#/components/headers/Left"}},
                        "content": {
                            "application/json": {
                                "schema": {"$ref": "#/components/schemas/Pet"},
                                "examples": {"a": {"value": 1}},
                                "encoding": {"a": {"headers": {"X": {"schema": {}}}}},
                            }
                        },
                        "links": {"next": {"operationId": "getPet"}},
                    },
                    "4XX": {"$ref": "#/components/responses/Error"},
                },
            },
            "post": {
                "requestBody": {"$ref": "#/components/requestBodies/Pet"},
                "responses": {"default": {"description": ""}},
                "callbacks": {"on": {"{$request.body#/u}": {"post": {"responses": {}}}}},
            },
        }
    },
    servers=[{"url": "https://api.example/v1"}],
    security=[{"key": []}],
    components={
        "schemas": {
            "Pet": {
                "type": "object",
                "required": ["id"],
                "properties": {"id": {"type": "integer"}, "of": {"$ref": "#/components/schemas/Pet"}},
                "allOf": [{"x-rule": "r", "not": {"maxProperties": 0}}],
                "dependentSchemas": {"id": {"items": True}},
                "$defs": {"x": {"anyOf": [{"prefixItems": [{}]}, {"if": {}, "then": False}]}},
            }
        },
        "parameters": {"id": {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}},
        "headers": {"Left": {"schema": {"type": "integer"}}},
        "responses": {"Error": {"description": ""}},
        "requestBodies": {
            "Pet": {
                "required": True,
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}},
            }
        },
        "securitySchemes": {
            "key": {"type": "apiKey", "in": "query", "name": "k"},
            "oauth": {"type": "oauth2", "flows": {}},
        },
    },
    webhooks={"gone": {"post": {"requestBody": {"content": {}}}}},
)


# A pointer (with # once more) -> the wrong value there.
WRONG_TYPES: dict[str, Any] = {
    "/paths": [],
    "/paths/~1pets~1{id}": "x",
    "/paths/~1pets~1{id}/get": [],
    "/paths/~1pets~1{id}/parameters": {},
    "/paths/~1pets~1{id}/parameters/0": "x",
    "/paths/~1pets~1{id}/servers": {},
    "/paths/~1pets~1{id}/servers/0": "https://x",
    "/paths/~1pets~1{id}/servers/0/url": 1,
    "/paths/~1pets~1{id}/get/parameters": {"q": {}},
    "/paths/~1pets~1{id}/get/parameters/0/name": 1,
    "/paths/~1pets~1{id}/get/parameters/0/in": "body",
    "/paths/~1pets~1{id}/get/parameters/0/in#": ["query"],
    "/paths/~1pets~1{id}/get/parameters/0/style": {},
    "/paths/~1pets~1{id}/get/parameters/0/schema": [],
    "/paths/~1pets~1{id}/get/parameters/1/content": [],
    "/paths/~1pets~1{id}/get/security": {},
    "/paths/~1pets~1{id}/get/security/0": "key",
    "/paths/~1pets~1{id}/get/security/0#": {"missing": []},
    "/paths/~1pets~1{id}/get/responses": "x",
    "/paths/~1pets~1{id}/get/responses/200": "x",
    "/paths/~1pets~1{id}/get/responses/200/headers": [],
    "/paths/~1pets~1{id}/get/responses/200/content": "application/json",
    "/paths/~1pets~1{id}/get/responses/200/content/application~1json": True,
    "/paths/~1pets~1{id}/post/requestBody": True,
    "/paths/~1pets~1{id}/post/callbacks": [],
    "/paths/~1pets~1{id}/post/callbacks/on": 1,
    "/components": [],
    "/components/schemas": [],
    "/components/schemas/Pet": "object",
    "/components/schemas/Pet/properties": ["id"],
    "/components/schemas/Pet/allOf": {},
    "/components/schemas/Pet/allOf/0": 1,
    "/components/securitySchemes": [],
    "/components/securitySchemes/key": "apiKey",
    "/servers": "https://x",
    "/servers/0": None,
    "/security": {"key": []},
    "/webhooks": [],
}


def replaced(document: Json, pointer: str, value: Any) -> Json:
    document = copy.deepcopy(document)
    *holders, last = [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]
    parent: Any = document
    for holder in holders:
        parent = parent[int(holder) if isinstance(parent, list) else holder]
    parent[int(last) if isinstance(parent, list) else last] = value
    return document


@pytest.mark.parametrize("case", WRONG_TYPES)
def test_a_wrong_type_is_a_problem_with_its_line(case: str) -> None:
    pointer = case.rstrip("#")
    places = [(line, place) for line, place, _ in problems(replaced(WHOLE, pointer, WRONG_TYPES[case]))]
    assert all(line > 1 for line, _ in places)
    assert len(set(places)) == len(places)
    near = [place for _, place in places if place.startswith(pointer) or pointer.startswith(place)]
    assert len(near) == 1
    assert near[0] in (pointer, f"{pointer}/missing", pointer.removesuffix("/url"))


def test_a_document_without_errors_has_no_problems() -> None:
    assert problems(WHOLE) == []


def pointers(value: Any, pointer: str = "") -> list[str]:
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    result = []
    for key, inner in entries:
        here = f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}"
        result += [here, *pointers(inner, here)]
    return result


KEYS = st.sampled_from(
    [
        "$ref",
        "get",
        "schema",
        "type",
        "url",
        "name",
        "in",
        "200",
        "/a",
        "properties",
        "allOf",
        "content",
        "x-rule",
    ]
)
NOISE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(
        ["", "/", "#", "#/info", "#/components/schemas/Pet", "string", "object", "http://x", "{a}"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.no_cover
@settings(max_examples=200)
@given(
    changes=st.lists(
        st.tuples(
            st.sampled_from(pointers(WHOLE)), NOISE | st.sampled_from(pointers(WHOLE)).map(lambda p: f"#{p}")
        ),
        min_size=1,
        max_size=2,
    )
)
@example(changes=[("/components/schemas/Pet/properties/id", {"$ref": "#/info/title"})])
@example(changes=[("/components/responses/Error", {"$ref": "#/info/title"})])
def test_a_document_with_anything_anywhere_is_loaded_or_rejected(changes: list[tuple[str, Any]]) -> None:
    document = WHOLE
    for pointer, value in changes:
        try:
            document = replaced(document, pointer, value)
        except (KeyError, IndexError, TypeError, ValueError):
            assume(False)
    try:
        loaded = spec(document)
    except SpecError:
        return
    for path in ("/v2/pets/1", "/v1/pets/1", "/pets/1", "/"):
        match = loaded.match("GET", path)
        assert match is None or loaded.document.get(match.pointer) is not None
        loaded.covers(path)
    for result in loaded.operations:
        for status in (200, 404, 500):
            response = result.response(status)
            assert response is None or isinstance(loaded.document.get(response.pointer), dict)
        assert loaded.document.line(result.pointer) > 1
