"""A fingerprint outlasts every rearrangement of the document, and still tells different faults apart."""

import copy
import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from support.judging import FORM, JSON, topic
from wirecheck.checks import Judge
from wirecheck.model import Exchange
from wirecheck.spec import parsed

Json = Any
PET = {
    "type": "object",
    "required": ["id", "name", "kind"],
    "properties": {
        "id": {"type": "integer"},
        "name": {"allOf": [{"type": "string", "pattern": "^[a-z]"}, {"pattern": "z$"}, {"maxLength": 5}]},
        "kind": {"enum": ["cat", "dog"]},
        "born": {"type": "string", "format": "date"},
        "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 2},
        "owners": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Owner"}},
    },
}
CAT = {"properties": {"kind": {"const": "cat"}, "age": {"type": "integer"}}}
DOG = {"properties": {"kind": {"const": "dog"}, "age": {"type": "integer"}}}
OWNER = {"type": "object", "required": ["mail", "phone"], "properties": {"mail": {"type": "string"}}}
LISTED = {"type": "array", "items": {"allOf": [{"$ref": "#/components/schemas/Pet"}], "oneOf": [CAT, DOG]}}
FIELDS = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"x-rule": "short", "x-message": "It is short.", "maxLength": 3}},
}
DOCUMENT: Json = {
    "openapi": "3.1.0",
    "info": {"title": "Pets", "version": "1"},
    "servers": [{"url": "https://pets.test/v1"}],
    "paths": {
        "/pets": {
            "parameters": [{"name": "X-Count", "in": "header", "schema": {"type": "integer"}}],
            "get": {
                "operationId": "listPets",
                "parameters": [
                    {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1}},
                    {"$ref": "#/components/parameters/Sort"},
                    {"name": "order", "in": "query", "schema": {"enum": ["up", "down"]}},
                ],
                "responses": {"200": {"$ref": "#/components/responses/Pets"}},
            },
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {"application/x-www-form-urlencoded": {"schema": FIELDS}},
                },
                "responses": {"201": {"description": "Made."}},
            },
        },
        "/pets/{pet}": {
            "parameters": [{"name": "pet", "in": "path", "required": True, "schema": {"type": "integer"}}],
            "get": {
                "operationId": "getPet",
                "responses": {
                    "200": {
                        "description": "A pet.",
                        "headers": {"X-Age": {"required": True, "schema": {"type": "integer"}}},
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}},
                    }
                },
            },
        },
    },
    "components": {
        "schemas": {"Pet": PET, "Owner": OWNER},
        "parameters": {"Sort": {"name": "sort", "in": "query", "schema": {"enum": ["id", "name"]}}},
        "responses": {
            "Pets": {"description": "Pets.", "content": {"application/json": {"schema": LISTED}}},
        },
    },
}
GOOD_OWNER = {"mail": "a@b.test", "phone": "1"}
GOOD = {"id": 1, "name": "az", "kind": "cat"}


def exchange(path: str, body: Json = None, **changes: Any) -> Exchange:
    fields: dict[str, Any] = {"url": f"https://pets.test{path}", "response_headers": JSON}
    if body is not None:
        fields["response_body"] = json.dumps(body).encode()
    return topic(**{**fields, **changes})


def pets(*bodies: Json) -> Exchange:
    return exchange("/v1/pets", list(bodies))


def pet(**members: Any) -> Exchange:
    return exchange("/v1/pets/7", {**GOOD, **members}, response_headers=(*JSON, ("x-age", "1")))


def made(fields: bytes, response_body: bytes = b"") -> Exchange:
    return exchange(
        "/v1/pets",
        method="POST",
        status=201,
        request_headers=FORM,
        request_body=fields,
        response_body=response_body,
    )


FAULTS: dict[str, Exchange] = {
    "a parameter is below its limit": exchange("/v1/pets?limit=0", []),
    "a parameter has another type": exchange("/v1/pets?limit=x", []),
    "another parameter is wrong": exchange("/v1/pets?order=left", []),
    "a shared parameter is wrong": exchange("/v1/pets?sort=left", []),
    "a header parameter is wrong": exchange("/v1/pets", [], request_headers=(("x-count", "x"),)),
    "a member is missing": pet(owners={"ada": {"mail": "a@b.test"}}),
    "another member is missing": pet(owners={"ada": {"phone": "1"}}),
    "a member has another type": pet(id="1"),
    "a nested member has another type": pet(owners={"ada": {"mail": 1, "phone": "1"}}),
    "the first pattern does not match": pet(name="Az"),
    "the second pattern does not match": pet(name="ab"),
    "a name is too long": pet(name="abcdefz"),
    "a value is unknown": pet(kind="cow"),
    "a date is none": pet(born="yesterday"),
    "an item has another type": pet(tags=["a", 1]),
    "a list is too long": pet(tags=["a", "b", "c"]),
    "the same of a listed pet": pets(GOOD, {**GOOD, "id": "1"}),
    "a cat has a wrong age": pets({**GOOD, "age": "old"}),
    "a dog has a wrong age": pets({**GOOD, "kind": "dog", "age": "old"}),
    "the body is no list": exchange("/v1/pets", {}),
    "the body is no JSON": exchange("/v1/pets", response_body=b"["),
    "the media type is another": exchange("/v1/pets", [], response_headers=(("content-type", "text/css"),)),
    "the media type is missing": exchange("/v1/pets", [], response_headers=(("server", "pets"),)),
    "the status is undocumented": exchange("/v1/pets", status=404),
    "another status is": exchange("/v1/pets", status=410),
    "the server fails": exchange("/v1/pets", status=500),
    "a header is missing": exchange("/v1/pets/7", GOOD, response_headers=(*JSON, ("server", "pets"))),
    "a header is wrong": exchange("/v1/pets/7", GOOD, response_headers=(*JSON, ("x-age", "old"))),
    "a rule is broken": made(b"name=abcd"),
    "a field is missing": made(b"other=1"),
    "a body is missing": made(b""),
    "a body is undocumented": made(b"name=abc", b"made"),
    "a method is undocumented": exchange("/v1/pets", method="DELETE"),
    "a path is undocumented": exchange("/v1/dogs"),
    "another path is": exchange("/v1/cats"),
}


def fingerprints(document: Json, faults: dict[str, Exchange]) -> dict[str, list[str]]:
    judge = Judge(parsed(document))
    return {
        fault: sorted(finding.fingerprint for finding in judge.judge(exchange).findings)
        for fault, exchange in faults.items()
    }


BEFORE = fingerprints(DOCUMENT, FAULTS)


def test_every_fault_has_a_fingerprint_of_its_own() -> None:
    assert {fault: kinds for fault, kinds in BEFORE.items() if len(kinds) != 1} == {}
    assert len({kind for kinds in BEFORE.values() for kind in kinds}) == len(FAULTS)


# What people do to documents. Each changes a copy in place.


def shuffle(value: Json, chance: random.Random) -> None:
    """Changes the order of members, and that of lists in which it means nothing."""
    for part in parts(value):
        if isinstance(part, dict):
            members = list(part.items())
            chance.shuffle(members)
            part.clear()
            part.update(members)
            for key in ("parameters", "required", "enum", "allOf", "oneOf"):
                if isinstance(part.get(key), list):
                    chance.shuffle(part[key])


def add_unrelated(value: Json, chance: random.Random) -> None:
    for part in parts(value["paths"]) + parts(value["components"]["schemas"]):
        if isinstance(part, dict) and part.keys() & {"type", "operationId", "in"} and chance.random() < 0.5:
            part["description"] = "More about this."
    value["paths"]["/a"] = copy.deepcopy(value["paths"]["/pets"])
    value["paths"]["/a"]["get"]["operationId"] = "listOthers"
    value["components"]["schemas"]["A"] = {"type": "string", "examples": ["b"]}
    value["paths"]["/pets"]["parameters"].insert(
        0, {"name": "A", "in": "query", "schema": {"type": "string"}}
    )


def rename_components(value: Json, chance: random.Random) -> None:
    new = f"Renamed{chance.randrange(100)}"
    for kind, components in value["components"].items():
        for name in list(components):
            components[new + name] = components.pop(name)
            for part in parts(value):
                if isinstance(part, dict) and part.get("$ref") == f"#/components/{kind}/{name}":
                    part["$ref"] = f"#/components/{kind}/{new}{name}"


def extract(value: Json, chance: random.Random) -> None:
    """Makes a component of some schemas that stand within others."""
    components = value["components"]["schemas"]
    schemas = [
        (part, key)
        for part in parts(value)
        if isinstance(part, dict)
        for key, schema in part.items()
        if key in ("schema", "items", "additionalProperties", "id", "name", "born", "mail")
        if isinstance(schema, dict) and schema.keys() & {"type", "enum", "allOf"}
    ]
    for index, (owner, key) in enumerate(schemas):
        if chance.random() < 0.5:
            components[f"Extracted{index}"] = owner[key]
            owner[key] = {"$ref": f"#/components/schemas/Extracted{index}"}


def inline(value: Json, chance: random.Random) -> None:
    for part in parts(value):
        if isinstance(part, dict) and "$ref" in part and chance.random() < 0.5:
            target = value
            for token in part.pop("$ref").split("/")[1:]:
                target = target[token]
            part.update(copy.deepcopy(target))


def rename_operations(value: Json, chance: random.Random) -> None:
    for item in value["paths"].values():
        for operation in (item[method] for method in ("get", "post") if method in item):
            if chance.random() < 0.5:
                operation.pop("operationId", None)
            else:
                operation["operationId"] = f"operation{id(operation)}"


def rename_path_parameter(value: Json, _: random.Random) -> None:
    item = value["paths"].pop("/pets/{pet}")
    for parameter in item["parameters"]:
        parameter["name"] = "pet_id"
    value["paths"]["/pets/{pet_id}"] = item


Change = Callable[[Json, random.Random], None]
CHANGES: list[Change] = [
    shuffle,
    add_unrelated,
    rename_components,
    extract,
    inline,
    rename_operations,
    rename_path_parameter,
]


def parts(value: Json) -> list[Json]:
    """Every object and list within a value, itself included."""
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [value, *(part for child in children for part in parts(child))]


@pytest.mark.no_cover
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(CHANGES), min_size=1, max_size=4, unique=True), st.integers(0, 10**6))
def test_a_fingerprint_outlasts_what_people_do_to_the_document(changes: list[Change], seed: int) -> None:
    document, chance = copy.deepcopy(DOCUMENT), random.Random(seed)
    for change in changes:
        change(document, chance)
    assert fingerprints(document, FAULTS) == BEFORE


def test_a_fingerprint_outlasts_another_base_path() -> None:
    document = {**DOCUMENT, "servers": [{"url": "https://pets.test/api/v2"}]}
    moved = {
        fault: structs.replace(exchange, url=exchange.url.replace("/v1/", "/api/v2/"))
        for fault, exchange in FAULTS.items()
    }
    assert fingerprints(document, moved) == BEFORE


def test_members_that_only_a_recording_names_are_one_place() -> None:
    here, there = ({"mail": 1, "phone": "1"},) * 2
    faults = {"one": pet(owners={"ada": here}), "two": pet(owners={"0815": GOOD_OWNER, "bob": there})}
    kinds = fingerprints(DOCUMENT, faults)
    assert kinds["one"] == kinds["two"] == BEFORE["a nested member has another type"]
