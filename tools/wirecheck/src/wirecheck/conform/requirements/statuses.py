"""Statuses: each documented status of an operation can be observed."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from wirecheck.conform import writes
from wirecheck.conform.case import READS, Case, InconclusiveError
from wirecheck.conform.observation import Observation
from wirecheck.conform.protocols import Tester
from wirecheck.spec import Operation, Spec

_MAX_OVERDRAFT = 3  # accepted requests with an empty budget; as the window slides, one may be credited


def tests(spec: Spec, operation: Operation) -> Iterator[tuple[str, str, Any]]:
    for status in operation.statuses:
        test = partial(_responds_with, operation=operation, status=status)
        yield "statuses", f"responds with {status} as documented", test


def _responds_with(session: Tester, operation: Operation, status: str) -> None:
    """A status was observed before, and so was judged; if not, it is provoked by its recipe."""
    if session.has_observed(operation, status):
        return
    recipe = session.requests.values.recipe(operation, status)
    if recipe is None:
        raise InconclusiveError("no recipe for this status (add one to --values)")
    case = _case(session, operation, recipe)
    repeat = 1 if recipe in session.failed_recipes else recipe.get("repeat", 1)
    read = _cheapest_read(session, operation, status, recipe) if repeat > 1 else None
    if read:
        remaining, _ = read.budget
        if remaining is not None and remaining > repeat:
            session.failed_recipes.append(recipe)
            raise InconclusiveError(f"it could not be provoked: {remaining} requests remain")
        _spend_budget(session, read.case, status, repeat - 1)
        repeat = 1
    for _ in range(repeat):
        writes.attempt(session, case)
        if session.has_observed(operation, status):
            return
    session.failed_recipes.append(recipe)
    raise InconclusiveError("it could not be provoked")


def _case(session: Tester, operation: Operation, recipe: Mapping[str, Any]) -> Case:
    """The case that is to provoke a status."""
    case = session.requests.base(operation)
    for parameter in operation.parameters:
        if parameter.name in recipe:
            case = case.having(parameter.location, parameter.name, recipe[parameter.name])
    if isinstance(case.body, dict):
        case = replace(case, body={name: recipe.get(name, value) for name, value in case.body.items()})
    credentials = session.token_credentials(str(recipe["token"])) if "token" in recipe else {}
    schemes = {scheme.name for scheme in operation.schemes}
    credentials |= {name: str(recipe[name]) for name in schemes & recipe.keys()}
    return replace(case, credentials={**session.target.credentials, **credentials})


def _cheapest_read(
    session: Tester, operation: Operation, status: str, recipe: Mapping[str, Any]
) -> Observation | None:
    """The shortest response of the reads with the same credentials and the same recipe.

    Once one responds with the status, there is nothing left to spend, and any of them will do.
    """
    observations: list[Observation] = []
    for other in session.spec.operations:
        if (
            other.method in READS
            and other.schemes == operation.schemes
            and status in other.statuses
            and session.requests.values.recipe(other, status) == recipe
        ):
            with suppress(InconclusiveError):
                case = _case(session, other, recipe)
                observations.append(session.observation(case, session.target.send(case)))
                if _is_status(case, observations[-1].status, status):
                    return observations[-1]
    return min(
        observations, key=lambda observation: len(observation.exchange.response_body or b""), default=None
    )


def _spend_budget(session: Tester, case: Case, status: str, most: int) -> None:
    """Sends requests until the status is observed, or they are accepted although no budget remains."""
    overdraft = 0
    for _ in range(most):
        observation = session.observation(case, session.target.send(case))
        remaining, _ = observation.budget
        overdraft += remaining == 0 and observation.accepted
        if _is_status(case, observation.status, status) or overdraft == _MAX_OVERDRAFT:
            return


def _is_status(case: Case, code: int, status: str) -> bool:
    response = case.operation.response(code)
    return response is not None and response.status == status
