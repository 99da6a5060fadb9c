"""A document is loaded or rejected, and a request belongs to one of its operations."""

import copy
import json
import re
import socket
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from support.paths import SPECS
from wirecheck.engine import Engine
from wirecheck.model import SpecError
from wirecheck.spec import Kind, Operation, Spec, load, walk

Json = dict[str, Any]


# Builders


def spec(document: Json, base_path: str | None = None) -> Spec:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "api.json")
        path.write_text(json.dumps(document, indent=1))
        return load(path, base_path)


def api(paths: Json | None = None, **members: Any) -> Json:
    """A document with the required members alone."""
    return {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths or {}, **members}


def gets(*templates: str, **members: Any) -> Json:
    return api({template: {"get": {}} for template in templates}, **members)


def rejection(document: Json) -> SpecError:
    with pytest.raises(SpecError) as caught:
        spec(document)
    assert re.search(r"api\.json(:\d+)?$", caught.value.where)
    return caught.value


def operation(value: Json, **members: Any) -> Operation:
    """The only operation of a document, by its Operation Object."""
    (result,) = spec(api({"/a": {"post": value}}, **members)).operations
    return result


def route(
    document: Json, path: str, method: str = "GET", base_path: str | None = None
) -> tuple[str, Json] | None:
    """Template and raw values of a path; None when the document has none for it."""
    match = spec(document, base_path).match(method, path)
    return (match.template, match.values) if match else None


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


# What is rejected


@pytest.mark.parametrize(
    ("version", "what"),
    [
        (None, "is not an OpenAPI document"),
        (3.1, "is not an OpenAPI document"),
        (["3.1.0"], "is not an OpenAPI document"),
        ("2.0", "OpenAPI 2.0 is not supported"),
        ("3.0.3", "OpenAPI 3.0.3 is not supported"),
        ("3.2.0", "OpenAPI 3.2.0 is not supported"),
        ("3.1", "OpenAPI 3.1 is not supported"),
        ("3.10.0", "OpenAPI 3.10.0 is not supported"),
        ("3.1.0\n", "is not supported"),
        ("v3.1.0", "is not supported"),
        ("", "is not supported"),
    ],
)
def test_only_openapi_3_1_is_loaded(version: Any, what: str) -> None:
    assert what in rejection({**api(), "openapi": version}).what


def test_swagger_is_not_openapi_3_1() -> None:
    document = api()
    del document["openapi"]
    assert "not an OpenAPI document" in rejection({"swagger": "2.0", **document}).what


@pytest.mark.parametrize("version", ["3.1.0", "3.1.1", "3.1.99"])
def test_every_patch_of_3_1_is_loaded(version: str) -> None:
    assert spec({**api(), "openapi": version}).operations == ()


def test_the_smallest_document_has_no_operations() -> None:
    assert spec({"openapi": "3.1.0"}).match("GET", "/") is None


SCHEMA = "/components/schemas/A"
BAD_REFERENCES: dict[str, tuple[str, Any, str]] = {
    "to nothing": (SCHEMA, "#/components/schemas/No", "cannot be resolved"),
    "to nothing in nothing": (SCHEMA, "#/a/b/c", "cannot be resolved"),
    "into a string": (SCHEMA, "#/openapi/x", "cannot be resolved"),
    "to an index of thousands of digits": (SCHEMA, f"#/servers/{'1' * 5000}", "cannot be resolved"),
    "to an anchor": (SCHEMA, "#A", "cannot be resolved"),
    "to the document": (SCHEMA, "#", "leads to the wrong object: document, not schema"),
    "to the empty reference": (SCHEMA, "", "nothing is fetched"),
    "to itself": (SCHEMA, "#/components/schemas/A", "leads back to itself"),
    "to a file": (SCHEMA, "other.yaml", "nothing is fetched"),
    "to a pointer in a file": (SCHEMA, "other.yaml#/A", "nothing is fetched"),
    "to a file by its URL": (SCHEMA, "file:///etc/passwd", "nothing is fetched"),
    "to another host": (SCHEMA, "https://elsewhere.example/a.json#/A", "nothing is fetched"),
    "to a response": (SCHEMA, "#/components/responses/A", "leads to the wrong object: response, not schema"),
    "to a string": (SCHEMA, "#/info/title", "does not lead to an object (schema)"),
    "to a list": (SCHEMA, "#/tags", "does not lead to an object (schema)"),
    "from a response to a schema": (
        "/components/responses/B",
        f"#{SCHEMA}",
        "leads to the wrong object: schema, not response",
    ),
    "from a response to a string": (
        "/components/responses/B",
        "#/info/title",
        "does not lead to an object (response)",
    ),
    "from a parameter to a header": (
        "/components/parameters/B",
        "#/components/headers/A",
        "leads to the wrong object: header, not parameter",
    ),
    "from a path to an operation": (
        "/paths/~1b",
        "#/paths/~1a/get",
        "leads to the wrong object: operation, not path item",
    ),
    "from a path to a host": ("/paths/~1b", "http://127.0.0.1:9/paths.json", "nothing is fetched"),
    "from a security scheme": ("/components/securitySchemes/B", "#/nowhere", "cannot be resolved"),
    "from an example": ("/components/examples/B", "https://elsewhere.example/", "nothing is fetched"),
    "that is a number": (SCHEMA, 1, "a $ref must be a string"),
    "that is null": (SCHEMA, None, "a $ref must be a string"),
    "that is an object": ("/components/responses/B", {}, "a $ref must be a string"),
}


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def reject(*args: object, **more: object) -> None:
        raise AssertionError("something was fetched")

    monkeypatch.setattr(socket, "socket", reject)
    monkeypatch.setattr(socket, "create_connection", reject)
    monkeypatch.setattr(socket, "getaddrinfo", reject)


def with_reference(pointer: str, ref: Any) -> Json:
    document = api(
        {"/a": {"get": {}}},
        tags=[],
        components={
            "schemas": {"A": {}},
            "responses": {"A": {"description": ""}},
            "parameters": {"A": {"name": "a", "in": "query", "schema": {}}},
            "headers": {"A": {}},
        },
    )
    *holders, last = [token.replace("~1", "/") for token in pointer.split("/")[1:]]
    value = document
    for holder in holders:
        value = value.setdefault(holder, {})
    value[last] = {"$ref": ref}
    return document


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("case", BAD_REFERENCES)
def test_a_reference_to_the_wrong_place_is_rejected(case: str) -> None:
    pointer, ref, what = BAD_REFERENCES[case]
    error = rejection(with_reference(pointer, ref))
    assert what in error.what
    assert error.what.startswith(f"#{pointer}")


def test_a_circle_of_references_is_rejected() -> None:
    schemas = {"A": {"$ref": "#/components/schemas/B"}, "B": {"$ref": "#/components/schemas/A"}}
    assert "leads back to itself" in rejection(api(components={"schemas": schemas})).what


def test_a_reference_through_another_reference_is_rejected() -> None:
    """`#/paths/~1b/get` where /b is itself a reference: JSON pointers do not follow references."""
    document = with_reference("/paths/~1b", "#/paths/~1a")
    document["paths"]["/c"] = {"$ref": "#/paths/~1b/get"}
    assert "cannot be resolved" in rejection(document).what


def test_a_reference_inside_an_example_is_only_data() -> None:
    document = api(
        components={
            "schemas": {"A": {"example": {"$ref": "no.yaml"}, "const": {"$ref": 1}, "enum": [{"$ref": 2}]}}
        }
    )
    assert [node.pointer for node in walk(spec(document).document) if node.kind is Kind.SCHEMA] == [SCHEMA]


def test_a_property_named_ref_is_not_a_reference() -> None:
    document = api(components={"schemas": {"A": {"properties": {"$ref": {"type": "string"}}}}})
    assert spec(document).document.get(f"{SCHEMA}/properties/$ref") == {"type": "string"}


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize(
    "schema",
    [
        {"$schema": "https://elsewhere.example/dialect"},
        {"$dynamicRef": "https://elsewhere.example/a"},
        {"$id": "https://elsewhere.example/a", "properties": {"a": {"$ref": "#/components/schemas/Other"}}},
        {"properties": {"a": {"items": {"$dynamicRef": "http://127.0.0.1:9/x"}}}},
    ],
)
def test_nothing_is_fetched_for_a_schema(schema: Json) -> None:
    document = api(components={"schemas": {"A": schema, "Other": {"type": "integer"}}})
    try:
        loaded = spec(document)
        Engine(loaded.document).is_valid(SCHEMA, {"a": [1]})
    except SpecError as error:
        result: str | None = str(error)
    else:
        result = None
    assert result is None or "\n" not in result


# Wrong types


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
def test_a_wrong_type_is_rejected_with_its_line(case: str) -> None:
    pointer = case.rstrip("#")
    error = rejection(replaced(WHOLE, pointer, WRONG_TYPES[case]))
    assert int(error.where.rpartition(":")[2]) > 1


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


@settings(max_examples=600)
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


# Routing


VARIANTS: Json = {"x-path-variants": {"suffixes": [".json"], "trailing-slash": True}}
# Templates, path, template that fits, values; a trailing slash and the suffix .json are tolerated.
ROUTES: list[tuple[list[str], str, str | None, Json]] = [
    (["/a"], "/a", "/a", {}),
    (["/a"], "/A", None, {}),
    (["/a"], "/a/", "/a", {}),
    (["/a/"], "/a", "/a/", {}),
    (["/a"], "/a//", None, {}),
    (["/a"], "//a", None, {}),
    (["/"], "/", "/", {}),
    (["/"], "", "/", {}),
    (["/"], "/a", None, {}),
    (["/a/{x}"], "/a/1", "/a/{x}", {"x": "1"}),
    (["/a/{x}"], "/a/1/", "/a/{x}", {"x": "1"}),
    (["/a/{x}"], "/a/", None, {}),
    (["/a/{x}"], "/a//", None, {}),
    (["/a/{x}"], "/a", None, {}),
    (["/a/{x}"], "/a/1/2", None, {}),
    (["/a/{x}/b"], "/a//b", None, {}),
    (["/a/{x}"], "/a/{x}", "/a/{x}", {"x": "{x}"}),
    # Literals win, whatever the order of the document.
    (["/m/{x}", "/m/popular"], "/m/popular", "/m/popular", {}),
    (["/m/popular", "/m/{x}"], "/m/popular/", "/m/popular", {}),
    (["/m/{x}", "/m/popular"], "/m/unpopular", "/m/{x}", {"x": "unpopular"}),
    (["/u/{x}/media", "/u/self/feed"], "/u/self/media", "/u/{x}/media", {"x": "self"}),
    (["/{x}/b", "/a/{y}/c"], "/a/b", "/{x}/b", {"x": "a"}),
    (["/{x}/{y}", "/{x}/b"], "/a/b", "/{x}/b", {"x": "a"}),
    # Mixed segments come between.
    (["/a/{x}", "/a/{x}.csv"], "/a/1.csv", "/a/{x}.csv", {"x": "1"}),
    (["/a/{x}", "/a/{x}.csv"], "/a/1", "/a/{x}", {"x": "1"}),
    (["/a/{x}", "/a/{x}.csv", "/a/b.csv"], "/a/b.csv", "/a/b.csv", {}),
    (["/a/{x}.csv"], "/a/.csv", None, {}),
    (["/a/{x}.csv"], "/a/1xcsv", None, {}),
    (["/a/{x}.{y}"], "/a/1.tar.gz", "/a/{x}.{y}", {"x": "1", "y": "tar.gz"}),
    (["/a/{x}-{y}", "/a/{z}"], "/a/1", "/a/{z}", {"z": "1"}),
    (["/a/{x}.csv/b", "/a/{y}/c"], "/a/1.csv/c", "/a/{y}/c", {"y": "1.csv"}),
    (["/a/v{x}b"], "/a/v1b", "/a/v{x}b", {"x": "1"}),
    (["/a({x})"], "/a(1)", "/a({x})", {"x": "1"}),
    (["/a({x})"], "/a%281%29", "/a({x})", {"x": "1"}),
    (["/a/{x}.é"], "/a/1.%C3%a9", "/a/{x}.é", {"x": "1"}),
    # The suffix .json is tolerated, but where it is spelled out.
    (["/a/{x}"], "/a/1.json", "/a/{x}", {"x": "1"}),
    (["/a/{x}"], "/a/1.json/", "/a/{x}", {"x": "1"}),
    (["/a/{x}"], "/a/1.JSON", "/a/{x}", {"x": "1.JSON"}),
    (["/a/{x}"], "/a/.json", "/a/{x}", {"x": ".json"}),
    (["/a/{x}"], "/a/1.json.json", "/a/{x}", {"x": "1.json"}),
    (["/a/b"], "/a/b.json", "/a/b", {}),
    (["/a/{x}", "/a/b"], "/a/b.json", "/a/b", {}),
    (["/a/{x}", "/a/b.json"], "/a/b.json", "/a/b.json", {}),
    (["/a/{x}", "/a/b.json"], "/a/b", "/a/{x}", {"x": "b"}),
    (["/a/{x}", "/a/{x}.json"], "/a/1.json", "/a/{x}.json", {"x": "1"}),
    (["/a/{x}.json"], "/a/1", None, {}),
    (["/a/b"], "/a.json/b", None, {}),
    (["/a/{x}/b"], "/a/1.json/b", "/a/{x}/b", {"x": "1.json"}),
    # Percent-encoding: decoded to compare, raw in the values, and %2F separates nothing.
    (["/a/b"], "/a/%62", "/a/b", {}),
    (["/a/b"], "/%61%2Fb", None, {}),
    (["/a/{x}"], "/a/b%2Fc", "/a/{x}", {"x": "b%2Fc"}),
    (["/a/{x}"], "/a/%20", "/a/{x}", {"x": "%20"}),
    (["/a/{x}"], "/a/%zz%", "/a/{x}", {"x": "%zz%"}),
    (["/a/{x}"], "/a/%FF", "/a/{x}", {"x": "%FF"}),
    (["/a/é"], "/a/%C3%A9", "/a/é", {}),
    (["/a b"], "/a%20b", "/a b", {}),
    (["/a%20b"], "/a b", "/a%20b", {}),
    (["/a.b"], "/axb", None, {}),
    (["/a/{x"], "/a/{x", "/a/{x", {}),
    (["/a/{x}"], "/a/\n", None, {}),
]


@pytest.mark.parametrize(("templates", "path", "template", "values"), ROUTES)
def test_a_path_belongs_to_the_most_literal_template(
    templates: list[str], path: str, template: str | None, values: Json
) -> None:
    document = gets(*templates, **VARIANTS)
    assert route(document, path) == (None if template is None else (template, values))


# Templates, path, template that fits, values.
EXACTLY: list[tuple[list[str], str, str | None, Json]] = [
    (["/a"], "/a/", None, {}),
    (["/a/"], "/a", None, {}),
    (["/a/", "/a"], "/a", "/a", {}),
    (["/a", "/a/"], "/a/", "/a/", {}),
    (["/a/{x}"], "/a/1/", None, {}),
    (["/a/{x}"], "/a/1.json", "/a/{x}", {"x": "1.json"}),
    (["/a"], "/a.json", None, {}),
    (["/a/{x}.json"], "/a/1.json", "/a/{x}.json", {"x": "1"}),
    (["/"], "/", "/", {}),
    (["/"], "//", None, {}),
]


@pytest.mark.parametrize(("templates", "path", "template", "values"), EXACTLY)
def test_paths_are_matched_exactly_where_the_document_says_nothing_else(
    templates: list[str], path: str, template: str | None, values: Json
) -> None:
    assert route(gets(*templates), path) == (None if template is None else (template, values))


def test_a_path_variant_is_allowed_by_itself() -> None:
    slash, suffix = {"trailing-slash": True}, {"suffixes": [".xml"]}
    assert route(gets("/a", **{"x-path-variants": slash}), "/a/") == ("/a", {})
    assert route(gets("/a", **{"x-path-variants": slash}), "/a.json") is None
    assert route(gets("/a", **{"x-path-variants": suffix}), "/a.xml") == ("/a", {})
    assert route(gets("/a", **{"x-path-variants": suffix}), "/a/") is None


@pytest.mark.parametrize("value", [[], "x", {"suffixes": ".json"}, {"suffixes": [1]}])
def test_path_variants_of_another_shape_are_an_error(value: Json) -> None:
    assert "x-path-variants" in str(rejection(gets("/a", **{"x-path-variants": value})))


# Servers, base path, path, whether /a is found there.
SERVERS: list[tuple[list[Json], str | None, str, bool]] = [
    ([], None, "/a", True),
    ([{"url": "/"}], None, "/a", True),
    ([{"url": "https://h"}], None, "/a", True),
    ([{"url": "https://h/v1"}], None, "/v1/a", True),
    ([{"url": "https://h/v1"}], None, "/a", False),
    ([{"url": "https://h/v1"}], None, "/v1a", False),
    ([{"url": "https://h/v1/"}], None, "/v1/a", True),
    ([{"url": "HTTPS://h:443/v1"}], None, "/v1/a", True),
    ([{"url": "http://[::1]:80/v1"}], None, "/v1/a", True),
    ([{"url": "//h/v1"}], None, "/v1/a", True),
    ([{"url": "/v1"}], None, "/v1/a", True),
    ([{"url": "v1"}], None, "/v1/a", True),
    ([{"url": "./v1"}], None, "/v1/a", True),
    ([{"url": "https://h/v1?x=1#y"}], None, "/v1/a", True),
    ([{"url": "https://h"}, {"url": "https://h/v1"}], None, "/a", True),
    ([{"url": "https://h"}, {"url": "https://h/v1"}], None, "/v1/a", True),
    ([{"url": "https://h/{v}"}], None, "/v7/a", True),
    ([{"url": "https://h/{v}/b"}], None, "/v7/b/a", True),
    ([{"url": "https://h/{v}/b"}], None, "/a", False),
    ([{"url": "https://{h}.x:{p}/v1"}], None, "/v1/a", True),
    ([{"url": "{scheme}://h/v1"}], None, "/v1/a", True),
    ([{"url": "{s}://{h}{p}/v1"}], None, "/v1/a", True),
    ([{"url": "https://h/{v}", "variables": {"v": {"default": "v1"}}}], None, "/v2/a", True),
    ([{"url": "https://h/{v}", "variables": {"v": {"default": "api/v1"}}}], None, "/api/v1/a", True),
    ([{"url": "https://h/{v}", "variables": {"v": {"default": ""}}}], None, "/a", True),
    ([{"url": "{base}/v1", "variables": {"base": {"default": "https://h/b"}}}], None, "/b/v1/a", True),
    ([{"url": "https://h/v1"}], "", "/a", True),
    ([{"url": "https://h/v1"}], "/", "/a", True),
    ([{"url": "https://h/v1"}], "/mock/", "/mock/a", True),
    ([{"url": "https://h/v1"}], "mock/v1", "/mock/v1/a", True),
    ([{"url": "https://h/v1"}], "/mock", "/v1/a", False),
]


@pytest.mark.parametrize(("servers", "base_path", "path", "is_found"), SERVERS)
def test_paths_are_below_those_of_the_servers(
    servers: list[Json], base_path: str | None, path: str, is_found: bool
) -> None:
    loaded = spec(gets("/a", servers=servers), base_path)
    assert (loaded.match("GET", path) is not None) is is_found
    assert loaded.covers(path) or not is_found


@pytest.mark.parametrize(
    ("path", "covered"),
    [("/v1", True), ("/v1/", True), ("/v1/x/y", True), ("/v1x", False), ("/", False), ("/w/v1", False)],
)
def test_what_is_below_a_server_is_covered(path: str, covered: bool) -> None:
    assert spec(gets("/a", servers=[{"url": "https://h/v1"}])).covers(path) is covered
    assert spec(gets("/a", servers=[{"url": "https://h/{v}"}])).covers("/v1/x")
    assert spec(gets("/a")).covers(path)


def test_servers_of_a_path_replace_those_of_the_document() -> None:
    document = api(
        {
            "/a": {
                "servers": [{"url": "https://h"}],
                "get": {},
                "post": {"servers": [{"url": "https://u/up"}]},
            },
            "/b": {"get": {}},
        },
        servers=[{"url": "https://h/v1"}],
    )
    assert route(document, "/a") == ("/a", {})
    assert route(document, "/v1/a") is None
    assert route(document, "/v1/b") == ("/b", {})
    assert route(document, "/b") is None
    loaded = spec(document)
    elsewhere, here = loaded.match("POST", "/up/a"), loaded.match("POST", "/a")
    assert elsewhere is not None
    assert elsewhere.operation == loaded.operations[1]
    assert here is not None
    assert here.operation is None
    assert here.methods == ("GET",)


def test_operations_of_one_path_may_have_servers_of_their_own() -> None:
    """Two hosts with the same path: the server of an operation hides no other operation."""
    upload = {"servers": [{"url": "https://upload.example/v1"}]}
    document = api({"/a": {"get": {}, "post": upload}}, servers=[{"url": "https://api.example/v1"}])
    for method in ("GET", "POST"):
        match = spec(document).match(method, "/v1/a")
        assert match is not None
        assert match.methods == ("GET", "POST")
        assert match.operation is not None
        assert match.operation.method == method


@pytest.mark.parametrize(
    ("methods", "method", "expected"),
    [
        (["get"], "GET", "GET"),
        (["get"], "HEAD", "GET"),
        (["get", "head"], "HEAD", "HEAD"),
        (["post"], "HEAD", None),
        (["get"], "POST", None),
        (["get"], "get", None),
        (["get"], "", None),
        (["trace"], "TRACE", "TRACE"),
        (["query"], "QUERY", None),
    ],
)
def test_a_method_finds_its_operation(methods: list[str], method: str, expected: str | None) -> None:
    match = spec(api({"/a": {"options": {}, **{name: {} for name in methods}}})).match(method, "/a")
    assert match is not None
    assert (match.operation.method if match.operation else None) == expected
    assert match.pointer == "/paths/~1a"
    assert "OPTIONS" in match.methods


def test_a_path_item_may_be_a_reference() -> None:
    document = api({"/a": {"$ref": "#/components/pathItems/A"}}, components={"pathItems": {"A": {"get": {}}}})
    match = spec(document).match("GET", "/a")
    assert match is not None
    assert (match.template, match.pointer) == ("/a", "/components/pathItems/A")


def test_extensions_beside_paths_are_not_paths() -> None:
    assert spec(api({"x-a": "anything", "/a": {"get": {}, "x-b": 1}})).match("GET", "/x-a") is None


def test_a_path_without_a_slash_is_rejected() -> None:
    assert "must begin with a slash" in rejection(api({"a": {"get": {}}})).what


SEGMENTS = st.sampled_from(["a", "b", "{x}", "{y}", "a{x}", "{x}b", "{x}-{y}", "b.json", "é", "%61"])
TEMPLATES = st.lists(SEGMENTS, max_size=3).map(lambda segments: "/" + "/".join(segments))
PATHS = st.lists(
    st.sampled_from(["a", "b", "ab", "aab", "a-b", "-", "é", "%61", "%C3%A9", "%2F", "", "c", "b%2ejson"]),
    max_size=4,
).map(lambda segments: "/" + "/".join(segments))


def naive(template: str, path: str) -> bool:
    """Whether a template matches a path, by one regular expression over decoded segments."""
    trimmed = path.removeprefix("/").removesuffix("/")
    trimmed_template = template.removeprefix("/").removesuffix("/")
    parts = re.split(r"\{\w+\}", trimmed_template)
    pattern = "[^/]+?".join(re.escape(unquote(part)) for part in parts)
    segments = [unquote(segment).replace("/", "\0") for segment in trimmed.split("/")]
    return re.fullmatch(pattern, "/".join(segments)) is not None


def literalness(template: str) -> list[int]:
    """Smaller is more literal: per segment 0 for a literal, 1 for a mixed one, 2 for a parameter."""
    return [
        2 if re.fullmatch(r"\{\w+\}", segment) else 1 if "{" in segment else 0
        for segment in template.removeprefix("/").split("/")
    ]


@settings(max_examples=400)
@given(templates=st.lists(TEMPLATES, min_size=1, max_size=6, unique=True), path=PATHS)
@example(templates=["/{x}/b", "/a/{y}/a"], path="/a/b")
@example(templates=["/{x}b/a", "/{x}/b"], path="/ab/b")
def test_the_router_agrees_with_a_regular_expression(templates: list[str], path: str) -> None:
    fitting = [template for template in templates if naive(template, path)]
    result = route(gets(*templates, **VARIANTS), path)
    assert (result is None) == (not fitting)
    if result is not None:
        assert result[0] in fitting
        assert literalness(result[0]) == min(map(literalness, fitting))


@given(
    method=st.text(max_size=5), path=st.text(st.characters() | st.characters(categories=["Cs"]), max_size=20)
)
def test_any_method_and_path_can_be_matched(method: str, path: str) -> None:
    loaded = LOADED
    match = loaded.match(method, path)
    assert match is None or match.template in loaded.document.data["paths"]
    loaded.covers(path)


# Operations


@pytest.mark.parametrize(
    ("documented", "status", "expected"),
    [
        (["200", "2XX", "default"], 200, "200"),
        (["default", "2XX", "200"], 200, "200"),
        (["200", "2XX", "default"], 201, "2XX"),
        (["200", "2XX", "default"], 404, "default"),
        (["200", "4XX"], 500, None),
        (["4xx"], 404, "4xx"),
        (["200"], 201, None),
        (["default"], 0, "default"),
        (["200"], 0, None),
        (["5XX"], 520, "5XX"),
        ([], 200, None),
    ],
)
def test_a_status_finds_the_most_exact_response(
    documented: list[str], status: int, expected: str | None
) -> None:
    responses = {code: {"description": ""} for code in documented}
    each = operation({"responses": {**responses, "x-note": "no response"}})
    assert each.statuses == tuple(documented)
    response = each.response(status)
    assert (response.status if response else None) == expected
    assert response is None or response.pointer == f"/paths/~1a/post/responses/{expected}"


SCHEMES = {
    "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "basic": {"type": "http", "scheme": "Basic"},
    "alias": {"$ref": "#/components/securitySchemes/key"},
}


@pytest.mark.parametrize(
    ("at_the_top", "at_the_operation", "names", "pointer"),
    [
        (None, None, [], "/security"),
        ([{"key": []}], None, [["key"]], "/security"),
        ([{"key": []}], [], [], "/paths/~1a/post/security"),
        ([{"key": []}], [{}], [[]], "/paths/~1a/post/security"),
        (
            [{"key": []}],
            [{"basic": [], "key": []}, {"key": []}, {}],
            [["basic", "key"], ["key"], []],
            "/paths/~1a/post/security",
        ),
        (None, [{"alias": []}], [["alias"]], "/paths/~1a/post/security"),
    ],
)
def test_security_lists_alternatives_of_schemes_required_together(
    at_the_top: Any, at_the_operation: Any, names: list[list[str]], pointer: str
) -> None:
    top = {} if at_the_top is None else {"security": at_the_top}
    own = {} if at_the_operation is None else {"security": at_the_operation}
    result = operation(own, components={"securitySchemes": SCHEMES}, **top)
    assert [[scheme.name for scheme in schemes] for schemes in result.security] == names
    assert result.security_pointer == pointer


def test_a_security_scheme_has_the_place_of_its_key() -> None:
    result = operation({"security": [{"alias": [], "basic": []}]}, components={"securitySchemes": SCHEMES})
    ((alias, basic),) = result.security
    assert (alias.kind, alias.location, alias.parameter) == ("apiKey", "header", "X-Key")
    assert (basic.kind, basic.scheme) == ("http", "basic")


def test_an_operation_parameter_hides_that_of_its_path() -> None:
    shared = [{"name": "x", "in": "query", "schema": {"type": "string"}}, {"name": "X-A", "in": "header"}]
    own = [
        {"name": "x", "in": "query", "required": True},
        {"name": "x-a", "in": "header"},
        {"name": "x", "in": "cookie"},
    ]
    (result,) = spec(api({"/a": {"parameters": shared, "get": {"parameters": own}}})).operations
    assert [(each.name, each.location, each.required, each.pointer[-1]) for each in result.parameters] == [
        ("x", "query", True, "0"),
        ("x-a", "header", False, "1"),
        ("x", "cookie", False, "2"),
    ]


@pytest.mark.parametrize(
    ("location", "style", "explode"),
    [
        ("query", "form", True),
        ("cookie", "form", True),
        ("path", "simple", False),
        ("header", "simple", False),
    ],
)
def test_a_parameter_has_the_style_of_its_place(location: str, style: str, explode: bool) -> None:
    (result,) = operation({"parameters": [{"name": "x", "in": location}]}).parameters
    assert (result.style, result.explode, result.required) == (style, explode, location == "path")


def test_a_content_type_among_the_headers_of_a_response_is_ignored() -> None:
    headers: Json = {"Content-Type": {"required": True}, "X-A": {"required": True}}
    (response,) = operation({"responses": {"200": {"headers": headers}}}).responses
    assert [header.name for header in response.headers] == ["X-A"]


def test_an_operation_without_an_id_is_named_by_method_and_path() -> None:
    assert operation({}).name == "POST /a"
    assert operation({"operationId": "make"}).name == "make"


# A whole document


LOADED = load(SPECS / "noticeboard.yaml")


def test_every_operation_is_found_by_its_own_path() -> None:
    assert len(LOADED.operations) > 10
    for candidate in LOADED.operations:
        for prefix in candidate.servers or LOADED.prefixes:
            match = LOADED.match(candidate.method, prefix + re.sub(r"\{\w+\}", "7", candidate.template))
            assert match is not None
            assert match.operation == candidate


def test_the_walk_visits_every_reference() -> None:
    nodes = list(walk(LOADED.document))
    assert len({node.pointer for node in nodes}) == len(nodes)
    assert sum(node.ref is not None for node in nodes) == json.dumps(LOADED.document.data).count('"$ref"')
