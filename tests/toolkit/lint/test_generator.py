"""Constructs that the generator of clients loses are reported, and no others."""

from typing import Any

import pytest

from support.linting import HEAD, PATHS, Linted, schemas
from wirecheck.model import Severity

GET = "get: {{operationId: listThings, {more}responses: {{'200': {{description: Fine.}}}}}}\n"


def parameter(text: str) -> str:
    """A document with a query parameter."""
    return HEAD + "  /things:\n    " + GET.format(more=f"parameters: [{{name: p, in: query, {text}}}], ")


LOST: dict[str, tuple[str, str, str, Severity]] = {
    "a path item that is a reference": (
        HEAD
        + "  /things: {$ref: '#/components/pathItems/P'}\ncomponents:\n  pathItems:\n    P:\n      "
        + GET.format(more=""),
        "/paths/~1things",
        "a path item that is a $ref",
        Severity.ERROR,
    ),
    "a component response that is a reference": (
        HEAD
        + PATHS
        + "components:\n  responses:\n    A: {$ref: '#/components/responses/B'}\n    B: {description: b}\n",
        "/components/responses/A",
        "itself a $ref",
        Severity.ERROR,
    ),
    "a range of statuses in lower case": (
        HEAD + PATHS.replace("'200'", "'4xx'"),
        "/paths/~1things/get/responses/4xx",
        "write 4XX",
        Severity.ERROR,
    ),
    "a parameter with content": (
        parameter("content: {application/json: {schema: {type: string}}}"),
        "/paths/~1things/get/parameters/0/content",
        "with `content` is lost",
        Severity.ERROR,
    ),
    "a description of a parameter": (
        parameter("description: d, schema: {type: string}"),
        "/paths/~1things/get/parameters/0/description",
        "description of a parameter is lost",
        Severity.WARNING,
    ),
    "a default of a query parameter": (
        parameter("schema: {type: string, default: a}"),
        "/paths/~1things/get/parameters/0/schema/default",
        "sent with every request",
        Severity.WARNING,
    ),
    "a schema that is true, for items": (
        schemas("A: {type: array, items: true}"),
        "/components/schemas/A/items",
        "stops the generator",
        Severity.ERROR,
    ),
    "a schema that is false, for a property": (
        schemas("A: {type: object, properties: {p: false}}"),
        "/components/schemas/A/properties/p",
        "stops the generator",
        Severity.ERROR,
    ),
    "allOf of strings without type": (
        schemas("A: {allOf: [{type: string}, {minLength: 1}]}"),
        "/components/schemas/A",
        "becomes an object, not string",
        Severity.ERROR,
    ),
    "allOf without type that leads to an array": (
        schemas(
            "A: {allOf: [{$ref: '#/components/schemas/B'}, {minItems: 1}]}\n"
            "B: {type: array, items: {type: string}}"
        ),
        "/components/schemas/A",
        "becomes an object, not array",
        Severity.ERROR,
    ),
    "an enum with null": (
        schemas("A: {type: [string, 'null'], enum: [a, null]}"),
        "/components/schemas/A/enum",
        "several classes",
        Severity.WARNING,
    ),
    "a schema without type": (
        schemas("A: {minLength: 3}"),
        "/components/schemas/A",
        "becomes Any",
        Severity.WARNING,
    ),
    "a property without type": (
        schemas("A: {type: object, properties: {p: {minLength: 3}}}"),
        "/components/schemas/A/properties/p",
        "becomes Any",
        Severity.WARNING,
    ),
    "items without type": (
        schemas("A: {type: array, items: {minLength: 3}}"),
        "/components/schemas/A/items",
        "becomes Any",
        Severity.WARNING,
    ),
    "a schema named Response": (
        schemas("Response: {type: string}"),
        "/components/schemas/Response",
        "named Response",
        Severity.ERROR,
    ),
    "schemas whose names differ in case": (
        schemas("MediaItem: {type: string}\nmedia_item: {type: string}"),
        "/components/schemas/media_item",
        "same class name as MediaItem",
        Severity.ERROR,
    ),
}


@pytest.mark.parametrize("case", LOST)
def test_what_the_generator_loses_is_found(case: str, linted: Linted) -> None:
    text, pointer, says, severity = LOST[case]
    problems = [problem for _, problem in linted(text) if problem.rule == "generator-keeps"]
    assert [(problem.pointer, problem.severity) for problem in problems] == [(pointer, severity)]
    assert says in problems[0].message


SAFE: list[Any] = [
    "A: {type: string, enum: [a, b]}",
    "A: {type: string, enum: [asc, ASC]}",
    "A: {type: object, additionalProperties: true}",
    "A: {allOf: [{type: object}, {type: object}]}",
    "A: {type: string, allOf: [{minLength: 1}, {maxLength: 3}]}",
    "A: {enum: [1, 2]}",
    "A: {const: a}",
    "A: {oneOf: [{type: string}, {type: 'null'}]}",
    "A: {type: string, not: {pattern: a}}",
    "A: {type: [string, 'null']}",
]


@pytest.mark.parametrize("text", SAFE)
def test_what_the_generator_keeps_has_no_problem(text: str, linted: Linted) -> None:
    assert [problem for _, problem in linted(schemas(text)) if problem.rule == "generator-keeps"] == []
