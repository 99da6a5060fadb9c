"""An operation has the parameters, responses and security of the document, with references followed."""

from typing import Any

import pytest

from support.documents import Json, api, operation, spec


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
