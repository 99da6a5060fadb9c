"""What is wanted of the fields of a body, and their limits and rules, however they are sent."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any

from wirecheck.conform import writing
from wirecheck.conform.ask import Ask
from wirecheck.conform.encode import media_types
from wirecheck.conform.lab import Lab, UntestableError
from wirecheck.conform.promises import rules
from wirecheck.conform.promises.parameters import edges
from wirecheck.decode import essence, property_schema
from wirecheck.spec import Operation, Spec

Way = Callable[[Ask], Ask]
"""The same request, its fields sent in another way."""


def tests(spec: Spec, operation: Operation) -> Iterator[tuple[str, str, Any]]:
    required, fields = _required(spec, operation), _fields(spec, operation)
    for name in required:
        yield "body", f"wants {name}", partial(_wants_field, operation=operation, name=name)
    for name, schema in fields.items():
        test = partial(_holds_limits_of_field, operation=operation, name=name, schema=schema)
        yield "body", f"holds the limits of {name}", test
        yield from rules.tests(spec, operation, name, schema, partial(_with_field, name=name))
    for named, way in _ways(spec, operation):
        yield "body", f"takes fields {named}", partial(_takes, operation=operation, way=way)
        if required or fields:
            test = partial(_holds, operation=operation, named=named, way=way)
            yield "body", f"holds limits and rules of fields {named}", test


def _wants_field(lab: Lab, operation: Operation, name: str) -> None:
    writing.all_unchanged(lab, [_missing(lab.base(operation), name)])


def _holds_limits_of_field(lab: Lab, operation: Operation, name: str, schema: str) -> None:
    if asks := list(_beyond(lab, lab.base(operation), name, schema)):
        writing.all_unchanged(lab, asks)


def _takes(lab: Lab, operation: Operation, way: Way) -> None:
    """Of a text with rules it is one that wrong decoding would change."""
    lab.require_means(operation)
    known = chain(writing.undoable(lab, operation), writing.lasting(lab, operation.name))
    ask = next(known, None)
    if ask is None:
        raise UntestableError("it could not be undone: give --values of other things")
    for name, schema in _fields(lab.spec, operation).items():
        if rules.names(lab.spec, schema) and (texts := rules.tempting(lab, schema)):
            ask = _with_field(ask, texts[0], name)
    writing.taken(lab, way(ask))


def _holds(lab: Lab, operation: Operation, named: str, way: Way) -> None:
    """Each limit and each rule by one value, which is refused without effect."""
    base = lab.base(operation)
    asks = [_missing(base, name) for name in _required(lab.spec, operation)]
    for name, schema in _fields(lab.spec, operation).items():
        asks += [*_beyond(lab, base, name, schema)][:1]
        for rule in rules.names(lab.spec, schema):
            for case in lab.boundaries(schema, rule, kept=False)[:1]:
                asks.append((_with_field(base, case.value, name), f"{name} breaks {rule} ({case.what})"))
    writing.all_unchanged(lab, [(way(ask), f"{why}, {named}") for ask, why in asks])


def _ways(spec: Spec, operation: Operation) -> Iterator[tuple[str, Way]]:
    """By media types that promise the same as the usual one, and in the query."""
    known = media_types(operation)
    for one in known[1:]:
        if _schema(spec, one.schema) == _schema(spec, known[0].schema):
            yield f"as {essence(one.name)}", partial(replace, media_type=essence(one.name))
    if operation.request_body and operation.request_body.also_in_query:
        yield "in the query", partial(replace, in_query=True)


def _required(spec: Spec, operation: Operation) -> list[str]:
    return list(_described(spec, operation).get("required", []))


def _fields(spec: Spec, operation: Operation) -> dict[str, str]:
    """The schemas of the fields, as pointers, by name."""
    content = operation.request_body.content if operation.request_body else ()
    schema = content[0].schema if content else None
    found = {
        name: property_schema(spec.document, schema, name)
        for name in _described(spec, operation).get("properties", {})
        if schema
    }
    return {name: pointer for name, pointer in found.items() if pointer}


def _described(spec: Spec, operation: Operation) -> dict[str, Any]:
    content = operation.request_body.content if operation.request_body else ()
    described = _schema(spec, content[0].schema) if content else None
    return described if isinstance(described, dict) else {}


def _schema(spec: Spec, pointer: str | None) -> Any:
    return spec.document.get(spec.document.follow(pointer)) if pointer else None


def _missing(ask: Ask, name: str) -> tuple[Ask, str]:
    body = {key: value for key, value in (ask.body or {}).items() if key != name}
    return replace(ask, body=body or None), f"{name} is missing"


def _beyond(lab: Lab, ask: Ask, name: str, schema: str) -> Iterator[tuple[Ask, str]]:
    """Requests with values of a field that are beyond its limits, and what is wrong with each."""
    for value, why in edges(_schema(lab.spec, schema)):
        if why:
            yield _with_field(ask, value, name), f"{name} {why}"


def _with_field(ask: Ask, value: Any, name: str) -> Ask:
    return replace(ask, body={**(ask.body or {}), name: value})
