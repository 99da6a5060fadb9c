"""Parameters: known values succeed, optional parameters are accepted, limits are enforced."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import cycle
from typing import Any
from urllib.parse import quote

from wirecheck.conform import probes, writes
from wirecheck.conform.case import READS, Case, InconclusiveError
from wirecheck.conform.places import (
    has_limits,
    in_rounds,
    parameter_place,
    probes_inside,
    probes_outside,
    probes_unusual,
    shapes_response,
)
from wirecheck.conform.probes import Survey
from wirecheck.conform.protocols import Tester
from wirecheck.conform.requirements import rules
from wirecheck.conform.requirements.declared_limits import is_described, limit_values
from wirecheck.decode import style_of
from wirecheck.spec import Operation, Parameter, Spec

_MALFORMED = {400, 422}  # statuses that reject malformed values
_ALONE = 6  # parameters that are sent empty, one after the other
_LONG_QUERY = 6000  # characters


def tests(spec: Spec, operation: Operation) -> Iterator[tuple[str, str, Any]]:
    is_read, is_plain = operation.method in READS, not is_described(spec, operation)
    if is_read:
        yield "responses", "responds to requests with known values", partial(_responds, operation=operation)
        for parameter in operation.parameters:
            if not parameter.required:
                test = partial(_accepts, operation=operation, parameter=parameter)
                yield "parameters", f"accepts {parameter.name}", test
    for parameter in operation.parameters:
        if not is_plain or has_limits(spec, operation, parameter):
            enforces = _enforces_effective_limits if is_plain else _enforces_limits
            test = partial(enforces, operation=operation, parameter=parameter)
            yield "parameters", f"enforces the limits of {parameter.name}", test
        if parameter.required and parameter.location != "path":
            test = partial(_requires, operation=operation, parameter=parameter)
            yield "parameters", f"requires {parameter.name}", test
        if parameter.schema:
            having = partial(_with_parameter, parameter=parameter)
            yield from rules.tests(spec, operation, parameter.name, parameter.schema, having)
    if is_plain and operation.method == "GET" and not all(map(shapes_response, operation.parameters)):
        test = partial(_survives_unusual_values, operation=operation)
        yield "parameters", "does not fail on unusual values of parameters", test
    if is_plain and operation.method == "GET" and _in_query(operation):
        test = partial(_survives_queries, operation=operation)
        yield "parameters", "does not fail on unusual queries", test


def _in_query(operation: Operation) -> list[Parameter]:
    return [parameter for parameter in operation.parameters if parameter.location == "query"]


def _responds(session: Tester, operation: Operation) -> None:
    session.test_each(session.requests.cases(operation), session.require_success)


def _accepts(session: Tester, operation: Operation, parameter: Parameter) -> None:
    values = [value for value in session.requests.values.of(operation, parameter) if value is not None]
    if not values and not is_described(session.spec, operation):
        _survives_guesses(session, operation, parameter)
        return
    values = session.requests.known_values(operation, parameter)
    cases = [
        _with_parameter(case, value, parameter)
        for case in session.requests.cases(operation)
        for value in values
        if value is not None
    ]
    session.test_each(cases, session.require_success)


def _survives_guesses(session: Tester, operation: Operation, parameter: Parameter) -> None:
    """A rejection of a mere guess says nothing; a failure is a violation."""
    accepted, reason = False, f"no value of {parameter.name} is known: give an example, or --values"
    for value in session.requests.guesses(parameter):
        if value is None:
            continue
        case = _with_parameter(session.requests.base(operation), value, parameter)
        observation = probes.send(session, case)
        accepted = accepted or observation.accepted
        if probes.failed(observation):
            probes.record_failure(
                session, f"{parameter.name} is {value!r}", observation, f"#{parameter.pointer}"
            )
            return
    if not accepted:
        raise InconclusiveError(reason)


def _with_parameter(case: Case, value: Any, parameter: Parameter) -> Case:
    return case.having(parameter.location, parameter.name, value)


def _requires(session: Tester, operation: Operation, parameter: Parameter) -> None:
    if style_of(parameter).spreads and parameter.schema and session.requests.is_valid(parameter.schema, {}):
        raise InconclusiveError("an object without members is sent as nothing")
    case = session.requests.base(operation).without(parameter.location, parameter.name)
    writes.reject(session, case, f"{parameter.name} is missing")


def _enforces_effective_limits(session: Tester, operation: Operation, parameter: Parameter) -> None:
    """Values beyond the limits are rejected; those within are accepted, or at least do no harm."""
    place = parameter_place(session, parameter)
    if place is None:
        return
    base = partial(session.requests.base, operation)
    beyond = probes_outside(session, operation, place)
    if beyond:
        probes.require_writable(session, operation)
        probes.require_all_rejected(session, base, beyond)
    if operation.method == "GET" and not shapes_response(parameter):
        survey = Survey(session, operation, base)
        for probe in probes_inside(session, place, 0):
            survey.send([probe])


def _survives_unusual_values(session: Tester, operation: Operation) -> None:
    """Unusual values are accepted or rejected, several in one request as long as they are accepted."""
    parameters = [parameter for parameter in operation.parameters if not shapes_response(parameter)]
    places = [place for parameter in parameters if (place := parameter_place(session, parameter))]
    survey = Survey(session, operation, partial(session.requests.base, operation))
    for together in in_rounds([probes_unusual(session, place) for place in places]):
        survey.send(together)


def _survives_queries(session: Tester, operation: Operation) -> None:
    """Parameters that are unknown, sent twice, empty or long may be rejected."""
    base = session.requests.base(operation)
    queries = {
        "an unknown parameter": "wirecheck_unknown=1",
        "an unfinished escape": "wirecheck=%",
        "bytes that are not UTF-8": "wirecheck=%ff%fe",
        "a long value": f"wirecheck={'x' * _LONG_QUERY}",
    }
    for parameter in _in_query(operation)[:_ALONE]:
        name, place = quote(parameter.name), ("query", parameter.name)
        queries[f"an empty {parameter.name}"] = f"{name}="
        value = base.parameters.get(place) or next(iter(session.requests.guesses(parameter)), None)
        if isinstance(value, str | int | float):
            text = quote(str(value).lower() if isinstance(value, bool) else str(value))
            queries[f"{parameter.name} twice"] = f"{name}={text}&{name}={text}"
    for what, query in queries.items():
        observation = probes.send_unjudged(session, _with_query(session, base, query))
        if probes.failed(observation):
            probes.record_failure(session, f"the query has {what}", observation)


def _with_query(session: Tester, base: Case, query: str) -> Case:
    """The case with more in its query, as it stands."""
    name = query.partition("=")[0]
    bare = base.without("query", name)
    address = str(session.target.request(bare).url)

    return replace(bare, address=f"{address}{'&' if '?' in address else '?'}{query}")


def _enforces_limits(session: Tester, operation: Operation, parameter: Parameter) -> None:
    """Values beyond the limits are rejected, and those within are accepted, by known cases in turn."""
    if parameter.schema is None:
        return
    document, base = session.spec.document, session.requests.base(operation)
    known = cycle(map(session.requests.with_smallest_page, session.requests.cases(operation)))
    may_be_empty = document.get(parameter.pointer).get("allowEmptyValue") is True
    for value, why in limit_values(document, parameter.schema):
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
