"""What is not valid OpenAPI is reported at its own line, once, in plain words."""

import socket
from pathlib import Path

import pytest

from support.linting import HEAD, Linted, indented, schemas
from wirecheck.model import Severity

TOP = "openapi: 3.1.0\ninfo: {title: Things, version: '1'}\n"


def path(text: str, template: str = "/things") -> str:
    """A document with one path item, whose first line is 5."""
    return HEAD + f"  {template}:\n" + indented(text, 4)


def get(text: str, template: str = "/things") -> str:
    """A document with one operation, whose members begin on line 7."""
    return path("get:\n  operationId: get\n" + indented(text, 2), template)


FINE = "responses: {'200': {description: Fine.}}\n"

# The document -> line, pointer and message of each problem.
INVALID: dict[str, tuple[str, list[tuple[int, str, str]]]] = {
    "a member is missing": (
        get("responses:\n  '200': {}"),
        [(8, "/paths/~1things/get/responses/200", 'the response object lacks "description"')],
    ),
    "a member is misspelt": (
        get("sumary: s\n" + FINE),
        [
            (
                7,
                "/paths/~1things/get/sumary",
                'the operation object has no member "sumary"; did you mean "summary"?',
            )
        ],
    ),
    "a member is unknown": (
        TOP + "paths: {}\nanything: 1\n",
        [(4, "/anything", 'the document has no member "anything"')],
    ),
    "a value has the wrong type": (
        path("get:\n  operationId: 5\n  " + FINE),
        [(6, "/paths/~1things/get/operationId", '"operationId" is 5, an integer, not a string')],
    ),
    "a keyword is wrong below the name of a secret": (
        TOP + "paths: {}\ncomponents: {parameters: {token: {name: a, in: qery, schema: {type: string}}}}\n",
        [(4, "/components/parameters/token/in", '"in" is "qery", not "query", "header", "path" or "cookie"')],
    ),
    "the document has nothing in it": (
        TOP,
        [(1, "", "the document must have at least one of paths, components and webhooks")],
    ),
    "no response is documented": (
        get("responses: {}"),
        [
            (
                7,
                "/paths/~1things/get/responses",
                "the responses object must document at least one status, or default",
            )
        ],
    ),
    "a status is none": (
        get("responses:\n  default: {description: d}\n  '600': {description: d}"),
        [(9, "/paths/~1things/get/responses/600", 'the responses object has no member "600"')],
    ),
    "a parameter has neither schema nor content": (
        get("parameters:\n  - {name: p, in: query}\n" + FINE),
        [
            (
                8,
                "/paths/~1things/get/parameters/0",
                "the parameter object must have either schema or content",
            )
        ],
    ),
    "a style does not fit its place": (
        get(
            "parameters:\n  - name: p\n    in: query\n    schema: {type: string}\n    style: matrix\n" + FINE
        ),
        [
            (
                11,
                "/paths/~1things/get/parameters/0/style",
                '"style" is "matrix", not "form", "spaceDelimited", "pipeDelimited" or "deepObject"',
            )
        ],
    ),
    "a member belongs to another kind of the object": (
        get("parameters:\n  - {name: p, in: header, schema: {type: string}, allowEmptyValue: true}\n" + FINE),
        [
            (
                8,
                "/paths/~1things/get/parameters/0",
                "the parameter object has members that are not allowed: allowEmptyValue",
            )
        ],
    ),
    "a condition of an object fails": (
        TOP + "components:\n  securitySchemes:\n    key: {type: apiKey, name: key, in: body}\n",
        [
            (
                5,
                "/components/securitySchemes/key/in",
                '"in" is "body", not "query", "header" or "cookie"',
            )
        ],
    ),
    "members exclude each other": (
        TOP + "components:\n  examples:\n    e: {value: 1, externalValue: e.json}\n",
        [(5, "/components/examples/e", "the example object must not have both value and externalValue")],
    ),
    "the name of a component is none": (
        TOP + "components:\n  schemas:\n    a b: {type: string}\n",
        [
            (
                5,
                "/components/schemas/a b",
                'the name "a b" has characters other than letters, digits, ".", "_" and "-"',
            )
        ],
    ),
    "a schema of a component is invalid": (
        schemas("A:\n  type: object\n  properties:\n    b:\n      type: text"),
        [
            (
                14,
                "/components/schemas/A/properties/b/type",
                '"type" is "text", not "array", "boolean", "integer", "null", "number", "object" or "string"',
            )
        ],
    ),
    "a schema within a response is invalid": (
        get(
            """
            responses:
              '200':
                description: Fine.
                content:
                  application/json:
                    schema:
                      type: array
                      items: {type: string, minLength: -1}
            """
        ),
        [
            (
                14,
                "/paths/~1things/get/responses/200/content/application~1json/schema/items/minLength",
                '"minLength" is -1, less than 0',
            )
        ],
    ),
    "required stands on the property": (
        schemas("A: {type: object, properties: {b: {type: string, required: true}}}"),
        [(10, "/components/schemas/A/properties/b/required", '"required" is true, a boolean, not an array')],
    ),
    "a discriminator names no property": (
        schemas("A: {oneOf: [{type: object}], discriminator: {}}"),
        [(10, "/components/schemas/A/discriminator", '"discriminator" lacks "propertyName"')],
    ),
    "two paths are the same": (
        HEAD
        + "".join(
            f"  /things/{{{name}}}:\n    {method}:\n      operationId: {method}\n"
            f"      parameters: [{{name: {name}, in: path, required: true, schema: {{type: string}}}}]\n"
            f"      {FINE}"
            for name, method in (("id", "get"), ("thing", "put"))
        ),
        [
            (
                9,
                "/paths/~1things~1{thing}",
                "/things/{thing} is the same path as /things/{id}, but for the names of its parameters",
            )
        ],
    ),
    "a parameter of the path is not defined": (
        get(FINE, "/things/{id}"),
        [
            (
                5,
                "/paths/~1things~1{id}/get",
                'the operation does not define the parameter "id" of its path /things/{id}',
            )
        ],
    ),
    "a parameter is not in the path": (
        get("parameters:\n  - {name: id, in: path, required: true, schema: {type: string}}\n" + FINE),
        [(8, "/paths/~1things/get/parameters/0", 'the path /things has no parameter "id"')],
    ),
    "a parameter is defined twice": (
        get(
            "parameters:\n"
            "  - {name: p, in: query, schema: {type: string}}\n"
            "  - {name: p, in: query, schema: {type: integer}}\n" + FINE
        ),
        [(9, "/paths/~1things/get/parameters/1", 'the query parameter "p" is defined twice')],
    ),
    "a tag is defined twice": (
        TOP + "paths: {}\ntags:\n  - {name: a}\n  - {name: a}\n",
        [(6, "/tags/1", 'the tag "a" is defined twice')],
    ),
}


@pytest.mark.parametrize("case", INVALID)
def test_each_error_is_reported_once_and_at_its_place(case: str, linted: Linted) -> None:
    text, expected = INVALID[case]
    problems = [(line, problem) for line, problem in linted(text) if problem.rule != "generator-keeps"]
    assert [(line, problem.pointer, problem.message) for line, problem in problems] == expected
    assert {(problem.rule, problem.severity) for _, problem in problems} == {
        ("valid-openapi", Severity.ERROR)
    }


VALID: dict[str, str] = {
    "a parameter of the path item": path(
        "parameters: [{name: id, in: path, required: true, schema: {type: string}}]\n"
        "get:\n  operationId: get\n  " + FINE,
        "/things/{id}",
    ),
    "parameters of one name in two places": get(
        "parameters:\n"
        "  - {name: p, in: query, schema: {type: string}}\n"
        "  - {name: p, in: header, schema: {type: string}}\n" + FINE
    ),
    "addresses that are relative": TOP + "paths: {}\nexternalDocs: {url: docs/index.html}\n",
    "keywords that JSON Schema does not know": schemas("A: {type: string, nullable: true, x-a: 1}"),
    "a schema that says its dialect": schemas(
        "A: {$schema: 'https://json-schema.org/draft/2020-12/schema', type: string}"
    ),
    "a dialect of before": TOP + "jsonSchemaDialect: http://json-schema.org/draft-07/schema#\npaths: {}\n",
    "a schema of another dialect": schemas(
        "A: {$schema: 'http://json-schema.org/draft-04/schema#', "
        "type: integer, minimum: 1, exclusiveMinimum: true}"
    ),
    "examples that look like schemas": schemas("A: {type: object, examples: [{type: text, required: true}]}"),
    "a property with the name of a keyword": schemas(
        "A: {type: object, properties: {required: {type: boolean}, pattern: {type: string}}}"
    ),
    "a reference into a path with a parameter": get(
        """
        parameters: [{name: id, in: path, required: true, schema: {type: string}}]
        responses:
          '200':
            description: Fine.
            content: {application/json: {schema: {type: string}}}
          '201':
            description: Fine.
            content:
              application/json:
                schema:
                  $ref: '#/paths/~1things~1{id}/get/responses/200/content/application~1json/schema'
        """,
        "/things/{id}",
    ),
    "webhooks alone": TOP + "webhooks:\n  made:\n    post:\n      operationId: made\n      " + FINE,
}


@pytest.mark.parametrize("case", VALID)
def test_what_openapi_allows_has_no_problem(case: str, linted: Linted) -> None:
    assert linted(VALID[case]) == []


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        (
            TOP + "jsonSchemaDialect: http://json-schema.org/draft-03/schema#\npaths: {}\n",
            "/jsonSchemaDialect",
        ),
        (
            schemas("A: {$schema: 'http://json-schema.org/draft-03/schema#', type: string}"),
            "/components/schemas/A/$schema",
        ),
    ],
)
def test_a_dialect_that_is_not_read_is_a_warning(text: str, pointer: str, linted: Linted) -> None:
    [(_, problem)] = linted(text)
    assert (problem.rule, problem.severity, problem.pointer) == ("valid-openapi", Severity.WARNING, pointer)
    assert "draft-03" in problem.message


def test_nothing_outside_of_the_document_is_read(tmp_path: Path, linted: Linted) -> None:
    """What looks like a reference within data is data (an SSRF of validators that follow it)."""
    secret = tmp_path / "secret.json"
    secret.write_text('"do not show"', encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        port = server.getsockname()[1]
        for address in (secret.as_uri(), f"http://127.0.0.1:{port}/"):
            data = f"{{$ref: '{address}'}}"
            problems = linted(
                schemas(
                    f"A: {{type: integer, default: {data}}}\n"
                    f"B: {{type: object, examples: [{data}], enum: [{data}]}}\n"
                    f"C: {{type: integer, const: {data}, x-data: {data}}}"
                )
            )
            assert [problem.pointer for _, problem in problems] == ["/components/schemas/A/default"]
            assert "do not show" not in problems[0][1].message
        with pytest.raises(BlockingIOError):
            server.accept()


@pytest.mark.parametrize(
    "text",
    [
        schemas("A: {allOf: [{$ref: '#/components/schemas/A'}], default: 1}"),
        schemas(
            "\n".join(f"A{n}: {{$ref: '#/components/schemas/A{n + 1}'}}" for n in range(90)) + "\nA90: {}"
        ),
        get(FINE, "'/{'"),
        get(FINE, "'/{}}'"),
    ],
    ids=["an allOf of itself", "a long chain of references", "a brace", "braces"],
)
def test_odd_documents_are_linted(text: str, linted: Linted) -> None:
    for _, problem in linted(text):
        assert problem.message
