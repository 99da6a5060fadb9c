"""A reference leads to an object of the right kind, or is a problem of the document; nothing is fetched."""

import json
import socket
from typing import Any

import pytest

from support.documents import Json, api, problems, spec
from support.paths import SPECS
from wirecheck.engine import Engine
from wirecheck.model import SpecError
from wirecheck.spec import Kind, load, walk

SCHEMA = "/components/schemas/A"
BAD_REFERENCES: dict[str, tuple[str, Any, str]] = {
    "to nothing": (SCHEMA, "#/components/schemas/No", "cannot be resolved"),
    "to nothing in nothing": (SCHEMA, "#/a/b/c", "cannot be resolved"),
    "into a string": (SCHEMA, "#/openapi/x", "cannot be resolved"),
    "to an index of thousands of digits": (SCHEMA, f"#/servers/{'1' * 5000}", "cannot be resolved"),
    "to an anchor": (SCHEMA, "#A", "cannot be resolved"),
    "to the document": (SCHEMA, "#", "leads to the wrong object: document, not schema"),
    "to the empty reference": (SCHEMA, "", "leads to the wrong object: document, not schema"),
    "to itself": (SCHEMA, "#/components/schemas/A", "leads back to itself"),
    "to a file": (SCHEMA, "other.yaml", "leads to a file that does not exist"),
    "to a pointer in a file": (SCHEMA, "other.yaml#/A", "leads to a file that does not exist"),
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
def test_a_reference_to_the_wrong_place_is_one_problem_with_its_line(case: str) -> None:
    pointer, ref, what = BAD_REFERENCES[case]
    document = with_reference(pointer, ref)
    [(line, place, message)] = problems(document)
    assert what in message
    assert len(message) < 300
    assert place == pointer
    written = json.dumps(document, indent=1).splitlines()
    assert written[line - 1].strip().startswith(json.dumps(pointer.rpartition("/")[2].replace("~1", "/")))
    [operation, *_] = spec(document).operations
    assert operation.name == "GET /a"


def test_a_circle_of_references_is_a_problem() -> None:
    schemas = {"A": {"$ref": "#/components/schemas/B"}, "B": {"$ref": "#/components/schemas/A"}}
    [(_, pointer, message)] = problems(api(components={"schemas": schemas}))
    assert pointer == SCHEMA
    assert "leads back to itself" in message


def test_a_reference_through_another_reference_is_a_problem() -> None:
    """`#/paths/~1b/get` where /b is itself a reference: JSON pointers do not follow references."""
    document = with_reference("/paths/~1b", "#/paths/~1a")
    document["paths"]["/c"] = {"$ref": "#/paths/~1b/get"}
    [(_, pointer, message)] = problems(document)
    assert pointer == "/paths/~1c"
    assert "cannot be resolved" in message


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


def test_the_walk_visits_every_reference() -> None:
    document = load(SPECS / "noticeboard.yaml").document
    nodes = list(walk(document))
    assert len({node.pointer for node in nodes}) == len(nodes)
    assert sum(node.ref is not None for node in nodes) == json.dumps(document.data).count('"$ref"')


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_a_reference_in_a_list_of_items_is_one_of_prefix_items(version: str) -> None:
    schemas: Json = {
        "A": {"type": "string"},
        "B": {"type": "array", "items": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/no"}]},
    }
    document = api(openapi=version, components={"schemas": schemas})
    assert [message for _, _, message in problems(document)] == [
        "a list of items is prefixItems",
        "$ref #/no cannot be resolved",
    ]
    assert spec(document).document.get("/components/schemas/B/prefixItems/0") == {"$ref": f"#{SCHEMA}"}
