"""What answers tell of the limit of requests."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice, pairwise
from typing import Any

from wirecheck.conform import writing
from wirecheck.conform.case import READS, Case
from wirecheck.conform.encode import carrying
from wirecheck.conform.observation import REMAINING, Observation
from wirecheck.conform.requirements.parameters import edges
from wirecheck.conform.session import InconclusiveError, Session
from wirecheck.spec import Operation, Parameter, Spec

_ATTEMPTS = 2  # as the window slides, requests of an hour ago may come back during one


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer tells; ``sent`` counts the requests of the run until then."""

    observation: Observation
    sent: int
    remaining: int
    limit: int | None

    def trouble(self, before: "Reading", least: int) -> str:
        """What is wrong after another one, from which it must fall by as much; empty if nothing."""
        if self.limit is not None and self.limit != before.limit:
            return f"the limit is {before.limit}, then {self.limit}"
        if self.limit is not None and self.remaining + (least > 0) > self.limit:
            return f"of {self.limit} requests there remain {self.remaining}"
        fell = before.remaining - self.remaining
        if fell < least and self.remaining:
            how = f"falls by less than {least}" if least else "grows"
            return f"what remains {how}, from {before.remaining} to {self.remaining}"
        return ""


def tests(spec: Spec, operation: Operation) -> Iterator[tuple[str, str, Any]]:
    header = _remaining(operation)
    if header is None:
        return
    if not spec.document.get(header.pointer).get("x-counts-all"):
        if operation.method in READS:
            yield "limits", "never lets what remains grow", partial(_never_grows, operation=operation)
        return
    spenders = _spenders(spec, operation)
    if any(one.method in READS for one in spenders):
        test = partial(_counts, operation=operation, spenders=spenders)
        yield "limits", "counts every request", test


def _never_grows(session: Session, operation: Operation) -> None:
    """Of requests that follow at once on each other."""
    case = session.light(session.base(operation))
    _tell(session, [operation], lambda: (session.accepted(case) for _ in range(4)), counted=False)


def _counts(session: Session, operation: Operation, spenders: Sequence[Operation]) -> None:
    """Granted or refused, and whichever operation tells it."""
    base, meter = session.light(session.base(operation)), _meter(session, spenders)
    wrong = list(_wrong(session, base))

    def answers() -> Iterator[Observation]:
        yield session.observation(
            meter, session.target.send(meter)
        )  # what else it is worth is tested elsewhere
        if operation.method in READS:
            yield session.accepted(base)
            yield from (session.refused(case, why) for case, why in wrong)
        else:
            if wrong:
                writing.all_unchanged(session, wrong)
            for case in islice(writing.undoable(session, operation), 1):
                writing.let_in(session, case)
        yield session.observation(meter, session.target.send(meter))

    _tell(session, spenders, answers, counted=True)


def _tell(
    session: Session,
    spenders: Sequence[Operation],
    answers: Callable[[], Iterator[Observation]],
    counted: bool,
) -> None:
    """Tells what is wrong with what the answers tell, where it is so twice."""
    for attempt in range(_ATTEMPTS):
        readings = [_reading(session, observation, spenders) for observation in answers()]
        told = [one for one in readings if one]
        for before, after in pairwise(told):
            trouble = after.trouble(before, after.sent - before.sent if counted else 0)
            if trouble and attempt == _ATTEMPTS - 1:
                session.broken(trouble, after.observation)
            if trouble:
                break
        else:
            return


def _reading(session: Session, observation: Observation, spenders: Sequence[Operation]) -> Reading | None:
    """None where the answer tells nothing that could be read."""
    remaining, limit = observation.budget
    if remaining is None:
        return None
    return Reading(observation, sum(session.target.sent[one.name] for one in spenders), remaining, limit)


def _remaining(operation: Operation) -> Parameter | None:
    """The header in which answers tell how many requests remain."""
    told = (header for response in operation.responses for header in response.headers)
    return next((header for header in told if REMAINING.fullmatch(header.name)), None)


def _spenders(spec: Spec, operation: Operation) -> list[Operation]:
    """What spends of the same budget, by its header and its credentials: the operation itself comes last."""
    header, carriers = _remaining(operation), set(map(tuple, carrying(operation)))
    found = [
        one
        for one in spec.operations
        if _remaining(one) == header and set(map(tuple, carrying(one))) == carriers
    ]
    return sorted(found, key=lambda one: one == operation)


def _meter(session: Session, spenders: Sequence[Operation]) -> Case:
    """A read that tells the budget. Raises UntestableError."""
    for one in spenders:
        with suppress(InconclusiveError):
            if one.method in READS:
                return session.light(session.base(one))
    raise InconclusiveError("no read that tells the limit is known")


def _wrong(session: Session, base: Case) -> Iterator[tuple[Case, str]]:
    """A request to be refused, and why, if there is one."""
    for parameter in base.operation.parameters:
        schema = (
            session.spec.document.get(session.spec.document.follow(parameter.schema))
            if parameter.schema
            else {}
        )
        for value, why in edges(schema):
            if why and value != "":
                yield base.having(parameter.location, parameter.name, value), f"{parameter.name} {why}"
                return
