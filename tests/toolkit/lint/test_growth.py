"""Documents of twice the size take at most 2.5 times as long to lint, and large ones seconds."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from support.conforming import document, loaded
from wirecheck.lint import Ruleset, lint

ANYTHING = {"200": {"description": "Anything."}}
RULESETS = [Ruleset.CORE, Ruleset.EXTENSIONS]


def schemas(made: dict[str, Any]) -> Any:
    response = {
        "description": "A.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/S0"}}},
    }
    return document({"/a": {"get": {"responses": {"200": response}}}}, components={"schemas": made})


def nested(size: int, **members: Any) -> Any:
    made = {
        f"S{n}": {
            "type": "object",
            "properties": {"n": {"$ref": f"#/components/schemas/S{n + 1}"}},
            **members,
        }
        for n in range(size)
    }
    return schemas({**made, f"S{size}": {"type": "string"}})


def operations(size: int) -> Any:
    parameter = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}, "example": "x"}
    get = {"parameters": [parameter], "responses": ANYTHING}
    return document({f"/p{n}/{{id}}": {"get": {"operationId": f"o{n}", **get}} for n in range(size)})


def parameters(size: int) -> Any:
    made = [
        {"name": f"p{n}", "in": "query", "schema": {"type": "string"}, "example": "x"} for n in range(size)
    ]
    return document({"/a": {"get": {"parameters": made, "responses": ANYTHING}}})


def properties(size: int) -> Any:
    made = {f"p{n}": {"type": "string", "example": "x"} for n in range(size)}
    return schemas({"S0": {"type": "object", "required": list(made), "properties": made}})


def inherited(size: int) -> Any:
    made: dict[str, Any] = {
        f"S{n}": {"allOf": [{"$ref": f"#/components/schemas/S{n + 1}"}, {"examples": [{}]}]}
        for n in range(size)
    }
    return schemas({**made, f"S{size}": {"type": "object"}})


def inline(size: int) -> Any:
    schema: Any = {"type": "string", "example": "x"}
    for _ in range(size):
        schema = {"type": "object", "properties": {"n": schema}}
    return schemas({"S0": schema})


DOCUMENTS: dict[str, tuple[Callable[[int], Any], int]] = {
    "nested by reference": (nested, 1500),
    "nested by reference, with examples": (lambda size: nested(size, examples=[{}]), 1500),
    "nested by reference, with wrong examples": (lambda size: nested(size, examples=[3]), 750),
    "operations": (operations, 1500),
    "parameters": (parameters, 1500),
    "properties": (properties, 1500),
    "inherited": (inherited, 150),
    "inline": (inline, 30),
}


def seconds(made: Any) -> float:
    spec = loaded(json.dumps(made))
    began = time.process_time()
    lint(spec, RULESETS)
    return max(time.process_time() - began, 0.02)


@pytest.mark.no_cover
@pytest.mark.parametrize("case", DOCUMENTS.values(), ids=DOCUMENTS.keys())
def test_linting_is_linear_in_the_document(case: tuple[Callable[[int], Any], int]) -> None:
    make, size = case
    ratios = list[float]()
    while not ratios or (ratios[-1] > 2.5 and len(ratios) < 5):
        twice = seconds(make(2 * size))
        assert twice < 12
        ratios.append(twice / seconds(make(size)))
    assert ratios[-1] <= 2.5, ratios
