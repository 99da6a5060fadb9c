"""Schemas of OpenAPI 3.0 mean what 3.0 says; findings name their own lines and pointers."""

from textwrap import indent
from typing import Any

import pytest

from support.foreign import loaded

HEAD = """\
openapi: 3.0.3
info: {title: Values, version: '1'}
paths:
  /value:
    put:
      operationId: putValue
      requestBody:
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/Value'
      responses: {'204': {description: Done.}}
components:
  schemas:
    Other: {type: object, required: [a], properties: {a: {type: string}}}
    Null: {type: string, nullable: true}
    Value:
"""
VALUE = "/components/schemas/Value"
OTHER = "/components/schemas/Other"

# The schema, the values that it allows, and those that it does not, with the place that is violated.
SCHEMAS: dict[str, tuple[str, list[str], list[tuple[str, str]]]] = {
    "nullable with type": (
        "type: string\nnullable: true",
        ['"a"', "null"],
        [("1", f"{VALUE}/type")],
    ),
    "nullable without type": (
        "nullable: true\nminLength: 2",
        ['"ab"', "null", "1"],
        [('"a"', f"{VALUE}/minLength")],
    ),
    "not nullable": ("type: string\nnullable: false", ['"a"'], [("null", f"{VALUE}/type")]),
    "nullable with enum": (
        "type: string\nnullable: true\nenum: [a, b]",
        ['"a"', "null"],
        [('"c"', f"{VALUE}/enum")],
    ),
    "nullable with an enum that has null": (
        "type: string\nnullable: true\nenum: [a, null]",
        ['"a"', "null"],
        [('"c"', f"{VALUE}/enum")],
    ),
    "nullable with allOf": (
        f"nullable: true\nallOf:\n  - $ref: '#{OTHER}'",
        ['{"a": "b"}', "null"],
        [("{}", f"{OTHER}/required/0"), ('{"a": 1}', f"{OTHER}/properties/a/type")],
    ),
    "nullable with oneOf": (
        f"nullable: true\noneOf:\n  - $ref: '#{OTHER}'\n  - type: integer",
        ['{"a": "b"}', "1", "null"],
        [('"x"', f"{VALUE}/oneOf")],
    ),
    "nullable with oneOf of what is nullable": (
        "nullable: true\noneOf:\n  - $ref: '#/components/schemas/Null'\n  - type: integer",
        ['"a"', "1", "null"],
        [("true", f"{VALUE}/oneOf")],
    ),
    "nullable within": (
        "type: object\nproperties:\n  a:\n    type: array\n    items: {type: integer, nullable: true}",
        ['{"a": [1, null]}'],
        [('{"a": ["b"]}', f"{VALUE}/properties/a/items/type")],
    ),
    "nullable beside a reference": (
        f"properties:\n  a:\n    nullable: true\n    $ref: '#{OTHER}'",
        ['{"a": {"a": "b"}}'],
        [('{"a": {}}', f"{OTHER}/required/0")],
    ),
    "members beside a reference are ignored": (
        f"$ref: '#{OTHER}'\nminProperties: 7\nproperties: {{a: {{type: integer}}}}\nrequired: [z]",
        ['{"a": "b"}'],
        [('{"a": 1}', f"{OTHER}/properties/a/type")],
    ),
    "an exclusive minimum": (
        "type: number\nminimum: 1\nexclusiveMinimum: true",
        ["1.5"],
        [("1", f"{VALUE}/minimum"), ("0", f"{VALUE}/minimum")],
    ),
    "a minimum that is not exclusive": (
        "type: number\nminimum: 1\nexclusiveMinimum: false",
        ["1"],
        [("0", f"{VALUE}/minimum")],
    ),
    "an exclusive maximum": (
        "type: number\nexclusiveMaximum: true\nmaximum: 3",
        ["2.9"],
        [("3", f"{VALUE}/maximum")],
    ),
    "exclusive without a limit": ("type: number\nexclusiveMaximum: true", ["1e9"], []),
    "an example is not a schema": (
        "type: object\nexample: {$ref: nowhere.yaml, nullable: true}",
        ["{}"],
        [("1", f"{VALUE}/type")],
    ),
    "a property called nullable": (
        "type: object\nproperties:\n  nullable: {type: boolean}\n  example: {type: string}",
        ['{"nullable": true, "example": "a"}'],
        [
            ('{"nullable": null}', f"{VALUE}/properties/nullable/type"),
            ('{"example": 1}', f"{VALUE}/properties/example/type"),
        ],
    ),
    "a property called $ref": (
        "type: object\nproperties:\n  $ref: {type: string, nullable: true}",
        ['{"$ref": null}'],
        [('{"$ref": 1}', f"{VALUE}/properties/$ref/type")],
    ),
}


@pytest.mark.parametrize("case", SCHEMAS)
def test_a_schema_means_what_3_0_says(case: str) -> None:
    text, valid, invalid = SCHEMAS[case]
    document = loaded(HEAD + indent(text, "      ") + "\n")
    assert document.problems == []
    for value in valid:
        assert document.errors("PUT", "/value", sent=value, status=204) == [], value
    for value, place in invalid:
        errors = document.errors("PUT", "/value", sent=value, status=204)
        assert errors == [f"request-body-matches #{place}"], value


PARAMETERS = """\
openapi: 3.0.0
info: {title: Values, version: '1'}
servers: [{url: 'https://api.test/{stage}', variables: {stage: {default: v1}}}]
paths:
  /a/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: integer, minimum: 1, exclusiveMinimum: true}}
    get:
      parameters:
        - name: size
          in: query
          schema: {type: string, enum: [s, l], nullable: true}
        - $ref: '#/components/parameters/Filter'
      responses:
        '200':
          description: Fine.
          headers:
            X-Left: {schema: {type: integer, maximum: 5, exclusiveMaximum: true}}
          content:
            application/json: {schema: {type: object, nullable: true}}
components:
  parameters:
    Filter:
      name: filter
      in: query
      content: {application/json: {schema: {type: object, properties: {a: {type: integer, nullable: true}}}}}
"""


@pytest.mark.parametrize(
    ("target", "more", "errors"),
    [
        ("/v1/a/2", {"body": "null"}, []),
        ("/beta/a/2?size=s", {"body": "{}"}, []),
        (
            "/v1/a/1",
            {},
            ["request-parameters-match #/paths/~1a~1{id}/parameters/0/schema/minimum"],
        ),
        ("/v1/a/2?size=m", {}, ["request-parameters-match #/paths/~1a~1{id}/get/parameters/0/schema/enum"]),
        ("/v1/a/2?filter=%7B%22a%22:null%7D", {}, []),
        (
            "/v1/a/2?filter=%7B%22a%22:%22b%22%7D",
            {},
            [
                "request-parameters-match "
                "#/components/parameters/Filter/content/application~1json/schema/properties/a/type"
            ],
        ),
        (
            "/v1/a/2",
            {"body": "{}", "response_headers": {"x-left": "5"}},
            ["response-headers-match #/paths/~1a~1{id}/get/responses/200/headers/X-Left/schema/maximum"],
        ),
    ],
)
def test_parameters_and_headers_mean_what_3_0_says(
    target: str, more: dict[str, Any], errors: list[str]
) -> None:
    document = loaded(PARAMETERS)
    assert document.problems == []
    assert document.errors("GET", target, **more) == errors


def test_the_document_is_kept_as_it_is_written() -> None:
    document = loaded(PARAMETERS).spec.document
    pointer = "/paths/~1a~1{id}/parameters/0/schema"
    assert document.as_written().get(pointer) == {"type": "integer", "minimum": 1, "exclusiveMinimum": True}
    assert document.get(pointer) == {"type": "integer", "exclusiveMinimum": 1}
