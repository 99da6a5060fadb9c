"""Requests of known values succeed, optional parameters are taken, and the limits of all are held."""

from collections.abc import Iterator
from functools import partial
from itertools import cycle
from math import inf
from typing import Any

from wirecheck.conform import writing
from wirecheck.conform.case import READS, Case
from wirecheck.conform.requirements import rules
from wirecheck.conform.session import Session
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


def _answers(session: Session, operation: Operation) -> None:
    session.each(session.cases(operation), session.accepted)


def _takes(session: Session, operation: Operation, parameter: Parameter) -> None:
    known = session.known(operation, parameter)
    cases = [
        case.having(parameter.location, parameter.name, one)
        for case in session.cases(operation)
        for one in known
    ]
    session.each(cases, session.accepted)


def _with_parameter(case: Case, value: Any, parameter: Parameter) -> Case:
    return case.having(parameter.location, parameter.name, value)


def _wants(session: Session, operation: Operation, parameter: Parameter) -> None:
    case = session.base(operation).without(parameter.location, parameter.name)
    writing.unchanged(session, case, f"{parameter.name} is missing")


def _holds_limits(session: Session, operation: Operation, parameter: Parameter) -> None:
    """Values beyond the edges are refused, and those within are taken, by known requests in turn."""
    if parameter.schema is None:
        return
    base, known = session.base(operation), cycle(map(session.light, session.cases(operation)))
    for value, why in edges(session.spec.document.get(session.spec.document.follow(parameter.schema))):
        if parameter.location == "path" and value == "":
            continue
        if why:
            case = base.having(parameter.location, parameter.name, value)
            writing.unchanged(session, case, f"{parameter.name} {why}")
        elif operation.method in READS:
            _fits(session, next(known), parameter, value)


def _fits(session: Session, known: Case, parameter: Parameter, value: Any) -> None:
    """Nobody calls a value unusable that keeps the limits; it may still be unknown, or for others."""
    observation = session.send(known.having(parameter.location, parameter.name, value))
    if parameter.location != "path" and observation.status in _UNUSABLE and session.accepted(known):
        session.broken(
            f"{parameter.name} is within its limits, but is refused: {observation.status}", observation
        )


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
