"""Where the extensions of docs/extensions.md lead, and whether one finds it there."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from keyword import iskeyword
from typing import Any

from wirecheck import decode
from wirecheck.lint.laws import (
    invariant_problems,
    law_problems,
    rules_of_one_exchange,
    scope_problems,
    undo_problems,
)
from wirecheck.lint.problem import Problem
from wirecheck.lint.shapes import SHAPES, engine, misshapen, problem
from wirecheck.spec import Document, Node, Operation, Response, Spec, join, walk
from wirecheck.spec.document import target, tokens
from wirecheck.spec.expressions import places


def problems(spec: Spec) -> Iterator[Problem]:
    """Extensions that their readers would not find, could not read, or could not follow."""
    shapes = engine()
    named: dict[str, str] = {}
    for node in walk(spec.document):
        for extension in SHAPES if isinstance(node.value, dict) else ():
            if extension not in node.value:
                continue
            value, pointer = node.value[extension], join(node.pointer, extension)
            broken = list(misshapen(spec, shapes, node, extension))
            yield from broken
            if broken:
                continue
            if extension in _EXPRESSIONS:
                yield from (
                    problem(place, what) for place, what in _EXPRESSIONS[extension](spec, node, value)
                )
            for what in _MEANINGS[extension](spec, node, value) if extension in _MEANINGS else ():
                yield problem(pointer, f"{extension} {what}")
            if extension == "x-resource" and named.setdefault(value, pointer) != pointer:
                yield problem(pointer, f"{extension} {value} is also #{named[value]}")
    for operation in spec.operations:
        yield from _payloads(spec.document, operation)


def _resource(spec: Spec, node: Node, value: str) -> Iterator[str]:
    if not re.fullmatch(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*", value):
        yield f"is {value}, not two names in snake_case with a dot between"
    for name in filter(iskeyword, value.split(".")):
        yield f"has the name {name}, which is a word of Python"


def _pagination(spec: Spec, node: Node, value: dict[str, Any]) -> Iterator[str]:
    if "cursor" not in value and "next-url" not in value:
        yield "must have cursor and parameter, or next-url, or both"
    newer, total = value.get("newer", {}), value.get("total")
    for operation in _operations(spec, node):
        queried = {one.name for one in operation.parameters if one.location == "query"}
        for name in (value.get("parameter"), value.get("limit"), newer.get("parameter")):
            if name is not None and name not in queried:
                yield f"names the parameter {name}, which the operation has not in its query"
        bodies = _successes(operation)
        if not bodies:
            yield "wants an answer of 2xx in JSON with a schema"
        for pointer in (*map(value.get, ("items", "cursor", "next-url", "more")), newer.get("cursor")):
            if pointer is not None:
                yield from _astray(spec.document, bodies, pointer)
        yield from _no_list(spec.document, bodies, value["items"])
    if total:
        counting = [one for one in spec.operations if one.name == total["operation"] and one.method == "GET"]
        if not counting:
            yield f"names {total['operation']}, which is no operation with GET"
        for operation in counting:
            yield from _astray(spec.document, _successes(operation), total["count"])


def _no_list(document: Document, bodies: list[str], pointer: str) -> Iterator[str]:
    for body in bodies:
        items = _at(document, body, pointer)
        if items and not any("array" in decode.schema_types(document, one) for one in items):
            yield f"has {pointer} as items, which is no array in #{body}"


def _items(document: Document, bodies: list[str], pointer: str) -> Iterator[str]:
    """The schemas of the items of a list in bodies."""
    for body in bodies:
        for listed in _at(document, body, pointer):
            for part in _parts(document, listed, "allOf", "anyOf", "oneOf"):
                if "items" in document.get(part):
                    yield join(part, "items")


def _bounds(spec: Spec, node: Node, value: dict[str, str]) -> Iterator[str]:
    name = node.value["name"]
    named = re.compile(rf"\brequest\.query\.{re.escape(name)}\b")
    for operation in spec.operations:
        if all(one.pointer != node.pointer for one in operation.parameters):
            continue
        bodies = _successes(operation)
        yield from _no_list(spec.document, bodies, value["items"])
        yield from _astray(spec.document, bodies, value["items"])
        yield from _astray(spec.document, _items(spec.document, bodies, value["items"]), value["by"])
        if not any(named.search(rule) for rule in rules_of_one_exchange(spec, operation)):
            yield f"wants a law of {operation.name} that compares items with request.query.{name}"


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
    return undo_problems(spec, value)


def _scopes(spec: Spec, node: Node, value: dict[str, str]) -> Iterator[str]:
    return scope_problems(spec, node, value)


def _answer(spec: Spec, node: Node, value: str) -> Iterator[str]:
    callbacks = [one for operation in spec.operations for one in spec.callbacks(operation)]
    for callback in callbacks:
        if any(response.pointer == node.pointer for response in callback.responses):
            known = {(one.location, one.name) for one in callback.parameters}
            for where, name in places(value):
                if where != "body" and (where, name) not in known:
                    yield f"looks for {name} in the {where}, which the callback has not"


def _lifecycle(spec: Spec, node: Node, value: list[dict[str, str]]) -> Iterator[str]:
    for before, after in pairwise(value):
        if after["date"] < before["date"]:
            yield f"is not in the order of date: {after['date']} stands after {before['date']}"


# What a shape cannot say, each with the pointer of what is wrong.
_EXPRESSIONS: dict[str, Callable[[Spec, Node, Any], Iterator[tuple[str, str]]]] = {
    "x-laws": law_problems,
    "x-invariants": invariant_problems,
}

# What a shape cannot say: of an extension that has its shape, what completes a sentence about it.
_MEANINGS: dict[str, Callable[[Spec, Node, Any], Iterator[str]]] = {
    "x-resource": _resource,
    "x-pagination": _pagination,
    "x-bounds": _bounds,
    "x-exception": _exception,
    "x-signature": _signature,
    "x-identifier": _identifier,
    "x-undo": _undo,
    "x-scopes": _scopes,
    "x-answer": _answer,
    "x-lifecycle": _lifecycle,
}


def _payloads(document: Document, operation: Operation) -> Iterator[Problem]:
    """Successful answers which lack the property that stands for the whole."""
    for body in (body for response in operation.responses for body in _bodies(response, "2")):
        for part in _parts(document, body, "allOf"):
            payload = document.get(part).get("x-payload")
            if isinstance(payload, str) and not _at(document, body, join("", payload)):
                yield problem(join(part, "x-payload"), f"x-payload {payload} is no property of #{body}")


def _operations(spec: Spec, node: Node) -> list[Operation]:
    """What stands at a node; paths may share it."""
    return [one for one in spec.operations if one.pointer == node.pointer]


def _successes(operation: Operation) -> list[str]:
    """The schemas of the JSON bodies of answers with 2xx."""
    return [body for response in operation.responses for body in _bodies(response, "2")]


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
