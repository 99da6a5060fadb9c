"""Rate limits: the remaining requests that responses state in a header."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice, pairwise
from typing import Any

from wirecheck.conform import writes
from wirecheck.conform.case import READS, Case, InconclusiveError
from wirecheck.conform.encoding import carrying
from wirecheck.conform.observation import REMAINING, Observation
from wirecheck.conform.protocols import Tester
from wirecheck.conform.requirements.declared_limits import limit_values
from wirecheck.spec import Operation, Parameter, Spec

_ATTEMPTS = 2  # as the window slides, requests of an hour ago may be credited during one


@dataclass(frozen=True, slots=True)
class Reading:
    """The headers of a response; ``sent`` counts the requests of the session until then."""

    observation: Observation
    sent: int
    remaining: int
    limit: int | None

    def problem(self, before: "Reading", least: int) -> str:
        """What is wrong if at least ``least`` requests since ``before`` must be counted; empty if nothing."""
        if self.limit is not None and self.limit != before.limit:
            return f"the limit changes from {before.limit} to {self.limit}"
        if self.limit is not None and self.remaining + (least > 0) > self.limit:
            return f"{self.remaining} of {self.limit} requests remain after a request"
        if before.remaining - self.remaining < least and self.remaining:
            how = f"decrease by less than {least}" if least else "increase"
            return f"the remaining requests {how}, from {before.remaining} to {self.remaining}"
        return ""


def tests(spec: Spec, operation: Operation) -> Iterator[tuple[str, str, Any]]:
    header = _remaining_header(operation)
    if header is None:
        return
    if not spec.document.get(header.pointer).get("x-counts-all"):
        if operation.method in READS:
            test = partial(_never_increases, operation=operation)
            yield "rate-limits", "never increases the remaining requests", test
        return
    sharing = _sharing(spec, operation)
    if any(other.method in READS for other in sharing):
        test = partial(_counts_everything, operation=operation, sharing=sharing)
        yield "rate-limits", "counts every request", test


def _never_increases(session: Tester, operation: Operation) -> None:
    """Tests requests that directly follow each other."""
    case = session.requests.with_smallest_page(session.requests.base(operation))

    def observations() -> Iterator[Observation]:
        return (session.require_success(case) for _ in range(4))

    _check(session, [operation], observations, counted=False)


def _counts_everything(session: Tester, operation: Operation, sharing: Sequence[Operation]) -> None:
    """Tests accepted and rejected requests, as counted by any operation that shares the budget."""
    base, meter = (
        session.requests.with_smallest_page(session.requests.base(operation)),
        _meter(session, sharing),
    )
    invalid = list(_invalid(session, base))

    def measured() -> Observation:
        return session.observation(meter, session.target.send(meter))  # it is judged elsewhere

    def observations() -> Iterator[Observation]:
        yield measured()
        if operation.method in READS:
            yield session.require_success(base)
            yield from (session.require_rejection(case, why) for case, why in invalid)
        else:
            if invalid:
                writes.reject_all(session, invalid)
            for case in islice(writes.undoable(session, operation), 1):
                writes.authorize(session, case)
        yield measured()

    _check(session, sharing, observations, counted=True)


def _check(
    session: Tester,
    sharing: Sequence[Operation],
    observations: Callable[[], Iterator[Observation]],
    counted: bool,
) -> None:
    """Records what is wrong with the readings of the observations, if it is wrong in every attempt."""
    for attempt in range(_ATTEMPTS):
        readings = [_reading(session, observation, sharing) for observation in observations()]
        for before, after in pairwise(filter(None, readings)):
            problem = after.problem(before, after.sent - before.sent if counted else 0)
            if problem and attempt == _ATTEMPTS - 1:
                session.record_violation(problem, after.observation)
            if problem:
                break
        else:
            return


def _reading(session: Tester, observation: Observation, sharing: Sequence[Operation]) -> Reading | None:
    """The reading of a response, None where it has no readable header."""
    remaining, limit = observation.budget
    if remaining is None:
        return None
    sent = sum(session.target.sent[operation.name] for operation in sharing)
    return Reading(observation, sent, remaining, limit)


def _remaining_header(operation: Operation) -> Parameter | None:
    """The response header that states how many requests remain."""
    headers = (header for response in operation.responses for header in response.headers)
    return next((header for header in headers if REMAINING.fullmatch(header.name)), None)


def _sharing(spec: Spec, operation: Operation) -> list[Operation]:
    """The operations that share a budget (the same header and credentials), the given one last."""
    header, carriers = _remaining_header(operation), _carriers(operation)
    sharing = [
        other
        for other in spec.operations
        if _remaining_header(other) == header and _carriers(other) == carriers
    ]
    return sorted(sharing, key=lambda other: other == operation)


def _carriers(operation: Operation) -> set[tuple[Any, ...]]:
    return set(map(tuple, carrying(operation)))


def _meter(session: Tester, sharing: Sequence[Operation]) -> Case:
    """A read that shows the budget. Raises InconclusiveError if none is known."""
    for operation in sharing:
        with suppress(InconclusiveError):
            if operation.method in READS:
                return session.requests.with_smallest_page(session.requests.base(operation))
    raise InconclusiveError("no read that shows the rate limit is known")


def _invalid(session: Tester, base: Case) -> Iterator[tuple[Case, str]]:
    """One invalid case, and why it must be rejected, if any parameter has limits."""
    for parameter in base.operation.parameters:
        for value, why in limit_values(session.spec.document, parameter.schema) if parameter.schema else ():
            if why and value != "":
                yield base.having(parameter.location, parameter.name, value), f"{parameter.name} {why}"
                return
