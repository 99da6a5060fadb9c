"""Where the extensions of docs/extensions.md may stand, what they look like, where they lead."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from keyword import iskeyword
from typing import Any

from wirecheck import decode
from wirecheck.engine import Engine
from wirecheck.lint.laws import astray, undone
from wirecheck.lint.problem import Problem, shown, subject
from wirecheck.model import Severity
from wirecheck.spec import Document, Kind, Node, Operation, Response, Spec, join, walk
from wirecheck.spec.document import Place, target, tokens

Shape = dict[str, Any]  # a JSON Schema

_TEXT: Shape = {"type": "string", "minLength": 1}
_POINTER: Shape = {"type": "string", "format": "json-pointer"}
_COUNT: Shape = {"type": "integer", "minimum": 0}
_CLASS: Shape = {"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*Error$"}
_ALGORITHM: Shape = {"enum": ["hmac-sha1", "hmac-sha256", "hmac-sha512"]}


def _object(required: dict[str, Shape], optional: dict[str, Shape] | None = None, **more: Any) -> Shape:
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, **(optional or {})},
        "additionalProperties": False,
        **more,
    }


def _list(items: Shape) -> Shape:
    return {"type": "array", "items": items, "minItems": 1}


# Extension -> the places where it is read -> its shape there.
SHAPES: dict[str, dict[str, Shape]] = {
    "x-also-in-query": {"a request body": {"type": "boolean"}},
    "x-in-form": {"an apiKey security scheme in the query": {"type": "boolean"}},
    "x-resource": {"an operation": _TEXT, "an oauth2 security scheme": _TEXT},
    "x-payload": {"an object schema": _TEXT},
    "x-pagination": {
        "an operation below paths": _object(
            {"items": _POINTER},
            {"cursor": _POINTER, "parameter": _TEXT, "next-url": _POINTER, "more": _POINTER, "limit": _TEXT},
            dependentRequired={"cursor": ["parameter"], "parameter": ["cursor"]},
        )
    },
    "x-exception": {
        "a component response": {
            "anyOf": [
                _CLASS,
                _object(
                    {"class": _CLASS},
                    {
                        "hint": _TEXT,
                        "error-type": _list(_POINTER),
                        "error-message": _list(_POINTER),
                        "by-error-type": {
                            "type": "object",
                            "additionalProperties": _object({"class": _CLASS}, {"hint": _TEXT}),
                        },
                    },
                    dependentRequired={"by-error-type": ["error-type"]},
                ),
            ]
        }
    },
    "x-signature": {
        "an apiKey security scheme": _object(
            {"parameter": _TEXT, "algorithm": _ALGORITHM, "key": _TEXT, "separator": _TEXT}
        ),
        "an operation below webhooks": _object(
            {"header": _TEXT, "algorithm": _ALGORITHM, "key": _TEXT}, {"prefix": {"type": "string"}}
        ),
    },
    "x-identifier": {
        "a string schema": _object(
            {"bits": {"type": "integer", "minimum": 1}},
            {
                "epoch": {"type": "integer"},
                "shift": _COUNT,
                "minimum": _COUNT,
                "alphabet": {"type": "string", "minLength": 64, "maxLength": 64},
            },
            dependentRequired={"epoch": ["shift"], "shift": ["epoch"], "minimum": ["epoch"]},
        )
    },
    "x-laws": {
        "an operation below paths": {
            "type": "object",
            "patternProperties": {
                "^[a-z][a-z0-9]*(-[a-z0-9]+)*$": _object(
                    {"says": _TEXT, "holds": _TEXT},
                    {
                        "when": _TEXT,
                        "then": _TEXT,
                        "with": {"type": "object", "additionalProperties": _TEXT},
                    },
                    dependentRequired={"with": ["then"]},
                )
            },
            "additionalProperties": False,
        }
    },
    "x-undo": {
        "an operation below paths": _object(
            {"operation": _TEXT},
            {"then": _TEXT, "when": _TEXT, "with": {"type": "object", "additionalProperties": _TEXT}},
        )
    },
    "x-needs": {"an operation below paths": _TEXT},
    "x-retired": {"a component response": {"type": "object", "minProperties": 1}},
    "x-lifecycle": {
        "an operation": _list(_object({"date": {"type": "string", "format": "date"}, "what": _TEXT}))
    },
    "x-migration": {
        "an operation": _object(
            {"replacement": {"type": ["string", "null"], "minLength": 1}}, {"note": _TEXT}
        )
    },
}


def _schema_of(*types: str) -> Callable[[Spec, Node], bool]:
    return lambda spec, node: (
        node.kind is Kind.SCHEMA and not decode.schema_types(spec.document, node.pointer).isdisjoint(types)
    )


def _scheme(**fields: str) -> Callable[[Spec, Node], bool]:
    return lambda spec, node: (
        node.kind is Kind.SECURITY_SCHEME and node.ref is None and fields.items() <= node.value.items()
    )


# How a message names a place -> whether an object of the document is one.
_PLACES: dict[str, Callable[[Spec, Node], bool]] = {
    "an operation": lambda spec, node: node.kind is Kind.OPERATION,
    "an operation below paths": lambda spec, node: bool(_operations(spec, node)),
    "an operation below webhooks": lambda spec, node: (
        node.kind is Kind.OPERATION and node.pointer.startswith("/webhooks/")
    ),
    "a request body": lambda spec, node: node.kind is Kind.REQUEST_BODY and node.ref is None,
    "a component response": lambda spec, node: (
        node.ref is None and node.pointer.rpartition("/")[0] == "/components/responses"
    ),
    "an object schema": _schema_of("object"),
    "a string schema": _schema_of("string"),
    "an apiKey security scheme": _scheme(type="apiKey"),
    "an apiKey security scheme in the query": _scheme(type="apiKey", **{"in": "query"}),
    "an oauth2 security scheme": _scheme(type="oauth2"),
}


def problems(spec: Spec) -> Iterator[Problem]:
    """Extensions that their readers would not find, could not read, or could not follow."""
    engine = Engine(Document("extensions", SHAPES, Place(1)))
    named: dict[str, str] = {}
    for node in walk(spec.document):
        for extension in SHAPES if isinstance(node.value, dict) else ():
            if extension not in node.value:
                continue
            value, pointer = node.value[extension], join(node.pointer, extension)
            broken = list(_misshapen(spec, engine, node, extension))
            yield from broken
            if broken:
                continue
            if extension == "x-laws":
                yield from (_problem(join(pointer, *path), what) for path, what in astray(spec, node, value))
            for what in _MEANINGS[extension](spec, node, value) if extension in _MEANINGS else ():
                yield _problem(pointer, f"{extension} {what}")
            if extension == "x-resource" and named.setdefault(value, pointer) != pointer:
                yield _problem(pointer, f"{extension} {value} is also #{named[value]}")
    for operation in spec.operations:
        yield from _payloads(spec.document, operation)


def _problem(pointer: str, what: str) -> Problem:
    return Problem("extension-well-formed", Severity.ERROR, pointer, what)


def _misshapen(spec: Spec, engine: Engine, node: Node, extension: str) -> Iterator[Problem]:
    pointer = join(node.pointer, extension)
    place = next((place for place in SHAPES[extension] if _PLACES[place](spec, node)), None)
    if place is None:
        yield _problem(pointer, f"{extension} is not read here, only at {' or '.join(SHAPES[extension])}")
        return
    for violation in engine.violations(join("", extension, place), node.value[extension], shown):
        what = f"{subject(extension, violation.path)} {violation.problem}"
        yield _problem(join(pointer, *violation.path), what)


def _resource(spec: Spec, node: Node, value: str) -> Iterator[str]:
    if not re.fullmatch(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*", value):
        yield f"is {value}, not two names in snake_case with a dot between"
    for name in filter(iskeyword, value.split(".")):
        yield f"has the name {name}, which is a word of Python"


def _pagination(spec: Spec, node: Node, value: dict[str, str]) -> Iterator[str]:
    if ("cursor" in value) == ("next-url" in value):
        yield "must have either cursor and parameter, or next-url"
    for operation in _operations(spec, node):
        queried = {one.name for one in operation.parameters if one.location == "query"}
        for word in ("parameter", "limit"):
            if word in value and value[word] not in queried:
                yield f"names the parameter {value[word]}, which the operation has not in its query"
        bodies = [body for response in operation.responses for body in _bodies(response, "2")]
        if not bodies:
            yield "wants an answer of 2xx in JSON with a schema"
        for word in ("items", "cursor", "next-url", "more"):
            if word in value:
                yield from _astray(spec.document, bodies, value[word])
        for body in bodies:
            items = _at(spec.document, body, value["items"])
            if items and not any("array" in decode.schema_types(spec.document, one) for one in items):
                yield f"has {value['items']} as items, which is no array in #{body}"


def _exception(spec: Spec, node: Node, value: str | dict[str, Any]) -> Iterator[str]:
    responses = [one for operation in spec.operations for one in operation.responses]
    bodies = [body for one in responses if one.pointer == node.pointer for body in _bodies(one)]
    members = value if isinstance(value, dict) else {}
    for word in ("error-type", "error-message"):
        for pointer in members.get(word, []):
            yield from _astray(spec.document, dict.fromkeys(bodies), pointer)


def _signature(spec: Spec, node: Node, value: dict[str, str]) -> Iterator[str]:
    document = spec.document
    schemes = document.data.get("components", {}).get("securitySchemes", {})
    pointer = join("/components/securitySchemes", value["key"])
    if value["key"] not in schemes or document.get(document.follow(pointer)).get("type") != "apiKey":
        yield f"has the key {value['key']}, which is no apiKey security scheme"


def _identifier(spec: Spec, node: Node, value: dict[str, Any]) -> Iterator[str]:
    if value.get("shift", 0) >= value["bits"]:
        yield f"leaves no bit of {value['bits']} for the time"
    if len(set(value.get("alphabet", ""))) < len(value.get("alphabet", "")):
        yield "has a character twice in its alphabet"


def _undo(spec: Spec, node: Node, value: dict[str, Any]) -> Iterator[str]:
    return undone(spec, value)


def _lifecycle(spec: Spec, node: Node, value: list[dict[str, str]]) -> Iterator[str]:
    for before, after in pairwise(value):
        if after["date"] < before["date"]:
            yield f"is not in the order of date: {after['date']} stands after {before['date']}"


# What a shape cannot say: of an extension that has its shape, what completes a sentence about it.
_MEANINGS: dict[str, Callable[[Spec, Node, Any], Iterator[str]]] = {
    "x-resource": _resource,
    "x-pagination": _pagination,
    "x-exception": _exception,
    "x-signature": _signature,
    "x-identifier": _identifier,
    "x-undo": _undo,
    "x-lifecycle": _lifecycle,
}


def _payloads(document: Document, operation: Operation) -> Iterator[Problem]:
    """Successful answers which lack the property that stands for the whole."""
    for body in (body for response in operation.responses for body in _bodies(response, "2")):
        for part in _parts(document, body, "allOf"):
            payload = document.get(part).get("x-payload")
            if isinstance(payload, str) and not _at(document, body, join("", payload)):
                yield _problem(join(part, "x-payload"), f"x-payload {payload} is no property of #{body}")


def _operations(spec: Spec, node: Node) -> list[Operation]:
    """What stands at a node; paths may share it."""
    return [one for one in spec.operations if one.pointer == node.pointer]


def _bodies(response: Response, status: str = "") -> Iterator[str]:
    """The schemas of the JSON bodies of a response whose status begins so."""
    for media_type in response.content if response.status.startswith(status) else ():
        if media_type.schema is not None and decode.is_json(decode.essence(media_type.name)):
            yield media_type.schema


def _astray(document: Document, bodies: Iterable[str], pointer: str) -> Iterator[str]:
    for body in bodies:
        if not _at(document, body, pointer):
            yield f"has {pointer}, which leads nowhere in #{body}"


def _at(document: Document, schema: str, pointer: str) -> list[str]:
    """The schemas, of one that composes them, which say something of what a pointer leads to."""
    found = [schema]
    for token in tokens(pointer):
        parts = (part for one in found for part in _parts(document, one, "allOf", "anyOf", "oneOf"))
        found = [
            join(part, "properties", token)
            for part in dict.fromkeys(parts)
            if token in document.get(part).get("properties", {})
        ]
    return found


def _parts(document: Document, schema: str, *keywords: str) -> list[str]:
    """A schema, and those that it is made of by $ref and some keywords, as pointers to objects."""
    pending, seen = [schema], list[str]()
    while pending:
        pointer = pending.pop()
        value = document.get(pointer)
        if pointer in seen or not isinstance(value, dict):
            continue
        seen.append(pointer)
        if "$ref" in value:
            pending.append(target(value["$ref"]))
        for keyword in keywords:
            pending += [join(pointer, keyword, index) for index in range(len(value.get(keyword, [])))]
    return seen
