"""Every documented status is answered."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from wirecheck.conform import writing
from wirecheck.conform.case import READS, Case
from wirecheck.conform.observation import Observation
from wirecheck.conform.session import InconclusiveError, Session
from wirecheck.spec import Operation, Spec

_IN_VAIN = 3  # requests; as the window slides, one of an hour ago may come back


def tests(spec: Spec, operation: Operation) -> Iterator[tuple[str, str, Any]]:
    for status in operation.statuses:
        test = partial(_shows, operation=operation, status=status)
        yield "statuses", f"answers {status} as documented", test


def _shows(session: Session, operation: Operation, status: str) -> None:
    """Every documented status has been seen, and so been judged; if not, it is provoked."""
    if session.has_seen(operation, status):
        return
    how = session.values.provoking(operation, status)
    if how is None:
        raise InconclusiveError("nobody said how to provoke it (--values)")
    case = _asked(session, operation, how)
    repeat = 1 if how in session.vain else how.get("repeat", 1)
    if repeat > 1 and (
        read := _read(session, operation, status, how)
    ):  # what it is to spend, reads spend best
        remaining, _ = read.budget
        if remaining is not None and remaining > repeat:
            session.vain.append(how)
            raise InconclusiveError(f"it could not be provoked: {remaining} requests remain")
        _spend(session, read.case, status, repeat - 1)
        repeat = 1
    for _ in range(repeat):
        writing.tried(session, case)
        if session.has_seen(operation, status):
            return
    session.vain.append(how)
    raise InconclusiveError("it could not be provoked")


def _asked(session: Session, operation: Operation, how: Mapping[str, Any]) -> Case:
    """A request that is to provoke a status."""
    case = session.base(operation)
    for parameter in operation.parameters:
        if parameter.name in how:
            case = case.having(parameter.location, parameter.name, how[parameter.name])
    if isinstance(case.body, dict):
        case = replace(case, body={name: how.get(name, value) for name, value in case.body.items()})
    given = session.as_token(str(how["token"])) if "token" in how else {}
    given |= {name: str(how[name]) for name in {one.name for one in operation.schemes} & how.keys()}
    return replace(case, credentials={**session.target.credentials, **given})


def _read(session: Session, operation: Operation, status: str, how: Mapping[str, Any]) -> Observation | None:
    """The shortest answer to reads with the same credentials that the same makes answer so.

    Once one does, there is nothing left to spend, and any will do.
    """
    found: list[Observation] = []
    for one in session.spec.operations:
        if (
            one.method in READS
            and one.schemes == operation.schemes
            and status in one.statuses
            and session.values.provoking(one, status) == how
        ):
            with suppress(InconclusiveError):
                case = _asked(session, one, how)
                found.append(session.observation(case, session.target.send(case)))
                if _has(case, found[-1].status, status):
                    return found[-1]
    return min(found, key=lambda observation: len(observation.exchange.response_body or b""), default=None)


def _spend(session: Session, case: Case, status: str, most: int) -> None:
    """Sends requests until the status is answered, or until they are let in though nothing remains."""
    in_vain = 0
    for _ in range(most):
        observation = session.observation(case, session.target.send(case))
        remaining, _ = observation.budget
        in_vain += remaining == 0 and observation.accepted
        if _has(case, observation.status, status) or in_vain == _IN_VAIN:
            return


def _has(case: Case, answered: int, status: str) -> bool:
    response = case.operation.response(answered)
    return response is not None and response.status == status
