"""Parameters: known values succeed, optional parameters are accepted, limits are enforced."""

from collections.abc import Iterator
from functools import partial
from itertools import cycle
from math import inf
from typing import Any

from wirecheck.conform import writes
from wirecheck.conform.case import READS, Case, InconclusiveError
from wirecheck.conform.protocols import Tester
from wirecheck.conform.requirements import rules
from wirecheck.decode import Style
from wirecheck.spec import Operation, Parameter, Spec

_MALFORMED = {400, 422}  # statuses that reject malformed values


def tests(spec: Spec, operation: Operation) -> Iterator[tuple[str, str, Any]]:
    if operation.method in READS:
        yield "responses", "responds to requests with known values", partial(_responds, operation=operation)
        for parameter in operation.parameters:
            if not parameter.required:
                test = partial(_accepts, operation=operation, parameter=parameter)
                yield "parameters", f"accepts {parameter.name}", test
    for parameter in operation.parameters:
        test = partial(_enforces_limits, operation=operation, parameter=parameter)
        yield "parameters", f"enforces the limits of {parameter.name}", test
        if parameter.required and parameter.location != "path":
            test = partial(_requires, operation=operation, parameter=parameter)
            yield "parameters", f"requires {parameter.name}", test
        if parameter.schema:
            having = partial(_with_parameter, parameter=parameter)
            yield from rules.tests(spec, operation, parameter.name, parameter.schema, having)


def _responds(session: Tester, operation: Operation) -> None:
    session.test_each(session.requests.cases(operation), session.require_success)


def _accepts(session: Tester, operation: Operation, parameter: Parameter) -> None:
    values = session.requests.known_values(operation, parameter)
    cases = [
        _with_parameter(case, value, parameter)
        for case in session.requests.cases(operation)
        for value in values
    ]
    session.test_each(cases, session.require_success)


def _with_parameter(case: Case, value: Any, parameter: Parameter) -> Case:
    return case.having(parameter.location, parameter.name, value)


def _requires(session: Tester, operation: Operation, parameter: Parameter) -> None:
    if Style.of(parameter).spreads and parameter.schema and session.requests.is_valid(parameter.schema, {}):
        raise InconclusiveError("an object without members is sent as nothing")
    case = session.requests.base(operation).without(parameter.location, parameter.name)
    writes.reject(session, case, f"{parameter.name} is missing")


def _enforces_limits(session: Tester, operation: Operation, parameter: Parameter) -> None:
    """Values beyond the limits are rejected, and those within are accepted, by known cases in turn."""
    if parameter.schema is None:
        return
    document, base = session.spec.document, session.requests.base(operation)
    known = cycle(map(session.requests.with_smallest_page, session.requests.cases(operation)))
    may_be_empty = document.get(parameter.pointer).get("allowEmptyValue") is True
    for value, why in limit_values(document.get(document.follow(parameter.schema))):
        if value == "" and (parameter.location == "path" or may_be_empty):
            continue
        if why:
            writes.reject(session, _with_parameter(base, value, parameter), f"{parameter.name} {why}")
        elif operation.method in READS:
            _check_within_limits(session, next(known), parameter, value)


def _check_within_limits(session: Tester, known: Case, parameter: Parameter, value: Any) -> None:
    """A value within its limits is not malformed; it may still be unknown or forbidden."""
    observation = session.send(_with_parameter(known, value, parameter))
    if parameter.location == "path" or observation.status not in _MALFORMED:
        return
    if session.require_success(known):
        session.record_violation(
            f"{parameter.name} is within its limits, but is rejected: {observation.status}", observation
        )


def limit_values(schema: Any) -> Iterator[tuple[Any, str]]:
    """Values at the limits of a schema, and what is wrong with each, empty for a valid one."""
    if not isinstance(schema, dict):
        return
    kind = schema.get("type")
    if kind in ("integer", "number", "boolean"):
        yield "", "is empty"
        yield "x", f"is not {'an' if kind == 'integer' else 'a'} {kind}"
    if kind in ("integer", "number"):
        yield from _numbers(schema)
    if kind == "integer":
        yield "1.5", "is not an integer"
        yield "1_0", "is not an integer"
    elif kind == "boolean":
        yield True, ""
        yield False, ""
    elif kind == "string" and "enum" in schema:
        for value in schema["enum"]:
            yield value, ""
        yield "x-unknown", "is not one of its values"
    elif kind == "string":
        if schema.get("minLength", 0) > 0:
            yield "", "is empty"
        if "maxLength" in schema:
            yield "9" * (schema["maxLength"] + 1), "is too long"


def _numbers(schema: dict[str, Any]) -> Iterator[tuple[Any, str]]:
    """Numbers at their limits, one further inside, and one further outside."""
    least, most = schema.get("minimum", -inf), schema.get("maximum", inf)
    for word, inwards, problem in (
        ("minimum", 1, "is below its minimum"),
        ("maximum", -1, "is above its maximum"),
    ):
        if word in schema:
            limit = schema[word]
            yield limit, ""
            if least <= limit + inwards <= most:
                yield limit + inwards, ""
            yield limit - inwards, problem
    if least > 0:
        yield -1 - least, "is negative"
