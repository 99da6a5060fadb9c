"""What is wrong with one of several alternatives is said of the one that was meant."""

import json
from typing import Any

import pytest

from support.judging import api, findings_of, thing

KUBE = {"type": "object", "required": ["kind", "cluster"], "properties": {"kind": {"type": "string"}}}
DISK = {"type": "object", "required": ["kind", "size"], "properties": {"size": {"type": "integer"}}}
REFS = [{"$ref": "#/components/schemas/Kube"}, {"$ref": "#/components/schemas/Disk"}]
MAPPED = {"kube": "#/components/schemas/Kube", "disk": "Disk"}


def by(tag: Any, **members: Any) -> dict[str, Any]:
    """An object whose ``kind`` has a fixed value, with members that it requires."""
    rule = {"enum": tag} if isinstance(tag, list) else {"const": tag}
    return {"type": "object", "required": list(members), "properties": {"kind": rule, **members}}


# A schema, a body, and the place and the message of each finding.
MEANT: list[tuple[dict[str, Any], Any, list[tuple[str, str]]]] = [
    (
        {"oneOf": REFS, "discriminator": {"propertyName": "kind", "mapping": MAPPED}},
        {"kind": "kube"},
        [("", 'the body lacks "cluster"')],
    ),
    (
        {"anyOf": REFS, "discriminator": {"propertyName": "kind", "mapping": MAPPED}},
        {"kind": "disk", "size": "9"},
        [("/size", 'body /size is "9", a string, not an integer')],
    ),
    (
        {"oneOf": REFS, "discriminator": {"propertyName": "kind", "mapping": MAPPED}},
        {"kind": "tape"},
        [("/kind", 'body /kind is "tape", not "kube" or "disk"')],
    ),
    (
        {"oneOf": REFS, "discriminator": {"propertyName": "kind"}},
        {"kind": "Disk"},
        [("", 'the body lacks "size"')],
    ),
    (
        {"oneOf": REFS, "discriminator": {"propertyName": "kind"}},
        {"kind": 1},
        [("/kind", 'body /kind is 1, not "Kube" or "Disk"')],
    ),
    (
        {"oneOf": REFS, "discriminator": {"propertyName": "kind"}},
        {},
        [("", 'the body lacks "kind", which must be "Kube" or "Disk"')],
    ),
    (
        {"oneOf": REFS, "discriminator": {"propertyName": "kind", "defaultMapping": "Disk"}},
        {"kind": "tape"},
        [("", 'the body lacks "size"')],
    ),
    (
        {"oneOf": [by("a", x={"type": "integer"}), by("b", y={"type": "integer"})]},
        {"kind": "b", "y": "1"},
        [("/y", 'body /y is "1", a string, not an integer')],
    ),
    (
        {"oneOf": [by("a", x={}), by(["b", "c"], y={}), {"type": "null"}]},
        {"kind": "c"},
        [("", 'the body lacks "y"')],
    ),
    (
        {"anyOf": [by("a", x={}), by("b", y={})]},
        {"kind": "d", "x": 1, "y": 1},
        [("/kind", 'body /kind is "d", not "a" or "b"')],
    ),
    (
        {"oneOf": [{"allOf": [by(1)]}, {"allOf": [by(2, y={})]}]},
        {"kind": 2},
        [("", 'the body lacks "y"')],
    ),
    (
        {"items": {"oneOf": [by("a", x={}), by("b", y={})]}},
        [{"kind": "a", "x": 1}, {"kind": "b"}],
        [("/1", 'body /1 lacks "y"')],
    ),
    (
        {"oneOf": [by("a", n={"oneOf": [by("c", x={}), by("d", y={})]}), by("b")]},
        {"kind": "a", "n": {"kind": "d"}},
        [("/n", 'body /n lacks "y"')],
    ),
    (
        {"oneOf": [{"required": ["q"]}, {"required": ["r"]}]},
        {"x": {"y": 1}, "z": "0", "list": [], "n": None, "more": 1},
        [
            (
                "",
                'the body is an object ({"x": {…}, "z": "0", "list": [], "n": null, …}),'
                " which matches none of the alternatives",
            )
        ],
    ),
    (
        {"anyOf": [{"maxItems": 1}, {"minItems": 9}]},
        [1, "b", [2]],
        [("", 'the body is an array ([1, "b", […]]), which matches none of the alternatives')],
    ),
    (
        {"properties": {"p": {"enum": ["a"]}}},
        {"p": {"password": "hunter2"}},
        [("/p", 'body /p is an object ({"password": [redacted]}), not "a"')],
    ),
    (
        {"oneOf": [by("a", x={}), {"type": "string"}]},
        5,
        [("", "the body is 5, an integer, which matches none of the alternatives")],
    ),
]


@pytest.mark.parametrize(("schema", "body", "expected"), MEANT)
def test_the_finding_is_that_of_the_alternative_that_was_meant(
    schema: dict[str, Any], body: Any, expected: list[tuple[str, str]]
) -> None:
    content = {"application/json": {"schema": schema}}
    components = {"schemas": {"Kube": KUBE, "Disk": DISK}}
    judge = api({"responses": {"200": {"description": "", "content": content}}}, components=components)
    headers = (("content-type", "application/json"), ("server", "x"))
    exchange = thing(response_headers=headers, response_body=json.dumps(body).encode())
    assert [(each.pointer, each.message) for each in findings_of(judge, exchange)] == expected
