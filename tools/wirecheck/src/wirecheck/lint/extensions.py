"""The rule about extensions: where those of docs/extensions.md lead, and whether anything is there."""

import builtins
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from keyword import iskeyword
from typing import Any

from wirecheck import decode
from wirecheck.lint import bodies
from wirecheck.lint.laws import (
    invariant_problems,
    law_problems,
    rules_of_one_exchange,
    scope_problems,
    undo_problems,
)
from wirecheck.lint.rule import Context, Flaw, Ruleset, rule
from wirecheck.lint.shapes import SHAPES, engine, misshapen
from wirecheck.model import Severity
from wirecheck.spec import Document, Node, Operation, Spec, join, walk
from wirecheck.spec.expressions import places


@rule(
    Severity.ERROR,
    Ruleset.EXTENSIONS,
    why="""\
    An extension that stands in the wrong place, has the wrong form or points nowhere is not an error to
    OpenAPI: it is just without effect. A law is then never checked, a page never followed, and
    no report says so.""",
    bad="""\
    paths:
      /books:
        get:
          operationId: listBooks
          x-resource: books
          responses: {'200': {description: Books.}}
    """,
    good="""\
    paths:
      /books:
        get:
          operationId: listBooks
          x-resource: books.list
          responses: {'200': {description: Books.}}
    """,
)
def extension_well_formed(context: Context) -> Iterator[Flaw]:
    """Extensions stand where they are read, have the right form, and lead where they say.

    The extensions of docs/extensions.md; others are ignored. Operations, parameters and schemes that
    an extension names must exist, JSON pointers must lead somewhere in the schemas, and expressions
    must be CEL over what is available there.
    """
    return problems(context.spec)


def problems(spec: Spec) -> Iterator[Flaw]:
    """Extensions that would not be found, could not be read, or could not be followed."""
    shapes = engine()
    resources: dict[str, str] = {}
    for node in walk(spec.document):
        for extension in SHAPES if isinstance(node.value, dict) else ():
            if extension not in node.value:
                continue
            flaws = list(misshapen(spec, shapes, node, extension))
            yield from flaws or _meaningless(spec, node, extension)
            value, pointer = node.value[extension], join(node.pointer, extension)
            if extension == "x-resource" and not flaws:
                earlier = resources.setdefault(value, pointer)
                if earlier != pointer:
                    yield Flaw(pointer, f"{extension} {value} is already used at #{earlier}")
    for operation in spec.operations:
        yield from _payloads(spec.document, operation)


def _meaningless(spec: Spec, node: Node, extension: str) -> Iterator[Flaw]:
    """What is wrong with an extension that has the right form."""
    value, pointer = node.value[extension], join(node.pointer, extension)
    if extension in _EXPRESSIONS:
        for place, what in _EXPRESSIONS[extension](spec, node, value):
            yield Flaw(place, what)
    if extension in _MEANINGS:
        for what in _MEANINGS[extension](spec, node, value):
            yield Flaw(pointer, f"{extension} {what}")


def _resource(spec: Spec, node: Node, value: str) -> Iterator[str]:
    if not re.fullmatch(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*", value):
        yield f"is {value}, not two names in snake_case with a dot between them"
    for name in filter(iskeyword, value.split(".")):
        yield f"has the name {name}, which is a keyword of Python"


def _pagination(spec: Spec, node: Node, value: dict[str, Any]) -> Iterator[str]:
    if "cursor" not in value and "next-url" not in value:
        yield "must have cursor and parameter, or next-url, or both"
    newer = value.get("newer", {})
    names = [value.get("parameter"), value.get("limit"), newer.get("parameter")]
    pointers = [*map(value.get, ("items", "cursor", "next-url", "more")), newer.get("cursor")]
    for operation in _operations(spec, node):
        queried = {parameter.name for parameter in operation.parameters if parameter.location == "query"}
        for name in names:
            if name is not None and name not in queried:
                yield f"names {name}, which is not a query parameter of the operation"
        schemas = bodies.of_successes(operation)
        if not schemas:
            yield "needs a 2xx response in JSON with a schema"
        for pointer in pointers:
            if pointer is not None:
                yield from bodies.dead_ends(spec.document, schemas, pointer)
        yield from bodies.not_arrays(spec.document, schemas, value["items"])
    if "total" in value:
        yield from _total(spec, value["total"])


def _total(spec: Spec, total: dict[str, str]) -> Iterator[str]:
    counting = [
        operation
        for operation in spec.operations
        if operation.name == total["operation"] and operation.method == "GET"
    ]
    if not counting:
        yield f"names {total['operation']}, which is not an operation with GET"
    for operation in counting:
        yield from bodies.dead_ends(spec.document, bodies.of_successes(operation), total["count"])


def _bounds(spec: Spec, node: Node, value: dict[str, str]) -> Iterator[str]:
    name = node.value["name"]
    named = re.compile(rf"\brequest\.query\.{re.escape(name)}\b")
    for operation in spec.operations:
        if all(parameter.pointer != node.pointer for parameter in operation.parameters):
            continue
        schemas = bodies.of_successes(operation)
        yield from bodies.not_arrays(spec.document, schemas, value["items"])
        yield from bodies.dead_ends(spec.document, schemas, value["items"])
        items = bodies.items(spec.document, schemas, value["items"])
        yield from bodies.dead_ends(spec.document, items, value["by"])
        if not any(named.search(rule) for rule in rules_of_one_exchange(spec, operation)):
            yield f"needs a law of {operation.name} that compares items with request.query.{name}"


def _exception(spec: Spec, node: Node, value: str | dict[str, Any]) -> Iterator[str]:
    schemas = dict.fromkeys(
        schema
        for operation in spec.operations
        for response in operation.responses
        if response.pointer == node.pointer
        for schema in bodies.of_response(response)
    )
    members: dict[str, Any] = value if isinstance(value, dict) else {"class": value}
    for each in (members, *members.get("by-error-type", {}).values()):
        if hasattr(builtins, each["class"]):
            yield f"names the class {each['class']}, which is built into Python: choose another name"
    for member in ("error-type", "error-message"):
        for pointer in members.get(member, []):
            yield from bodies.dead_ends(spec.document, schemas, pointer)


def _signature(spec: Spec, node: Node, value: dict[str, str]) -> Iterator[str]:
    document = spec.document
    schemes = document.data.get("components", {}).get("securitySchemes", {})
    pointer = join("/components/securitySchemes", value["key"])
    if value["key"] not in schemes or document.get(document.follow(pointer)).get("type") != "apiKey":
        yield f"has the key {value['key']}, which is not an apiKey security scheme"


def _identifier(spec: Spec, node: Node, value: dict[str, Any]) -> Iterator[str]:
    if value.get("shift", 0) >= value["bits"]:
        yield f"leaves none of its {value['bits']} bits for the time"
    if len(set(value.get("alphabet", ""))) < len(value.get("alphabet", "")):
        yield "has the same character twice in its alphabet"


def _undo(spec: Spec, node: Node, value: dict[str, Any]) -> Iterator[str]:
    return undo_problems(spec, value)


def _scopes(spec: Spec, node: Node, value: dict[str, str]) -> Iterator[str]:
    return scope_problems(spec, node, value)


def _answer(spec: Spec, node: Node, value: str) -> Iterator[str]:
    callbacks = (callback for operation in spec.operations for callback in spec.callbacks(operation))
    for callback in callbacks:
        if all(response.pointer != node.pointer for response in callback.responses):
            continue
        parameters = {(parameter.location, parameter.name) for parameter in callback.parameters}
        for location, name in places(value):
            if location != "body" and (location, name) not in parameters:
                yield f"uses {name} in the {location}, which is not a parameter of the callback"


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


def _payloads(document: Document, operation: Operation) -> Iterator[Flaw]:
    """Bodies of 2xx responses without the property that x-payload names."""
    for body in bodies.of_successes(operation):
        for part in decode.parts(document, body, ("allOf",)):
            payload = document.get(part).get("x-payload")
            if isinstance(payload, str) and not bodies.reached(document, body, join("", payload)):
                yield Flaw(join(part, "x-payload"), f"x-payload {payload} is not a property of #{body}")


def _operations(spec: Spec, node: Node) -> list[Operation]:
    """The operations at a node: several where paths share a path item."""
    return [operation for operation in spec.operations if operation.pointer == node.pointer]
