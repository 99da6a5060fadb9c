"""Requests of known values succeed, optional parameters are taken, and the limits of all are held."""

from collections.abc import Iterator
from functools import partial
from itertools import cycle
from math import inf
from typing import Any

from wirecheck.conform import writing
from wirecheck.conform.ask import READS, Ask
from wirecheck.conform.lab import Lab
from wirecheck.conform.promises import rules
from wirecheck.spec import Operation, Parameter, Spec

_UNUSABLE = {400, 422}  # what a request with malformed values is answered with


def tests(spec: Spec, operation: Operation) -> Iterator[tuple[str, str, Any]]:
    reads = operation.method in READS
    if reads:
        yield "answers", "answers requests of known values", partial(_answers, operation=operation)
        for parameter in operation.parameters:
            if not parameter.required:
                test = partial(_takes, operation=operation, parameter=parameter)
                yield "parameters", f"takes {parameter.name}", test
    for parameter in operation.parameters:
        test = partial(_holds_limits, operation=operation, parameter=parameter)
        yield "parameters", f"holds the limits of {parameter.name}", test
        if parameter.required and parameter.location != "path":
            test = partial(_wants, operation=operation, parameter=parameter)
            yield "parameters", f"wants {parameter.name}", test
        if parameter.schema:
            having = partial(_with_parameter, parameter=parameter)
            yield from rules.tests(spec, operation, parameter.name, parameter.schema, having)


def _answers(lab: Lab, operation: Operation) -> None:
    lab.each(lab.asks(operation), lab.accepted)


def _takes(lab: Lab, operation: Operation, parameter: Parameter) -> None:
    known = lab.known(operation, parameter)
    asks = [
        ask.having(parameter.location, parameter.name, one) for ask in lab.asks(operation) for one in known
    ]
    lab.each(asks, lab.accepted)


def _with_parameter(ask: Ask, value: Any, parameter: Parameter) -> Ask:
    return ask.having(parameter.location, parameter.name, value)


def _wants(lab: Lab, operation: Operation, parameter: Parameter) -> None:
    ask = lab.base(operation).without(parameter.location, parameter.name)
    writing.unchanged(lab, ask, f"{parameter.name} is missing")


def _holds_limits(lab: Lab, operation: Operation, parameter: Parameter) -> None:
    """Values beyond the edges are refused, and those within are taken, by known requests in turn."""
    if parameter.schema is None:
        return
    base, known = lab.base(operation), cycle(map(lab.light, lab.asks(operation)))
    for value, why in edges(lab.spec.document.get(lab.spec.document.follow(parameter.schema))):
        if parameter.location == "path" and value == "":
            continue
        if why:
            ask = base.having(parameter.location, parameter.name, value)
            writing.unchanged(lab, ask, f"{parameter.name} {why}")
        elif operation.method in READS:
            _fits(lab, next(known), parameter, value)


def _fits(lab: Lab, known: Ask, parameter: Parameter, value: Any) -> None:
    """Nobody calls a value unusable that keeps the limits; it may still be unknown, or for others."""
    seen = lab.ask(known.having(parameter.location, parameter.name, value))
    if parameter.location != "path" and seen.status in _UNUSABLE and lab.accepted(known):
        lab.broken(f"{parameter.name} is within its limits, but is refused: {seen.status}", seen)


def edges(schema: Any) -> Iterator[tuple[Any, str]]:
    """Values about the limits of a schema, and what is wrong with each, empty if nothing is."""
    if not isinstance(schema, dict):
        return
    kind = schema.get("type")
    if kind in ("integer", "number", "boolean"):
        yield "", "is empty"
        yield "x", f"is no {kind}"
    if kind in ("integer", "number"):
        yield from _about(schema)
    if kind == "integer":
        yield "1.5", "is no integer"
        yield "1_0", "is no integer"
    elif kind == "boolean":
        yield True, ""
        yield False, ""
    elif kind == "string" and "enum" in schema:
        for value in schema["enum"]:
            yield value, ""
        yield "x-unknown", "is none of its values"
    elif kind == "string":
        if schema.get("minLength", 0) > 0:
            yield "", "is empty"
        if "maxLength" in schema:
            yield "9" * (schema["maxLength"] + 1), "is too long"


def _about(schema: dict[str, Any]) -> Iterator[tuple[Any, str]]:
    """Numbers at their limits, one further in, and one further out."""
    least, most = schema.get("minimum", -inf), schema.get("maximum", inf)
    for word, inwards in (("minimum", 1), ("maximum", -1)):
        if word in schema:
            limit = schema[word]
            yield limit, ""
            if least <= limit + inwards <= most:
                yield limit + inwards, ""
            yield limit - inwards, f"is beyond its {word}"
    if least > 0:
        yield -1 - least, "is negative"
