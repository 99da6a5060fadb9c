"""Every documented status is answered."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from wirecheck.conform import writing
from wirecheck.conform.ask import READS, Ask
from wirecheck.conform.lab import Lab, UntestableError
from wirecheck.conform.seen import Seen
from wirecheck.spec import Operation, Spec

_IN_VAIN = 3  # requests; as the window slides, one of an hour ago may come back


def tests(spec: Spec, operation: Operation) -> Iterator[tuple[str, str, Any]]:
    for status in operation.statuses:
        test = partial(_shows, operation=operation, status=status)
        yield "statuses", f"answers {status} as documented", test


def _shows(lab: Lab, operation: Operation, status: str) -> None:
    """Every documented status has been seen, and so been judged; if not, it is provoked."""
    if lab.has_seen(operation, status):
        return
    how = lab.values.provoking(operation, status)
    if how is None:
        raise UntestableError("nobody said how to provoke it (--values)")
    ask = _asked(lab, operation, how)
    repeat = 1 if how in lab.vain else how.get("repeat", 1)
    if repeat > 1 and (read := _read(lab, operation, status, how)):  # what it is to spend, reads spend best
        remaining, _ = read.budget
        if remaining is not None and remaining > repeat:
            lab.vain.append(how)
            raise UntestableError(f"it could not be provoked: {remaining} requests remain")
        _spend(lab, read.ask, status, repeat - 1)
        repeat = 1
    for _ in range(repeat):
        writing.tried(lab, ask)
        if lab.has_seen(operation, status):
            return
    lab.vain.append(how)
    raise UntestableError("it could not be provoked")


def _asked(lab: Lab, operation: Operation, how: Mapping[str, Any]) -> Ask:
    """A request that is to provoke a status."""
    ask = lab.base(operation)
    for parameter in operation.parameters:
        if parameter.name in how:
            ask = ask.having(parameter.location, parameter.name, how[parameter.name])
    if isinstance(ask.body, dict):
        ask = replace(ask, body={name: how.get(name, value) for name, value in ask.body.items()})
    given = lab.as_token(str(how["token"])) if "token" in how else {}
    given |= {name: str(how[name]) for name in {one.name for one in operation.schemes} & how.keys()}
    return replace(ask, credentials={**lab.target.credentials, **given})


def _read(lab: Lab, operation: Operation, status: str, how: Mapping[str, Any]) -> Seen | None:
    """The shortest answer to reads with the same credentials that the same makes answer so.

    Once one does, there is nothing left to spend, and any will do.
    """
    found: list[Seen] = []
    for one in lab.spec.operations:
        if (
            one.method in READS
            and one.schemes == operation.schemes
            and status in one.statuses
            and lab.values.provoking(one, status) == how
        ):
            with suppress(UntestableError):
                ask = _asked(lab, one, how)
                found.append(lab.seen(ask, lab.target.send(ask)))
                if _has(ask, found[-1].status, status):
                    return found[-1]
    return min(found, key=lambda seen: len(seen.exchange.response_body or b""), default=None)


def _spend(lab: Lab, ask: Ask, status: str, most: int) -> None:
    """Sends requests until the status is answered, or until they are let in though nothing remains."""
    in_vain = 0
    for _ in range(most):
        seen = lab.seen(ask, lab.target.send(ask))
        remaining, _ = seen.budget
        in_vain += remaining == 0 and seen.accepted
        if _has(ask, seen.status, status) or in_vain == _IN_VAIN:
            return


def _has(ask: Ask, answered: int, status: str) -> bool:
    response = ask.operation.response(answered)
    return response is not None and response.status == status
