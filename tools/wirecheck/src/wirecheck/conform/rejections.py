"""Rejections of requests for their credentials: by a status of that meaning, and without effect."""

from collections.abc import Callable, Collection, Sequence

from wirecheck.conform.case import GONE, OF_ACCESS, READ_ONLY, READS, Case, InconclusiveError
from wirecheck.conform.ledger import keys_of
from wirecheck.conform.observation import Observation
from wirecheck.conform.protocols import Tester
from wirecheck.resources import Resource, item_of
from wirecheck.spec import Operation

Variants = Callable[[Case], Sequence[tuple[Case, str]]]
"""Gives wrong cases for a right one, each with what is wrong with it."""


def reject_derived(
    session: Tester, operation: Operation, variants: Variants, names: Collection[str] = ()
) -> None:
    """Requires that the variants of a request are rejected before anything else, and without effect.

    They are sent before the right request, to what is there: the 404 for what is gone says nothing about
    access. ``names`` are the error types, one of which a rejection must have. Raises InconclusiveError where
    a rejection may have other reasons.
    """
    if operation.method in READS:
        session.require_control(operation)
        base = session.requests.base(operation)
        _require_meaning(session, base, _rejected(session, variants(base), names))
        return
    if session.read_only:
        raise InconclusiveError(READ_ONLY)
    try:
        _reject_write(session, operation, variants, names)
    except InconclusiveError:
        if session.requests.base(operation).body is None:
            raise
        # Another body may be accepted.
        session.things.attempt(operation, session.things.path_values(operation))
        _reject_write(session, operation, variants, names)


def require_documented_rejection(session: Tester, operation: Operation, why: str) -> None:
    """Requires that a read is rejected, where no credentials are known with which it would be accepted.

    Raises InconclusiveError for a status that the operation does not document, as its reason is unknown.
    """
    observation = session.send(session.requests.base(operation))
    if observation.status == 429:
        raise InconclusiveError(observation.rate_limited)
    if problem := _problem(observation, ()):
        session.record_violation(f"{why}, but {problem}", observation)
    elif observation.status not in OF_ACCESS and operation.response(observation.status) is None:
        raise InconclusiveError(f"the request is rejected ({observation.status}), which has unknown reasons")


def _reject_write(session: Tester, operation: Operation, variants: Variants, names: Collection[str]) -> None:
    base = session.requests.base(operation)
    before = _read(session, base)
    rejections = _rejected(session, variants(base), names)
    after = _read(session, base)
    if rejections and before and after and _has_changed(session, base, before, after):
        session.record_violation("the request is rejected, but it has an effect", rejections[-1])
    _require_meaning(session, base, rejections)


def _rejected(
    session: Tester, cases: Sequence[tuple[Case, str]], names: Collection[str]
) -> list[Observation]:
    """The rejections of cases. What is none is a violation, after which no more writes are sent."""
    rejections = []
    for case, why in cases:
        observation = session.send(case)
        if observation.status == 429:
            raise InconclusiveError(observation.rate_limited)
        if problem := _problem(observation, names):
            session.record_violation(f"{why}, but {problem}", observation)
        if 400 <= observation.status < 500:
            rejections.append(observation)
        elif case.operation.method not in READS:
            return []
    return rejections


def _problem(observation: Observation, names: Collection[str]) -> str:
    """Why a response is not the rejection that is required; empty if it is."""
    status = observation.status
    if 200 <= status < 300:
        return f"the request is accepted: {status}"
    if status >= 500:
        return f"the server fails instead of rejecting the request: {status}"
    if names and observation.error_type not in {None, *names} and not observation.is_retired:
        return f"the error type is {observation.error_type}, not {' or '.join(sorted(names))}"
    return ""


def _require_meaning(session: Tester, base: Case, rejections: Sequence[Observation]) -> None:
    """Raises InconclusiveError where the rejections may have other reasons than the credentials."""
    statuses = {rejection.status for rejection in rejections}
    is_write = base.operation.method not in READS
    if not statuses or (statuses <= OF_ACCESS and not is_write):
        return
    status = session.send(base).status
    if 200 <= status < 300 or (statuses <= OF_ACCESS and status not in {*OF_ACCESS, 429}):
        return
    listed = ", ".join(map(str, sorted(statuses)))
    raise InconclusiveError(
        f"the request is rejected ({listed}), but with the right credentials it is, too ({status})"
    )


def _read(session: Tester, case: Case) -> Observation | None:
    """The item to which a write is sent, None where it cannot be read."""
    resource = _resource(session, case)
    if resource is None or resource.read is None:
        return None
    return session.send(session.things.case(resource.read, keys_of(case)))


def _resource(session: Tester, case: Case) -> Resource | None:
    """The resource to an item of which a write is sent."""
    found = (each for each in session.things.resources.values() if each.item == case.operation.template)
    return next(found, None)


def _has_changed(session: Tester, base: Case, before: Observation, after: Observation) -> bool:
    """Whether an item is gone, or has taken over a member of the body, as a write would do."""
    if 200 <= before.status < 300 and after.status in GONE:
        return True
    resource = _resource(session, base)
    path = resource.thing if resource else ()
    sent, earlier, later = base.body, item_of(before.body, path), item_of(after.body, path)
    if not all(isinstance(value, dict) for value in (sent, earlier, later)):
        return False
    return any(name in later and earlier.get(name) != later[name] == value for name, value in sent.items())
